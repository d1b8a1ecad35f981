// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cleat::data::d1 {

// All here: any thread. Nothing is half done: an import is one transaction, a file is written beside and renamed. Each import takes a snapshot first. Errors: file.*,
// core/storage/failure.h, data.sql and data.format (with line and column of the file), data.cancelled.

struct Imported {
    std::uint64_t statements = 0;
    std::uint64_t rows = 0; ///< changed
};
/// Runs the file as `wrangler d1 execute --file` does. Streams: a dump of a gigabyte is fine.
base::Result<Imported> importSql(const std::filesystem::path &file, const std::filesystem::path &script, const Control &control);

struct CsvOptions {
    std::string table; ///< made when it is not there, with a column for each field and the types that fit
    char separator = 0; ///< 0: found out (comma, semicolon, tab)
    bool header = true; ///< the first line names the columns
    bool emptyIsNull = true; ///< an empty field without quotes
};
/// RFC 4180, UTF-8 with or without a mark. Ragged rows, bytes that are not UTF-8 and unclosed quotes are data.format with their line.
base::Result<Imported> importCsv(const std::filesystem::path &file, const std::filesystem::path &csv, const CsvOptions &options, const Control &control);
struct CsvPreview {
    char separator = ',';
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows; ///< the first 20
};
base::Result<CsvPreview> previewCsv(const std::filesystem::path &csv, const CsvOptions &options);

struct SqlExport {
    std::vector<std::string> tables; ///< empty: all
    bool schema = true;
    bool data = true;
};
/// As `wrangler d1 export --local` writes it.
base::Result<std::uint64_t> exportSql(const std::filesystem::path &file, const SqlExport &what, const std::filesystem::path &target, const Control &control);
/// The rows of a query (or "SELECT * FROM x"), with a header.
base::Result<std::uint64_t> exportCsv(const std::filesystem::path &file, const std::string &query, const std::filesystem::path &target, const Control &control);

} // namespace cleat::data::d1
