// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/sqltranslate.h"

#include "core/bindings/analytics/datapoint.h"
#include "core/data/analytics/civiltime.h"
#include "core/data/analytics/sqlcalls.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <set>
#include <utility>

namespace cleat::data::analytics {

namespace {

/// What an expression can name.
struct Source {
    struct Column {
        std::string name;
        std::string sql;
        Type type;
    };
    std::vector<Column> columns;
    const Column *find(std::string_view name) const
    {
        const auto found = std::ranges::find(columns, name, &Column::name);
        return found == columns.end() ? nullptr : &*found;
    }
};

Source sourceOf(const std::string &dataset)
{
    Source source;
    source.columns.push_back({"dataset", textLiteral(dataset), Type::of(Type::Kind::String)});
    source.columns.push_back({"timestamp", "(time_ms / 1000)", Type::of(Type::Kind::DateTime)});
    source.columns.push_back({"_sample_interval", "sample_interval", Type::unsignedInteger(32)});
    source.columns.push_back({"index1", "index1", Type::of(Type::Kind::String)});
    for (std::size_t i = 1; i <= bindings::analytics::maxBlobs; ++i)
        source.columns.push_back({"blob" + std::to_string(i), "blob" + std::to_string(i), Type::of(Type::Kind::String)});
    for (std::size_t i = 1; i <= bindings::analytics::maxDoubles; ++i)
        source.columns.push_back({"double" + std::to_string(i), "double" + std::to_string(i), Type::of(Type::Kind::Float)});
    return source;
}

Type integerLiteralType(std::uint64_t value)
{
    return Type::unsignedInteger(value < 0x100 ? 8 : value < 0x10000 ? 16 : value < 0x100000000 ? 32 : 64);
}

class Translator final : public CallContext
{
public:
    Translator(const Select &select, std::string_view text, std::int64_t now, int depth = 0) : m_select(select), m_text(text), m_now(now), m_depth(depth) {}

    Translation run()
    {
        Translation made;
        std::string from;
        if (m_select.inner) {
            Translation inner = Translator(*m_select.inner, m_text, m_now, m_depth + 1).run();
            made.dataset = inner.dataset;
            made.datasetAt = inner.datasetAt;
            from = " FROM (" + inner.sql + ')';
            for (std::size_t i = 0; i < inner.columns.size(); ++i)
                m_source.columns.push_back({inner.columns[i].name, columnName(m_depth + 1, i), inner.columns[i].type});
        } else if (!m_select.table.empty()) {
            made.dataset = m_select.table;
            made.datasetAt = m_select.tableAt;
            from = " FROM points";
            m_source = sourceOf(m_select.table);
        }
        for (const SelectItem &item : m_select.items) {
            if (item.hasAlias && !m_aliases.emplace(item.name, &item.expression).second)
                throw SqlProblem{item.expression.at, "Two columns have the alias " + item.name + '.'};
        }

        std::string where;
        if (m_select.where) {
            m_noAggregates = "WHERE filters rows before they are aggregated; use HAVING for what aggregate functions give.";
            where = " WHERE " + condition(*m_select.where);
        }
        std::vector<std::string> groups;
        m_noAggregates = "GROUP BY takes no aggregate functions.";
        for (const Expression &expression : m_select.groupBy)
            groups.push_back(positioned(expression).sql);
        m_noAggregates.clear();
        m_groups.insert(groups.begin(), groups.end());
        m_loose.clear(); // WHERE and GROUP BY see every column

        std::string columns;
        const auto add = [&](std::string name, const Typed &value) {
            columns += (made.columns.empty() ? "" : ", ") + value.sql + " AS " + columnName(m_depth, made.columns.size());
            made.columns.push_back({std::move(name), value.type});
        };
        for (const SelectItem &item : m_select.items) {
            if (item.star) {
                if (m_source.columns.empty())
                    throw SqlProblem{item.expression.at, "* wants a FROM."};
                for (const Source::Column &column : m_source.columns) {
                    m_loose.push_back({item.expression.at, column.name, column.sql});
                    add(column.name, {column.sql, column.type, false});
                }
                continue;
            }
            add(item.name, itemValue(item));
        }
        std::string having;
        if (m_select.having)
            having = " HAVING " + condition(*m_select.having);
        std::string order;
        for (const OrderItem &item : m_select.orderBy) {
            order += (order.empty() ? " ORDER BY " : ", ") + anyPlace(positioned(item.expression).sql) + (item.descending ? " DESC" : "");
        }
        if (m_aggregates || !groups.empty() || m_select.having) {
            for (const Loose &loose : m_loose) {
                if (!m_groups.contains(loose.sql))
                    throw SqlProblem{loose.at, "The column " + loose.name + " is in no aggregate function, and not in GROUP BY."};
            }
        }
        made.sql = "SELECT " + columns + from + where;
        for (std::size_t i = 0; i < groups.size(); ++i)
            made.sql += (i ? ", " : " GROUP BY ") + anyPlace(groups[i]);
        // SQLite wants a group for HAVING.
        if (m_select.having && groups.empty())
            made.sql += m_aggregates ? std::string() : " GROUP BY NULL";
        made.sql += having + order;
        if (m_select.limit || m_select.offset)
            made.sql += " LIMIT " + (m_select.limit ? std::to_string(*m_select.limit) : std::string("-1"));
        if (m_select.offset)
            made.sql += " OFFSET " + std::to_string(*m_select.offset);
        if (made.sql.size() > 900'000)
            throw SqlProblem{0, "The query is too long."};
        return made;
    }

    // ---- CallContext

    std::int64_t now() const override { return m_now; }

    Typed translate(const Expression &expression) override
    {
        if (++m_steps > 20'000)
            throw SqlProblem{expression.at, "The query is too long once its aliases are put in."};
        const std::size_t loose = m_loose.size();
        Typed value = inner(expression);
        if (m_groups.contains(value.sql)) // what is in it need not be aggregated
            m_loose.resize(loose);
        return value;
    }

private:
    Typed inner(const Expression &expression)
    {
        using Kind = Expression::Kind;
        switch (expression.kind) {
        case Kind::Integer: {
            std::uint64_t value = 0;
            if (const auto [end, ec] = std::from_chars(expression.text.data(), expression.text.data() + expression.text.size(), value); ec != std::errc() || value > 9'223'372'036'854'775'807ULL)
                throw SqlProblem{expression.at, "This number is too large."};
            return {std::to_string(value), integerLiteralType(value), false};
        }
        case Kind::Float:
            return {expression.text, Type::of(Type::Kind::Float), false};
        case Kind::Text:
            return {textLiteral(expression.text), Type::of(Type::Kind::String), false};
        case Kind::True:
        case Kind::False:
            return {expression.kind == Kind::True ? "1" : "0", Type::of(Type::Kind::Bool), false};
        case Kind::Null:
            return {"NULL", Type::of(Type::Kind::Nothing), false};
        case Kind::Interval:
            return {textLiteral(expression.text + ' ' + expression.unit), Type::of(Type::Kind::Interval), false};
        case Kind::Star:
            throw SqlProblem{expression.at, "* belongs into count(*) or behind SELECT."};
        case Kind::Name:
            return name(expression);
        case Kind::Operator:
            return operation(expression);
        case Kind::Call: {
            const bool aggregate = isAggregate(expression.text);
            if (!aggregate)
                return translateCall(*this, expression);
            if (!m_noAggregates.empty())
                throw SqlProblem{expression.at, m_noAggregates};
            if (m_inAggregate)
                throw SqlProblem{expression.at, "An aggregate function stands in another one."};
            m_inAggregate = true;
            const std::size_t loose = m_loose.size();
            Typed value = translateCall(*this, expression);
            m_loose.resize(loose);
            m_inAggregate = false;
            m_aggregates = true;
            value.aggregate = true;
            return value;
        }
        }
        return {};
    }

    struct Loose {
        std::size_t at = 0;
        std::string name;
        std::string sql;
    };

    Typed name(const Expression &expression)
    {
        const auto alias = m_aliases.find(expression.text);
        if (alias != m_aliases.end() && !m_open.contains(expression.text)) {
            m_open.insert(expression.text);
            Typed value = translate(*alias->second);
            m_open.erase(expression.text);
            return value;
        }
        if (const Source::Column *column = m_source.find(expression.text)) {
            m_loose.push_back({expression.at, column->name, column->sql});
            return {column->sql, column->type, false};
        }
        throw SqlProblem{expression.at, m_source.columns.empty() ? "There is no FROM, so there are no columns: " + expression.text : "There is no such column: " + expression.text};
    }

    /// A number in GROUP BY or ORDER BY counts the columns of SELECT.
    Typed positioned(const Expression &expression)
    {
        if (expression.kind != Expression::Kind::Integer)
            return output(expression);
        std::size_t position = 0;
        std::from_chars(expression.text.data(), expression.text.data() + expression.text.size(), position);
        if (position < 1 || position > m_select.items.size() || m_select.items[position - 1].star)
            throw SqlProblem{expression.at, "There is no column " + expression.text + " in SELECT."};
        return itemValue(m_select.items[position - 1]);
    }

    /// In an expression of its own an alias is no alias.
    Typed itemValue(const SelectItem &item)
    {
        const bool opens = item.hasAlias && m_open.insert(item.name).second;
        Typed value = output(item.expression);
        if (opens)
            m_open.erase(item.name);
        return value;
    }

    /// For SQLite a bare number in GROUP BY and ORDER BY is a position.
    static std::string anyPlace(const std::string &sql)
    {
        const bool number = std::ranges::none_of(sql, [](unsigned char c) { return std::isalpha(c) != 0 || c == '\''; });
        return (number ? "(0 + " : "(") + sql + ')';
    }

    static std::string columnName(int depth, std::size_t i) { return 'c' + std::to_string(depth) + '_' + std::to_string(i); }

    Typed output(const Expression &expression)
    {
        Typed value = translate(expression);
        if (value.type.kind == Type::Kind::Interval)
            throw SqlProblem{expression.at, "An interval can only be added to or subtracted from a time."};
        return value;
    }

    std::string condition(const Expression &expression)
    {
        const Typed value = output(expression);
        if (!value.type.isNumber() && value.type.kind != Type::Kind::Nothing)
            throw SqlProblem{expression.at, "A condition is wanted here, and this is a " + value.type.name() + '.'};
        return '(' + value.sql + ')';
    }

    Typed operation(const Expression &expression)
    {
        const std::string &sign = expression.text;
        std::vector<Typed> operands;
        for (const Expression &one : expression.operands)
            operands.push_back(translate(one));
        const bool aggregate = std::ranges::any_of(operands, &Typed::aggregate);
        const auto made = [&](std::string sql, Type type) { return Typed{std::move(sql), std::move(type), aggregate}; };
        const Type truth = Type::unsignedInteger(8);
        const auto number = [&](std::size_t i) {
            if (!operands[i].type.isNumber() && operands[i].type.kind != Type::Kind::Nothing)
                throw SqlProblem{expression.operands[i].at, "A number is wanted here, and this is a " + operands[i].type.name() + '.'};
        };
        if (sign == "and" || sign == "or") {
            number(0);
            number(1);
            return made('(' + operands[0].sql + (sign == "and" ? " AND " : " OR ") + operands[1].sql + ')', truth);
        }
        if (sign == "not") {
            number(0);
            return made("(NOT " + operands[0].sql + ')', truth);
        }
        if (sign == "is null" || sign == "is not null")
            return made('(' + operands[0].sql + (sign == "is null" ? " IS NULL)" : " IS NOT NULL)"), truth);
        if (sign.ends_with("like")) {
            for (std::size_t i = 0; i < 2; ++i) {
                if (operands[i].type.kind != Type::Kind::String)
                    throw SqlProblem{expression.operands[i].at, "A text is wanted here, and this is a " + operands[i].type.name() + '.'};
            }
            return made((sign.starts_with("not ") ? "(NOT " : "(") + std::string(sign.ends_with("ilike") ? "ae_ilike(" : "ae_like(") + operands[0].sql + ", " + operands[1].sql + "))", truth);
        }
        if (sign.ends_with("in") || sign.ends_with("between")) {
            for (std::size_t i = 1; i < operands.size(); ++i)
                alike(operands[0], operands[i], expression.operands[0], expression.operands[i]);
            std::string sql = '(' + operands[0].sql + (sign.starts_with("not ") ? " NOT" : "");
            if (sign.ends_with("between"))
                return made(sql + " BETWEEN " + operands[1].sql + " AND " + operands[2].sql + ')', truth);
            sql += " IN (";
            for (std::size_t i = 1; i < operands.size(); ++i)
                sql += (i > 1 ? ", " : "") + operands[i].sql;
            return made(sql + "))", truth);
        }
        if (std::string_view("= <> < > <= >=").contains(sign)) {
            alike(operands[0], operands[1], expression.operands[0], expression.operands[1]);
            return made('(' + operands[0].sql + ' ' + sign + ' ' + operands[1].sql + ')', truth);
        }
        if (operands.size() == 1) {
            number(0);
            Type type = operands[0].type;
            if (type.kind == Type::Kind::Integer)
                type = Type::signedInteger(expression.operands[0].kind == Expression::Kind::Integer || type.isSigned ? type.bits : std::min(64, type.bits * 2));
            return made("(- " + operands[0].sql + ')', type);
        }
        return arithmetic(expression, operands, made);
    }

    template <typename Made>
    Typed arithmetic(const Expression &expression, std::vector<Typed> &operands, const Made &made)
    {
        const char sign = expression.text[0];
        Typed &left = operands[0];
        Typed &right = operands[1];
        using Kind = Type::Kind;
        if (left.type.kind == Kind::Interval && right.type.isTime() && sign == '+')
            return made(addition(right, left.sql, "1"), timeWith(right.type, expression.operands[0].unit));
        if (left.type.isTime() && right.type.kind == Kind::Interval && (sign == '+' || sign == '-'))
            return made(addition(left, right.sql, sign == '+' ? "1" : "-1"), timeWith(left.type, expression.operands[1].unit));
        if (left.type.isTime() && right.type.isTime() && sign == '-' && left.type.kind == right.type.kind)
            return made('(' + left.sql + " - " + right.sql + (left.type.kind == Kind::Date ? ") / 86400" : ")"), Type::signedInteger(32));
        if (left.type.isTime() && right.type.kind == Kind::Integer && (sign == '+' || sign == '-'))
            return made('(' + left.sql + ' ' + sign + ' ' + right.sql + (left.type.kind == Kind::Date ? " * 86400)" : ")"), left.type);
        for (std::size_t i = 0; i < 2; ++i) {
            if (!operands[i].type.isNumber() && operands[i].type.kind != Kind::Nothing)
                throw SqlProblem{expression.operands[i].at, std::string("The operator ") + sign + " takes no " + operands[i].type.name() + " here."};
        }
        const bool whole = left.type.kind != Kind::Float && right.type.kind != Kind::Float;
        if (sign == '/')
            return made("ae_divide(" + left.sql + ", " + right.sql + ')', Type::of(Kind::Float));
        const int bits = std::max(left.type.kind == Kind::Integer ? left.type.bits : 8, right.type.kind == Kind::Integer ? right.type.bits : 8);
        const bool isSigned = left.type.isSigned || right.type.isSigned || sign == '-';
        Type type = Type::of(Kind::Float);
        if (whole)
            type = {Kind::Integer, sign == '%' ? bits : std::min(64, bits * 2), sign == '%' ? left.type.isSigned : isSigned, {}, nullptr};
        if (sign == '%')
            return made("ae_modulo(" + left.sql + ", " + right.sql + ')', type);
        return made('(' + left.sql + ' ' + sign + ' ' + right.sql + ')', type);
    }

    static std::string addition(const Typed &time, const std::string &interval, const std::string &sign)
    {
        return "ae_add(" + time.sql + ", " + interval + ", " + sign + ", " + textLiteral(time.type.zone) + ')';
    }

    /// A Date with hours added is a DateTime.
    static Type timeWith(const Type &type, const std::string &unit)
    {
        return type.kind == Type::Kind::Date && (unit == "HOUR" || unit == "MINUTE" || unit == "SECOND") ? Type::of(Type::Kind::DateTime) : type;
    }

    /// Whether two values can be compared; a text beside a time becomes one.
    void alike(Typed &left, Typed &right, const Expression &leftExpression, const Expression &rightExpression) const
    {
        const auto timed = [](const Typed &time, Typed &text, const Expression &expression) {
            const auto seconds = expression.kind == Expression::Kind::Text ? parseTime(expression.text) : std::nullopt;
            if (!seconds)
                throw SqlProblem{expression.at, "A time is wanted here, as in toDateTime('2026-03-01 10:20:30')."};
            const auto zone = Zone::named(time.type.zone.empty() ? "Etc/UTC" : time.type.zone);
            text = {std::to_string(zone ? zone->fromLocal(*seconds) : *seconds), time.type, false};
        };
        if (left.type.isTime() && right.type.kind == Type::Kind::String) {
            timed(left, right, rightExpression);
            return;
        }
        if (right.type.isTime() && left.type.kind == Type::Kind::String) {
            timed(right, left, leftExpression);
            return;
        }
        const bool same = left.type.kind == right.type.kind || (left.type.isNumber() && right.type.isNumber()) || (left.type.isTime() && right.type.isTime())
            || (left.type.isTime() && right.type.isNumber()) || (left.type.isNumber() && right.type.isTime()) || left.type.kind == Type::Kind::Nothing || right.type.kind == Type::Kind::Nothing;
        if (!same)
            throw SqlProblem{rightExpression.at, "A " + left.type.name() + " and a " + right.type.name() + " cannot be compared."};
    }

    const Select &m_select;
    const std::string_view m_text;
    const std::int64_t m_now;
    const int m_depth; ///< of the query in others
    Source m_source;
    std::map<std::string, const Expression *> m_aliases;
    std::set<std::string> m_open; ///< aliases that are being put in
    std::set<std::string> m_groups;
    std::vector<Loose> m_loose; ///< columns outside of aggregate functions
    std::string m_noAggregates; ///< why there may be none; empty: there may
    bool m_inAggregate = false;
    bool m_aggregates = false;
    int m_steps = 0;
};

} // namespace

base::Result<Translation> translate(const Select &select, std::string_view text, std::int64_t nowSeconds)
{
    try {
        return Translator(select, text, nowSeconds).run();
    } catch (const SqlProblem &problem) {
        return std::unexpected(sqlError(text, problem.at, problem.message));
    }
}

} // namespace cleat::data::analytics
