// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/requestparser.h"
#include "tests/core/server/headcompare.h"
#include "tests/core/server/mutate.h"
#include "tests/core/server/transcript.h"

#include <QTest>

using namespace cleat::server;
using namespace cleat::server::test;

class RequestParserTest final : public QObject
{
    Q_OBJECT

private:
    std::vector<std::string> m_inputs;

private Q_SLOTS:
    void initTestCase()
    {
        for (const TranscriptFile &file : readTranscripts(CLEAT_TESTS_DIR "/golden/server")) {
            for (const Transcript &transcript : file.transcripts)
                m_inputs.push_back(transcript.input);
        }
    }

    void samePiecewise_data()
    {
        QTest::addColumn<std::string>("input");
        const auto row = [](const char *name, std::string input) { QTest::newRow(name) << input; };
        row("browser",
            "GET /a/b?c HTTP/1.1\r\nHost: localhost:8788\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0)\r\nAccept: text/html,*/*;q=0.8\r\n"
            "Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: keep-alive\r\nCookie: a=b; c=d\r\nSec-Fetch-Mode: "
            "navigate\r\n\r\n");
        row("upgrade", "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n");
        row("connection list", "GET / HTTP/1.1\r\nHost: x\r\nConnection: a, keep-alive,,b\r\n\r\n");
        row("connection with something that is no token", "GET / HTTP/1.1\r\nHost: x\r\nConnection: a b\r\n\r\n");
        row("connection empty", "GET / HTTP/1.1\r\nHost: x\r\nConnection:\r\n\r\n");
        row("connection twice", "GET / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n");
        row("proxy-connection", "GET / HTTP/1.1\r\nHost: x\r\nProxy-Connection: (\r\n\r\n");
        row("no fields", "GET / HTTP/1.1\r\n\r\n");
        row("two spaces", "GET /  HTTP/1.1\r\nHost: x\r\n\r\n");
        row("version in the target", "GET / HTTP/1.1 HTTP/1.1\r\nHost: x\r\n\r\n");
        row("only a version", "GET / HTTP/1.1\r\n");
        row("just a slash before the line's end", "GET /\r\n\r\n");
        row("length for GET", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: y\r\n\r\n");
        row("empty names", "GET / HTTP/1.1\r\nHost: x\r\n:\r\n\r\n");
        row("values of white space", "GET / HTTP/1.1\r\nHost: \t x \t \r\nA: \t\r\nB:\t \r\n\r\n");
        row("colons", "GET / HTTP/1.1\r\nHost: x\r\nA::\r\nB: a:b\r\n\r\n");
        row("many fields", [] {
            std::string text = "GET / HTTP/1.1\r\nHost: x\r\n";
            for (int i = 0; i < 39; ++i)
                text += "Field-" + std::to_string(i) + ": " + std::string(static_cast<std::size_t>(i), 'v') + "\r\n";
            return text + "\r\n";
        }());
        for (std::size_t i = 0; i < m_inputs.size(); ++i)
            QTest::addRow("transcript %zu", i) << m_inputs[i];
    }

    void samePiecewise()
    {
        QFETCH(std::string, input);
        for (unsigned seed = 0; seed < 5; ++seed) {
            const std::string problem = differences(input, seed);
            QVERIFY2(problem.empty(), problem.c_str());
        }
    }

    void samePiecewiseWhenDamaged()
    {
        std::mt19937_64 random(20240607);
        for (int i = 0; i < 20000; ++i) {
            const std::string &origin = m_inputs[random() % m_inputs.size()];
            if (origin.size() > 5000)
                continue;
            const std::string problem = differences(mutated(origin, m_inputs, random), static_cast<unsigned>(i));
            QVERIFY2(problem.empty(), problem.c_str());
        }
    }

    void requestLine_data()
    {
        QTest::addColumn<std::string>("input");
        QTest::addColumn<std::string>("method");
        QTest::addColumn<std::string>("target");
        QTest::newRow("empty") << std::string() << std::string() << std::string();
        QTest::newRow("whole") << std::string("GET /a HTTP/1.1\r\n") << std::string("GET") << std::string("/a");
        QTest::newRow("after empty lines") << std::string("\r\n\r\nGET /a HTTP/1.1\r\n") << std::string("GET") << std::string("/a");
        QTest::newRow("only a method") << std::string("GET\r\n") << std::string("GET") << std::string();
        QTest::newRow("control characters") << std::string("G\x01T /\x7f\xc3 x") << std::string("G?T") << std::string("/??");
        QTest::newRow("long") << std::string(500, 'a') + " " + std::string(500, 'b') << std::string(256, 'a') << std::string(256, 'b');
    }

    void requestLine()
    {
        QFETCH(std::string, input);
        QFETCH(std::string, method);
        QFETCH(std::string, target);
        const RequestLine line = requestLineOf(input);
        QCOMPARE(line.method, method);
        QCOMPARE(line.target, target);
    }

    void endlessChunkExtensionAndTrailer()
    {
        Limits limits;
        limits.headBytes = 1000;
        for (const std::string &start : {std::string("5;"), std::string("0\r\nA: ")}) {
            ChunkDecoder decoder(limits.bodyBytes, limits.headBytes);
            std::string body;
            std::size_t used = 0;
            QVERIFY(decoder.decode(start, body, used) == ChunkDecoder::Result::More);
            auto result = ChunkDecoder::Result::More;
            for (int i = 0; i < 1001 && result == ChunkDecoder::Result::More; ++i)
                result = decoder.decode("x", body, used);
            QVERIFY(result == ChunkDecoder::Result::Bad);
        }
    }
};

QTEST_GUILESS_MAIN(RequestParserTest)
#include "t_requestparser.moc"
