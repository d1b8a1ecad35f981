// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventjson.h"
#include "core/events/redactor.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

QJsonObject read(const events::Event &event, const events::Redactor *redactor = nullptr)
{
    const std::string line = events::toJson(event, redactor);
    QJsonParseError error{};
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(line), &error);
    if (line.find('\n') != std::string::npos || error.error != QJsonParseError::NoError)
        qFatal("%s: %s", line.c_str(), qPrintable(error.errorString()));
    return document.object();
}

} // namespace

class TestEventJson final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void requests()
    {
        events::RequestEvent event;
        event.id = 7;
        event.startUs = 1'795'838'400'000'005;
        event.method = "GET";
        event.target = "/a\n\xff";
        QJsonObject json = read(event);
        QCOMPARE(json[u"type"_s].toString(), u"request"_s);
        QCOMPARE(json[u"id"_s].toInt(), 7);
        QCOMPARE(json[u"time"_s].toString(), u"2026-11-28T04:00:00.000005Z"_s);
        QCOMPARE(json[u"state"_s].toString(), u"running"_s);
        QCOMPARE(json[u"target"_s].toString(), QString::fromUtf8("/a\n\xef\xbf\xbd"));
        QCOMPARE(json[u"kind"_s].toString(), u"http"_s);
        for (const char *absent : {"status", "durationUs", "handler", "error", "environment", "secure", "handedUs", "beganUs", "answeredUs"})
            QVERIFY(!json.contains(QLatin1String(absent)));
        event.state = events::RequestState::Finished;
        event.status = 500;
        event.durationUs = 12;
        event.error = "TypeError: x";
        json = read(event);
        QCOMPARE(json[u"status"_s].toInt(), 500);
        QCOMPARE(json[u"durationUs"_s].toInt(), 12);
        QCOMPARE(json[u"error"_s].toString(), u"TypeError: x"_s);
    }

    void phasesAndWhatRan()
    {
        events::RequestEvent event;
        event.kind = events::RequestKind::Queue;
        event.secure = true;
        event.environment = "preview";
        event.handedUs = 1;
        event.beganUs = 20;
        event.answeredUs = 300;
        const QJsonObject json = read(event);
        QCOMPARE(json[u"kind"_s].toString(), u"queue"_s);
        QCOMPARE(json[u"secure"_s].toBool(), true);
        QCOMPARE(json[u"environment"_s].toString(), u"preview"_s);
        QCOMPARE(json[u"handedUs"_s].toInt(), 1);
        QCOMPARE(json[u"beganUs"_s].toInt(), 20);
        QCOMPARE(json[u"answeredUs"_s].toInt(), 300);
    }

    void spans()
    {
        events::CallEvent event;
        event.request = 3;
        event.kind = "d1";
        QJsonObject json = read(event);
        for (const char *absent : {"span", "parent", "file", "line", "rowsRead", "rowsWritten"})
            QVERIFY2(!json.contains(QLatin1String(absent)), absent);
        event.span = 4;
        event.parent = 2;
        event.place = {"functions/a.ts", 3, 5};
        event.rowsRead = 10;
        event.rowsWritten = 1;
        json = read(event);
        QCOMPARE(json[u"span"_s].toInt(), 4);
        QCOMPARE(json[u"parent"_s].toInt(), 2);
        QCOMPARE(json[u"file"_s].toString(), u"functions/a.ts"_s);
        QCOMPARE(json[u"column"_s].toInt(), 5);
        QCOMPARE(json[u"rowsRead"_s].toInt(), 10);
        QCOMPARE(json[u"rowsWritten"_s].toInt(), 1);
    }

    void contentsHeads()
    {
        events::ContentEvent event;
        event.request = 9;
        event.requestHead = "Host: a\r\nCOOKIE: session=1\r\nX-Empty:\r\nx: 1: 2\r\nauthorization : Bearer abc\r\nno field\r\n";
        event.responseHead = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n";
        event.cf = R"({"colo":"AMS"})";
        const QJsonObject json = read(event);
        QCOMPARE(json[u"request"_s].toInt(), 9);
        QCOMPARE(QJsonDocument(json[u"requestHeaders"_s].toArray()).toJson(QJsonDocument::Compact),
            QByteArray(R"([["Host","a"],["COOKIE","[masked]"],["X-Empty",""],["x","1: 2"],["authorization ","[masked]"],["no field",""]])"));
        QCOMPARE(json[u"statusLine"_s].toString(), u"HTTP/1.1 200 OK"_s);
        QCOMPARE(QJsonDocument(json[u"responseHeaders"_s].toArray()).toJson(QJsonDocument::Compact), QByteArray(R"([["Set-Cookie","[masked]"],["Set-Cookie","[masked]"]])"));
        QCOMPARE(json[u"cf"_s][u"colo"_s].toString(), u"AMS"_s);
        for (const char *absent : {"requestBody", "responseBody"})
            QVERIFY2(!json.contains(QLatin1String(absent)), absent);
    }

    void bodies_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QJsonValue>("told");
        const auto binary = [](const char *text) { return QJsonValue(QJsonObject{{u"base64"_s, QLatin1String(text)}}); };
        QTest::newRow("text") << QByteArray("a\nb") << QJsonValue(u"a\nb"_s);
        QTest::newRow("zero byte") << QByteArray("a\0b", 3) << QJsonValue(QString(QLatin1String("a\0b", 3)));
        QTest::newRow("UTF-8") << QByteArray("gr\xc3\xbc\xc3\x9f") << QJsonValue(u"gr\u00fc\u00df"_s);
        QTest::newRow("cut in a character of two") << QByteArray("gr\xc3") << QJsonValue(u"gr"_s);
        QTest::newRow("cut in a character of four") << QByteArray("x\xf0\x9f\x98") << QJsonValue(u"x"_s);
        QTest::newRow("no text") << QByteArray("\xff\xd8\xff\xe0\x00\x10", 6) << binary("/9j/4AAQ");
        QTest::newRow("one byte") << QByteArray("\xff") << binary("/w==");
        QTest::newRow("binary with an open end") << QByteArray("\xff\xe2\x82") << binary("/+KC");
        QTest::newRow("Latin-1 in the middle") << QByteArray("gr\xfc\xdf dich") << binary("Z3L83yBkaWNo");
    }
    void bodies()
    {
        QFETCH(QByteArray, body);
        QFETCH(QJsonValue, told);
        events::ContentEvent event;
        event.requestBody = event.responseBody = body.toStdString();
        const QJsonObject json = read(event);
        QCOMPARE(json[u"requestBody"_s], told);
        QCOMPARE(json[u"responseBody"_s], told);
    }

    void secretsInContents()
    {
        const events::Redactor redactor(std::vector<events::Redactor::Secret>{{"KEY", "hunter2-hunter2"}});
        events::ContentEvent event;
        event.requestHead = "X-Key: hunter2-hunter2\r\n";
        event.responseHead = "HTTP/1.1 200 OK\r\nX-Key: hunter2-hunter2\r\n";
        event.requestBody = "k=hunter2-hunter2";
        event.responseBody = std::string("\xff\xfe") + "hunter2-hunter2";
        event.cf = R"({"a":"hunter2-hunter2"})";
        const std::string line = events::toJson(event, &redactor);
        QVERIFY2(line.find("hunter2") == std::string::npos, line.c_str());
        QVERIFY(line.find("k=[secret KEY]") != std::string::npos);
        const QJsonObject json = read(event, &redactor);
        const QByteArray binary = QByteArray::fromBase64(json[u"responseBody"_s][u"base64"_s].toString().toLatin1());
        QCOMPARE(binary, QByteArray("\xff\xfe[secret KEY]"));
    }

    void callsWithWholeAndShortenedValues()
    {
        events::CallEvent event;
        event.request = 3;
        event.kind = "kv";
        event.binding = "TODO";
        event.method = "get";
        event.arguments = R"(["key",{"type":"json"}])";
        event.result = R"({"a":[1,2)"; // cut
        QJsonObject json = read(event);
        QCOMPARE(json[u"request"_s].toInt(), 3);
        QCOMPARE(json[u"arguments"_s].toArray().at(1).toObject()[u"type"_s].toString(), u"json"_s);
        QCOMPARE(json[u"result"_s].toString(), uR"({"a":[1,2)"_s);
        event.request = 0;
        event.result.clear();
        json = read(event);
        QVERIFY(!json.contains(QLatin1String("request")));
        QVERIFY(!json.contains(QLatin1String("result")));
    }

    void linesExceptionsAndNotices()
    {
        const base::Place place{"functions/a.ts", 3, 5};
        QJsonObject json = read(events::ConsoleEvent{1, 0, events::Level::Warn, "careful", R"([{"a":1}])", place});
        QCOMPARE(json[u"level"_s].toString(), u"warn"_s);
        QCOMPARE(json[u"file"_s].toString(), u"functions/a.ts"_s);
        QCOMPARE(json[u"line"_s].toInt(), 3);
        QCOMPARE(json[u"values"_s].toArray().at(0)[u"a"_s].toInt(), 1);
        json = read(events::ExceptionEvent{1, 0, "Error: x", "at a", {}, {}, 0});
        QCOMPARE(json[u"stack"_s].toString(), u"at a"_s);
        QVERIFY(!json.contains(QLatin1String("file")));
        QVERIFY(!json.contains(QLatin1String("excerptLine")));
        json = read(events::ExceptionEvent{1, 0, "Error: x", "at a", place, "one\ntwo", 2});
        QCOMPARE(json[u"excerpt"_s].toString(), u"one\ntwo"_s);
        QCOMPARE(json[u"excerptLine"_s].toInt(), 2);
        json = read(events::NoticeEvent{0, events::Level::Error, "build.failed", "No.", {}});
        QCOMPARE(json[u"code"_s].toString(), u"build.failed"_s);
    }
};

QTEST_GUILESS_MAIN(TestEventJson)
#include "t_eventjson.moc"
