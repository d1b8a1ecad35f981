// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::events {

/// Whether a header field tells who somebody is: Authorization, Proxy-Authorization, Cookie, Set-Cookie, CF-Access-*; in any case of its letters.
bool isSensitiveField(std::string_view name);

/// What stands in place of a masked value.
inline constexpr std::string_view maskedValue = "[masked]";

/// A head (lines "Name: value\r\n", perhaps after a status line) with the values of its sensitive fields masked. Any thread.
std::string maskedHead(std::string_view head);

/// JSON text in which fields stand as members ({"Authorization": "..."}) or pairs (["Authorization", "..."]), at any depth, with the values of the sensitive ones masked.
/// Text that is no JSON, or holds none, comes back as it is. Any thread.
std::string maskedJson(const std::string &text);

} // namespace cleat::events
