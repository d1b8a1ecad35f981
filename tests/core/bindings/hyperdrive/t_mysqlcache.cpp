// SPDX-License-Identifier: GPL-3.0-or-later
// The query cache between a driver and MySQL or MariaDB, with bytes as both send them. t_databases has a real driver and a real server.
#include "core/bindings/hyperdrive/mysqlcache.h"
#include "core/bindings/hyperdrive/mysqlstatement.h"
#include "core/bindings/hyperdrive/mysqlwire.h"

#include <QTest>

#include <memory>
#include <utility>
#include <vector>

using namespace cleat::bindings::hyperdrive;
using namespace mysqlwire;

namespace {

const std::string zero(1, '\0');
constexpr std::uint32_t usual = protocol41 | secureConnection | pluginAuthentication | withDatabase;
constexpr std::uint32_t inTransaction = 1;
constexpr std::uint32_t autocommit = 2;
constexpr std::uint32_t moreResults = 8;

std::string greeting(std::uint32_t capabilities)
{
    return packet(0,
        "\x0a" + std::string("11.4") + zero + number(7, 4) + "12345678" + zero + number(capabilities & 0xFFFF, 2) + "\x2d" + number(2, 2)
            + number(capabilities >> 16, 2) + "\x15" + std::string(10, '\0') + "123456789012" + zero + "mysql_native_password" + zero);
}

std::string response(std::uint32_t capabilities, const std::string &user = "ada", char characters = 45, const std::string &database = "records",
    const std::string &extended = std::string(4, '\0'))
{
    return packet(1,
        number(capabilities, 4) + number(0, 4) + characters + std::string(19, '\0') + extended + user + zero + "\x02" + "pw" + database + zero
            + "mysql_native_password" + zero);
}

std::string ok(std::uint8_t sequence = 1, std::uint32_t status = autocommit)
{
    return packet(sequence, std::string(3, '\0') + number(status, 2) + number(0, 2));
}
std::string eof(std::uint8_t sequence, std::uint32_t status = autocommit, std::uint32_t warnings = 0)
{
    return packet(sequence, "\xfe" + number(warnings, 2) + number(status, 2));
}
std::string error()
{
    return packet(1, "\xff" + number(1146, 2) + "#42S02" + "There is no such table");
}
std::string query(const std::string &sql)
{
    return packet(0, "\x03" + sql);
}
/// One column, one row.
std::string rows(const std::string &value, std::uint32_t status = autocommit, std::uint8_t first = 1, std::uint32_t warnings = 0)
{
    const std::string row =
        value.size() < 0xFB ? static_cast<char>(value.size()) + value : "\xfd" + number(static_cast<std::uint32_t>(value.size()), 3) + value;
    return packet(first, "\x01") + packet(first + 1, "\x03" + std::string("def")) + eof(first + 2) + packet(first + 3, row) + eof(first + 4, status, warnings);
}

std::string prepare(const std::string &sql)
{
    return packet(0, "\x16" + sql);
}
std::string prepared(std::uint32_t id, std::uint32_t parameters)
{
    std::string out = packet(1, zero + number(id, 4) + number(1, 2) + number(parameters, 2) + std::string(3, '\0'));
    std::uint8_t sequence = 2;
    for (std::uint32_t i = 0; i < parameters; ++i)
        out += packet(sequence++, "\x03" + std::string("def?"));
    if (parameters > 0)
        out += eof(sequence++);
    out += packet(sequence++, "\x03" + std::string("def"));
    return out + eof(sequence);
}

enum class Types { Told, Untold };
/// With one parameter that is a text.
std::string run(std::uint32_t id, const std::string &value, Types types = Types::Told, char flags = 0)
{
    return packet(0,
        "\x17" + number(id, 4) + flags + number(1, 4) + zero + (types == Types::Told ? std::string("\x01\xfd\0", 3) : zero) + static_cast<char>(value.size())
            + value);
}

/// A connection, and what has come out at both of its ends.
class Line
{
public:
    explicit Line(std::shared_ptr<QueryCache> cache, std::uint32_t capabilities = usual, const std::string &answer = {})
        : m_filter(std::move(cache), [this](std::string_view sql) { told.emplace_back(sql); })
    {
        this->answer(greeting(capabilities));
        ask(answer.empty() ? response(capabilities) : answer);
        this->answer(ok(2));
        server.clear();
        client.clear();
    }
    void ask(const std::string &bytes, std::size_t pieces = 1)
    {
        const std::size_t size = bytes.size() / pieces + 1;
        for (std::size_t at = 0; at < bytes.size(); at += size) {
            const auto passed = m_filter.fromClient(std::string_view(bytes).substr(at, size), now);
            server += passed.toServer;
            client += passed.toClient;
        }
    }
    void answer(const std::string &bytes, std::size_t pieces = 1)
    {
        const std::size_t size = bytes.size() / pieces + 1;
        for (std::size_t at = 0; at < bytes.size(); at += size)
            client += m_filter.fromServer(std::string_view(bytes).substr(at, size), now);
    }
    /// Asks, answers, and forgets both.
    void have(const std::string &question, const std::string &given)
    {
        ask(question);
        answer(given);
        (void)asked();
        (void)this->given();
    }
    /// What the server is asked and the client is given since the last time.
    std::string asked() { return std::exchange(server, {}); }
    std::string given() { return std::exchange(client, {}); }
    bool isAnsweredHere(const std::string &question)
    {
        (void)asked();
        ask(question);
        return asked().empty();
    }

    std::string server;
    std::string client;
    std::vector<std::string> told;
    std::int64_t now = 1000;

private:
    MySqlCache m_filter;
};

std::shared_ptr<QueryCache> cache(std::int64_t maxAgeMs = 60'000, std::int64_t staleMs = 0)
{
    return std::make_shared<QueryCache>(maxAgeMs, staleMs);
}

} // namespace

class TestMySqlCache final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cacheable_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<bool>("cacheable");
        const auto yes = [](const char *sql) { QTest::newRow(sql) << QByteArray(sql) << true; };
        const auto no = [](const char *sql) { QTest::newRow(sql) << QByteArray(sql) << false; };
        yes("SELECT * FROM articles WHERE id = ?");
        yes("-- all\n# of\n /* it */ (select 1)");
        yes("with a as (select 1) select * from a;");
        yes("select inserted, updated_at, nowhere, replace(a, 'b', 'c') from user");
        yes("select * from mails where address = 'ada@example.org' and title = 'set now(); it''s here'");
        yes("select 1 -- now()");
        yes("select 1 /* drop; @a */");
        yes("select `user`, `database`.`id` from `database`");
        yes("select 5--2");
        yes("select date(published) = ?, rank() over (order by a) from b");
        no("insert into a values (1)");
        no("replace into a values (1)");
        no("with a as (select 1) delete from b");
        no("select * from a into outfile 'x'");
        no("select a into @b from c");
        no("select @a");
        no("select @@version");
        no("select 'a\\'', @b, '");
        no("select 'a\\', now(), '");
        no("select \"it's\", now(), \"'\"");
        no("select * from a for update");
        no("select * from a lock in share mode");
        no("select * from a for share");
        no("select 1; drop table a");
        no("SELECT NOW()");
        no("select sysdate ( )");
        no("select `rand`()");
        no("select rand/**/()");
        no("select * from a where d = CURRENT_DATE");
        no("select curdate() from a");
        no("select uuid()");
        no("select last_insert_id()");
        no("select found_rows()");
        no("select connection_id()");
        no("select sleep(1)");
        no("select get_lock('a', 1)");
        no("select user()");
        no("select database()");
        no("select /*! now() */ 1");
        no("select /*M!100000 1 */");
        no("select sql_no_cache 1");
        no("select sql_calc_found_rows * from a");
        no("select next value for s");
        no("select * from information_schema.tables");
        no("select * from mysql.user");
        no("select 1--now()");
        no("show tables");
        no("begin");
        no("");
        no("/* select 1");
        no("select 'a");
    }
    void cacheable()
    {
        QFETCH(QByteArray, sql);
        QFETCH(bool, cacheable);
        QCOMPARE(isCacheableMySql(sql.toStdString()), cacheable);
    }

    void session_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<bool>("one");
        QTest::addColumn<bool>("several");
        const auto row = [](const char *sql, bool one, bool several) { QTest::newRow(sql) << QByteArray(sql) << one << several; };
        row("SET time_zone = '+01:00'", true, true);
        row("/* mine */ set names latin1", true, true);
        row("select 1; set names latin1", false, true);
        row("insert into a values ('b; c')", false, false);
        row("insert into a values ('b\\'; c')", false, true);
        row("use other", true, true);
        row("create temporary table a (b int)", true, true);
        row("create or replace temporary table a (b int)", true, true);
        row("create table a (b int)", false, false);
        row("lock tables a read", true, true);
        row("prepare a from 'select 1'", true, true);
        row("call a()", true, true);
        row("begin", false, false);
        row("begin work", false, false);
        row("begin; select 1; commit", false, false);
        row("begin not atomic set @@time_zone = '+01:00'; end", true, true);
        row("if 1 then set names latin1; end if", true, true);
        row("/*!40101 SET NAMES utf8 */", true, true);
        row("update a set b = 1", false, false);
        row("(select 1)", false, false);
        row("start transaction", false, false);
        row("xa start 'a'", true, true);
        row("", false, false);
    }
    void session()
    {
        QFETCH(QByteArray, sql);
        QFETCH(bool, one);
        QFETCH(bool, several);
        QCOMPARE(changesMySqlSession(sql.toStdString(), Statements::One), one);
        QCOMPARE(changesMySqlSession(sql.toStdString(), Statements::Several), several);
    }

    void queries_data()
    {
        QTest::addColumn<int>("pieces");
        QTest::newRow("whole") << 1;
        QTest::newRow("in pieces") << 7;
        QTest::newRow("byte by byte") << 100'000;
    }
    void queries()
    {
        QFETCH(int, pieces);
        const auto count = static_cast<std::size_t>(pieces);
        const auto kept = cache();
        Line line(kept);
        const std::string question = query("select name from pilots");
        line.ask(question, count);
        QCOMPARE(line.asked(), question);
        line.answer(rows("ada"), count);
        QCOMPARE(line.given(), rows("ada"));
        line.ask(question, count);
        QCOMPARE(line.asked(), std::string());
        QCOMPARE(line.given(), rows("ada"));
        QVERIFY(line.told == std::vector<std::string>{"select name from pilots"});
        // Of another connection, too; another question is another one.
        Line other(kept);
        QVERIFY(other.isAnsweredHere(question));
        QVERIFY(!other.isAnsweredHere(query("select name from pilots ")));
    }

    void ages()
    {
        Line line(cache());
        line.have(query("select 1"), rows("1"));
        line.now += 60'000;
        QVERIFY(line.isAnsweredHere(query("select 1")));
        line.now += 1;
        QVERIFY(!line.isAnsweredHere(query("select 1")));
    }

    /// What the answer looks like depends on who asks, and how.
    void whoAsks_data()
    {
        QTest::addColumn<quint32>("capabilities");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<bool>("same");
        const auto row = [](const char *name, std::uint32_t capabilities, const std::string &answer, bool same) {
            QTest::newRow(name) << capabilities << QByteArray::fromStdString(answer) << same;
        };
        row("the same", usual, response(usual), true);
        row("what the server has not", usual, response(usual | withoutEof | compression), true);
        row("another user", usual, response(usual, "grace"), false);
        row("another database", usual, response(usual, "ada", 45, "other"), false);
        row("other characters", usual, response(usual, "ada", 8), false);
        row("bytes that look like quotes", usual, response(usual, "ada", 28), false);
        row("another capability", usual | 2, response(usual | 2), false);
        row("MariaDB's", usual, response(usual, "ada", 45, "records", number(8, 4)), false);
        row("MariaDB's, not understood", usual, response(usual, "ada", 45, "records", number(16, 4)), false);
        row("compressed", usual | compression, response(usual | compression), false);
        row("encrypted", usual | canTls, packet(1, number(usual | canTls, 4) + std::string(28, '\0')), false);
    }
    void whoAsks()
    {
        QFETCH(quint32, capabilities);
        QFETCH(QByteArray, answer);
        QFETCH(bool, same);
        const auto kept = cache();
        Line line(kept);
        line.have(query("select 1"), rows("1"));
        Line other(kept, capabilities, answer.toStdString());
        QCOMPARE(other.isAnsweredHere(query("select 1")), same);
    }

    /// Behind a greeting and the answer to it, other ways of logging in may come.
    void loginPasses()
    {
        MySqlCache filter(cache());
        const auto server = [&](const std::string &bytes) { return filter.fromServer(bytes, 0); };
        const auto client = [&](const std::string &bytes) { return filter.fromClient(bytes, 0).toServer; };
        QCOMPARE(server(greeting(usual)), greeting(usual));
        QCOMPARE(client(response(usual)), response(usual));
        const std::string other = packet(2, "\xfe" + std::string("caching_sha2_password") + zero + "12345678901234567890" + zero);
        QCOMPARE(server(other), other);
        QCOMPARE(client(packet(3, "scrambled")), packet(3, "scrambled"));
        QCOMPARE(server(packet(4, "\x01\x04")), packet(4, "\x01\x04"));
        QCOMPARE(client(packet(5, "\x02")), packet(5, "\x02"));
        QCOMPARE(server(packet(6, "\x01key")), packet(6, "\x01key"));
        QCOMPARE(client(packet(7, "encrypted")), packet(7, "encrypted"));
        QCOMPARE(server(ok(8)), ok(8));
        QCOMPARE(client(query("select 1")), query("select 1"));
        QCOMPARE(server(rows("1")), rows("1"));
        QCOMPARE(client(query("select 1")), std::string());
    }

    void whatIsNotKept_data()
    {
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const char *name, const std::string &answer) { QTest::newRow(name) << QByteArray::fromStdString(answer); };
        row("error", error());
        row("nothing to show", ok());
        row("warnings", rows("1", autocommit, 1, 1));
        row("in a transaction", rows("1", autocommit | inTransaction));
        row("transactions by hand", rows("1", 0));
        row("several results", rows("1", autocommit | moreResults) + rows("2", autocommit, 6));
        row("error behind a row",
            packet(1, "\x01") + packet(2, "\x03" + std::string("def")) + eof(3)
                + packet(4,
                    "\x01"
                    "1")
                + packet(5, "\xff" + number(1317, 2) + "#70100Interrupted"));
        row("of a database that is gone", rows("1", autocommit | 0x100));
        row("the session's state", rows("1", autocommit | 0x4000));
    }
    void whatIsNotKept()
    {
        QFETCH(QByteArray, answer);
        const auto kept = cache();
        Line line(kept);
        for (int i = 0; i < 2; ++i) {
            line.ask(query("select 1"));
            QCOMPARE(line.asked(), query("select 1"));
            line.answer(answer.toStdString());
            QCOMPARE(line.given(), answer.toStdString());
        }
        QCOMPARE(kept->bytes(), std::size_t(0));
    }

    /// What a transaction sees is the server's to say.
    void transactions()
    {
        Line line(cache());
        line.have(query("select 1"), rows("1"));
        line.have(query("begin"), ok(1, autocommit | inTransaction));
        line.ask(query("select 1"));
        QCOMPARE(line.asked(), query("select 1"));
        line.answer(rows("2", autocommit | inTransaction));
        line.have(query("insert into a values (1)"), error()); // which says nothing of the transaction
        QVERIFY(!line.isAnsweredHere(query("select 1")));
        line.answer(rows("2", autocommit | inTransaction));
        line.have(query("commit"), ok());
        QVERIFY(line.isAnsweredHere(query("select 1")));
    }

    /// Answers come in the order of their questions: one that waits for the server holds the others up.
    void pipelines()
    {
        Line line(cache());
        line.have(query("select 1"), rows("1"));
        line.ask(query("select 2") + query("select 1"));
        QCOMPARE(line.asked(), query("select 2") + query("select 1"));
        QCOMPARE(line.given(), std::string());
        line.answer(rows("2") + rows("1"));
        QCOMPARE(line.given(), rows("2") + rows("1"));
        line.ask(query("select 2"));
        QCOMPARE(line.given(), rows("2")); // it was kept, although another one came behind it
    }

    void changedSessions_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<bool>("changes");
        const auto row = [](const char *name, const std::string &command, bool changes) {
            QTest::newRow(name) << QByteArray::fromStdString(command) << changes;
        };
        row("SET", query("set time_zone = '+01:00'"), true);
        row("USE", query("use other"), true);
        row("another database", packet(0, "\x02other"), true);
        row("a temporary table", query("create temporary table a (b int)"), true);
        row("another user", packet(0, "\x11grace" + zero), true);
        row("ping", packet(0, "\x0e"), false);
        row("insert", query("insert into a values (1)"), false);
        row("as it began", packet(0, "\x1f"), false);
    }
    void changedSessions()
    {
        QFETCH(QByteArray, command);
        QFETCH(bool, changes);
        Line line(cache());
        line.have(query("select 1"), rows("1"));
        line.have(command.toStdString(), ok());
        QCOMPARE(line.isAnsweredHere(query("select 1")), !changes);
    }

    void statements()
    {
        const auto kept = cache();
        Line line(kept);
        line.ask(prepare("select ?"), 3);
        QCOMPARE(line.asked(), prepare("select ?"));
        line.answer(prepared(5, 1), 4);
        QCOMPARE(line.given(), prepared(5, 1));
        line.ask(run(5, "a"));
        QCOMPARE(line.asked(), run(5, "a"));
        line.answer(rows("a"));
        (void)line.given();
        line.ask(run(5, "a"));
        QCOMPARE(line.asked(), std::string());
        QCOMPARE(line.given(), rows("a"));
        QVERIFY(!line.isAnsweredHere(run(5, "b"))); // another parameter
        line.answer(rows("b"));
        // Numbers are each connection's own.
        Line other(kept);
        other.have(prepare("select 2, ?"), prepared(5, 1));
        other.have(prepare("select ?"), prepared(8, 1));
        QVERIFY(!other.isAnsweredHere(run(5, "a")));
        other.answer(rows("2a"));
        QVERIFY(other.isAnsweredHere(run(8, "a")));
        // As a text, it is another answer.
        QVERIFY(!line.isAnsweredHere(query("select ?")));
        line.answer(error());
        // A number that is used anew.
        other.have(packet(0, "\x19" + number(8, 4)), {});
        other.have(prepare("select 3, ?"), prepared(8, 1));
        QVERIFY(!other.isAnsweredHere(run(8, "a")));
    }

    /// A client tells the types once. The server has not got them when the question was answered here.
    void typesAreMadeUpFor()
    {
        const auto kept = cache();
        Line line(kept);
        line.have(prepare("select ?"), prepared(1, 1));
        line.have(run(1, "a"), rows("a"));
        QVERIFY(line.isAnsweredHere(run(1, "a", Types::Untold)));
        Line other(kept);
        other.have(prepare("select ?"), prepared(2, 1));
        QVERIFY(other.isAnsweredHere(run(2, "a")));
        other.ask(run(2, "b", Types::Untold));
        QCOMPARE(other.asked(), run(2, "b"));
        other.answer(rows("b"));
        other.ask(run(2, "c", Types::Untold));
        QCOMPARE(other.asked(), run(2, "c", Types::Untold));
    }

    /// What says less than it has to is the server's business.
    void statementsThatAreCutOff()
    {
        const auto kept = cache();
        Line line(kept);
        line.have(prepare("select ?"), prepared(1, 1));
        line.have(run(1, "a"), rows("a"));
        Line other(kept);
        other.have(prepare("select ?"), prepared(1, 1));
        QVERIFY(other.isAnsweredHere(run(1, "a")));
        const std::string whole = run(1, "b").substr(headBytes);
        for (std::size_t size = 1; size < 1 + 4 + 1 + 4 + 2; ++size) { // up to where it says whether types follow
            other.ask(packet(0, whole.substr(0, size)));
            QCOMPARE(other.asked(), packet(0, whole.substr(0, size)));
            other.answer(error());
        }
        // MySQL 8: as many parameters as one likes to say.
        Line newer(kept, usual | queryAttributes);
        newer.have(prepare("select ?"), prepared(1, 1));
        const std::string many = packet(0, "\x17" + number(1, 4) + "\x08" + number(1, 4) + "\xfe" + std::string(8, '\xff') + std::string("\0\1", 2));
        newer.ask(many);
        QCOMPARE(newer.asked(), many);
    }

    void statementsThatAreNotKept_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("command");
        const auto row = [](const char *name, const std::string &sql, const std::string &before, const std::string &command) {
            QTest::newRow(name) << QByteArray::fromStdString(sql) << QByteArray::fromStdString(before) << QByteArray::fromStdString(command);
        };
        row("writes", "insert into a values (?)", {}, run(1, "a"));
        row("differs", "select uuid(), ?", {}, run(1, "a"));
        row("a cursor", "select ?", {}, run(1, "a", Types::Told, 1));
        row("long data", "select ?", packet(0, "\x18" + number(1, 4) + number(0, 2) + "long"), run(1, "a"));
        row("types that nobody has told", "select ?", {}, run(1, "a", Types::Untold));
        row("not prepared", "select ?", {}, run(9, "a"));
    }
    void statementsThatAreNotKept()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, command);
        const auto kept = cache();
        Line line(kept);
        line.have(prepare(sql.toStdString()), prepared(1, 1));
        if (!before.isEmpty())
            line.ask(before.toStdString());
        line.have(command.toStdString(), rows("a"));
        line.ask(command.toStdString());
        QCOMPARE(line.asked(), command.toStdString());
        QCOMPARE(kept->bytes(), std::size_t(0));
    }

    /// Rows come when they are fetched; then the connection goes on as before.
    void cursors()
    {
        Line line(cache());
        line.have(query("select 1"), rows("1"));
        line.have(prepare("select ?"), prepared(1, 1));
        line.have(run(1, "a", Types::Told, 1), packet(1, "\x01") + packet(2, "\x03" + std::string("def")) + eof(3, autocommit | 0x40));
        line.ask(packet(0, "\x1c" + number(1, 4) + number(10, 4)));
        line.answer(packet(1,
                        "\x00\x00\x01"
                        "a")
            + eof(2, autocommit | 0x80));
        QVERIFY(line.isAnsweredHere(query("select 1")));
    }

    /// MySQL 8: attributes before the text, names beside types. And no EOF packets.
    void newerOnes()
    {
        constexpr std::uint32_t newer = usual | queryAttributes | withoutEof;
        const auto kept = cache();
        Line line(kept, newer);
        const auto asks = [](const std::string &sql) { return packet(0, std::string("\x03\x00\x01", 3) + sql); };
        const std::string done = packet(4, std::string("\xfe\0\0", 3) + number(autocommit, 2) + number(0, 2));
        const std::string answer = packet(1, "\x01") + packet(2, "\x03" + std::string("def"))
            + packet(3,
                "\x01"
                "1")
            + done;
        line.ask(asks("select 1"));
        line.answer(answer, 9);
        QCOMPARE(line.given(), answer);
        line.ask(asks("select 1"));
        QCOMPARE(line.given(), answer);
        line.have(prepare("select ?"),
            packet(1, zero + number(3, 4) + number(1, 2) + number(1, 2) + std::string(3, '\0')) + packet(2, "\x03" + std::string("def?"))
                + packet(3, "\x03" + std::string("def")));
        const auto runs = [](const std::string &value) {
            return packet(0, "\x17" + number(3, 4) + "\x08" + number(1, 4) + std::string("\x01\0\x01\xfd\0\0", 6) + static_cast<char>(value.size()) + value);
        };
        line.have(runs("a"), answer);
        QVERIFY(line.isAnsweredHere(runs("a")));
        QVERIFY(!line.isAnsweredHere(runs("b")));
        line.answer(answer);
        // A text with attributes is not looked for; what it does to the session is not known.
        line.have(packet(0, std::string("\x03\x01\x01\0\x01\xfd\0\x01n\x01vselect 1", 19)), answer);
        QVERIFY(!line.isAnsweredHere(asks("select 1")));
    }

    /// The server answers about the question before, which it has not seen.
    void aboutTheLastOne()
    {
        Line line(cache());
        line.have(query("select a from b"), rows("1"));
        line.have(query("select 2"), rows("2"));
        QVERIFY(line.isAnsweredHere(query("select a from b")));
        (void)line.given();
        line.ask(query("select found_rows()"));
        QCOMPARE(line.asked(), query("select a from b") + query("select found_rows()"));
        line.answer(rows("1") + rows("7"));
        QCOMPARE(line.given(), rows("7"));
        line.ask(query("show warnings"));
        QCOMPARE(line.asked(), query("show warnings"));
    }

    void staleAnswers_data() { queries_data(); }
    void staleAnswers()
    {
        QFETCH(int, pieces);
        const auto count = static_cast<std::size_t>(pieces);
        const auto kept = cache(60'000, 15'000);
        Line line(kept);
        line.have(query("select 1"), rows("old"));
        line.now += 60'001;
        line.ask(query("select 1"), count);
        QCOMPARE(line.given(), rows("old"));
        QCOMPARE(line.asked(), query("select 1"));
        // Nobody else asks meanwhile, and what is asked next waits for its turn.
        Line other(kept);
        other.now = line.now;
        QVERIFY(other.isAnsweredHere(query("select 1")));
        QCOMPARE(other.given(), rows("old"));
        line.ask(query("insert into a values (1)"));
        QCOMPARE(line.asked(), query("insert into a values (1)"));
        line.answer(rows("new") + ok(), count);
        QCOMPARE(line.given(), ok());
        QVERIFY(other.isAnsweredHere(query("select 1")));
        QCOMPARE(other.given(), rows("new"));
        line.now += 75'001;
        line.ask(query("select 1"));
        QCOMPARE(line.given(), std::string());
        QCOMPARE(line.asked(), query("select 1"));
    }

    void staleAnswersThatFail()
    {
        const auto kept = cache(60'000, 15'000);
        {
            Line line(kept);
            line.have(query("select 1"), rows("old"));
            line.now += 60'001;
            line.ask(query("select 1"));
            QCOMPARE(line.given(), rows("old"));
        } // goes away before it has heard
        Line line(kept);
        line.now += 60'001;
        line.ask(query("select 1"));
        QCOMPARE(line.given(), rows("old"));
        QCOMPARE(line.asked(), query("select 1"));
        line.ask(packet(0, "\x11grace" + zero)); // passes from now on, behind what is swallowed
        line.answer(error() + packet(1, "\xfewhatever"), 5);
        QCOMPARE(line.given(), packet(1, "\xfewhatever"));
        Line other(kept);
        QVERIFY(!other.isAnsweredHere(query("select 1"))); // what has failed is not given any more
    }

    void nonsensePasses()
    {
        Line line(cache());
        const std::string nonsense = packet(3, "\x03select 1") + "more";
        line.ask(nonsense);
        QCOMPARE(line.asked(), nonsense);
        line.ask("and more");
        QCOMPARE(line.asked(), std::string("and more"));
        line.answer("anything");
        QCOMPARE(line.given(), std::string("anything"));
    }

    void files()
    {
        Line line(cache());
        line.have(query("load data local infile 'a' into table b"), packet(1, "\xfb" + std::string("a")));
        line.ask(packet(2, "1\n2\n") + packet(3, ""));
        QCOMPARE(line.asked(), packet(2, "1\n2\n") + packet(3, ""));
        line.answer(ok(4));
        QCOMPARE(line.given(), ok(4));
    }

    /// What is long goes on its way before it is whole, and is not kept.
    void longOnes()
    {
        const auto kept = cache();
        Line line(kept);
        line.have(query("select 1"), rows("1"));
        line.ask(query("select a from b"));
        const std::string answer = rows(std::string(3 << 20, 'x'));
        line.answer(answer.substr(0, 2 << 20));
        QVERIFY(line.client.size() > (1 << 20));
        line.answer(answer.substr(2 << 20));
        QVERIFY(line.given() == answer);
        QVERIFY(!line.isAnsweredHere(query("select a from b")));
        // So long that it goes on in the next packet, which begins as an end would.
        const std::string whole = packet(1, "\x01") + packet(2, "\x03" + std::string("def")) + eof(3) + packet(4, "\xfd" + std::string(fullPacket - 1, 'x'))
            + packet(5,
                "\xfe"
                "abc")
            + eof(6);
        line.answer(whole, 30);
        QVERIFY(line.given() == whole);
        QVERIFY(line.isAnsweredHere(query("select 1")));
        const std::string question = query("insert into b values ('" + std::string(3 << 20, 'y') + "')");
        line.ask(question, 20);
        QVERIFY(line.asked() == question);
    }
};

QTEST_GUILESS_MAIN(TestMySqlCache)
#include "t_mysqlcache.moc"
