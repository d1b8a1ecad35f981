// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/analytics/sqltree.h"
#include "core/data/analytics/sqltype.h"

#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::analytics {

struct OutputColumn {
    std::string name;
    Type type;
};

/// A SELECT of ClickHouse's dialect in SQLite's, for a database with the table `points` of bindings::analytics::Dataset and the functions of registerFunctions().
struct Translation {
    std::string sql;
    std::vector<OutputColumn> columns;
    std::string dataset; ///< that it reads; empty: none
    std::size_t datasetAt = 0;
};

/// Code analytics.sql. `text` is what `select` was read from; `nowSeconds` is what now() gives.
base::Result<Translation> translate(const Select &select, std::string_view text, std::int64_t nowSeconds);

} // namespace cleat::data::analytics
