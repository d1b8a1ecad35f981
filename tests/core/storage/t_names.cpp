// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/names.h"

#include <QTest>

using namespace cleat;

class NamesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void objectIdIsWranglers_data();
    void objectIdIsWranglers();
    void objectIdAuthenticatesItself();
    void sanitizedName_data();
    void sanitizedName();
    void pathsAreWranglers();
};

void NamesTest::objectIdIsWranglers_data()
{
    QTest::addColumn<QByteArray>("uniqueKey");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("id");
    // Seen in files that wrangler 4.164 wrote.
    const auto row = [](const char *uniqueKey, const char *name, const char *id) {
        QTest::addRow("%s %s", uniqueKey, name) << QByteArray(uniqueKey) << QByteArray(name) << QByteArray(id);
    };
    row("miniflare-KVNamespaceObject", "abc123", "aef91bdfb405bfb5b9f6b37bb22913ea371a31a917d25e6fa469a45d2cfad734");
    row("miniflare-KVNamespaceObject", "weird/na me:*é", "4af775e597d308260c048aee30a8e5b22608ea191e449a7c8ebe128e8167efe0");
    row("miniflare-R2BucketObject", "my-bucket", "fec9bf90462227cae0d8c2e4a1e8e8dd42ecf9f10ff15615fe473049dba5a24c");
    row("miniflare-D1DatabaseObject", "xxxx-xxxx", "d0d8c530b10c2b691912e0e575585cd9f3d925c7995ff8a738343fee34356cee");
    row("miniflare-CacheObject", "default", "9f458c07675338a7426a7b81ac4fb1baf92d034efbcaaf4336379640ed744ded");
    row("miniflare-CacheObject", "named:one", "6876048cdbc46c44a005990141664b3bcebf6052b689ea030f23b131b14f151b");
    row("dow-Counter", "a", "547692b519e13f7be298896f686ba9e0f701fa47cbe4ea9e4d7f3459ab3f7f29");
    row("dow-Counter", "some long name é", "92c701e8989551abaaa85a2f62370c97e414fe191d619bff25ddf603fec683fa");
    row("dow-LegacyKV", "a", "dd41c859e821212293be3e1c963aa85932192b030d072fed804ad5f83778f32b");
    row("miniflare-wobs-trace-store", "singleton", "a590acd76969f996ec6e4b599c3c09f58c283a76f2d61392b5d3046caf557602");
}

void NamesTest::objectIdIsWranglers()
{
    QFETCH(QByteArray, uniqueKey);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, id);
    QCOMPARE(QByteArray::fromStdString(storage::objectId(uniqueKey.toStdString(), name.toStdString())), id);
    QVERIFY(storage::isObjectIdOf(uniqueKey.toStdString(), id.toStdString()));
    QVERIFY(storage::isObjectIdOf(uniqueKey.toStdString(), id.toUpper().toStdString()));
    QVERIFY(!storage::isObjectIdOf("another-namespace", id.toStdString()));
}

void NamesTest::objectIdAuthenticatesItself()
{
    const std::string id = storage::objectId("dow-Counter", "");
    QCOMPARE(id.size(), std::size_t(64));
    QVERIFY(storage::isObjectIdOf("dow-Counter", id));
    for (const std::size_t at : {std::size_t(0), std::size_t(31), std::size_t(32), std::size_t(63)}) {
        std::string changed = id;
        changed[at] = changed[at] == '0' ? '1' : '0';
        QVERIFY(!storage::isObjectIdOf("dow-Counter", changed));
    }
    QVERIFY(!storage::isObjectIdOf("dow-Counter", id.substr(1)));
    QVERIFY(!storage::isObjectIdOf("dow-Counter", std::string(64, 'g')));
    QVERIFY(!storage::isObjectIdOf("dow-Counter", ""));
}

void NamesTest::sanitizedName_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("name");
    const auto row = [](const char *title, const QByteArray &id, const QByteArray &name) { QTest::newRow(title) << id << name; };
    row("plain", "abc123", "abc123");
    row("wrangler's example", "weird/na me:*é", "weird_na me__é");
    row("cache", "named:one", "named_one");
    row("every illegal character", "?<>*\"'^/\\:|", "___________");
    row("controls", QByteArray("a\0b\x1f\x7f\xc2\x80\xc2\x9f\xc2\xa0", 11), QByteArray("a_b_\x7f__\xc2\xa0"));
    row("one dot", ".", "_");
    row("dots", "..", "__");
    row("dot segments", "a/../b", "a____b");
    row("dot segments in a row", "./././.", "_______");
    row("backslash segments", "..\\..", "_____");
    row("hidden", ".foo", ".foo");
    row("dots inside", "a.b..c", "a.b..c");
    row("device", "con", "_");
    row("device with a suffix", "Com7.txt", "_");
    row("device with a number too many", "com10", "com10");
    row("not a device", "console", "console");
    row("device, dotted", "nul.", "_");
    row("spaces around", "  a b ", "__a b_");
    row("only spaces", "   ", "___");
    row("slashes around", "/a/", "_a_");
    row("empty", "", "");
    row("long", QByteArray(300, 'x'), QByteArray(255, 'x'));
    row("long, two bytes each", QByteArray("é").repeated(300), QByteArray("é").repeated(255));
    row("long, two units each", QByteArray("😀").repeated(200), QByteArray("😀").repeated(127));
}

void NamesTest::sanitizedName()
{
    QFETCH(QByteArray, id);
    QFETCH(QByteArray, name);
    QCOMPARE(QByteArray::fromStdString(storage::sanitizedName(id.toStdString())), name);
}

void NamesTest::pathsAreWranglers()
{
    const std::filesystem::path state = "/p/.wrangler/state";
    QCOMPARE(storage::databaseFile(state, storage::kvLayout, "abc123").string(),
        std::string("/p/.wrangler/state/v3/kv/miniflare-KVNamespaceObject/aef91bdfb405bfb5b9f6b37bb22913ea371a31a917d25e6fa469a45d2cfad734.sqlite"));
    QCOMPARE(storage::blobFolder(state, storage::kvLayout, "a:b").string(), std::string("/p/.wrangler/state/v3/kv/a_b/blobs"));
}

QTEST_GUILESS_MAIN(NamesTest)
#include "t_names.moc"
