// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "tests/core/config/entries.h"
#include "tests/core/session/running.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <set>
#include <thread>

#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace cleat;
using namespace cleat::tests;
using events::Answer;
using events::RequestState;

namespace {

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

} // namespace

/// Requests to a running session: what the client gets, and what the log tells about it. One session for all of them.
class SiteRequestsTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Running> m_run;

    void write(const char *name, const char *code) { m_run->project.write(name, code); }

private Q_SLOTS:
    void initTestCase()
    {
        m_run = std::make_unique<Running>();
        write("functions/echo.js", "export const onRequest = async ({ request }) => new Response(await request.arrayBuffer());\n");
        write("functions/through.js",
            "export const onRequest = ({ request }) => new Response(request.body.pipeThrough(new TransformStream({ transform(c, t) { t.enqueue(c); } })));\n");
        write("functions/count.js",
            "export const onRequest = async ({ request }) => { let n = 0; for await (const c of request.body) n += c.length; return new Response(String(n)); };\n");
        write("functions/ignore.js", "export const onRequest = () => new Response('not read');\n");
        write("functions/pieces.js",
            "export const onRequest = () => { let n = 0; return new Response(new ReadableStream({ async pull(c) { if (n === 3) { c.close(); return; }\n"
            "await new Promise((r) => setTimeout(r, 20)); c.enqueue(new TextEncoder().encode(`piece ${n++}\\n`)); } })); };\n");
        write("functions/endless.js",
            "globalThis.left = 0;\nexport const onRequest = () => new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(65536)); }, cancel() { globalThis.left++; } }));\n");
        write("functions/left.js", "export const onRequest = () => new Response(String(globalThis.left ?? 0));\n");
        write("functions/hang.js", "export const onRequest = () => new Promise((done) => setTimeout(done, 1e6));\n");
        write("functions/loop.js", "export const onRequest = () => { for (;;); };\n");
        write("functions/throws.js", "export const onRequest = () => { throw new Error('on purpose'); };\n");
        write("functions/rejects.js", "export const onRequest = async () => { await null; throw new TypeError('later'); };\n");
        write("functions/nothing.js", "export const onRequest = () => 5;\n");
        write("functions/breaks.js",
            "export const onRequest = () => { let n = 0; return new Response(new ReadableStream({ pull(c) { if (n++) throw new Error('in the middle'); c.enqueue(new TextEncoder().encode('begin')); } })); };\n");
        write("functions/methods.js", "export const onRequestGet = () => new Response('got', { headers: { 'x-a': '1' } });\nexport const onRequestPost = () => new Response(null, { status: 204 });\n");
        write("functions/status/[code].js", "export const onRequest = ({ params }) => new Response(null, { status: Number(params.code), headers: { location: '/x' } });\n");
        write("functions/cookies.js", "export const onRequest = () => { const h = new Headers(); h.append('set-cookie', 'a=1'); h.append('set-cookie', 'b=2'); return new Response('', { headers: h }); };\n");
        write("functions/request.js",
            "export const onRequest = ({ request }) => Response.json({ url: request.url, method: request.method, h: request.headers.get('x-in'), cf: request.headers.get('host') });\n");
        write("functions/framing.js",
            "export const onRequest = () => new Response('body', { headers: { 'content-length': '999', 'transfer-encoding': 'chunked', connection: 'upgrade' } });\n");
        write("functions/logs.js",
            "export const onRequest = async ({ env }) => {\n  console.log('a line', 1, { b: [2] });\n  console.warn('careful');\n  console.error('bad');\n"
            "  await env.KV.put('key', 'value');\n  const v = await env.KV.get('key');\n  await env.KV.get('none');\n  return new Response(v);\n};\n");
        write("functions/badkv.js", "export const onRequest = async ({ env }) => { try { await env.KV.put('x'.repeat(513), 'v'); } catch (e) { return new Response(e.message); } };\n");
        write("functions/after.js",
            "export const onRequest = ({ env, waitUntil }) => { waitUntil((async () => { await new Promise((r) => setTimeout(r, 50)); await env.KV.put('after', 'done'); })()); return new Response('soon'); };\n");
        write("functions/assets.js", "export const onRequest = ({ env, request }) => env.ASSETS.fetch(new URL(new URL(request.url).searchParams.get('p'), request.url));\n");
        write("public/file.txt", "0123456789");
        write("public/sp ace.txt", "space");
        write("public/sub/index.html", "sub");
        write("public/.hidden", "hidden");
        write("secret.txt", "SECRET");
        write("public-2/secret.txt", "SECRET");
        std::filesystem::create_symlink("../secret.txt", m_run->project.path("public/link.txt"));
        m_run->options.bindings = {config::kv("KV", "kv-id")};
        m_run->options.allowedHosts = {"dev.example.com"};
        m_run->options.cpuMs = 700;
        QVERIFY(m_run->start());
        QVERIFY2(!m_run->session().buildError(), m_run->session().buildError().value_or(base::Error()).message.c_str());
    }

    void cleanupTestCase()
    {
        QVERIFY(m_run->stop());
        m_run.reset();
    }

    // ---- who may ask

    void hosts_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("allowed");
        for (const char *host : {"localhost", "localhost:1234", "a.localhost", "127.0.0.1:80", "[::1]:80", "dev.example.com", "DEV.example.com:99"})
            QTest::newRow(host) << QByteArray(host) << true;
        for (const char *host : {"evil.example.org", "evil.example.org:80", "dev.example.com.evil.org", "localhost.evil.org", "127.0.0.1.evil.org"})
            QTest::newRow(host) << QByteArray(host) << false;
    }
    void hosts()
    {
        QFETCH(QByteArray, host);
        QFETCH(bool, allowed);
        const std::string field = "Host: " + host.toStdString() + "\r\n";
        for (const char *target : {"/file.txt", "/ignore"}) {
            const Reply reply = m_run->get(target, field);
            QCOMPARE(reply.status, allowed ? 200 : 403);
            if (!allowed)
                QVERIFY2(text(reply.body).contains(QString::fromUtf8(host)), reply.body.c_str());
        }
    }

    void hostOfAnAbsoluteTarget()
    {
        Client client(m_run->port());
        client.sendRequest("GET", "http://evil.example.org/file.txt", "Host: localhost\r\n");
        QCOMPARE(client.receive().status, 403);
    }

    void refusedHostWithABody()
    {
        Client client(m_run->port());
        const std::string body(200'000, 'x');
        client.sendRequest("POST", "/echo", "Host: evil.example.org\r\n", body);
        QCOMPARE(client.receive().status, 403);
        QCOMPARE(client.get("/ignore").body, std::string("not read")); // the connection is still in step
        const auto event = m_run->finished("/echo");
        QVERIFY(event);
        QCOMPARE(event->answer, Answer::Refused);
        QCOMPARE(event->status, 403);
    }

    // ---- bodies and methods

    void head()
    {
        Client client(m_run->port());
        for (const char *target : {"/file.txt?h", "/ignore?h", "/pieces?h", "/methods?h", "/throws?h"}) {
            client.sendRequest("GET", target);
            const Reply get = client.receive();
            client.sendRequest("HEAD", target);
            const Reply reply = client.receive("HEAD");
            QCOMPARE(reply.status, target == std::string("/methods?h") ? reply.status : get.status);
            QVERIFY(reply.status != 0);
        }
        client.sendRequest("HEAD", "/file.txt");
        QCOMPARE(client.receive("HEAD").field("content-length"), std::string("10"));
        client.sendRequest("HEAD", "/endless?h"); // must not send for ever, nor hold the Worker
        QCOMPARE(client.receive("HEAD").status, 200);
        QCOMPARE(client.get("/ignore").body, std::string("not read"));
    }

    void methods()
    {
        QCOMPARE(m_run->get("/methods").body, std::string("got"));
        const Reply post = request(m_run->port(), "POST", "/methods", {}, "x");
        QCOMPARE(post.status, 204);
        QVERIFY(post.field("content-length").empty());
        QCOMPARE(request(m_run->port(), "POST", "/file.txt", {}, "x").status, 405);
        QCOMPARE(request(m_run->port(), "DELETE", "/nowhere").status, 405);
    }

    void statuses_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {200, 201, 204, 205, 301, 304, 404, 418, 500, 599})
            QTest::addRow("%d", status) << status;
    }
    void statuses()
    {
        QFETCH(int, status);
        Client client(m_run->port());
        const Reply reply = client.get("/status/" + std::to_string(status));
        QCOMPARE(reply.status, status);
        QVERIFY(reply.body.empty());
        QCOMPARE(client.get("/file.txt").body, std::string("0123456789")); // still in step
    }

    void fields()
    {
        const Reply cookies = m_run->get("/cookies");
        QCOMPARE(std::ranges::count(cookies.fields, "set-cookie", [](const auto &field) { return field.first; }), 2);
        const Reply framing = m_run->get("/framing");
        QCOMPARE(framing.field("content-length"), std::string("4"));
        QVERIFY(framing.field("transfer-encoding").empty());
        QCOMPARE(framing.body, std::string("body"));
        QCOMPARE(m_run->get("/request?a=%20b", "X-In: v\r\nHost: localhost:1234\r\n").body,
            std::string("{\"url\":\"http://localhost:1234/request?a=%20b\",\"method\":\"GET\",\"h\":\"v\",\"cf\":\"localhost:1234\"}"));
    }

    void wholeBody_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<int>("size");
        for (const char *target : {"/echo", "/through"}) {
            for (const int size : {1, 1000, 70'000, 3'000'000})
                QTest::addRow("%s %d", target, size) << QByteArray(target) << size;
        }
    }
    void wholeBody()
    {
        QFETCH(QByteArray, target);
        QFETCH(int, size);
        std::string body(static_cast<std::size_t>(size), '\0');
        for (std::size_t i = 0; i < body.size(); ++i)
            body[i] = static_cast<char>(i * 7 + i / 251);
        Client client(m_run->port());
        std::thread sender([&] { client.sendRequest("POST", target.toStdString(), {}, body); });
        const Reply reply = client.receive();
        sender.join();
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.complete);
        QCOMPARE(reply.body.size(), body.size());
        QVERIFY(reply.body == body);
    }

    void bodyInBothDirectionsAtOnce()
    {
        Client client(m_run->port());
        client.send("POST /through HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        client.send("5\r\nfirst\r\n");
        // What went in comes out before the request is complete.
        std::string seen = client.receiveSome(patience, "first");
        QVERIFY2(seen.find("first") != std::string::npos, seen.c_str());
        client.send("6\r\nsecond\r\n");
        seen = client.receiveSome(patience, "second");
        QVERIFY2(seen.find("second") != std::string::npos, seen.c_str());
        client.send("0\r\n\r\n");
        seen = client.receiveSome(patience, "0\r\n\r\n");
        QVERIFY(seen.ends_with("0\r\n\r\n"));
        QCOMPARE(client.get("/ignore").body, std::string("not read"));
    }

    void chunkedUpload()
    {
        Client client(m_run->port());
        client.send("POST /count HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        const std::string piece(10'000, 'x');
        for (int i = 0; i < 200; ++i)
            client.send("2710\r\n" + piece + "\r\n");
        client.send("0\r\n\r\n");
        QCOMPARE(client.receive().body, std::string("2000000"));
        const auto event = m_run->finished("/count");
        QVERIFY(event);
        QCOMPARE(event->requestBytes, std::uint64_t(2'000'000));
    }

    void bodyThatNobodyReads()
    {
        const std::string body(2'000'000, 'x');
        Client client(m_run->port());
        std::thread sender([&] { client.sendRequest("POST", "/ignore", {}, body); });
        const Reply reply = client.receive();
        QCOMPARE(reply.body, std::string("not read"));
        sender.join();
    }

    void streamedResponse()
    {
        Client client(m_run->port());
        client.sendRequest("GET", "/pieces");
        const Reply reply = client.receive();
        QCOMPARE(reply.field("transfer-encoding"), std::string("chunked"));
        QCOMPARE(reply.body, std::string("piece 0\npiece 1\npiece 2\n"));
        QVERIFY(reply.complete);
        const auto event = m_run->finished("/pieces");
        QVERIFY(event);
        QCOMPARE(event->responseBytes, std::uint64_t(24));
        QCOMPARE(event->state, RequestState::Finished);
    }

    void streamThatBreaks()
    {
        Client client(m_run->port());
        client.sendRequest("GET", "/breaks");
        const Reply reply = client.receive();
        QCOMPARE(reply.status, 200);
        QVERIFY(!reply.complete); // the client can tell that something is missing
        const auto event = m_run->finished("/breaks");
        QVERIFY(event);
        QVERIFY2(text(event->error).contains(u"in the middle"), event->error.c_str());
    }

    // ---- clients that leave

    void leavesWhileStreaming()
    {
        const int before = std::stoi(m_run->get("/left").body);
        {
            Client client(m_run->port());
            client.sendRequest("GET", "/endless");
            QVERIFY(client.receiveSome(patience, "HTTP/1.1 200").size() > 0);
        }
        QVERIFY(waitUntil([&] { return std::stoi(m_run->get("/left").body) > before; })); // its stream was cancelled
        QVERIFY(waitUntil([&] { return m_run->finished("/endless")->state == RequestState::Abandoned; }));
    }

    void leavesBeforeTheAnswer()
    {
        for (int i = 0; i < 20; ++i) {
            Client client(m_run->port());
            client.sendRequest("GET", "/hang?" + std::to_string(i));
            if (i % 2)
                client.abort(); // with a reset, which may overtake the request
        }
        const auto event = m_run->finished("/hang?18");
        QVERIFY(event);
        QCOMPARE(event->state, RequestState::Abandoned);
        QCOMPARE(event->status, 0);
        QCOMPARE(m_run->get("/ignore").body, std::string("not read"));
    }

    void leavesInTheMiddleOfItsBody()
    {
        {
            Client client(m_run->port());
            client.send("POST /count?left HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nonly this");
        }
        const auto event = m_run->finished("/count?left");
        QVERIFY(event);
        QCOMPARE(event->state, RequestState::Abandoned);
        QCOMPARE(m_run->get("/ignore").body, std::string("not read"));
    }

    /// esbuild is started with a fork, which holds every socket for a moment: what is closed meanwhile must be forgotten all the same.
    void leavesWhileAForkHoldsTheSocket()
    {
        int held = -1;
        {
            Client client(m_run->port());
            QCOMPARE(client.get("/ignore").body, std::string("not read"));
            for (const auto &entry : std::filesystem::directory_iterator("/proc/self/fd")) {
                const int descriptor = std::atoi(entry.path().filename().c_str());
                sockaddr_in peer{};
                socklen_t size = sizeof peer;
                if (::getpeername(descriptor, reinterpret_cast<sockaddr *>(&peer), &size) == 0 && peer.sin_family == AF_INET && ntohs(peer.sin_port) == client.localPort())
                    held = ::dup(descriptor);
            }
            QVERIFY(held >= 0);
        }
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(m_run->get("/ignore").body, std::string("not read"));
            QTest::qWait(5);
        }
        ::close(held);
    }

    void halfClosedConnection()
    {
        Client client(m_run->port());
        client.sendRequest("GET", "/ignore", "Connection: close\r\n");
        client.endSending();
        QCOMPARE(client.receive().body, std::string("not read"));
    }

    // ---- code that misbehaves

    void failures_data()
    {
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QString>("expected");
        QTest::newRow("throws") << QByteArray("/throws") << QStringLiteral("on purpose");
        QTest::newRow("rejects") << QByteArray("/rejects") << QStringLiteral("later");
        QTest::newRow("no response") << QByteArray("/nothing") << QStringLiteral("Response");
        QTest::newRow("loops") << QByteArray("/loop") << QStringLiteral("CPU time limit");
    }
    void failures()
    {
        QFETCH(QByteArray, target);
        QFETCH(QString, expected);
        const Reply reply = m_run->get(target.toStdString());
        QVERIFY(reply.status >= 500);
        QVERIFY(reply.complete);
        const auto event = m_run->finished(target.toStdString());
        QVERIFY(event);
        QCOMPARE(static_cast<int>(event->status), reply.status);
        QVERIFY2(text(event->error).contains(expected), event->error.c_str());
        QVERIFY(!text(event->error).contains(u'\n'));
        QCOMPARE(m_run->get("/ignore").body, std::string("not read"));
    }

    // ---- paths outside the assets

    void traversal_data()
    {
        QTest::addColumn<QByteArray>("target");
        for (const char *target : {"/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/%2E%2E/secret.txt", "/.%2e/secret.txt", "/%2e./secret.txt",
                 "/..%2fsecret.txt", "/..%2Fsecret.txt", "/%2e%2e%2fsecret.txt", "/%252e%252e%252fsecret.txt", "/%252e%252e/secret.txt", "/..\\secret.txt",
                 "/..%5csecret.txt", "/%5c..%5csecret.txt", "//secret.txt", "///secret.txt", "/./../secret.txt", "/sub/..%2f..%2fsecret.txt", "/%c0%ae%c0%ae/secret.txt",
                 "/%c0%af..%c0%afsecret.txt", "/%e0%80%ae%e0%80%ae/secret.txt", "/%uff0e%uff0e/secret.txt", "/..%00/secret.txt", "/..;/secret.txt",
                 "/%2e%2e;/secret.txt", "/....//secret.txt", "/../public-2/secret.txt", "/..%2fpublic-2%2fsecret.txt", "/file.txt/../../secret.txt",
                 "/%2fetc%2fpasswd", "//etc/passwd", "/..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "/../../../../../../../etc/passwd", "/link.txt",
                 "/secret.txt%00.txt", "/file:///etc/passwd", "/../wrangler.toml", "/%2e%2e/functions/echo.js"})
            QTest::newRow(target) << QByteArray(target);
    }
    void traversal()
    {
        QFETCH(QByteArray, target);
        const auto harmless = [](const Reply &reply) {
            return reply.status != 0 && reply.body.find("SECRET") == std::string::npos && reply.body.find("root:") == std::string::npos
                && reply.body.find("pages_build_output_dir") == std::string::npos && reply.body.find("arrayBuffer") == std::string::npos;
        };
        Reply reply = m_run->get(target.toStdString());
        QVERIFY2(harmless(reply), reply.body.c_str());
        for (int hops = 0; reply.status / 100 == 3 && hops < 5; ++hops) { // and where a redirect leads
            const std::string location = reply.field("location");
            QVERIFY2(!location.starts_with("//") && location.starts_with('/'), location.c_str()); // never to another host
            reply = m_run->get(location);
            QVERIFY2(harmless(reply), reply.body.c_str());
        }
        // The same through code.
        const QByteArray encoded = QUrl::toPercentEncoding(QString::fromUtf8(target));
        QVERIFY(harmless(m_run->get("/assets?p=" + encoded.toStdString())));
    }

    void assets()
    {
        const Reply file = m_run->get("/file.txt");
        QCOMPARE(file.body, std::string("0123456789"));
        QVERIFY(file.field("content-type").starts_with("text/plain"));
        QVERIFY(!file.field("etag").empty());
        QVERIFY(!file.field("cache-control").empty());
        QCOMPARE(m_run->get("/file.txt", "If-None-Match: " + file.field("etag") + "\r\n").status, 304);
        QVERIFY(m_run->get("/file.txt", "Authorization: x\r\n").field("cache-control").empty());
        QCOMPARE(m_run->get("/sp%20ace.txt").body, std::string("space"));
        QCOMPARE(m_run->get("/sub").status, 308);
        QCOMPARE(m_run->get("/sub/").body, std::string("sub"));
        QCOMPARE(m_run->get("/assets?p=/file.txt").body, std::string("0123456789"));
    }

    // ---- what the log tells

    void requestEvents()
    {
        m_run->get("/file.txt?x=1");
        const auto asset = m_run->finished("/file.txt?x=1");
        QVERIFY(asset);
        QCOMPARE(asset->answer, Answer::Asset);
        QCOMPARE(asset->status, 200);
        QCOMPARE(text(asset->method), QStringLiteral("GET"));
        QVERIFY2(text(asset->handler).endsWith(u"file.txt"), asset->handler.c_str());
        QCOMPARE(asset->responseBytes, std::uint64_t(10));
        QCOMPARE(asset->requestBytes, std::uint64_t(0));

        request(m_run->port(), "POST", "/echo?y=2", {}, "twelve bytes");
        const auto code = m_run->finished("/echo?y=2");
        QVERIFY(code);
        QVERIFY(code->id > asset->id);
        QCOMPARE(code->answer, Answer::Code);
        QCOMPARE(text(code->method), QStringLiteral("POST"));
        QCOMPARE(text(code->handler), QStringLiteral("functions/echo.js"));
        QCOMPARE(code->requestBytes, std::uint64_t(12));
        QCOMPARE(code->responseBytes, std::uint64_t(12));
        QVERIFY(code->startUs >= asset->startUs);
        QVERIFY(code->error.empty());

        request(m_run->port(), "HEAD", "/file.txt?head");
        QCOMPARE(m_run->finished("/file.txt?head")->responseBytes, std::uint64_t(0));
        m_run->get("/nowhere/at/all");
        QVERIFY(m_run->finished("/nowhere/at/all"));
    }

    void runningIsToldBeforeTheEnd()
    {
        Client client(m_run->port());
        client.sendRequest("GET", "/hang?told");
        QVERIFY(waitUntil([&] {
            for (const auto &event : m_run->all<events::RequestEvent>()) {
                if (event.target == "/hang?told" && event.state == RequestState::Running)
                    return true;
            }
            return false;
        }));
    }

    void refusedRequests()
    {
        Client client(m_run->port());
        client.send("NONSENSE\x1b[31m\r\n\r\n");
        QCOMPARE(client.receive().status, 400);
        QVERIFY(waitUntil([&] {
            for (const auto &event : m_run->all<events::RequestEvent>()) {
                if (event.answer == Answer::Refused && event.status == 400)
                    return !event.error.empty() && event.id > 0;
            }
            return false;
        }));
    }

    void callsAndLines()
    {
        QCOMPARE(m_run->get("/logs").body, std::string("value"));
        const auto request = m_run->finished("/logs");
        QVERIFY(request);
        QCOMPARE(request->status, 200);
        std::vector<events::CallEvent> calls;
        QVERIFY(waitUntil([&] {
            calls = m_run->all<events::CallEvent>();
            std::erase_if(calls, [&](const auto &call) { return call.request != request->id || !events::isBindingCall(call); });
            return calls.size() == 3;
        }));
        for (const auto &call : calls) {
            QCOMPARE(text(call.kind), QStringLiteral("kv"));
            QCOMPARE(text(call.binding), QStringLiteral("KV"));
            QVERIFY(call.error.empty());
        }
        QCOMPARE(text(calls[0].method), QStringLiteral("put"));
        QVERIFY2(text(calls[0].arguments).contains(u"\"key\"") && text(calls[0].arguments).contains(u"\"value\""), calls[0].arguments.c_str());
        QCOMPARE(calls[0].bytes, std::uint64_t(5));
        QCOMPARE(text(calls[1].method), QStringLiteral("get"));
        QCOMPARE(text(calls[1].result), QStringLiteral("\"value\""));
        QCOMPARE(calls[1].bytes, std::uint64_t(5));
        QCOMPARE(text(calls[2].result), QStringLiteral("null"));
        QVERIFY(calls[0].startUs <= calls[1].startUs && calls[1].startUs <= calls[2].startUs);

        auto lines = m_run->all<events::ConsoleEvent>();
        std::erase_if(lines, [&](const auto &line) { return line.request != request->id; });
        QCOMPARE(lines.size(), 3U);
        QVERIFY2(text(lines[0].text).startsWith(u"a line 1 "), lines[0].text.c_str());
        QCOMPARE(lines[0].level, events::Level::Log);
        QCOMPARE(text(lines[1].text), QStringLiteral("careful"));
        QCOMPARE(lines[1].level, events::Level::Warn);
        QCOMPARE(lines[2].level, events::Level::Error);
        QVERIFY2(text(lines[0].place.file).endsWith(u"functions/logs.js"), lines[0].place.file.c_str());
        QCOMPARE(lines[0].place.line, 2);
        QCOMPARE(lines[2].place.line, 4);
    }

    void callThatFails()
    {
        const std::string message = m_run->get("/badkv").body;
        QVERIFY2(text(message).contains(u"513"), message.c_str());
        const auto request = m_run->finished("/badkv");
        QVERIFY(request);
        bool seen = false;
        for (const auto &call : m_run->all<events::CallEvent>())
            seen |= call.request == request->id && text(call.error).contains(u"513") && call.result.empty();
        QVERIFY(seen);
    }

    void workAfterTheAnswer()
    {
        QCOMPARE(m_run->get("/after").body, std::string("soon"));
        const auto request = m_run->finished("/after");
        QVERIFY(request);
        QVERIFY(waitUntil([&] {
            for (const auto &call : m_run->all<events::CallEvent>()) {
                if (call.request == request->id && call.method == "put")
                    return true;
            }
            return false;
        }));
    }

    void idsAreUnique()
    {
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([this, t] {
                Client client(m_run->port());
                for (int i = 0; i < 100; ++i)
                    client.get("/ignore?u" + std::to_string(t) + '-' + std::to_string(i));
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        std::set<events::RequestId> ids;
        QVERIFY(waitUntil([&] {
            ids.clear();
            for (const auto &event : m_run->all<events::RequestEvent>()) {
                if (event.target.starts_with("/ignore?u") && event.state == RequestState::Finished)
                    ids.insert(event.id);
            }
            return ids.size() == 400;
        }));
    }

    void queueIsBounded()
    {
        // More than may wait for an answer of the code: the rest is told so at once, and nothing hangs.
        constexpr std::size_t most = 1024;
        rlimit files{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &files), 0);
        files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4 * most);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &files), 0);
        std::vector<std::unique_ptr<Client>> clients;
        for (std::size_t i = 0; i < most; ++i) {
            clients.push_back(std::make_unique<Client>(m_run->port()));
            QVERIFY(clients.back()->connected());
            clients.back()->sendRequest("GET", "/hang?q");
        }
        QVERIFY(waitUntil([&] {
            Client client(m_run->port());
            client.sendRequest("GET", "/ignore?full");
            return client.receiveSome(500, "\r\n\r\n").starts_with("HTTP/1.1 503");
        }));
        QCOMPARE(m_run->get("/file.txt").status, 200); // assets need no place in the queue
        const auto refused = m_run->finished("/ignore?full");
        QVERIFY(refused);
        clients.clear();
        QVERIFY(waitUntil([&] { return m_run->get("/ignore").status == 200; }));
    }
};

QTEST_GUILESS_MAIN(SiteRequestsTest)
#include "t_siterequests.moc"
