// SPDX-License-Identifier: GPL-3.0-or-later
// The Analytics Engine's SQL, by examples of its reference and by what is wrong.
#include "core/bindings/analytics/pointwriter.h"
#include "core/data/analytics/query.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>

using namespace cleat;
using namespace cleat::data::analytics;
using bindings::analytics::DataPoint;
using bindings::analytics::PointWriter;

namespace {

struct Reading {
    const char *time;
    const char *city;
    const char *unit;
    double warmth;
    std::uint32_t weight;
};

// Three cities of a day and of the next one.
constexpr Reading readings[] = {
    {"2025-10-27 09:11:13", "Oslo", "c", 4.5, 1}, {"2025-10-27 09:59:59", "Oslo", "c", 5.5, 1}, {"2025-10-27 10:00:00", "Lima", "c", 21, 10}, {"2025-10-27 16:55:25", "Lima", "c", 23, 1},
    {"2025-10-28 00:00:01", "Cairo", "f", 86, 2}, {"2025-10-28 23:59:59", "Oslo", "c", -2, 1},
};

} // namespace

class AnalyticsSqlTest final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    std::filesystem::path state() const { return m_folder.path().toStdString(); }

    std::string tabs(const std::string &sql) const
    {
        const auto answer = runQuery(state(), sql);
        return answer ? written(*answer, Format::TabSeparated) : std::to_string(answer.error().place.line) + ':' + std::to_string(answer.error().place.column) + ' ' + answer.error().message;
    }
    nlohmann::json json(const std::string &sql) const
    {
        const auto answer = runQuery(state(), sql);
        return answer ? nlohmann::json::parse(written(*answer, answer->format)) : nlohmann::json(answer.error().message);
    }

private Q_SLOTS:
    void initTestCase()
    {
        PointWriter writer(state(), [](const base::Error &error) { qFatal("%s", error.message.c_str()); });
        for (const Reading &reading : readings) {
            DataPoint point;
            const auto answer = runQuery(state(), std::string("SELECT toUnixTimestamp(toDateTime('") + reading.time + "'))");
            QVERIFY(answer.has_value());
            point.timeMs = std::get<std::int64_t>(answer->rows[0][0]) * 1000 + 250;
            point.sampleInterval = reading.weight;
            point.addIndex(reading.city);
            point.addDouble(reading.warmth);
            point.addBlob(reading.city);
            point.addBlob(reading.unit);
            writer.write(writer.dataset("temperatures"), std::move(point));
        }
        DataPoint strange;
        strange.timeMs = 1000;
        strange.addDouble(std::numeric_limits<double>::quiet_NaN());
        strange.addDouble(std::numeric_limits<double>::infinity());
        strange.addBlob("tab\tand 'quote' \\ and\nline");
        strange.addBlob("caf\xc3\xa9 \xff");
        writer.write(writer.dataset("it's odd"), std::move(strange));
    }

    void value_data()
    {
        QTest::addColumn<QByteArray>("expression");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("type");
        const auto row = [](const char *expression, const char *value, const char *type) { QTest::newRow(expression) << QByteArray(expression) << QByteArray(value) << QByteArray(type); };
        row("42", "42", "UInt8");
        row("-42", "-42", "Int8");
        row("4.2", "4.2", "Float64");
        row("-4.2", "-4.2", "Float64");
        row("'so long'", "so long", "String");
        row("'it''s \\'x\\''", "it's 'x'", "String");
        row("true", "true", "Bool");
        row("1 + 2 * 3", "7", "UInt32");
        row("(1 + 2) * 3", "9", "UInt32");
        row("7 / 2", "3.5", "Float64");
        row("7 % 4", "3", "UInt8");
        row("1 / 0", "inf", "Float64");
        row("2 - 3", "-1", "Int16");
        row("intDiv(7, 2)", "3", "UInt8");
        row("intDiv(-7, 2)", "-4", "Int8");
        row("1 = 1", "1", "UInt8");
        row("1 <> 1", "0", "UInt8");
        row("2 BETWEEN 1 AND 3", "1", "UInt8");
        row("2 NOT BETWEEN 1 AND 3", "0", "UInt8");
        row("'a' IN ('b', 'a')", "1", "UInt8");
        row("'a' NOT IN ('b')", "1", "UInt8");
        row("'Error 5' LIKE 'Error%'", "1", "UInt8");
        row("'Error 5' LIKE 'error%'", "0", "UInt8");
        row("'a.JPG' ILIKE '%.jpg'", "1", "UInt8");
        row("'log12' LIKE 'log__' AND 'log1' NOT LIKE 'log__'", "1", "UInt8");
        row("'\xc3\x89t\xc3\xa9' ILIKE '\xc3\xa9_\xc3\x89'", "1", "UInt8");
        row("NOT 1 = 2 OR false", "1", "UInt8");
        row("if(5 > 20, 'It is warm', 'Bring a jumper')", "Bring a jumper", "String");
        row("if(true, 1, 300)", "1", "UInt16");
        row("toDateTime(355924804)", "1981-04-12 12:00:04", "DateTime");
        row("toDateTime('355924804')", "1981-04-12 12:00:04", "DateTime");
        row("toDateTime('1981-04-12 12:00:04')", "1981-04-12 12:00:04", "DateTime");
        row("toDateTime('2022-12-01 16:17:00', 'America/New_York')", "2022-12-01 16:17:00", "DateTime('America/New_York')");
        row("formatDateTime(toDateTime('2022-12-01 22:17:00', 'America/New_York'), '%Y-%m-%d')", "2022-12-01", "String");
        row("formatDateTime(toDateTime('2022-12-01 22:17:00', 'America/New_York'), '%Y-%m-%d', 'Etc/UTC')", "2022-12-02", "String");
        row("toUnixTimestamp(toDateTime('1970-01-01 00:01:00'))", "60", "UInt32");
        row("toYear(toDateTime('2025-10-27 00:00:00'))", "2025", "UInt16");
        row("toMonth(toDateTime('2025-10-27 00:00:00'))", "10", "UInt8");
        row("toDayOfMonth(toDateTime('2025-10-27 00:00:00'))", "27", "UInt8");
        row("toDayOfWeek(toDateTime('2025-11-02 00:00:00'))", "7", "UInt8");
        row("toHour(toDateTime('2025-10-27 09:11:13'))", "9", "UInt8");
        row("toMinute(toDateTime('2025-10-27 09:11:13'))", "11", "UInt8");
        row("toSecond(toDateTime('2025-10-27 09:11:13'))", "13", "UInt8");
        row("extract(SECOND from toDateTime('2022-06-06 11:30:15'))", "15", "UInt8");
        row("toYYYYMM(toDateTime('2025-10-27 16:55:25'))", "202510", "UInt32");
        row("toStartOfYear(toDateTime('2025-10-27 00:00:00'))", "2025-01-01 00:00:00", "DateTime");
        row("toStartOfMonth(toDateTime('2025-10-27 00:00:00'))", "2025-10-01 00:00:00", "DateTime");
        row("toStartOfWeek(toDateTime('2025-10-29 00:00:00'))", "2025-10-27 00:00:00", "DateTime");
        row("toStartOfDay(toDateTime('2025-10-27 05:00:00'))", "2025-10-27 00:00:00", "DateTime");
        row("toStartOfHour(toDateTime('2025-10-27 16:55:25'))", "2025-10-27 16:00:00", "DateTime");
        row("toStartOfFifteenMinutes(toDateTime('2025-10-27 16:55:25'))", "2025-10-27 16:45:00", "DateTime");
        row("toStartOfTenMinutes(toDateTime('2025-10-27 16:55:25'))", "2025-10-27 16:50:00", "DateTime");
        row("toStartOfFiveMinutes(toDateTime('2025-10-27 16:55:25'))", "2025-10-27 16:55:00", "DateTime");
        row("toStartOfMinute(toDateTime('2025-10-27 16:55:25'))", "2025-10-27 16:55:00", "DateTime");
        row("toStartOfInterval(toDateTime('2025-10-27 16:55:25'), INTERVAL '15' MINUTE)", "2025-10-27 16:45:00", "DateTime");
        row("toStartOfInterval(toDateTime('2025-10-27 02:00:00'), INTERVAL '1' DAY, 'America/New_York')", "2025-10-26 00:00:00", "DateTime('America/New_York')");
        row("toDateTime('2025-10-27 00:00:00') - INTERVAL '1' DAY", "2025-10-26 00:00:00", "DateTime");
        row("toDateTime('2024-01-31 00:00:00') + INTERVAL '1' MONTH", "2024-02-29 00:00:00", "DateTime");
        row("INTERVAL '90' SECOND + toDateTime('2024-01-31 00:00:00')", "2024-01-31 00:01:30", "DateTime");
        row("toDateTime('2024-01-02 00:00:00') - toDateTime('2024-01-01 00:00:00')", "86400", "Int32");
        row("toDateTime('2024-01-02 00:00:00') > '2024-01-01 23:59:59'", "1", "UInt8");
        row("now() - INTERVAL '1' HOUR < now()", "1", "UInt8");
        row("today() <= now()", "1", "UInt8");
        row("length('caf\xc3\xa9')", "4", "UInt64");
        row("empty('')", "1", "UInt8");
        row("lower('STRING \xc3\x89')", "string \xc3\x89", "String");
        row("lowerUTF8('STRING \xc3\x89 \xd0\x96 \xce\xa9')", "string \xc3\xa9 \xd0\xb6 \xcf\x89", "String");
        row("toUpper('string \xc3\xa9 \xd0\xb6 \xcf\x89')", "STRING \xc3\x89 \xd0\x96 \xce\xa9", "String");
        row("startsWith('prefix ...', 'prefix')", "1", "UInt8");
        row("endsWith('prefix suffix', 'suffix')", "1", "UInt8");
        row("position(':' IN 'hello: world')", "6", "UInt64");
        row("position('x' IN 'hello')", "0", "UInt64");
        row("substring('hello world', 6)", " world", "String");
        row("substring('hello: world', 1, position(':' IN 'hello: world')-1)", "hello", "String");
        row("substring('\xc3\xa9t\xc3\xa9', 2, 2)", "t\xc3\xa9", "String");
        row("format('blob1: {}, {}', 'x', 1.5)", "blob1: x, 1.5", "String");
        row("format('{} {}', toDateTime(0), toDateTime(0, 'America/New_York'))", "1970-01-01 00:00:00 1969-12-31 19:00:00", "String");
        row("log(1)", "0", "Float64");
        row("pow(3, 2)", "9", "Float64");
        row("round(5.5)", "6", "Float64");
        row("round(3.14, 1)", "3.1", "Float64");
        row("floor(5.5)", "5", "Float64");
        row("floor(3.14, 1)", "3.1", "Float64");
        row("ceil(5.5)", "6", "Float64");
        row("ceil(3.14, 1)", "3.2", "Float64");
        row("toUInt8(300)", "44", "UInt8");
        row("toUInt32('42')", "42", "UInt32");
        row("toUInt32(4.9)", "4", "UInt32");
        row("intDiv(toUInt32(toDateTime(125)), 60) * 60", "120", "UInt64");
        row("bitAnd(1, 3)", "1", "UInt8");
        row("bitOr(1, 2)", "3", "UInt8");
        row("bitXor(1, 2)", "3", "UInt8");
        row("bitNot(1)", "254", "UInt8");
        row("bitHammingDistance(3, 0)", "2", "UInt8");
        row("bitCount(255)", "8", "UInt8");
        row("bitRotateLeft(1, 1)", "2", "UInt8");
        row("bitRotateLeft(128, 1)", "1", "UInt8");
        row("bitRotateRight(1, 1)", "128", "UInt8");
        row("bitRotateRight(12, 2)", "3", "UInt8");
        row("bitShiftLeft(128, 1)", "0", "UInt8");
        row("bitShiftRight(12, 2)", "3", "UInt8");
        row("bitTest(3, 1)", "1", "UInt8");
        row("bitTest(2, 0)", "0", "UInt8");
        row("bin(1)", "00000001", "String");
        row("bin('ab')", "0110000101100010", "String");
        row("hex(1)", "01", "String");
        row("hex(1000)", "03E8", "String");
        row("hex('abc')", "616263", "String");
    }

    void value()
    {
        QFETCH(QByteArray, expression);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, type);
        QCOMPARE(tabs("SELECT " + expression.toStdString()), value.toStdString() + '\n');
        const auto whole = json("SELECT " + expression.toStdString() + " AS x");
        QVERIFY2(whole.is_object(), whole.dump().c_str());
        QCOMPARE(whole["meta"][0]["type"].get<std::string>(), type.toStdString());
    }

    void rows_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("rows");
        const auto row = [](const char *name, const char *sql, const char *rows) { QTest::newRow(name) << QByteArray(sql) << QByteArray(rows); };
        row("columns", "SELECT timestamp, blob1 AS city, double1, _sample_interval, dataset, blob20, double20 FROM temperatures LIMIT 1", "2025-10-27 09:11:13\tOslo\t4.5\t1\ttemperatures\t\t0\n");
        row("aliases", "SELECT blob1 AS probe, double1 AS temp_c, temp_c*1.8+32 AS temp_f FROM temperatures WHERE probe = 'Lima' ORDER BY temp_f DESC LIMIT 1", "Lima\t23\t73.4\n");
        row("weighted", "SELECT index1, SUM(_sample_interval) AS n FROM temperatures GROUP BY index1 ORDER BY n DESC", "Lima\t11\nOslo\t3\nCairo\t2\n");
        row("average", "SELECT SUM(_sample_interval * double1) / SUM(_sample_interval) AS a FROM temperatures WHERE blob1 = 'Lima'", "21.181818181818183\n");
        row("hours", "SELECT toStartOfInterval(timestamp, INTERVAL '1' HOUR) AS hour, count() FROM temperatures GROUP BY hour ORDER BY hour ASC LIMIT 2", "2025-10-27 09:00:00\t2\n2025-10-27 10:00:00\t1\n");
        row("of the group", "SELECT formatDateTime(toStartOfDay(timestamp), '%d') AS d, toStartOfDay(timestamp) AS s, count() FROM temperatures GROUP BY s ORDER BY d", "27\t2025-10-27 00:00:00\t4\n28\t2025-10-28 00:00:00\t2\n");
        row("alias of a column's name", "SELECT toStartOfDay(timestamp) AS timestamp, count() AS n FROM temperatures GROUP BY timestamp ORDER BY timestamp", "2025-10-27 00:00:00\t4\n2025-10-28 00:00:00\t2\n");
        row("having", "SELECT blob1 AS city, avg(double1) AS a, count() AS n FROM temperatures GROUP BY city HAVING a > 2 AND n >= 2 ORDER BY city", "Lima\t22\t2\nOslo\t2.6666666666666665\t3\n");
        row("positions", "SELECT blob2, count() FROM temperatures GROUP BY 1 ORDER BY 2 DESC", "c\t5\nf\t1\n");
        row("subquery", "SELECT avg(n), max(city) FROM (SELECT blob1 AS city, count() AS n FROM temperatures GROUP BY city ORDER BY n) WHERE n > 1", "2.5\tOslo\n");
        row("subquery in another", "SELECT c + 1 AS d FROM (SELECT b * 2 AS c, b FROM (SELECT count() AS b FROM temperatures)) ORDER BY c", "13\n");
        row("offset", "SELECT double1 FROM temperatures ORDER BY double1 LIMIT 2 OFFSET 1", "4.5\n5.5\n");
        row("limit all", "SELECT count() FROM temperatures LIMIT ALL", "6\n");
        row("distinct", "SELECT count(DISTINCT blob1), sum(DISTINCT _sample_interval), count(*) FROM temperatures", "3\t13\t6\n");
        row("if", "SELECT countIf(blob1 = 'Oslo'), sumIf(double1, double1 < 5), avgIf(double1, blob2 = 'f'), sumIf(_sample_interval, double1 > 1000) FROM temperatures", "3\t2.5\t86\t0\n");
        row("no rows", "SELECT count(), sum(double1), avg(double1), min(double1), max(blob1) FROM temperatures WHERE blob1 = 'none'", "0\t0\tnan\t0\t\n");
        row("quantile", "SELECT quantileExactWeighted(0.5)(double1, _sample_interval), quantileWeighted(0.95, double1, _sample_interval), quantileExactWeighted(0)(double1, 1) FROM temperatures", "21\t86\t-2\n");
        row("arg", "SELECT argMax(blob1, double1), argMin(blob1, double1), argMax(blob1, timestamp) FROM temperatures", "Cairo\tOslo\tOslo\n");
        row("edges", "SELECT first_value(double1), last_value(double1) FROM temperatures", "4.5\t-2\n");
        row("top", "SELECT topK(2)(blob1), topKWeighted(1)(blob1, _sample_interval), topK(1)(_sample_interval) FROM temperatures", "['Oslo','Lima']\t['Lima']\t[1]\n");
        row("time", "SELECT count() FROM temperatures WHERE timestamp >= toDateTime('2025-10-28 00:00:00') AND timestamp < '2025-10-28 12:00:00'", "1\n");
        row("case and comments", "select COUNT() as N -- a comment\nfrom /* the\ndata */ temperatures where BLOB1 = 'Oslo';", "3:28 There is no such column: BLOB1");
        row("quoted names", "SELECT \"blob1\" AS `the city` FROM \"temperatures\" WHERE `the city` <> 'Oslo' ORDER BY \"the city\" LIMIT 1", "Cairo\n");
        row("odd texts", "SELECT blob1, double1, double2 FROM \"it's odd\"", "tab\\tand 'quote' \\\\ and\\nline\tnan\tinf\n");
        row("tables", "SHOW TABLES", "it's odd\ntemperatures\n");
        row("timezone", "SHOW TIMEZONE", "Etc/UTC\n");
        row("group of a constant", "SELECT 5 AS x, count() FROM temperatures GROUP BY x ORDER BY x", "5\t6\n");
        row("from the guide", "SELECT blob1 AS city, max(double1) as max_temp, min(double1) as min_temp FROM temperatures WHERE timestamp > NOW() - INTERVAL '1' DAY GROUP BY city ORDER BY city", "");
    }

    void rows()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, rows);
        QCOMPARE(tabs(sql.toStdString()), rows.toStdString());
    }

    void wrong_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char *sql, const char *message) { QTest::newRow(sql) << QByteArray(sql) << QByteArray(message); };
        row("", "1:1 Only SELECT and SHOW are there");
        row("DROP TABLE temperatures", "1:1 Only SELECT and SHOW are there");
        row("INSERT INTO temperatures VALUES (1)", "1:1 Only SELECT and SHOW are there");
        row("SELECT", "1:7 The query ends too early");
        row("SELECT 1,\n  2 FROM", "2:9 The query ends too early");
        row("SELECT 1 1", "1:10 This is not expected here: 1");
        row("SELECT 1; SELECT 2", "1:11 This is not expected here: SELECT");
        row("SELECT 'x", "1:8 This text has no end");
        row("SELECT 1 /* x", "1:10 This comment has no end");
        row("SELECT 1 # 2", "1:10 This character is no part of the language");
        row("SELECT 12ab", "1:8 A number cannot go on with a letter");
        row("SELECT (1", "1:10 The query ends too early");
        row("SELECT 1 FORMAT XML", "1:17 There is no such format");
        row("SELECT DISTINCT blob1 FROM temperatures", "1:8 SELECT DISTINCT is not there");
        row("SELECT 1 FROM temperatures JOIN x", "1:28 A query can read one dataset only");
        row("SELECT 1 FROM temperatures, x", "1:27 A query can read one dataset only");
        row("SELECT 1 UNION SELECT 2", "1:10 There is no UNION");
        row("SELECT nowhere FROM temperatures", "1:8 There is no such column: nowhere");
        row("SELECT blob21 FROM temperatures", "1:8 There is no such column: blob21");
        row("SELECT blob1", "1:8 There is no FROM");
        row("SELECT *", "1:1 * wants a FROM");
        row("SELECT 1 FROM nothing", "1:15 There is no dataset nothing");
        row("SELECT 1 FROM sqlite_schema", "1:15 There is no dataset sqlite_schema");
        row("SELECT load_extension('x')", "1:8 There is no such function: load_extension");
        row("SELECT ae_add(1, 2, 3, 4)", "1:8 There is no such function: ae_add");
        row("SELECT sum(blob1) FROM temperatures", "1:12 sum(): a number is wanted here, and this is a String");
        row("SELECT sum(1, 2)", "1:8 sum(): it takes 1 argument.");
        row("SELECT sum(sum(double1)) FROM temperatures", "1:12 An aggregate function stands in another one");
        row("SELECT blob1, count() FROM temperatures", "1:8 The column blob1 is in no aggregate function, and not in GROUP BY");
        row("SELECT *, count() FROM temperatures", "1:1 The column dataset is in no aggregate function");
        row("SELECT blob2 FROM temperatures GROUP BY blob1", "1:8 The column blob2 is in no aggregate function");
        row("SELECT count() FROM temperatures WHERE count() > 1", "1:40 WHERE filters rows before they are aggregated");
        row("SELECT count() AS n FROM temperatures WHERE n > 1", "1:8 WHERE filters rows before they are aggregated");
        row("SELECT 1 FROM temperatures GROUP BY count()", "1:37 GROUP BY takes no aggregate functions");
        row("SELECT blob1 FROM temperatures ORDER BY 2", "1:41 There is no column 2 in SELECT");
        row("SELECT 1 FROM temperatures WHERE blob1", "1:34 A condition is wanted here, and this is a String");
        row("SELECT blob1 = 1 FROM temperatures", "1:16 A String and a UInt8 cannot be compared");
        row("SELECT blob1 + 1 FROM temperatures", "1:8 The operator + takes no String here");
        row("SELECT 1 FROM temperatures WHERE timestamp > 'noon'", "1:46 A time is wanted here");
        row("SELECT INTERVAL '1' DAY", "1:8 An interval can only be added");
        row("SELECT now() - INTERVAL '1' FORTNIGHT", "1:29 There is no such unit of time");
        row("SELECT now() - INTERVAL 'x' DAY", "1:25 An interval wants a whole number");
        row("SELECT toStartOfInterval(now(), 15)", "1:33 tostartofinterval(): an interval is wanted here");
        row("SELECT toStartOfInterval(now(), INTERVAL '0' DAY)", "1:33 tostartofinterval(): the interval has to be longer than nothing");
        row("SELECT toDateTime('x', 'Mars/Olympus')", "1:24 There is no such time zone: Mars/Olympus");
        row("SELECT toDateTime('soon')", "0:0 toDateTime() cannot read this time: soon");
        row("SELECT quantileExactWeighted(2)(double1, 1) FROM temperatures", "1:30 This number is not within its bounds");
        row("SELECT topK(double1)(blob1) FROM temperatures", "1:13 A number has to be written out here");
        row("SELECT 1 AS a, 2 AS a", "1:16 Two columns have the alias a");
        row("SELECT b AS a, a AS b FROM temperatures", "1:16 There is no such column");
        row("SELECT 99999999999999999999", "1:8 This number is too large");
        row("SELECT intDiv(1, 0)", "0:0 Division by zero");
        row("SELECT 1 LIMIT -1", "1:16 This is not expected here: -");
        row("SELECT if(1, 2, 'x')", "1:8 if(): a UInt8 and a String have no type in common");
        row("SELECT 1 IN (SELECT 2)", "1:14 IN takes a list of values");
    }

    void wrong()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, message);
        const std::string told = tabs(sql.toStdString());
        QVERIFY2(told.starts_with(message.toStdString()), told.c_str());
    }

    void formats()
    {
        const auto answer = runQuery(state(), "SELECT blob1 AS city, count() AS n, max(double1) AS warmest, max(timestamp) AS last FROM temperatures GROUP BY city ORDER BY city LIMIT 1");
        QVERIFY(answer.has_value());
        QCOMPARE(answer->format, Format::Json);
        QCOMPARE(written(*answer, Format::Json), std::string(R"({"meta":[{"name":"city","type":"String"},{"name":"n","type":"UInt64"},{"name":"warmest","type":"Float64"},{"name":"last","type":"DateTime"}],"data":[)"
                                                             "\n" R"({"city":"Cairo","n":"1","warmest":86,"last":"2025-10-28 00:00:01"}],"rows":1})" "\n"));
        QCOMPARE(written(*answer, Format::JsonEachRow), std::string(R"({"city":"Cairo","n":"1","warmest":86,"last":"2025-10-28 00:00:01"})" "\n"));
        QCOMPARE(runQuery(state(), "SELECT 1 FORMAT JSONEachRow")->format, Format::JsonEachRow);
        QCOMPARE(runQuery(state(), "SHOW TABLES FORMAT TabSeparated")->format, Format::TabSeparated);
        const auto odd = json("SELECT * FROM \"it's odd\"");
        QVERIFY(odd["data"][0]["double1"].is_null());
        QVERIFY(odd["data"][0]["double2"].is_null());
        QCOMPARE(odd["data"][0]["blob2"].get<std::string>(), std::string("caf\xc3\xa9 \xef\xbf\xbd"));
        QCOMPARE(odd["data"][0].size(), 44U);
        QCOMPARE(odd["rows"].get<int>(), 1);
        QCOMPARE(json("SELECT topK(blob1) AS t, topK(1)(_sample_interval) AS s FROM temperatures")["data"][0].dump(), std::string(R"({"s":[1],"t":["Oslo","Lima","Cairo"]})"));
        QCOMPARE(json("SELECT count()   , blob1 x FROM temperatures GROUP BY x LIMIT 1")["meta"][0]["name"].get<std::string>(), std::string("count()"));
    }

    void nested()
    {
        QVERIFY(tabs("SELECT " + std::string(5000, '(') + "1" + std::string(5000, ')')).contains("nested too deeply"));
        std::string sum = "SELECT 1";
        for (int i = 0; i < 2000; ++i)
            sum += "+1";
        QVERIFY(tabs(sum).contains("too many operators"));
        std::string doubling = "SELECT 1 AS a0";
        for (int i = 1; i < 40; ++i)
            doubling += ", a" + std::to_string(i - 1) + " + a" + std::to_string(i - 1) + " AS a" + std::to_string(i);
        QVERIFY(tabs(doubling).contains("too long once its aliases are put in"));
        std::string from = "temperatures";
        for (int i = 0; i < 200; ++i)
            from = "(SELECT * FROM " + from + ")";
        QVERIFY(tabs("SELECT 1 FROM " + from).contains("nested too deeply"));
    }

    void limits()
    {
        {
            PointWriter writer(state(), [](const base::Error &error) { qFatal("%s", error.message.c_str()); });
            for (int i = 0; i < 30'000; ++i) {
                DataPoint point;
                point.timeMs = i;
                point.addBlob(std::string(100, 'x'));
                writer.write(writer.dataset("large"), std::move(point));
            }
        }
        const auto late = runQuery(state(), "SELECT sum(length(lowerUTF8(blob1)) * length(upperUTF8(blob1))) FROM large", {std::chrono::milliseconds(0), 1U << 20});
        QCOMPARE(late ? std::string() : late.error().code, std::string("analytics.time"));
        const auto large = runQuery(state(), "SELECT * FROM large", {std::chrono::milliseconds(600'000), 1U << 20});
        QCOMPARE(large ? std::string() : large.error().code, std::string("analytics.size"));
        std::stop_source stop;
        stop.request_stop();
        const auto stopped = runQuery(state(), "SELECT sum(length(blob1)) FROM large", {}, {stop.get_token(), {}});
        QCOMPARE(stopped ? std::string() : stopped.error().code, std::string("data.cancelled"));
        QCOMPARE(tabs("SELECT count() FROM large"), std::string("30000\n"));
    }
};

QTEST_GUILESS_MAIN(AnalyticsSqlTest)
#include "t_analyticssql.moc"
