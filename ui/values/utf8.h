// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string_view>

namespace cleat::ui {

/// One character of UTF-8 text, or one byte that belongs to none.
struct Utf8Step {
    char32_t character = 0; ///< U+FFFD where invalid
    std::uint8_t length = 1;
    bool valid = true;
};

/// What begins at `at`, which must be inside. Strict: no surrogates, no overlong forms.
Utf8Step utf8At(std::string_view text, std::size_t at);

/// Where the text stops being UTF-8; its size when it does not. MayBeCut: a character that the end cuts is no fault.
enum class Utf8End { Whole, MayBeCut };
std::size_t utf8ValidUntil(std::string_view text, Utf8End end = Utf8End::Whole, std::stop_token stop = {});

/// The begin of the character that `at` is in, if `at` is inside of one.
std::size_t utf8Floor(std::string_view text, std::size_t at);

} // namespace cleat::ui
