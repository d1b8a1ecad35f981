// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/tablerows.h"

#include "core/data/d1/orderplaces.h"
#include "core/data/d1/rowquery.h"
#include "core/data/d1/schemareader.h"
#include "core/data/d1/sqlstatement.h"

#include <algorithm>
#include <chrono>
#include <deque>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

namespace {

/// Up to here the first rows of a filtered or sorted view are asked for as they are, before a list of them is made.
constexpr std::uint64_t firstRows = 2000;
/// From here on a row of a table whose rows were not counted yet is first taken to be where it is when none was ever deleted.
constexpr std::uint64_t far = 100'000;
constexpr std::chrono::microseconds exploring{8000};

/// How the rows of a view are found by number.
enum class Way {
    Index, ///< the order has an index, and all rows are in it
    List, ///< by a list of rowids, made once
    Plain, ///< LIMIT and OFFSET
};

/// What is known of a view, in one state of the data.
struct Known {
    View view;
    Table table;
    TableKey key;
    Condition condition;
    std::vector<OrderTerm> order;
    Way way = Way::Plain;
    bool byRowid = false; ///< in the order of the rowid, either way
    std::optional<std::uint64_t> count;
    std::optional<std::deque<std::int64_t>> list;
    std::unique_ptr<OrderPlaces> places;
    struct Span {
        std::int64_t first = 0;
        std::int64_t last = 0;
        bool empty = true;
        /// Rows when none is missing.
        std::uint64_t rows() const { return empty ? 0 : static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first) + 1; }
    };
    std::optional<Span> span;
    bool guessed = false; ///< rows were given that are right only when none is missing

    std::string source() const { return " FROM " + quoted(table.name) + (condition.sql.empty() ? "" : " WHERE " + condition.sql); }
};

void bindAll(SqlStatement &statement, const std::vector<Value> &values, int from = 1)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        statement.bind(from + static_cast<int>(i), values[i]);
}

} // namespace

class TableRows::Private
{
public:
    explicit Private(std::filesystem::path path) : file(std::move(path)) {}

    Result<Database *> open();
    Result<void> look();
    Result<void> know(const View &view);
    Result<void> chooseWay();
    Result<std::uint64_t> count();
    Result<void> makeList();
    Result<void> findSpan();
    Result<std::vector<Row>> rows(std::uint64_t first, std::size_t count);
    Result<std::vector<Row>> rowsByIndex(std::uint64_t first, std::size_t count);
    Result<std::vector<Row>> rowsByList(std::uint64_t first, std::size_t count);
    Result<std::vector<Row>> rowsPlain(std::uint64_t first, std::size_t count);
    Result<std::vector<Row>> rowsBehind(const std::optional<OrderPlaces::Key> &place, std::size_t count);
    Result<bool> collect(RowReader &reader, SqlStatement &statement, std::size_t most, std::vector<Row> &rows);

    const std::filesystem::path file;
    std::unique_ptr<Database> database;
    std::int64_t version = -1; ///< SQLite's, of the connection
    std::uint64_t state = 0; ///< another number for another state of the data
    std::optional<std::uint64_t> reported;
    std::optional<Known> known;
};

TableRows::TableRows(std::filesystem::path file) : d(std::make_unique<Private>(std::move(file))) {}

TableRows::~TableRows() = default;

/// Null when the file is not there.
Result<Database *> TableRows::Private::open()
{
    if (database && database->moved()) {
        known.reset();
        database.reset();
        ++state;
    }
    if (!database) {
        auto opened = openDatabase(file, Database::Mode::Existing);
        if (!opened)
            return std::unexpected(std::move(opened.error()));
        if (!*opened)
            return nullptr;
        database = std::move(*opened);
        version = -1;
        if (auto set = database->execute("PRAGMA query_only = ON"); !set)
            return std::unexpected(std::move(set.error()));
    }
    return database.get();
}

/// Follows what others did to the data.
Result<void> TableRows::Private::look()
{
    const auto now = numberOf(*database, "PRAGMA data_version");
    if (!now)
        return std::unexpected(now.error());
    if (std::exchange(version, *now) != *now) {
        known.reset();
        ++state;
    }
    return {};
}

Result<void> TableRows::Private::know(const View &view)
{
    if (auto looked = look(); !looked)
        return looked;
    if (known && known->view == view)
        return {};
    known.reset();
    auto table = readTable(*database, view.table);
    if (!table)
        return std::unexpected(std::move(table.error()));
    Known next;
    next.view = view;
    next.table = std::move(*table);
    next.key = keyOf(next.table);
    if (next.table.columns.empty()) // say what SQLite says of it
        if (auto tried = SqlStatement::prepare(*database, "SELECT * FROM " + quoted(next.table.name)); !tried)
            return std::unexpected(std::move(tried.error()));
    auto condition = conditionOf(*database, next.table, view);
    if (!condition)
        return std::unexpected(std::move(condition.error()));
    next.condition = std::move(*condition);
    auto order = orderOf(next.table, next.key, view);
    if (!order)
        return std::unexpected(std::move(order.error()));
    next.order = std::move(*order);
    known = std::move(next);
    if (auto chosen = chooseWay(); !chosen) {
        known.reset();
        return chosen;
    }
    return {};
}

Result<void> TableRows::Private::chooseWay()
{
    Known &k = *known;
    if (k.key.kind == TableKey::Kind::None)
        return {};
    const std::string selection = k.key.terms.front();
    auto plan = SqlStatement::prepare(*database, "EXPLAIN QUERY PLAN SELECT " + selection + " FROM " + quoted(k.table.name) + orderSql(k.order));
    if (!plan)
        return std::unexpected(std::move(plan.error()));
    bool sorts = false;
    for (;;) {
        const auto row = plan->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        sorts = sorts || plan->text(3).find("TEMP B-TREE") != std::string::npos;
    }
    const bool rowid = k.key.kind == TableKey::Kind::Rowid;
    if (!sorts && k.condition.sql.empty()) {
        k.way = Way::Index;
        k.places = std::make_unique<OrderPlaces>(quoted(k.table.name), k.order);
        k.byRowid = rowid && k.order.size() == 1 && k.table.kind == Table::Kind::Table;
    } else if (rowid) {
        k.way = Way::List;
    }
    return {};
}

Result<void> TableRows::Private::findSpan()
{
    Known &k = *known;
    if (k.span)
        return {};
    const std::string key = k.key.terms.front();
    const std::string table = quoted(k.table.name);
    auto statement = SqlStatement::prepare(*database, "SELECT (SELECT min(" + key + ") FROM " + table + "), (SELECT max(" + key + ") FROM " + table + ")");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    if (const auto row = statement->step(); !row)
        return std::unexpected(row.error());
    k.span = Known::Span{statement->integer(0), statement->integer(1), statement->isNull(0)};
    return {};
}

Result<void> TableRows::Private::makeList()
{
    Known &k = *known;
    if (k.list)
        return {};
    auto statement = SqlStatement::prepare(*database, "SELECT " + k.key.terms.front() + k.source() + orderSql(k.order));
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    bindAll(*statement, k.condition.values);
    std::deque<std::int64_t> list;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        list.push_back(statement->integer(0));
    }
    k.count = list.size();
    k.list = std::move(list);
    return {};
}

Result<std::uint64_t> TableRows::Private::count()
{
    Known &k = *known;
    if (k.count)
        return *k.count;
    if (k.way == Way::List && !k.condition.sql.empty()) {
        if (auto made = makeList(); !made)
            return std::unexpected(std::move(made.error()));
        return *k.count;
    }
    auto statement = SqlStatement::prepare(*database, "SELECT count(*)" + k.source());
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    bindAll(*statement, k.condition.values);
    if (const auto row = statement->step(); !row)
        return std::unexpected(row.error());
    k.count = static_cast<std::uint64_t>(statement->integer(0));
    if (k.places)
        k.places->setCount(*k.count);
    if (k.guessed && k.span && k.span->rows() != *k.count)
        ++state; // what was shown was not right
    k.guessed = false;
    return *k.count;
}

Result<bool> TableRows::Private::collect(RowReader &reader, SqlStatement &statement, std::size_t most, std::vector<Row> &rows)
{
    while (rows.size() < most) {
        const auto more = statement.step();
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            return false;
        auto row = reader.read(statement);
        if (!row)
            return std::unexpected(std::move(row.error()));
        rows.push_back(std::move(*row));
    }
    return true;
}

Result<std::vector<Row>> TableRows::Private::rowsBehind(const std::optional<OrderPlaces::Key> &place, std::size_t count)
{
    RowReader reader(*database, known->table, known->key);
    if (auto prepared = reader.prepare(); !prepared)
        return std::unexpected(std::move(prepared.error()));
    std::vector<Row> rows;
    for (const auto &range : known->places->behind(place)) {
        if (rows.size() >= count)
            break;
        auto statement = SqlStatement::prepare(*database,
            "SELECT " + reader.selection() + " FROM " + quoted(known->table.name) + (range.condition.empty() ? "" : " WHERE " + range.condition)
                + orderSql(known->order) + " LIMIT " + std::to_string(count - rows.size()));
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        bindAll(*statement, range.values);
        if (auto done = collect(reader, *statement, count, rows); !done)
            return std::unexpected(std::move(done.error()));
    }
    return rows;
}

Result<std::vector<Row>> TableRows::Private::rowsByIndex(std::uint64_t first, std::size_t count)
{
    Known &k = *known;
    if (first == 0)
        return rowsBehind(std::nullopt, count);
    if (k.byRowid && (k.count || first >= far)) {
        if (auto found = findSpan(); !found)
            return std::unexpected(std::move(found.error()));
        const Known::Span &span = *k.span;
        const bool dense = k.count && *k.count == span.rows();
        if (first >= span.rows())
            return std::vector<Row>();
        if (dense || !k.count) {
            k.guessed = k.guessed || !dense;
            const std::uint64_t before = first - 1;
            const std::int64_t rowid = k.order.front().order == Sort::Order::Ascending
                ? static_cast<std::int64_t>(static_cast<std::uint64_t>(span.first) + before)
                : static_cast<std::int64_t>(static_cast<std::uint64_t>(span.last) - before);
            return rowsBehind(OrderPlaces::Key{rowid}, count);
        }
    }
    if (!k.count && first >= far) { // it may be nearer to the end
        if (auto counted = this->count(); !counted)
            return std::unexpected(std::move(counted.error()));
    }
    auto place = k.places->at(*database, first - 1);
    if (!place)
        return std::unexpected(std::move(place.error()));
    if (!*place)
        return std::vector<Row>();
    auto rows = rowsBehind(*place, count);
    if (rows)
        if (auto explored = k.places->explore(*database, exploring); !explored)
            return std::unexpected(std::move(explored.error()));
    return rows;
}

Result<std::vector<Row>> TableRows::Private::rowsByList(std::uint64_t first, std::size_t count)
{
    Known &k = *known;
    if (auto made = makeList(); !made)
        return std::unexpected(std::move(made.error()));
    RowReader reader(*database, k.table, k.key);
    if (auto prepared = reader.prepare(); !prepared)
        return std::unexpected(std::move(prepared.error()));
    auto statement = SqlStatement::prepare(*database, "SELECT " + reader.selection() + " FROM " + quoted(k.table.name) + " WHERE " + k.key.terms.front() + " = ?");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    std::vector<Row> rows;
    for (std::uint64_t i = first; i < k.list->size() && rows.size() < count; ++i) {
        statement->reset();
        statement->bindInteger(1, (*k.list)[i]);
        if (auto done = collect(reader, *statement, rows.size() + 1, rows); !done)
            return std::unexpected(std::move(done.error()));
    }
    return rows;
}

Result<std::vector<Row>> TableRows::Private::rowsPlain(std::uint64_t first, std::size_t count)
{
    RowReader reader(*database, known->table, known->key);
    if (auto prepared = reader.prepare(); !prepared)
        return std::unexpected(std::move(prepared.error()));
    auto statement = SqlStatement::prepare(*database,
        "SELECT " + reader.selection() + known->source() + orderSql(known->order) + " LIMIT " + std::to_string(count) + " OFFSET " + std::to_string(first));
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    bindAll(*statement, known->condition.values);
    std::vector<Row> rows;
    if (auto done = collect(reader, *statement, count, rows); !done)
        return std::unexpected(std::move(done.error()));
    return rows;
}

Result<std::vector<Row>> TableRows::Private::rows(std::uint64_t first, std::size_t count)
{
    switch (known->way) {
    case Way::Index:
        return rowsByIndex(first, count);
    case Way::List:
        return !known->list && first + count <= firstRows ? rowsPlain(first, count) : rowsByList(first, count);
    case Way::Plain:
        return rowsPlain(first, count);
    }
    return std::vector<Row>();
}

namespace {

std::unexpected<base::Error> noFile(const std::string &table)
{
    return base::fail("data.missing", "There is no table " + table + ": the database's file is not there. It is made by the first write.");
}

} // namespace

Result<std::uint64_t> TableRows::count(const View &view, std::stop_token stop)
{
    const auto database = d->open();
    if (!database)
        return std::unexpected(database.error());
    if (!*database)
        return noFile(view.table);
    const Interruptible interruptible(**database, std::move(stop));
    const auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Read);
    if (!transaction)
        return std::unexpected(transaction.error());
    if (auto known = d->know(view); !known)
        return std::unexpected(std::move(known.error()));
    return d->count();
}

Result<std::vector<Row>> TableRows::rows(const View &view, std::uint64_t first, std::size_t count, std::stop_token stop)
{
    const auto database = d->open();
    if (!database)
        return std::unexpected(database.error());
    if (!*database)
        return noFile(view.table);
    const Interruptible interruptible(**database, std::move(stop));
    const auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Read);
    if (!transaction)
        return std::unexpected(transaction.error());
    if (auto known = d->know(view); !known)
        return std::unexpected(std::move(known.error()));
    if (count == 0)
        return std::vector<Row>();
    return d->rows(first, count);
}

Result<Value> TableRows::value(const std::string &table, const RowKey &key, const std::string &column)
{
    const auto database = d->open();
    if (!database)
        return std::unexpected(database.error());
    if (!*database)
        return noFile(table);
    const auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Read);
    if (!transaction)
        return std::unexpected(transaction.error());
    const auto read = readTable(**database, table);
    if (!read)
        return std::unexpected(read.error());
    const TableKey own = keyOf(*read);
    const bool has = std::ranges::any_of(read->columns, [&](const Column &one) { return one.name == column; });
    if (!has || own.terms.empty() || own.terms.size() != key.size())
        return base::fail("data.missing", "There is no such value in " + table + " any more. Refresh the view.");
    std::string sql = "SELECT " + quoted(column) + " FROM " + quoted(read->name) + " WHERE ";
    for (std::size_t i = 0; i < own.terms.size(); ++i)
        sql += (i > 0 ? " AND " : "") + own.terms[i] + " IS ?";
    auto statement = SqlStatement::prepare(**database, sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    bindAll(*statement, key);
    const auto row = statement->step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return base::fail("data.missing", "The row is not in " + table + " any more. Refresh the view.");
    return statement->value(0);
}

Result<bool> TableRows::changed()
{
    const bool had = d->database != nullptr;
    const auto database = d->open();
    if (!database)
        return std::unexpected(database.error());
    if (*database) {
        if (auto looked = d->look(); !looked)
            return std::unexpected(std::move(looked.error()));
    } else if (had) {
        ++d->state;
    }
    return std::exchange(d->reported, d->state) != d->state;
}

} // namespace cleat::data::d1
