// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"
#include "core/events/journal.h"
#include "core/events/recording.h"
#include "core/events/recordingfile.h"
#include "traffic.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <csignal>
#include <random>
#include <sys/resource.h>
#include <thread>

using namespace cleat;
using events::Batch;
using events::Journal;
using events::Recording;

namespace fs = std::filesystem;

namespace {

constexpr std::size_t roomy = 64U << 20;

void ignore(const base::Error & /*error*/) {}

Batch hellos(events::RequestId from, events::RequestId to)
{
    Batch batch;
    for (; from < to; ++from)
        test::addHello(batch, from, static_cast<std::int64_t>(from));
    return batch;
}

void append(Journal &journal, Batch &&batch)
{
    journal.append(std::vector{std::make_shared<const Batch>(std::move(batch))});
}

std::uint64_t bytesIn(const fs::path &folder)
{
    std::uint64_t bytes = 0;
    for (const auto &file : events::journalFiles(folder))
        bytes += fs::file_size(file);
    return bytes;
}

/// The program that is killed: says how far it is, after each batch.
int writeUntilKilled(const char *folder)
{
    auto journal = Journal::start(folder, 1U << 20, ignore);
    if (!journal)
        return 1;
    for (events::RequestId id = 1;; id += 20) {
        append(**journal, hellos(id, id + 20));
        if (id % 1000 == 1) {
            std::printf("%llu\n", static_cast<unsigned long long>(id));
            std::fflush(stdout);
        }
        std::this_thread::sleep_for(std::chrono::microseconds(200)); // traffic, not a wait for anything
    }
}

} // namespace

class TestJournal final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void lastSessionIsKept();
    void emptySessionKeepsTheOneBefore();
    void oneAtATime();
    void isWrittenWithinASecond();
    void oldestFilesGo();
    void startsAnew();
    void fullDiskEndsIt();
    void noFolder();
    void killedAtAnyMoment();

private:
    fs::path folder() const { return m_folder->filePath(QStringLiteral("a/journal")).toStdString(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestJournal::lastSessionIsKept()
{
    QVERIFY(!Journal::last(folder()));
    for (events::RequestId session = 1; session <= 3; ++session) {
        auto journal = Journal::start(folder(), roomy, ignore);
        QVERIFY(journal);
        if (session > 1) {
            const auto last = Journal::last(folder());
            QVERIFY(last);
            const auto opened = Recording::open(*last);
            QVERIFY(opened);
            QCOMPARE((*opened)->held().size(), (session - 1) * 10'000);
            QCOMPARE((*opened)->record(77)->content.responseBody, std::string("Hello, world!"));
        }
        append(**journal, hellos(1, session * 10'000 + 1));
    }
}

void TestJournal::emptySessionKeepsTheOneBefore()
{
    {
        auto journal = Journal::start(folder(), roomy, ignore);
        append(**journal, hellos(1, 11));
    }
    for (int i = 0; i < 2; ++i) {
        QVERIFY(Journal::start(folder(), roomy, ignore));
        QVERIFY(Journal::last(folder()));
    }
    QCOMPARE((*Recording::open(*Journal::last(folder())))->held().size(), std::uint64_t(10));
}

void TestJournal::oneAtATime()
{
    auto first = Journal::start(folder(), roomy, ignore);
    QVERIFY(first);
    append(**first, hellos(1, 101));
    const auto second = Journal::start(folder(), roomy, ignore);
    QVERIFY(!second);
    QCOMPARE(second.error().code, std::string("journal.busy"));
    append(**first, hellos(101, 201));
    first->reset();
    QVERIFY(Journal::start(folder(), roomy, ignore));
    QCOMPARE((*Recording::open(*Journal::last(folder())))->held().size(), std::uint64_t(200));
}

void TestJournal::isWrittenWithinASecond()
{
    auto journal = Journal::start(folder(), roomy, ignore);
    append(**journal, hellos(1, 2));
    QTRY_VERIFY(!events::journalFiles(folder() / "now").empty());
    const auto held = [this] {
        const auto opened = Recording::open(folder() / "now");
        return opened ? (*opened)->held().size() : 0;
    };
    QTRY_COMPARE(held(), std::uint64_t(1));
    append(**journal, hellos(2, 5));
    QTRY_COMPARE(held(), std::uint64_t(4));
}

void TestJournal::oldestFilesGo()
{
    constexpr std::size_t most = 512U << 10;
    {
        auto journal = Journal::start(folder(), most, ignore);
        for (events::RequestId id = 1; id <= 60'000; id += 500)
            append(**journal, hellos(id, id + 500));
    }
    QVERIFY(bytesIn(folder() / "now") < most);
    const auto files = events::journalFiles(folder() / "now");
    QVERIFY(files.size() > 1 && files.size() <= 40);
    const auto opened = Recording::open(folder() / "now");
    QVERIFY(opened);
    const auto held = (*opened)->held();
    QVERIFY(held.size() > 5000 && held.size() < 60'000);
    QCOMPARE((*opened)->row(held.end - 1)->request.id, events::RequestId(60'000));
    QCOMPARE((*opened)->row(held.first)->request.id, 60'000 - held.size() + 1);
}

void TestJournal::startsAnew()
{
    {
        auto journal = Journal::start(folder(), roomy, ignore);
        append(**journal, hellos(1, 1001));
        QTRY_VERIFY(!events::journalFiles(folder() / "now").empty());
        (*journal)->restart();
        append(**journal, hellos(2000, 2010));
    }
    QCOMPARE((*Recording::open(folder() / "now"))->held().size(), std::uint64_t(10));
}

void TestJournal::fullDiskEndsIt()
{
    std::atomic<int> told = 0;
    std::string code;
    auto journal = Journal::start(folder(), roomy, [&](const base::Error &error) {
        code = error.code;
        ++told;
    });
    append(**journal, hellos(1, 101));
    const auto now = folder() / "now";
    QTRY_VERIFY(!events::journalFiles(now).empty() && bytesIn(now) > 100);
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit less = before;
    less.rlim_cur = bytesIn(now) + 10;
    ::setrlimit(RLIMIT_FSIZE, &less);
    append(**journal, hellos(101, 201));
    QTRY_COMPARE(told.load(), 1);
    ::setrlimit(RLIMIT_FSIZE, &before);
    QCOMPARE(code, std::string("recording.write"));
    append(**journal, hellos(201, 301));
    journal->reset();
    QCOMPARE(told.load(), 1);
    QCOMPARE((*Recording::open(now))->held().size(), std::uint64_t(100)); // what was there is still whole
}

void TestJournal::noFolder()
{
    QVERIFY(base::writeFileAtomically(m_folder->filePath(QStringLiteral("a")).toStdString(), "a file"));
    const auto journal = Journal::start(folder(), roomy, ignore);
    QVERIFY(!journal);
    QCOMPARE(journal.error().code, std::string("journal.write"));
}

void TestJournal::killedAtAnyMoment()
{
    std::mt19937 random(7);
    for (int round = 0; round < 6; ++round) {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--write-until-killed"), QString::fromStdString(folder().string())});
        QVERIFY(child.waitForStarted());
        const unsigned lines = 3 + random() % 12;
        std::uint64_t reached = 0;
        const auto early = [&] { return round > 0 && events::journalFiles(folder() / "now").empty(); }; // the first half second is of interest once
        for (unsigned i = 0; i < lines || early(); ++i) {
            QTRY_VERIFY_WITH_TIMEOUT(child.canReadLine() || child.waitForReadyRead(100), 20'000);
            reached = child.readLine().trimmed().toULongLong();
        }
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 20'000)); // any moment is a good one
        child.kill();
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitStatus(), QProcess::CrashExit);
        const fs::path now = folder() / "now";
        if (events::journalFiles(now).empty())
            continue; // before the first half second
        const auto opened = Recording::open(now);
        QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
        const auto held = (*opened)->held();
        QVERIFY(held.size() > 0);
        for (auto one = held.first; one < held.end; ++one) {
            const auto record = (*opened)->record(one);
            QCOMPARE(record->request.target, std::string("/hello"));
            QCOMPARE(record->request.id, (*opened)->row(held.first)->request.id + (one - held.first));
        }
        qInfo("reached %llu, found %llu, newest %llu", static_cast<unsigned long long>(reached), static_cast<unsigned long long>(held.size()),
            static_cast<unsigned long long>((*opened)->row(held.end - 1)->request.id));
    }
    auto journal = Journal::start(folder(), roomy, ignore); // the lock went with the program
    QVERIFY(journal);
    const auto last = Journal::last(folder());
    QVERIFY(last);
    QVERIFY(Recording::open(*last));
}

int main(int argc, char **argv)
{
    if (argc == 3 && std::string_view(argv[1]) == "--write-until-killed")
        return writeUntilKilled(argv[2]);
    QCoreApplication app(argc, argv);
    TestJournal test;
    return QTest::qExec(&test, argc, argv);
}
#include "t_journal.moc"
