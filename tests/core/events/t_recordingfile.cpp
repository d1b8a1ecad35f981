// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/file.h"
#include "core/events/masking.h"
#include "core/events/recording.h"
#include "core/events/recordingblock.h"
#include "core/events/recordingfile.h"
#include "traffic.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fstream>
#include <random>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace cleat;
using events::Batch;
using events::Recording;
using Sequence = Recording::Sequence;

namespace fs = std::filesystem;

namespace {

void take(Recording &recording, Batch &&batch)
{
    recording.take(std::vector{std::make_shared<const Batch>(std::move(batch))}, nullptr);
}

void fill(Recording &recording, std::uint32_t seed, int events)
{
    test::RandomTraffic traffic(seed);
    Batch batch;
    for (int i = 0; i < events; ++i)
        batch.push_back(traffic.event(1 + traffic.below(static_cast<std::uint32_t>(events / 5 + 1))));
    take(recording, std::move(batch));
}

void put(const fs::path &path, const std::string &bytes)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc); // without waiting for the disk, as base::writeFileAtomically() does
    out << bytes;
    QVERIFY(out.flush());
}

/// Files may not grow beyond, as on a disk that is full.
class SmallDisk final
{
public:
    explicit SmallDisk(rlim_t bytes)
    {
        ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit less = m_before;
        less.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &less);
    }
    ~SmallDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

class TestRecordingFile final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void someRows();
    void emptyRecording();
    void sensitiveFieldsAreMasked();
    void ownersOnly();
    void replacesWhole();
    void throughALink();
    void fullDiskLeavesNothing();
    void cannotBeWritten();
    void cannotBeRead();
    void noRecording_data();
    void noRecording();
    void everyCutIsSeen();
    void everyChangedByteIsSeen();
    void hostileBlocks_data();
    void hostileBlocks();
    void bombsAreRefused();
    void longTexts();
    void folderOfAJournal();

private:
    fs::path path(const char *name = "x.cleatrec") const { return m_folder->filePath(QLatin1String(name)).toStdString(); }
    QStringList files() const { return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRecordingFile::someRows()
{
    Recording recording;
    fill(recording, 1, 3000);
    const std::vector<Sequence> rows{40, 7, 8, 100'000, 3};
    QVERIFY(recording.save(path(), rows));
    const auto opened = Recording::open(path());
    QVERIFY(opened);
    QCOMPARE((*opened)->held(), (Recording::Range{1, 5}));
    QVERIFY(*(*opened)->record(1) == *recording.record(40));
    QVERIFY(*(*opened)->record(2) == *recording.record(7));
    QVERIFY(*(*opened)->record(4) == *recording.record(3));
}

void TestRecordingFile::emptyRecording()
{
    const Recording recording;
    QVERIFY(recording.save(path()));
    const auto opened = Recording::open(path());
    QVERIFY(opened);
    QCOMPARE((*opened)->held().size(), std::uint64_t(0));
}

void TestRecordingFile::sensitiveFieldsAreMasked()
{
    Recording recording;
    events::RequestEvent request;
    request.id = 1;
    const std::string head = "Host: x\r\nauthorization: Bearer hush-hush\r\nCookie: a=hush-hush\r\nX: y\r\n";
    take(recording, Batch{request, events::ContentEvent{1, head, "HTTP/1.1 200 OK\r\nSet-Cookie: hush-hush\r\n", {}, {}, {}}});
    QVERIFY(recording.save(path()));
    const auto opened = Recording::open(path());
    QVERIFY(opened);
    const auto content = (*opened)->record(1)->content;
    QCOMPARE(content.requestHead, events::maskedHead(head));
    QVERIFY(content.requestHead.find("hush") == std::string::npos);
    QVERIFY(content.responseHead.find("hush") == std::string::npos);
    QVERIFY(recording.record(1)->content.requestHead == head);
}

void TestRecordingFile::ownersOnly()
{
    const Recording recording;
    QVERIFY(recording.save(path()));
    struct stat info {};
    QCOMPARE(::stat(path().c_str(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
}

void TestRecordingFile::replacesWhole()
{
    Recording recording;
    fill(recording, 2, 2000);
    QVERIFY(recording.save(path()));
    QVERIFY(recording.save(path(), std::vector<Sequence>{1}));
    QCOMPARE((*Recording::open(path()))->held().size(), std::uint64_t(1));
    QCOMPARE(files(), QStringList{QStringLiteral("x.cleatrec")});
}

void TestRecordingFile::throughALink()
{
    Recording recording;
    fill(recording, 2, 200);
    put(path("there"), "old");
    fs::create_symlink("there", path());
    QVERIFY(recording.save(path()));
    QVERIFY(fs::is_symlink(path()));
    QVERIFY(Recording::open(path("there")));
}

void TestRecordingFile::fullDiskLeavesNothing()
{
    Recording recording;
    fill(recording, 3, 20'000);
    put(path(), "old");
    {
        const SmallDisk small(20'000);
        const auto saved = recording.save(path());
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, std::string("recording.write"));
        QVERIFY(saved.error().message.find(path().string()) != std::string::npos);
    }
    QCOMPARE(*base::readFile(path()), std::string("old"));
    QCOMPARE(files(), QStringList{QStringLiteral("x.cleatrec")});
}

void TestRecordingFile::cannotBeWritten()
{
    const Recording recording;
    QCOMPARE(recording.save(path("no/such/folder/x")).error().code, std::string("recording.write"));
    QCOMPARE(recording.save(m_folder->path().toStdString()).error().code, std::string("recording.write"));
    QVERIFY(files().isEmpty());
}

void TestRecordingFile::cannotBeRead()
{
    QCOMPARE(Recording::open(path()).error().code, std::string("recording.read"));
    QCOMPARE(Recording::open(m_folder->path().toStdString()).error().code, std::string("recording.read"));
    QCOMPARE(Recording::open("/dev/null").error().code, std::string("recording.read"));
}

void TestRecordingFile::noRecording_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text") << QByteArray("{\"log\":{\"version\":\"1.2\"}}");
    QTest::newRow("name alone") << QByteArray("CLEATREC");
    const std::string head = events::recordingHead(events::FileKind::Saved);
    QTest::newRow("no end") << QByteArray::fromStdString(head);
    std::string newer = head;
    newer[8] = 2;
    QTest::newRow("newer") << QByteArray::fromStdString(newer);
    std::string kind = head;
    kind[10] = 7;
    QTest::newRow("another kind") << QByteArray::fromStdString(kind);
    QTest::newRow("more events than there are") << QByteArray::fromStdString(head + events::endBlock(1));
    QTest::newRow("behind the end") << QByteArray::fromStdString(head + events::endBlock(0) + "x");
    QTest::newRow("half a block's head") << QByteArray::fromStdString(head + events::endBlock(0).substr(0, 9));
}

void TestRecordingFile::noRecording()
{
    QFETCH(QByteArray, bytes);
    put(path(), bytes.toStdString());
    const auto opened = Recording::open(path());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, std::string("recording.format"));
    QVERIFY(opened.error().message.find(path().string()) != std::string::npos);
}

void TestRecordingFile::everyCutIsSeen()
{
    Recording recording;
    fill(recording, 4, 60);
    QVERIFY(recording.save(path()));
    const std::string whole = *base::readFile(path());
    for (std::size_t length = 0; length < whole.size(); length += length < 100 || whole.size() - length < 100 ? 1 : 37) {
        put(path(), whole.substr(0, length));
        const auto opened = Recording::open(path());
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, std::string("recording.format"));
    }
}

void TestRecordingFile::everyChangedByteIsSeen()
{
    Recording recording;
    fill(recording, 5, 60);
    QVERIFY(recording.save(path()));
    const std::string whole = *base::readFile(path());
    std::mt19937 random(1);
    for (std::size_t at = 0; at < whole.size(); at += at < 100 || whole.size() - at < 100 ? 1 : 23) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1 + random() % 255));
        put(path(), changed);
        const auto opened = Recording::open(path());
        QVERIFY2(!opened, qPrintable(QString::number(at)));
        QCOMPARE(opened.error().code, std::string("recording.format"));
    }
}

void TestRecordingFile::hostileBlocks_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 4; ++seed)
        QTest::addRow("%d", seed) << seed;
}

/// Blocks with a good checksum whose content cannot be.
void TestRecordingFile::hostileBlocks()
{
    QFETCH(int, seed);
    test::RandomTraffic traffic(static_cast<std::uint32_t>(seed));
    events::BlockWriter writer;
    for (events::RequestId id = 1; id < 50; ++id)
        writer.add(traffic.event(id));
    const std::string block = writer.finish();
    const auto head = events::readBlockHead(block);
    QVERIFY(head && events::isSound(*head, block, std::string_view(block).substr(events::blockHeadBytes)));
    int events = 0;
    QVERIFY(events::readEvents(*head, std::string_view(block).substr(events::blockHeadBytes), [&](events::Event &&) { ++events; }));
    QCOMPARE(events, 49);
    for (int i = 0; i < 1000; ++i) {
        std::string packed = block.substr(events::blockHeadBytes);
        for (std::uint32_t k = traffic.below(3) + 1; k > 0; --k)
            packed[traffic.below(static_cast<std::uint32_t>(packed.size()))] = static_cast<char>(traffic.below(256));
        if (traffic.below(4) == 0)
            packed.resize(traffic.below(static_cast<std::uint32_t>(packed.size())));
        const auto read = events::readEvents(*head, packed, [](events::Event &&) {});
        if (!read)
            QCOMPARE(read.error().code, std::string("recording.format"));
    }
}

void TestRecordingFile::bombsAreRefused()
{
    std::string head = events::endBlock(0).substr(0, events::blockHeadBytes);
    const auto set = [&](std::size_t at, std::uint32_t value) {
        for (std::size_t i = 0; i < 4; ++i)
            head[at + i] = static_cast<char>(value >> 8 * i);
    };
    set(0, 1);
    set(4, 1U << 20);
    set(8, 2000);
    QVERIFY(events::readBlockHead(head));
    set(8, 900); // more than a thousand times as much cannot be in it
    QVERIFY(!events::readBlockHead(head));
    set(4, 0xffffffffU);
    set(8, 0xffffffffU);
    QVERIFY(!events::readBlockHead(head));
    set(4, 100);
    set(8, 1U << 20);
    QVERIFY(!events::readBlockHead(head));

    // A long text that many events tell.
    events::BlockWriter writer;
    events::ConsoleEvent line;
    line.request = 1;
    line.text.assign(1U << 20, 'x');
    line.values = line.text;
    for (int i = 0; i < 2000; ++i)
        writer.add(line);
    const std::string block = writer.finish();
    const auto blockHead = events::readBlockHead(block);
    QVERIFY(blockHead);
    int events = 0;
    QVERIFY(!events::readEvents(*blockHead, std::string_view(block).substr(events::blockHeadBytes), [&](events::Event &&) { ++events; }));
    QVERIFY(events < 200);
}

void TestRecordingFile::longTexts()
{
    Recording recording;
    events::RequestEvent request;
    request.id = 1;
    events::ContentEvent content;
    content.request = 1;
    content.requestBody.assign(20U << 20, 'a');
    content.responseBody.assign(3U << 20, '\0');
    take(recording, Batch{request, content});
    QVERIFY(recording.save(path()));
    const auto opened = Recording::open(path());
    QVERIFY(opened);
    const auto kept = (*opened)->record(1)->content;
    QCOMPARE(kept.requestBody.size(), std::size_t(16) << 20);
    QVERIFY(kept.responseBody == content.responseBody);
}

void TestRecordingFile::folderOfAJournal()
{
    const fs::path folder = m_folder->path().toStdString();
    test::RandomTraffic traffic(9);
    for (std::uint64_t number = 9; number <= 12; ++number) {
        events::RecordingFile file;
        QVERIFY(file.create(events::journalFile(folder, number), events::FileKind::Journal));
        events::BlockWriter writer;
        writer.add(traffic.request(number));
        QVERIFY(file.write(writer.finish()));
        writer.add(traffic.request(number + 100));
        const std::string second = writer.finish();
        QVERIFY(file.write(number == 12 ? second.substr(0, 30) : second)); // in the last, the program ended here
    }
    put(events::journalFile(folder, 13), "CLEAT"); // or even earlier
    put(path("notes.txt"), "not of the journal");
    const auto opened = Recording::open(folder);
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE((*opened)->held().size(), std::uint64_t(7));
    QCOMPARE((*opened)->row(1)->request.id, events::RequestId(9));
    QCOMPARE((*opened)->row(7)->request.id, events::RequestId(12));
    const auto one = Recording::open(events::journalFile(folder, 12));
    QVERIFY(one);
    QCOMPARE((*one)->held().size(), std::uint64_t(1));
}

QTEST_GUILESS_MAIN(TestRecordingFile)
#include "t_recordingfile.moc"
