// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/portowner.h"
#include "core/server/responsehead.h"
#include "tests/core/server/harness.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTimer>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>

using namespace cleat::server;
using namespace cleat::server::test;

namespace {

const std::string testRequest = "GET /test HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string helloRequest = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

std::string wireOf(std::string_view body)
{
    std::string wire;
    appendStatusLine(wire, 200);
    appendField(wire, "Content-Length", std::to_string(body.size()));
    return wire.append("\r\n").append(body);
}

std::string chunkedHead()
{
    std::string wire;
    appendStatusLine(wire, 200);
    appendField(wire, "Transfer-Encoding", "chunked");
    return wire + "\r\n";
}

bool connects(int family, int port)
{
    const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<in_port_t>(port));
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = v4.sin_port;
    v6.sin6_addr = in6addr_loopback;
    const bool done = family == AF_INET ? ::connect(descriptor, reinterpret_cast<sockaddr *>(&v4), sizeof v4) == 0
                                        : ::connect(descriptor, reinterpret_cast<sockaddr *>(&v6), sizeof v6) == 0;
    ::close(descriptor);
    return done;
}

bool hasIpv6()
{
    const int descriptor = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    const bool can = descriptor >= 0 && ::bind(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    ::close(descriptor);
    return can;
}

} // namespace

class HttpServerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void portInUseNamesPortAndProcess()
    {
        Bench first;
        ScriptedHandler handler;
        HttpServer second(handler, {});
        const auto result = second.listen("127.0.0.1", first.server.port());
        QVERIFY(!result);
        QCOMPARE(result.error().code, std::string("server.port-in-use"));
        const std::string &message = result.error().message;
        QVERIFY2(message.find(std::to_string(first.server.port())) != std::string::npos, message.c_str());
        QVERIFY2(message.find("process " + std::to_string(::getpid()) + " (") != std::string::npos, message.c_str());
    }

    void portOwnerOfNobody()
    {
        Bench bench;
        const auto owner = portOwner(bench.server.port());
        QVERIFY(owner.has_value());
        QCOMPARE(owner->pid, ::getpid());
        QVERIFY(!owner->name.empty());
        QVERIFY(!portOwner(0).has_value());
    }

    void addresses_data()
    {
        QTest::addColumn<std::string>("ip");
        QTest::addColumn<int>("port");
        QTest::newRow("not of this machine") << std::string("192.0.2.1") << 0;
        QTest::newRow("no address") << std::string("example.org") << 0;
        QTest::newRow("empty") << std::string() << 0;
        QTest::newRow("port too large") << std::string("127.0.0.1") << 65536;
        QTest::newRow("port negative") << std::string("127.0.0.1") << -1;
    }

    void addresses()
    {
        QFETCH(std::string, ip);
        QFETCH(int, port);
        ScriptedHandler handler;
        HttpServer server(handler, {});
        const auto result = server.listen(ip, port);
        QVERIFY(!result);
        QCOMPARE(result.error().code, std::string("server.address"));
        QVERIFY(result.error().message.ends_with('.'));
        QCOMPARE(server.port(), 0);
    }

    void privilegedPort()
    {
        // As root the user is changed for the attempt; the others cannot take the port anyway.
        const bool root = ::geteuid() == 0;
        if (root)
            QCOMPARE(::seteuid(65534), 0);
        ScriptedHandler handler;
        HttpServer server(handler, {});
        const auto result = server.listen("127.0.0.1", 79);
        if (root)
            QCOMPARE(::seteuid(0), 0);
        if (result) // the system may have no privileged ports (net.ipv4.ip_unprivileged_port_start)
            return;
        QCOMPARE(result.error().code, std::string("server.denied"));
    }

    void localhostIsBoth()
    {
        ScriptedHandler handler;
        HttpServer server(handler, {});
        handler.setServer(server);
        QVERIFY(server.listen("localhost", 0));
        QVERIFY(connects(AF_INET, server.port()));
        if (hasIpv6())
            QVERIFY(connects(AF_INET6, server.port()));
    }

    void localhostFailsWhenHalfOfItIsTaken()
    {
        if (!hasIpv6())
            return;
        ScriptedHandler handler;
        HttpServer first(handler, {});
        QVERIFY(first.listen("::1", 0));
        HttpServer second(handler, {});
        const auto result = second.listen("localhost", first.port());
        QVERIFY(!result);
        QCOMPARE(result.error().code, std::string("server.port-in-use"));
        QVERIFY(!connects(AF_INET, first.port()));
    }

    void headTellsTheClient()
    {
        Bench bench;
        Client client(bench.server.port());
        client.send(helloRequest);
        QVERIFY(client.receiveUntil([&] { return client.received.ends_with("hello"); }));
        QCOMPARE(bench.handler.records()[0].head.client, std::string("127.0.0.1"));
        QVERIFY(!bench.handler.records()[0].head.secure);
    }

    void idsAreNotUsedTwice()
    {
        Bench bench;
        Client client(bench.server.port());
        for (int i = 0; i < 300; ++i) {
            client.received.clear();
            client.send(helloRequest);
            QVERIFY(client.receiveUntil([&] { return client.received.ends_with("hello"); }));
        }
        std::set<ExchangeId> ids;
        for (const auto &record : bench.handler.records())
            ids.insert(record.id);
        QCOMPARE(ids.size(), std::size_t(300));
    }

    void callsForFinishedExchangesAreIgnored()
    {
        Bench bench;
        Client client(bench.server.port());
        client.send(helloRequest);
        QVERIFY(client.receiveUntil([&] { return client.received.ends_with("hello"); }));
        const std::string before = client.received;
        for (const ExchangeId id : {bench.handler.records()[0].id, ExchangeId(0), ExchangeId(12345), ~ExchangeId(0)}) {
            bench.server.respond(id, wireOf("again"), HttpServer::Connection::Close);
            bench.server.beginResponse(id, chunkedHead(), HttpServer::Framing::Chunked, HttpServer::Connection::Close);
            QVERIFY(bench.server.sendPiece(id, "piece") == HttpServer::Flow::Go);
            bench.server.endResponse(id, HttpServer::Finish::Truncated);
            bench.server.bodyConsumed(id, 5);
        }
        QVERIFY(!client.receiveUntil([&] { return client.received != before || client.ended; }, 50));
    }

    void answersFromInsideAndOutside()
    {
        Bench bench;
        int count = 0;
        bench.handler.onRequest = [&](ScriptedHandler::Record &record) {
            const ExchangeId id = record.id;
            if (++count % 2 == 0)
                bench.server.respond(id, wireOf("in"), HttpServer::Connection::Keep);
            else
                QTimer::singleShot(0, &bench.handler, [&bench, id] { bench.server.respond(id, wireOf("out"), HttpServer::Connection::Keep); });
        };
        Client client(bench.server.port());
        std::string many;
        for (int i = 0; i < 200; ++i)
            many += testRequest;
        client.send(many);
        QVERIFY(client.receiveUntil([&] { return bench.handler.records().size() == 200 && bench.handler.allEnded(); }));
        client.receive();
        std::size_t at = 0;
        for (int i = 0; i < 200; ++i) {
            const std::string wanted = i % 2 == 0 ? "\r\n\r\nout" : "\r\n\r\nin";
            at = client.received.find("\r\n\r\n", at);
            QVERIFY(at != std::string::npos);
            QCOMPARE(client.received.substr(at, wanted.size()), wanted);
            at += 4;
        }
    }

    void expectContinueWholeDialogue()
    {
        Bench bench;
        Client client(bench.server.port());
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
        QVERIFY(client.receiveUntil([&] { return client.received == "HTTP/1.1 100 Continue\r\n\r\n"; }));
        client.received.clear();
        client.send("hello");
        QVERIFY(client.receiveUntil([&] { return client.received.ends_with("\r\n\r\nhello"); }));
        QVERIFY(client.received.starts_with("HTTP/1.1 200 "));
        client.received.clear();
        client.send(helloRequest);
        QVERIFY(client.receiveUntil([&] { return client.received.ends_with("\r\n\r\nhello"); }));
    }

    void clientLeaves_data()
    {
        QTest::addColumn<int>("way"); // 0 closes, 1 resets
        QTest::addColumn<bool>("begun");
        QTest::newRow("closes while the answer is awaited") << 0 << false;
        QTest::newRow("closes in the middle of the answer") << 0 << true;
        QTest::newRow("resets while the answer is awaited") << 1 << false;
        QTest::newRow("resets in the middle of the answer") << 1 << true;
    }

    void clientLeaves()
    {
        QFETCH(int, way);
        QFETCH(bool, begun);
        Bench bench;
        bench.handler.onRequest = [&](ScriptedHandler::Record &record) {
            if (!begun)
                return;
            bench.server.beginResponse(record.id, chunkedHead(), HttpServer::Framing::Chunked, HttpServer::Connection::Keep);
            bench.server.sendPiece(record.id, "begun");
        };
        Client client(bench.server.port());
        client.send(testRequest + testRequest);
        QVERIFY(client.receiveUntil([&] { return bench.handler.records().size() == 2 && (!begun || client.received.ends_with("begun\r\n")); }));
        QElapsedTimer timer;
        timer.start();
        if (way == 0)
            client.close();
        else
            client.reset();
        QVERIFY(waitUntil([&] { return bench.handler.allEnded(); }));
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
        for (const auto &record : bench.handler.records())
            QVERIFY(record.end == Handler::End::Left);
        QVERIFY(waitUntil([&] { return bench.server.idle(); }));
    }

    void clientLeavesInTheMiddleOfItsBody()
    {
        Bench bench;
        Client client(bench.server.port());
        client.send("POST /test HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhello");
        QVERIFY(waitUntil([&] { return bench.handler.records().size() == 1; }));
        client.close();
        QVERIFY(waitUntil([&] { return bench.handler.allEnded(); }, 300));
        QVERIFY(bench.handler.records()[0].end == Handler::End::Left);
    }

    /// A client that has finished sending, and waits: longer than it takes to find out that one has left.
    void halfClosedClientGetsItsAnswer()
    {
        Bench bench;
        Client client(bench.server.port());
        client.send(testRequest);
        client.halfClose();
        QVERIFY(!waitUntil([&] { return !bench.handler.records().empty() && bench.handler.allEnded(); }, 1300));
        bench.server.respond(bench.handler.records()[0].id, wireOf("patience"), HttpServer::Connection::Keep);
        QVERIFY(client.receiveUntil([&] { return client.ended; }));
        QVERIFY(client.received.ends_with("\r\n\r\npatience"));
        QVERIFY(!client.broken);
        QVERIFY(bench.handler.records()[0].end == Handler::End::Done);
        QVERIFY(waitUntil([&] { return bench.server.idle(); }));
    }

    void halfClosedClientThatThenLeaves()
    {
        Bench bench;
        Client client(bench.server.port());
        client.send(testRequest);
        client.halfClose();
        QVERIFY(!waitUntil([&] { return !bench.handler.records().empty() && bench.handler.allEnded(); }, 200));
        client.close();
        QVERIFY(waitUntil([&] { return bench.handler.allEnded(); }, 1500));
        QVERIFY(bench.handler.records()[0].end == Handler::End::Left);
    }

    void headTimeout()
    {
        Limits limits;
        limits.headSeconds = 1;
        Bench bench(limits);
        Client client(bench.server.port());
        client.send("GET /slow HTT");
        // A byte now and then does not help.
        QElapsedTimer timer;
        timer.start();
        qint64 sent = 0;
        QVERIFY(client.receiveUntil([&] {
            if (timer.elapsed() - sent > 200 && !client.ended) {
                sent = timer.elapsed();
                client.send("x");
            }
            return client.ended;
        }));
        QVERIFY(timer.elapsed() >= 400 && timer.elapsed() < 20000);
        QVERIFY2(client.received.starts_with("HTTP/1.1 408 "), client.received.c_str());
        QVERIFY(client.received.find("headSeconds") != std::string::npos);
        QCOMPARE(bench.handler.refusals().size(), std::size_t(1));
        QVERIFY(bench.handler.refusals()[0].starts_with("refused 408 GET /slow"));
    }

    void idleTimeout()
    {
        Limits limits;
        limits.idleSeconds = 1;
        Bench bench(limits);
        Client fresh(bench.server.port());
        Client used(bench.server.port());
        Client busy(bench.server.port());
        used.send(helloRequest);
        busy.send(testRequest);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(used.receiveUntil([&] {
            fresh.receive();
            return used.ended && fresh.ended;
        }));
        QVERIFY(timer.elapsed() >= 400 && timer.elapsed() < 20000);
        QVERIFY(fresh.received.empty());
        QVERIFY(used.received.ends_with("hello"));
        busy.receive();
        QVERIFY(!busy.ended);
        QVERIFY(bench.handler.refusals().empty());
    }

    void connectionLimit()
    {
        Limits limits;
        limits.connections = 3;
        Bench bench(limits);
        {
            Client a(bench.server.port()), b(bench.server.port()), c(bench.server.port());
            pump();
            Client d(bench.server.port());
            d.send(helloRequest);
            QVERIFY(d.receiveUntil([&] { return d.ended; }));
            QVERIFY2(d.received.starts_with("HTTP/1.1 503 "), d.received.c_str());
            QVERIFY(!d.broken);
            a.send(helloRequest);
            QVERIFY(a.receiveUntil([&] { return a.received.ends_with("hello"); }));
        }
        QVERIFY(waitUntil([&] { return bench.server.idle(); }));
        Client again(bench.server.port());
        again.send(helloRequest);
        QVERIFY(again.receiveUntil([&] { return again.received.ends_with("hello"); }));
    }

    /// The client must see the answer even though it goes on sending what nobody reads.
    void lingeringClose()
    {
        Bench bench;
        Client client(bench.server.port());
        client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n");
        for (int i = 0; i < 100; ++i) {
            client.send(std::string(10000, 'x'));
            QCoreApplication::processEvents();
        }
        QVERIFY(client.receiveUntil([&] { return client.ended; }));
        QVERIFY(!client.broken);
        QVERIFY(client.received.starts_with("HTTP/1.1 413 "));
        QVERIFY(client.received.find("bodyBytes") != std::string::npos);
        client.close();
        QVERIFY(waitUntil([&] { return bench.server.idle(); }));
    }

    void closeLetsExchangesFinish()
    {
        Bench bench;
        Client idle(bench.server.port());
        Client busy(bench.server.port());
        Client half(bench.server.port());
        busy.send(testRequest);
        half.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhe");
        QVERIFY(waitUntil([&] { return bench.handler.records().size() == 2; }));
        const int port = bench.server.port();
        bench.server.close();
        QVERIFY(!connects(AF_INET, port));
        QVERIFY(idle.receiveUntil([&] { return idle.ended; }));
        QVERIFY(!bench.server.idle());
        half.send("llo");
        QVERIFY(half.receiveUntil([&] { return half.ended; }));
        QVERIFY(half.received.ends_with("hello"));
        QVERIFY(half.received.find("Connection: close\r\n") != std::string::npos);
        bench.server.respond(bench.handler.find("/test")->id, wireOf("last"), HttpServer::Connection::Keep);
        QVERIFY(busy.receiveUntil([&] { return busy.ended; }));
        QVERIFY(busy.received.ends_with("last"));
        idle.close();
        busy.close();
        half.close();
        QVERIFY(waitUntil([&] { return bench.server.idle(); }));
    }

    void closeFromInsideARequest()
    {
        Bench bench;
        bench.handler.onRequest = [&](ScriptedHandler::Record &record) {
            bench.server.close();
            bench.server.respond(record.id, wireOf("bye"), HttpServer::Connection::Keep);
        };
        Client other(bench.server.port());
        Client client(bench.server.port());
        client.send(testRequest + testRequest);
        QVERIFY(client.receiveUntil([&] { return client.ended; }));
        QVERIFY(client.received.ends_with("bye"));
        QVERIFY(other.receiveUntil([&] { return other.ended; }));
    }

    void truncatedFromInsideARequest()
    {
        Bench bench;
        bench.handler.onRequest = [&](ScriptedHandler::Record &record) { bench.server.endResponse(record.id, HttpServer::Finish::Truncated); };
        Client client(bench.server.port());
        client.send(testRequest);
        QVERIFY(client.receiveUntil([&] { return client.ended; }));
        QVERIFY(client.received.empty());
        QVERIFY(bench.handler.allEnded());
    }

    void truncatedForAnOldClientIsAReset()
    {
        Bench bench;
        Client client(bench.server.port());
        client.send("GET /truncated HTTP/1.0\r\n\r\n");
        QVERIFY(client.receiveUntil([&] { return client.ended; }));
        QVERIFY(client.broken);
    }

    void destroyedWithConnections()
    {
        ScriptedHandler handler;
        std::vector<std::unique_ptr<Client>> clients;
        {
            HttpServer server(handler, {});
            handler.setServer(server);
            QVERIFY(server.listen("127.0.0.1", 0));
            for (int i = 0; i < 5; ++i) {
                clients.push_back(std::make_unique<Client>(server.port()));
                clients.back()->send(i % 2 == 0 ? testRequest : "GET /part");
            }
            QVERIFY(waitUntil([&] { return handler.records().size() == 3; }));
        }
        for (const auto &client : clients)
            QVERIFY(client->receiveUntil([&] { return client->ended; }));
    }

    /// No descriptor left: connections wait instead of the loop spinning, and are served when there are some again.
    void outOfDescriptors()
    {
        Bench bench;
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &before), 0);
        Client client(bench.server.port());
        const int highest = ::dup(0);
        ::close(highest);
        rlimit few = before;
        few.rlim_cur = static_cast<rlim_t>(highest);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &few), 0);
        client.send(helloRequest);
        const bool served = client.receiveUntil([&] { return !client.received.empty(); }, 200);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &before), 0);
        QVERIFY(!served);
        QVERIFY(client.receiveUntil([&] { return client.received.ends_with("hello"); }));
    }

    void manyConnections()
    {
        Bench bench;
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 400; ++i)
            clients.push_back(std::make_unique<Client>(bench.server.port()));
        for (int round = 0; round < 3; ++round) {
            for (const auto &client : clients) {
                client->received.clear();
                client->send(round % 2 == 0 ? "GET /later HTTP/1.1\r\nHost: x\r\n\r\n" : helloRequest);
            }
            for (const auto &client : clients)
                QVERIFY(client->receiveUntil([&] { return client->received.ends_with(round % 2 == 0 ? "later" : "hello"); }));
        }
        clients.clear();
        QVERIFY(waitUntil([&] { return bench.server.idle(); }));
    }
};

QTEST_GUILESS_MAIN(HttpServerTest)
#include "t_httpserver.moc"
