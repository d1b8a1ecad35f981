// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <random>
#include <string>
#include <vector>

namespace cleat::server::test {

/// Damages `input` in one to a few places: bytes changed, removed, doubled, pieces of other inputs and tokens that matter put in.
std::string mutated(std::string input, const std::vector<std::string> &others, std::mt19937_64 &random);

} // namespace cleat::server::test
