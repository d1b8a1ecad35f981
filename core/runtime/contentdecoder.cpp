// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/contentdecoder.h"

#include <brotli/decode.h>
#include <zlib.h>

#include <array>
#include <cctype>

namespace cleat::runtime {

namespace {

class GzipDecoder final : public ContentDecoder
{
public:
    GzipDecoder() { m_ready = inflateInit2(&m_stream, 16 + MAX_WBITS) == Z_OK; }
    ~GzipDecoder() override
    {
        if (m_ready)
            inflateEnd(&m_stream);
    }
    GzipDecoder(const GzipDecoder &) = delete;
    GzipDecoder &operator=(const GzipDecoder &) = delete;

    base::Result<std::string> decode(std::string_view bytes) override
    {
        if (!m_ready)
            return base::fail("fetch.encoding", "There is no memory for the decompression of the response's body.");
        std::string decoded;
        std::array<char, 32768> room;
        m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
        m_stream.avail_in = static_cast<uInt>(bytes.size());
        while (m_stream.avail_in > 0) {
            if (m_ended) {
                // Another member may follow the first (RFC 1952, section 2.2); anything else is dropped.
                if (*m_stream.next_in != 0x1f || inflateReset(&m_stream) != Z_OK)
                    break;
                m_ended = false;
            }
            int code = Z_OK;
            do {
                m_stream.next_out = reinterpret_cast<Bytef *>(room.data());
                m_stream.avail_out = static_cast<uInt>(room.size());
                code = inflate(&m_stream, Z_NO_FLUSH);
                decoded.append(room.data(), room.size() - m_stream.avail_out);
            } while (code == Z_OK && m_stream.avail_out == 0);
            if (code == Z_STREAM_END)
                m_ended = true;
            else if (code != Z_OK && code != Z_BUF_ERROR)
                return base::fail("fetch.encoding", "Gzip decompression failed.");
            else if (m_stream.avail_in > 0 && code == Z_BUF_ERROR)
                break;
        }
        m_any = m_any || !bytes.empty();
        return decoded;
    }

    bool isComplete() const override { return m_ended || !m_any; }

private:
    z_stream m_stream{};
    bool m_ready = false;
    bool m_ended = false;
    bool m_any = false;
};

class BrotliDecoder final : public ContentDecoder
{
public:
    base::Result<std::string> decode(std::string_view bytes) override
    {
        if (!m_state)
            return base::fail("fetch.encoding", "There is no memory for the decompression of the response's body.");
        std::string decoded;
        std::size_t left = bytes.size();
        const auto *next = reinterpret_cast<const std::uint8_t *>(bytes.data());
        m_any = m_any || left > 0;
        while (!BrotliDecoderIsFinished(m_state.get())) {
            std::size_t none = 0;
            const BrotliDecoderResult code = BrotliDecoderDecompressStream(m_state.get(), &left, &next, &none, nullptr, nullptr);
            std::size_t size = 0;
            while (const std::uint8_t *data = BrotliDecoderTakeOutput(m_state.get(), &size)) {
                if (size == 0)
                    break;
                decoded.append(reinterpret_cast<const char *>(data), size);
                size = 0;
            }
            if (code == BROTLI_DECODER_RESULT_ERROR)
                return base::fail("fetch.encoding", "Brotli decompression failed.");
            if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
                break;
        }
        return decoded;
    }

    bool isComplete() const override { return !m_any || (m_state && BrotliDecoderIsFinished(m_state.get())); }

private:
    std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> m_state{
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance};
    bool m_any = false;
};

} // namespace

std::unique_ptr<ContentDecoder> ContentDecoder::create(std::string_view coding)
{
    std::string name;
    for (const char c : coding) {
        if (c != ' ' && c != '\t')
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    if (name == "gzip")
        return std::make_unique<GzipDecoder>();
    if (name == "br")
        return std::make_unique<BrotliDecoder>();
    return nullptr;
}

} // namespace cleat::runtime
