// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/server/harness.h"
#include "tests/core/server/mutate.h"
#include "tests/core/server/transcript.h"

#include <QElapsedTimer>
#include <QTest>

using namespace cleat::server;
using namespace cleat::server::test;

/// Damaged conversations with a whole server: it must live on, tell the handler of the end of every exchange exactly once, and let go of every connection.
class RobustnessTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void damagedConversations_data()
    {
        QTest::addColumn<quint64>("seed");
        for (quint64 seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %llu", seed) << seed;
    }

    void damagedConversations()
    {
        QFETCH(quint64, seed);
        std::vector<std::string> inputs;
        for (const TranscriptFile &file : readTranscripts(CLEAT_TESTS_DIR "/golden/server")) {
            for (const Transcript &transcript : file.transcripts) {
                if (transcript.input.size() < 5000)
                    inputs.push_back(transcript.input);
            }
        }
        std::mt19937_64 random(seed);
        Limits limits;
        limits.pipelined = 4;
        limits.bodyBytes = 2000;
        limits.queuedBodyBytes = 100;
        limits.queuedResponseBytes = 50;
        Bench bench(limits);
        for (int i = 0; i < 150; ++i) {
            const std::string input = mutated(inputs[random() % inputs.size()], inputs, random);
            Client client(bench.server.port());
            for (std::string_view rest = input; !rest.empty();) {
                const std::size_t size = std::min<std::size_t>(rest.size(), 1 + random() % 80);
                if (!client.send(rest.substr(0, size)))
                    break;
                rest.remove_prefix(size);
                if (random() % 2 == 0)
                    pump();
            }
            switch (random() % 4) {
            case 0:
                client.halfClose();
                break;
            case 1:
                client.reset();
                break;
            case 2:
                break;
            default:
                client.receiveUntil([&client] { return client.ended; }, 3);
                break;
            }
            pump();
            client.close();
        }
        QVERIFY2(waitUntil([&bench] { return bench.server.idle(); }), bench.handler.calls().c_str());
        QVERIFY(bench.handler.allEnded());
        for (const ScriptedHandler::Record &record : bench.handler.records())
            QCOMPARE(record.callsAfterEnd, 0);

        Client client(bench.server.port());
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
        QVERIFY(client.receiveUntil([&client] { return client.received.ends_with("hello"); }));
    }
};

QTEST_GUILESS_MAIN(RobustnessTest)
#include "t_robustness.moc"
