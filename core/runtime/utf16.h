// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::runtime {

/// Writes a character's one to four bytes; returns what is behind them.
char *writeUtf8(char *at, char32_t c);
/// Lone surrogates become U+FFFD.
std::string utf16ToUtf8(std::u16string_view text);
std::string latin1ToUtf8(std::string_view text);
/// `text` is well-formed UTF-8 (base::isUtf8); what is not becomes U+FFFD.
std::u16string utf8ToUtf16(std::string_view text);

} // namespace cleat::runtime
