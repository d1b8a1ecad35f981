// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cleat::server {

/// Takes the chunked transfer coding off a body (RFC 9112 section 7.1). Chunk extensions and trailer fields are checked and dropped. Strict, byte by
/// byte, and it keeps nothing but its state, so that the result does not depend on how the bytes are cut. (Beast's own decoder wants unfinished lines
/// presented again, and asserts on an empty body that comes in pieces.)
class ChunkDecoder final
{
public:
    /// `bodyBytes`: most bytes of the body; `lineBytes`: most bytes of one chunk's size line, and of the trailer section.
    ChunkDecoder(std::uint64_t bodyBytes, std::size_t lineBytes);

    enum class Result { More, Complete, Bad, TooLarge };
    /// Appends body bytes to `into`. `used` is all of `data` unless the body ended before, or is wrong.
    Result decode(std::string_view data, std::string &into, std::size_t &used);
    void reset();

private:
    enum class State {
        SizeStart,
        Size,
        SizeSpace,
        Extension,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        TrailerStart,
        TrailerName,
        TrailerValue,
        TrailerLf,
        LastLf,
    };
    Result sizeByte(unsigned char c);
    Result trailerByte(unsigned char c);
    Result endOfSize();

    const std::uint64_t m_bodyBytes;
    const std::size_t m_lineBytes;
    State m_state = State::SizeStart;
    std::uint64_t m_size = 0; ///< of the chunk: what is left of it
    std::uint64_t m_seen = 0; ///< body bytes of the chunks before
    std::size_t m_line = 0;
};

} // namespace cleat::server
