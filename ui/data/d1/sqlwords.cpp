// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/sqlwords.h"

#include "core/data/d1/sqlscript.h"
#include "core/data/d1/values.h"
#include "ui/widgets/text.h"

#include <QHash>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

struct Token {
    QString text; ///< a name without its quotes, or one sign
    bool name = false;
    bool quoted = false;
    qsizetype end = 0;
};

bool isNameByte(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

struct Scan {
    std::vector<Token> tokens;
    bool open = false; ///< it ends within a text or a comment
};

Scan scan(const QByteArray &sql)
{
    Scan result;
    const qsizetype size = sql.size();
    for (qsizetype i = 0; i < size;) {
        const char c = sql.at(i);
        if (c == '-' && i + 1 < size && sql.at(i + 1) == '-') {
            const qsizetype end = sql.indexOf('\n', i);
            result.open = end < 0;
            i = end < 0 ? size : end + 1;
        } else if (c == '/' && i + 1 < size && sql.at(i + 1) == '*') {
            const qsizetype end = sql.indexOf("*/", i + 2);
            result.open = end < 0;
            i = end < 0 ? size : end + 2;
        } else if (c == '\'') {
            const qsizetype end = sql.indexOf('\'', i + 1); // a doubled one begins another text: the same here
            result.open = end < 0;
            i = end < 0 ? size : end + 1;
            result.tokens.push_back({u"''"_s, false, false, i});
        } else if (c == '"' || c == '`' || c == '[') {
            const qsizetype end = sql.indexOf(c == '[' ? ']' : c, i + 1);
            const qsizetype stop = end < 0 ? size : end;
            result.tokens.push_back({QString::fromUtf8(sql.mid(i + 1, stop - i - 1)), true, true, std::min(stop + 1, size)});
            i = std::min(stop + 1, size);
        } else if (isNameByte(c)) {
            const qsizetype begin = i;
            while (i < size && isNameByte(sql.at(i)))
                ++i;
            result.tokens.push_back({QString::fromUtf8(sql.mid(begin, i - begin)), true, false, i});
        } else {
            ++i;
            if (!std::isspace(static_cast<unsigned char>(c)))
                result.tokens.push_back({QString(QLatin1Char(c)), false, false, i});
        }
    }
    return result;
}

bool isWord(const Token &token, std::initializer_list<QLatin1StringView> words)
{
    return token.name && !token.quoted
        && std::ranges::any_of(words, [&](QLatin1StringView word) { return token.text.compare(word, Qt::CaseInsensitive) == 0; });
}

bool isKeyword(const Token &token)
{
    return token.name && !token.quoted && sqlKeywords().contains(token.text.toUpper());
}

/// The tables of a statement, by the names that it gives them in lower case.
QHash<QString, const d1::Table *> tablesOf(const d1::Schema &schema, const std::vector<Token> &tokens, QList<const d1::Table *> &inOrder)
{
    QHash<QString, const d1::Table *> tables;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        const bool list = tokens[i].text == u","_s; // FROM a, b
        if (!list && !isWord(tokens[i], {"FROM"_L1, "JOIN"_L1, "INTO"_L1, "UPDATE"_L1, "TABLE"_L1}))
            continue;
        const d1::Table *table = tokens[i + 1].name ? schema.find(toUtf8(tokens[i + 1].text)) : nullptr;
        if (!table)
            continue;
        tables.insert(tokens[i + 1].text.toLower(), table);
        if (!inOrder.contains(table))
            inOrder << table;
        std::size_t next = i + 2;
        if (next < tokens.size() && isWord(tokens[next], {"AS"_L1}))
            ++next;
        if (next < tokens.size() && tokens[next].name && !isKeyword(tokens[next]))
            tables.insert(tokens[next].text.toLower(), table);
    }
    return tables;
}

QString spelt(const std::string &name)
{
    const QString text = fromUtf8(name);
    const bool plain = !text.isEmpty() && !text.at(0).isDigit() && std::ranges::all_of(name, isNameByte) && !sqlKeywords().contains(text.toUpper());
    return plain ? text : fromUtf8(d1::quoted(name));
}

} // namespace

SqlCompletion completeSql(const d1::Schema &schema, const QByteArray &script, qsizetype place, Asked asked, Dialect dialect)
{
    SqlCompletion result;
    qsizetype begin = 0;
    qsizetype end = script.size();
    for (const d1::ScriptStatement &statement : d1::splitScript(std::string_view(script.constData(), static_cast<std::size_t>(script.size())))) {
        const auto first = static_cast<qsizetype>(statement.begin);
        const qsizetype last = first + static_cast<qsizetype>(statement.length);
        if (first > place)
            break;
        begin = first;
        const qsizetype semicolon = script.indexOf(';', last);
        end = semicolon < 0 ? script.size() : semicolon;
        if (semicolon >= 0 && place > semicolon) { // behind it: a new one begins
            begin = semicolon + 1;
            end = script.size();
        }
    }
    begin = std::min(begin, place);
    const Scan before = scan(script.mid(begin, place - begin));
    if (before.open)
        return result;
    qsizetype word = place;
    while (word > begin && isNameByte(script.at(word - 1)))
        --word;
    result.typed = place - word;
    const QString typed = QString::fromUtf8(script.mid(word, result.typed));

    std::vector<Token> left = before.tokens;
    if (result.typed > 0 && !left.empty())
        left.pop_back();
    const std::vector<Token> all = scan(script.mid(begin, std::max(end, place) - begin)).tokens;
    QList<const d1::Table *> inOrder;
    const auto tables = tablesOf(schema, all, inOrder);

    const auto offer = [&](const QString &candidate, const QString &plain) {
        if ((typed.isEmpty() || plain.startsWith(typed, Qt::CaseInsensitive)) && !result.words.contains(candidate))
            result.words << candidate;
    };
    const auto offerColumns = [&](const d1::Table &table) {
        for (const d1::Column &column : table.columns)
            offer(spelt(column.name), fromUtf8(column.name));
    };
    const auto offerTables = [&] {
        for (const bool hidden : {false, true}) {
            for (const d1::Table &table : schema.tables) {
                if (table.hidden == hidden && (!hidden || !typed.isEmpty()))
                    offer(spelt(table.name), fromUtf8(table.name));
            }
        }
    };
    if (!left.empty() && left.back().text == u"."_s && !left.back().name) {
        if (left.size() >= 2 && left[left.size() - 2].name) {
            const QString owner = left[left.size() - 2].text;
            const d1::Table *table = tables.value(owner.toLower(), nullptr);
            if (!table)
                table = schema.find(toUtf8(owner));
            if (table)
                offerColumns(*table);
        }
        return result;
    }
    if (!left.empty() && isWord(left.back(), {"FROM"_L1, "JOIN"_L1, "INTO"_L1, "UPDATE"_L1, "TABLE"_L1})) {
        offerTables();
        return result;
    }
    if (typed.isEmpty() && asked == Asked::ByTyping)
        return result;
    if (!typed.isEmpty() && typed.at(0).isDigit())
        return result;
    for (const d1::Table *table : inOrder)
        offerColumns(*table);
    for (auto alias = tables.keyBegin(); alias != tables.keyEnd() && !typed.isEmpty(); ++alias)
        offer(*alias, *alias);
    offerTables();
    for (const QString &keyword : sqlKeywords(dialect))
        offer(keyword, keyword);
    for (const QString &function : sqlFunctions(dialect))
        offer(function, function);
    if (result.words.size() == 1 && result.words.first().compare(typed, Qt::CaseInsensitive) == 0)
        result.words.clear(); // it is there already
    return result;
}

const QStringList &sqlKeywords(Dialect dialect)
{
    static const QStringList analytics =
        u"SELECT FROM WHERE GROUP BY ORDER HAVING LIMIT OFFSET AS AND OR NOT IN BETWEEN LIKE ILIKE IS NULL DISTINCT INTERVAL YEAR MONTH WEEK DAY HOUR MINUTE SECOND "
        "ASC DESC TRUE FALSE FORMAT JSON JSONEachRow TabSeparated SHOW TABLES TIMEZONES TIMEZONE"_s.split(u' ');
    if (dialect == Dialect::Analytics)
        return analytics;
    static const QStringList words = u"SELECT FROM WHERE INSERT INTO VALUES UPDATE SET DELETE CREATE TABLE INDEX VIEW TRIGGER DROP ALTER ADD COLUMN RENAME TO "
                                     u"JOIN LEFT INNER CROSS OUTER RIGHT "
                                     "FULL NATURAL ON USING GROUP BY ORDER HAVING LIMIT OFFSET AS AND OR NOT NULL IS IN LIKE GLOB MATCH REGEXP ESCAPE BETWEEN "
                                     "EXISTS CASE WHEN THEN ELSE END "
                                     "DISTINCT ALL UNION EXCEPT INTERSECT WITH RECURSIVE ASC DESC NULLS FIRST LAST PRIMARY KEY FOREIGN REFERENCES UNIQUE CHECK "
                                     "DEFAULT CONSTRAINT COLLATE NOCASE "
                                     "AUTOINCREMENT STRICT WITHOUT ROWID GENERATED ALWAYS STORED VIRTUAL CONFLICT DO NOTHING RETURNING REPLACE IGNORE ABORT "
                                     "FAIL ROLLBACK BEFORE AFTER INSTEAD OF "
                                     "FOR EACH ROW BEGIN IF CASCADE RESTRICT ACTION NO DEFERRABLE INITIALLY DEFERRED IMMEDIATE EXPLAIN QUERY PLAN PRAGMA "
                                     "ANALYZE REINDEX VACUUM OVER PARTITION "
                                     "WINDOW ROWS RANGE GROUPS UNBOUNDED PRECEDING FOLLOWING CURRENT EXCLUDE TIES OTHERS FILTER MATERIALIZED CAST "
                                     "CURRENT_TIMESTAMP CURRENT_DATE CURRENT_TIME "
                                     "INTEGER TEXT REAL BLOB NUMERIC ANY TRUE FALSE ISNULL NOTNULL INDEXED RAISE TEMP TEMPORARY"_s.split(u' ');
    return words;
}

const QStringList &sqlFunctions(Dialect dialect)
{
    static const QStringList analytics =
        u"argMax argMin avg avgIf bin bitAnd bitCount bitHammingDistance bitNot bitOr bitRotateLeft bitRotateRight bitShiftLeft bitShiftRight bitTest bitXor ceil count "
        "countIf empty endsWith extract first_value floor format formatDateTime hex if intDiv last_value length ln log lower lowerUTF8 max min now position pow "
        "quantileExactWeighted quantileWeighted round startsWith substring sum sumIf toDate toDateTime toDayOfMonth toDayOfWeek toHour toMinute toMonth toSecond "
        "toStartOfDay toStartOfFifteenMinutes toStartOfFiveMinutes toStartOfHour toStartOfInterval toStartOfMinute toStartOfMonth toStartOfTenMinutes toStartOfWeek "
        "toStartOfYear toUInt32 toUInt8 toUnixTimestamp toYear toYYYYMM today topK topKWeighted upper upperUTF8"_s.split(u' ');
    if (dialect == Dialect::Analytics)
        return analytics;
    static const QStringList words =
        u"abs avg changes char coalesce concat concat_ws count date datetime dense_rank exp first_value floor format glob group_concat hex ifnull iif instr "
        u"json "
        "json_array json_array_length json_each json_extract json_group_array json_group_object json_insert json_object json_patch json_quote json_remove "
        "json_replace json_set json_tree json_type json_valid julianday lag last_insert_rowid last_value lead length like lower ltrim max min nth_value ntile "
        "nullif percent_rank power printf quote random randomblob rank replace round row_number rtrim sign sqrt strftime substr substring sum time total "
        "total_changes trim typeof unicode unixepoch upper zeroblob"_s.split(u' ');
    return words;
}

} // namespace cleat::ui
