// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

QJsonObject read(const events::Event &event)
{
    const std::string line = events::toJson(event);
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
        for (const char *absent : {"status", "durationUs", "handler", "error"})
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
        QJsonObject json = read(events::ConsoleEvent{1, 0, events::Level::Warn, "careful", place});
        QCOMPARE(json[u"level"_s].toString(), u"warn"_s);
        QCOMPARE(json[u"file"_s].toString(), u"functions/a.ts"_s);
        QCOMPARE(json[u"line"_s].toInt(), 3);
        json = read(events::ExceptionEvent{1, 0, "Error: x", "at a", {}});
        QCOMPARE(json[u"stack"_s].toString(), u"at a"_s);
        QVERIFY(!json.contains(QLatin1String("file")));
        json = read(events::NoticeEvent{0, events::Level::Error, "build.failed", "No.", {}});
        QCOMPARE(json[u"code"_s].toString(), u"build.failed"_s);
    }
};

QTEST_GUILESS_MAIN(TestEventJson)
#include "t_eventjson.moc"
