// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/storage/blobcache.h"
#include "core/storage/blobstore.h"
#include "core/storage/failure.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>

using namespace cleat;
using storage::BlobCache;
using storage::BlobStore;

class BlobsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void storesBytesAsTheyAre_data();
    void storesBytesAsTheyAre();
    void idsAreWranglers();
    void foreignIdsStayInside_data();
    void foreignIdsStayInside();
    void removes();
    void saysWhatStandsInTheWay();
    void systemErrorsSayWhatToDo_data();
    void systemErrorsSayWhatToDo();
    void cacheKeepsWhatWasUsedLast();
    void cacheIsBounded();
};

namespace {

std::filesystem::path folderIn(const QTemporaryDir &dir)
{
    return std::filesystem::path(dir.path().toStdString()) / "kv" / "ns" / "blobs";
}

BlobCache::Value value(std::string text)
{
    return std::make_shared<const std::string>(std::move(text));
}

} // namespace

void BlobsTest::storesBytesAsTheyAre_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("text") << QByteArray("héllo");
    QTest::newRow("binary") << QByteArray("\0\xff\r\n\0", 5);
    QTest::newRow("3 MiB") << QByteArray(3 << 20, 'z');
}

void BlobsTest::storesBytesAsTheyAre()
{
    QFETCH(QByteArray, bytes);
    QTemporaryDir dir;
    const BlobStore store(folderIn(dir));
    const auto id = store.create(base::asBytes(bytes.toStdString()));
    QVERIFY2(id, id ? "" : id.error().message.c_str());
    const auto back = store.read(*id);
    QVERIFY(back && *back);
    QCOMPARE(QByteArray::fromStdString(**back), bytes);
    // The file holds the value and nothing else, and nothing else is left in the folder.
    const QDir folder(QString::fromStdString(store.folder().string()));
    QCOMPARE(folder.entryList(QDir::Files | QDir::Hidden), QStringList{QString::fromStdString(*id)});
    QFile file(folder.filePath(QString::fromStdString(*id)));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), bytes);
}

void BlobsTest::idsAreWranglers()
{
    QTemporaryDir dir;
    const BlobStore store(folderIn(dir));
    const std::int64_t before = base::wallMs();
    const auto first = store.create({});
    const auto second = store.create({});
    const std::int64_t after = base::wallMs();
    QVERIFY(first && second);
    QVERIFY(*first != *second);
    QCOMPARE(first->size(), std::size_t(80));
    QVERIFY(first->find_first_not_of("0123456789abcdef") == std::string::npos);
    const qlonglong time = QByteArray::fromStdString(first->substr(64)).toLongLong(nullptr, 16);
    QVERIFY(time >= before && time <= after);
}

void BlobsTest::foreignIdsStayInside_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("missing") << QByteArray("00ff");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("up") << QByteArray("../secret");
    QTest::newRow("this") << QByteArray(".");
    QTest::newRow("parent") << QByteArray("..");
    QTest::newRow("absolute") << QByteArray("/etc/hostname");
    QTest::newRow("below") << QByteArray("a/../../secret");
    QTest::newRow("nul") << QByteArray("ab\0cd", 5);
    QTest::newRow("too long") << QByteArray(300, 'a');
}

void BlobsTest::foreignIdsStayInside()
{
    QFETCH(QByteArray, id);
    QTemporaryDir dir;
    const BlobStore store(folderIn(dir));
    QVERIFY(store.create({}));
    QFile secret(QString::fromStdString((store.folder() / "../secret").string()));
    QVERIFY(secret.open(QIODevice::WriteOnly));
    secret.close();
    if (id.size() == 300) {
        const auto tooLong = store.read(id.toStdString());
        QVERIFY(!tooLong);
        QCOMPARE(tooLong.error().code, std::string("storage.failed"));
        return;
    }
    const auto back = store.read(id.toStdString());
    QVERIFY(back);
    QVERIFY(!*back);
    store.remove(id.toStdString());
    QVERIFY(secret.exists());
}

void BlobsTest::removes()
{
    QTemporaryDir dir;
    const BlobStore store(folderIn(dir));
    const auto id = store.create(base::asBytes("x"));
    QVERIFY(id);
    store.remove(*id);
    const auto back = store.read(*id);
    QVERIFY(back && !*back);
    store.remove(*id);
}

void BlobsTest::saysWhatStandsInTheWay()
{
    QTemporaryDir dir;
    QFile file(dir.filePath(QStringLiteral("kv")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const BlobStore store(folderIn(dir));
    const auto id = store.create(base::asBytes("x"));
    QVERIFY(!id);
    QCOMPARE(id.error().code, std::string("storage.failed"));
    QVERIFY2(id.error().message.contains(store.folder().string()), id.error().message.c_str());
    QVERIFY2(id.error().message.contains("A file stands where a folder is needed"), id.error().message.c_str());
}

void BlobsTest::systemErrorsSayWhatToDo_data()
{
    QTest::addColumn<int>("error");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("advice");
    QTest::newRow("missing") << ENOENT << QByteArray("storage.missing") << QByteArray("No such file");
    QTest::newRow("denied") << EACCES << QByteArray("storage.denied") << QByteArray("Check the permissions");
    QTest::newRow("not yours") << EPERM << QByteArray("storage.denied") << QByteArray("Check the permissions");
    QTest::newRow("read-only") << EROFS << QByteArray("storage.denied") << QByteArray("Check the permissions");
    QTest::newRow("full") << ENOSPC << QByteArray("storage.full") << QByteArray("Free some space");
    QTest::newRow("quota") << EDQUOT << QByteArray("storage.full") << QByteArray("Free some space");
    QTest::newRow("other") << EIO << QByteArray("storage.failed") << QByteArray("Input/output error");
}

void BlobsTest::systemErrorsSayWhatToDo()
{
    QFETCH(int, error);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, advice);
    const base::Error failure = storage::systemFailure("write into", "/some/folder", error);
    QCOMPARE(QByteArray::fromStdString(failure.code), code);
    QVERIFY(failure.message.starts_with("Could not write into /some/folder: "));
    QVERIFY2(failure.message.contains(advice.toStdString()), failure.message.c_str());
    QCOMPARE(failure.place.file, std::string("/some/folder"));
}

void BlobsTest::cacheKeepsWhatWasUsedLast()
{
    BlobCache cache(1000, 3 * 1300);
    for (const char *id : {"a", "b", "c"})
        cache.insert(id, value(std::string(1000, *id)));
    QVERIFY(cache.find("a"));
    cache.insert("d", value(std::string(1000, 'd')));
    QVERIFY(!cache.find("b"));
    QCOMPARE(*cache.find("a"), std::string(1000, 'a'));
    QVERIFY(cache.find("c") && cache.find("d"));
    cache.remove("c");
    QVERIFY(!cache.find("c"));
    cache.insert("a", value("new"));
    QCOMPARE(*cache.find("a"), std::string("new"));
    cache.clear();
    QVERIFY(!cache.find("a"));
    QCOMPARE(cache.bytes(), std::size_t(0));
}

void BlobsTest::cacheIsBounded()
{
    BlobCache cache(1000, 100'000);
    cache.insert("big", value(std::string(1001, 'x')));
    QVERIFY(!cache.find("big"));
    for (int i = 0; i < 10'000; ++i)
        cache.insert(std::to_string(i), value(std::string()));
    QVERIFY(cache.bytes() <= 100'000);
    QVERIFY(cache.find("9999"));
    QVERIFY(!cache.find("0"));
}

QTEST_GUILESS_MAIN(BlobsTest)
#include "t_blobs.moc"
