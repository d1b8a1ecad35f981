// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/d1/d1functions.h"

#include <sqlite3.h>

#include <new>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::bindings::d1 {

namespace {

using Values = sqlite3_value **;

constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

bool isNull(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_NULL;
}

std::string_view text(sqlite3_value *value)
{
    const auto *data = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_value_bytes(value))) : std::string_view();
}

void give(sqlite3_context *context, const std::string &result)
{
    sqlite3_result_text64(context, result.data(), result.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// All that is not NULL, with `between` in the gaps.
void join(sqlite3_context *context, std::string_view between, Values values, int count)
{
    std::string result;
    bool first = true;
    for (int i = 0; i < count; ++i) {
        if (isNull(values[i]))
            continue;
        if (!first)
            result += between;
        first = false;
        result += text(values[i]);
    }
    give(context, result);
}

void concat(sqlite3_context *context, int count, Values values)
{
    if (count == 0)
        sqlite3_result_error(context, "wrong number of arguments to function concat()", -1);
    else
        join(context, {}, values, count);
}

void concatWithSeparator(sqlite3_context *context, int count, Values values)
{
    if (count < 2)
        sqlite3_result_error(context, "wrong number of arguments to function concat_ws()", -1);
    else if (isNull(values[0]))
        sqlite3_result_null(context);
    else
        join(context, text(values[0]), values + 1, count - 1);
}

void octetLength(sqlite3_context *context, int, Values values)
{
    if (isNull(values[0]))
        sqlite3_result_null(context);
    else if (sqlite3_value_type(values[0]) == SQLITE_BLOB)
        sqlite3_result_int(context, sqlite3_value_bytes(values[0]));
    else
        sqlite3_result_int64(context, static_cast<sqlite3_int64>(text(values[0]).size()));
}

std::optional<int> digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return std::nullopt;
}

/// NULL when the text is no hexadecimal; characters of the second argument may stand between the pairs of digits.
void unhex(sqlite3_context *context, int count, Values values)
{
    sqlite3_result_null(context);
    if (isNull(values[0]) || (count > 1 && isNull(values[1])))
        return;
    const std::string_view digits = text(values[0]);
    const std::string_view ignored = count > 1 ? text(values[1]) : std::string_view();
    std::string bytes;
    for (std::size_t i = 0; i < digits.size();) {
        const auto high = digit(digits[i]);
        if (!high) {
            if (!ignored.contains(digits[i]))
                return;
            ++i;
            continue;
        }
        const auto low = i + 1 < digits.size() ? digit(digits[i + 1]) : std::nullopt;
        if (!low)
            return;
        bytes += static_cast<char>(*high << 4 | *low);
        i += 2;
    }
    sqlite3_result_blob64(context, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

/// A std::string in memory of SQLite's, which begins as zeros.
struct Joined {
    std::string *text;
};

void aggStep(sqlite3_context *context, int, Values values)
{
    if (isNull(values[0]))
        return;
    auto *joined = static_cast<Joined *>(sqlite3_aggregate_context(context, sizeof(Joined)));
    if (!joined) {
        sqlite3_result_error_nomem(context);
        return;
    }
    if (!joined->text)
        joined->text = new std::string;
    else
        *joined->text += text(values[1]);
    *joined->text += text(values[0]);
}

void aggFinal(sqlite3_context *context)
{
    const auto *joined = static_cast<Joined *>(sqlite3_aggregate_context(context, 0));
    if (!joined || !joined->text) {
        sqlite3_result_null(context);
        return;
    }
    give(context, *joined->text);
    delete joined->text;
}

} // namespace

void addFunctions(sqlite3 *db)
{
    const int version = sqlite3_libversion_number();
    if (version < 3'041'000)
        for (const int count : {1, 2})
            sqlite3_create_function_v2(db, "unhex", count, flags, nullptr, unhex, nullptr, nullptr, nullptr);
    if (version < 3'043'000)
        sqlite3_create_function_v2(db, "octet_length", 1, flags, nullptr, octetLength, nullptr, nullptr, nullptr);
    if (version < 3'044'000) {
        sqlite3_create_function_v2(db, "concat", -1, flags, nullptr, concat, nullptr, nullptr, nullptr);
        sqlite3_create_function_v2(db, "concat_ws", -1, flags, nullptr, concatWithSeparator, nullptr, nullptr, nullptr);
        sqlite3_create_function_v2(db, "string_agg", 2, flags, nullptr, nullptr, aggStep, aggFinal, nullptr);
    }
}

} // namespace cleat::bindings::d1
