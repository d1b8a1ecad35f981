// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cleat::data::content {

/// A body without its Content-Encoding.
struct Decoded {
    enum class End {
        Whole, ///< all of it was read
        CutOff, ///< what came is right, and the rest is missing
        TooLarge, ///< more would have come out than was allowed
        Damaged, ///< no such data from `at` on
        Unknown, ///< an encoding that is not known: the bytes are as they came
    };
    std::string bytes; ///< as far as they could be read
    End end = End::Whole;
    std::size_t at = 0; ///< byte of the input (of the encoding that failed) where it ended; with Whole, its size
    std::string encoding; ///< the one that failed, or is not known
    bool operator==(const Decoded &) const = default;
};

inline constexpr std::size_t mostDecodedBytes = 64U << 20;

/// Undoes the encodings of a Content-Encoding field, "gzip", "deflate" (with and without zlib's wrapping, as browsers take it), "br" and "identity", the last one first
/// (RFC 9110, 8.4). More than four are not undone. Never gives more than `mostBytes`, nor takes much more memory than that. Any thread.
Decoded decode(std::string_view contentEncoding, std::string_view bytes, std::size_t mostBytes = mostDecodedBytes);

} // namespace cleat::data::content
