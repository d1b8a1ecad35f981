// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/d1/d1rules.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace cleat::bindings::d1 {

const std::string_view transactionRefused =
    "To execute a transaction, please use the state.storage.transaction() or state.storage.transactionSync() APIs instead of the SQL BEGIN TRANSACTION or "
    "SAVEPOINT statements. The JavaScript API is safer because it will automatically roll back on exceptions, and because it interacts correctly with Durable "
    "Objects' automatic atomic write coalescing.";

namespace {

// Measured on workerd 1.20261117.
constexpr std::array limits = {
    std::pair(SQLITE_LIMIT_LENGTH, 8'388'642),
    std::pair(SQLITE_LIMIT_SQL_LENGTH, 100'000),
    std::pair(SQLITE_LIMIT_COLUMN, 100),
    std::pair(SQLITE_LIMIT_EXPR_DEPTH, 100),
    std::pair(SQLITE_LIMIT_COMPOUND_SELECT, 5),
    std::pair(SQLITE_LIMIT_VDBE_OP, 25'000),
    std::pair(SQLITE_LIMIT_FUNCTION_ARG, 127),
    std::pair(SQLITE_LIMIT_ATTACHED, 0),
    std::pair(SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    std::pair(SQLITE_LIMIT_VARIABLE_NUMBER, 100),
    std::pair(SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    std::pair(SQLITE_LIMIT_WORKER_THREADS, 0),
};

/// Sorted. What ALTER TABLE calls inside is among them.
constexpr auto functions = std::to_array<std::string_view>({
    "->", "->>", "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "avg", "bm25", "ceil", "changes", "char", "coalesce", "concat",
    "concat_ws", "cos", "cosh", "count", "cume_dist", "current_date", "current_time", "current_timestamp", "date", "datetime", "degrees", "dense_rank", "exp",
    "first_value", "floor", "format", "glob", "group_concat", "hex", "highlight", "ifnull", "iif", "instr", "json", "json_array", "json_array_length",
    "json_extract", "json_group_array", "json_group_object", "json_insert", "json_object", "json_patch", "json_quote", "json_remove", "json_replace",
    "json_set", "json_type", "json_valid", "jsonb", "jsonb_array", "jsonb_extract", "jsonb_group_array", "jsonb_group_object", "jsonb_insert", "jsonb_object",
    "jsonb_patch", "jsonb_remove", "jsonb_replace", "jsonb_set", "julianday", "lag", "last_insert_rowid", "last_value", "lead", "length", "like",
    "likelihood", "likely", "ln", "load_extension", "log", "log2", "lower", "ltrim", "match", "max", "min", "mod", "nth_value", "ntile", "nullif",
    "octet_length", "percent_rank", "pi", "pow", "printf", "quote", "radians", "random", "randomblob", "rank", "replace", "round", "row_number", "rtreecheck",
    "rtrim", "sign", "sin", "sinh", "snippet", "sqlite_drop_column", "sqlite_fail", "sqlite_rename_column", "sqlite_rename_quotefix", "sqlite_rename_table",
    "sqlite_rename_test", "sqrt", "strftime", "string_agg", "substr", "substring", "sum", "tan", "tanh", "time", "timediff", "total", "total_changes", "trim",
    "trunc", "typeof", "unhex", "unicode", "unixepoch", "unlikely", "upper", "zeroblob",
});
static_assert(std::ranges::is_sorted(functions));

constexpr std::array<const char *, 7> modules = {"fts5", "fts5vocab", "rtree", "rtree_i32", "json_each", "json_tree", nullptr};

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return out;
}

bool isReserved(std::string_view name)
{
    return lower(name.substr(0, 4)) == "_cf_";
}

bool isBoolean(std::string_view text)
{
    static constexpr std::array<std::string_view, 8> words = {"true", "false", "on", "off", "yes", "no", "1", "0"};
    return std::ranges::find(words, lower(text)) != words.end();
}

bool isNumber(std::string_view text)
{
    if (text.starts_with('-') || text.starts_with('+'))
        text.remove_prefix(1);
    if (lower(text.substr(0, 2)) == "0x")
        return text.size() > 2 && text.find_first_not_of("0123456789abcdefABCDEF", 2) == text.npos;
    return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

enum class Argument { None, Boolean, Name, MaybeName, MaybeNumber, NumberOrName };

constexpr std::array<std::pair<std::string_view, Argument>, 19> pragmas = {{
    {"case_sensitive_like", Argument::Boolean},
    {"data_version", Argument::None},
    {"defer_foreign_keys", Argument::Boolean},
    {"foreign_key_check", Argument::MaybeName},
    {"foreign_key_list", Argument::Name},
    {"foreign_keys", Argument::Boolean},
    {"ignore_check_constraints", Argument::Boolean},
    {"index_info", Argument::Name},
    {"index_list", Argument::Name},
    {"index_xinfo", Argument::Name},
    {"legacy_alter_table", Argument::Boolean},
    {"optimize", Argument::MaybeNumber},
    {"page_size", Argument::None},
    {"quick_check", Argument::NumberOrName},
    {"recursive_triggers", Argument::Boolean},
    {"reverse_unordered_selects", Argument::Boolean},
    {"table_info", Argument::Name},
    {"table_list", Argument::MaybeName},
    {"table_xinfo", Argument::Name},
}};

bool allowsPragma(std::string_view name, const char *argument)
{
    const std::string known = lower(name);
    const auto found = std::ranges::find(pragmas, known, &std::pair<std::string_view, Argument>::first);
    if (found == pragmas.end())
        return false;
    switch (found->second) {
    case Argument::None:
        return !argument;
    case Argument::Boolean:
        return !argument || isBoolean(argument);
    case Argument::Name:
        return argument && !isReserved(argument);
    case Argument::MaybeName:
    case Argument::NumberOrName:
        return !argument || !isReserved(argument);
    case Argument::MaybeNumber:
        return !argument || isNumber(argument);
    }
    return false;
}

} // namespace

Rules::Rules(sqlite3 *db) : m_db(db)
{
    for (const auto &[limit, value] : limits)
        sqlite3_limit(m_db, limit, value);
    auto keep = modules;
    sqlite3_drop_modules(m_db, keep.data());
    sqlite3_set_authorizer(m_db, authorize, this);
}

Rules::~Rules()
{
    sqlite3_set_authorizer(m_db, nullptr, nullptr);
}

void Rules::begin(Text text)
{
    m_text = text;
    m_seen = {};
}

int Rules::authorize(void *data, int action, const char *first, const char *second, const char *schema, const char *)
{
    auto &self = *static_cast<Rules *>(data);
    if (self.m_text == Text::Own)
        return SQLITE_OK;
    return self.allows(action, first ? first : "", second, schema ? schema : "") ? SQLITE_OK : SQLITE_DENY;
}

bool Rules::allows(int action, std::string_view first, const char *second, std::string_view schema)
{
    // ALTER TABLE looks into the temporary schema as well; nothing else may.
    if (schema == "temp" && action != SQLITE_READ && action != SQLITE_UPDATE && action != SQLITE_SELECT && action != SQLITE_FUNCTION) {
        m_seen.other = true;
        return false;
    }
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
        m_seen.rows = true;
        return true;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        m_seen.rows = true;
        return !isReserved(first);
    case SQLITE_READ:
        m_seen.other = m_seen.other || first.starts_with("pragma_"); // runs that PRAGMA
        return !isReserved(first);
    case SQLITE_FUNCTION:
        return std::ranges::binary_search(functions, lower(second ? second : ""));
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        m_seen.transaction = true;
        return false;
    case SQLITE_PRAGMA:
        m_seen.settings = true;
        m_seen.other = true;
        // SQLite makes a setting while it prepares the PRAGMA; in a transaction some of them do nothing, and that is how D1 runs them all.
        return sqlite3_get_autocommit(m_db) == 0 && allowsPragma(first, second);
    case SQLITE_CREATE_VTABLE:
        m_seen.other = true;
        return !isReserved(first) && second && std::ranges::find(modules, lower(second), [](const char *name) { return std::string(name ? name : ""); }) != modules.end();
    case SQLITE_ALTER_TABLE: // the schema comes first
        m_seen.other = true;
        m_seen.renames = true;
        return !isReserved(second ? second : "");
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TRIGGER:
        m_seen.other = true;
        return !isReserved(first) && !isReserved(second ? second : "");
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_VTABLE:
    case SQLITE_REINDEX:
    case SQLITE_ANALYZE:
        m_seen.other = true;
        return !isReserved(first);
    default: // ATTACH, DETACH, all that is temporary, and what a later SQLite may bring
        m_seen.other = true;
        return false;
    }
}

} // namespace cleat::bindings::d1
