// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <QString>
#include <QStringList>

#include <string>
#include <vector>

/// What can be read out of a span's arguments and result.
namespace cleat::ui {

/// One SQL statement of a D1 call and what was bound to it.
struct CalledSql {
    std::string sql;
    std::vector<std::string> values; ///< as JSON
    bool whole = true; ///< false: the log kept its beginning alone
    bool operator==(const CalledSql &) const = default;
};
/// Of a D1 call; empty for others, and when the arguments were shortened too much to say.
std::vector<CalledSql> sqlOf(const events::CallEvent &call);
/// Laid out, with the bound values as comments below each statement.
QString sqlText(const std::vector<CalledSql> &statements);

/// What to look for in the Data pane: a key, an object's name, SQL; empty: nothing, or not to be told.
QString dataTarget(const events::CallEvent &call);
/// Whether the Data pane shows what the span's binding holds.
bool isData(const events::CallEvent &call);

/// In words: "GET https://example.org/ → 200 OK" of a fetch; size, rows read and written.
QStringList spanFacts(const events::CallEvent &call);

/// Name, arguments, result, times, place: for the clipboard.
QString spanText(const events::CallEvent &call);

} // namespace cleat::ui
