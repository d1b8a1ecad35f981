// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/wranglerdev.h"

#include "core/bindings/d1/d1database.h"
#include "tests/core/bindings/d1/d1fixture.h"
#include "tests/core/runtime/d1corpus.h"
#include "tests/core/runtime/workerharness.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>

using namespace cleat;
using namespace Qt::StringLiterals;
using bindings::d1::Blob;
using bindings::d1::D1Database;
using bindings::d1::Query;
using bindings::d1::Value;
using F = D1Fixture;

/// D1, both ways, with the real wrangler on the same files at the same time: what it writes Cleat reads, and the other way round; and the same code with the same
/// outcomes in both.
class D1InteropTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_wrangler.reset(); }
    void writtenBeforeWranglerStarted();
    void values_data();
    void values();
    void writesShowAtOnce();
    void schemasShowAtOnce();
    void batches();
    void bookmarksGoOn();
    void bothWriteAtOnce();
    void sameOutcomes();
    void afterSigkill();

private:
    QJsonObject call(D1Database &d1, QJsonObject what);
    /// Rows as wrangler's worker sees them, in the form of D1Fixture::text(), or its error.
    QByteArray theirs(D1Database &d1, const QString &sql, const QJsonArray &values = {});
    bool start();
    std::filesystem::path state() const { return m_dir.filePath(u"project/.wrangler/state"_s).toStdString(); }

    QTemporaryDir m_dir;
    QNetworkAccessManager m_network;
    std::unique_ptr<WranglerDev> m_wrangler;
    std::unique_ptr<D1Database> m_madeByWrangler;
    std::unique_ptr<D1Database> m_madeByCleat;
};

void D1InteropTest::initTestCase()
{
    QVERIFY2(WranglerDev::missing().isEmpty(), qPrintable(WranglerDev::missing()));
    QVERIFY(m_dir.isValid());
    const QDir source(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/d1project"));
    const QDir target(m_dir.filePath(u"project"_s));
    QDirIterator files(source.path(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString name = source.relativeFilePath(files.next());
        QVERIFY(target.mkpath(QFileInfo(target.filePath(name)).path()));
        QVERIFY(QFile::copy(source.filePath(name), target.filePath(name)));
    }
    QVERIFY(QDir(m_dir.path()).mkdir(u"home"_s));
    m_madeByWrangler = std::make_unique<D1Database>(state(), "made-by-wrangler");
    m_madeByCleat = std::make_unique<D1Database>(state(), "made/by cleat:*é");
    QCOMPARE(F::run(*m_madeByCleat, "CREATE TABLE early (a, b); INSERT INTO early VALUES (?, 'before wrangler')", {5.0}), QByteArray());
    m_wrangler = std::make_unique<WranglerDev>(target.path(), m_dir.filePath(u"home"_s));
    QVERIFY(start());
}

bool D1InteropTest::start()
{
    const bool started = m_wrangler->start();
    if (!started)
        qWarning("wrangler did not start; it said:\n%s", m_wrangler->output().constData());
    return started;
}

/// Gives {result} or {error}.
QJsonObject D1InteropTest::call(D1Database &d1, QJsonObject what)
{
    what[u"database"_s] = &d1 == m_madeByCleat.get() ? u"OURS"_s : u"THEIRS"_s;
    QNetworkRequest request(QUrl(m_wrangler->url() + u"/d1"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setTransferTimeout(60'000);
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request, QJsonDocument(what).toJson(QJsonDocument::Compact)));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 70'000); }();
    const QByteArray body = reply->readAll();
    const QJsonObject answer = QJsonDocument::fromJson(body).object();
    if (answer.isEmpty())
        return {{u"error"_s, u"No answer from wrangler: "_s + reply->errorString() + u' ' + QString::fromUtf8(body) + QString::fromUtf8(m_wrangler->output())}};
    return answer;
}

QByteArray D1InteropTest::theirs(D1Database &d1, const QString &sql, const QJsonArray &values)
{
    const QJsonObject answer = call(d1, {{u"do"_s, u"raw"_s}, {u"sql"_s, sql}, {u"values"_s, values}});
    if (answer.contains("error"_L1))
        return answer["error"_L1].toString().toUtf8();
    QByteArray out;
    for (const QJsonValue &row : answer["result"_L1].toArray()) {
        QByteArrayList cells;
        for (const QJsonValue &cell : row.toArray()) {
            if (cell.isNull()) {
                cells += "NULL";
            } else if (cell.isArray()) {
                QByteArray bytes;
                for (const QJsonValue &byte : cell.toArray())
                    bytes += static_cast<char>(byte.toInt());
                cells += "x'" + bytes.toHex() + '\'';
            } else {
                cells += cell.isString() ? cell.toString().toUtf8() : QByteArray::number(cell.toDouble());
            }
        }
        out += cells.join('|') + '\n';
    }
    return out;
}

void D1InteropTest::writtenBeforeWranglerStarted()
{
    QCOMPARE(theirs(*m_madeByCleat, u"SELECT a, typeof(a), b FROM early"_s), QByteArray("5|real|before wrangler\n"));
}

void D1InteropTest::values_data()
{
    QTest::addColumn<QJsonValue>("json");
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("whole number") << QJsonValue(5) << QByteArray("number");
    QTest::newRow("fraction") << QJsonValue(1.25) << QByteArray("number");
    QTest::newRow("large number") << QJsonValue(1099511627776.0) << QByteArray("number");
    QTest::newRow("text") << QJsonValue(u"é日本😀 'quoted'"_s) << QByteArray("text");
    QTest::newRow("number in a text") << QJsonValue(u"007"_s) << QByteArray("text");
    QTest::newRow("empty text") << QJsonValue(u""_s) << QByteArray("text");
    QTest::newRow("null") << QJsonValue(QJsonValue::Null) << QByteArray("null");
    QTest::newRow("bytes") << QJsonValue(QJsonObject{{u"blob"_s, QJsonArray{0, 1, 255}}}) << QByteArray("blob");
    QTest::newRow("no bytes") << QJsonValue(QJsonObject{{u"blob"_s, QJsonArray()}}) << QByteArray("blob");
}

/// The same value through both into columns of every affinity: the same bytes in the file.
void D1InteropTest::values()
{
    QFETCH(QJsonValue, json);
    QFETCH(QByteArray, kind);
    Value value;
    if (kind == "number") {
        value = json.toDouble();
    } else if (kind == "text") {
        value = json.toString().toStdString();
    } else if (kind == "blob") {
        Blob blob;
        for (const QJsonValue &byte : json["blob"_L1].toArray())
            blob.bytes += static_cast<char>(byte.toInt());
        value = blob;
    }
    for (D1Database *d1 : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        const QString create = u"CREATE TABLE IF NOT EXISTS typed (who TEXT, i INTEGER, r REAL, t TEXT, n NUMERIC, b BLOB, x)"_s;
        QCOMPARE(d1 == m_madeByCleat.get() ? F::run(*d1, create.toStdString()) : theirs(*d1, create), QByteArray());
        const QString insert = u"INSERT INTO typed VALUES (?1, ?2, ?2, ?2, ?2, ?2, ?2)"_s;
        QCOMPARE(theirs(*d1, insert, {u"theirs"_s, json}), QByteArray());
        QCOMPARE(F::run(*d1, insert.toStdString(), {std::string("ours"), value}), QByteArray());
        const QString compare = u"SELECT quote(i), typeof(i), quote(r), typeof(r), quote(t), typeof(t), quote(n), typeof(n), quote(b), typeof(b), quote(x), typeof(x) FROM typed WHERE who = ?"_s;
        const QByteArray written = F::run(*d1, compare.toStdString(), {std::string("theirs")});
        QVERIFY(!written.isEmpty());
        QCOMPARE(F::run(*d1, compare.toStdString(), {std::string("ours")}), written);
        QCOMPARE(theirs(*d1, compare, {u"ours"_s}), written);
        const QString read = u"SELECT x, t FROM typed ORDER BY who"_s;
        QCOMPARE(F::run(*d1, read.toStdString()).replace("r|", "|"), theirs(*d1, read));
        QCOMPARE(F::run(*d1, "DELETE FROM typed"), QByteArray());
    }
}

void D1InteropTest::writesShowAtOnce()
{
    for (D1Database *d1 : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        QCOMPARE(F::run(*d1, "CREATE TABLE turns (n)"), QByteArray());
        for (int i = 0; i < 50; ++i) {
            const QByteArray sum = QByteArray::number(i);
            QCOMPARE(theirs(*d1, u"INSERT INTO turns VALUES ('theirs %1')"_s.arg(i)), QByteArray());
            QCOMPARE(F::run(*d1, "SELECT count(*) FROM turns WHERE n = 'theirs " + sum.toStdString() + "'"), QByteArray("1\n"));
            QCOMPARE(F::run(*d1, "INSERT INTO turns VALUES ('ours " + sum.toStdString() + "')"), QByteArray());
            QCOMPARE(theirs(*d1, u"SELECT count(*) FROM turns WHERE n = 'ours %1'"_s.arg(i)), QByteArray("1\n"));
        }
    }
}

void D1InteropTest::schemasShowAtOnce()
{
    for (D1Database *d1 : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        QCOMPARE(theirs(*d1, u"CREATE TABLE changing (a)"_s), QByteArray());
        QCOMPARE(F::run(*d1, "INSERT INTO changing VALUES (1)"), QByteArray());
        QCOMPARE(F::run(*d1, "ALTER TABLE changing ADD COLUMN b DEFAULT 'ours'"), QByteArray());
        QCOMPARE(theirs(*d1, u"SELECT * FROM changing"_s), QByteArray("1|ours\n"));
        QCOMPARE(theirs(*d1, u"ALTER TABLE changing ADD COLUMN c DEFAULT 'theirs'"_s), QByteArray());
        QCOMPARE(F::run(*d1, "SELECT b, c FROM changing"), QByteArray("ours|theirs\n"));
        QCOMPARE(F::run(*d1, "CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('from cleat')"), QByteArray());
        QCOMPARE(theirs(*d1, u"INSERT INTO words VALUES ('from wrangler')"_s), QByteArray());
        QCOMPARE(F::run(*d1, "SELECT count(*) FROM words WHERE words MATCH 'from'"), QByteArray("2\n"));
        QCOMPARE(theirs(*d1, u"SELECT text FROM words WHERE words MATCH 'cleat'"_s), QByteArray("from cleat\n"));
        QCOMPARE(F::run(*d1, "PRAGMA quick_check"), QByteArray("ok\n"));
    }
}

void D1InteropTest::batches()
{
    D1Database &d1 = *m_madeByWrangler;
    const QJsonArray good{QJsonObject{{u"sql"_s, u"CREATE TABLE batched (a UNIQUE)"_s}}, QJsonObject{{u"sql"_s, u"INSERT INTO batched VALUES (?)"_s}, {u"values"_s, QJsonArray{1}}}};
    QVERIFY(!call(d1, {{u"do"_s, u"batch"_s}, {u"batch"_s, good}}).contains("error"_L1));
    const QJsonArray bad{QJsonObject{{u"sql"_s, u"INSERT INTO batched VALUES (2)"_s}}, QJsonObject{{u"sql"_s, u"INSERT INTO batched VALUES (1)"_s}}};
    QVERIFY(call(d1, {{u"do"_s, u"batch"_s}, {u"batch"_s, bad}}).contains("error"_L1));
    QVERIFY(F::run(d1, {{"INSERT INTO batched VALUES (3)", {}}, {"INSERT INTO batched VALUES (1)", {}}}).startsWith("d1.sql: UNIQUE"));
    QCOMPARE(F::run(d1, "SELECT a FROM batched"), QByteArray("1r\n"));
    QCOMPARE(theirs(d1, u"SELECT a FROM batched"_s), QByteArray("1\n"));
}

void D1InteropTest::bookmarksGoOn()
{
    const std::vector<Query> queries{{"SELECT 1", {}}};
    for (D1Database *d1 : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        std::string last;
        for (int i = 0; i < 3; ++i) {
            const std::string next = call(*d1, {{u"do"_s, u"session"_s}})["result"_L1].toString().toStdString();
            QVERIFY2(next > last, next.c_str());
            const auto outcome = d1->run(queries, D1Database::Session::Bookmarked);
            QVERIFY(outcome);
            QVERIFY2(outcome->bookmark > next, outcome->bookmark.c_str());
            last = outcome->bookmark;
        }
        QVERIFY2(last.starts_with("00000000-00000005-"), last.c_str());
    }
}

/// wrangler does not wait for locks, so some of its writes fail when ours is in the way; none of ours does, and none that was acknowledged is lost.
void D1InteropTest::bothWriteAtOnce()
{
    D1Database &d1 = *m_madeByWrangler;
    QCOMPARE(F::run(d1, "CREATE TABLE mixed (who, n)"), QByteArray());
    constexpr int each = 500;
    std::atomic<bool> stop{false};
    std::atomic<int> ours{0};
    std::atomic<int> failed{0};
    std::thread writer([&] {
        D1Database own(state(), "made-by-wrangler");
        while (!stop) {
            if (F::run(own, "INSERT INTO mixed (who, n) VALUES (?, ?)", {std::string("ours"), double(ours)}) == QByteArray())
                ++ours;
            else
                ++failed;
            std::this_thread::sleep_for(std::chrono::microseconds(200));
        }
    });
    const QJsonObject answer = call(d1, {{u"do"_s, u"inserts"_s}, {u"who"_s, u"theirs"_s}, {u"count"_s, each}});
    stop = true;
    writer.join();
    QVERIFY2(answer.contains("result"_L1), qPrintable(answer["error"_L1].toString()));
    const int refused = answer["result"_L1].toInt();
    qInfo("%d of ours, %d of wrangler's beside them; %d of wrangler's were refused as locked (%.2f %%)", int(ours), each, refused, 100.0 * refused / each);
    QCOMPARE(int(failed), 0);
    QVERIFY(ours > 0);
    QCOMPARE(F::run(d1, "SELECT sum(who = 'ours'), sum(who = 'theirs') FROM mixed"), QByteArray::number(int(ours)) + '|' + QByteArray::number(each - refused) + '\n');
}

void D1InteropTest::sameOutcomes()
{
    test::WorkerHarness harness;
    runtime::Bindings bindings;
    bindings.d1 = {{"CORPUS", "corpus"}};
    const auto loaded = harness.load(test::d1Corpus(), bindings);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    runtime::Request get;
    get.method = "GET";
    get.url = "http://localhost/corpus";
    const auto ours = harness.wait(harness.begin(std::move(get)), 60'000);
    QNetworkRequest request(QUrl(m_wrangler->url() + u"/corpus"_s));
    request.setTransferTimeout(60'000);
    const std::unique_ptr<QNetworkReply> reply(m_network.get(request));
    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 70'000);
    const QByteArray theirs = reply->readAll();
    const QStringList differences = test::d1Differences(theirs, QByteArray::fromStdString(ours.body));
    for (const QString &difference : differences)
        qWarning("%s\n", qPrintable(difference));
    qInfo("%d calls", int(QJsonDocument::fromJson(theirs).array().size()));
    QVERIFY2(differences.isEmpty(), qPrintable(u"%1 differences"_s.arg(differences.size())));
}

void D1InteropTest::afterSigkill()
{
    for (D1Database *d1 : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        QCOMPARE(theirs(*d1, u"CREATE TABLE kills (n)"_s), QByteArray());
        for (int i = 0; i < 20; ++i)
            QCOMPARE(theirs(*d1, u"INSERT INTO kills VALUES (%1)"_s.arg(i)), QByteArray());
    }
    // A connection of ours that is open would close the write-ahead log properly; without one it stays as the killed wrangler left it.
    m_madeByWrangler.reset();
    m_madeByCleat.reset();
    m_wrangler->kill();
    m_madeByWrangler = std::make_unique<D1Database>(state(), "made-by-wrangler");
    m_madeByCleat = std::make_unique<D1Database>(state(), "made/by cleat:*é");
    for (D1Database *d1 : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        const QFileInfo log(QString::fromStdString(d1->file().string()) + u"-wal"_s);
        QVERIFY2(log.exists() && log.size() > 0, qPrintable(log.filePath()));
        QCOMPARE(F::run(*d1, "SELECT count(*), sum(n) FROM kills"), QByteArray("20|190\n"));
        QCOMPARE(F::run(*d1, "INSERT INTO kills VALUES ('while wrangler was gone')"), QByteArray());
    }
    // Cleat stays open; wrangler comes back on the same files.
    QVERIFY(start());
    for (D1Database *d1 : {m_madeByWrangler.get(), m_madeByCleat.get()}) {
        QCOMPARE(theirs(*d1, u"SELECT count(*) FROM kills"_s), QByteArray("21\n"));
        QCOMPARE(theirs(*d1, u"INSERT INTO kills VALUES ('and back')"_s), QByteArray());
        QCOMPARE(F::run(*d1, "SELECT n FROM kills WHERE n = 'and back'"), QByteArray("and back\n"));
    }
}

QTEST_GUILESS_MAIN(D1InteropTest)
#include "t_d1interop.moc"
