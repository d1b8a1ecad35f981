// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/durableobjects/objectvalues.h"

#include "core/base/bytes.h"
#include "core/data/query.h"
#include "core/data/v8value.h"

#include <nlohmann/json.hpp>

namespace cleat::data::durableobjects {

using base::Result;

namespace {

constexpr std::size_t mostRead = 4096; ///< bytes of a value whose text stands in a list
constexpr std::size_t mostText = 300;

/// Without the line ends and indents between its parts.
std::string onOneLine(const std::string &text)
{
    std::string line;
    for (std::size_t i = 0; i < text.size() && line.size() < mostText; ++i) {
        if (text[i] != '\n') {
            line += text[i];
            continue;
        }
        while (i + 1 < text.size() && text[i + 1] == ' ')
            ++i;
        if (!line.empty() && i + 1 < text.size() && line.back() == ',')
            line += ' ';
    }
    while (!line.empty() && !base::isUtf8(line)) // a character that was cut
        line.pop_back();
    return line;
}

/// Bound in place of the end of the keys that begin with the prefix; nullopt: there is none.
std::optional<std::string> afterPrefix(std::string prefix)
{
    while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF)
        prefix.pop_back();
    if (prefix.empty())
        return std::nullopt;
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

/// The keys that begin with a text; it has to stay until what it was bound to ends.
struct Range {
    explicit Range(const std::string &prefix) : begin(prefix), end(afterPrefix(prefix)) {}
    void bind(storage::Statement &statement) const
    {
        statement.bindText(1, begin);
        if (end)
            statement.bindText(2, *end);
        else
            statement.bindNull(2);
    }
    const std::string begin;
    const std::optional<std::string> end;
};

} // namespace

StoredValue readStored(std::string bytes)
{
    // workerd reads values without a header as of version 13, and those of 16, which differs in nothing that can be stored.
    constexpr char mark = '\xFF';
    std::string read = bytes;
    if (read.size() < 2 || read[0] != mark)
        read.insert(0, "\xFF\x0D");
    else if (read[1] == 16)
        read[1] = 15;
    StoredValue value{std::move(bytes), readV8Value(read), false};
    value.isJson = value.text && nlohmann::json::accept(*value.text);
    return value;
}

ObjectValues::ObjectValues(std::filesystem::path file) : m_file(std::move(file), "_cf_KV") {}

Result<std::uint64_t> ObjectValues::count(const std::string &prefix, std::stop_token stop)
{
    std::uint64_t found = 0;
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (auto fine = proceed(stop); !fine)
        return std::unexpected(std::move(fine.error()));
    if (!*reading)
        return found;
    const Range range(prefix);
    auto done = query(
        (*reading)->database(), "SELECT count(*) FROM _cf_KV WHERE key >= ?1 AND (?2 IS NULL OR key < ?2)", [&](storage::Statement &statement) { range.bind(statement); },
        [&](const storage::Statement &row) { found = static_cast<std::uint64_t>(row.integer(0)); });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

Result<std::vector<ValueRow>> ObjectValues::rows(const std::string &prefix, std::uint64_t first, std::size_t count, std::stop_token stop)
{
    std::vector<ValueRow> rows;
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (auto fine = proceed(stop); !fine)
        return std::unexpected(std::move(fine.error()));
    if (!*reading)
        return rows;
    const Range range(prefix);
    auto done = query(
        (*reading)->database(),
        "SELECT key, length(CAST(value AS BLOB)), CASE WHEN length(CAST(value AS BLOB)) <= ?5 THEN CAST(value AS BLOB) END FROM _cf_KV WHERE key >= ?1 AND (?2 IS NULL OR key < ?2) ORDER BY key"
        " LIMIT ?4 OFFSET ?3",
        [&](storage::Statement &statement) {
            range.bind(statement);
            statement.bindInteger(3, static_cast<std::int64_t>(first));
            statement.bindInteger(4, static_cast<std::int64_t>(count));
            statement.bindInteger(5, static_cast<std::int64_t>(mostRead));
        },
        [&](const storage::Statement &row) {
            ValueRow &made = rows.emplace_back();
            made.key = row.text(0);
            made.bytes = static_cast<std::uint64_t>(row.integer(1));
            if (const auto value = row.isNull(2) ? StoredValue() : readStored(std::string(row.text(2))); value.text)
                made.text = onOneLine(*value.text);
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return rows;
}

Result<std::optional<StoredValue>> ObjectValues::value(std::string_view key)
{
    std::optional<StoredValue> found;
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return found;
    auto done = query(
        (*reading)->database(), "SELECT CAST(value AS BLOB) FROM _cf_KV WHERE key = ?1", [&](storage::Statement &statement) { statement.bindText(1, key); },
        [&](const storage::Statement &row) { found = readStored(std::string(row.text(0))); });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

Result<std::uint64_t> ObjectValues::position(const std::string &prefix, std::string_view key)
{
    std::uint64_t found = 0;
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return found;
    const Range range(prefix);
    auto done = query(
        (*reading)->database(), "SELECT count(*) FROM _cf_KV WHERE key >= ?1 AND (?2 IS NULL OR key < ?2) AND key < ?3",
        [&](storage::Statement &statement) {
            range.bind(statement);
            statement.bindText(3, key);
        },
        [&](const storage::Statement &row) { found = static_cast<std::uint64_t>(row.integer(0)); });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

} // namespace cleat::data::durableobjects
