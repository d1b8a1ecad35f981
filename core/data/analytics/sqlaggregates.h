// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

struct sqlite3;

namespace cleat::data::analytics {

/// The aggregate functions that SQLite has not: ae_quantile, ae_top, ae_argmax, ae_argmin, ae_first, ae_last. False when there is no memory for them.
bool registerAggregates(sqlite3 *database);

} // namespace cleat::data::analytics
