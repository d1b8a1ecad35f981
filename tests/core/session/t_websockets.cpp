// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "tests/core/session/running.h"
#include "tests/core/session/wsclient.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <memory>
#include <thread>

using namespace cleat;
using namespace cleat::tests;

namespace {

QByteArray text(std::string_view value)
{
    return {value.data(), static_cast<qsizetype>(value.size())};
}

const std::string echo = R"(
globalThis.said ??= [];
export const onRequest = ({ request }) => {
  const path = new URL(request.url).pathname;
  if (path === "/said") return Response.json(globalThis.said.splice(0));
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.addEventListener("message", ({ data }) => {
    if (data === "bye") server.close(4000, "as asked");
    else if (data === "loop") for (;;);
    else if (data === "throw") throw new Error("on purpose");
    else if (data === "spin") { let n = 0; for (let i = 0; i < 1e7; ++i) n += i; server.send("spun"); }
    else server.send(data);
  });
  server.addEventListener("close", ({ code, reason, wasClean }) => {
    globalThis.said.push(["close", code, reason, wasClean]);
    server.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  });
  server.addEventListener("error", ({ message }) => globalThis.said.push(["error", message]));
  return new Response(null, { status: 101, webSocket: client, headers: { "Sec-WebSocket-Protocol": "chat", "X-Mine": "1", connection: "x", "sec-websocket-accept": "y" } });
};
)";

} // namespace

/// WebSockets of clients of a running session, and those that its code opens.
class WebSocketsTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Running> m_run;

    int port() const { return m_run->port(); }
    std::string host() const { return "Host: localhost:" + std::to_string(port()) + "\r\n"; }
    std::string said() const { return m_run->get("/said").body; }

private Q_SLOTS:
    void initTestCase()
    {
        m_run = std::make_unique<Running>();
        const auto write = [this](const char *name, const std::string &code) { m_run->project.write(name, code); };
        write("functions/[[path]].js", echo);
        write("functions/deep/_middleware.js", "export const onRequest = async ({ next }) => { const r = await next(); const out = new Response(null, r); out.headers.set('x-middle', '1'); return out; };\n");
        write("functions/deep/socket.js",
            "export const onRequest = () => { const [a, b] = Object.values(new WebSocketPair()); b.accept(); b.send('first'); return new Response(null, { status: 101, webSocket: a }); };\n");
        write("functions/deaf.js", "export const onRequest = () => { const [a, b] = Object.values(new WebSocketPair()); globalThis.kept = b; return new Response(null, { status: 101, webSocket: a }); };\n");
        write("functions/flood.js",
            "export const onRequest = () => { const [a, b] = Object.values(new WebSocketPair()); b.accept(); const piece = new Uint8Array(1 << 20);\n"
            "b.addEventListener('message', () => { for (let i = 0; i < 4; ++i) b.send(piece); });\n"
            "b.addEventListener('close', (e) => { globalThis.said.push(['flood', e.code]); }); return new Response(null, { status: 101, webSocket: a }); };\n");
        write("functions/own.js",
            "export const onRequest = () => { const [a, b] = Object.values(new WebSocketPair()); a.accept(); return new Response(null, { status: 101, webSocket: a }); };\n");
        write("functions/client.js", R"(
export const onRequest = async ({ request }) => {
  const url = new URL(request.url);
  const out = [];
  const answer = await fetch(new URL("/", url), { headers: { Upgrade: "websocket" } });
  const socket = answer.webSocket;
  out.push(answer.status, answer.headers.get("x-mine"), socket.readyState);
  const heard = new Promise((done) => socket.addEventListener("message", ({ data }) => done(data)));
  socket.accept();
  socket.send("through fetch \u20ac");
  out.push(await heard);
  const closed = new Promise((done) => socket.addEventListener("close", ({ code, reason }) => done([code, reason])));
  socket.send("bye");
  out.push(await closed);
  socket.close(4000);
  const made = new WebSocket(`ws://${url.host}/x`, ["chat"]);
  out.push(made.readyState);
  await new Promise((done) => made.addEventListener("open", done));
  out.push(made.readyState, made.protocol, made.url === `ws://${url.host}/x`);
  const bytes = new Promise((done) => made.addEventListener("message", ({ data }) => done(data.byteLength)));
  made.send(new Uint8Array(100000));
  out.push(await bytes);
  made.close(1000, "done");
  const failed = new WebSocket(`ws://${url.host}/said`);
  out.push(await new Promise((done) => failed.addEventListener("error", ({ message }) => done(message))));
  const plain = await fetch(new URL("/said", url), { headers: { Upgrade: "websocket" } });
  out.push(plain.status, plain.webSocket);
  await plain.text();
  return Response.json(out);
};
)");
        write("functions/proxy.js", "export const onRequest = ({ request }) => fetch(new URL('/', request.url), request);\n");
        write("functions/keeps.js",
            "export const onRequest = async ({ request }) => { const socket = new WebSocket(request.url.replace('http', 'ws').replace('/keeps', '/kept'));\n"
            "await new Promise((done) => socket.addEventListener('open', done)); globalThis.keptSocket = socket; return new Response('kept'); };\n");
        write("functions/foreign.js",
            "export const onRequest = () => { if (globalThis.theirs) try { globalThis.theirs.send('x'); } catch (e) { return new Response(e.message); }\n"
            "const [a, b] = Object.values(new WebSocketPair()); b.accept(); globalThis.theirs = b; return new Response(null, { status: 101, webSocket: a }); };\n");
        m_run->options.compatibilityDate = "2024-01-01";
        QVERIFY(m_run->start());
    }

    void cleanupTestCase() { QVERIFY(m_run->stop()); }

    void echoes()
    {
        said();
        WsClient client(port(), "/");
        QCOMPARE(client.status(), 101);
        const QByteArray head = text(client.head()).toLower();
        QVERIFY2(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n"), head.constData());
        QCOMPARE(head.count("sec-websocket-accept"), 1);
        QVERIFY(head.contains("upgrade: websocket\r\n"));
        QVERIFY(head.contains("connection: upgrade\r\n"));
        QVERIFY(head.contains("sec-websocket-protocol: chat\r\n"));
        QVERIFY(head.contains("x-mine: 1\r\n"));
        for (const std::string &message : {std::string("hello"), std::string(), std::string("caf\u00e9 \u20ac"), std::string(70'000, 'x')}) {
            client.text(message);
            QCOMPARE(text(client.next()), text("text:" + message));
        }
        const std::string bytes("\0\xFF\x01", 3);
        client.send(maskedFrame(0x82, bytes));
        QVERIFY(client.next() == "binary:" + bytes);
        client.send(maskedFrame(0x88, closePayload(1000, "done")));
        QCOMPARE(text(client.next()), "close:1000 done");
        QCOMPARE(text(client.next()), "end");
        QCOMPARE(text(said()), "[[\"close\",1000,\"done\",true]]");
    }

    void fragmentsAndControlFrames()
    {
        WsClient client(port(), "/");
        client.send(maskedFrame(0x01, "caf\xC3") + maskedFrame(0x89, "are you there") + maskedFrame(0x00, "\xA9 "));
        QCOMPARE(text(client.next()), "pong:are you there");
        client.send(maskedFrame(0x8A, "nobody asked") + maskedFrame(0x80, "end"));
        QCOMPARE(text(client.next()), text("text:caf\u00e9 end"));
        const std::string wire = maskedFrame(0x81, "byte by byte");
        for (const char byte : wire)
            client.send(std::string_view(&byte, 1));
        QCOMPARE(text(client.next()), "text:byte by byte");
        // With the head, in one piece.
        Client quick(port());
        quick.sendRequest("GET", "/", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" + maskedFrame(0x81, "early") + "        ");
        QVERIFY(quick.receiveSome(patience, "\x81\x05"
                                            "early")
                    .find("\x81\x05"
                          "early")
            != std::string::npos);
    }

    void closing()
    {
        WsClient server(port(), "/");
        server.text("bye");
        QCOMPARE(text(server.next()), "close:4000 as asked");
        server.send(maskedFrame(0x88, closePayload(4000)));
        QCOMPARE(text(server.next()), "end");
        said();
        WsClient none(port(), "/");
        none.send(maskedFrame(0x88, ""));
        QCOMPARE(text(none.next()), "close:1000 ");
        QCOMPARE(text(none.next()), "end");
        QCOMPARE(text(said()), "[[\"close\",1005,\"\",true]]");
        WsClient half(port(), "/");
        half.text("a");
        half.client().endSending();
        QCOMPARE(text(half.next()), "text:a");
        QCOMPARE(text(half.next()), "end");
        QCOMPARE(text(said()), "[[\"close\",1006,\"WebSocket disconnected without sending Close frame.\",false]]");
        {
            WsClient gone(port(), "/");
            gone.client().abort();
        }
        QVERIFY(waitUntil([&] { return said().starts_with("[[\"close\",1006"); }));
        WsClient thrown(port(), "/");
        thrown.text("throw");
        QCOMPARE(text(thrown.next()), "end");
        QCOMPARE(text(said()), "[[\"error\",\"Uncaught Error: on purpose\"]]");
    }

    void closeFrameWithoutAnAnswer()
    {
        said();
        WsClient client(port(), "/");
        client.text("bye");
        QCOMPARE(text(client.next()), "close:4000 as asked");
        QCOMPARE(text(client.next()), "end"); // after ten seconds
        QVERIFY(waitUntil([&] { return said().starts_with("[[\"close\",1006"); }));
    }

    void brokenClients_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, const std::string &wire, int code) { QTest::newRow(name) << QByteArray::fromStdString(wire) << code; };
        row("no mask", "\x81\x02hi", 1002);
        row("reserved bit", maskedFrame(0xC1, "a"), 1002);
        row("unknown opcode", maskedFrame(0x83, "a"), 1002);
        row("continues nothing", maskedFrame(0x80, "a"), 1002);
        row("fragmented ping", maskedFrame(0x09, "a"), 1002);
        row("invalid UTF-8", maskedFrame(0x81, "\xFF"), 1007);
        row("a surrogate", maskedFrame(0x81, "\xED\xA0\x80"), 1007);
        row("close code 1006", maskedFrame(0x88, closePayload(1006)), 1002);
        row("33 MiB announced", std::string("\x82\xFF\0\0\0\0\x02\x10\0\0", 10) + "mask", 1009);
    }
    void brokenClients()
    {
        QFETCH(QByteArray, wire);
        QFETCH(int, code);
        said();
        WsClient client(port(), "/");
        client.text("before");
        client.send(wire.toStdString());
        QCOMPARE(text(client.next()), "text:before");
        QVERIFY2(client.next().starts_with("close:" + std::to_string(code)), "another answer");
        QCOMPARE(text(client.next()), "end");
        QVERIFY(QByteArray::fromStdString(said()).startsWith("[[\"error\",\"Uncaught Error: WebSocket protocol error; protocolError.statusCode = " + QByteArray::number(code)));
        WsClient next(port(), "/");
        next.text("still there");
        QCOMPARE(text(next.next()), "text:still there");
    }

    void compression_data()
    {
        QTest::addColumn<QString>("offer");
        QTest::newRow("as browsers offer it") << "permessage-deflate; client_max_window_bits";
        QTest::newRow("small windows without a memory") << "permessage-deflate; client_max_window_bits=9; server_max_window_bits=9; client_no_context_takeover; server_no_context_takeover";
    }
    void compression()
    {
        QFETCH(QString, offer);
        said();
        WsClient client(port(), "/", "Sec-WebSocket-Extensions: " + offer.toStdString() + "\r\n");
        QCOMPARE(client.status(), 101);
        QVERIFY2(text(client.head()).contains("Sec-WebSocket-Extensions: permessage-deflate"), client.head().c_str());
        for (const std::string &message : {std::string("hello"), std::string(), std::string("caf\u00e9 \u20ac"), std::string(70'000, 'x'), std::string("hello")}) {
            client.compressed(message);
            QCOMPARE(text(client.next()), text("text:" + message));
            QVERIFY(client.wasCompressed());
            client.text(message); // one that is not is as good
            QCOMPARE(text(client.next()), text("text:" + message));
        }
        client.send(maskedFrame(0x89, "ping"));
        QCOMPARE(text(client.next()), "pong:ping");
        QVERIFY(!client.wasCompressed());
        client.send(maskedFrame(0x88, closePayload(1000, "done")));
        QCOMPARE(text(client.next()), "close:1000 done");
        QCOMPARE(text(said()), "[[\"close\",1000,\"done\",true]]");
    }

    void brokenCompression_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, const std::string &wire, int code) { QTest::newRow(name) << QByteArray::fromStdString(wire) << code; };
        row("no compressed data", maskedFrame(0xC1, "\xFF\xFF\xFF\xFF"), 1002);
        row("on a ping", maskedFrame(0xC9, "a"), 1002);
        row("on a continuation", maskedFrame(0x41, "\xF2") + maskedFrame(0xC0, "\x48"), 1002);
        row("invalid UTF-8", maskedFrame(0xC1, *runtime::WebSocketDeflate(runtime::WebSocketDeflate::Side::Client, {}).compress("\xFF")), 1007);
        row("40 MiB in 40 KB", maskedFrame(0xC2, *runtime::WebSocketDeflate(runtime::WebSocketDeflate::Side::Client, {}).compress(std::string(40U << 20, 'a'))), 1009);
    }
    void brokenCompression()
    {
        QFETCH(QByteArray, wire);
        QFETCH(int, code);
        said();
        WsClient client(port(), "/", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        client.compressed("before");
        client.send(wire.toStdString());
        QCOMPARE(text(client.next()), "text:before");
        QVERIFY2(client.next().starts_with("close:" + std::to_string(code)), "another answer");
        QCOMPARE(text(client.next()), "end");
        QVERIFY(QByteArray::fromStdString(said()).startsWith("[[\"error\",\"Uncaught Error: WebSocket protocol error; protocolError.statusCode = " + QByteArray::number(code)));
    }

    /// The code's own WebSockets offer it as workerd's do: `new WebSocket()` always, fetch() what its headers say.
    void compressionOfTheCodesOwn()
    {
        const std::string code = R"(
export const onRequest = async ({ request }) => {
  const url = new URL(request.url);
  if (request.headers.get("upgrade")) {
    const [a, b] = Object.values(new WebSocketPair());
    b.accept();
    b.addEventListener("message", ({ data }) => b.send(data));
    b.send(String(request.headers.get("sec-websocket-extensions")));
    const own = url.searchParams.get("own");
    return new Response(null, { status: 101, webSocket: a, headers: own ? { "sec-websocket-extensions": own } : {} });
  }
  const out = [];
  const hear = (socket, count) => new Promise((done) => { const all = []; socket.addEventListener("message", ({ data }) => { all.push(data); if (all.length === count) done(all); }); });
  const made = new WebSocket(`ws://${url.host}/`);
  const first = hear(made, 2);
  await new Promise((open) => made.addEventListener("open", open));
  made.send("y".repeat(5000));
  out.push(made.extensions, (await first).map((m) => m.slice(0, 60)));
  made.close(1000);
  for (const offer of ["", "permessage-deflate; client_max_window_bits", "foo", "foo, permessage-deflate; server_no_context_takeover"]) {
    const answer = await fetch(url.origin + "/", { headers: offer ? { upgrade: "websocket", "sec-websocket-extensions": offer } : { upgrade: "websocket" } });
    const socket = answer.webSocket;
    const heard = hear(socket, 2);
    socket.accept();
    socket.send("z");
    out.push([answer.status, answer.headers.get("sec-websocket-extensions"), socket.extensions, await heard]);
    socket.close(1000);
  }
  return Response.json(out);
};
)";
        const auto prepare = [&](Running &run) {
            run.project.write("functions/[[path]].js", code);
            run.options.compatibilityDate = "2024-01-01";
        };
        Running run;
        prepare(run);
        QVERIFY(run.start());
        QCOMPARE(text(run.get("/", "Host: localhost:" + std::to_string(run.port()) + "\r\n").body), "[\"permessage-deflate\",[\"permessage-deflate\",\"" + QByteArray(60, 'y') + "\"],"
            "[101,null,\"\",[\"null\",\"z\"]],"
            "[101,\"permessage-deflate; client_max_window_bits=15\",\"\",[\"permessage-deflate; client_max_window_bits=15\",\"z\"]],"
            "[101,null,\"\",[\"null\",\"z\"]],"
            "[101,\"permessage-deflate; server_no_context_takeover\",\"\",[\"permessage-deflate; server_no_context_takeover\",\"z\"]]]");
        QVERIFY(run.stop());
        Running without;
        prepare(without);
        without.options.compatibilityFlags = {"no_web_socket_compression"};
        QVERIFY(without.start());
        QCOMPARE(text(without.get("/", "Host: localhost:" + std::to_string(without.port()) + "\r\n").body), "[null,[\"null\",\"" + QByteArray(60, 'y') + "\"],[101,null,\"\",[\"null\",\"z\"]],[101,null,\"\",[\"null\",\"z\"]],"
            "[101,null,\"\",[\"null\",\"z\"]],[101,null,\"\",[\"null\",\"z\"]]]");
        WsClient client(without.port(), "/?own=permessage-deflate", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
        QCOMPARE(client.status(), 101);
        QVERIFY(!text(client.head()).toLower().contains("extensions"));
        QVERIFY(without.stop());
    }

    void handshakes_data()
    {
        QTest::addColumn<QString>("fields");
        QTest::addColumn<int>("status");
        QTest::newRow("no key") << "Sec-WebSocket-Key:\r\n" << 400;
        QTest::newRow("key of another length") << "Sec-WebSocket-Key: abc\r\n" << 400;
        QTest::newRow("version 12") << "Sec-WebSocket-Version: 12\r\n" << 426;
        QTest::newRow("no version") << "Sec-WebSocket-Version:\r\n" << 426;
        QTest::newRow("no Connection") << "Connection: keep-alive\r\n" << 400;
        QTest::newRow("Connection ends") << "Connection: close, Upgrade\r\n" << 400;
        QTest::newRow("with a body") << "Content-Length: 1\r\n\r\nx" << 400;
        QTest::newRow("another protocol") << "Upgrade: h2c\r\n" << 500;
        QTest::newRow("Upgrade in capitals") << "Upgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n" << 101;
        QTest::newRow("extensions that nobody knows") << "Sec-WebSocket-Extensions: x-foo; a=1, permessage-deflate; b\r\n" << 101;
        QTest::newRow("page of the web") << "Origin: https://evil.example\r\n" << 403;
        QTest::newRow("page at an address of the web") << "Origin: http://203.0.113.5\r\n" << 403;
        QTest::newRow("page with a name like ours") << "Origin: http://localhost.evil.example\r\n" << 403;
        QTest::newRow("sandboxed page") << "Origin: null\r\n" << 403;
        QTest::newRow("own page") << "Origin: http://localhost:8788\r\n" << 101;
        QTest::newRow("another server of this machine") << "Origin: http://127.0.0.1:5173\r\n" << 101;
        QTest::newRow("own page, reached by address") << "Host: 192.0.2.7:80\r\nOrigin: http://192.0.2.7:80\r\n" << 101;
        QTest::newRow("a name that is not ours") << "Host: evil.example\r\n" << 403;
    }
    void handshakes()
    {
        QFETCH(QString, fields);
        QFETCH(int, status);
        WsClient client(port(), "/", fields.toStdString());
        QCOMPARE(client.status(), status);
        if (status == 426)
            QVERIFY(text(client.head()).toLower().contains("sec-websocket-version: 13"));
    }

    void requestsThatAreNoUpgrade()
    {
        QCOMPARE(m_run->get("/").status, 500); // the code answers with a WebSocket all the same
        QCOMPARE(request(port(), "POST", "/", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n").status, 400);
        // The connection goes on where the code does not want a WebSocket.
        Client client(port());
        client.sendRequest("GET", "/said", "Upgrade: websocket\r\nConnection: Upgrade\r\n");
        client.sendRequest("GET", "/said");
        QCOMPARE(client.receive().status, 200);
        QCOMPARE(client.receive().status, 200);
        QCOMPARE(WsClient(port(), "/own").status(), 500); // accepted by the code itself
    }

    void throughMiddleware()
    {
        WsClient client(port(), "/deep/socket");
        QCOMPARE(client.status(), 101);
        QVERIFY(text(client.head()).toLower().contains("x-middle: 1"));
        QCOMPARE(text(client.next()), "text:first");
    }

    void otherRequestsMayNotUseIt()
    {
        WsClient client(port(), "/foreign");
        QCOMPARE(client.status(), 101);
        QVERIFY(m_run->get("/foreign").body.starts_with("Cannot perform I/O on behalf of a different request."));
    }

    void messagesHaveTheirOwnTime()
    {
        Running run;
        run.project.write("functions/index.js", echo);
        run.options.compatibilityDate = "2024-01-01";
        run.options.cpuMs = 1000;
        QVERIFY(run.start());
        WsClient client(run.port(), "/");
        for (int i = 0; i < 120; ++i)
            client.text("spin");
        for (int i = 0; i < 120; ++i)
            QCOMPARE(text(client.next()), "text:spun");
        client.text("loop");
        QVERIFY(client.next().starts_with("close:1011"));
        QCOMPARE(text(client.next()), "end");
        WsClient next(run.port(), "/");
        next.text("hello");
        QCOMPARE(text(next.next()), "text:hello");
        QVERIFY(run.stop());
    }

    void clientThatDoesNotRead()
    {
        said();
        WsClient client(port(), "/flood");
        for (int i = 0; i < 40; ++i) // the limit is 64 MiB, and the system takes some
            client.text("go");
        std::string heard;
        waitUntil([&] { return (heard = said()) != "[]"; });
        QCOMPARE(text(heard), "[[\"flood\",1006]]");
        QVERIFY(waitUntil([&] {
            const auto all = m_run->all<events::ExceptionEvent>();
            return std::ranges::any_of(all, [](const auto &event) { return event.message.starts_with("The other side of a WebSocket does not read"); });
        }));
        QVERIFY(m_run->get("/said").status == 200);
    }

    void clientThatSendsWithoutEnd()
    {
        WsClient client(port(), "/deaf");
        QCOMPARE(client.status(), 101);
        const std::string piece = maskedFrame(0x82, std::string(60'000, 'x'));
        std::size_t sent = 0;
        while (sent < (256U << 20) && client.client().sendSome(piece, 1000))
            sent += piece.size();
        QVERIFY2(sent < (64U << 20), qPrintable(QString::number(sent)));
    }

    void manySockets()
    {
        std::vector<std::unique_ptr<WsClient>> clients;
        for (int i = 0; i < 200; ++i)
            clients.push_back(std::make_unique<WsClient>(port(), "/"));
        for (std::size_t i = 0; i < clients.size(); ++i)
            clients[i]->text("number " + std::to_string(i));
        for (std::size_t i = 0; i < clients.size(); ++i)
            QCOMPARE(text(clients[i]->next()), text("text:number " + std::to_string(i)));
    }

    void manyMessages()
    {
        constexpr int count = 10'000;
        WsClient client(port(), "/");
        QElapsedTimer timer;
        timer.start();
        std::thread sender([&] {
            for (int i = 0; i < count; ++i)
                client.text("message " + std::to_string(i));
        });
        int wrong = 0;
        for (int i = 0; i < count; ++i)
            wrong += client.next() != "text:message " + std::to_string(i);
        sender.join();
        QCOMPARE(wrong, 0);
        qInfo("%d messages there and back in %lld ms", count, timer.elapsed());
    }

    void largeMessages()
    {
        WsClient client(port(), "/");
        const std::string large(4U << 20, 'L');
        std::thread sender([&] { client.send(maskedFrame(0x82, large)); });
        const bool same = client.next() == "binary:" + large;
        sender.join();
        QVERIFY(same);
    }

    void isTold()
    {
        {
            WsClient client(port(), "/told");
            client.text("what I say");
            QCOMPARE(text(client.next()), "text:what I say");
            client.send(maskedFrame(0x82, std::string("\xFF\xFE\xFD")));
            client.next();
            QTest::qWait(20); // what it takes
            client.send(maskedFrame(0x88, closePayload(1000)));
            client.next();
        }
        const auto request = m_run->finished("/told");
        QVERIFY(request);
        QCOMPARE(int(request->status), 101);
        QCOMPARE(request->state, events::RequestState::Finished);
        QVERIFY(request->durationUs >= 20'000);
        QVERIFY(request->responseBytes >= 12);
        std::vector<events::CallEvent> calls;
        QVERIFY(waitUntil([&] {
            calls = m_run->all<events::CallEvent>();
            std::erase_if(calls, [&](const auto &call) { return call.request != request->id || call.kind != "websocket"; });
            return calls.size() == 4;
        }));
        QCOMPARE(text(calls[0].method), "send");
        QCOMPARE(text(calls[0].arguments), "[\"what I say\"]");
        QCOMPARE(calls[0].bytes, 10U);
        QCOMPARE(text(calls[0].place.file), "functions/[[path]].js");
        QCOMPARE(text(calls[1].method), "receive");
        QCOMPARE(calls[0].parent, calls[1].span);
        QCOMPARE(text(calls[3].arguments), "[\"<3 bytes>\"]");
    }

    void manyMessagesAreToldInNumbers()
    {
        {
            WsClient client(port(), "/counted");
            for (int i = 0; i < 600; ++i) {
                client.text("x");
                QCOMPARE(text(client.next()), "text:x");
            }
            client.send(maskedFrame(0x88, closePayload(1000)));
            client.next();
        }
        const auto request = m_run->finished("/counted");
        QVERIFY(request);
        QVERIFY(waitUntil([&] {
            const auto all = m_run->all<events::CallEvent>();
            return std::ranges::any_of(all, [&](const auto &call) { return call.request == request->id && call.method == "more" && call.result == "{\"messages\":200}"; });
        }));
    }

    void codeConnects()
    {
        const Reply reply = m_run->get("/client", host());
        QCOMPARE(text(reply.body),
            "[101,\"1\",1,\"through fetch \u20ac\",[4000,\"as asked\"],0,1,\"chat\",true,100000,\"Uncaught TypeError: Failed to establish the WebSocket connection: expected server to "
            "reply with HTTP status code 101 (switching protocols), but received 200 instead.\",200,null]");
    }

    void codePassesOn()
    {
        WsClient client(port(), "/proxy", host());
        QCOMPARE(client.status(), 101);
        client.text("far");
        QCOMPARE(text(client.next()), "text:far");
        client.text("bye");
        QCOMPARE(text(client.next()), "close:4000 as asked");
        client.send(maskedFrame(0x88, closePayload(4000)));
        QCOMPARE(text(client.next()), "end");
    }

    void reload()
    {
        WsClient client(port(), "/");
        WsClient silent(port(), "/deaf");
        QCOMPARE(m_run->get("/keeps", host()).body, "kept");
        client.text("old");
        QCOMPARE(text(client.next()), "text:old");
        m_run->project.write("functions/fresh.js", "export const onRequest = () => new Response('new');\n");
        QCOMPARE(text(m_run->eventually("/fresh", "new")), "new");
        QCOMPARE(text(client.next()), "close:1012 The code was changed");
        QCOMPARE(text(client.next()), "end");
        QCOMPARE(text(silent.next()), "close:1012 The code was changed");
        WsClient next(port(), "/");
        next.text("hello");
        QCOMPARE(text(next.next()), "text:hello");
    }

    void stopping()
    {
        WsClient client(port(), "/");
        WsClient silent(port(), "/deaf");
        client.text("a");
        QCOMPARE(text(client.next()), "text:a");
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_run->stop());
        QVERIFY(timer.elapsed() < 20'000);
        QCOMPARE(text(client.next()), "close:1001 The server stops");
        QCOMPARE(text(silent.next()), "close:1001 The server stops");
        QVERIFY(m_run->start());
        WsClient next(port(), "/");
        next.text("again");
        QCOMPARE(text(next.next()), "text:again");
    }

    void workerScript()
    {
        Running run;
        run.project.write("public/_worker.js",
            "export default { fetch(request) { if (request.headers.get('upgrade') !== 'websocket') return new Response('no', { status: 426 });\n"
            "const [a, b] = Object.values(new WebSocketPair()); b.accept(); b.onmessage = ({ data }) => b.send(data + '!'); b.addEventListener('message', ({ data }) => b.send(data + '?'));\n"
            "return new Response(null, { status: 101, webSocket: a }); } };\n");
        QVERIFY(run.start());
        WsClient client(run.port(), "/any");
        client.text("hey");
        QCOMPARE(text(client.next()), "text:hey!"); // the property first
        QCOMPARE(text(client.next()), "text:hey?");
        QCOMPARE(run.get("/any").status, 426);
        QVERIFY(run.stop());
    }
};

QTEST_GUILESS_MAIN(WebSocketsTest)
#include "t_websockets.moc"
