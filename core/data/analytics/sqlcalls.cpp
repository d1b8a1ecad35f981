// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/sqlcalls.h"

#include "core/data/analytics/civiltime.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <vector>

namespace cleat::data::analytics {

namespace {

using Kind = Type::Kind;

/// One call, while it is translated.
class Call final
{
public:
    Call(CallContext &context, const Expression &expression) : m_context(context), m_expression(expression) {}

    const Expression &expression() const { return m_expression; }
    std::size_t size() const { return m_expression.operands.size(); }
    std::int64_t now() const { return m_context.now(); }

    [[noreturn]] void fail(const std::string &why) const { throw SqlProblem{m_expression.at, m_expression.text + "(): " + why}; }

    void takes(std::size_t fewest, std::size_t most) const
    {
        if (size() >= fewest && size() <= most)
            return;
        const std::string number = fewest == most ? std::to_string(fewest) : std::to_string(fewest) + (most > 100 ? " or more" : " to " + std::to_string(most));
        fail("it takes " + number + (fewest == 1 && most == 1 ? " argument." : " arguments."));
    }

    Typed any(std::size_t i)
    {
        Typed value = m_context.translate(m_expression.operands[i]);
        m_aggregate = m_aggregate || value.aggregate;
        return value;
    }
    Typed number(std::size_t i)
    {
        Typed value = any(i);
        if (!value.type.isNumber() && !value.type.isTime() && value.type.kind != Kind::Nothing)
            wrong(i, "a number", value);
        return value;
    }
    Typed text(std::size_t i)
    {
        Typed value = any(i);
        if (value.type.kind != Kind::String && value.type.kind != Kind::Nothing)
            wrong(i, "a text", value);
        return value;
    }
    Typed time(std::size_t i)
    {
        Typed value = any(i);
        if (!value.type.isTime())
            wrong(i, "a DateTime", value);
        return value;
    }
    /// A zone that is written out.
    std::string zone(std::size_t i) const
    {
        if (i >= size())
            return {};
        const Expression &given = m_expression.operands[i];
        if (given.kind != Expression::Kind::Text)
            throw SqlProblem{given.at, "A time zone is written as a text, such as 'Europe/Lisbon'."};
        if (!Zone::named(given.text))
            throw SqlProblem{given.at, "There is no such time zone: " + given.text};
        return given.text == "UTC" ? "Etc/UTC" : given.text;
    }
    /// A parameter that is a number and written out.
    double parameter(const Expression &given, double low, double high) const
    {
        if (given.kind != Expression::Kind::Integer && given.kind != Expression::Kind::Float)
            throw SqlProblem{given.at, "A number has to be written out here."};
        const double value = std::stod(given.text);
        if (!(value >= low && value <= high))
            throw SqlProblem{given.at, "This number is not within its bounds."};
        return value;
    }

    Typed made(std::string sql, Type type) const { return {std::move(sql), std::move(type), m_aggregate}; }

private:
    [[noreturn]] void wrong(std::size_t i, const char *wanted, const Typed &value) const
    {
        throw SqlProblem{m_expression.operands[i].at, m_expression.text + "(): " + wanted + " is wanted here, and this is a " + value.type.name() + '.'};
    }

    CallContext &m_context;
    const Expression &m_expression;
    bool m_aggregate = false;
};

using Handler = std::function<Typed(Call &)>;

Type summed(const Type &type)
{
    if (type.kind == Kind::Float || type.kind == Kind::Nothing)
        return Type::of(Kind::Float);
    return type.isSigned ? Type::signedInteger(64) : Type::unsignedInteger(64);
}

/// Without rows ClickHouse has a type's plain value where SQLite has NULL.
std::string orPlain(const std::string &sql, const Type &type)
{
    return "ifnull(" + sql + (type.kind == Kind::String ? ", '')" : type.kind == Kind::Array ? ", '[]')" : ", 0)");
}

/// The type that both have room in.
Type common(Call &call, const Typed &left, const Typed &right)
{
    if (left.type.kind == Kind::Nothing)
        return right.type;
    if (right.type.kind == Kind::Nothing || left.type.kind == right.type.kind) {
        Type type = left.type;
        if (type.kind == Kind::Integer && right.type.kind == Kind::Integer) {
            type.isSigned = left.type.isSigned || right.type.isSigned;
            type.bits = std::max(left.type.bits, right.type.bits);
            if (left.type.isSigned != right.type.isSigned)
                type.bits = std::min(64, type.bits * 2);
        }
        return type;
    }
    if (left.type.isNumber() && right.type.isNumber())
        return left.type.kind == Kind::Float || right.type.kind == Kind::Float ? Type::of(Kind::Float) : left.type.kind == Kind::Bool ? right.type : left.type;
    call.fail("a " + left.type.name() + " and a " + right.type.name() + " have no type in common.");
}

// ---- aggregates

Typed sum(Call &call)
{
    call.takes(1, 1);
    const Typed value = call.number(0);
    const Type type = summed(value.type);
    return call.made(orPlain(std::string("sum(") + (call.expression().distinct ? "DISTINCT " : "") + value.sql + ')', type), type);
}

Typed count(Call &call)
{
    if (call.size() == 0 || call.expression().operands[0].kind == Expression::Kind::Star)
        return call.made("count(*)", Type::unsignedInteger(64));
    call.takes(1, 1);
    return call.made(std::string("count(") + (call.expression().distinct ? "DISTINCT " : "") + call.any(0).sql + ')', Type::unsignedInteger(64));
}

Typed average(Call &call)
{
    call.takes(1, 1);
    return call.made(std::string("avg(") + (call.expression().distinct ? "DISTINCT " : "") + call.number(0).sql + ')', Type::of(Kind::Float));
}

Handler extremum(const char *function)
{
    return [function](Call &call) {
        call.takes(1, 1);
        const Typed value = call.any(0);
        return call.made(orPlain(std::string(function) + '(' + value.sql + ')', value.type), value.type);
    };
}

Handler edge(const char *function)
{
    return [function](Call &call) {
        call.takes(1, 1);
        const Typed value = call.any(0);
        return call.made(orPlain(std::string(function) + '(' + value.sql + ')', value.type), value.type);
    };
}

Handler extremeArgument(const char *function)
{
    return [function](Call &call) {
        call.takes(2, 2);
        const Typed value = call.any(0);
        return call.made(orPlain(std::string(function) + '(' + value.sql + ", " + call.any(1).sql + ')', value.type), value.type);
    };
}

Typed countIf(Call &call)
{
    call.takes(1, 1);
    return call.made("count(*) FILTER (WHERE " + call.number(0).sql + ')', Type::unsignedInteger(64));
}

Typed sumIf(Call &call)
{
    call.takes(2, 2);
    const Typed value = call.number(0);
    const Type type = summed(value.type);
    return call.made(orPlain("sum(" + value.sql + ") FILTER (WHERE " + call.number(1).sql + ')', type), type);
}

Typed averageIf(Call &call)
{
    call.takes(2, 2);
    const Typed value = call.number(0);
    return call.made("avg(" + value.sql + ") FILTER (WHERE " + call.number(1).sql + ')', Type::of(Kind::Float));
}

std::string quantileOf(Call &call, const Expression &level, std::size_t first)
{
    call.parameter(level, 0, 1);
    const Typed value = call.number(first);
    return "ae_quantile(" + value.sql + ", " + call.number(first + 1).sql + ", " + level.text + ')';
}

/// quantileExactWeighted(0.5)(value, weight), and the older quantileWeighted(0.5, value, weight).
Typed quantile(Call &call)
{
    const auto &parameters = call.expression().parameters;
    if (parameters.empty() && call.size() == 3) {
        const std::string sql = quantileOf(call, call.expression().operands[0], 1);
        return call.made(sql, Type::of(Kind::Float));
    }
    call.takes(2, 2);
    if (parameters.size() > 1)
        call.fail("it takes one parameter, the level, such as (0.5).");
    Expression half;
    half.kind = Expression::Kind::Float;
    half.text = "0.5";
    return call.made(quantileOf(call, parameters.empty() ? half : parameters[0], 0), Type::of(Kind::Float));
}

Handler top(std::size_t arguments)
{
    return [arguments](Call &call) {
        call.takes(arguments, arguments);
        const auto &parameters = call.expression().parameters;
        if (parameters.size() > 1)
            call.fail("it takes one parameter, how many, such as (10).");
        const auto most = parameters.empty() ? 10 : static_cast<int>(call.parameter(parameters[0], 1, 65'536));
        const Typed value = call.any(0);
        return call.made("ae_top(" + value.sql + ", " + (arguments == 2 ? call.number(1).sql : std::string("1")) + ", " + std::to_string(most) + ')', Type::arrayOf(value.type));
    };
}

// ---- times

Typed toDateTime(Call &call)
{
    call.takes(1, 2);
    const Typed value = call.any(0);
    Type type = Type::of(Kind::DateTime);
    type.zone = call.zone(1);
    if (value.type.isTime()) {
        if (type.zone.empty())
            type.zone = value.type.zone;
        return call.made(value.sql, type);
    }
    if (!value.type.isNumber() && value.type.kind != Kind::String)
        call.fail("a " + value.type.name() + " is no time.");
    return call.made("ae_time(" + value.sql + ", " + textLiteral(type.zone) + ')', type);
}

Typed toDate(Call &call)
{
    call.takes(1, 1);
    const Typed value = call.any(0);
    const std::string time = value.type.isTime() ? value.sql : "ae_time(" + value.sql + ", '')";
    return call.made("ae_start(" + time + ", '1 DAY', " + textLiteral(value.type.zone) + ", 1)", Type::of(Kind::Date));
}

Handler part(const char *unit, int bits)
{
    return [unit, bits](Call &call) {
        call.takes(1, 2);
        const Typed value = call.time(0);
        const std::string zone = call.size() > 1 ? call.zone(1) : value.type.zone;
        return call.made(std::string("ae_part(") + value.sql + ", '" + unit + "', " + textLiteral(zone) + ')', Type::unsignedInteger(bits));
    };
}

Handler startOf(const char *interval)
{
    return [interval](Call &call) {
        call.takes(1, 2);
        const Typed value = call.time(0);
        Type type = Type::of(Kind::DateTime);
        type.zone = call.size() > 1 ? call.zone(1) : value.type.zone;
        return call.made("ae_start(" + value.sql + ", '" + interval + "', " + textLiteral(type.zone) + ", 0)", type);
    };
}

Typed toStartOfInterval(Call &call)
{
    call.takes(2, 3);
    const Typed value = call.time(0);
    const Expression &interval = call.expression().operands[1];
    if (interval.kind != Expression::Kind::Interval)
        throw SqlProblem{interval.at, "tostartofinterval(): an interval is wanted here, such as INTERVAL '15' MINUTE."};
    if (interval.text.starts_with('-') || interval.text.find_first_not_of('0') == std::string::npos)
        throw SqlProblem{interval.at, "tostartofinterval(): the interval has to be longer than nothing."};
    Type type = Type::of(Kind::DateTime);
    type.zone = call.size() > 2 ? call.zone(2) : value.type.zone;
    return call.made("ae_start(" + value.sql + ", " + textLiteral(interval.text + ' ' + interval.unit) + ", " + textLiteral(type.zone) + ", 0)", type);
}

Typed formatDateTime(Call &call)
{
    call.takes(2, 3);
    const Typed value = call.time(0);
    const std::string zone = call.size() > 2 ? call.zone(2) : value.type.zone;
    return call.made("ae_formattime(" + value.sql + ", " + call.text(1).sql + ", " + textLiteral(zone) + ')', Type::of(Kind::String));
}

Typed extract(Call &call)
{
    call.takes(1, 1);
    static const std::map<std::string, std::string, std::less<>> units{{"YEAR", "year"}, {"MONTH", "month"}, {"DAY", "day"}, {"HOUR", "hour"}, {"MINUTE", "minute"}, {"SECOND", "second"}};
    const auto unit = units.find(call.expression().unit);
    if (unit == units.end())
        call.fail("it is written as extract(YEAR FROM time), with YEAR, MONTH, DAY, HOUR, MINUTE or SECOND.");
    const Typed value = call.time(0);
    return call.made("ae_part(" + value.sql + ", '" + unit->second + "', " + textLiteral(value.type.zone) + ')', Type::unsignedInteger(unit->first == "YEAR" ? 16 : 8));
}

// ---- numbers

Handler rounding(const char *function)
{
    return [function](Call &call) {
        call.takes(1, 2);
        const Typed value = call.number(0);
        return call.made(std::string(function) + '(' + value.sql + (call.size() > 1 ? ", " + call.number(1).sql : ", 0") + ')', value.type);
    };
}

Handler toUnsigned(int bits)
{
    return [bits](Call &call) {
        call.takes(1, 1);
        return call.made("ae_unsigned(" + call.any(0).sql + ", " + std::to_string(bits) + ')', Type::unsignedInteger(bits));
    };
}

int bitsOf(const Type &type)
{
    return type.kind == Kind::Integer ? type.bits : type.kind == Kind::Bool ? 8 : type.kind == Kind::DateTime ? 32 : 64;
}

/// What works on the bits of whole numbers, as many as the wider one has.
Handler bits(const char *function, std::size_t arguments, bool first)
{
    return [function, arguments, first](Call &call) {
        call.takes(arguments, arguments);
        std::string sql = std::string(function) + '(';
        int width = 8;
        for (std::size_t i = 0; i < arguments; ++i) {
            const Typed value = call.number(i);
            sql += value.sql + ", ";
            if (i == 0 || !first)
                width = std::max(width, bitsOf(value.type));
        }
        return call.made(sql + std::to_string(width) + ')', Type::unsignedInteger(width));
    };
}

Handler counting(const char *function, std::size_t arguments)
{
    return [function, arguments](Call &call) {
        call.takes(arguments, arguments);
        std::string sql = std::string(function) + '(';
        int width = 8;
        for (std::size_t i = 0; i < arguments; ++i) {
            const Typed value = call.number(i);
            sql += value.sql + ", ";
            width = std::max(width, bitsOf(value.type));
        }
        return call.made(sql + std::to_string(width) + ')', Type::unsignedInteger(8));
    };
}

Handler encoding(const char *function)
{
    return [function](Call &call) {
        call.takes(1, 1);
        const Typed value = call.any(0);
        return call.made(std::string(function) + '(' + value.sql + ", " + std::to_string(value.type.kind == Kind::Float ? 0 : bitsOf(value.type)) + ')', Type::of(Kind::String));
    };
}

// ---- texts, and choices

Handler ofText(const char *function, Type type, std::size_t arguments)
{
    return [function, type, arguments](Call &call) {
        call.takes(arguments, arguments);
        std::string sql = std::string(function) + '(';
        for (std::size_t i = 0; i < arguments; ++i)
            sql += (i ? ", " : "") + call.text(i).sql;
        return call.made(sql + ')', type);
    };
}

Typed substring(Call &call)
{
    call.takes(2, 3);
    std::string sql = "ae_substring(" + call.text(0).sql + ", " + call.number(1).sql;
    if (call.size() > 2)
        sql += ", " + call.number(2).sql;
    return call.made(sql + ')', Type::of(Kind::String));
}

Typed format(Call &call)
{
    call.takes(1, 1000);
    if (call.expression().operands[0].kind == Expression::Kind::Null)
        call.fail("it takes no NULL.");
    std::string sql = "ae_format(" + call.text(0).sql;
    for (std::size_t i = 1; i < call.size(); ++i) {
        const Typed value = call.any(i);
        if (value.type.kind == Kind::Nothing)
            call.fail("it takes no NULL.");
        if (value.type.kind == Kind::DateTime)
            sql += ", ae_formattime(" + value.sql + ", '%F %T', " + textLiteral(value.type.zone) + ')';
        else if (value.type.kind == Kind::Date)
            sql += ", ae_formattime(" + value.sql + ", '%F', '')";
        else
            sql += ", " + value.sql;
    }
    return call.made(sql + ')', Type::of(Kind::String));
}

Typed choice(Call &call)
{
    call.takes(3, 3);
    const Typed condition = call.number(0);
    const Typed yes = call.any(1);
    const Typed no = call.any(2);
    return call.made("iif(" + condition.sql + ", " + yes.sql + ", " + no.sql + ')', common(call, yes, no));
}

Typed intDiv(Call &call)
{
    call.takes(2, 2);
    const Typed left = call.number(0);
    const Typed right = call.number(1);
    Type type = left.type.kind == Kind::Float ? Type::signedInteger(64) : left.type;
    if (left.type.isTime())
        type = Type::unsignedInteger(32);
    if (type.kind == Kind::Bool)
        type = Type::unsignedInteger(8);
    type.isSigned = type.isSigned || right.type.isSigned;
    return call.made("ae_intdiv(" + left.sql + ", " + right.sql + ')', type);
}

const std::map<std::string, Handler, std::less<>> &aggregates()
{
    static const std::map<std::string, Handler, std::less<>> all{{"count", count}, {"sum", sum}, {"avg", average}, {"min", extremum("min")}, {"max", extremum("max")}, {"countif", countIf}, {"sumif", sumIf},
        {"avgif", averageIf}, {"quantileexactweighted", quantile}, {"quantileweighted", quantile}, {"argmax", extremeArgument("ae_argmax")}, {"argmin", extremeArgument("ae_argmin")},
        {"first_value", edge("ae_first")}, {"last_value", edge("ae_last")}, {"topk", top(1)}, {"topkweighted", top(2)}};
    return all;
}

const std::map<std::string, Handler, std::less<>> &scalars()
{
    const Type truth = Type::unsignedInteger(8);
    const Type text = Type::of(Kind::String);
    const Type length = Type::unsignedInteger(64);
    static const std::map<std::string, Handler, std::less<>> all{
        {"now", [](Call &call) { call.takes(0, 0); return call.made(std::to_string(call.now()), Type::of(Kind::DateTime)); }},
        {"today", [](Call &call) { call.takes(0, 0); return call.made(std::to_string(call.now() / 86'400 * 86'400), Type::of(Kind::Date)); }},
        {"todatetime", toDateTime}, {"todate", toDate}, {"formatdatetime", formatDateTime}, {"extract", extract}, {"tostartofinterval", toStartOfInterval},
        {"tounixtimestamp", [](Call &call) { call.takes(1, 1); return call.made(call.time(0).sql, Type::unsignedInteger(32)); }},
        {"toyear", part("year", 16)}, {"tomonth", part("month", 8)}, {"todayofmonth", part("day", 8)}, {"todayofweek", part("weekday", 8)}, {"tohour", part("hour", 8)}, {"tominute", part("minute", 8)},
        {"tosecond", part("second", 8)}, {"toyyyymm", part("yyyymm", 32)}, {"tostartofyear", startOf("1 YEAR")}, {"tostartofmonth", startOf("1 MONTH")},
        {"tostartofweek", startOf("1 WEEK")}, {"tostartofday", startOf("1 DAY")}, {"tostartofhour", startOf("1 HOUR")},
        {"tostartoffifteenminutes", startOf("15 MINUTE")}, {"tostartoftenminutes", startOf("10 MINUTE")}, {"tostartoffiveminutes", startOf("5 MINUTE")},
        {"tostartofminute", startOf("1 MINUTE")}, {"if", choice}, {"intdiv", intDiv},
        {"log", [](Call &call) { call.takes(1, 1); return call.made("ae_log(" + call.number(0).sql + ')', Type::of(Kind::Float)); }},
        {"ln", [](Call &call) { call.takes(1, 1); return call.made("ae_log(" + call.number(0).sql + ')', Type::of(Kind::Float)); }},
        {"pow", [](Call &call) { call.takes(2, 2); const std::string base = call.number(0).sql; return call.made("ae_pow(" + base + ", " + call.number(1).sql + ')', Type::of(Kind::Float)); }},
        {"round", rounding("ae_round")}, {"floor", rounding("ae_floor")}, {"ceil", rounding("ae_ceil")}, {"touint8", toUnsigned(8)}, {"touint32", toUnsigned(32)}, {"bitand", bits("ae_bitand", 2, false)},
        {"bitor", bits("ae_bitor", 2, false)}, {"bitxor", bits("ae_bitxor", 2, false)}, {"bitnot", bits("ae_bitnot", 1, true)}, {"bitshiftleft", bits("ae_bitleft", 2, true)},
        {"bitshiftright", bits("ae_bitright", 2, true)}, {"bitrotateleft", bits("ae_rotateleft", 2, true)}, {"bitrotateright", bits("ae_rotateright", 2, true)}, {"bitcount", counting("ae_bitcount", 1)},
        {"bithammingdistance", counting("ae_bitdistance", 2)}, {"bittest", counting("ae_bittest", 2)}, {"bin", encoding("ae_bin")}, {"hex", encoding("ae_hex")}, {"length", ofText("ae_length", length, 1)},
        {"empty", ofText("ae_empty", truth, 1)}, {"lower", ofText("ae_lower", text, 1)}, {"upper", ofText("ae_upper", text, 1)}, {"lowerutf8", ofText("ae_lowerutf8", text, 1)},
        {"tolower", ofText("ae_lowerutf8", text, 1)}, {"upperutf8", ofText("ae_upperutf8", text, 1)}, {"toupper", ofText("ae_upperutf8", text, 1)}, {"startswith", ofText("ae_startswith", truth, 2)},
        {"endswith", ofText("ae_endswith", truth, 2)}, {"position", ofText("ae_position", length, 2)}, {"substring", substring}, {"format", format},
    };
    return all;
}

} // namespace

bool isAggregate(std::string_view function)
{
    return aggregates().contains(function);
}

Typed translateCall(CallContext &context, const Expression &expression)
{
    const bool aggregate = isAggregate(expression.text);
    const auto &all = aggregate ? aggregates() : scalars();
    const auto found = all.find(expression.text);
    if (found == all.end())
        throw SqlProblem{expression.at, "There is no such function: " + expression.text};
    if (expression.distinct && expression.text != "count" && expression.text != "sum" && expression.text != "avg")
        throw SqlProblem{expression.at, "DISTINCT is for count(), sum() and avg()."};
    if (!aggregate && !expression.parameters.empty())
        throw SqlProblem{expression.at, expression.text + "() takes no parameters."};
    Call call(context, expression);
    return found->second(call);
}

std::string textLiteral(std::string_view text)
{
    if (text.contains('\0')) {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string sql = "CAST(x'";
        for (const char c : text) {
            sql += digits[static_cast<unsigned char>(c) >> 4];
            sql += digits[static_cast<unsigned char>(c) & 15];
        }
        return sql + "' AS TEXT)";
    }
    std::string sql = "'";
    for (const char c : text)
        sql.append(c == '\'' ? 2 : 1, c);
    return sql + '\'';
}

} // namespace cleat::data::analytics
