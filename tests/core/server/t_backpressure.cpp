// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/responsehead.h"
#include "tests/core/server/harness.h"

#include <QElapsedTimer>
#include <QTest>

#include <sys/socket.h>

using namespace cleat::server;
using namespace cleat::server::test;

namespace {

std::string head(std::string_view name, std::string_view value)
{
    std::string wire;
    appendStatusLine(wire, 200);
    appendField(wire, name, value);
    return wire + "\r\n";
}

/// The body of a message, chunks taken apart.
std::string bodyOf(const std::string &message)
{
    std::size_t at = message.find("\r\n\r\n") + 4;
    if (message.find("chunked") == std::string::npos)
        return message.substr(at);
    std::string body;
    for (;;) {
        const std::size_t size = std::stoul(message.substr(at, 16), nullptr, 16);
        at = message.find("\r\n", at) + 2;
        if (size == 0)
            return body;
        body += message.substr(at, size);
        at += size + 2;
    }
}

std::string pattern(std::size_t size)
{
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>('a' + (i * 7 + i / 1000) % 26);
    return text;
}

const std::string testRequest = "GET /test HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

class BackpressureTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// A producer that obeys Wait holds no more than the limit and one piece, and all arrives.
    void slowClient_data()
    {
        QTest::addColumn<bool>("chunked");
        QTest::newRow("chunked") << true;
        QTest::newRow("sized") << false;
    }

    void slowClient()
    {
        QFETCH(bool, chunked);
        constexpr std::size_t pieceSize = 30000;
        const std::string whole = pattern(20U << 20);
        Bench bench;
        std::size_t sent = 0;
        std::size_t waits = 0;
        const auto produce = [&](ExchangeId id) {
            while (sent < whole.size()) {
                const std::string piece = whole.substr(sent, pieceSize);
                sent += piece.size();
                if (bench.server.sendPiece(id, std::string(piece)) == HttpServer::Flow::Wait) {
                    ++waits;
                    return;
                }
            }
            bench.server.endResponse(id, HttpServer::Finish::Complete);
        };
        bench.handler.onRequest = [&](ScriptedHandler::Record &record) {
            bench.server.beginResponse(record.id, chunked ? head("Transfer-Encoding", "chunked") : head("Content-Length", std::to_string(whole.size())),
                chunked ? HttpServer::Framing::Chunked : HttpServer::Framing::Sized, HttpServer::Connection::Keep);
            produce(record.id);
        };
        bench.handler.onWritable = [&](ScriptedHandler::Record &record) { produce(record.id); };
        Client client(bench.server.port());
        client.send(testRequest);
        QVERIFY(waitUntil([&] { return waits > 0; }));
        QVERIFY(!waitUntil([&] { return sent > (12U << 20); }, 200));
        QVERIFY(client.receiveUntil([&] { return bench.handler.allEnded(); }, 20000));
        QVERIFY(client.receiveUntil([&] {
            return client.received.size() > whole.size()
                && (chunked ? client.received.ends_with("\r\n0\r\n\r\n") : bodyOf(client.received).size() == whole.size());
        }));
        QVERIFY(bodyOf(client.received) == whole);
        QVERIFY(bench.handler.records()[0].end == Handler::End::Done);
        QCOMPARE(bench.handler.records()[0].responseBytes, std::uint64_t(whole.size()));
        QCOMPARE(bench.handler.records()[0].callsAfterEnd, 0);
        // The connection is still good.
        client.received.clear();
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(client.receiveUntil([&] { return client.received.ends_with("hello"); }));
    }

    /// A large answer in one string, which the socket takes in parts.
    void largeResponse()
    {
        const std::string whole = pattern(30U << 20);
        Bench bench;
        bench.handler.onRequest = [&](ScriptedHandler::Record &record) {
            bench.server.respond(record.id, head("Content-Length", std::to_string(whole.size())) + whole, HttpServer::Connection::Keep);
        };
        Client client(bench.server.port());
        client.send(testRequest + "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(waitUntil([&] { return bench.handler.records().size() == 2; }));
        QVERIFY(!waitUntil([&] { return bench.handler.records()[0].ended; }, 50));
        QVERIFY(client.receiveUntil([&] { return bench.handler.allEnded() && client.received.ends_with("\r\n\r\nhello"); }, 20000));
        const std::size_t start = client.received.find("\r\n\r\n") + 4;
        QVERIFY(client.received.substr(start, whole.size()) == whole);
        QCOMPARE(bench.handler.records()[0].responseBytes, std::uint64_t(whole.size()));
    }

    /// A response that is not in turn is bounded too, and its producer goes on when it is.
    void outOfTurn()
    {
        Bench bench;
        bench.handler.onRequest = [](ScriptedHandler::Record &) {};
        Client client(bench.server.port());
        client.send(testRequest + testRequest);
        QVERIFY(waitUntil([&] { return bench.handler.records().size() == 2; }));
        const ExchangeId first = bench.handler.records()[0].id;
        const ExchangeId second = bench.handler.records()[1].id;
        bench.server.beginResponse(second, head("Transfer-Encoding", "chunked"), HttpServer::Framing::Chunked, HttpServer::Connection::Keep);
        int pieces = 0;
        while (bench.server.sendPiece(second, std::string(10000, 'x')) == HttpServer::Flow::Go && pieces < 1000)
            ++pieces;
        QVERIFY(pieces > 90 && pieces < 120);
        QVERIFY(!waitUntil([&] { return bench.handler.records()[1].writables > 0; }, 50));
        bench.server.respond(first, head("Content-Length", "0"), HttpServer::Connection::Keep);
        QVERIFY(client.receiveUntil([&] { return bench.handler.records()[1].writables > 0; }));
        bench.server.endResponse(second, HttpServer::Finish::Complete);
        QVERIFY(client.receiveUntil([&] { return bench.handler.allEnded(); }));
    }

    void clientLeavesWhileTheProducerWaits()
    {
        for (const bool reset : {false, true}) {
            Bench bench;
            bench.handler.onRequest = [&](ScriptedHandler::Record &record) {
                bench.server.beginResponse(record.id, head("Transfer-Encoding", "chunked"), HttpServer::Framing::Chunked, HttpServer::Connection::Keep);
                while (bench.server.sendPiece(record.id, std::string(50000, 'x')) == HttpServer::Flow::Go) {}
            };
            Client client(bench.server.port());
            client.send(testRequest);
            QVERIFY(waitUntil([&] { return bench.handler.records().size() == 1; }));
            QVERIFY(!waitUntil([&] { return bench.handler.allEnded(); }, 50));
            if (reset)
                client.reset();
            else
                client.close();
            QVERIFY(waitUntil([&] { return bench.handler.allEnded(); }, 500));
            QVERIFY(bench.handler.records()[0].end == Handler::End::Left);
        }
    }

    /// A reader that gives nothing back stops the client; giving back lets it go on.
    void slowReader_data()
    {
        QTest::addColumn<bool>("chunked");
        QTest::newRow("sized") << false;
        QTest::newRow("chunked") << true;
    }

    void slowReader()
    {
        QFETCH(bool, chunked);
        const std::string whole = pattern(24U << 20);
        Limits limits;
        limits.queuedBodyBytes = 100'000;
        Bench bench(limits);
        std::size_t taken = 0;
        const auto takeAll = [&] {
            const auto &record = bench.handler.records()[0];
            bench.server.bodyConsumed(record.id, record.body.size() - taken);
            taken = record.body.size();
        };
        Client client(bench.server.port());
        std::string request = "POST /test HTTP/1.1\r\nHost: x\r\n";
        if (chunked) {
            request += "Transfer-Encoding: chunked\r\n\r\n";
            for (std::size_t at = 0; at < whole.size(); at += 1U << 20)
                request += "100000\r\n" + whole.substr(at, 1U << 20) + "\r\n";
            request += "0\r\n\r\n";
        } else {
            request += "Content-Length: " + std::to_string(whole.size()) + "\r\n\r\n" + whole;
        }
        std::size_t sent = 0;
        const auto sendSome = [&] {
            while (sent < request.size()) {
                const ssize_t n = ::send(client.descriptor, request.data() + sent, request.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
                if (n <= 0)
                    return;
                sent += static_cast<std::size_t>(n);
            }
        };
        QVERIFY(!waitUntil(
            [&] {
                sendSome();
                return sent == request.size();
            },
            300));
        const auto &record = bench.handler.records()[0];
        QVERIFY2(record.body.size() <= limits.queuedBodyBytes + (64U << 10), qPrintable(QString::number(record.body.size())));
        QVERIFY(waitUntil(
            [&] {
                sendSome();
                takeAll();
                return record.complete;
            },
            20000));
        QVERIFY(record.body == whole);
        bench.server.respond(record.id, head("Content-Length", "0"), HttpServer::Connection::Keep);
        QVERIFY(client.receiveUntil([&] { return record.ended; }));
        QVERIFY(record.end == Handler::End::Done);
    }

    void clientLeavesWhileReadingIsPaused()
    {
        for (const bool reset : {false, true}) {
            Limits limits;
            limits.queuedBodyBytes = 1000;
            Bench bench(limits);
            Client client(bench.server.port());
            client.send("POST /test HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + std::string(200'000, 'x'));
            QVERIFY(waitUntil([&] { return bench.handler.records().size() == 1; }));
            QVERIFY(!waitUntil([&] { return bench.handler.allEnded(); }, 50));
            if (reset)
                client.reset();
            else
                client.close();
            QVERIFY(waitUntil([&] { return bench.handler.allEnded(); }, 1000));
            QVERIFY(bench.handler.records()[0].end == Handler::End::Left);
        }
    }

    /// The answer is complete long before the body: the rest of the body is read away, and the connection stays good.
    void bodyIsDrainedAfterAnEarlyAnswer()
    {
        Limits limits;
        limits.queuedBodyBytes = 1000;
        Bench bench(limits);
        Client client(bench.server.port());
        client.send("POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
        QVERIFY(client.receiveUntil([&] { return client.received.ends_with("early"); }));
        client.received.clear();
        QVERIFY(client.send(std::string(3'000'000, 'x')));
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(client.receiveUntil([&] { return client.received.ends_with("\r\n\r\nhello"); }));
        QCOMPARE(bench.handler.records().size(), std::size_t(2));
    }

    /// Requests without an end, answers that nobody takes: the server stops reading.
    void pipelinedFlood()
    {
        Bench bench;
        Client client(bench.server.port());
        std::string many;
        for (int i = 0; i < 2000; ++i)
            many += testRequest;
        std::size_t sent = 0;
        QVERIFY(!waitUntil(
            [&] {
                const ssize_t n = ::send(client.descriptor, many.data(), many.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
                sent += n > 0 ? static_cast<std::size_t>(n) : 0;
                return sent > (64U << 20);
            },
            300));
        QCOMPARE(bench.handler.records().size(), std::size_t(64));
        client.close();
        QVERIFY(waitUntil([&] { return bench.server.idle(); }));
    }
};

QTEST_GUILESS_MAIN(BackpressureTest)
#include "t_backpressure.moc"
