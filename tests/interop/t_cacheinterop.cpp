// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/cache/httpcache.h"
#include "tests/interop/corpus.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace cleat;
using namespace Qt::StringLiterals;
using bindings::cache::Head;
using bindings::cache::HttpCache;

/// The Cache API, both ways, with the real wrangler on the same files at the same time; and the same calls in both runtimes.
class CacheInteropTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_wrangler.reset(); }
    void sameCallsSameResults();
    void entries_data();
    void entries();
    void deletesShowAtOnce();
    void expiredForBoth();

private:
    QJsonValue call(QJsonObject what);

    QTemporaryDir m_dir;
    QNetworkAccessManager m_network;
    std::unique_ptr<WranglerDev> m_wrangler;
    std::filesystem::path m_state;
};

namespace {

QByteArray put(HttpCache &cache, const std::string &key, Head head, const QByteArray &body, std::int64_t expirationMs)
{
    auto writer = cache.write();
    if (!writer)
        return QByteArray::fromStdString(writer.error().message);
    if (auto written = writer->write(base::asBytes({body.constData(), static_cast<std::size_t>(body.size())})); !written)
        return QByteArray::fromStdString(written.error().message);
    const auto done = cache.put(key, std::move(head), std::move(*writer), expirationMs);
    return done ? QByteArray("OK") : QByteArray::fromStdString(done.error().message);
}

QByteArray bodyOf(bindings::cache::Match &match)
{
    if (match.whole)
        return QByteArray::fromStdString(*match.whole);
    std::string bytes(static_cast<std::size_t>(match.blob->size()), '\0');
    const auto read = match.blob->read(0, std::as_writable_bytes(std::span(bytes)));
    return read ? QByteArray::fromStdString(bytes) : QByteArray::fromStdString(read.error().message);
}

} // namespace

void CacheInteropTest::initTestCase()
{
    QVERIFY2(WranglerDev::missing().isEmpty(), qPrintable(WranglerDev::missing()));
    QVERIFY(m_dir.isValid());
    const QString project = m_dir.filePath(u"project"_s);
    QVERIFY(WranglerDev::copyProject(project));
    QVERIFY(QDir(m_dir.path()).mkdir(u"home"_s));
    m_state = (project + u"/.wrangler/state"_s).toStdString();
    m_wrangler = std::make_unique<WranglerDev>(project, m_dir.filePath(u"home"_s));
    QVERIFY2(m_wrangler->start(), m_wrangler->output().constData());
}

/// The result, or the error as a text.
QJsonValue CacheInteropTest::call(QJsonObject what)
{
    QNetworkRequest request(QUrl(m_wrangler->url() + u"/cache"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request, QJsonDocument(QJsonArray{what}).toJson(QJsonDocument::Compact)));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 60'000))
        return u"no answer"_s;
    const QJsonObject outcome = QJsonDocument::fromJson(reply->readAll()).array()[0].toObject();
    return outcome.contains("error"_L1) ? outcome["error"_L1] : outcome["result"_L1];
}

void CacheInteropTest::sameCallsSameResults()
{
    const QStringList different = differences(*m_wrangler, u"cachecorpus"_s, {}, 400);
    QVERIFY2(different.isEmpty(), qPrintable(u'\n' + different.join(u'\n')));
}

void CacheInteropTest::entries_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("size");
    for (const QString &name : {QString(), u"one"_s, u"with space/é\n"_s, u"it's (100%) *~!"_s, u"default"_s}) {
        for (const int size : {0, 5, 300'000})
            QTest::addRow("%s %d", qPrintable(name), size) << name << size;
    }
}

void CacheInteropTest::entries()
{
    QFETCH(QString, name);
    QFETCH(int, size);
    HttpCache cache(m_state, name.toStdString());
    const QByteArray body(size, 'x');
    const std::int64_t at = base::wallMs() + 3'600'000;
    // Ours, and then they.
    QCOMPARE(put(cache, "http://a.test/ours", {404, {{"x-a", "é \"quoted\""}, {"cache-control", "max-age=60"}}, 0}, body, at), QByteArray("OK"));
    const QJsonObject found = call({{u"do"_s, u"match"_s}, {u"cache"_s, name}, {u"url"_s, u"http://a.test/ours"_s}}).toObject();
    QCOMPARE(found["status"_L1].toInt(), 404);
    QCOMPARE(found["text"_L1].toString().toLatin1(), body);
    QCOMPARE(found["headers"_L1]["x-a"_L1].toString(), u"é \"quoted\""_s);
    // Theirs, and then we.
    const QJsonValue repeated = QJsonObject{{u"repeat"_s, QJsonArray{u"x"_s, size}}};
    const QJsonObject headers{{u"cache-control"_s, u"max-age=60"_s}, {u"x-b"_s, u"b, c"_s}};
    QVERIFY(call({{u"do"_s, u"put"_s}, {u"cache"_s, name}, {u"url"_s, u"http://a.test/theirs"_s}, {u"body"_s, repeated}, {u"headers"_s, headers}}).isNull());
    auto match = cache.match("http://a.test/theirs");
    QVERIFY2(match, match ? "" : match.error().message.c_str());
    QVERIFY(*match);
    QCOMPARE((*match)->head.status, 200);
    QCOMPARE((*match)->head.size, size);
    QCOMPARE(bodyOf(**match), body);
    QVERIFY(std::ranges::find((*match)->head.headers, std::pair(std::string("x-b"), std::string("b, c"))) != (*match)->head.headers.end());
    // Each overwrites the other's.
    QVERIFY(call({{u"do"_s, u"put"_s}, {u"cache"_s, name}, {u"url"_s, u"http://a.test/ours"_s}, {u"body"_s, u"theirs"_s}, {u"headers"_s, headers}}).isNull());
    match = cache.match("http://a.test/ours");
    QVERIFY(match && *match);
    QCOMPARE(bodyOf(**match), QByteArray("theirs"));
    QCOMPARE(put(cache, "http://a.test/theirs", {}, "ours", at), QByteArray("OK"));
    QCOMPARE(call({{u"do"_s, u"match"_s}, {u"cache"_s, name}, {u"url"_s, u"http://a.test/theirs"_s}})["text"_L1].toString(), u"ours"_s);
}

void CacheInteropTest::deletesShowAtOnce()
{
    HttpCache cache(m_state, "");
    const QJsonObject match{{u"do"_s, u"match"_s}, {u"url"_s, u"http://a.test/gone"_s}};
    const QJsonObject remove{{u"do"_s, u"delete"_s}, {u"url"_s, u"http://a.test/gone"_s}};
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(put(cache, "http://a.test/gone", {}, "x", base::wallMs() + 60'000), QByteArray("OK"));
        QVERIFY(call(match).isObject());
        QCOMPARE(cache.remove("http://a.test/gone"), true);
        QVERIFY(call(match).isNull());
        QCOMPARE(call(remove), QJsonValue(false));
        QCOMPARE(put(cache, "http://a.test/gone", {}, "x", base::wallMs() + 60'000), QByteArray("OK"));
        QCOMPARE(call(remove), QJsonValue(true));
        QCOMPARE(cache.remove("http://a.test/gone"), false);
    }
}

void CacheInteropTest::expiredForBoth()
{
    HttpCache cache(m_state, "");
    QCOMPARE(put(cache, "http://a.test/old", {}, "x", base::wallMs() - 1), QByteArray("OK"));
    QVERIFY(call({{u"do"_s, u"match"_s}, {u"url"_s, u"http://a.test/old"_s}}).isNull());
    QVERIFY(call({{u"do"_s, u"put"_s}, {u"url"_s, u"http://a.test/old"_s}, {u"body"_s, u"x"_s}, {u"headers"_s, QJsonObject{{u"cache-control"_s, u"max-age=0"_s}}}}).isNull());
    const auto match = cache.match("http://a.test/old");
    QVERIFY(match && !*match);
}

QTEST_GUILESS_MAIN(CacheInteropTest)
#include "t_cacheinterop.moc"
