// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/inspectorserver.h"
#include "tests/core/session/debugclient.h"
#include "tests/core/session/running.h"

#include <QTest>

#include <future>

using namespace cleat;
using namespace cleat::tests;
using server::InspectorServer;

namespace {

/// Sends back what it gets, and remembers who is there.
class Echo final : public server::InspectorHandler
{
public:
    void opened(server::DebuggerId debugger) override { there.push_back(debugger); }
    void received(server::DebuggerId debugger, std::string &&text) override { server->send(debugger, R"({"id":1,"result":{"bytes":)" + std::to_string(text.size()) + "}}"); }
    void closed(server::DebuggerId debugger) override { std::erase(there, debugger); }

    std::vector<server::DebuggerId> there;
    InspectorServer *server = nullptr;
};

class Door final
{
public:
    explicit Door(InspectorServer::Limits limits = {}) : server(echo, {"the-id", "Cleat: t\u00ebst", "file:///p", "Cleat/1"}, limits)
    {
        echo.server = &server;
        server.setAdmission(InspectorServer::Admission::Open);
        fine = server.listen(0).has_value();
    }
    Echo echo;
    InspectorServer server;
    bool fine = false;
};

/// On a thread of its own, with this one's event loop running meanwhile.
template <typename Work>
auto elsewhere(Work work)
{
    auto future = std::async(std::launch::async, std::move(work));
    waitUntil([&] { return future.wait_for(std::chrono::milliseconds(0)) == std::future_status::ready; });
    return future.get();
}

/// The whole answer to bytes as they are.
Reply answerTo(int port, const std::string &bytes)
{
    return elsewhere([&] {
        Client client(port);
        client.send(bytes);
        return client.receive();
    });
}

/// Only the answer's status: what comes behind a 101 has no end.
int statusOf(int port, const std::string &bytes)
{
    const std::string head = elsewhere([&] {
        Client client(port);
        client.send(bytes);
        return client.receiveSome(patience, "\r\n");
    });
    return head.starts_with("HTTP/1.1 ") ? std::atoi(head.c_str() + 9) : 0;
}

} // namespace

/// Who is let in to debug, and what ends a connection.
class InspectorDoorTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hosts_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<bool>("allowed");
        for (const char *host : {"localhost", "localhost:9229", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:9229", "192.168.1.20:80", "[::1]", "[::1]:9229", "[fe80::1]:5"})
            QTest::newRow(host) << QByteArray(host) << true;
        for (const char *host : {"", ":9229", "example.com", "localhost.example.com", "my.localhost", "localhost.", "127.0.0.1.example.com", "127.0.0.1.", "127.1",
                 "2130706433", "0x7f.0.0.1", "1.2.3.4.5", "1..2.3", "[example]", "[]", "[::1", "::1", "127.0.0.1@example.com", "1234.1.1.1"})
            QTest::newRow(host) << QByteArray(host) << false;
    }
    void hosts()
    {
        QFETCH(QByteArray, host);
        QFETCH(bool, allowed);
        QCOMPARE(server::inspectorHostAllowed(host.toStdString()), allowed);
    }

    void origins_data()
    {
        QTest::addColumn<QByteArray>("origin");
        QTest::addColumn<bool>("allowed");
        for (const char *origin : {"devtools://devtools", "chrome-devtools://devtools"})
            QTest::newRow(origin) << QByteArray(origin) << true;
        for (const char *origin : {"", "null", "http://localhost", "http://127.0.0.1:9229", "https://example.com", "http://devtools://", "file://", "vscode-webview://x",
                 "devtools:/x", " devtools://devtools", "chrome-extension://abc"})
            QTest::newRow(origin) << QByteArray(origin) << false;
    }
    void origins()
    {
        QFETCH(QByteArray, origin);
        QFETCH(bool, allowed);
        QCOMPARE(server::inspectorOriginAllowed(origin.toStdString()), allowed);
    }

    void handshakes_data()
    {
        QTest::addColumn<QByteArray>("request");
        QTest::addColumn<int>("status");
        const QByteArray upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
        const QByteArray key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        const auto row = [](const char *name, const QByteArray &line, const QByteArray &fields, int status) {
            QTest::newRow(name) << line + "\r\n" + fields + "\r\n" << status;
        };
        const QByteArray host = "Host: 127.0.0.1\r\n";
        const QByteArray get = "GET /the-id HTTP/1.1";
        row("good", get, host + upgrade + key, 101);
        row("as Chrome's tools", get, host + "Origin: devtools://devtools\r\n" + upgrade + key, 101);
        row("a name for this machine", get, "Host: evil.example:9229\r\n" + upgrade + key, 403);
        row("a web page", get, host + "Origin: https://example.com\r\n" + upgrade + key, 403);
        row("a local web page", get, host + "Origin: http://localhost:8788\r\n" + upgrade + key, 403);
        row("a sandboxed page", get, host + "Origin: null\r\n" + upgrade + key, 403);
        row("two origins", get, host + "Origin: devtools://devtools\r\nOrigin: https://example.com\r\n" + upgrade + key, 403);
        row("no Host", get, upgrade + key, 400);
        row("two Hosts", get, host + host + upgrade + key, 400);
        row("a name in the target", "GET http://evil.example/the-id HTTP/1.1", host + upgrade + key, 403);
        row("another path", "GET /the-ID HTTP/1.1", host + upgrade + key, 404);
        row("a longer path", "GET /the-id/ HTTP/1.1", host + upgrade + key, 404);
        row("with a query", "GET /the-id?a HTTP/1.1", host + upgrade + key, 404);
        row("no path", "GET / HTTP/1.1", host + upgrade + key, 404);
        row("POST", "POST /the-id HTTP/1.1", host + upgrade + key, 405);
        row("HTTP/1.0", "GET /the-id HTTP/1.0", host + upgrade + key, 400);
        row("no key", get, host + upgrade, 400);
        row("two keys", get, host + upgrade + key + key, 400);
        row("a short key", get, host + upgrade + "Sec-WebSocket-Key: c2hvcnQ=\r\n", 400);
        row("no upgrade of the connection", get, host + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" + key, 400);
        row("version 8", get, host + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n" + key, 426);
        row("a body", get, host + upgrade + key + "Content-Length: 3\r\n", 400);
        row("not HTTP", "what", "", 400);
        row("a head without an end", get, host + "X: " + QByteArray(20'000, 'x') + "\r\n", 431);
        row("the list", "GET /json/list HTTP/1.1", host, 200);
        row("the list, for a page", "GET /json/list HTTP/1.1", host + "Origin: https://example.com\r\n", 403);
        row("the list, by another name", "GET /json HTTP/1.1", "Host: evil.example\r\n", 403);
        row("no such page", "GET /json/new HTTP/1.1", host, 404);
        row("the path without a WebSocket", get, host, 404);
    }
    void handshakes()
    {
        QFETCH(QByteArray, request);
        QFETCH(int, status);
        Door door;
        QVERIFY(door.fine);
        QCOMPARE(statusOf(door.server.port(), request.toStdString()), status);
        QVERIFY(waitUntil([&] { return door.echo.there.empty(); }));
    }

    void tellsWhereItIs()
    {
        Door door;
        const int port = door.server.port();
        const Reply reply = answerTo(port, "GET /json HTTP/1.1\r\nHost: localhost:4321\r\n\r\n");
        QCOMPARE(reply.field("content-type"), std::string("application/json; charset=UTF-8"));
        const auto list = nlohmann::json::parse(reply.body);
        QCOMPARE(list[0].value("webSocketDebuggerUrl", ""), std::string("ws://localhost:4321/the-id"));
        QCOMPARE(list[0].value("title", ""), std::string("Cleat: t\u00ebst"));
        door.server.setAdmission(InspectorServer::Admission::Closed);
        QVERIFY(nlohmann::json::parse(answerTo(port, "GET /json HTTP/1.1\r\nHost: localhost\r\n\r\n").body).empty());
        QCOMPARE(elsewhere([port] { return DebugClient(port, "/the-id").status(); }), 503);
    }

    void framesThatEndIt_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("code");
        QTest::newRow("not masked") << QByteArray("\x81\x02{}") << 1002;
        QTest::newRow("binary") << QByteArray("\x82\x80mask") << 1003;
        QTest::newRow("larger than allowed") << QByteArray("\x81\xFF\x00\x00\x00\x00\x7F\xFF\xFF\xFFmask", 14) << 1009;
        QTest::newRow("close") << QByteArray("\x88\x80mask") << 1000;
    }
    void framesThatEndIt()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        Door door;
        const auto got = elsewhere([port = door.server.port(), bytes] {
            DebugClient client(port, "/the-id");
            client.sendBytes({bytes.constData(), static_cast<std::size_t>(bytes.size())});
            return client.closeCode();
        });
        QCOMPARE(got, std::optional(code));
        QVERIFY(waitUntil([&] { return door.echo.there.empty(); }));
    }

    void talks()
    {
        Door door;
        const auto said = elsewhere([port = door.server.port()] {
            DebugClient client(port, "/the-id");
            client.sendFrame(0x01, std::string(1'000'000, 'a'));
            client.sendFrame(0x89, "still there?");
            const auto pong = client.pong();
            client.sendFrame(0x80, std::string(2'000'000, 'b'));
            return std::pair(pong.value_or(""), client.answerTo(1).value("bytes", 0));
        });
        QCOMPARE(said.first, std::string("still there?"));
        QCOMPARE(said.second, 3'000'000);
        QVERIFY(waitUntil([&] { return door.echo.there.empty(); })); // it was reset
    }

    void tooManyAreTurnedAway()
    {
        InspectorServer::Limits limits;
        limits.connections = 2;
        Door door(limits);
        const int port = door.server.port();
        const auto all = elsewhere([port] {
            const DebugClient one(port, "/the-id");
            const DebugClient two(port, "/the-id");
            const DebugClient three(port, "/the-id");
            return std::array{one.status(), two.status(), three.status()};
        });
        QCOMPARE(all, (std::array{101, 101, 0}));
        QVERIFY(waitUntil([&] { return door.echo.there.empty(); }));
        QCOMPARE(elsewhere([port] { return DebugClient(port, "/the-id").status(); }), 101);
    }

    void whoSaysNothingIsCutOff()
    {
        InspectorServer::Limits limits;
        limits.headSeconds = 1;
        Door door(limits);
        const bool ended = elsewhere([port = door.server.port()] {
            Client client(port);
            client.send("GET /the-id HTTP/1.1\r\n");
            return client.receive().status == 0;
        });
        QVERIFY(ended);
    }
};

QTEST_GUILESS_MAIN(InspectorDoorTest)
#include "t_inspectordoor.moc"
