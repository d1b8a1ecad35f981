// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/kv/keylist.h"

#include "core/base/bytes.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <set>

using namespace cleat;
using namespace std::string_literals;
using data::kv::KeyFilter;
using data::kv::KeyList;

namespace {

std::string lowered(std::string text)
{
    for (char &c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return text;
}

std::vector<std::string> expected(const std::set<std::string> &keys, const KeyFilter &filter)
{
    std::vector<std::string> found;
    std::ranges::copy_if(keys, std::back_inserter(found),
        [&](const std::string &key) { return key.starts_with(filter.prefix) && lowered(key).find(lowered(filter.text)) != std::string::npos; });
    return found;
}

} // namespace

class TestKeyList : public QObject
{
    Q_OBJECT
private:
    static std::filesystem::path fileOf(const StateFixture &fixture) { return storage::databaseFile(fixture.state(), storage::kvLayout, "ns"); }

    static void put(OtherProgram &other, const std::string &key, const std::string &blob = "b")
    {
        QVERIFY(other.run("INSERT OR REPLACE INTO _mf_entries (key, blob_id) VALUES (?1, ?2)", {key, blob}));
    }

    /// Rows asked for in every way agree with the model.
    static void compare(KeyList &list, const std::set<std::string> &keys, const KeyFilter &filter, std::mt19937 &random)
    {
        const auto wanted = expected(keys, filter);
        // Sometimes the rows before the count, so that they are found without it.
        if (random() % 2 == 0)
            QCOMPARE(list.count(filter).value(), wanted.size());
        for (int i = 0; i < 12; ++i) {
            const std::uint64_t first = random() % (wanted.size() + 3);
            const std::size_t count = random() % 9;
            const auto rows = list.rows(filter, first, count);
            QVERIFY2(rows, rows ? "" : rows.error().message.c_str());
            const std::size_t begin = std::min<std::size_t>(first, wanted.size());
            QCOMPARE(rows->size(), std::min(count, wanted.size() - begin));
            for (std::size_t at = 0; at < rows->size(); ++at)
                QCOMPARE((*rows)[at].key, wanted[begin + at]);
            const std::string key = !wanted.empty() && random() % 2 == 0 ? wanted[random() % wanted.size()] : std::to_string(random() % 1000);
            QCOMPARE(list.position(filter, key).value(), static_cast<std::uint64_t>(std::ranges::lower_bound(wanted, key) - wanted.begin()));
        }
        QCOMPARE(list.count(filter).value(), wanted.size());
    }

private Q_SLOTS:
    void nothingThere()
    {
        StateFixture fixture;
        KeyList list(fixture.state(), "ns");
        QCOMPARE(list.count({}).value(), 0U);
        QVERIFY(list.rows({}, 0, 10).value().empty());
        QCOMPARE(list.position({}, "x").value(), 0U);
        QVERIFY(!list.value("x").value());
        QVERIFY(list.changed().value());
        QVERIFY(!list.changed().value());
        QVERIFY2(!std::filesystem::exists(fixture.state()), "Looking makes no files.");
    }

    void fileWithoutTable()
    {
        StateFixture fixture;
        OtherProgram other(fileOf(fixture));
        other.run("CREATE TABLE x (y)");
        KeyList list(fixture.state(), "ns");
        QCOMPARE(list.count({}).value(), 0U);
        QVERIFY(list.changed().value());
        other.run(OtherProgram::entriesSchema);
        put(other, "a");
        QVERIFY(list.changed().value());
        QCOMPARE(list.count({}).value(), 1U);
    }

    void damagedFileIsNamedAndLeftAlone()
    {
        StateFixture fixture;
        const std::string bytes(8192, 'x');
        StateFixture::write(fileOf(fixture), bytes);
        KeyList list(fixture.state(), "ns");
        for (int i = 0; i < 2; ++i) {
            const auto count = list.count({});
            QCOMPARE(codeOf(count), "storage.notdatabase");
            QVERIFY(count.error().message.contains(fileOf(fixture).string()));
        }
        QCOMPARE(std::filesystem::file_size(fileOf(fixture)), bytes.size());
    }

    void nastyKeys()
    {
        StateFixture fixture;
        OtherProgram other(fileOf(fixture));
        other.run(OtherProgram::entriesSchema);
        const std::set<std::string> keys{"", "a", "a%", "a_", "aa", "A", "a\0b"s, "a\0c"s, "\x7F", "\xEF\xBF\xBF", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "é",
            "É", "a\nb", std::string(512, 'k'), std::string(511, 'k'), "%", "_", "'", "\"", "\\", "日本"};
        for (const std::string &key : keys)
            put(other, key);
        // Rows that no program of wrangler's makes.
        other.run("INSERT INTO _mf_entries (key, blob_id) VALUES (NULL, 'n'), (x'00ff', 'b'), (x'', 'b')");
        KeyList list(fixture.state(), "ns");
        std::mt19937 random(1);
        for (const std::string &prefix :
            std::set<std::string>{"", "a", "a\0"s, "a\0b"s, "k", "\xF4\x8F\xBF\xBF", "\xF4", "\xEF\xBF\xBF", "z", "é", std::string(600, 'k')}) {
            for (const std::string &text : std::set<std::string>{"", "A", "a", "_", "%", "b", "\0"s, "É", "kkk"})
                compare(list, keys, {prefix, text}, random);
        }
        QCOMPARE(codeOf(list.count({"\xFF\xFF", ""})), "OK");
    }

    void anyPlaceWhileOthersWrite_data()
    {
        QTest::addColumn<int>("count");
        QTest::newRow("a few") << 40;
        QTest::newRow("more than one step") << 9'000;
        QTest::newRow("more than are remembered") << 30'000;
    }
    void anyPlaceWhileOthersWrite()
    {
        QFETCH(int, count);
        StateFixture fixture;
        OtherProgram other(fileOf(fixture));
        other.run(OtherProgram::entriesSchema);
        std::mt19937 random(7);
        std::set<std::string> keys;
        other.run("BEGIN");
        const auto randomKey = [&] {
            return std::string(random() % 3 == 0 ? "user:" : random() % 2 == 0 ? "User:" : "x") + std::to_string(random() % 1'000'000);
        };
        while (keys.size() < static_cast<std::size_t>(count)) {
            const std::string key = randomKey();
            keys.insert(key);
            put(other, key);
        }
        other.run("COMMIT");
        KeyList list(fixture.state(), "ns");
        for (int round = 0; round < 6; ++round) {
            for (const KeyFilter &filter : {KeyFilter{}, {"user:", ""}, {"", "SER:1"}, {"", "77777"}, {"x", "9"}, {"nothing", ""}, {"", "ser"}})
                compare(list, keys, filter, random);
            const std::string key = randomKey();
            if (round % 2 == 0) {
                keys.insert(key);
                put(other, key);
            } else {
                const std::string gone = *std::next(keys.begin(), static_cast<int>(random() % keys.size()));
                keys.erase(gone);
                QVERIFY(other.run("DELETE FROM _mf_entries WHERE key = ?1", {gone}));
            }
        }
    }

    void rowsTellAll()
    {
        StateFixture fixture;
        bindings::kv::KvNamespace kv(fixture.state(), "ns");
        const std::int64_t soon = 4'000'000'000 / 2;
        QVERIFY(kv.put("full", base::asBytes("12345"), {.expiration = soon, .expirationTtl = {}, .metadata = R"({"a":1})"}));
        QVERIFY(kv.put("plain", {}, {}));
        OtherProgram other(fileOf(fixture));
        put(other, "missing", std::string(80, 'f'));
        put(other, "outside", "../../secret");
        other.run("INSERT INTO _mf_entries VALUES ('expired', 'none', 5999, NULL)");
        KeyList list(fixture.state(), "ns");
        const auto rows = list.rows({}, 0, 10).value();
        QCOMPARE(rows.size(), 5U);
        QCOMPARE(rows[0].key, "expired");
        QCOMPARE(rows[0].expiration, 5);
        QCOMPARE(rows[1].key, "full");
        QCOMPARE(rows[1].size, 5U);
        QCOMPARE(rows[1].expiration, soon);
        QCOMPARE(rows[1].metadata, R"({"a":1})");
        QCOMPARE(rows[1].blob.size(), 80U);
        QVERIFY(!rows[2].size);
        QVERIFY(!rows[3].size);
        QCOMPARE(rows[4].size, 0U);
        QVERIFY(!rows[4].expiration && !rows[4].metadata);
        QCOMPARE(list.value("full").value(), (data::kv::KeyValue{"12345", soon, R"({"a":1})"}));
        QCOMPARE(list.value("plain").value(), data::kv::KeyValue());
        QVERIFY(!list.value("missing").value());
        QVERIFY(!list.value("outside").value());
        QVERIFY(!list.value("none").value());
        QVERIFY2(other.run("SELECT count(*) FROM _mf_entries") == "5\n", "Looking deletes nothing.");
    }

    void seesChanges()
    {
        StateFixture fixture;
        KeyList list(fixture.state(), "ns");
        QVERIFY(list.changed().value());
        {
            OtherProgram other(fileOf(fixture));
            other.run(OtherProgram::entriesSchema);
            put(other, "a");
            QVERIFY(list.changed().value());
            QVERIFY(!list.changed().value());
            QCOMPARE(list.count({}).value(), 1U);
            QVERIFY(!list.changed().value());
            put(other, "b");
            // What a call in between has seen is news all the same.
            QCOMPARE(list.count({}).value(), 2U);
            QVERIFY(list.changed().value());
            QVERIFY(!list.changed().value());
        }
        for (const char *suffix : {"", "-wal", "-shm"})
            std::filesystem::remove(fileOf(fixture).string() + suffix);
        QVERIFY(list.changed().value());
        QCOMPARE(list.count({}).value(), 0U);
        QVERIFY(!list.changed().value());
        OtherProgram again(fileOf(fixture));
        again.run(OtherProgram::entriesSchema);
        for (const char *key : {"x", "y", "z"})
            put(again, key);
        QVERIFY(list.changed().value());
        QCOMPARE(list.count({}).value(), 3U);
        QCOMPARE(list.rows({}, 2, 5).value().at(0).key, "z");
    }

    void locksNobodyOut()
    {
        StateFixture fixture;
        OtherProgram other(fileOf(fixture)); // waits for no lock, as wrangler
        other.run(OtherProgram::entriesSchema);
        KeyList list(fixture.state(), "ns");
        std::uint64_t most = 0;
        for (int i = 0; i < 3000; ++i) {
            put(other, std::to_string(i));
            QCOMPARE(list.count({"1", ""}).value() > 0, i > 0);
            QVERIFY(list.rows({}, 0, 3).value().size() > 0);
            most = std::max<std::uint64_t>(most, std::filesystem::file_size(fileOf(fixture).string() + "-wal"));
        }
        QVERIFY2(most < 6'000'000, "The journal is folded back while we look.");
    }

    void stops()
    {
        StateFixture fixture;
        OtherProgram other(fileOf(fixture));
        other.run(OtherProgram::entriesSchema);
        other.run("WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 20000) INSERT INTO _mf_entries (key, blob_id) SELECT 'k' || i, '' "
                  "FROM c");
        KeyList list(fixture.state(), "ns");
        std::stop_source source;
        source.request_stop();
        QCOMPARE(codeOf(list.count({"k", ""}, source.get_token())), "data.cancelled");
        QCOMPARE(codeOf(list.count({"", "1"}, source.get_token())), "data.cancelled");
        QCOMPARE(codeOf(list.rows({}, 15'000, 10, source.get_token())), "data.cancelled");
        QCOMPARE(codeOf(list.position({}, "k9", source.get_token())), "data.cancelled");
        QCOMPARE(list.count({"k", ""}).value(), 20'001U);
        QCOMPARE(list.rows({}, 20'000, 10).value().at(0).key, "k9999");
    }
};

QTEST_GUILESS_MAIN(TestKeyList)
#include "t_keylist.moc"
