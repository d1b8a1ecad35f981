// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace cleat::base {

/// The standard reason phrase (RFC 9110 section 15 and the IANA registry of status codes), or an empty text for a status that has none. Any thread.
std::string_view reasonPhrase(int status);

} // namespace cleat::base
