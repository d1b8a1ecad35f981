// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::d1 {

/// A piece of SQL as a reader sees it.
struct SqlToken {
    enum class Kind {
        Word, ///< a keyword or a name
        Text, ///< in single quotes
        Name, ///< in double quotes, back-ticks or brackets
        Number,
        Parameter, ///< ?, ?1, :a, @a, $a
        Comment,
        Sign, ///< an operator, a comma, a parenthesis
    };
    Kind kind = Kind::Word;
    std::string_view text; ///< into what was cut
    bool operator==(const SqlToken &) const = default;
};
/// All of a text but its white space. What is not closed runs to the end. Any thread.
std::vector<SqlToken> sqlTokens(std::string_view sql);

/// Whether SQLite takes the word for a keyword in the places where formatSql() looks.
bool isSqlKeyword(std::string_view word);

/// The same SQL laid out: each clause on a line of its own, what is in subqueries and in the columns of CREATE TABLE indented, keywords in capitals. Only white space and the case of
/// keywords change; texts, names, numbers and comments stay as they are spelled. Any thread.
std::string formatSql(std::string_view sql);

} // namespace cleat::data::d1
