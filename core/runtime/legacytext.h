// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// Where a decoder stands between two pieces of a text.
struct DecoderState {
    std::size_t pending = 0; ///< how many bytes at the end of the last piece have to come again before the next one
    unsigned mode = 0; ///< of ISO-2022-JP; opaque
    friend bool operator==(const DecoderState &, const DecoderState &) = default;
};

enum class OnError : unsigned char { Replace, Fail };
enum class Piece : unsigned char { More, Last };

/// Decodes a piece of a text in an encoding other than UTF-8, by its lower-case name in the Encoding standard (section 8 and on). Nothing when it is malformed and `onError` says so, or for a
/// name that is none. Any thread.
std::optional<std::u16string> decodeText(std::string_view encoding, std::string_view bytes, Piece piece, OnError onError, DecoderState &state);

} // namespace cleat::runtime
