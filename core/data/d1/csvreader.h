// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace cleat::data::d1 {

struct CsvField {
    std::string text;
    bool inQuotes = false;
};

/// Reads RFC 4180 row by row; lines may end in CR LF, LF or CR. Errors, with the line: data.format (bytes that are not UTF-8, a quotation mark that is not closed, or has
/// text behind it); file.missing, file.denied, file.read.
class CsvReader final
{
public:
    /// separator 0: the one of comma, semicolon and tab that is most often in the first line.
    static base::Result<CsvReader> open(const std::filesystem::path &file, char separator);

    /// The next row; false at the end. Empty lines are passed over.
    base::Result<bool> next(std::vector<CsvField> &row);
    char separator() const { return m_separator; }
    int line() const { return m_rowLine; } ///< where the last row begins
    std::uint64_t bytes() const { return m_bytes; } ///< read so far
    std::unexpected<base::Error> wrong(std::string sentence, int line) const;

private:
    CsvReader(std::filesystem::path file, std::ifstream in) : m_file(std::move(file)), m_in(std::move(in)) {}
    int peek();
    int take();

    std::filesystem::path m_file;
    std::ifstream m_in;
    std::string m_buffer;
    std::size_t m_at = 0;
    char m_separator = ',';
    int m_line = 1;
    int m_rowLine = 1;
    std::uint64_t m_bytes = 0;
};

} // namespace cleat::data::d1
