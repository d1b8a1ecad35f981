// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/cache/httpcache.h"
#include "core/storage/database.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <functional>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat;
using namespace cleat::bindings::cache;
using namespace std::chrono_literals;

/// A cache on files of its own, and what can go wrong with them.
class HttpCacheTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void roundTrip_data();
    void roundTrip();
    void cachesAreApart();
    void overwriteRemovesTheOldBody();
    void unfinishedWritesLeaveNothing();
    void expiry();
    void fractionalExpiration();
    void metadataThatNobodyWrote_data();
    void metadataThatNobodyWrote();
    void missingBody();
    void openBodyStays();
    void notADatabase();
    void lockedForWriting();
    void fullDisk();

private:
    std::filesystem::path state() const { return m_dir->path().toStdString(); }
    QDir blobs() const { return QDir(m_dir->path() + QStringLiteral("/v3/cache/default/blobs")); }
    QStringList blobNames() const { return blobs().entryList(QDir::Files | QDir::Hidden); }
    static QByteArray put(HttpCache &cache, const std::string &key, const QByteArray &body, Head head = {}, std::int64_t in = 60'000);
    static QByteArray get(HttpCache &cache, const std::string &key);
    static QByteArray run(const HttpCache &cache, const std::string &sql);

    std::unique_ptr<QTemporaryDir> m_dir;
};

QByteArray HttpCacheTest::put(HttpCache &cache, const std::string &key, const QByteArray &body, Head head, std::int64_t in)
{
    auto writer = cache.write();
    if (!writer)
        return QByteArray::fromStdString(writer.error().code + ": " + writer.error().message);
    if (auto written = writer->write(base::asBytes({body.constData(), static_cast<std::size_t>(body.size())})); !written)
        return QByteArray::fromStdString(written.error().code + ": " + written.error().message);
    const auto done = cache.put(key, std::move(head), std::move(*writer), base::wallMs() + in);
    return done ? QByteArray("OK") : QByteArray::fromStdString(done.error().code + ": " + done.error().message);
}

QByteArray HttpCacheTest::get(HttpCache &cache, const std::string &key)
{
    auto match = cache.match(key);
    if (!match)
        return QByteArray::fromStdString(match.error().code + ": " + match.error().message);
    if (!*match)
        return "(none)";
    if (!(*match)->missing.empty())
        return "missing " + QByteArray::fromStdString((*match)->missing.string());
    if ((*match)->whole)
        return QByteArray::fromStdString(*(*match)->whole);
    std::string bytes(static_cast<std::size_t>((*match)->blob->size()), '\0');
    const auto read = (*match)->blob->read(0, std::as_writable_bytes(std::span(bytes)));
    return read ? QByteArray::fromStdString(bytes) : QByteArray::fromStdString(read.error().message);
}

/// Through a connection of another program, as it were: the first column of the last row.
QByteArray HttpCacheTest::run(const HttpCache &cache, const std::string &sql)
{
    const auto database = storage::Database::open(cache.file(), storage::Database::Mode::Existing);
    auto statement = (*database)->statement(sql);
    QByteArray text;
    for (auto step = statement->step(); step && *step == storage::Statement::Step::Row; step = statement->step())
        text = QByteArray::fromStdString(std::string(statement->text(0)));
    return text;
}

void HttpCacheTest::roundTrip_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all += char(i);
    QTest::newRow("empty") << QByteArray() << 200;
    QTest::newRow("all bytes") << all << 404;
    QTest::newRow("largest in memory") << QByteArray(64 << 10, 'x') << 200;
    QTest::newRow("streamed") << QByteArray((64 << 10) + 1, 'x') << 301;
    QTest::newRow("large") << QByteArray(5 << 20, 'x') << 200;
}

void HttpCacheTest::roundTrip()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    const Head head{status, {{"x-a", "1, 2"}, {"x-b", "\"quoted\" é"}, {"x-c", ""}}, 0};
    HttpCache cache(state(), "");
    QCOMPARE(get(cache, "http://a.test/"), QByteArray("(none)"));
    QVERIFY(!QDir(m_dir->path()).exists(QStringLiteral("v3"))); // asking makes no files
    QCOMPARE(put(cache, "http://a.test/", body, head), QByteArray("OK"));
    for (int i = 0; i < 2; ++i)
        QVERIFY(get(cache, "http://a.test/") == body);
    HttpCache other(state(), "");
    const auto match = other.match("http://a.test/");
    QVERIFY(match && *match);
    QCOMPARE((*match)->head, (Head{status, head.headers, body.size()}));
    QCOMPARE(run(cache, "SELECT metadata FROM _mf_entries"),
        R"({"headers":[["x-a","1, 2"],["x-b","\"quoted\" é"],["x-c",""]],"status":)" + QByteArray::number(status) + ",\"size\":" + QByteArray::number(body.size()) + '}');
}

void HttpCacheTest::cachesAreApart()
{
    HttpCache none(state(), "");
    HttpCache one(state(), "one");
    HttpCache named(state(), "default");
    QCOMPARE(put(one, "k", "one"), QByteArray("OK"));
    QCOMPARE(get(none, "k"), QByteArray("(none)"));
    QCOMPARE(get(named, "k"), QByteArray("(none)"));
    QCOMPARE(get(one, "k"), QByteArray("one"));
    QVERIFY(QDir(m_dir->path()).exists(QStringLiteral("v3/cache/named_one/blobs")));
}

void HttpCacheTest::overwriteRemovesTheOldBody()
{
    HttpCache cache(state(), "");
    for (int i = 0; i < 5; ++i)
        QCOMPARE(put(cache, "k", QByteArray::number(i)), QByteArray("OK"));
    QCOMPARE(get(cache, "k"), QByteArray("4"));
    QCOMPARE(blobNames().size(), 1);
    QCOMPARE(cache.remove("k"), true);
    QCOMPARE(cache.remove("k"), false);
    QVERIFY(blobNames().isEmpty());
    QVERIFY(QDir(blobs().filePath(QStringLiteral("../.cleat"))).isEmpty());
}

void HttpCacheTest::unfinishedWritesLeaveNothing()
{
    HttpCache cache(state(), "");
    {
        auto writer = cache.write();
        QVERIFY(writer && writer->write(base::asBytes("half of it")));
    }
    QVERIFY(blobNames().isEmpty());
    QVERIFY(QDir(blobs().filePath(QStringLiteral("../.cleat"))).isEmpty());
}

void HttpCacheTest::expiry()
{
    HttpCache cache(state(), "");
    QCOMPARE(put(cache, "k", "x", {}, -1), QByteArray("OK"));
    QCOMPARE(cache.remove("k"), false);
    QCOMPARE(put(cache, "k", "x", {}, -1), QByteArray("OK"));
    QCOMPARE(get(cache, "k"), QByteArray("(none)"));
    QCOMPARE(run(cache, "SELECT count(*) FROM _mf_entries"), QByteArray("0"));
    QVERIFY(blobNames().isEmpty());
}

void HttpCacheTest::fractionalExpiration()
{
    HttpCache cache(state(), "");
    QCOMPARE(put(cache, "k", "x"), QByteArray("OK"));
    run(cache, "UPDATE _mf_entries SET expiration = expiration + 0.3");
    QCOMPARE(get(cache, "k"), QByteArray("x"));
    run(cache, "UPDATE _mf_entries SET expiration = expiration - 100000");
    QCOMPARE(get(cache, "k"), QByteArray("(none)"));
}

void HttpCacheTest::metadataThatNobodyWrote_data()
{
    QTest::addColumn<QByteArray>("metadata");
    for (const char *text : {"NULL", "''", "'x'", "'[]'", "'{}'", "'{\"status\":200}'", "'{\"status\":\"200\",\"headers\":[]}'", "'{\"status\":200,\"headers\":[[\"a\"]]}'", "'{\"status\":200,\"headers\":[[1,2]]}'", "x'ff'"})
        QTest::newRow(text) << QByteArray(text);
}

void HttpCacheTest::metadataThatNobodyWrote()
{
    QFETCH(QByteArray, metadata);
    HttpCache cache(state(), "");
    QCOMPARE(put(cache, "k", "x"), QByteArray("OK"));
    QCOMPARE(put(cache, "other", "fine"), QByteArray("OK"));
    run(cache, "UPDATE _mf_entries SET metadata = " + metadata.toStdString() + " WHERE key = 'k'");
    QCOMPARE(get(cache, "k"), QByteArray("(none)"));
    QCOMPARE(get(cache, "other"), QByteArray("fine"));
    QCOMPARE(put(cache, "k", "anew"), QByteArray("OK"));
    QCOMPARE(get(cache, "k"), QByteArray("anew"));
}

void HttpCacheTest::missingBody()
{
    HttpCache cache(state(), "");
    QCOMPARE(put(cache, "k", "x"), QByteArray("OK"));
    const QString blob = blobs().filePath(blobNames().value(0));
    QVERIFY(QFile::remove(blob));
    QCOMPARE(get(cache, "k"), "missing " + blob.toUtf8());
    QCOMPARE(run(cache, "SELECT count(*) FROM _mf_entries"), QByteArray("1")); // nothing is deleted
    QCOMPARE(put(cache, "k", "anew"), QByteArray("OK"));
    QCOMPARE(get(cache, "k"), QByteArray("anew"));
}

void HttpCacheTest::openBodyStays()
{
    HttpCache cache(state(), "");
    QCOMPARE(put(cache, "k", QByteArray(100'000, 'a')), QByteArray("OK"));
    auto match = cache.match("k");
    QVERIFY(match && *match && (*match)->blob);
    QCOMPARE(put(cache, "k", QByteArray(100'000, 'b')), QByteArray("OK"));
    std::string bytes(100'000, '\0');
    QVERIFY((*match)->blob->read(0, std::as_writable_bytes(std::span(bytes))));
    QCOMPARE(bytes, std::string(100'000, 'a'));
}

void HttpCacheTest::notADatabase()
{
    HttpCache cache(state(), "");
    std::filesystem::create_directories(cache.file().parent_path());
    QFile raw(QString::fromStdString(cache.file().string()));
    QVERIFY(raw.open(QIODevice::WriteOnly) && raw.write("precious text") == 13);
    raw.close();
    const QByteArray begin = "cache.storage: The state file " + raw.fileName().toUtf8() + " is not a SQLite database, so Cleat will not touch it.";
    QVERIFY(get(cache, "k").startsWith(begin));
    QVERIFY(put(cache, "k", "x").startsWith(begin));
    QVERIFY(!cache.remove("k"));
    QVERIFY(raw.open(QIODevice::ReadOnly));
    QCOMPARE(raw.readAll(), QByteArray("precious text"));
    QVERIFY(blobNames().isEmpty());
    HttpCache other(state(), "other");
    QCOMPARE(put(other, "k", "x"), QByteArray("OK"));
    QVERIFY(raw.remove());
    QCOMPARE(put(cache, "k", "x"), QByteArray("OK"));
}

void HttpCacheTest::lockedForWriting()
{
    HttpCache cache(state(), "", 50ms);
    QCOMPARE(put(cache, "k", "old"), QByteArray("OK"));
    const auto foreign = storage::Database::open(cache.file(), storage::Database::Mode::Existing);
    QVERIFY((*foreign)->execute("BEGIN IMMEDIATE"));
    QVERIFY(put(cache, "k", "new").startsWith("cache.storage: The state file " + QByteArray::fromStdString(cache.file().string()) + " is locked"));
    QCOMPARE(get(cache, "k"), QByteArray("old"));
    QCOMPARE(blobNames().size(), 1);
    QVERIFY((*foreign)->execute("COMMIT"));
    QCOMPARE(put(cache, "k", "new"), QByteArray("OK"));
}

/// A file that may not grow stands for a disk that is full.
void HttpCacheTest::fullDisk()
{
    {
        HttpCache cache(state(), "");
        QCOMPARE(put(cache, "k", "old"), QByteArray("OK"));
    }
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit bytes{100'000, 100'000};
        if (::setrlimit(RLIMIT_FSIZE, &bytes) != 0)
            ::_exit(2);
        HttpCache cache(state(), "");
        const QByteArray outcome = put(cache, "k", QByteArray(200'000, 'x'));
        if (!outcome.startsWith("storage.") || !outcome.contains("/v3/cache/default") || get(cache, "k") != "old") {
            qWarning("%s", outcome.constData());
            ::_exit(1);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    QCOMPARE(status, 0);
    HttpCache cache(state(), "");
    QCOMPARE(get(cache, "k"), QByteArray("old"));
    QCOMPARE(blobNames().size(), 1);
}

QTEST_GUILESS_MAIN(HttpCacheTest)
#include "t_httpcache.moc"
