// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::d1 {

/// One statement of a script.
struct ScriptStatement {
    std::size_t begin = 0; ///< byte of the text where it begins, comments before it left out
    std::size_t length = 0; ///< without its ';'
    bool operator==(const ScriptStatement &) const = default;
};

/// Cuts a script at its semicolons: those in texts, names, comments and the bodies of triggers (BEGIN ... END, CASE ... END within) do not count. Statements of white space
/// and comments alone are left out. What is not closed runs to the end. Any thread.
std::vector<ScriptStatement> splitScript(std::string_view text);

/// What a statement does, as far as its first words tell.
enum class Effect {
    Reads,
    Writes,
    DeletesAll, ///< DELETE or UPDATE without WHERE
    Drops, ///< DROP, or ALTER ... DROP
};
Effect effectOf(std::string_view statement);

/// Line and column (bytes), both from 1, of a byte of the text.
struct TextPlace {
    int line = 1;
    int column = 1;
    bool operator==(const TextPlace &) const = default;
};
TextPlace placeOf(std::string_view text, std::size_t offset);

} // namespace cleat::data::d1
