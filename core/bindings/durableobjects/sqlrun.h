// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/durableobjects/sqlcursor.h"
#include "core/bindings/durableobjects/sqlstatements.h"

#include <functional>
#include <unordered_set>

namespace cleat::bindings::durableobjects {

/// The cursors of a store that run.
using RunningCursors = std::unordered_set<SqlCursor::Parts *>;

/// What a cursor is made of. While it runs it is in `running`, and the store may end it with cancel().
struct SqlCursor::Parts {
    sqlite3 *db = nullptr;
    d1::Rules *rules = nullptr;
    RunningCursors *running = nullptr;
    std::function<base::Error(int code)> failure; ///< the error of the last call of SQLite
    std::shared_ptr<SqlStatement> statement; ///< null: it has ended
    std::vector<SqlValue> parameters; ///< the statement refers to them
    std::vector<std::string> columns;
    bool row = false;
    d1::Cost::Progress progress;
    std::int64_t rowsRead = 0; ///< when it has ended
    std::int64_t rowsWritten = 0;
    std::string cancelled; ///< why it gives nothing more

    void measure();
    void end();
    void cancel(std::string_view why);
};

/// Binds the parameters; SQLite's result code.
int bindAll(sqlite3_stmt *statement, const std::vector<SqlValue> &parameters);

} // namespace cleat::bindings::durableobjects
