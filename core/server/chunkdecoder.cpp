// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/chunkdecoder.h"

#include "core/server/headscan.h"

#include <algorithm>

namespace cleat::server {

namespace {

int hexValue(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool isText(unsigned char c)
{
    return (c >= 0x20 && c != 0x7F) || c == '\t';
}

} // namespace

ChunkDecoder::ChunkDecoder(std::uint64_t bodyBytes, std::size_t lineBytes) : m_bodyBytes(bodyBytes), m_lineBytes(lineBytes) {}

void ChunkDecoder::reset()
{
    m_state = State::SizeStart;
    m_size = m_seen = 0;
    m_line = 0;
}

ChunkDecoder::Result ChunkDecoder::decode(std::string_view data, std::string &into, std::size_t &used)
{
    used = 0;
    while (used < data.size()) {
        if (m_state == State::Data) {
            const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(m_size, data.size() - used));
            into.append(data.substr(used, take));
            used += take;
            m_size -= take;
            m_seen += take;
            if (m_size == 0)
                m_state = State::DataCr;
            continue;
        }
        const auto c = static_cast<unsigned char>(data[used]);
        const Result result = m_state < State::Data ? sizeByte(c) : trailerByte(c);
        ++used;
        if (result != Result::More)
            return result;
    }
    return Result::More;
}

ChunkDecoder::Result ChunkDecoder::endOfSize()
{
    m_line = 0;
    m_state = m_size == 0 ? State::TrailerStart : State::Data;
    return Result::More;
}

ChunkDecoder::Result ChunkDecoder::sizeByte(unsigned char c)
{
    if (++m_line > m_lineBytes)
        return Result::Bad;
    const int digit = hexValue(c);
    switch (m_state) {
    case State::SizeStart:
        if (digit < 0)
            return Result::Bad;
        m_size = 0;
        m_state = State::Size;
        [[fallthrough]];
    case State::Size:
        if (digit >= 0) {
            if (m_size > UINT64_MAX >> 4)
                return Result::TooLarge;
            m_size = m_size * 16 + static_cast<std::uint64_t>(digit);
            return m_size > m_bodyBytes - m_seen ? Result::TooLarge : Result::More;
        }
        [[fallthrough]];
    case State::SizeSpace:
        if (c == ';')
            m_state = State::Extension;
        else if (c == ' ' || c == '\t')
            m_state = State::SizeSpace;
        else if (c == '\r' && m_state == State::Size)
            m_state = State::SizeLf;
        else
            return Result::Bad;
        return Result::More;
    case State::Extension:
        if (c == '\r')
            m_state = State::SizeLf;
        else if (!isText(c))
            return Result::Bad;
        return Result::More;
    case State::SizeLf:
        return c == '\n' ? endOfSize() : Result::Bad;
    case State::Data:
    case State::DataCr:
    case State::DataLf:
    case State::TrailerStart:
    case State::TrailerName:
    case State::TrailerValue:
    case State::TrailerLf:
    case State::LastLf:
        break;
    }
    return Result::Bad;
}

ChunkDecoder::Result ChunkDecoder::trailerByte(unsigned char c)
{
    const auto expect = [this, c](unsigned char wanted, State next) {
        if (c != wanted)
            return Result::Bad;
        m_state = next;
        return Result::More;
    };
    if (m_state == State::DataCr)
        return expect('\r', State::DataLf);
    if (m_state == State::DataLf)
        return expect('\n', State::SizeStart);
    if (m_state == State::LastLf) {
        reset();
        return c == '\n' ? Result::Complete : Result::Bad;
    }
    if (++m_line > m_lineBytes)
        return Result::Bad;
    if (m_state == State::TrailerLf)
        return expect('\n', State::TrailerStart);
    if (m_state == State::TrailerStart) {
        if (c == '\r')
            m_state = State::LastLf;
        else if (isTokenByte(c))
            m_state = State::TrailerName;
        else
            return Result::Bad;
    } else if (m_state == State::TrailerName) {
        if (c == ':')
            m_state = State::TrailerValue;
        else if (!isTokenByte(c))
            return Result::Bad;
    } else { // TrailerValue
        if (c == '\r')
            m_state = State::TrailerLf;
        else if (!isText(c))
            return Result::Bad;
    }
    return Result::More;
}

} // namespace cleat::server
