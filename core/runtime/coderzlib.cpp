// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/coder.h"

#define ZLIB_CONST
#include <zlib.h>

#include <algorithm>
#include <climits>

namespace cleat::runtime {

namespace {

constexpr std::size_t step = 65536;

class Zlib final : public Coder
{
public:
    enum class Way : unsigned char { Deflate, Inflate };

    Zlib(Way way, const ZlibOptions &options) : m_way(way), m_options(options) {}
    ~Zlib() override
    {
        if (!m_open)
            return;
        if (m_way == Way::Deflate)
            deflateEnd(&m_stream);
        else
            inflateEnd(&m_stream);
    }

    int open()
    {
        const int status = m_way == Way::Deflate ? deflateInit2(&m_stream, m_options.level, Z_DEFLATED, m_options.windowBits, m_options.memLevel, m_options.strategy)
                                                 : inflateInit2(&m_stream, m_options.windowBits);
        m_open = status == Z_OK;
        return m_open ? giveDictionary() : status;
    }

    Outcome run(std::string_view input, int flush, std::size_t limit) override
    {
        Outcome outcome;
        m_stream.next_in = reinterpret_cast<const Bytef *>(input.data());
        m_stream.avail_in = static_cast<uInt>(std::min<std::size_t>(input.size(), UINT_MAX));
        for (;;) {
            const std::size_t before = outcome.output.size();
            const std::size_t room = std::min(step, limit - before);
            outcome.output.resize(before + room);
            m_stream.next_out = reinterpret_cast<Bytef *>(outcome.output.data() + before);
            m_stream.avail_out = static_cast<uInt>(room);
            outcome.status = m_way == Way::Deflate ? deflate(&m_stream, flush) : inflate(&m_stream, flush);
            outcome.output.resize(before + room - m_stream.avail_out);
            if (outcome.status == Z_NEED_DICT && !m_options.dictionary.empty() && m_way == Way::Inflate) {
                outcome.status = inflateSetDictionary(&m_stream, reinterpret_cast<const Bytef *>(m_options.dictionary.data()), static_cast<uInt>(m_options.dictionary.size()));
                if (outcome.status == Z_OK)
                    continue;
            }
            if (outcome.status != Z_OK || m_stream.avail_out > 0)
                break;
            if (outcome.output.size() >= limit) {
                outcome.full = true;
                break;
            }
        }
        // No progress is no failure: there was nothing to do.
        if (outcome.status == Z_BUF_ERROR && flush != Z_FINISH)
            outcome.status = Z_OK;
        outcome.consumed = static_cast<std::size_t>(m_stream.next_in - reinterpret_cast<const Bytef *>(input.data()));
        m_stream.next_in = nullptr;
        m_stream.avail_in = 0;
        return outcome;
    }

    int reset() override
    {
        const int status = m_way == Way::Deflate ? deflateReset(&m_stream) : inflateReset(&m_stream);
        return status == Z_OK ? giveDictionary() : status;
    }

    int params(int level, int strategy) override
    {
        if (m_way != Way::Deflate)
            return Z_STREAM_ERROR;
        Bytef nothing = 0;
        m_stream.next_out = &nothing;
        m_stream.avail_out = 0;
        const int status = deflateParams(&m_stream, level, strategy);
        return status == Z_BUF_ERROR ? Z_OK : status;
    }

    std::string message() const override { return m_stream.msg ? m_stream.msg : ""; }
    std::size_t weight() const override { return m_way == Way::Deflate ? 268'000 : 48'000; }

private:
    int giveDictionary()
    {
        if (m_options.dictionary.empty())
            return Z_OK;
        const auto *data = reinterpret_cast<const Bytef *>(m_options.dictionary.data());
        const auto size = static_cast<uInt>(m_options.dictionary.size());
        if (m_way == Way::Deflate)
            return deflateSetDictionary(&m_stream, data, size);
        return m_options.windowBits < 0 ? inflateSetDictionary(&m_stream, data, size) : Z_OK;
    }

    Way m_way;
    bool m_open = false;
    ZlibOptions m_options;
    z_stream m_stream{};
};

std::unique_ptr<Coder> make(Zlib::Way way, const ZlibOptions &options, int &status)
{
    auto coder = std::make_unique<Zlib>(way, options);
    status = coder->open();
    if (status != Z_OK)
        return nullptr;
    return coder;
}

} // namespace

std::unique_ptr<Coder> makeDeflater(const ZlibOptions &options, int &status)
{
    return make(Zlib::Way::Deflate, options, status);
}

std::unique_ptr<Coder> makeInflater(const ZlibOptions &options, int &status)
{
    return make(Zlib::Way::Inflate, options, status);
}

} // namespace cleat::runtime
