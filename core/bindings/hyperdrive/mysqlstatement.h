// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace cleat::bindings::hyperdrive {

// What a statement of MySQL or MariaDB means for the query cache, told from its words. Any thread. Texts are in a character set whose other bytes are never ASCII, such as UTF-8.

/// As isCacheable() is for PostgreSQL: the statement is one query that reads, and names no function that answers differently from one time to the next or from one session to another (MySQL,
/// "How the Query Cache Operates"), no variable, and nothing that locks or writes. Words in strings do not count, unless a backslash makes it uncertain where strings end.
bool isCacheableMySql(std::string_view sql);

enum class Statements { One, Several }; ///< Several: the connection may send more than one at once, divided by semicolons

/// Whether a text may leave its session with a database, settings, statements, locks or tables of its own. When in doubt, yes.
bool changesMySqlSession(std::string_view sql, Statements statements);

/// Whether the answer tells of the statement before it: its rows, warnings or errors.
bool asksAboutLast(std::string_view sql);

} // namespace cleat::bindings::hyperdrive
