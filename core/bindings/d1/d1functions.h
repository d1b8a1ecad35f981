// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct sqlite3;

namespace cleat::bindings::d1 {

/// Adds the plain functions that D1's SQLite has and an older one of the system has not: concat, concat_ws, octet_length, string_agg, unhex.
void addFunctions(sqlite3 *db);

} // namespace cleat::bindings::d1
