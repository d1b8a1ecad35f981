// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/r2/r2fixture.h"

#include "core/base/clock.h"

#include <QCryptographicHash>

using namespace cleat;
using namespace cleat::bindings::r2;
using F = R2Fixture;

/// What a bucket stores and gives back. The results of the same calls in wrangler are compared in tests/interop.
class R2BucketTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<R2Fixture>(); }
    void emptyBucket();
    void values_data();
    void values();
    void whatIsKnown();
    void rowsAreWranglers();
    void ranges();
    void conditionOfAWrite();
    void checksums_data();
    void checksums();
    void overwritingLeavesOneBlob();
    void streamedIn();
    void abandonedWrite();
    void readOnWhileReplaced();
    void removes();
    void lists();
    void listsGroups();
    void listsPages();
    void listsMetadata();
    void refusedNames();

private:
    std::unique_ptr<R2Fixture> m_fixture;
};

void R2BucketTest::emptyBucket()
{
    R2Bucket bucket(m_fixture->state(), "b");
    QCOMPARE(F::get(bucket, "k"), QByteArray("(none)"));
    QVERIFY(!*bucket.head("k"));
    QCOMPARE(F::list(bucket), QByteArray());
    QCOMPARE(F::remove(bucket, {"k"}), QByteArray("OK"));
    QVERIFY(!std::filesystem::exists(m_fixture->state())); // reading makes no files
}

void R2BucketTest::values_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("empty") << QByteArray("");
    QTest::newRow("binary") << QByteArray("\0\xff\r\n\0", 5);
    QTest::newRow("64 KiB") << QByteArray(65536, 'a');
    QTest::newRow("64 KiB and one") << QByteArray(65537, 'b');
    QTest::newRow("3 MiB") << QByteArray(3 << 20, 'z');
}

void R2BucketTest::values()
{
    QFETCH(QByteArray, value);
    const std::string bytes = value.toStdString();
    for (const char *key : {"k", "", "a/b/../c", "\xC3\xA9 \n"}) {
        R2Bucket bucket(m_fixture->state(), "b");
        QCOMPARE(F::put(bucket, key, bytes), QCryptographicHash::hash(value, QCryptographicHash::Md5).toHex());
        QCOMPARE(F::get(bucket, key), value);
        R2Bucket other(m_fixture->state(), "b");
        QCOMPARE(F::get(other, key), value);
        QCOMPARE(F::get(other, key), value); // out of the cache
    }
}

void R2BucketTest::whatIsKnown()
{
    R2Bucket bucket(m_fixture->state(), "b");
    PutOptions options;
    options.httpMetadata = R"({"contentType":"text/html"})";
    options.customMetadata = R"({"a":"1"})";
    const std::int64_t before = base::wallMs();
    const auto stored = bucket.put("k", base::asBytes("hello"), options);
    QVERIFY(stored && *stored);
    QVERIFY((*stored)->uploadedMs >= before && (*stored)->uploadedMs <= base::wallMs());
    QCOMPARE((*stored)->version.size(), 32U);
    QCOMPARE((*stored)->size, 5);
    QVERIFY(!(*stored)->range);
    auto head = bucket.head("k");
    QVERIFY(head && *head);
    QVERIFY(((*head)->range == Range{0, 5}));
    (*head)->range.reset();
    QVERIFY(**head == **stored);
    const auto again = bucket.put("k", base::asBytes("hello"), options);
    QVERIFY((*again)->version != (*stored)->version);
}

void R2BucketTest::rowsAreWranglers()
{
    R2Bucket bucket(m_fixture->state(), "b");
    QVERIFY(bucket.file().string().ends_with("/v3/r2/miniflare-R2BucketObject/" + bucket.file().filename().string()));
    PutOptions options;
    options.checksum = Checksum{Hash::Sha1, QByteArray::fromHex("aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d").toStdString()};
    F::put(bucket, "k", "hello", options);
    Foreign foreign(bucket.file());
    QCOMPARE(foreign.run("SELECT key, size, etag, checksums, http_metadata, custom_metadata, length(blob_id), length(version) FROM _mf_objects"),
        QByteArray("k|5|5d41402abc4b2a76b9719d911017c592|{\"sha1\":\"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d\"}|{}|{}|80|32\n"));
    QCOMPARE(foreign.run("SELECT blob_id FROM _mf_objects").trimmed(), m_fixture->blobNames()[0].toUtf8());
    QVERIFY(m_fixture->marks().isEmpty());
}

void R2BucketTest::ranges()
{
    R2Bucket bucket(m_fixture->state(), "b");
    F::put(bucket, "small", "0123456789");
    std::string large(200'000, '.');
    large.replace(0, 10, "0123456789");
    large.replace(large.size() - 3, 3, "end");
    F::put(bucket, "large", large);
    QCOMPARE(F::get(bucket, "small", F::range(3, 2)), QByteArray("34"));
    QCOMPARE(F::get(bucket, "small", F::range({}, {}, 3)), QByteArray("789"));
    QCOMPARE(F::get(bucket, "large", F::range(3, 2)), QByteArray("34"));
    QCOMPARE(F::get(bucket, "large", F::range({}, {}, 4)), QByteArray(".end"));
    QCOMPARE(F::get(bucket, "large", F::range(199'999, 100)), QByteArray("d"));
    QCOMPARE(F::get(bucket, "large", F::range(200'000, {})), QByteArray("r2.10039: get: The requested range is not satisfiable (10039)"));
}

void R2BucketTest::conditionOfAWrite()
{
    R2Bucket bucket(m_fixture->state(), "b");
    PutOptions ifNew;
    ifNew.onlyIf.emplace();
    ifNew.onlyIf->etagDoesNotMatch.emplace({Etag{Etag::Kind::Wildcard, {}}});
    QVERIFY(F::put(bucket, "k", "one", ifNew) != "(condition)");
    QCOMPARE(F::put(bucket, "k", "two", ifNew), QByteArray("(condition)"));
    QCOMPARE(F::get(bucket, "k"), QByteArray("one"));
    QCOMPARE(m_fixture->blobNames().size(), 1); // the value that was not wanted is not left behind
    QVERIFY(m_fixture->marks().isEmpty());
    GetOptions options;
    options.onlyIf.emplace();
    options.onlyIf->uploadedAfterMs = base::wallMs() + 60'000;
    QCOMPARE(F::get(bucket, "k", options), QByteArray("(condition)"));
}

void R2BucketTest::checksums_data()
{
    QTest::addColumn<int>("hash");
    QTest::addColumn<int>("algorithm");
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("MD5") << int(Hash::Md5) << int(QCryptographicHash::Md5) << QByteArray("MD5");
    QTest::newRow("SHA-1") << int(Hash::Sha1) << int(QCryptographicHash::Sha1) << QByteArray("SHA-1");
    QTest::newRow("SHA-256") << int(Hash::Sha256) << int(QCryptographicHash::Sha256) << QByteArray("SHA-256");
    QTest::newRow("SHA-384") << int(Hash::Sha384) << int(QCryptographicHash::Sha384) << QByteArray("SHA-384");
    QTest::newRow("SHA-512") << int(Hash::Sha512) << int(QCryptographicHash::Sha512) << QByteArray("SHA-512");
}

void R2BucketTest::checksums()
{
    QFETCH(int, hash);
    QFETCH(int, algorithm);
    QFETCH(QByteArray, name);
    const auto sum = [&](const char *text) { return QCryptographicHash::hash(text, QCryptographicHash::Algorithm(algorithm)); };
    R2Bucket bucket(m_fixture->state(), "b");
    PutOptions options;
    options.checksum = Checksum{Hash(hash), sum("right").toStdString()};
    QVERIFY(!F::put(bucket, "k", "right", options).contains(':'));
    QCOMPARE(F::put(bucket, "k", "wrong", options),
        "r2.10037: put: The " + name + " checksum you specified did not match what we received.\nYou provided a " + name + " checksum with value: " + sum("right").toHex()
            + "\nActual " + name + " was: " + sum("wrong").toHex() + " (10037)");
    QCOMPARE(F::get(bucket, "k"), QByteArray("right"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
    const QByteArray field = name.toLower().replace("-", "");
    QCOMPARE(QByteArray::fromStdString((*bucket.head("k"))->checksums), "{\"" + field + "\":\"" + sum("right").toHex() + "\"}");
}

void R2BucketTest::overwritingLeavesOneBlob()
{
    R2Bucket bucket(m_fixture->state(), "b");
    for (const char *value : {"one", "two", "three"})
        F::put(bucket, "k", value);
    QCOMPARE(F::get(bucket, "k"), QByteArray("three"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
    QVERIFY(m_fixture->marks().isEmpty());
}

void R2BucketTest::streamedIn()
{
    R2Bucket bucket(m_fixture->state(), "b");
    auto writer = bucket.write("put");
    QVERIFY(writer);
    QByteArray all;
    for (int i = 0; i < 1000; ++i) {
        const std::string piece = std::to_string(i) + std::string(1000, '-');
        QVERIFY(writer->write(base::asBytes(piece)));
        all += QByteArray::fromStdString(piece);
    }
    QVERIFY(m_fixture->blobNames().isEmpty()); // not yet
    const auto stored = bucket.put("k", std::move(*writer));
    QVERIFY(stored && *stored);
    QCOMPARE((*stored)->size, all.size());
    QCOMPARE(F::get(bucket, "k"), all);
}

void R2BucketTest::abandonedWrite()
{
    R2Bucket bucket(m_fixture->state(), "b");
    {
        auto writer = bucket.write("put");
        QVERIFY(writer && writer->write(base::asBytes("half")));
        QCOMPARE(m_fixture->marks().size(), 1);
    }
    QVERIFY(m_fixture->marks().isEmpty());
    QVERIFY(m_fixture->blobNames().isEmpty());
}

void R2BucketTest::readOnWhileReplaced()
{
    R2Bucket bucket(m_fixture->state(), "b");
    F::put(bucket, "k", std::string(300'000, 'a'));
    auto got = bucket.get("k");
    QVERIFY(got && *got && (*got)->value);
    QVERIFY((*got)->value->read(1000));
    F::put(bucket, "k", "other");
    QCOMPARE(F::bytes(**got), QByteArray(299'000, 'a'));
}

void R2BucketTest::removes()
{
    R2Bucket bucket(m_fixture->state(), "b");
    for (const char *key : {"a", "b", "c"})
        F::put(bucket, key, key);
    QCOMPARE(F::remove(bucket, {"a", "c", "nothing"}), QByteArray("OK"));
    QCOMPARE(F::list(bucket), QByteArray("b,"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
    QVERIFY(m_fixture->marks().isEmpty());
    QCOMPARE(F::remove(bucket, {"b", std::string(1025, 'k')}), QByteArray("r2.10020: delete: The specified object name is not valid. (10020)"));
    QCOMPARE(F::list(bucket), QByteArray("b,")); // all or none
}

void R2BucketTest::lists()
{
    R2Bucket bucket(m_fixture->state(), "b");
    for (const char *key : {"b", "a", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF", "B", "a/1", "a%", "a_"})
        F::put(bucket, key, key);
    QCOMPARE(F::list(bucket), QByteArray("B,a,a%,a/1,a_,b,\xEF\xBF\xBF,\xF0\x9F\x98\x80,")); // by bytes, not by UTF-16
    ListOptions options;
    options.prefix = "a";
    QCOMPARE(F::list(bucket, options), QByteArray("a,a%,a/1,a_,"));
    options.startAfter = "a%";
    QCOMPARE(F::list(bucket, options), QByteArray("a/1,a_,"));
    options.cursor = base::toBase64(base::asBytes("a/1"));
    QCOMPARE(F::list(bucket, options), QByteArray("a_,")); // the larger of both counts
    options.prefix = std::string("a\0", 2);
    QCOMPARE(F::list(bucket, options), QByteArray());
    for (const int limit : {0, -1, 1001}) {
        options.limit = limit;
        QCOMPARE(F::list(bucket, options), QByteArray("r2.10022: list: MaxKeys params must be positive integer <= 1000. (10022)"));
    }
}

void R2BucketTest::listsGroups()
{
    R2Bucket bucket(m_fixture->state(), "b");
    for (const char *key : {"x", "d/1", "d/2", "d/e/3", "e/", "f::g", "f::h"})
        F::put(bucket, key, key);
    ListOptions options;
    options.delimiter = "/";
    QCOMPARE(F::list(bucket, options), QByteArray("f::g,f::h,x,|d/,|e/,"));
    options.prefix = "d/";
    QCOMPARE(F::list(bucket, options), QByteArray("d/1,d/2,|d/e/,"));
    options.prefix = "f";
    options.delimiter = "::";
    QCOMPARE(F::list(bucket, options), QByteArray("|f::,"));
}

void R2BucketTest::listsPages()
{
    R2Bucket bucket(m_fixture->state(), "b");
    for (const char *key : {"a", "b/1", "b/2", "c", "d/1", "e"})
        F::put(bucket, key, key);
    ListOptions options;
    options.limit = 2;
    options.delimiter = "/";
    QCOMPARE(F::list(bucket, options, &options.cursor), QByteArray("a,|b/,..."));
    QCOMPARE(options.cursor, base::toBase64(base::asBytes("b/2"))); // behind the group
    QCOMPARE(F::list(bucket, options, &options.cursor), QByteArray("c,|d/,..."));
    F::remove(bucket, {"d/1"}); // what the cursor names may go
    QCOMPARE(F::list(bucket, options, &options.cursor), QByteArray("e,"));
    QCOMPARE(options.cursor, std::string());
}

void R2BucketTest::listsMetadata()
{
    R2Bucket bucket(m_fixture->state(), "b");
    PutOptions put;
    put.httpMetadata = R"({"contentType":"x/y"})";
    put.customMetadata = R"({"a":"1"})";
    for (int i = 0; i < 101; ++i)
        F::put(bucket, "k" + std::to_string(i), "", put);
    ListOptions options;
    QCOMPARE(bucket.list(options)->objects.size(), 101U);
    QCOMPARE(bucket.list(options)->objects[0].httpMetadata, std::string("{}"));
    options.includeCustomMetadata = true;
    const auto listed = bucket.list(options);
    QCOMPARE(listed->objects.size(), 100U);
    QVERIFY(listed->truncated);
    QCOMPARE(listed->objects[0].customMetadata, put.customMetadata);
    QCOMPARE(listed->objects[0].httpMetadata, std::string("{}"));
}

void R2BucketTest::refusedNames()
{
    R2Bucket dot(m_fixture->state(), ".b");
    QVERIFY(F::put(dot, "k", "v").startsWith("r2.storage: put: The R2 bucket name \".b\" begins with a dot"));
    R2Bucket none(m_fixture->state(), "");
    QVERIFY(F::get(none, "k").startsWith("r2.storage: get: The R2 bucket has no name."));
    QVERIFY(!std::filesystem::exists(m_fixture->state()));
}

QTEST_GUILESS_MAIN(R2BucketTest)
#include "t_r2bucket.moc"
