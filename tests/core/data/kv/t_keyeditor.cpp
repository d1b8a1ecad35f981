// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/kv/keyeditor.h"

#include "core/base/clock.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

using namespace cleat;
using namespace std::string_literals;
using data::kv::KeyEdit;
using data::kv::KeyEditor;
using data::kv::KeyFilter;
using data::kv::KeyList;
using Existing = KeyEditor::Existing;

class TestKeyEditor : public QObject
{
    Q_OBJECT
private:
    static std::filesystem::path fileOf(const StateFixture &fixture) { return storage::databaseFile(fixture.state(), storage::kvLayout, "ns"); }
    static std::size_t blobs(const StateFixture &fixture)
    {
        std::error_code ec;
        std::size_t count = 0;
        for (auto entry = std::filesystem::directory_iterator(storage::blobFolder(fixture.state(), storage::kvLayout, "ns"), ec);
             entry != std::filesystem::directory_iterator(); ++entry)
            ++count;
        return count;
    }
    /// "key=value,...": what is there.
    static std::string all(const StateFixture &fixture)
    {
        KeyList list(fixture.state(), "ns");
        std::string text;
        const auto rows = list.rows({}, 0, 1000).value();
        for (const auto &row : rows) {
            const auto value = list.value(row.key).value();
            text += row.key + '=' + (value ? value->bytes : "?") + ',';
        }
        return text;
    }

private Q_SLOTS:
    void refuses_data()
    {
        QTest::addColumn<std::string>("key");
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<std::string>("metadata");
        QTest::addColumn<qint64>("expiration");
        QTest::addColumn<QByteArray>("code");
        const auto row = [](const char *name, const std::string &key, quint64 bytes, const std::string &metadata, qint64 expiration, const char *code) {
            QTest::newRow(name) << key << bytes << metadata << expiration << QByteArray(code);
        };
        row("no key", "", 0, "", 0, "kv.key");
        row("dot", ".", 0, "", 0, "kv.key");
        row("dots", "..", 0, "", 0, "kv.key");
        row("long key", std::string(513, 'k'), 0, "", 0, "kv.limit");
        row("longest key", std::string(512, 'k'), 0, "", 0, "OK");
        row("large value", "k", 26'214'401, "", 0, "kv.limit");
        row("largest value", "k", 26'214'400, "", 0, "OK");
        row("long metadata", "k", 0, '"' + std::string(1023, 'm') + '"', 0, "kv.limit");
        row("longest metadata", "k", 0, '"' + std::string(1022, 'm') + '"', 0, "OK");
        row("metadata no JSON", "k", 0, "{a:1}", 0, "kv.option");
        row("past", "k", 0, "", 5, "OK");
        row("far", "k", 0, "", 2'147'483'647, "OK");
        row("too far", "k", 0, "", 2'147'483'648, "kv.option");
        row("milliseconds", "k", 0, "", 1'795'000'000'000, "kv.option");
    }
    void refuses()
    {
        QFETCH(std::string, key);
        QFETCH(quint64, bytes);
        QFETCH(std::string, metadata);
        QFETCH(qint64, expiration);
        QFETCH(QByteArray, code);
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        KeyEdit edit{key, {std::string(bytes, 'v'), std::nullopt, std::nullopt}};
        if (!metadata.empty())
            edit.value.metadata = metadata;
        if (expiration != 0)
            edit.value.expiration = expiration;
        QCOMPARE(codeOf(editor.put(edit, Existing::Replace)), code);
        const std::vector<KeyEdit> both{{"first", {"1", {}, {}}}, edit};
        QCOMPARE(codeOf(editor.put(both, {})), code);
        QCOMPARE(blobs(fixture), code == "OK" ? 2U : 0U);
        QCOMPARE(std::filesystem::exists(fixture.state()), code == "OK");
    }

    void idsThatWranglerLoses()
    {
        StateFixture fixture;
        for (const char *id : {"", ".foo", ".."}) {
            if (std::string(id) == "..")
                continue; // becomes "_."
            QCOMPARE(codeOf(KeyEditor(fixture.state(), id).put({"k", {"v", {}, {}}}, Existing::Replace)), "kv.storage");
        }
    }

    void putsAndKeeps()
    {
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        QVERIFY(editor.put({"k\0ey"s, {"one", 100, R"({"a":1})"}}, Existing::Keep));
        QCOMPARE(codeOf(editor.put({"k\0ey"s, {"two", {}, {}}}, Existing::Keep)), "data.exists");
        QCOMPARE(all(fixture), "k\0ey=one,"s);
        QCOMPARE(blobs(fixture), 1U);
        QVERIFY(editor.put({"k\0ey"s, {"two", 4, "null"}}, Existing::Replace));
        QCOMPARE(KeyList(fixture.state(), "ns").value("k\0ey"s).value(), (data::kv::KeyValue{"two", 4, std::nullopt}));
        QCOMPARE(blobs(fixture), 1U);
        // Several at once; the later of two with one key wins.
        const std::vector<KeyEdit> edits{{"a", {"1", {}, {}}}, {"b", {"2", {}, {}}}, {"a", {"3", {}, {}}}};
        QVERIFY(editor.put(edits, {}));
        QCOMPARE(all(fixture), "a=3,b=2,k\0ey=two,"s);
        QCOMPARE(blobs(fixture), 3U);
    }

    void cancelledNothingChanges()
    {
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        QVERIFY(editor.put({"a", {"old", {}, {}}}, Existing::Keep));
        std::vector<KeyEdit> edits;
        for (int i = 0; i < 2000; ++i)
            edits.push_back({i == 0 ? "a" : "k" + std::to_string(i), {"v", {}, {}}});
        for (const std::uint64_t after : {0U, 256U, 1792U}) {
            std::stop_source source;
            const auto done = editor.put(edits, {source.get_token(), [&](const data::Progress &progress) {
                                                     QCOMPARE(progress.total, 2000U);
                                                     if (progress.done >= after)
                                                         source.request_stop();
                                                 }});
            QCOMPARE(codeOf(done), "data.cancelled");
            QCOMPARE(all(fixture), "a=old,");
            QCOMPARE(blobs(fixture), 1U);
        }
        std::stop_source source;
        source.request_stop();
        const std::vector<std::string> keys{"a"};
        QCOMPARE(codeOf(editor.remove(keys, {source.get_token(), {}})), "data.cancelled");
        QCOMPARE(codeOf(editor.remove(KeyFilter{}, {source.get_token(), {}})), "data.cancelled");
        QCOMPARE(all(fixture), "a=old,");
    }

    void describes()
    {
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        QCOMPARE(codeOf(editor.describe("a", 5, std::nullopt)), "data.missing");
        QVERIFY(!std::filesystem::exists(fixture.state()));
        QVERIFY(editor.put({"a", {"v", 7, "1"}}, Existing::Keep));
        const auto blob = KeyList(fixture.state(), "ns").rows({}, 0, 1).value().at(0).blob;
        QVERIFY(editor.describe("a", std::nullopt, R"({"x":[]})"));
        QCOMPARE(KeyList(fixture.state(), "ns").value("a").value(), (data::kv::KeyValue{"v", std::nullopt, R"({"x":[]})"}));
        QCOMPARE(KeyList(fixture.state(), "ns").rows({}, 0, 1).value().at(0).blob, blob);
        QCOMPARE(codeOf(editor.describe("a", 5, "no")), "kv.option");
        QCOMPARE(codeOf(editor.describe("b", 5, std::nullopt)), "data.missing");
    }

    void renames()
    {
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        QCOMPARE(codeOf(editor.rename("a", "b", Existing::Keep)), "data.missing");
        QVERIFY(editor.put({"a", {"1", 9, "2"}}, Existing::Keep));
        QVERIFY(editor.put({"b", {"2", {}, {}}}, Existing::Keep));
        QCOMPARE(codeOf(editor.rename("a", "b", Existing::Keep)), "data.exists");
        QCOMPARE(codeOf(editor.rename("a", "", Existing::Keep)), "kv.key");
        QCOMPARE(codeOf(editor.rename("x", "y", Existing::Keep)), "data.missing");
        QVERIFY(editor.rename("a", "a", Existing::Keep));
        QCOMPARE(all(fixture), "a=1,b=2,");
        QVERIFY(editor.rename("a", "c", Existing::Keep));
        QVERIFY(editor.rename("c", "b", Existing::Replace));
        QCOMPARE(all(fixture), "b=1,");
        QCOMPARE(KeyList(fixture.state(), "ns").value("b").value(), (data::kv::KeyValue{"1", 9, "2"}));
        QCOMPARE(blobs(fixture), 1U);
    }

    void removes()
    {
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        const std::vector<std::string> some{"a", "a", "none", "%"};
        QCOMPARE(editor.remove(some, {}).value(), 0U);
        QCOMPARE(editor.remove(KeyFilter{}, {}).value(), 0U);
        std::vector<KeyEdit> edits;
        for (const char *key : {"a", "user:1", "User:2", "user:13", "%", "usex"})
            edits.push_back({key, {"v", {}, {}}});
        QVERIFY(editor.put(edits, {}));
        QCOMPARE(editor.remove(some, {}).value(), 2U);
        QCOMPARE(editor.remove(KeyFilter{"", "SER:1"}, {}).value(), 2U);
        QCOMPARE(all(fixture), "User:2=v,usex=v,");
        QCOMPARE(editor.remove(KeyFilter{"use", ""}, {}).value(), 1U);
        QCOMPARE(editor.remove(KeyFilter{}, {}).value(), 1U);
        QCOMPARE(blobs(fixture), 0U);
    }

    void lockedByAnother()
    {
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        QVERIFY(editor.put({"a", {"1", {}, {}}}, Existing::Keep));
        OtherProgram other(fileOf(fixture));
        QCOMPARE(other.run("BEGIN IMMEDIATE"), "");
        QCOMPARE(codeOf(editor.put({"a", {"2", {}, {}}}, Existing::Replace)), "storage.busy");
        QCOMPARE(all(fixture), "a=1,");
        QCOMPARE(blobs(fixture), 1U);
        other.run("COMMIT");
        QVERIFY(editor.put({"a", {"2", {}, {}}}, Existing::Replace));
    }

    void damagedFileIsLeftAlone()
    {
        StateFixture fixture;
        StateFixture::write(fileOf(fixture), std::string(8192, 'x'));
        KeyEditor editor(fixture.state(), "ns");
        QCOMPARE(codeOf(editor.put({"a", {"1", {}, {}}}, Existing::Replace)), "storage.notdatabase");
        QCOMPARE(codeOf(editor.remove(KeyFilter{}, {})), "storage.notdatabase");
        QCOMPARE(std::filesystem::file_size(fileOf(fixture)), 8192U);
        QCOMPARE(blobs(fixture), 0U);
    }

    void functionsSeeIt()
    {
        StateFixture fixture;
        bindings::kv::KvNamespace kv(fixture.state(), "ns");
        QVERIFY(!kv.read("a").value());
        const std::int64_t soon = base::wallMs() / 1000 + 30;
        QVERIFY(KeyEditor(fixture.state(), "ns").put({"a", {"1", soon, "true"}}, Existing::Keep));
        const auto entry = kv.read("a").value();
        QVERIFY(entry);
        QCOMPARE(*entry->value, "1");
        QCOMPARE(entry->expiration, soon);
        QCOMPARE(entry->metadata, "true");
    }
};

QTEST_GUILESS_MAIN(TestKeyEditor)
#include "t_keyeditor.moc"
