// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cleat::runtime {

/// The upper half of a single-byte encoding; 0 where a byte stands for nothing.
using HighHalf = std::array<char16_t, 128>;

/// Of an encoding by its lower-case name in the Encoding standard. Nothing for one that is not single-byte.
std::optional<HighHalf> highHalf(std::string_view name);

/// What two bytes stand for, at lead << 8 | trail; 0 where they stand for nothing.
using PairTable = std::vector<char32_t>;

/// Each is made when it is first asked for, and shared by all threads.
const PairTable &gb18030Pairs();
const PairTable &big5Pairs(); ///< without the four pairs that stand for two code points
const PairTable &eucJpPairs();
const PairTable &jis0212Pairs();
const PairTable &shiftJisPairs();
const PairTable &eucKrPairs();

/// What the four bytes of gb18030 with this number (from 81 30 81 30 on) stand for; 0 for nothing.
char32_t gb18030Four(std::uint32_t number);

} // namespace cleat::runtime
