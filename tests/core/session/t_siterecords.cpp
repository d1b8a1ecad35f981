// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "tests/core/config/entries.h"
#include "tests/core/session/running.h"

#include <QTest>

#include <algorithm>

using namespace cleat;
using namespace cleat::tests;
using events::Answer;
using events::CallEvent;
using events::ContentEvent;
using events::RequestEvent;
using events::RequestState;
using Recorded = events::EventLog::Recorded;

namespace {

constexpr std::size_t mebibyte = 1U << 20;

/// Bytes of every kind, and no two stretches alike.
std::string noise(std::size_t size)
{
    std::string bytes(size, '\0');
    std::uint32_t state = 1;
    for (char &c : bytes) {
        state = state * 1664525 + 1013904223;
        c = static_cast<char>(state >> 24);
    }
    return bytes;
}

std::string chunked(std::string_view body, std::size_t piece)
{
    std::string wire;
    while (!body.empty()) {
        const std::string_view part = body.substr(0, piece);
        body.remove_prefix(part.size());
        wire += QByteArray::number(static_cast<qulonglong>(part.size()), 16).toStdString() + "\r\n" + std::string(part) + "\r\n";
    }
    return wire + "0\r\n\r\n";
}

bool contains(std::string_view text, std::string_view words)
{
    return text.find(words) != std::string_view::npos;
}

} // namespace

/// What the log is told of requests to a running session: rows with their phases, and what went over the wire.
class SiteRecordsTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Running> m_run;
    int m_serial = 0;

    events::EventLog &log() { return m_run->session().events(); }
    /// A target that no other request has.
    std::string fresh(const char *path) { return path + std::string("?n=") + std::to_string(++m_serial); }

    std::optional<ContentEvent> content(events::RequestId id)
    {
        std::optional<ContentEvent> found;
        waitUntil([&] {
            for (const ContentEvent &event : m_run->all<ContentEvent>()) {
                if (event.request == id)
                    found = event;
            }
            return found.has_value();
        });
        return found;
    }
    std::vector<CallEvent> calls(events::RequestId id)
    {
        auto all = m_run->all<CallEvent>();
        std::erase_if(all, [id](const CallEvent &call) { return call.request != id; });
        return all;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_run = std::make_unique<Running>();
        const auto write = [this](const char *name, const char *code) { m_run->project.write(name, code); };
        write("functions/echo.js", "export const onRequest = async ({ request }) => new Response(await request.arrayBuffer());\n");
        write("functions/through.js",
            "export const onRequest = ({ request }) => new Response(request.body.pipeThrough(new TransformStream({ transform(c, t) { t.enqueue(c); } })));\n");
        write("functions/ignore.js", "export const onRequest = () => new Response('not read', { headers: { 'X-Own': 'yes' } });\n");
        write("functions/nothing.js", "export const onRequest = () => new Response(null, { status: 204 });\n");
        write("functions/sized.js",
            "export const onRequest = () => { const { readable, writable } = new FixedLengthStream(6); const w = writable.getWriter(); w.write(new TextEncoder().encode('sized!')); w.close(); "
            "return new Response(readable); };\n");
        write("functions/slow.js",
            "export const onRequest = () => { let n = 0; return new Response(new ReadableStream({ async pull(c) { if (n === 2) { c.close(); return; }\n"
            "await new Promise((r) => setTimeout(r, 2500)); c.enqueue(new TextEncoder().encode(`piece ${n++}\\n`)); } })); };\n");
        write("functions/endless.js", "export const onRequest = () => new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(65536).fill(7)); } }));\n");
        write("functions/hang.js", "export const onRequest = () => new Promise((done) => setTimeout(done, 1e6));\n");
        write("functions/typed/index.ts",
            "interface Env {\n  KV: KVNamespace;\n}\n\nexport const onRequestGet: PagesFunction<Env> = async ({ env, request }) => {\n"
            "  const value: string | null = await env.KV.get(\"key\");\n  const mode = new URL(request.url).searchParams.get(\"mode\") as string;\n"
            "  if (mode === \"throw\") throw new Error(`no ${mode as string}`);\n  return new Response(value);\n};\n// the end\n");
        write("functions/typed/_middleware.ts", "// in front of all\nexport const onRequest = async (context: any): Promise<Response> => {\n  return await context.next();\n};\n");
        write("public/file.txt", "0123456789");
        m_run->project.write("public/large.bin", noise(mebibyte + 1));
        m_run->options.bindings = {config::kv("KV", "kv-id")};
        m_run->options.scope = config::Scope::Preview;
        QVERIFY(m_run->start());
        QVERIFY2(!m_run->session().buildError(), m_run->session().buildError().value_or(base::Error()).message.c_str());
    }

    void cleanupTestCase()
    {
        QVERIFY(m_run->stop());
        m_run.reset();
    }

    void init() { log().setRecording(Recorded::All); }
    void cleanup() { log().setBodyBytes(mebibyte); }

    // ---- rows

    void phasesOfCode()
    {
        const std::string target = fresh("/ignore");
        QCOMPARE(m_run->get(target).status, 200);
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(row->kind, events::RequestKind::Http);
        QCOMPARE(row->secure, false);
        QCOMPARE(row->environment, std::string("preview"));
        QCOMPARE(row->method, std::string("GET"));
        QVERIFY(row->handedUs >= 1);
        QVERIFY(row->beganUs >= row->handedUs);
        QVERIFY(row->answeredUs >= row->beganUs);
        QVERIFY(row->durationUs >= row->answeredUs);
    }

    void whatNeverReachedCode_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("answer");
        QTest::newRow("asset") << QByteArray("/file.txt") << QByteArray() << 200 << QByteArray("0123456789") << int(Answer::Asset);
        QTest::newRow("host") << QByteArray("/file.txt") << QByteArray("Host: evil.example.org\r\n") << 403 << QByteArray("The Host \"evil.example.org\" is not allowed") << int(Answer::Refused);
    }
    void whatNeverReachedCode()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, fields);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, answer);
        const std::string target = fresh(path.constData());
        QCOMPARE(m_run->get(target, fields.toStdString()).status, status);
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(int(row->answer), answer);
        QCOMPARE(row->status, status);
        QCOMPARE(row->environment, std::string("preview"));
        QCOMPARE(row->handedUs, 0U);
        QCOMPARE(row->beganUs, 0U);
        QVERIFY(row->answeredUs >= 1);
        const auto told = content(row->id);
        QVERIFY(told);
        QVERIFY(told->responseHead.starts_with("HTTP/1.1 " + std::to_string(status) + ' '));
        QVERIFY2(told->responseBody.starts_with(body.toStdString()), told->responseBody.c_str());
        QCOMPARE(told->responseBody.size(), row->responseBytes);
        QVERIFY(contains(told->requestHead, "Host: "));
    }

    void badHttp_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("no HTTP") << QByteArray("hello\r\n\r\n") << 400 << QByteArray();
        QTest::newRow("space before the colon") << QByteArray("GET /bad HTTP/1.1\r\nHost: localhost\r\nCookie : a=1\r\n\r\n") << 400 << QByteArray("Host: localhost\r\nCookie : a=1\r\n");
        QTest::newRow("bare line ends") << QByteArray("GET /bad HTTP/1.1\nHost: localhost\nCookie: a=1\n\n") << 400 << QByteArray("");
        QTest::newRow("version") << QByteArray("GET /bad HTTP/3.0\r\nHost: localhost\r\n\r\n") << 505 << QByteArray("Host: localhost\r\n");
        QTest::newRow("target too long") << "GET /" + QByteArray(20'000, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n" << 414 << QByteArray("");
    }
    void badHttp()
    {
        QFETCH(QByteArray, wire);
        QFETCH(int, status);
        QFETCH(QByteArray, head);
        const std::size_t before = m_run->all<RequestEvent>().size();
        Client client(m_run->port());
        client.send(wire.toStdString());
        const Reply reply = client.receive();
        QCOMPARE(reply.status, status);
        std::optional<RequestEvent> row;
        QVERIFY(waitUntil([&] {
            const auto rows = m_run->all<RequestEvent>();
            for (std::size_t i = before; i < rows.size(); ++i) {
                if (rows[i].answer == Answer::Refused)
                    row = rows[i];
            }
            return row.has_value();
        }));
        QCOMPARE(row->status, status);
        QVERIFY(!row->error.empty());
        QCOMPARE(row->state, RequestState::Finished);
        const auto told = content(row->id);
        QVERIFY(told);
        if (!head.isEmpty())
            QCOMPARE(told->requestHead, head.toStdString());
        QCOMPARE(told->responseBody, reply.body);
        QVERIFY(told->responseHead.starts_with("HTTP/1.1 " + std::to_string(status) + ' '));
        QVERIFY(told->responseHead.ends_with("\r\n"));
        QVERIFY(!contains(told->responseHead, "\r\n\r\n"));
    }

    // ---- heads

    void headsAsTheyWere()
    {
        const std::string target = fresh("/ignore");
        const Reply reply = m_run->get(target, "x-MiXeD: One\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Bytes: gr\xfc\xdf\r\nCookie: session=1\r\n");
        QCOMPARE(reply.status, 200);
        const auto row = m_run->finished(target);
        QVERIFY(row);
        const auto told = content(row->id);
        QVERIFY(told);
        QVERIFY2(contains(told->requestHead, "x-MiXeD: One\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Bytes: gr\xfc\xdf\r\nCookie: session=1\r\n"), told->requestHead.c_str());
        QVERIFY(!contains(told->requestHead, "HTTP/1.1"));
        QVERIFY2(told->responseHead.starts_with("HTTP/1.1 200 OK\r\n"), told->responseHead.c_str());
        QVERIFY2(contains(told->responseHead, "x-own: yes\r\n"), told->responseHead.c_str());
        QVERIFY2(told->responseHead.ends_with("Content-Length: 8\r\n"), told->responseHead.c_str());
        QCOMPARE(told->cf, std::string());
        QCOMPARE(told->requestBody, std::string());
        QCOMPARE(told->responseBody, std::string("not read"));
    }

    // ---- bodies

    void bodies_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("inChunks");
        for (const char *path : {"/echo", "/through"}) {
            for (const int size : {0, 1, static_cast<int>(mebibyte) - 1, static_cast<int>(mebibyte), static_cast<int>(mebibyte) + 1}) {
                for (const bool inChunks : {false, true})
                    QTest::addRow("%s %d%s", path, size, inChunks ? " chunked" : "") << size << QByteArray(path) << inChunks;
            }
        }
    }
    void bodies()
    {
        QFETCH(int, size);
        QFETCH(QByteArray, path);
        QFETCH(bool, inChunks);
        if (path == "/through" && size == 0 && !inChunks)
            path = "/echo"; // there is no body to be streamed
        const std::string body = noise(static_cast<std::size_t>(size));
        const std::string target = fresh(path.constData());
        Client client(m_run->port());
        if (inChunks) {
            client.send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(body, 77'777));
        } else {
            client.sendRequest("POST", target, {}, body);
        }
        const Reply reply = client.receive("POST");
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.body == body);
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(row->requestBytes, body.size());
        QCOMPARE(row->responseBytes, body.size());
        const auto told = content(row->id);
        QVERIFY(told);
        const std::string kept = body.substr(0, mebibyte);
        QCOMPARE(told->requestBody.size(), kept.size());
        QVERIFY(told->requestBody == kept);
        QCOMPARE(told->responseBody.size(), kept.size());
        QVERIFY(told->responseBody == kept);
    }

    void bodiesOfOtherKinds_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("fields");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("kept");
        QTest::addColumn<int>("sent");
        const auto row = [](const char *name, const char *method, const char *path, const char *fields, int status, int kept, int sent) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(path) << QByteArray(fields) << status << kept << sent;
        };
        row("sized stream", "GET", "/sized", "", 200, 6, 6);
        row("204", "GET", "/nothing", "", 204, 0, 0);
        row("HEAD of a function", "HEAD", "/ignore", "", 200, 0, 0);
        row("HEAD of a stream", "HEAD", "/sized", "", 200, 0, 0);
        row("HEAD of an asset", "HEAD", "/file.txt", "", 200, 0, 0);
        row("large asset", "GET", "/large.bin", "", 200, static_cast<int>(mebibyte), static_cast<int>(mebibyte) + 1);
    }
    void bodiesOfOtherKinds()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, fields);
        QFETCH(int, status);
        QFETCH(int, kept);
        QFETCH(int, sent);
        const std::string target = fresh(path.constData());
        QCOMPARE(request(m_run->port(), method.toStdString(), target, fields.toStdString()).status, status);
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(row->responseBytes, std::uint64_t(sent));
        const auto told = content(row->id);
        QVERIFY(told);
        QCOMPARE(told->responseBody.size(), std::size_t(kept));
        QVERIFY(told->responseHead.starts_with("HTTP/1.1 " + std::to_string(status) + ' '));
    }

    void notModified()
    {
        const Reply first = m_run->get(fresh("/file.txt"));
        const std::string target = fresh("/file.txt");
        QCOMPARE(m_run->get(target, "If-None-Match: " + first.field("etag") + "\r\n").status, 304);
        const auto row = m_run->finished(target);
        QVERIFY(row);
        const auto told = content(row->id);
        QVERIFY(told);
        QVERIFY(told->responseHead.starts_with("HTTP/1.1 304 "));
        QCOMPARE(told->responseBody, std::string());
        QCOMPARE(row->responseBytes, 0U);
    }

    void theBoundIsASetting()
    {
        log().setBodyBytes(3);
        const std::string target = fresh("/echo");
        QCOMPARE(request(m_run->port(), "POST", target, {}, "abcdef").body, std::string("abcdef"));
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(row->responseBytes, 6U);
        const auto told = content(row->id);
        QVERIFY(told);
        QCOMPARE(told->requestBody, std::string("abc"));
        QCOMPARE(told->responseBody, std::string("abc"));
    }

    // ---- while they run

    void aLongStreamCanBeLookedAt()
    {
        const std::string target = fresh("/slow");
        Client client(m_run->port());
        client.sendRequest("GET", target);
        std::optional<RequestEvent> running;
        QVERIFY(waitUntil([&] {
            for (const RequestEvent &row : m_run->all<RequestEvent>()) {
                if (row.target == target && row.state == RequestState::Running)
                    running = row;
            }
            return running && running->status == 200 && running->responseBytes > 0;
        }));
        QVERIFY(running->beganUs >= running->handedUs);
        QVERIFY(running->answeredUs > 0);
        const auto early = content(running->id);
        QVERIFY(early);
        QVERIFY(contains(early->requestHead, "Host: "));
        QVERIFY(early->responseHead.starts_with("HTTP/1.1 200 "));
        QCOMPARE(early->responseBody, std::string("piece 0\n"));
        QCOMPARE(client.receive().body, std::string("piece 0\npiece 1\n"));
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(row->id, running->id);
        QVERIFY(waitUntil([&] { return content(row->id)->responseBody == "piece 0\npiece 1\n"; }));
    }

    void aHangingRequestTellsWhenItsCodeBegan()
    {
        const std::string target = fresh("/hang");
        Client client(m_run->port());
        client.sendRequest("POST", target, {}, "waiting");
        std::optional<RequestEvent> running;
        QVERIFY(waitUntil([&] {
            for (const RequestEvent &row : m_run->all<RequestEvent>()) {
                if (row.target == target)
                    running = row;
            }
            return running.has_value();
        }));
        QCOMPARE(running->state, RequestState::Running);
        QVERIFY(running->handedUs > 0);
        QVERIFY(running->beganUs > 0);
        QCOMPARE(running->answeredUs, 0U);
        QCOMPARE(content(running->id)->requestBody, std::string("waiting"));
        client.abort();
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(row->state, RequestState::Abandoned);
    }

    void aClientThatLeaves()
    {
        const std::string target = fresh("/endless");
        Client client(m_run->port());
        client.sendRequest("GET", target);
        QVERIFY(!client.receiveSome(patience, std::string(1000, '\7')).empty());
        client.abort();
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(row->state, RequestState::Abandoned);
        QVERIFY(row->responseBytes > 0);
        std::string kept;
        QVERIFY(waitUntil([&] {
            kept = content(row->id)->responseBody;
            return kept.size() == std::min<std::uint64_t>(row->responseBytes, mebibyte);
        }));
        QCOMPARE(kept.find_first_not_of('\7'), std::string::npos);
    }

    // ---- inside

    void placesInTypeScript()
    {
        const std::string target = fresh("/typed");
        QCOMPARE(m_run->get(target).status, 200);
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QVERIFY(waitUntil([&] { return calls(row->id).size() == 3; }));
        const auto all = calls(row->id);
        const auto &kv = all[0];
        QCOMPARE(kv.kind, std::string("kv"));
        QCOMPARE(kv.place, (base::Place{"functions/typed/index.ts", 6, 45}));
        const auto &handler = all[1];
        QCOMPARE(handler.kind, std::string("handler"));
        QCOMPARE(handler.binding, std::string("typed/index.ts"));
        QCOMPARE(handler.method, std::string("onRequestGet"));
        QCOMPARE(handler.place.file, std::string("functions/typed/index.ts"));
        QCOMPARE(handler.place.line, 5);
        const auto &middleware = all[2];
        QCOMPARE(middleware.kind, std::string("middleware"));
        QCOMPARE(middleware.binding, std::string("typed/_middleware.ts"));
        QCOMPARE(middleware.place.file, std::string("functions/typed/_middleware.ts"));
        QCOMPARE(middleware.place.line, 2);
        QCOMPARE(kv.parent, handler.span);
        QCOMPARE(handler.parent, middleware.span);
        QCOMPARE(middleware.parent, 0U);
        // Times count from when the request came, not from when its code began.
        QVERIFY(middleware.startUs + 1 >= row->beganUs);
        QVERIFY(middleware.startUs + middleware.durationUs <= row->durationUs + 1);
    }

    void excerptInTypeScript()
    {
        const std::string target = fresh("/typed") + "&mode=throw";
        QCOMPARE(m_run->get(target).status, 500);
        const auto row = m_run->finished(target);
        QVERIFY(row);
        QCOMPARE(row->error, std::string("Error: no throw"));
        std::optional<events::ExceptionEvent> exception;
        QVERIFY(waitUntil([&] {
            for (const auto &event : m_run->all<events::ExceptionEvent>()) {
                if (event.request == row->id)
                    exception = event;
            }
            return exception.has_value();
        }));
        QCOMPARE(exception->place.line, 8);
        QCOMPARE(exception->excerptLine, 5);
        QVERIFY2(exception->excerpt.starts_with("export const onRequestGet: PagesFunction<Env> = async"), exception->excerpt.c_str());
        QVERIFY2(exception->excerpt.ends_with("// the end"), exception->excerpt.c_str());
        QCOMPARE(std::ranges::count(exception->excerpt, '\n'), 6);
    }

    // ---- the switch

    void theSwitch_data()
    {
        QTest::addColumn<int>("recorded");
        QTest::newRow("nothing") << int(Recorded::Nothing);
        QTest::newRow("rows") << int(Recorded::Rows);
    }
    void theSwitch()
    {
        QFETCH(int, recorded);
        const bool rows = recorded == int(Recorded::Rows);
        log().setRecording(static_cast<Recorded>(recorded));
        const std::string first = fresh("/typed");
        QCOMPARE(m_run->get(first).status, 200);
        const std::string failing = fresh("/typed") + "&mode=throw";
        QCOMPARE(m_run->get(failing).status, 500);
        QCOMPARE(m_run->get(fresh("/file.txt")).status, 200);
        Client client(m_run->port());
        client.send("GET /refused-" + std::to_string(recorded) + " HTTP/9.9\r\n\r\n");
        QCOMPARE(client.receive().status, 505);
        // Asked for while nothing is recorded, answered when all is: it stays untold.
        const std::string across = fresh("/slow");
        Client slow(m_run->port());
        slow.sendRequest("GET", across);
        QVERIFY(!slow.receiveSome(patience, "piece 0").empty());
        log().setRecording(Recorded::All);
        QVERIFY(!slow.receiveSome(patience, "piece 1").empty());
        const std::string last = fresh("/typed");
        QCOMPARE(m_run->get(last).status, 200);
        const auto row = m_run->finished(last);
        QVERIFY(row);
        QVERIFY(waitUntil([&] { return calls(row->id).size() == 3; }));
        std::vector<events::RequestId> told;
        for (const RequestEvent &event : m_run->all<RequestEvent>()) {
            if (event.target == first || event.target == failing || event.target == across || event.target == "/refused-" + std::to_string(recorded))
                told.push_back(event.id);
        }
        QCOMPARE(told.empty(), !rows);
        for (const ContentEvent &event : m_run->all<ContentEvent>())
            QVERIFY(std::ranges::find(told, event.request) == told.end());
        for (const CallEvent &event : m_run->all<CallEvent>())
            QVERIFY(std::ranges::find(told, event.request) == told.end());
        QVERIFY(std::ranges::any_of(m_run->all<events::ExceptionEvent>(), [&](const auto &event) { return event.request > 0 && event.request < row->id && event.message == "Error: no throw"; }));
    }
};

QTEST_GUILESS_MAIN(SiteRecordsTest)
#include "t_siterecords.moc"
