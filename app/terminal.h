// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace cleat::app {

/// What the user wants of colours: --color, --no-color, or neither.
enum class Colour { Auto, Always, Never };
enum class ColourUse { No, Yes };

/// Whether what goes to `descriptor` may be coloured. Without a flag: FORCE_COLOR (anything but 0, false and nothing) means yes, NO_COLOR (anything) no; else where there is a terminal
/// that is not "dumb".
ColourUse colourUse(int descriptor, Colour wanted);

/// Columns of the terminal at `descriptor`; else those of COLUMNS, else `otherwise`.
int terminalColumns(int descriptor, int otherwise);

/// Codes that begin and end a look.
namespace look {
inline constexpr std::string_view reset = "\x1b[0m";
inline constexpr std::string_view bold = "\x1b[1m";
inline constexpr std::string_view dim = "\x1b[2m";
inline constexpr std::string_view red = "\x1b[31m";
inline constexpr std::string_view green = "\x1b[32m";
inline constexpr std::string_view yellow = "\x1b[33m";
inline constexpr std::string_view cyan = "\x1b[36m";
} // namespace look

} // namespace cleat::app
