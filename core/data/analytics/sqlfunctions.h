// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct sqlite3;

namespace cleat::data::analytics {

/// What Translation::sql calls: functions whose names begin with ae_. False when SQLite has no memory for them.
bool registerFunctions(sqlite3 *database);

} // namespace cleat::data::analytics
