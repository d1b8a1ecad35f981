// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/kv/kvfixture.h"

#include "core/base/clock.h"

#include <atomic>
#include <thread>

using namespace cleat;
using namespace cleat::bindings::kv;

class KvNamespaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<KvFixture>(); }
    void keepsValues_data();
    void keepsValues();
    void rowsAreWranglers();
    void keepsMetadataAndExpiration();
    void overwriting();
    void removing();
    void largestValue();
    void expiredIsAbsent();
    void listDeletesEverythingExpired();
    void cleaningUpDoesNotWait();
    void listsInByteOrder();
    void listsByPrefix_data();
    void listsByPrefix();
    void pagesThrough();
    void cursorsSurviveWrites();
    void cursorIsTheLastKey();
    void lenientCursor_data();
    void lenientCursor();
    void listShowsMetadataAndExpiration();
    void keysWithNul();
    void readingMakesNothing();
    void anotherProgramsWritesShowAtOnce();
    void namespacesAreApart();
    void manyThreads();

private:
    std::unique_ptr<KvFixture> m_fixture;
};

using F = KvFixture;

void KvNamespaceTest::keepsValues_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("text") << QByteArray("a") << QByteArray("hello");
    QTest::newRow("empty value") << QByteArray("a") << QByteArray("");
    QTest::newRow("binary") << QByteArray("a") << QByteArray("\0\xff\xfe\r\n\0", 6);
    QTest::newRow("not cached") << QByteArray("a") << QByteArray(200'000, 'b');
    QTest::newRow("odd key") << QByteArray("a/b\n?%41 \"' ;--") << QByteArray("x");
    QTest::newRow("unicode key") << QByteArray("ключ 日本 😀") << QByteArray("x");
    QTest::newRow("longest key") << QByteArray(512, 'k') << QByteArray("x");
    QTest::newRow("nul in key") << QByteArray("a\0b", 3) << QByteArray("x");
}

void KvNamespaceTest::keepsValues()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    KvNamespace kv(m_fixture->state(), "ns");
    QCOMPARE(F::put(kv, key.toStdString(), value.toStdString()), QByteArray("OK"));
    QCOMPARE(F::get(kv, key.toStdString()), value);
    QCOMPARE(F::get(kv, key.toStdString()), value);
    KvNamespace other(m_fixture->state(), "ns");
    QCOMPARE(F::get(other, key.toStdString()), value);
    QCOMPARE(F::list(other), key + ',');
}

void KvNamespaceTest::rowsAreWranglers()
{
    KvNamespace kv(m_fixture->state(), "abc123");
    QCOMPARE(kv.file(), m_fixture->state() / "v3/kv/miniflare-KVNamespaceObject/aef91bdfb405bfb5b9f6b37bb22913ea371a31a917d25e6fa469a45d2cfad734.sqlite");
    const std::int64_t at = base::wallMs() / 1000 + 1000;
    QCOMPARE(F::put(kv, "k", "v", {.expiration = at, .expirationTtl = {}, .metadata = R"({"a":1})"}), QByteArray("OK"));
    QCOMPARE(F::put(kv, "plain", "v", {.expiration = {}, .expirationTtl = {}, .metadata = "null"}), QByteArray("OK"));
    Foreign foreign(kv.file());
    QCOMPARE(foreign.run("SELECT sql FROM sqlite_schema WHERE sql NOT NULL ORDER BY name"),
        QByteArray("CREATE TABLE _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT)\n"
                   "CREATE INDEX _mf_entries_expiration_idx ON _mf_entries(expiration)\n"));
    QCOMPARE(foreign.run("SELECT key, typeof(key), length(blob_id), typeof(blob_id), expiration, typeof(expiration), metadata, typeof(metadata) FROM "
                         "_mf_entries ORDER BY key"),
        "k|text|80|text|" + QByteArray::number(qlonglong(at * 1000)) + "|integer|{\"a\":1}|text\nplain|text|80|text|NULL|null|NULL|null\n");
    QCOMPARE(foreign.run("PRAGMA journal_mode"), QByteArray("wal\n"));
}

void KvNamespaceTest::keepsMetadataAndExpiration()
{
    KvNamespace kv(m_fixture->state(), "ns");
    const std::int64_t before = base::wallMs() / 1000;
    QCOMPARE(F::put(kv, "k", "v", {.expiration = {}, .expirationTtl = 60, .metadata = R"(["é"])"}), QByteArray("OK"));
    const std::int64_t after = base::wallMs() / 1000;
    auto entry = kv.read("k");
    QVERIFY(entry && *entry);
    QCOMPARE((*entry)->metadata.value_or("none"), std::string(R"(["é"])"));
    QVERIFY((*entry)->expiration && *(*entry)->expiration >= before + 60 && *(*entry)->expiration <= after + 60);
    QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
    entry = kv.read("k");
    QVERIFY(entry && *entry && !(*entry)->metadata && !(*entry)->expiration);
}

void KvNamespaceTest::overwriting()
{
    KvNamespace kv(m_fixture->state(), "ns");
    QCOMPARE(F::put(kv, "k", "one"), QByteArray("OK"));
    QCOMPARE(F::get(kv, "k"), QByteArray("one"));
    const QStringList first = m_fixture->blobNames();
    QCOMPARE(F::put(kv, "k", "two"), QByteArray("OK"));
    QCOMPARE(F::get(kv, "k"), QByteArray("two"));
    // A value is never changed in place: there is a new file, and the old one is gone.
    QCOMPARE(m_fixture->blobNames().size(), 1);
    QVERIFY(m_fixture->blobNames() != first);
}

void KvNamespaceTest::removing()
{
    KvNamespace kv(m_fixture->state(), "ns");
    QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
    QCOMPARE(F::remove(kv, "k"), QByteArray("OK"));
    QCOMPARE(F::get(kv, "k"), QByteArray("(none)"));
    QCOMPARE(m_fixture->blobNames(), QStringList());
    QCOMPARE(F::remove(kv, "k"), QByteArray("OK"));
    // A row whose value file is gone reads as absent, and can be removed and written.
    QCOMPARE(F::put(kv, "k", std::string(100'000, 'v')), QByteArray("OK"));
    QVERIFY(m_fixture->blobs().remove(m_fixture->blobNames().first()));
    QCOMPARE(F::get(kv, "k"), QByteArray("(none)"));
    QCOMPARE(F::put(kv, "k", "again"), QByteArray("OK"));
    QCOMPARE(F::get(kv, "k"), QByteArray("again"));
}

void KvNamespaceTest::largestValue()
{
    KvNamespace kv(m_fixture->state(), "ns");
    const std::string largest(maxValueBytes, 'x');
    QCOMPARE(F::put(kv, "k", largest), QByteArray("OK"));
    QCOMPARE(F::get(kv, "k").size(), qsizetype(maxValueBytes));
    QCOMPARE(F::put(kv, "k", largest + 'x'), QByteArray("kv.limit: KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400."));
    QCOMPARE(F::get(kv, "k").size(), qsizetype(maxValueBytes));
    QCOMPARE(m_fixture->blobNames().size(), 1);
}

void KvNamespaceTest::expiredIsAbsent()
{
    KvNamespace kv(m_fixture->state(), "ns");
    Foreign foreign(kv.file());
    QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
    QCOMPARE(F::put(kv, "stays", "v"), QByteArray("OK"));
    QCOMPARE(F::get(kv, "k"), QByteArray("v"));
    foreign.run("UPDATE _mf_entries SET expiration = " + std::to_string(base::wallMs() + 60'000) + " WHERE key = 'k'");
    QCOMPARE(F::get(kv, "k"), QByteArray("v"));
    foreign.run("UPDATE _mf_entries SET expiration = " + std::to_string(base::wallMs()) + " WHERE key = 'k'");
    QCOMPARE(F::get(kv, "k"), QByteArray("(none)"));
    QCOMPARE(foreign.run("SELECT key FROM _mf_entries"), QByteArray("stays\n"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
    // Not only whole numbers: the simulator shares its table with a cache that stores fractions.
    foreign.run("UPDATE _mf_entries SET expiration = " + std::to_string(base::wallMs() + 60'000) + ".5");
    const auto entry = kv.read("stays");
    QVERIFY(entry && *entry && (*entry)->expiration);
}

void KvNamespaceTest::listDeletesEverythingExpired()
{
    KvNamespace kv(m_fixture->state(), "ns");
    for (const char *key : {"a1", "a2", "b1", "b2"})
        QCOMPARE(F::put(kv, key, "v"), QByteArray("OK"));
    Foreign foreign(kv.file());
    foreign.run("UPDATE _mf_entries SET expiration = " + std::to_string(base::wallMs() - 1) + " WHERE key IN ('a1', 'b1')");
    QCOMPARE(F::list(kv, F::prefix("a")), QByteArray("a2,"));
    QCOMPARE(foreign.run("SELECT key FROM _mf_entries ORDER BY key"), QByteArray("a2\nb2\n"));
    QCOMPARE(m_fixture->blobNames().size(), 2);
}

void KvNamespaceTest::cleaningUpDoesNotWait()
{
    KvNamespace kv(m_fixture->state(), "ns", std::chrono::seconds(60));
    QCOMPARE(F::put(kv, "k", "v"), QByteArray("OK"));
    Foreign foreign(kv.file());
    foreign.run("UPDATE _mf_entries SET expiration = 1000");
    QCOMPARE(foreign.run("BEGIN IMMEDIATE"), QByteArray());
    QCOMPARE(F::get(kv, "k"), QByteArray("(none)"));
    QCOMPARE(F::list(kv), QByteArray());
    QCOMPARE(foreign.run("SELECT count(*) FROM _mf_entries"), QByteArray("1\n"));
    foreign.run("COMMIT");
    QCOMPARE(F::get(kv, "k"), QByteArray("(none)"));
    QCOMPARE(foreign.run("SELECT count(*) FROM _mf_entries"), QByteArray("0\n"));
}

void KvNamespaceTest::listsInByteOrder()
{
    KvNamespace kv(m_fixture->state(), "ns");
    for (const char *key : {"😀", "日本", "é", "z", "b", "aé", "aa", "a_", "a%", "a", "B", "A", "\uFFFF"})
        QCOMPARE(F::put(kv, key, ""), QByteArray("OK"));
    QCOMPARE(F::list(kv), QByteArray("A,B,a,a%,a_,aa,aé,b,z,é,日本,\uFFFF,😀,"));
}

void KvNamespaceTest::listsByPrefix_data()
{
    QTest::addColumn<QByteArray>("prefix");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("all") << QByteArray("") << QByteArray("A,a,a%,a%b,a*,a_,ab,b,é,éa,😀a,");
    QTest::newRow("a") << QByteArray("a") << QByteArray("a,a%,a%b,a*,a_,ab,");
    QTest::newRow("case counts") << QByteArray("A") << QByteArray("A,");
    QTest::newRow("percent is itself") << QByteArray("a%") << QByteArray("a%,a%b,");
    QTest::newRow("underscore is itself") << QByteArray("a_") << QByteArray("a_,");
    QTest::newRow("star is itself") << QByteArray("a*") << QByteArray("a*,");
    QTest::newRow("é") << QByteArray("é") << QByteArray("é,éa,");
    QTest::newRow("four bytes") << QByteArray("😀") << QByteArray("😀a,");
    QTest::newRow("whole key") << QByteArray("ab") << QByteArray("ab,");
    QTest::newRow("nothing") << QByteArray("zz") << QByteArray("");
    QTest::newRow("longest code point") << QByteArray("\xf4\x8f\xbf\xbf") << QByteArray("");
}

void KvNamespaceTest::listsByPrefix()
{
    QFETCH(QByteArray, prefix);
    QFETCH(QByteArray, expected);
    KvNamespace kv(m_fixture->state(), "ns");
    for (const char *key : {"A", "a", "a%", "a%b", "a*", "a_", "ab", "b", "é", "éa", "😀a"})
        QCOMPARE(F::put(kv, key, ""), QByteArray("OK"));
    QCOMPARE(F::list(kv, F::prefix(prefix.toStdString())), expected);
}

void KvNamespaceTest::pagesThrough()
{
    KvNamespace kv(m_fixture->state(), "ns");
    QCOMPARE(F::put(kv, "k", ""), QByteArray("OK"));
    Foreign foreign(kv.file());
    foreign.run("WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2500) "
                "INSERT INTO _mf_entries SELECT printf('key%05d', i), 'x', NULL, NULL FROM n");
    std::vector<std::string> names;
    ListOptions options = F::prefix("key");
    int pages = 0;
    for (bool complete = false; !complete; ++pages) {
        const auto page = kv.list(options);
        QVERIFY(page);
        QVERIFY(page->keys.size() <= 1000);
        for (const auto &key : page->keys)
            names.push_back(key.name);
        complete = page->complete;
        QCOMPARE(page->cursor.empty(), complete);
        options.cursor = page->cursor;
    }
    QCOMPARE(pages, 3);
    QCOMPARE(names.size(), std::size_t(2500));
    QVERIFY(std::is_sorted(names.begin(), names.end()));
    QCOMPARE(names.front(), std::string("key00001"));
    // A last page that is just full is complete.
    options.cursor.clear();
    options.prefix = "key000";
    options.limit = 99;
    const auto full = kv.list(options);
    QVERIFY(full && full->complete && full->keys.size() == 99);
}

void KvNamespaceTest::cursorsSurviveWrites()
{
    KvNamespace kv(m_fixture->state(), "ns");
    for (const char *key : {"a", "c", "e", "g"})
        QCOMPARE(F::put(kv, key, ""), QByteArray("OK"));
    std::string cursor;
    QCOMPARE(F::list(kv, {.prefix = {}, .limit = 2, .cursor = {}}, &cursor), QByteArray("a,c,..."));
    // The key of the cursor goes, one before it and one behind it come.
    QCOMPARE(F::remove(kv, "c"), QByteArray("OK"));
    QCOMPARE(F::put(kv, "b", ""), QByteArray("OK"));
    QCOMPARE(F::put(kv, "d", ""), QByteArray("OK"));
    QCOMPARE(F::list(kv, {.prefix = {}, .limit = 2, .cursor = cursor}, &cursor), QByteArray("d,e,..."));
    QCOMPARE(F::list(kv, {.prefix = {}, .limit = 2, .cursor = cursor}, &cursor), QByteArray("g,"));
    QCOMPARE(cursor, std::string());
}

void KvNamespaceTest::cursorIsTheLastKey()
{
    KvNamespace kv(m_fixture->state(), "ns");
    for (const char *key : {"é1", "é2"})
        QCOMPARE(F::put(kv, key, ""), QByteArray("OK"));
    std::string cursor;
    QCOMPARE(F::list(kv, {.prefix = {}, .limit = 1, .cursor = {}}, &cursor), QByteArray("é1,..."));
    QCOMPARE(cursor, std::string("w6kx"));
    // A cursor before the prefix, or behind everything with it.
    QCOMPARE(F::list(kv, {.prefix = "é", .limit = {}, .cursor = "YQ=="}), QByteArray("é1,é2,"));
    QCOMPARE(F::list(kv, {.prefix = "é", .limit = {}, .cursor = base::toBase64(base::asBytes("😀"))}), QByteArray(""));
}

void KvNamespaceTest::lenientCursor_data()
{
    QTest::addColumn<QByteArray>("cursor");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("nonsense") << QByteArray("!!!") << QByteArray("a,b,c,");
    QTest::newRow("good") << QByteArray("YQ==") << QByteArray("b,c,");
    QTest::newRow("no padding") << QByteArray("YQ") << QByteArray("b,c,");
    QTest::newRow("spaces") << QByteArray(" Y Q = =") << QByteArray("b,c,");
    QTest::newRow("a digit too many") << QByteArray("YWFhY") << QByteArray("b,c,");
    QTest::newRow("URL alphabet") << QByteArray("_-__") << QByteArray("");
    QTest::newRow("no UTF-8, sorted as U+FFFD") << QByteArray("\x62\xff").toBase64() << QByteArray("b\uFFFF,c,");
    QTest::newRow("cut off UTF-8, sorted as U+FFFD") << QByteArray("b\xe6\x97").toBase64() << QByteArray("b\uFFFF,c,");
}

void KvNamespaceTest::lenientCursor()
{
    QFETCH(QByteArray, cursor);
    QFETCH(QByteArray, expected);
    KvNamespace kv(m_fixture->state(), "ns");
    if (expected.contains("\uFFFF"))
        QCOMPARE(F::put(kv, "b\uFFFF", ""), QByteArray("OK"));
    for (const char *key : {"a", "b", "c"})
        QCOMPARE(F::put(kv, key, ""), QByteArray("OK"));
    QCOMPARE(F::list(kv, {.prefix = {}, .limit = {}, .cursor = cursor.toStdString()}), expected);
}

void KvNamespaceTest::listShowsMetadataAndExpiration()
{
    KvNamespace kv(m_fixture->state(), "ns");
    const std::int64_t at = base::wallMs() / 1000 + 1000;
    QCOMPARE(F::put(kv, "a", "v", {.expiration = at, .expirationTtl = {}, .metadata = R"({"n":1})"}), QByteArray("OK"));
    QCOMPARE(F::put(kv, "b", "v"), QByteArray("OK"));
    Foreign(kv.file()).run("UPDATE _mf_entries SET expiration = expiration + 999 WHERE key = 'a'");
    const auto result = kv.list({});
    QVERIFY(result);
    QVERIFY((result->keys == std::vector<ListedKey>{{"a", at, R"({"n":1})"}, {"b", {}, {}}}));
}

void KvNamespaceTest::keysWithNul()
{
    KvNamespace kv(m_fixture->state(), "ns");
    const std::string key("a\0b", 3);
    QCOMPARE(F::put(kv, "a", "plain"), QByteArray("OK"));
    QCOMPARE(F::put(kv, key, "nul"), QByteArray("OK"));
    QCOMPARE(F::put(kv, std::string("a\0", 2), "end"), QByteArray("OK"));
    QCOMPARE(F::get(kv, "a"), QByteArray("plain"));
    QCOMPARE(F::get(kv, key), QByteArray("nul"));
    QCOMPARE(F::list(kv, F::prefix("a")), QByteArray("a,a\0,a\0b,", 9));
    // As in wrangler, a prefix with NUL finds nothing.
    QCOMPARE(F::list(kv, F::prefix(std::string("a\0", 2))), QByteArray());
    std::string cursor;
    QCOMPARE(F::list(kv, {.prefix = {}, .limit = 1, .cursor = {}}, &cursor), QByteArray("a,..."));
    QCOMPARE(F::list(kv, {.prefix = {}, .limit = 1, .cursor = cursor}, &cursor), QByteArray("a\0,...", 6));
    QCOMPARE(F::list(kv, {.prefix = {}, .limit = 1, .cursor = cursor}, &cursor), QByteArray("a\0b,", 4));
    QCOMPARE(F::remove(kv, key), QByteArray("OK"));
    QCOMPARE(F::list(kv), QByteArray("a,a\0,", 5));
}

void KvNamespaceTest::readingMakesNothing()
{
    KvNamespace kv(m_fixture->state(), "ns");
    QCOMPARE(F::get(kv, "k"), QByteArray("(none)"));
    QCOMPARE(F::list(kv), QByteArray());
    QCOMPARE(F::remove(kv, "k"), QByteArray("OK"));
    QVERIFY(!std::filesystem::exists(m_fixture->state()));
    // Another program may make the file, first without the table.
    Foreign foreign(kv.file());
    foreign.run("PRAGMA journal_mode = WAL; CREATE TABLE other (a)");
    QCOMPARE(F::get(kv, "k"), QByteArray("(none)"));
    QCOMPARE(F::list(kv), QByteArray());
    QCOMPARE(foreign.run("SELECT name FROM sqlite_schema"), QByteArray("other\n"));
    foreign.run("CREATE TABLE _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT);"
                "INSERT INTO _mf_entries VALUES ('k', 'b10b', NULL, NULL)");
    QVERIFY(m_fixture->blobs().mkpath(QStringLiteral(".")));
    QFile blob(m_fixture->blobs().filePath(QStringLiteral("b10b")));
    QVERIFY(blob.open(QIODevice::WriteOnly) && blob.write("theirs") == 6);
    blob.close();
    QCOMPARE(F::get(kv, "k"), QByteArray("theirs"));
    // The index that is missing is made by the first write.
    QCOMPARE(F::put(kv, "k", "ours"), QByteArray("OK"));
    QCOMPARE(foreign.run("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL"), QByteArray("_mf_entries_expiration_idx\n"));
    QVERIFY(!blob.exists());
}

void KvNamespaceTest::anotherProgramsWritesShowAtOnce()
{
    KvNamespace one(m_fixture->state(), "ns");
    KvNamespace two(m_fixture->state(), "ns");
    for (int i = 0; i < 50; ++i) {
        const std::string value = std::to_string(i);
        QCOMPARE(F::put(one, "k", value), QByteArray("OK"));
        QCOMPARE(F::get(two, "k"), QByteArray::fromStdString(value));
        QCOMPARE(F::put(two, "k", value + '!'), QByteArray("OK"));
        QCOMPARE(F::get(one, "k"), QByteArray::fromStdString(value + '!'));
        QCOMPARE(F::remove(one, "k"), QByteArray("OK"));
        QCOMPARE(F::get(two, "k"), QByteArray("(none)"));
    }
}

void KvNamespaceTest::namespacesAreApart()
{
    // Two ids that share a blob folder.
    KvNamespace one(m_fixture->state(), "n:s");
    KvNamespace two(m_fixture->state(), "n/s");
    QVERIFY(one.file() != two.file());
    QCOMPARE(F::put(one, "k", "1"), QByteArray("OK"));
    QCOMPARE(F::get(two, "k"), QByteArray("(none)"));
    QCOMPARE(F::put(two, "k", "2"), QByteArray("OK"));
    QCOMPARE(F::remove(two, "k"), QByteArray("OK"));
    QCOMPARE(F::get(one, "k"), QByteArray("1"));
}

void KvNamespaceTest::manyThreads()
{
    constexpr int threads = 4;
    constexpr int rounds = 150;
    std::atomic<int> failures = 0;
    std::atomic<int> torn = 0;
    {
        std::vector<std::jthread> running;
        for (int t = 0; t < threads; ++t) {
            running.emplace_back([this, t, &failures, &torn] {
                KvNamespace kv(m_fixture->state(), "ns");
                const std::string own = "own" + std::to_string(t);
                for (int i = 0; i < rounds; ++i) {
                    // "shared" holds one letter many times, whoever wrote last; there is always a value.
                    const std::string value(1000, static_cast<char>('a' + t));
                    failures += !kv.put("shared", base::asBytes(value), {});
                    failures += !kv.put(own, base::asBytes(std::to_string(i)), {});
                    const auto shared = kv.read("shared");
                    if (!shared || !*shared || (*shared)->value->size() != 1000
                        || (*shared)->value->find_first_not_of((*shared)->value->front()) != std::string::npos)
                        ++torn;
                    const auto mine = kv.read(own);
                    if (!mine || !*mine || *(*mine)->value != std::to_string(i))
                        ++failures;
                }
            });
        }
    }
    QCOMPARE(failures.load(), 0);
    QCOMPARE(torn.load(), 0);
    KvNamespace kv(m_fixture->state(), "ns");
    QCOMPARE(F::list(kv), QByteArray("own0,own1,own2,own3,shared,"));
    QCOMPARE(m_fixture->blobNames().size(), threads + 1);
}

QTEST_GUILESS_MAIN(KvNamespaceTest)
#include "t_kvnamespace.moc"
