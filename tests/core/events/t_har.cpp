// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/har.h"

#include "core/base/file.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using events::RequestRecord;

namespace {

RequestRecord nasty()
{
    RequestRecord r;
    r.request = {.id = 7,
        .startUs = 1'795'838'400'123'456,
        .durationUs = 9001,
        .status = 201,
        .state = events::RequestState::Finished,
        .handedUs = 10,
        .beganUs = 40,
        .answeredUs = 8000,
        .environment = "preview",
        .method = "POST",
        .target = "/a%20b?x=1&y=%C3%A4+z#\xff",
        .handler = "functions/a.ts",
        .requestBytes = 2'000'000,
        .responseBytes = 5,
        .error = "boom"};
    r.content.request = 7;
    r.content.requestHead = "Host: localhost:8788\r\nX-Raw: \xff\xfe\r\nCookie: a=1; b=2\r\nAuthorization: Bearer geheim\r\nX-Empty: \r\n";
    r.content.responseHead = "HTTP/1.1 201 Created\r\nContent-Type: application/octet-stream\r\nSet-Cookie: s=geheim; Path=/; HttpOnly; SameSite=Lax\r\n";
    r.content.cf = R"({"colo":"HAM"})";
    r.content.requestBody = std::string("\0\xff"
                                        "a",
        3);
    r.content.responseBody = std::string("\x1f\x8b\0\1\2", 5);
    r.calls.push_back({.request = 7,
        .span = 1,
        .startUs = 50,
        .durationUs = 60,
        .kind = "fetch",
        .binding = "h",
        .method = "GET",
        .place = {"functions/a.ts", 3, 5},
        .rowsRead = 0,
        .rowsWritten = 0,
        .arguments = R"(["http://h/",{"headers":{"Authorization":"geheim"}}])",
        .result = "{\"cut",
        .error = "bad \xff",
        .bytes = 9});
    r.console.push_back({7, 1'795'838'400'123'999, events::Level::Warn, "line\nline", "[1]", {"functions/a.ts", 9, 1}});
    r.exceptions.push_back({7, 1'795'838'400'124'000, "TypeError: x", "at a", {"functions/a.ts", 4, 2}, "one\ntwo", 3});
    return r;
}

events::HarOptions lifted()
{
    events::HarOptions options;
    options.masks = events::Masks::Lifted;
    return options;
}

events::HarOptions decoding(decltype(events::HarOptions::decode) decode)
{
    events::HarOptions options;
    options.decode = std::move(decode);
    return options;
}

const std::string browsersFile =
    "\xEF\xBB\xBF"
    "{\"log\":{\"version\":\"1.2\",\"pages\":[{\"id\":\"page_1\",\"entries\":[1]}],\"entries\":[\n"
    "{\"_initiator\":{\"type\":\"script\",\"stack\":{\"callFrames\":[{}]}},\"startedDateTime\":\"2026-01-01T02:00:00.5+02:00\",\"time\":12.5,\"request\":{"
    "\"method\":\"POST\",\"url\":\"https://a.example/x?q=1#f\",\"httpVersion\":\"h2\",\n"
    "\"headers\":[{\"name\":\":authority\",\"value\":\"a.example\"},{\"name\":\"accept\",\"value\":\"*/"
    "*\"}],\"bodySize\":-1,\"postData\":{\"mimeType\":\"application/x-www-form-urlencoded\",\"params\":[{\"name\":\"a b\",\"value\":\"ä&\"}]}},\n"
    "\"response\":{\"status\":200,\"statusText\":\"\",\"httpVersion\":\"h2\",\"headers\":[{\"name\":\"set-cookie\",\"value\":\"a=1\\nb=2\"},{\"name\":"
    "\"content-encoding\",\"value\":\"br\"}],\n"
    "\"content\":{\"size\":3,\"mimeType\":\"text/"
    "plain\",\"text\":\"YWJj\",\"encoding\":\"base64\"},\"bodySize\":2},\"timings\":{\"blocked\":-1,\"wait\":10,\"receive\":2.5}},\n"
    "{\"startedDateTime\":\"2026-01-01T00:00:00.000Z\",\"time\":0,\"request\":{\"method\":\"GET\",\"url\":\"http://"
    "a.example\"},\"response\":{\"status\":0,\"content\":{},\"_error\":\"net::ERR_FAILED\"}}]}}\n";

} // namespace

class TestHar final : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    std::filesystem::path path() const { return std::filesystem::path(m_folder.filePath(u"a.har"_s).toStdString()); }
    base::Result<void> write(std::vector<RequestRecord> records, events::HarOptions options)
    {
        std::size_t i = 0;
        options.base = "http://localhost:8788";
        options.version = "1.0";
        return events::writeHar(
            path(), [&]() -> base::Result<std::optional<RequestRecord>> { return i < records.size() ? std::optional(records[i++]) : std::nullopt; }, options);
    }
    QByteArray text() const
    {
        QFile file(QString::fromStdString(path().string()));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void everythingComesBack()
    {
        RequestRecord plain;
        plain.request = {.id = 8,
            .startUs = 5,
            .status = 0,
            .state = events::RequestState::Running,
            .answer = events::Answer::Refused,
            .kind = events::RequestKind::Cron,
            .environment = {},
            .method = "CRON",
            .target = "* * *",
            .handler = {},
            .error = {}};
        plain.content.request = 8;
        QVERIFY(write({nasty(), plain}, lifted()));
        const auto read = events::readHar(path());
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->size(), 2U);
        const RequestRecord expected = nasty();
        QVERIFY(read->at(0).request == expected.request);
        QCOMPARE(read->at(0).content.requestHead, expected.content.requestHead);
        QCOMPARE(read->at(0).content.responseHead, expected.content.responseHead);
        QVERIFY(read->at(0) == expected);
        QVERIFY(read->at(1) == plain);
    }

    void membersOfTheSpecificationAreThere()
    {
        QVERIFY(write({nasty()}, events::HarOptions()));
        const QJsonObject log = QJsonDocument::fromJson(text()).object()[u"log"_s].toObject();
        QCOMPARE(log[u"version"_s].toString(), u"1.2"_s);
        QVERIFY(log[u"creator"_s].isObject() && log[u"pages"_s].isArray());
        const QJsonObject entry = log[u"entries"_s].toArray().at(0).toObject();
        QCOMPARE(entry[u"startedDateTime"_s].toString(), u"2026-11-28T04:00:00.123456Z"_s);
        const QJsonObject request = entry[u"request"_s].toObject();
        for (const auto *name : {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"})
            QVERIFY2(request.contains(QLatin1String(name)), name);
        QCOMPARE(request[u"url"_s].toString(), u"http://localhost:8788/a%20b?x=1&y=%C3%A4+z%23%FF"_s);
        QVERIFY(request[u"postData"_s].toObject()[u"text"_s].isString());
        const QJsonObject response = entry[u"response"_s].toObject();
        for (const auto *name : {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"})
            QVERIFY2(response.contains(QLatin1String(name)), name);
        QCOMPARE(response[u"content"_s].toObject()[u"encoding"_s].toString(), u"base64"_s);
        double sum = 0;
        for (const QJsonValue &part : entry[u"timings"_s].toObject())
            sum += std::max(part.toDouble(), 0.0);
        QVERIFY(qAbs(sum - entry[u"time"_s].toDouble()) < 0.001);
    }

    void browsersFileItByType()
    {
        const auto typeOf = [&](std::string head) {
            RequestRecord r = nasty();
            r.content.requestHead = std::move(head);
            return write({r}, {}) ? QJsonDocument::fromJson(text())[u"log"_s][u"entries"_s][0][u"_resourceType"_s].toString() : QString();
        };
        QCOMPARE(typeOf("Host: a\r\n"), u"fetch"_s);
        QCOMPARE(typeOf("Host: a\r\nsec-fetch-dest: document\r\n"), u"document"_s);
        QCOMPARE(typeOf("Sec-Fetch-Dest: style\r\n"), u"stylesheet"_s);
        QCOMPARE(typeOf("Sec-Fetch-Dest: empty\r\n"), u"fetch"_s);
    }

    void sensitiveValuesAreMasked()
    {
        QVERIFY(write({nasty()}, events::HarOptions()));
        QVERIFY2(!text().contains("geheim"), text().constData());
        QVERIFY(text().contains("[masked]"));
    }

    void encodedBodiesAreDecodedWhenTheyCan()
    {
        RequestRecord r = nasty();
        r.content.responseHead = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/plain\r\n";
        QVERIFY(write({r}, decoding([](std::string_view, std::string_view) -> base::Result<std::string> { return "plain text"; })));
        auto read = events::readHar(path());
        QVERIFY(read);
        QCOMPARE(read->at(0).content.responseBody, std::string("plain text"));
        QVERIFY(!read->at(0).content.responseHead.contains("gzip"));
        QVERIFY(write({r}, decoding([](std::string_view, std::string_view) -> base::Result<std::string> { return base::fail("x", "X."); })));
        read = events::readHar(path());
        QVERIFY(read);
        QCOMPARE(read->at(0).content.responseBody, r.content.responseBody);
        QVERIFY(read->at(0).content.responseHead.contains("gzip"));
    }

    void aFailureLeavesTheOldFile()
    {
        QVERIFY(base::writeFileAtomically(path(), "old"));
        const auto done = events::writeHar(path(), []() -> base::Result<std::optional<RequestRecord>> { return base::fail("my.code", "No."); }, {});
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("my.code"));
        QCOMPARE(text(), QByteArray("old"));
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"a.har"_s});
        const auto nowhere = events::writeHar("/nonexistent/a.har", []() -> base::Result<std::optional<RequestRecord>> { return std::nullopt; }, {});
        QVERIFY(!nowhere && nowhere.error().code == "har.write");
    }

    void hostileFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto entry = [](const char *request) {
            return QByteArray(R"({"log":{"entries":[{"startedDateTime":"2026-01-01T00:00:00Z","request":)") + request + "}]}}";
        };
        QTest::newRow("empty") << QByteArray() << u"line 1, column 1"_s;
        QTest::newRow("cut") << QByteArray("{\n \"log\": {\"entries\": [") << u"line 2, column"_s;
        QTest::newRow("other JSON") << QByteArray(R"({"entries":[]})") << u"log.entries"_s;
        QTest::newRow("entries elsewhere") << QByteArray(R"({"a":{"entries":[{}]}})") << u"log.entries"_s;
        QTest::newRow("no object") << QByteArray(R"({"log":{"entries":[1]}})") << u"Entry 1"_s;
        QTest::newRow("array") << QByteArray(R"({"log":{"entries":[[]]}})") << u"Entry 1"_s;
        QTest::newRow("empty entry") << QByteArray(R"({"log":{"entries":[{}]}})") << u"startedDateTime"_s;
        QTest::newRow("method") << entry(R"({"method":"A B","url":"/"})") << u"method"_s;
        QTest::newRow("url") << entry(R"({"method":"GET","url":7})") << u"URL"_s;
        QTest::newRow("name") << entry(R"({"method":"GET","url":"/","headers":[{"name":"a\r\nb","value":""}]})") << u"name"_s;
        QTest::newRow("zero") << entry(R"({"method":"GET","url":"/","headers":[{"name":"a","value":"\u0000"}]})") << u"zero"_s;
        QTest::newRow("base64") << entry(R"({"method":"GET","url":"/","postData":{"text":"!","encoding":"base64"}})") << u"base64"_s;
        QTest::newRow("UTF-8") << QByteArray("{\"log\xff\":1}") << u"line 1, column"_s;
        QTest::newRow("deep outside") << QByteArray(1'000'000, '[') << u"line 1"_s;
        QTest::newRow("deep inside") << QByteArray(R"({"log":{"entries":[{"a":)") + QByteArray(100'000, '[') << u"Entry 1"_s;
        QTest::newRow("wide") << QByteArray(R"({"log":{"entries":[{"a":[)") + QByteArray("1,").repeated(600'000) << u"Entry 1"_s;
    }
    void hostileFiles()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, says);
        QVERIFY(base::writeFileAtomically(path(), bytes.toStdString()));
        const auto read = events::readHar(path());
        QVERIFY(!read);
        QCOMPARE(read.error().code, std::string("har.format"));
        QVERIFY2(QString::fromStdString(read.error().message).contains(says), read.error().message.c_str());
    }

    void filesThatAreNone()
    {
        QCOMPARE(events::readHar("/dev/zero").error().code, std::string("har.read"));
        QCOMPARE(events::readHar("/nonexistent").error().code, std::string("har.read"));
    }

    void browsersFiles()
    {
        // As Chromium and Firefox write them: pseudo-fields, several cookies in one value, sizes of -1, times with a zone, members of their own, forms without text.
        QVERIFY(base::writeFileAtomically(path(), browsersFile));
        const auto read = events::readHar(path());
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->size(), 2U);
        const RequestRecord &r = read->at(0);
        QCOMPARE(r.request.target, std::string("/x?q=1"));
        QVERIFY(r.request.secure);
        QCOMPARE(r.request.startUs, 1'767'225'600'500'000);
        QCOMPARE(r.request.durationUs, 12'500U);
        QCOMPARE(r.request.answeredUs, 10'000U);
        QCOMPARE(r.content.requestHead, std::string("accept: */*\r\n"));
        QCOMPARE(r.content.requestBody, std::string("a+b=%C3%A4%26"));
        QCOMPARE(r.content.responseHead, std::string("HTTP/1.1 200 \r\nset-cookie: a=1\r\nset-cookie: b=2\r\n"));
        QCOMPARE(r.content.responseBody, std::string("abc"));
        QCOMPARE(read->at(1).request.error, std::string("net::ERR_FAILED"));
        QCOMPARE(read->at(1).request.target, std::string("/"));
        QVERIFY(read->at(1).request.state == events::RequestState::Abandoned);
    }
};

QTEST_GUILESS_MAIN(TestHar)
#include "t_har.moc"
