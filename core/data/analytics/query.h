// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/analytics/sqltranslate.h"
#include "core/data/control.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cleat::data::analytics {

/// NULL, a whole number (also a time, in seconds), a number, or a text (also an array, as JSON).
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

struct Answer {
    Format format = Format::Json; ///< that the query asks for
    std::vector<OutputColumn> columns;
    std::vector<std::vector<Cell>> rows;
};

struct QueryLimits {
    std::chrono::milliseconds time{30'000};
    std::size_t bytes = 256U << 20; ///< of the result
};

/// Runs one statement of the Analytics Engine's SQL on the datasets of a state folder (it holds v3), and changes nothing there. Codes: analytics.sql (the query is wrong: with line and
/// column), analytics.time, analytics.size, data.cancelled, those of core/storage/failure.h. Any thread.
base::Result<Answer> runQuery(const std::filesystem::path &state, std::string_view text, const QueryLimits &limits = {}, const Control &control = {});

/// As the SQL API sends it.
std::string written(const Answer &answer, Format format);
std::string_view contentType(Format format);

/// Comma-separated values, with the columns' names in the first line (RFC 4180); NULL is nothing between the commas, an empty text "". The file is there whole or, failed or
/// cancelled, as it was before. Codes: file.denied, file.full, file.write, data.cancelled. Any thread.
base::Result<void> writeCsv(const Answer &answer, const std::filesystem::path &file, const Control &control = {});

/// A cell as a person reads it.
std::string shown(const Cell &cell, const Type &type);

} // namespace cleat::data::analytics
