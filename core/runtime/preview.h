// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::runtime {

/// A JSON string literal, whole.
std::string jsonString(std::string_view text);

/// A value as the log keeps it: its first kilobyte as a JSON string, or, when it is no text, a description of its size.
std::string preview(std::string_view value);

} // namespace cleat::runtime
