// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/r2/r2fixture.h"

#include <QCryptographicHash>

using namespace cleat;
using namespace cleat::bindings::r2;
using F = R2Fixture;

/// Objects in parts.
class R2UploadsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<R2Fixture>();
        m_bucket = std::make_unique<R2Bucket>(m_fixture->state(), "b");
    }
    void cleanup() { m_bucket.reset(); }
    void wholeLife();
    void rowsAreWranglers();
    void partsInAnyOrder();
    void aPartAgain();
    void noParts();
    void refusals_data();
    void refusals();
    void unknownUpload();
    void aborted();
    void replaced();
    void readAcrossParts();

private:
    std::string create(std::string_view key = "k") { return m_bucket->createMultipartUpload(key).value_or("failed"); }
    QByteArray part(const std::string &id, int number, const QByteArray &value, std::string_view key = "k")
    {
        auto writer = m_bucket->write("uploadPart");
        if (!writer || !writer->write(base::asBytes({value.constData(), static_cast<std::size_t>(value.size())})))
            return "no writer";
        const auto etag = m_bucket->uploadPart(key, id, number, std::move(*writer));
        return etag ? QByteArray::fromStdString(*etag) : F::failure(etag.error());
    }
    /// The etag of the object, or the failure.
    QByteArray complete(const std::string &id, const std::vector<std::pair<int, QByteArray>> &parts, std::string_view key = "k")
    {
        std::vector<UploadedPart> given;
        for (const auto &[number, etag] : parts)
            given.push_back({number, etag.toStdString()});
        const auto object = m_bucket->completeMultipartUpload(key, id, given);
        return object ? QByteArray::fromStdString(object->etag) : F::failure(object.error());
    }

    std::unique_ptr<R2Fixture> m_fixture;
    std::unique_ptr<R2Bucket> m_bucket;
};

namespace {

constexpr qsizetype smallest = minPartBytes;

QByteArray md5(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Md5);
}

} // namespace

void R2UploadsTest::wholeLife()
{
    PutOptions options;
    options.httpMetadata = R"({"contentType":"a/b"})";
    options.customMetadata = R"({"x":"y"})";
    const auto id = m_bucket->createMultipartUpload("k", options);
    QVERIFY(id);
    QCOMPARE(id->size(), 171U);
    const QByteArray first(smallest, 'a');
    const QByteArray one = part(*id, 1, first);
    const QByteArray two = part(*id, 2, "tail");
    QCOMPARE(one.size(), 171);
    QCOMPARE(F::get(*m_bucket, "k"), QByteArray("(none)")); // not before it is complete
    QCOMPARE(complete(*id, {{1, one}, {2, two}}), md5(md5(first) + md5("tail")).toHex() + "-2");
    QCOMPARE(F::get(*m_bucket, "k"), first + "tail");
    const auto head = m_bucket->head("k");
    QCOMPARE((*head)->httpMetadata, options.httpMetadata);
    QCOMPARE((*head)->customMetadata, options.customMetadata);
    QCOMPARE((*head)->size, smallest + 4);
    QCOMPARE((*head)->checksums, std::string("{}"));
    QCOMPARE(part(*id, 3, "late"), QByteArray("r2.10024: uploadPart: The specified multipart upload does not exist. (10024)"));
    QCOMPARE(complete(*id, {{1, one}}), QByteArray("r2.10024: completeMultipartUpload: The specified multipart upload does not exist. (10024)"));
    QVERIFY(m_bucket->abortMultipartUpload("k", *id)); // of no effect
    QCOMPARE(F::get(*m_bucket, "k", F::range({}, {}, 2)), QByteArray("il"));
    QCOMPARE(F::remove(*m_bucket, {"k"}), QByteArray("OK"));
    QVERIFY(m_fixture->blobNames().isEmpty());
    QVERIFY(m_fixture->marks().isEmpty());
}

void R2UploadsTest::rowsAreWranglers()
{
    const std::string id = create();
    const QByteArray one = part(id, 1, "one");
    part(id, 2, "unused");
    Foreign foreign(m_bucket->file());
    QCOMPARE(foreign.run("SELECT key, http_metadata, custom_metadata, state FROM _mf_multipart_uploads"), QByteArray("k|{}|{}|0\n"));
    QCOMPARE(foreign.run("SELECT part_number, size, checksum_md5, object_key FROM _mf_multipart_parts ORDER BY 1"),
        "1|3|" + md5("one").toHex() + "|NULL\n2|6|" + md5("unused").toHex() + "|NULL\n");
    complete(id, {{1, one}});
    QCOMPARE(foreign.run("SELECT blob_id, checksums FROM _mf_objects"), QByteArray("NULL|{}\n"));
    QCOMPARE(foreign.run("SELECT part_number, object_key FROM _mf_multipart_parts"), QByteArray("1|k\n"));
    QCOMPARE(foreign.run("SELECT state FROM _mf_multipart_uploads"), QByteArray("1\n"));
    QCOMPARE(m_fixture->blobNames().size(), 1); // the unused part is gone
}

void R2UploadsTest::partsInAnyOrder()
{
    const std::string id = create();
    const QByteArray ten = part(id, 10, QByteArray(smallest, 'c'));
    const QByteArray two = part(id, 2, QByteArray(smallest, 'b'));
    const QByteArray one = part(id, 1, QByteArray(smallest, 'a'));
    QVERIFY(complete(id, {{2, two}, {10, ten}, {1, one}}).endsWith("-3"));
    QCOMPARE(F::get(*m_bucket, "k"), QByteArray(smallest, 'a') + QByteArray(smallest, 'b') + QByteArray(smallest, 'c'));
}

void R2UploadsTest::aPartAgain()
{
    const std::string id = create();
    const QByteArray old = part(id, 1, "old");
    const QByteArray one = part(id, 1, "new");
    QCOMPARE(m_fixture->blobNames().size(), 1);
    QCOMPARE(complete(id, {{1, old}}), QByteArray("r2.10025: completeMultipartUpload: One or more of the specified parts could not be found. (10025)"));
    complete(id, {{1, one}});
    QCOMPARE(F::get(*m_bucket, "k"), QByteArray("new"));
}

void R2UploadsTest::noParts()
{
    QCOMPARE(complete(create(), {}), QByteArray("d41d8cd98f00b204e9800998ecf8427e-0"));
    QCOMPARE(F::get(*m_bucket, "k"), QByteArray());
}

void R2UploadsTest::refusals_data()
{
    QTest::addColumn<QList<qsizetype>>("sizes"); // of parts 1, 2, ...
    QTest::addColumn<QList<int>>("wanted"); // in this order
    QTest::addColumn<QByteArray>("outcome");
    using Sizes = QList<qsizetype>;
    using Wanted = QList<int>;
    QTest::newRow("twice") << Sizes{1} << Wanted{1, 1} << QByteArray("10001");
    QTest::newRow("not uploaded") << Sizes{1} << Wanted{2} << QByteArray("10025");
    QTest::newRow("too small") << Sizes{smallest - 1, 1} << Wanted{1, 2} << QByteArray("10011");
    QTest::newRow("the last as given is too small") << Sizes{1, smallest} << Wanted{2, 1} << QByteArray("10048");
    QTest::newRow("the first as given is too small") << Sizes{smallest, 1} << Wanted{2, 1} << QByteArray("10011");
    QTest::newRow("different sizes") << Sizes{smallest, smallest + 1, 1} << Wanted{1, 2, 3} << QByteArray("10048");
    QTest::newRow("the last is larger") << Sizes{smallest, smallest + 1} << Wanted{1, 2} << QByteArray("10048");
    QTest::newRow("one small one") << Sizes{1} << Wanted{1} << QByteArray();
}

void R2UploadsTest::refusals()
{
    QFETCH(QList<qsizetype>, sizes);
    QFETCH(QList<int>, wanted);
    QFETCH(QByteArray, outcome);
    const std::string id = create();
    QList<QByteArray> etags;
    for (int i = 0; i < sizes.size(); ++i)
        etags << part(id, i + 1, QByteArray(sizes[i], 'x'));
    std::vector<std::pair<int, QByteArray>> parts;
    for (const int number : wanted)
        parts.emplace_back(number, etags.value(number - 1, "unknown"));
    const QByteArray done = complete(id, parts);
    if (outcome.isEmpty()) {
        QVERIFY2(done.endsWith("-1"), done.constData());
        return;
    }
    QVERIFY2(done.startsWith("r2." + outcome + ": completeMultipartUpload: ") && done.endsWith(" (" + outcome + ")"), done.constData());
    QCOMPARE(F::get(*m_bucket, "k"), QByteArray("(none)"));
    QCOMPARE(m_fixture->blobNames().size(), sizes.size()); // it can be tried again
}

void R2UploadsTest::unknownUpload()
{
    const QByteArray internal = "We encountered an internal error. Please try again. (10001)";
    QCOMPARE(part("unknown", 1, "x"), QByteArray("r2.10024: uploadPart: The specified multipart upload does not exist. (10024)"));
    QCOMPARE(complete("unknown", {}), "r2.10001: completeMultipartUpload: " + internal);
    const auto done = m_bucket->abortMultipartUpload("k", "unknown");
    QVERIFY(!done);
    QCOMPARE(F::failure(done.error()), "r2.10001: abortMultipartUpload: " + internal);
    QCOMPARE(part(create("k"), 1, "x", "another key"), QByteArray("r2.10024: uploadPart: The specified multipart upload does not exist. (10024)"));
    QVERIFY(m_fixture->blobNames().isEmpty());
}

void R2UploadsTest::aborted()
{
    const std::string id = create();
    part(id, 1, "x");
    part(id, 2, "y");
    QVERIFY(m_bucket->abortMultipartUpload("k", id));
    QVERIFY(m_bucket->abortMultipartUpload("k", id));
    QVERIFY(m_fixture->blobNames().isEmpty());
    QCOMPARE(Foreign(m_bucket->file()).run("SELECT state FROM _mf_multipart_uploads"), QByteArray("2\n"));
    QVERIFY(part(id, 1, "x").startsWith("r2.10024"));
}

void R2UploadsTest::replaced()
{
    F::put(*m_bucket, "k", "plain");
    const std::string id = create();
    complete(id, {{1, part(id, 1, "parts")}});
    QCOMPARE(F::get(*m_bucket, "k"), QByteArray("parts"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
    const std::string second = create();
    complete(second, {{7, part(second, 7, "more parts")}});
    QCOMPARE(F::get(*m_bucket, "k"), QByteArray("more parts"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
    F::put(*m_bucket, "k", "plain again");
    QCOMPARE(F::get(*m_bucket, "k"), QByteArray("plain again"));
    QCOMPARE(m_fixture->blobNames().size(), 1);
    QCOMPARE(Foreign(m_bucket->file()).run("SELECT count(*) FROM _mf_multipart_parts"), QByteArray("0\n"));
}

void R2UploadsTest::readAcrossParts()
{
    const std::string id = create();
    std::vector<std::pair<int, QByteArray>> parts;
    QByteArray all;
    for (int number = 1; number <= 3; ++number) {
        const QByteArray value(number == 3 ? 5 : smallest, char('0' + number));
        parts.emplace_back(number, part(id, number, value));
        all += value;
    }
    complete(id, parts);
    for (const auto &[offset, length] : {std::pair(qsizetype(0), qsizetype(1)), std::pair(smallest - 1, qsizetype(2)), std::pair(smallest, smallest), std::pair(smallest - 3, smallest + 6),
             std::pair(2 * smallest, qsizetype(5)), std::pair(2 * smallest + 4, qsizetype(9)), std::pair(qsizetype(0), all.size())})
        QCOMPARE(F::get(*m_bucket, "k", F::range(offset, length)), all.mid(offset, length));
}

QTEST_GUILESS_MAIN(R2UploadsTest)
#include "t_r2uploads.moc"
