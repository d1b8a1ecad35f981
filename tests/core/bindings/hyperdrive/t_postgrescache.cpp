// SPDX-License-Identifier: GPL-3.0-or-later
// The query cache between a driver and PostgreSQL, with bytes as both send them. t_databases has a real driver and a real server.
#include "core/bindings/hyperdrive/postgrescache.h"
#include "core/bindings/hyperdrive/postgreswire.h"

#include <QTest>

#include <vector>

using namespace cleat::bindings::hyperdrive;
using postgreswire::message;

namespace {

const std::string zero(1, '\0');

std::string query(const std::string &sql) { return message('Q', sql + zero); }
std::string parse(const std::string &name, const std::string &sql) { return message('P', name + zero + sql + zero + std::string(2, '\0')); }
std::string bound(const std::string &statement, const std::string &value) { return message('B', zero + statement + zero + std::string(2, '\0') + std::string("\0\1", 2) + postgreswire::number(static_cast<std::uint32_t>(value.size())) + value + std::string(2, '\0')); }
const std::string describe = message('D', "P" + zero);
const std::string execute = message('E', zero + std::string(4, '\0'));
const std::string syncs = message('S', "");
std::string ready(char state = 'I') { return message('Z', std::string(1, state)); }
std::string rows(const std::string &value) { return message('T', "columns") + message('D', value) + message('C', "SELECT 1" + zero) + ready(); }
const std::string startUp = [] {
    const std::string body = postgreswire::number(196608) + "user" + zero + "ada" + zero + zero;
    return postgreswire::number(static_cast<std::uint32_t>(body.size() + 4)) + body;
}();
const std::string welcome = message('R', postgreswire::number(0)) + message('S', "server_version" + zero + "15" + zero) + message('K', "12345678") + ready();

/// A connection, and what has come out at both of its ends.
class Line
{
public:
    explicit Line(std::shared_ptr<QueryCache> cache, bool started = true) : m_filter(std::move(cache), [this](std::string_view sql) { told.emplace_back(sql); })
    {
        if (!started)
            return;
        ask(startUp);
        answer(welcome);
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
    /// What the server is asked and the client is given since the last time.
    std::string asked() { return std::exchange(server, {}); }
    std::string given() { return std::exchange(client, {}); }

    std::string server;
    std::string client;
    std::vector<std::string> told;
    std::int64_t now = 1000;

private:
    PostgresCache m_filter;
};

std::shared_ptr<QueryCache> cache(std::int64_t maxAgeMs = 60'000, std::int64_t staleMs = 0)
{
    return std::make_shared<QueryCache>(maxAgeMs, staleMs);
}

} // namespace

class TestPostgresCache final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cacheable_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<bool>("cacheable");
        QTest::newRow("select") << QByteArray("SELECT * FROM articles WHERE id = $1") << true;
        QTest::newRow("comments before") << QByteArray("-- all\n /* of */ (select 1)") << true;
        QTest::newRow("with") << QByteArray("with a as (select 1) select * from a;") << true;
        QTest::newRow("names that hold words") << QByteArray("select inserted, updated_at, nowhere from known") << true;
        QTest::newRow("insert") << QByteArray("insert into a values (1)") << false;
        QTest::newRow("with that writes") << QByteArray("with a as (delete from b returning *) select * from a") << false;
        QTest::newRow("select into") << QByteArray("select * into b from a") << false;
        QTest::newRow("locks") << QByteArray("select * from a for update") << false;
        QTest::newRow("two") << QByteArray("select 1; drop table a") << false;
        QTest::newRow("now") << QByteArray("SELECT NOW()") << false;
        QTest::newRow("without brackets") << QByteArray("select * from a where d = CURRENT_DATE") << false;
        QTest::newRow("in a comment") << QByteArray("select 1 /* now() */") << false;
        QTest::newRow("the server's own") << QByteArray("select pg_backend_pid()") << false;
        QTest::newRow("sequence") << QByteArray("select lastval(), * from a") << false;
        QTest::newRow("begin") << QByteArray("begin") << false;
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("a comment without an end") << QByteArray("/* select 1") << false;
    }
    void cacheable()
    {
        QFETCH(QByteArray, sql);
        QFETCH(bool, cacheable);
        QCOMPARE(isCacheable(sql.toStdString()), cacheable);
    }

    void session_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<bool>("changes");
        QTest::newRow("set") << QByteArray("SET search_path TO other") << true;
        QTest::newRow("behind a comment") << QByteArray("/* mine */ set role ada") << true;
        QTest::newRow("behind another statement") << QByteArray("select 1;\n set role ada") << true;
        QTest::newRow("by a function") << QByteArray("select set_config('search_path', 'other', false)") << true;
        QTest::newRow("a table of its own") << QByteArray("create temp table pilots (n int)") << true;
        QTest::newRow("update") << QByteArray("update pilots set name = 'ada'") << false;
        QTest::newRow("select") << QByteArray("select settings from created") << false;
        QTest::newRow("begin") << QByteArray("begin;") << false;
        QTest::newRow("nothing") << QByteArray() << false;
    }
    void session()
    {
        QFETCH(QByteArray, sql);
        QFETCH(bool, changes);
        QCOMPARE(changesSession(sql.toStdString()), changes);
    }

    void simpleQueries_data()
    {
        QTest::addColumn<int>("pieces");
        QTest::newRow("whole") << 1;
        QTest::newRow("in pieces") << 7;
        QTest::newRow("byte by byte") << 100'000;
    }
    void simpleQueries()
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
        other.ask(question, count);
        QCOMPARE(other.given(), rows("ada"));
        other.ask(query("select name from pilots "), count);
        QVERIFY(!other.asked().empty());
    }

    void ages()
    {
        Line line(cache(60'000));
        line.ask(query("select 1"));
        line.answer(rows("1"));
        line.now += 60'000;
        (void)line.asked();
        line.ask(query("select 1"));
        QCOMPARE(line.asked(), std::string());
        line.now += 1;
        line.ask(query("select 1"));
        QVERIFY(!line.asked().empty());
    }

    /// Too old, and not for long: it is given at once, and asked for again behind the client's back.
    void staleAnswers_data()
    {
        QTest::addColumn<int>("pieces");
        QTest::newRow("whole") << 1;
        QTest::newRow("byte by byte") << 100'000;
    }
    void staleAnswers()
    {
        QFETCH(int, pieces);
        const auto count = static_cast<std::size_t>(pieces);
        const auto kept = cache(60'000, 15'000);
        Line line(kept);
        line.ask(query("select 1"));
        line.answer(rows("old"));
        (void)line.asked();
        (void)line.given();
        line.now += 60'001;
        line.ask(query("select 1"), count);
        QCOMPARE(line.given(), rows("old"));
        QCOMPARE(line.asked(), query("select 1"));
        // Nobody else asks meanwhile, and what is asked next waits for its turn.
        Line other(kept);
        other.now = line.now;
        other.ask(query("select 1"));
        QCOMPARE(other.given(), rows("old"));
        QCOMPARE(other.asked(), std::string());
        line.ask(query("select 1"));
        QCOMPARE(line.given(), rows("old"));
        line.ask(query("insert into a values (1)"));
        QCOMPARE(line.asked(), query("insert into a values (1)"));
        const std::string inserted = message('C', "INSERT 0 1" + zero) + ready();
        line.answer(rows("new") + inserted, count);
        QCOMPARE(line.given(), inserted);
        other.ask(query("select 1"));
        QCOMPARE(other.given(), rows("new"));
        QCOMPARE(other.asked(), std::string());
        line.ask(query("select 1"));
        QCOMPARE(line.given(), rows("new"));
        line.now += 75'001;
        line.ask(query("select 1"));
        QCOMPARE(line.given(), std::string());
        QCOMPARE(line.asked(), query("select 1"));
    }

    /// The database does not answer as it did, or goes away.
    void staleAnswersThatFail()
    {
        const std::string error = message('E', "SERROR" + zero + "VERROR" + zero + zero) + ready();
        const std::string fatal = message('E', "SFATAL" + zero + "VFATAL" + zero + zero);
        for (int i = 0; i < 3; ++i) {
            const auto kept = cache(60'000, 15'000);
            auto line = std::make_unique<Line>(kept);
            line->ask(query("select 1"));
            line->answer(rows("old"));
            line->now += 60'001;
            (void)line->given();
            line->ask(query("select 1"));
            QCOMPARE(line->given(), rows("old"));
            (void)line->asked();
            if (i == 0) { // what has failed is not given any more
                line->answer(error);
                QCOMPARE(line->given(), std::string());
                line->ask(query("select 1"));
                QCOMPARE(line->asked(), query("select 1"));
                line->answer(error);
                QCOMPARE(line->given(), error);
            } else if (i == 1) { // the client hears why its connection ends
                line->answer(fatal);
                QCOMPARE(line->given(), fatal);
                line.reset();
                Line next(kept);
                next.now += 60'001;
                next.ask(query("select 1"));
                QCOMPARE(next.given(), rows("old"));
                QCOMPARE(next.asked(), query("select 1")); // somebody else asks
                next.answer(rows("new"));
            } else { // what cannot be understood passes behind it
                line->ask("Q" + postgreswire::number(1));
                line->answer(rows("new") + "anything");
                QCOMPARE(line->given(), std::string("anything"));
            }
        }
    }

    void staleStatements()
    {
        const auto kept = cache(60'000, 15'000);
        const std::string made = message('1', "");
        const std::string like = message('t', "types") + message('T', "columns");
        const auto describes = [](const std::string &name) { return message('D', "S" + name + zero); };
        const std::string flush = message('H', "");
        const auto run = [](const std::string &name) { return bound(name, "a") + execute + syncs; };
        Line line(kept);
        line.ask(parse("s1", "select $1") + describes("s1") + flush);
        line.answer(made + like);
        line.ask(run("s1"));
        line.answer(message('2', "") + rows("old"));
        // What a statement is like is asked up to Sync, which says where the answer ends.
        Line other(kept);
        other.now += 60'001;
        other.ask(parse("s2", "select $1") + describes("s2") + flush);
        QCOMPARE(other.given(), made + like);
        QCOMPARE(other.asked(), parse("s2", "select $1") + describes("s2") + syncs);
        other.ask(run("s2"));
        QCOMPARE(other.given(), message('2', "") + rows("old"));
        QCOMPARE(other.asked(), run("s2"));
        other.answer(made + like + ready() + message('2', "") + rows("new"));
        QCOMPARE(other.given(), std::string());
        Line third(kept);
        third.now = other.now;
        third.ask(parse("s3", "select $1") + describes("s3") + flush);
        QCOMPARE(third.given(), made + like);
        third.ask(run("s3"));
        QCOMPARE(third.given(), message('2', "") + rows("new"));
        QCOMPARE(third.asked(), std::string());
        // The server refuses to make the statement again: it is made when it is used, or refused then.
        third.now += 60'001;
        third.ask(parse("s4", "select $1") + run("s4"));
        QCOMPARE(third.asked(), parse("s4", "select $1") + run("s4"));
        third.answer(message('E', "VERROR" + zero + zero) + ready());
        QCOMPARE(third.given(), made + message('2', "") + rows("new"));
        third.ask(run("s4"));
        QCOMPARE(third.asked(), parse("s4", "select $1") + run("s4"));
    }

    void whatIsNotKept()
    {
        const auto kept = cache();
        Line line(kept);
        for (const std::string &answer : {message('E', "SERROR" + zero + zero) + ready(), message('T', "c") + message('N', "SNOTICE" + zero) + message('C', "SELECT 0" + zero) + ready(),
                 message('T', "c") + message('C', "SELECT 0" + zero) + ready('T')}) {
            line.ask(query("select 1"));
            line.answer(answer);
            QCOMPARE(line.asked(), query("select 1"));
            QCOMPARE(line.given(), answer);
        }
        QCOMPARE(kept->bytes(), std::size_t(0));
    }

    /// What a transaction sees is the server's to say.
    void transactions()
    {
        Line line(cache());
        line.ask(query("select 1"));
        line.answer(rows("1"));
        line.ask(query("begin"));
        line.answer(message('C', "BEGIN" + zero) + ready('T'));
        (void)line.asked();
        line.ask(query("select 1"));
        QCOMPARE(line.asked(), query("select 1"));
        line.answer(message('T', "c") + message('D', "2") + message('C', "SELECT 1" + zero) + ready('T'));
        line.ask(query("commit"));
        line.answer(message('C', "COMMIT" + zero) + ready());
        (void)line.asked();
        line.ask(query("select 1"));
        QCOMPARE(line.asked(), std::string());
    }

    /// Answers come in the order of their questions: one that waits for the server holds the others up.
    void pipelines()
    {
        Line line(cache());
        line.ask(query("select 1"));
        line.answer(rows("1"));
        (void)line.asked();
        (void)line.given();
        line.ask(query("select 2") + query("select 1"));
        QCOMPARE(line.asked(), query("select 2") + query("select 1"));
        QCOMPARE(line.given(), std::string());
        line.answer(rows("2") + rows("1"));
        QCOMPARE(line.given(), rows("2") + rows("1"));
        line.ask(query("select 2"));
        QCOMPARE(line.given(), rows("2")); // it was kept, although another one came behind it
    }

    void extendedQueries()
    {
        Line line(cache());
        const auto question = [](const std::string &value) { return parse("", "select $1") + bound("", value) + describe + execute + syncs; };
        const std::string answer = message('1', "") + message('2', "") + rows("a");
        line.ask(question("a"), 5);
        QCOMPARE(line.asked(), question("a"));
        line.answer(answer, 3);
        QCOMPARE(line.given(), answer);
        line.ask(question("a"));
        QCOMPARE(line.asked(), std::string());
        QCOMPARE(line.given(), answer);
        line.ask(question("b")); // another parameter
        QCOMPARE(line.asked(), question("b"));
    }

    /// Names are each connection's own: what another one has asked under another name is the same question.
    void namesDoNotMatter()
    {
        const auto kept = cache();
        const auto question = [](const std::string &name) { return parse(name, "select $1") + bound(name, "a") + describe + execute + syncs; };
        const std::string answer = message('1', "") + message('2', "") + rows("a");
        Line line(kept);
        line.ask(question("x1"));
        line.answer(answer);
        Line other(kept);
        other.ask(question("y7"));
        QCOMPARE(other.asked(), std::string());
        QCOMPARE(other.given(), answer);
        // The server has not heard of the statement yet.
        const std::string run = bound("y7", "b") + execute + syncs;
        other.ask(run);
        QCOMPARE(other.asked(), parse("y7", "select $1") + run);
        other.answer(message('1', "") + message('2', "") + rows("b"));
        QCOMPARE(other.given(), message('2', "") + rows("b"));
        other.ask(bound("y7", "c") + execute + syncs);
        QCOMPARE(other.asked(), bound("y7", "c") + execute + syncs);
    }

    /// Whether the statement is made with the question or was made before does not matter.
    void madeBeforeOrWithIt()
    {
        Line line(cache());
        const std::string run = bound("s1", "a") + describe + execute + syncs;
        line.ask(parse("s1", "select $1") + run);
        line.answer(message('1', "") + message('2', "") + rows("a"));
        (void)line.asked();
        (void)line.given();
        line.ask(run);
        QCOMPARE(line.asked(), std::string());
        QCOMPARE(line.given(), message('2', "") + rows("a"));
        line.ask(parse("", "select $1") + bound("", "a") + describe + execute + syncs);
        QCOMPARE(line.given(), message('1', "") + message('2', "") + rows("a"));
        // What a statement is like, too, up to Flush.
        const std::string like = message('D', "Ss2" + zero) + message('H', "");
        line.ask(parse("s2", "select $1, 2") + like);
        line.answer(message('1', "") + message('t', "types") + message('T', "columns"));
        const std::string other = bound("s2", "a") + execute + syncs;
        line.ask(other);
        line.answer(message('2', "") + rows("b"));
        (void)line.asked();
        (void)line.given();
        line.ask(parse("s3", "select $1, 2") + message('D', "Ss3" + zero) + message('H', ""));
        QCOMPARE(line.asked(), std::string());
        QCOMPARE(line.given(), message('1', "") + message('t', "types") + message('T', "columns"));
        line.ask(bound("s3", "a") + execute + syncs);
        QCOMPARE(line.asked(), std::string());
        QCOMPARE(line.given(), message('2', "") + rows("b"));
    }

    /// The statement is made in a question of its own, as drivers do that ask first what its parameters are.
    void namedStatements()
    {
        Line line(cache());
        line.ask(parse("s1", "select $1") + message('D', "Ss1" + zero) + syncs);
        QVERIFY(!line.asked().empty());
        line.answer(message('1', "") + message('t', "") + message('T', "c") + ready());
        const std::string run = bound("s1", "a") + execute + syncs;
        for (int i = 0; i < 3; ++i) {
            line.ask(run);
            QCOMPARE(line.asked(), i == 0 ? run : std::string());
            if (i == 0)
                line.answer(message('2', "") + rows("a"));
        }
        // Prepared anew with another text, it is another question.
        line.ask(message('C', "Ss1" + zero) + syncs);
        line.answer(message('3', "") + ready());
        line.ask(parse("s1", "select $1 || 'x'") + syncs);
        line.answer(message('1', "") + ready());
        (void)line.asked();
        line.ask(run);
        QCOMPARE(line.asked(), run);
    }

    /// The unnamed statement of a question that was answered here is made up for when the server is to use it.
    void unnamedStatementIsMadeUpFor()
    {
        Line line(cache());
        const std::string first = parse("", "select 'first'") + bound("", "") + execute + syncs;
        line.ask(first);
        line.answer(message('1', "") + message('2', "") + rows("first"));
        const std::string second = parse("", "select 'second'") + bound("", "") + execute + syncs;
        line.ask(second);
        line.answer(message('1', "") + message('2', "") + rows("second"));
        line.ask(first); // from here; the server still has the second one
        (void)line.asked();
        (void)line.given();
        const std::string again = bound("", "other") + execute + syncs;
        line.ask(again);
        QCOMPARE(line.asked(), parse("", "select 'first'") + again);
        line.answer(message('1', "") + message('2', "") + rows("first"));
        QCOMPARE(line.given(), message('2', "") + rows("first"));
    }

    /// A session with settings of its own may see other tables under the same names.
    void settings()
    {
        Line line(cache());
        line.ask(query("select 1"));
        line.answer(rows("1"));
        line.ask(query("set search_path to other"));
        line.answer(message('C', "SET" + zero) + ready());
        (void)line.asked();
        line.ask(query("select 1"));
        QCOMPARE(line.asked(), query("select 1"));
    }

    void copies()
    {
        Line line(cache());
        const std::string data = message('d', "1\t2\n");
        line.ask(query("copy t from stdin"));
        line.answer(message('G', zero + std::string(2, '\0')));
        line.ask(data + data + message('c', ""));
        QCOMPARE(line.asked(), query("copy t from stdin") + data + data + message('c', ""));
        line.answer(message('C', "COPY 2" + zero) + ready());
        line.ask(query("select 1"));
        line.answer(rows("1"));
        (void)line.asked();
        line.ask(query("select 1"));
        QCOMPARE(line.asked(), std::string());
    }

    void encryption()
    {
        // Refused: then it goes on in the clear. Granted: nothing can be read any more.
        const std::string request = postgreswire::number(8) + postgreswire::number(80877103);
        Line refused(cache(), false);
        refused.ask(request);
        refused.answer("N");
        refused.ask(startUp);
        refused.answer(welcome);
        refused.ask(query("select 1"));
        refused.answer(rows("1"));
        (void)refused.asked();
        refused.ask(query("select 1"));
        QCOMPARE(refused.asked(), std::string());
        Line granted(cache(), false);
        granted.ask(request);
        granted.answer("S");
        granted.ask("\x16\x03\x01 anything");
        QCOMPARE(granted.asked(), request + "\x16\x03\x01 anything");
        granted.answer("whatever");
        QCOMPARE(granted.given(), std::string("Swhatever"));
    }

    void nonsensePasses()
    {
        Line line(cache());
        const std::string nonsense = std::string("Q") + postgreswire::number(1) + "rest";
        line.ask(nonsense + "more");
        QCOMPARE(line.asked(), nonsense + "more");
        line.ask("and more");
        QCOMPARE(line.asked(), std::string("and more"));
        line.answer("anything");
        QCOMPARE(line.given(), std::string("anything"));
    }

    /// What is long goes on its way before it is whole, and is not kept.
    void longOnes()
    {
        const auto kept = cache();
        Line line(kept);
        line.ask(query("select a from b"));
        const std::string answer = rows(std::string(3 << 20, 'x'));
        line.answer(answer.substr(0, 2 << 20));
        QVERIFY(line.client.size() > (1 << 20));
        line.answer(answer.substr(2 << 20));
        QVERIFY(line.given() == answer);
        QCOMPARE(kept->bytes(), std::size_t(0));
        const std::string question = query("insert into b values ('" + std::string(3 << 20, 'y') + "')");
        (void)line.asked();
        line.ask(question, 20);
        QVERIFY(line.asked() == question);
    }

    void isBounded()
    {
        QueryCache kept(60'000);
        for (int i = 0; i < 40; ++i)
            kept.keep("q" + std::to_string(i), std::string(4 << 20, 'x'), 0);
        QVERIFY(kept.bytes() <= QueryCache::mostBytes);
        QVERIFY(!kept.find("q0", 1));
        QVERIFY(kept.find("q39", 1));
        kept.keep("long", std::string(QueryCache::longest + 1, 'x'), 0);
        QVERIFY(!kept.find("long", 1));
    }
};

QTEST_GUILESS_MAIN(TestPostgresCache)
#include "t_postgrescache.moc"
