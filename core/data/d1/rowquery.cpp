// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/rowquery.h"

#include "core/data/d1/sqlscript.h"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

namespace {

const Column *findColumn(const Table &table, const std::string &name)
{
    const auto found = std::ranges::find_if(table.columns, [&](const Column &column) { return sqlite3_stricmp(column.name.c_str(), name.c_str()) == 0; });
    return found == table.columns.end() ? nullptr : &*found;
}

std::unexpected<base::Error> noColumn(const Table &table, const std::string &name)
{
    // In double quotes SQLite would take it for a text.
    return base::fail("data.sql", "The table " + table.name + " has no column " + name + ".");
}

std::optional<Value> numberIn(const std::string &text)
{
    const char *const end = text.data() + text.size();
    std::int64_t integer = 0;
    if (const auto parsed = std::from_chars(text.data(), end, integer); parsed.ec == std::errc() && parsed.ptr == end)
        return integer;
    double real = 0;
    if (const auto parsed = std::from_chars(text.data(), end, real); parsed.ec == std::errc() && parsed.ptr == end)
        return real;
    return std::nullopt;
}

std::string likeText(const std::string &text)
{
    std::string out;
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\')
            out += '\\';
        out += c;
    }
    return out;
}

void addTest(const Filter &filter, const Column &column, Condition &condition)
{
    const std::string name = quoted(column.name);
    const auto compare = [&](const char *sign) {
        const auto number = numberIn(filter.text);
        condition.sql += name + sign + "?";
        // A column with an affinity makes of either what it holds itself.
        condition.values.push_back(number ? *number : Value(filter.text));
    };
    switch (filter.test) {
    case Filter::Test::Contains:
    case Filter::Test::StartsWith:
        condition.sql += name + " LIKE ? ESCAPE '\\'";
        condition.values.emplace_back((filter.test == Filter::Test::Contains ? "%" : "") + likeText(filter.text) + '%');
        return;
    case Filter::Test::Equals:
    case Filter::Test::Differs:
        if (const Affinity affinity = affinityOf(column.type); affinity == Affinity::Blob && numberIn(filter.text)) {
            condition.sql += filter.test == Filter::Test::Equals ? "(" + name + " = ? OR " + name + " = ?)" : "(" + name + " IS NOT ? AND " + name + " IS NOT ?)";
            condition.values.push_back(*numberIn(filter.text));
            condition.values.emplace_back(filter.text);
        } else {
            condition.sql += name + (filter.test == Filter::Test::Equals ? " = ?" : " IS NOT ?");
            condition.values.emplace_back(filter.text);
        }
        return;
    case Filter::Test::Less:
        return compare(" < ");
    case Filter::Test::LessOrEqual:
        return compare(" <= ");
    case Filter::Test::Greater:
        return compare(" > ");
    case Filter::Test::GreaterOrEqual:
        return compare(" >= ");
    case Filter::Test::IsNull:
        condition.sql += name + " IS NULL";
        return;
    case Filter::Test::IsNotNull:
        condition.sql += name + " IS NOT NULL";
        return;
    }
}

} // namespace

Result<Condition> conditionOf(const Database &database, const Table &table, const View &view)
{
    Condition condition;
    for (const Filter &filter : view.filters) {
        const Column *const column = findColumn(table, filter.column);
        if (!column)
            return noColumn(table, filter.column);
        if (!condition.sql.empty())
            condition.sql += " AND ";
        addTest(filter, *column, condition);
    }
    if (view.where.find_first_not_of(" \t\r\n") == view.where.npos)
        return condition;
    // Judged alone first, so that no bracket of it closes one of ours.
    if (splitScript(view.where).size() != 1)
        return base::fail("data.sql", "The condition must be one SQL expression, without ';'.");
    int depth = 0;
    for (char quote = 0; const char c : view.where) {
        if (quote != 0)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"' || c == '`' || c == '[')
            quote = c == '[' ? ']' : c;
        else if (c == '(')
            ++depth;
        else if (c == ')' && --depth < 0)
            return base::fail("data.sql", "The condition closes a bracket that it has not opened.");
    }
    // A comment at its end ends with the line.
    const std::string own = "(" + view.where + "\n)";
    auto judged = SqlStatement::prepare(database, "SELECT 1 FROM " + quoted(table.name) + " WHERE " + own);
    if (!judged)
        return std::unexpected(std::move(judged.error()));
    if (sqlite3_bind_parameter_count(judged->handle()) > 0)
        return base::fail("data.sql", "The condition has a parameter (?, :name, @name or $name), for which there is no value. Write the value itself.");
    condition.sql += (condition.sql.empty() ? "" : " AND ") + own;
    return condition;
}

Result<std::vector<OrderTerm>> orderOf(const Table &table, const TableKey &key, const View &view)
{
    std::vector<OrderTerm> terms;
    const auto known = [&](const std::string &sql) { return std::ranges::any_of(terms, [&](const OrderTerm &term) { return term.sql == sql; }); };
    bool whole = false; // the key is reached: what follows cannot matter
    for (const Sort &sort : view.sort) {
        const Column *const column = findColumn(table, sort.column);
        if (!column)
            return noColumn(table, sort.column);
        std::string name = quoted(column->name);
        const bool rowid = column == rowidColumn(table);
        if (whole || known(name))
            continue;
        terms.push_back({std::move(name), sort.order, !rowid && !column->notNull});
        whole = rowid;
    }
    // The key goes the way of the last term, so that an index can be walked through as it is.
    const Sort::Order order = terms.empty() ? Sort::Order::Ascending : terms.back().order;
    for (const std::string &term : key.terms) {
        if (!whole && !known(term))
            terms.push_back({term, order, false});
    }
    return terms;
}

std::string orderSql(const std::vector<OrderTerm> &terms)
{
    std::string sql;
    for (const OrderTerm &term : terms)
        sql += (sql.empty() ? " ORDER BY " : ", ") + term.sql + (term.order == Sort::Order::Descending ? " DESC" : "");
    return sql;
}

void RowReader::CloseBlob::operator()(sqlite3_blob *blob) const
{
    sqlite3_blob_close(blob);
}

RowReader::RowReader(const Database &database, const Table &table, const TableKey &key) : m_database(database), m_table(table), m_key(key) {}

RowReader::~RowReader() = default;

Result<void> RowReader::prepare()
{
    auto encoding = SqlStatement::prepare(m_database, "PRAGMA encoding");
    if (!encoding)
        return std::unexpected(std::move(encoding.error()));
    const auto told = encoding->step();
    if (!told)
        return std::unexpected(told.error());
    const bool plain = m_table.kind == Table::Kind::Table && m_key.kind == TableKey::Kind::Rowid && *told && encoding->text(0) == "UTF-8";
    for (const std::string &term : m_key.terms) {
        m_selection += (m_selection.empty() ? "" : ", ") + term;
        ++m_selected;
    }
    for (const Column &column : m_table.columns) {
        const std::string name = quoted(column.name);
        const bool direct = plain && !column.generated;
        m_direct.push_back(direct);
        m_selection += (m_selection.empty() ? "typeof(" : ", typeof(") + name + "), ";
        // typeof() reads no value, and of a CASE only the branch that is taken is read.
        if (direct) {
            m_selection += "CASE WHEN typeof(" + name + ") IN ('integer', 'real') THEN " + name + " END";
            m_selected += 2;
        } else {
            m_selection += "CASE WHEN typeof(" + name + ") IN ('text', 'blob') THEN substr(CAST(" + name + " AS BLOB), 1, " + std::to_string(maxShown) + ") ELSE "
                + name + " END, CASE WHEN typeof(" + name + ") IN ('text', 'blob') THEN length(CAST(" + name + " AS BLOB)) END";
            m_selected += 3;
        }
    }
    m_blobs.resize(m_table.columns.size());
    return {};
}

void RowReader::put(std::size_t index, std::string_view type, std::string bytes, std::uint64_t whole, Row &row) const
{
    if (whole > bytes.size()) {
        if (row.cut.empty())
            row.cut.assign(m_table.columns.size(), 0);
        row.cut[index] = whole;
        if (type == "text") { // no half character at its end
            std::size_t keep = bytes.size();
            while (keep > 0 && bytes.size() - keep < 3 && (static_cast<unsigned char>(bytes[keep - 1]) & 0xC0U) == 0x80)
                --keep;
            if (keep > 0 && static_cast<unsigned char>(bytes[keep - 1]) >= 0xC0) {
                const auto lead = static_cast<unsigned char>(bytes[keep - 1]);
                const std::size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
                if (bytes.size() - (keep - 1) < needed)
                    bytes.resize(keep - 1);
            }
        }
    }
    if (type == "text")
        row.values[index] = std::move(bytes);
    else
        row.values[index] = Blob{std::move(bytes)};
}

Result<void> RowReader::readBySql(const Column &column, std::size_t index, std::string_view type, Row &row)
{
    const std::string name = quoted(column.name);
    auto statement = SqlStatement::prepare(m_database,
        "SELECT substr(CAST(" + name + " AS BLOB), 1, " + std::to_string(maxShown) + "), length(CAST(" + name + " AS BLOB)) FROM " + quoted(m_table.name) + " WHERE "
            + m_key.terms.front() + " = ?");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bind(1, row.key.front());
    const auto there = statement->step();
    if (!there)
        return std::unexpected(there.error());
    if (*there) {
        const Value bytes = statement->value(0);
        put(index, type, std::get_if<Blob>(&bytes) ? std::get<Blob>(bytes).bytes : std::string(), static_cast<std::uint64_t>(statement->integer(1)), row);
    }
    return {};
}

/// A text or BLOB, without what lies beyond its beginning.
Result<void> RowReader::readLong(const Column &column, std::size_t index, std::string_view type, Row &row)
{
    const std::int64_t rowid = std::get<std::int64_t>(row.key.front());
    auto &blob = m_blobs[index];
    int rc = SQLITE_OK;
    if (blob) {
        rc = sqlite3_blob_reopen(blob.get(), rowid);
    } else {
        sqlite3_blob *raw = nullptr;
        rc = sqlite3_blob_open(m_database.handle(), "main", m_table.name.c_str(), column.name.c_str(), rowid, 0, &raw);
        blob.reset(raw);
    }
    if (rc == SQLITE_OK) {
        const int whole = sqlite3_blob_bytes(blob.get());
        std::string bytes(std::min(static_cast<std::size_t>(whole), maxShown), '\0');
        rc = bytes.empty() ? SQLITE_OK : sqlite3_blob_read(blob.get(), bytes.data(), static_cast<int>(bytes.size()), 0);
        if (rc == SQLITE_OK) {
            put(index, type, std::move(bytes), static_cast<std::uint64_t>(whole), row);
            return {};
        }
    }
    blob.reset();
    if ((rc & 0xFF) != SQLITE_ERROR)
        return std::unexpected(failureOf(m_database, rc));
    // The default of a column that was added later is not in the row.
    return readBySql(column, index, type, row);
}

Result<Row> RowReader::read(const SqlStatement &statement)
{
    Row row;
    int at = 0;
    for (std::size_t i = 0; i < m_key.terms.size(); ++i)
        row.key.push_back(statement.value(at++));
    row.values.resize(m_table.columns.size());
    for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
        const std::string type = statement.text(at);
        const bool isLong = type == "text" || type == "blob";
        if (!isLong) {
            row.values[i] = statement.value(at + 1);
        } else if (m_direct[i]) {
            if (auto read = readLong(m_table.columns[i], i, type, row); !read)
                return std::unexpected(std::move(read.error()));
        } else {
            const Value bytes = statement.value(at + 1);
            put(i, type, std::get_if<Blob>(&bytes) ? std::get<Blob>(bytes).bytes : std::string(), static_cast<std::uint64_t>(statement.integer(at + 2)), row);
        }
        at += m_direct[i] ? 2 : 3;
    }
    return row;
}

} // namespace cleat::data::d1
