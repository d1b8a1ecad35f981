// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/kv/keybulk.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <sys/resource.h>

using namespace cleat;
using namespace std::string_literals;
using data::kv::KeyEdit;
using data::kv::KeyEditor;
using data::kv::KeyFilter;
using data::kv::KeyList;
using data::kv::KeyValue;

namespace {

constexpr auto manyKinds = "[\n"
                           "{\"key\":\"plain\",\"value\":\"v\\u0000é\"},\n"
                           "{\"key\":\"bytes\",\"value\":\"//79\\n AA==\",\"base64\":true,\"other\":1},\n"
                           "{\"key\":\"all\",\"value\":\"\",\"expiration\":2000000000.9,\"metadata\":{\"b\":1,\"a\":[null]},\"base64\":false},\n"
                           "{\"key\":\"ttl\",\"value\":\"x\",\"expiration_ttl\":100,\"expiration\":5,\"metadata\":null},\n"
                           "{\"key\":\"plain2\",\"value\":\"1\",\"expiration\":null},\n"
                           "{\"key\":\"plain2\",\"value\":\"2\"}\n"
                           "]\n";

} // namespace

class TestKeyBulk : public QObject
{
    Q_OBJECT
private:
    static std::filesystem::path write(const StateFixture &fixture, std::string_view text)
    {
        const auto file = fixture.folder() / "bulk.json";
        StateFixture::write(file, text);
        return file;
    }
    static auto importText(const StateFixture &fixture, std::string_view text) { return data::kv::importKeys(fixture.state(), "ns", write(fixture, text), {}); }

private Q_SLOTS:
    void refuses_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("words"); // of the message
        QTest::addColumn<int>("line");
        const auto row = [](const char *name, const std::string &text, const char *code, const char *words, int line = 0) {
            QTest::newRow(name) << text << QByteArray(code) << QByteArray(words) << line;
        };
        row("empty", "", "data.format", "line 1, column 1", 1);
        row("cut off", "[\n {\"key\":\"a\",\n  \"value\": \"b", "data.format", "line 3", 3);
        row("not UTF-8", "[{\"key\":\"\xFF\",\"value\":\"\"}]", "data.format", "line 1", 1);
        row("trailing comma", "[{\"key\":\"a\",\"value\":\"b\"},\n]", "data.format", "line 2, column 1", 2);
        row("two documents", "[]\n[]", "data.format", "line 2", 2);
        row("an object", "{\"key\":\"a\",\"value\":\"b\"}", "data.format", "no list");
        row("a text", "\"x\"", "data.format", "no list");
        row("texts", "[\"a\"]", "data.format", "Entry 1 ");
        row("list in it", "[{\"key\":\"a\",\"value\":\"\"},[]]", "data.format", "Entry 2 ");
        row("null", "[null]", "data.format", "Entry 1 ");
        row("no key", "[{\"key\":\"a\",\"value\":\"1\"},{\"value\":\"b\"}]", "data.format", "Entry 2 of ");
        row("no value", "[{\"key\":\"a\"}]", "data.format", "\"value\"");
        row("value a number", "[{\"key\":\"a\",\"value\":5}]", "data.format", "\"value\"");
        row("key a number", "[{\"key\":1,\"value\":\"5\"}]", "data.format", "\"key\"");
        row("expiration a text", "[{\"key\":\"a\",\"value\":\"5\",\"expiration\":\"x\"}]", "data.format", "\"expiration\"");
        row("expiration huge", "[{\"key\":\"a\",\"value\":\"5\",\"expiration\":1e300}]", "data.format", "\"expiration\"");
        row("ttl negative", "[{\"key\":\"a\",\"value\":\"5\",\"expiration_ttl\":-1}]", "data.format", "expiration_ttl");
        row("base64 a text", "[{\"key\":\"a\",\"value\":\"5\",\"base64\":\"yes\"}]", "data.format", "base64");
        row("no base64", "[{\"key\":\"a\",\"value\":\"!!\",\"base64\":true}]", "data.format", "base64");
        row("empty key", "[{\"key\":\"ok\",\"value\":\"\"},{\"key\":\"\",\"value\":\"\"}]", "kv.key", "Entry 2 ");
        row("long key", "[{\"key\":\"" + std::string(513, 'k') + "\",\"value\":\"\"}]", "kv.limit", "Entry 1 ");
        row("long metadata", "[{\"key\":\"k\",\"value\":\"\",\"metadata\":\"" + std::string(1023, 'm') + "\"}]", "kv.limit", "Entry 1 ");
        row("deep metadata", "[{\"key\":\"k\",\"value\":\"\",\"metadata\":" + std::string(500'000, '[') + std::string(500'000, ']') + "}]", "data.format",
            "deeply");
    }
    void refuses()
    {
        QFETCH(std::string, text);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, words);
        QFETCH(int, line);
        StateFixture fixture;
        const auto done = importText(fixture, text);
        QCOMPARE(codeOf(done), code);
        QVERIFY2(QByteArray::fromStdString(done.error().message).contains(words), done.error().message.c_str());
        QCOMPARE(done.error().place.line, line);
        QVERIFY2(!std::filesystem::exists(fixture.state()), "Nothing has been written.");
    }

    void missingFile()
    {
        StateFixture fixture;
        QCOMPARE(codeOf(data::kv::importKeys(fixture.state(), "ns", fixture.folder() / "none.json", {})), "file.missing");
    }

    void imports()
    {
        StateFixture fixture;
        const std::int64_t before = base::wallMs() / 1000;
        QCOMPARE(importText(fixture, "\xEF\xBB\xBF" + std::string(manyKinds)).value(), 6U);
        KeyList list(fixture.state(), "ns");
        QCOMPARE(list.count({}).value(), 5U);
        QCOMPARE(list.value("plain").value(), (KeyValue{"v\0é"s, {}, {}}));
        QCOMPARE(list.value("bytes").value(), (KeyValue{"\xFF\xFE\xFD\0"s, {}, {}}));
        QCOMPARE(list.value("all").value(), (KeyValue{"", 2'000'000'000, "{\"b\":1,\"a\":[null]}"}));
        QCOMPARE(list.value("plain2").value(), (KeyValue{"2", {}, {}}));
        const auto ttl = list.value("ttl").value();
        QVERIFY(ttl && *ttl->expiration >= before + 100 && *ttl->expiration <= before + 110 && !ttl->metadata);
        QCOMPARE(importText(fixture, "[]").value(), 0U);
    }

    void roundTrip()
    {
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        const std::vector<KeyEdit> edits{{"a\0\n\"é"s, {"text \x01 \"é\"", 2'000'000'000, "{\"x\":\"é\"}"}}, {"b", {"\xFF\0"s, {}, "[1,2]"}},
            {"c", {"", {}, {}}}, {"expired", {"gone", 5, {}}}, {"User", {"u", {}, {}}}, {"user", {"v", {}, {}}}};
        QVERIFY(editor.put(edits, {}));
        OtherProgram(storage::databaseFile(fixture.state(), storage::kvLayout, "ns")).run("INSERT INTO _mf_entries (key, blob_id) VALUES ('noblob', 'none')");
        const auto file = fixture.folder() / "out.json";
        QCOMPARE(data::kv::exportKeys(fixture.state(), "ns", KeyFilter{}, file, {}).value(), 5U);
        QCOMPARE(data::kv::importKeys(fixture.state(), "two", file, {}).value(), 5U);
        KeyList list(fixture.state(), "two");
        for (const KeyEdit &edit : edits) {
            if (edit.key != "expired")
                QCOMPARE(list.value(edit.key).value(), edit.value);
        }
        QCOMPARE(list.count({}).value(), 5U);
        QCOMPARE(data::kv::exportKeys(fixture.state(), "ns", KeyFilter{"", "USER"}, file, {}).value(), 2U);
        const std::vector<std::string> keys{"c", "none", "b"};
        QCOMPARE(data::kv::exportKeys(fixture.state(), "ns", keys, file, {}).value(), 2U);
        QCOMPARE(
            base::readFile(file).value(), "[\n  {\"key\":\"c\",\"value\":\"\"},\n  {\"key\":\"b\",\"value\":\"/wA=\",\"metadata\":[1,2],\"base64\":true}\n]\n");
        QCOMPARE(data::kv::exportKeys(fixture.state(), "nothing", KeyFilter{}, file, {}).value(), 0U);
        QCOMPARE(base::readFile(file).value(), "[]\n");
    }

    void cancelledExportLeavesTheFile()
    {
        StateFixture fixture;
        KeyEditor editor(fixture.state(), "ns");
        std::vector<KeyEdit> edits;
        for (int i = 0; i < 1500; ++i)
            edits.push_back({"k" + std::to_string(i), {"v", {}, {}}});
        QVERIFY(editor.put(edits, {}));
        const auto file = write(fixture, "before");
        std::stop_source source;
        const data::Control control{source.get_token(), [&](const data::Progress &progress) {
                                        QCOMPARE(progress.total, 1500U);
                                        if (progress.done >= 512)
                                            source.request_stop();
                                    }};
        QCOMPARE(codeOf(data::kv::exportKeys(fixture.state(), "ns", KeyFilter{}, file, control)), "data.cancelled");
        QCOMPARE(base::readFile(file).value(), "before");
        QCOMPARE(std::distance(std::filesystem::directory_iterator(fixture.folder()), std::filesystem::directory_iterator()), 2);
        QCOMPARE(codeOf(data::kv::exportKeys(fixture.state(), "ns", KeyFilter{}, fixture.folder() / "none" / "x.json", {})), "file.write");
    }

    void manyKeys()
    {
        StateFixture fixture;
        std::string text = "[";
        for (int i = 0; i < 100'000; ++i)
            text +=
                (i ? ",\n{\"key\":\"key-" : "{\"key\":\"key-") + std::to_string(i) + "\",\"value\":\"value " + std::to_string(i) + "\",\"metadata\":{\"n\":1}}";
        const auto file = write(fixture, text + ']');
        QCOMPARE(timed("import of 100,000 keys", [&] { return data::kv::importKeys(fixture.state(), "ns", file, {}).value(); }), 100'000U);
        QCOMPARE(timed("export of 100,000 keys", [&] { return data::kv::exportKeys(fixture.state(), "ns", KeyFilter{}, file, {}).value(); }), 100'000U);
        struct rusage usage {};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("    %-64s %9.1f MB\n", "memory at most, of the whole test", static_cast<double>(usage.ru_maxrss) / 1024);
        std::stop_source source;
        const auto done = data::kv::importKeys(fixture.state(), "other", file, {source.get_token(), [&](const data::Progress &progress) {
                                                                                    if (progress.done > 5000)
                                                                                        source.request_stop();
                                                                                }});
        QCOMPARE(codeOf(done), "data.cancelled");
        QCOMPARE(KeyList(fixture.state(), "other").count({}).value(), 0U);
        const auto blobs = storage::blobFolder(fixture.state(), storage::kvLayout, "other");
        QVERIFY(!std::filesystem::exists(blobs) || std::filesystem::is_empty(blobs));
    }
};

QTEST_GUILESS_MAIN(TestKeyBulk)
#include "t_keybulk.moc"
