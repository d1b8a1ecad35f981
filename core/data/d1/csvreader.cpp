// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/csvreader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace cleat::data::d1 {

using base::Result;

namespace {

constexpr std::size_t pieceBytes = 1U << 18;
constexpr std::size_t longestField = 8'388'642; ///< D1's limit for a value

bool isUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > text.size())
            return false;
        for (std::size_t k = 1; k < length; ++k) {
            const auto next = static_cast<unsigned char>(text[i + k]);
            const bool tooLow = k == 1 && ((lead == 0xE0 && next < 0xA0) || (lead == 0xF0 && next < 0x90));
            const bool tooHigh = k == 1 && ((lead == 0xED && next > 0x9F) || (lead == 0xF4 && next > 0x8F));
            if ((next & 0xC0U) != 0x80 || tooLow || tooHigh)
                return false;
        }
        i += length;
    }
    return true;
}

} // namespace

std::unexpected<base::Error> CsvReader::wrong(std::string sentence, int line) const
{
    return base::fail("data.format", "Line " + std::to_string(line) + ": " + std::move(sentence), {m_file.string(), line, 0});
}

Result<CsvReader> CsvReader::open(const std::filesystem::path &file, char separator)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return base::fail(errno == ENOENT ? "file.missing" : errno == EACCES ? "file.denied" : "file.read",
            "Could not read " + file.string() + ": " + std::strerror(errno) + ".", {file.string()});
    CsvReader reader(file, std::move(in));
    reader.peek();
    if (reader.m_buffer.starts_with("\xff\xfe") || reader.m_buffer.starts_with("\xfe\xff"))
        return reader.wrong("the file is in UTF-16. Save it as UTF-8.", 1);
    if (reader.m_buffer.starts_with("\xef\xbb\xbf"))
        reader.m_at = 3;
    reader.m_separator = separator != 0 ? separator : ',';
    if (separator == 0) {
        std::ptrdiff_t most = 0;
        std::string line;
        bool quotes = false;
        for (const char c : reader.m_buffer) {
            quotes = quotes != (c == '"');
            if (!quotes && (c == '\n' || c == '\r'))
                break;
            if (!quotes)
                line += c;
        }
        for (const char candidate : {',', ';', '\t'}) {
            if (const auto count = std::ranges::count(line, candidate); count > most) {
                most = count;
                reader.m_separator = candidate;
            }
        }
    }
    return reader;
}

/// -1 at the end.
int CsvReader::peek()
{
    if (m_at == m_buffer.size()) {
        m_buffer.resize(pieceBytes);
        m_in.read(m_buffer.data(), static_cast<std::streamsize>(m_buffer.size()));
        m_buffer.resize(static_cast<std::size_t>(m_in.gcount()));
        m_bytes += m_buffer.size();
        m_at = 0;
        if (m_buffer.empty())
            return -1;
    }
    return static_cast<unsigned char>(m_buffer[m_at]);
}

int CsvReader::take()
{
    const int c = peek();
    if (c >= 0)
        ++m_at;
    return c;
}

Result<bool> CsvReader::next(std::vector<CsvField> &row)
{
    row.clear();
    const auto endLine = [&](int c) {
        if (c == '\r' && peek() == '\n')
            take();
        ++m_line;
    };
    for (int c = peek(); c == '\n' || c == '\r'; c = peek())
        endLine(take());
    if (peek() < 0) {
        if (m_in.bad())
            return base::fail("file.read", "Could not read " + m_file.string() + " to its end: " + std::strerror(errno) + ".", {m_file.string()});
        return false;
    }
    m_rowLine = m_line;
    for (bool more = true; more;) {
        CsvField field;
        const int fieldLine = m_line;
        if (peek() == '"') {
            field.inQuotes = true;
            take();
            for (bool open = true; open;) {
                const int c = take();
                if (c < 0 || field.text.size() > longestField)
                    return wrong(c < 0 ? "a quotation mark opens here that is never closed." : "a value begins here that is longer than D1 allows.", fieldLine);
                if (c == '"' && peek() != '"') {
                    open = false;
                    continue;
                }
                if (c == '"')
                    take();
                if (c == '\n' || (c == '\r' && peek() != '\n'))
                    ++m_line;
                field.text += static_cast<char>(c);
            }
            if (const int c = peek(); c >= 0 && c != m_separator && c != '\n' && c != '\r')
                return wrong("there is text behind a closing quotation mark. Write a quotation mark within a value twice.", m_line);
        } else {
            for (int c = peek(); c >= 0 && c != static_cast<unsigned char>(m_separator) && c != '\n' && c != '\r'; c = peek()) {
                field.text += static_cast<char>(take());
                if (field.text.size() > longestField)
                    return wrong("a value begins here that is longer than D1 allows.", fieldLine);
            }
        }
        if (!isUtf8(field.text))
            return wrong("there are bytes that are not UTF-8. Save the file as UTF-8.", fieldLine);
        row.push_back(std::move(field));
        const int c = take();
        more = c == static_cast<unsigned char>(m_separator);
        if (c == '\n' || c == '\r')
            endLine(c);
    }
    return true;
}

} // namespace cleat::data::d1
