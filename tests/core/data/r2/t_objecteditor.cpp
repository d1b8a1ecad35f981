// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/objecteditor.h"

#include "core/base/bytes.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

using namespace cleat;
using bindings::r2::R2Bucket;
using data::r2::FolderFilter;
using data::r2::ObjectEditor;
using data::r2::ObjectList;
using Existing = ObjectEditor::Existing;

class TestObjectEditor : public QObject
{
    Q_OBJECT
private:
    static std::filesystem::path blobFolder(const StateFixture &fixture) { return storage::blobFolder(fixture.state(), storage::r2Layout, "bucket"); }
    static long files(const std::filesystem::path &folder)
    {
        std::error_code ec;
        return std::filesystem::exists(folder) ? std::distance(std::filesystem::directory_iterator(folder, ec), std::filesystem::directory_iterator()) : 0;
    }
    /// "key=value,...": what is there; a value that cannot be read is "?". Then no file must be over.
    static std::string all(const StateFixture &fixture)
    {
        ObjectList list(fixture.state(), "bucket");
        std::string text;
        const auto rows = list.rows({"", "", FolderFilter::Depth::Below}, 0, 1000).value();
        for (const auto &row : rows)
            text += row.key + '=' + list.read(row.key, 0, 3).value_or("?") + ',';
        if (files(blobFolder(fixture).parent_path() / ".cleat") != 0)
            text += " and marks";
        return text;
    }
    static void fill(const StateFixture &fixture, std::initializer_list<const char *> keys)
    {
        R2Bucket bucket(fixture.state(), "bucket");
        for (const char *key : keys)
            QVERIFY(bucket.put(key, base::asBytes(key)));
    }
    static void putInParts(const StateFixture &fixture, const char *key)
    {
        R2Bucket bucket(fixture.state(), "bucket");
        const std::string id = bucket.createMultipartUpload(key).value();
        std::vector<bindings::r2::UploadedPart> parts;
        for (int number = 1; number <= 2; ++number) {
            auto writer = bucket.write("uploadPart").value();
            QVERIFY(writer.write(base::asBytes(std::string(number == 1 ? 5'242'880 : 10, static_cast<char>('a' + number)))));
            parts.push_back({number, bucket.uploadPart(key, id, number, std::move(writer)).value()});
        }
        QVERIFY(bucket.completeMultipartUpload(key, id, parts));
    }

private Q_SLOTS:
    void nothingThere()
    {
        StateFixture fixture;
        ObjectEditor editor(fixture.state(), "bucket");
        const std::vector<std::string> keys{"a", "b/"};
        QCOMPARE(editor.remove(keys, {}).value(), 0U);
        QCOMPARE(codeOf(editor.move("a", "b", Existing::Keep, {})), "data.missing");
        QCOMPARE(codeOf(editor.copy("a/", "b/", Existing::Keep, {})), "data.missing");
        QCOMPARE(codeOf(editor.describe("a", "{}", "{}")), "data.missing");
        QVERIFY(!std::filesystem::exists(fixture.state()));
    }

    void putsAndDescribes()
    {
        StateFixture fixture;
        ObjectEditor editor(fixture.state(), "bucket");
        QVERIFY(editor.put("a", "one", R"({"contentType":"text/plain"})", "{}", Existing::Keep));
        QCOMPARE(codeOf(editor.put("a", "two", "{}", "{}", Existing::Keep)), "data.exists");
        QCOMPARE(codeOf(editor.put(std::string(1025, 'k'), "", "{}", "{}", Existing::Keep)), "r2.10020");
        QCOMPARE(all(fixture), "a=one,");
        const auto before = ObjectList(fixture.state(), "bucket").object("a").value();
        QVERIFY(editor.describe("a", R"({"contentType":"text/html"})", R"({"k":"v"})"));
        auto after = ObjectList(fixture.state(), "bucket").object("a").value();
        QCOMPARE(after->httpMetadata, R"({"contentType":"text/html"})");
        QCOMPARE(after->customMetadata, R"({"k":"v"})");
        QCOMPARE(after->etag, before->etag);
        QCOMPARE(after->uploadedMs, before->uploadedMs);
        QCOMPARE(codeOf(editor.describe("a", "{}", "{\"k\":\"" + std::string(8192, 'v') + "\"}")), "r2.10012");
        QVERIFY(!editor.describe("a", "no JSON", "{}"));
        QVERIFY(!editor.describe("a", "{}", "{\"k\":1}"));
        QVERIFY(editor.put("a", "two", "{}", "{}", Existing::Replace));
        QCOMPARE(all(fixture), "a=two,");
        QCOMPARE(files(blobFolder(fixture)), 1);
    }

    void moves_data()
    {
        QTest::addColumn<std::string>("from");
        QTest::addColumn<std::string>("to");
        QTest::addColumn<bool>("replace");
        QTest::addColumn<QByteArray>("result"); // a code, or what is there
        const auto row = [](const char *name, const char *from, const char *to, bool replace, const char *result) {
            QTest::newRow(name) << std::string(from) << std::string(to) << replace << QByteArray(result);
        };
        row("object", "a/1", "z", false, "a/2=a/2,a/b/1=a/b,b/1=b/1,z=a/1,");
        row("object to itself", "a/1", "a/1", false, "a/1=a/1,a/2=a/2,a/b/1=a/b,b/1=b/1,");
        row("object that is there", "a/1", "a/2", false, "data.exists");
        row("object replaced", "a/1", "a/2", true, "a/2=a/1,a/b/1=a/b,b/1=b/1,");
        row("no object", "a", "z", false, "data.missing");
        row("folder", "a/", "c/", false, "b/1=b/1,c/1=a/1,c/2=a/2,c/b/1=a/b,");
        row("folder onto another", "a/", "b/", false, "data.exists");
        row("folder replaces", "a/", "b/", true, "b/1=a/1,b/2=a/2,b/b/1=a/b,");
        row("folder into itself", "a/", "a/b/", false, "a/b/1=a/1,a/b/2=a/2,a/b/b/1=a/b,b/1=b/1,");
        row("folder up", "a/b/", "a/", false, "data.exists");
        row("folder up, replacing", "a/b/", "a/", true, "a/1=a/b,a/2=a/2,b/1=b/1,");
        row("folder to object", "a/", "z", false, "data.name");
        row("object to folder", "a/1", "z/", false, "data.name");
        row("empty folder", "x/", "z/", false, "data.missing");
    }
    void moves()
    {
        QFETCH(std::string, from);
        QFETCH(std::string, to);
        QFETCH(bool, replace);
        QFETCH(QByteArray, result);
        StateFixture fixture;
        fill(fixture, {"a/1", "a/2", "a/b/1", "b/1"});
        const std::string before = all(fixture);
        ObjectEditor editor(fixture.state(), "bucket");
        const auto moved = editor.move(from, to, replace ? Existing::Replace : Existing::Keep, {});
        if (!moved) {
            QCOMPARE(codeOf(moved), result);
            QCOMPARE(all(fixture), before);
            QCOMPARE(files(blobFolder(fixture)), 4);
            return;
        }
        QCOMPARE(QByteArray::fromStdString(all(fixture)), result);
        QCOMPARE(files(blobFolder(fixture)), result.count('='));
    }

    void copies_data()
    {
        QTest::addColumn<std::string>("from");
        QTest::addColumn<std::string>("to");
        QTest::addColumn<bool>("replace");
        QTest::addColumn<QByteArray>("result");
        const auto row = [](const char *name, const char *from, const char *to, bool replace, const char *result) {
            QTest::newRow(name) << std::string(from) << std::string(to) << replace << QByteArray(result);
        };
        row("object", "a/1", "z", false, "a/1=a/1,a/b/1=a/b,b/1=b/1,z=a/1,");
        row("onto itself", "a/1", "a/1", false, "data.exists");
        row("that is there", "a/1", "b/1", false, "data.exists");
        row("replaced", "a/1", "b/1", true, "a/1=a/1,a/b/1=a/b,b/1=a/1,");
        row("folder into itself", "a/", "a/b/", false, "data.exists");
        row("folder into itself, replacing", "a/", "a/b/", true, "a/1=a/1,a/b/1=a/1,a/b/b/1=a/b,b/1=b/1,");
        row("folder", "a/", "c/", false, "a/1=a/1,a/b/1=a/b,b/1=b/1,c/1=a/1,c/b/1=a/b,");
        row("missing", "x/", "c/", false, "data.missing");
    }
    void copies()
    {
        QFETCH(std::string, from);
        QFETCH(std::string, to);
        QFETCH(bool, replace);
        QFETCH(QByteArray, result);
        StateFixture fixture;
        fill(fixture, {"a/1", "a/b/1", "b/1"});
        const std::string before = all(fixture);
        ObjectEditor editor(fixture.state(), "bucket");
        const auto copied = editor.copy(from, to, replace ? Existing::Replace : Existing::Keep, {});
        if (!copied) {
            QCOMPARE(codeOf(copied), result);
            QCOMPARE(all(fixture), before);
            QCOMPARE(files(blobFolder(fixture)), 3);
            return;
        }
        QCOMPARE(QByteArray::fromStdString(all(fixture)), result);
        QCOMPARE(files(blobFolder(fixture)), result.count('='));
    }

    void inParts()
    {
        StateFixture fixture;
        putInParts(fixture, "big");
        const auto wanted = ObjectList(fixture.state(), "bucket").read("big", 0, 6'000'000).value();
        ObjectEditor editor(fixture.state(), "bucket");
        QCOMPARE(editor.copy("big", "copy", Existing::Keep, {}).value(), 1U);
        QCOMPARE(editor.move("big", "moved", Existing::Keep, {}).value(), 1U);
        // As the program that serves the bucket reads them.
        R2Bucket bucket(fixture.state(), "bucket");
        for (const char *key : {"copy", "moved"}) {
            auto got = bucket.get(key).value();
            QVERIFY(got);
            QVERIFY(got->value->read(6'000'000).value() == wanted);
            QVERIFY(got->object.etag.ends_with("-2"));
        }
        QCOMPARE(files(blobFolder(fixture)), 4);
        const std::vector<std::string> keys{"moved"};
        QCOMPARE(editor.remove(keys, {}).value(), 1U);
        QCOMPARE(files(blobFolder(fixture)), 2);
        QVERIFY(ObjectList(fixture.state(), "bucket").read("copy", 0, 6'000'000).value() == wanted);
        QVERIFY(editor.put("copy", "x", "{}", "{}", Existing::Replace));
        QCOMPARE(files(blobFolder(fixture)), 1);
    }

    void removes()
    {
        StateFixture fixture;
        fill(fixture, {"a", "a/1", "a/2", "a0", "b/c/d", "e"});
        ObjectEditor editor(fixture.state(), "bucket");
        std::stop_source source;
        source.request_stop();
        const std::vector<std::string> keys{"a/", "a/1", "none", "b/", "e"};
        QCOMPARE(codeOf(editor.remove(keys, {source.get_token(), {}})), "data.cancelled");
        QCOMPARE(files(blobFolder(fixture)), 6);
        QCOMPARE(editor.remove(keys, {}).value(), 4U);
        QCOMPARE(all(fixture), "a=a,a0=a0,");
        QCOMPARE(files(blobFolder(fixture)), 2);
    }

    void aMissingValueDoesNotStandInTheWay()
    {
        StateFixture fixture;
        fill(fixture, {"a/1", "a/2"});
        for (const auto &blob : std::filesystem::directory_iterator(blobFolder(fixture)))
            std::filesystem::remove(blob.path());
        ObjectEditor editor(fixture.state(), "bucket");
        const auto copied = editor.copy("a/", "b/", Existing::Keep, {});
        QCOMPARE(codeOf(copied), "storage.missing");
        QVERIFY(copied.error().message.contains("blobs"));
        QCOMPARE(editor.move("a/", "b/", Existing::Keep, {}).value(), 2U);
        const std::vector<std::string> keys{"b/"};
        QCOMPARE(editor.remove(keys, {}).value(), 2U);
    }
};

QTEST_GUILESS_MAIN(TestObjectEditor)
#include "t_objecteditor.moc"
