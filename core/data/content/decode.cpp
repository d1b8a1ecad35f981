// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/content/decode.h"

#include "core/data/content/fields.h"

#include <brotli/decode.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace cleat::data::content {

namespace {

using End = Decoded::End;
constexpr std::size_t pieceBytes = 64U << 10;
constexpr std::size_t mostEncodings = 4;

/// Takes what a decoder gives, up to the bound.
class Output final
{
public:
    explicit Output(std::size_t mostBytes) : m_most(mostBytes) {}
    /// False: there is no room for all of it.
    bool add(const char *data, std::size_t size)
    {
        const std::size_t taken = std::min(size, m_most - m_bytes.size());
        m_bytes.append(data, taken);
        return taken == size;
    }
    std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes;
    const std::size_t m_most;
};

class Inflater final
{
public:
    /// `windowBits` as inflateInit2() has them.
    explicit Inflater(int windowBits) : m_ready(inflateInit2(&m_stream, windowBits) == Z_OK) {}
    ~Inflater()
    {
        if (m_ready)
            inflateEnd(&m_stream);
    }
    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    /// One member; `used` tells how much of the input it took.
    End run(std::string_view input, std::size_t &used, Output &output)
    {
        std::array<char, pieceBytes> piece; // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
        used = 0;
        if (!m_ready)
            return End::Damaged;
        // zlib counts in 32 bits: more goes in by steps.
        std::size_t given = 0;
        for (;;) {
            if (m_stream.avail_in == 0 && given < input.size()) {
                const std::size_t step = std::min<std::size_t>(input.size() - given, 1U << 30);
                // NOLINTNEXTLINE: zlib's interface is not const
                m_stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(input.data() + given));
                m_stream.avail_in = static_cast<uInt>(step);
                given += step;
            }
            m_stream.next_out = reinterpret_cast<Bytef *>(piece.data());
            m_stream.avail_out = static_cast<uInt>(piece.size());
            const int code = inflate(&m_stream, Z_NO_FLUSH);
            used = given - m_stream.avail_in;
            if (!output.add(piece.data(), piece.size() - m_stream.avail_out))
                return End::TooLarge;
            if (code == Z_STREAM_END)
                return End::Whole;
            if (code != Z_OK && code != Z_BUF_ERROR)
                return End::Damaged;
            if (code == Z_BUF_ERROR && m_stream.avail_in == 0 && given == input.size())
                return End::CutOff;
        }
    }

private:
    z_stream m_stream{};
    const bool m_ready;
};

constexpr int zlibWrapping = 15;
constexpr int gzipWrapping = 15 + 16;
constexpr int noWrapping = -15;

Decoded gunzip(std::string_view input, std::size_t mostBytes)
{
    Output output(mostBytes);
    Decoded result;
    // A file of several members is all of them in a row (RFC 1952, 2.2); zeroes behind the last one are padding.
    for (std::size_t members = 0; result.at < input.size(); ++members) {
        const std::string_view rest = input.substr(result.at);
        if (members > 0 && std::ranges::all_of(rest, [](char c) { return c == 0; })) {
            result.at = input.size();
            break;
        }
        std::size_t used = 0;
        result.end = Inflater(gzipWrapping).run(rest, used, output);
        result.at += used;
        if (result.end != End::Whole)
            break;
    }
    result.bytes = output.take();
    return result;
}

Decoded inflated(std::string_view input, std::size_t mostBytes)
{
    // "deflate" means zlib's format, and some servers send it without (RFC 9110, 8.4.1.2). The first two bytes tell.
    const bool wrapped = input.size() >= 2 && (static_cast<unsigned char>(input[0]) & 0x0f) == Z_DEFLATED
        && (static_cast<unsigned char>(input[0]) * 256 + static_cast<unsigned char>(input[1])) % 31 == 0;
    Output output(mostBytes);
    Decoded result;
    result.end = Inflater(wrapped ? zlibWrapping : noWrapping).run(input, result.at, output);
    if (result.end == End::Whole && result.at < input.size())
        result.end = End::Damaged;
    result.bytes = output.take();
    return result;
}

Decoded unbrotlied(std::string_view input, std::size_t mostBytes)
{
    Decoded result;
    const std::unique_ptr<BrotliDecoderState, decltype(&BrotliDecoderDestroyInstance)> state(
        BrotliDecoderCreateInstance(nullptr, nullptr, nullptr), &BrotliDecoderDestroyInstance);
    if (!state) {
        result.end = End::Damaged;
        return result;
    }
    Output output(mostBytes);
    std::size_t left = input.size();
    const auto *next = reinterpret_cast<const std::uint8_t *>(input.data());
    for (;;) {
        std::size_t noRoom = 0;
        const BrotliDecoderResult code = BrotliDecoderDecompressStream(state.get(), &left, &next, &noRoom, nullptr, nullptr);
        result.at = input.size() - left;
        bool room = true;
        while (room && BrotliDecoderHasMoreOutput(state.get())) {
            std::size_t size = pieceBytes;
            const std::uint8_t *data = BrotliDecoderTakeOutput(state.get(), &size);
            room = output.add(reinterpret_cast<const char *>(data), size);
        }
        if (!room) {
            result.end = End::TooLarge;
            break;
        }
        if (code == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
            continue;
        result.end = code == BROTLI_DECODER_RESULT_SUCCESS ? (left == 0 ? End::Whole : End::Damaged)
            : code == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT ? End::CutOff
                                                             : End::Damaged;
        break;
    }
    result.bytes = output.take();
    return result;
}

std::vector<std::string> encodingsOf(std::string_view field)
{
    std::vector<std::string> names;
    while (!field.empty()) {
        const std::size_t comma = std::min(field.find(','), field.size());
        std::string name = lowered(trimmed(field.substr(0, comma)));
        if (name.starts_with("x-"))
            name.erase(0, 2);
        if (!name.empty() && name != "identity")
            names.push_back(std::move(name));
        field.remove_prefix(std::min(comma + 1, field.size()));
    }
    return names;
}

} // namespace

Decoded decode(std::string_view contentEncoding, std::string_view bytes, std::size_t mostBytes)
{
    const std::vector<std::string> names = encodingsOf(contentEncoding);
    Decoded result{.bytes = std::string(bytes), .end = End::Whole, .at = bytes.size(), .encoding = {}};
    if (bytes.empty())
        return result; // nothing, in any encoding: a HEAD's answer, a 304
    if (names.size() > mostEncodings)
        return {.bytes = std::string(bytes), .end = End::Unknown, .at = 0, .encoding = std::string(trimmed(contentEncoding))};
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        if (*name != "gzip" && *name != "deflate" && *name != "br") {
            result.end = End::Unknown;
            result.at = 0;
            result.encoding = *name;
            return result;
        }
        // What an inner encoding may take is bounded as well as what comes out.
        Decoded step = *name == "gzip" ? gunzip(result.bytes, mostBytes) : *name == "br" ? unbrotlied(result.bytes, mostBytes) : inflated(result.bytes, mostBytes);
        // What was cut off before is cut off still, however well this one ends.
        if (result.end != End::Whole && (step.end == End::Whole || step.end == End::CutOff)) {
            step.end = result.end;
            step.at = result.at;
            step.encoding = result.encoding;
        } else if (step.end != End::Whole) {
            step.encoding = *name;
        }
        result = std::move(step);
        if (result.end == End::Damaged)
            break;
    }
    return result;
}

} // namespace cleat::data::content
