// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/requestquery.h"

#include <QElapsedTimer>
#include <QTest>

using namespace cleat;
using events::RequestQuery;

namespace {

struct Sample {
    events::RequestEvent request;
    std::vector<events::CallEvent> calls;
    std::vector<events::ConsoleEvent> console;
    std::vector<events::ExceptionEvent> exceptions;
    events::ContentEvent content;
    events::RequestFacts facts() const { return {request, calls, console, exceptions, &content}; }
};

Sample sample()
{
    Sample one;
    one.request.method = "POST";
    one.request.target = "/api/Todos?page=2";
    one.request.handler = "functions/api/index.ts";
    one.request.status = 503;
    one.request.state = events::RequestState::Finished;
    one.request.durationUs = 120'500;
    one.request.responseBytes = 12'000;
    one.request.error = "TypeError: x is undefined";
    one.calls.resize(2);
    one.calls[0].kind = "kv";
    one.calls[0].binding = "TODO_LIST";
    one.calls[1].kind = "d1";
    one.calls[1].binding = "DB";
    one.calls[1].error = "D1_ERROR: no such table";
    one.console.emplace_back().text = "Looking for user 7";
    one.exceptions.emplace_back().message = "RangeError: too far";
    one.request.environment = "preview";
    one.content.requestHead = "Host: localhost:8788\r\nAccept: text/html, */*\r\nX-Empty:\r\nX-Twice: first\r\nX-Twice: second\r\n";
    one.content.responseHead = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nServer:Cleat\r\n";
    one.content.requestBody = std::string("{\"Title\":\"Milk\"}") + '\0' + "behind zero";
    one.content.responseBody = "no such table";
    return one;
}

} // namespace

class TestRequestQuery final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data();
    void matches();
    void badValues_data();
    void badValues();
    void unfinishedTermsFitEverything();
    void runningRequestsHaveNoDuration();
    void asksInside();
    void withoutContentOrEnvironment();
    void starsDoNotExplode();
    void aMillionRequests();
};

void TestRequestQuery::matches_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("fits");
    const auto row = [](const char *line, bool fits) { QTest::newRow(line) << QByteArray(line) << fits; };
    row("", true);
    row("   ", true);
    row("todos", true);
    row("TODOS", true);
    row("page=2", true);
    row("post", true);
    row("index.ts", true);
    row("undefined", true);
    row("503", true);
    row("5XX", true);
    row("5xx post /api", true);
    row("404", false);
    row("2xx", false);
    row("5xx get", false);
    row("style.css", false);
    row("12", false);
    row("-todos", false);
    row("-style.css", true);
    row("-404 -2xx", true);
    row("-503", false);
    row("\"x is\"", true);
    row("\"is x\"", false);
    row("\"503\"", false); // quoted, so not a status
    row("-", false); // a word
    row("http://x", false);
    row("method:post", true);
    row("method:get,post", true);
    row("method:po", false); // a name as a whole
    row("method:po*", true);
    row("METHOD:POST", true);
    row("-method:get", true);
    row("path:/api", true);
    row("path:/api*", true);
    row("path:/api", true);
    row("path:*page=2", true);
    row("path:api*", false);
    row("path:*todos*", true);
    row("path:\"/api/todos\"", true);
    row("path:\"no thing\"", false);
    row("handler:functions/*.ts", true);
    row("status:503", true);
    row("status:5xx", true);
    row("status:404,503", true);
    row("status:400-499", false);
    row("status:500..599", true);
    row("status:>=500", true);
    row("status:>503", false);
    row("status:<=503", true);
    row("status:<503", false);
    row("-status:5xx", false);
    row("status:500-", true);
    row("kind:kv", true);
    row("kind:r2", false);
    row("kind:r2,d1", true);
    row("-kind:r2", true);
    row("binding:todo_list", true);
    row("binding:TODO", false);
    row("binding:todo*", true);
    row("kind:kv binding:db", true); // not of one call
    row("dur:>100", true);
    row("dur:>120.5", false);
    row("dur:>=120.5", true);
    row("dur:<100ms", false);
    row("dur:100ms-1s", true);
    row("dur:100..200", true);
    row("dur:120500us", true);
    row("size:>10k", true);
    row("size:12k", true);
    row("size:>1M", false);
    row("size:1kb-20kb", true);
    row("error:undefined", true);
    row("error:\"no such table\"", true);
    row("error:rangeerror", true);
    row("error:*", true);
    row("-error:*", false);
    row("error:nothing", false);
    row("console:user", true);
    row("console:\"user 7\"", true);
    row("console:*", true);
    row("-console:debug", true);
    row("5xx kind:d1 -method:get dur:>1 todos", true);
    row("env:preview", true);
    row("env:PREVIEW", true);
    row("env:pre", false); // a name as a whole
    row("env:pre*", true);
    row("env:production,preview", true);
    row("env:top", false);
    row("-env:production", true);
    row("body:title", true);
    row("body:TABLE", true);
    row("body:\"no such\"", true);
    row("body:zero", true);
    row("body:nothing", false);
    row("-body:nothing", true);
    row("body:{*}", false); // as a whole
    row("body:no*table", true);
    row("body:*", true);
    row("header.accept:html", true);
    row("HEADER.Accept:HTML", true);
    row("header.accept:json", false);
    row("header.content-type:json", true);
    row("header.content-type:application/*", true);
    row("header.content:json", false); // a name as a whole
    row("header.x-twice:second", true);
    row("header.x-twice:first,third", true);
    row("header.x-empty:*", true);
    row("header.x-empty:a", false);
    row("header.server:cleat", true);
    row("header.x-missing:*", false);
    row("-header.x-missing:*", true);
    row("-header.accept:html", false);
    row("header.HTTP/1.1 503", false); // two words
    row("header.host:localhost:8788", true);
    row("header.host:\"localhost:8788\"", true);
    row("header.png", false); // a word
    row("header.:x", false); // a word
    row("\"header.host:localhost\"", false); // quoted, so a word
}

void TestRequestQuery::matches()
{
    QFETCH(QByteArray, line);
    const auto query = RequestQuery::parse(line.toStdString());
    QVERIFY2(query, query ? "" : query.error().message.c_str());
    const Sample one = sample();
    QTEST(query->matches(one.facts()), "fits");
    QCOMPARE(query->empty(), line.trimmed().isEmpty());
    QCOMPARE(*query, *RequestQuery::parse(line.toStdString() + " "));
}

void TestRequestQuery::badValues_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("column");
    QTest::newRow("status") << QByteArray("status:abc") << 1;
    QTest::newRow("second term") << QByteArray("/api  status:abc") << 7;
    QTest::newRow("range the wrong way round") << QByteArray("status:500-400") << 1;
    QTest::newRow("unit") << QByteArray("dur:5h") << 1;
    QTest::newRow("bound without a number") << QByteArray("dur:>") << 1;
    QTest::newRow("negative") << QByteArray("size:-5") << 1;
    QTest::newRow("one of several") << QByteArray("status:404,x") << 1;
    QTest::newRow("not a number") << QByteArray("size:nan") << 1;
}

void TestRequestQuery::badValues()
{
    QFETCH(QByteArray, line);
    QFETCH(int, column);
    const auto query = RequestQuery::parse(line.toStdString());
    QVERIFY(!query);
    QCOMPARE(query.error().code, "query.value");
    QCOMPARE(query.error().place.column, column);
}

void TestRequestQuery::unfinishedTermsFitEverything()
{
    for (const std::string_view key : RequestQuery::keys()) {
        const auto query = RequestQuery::parse(key);
        QVERIFY(query && query->empty());
        const auto negated = RequestQuery::parse('-' + std::string(key));
        QVERIFY(negated && negated->empty());
    }
    QVERIFY(RequestQuery::parse("status:,")->empty());
    QVERIFY(RequestQuery::parse("\"")->empty());
    for (const char *line : {"header.", "-header.", "header.accept:", "-header.accept:", "header.accept:,"})
        QVERIFY(RequestQuery::parse(line)->empty());
}

void TestRequestQuery::runningRequestsHaveNoDuration()
{
    Sample one = sample();
    one.request.state = events::RequestState::Running;
    QVERIFY(!RequestQuery::parse("dur:>=0")->matches(one.facts()));
}

void TestRequestQuery::asksInside()
{
    QVERIFY(!RequestQuery::parse("/api status:5xx dur:>5 size:>1 method:get handler:x")->asksInside());
    QVERIFY(!RequestQuery::parse("env:preview")->asksInside());
    for (const char *line : {"kind:kv", "binding:X", "error:*", "console:x", "body:x", "header.x:y"})
        QVERIFY(RequestQuery::parse(line)->asksInside());
}

void TestRequestQuery::withoutContentOrEnvironment()
{
    Sample one = sample();
    one.request.environment.clear();
    const events::RequestFacts facts{one.request, one.calls, one.console, one.exceptions};
    QVERIFY(RequestQuery::parse("env:top -env:preview env:*")->matches(facts));
    QVERIFY(!RequestQuery::parse("body:*")->matches(facts));
    QVERIFY(!RequestQuery::parse("header.host:*")->matches(facts));
    QVERIFY(RequestQuery::parse("-header.host:* -body:*")->matches(facts));
}

void TestRequestQuery::starsDoNotExplode()
{
    Sample one = sample();
    one.request.target = std::string(20'000, 'a');
    const auto query = RequestQuery::parse("path:*a*a*a*a*a*a*a*a*a*a*b");
    QVERIFY(!query->matches(one.facts()));
}

void TestRequestQuery::aMillionRequests()
{
    const Sample one = sample();
    for (const char *line : {"todos", "status:5xx dur:>100", "path:*/todos*page=3", "-method:get nothing-there"}) {
        const auto query = RequestQuery::parse(line);
        QElapsedTimer timer;
        timer.start();
        int found = 0;
        for (int i = 0; i < 1'000'000; ++i)
            found += query->matches(one.facts());
        qInfo("%s: %lld ms for a million, %d found", line, static_cast<long long>(timer.elapsed()), found);
    }
}

QTEST_GUILESS_MAIN(TestRequestQuery)
#include "t_requestquery.moc"
