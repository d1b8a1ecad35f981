// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::bindings::hyperdrive {

// The parts of a connection string: %XX read, where it is one, and written, where encodeURIComponent() of JavaScript would.
std::string percentDecoded(std::string_view text);
std::string percentEncoded(std::string_view text);

} // namespace cleat::bindings::hyperdrive
