// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/server/harness.h"
#include "tests/core/server/transcript.h"

#include <QTest>

#include <algorithm>

using namespace cleat::server;
using namespace cleat::server::test;

namespace {

struct Outcome {
    std::string output;
    std::string calls;
    bool closes = false;
    bool operator==(const Outcome &) const = default;
};

/// Sends the input in the given pieces and takes what comes until it is what is wanted, or nothing more comes.
Outcome play(const Transcript &transcript, const std::vector<std::string_view> &pieces, const Outcome *wanted)
{
    Bench bench(transcript.limits);
    Client client(bench.server.port());
    for (const std::string_view piece : pieces) {
        if (!client.send(piece))
            break;
        pump();
    }
    if (transcript.halfClose)
        client.halfClose();
    const auto outcome = [&] { return Outcome{withoutDates(client.received), bench.handler.calls(), client.ended}; };
    if (wanted) {
        client.receiveUntil([&] { return client.received.size() >= wanted->output.size() && client.ended == wanted->closes && outcome() == *wanted; }, 3000);
        pump();
        client.receive();
    } else {
        client.receiveUntil([] { return false; }, 60);
    }
    return outcome();
}

} // namespace

class TranscriptsTest final : public QObject
{
    Q_OBJECT

private:
    std::vector<TranscriptFile> m_files;

private Q_SLOTS:
    void initTestCase()
    {
        m_files = readTranscripts(CLEAT_TESTS_DIR "/golden/server");
        QVERIFY(!m_files.empty());
        if (!qEnvironmentVariableIsSet("CLEAT_UPDATE_GOLDEN"))
            return;
        for (TranscriptFile &file : m_files) {
            for (Transcript &transcript : file.transcripts) {
                const Outcome outcome = ::play(transcript, {transcript.input}, nullptr);
                transcript.output = outcome.output;
                transcript.calls = outcome.calls;
                transcript.closes = outcome.closes;
            }
            writeTranscripts(file);
        }
    }

    void thereAreEnough()
    {
        std::size_t count = 0;
        for (const TranscriptFile &file : m_files)
            count += file.transcripts.size();
        QVERIFY2(count >= 60, qPrintable(QString::number(count)));
    }

    void play_data()
    {
        QTest::addColumn<int>("file");
        QTest::addColumn<int>("index");
        for (std::size_t f = 0; f < m_files.size(); ++f) {
            for (std::size_t t = 0; t < m_files[f].transcripts.size(); ++t) {
                const std::string name = m_files[f].path.stem().string() + ": " + m_files[f].transcripts[t].name;
                QTest::newRow(name.c_str()) << static_cast<int>(f) << static_cast<int>(t);
            }
        }
    }

    void play()
    {
        QFETCH(int, file);
        QFETCH(int, index);
        const Transcript &transcript = m_files[static_cast<std::size_t>(file)].transcripts[static_cast<std::size_t>(index)];
        const std::string_view input = transcript.input;
        const Outcome wanted{transcript.output, transcript.calls, transcript.closes};
        check(transcript, {input}, wanted, "whole");
        if (transcript.whole || QTest::currentTestFailed())
            return;

        std::vector<std::string_view> bytes;
        for (std::size_t i = 0; i < std::min<std::size_t>(input.size(), 4000); ++i)
            bytes.push_back(input.substr(i, 1));
        bytes.push_back(input.substr(bytes.size()));
        check(transcript, bytes, wanted, "byte by byte");

        const std::size_t step = std::max<std::size_t>(1, input.size() / 400);
        for (std::size_t at = 1; at < input.size() && !QTest::currentTestFailed(); at += step)
            check(transcript, {input.substr(0, at), input.substr(at)}, wanted, "split at " + std::to_string(at));
    }

private:
    static void check(const Transcript &transcript, const std::vector<std::string_view> &pieces, const Outcome &wanted, const std::string &how)
    {
        const Outcome got = ::play(transcript, pieces, &wanted);
        if (got != wanted) {
            qWarning("%s:\ngot (%s)\n%s\ncalls\n%s\nwanted (%s)\n%s\ncalls\n%s", how.c_str(), got.closes ? "closed" : "open", got.output.c_str(),
                got.calls.c_str(), wanted.closes ? "closed" : "open", wanted.output.c_str(), wanted.calls.c_str());
        }
        QVERIFY2(got == wanted, how.c_str());
    }
};

QTEST_GUILESS_MAIN(TranscriptsTest)
#include "t_transcripts.moc"
