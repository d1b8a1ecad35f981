// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/objectlist.h"

#include "core/base/bytes.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace cleat;
using namespace std::string_literals;
using bindings::r2::R2Bucket;
using data::r2::FolderFilter;
using data::r2::FolderRow;
using data::r2::ObjectList;
using Depth = FolderFilter::Depth;
using Kind = FolderRow::Kind;

namespace {

using Names = std::vector<std::string>; // "D " or "O ", and the key

std::string lowered(std::string text)
{
    for (char &c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return text;
}

bool has(const std::string &text, const std::string &needle)
{
    return lowered(text).find(lowered(needle)) != std::string::npos;
}

Names expected(const std::set<std::string> &keys, const FolderFilter &filter)
{
    std::set<std::string> folders;
    std::set<std::string> objects;
    for (const std::string &key : keys) {
        if (!key.starts_with(filter.folder))
            continue;
        const std::string name = key.substr(filter.folder.size());
        const std::size_t slash = name.find('/');
        if (filter.depth == Depth::Below || slash == name.npos) {
            if (has(name, filter.text))
                objects.insert(key);
        } else if (has(name.substr(0, slash), filter.text)) {
            folders.insert(filter.folder + name.substr(0, slash + 1));
        }
    }
    Names all;
    for (const std::string &folder : folders)
        all.push_back("D " + folder);
    for (const std::string &object : objects)
        all.push_back("O " + object);
    return all;
}

Names namesOf(const std::vector<FolderRow> &rows)
{
    Names names;
    for (const FolderRow &row : rows)
        names.push_back((row.kind == Kind::Folder ? "D " : "O ") + row.key);
    return names;
}

} // namespace

class TestObjectList : public QObject
{
    Q_OBJECT
private:
    static std::filesystem::path fileOf(const StateFixture &fixture) { return storage::databaseFile(fixture.state(), storage::r2Layout, "bucket"); }

    static void put(OtherProgram &other, const std::string &key)
    {
        QVERIFY(other.run("INSERT OR REPLACE INTO _mf_objects VALUES (?1, 'b', 'v', 1, 'e', 5, '{}', '{\"contentType\":\"text/plain\"}', '{}')", {key}));
    }

    static void compare(ObjectList &list, const std::set<std::string> &keys, const FolderFilter &filter, std::mt19937 &random)
    {
        const Names wanted = expected(keys, filter);
        if (random() % 2 == 0)
            QCOMPARE(list.count(filter).value(), wanted.size());
        QCOMPARE(namesOf(list.rows(filter, 0, wanted.size() + 1).value()), wanted);
        for (int i = 0; i < 12; ++i) {
            const std::size_t first = random() % (wanted.size() + 3);
            const std::size_t count = random() % 9;
            const Names rows = namesOf(list.rows(filter, first, count).value());
            const std::size_t begin = std::min(first, wanted.size());
            QCOMPARE(
                rows, Names(wanted.begin() + static_cast<long>(begin), wanted.begin() + static_cast<long>(begin + std::min(count, wanted.size() - begin))));
        }
        QCOMPARE(list.count(filter).value(), wanted.size());
    }

private Q_SLOTS:
    void nothingThere()
    {
        StateFixture fixture;
        ObjectList list(fixture.state(), "bucket");
        QCOMPARE(list.count({}).value(), 0U);
        QVERIFY(list.rows({}, 0, 10).value().empty());
        QVERIFY(!list.object("x").value());
        QCOMPARE(codeOf(list.read("x", 0, 1)), "data.missing");
        QCOMPARE(list.totals("").value().objects, 0U);
        QVERIFY(list.changed().value());
        QVERIFY(!list.changed().value());
        QVERIFY2(!std::filesystem::exists(fixture.state()), "Looking makes no files.");
    }

    void damagedFileIsNamed()
    {
        StateFixture fixture;
        StateFixture::write(fileOf(fixture), std::string(8192, 'x'));
        ObjectList list(fixture.state(), "bucket");
        QCOMPARE(codeOf(list.count({})), "storage.notdatabase");
        QCOMPARE(codeOf(list.totals("")), "storage.notdatabase");
    }

    void nastyKeys()
    {
        StateFixture fixture;
        OtherProgram other(fileOf(fixture));
        other.run(OtherProgram::objectsSchema);
        const std::set<std::string> keys{"", "/", "//", "/x", "a", "a/", "a//", "a//b", "a/b", "a/b/c", "a-b/c", "a.txt", "a0", "a/\0x"s, "a\0/y"s, "A/b",
            "é/É", "é/é/x", "\xF4\x8F\xBF\xBF/x", "\xF4\x8F\xBF\xBF", "..", "../x", "a/../b", "%/x", "_/x"};
        for (const std::string &key : keys)
            put(other, key);
        ObjectList list(fixture.state(), "bucket");
        std::mt19937 random(1);
        for (const char *folder : {"", "/", "a/", "a//", "a/b/", "é/", "nothing/", "a/../"}) {
            for (const char *text : {"", "A", "b", ".", "/", "É"}) {
                for (const Depth depth : {Depth::Here, Depth::Below})
                    compare(list, keys, {folder, text, depth}, random);
            }
        }
    }

    void anyPlaceWhileOthersWrite_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("folders");
        QTest::newRow("a few") << 60 << 5;
        QTest::newRow("one folder") << 10'000 << 1;
        QTest::newRow("more folders than are remembered") << 30'000 << 9'000;
        QTest::newRow("large folders") << 12'000 << 40;
    }
    void anyPlaceWhileOthersWrite()
    {
        QFETCH(int, count);
        QFETCH(int, folders);
        StateFixture fixture;
        OtherProgram other(fileOf(fixture));
        other.run(OtherProgram::objectsSchema);
        std::mt19937 random(3);
        std::set<std::string> keys;
        const auto randomKey = [&] {
            const std::string name = std::to_string(random() % 1'000'000);
            return random() % 4 == 0 ? name : "d" + std::to_string(static_cast<int>(random() % static_cast<unsigned>(folders))) + "/" + name;
        };
        other.run("BEGIN");
        while (keys.size() < static_cast<std::size_t>(count)) {
            const std::string key = randomKey();
            keys.insert(key);
            put(other, key);
        }
        other.run("COMMIT");
        ObjectList list(fixture.state(), "bucket");
        for (int round = 0; round < 4; ++round) {
            for (const FolderFilter &filter :
                {FolderFilter{}, {"", "1", Depth::Here}, {"", "1", Depth::Below}, {"d0/", "", Depth::Here}, {"d0/", "7", Depth::Below}, {"", "", Depth::Below}})
                compare(list, keys, filter, random);
            const std::string key = randomKey();
            if (round % 2 == 0) {
                keys.insert(key);
                put(other, key);
            } else {
                const std::string gone = *std::next(keys.begin(), static_cast<int>(random() % keys.size()));
                keys.erase(gone);
                QVERIFY(other.run("DELETE FROM _mf_objects WHERE key = ?1", {gone}));
            }
        }
    }

    void tellsAll()
    {
        StateFixture fixture;
        R2Bucket bucket(fixture.state(), "bucket");
        bindings::r2::PutOptions options;
        options.httpMetadata = R"({"contentType":"text/html"})";
        options.customMetadata = R"({"a":"b"})";
        const auto put = bucket.put("f/page", base::asBytes("0123456789"), options);
        QVERIFY(put && *put);
        QVERIFY(bucket.put("f/empty", std::span<const std::byte>()));
        ObjectList list(fixture.state(), "bucket");
        const auto rows = list.rows({"f/", "", Depth::Here}, 0, 10).value();
        QCOMPARE(rows.size(), 2U);
        QCOMPARE(rows[1], (FolderRow{Kind::Object, "f/page", (*put)->version, 10, (*put)->uploadedMs, (*put)->etag, "text/html"}));
        QCOMPARE(rows[0].contentType, "");
        QCOMPARE(list.object("f/page").value()->customMetadata, R"({"a":"b"})");
        QCOMPARE(list.read("f/page", 0, 100).value(), "0123456789");
        QCOMPARE(list.read("f/page", 3, 4).value(), "3456");
        QCOMPARE(list.read("f/page", 10, 4).value(), "");
        QCOMPARE(list.read("f/page", 11, 4).value(), "");
        QCOMPARE(list.read("f/empty", 0, 4).value(), "");
        const auto totals = list.totals("f/").value();
        QCOMPARE(totals.objects, 2U);
        QCOMPARE(totals.bytes, 10U);
        QCOMPARE(list.totals("g").value().objects, 0U);
        // A value whose file is gone.
        for (const auto &blob : std::filesystem::directory_iterator(storage::blobFolder(fixture.state(), storage::r2Layout, "bucket")))
            std::filesystem::remove(blob.path());
        const auto gone = list.read("f/page", 0, 1);
        QCOMPARE(codeOf(gone), "data.missing");
        QVERIFY(gone.error().message.contains("blobs"));
        QVERIFY2(list.object("f/page").value(), "The rest stays usable.");
    }

    void inParts()
    {
        StateFixture fixture;
        R2Bucket bucket(fixture.state(), "bucket");
        const std::string id = bucket.createMultipartUpload("big").value();
        std::string whole;
        std::vector<bindings::r2::UploadedPart> parts;
        for (int number = 1; number <= 3; ++number) {
            auto writer = bucket.write("uploadPart").value();
            const std::string bytes(number < 3 ? 5'242'880 : 1000, static_cast<char>('a' + number));
            QVERIFY(writer.write(base::asBytes(bytes)));
            whole += bytes;
            parts.push_back({number, bucket.uploadPart("big", id, number, std::move(writer)).value()});
        }
        QVERIFY(bucket.completeMultipartUpload("big", id, parts));
        ObjectList list(fixture.state(), "bucket");
        QCOMPARE(list.rows({}, 0, 1).value().at(0).size, whole.size());
        QVERIFY(list.read("big", 0, whole.size()).value() == whole);
        QCOMPARE(list.read("big", 5'242'878, 4).value(), "bbcc");
        QCOMPARE(list.read("big", whole.size() - 2, 100).value(), "dd");
    }

    void stops()
    {
        StateFixture fixture;
        OtherProgram other(fileOf(fixture));
        other.run(OtherProgram::objectsSchema);
        put(other, "a");
        ObjectList list(fixture.state(), "bucket");
        std::stop_source source;
        source.request_stop();
        QCOMPARE(codeOf(list.count({}, source.get_token())), "data.cancelled");
        QCOMPARE(codeOf(list.rows({}, 0, 10, source.get_token())), "data.cancelled");
        QCOMPARE(codeOf(list.totals("", source.get_token())), "data.cancelled");
        QCOMPARE(list.count({}).value(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestObjectList)
#include "t_objectlist.moc"
