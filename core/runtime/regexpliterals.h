// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// Code in which regular expressions that are newer than the engine are calls in place of literals: V8 10 refuses a whole program for one literal with the flag v (ECMAScript 2024), or with modifiers or two groups of one
/// name (2025). What is called rewrites the pattern when the code comes by there (js/regexpliterals.js).
class RegExpLiterals final
{
public:
    /// `code`: of a module, UTF-8.
    explicit RegExpLiterals(std::string_view code);

    /// The code with one more call, in place of the literal that begins there; nothing when what is there is no such literal. `line`: from 1. `column`: from 0, in UTF-16 units, as V8 says where it found an error.
    std::optional<std::string> replace(int line, int column);

private:
    std::string m_code;
    std::string m_name; ///< of the function in the code
    bool m_isImported = false;
};

} // namespace cleat::runtime
