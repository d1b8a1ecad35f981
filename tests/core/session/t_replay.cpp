// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/replay.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include <memory>
#include <optional>

using namespace cleat;
using session::Replay;
using session::ReplayAnswer;
using session::ReplayRequest;

namespace {

constexpr int patience = 120'000;

/// Takes what comes, and answers with bytes that are given, all at once or one by one, once the head of a request is there.
class RawServer final : public QTcpServer
{
public:
    enum class Way { AtOnce, ByteByByte };
    enum class After { Close, Stay };

    RawServer(QByteArray answer, Way way, After after) : m_answer(std::move(answer))
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this, way, after] {
            while (QTcpSocket *socket = nextPendingConnection())
                take(socket, way, after);
        });
    }

    QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(serverPort())); }

    QByteArray received; ///< over all connections
    int connections = 0;

private:
    void take(QTcpSocket *socket, Way way, After after)
    {
        ++connections;
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, way, after, done = false]() mutable {
            received += socket->readAll();
            if (done || !received.contains("\r\n\r\n"))
                return;
            done = true;
            if (way == Way::AtOnce) {
                socket->write(m_answer);
                if (after == After::Close)
                    socket->disconnectFromHost();
                return;
            }
            auto *timer = new QTimer(socket);
            connect(timer, &QTimer::timeout, socket, [this, socket, timer, after, at = 0]() mutable {
                if (at < m_answer.size()) {
                    socket->write(m_answer.constData() + at++, 1);
                    socket->flush();
                } else {
                    timer->stop();
                    if (after == After::Close)
                        socket->disconnectFromHost();
                }
            });
            timer->start(0);
        });
    }

    const QByteArray m_answer;
};

using Outcome = std::optional<base::Result<ReplayAnswer>>;

/// Empty when nothing came in time.
Outcome send(const ReplayRequest &request, const QUrl &server)
{
    Outcome outcome;
    Replay replay(request, server);
    QObject::connect(&replay, &Replay::finished, &replay, [&outcome](const base::Result<ReplayAnswer> &answer) { outcome = answer; });
    replay.start();
    (void)QTest::qWaitFor([&outcome] { return outcome.has_value(); }, patience);
    return outcome;
}

} // namespace

class ReplayTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesSent()
    {
        RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", RawServer::Way::AtOnce, RawServer::After::Stay);
        const std::string body("\0\xff\r\n\r\n", 6);
        const auto outcome = send({"POST", "/a?b=%20", {{"x-B", "2"}, {"X-a", "1"}, {"Content-Length", "99"}, {"Transfer-Encoding", "chunked"}, {"x-b", "3"}}, body}, server.url());
        QVERIFY(outcome && *outcome);
        const QByteArray expected = "POST /a?b=%20 HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(server.serverPort())
            + "\r\nx-B: 2\r\nX-a: 1\r\nx-b: 3\r\nContent-Length: 6\r\nConnection: close\r\n\r\n" + QByteArray::fromStdString(body);
        QTRY_COMPARE_WITH_TIMEOUT(server.received, expected, patience);
    }

    void ownHost()
    {
        RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", RawServer::Way::AtOnce, RawServer::After::Stay);
        const auto outcome = send({"GET", "/", {{"host", "shop.example"}}, ""}, server.url());
        QVERIFY(outcome && *outcome);
        QCOMPARE(server.received, QByteArray("GET / HTTP/1.1\r\nhost: shop.example\r\nConnection: close\r\n\r\n"));
    }

    void answers_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<bool>("closes");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("expected"); // the body, or the code of the failure
        const auto row = [](const char *name, const char *method, const QByteArray &wire, bool closes, int status, const QByteArray &expected) {
            QTest::newRow(name) << QByteArray(method) << wire << closes << status << expected;
        };
        const QByteArray ok = "HTTP/1.1 200 OK\r\n";
        const QByteArray chunked = ok + "transfer-encoding: Chunked\r\n\r\n";
        row("sized", "GET", ok + "Content-Length: 3\r\n\r\nabc", false, 200, "abc");
        row("sized, more comes", "GET", ok + "Content-Length: 3\r\n\r\nabcdef", false, 200, "abc");
        row("chunked", "GET", chunked + "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n", false, 200, "abc0123456789");
        row("chunked, trailers", "GET", chunked + "3\r\nabc\r\n0\r\nX: 1\r\nY: 2\r\n\r\n", false, 200, "abc");
        row("chunked, line breaks in it", "GET", chunked + "4\r\n\r\n\r\n\r\n0\r\n\r\n", false, 200, "\r\n\r\n");
        row("chunked, nothing", "GET", chunked + "0\r\n\r\n", false, 200, "");
        row("until the end", "GET", ok + "\r\nabc", true, 200, "abc");
        row("continue, early hints", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 1\r\n\r\na", false, 200, "a");
        row("204", "GET", "HTTP/1.1 204 No Content\r\n\r\n", false, 204, "");
        row("304 with a length", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", false, 304, "");
        row("HEAD", "HEAD", ok + "Content-Length: 9\r\n\r\n", false, 200, "");
        row("garbage", "GET", "SSH-2.0-x\r\n\r\n", false, 0, "replay.answer");
        row("no number", "GET", "HTTP/1.1 abc\r\n\r\n", false, 0, "replay.answer");
        row("nothing", "GET", "", true, 0, "replay.lost");
        row("half a head", "GET", "HTTP/1.1 200 O", true, 0, "replay.lost");
        row("half a body", "GET", ok + "Content-Length: 3\r\n\r\nab", true, 0, "replay.lost");
        row("half a chunk", "GET", chunked + "3\r\nab", true, 0, "replay.lost");
        row("chunks without an end", "GET", chunked + "3\r\nabc\r\n", true, 0, "replay.lost");
        row("no chunk", "GET", chunked + "xyz\r\n", false, 0, "replay.answer");
        row("a chunk longer than it says", "GET", chunked + "3\r\nabcde0\r\n\r\n", false, 0, "replay.answer");
        row("larger than is kept", "GET", ok + "Content-Length: 99999999999\r\n\r\n", false, 0, "replay.size");
    }
    void answers()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, wire);
        QFETCH(bool, closes);
        QFETCH(int, status);
        QFETCH(QByteArray, expected);
        for (const auto way : {RawServer::Way::AtOnce, RawServer::Way::ByteByByte}) {
            RawServer server(wire, way, closes ? RawServer::After::Close : RawServer::After::Stay);
            const auto outcome = send({method.toStdString(), "/", {}, ""}, server.url());
            QVERIFY(outcome);
            if (status == 0) {
                QVERIFY(!*outcome);
                QCOMPARE(QByteArray::fromStdString(outcome->error().code), expected);
            } else {
                QVERIFY2(*outcome, outcome->has_value() ? "" : outcome->error().message.c_str());
                QCOMPARE((*outcome)->status, status);
                QCOMPARE(QByteArray::fromStdString((*outcome)->body), expected);
                QVERIFY((*outcome)->headUs <= (*outcome)->durationUs);
            }
        }
    }

    void noEnd_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::newRow("head") << "HTTP/1.1 200 OK\r\nX: " + QByteArray(2 << 20, 'x');
        QTest::newRow("size of a chunk") << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + QByteArray(2 << 20, '0');
        QTest::newRow("trailers") << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + QByteArray(2 << 20, 'x');
    }
    void noEnd()
    {
        QFETCH(QByteArray, wire);
        RawServer server(wire, RawServer::Way::AtOnce, RawServer::After::Stay);
        const auto outcome = send({}, server.url());
        QVERIFY(outcome && !*outcome);
        QCOMPARE(outcome->error().code, std::string("replay.answer"));
    }

    void notSent_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("method") << QByteArray("G T") << QByteArray("/") << QByteArray("A") << QByteArray("1") << QByteArray("replay.method");
        QTest::newRow("no method") << QByteArray() << QByteArray("/") << QByteArray("A") << QByteArray("1") << QByteArray("replay.method");
        QTest::newRow("target") << QByteArray("GET") << QByteArray("api") << QByteArray("A") << QByteArray("1") << QByteArray("replay.target");
        QTest::newRow("space") << QByteArray("GET") << QByteArray("/a b") << QByteArray("A") << QByteArray("1") << QByteArray("replay.target");
        QTest::newRow("name") << QByteArray("GET") << QByteArray("/") << QByteArray("A:") << QByteArray("1") << QByteArray("replay.field");
        QTest::newRow("no name") << QByteArray("GET") << QByteArray("/") << QByteArray() << QByteArray("1") << QByteArray("replay.field");
        QTest::newRow("value") << QByteArray("GET") << QByteArray("/") << QByteArray("A") << QByteArray("1\r\nB: 2") << QByteArray("replay.field");
    }
    void notSent()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, code);
        RawServer server({}, RawServer::Way::AtOnce, RawServer::After::Close);
        const auto outcome = send({method.toStdString(), target.toStdString(), {{name.toStdString(), value.toStdString()}}, ""}, server.url());
        QVERIFY(outcome && !*outcome);
        QCOMPARE(QByteArray::fromStdString(outcome->error().code), code);
        QCOMPARE(server.connections, 0);
    }

    void notThere()
    {
        QCOMPARE(send({}, QUrl())->error().code, std::string("replay.stopped"));
        QUrl gone;
        {
            const RawServer server({}, RawServer::Way::AtOnce, RawServer::After::Close);
            gone = server.url();
        }
        QCOMPARE(send({}, gone)->error().code, std::string("replay.connect"));
    }

    void recordedOnes()
    {
        events::RequestRecord record;
        record.request.method = "PUT";
        record.request.target = "/a?b";
        record.request.requestBytes = 3;
        record.content.requestHead = "Host: x\r\nX-A:  1 \r\nConnection: keep-alive\r\nContent-Length: 3\r\nExpect: 100-continue\r\nx-a: 2\r\n";
        record.content.requestBody = "abc";
        const ReplayRequest expected = {"PUT", "/a?b", {{"Host", "x"}, {"X-A", "1"}, {"x-a", "2"}}, "abc"};
        QVERIFY(session::replayOf(record) == expected);
        record.request.requestBytes = 4;
        QCOMPARE(session::replayOf(record).error().code, std::string("replay.cut"));
        record.request.kind = events::RequestKind::Cron;
        QCOMPARE(session::replayOf(record).error().code, std::string("replay.kind"));
    }

    void cancelled()
    {
        RawServer server("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", RawServer::Way::AtOnce, RawServer::After::Stay);
        Replay replay({}, server.url());
        std::vector<std::string> codes;
        connect(&replay, &Replay::finished, this, [&codes](const base::Result<ReplayAnswer> &answer) { codes.push_back(answer ? "" : answer.error().code); });
        replay.start();
        QTRY_COMPARE_WITH_TIMEOUT(server.connections, 1, patience);
        replay.cancel();
        replay.cancel();
        QCOMPARE(codes, std::vector<std::string>{"replay.cancelled"});
    }

    void many()
    {
        RawServer server("HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\na", RawServer::Way::AtOnce, RawServer::After::Close);
        session::RepeatedReplay replay({}, server.url(), 50, 8);
        std::optional<session::ReplaySummary> summary;
        connect(&replay, &session::RepeatedReplay::finished, this, [&summary](const session::ReplaySummary &one) { summary = one; });
        replay.start();
        QTRY_VERIFY_WITH_TIMEOUT(summary, patience);
        QCOMPARE(summary->sent, 50);
        QCOMPARE(summary->failed, 0);
        QCOMPARE(summary->statuses, (std::vector<std::pair<int, int>>{{201, 50}}));
        QVERIFY(summary->p50Us <= summary->p95Us && summary->p95Us <= summary->maxUs && summary->perSecond > 0);
        QCOMPARE(server.connections, 50);
    }

    void manyCancelled()
    {
        RawServer server({}, RawServer::Way::AtOnce, RawServer::After::Stay);
        session::RepeatedReplay replay({}, server.url(), 50, 8);
        int finished = 0;
        connect(&replay, &session::RepeatedReplay::finished, this, [&finished] { ++finished; });
        replay.start();
        QTRY_COMPARE_WITH_TIMEOUT(server.connections, 8, patience);
        replay.cancel();
        QCOMPARE(finished, 1);
        QCOMPARE(replay.summary().sent, 0);
    }
};

QTEST_GUILESS_MAIN(ReplayTest)
#include "t_replay.moc"
