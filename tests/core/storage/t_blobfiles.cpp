// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/storage/blobreader.h"
#include "core/storage/blobremoval.h"
#include "core/storage/blobwriter.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace cleat;
using namespace cleat::storage;
using namespace std::chrono_literals;

/// Blobs in pieces, and what becomes of those whose fate is open.
class BlobFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_store = std::make_unique<BlobStore>(std::filesystem::path(m_dir->path().toStdString()) / "r2" / "b" / "blobs");
    }

    void writtenInPieces()
    {
        auto writer = BlobWriter::create(*m_store, "owner");
        QVERIFY(writer);
        const std::string id = writer->id();
        QCOMPARE(id.size(), 80U);
        QVERIFY(writer->write(base::asBytes("one, ")) && writer->write(base::asBytes("two")));
        QVERIFY(blobs().isEmpty());
        QVERIFY(writer->publish());
        QCOMPARE(blobs(), QStringList(QString::fromStdString(id)));
        QCOMPARE(marks(), QStringList(QStringLiteral("owner-") + QString::fromStdString(id)));
        writer->keep();
        QVERIFY(marks().isEmpty());
        QCOMPARE(**m_store->read(id), std::string("one, two"));
    }

    void withoutKeepNothingStays()
    {
        {
            auto writer = BlobWriter::create(*m_store, "owner");
            QVERIFY(writer && writer->write(base::asBytes("x")));
            const BlobWriter moved = std::move(*writer);
        }
        {
            auto writer = BlobWriter::create(*m_store, "owner");
            QVERIFY(writer && writer->publish());
        }
        QVERIFY(blobs().isEmpty());
        QVERIFY(marks().isEmpty());
    }

    void folderInTheWay()
    {
        QVERIFY(QDir().mkpath(m_dir->filePath(QStringLiteral("r2"))));
        QFile file(m_dir->filePath(QStringLiteral("r2/b")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto writer = BlobWriter::create(*m_store, "owner");
        QVERIFY(!writer);
        QVERIFY(writer.error().message.contains(file.fileName().toStdString()));
    }

    void readFromAnywhere()
    {
        const std::string id = stored("0123456789");
        auto reader = BlobReader::open(*m_store, id);
        QVERIFY(reader && *reader);
        QCOMPARE((*reader)->size(), 10);
        std::string bytes(4, '\0');
        QVERIFY((*reader)->read(3, std::as_writable_bytes(std::span(bytes))));
        QCOMPARE(bytes, std::string("3456"));
        m_store->remove(id); // what is open stays
        QVERIFY((*reader)->read(0, std::as_writable_bytes(std::span(bytes))));
        QCOMPARE(bytes, std::string("0123"));
        const auto beyond = (*reader)->read(8, std::as_writable_bytes(std::span(bytes)));
        QVERIFY(!beyond);
        QCOMPARE(beyond.error().code, std::string("storage.failed"));
        QVERIFY(!*BlobReader::open(*m_store, id));
        QVERIFY(!*BlobReader::open(*m_store, "../x"));
    }

    void removal()
    {
        const std::string one = stored("1");
        const std::string two = stored("2");
        const std::string three = stored("3");
        {
            BlobRemoval removal(*m_store, "owner");
            removal.prepare(one);
            removal.add(one);
            removal.add(two);
            removal.prepare(three);
            QCOMPARE(marks().size(), 3);
            removal.carryOut();
        }
        QCOMPARE(blobs(), QStringList(QString::fromStdString(three)));
        QVERIFY(marks().isEmpty());
        {
            BlobRemoval removal(*m_store, "owner");
            removal.add(three);
            removal.add("../../escape");
            // No commit.
        }
        QCOMPARE(blobs().size(), 1);
        QVERIFY(marks().isEmpty());
    }

    void sweep()
    {
        // What a crash leaves behind: marks of a blob that is named, of one that is not, of one that was never published, and of another owner.
        const std::string named = stored("named");
        const std::string orphan = stored("orphan");
        const std::string foreign = stored("foreign");
        const std::string unmarked = stored("unmarked");
        for (const auto &[owner, id] : {std::pair("owner", named), std::pair("owner", orphan), std::pair("other", foreign)})
            QVERIFY(QFile::copy(blobPath(id), QString::fromStdString(blobMark(*m_store, owner, id).string())));
        QFile half(QString::fromStdString(blobMark(*m_store, "owner", std::string(80, '0')).string()));
        QVERIFY(half.open(QIODevice::WriteOnly));
        half.close();
        const auto isNamed = [&](std::string_view id) -> base::Result<bool> { return id == named; };
        QVERIFY(sweepBlobs(*m_store, "owner", 1h, isNamed)); // too young
        QCOMPARE(marks().size(), 4);
        QCOMPARE(blobs().size(), 4);
        const auto failing = [](std::string_view) -> base::Result<bool> { return base::fail("storage.busy", "locked"); };
        QVERIFY(!sweepBlobs(*m_store, "owner", 0s, failing));
        QCOMPARE(blobs().size(), 4); // in doubt nothing goes
        QVERIFY(sweepBlobs(*m_store, "owner", 0s, isNamed));
        QStringList left{QString::fromStdString(named), QString::fromStdString(foreign), QString::fromStdString(unmarked)};
        left.sort();
        QCOMPARE(blobs(), left);
        QCOMPARE(marks(), QStringList(QStringLiteral("other-") + QString::fromStdString(foreign)));
    }

    void sweepOfNothing()
    {
        QVERIFY(sweepBlobs(*m_store, "owner", 0s, [](std::string_view) -> base::Result<bool> { return false; }));
        QVERIFY(!QDir(m_dir->filePath(QStringLiteral("r2"))).exists());
    }

private:
    std::string stored(std::string_view text)
    {
        auto writer = BlobWriter::create(*m_store, "owner");
        if (!writer || !writer->write(base::asBytes(text)) || !writer->publish())
            return {};
        std::string id = writer->id();
        writer->keep();
        return id;
    }
    QString blobPath(const std::string &id) const { return m_dir->filePath(QStringLiteral("r2/b/blobs/") + QString::fromStdString(id)); }
    QStringList blobs() const { return QDir(m_dir->filePath(QStringLiteral("r2/b/blobs"))).entryList(QDir::Files | QDir::Hidden, QDir::Name); }
    QStringList marks() const { return QDir(m_dir->filePath(QStringLiteral("r2/b/.cleat"))).entryList(QDir::Files | QDir::Hidden, QDir::Name); }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<BlobStore> m_store;
};

QTEST_GUILESS_MAIN(BlobFilesTest)
#include "t_blobfiles.moc"
