// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::server::test {

/// Reads `input` as heads and chunked or sized bodies whole and in pieces cut by `seed`; returns what differs, or nothing.
std::string differences(std::string_view input, unsigned seed);

} // namespace cleat::server::test
