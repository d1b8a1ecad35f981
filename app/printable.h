// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::app {

/// Text of user code, of a file or of the network, made harmless for a terminal: control characters as pictures, what is no UTF-8 as \xNN.
std::string printable(std::string_view text);
void appendPrintable(std::string &out, std::string_view text);

} // namespace cleat::app
