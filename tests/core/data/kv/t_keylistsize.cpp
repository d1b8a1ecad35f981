// SPDX-License-Identifier: GPL-3.0-or-later
// A namespace of a million keys. Prints figures; what it checks is that the answers are right.
#include "core/data/kv/keylist.h"

#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <sys/resource.h>

using namespace cleat;
using data::kv::KeyFilter;
using data::kv::KeyList;

class TestKeyListSize : public QObject
{
    Q_OBJECT
private:
    static constexpr std::uint64_t total = 1'000'000;
    StateFixture m_fixture;
    std::unique_ptr<OtherProgram> m_other;

private Q_SLOTS:
    void initTestCase()
    {
        m_other = std::make_unique<OtherProgram>(storage::databaseFile(m_fixture.state(), storage::kvLayout, "ns"));
        m_other->run(OtherProgram::entriesSchema);
        m_other->run(
            "BEGIN; WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 999999) INSERT INTO _mf_entries (key, blob_id, metadata) "
            "SELECT printf('user:%02d:%07d', i / 10000, i), lower(hex(randomblob(40))), '{\"n\":' || i || '}' FROM c; COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    }

    void figures()
    {
        const auto fresh = [&] { return std::make_unique<KeyList>(m_fixture.state(), "ns"); };
        auto list = fresh();
        QCOMPARE(timed("first 100 rows, new object", [&] { return list->rows({}, 0, 100).value().size(); }), 100U);
        QCOMPARE(timed("count of all", [&] { return list->count({}).value(); }), total);
        QCOMPARE(timed("100 rows from the middle", [&] { return list->rows({}, total / 2, 100).value().front().key; }), "user:50:0500000");
        QCOMPARE(timed("100 rows from the middle, again", [&] { return list->rows({}, total / 2 + 1000, 100).value().front().key; }), "user:50:0501000");
        list = fresh();
        QCOMPARE(timed("last 100 rows, new object", [&] { return list->rows({}, total - 100, 100).value().back().key; }), "user:99:0999999");
        list = fresh();
        QCOMPARE(timed("100 rows from the middle, new object", [&] { return list->rows({}, total / 2, 100).value().front().key; }), "user:50:0500000");
        list = fresh();
        QCOMPARE(timed("prefix of 10,000: count, new object", [&] { return list->count({"user:42:", ""}).value(); }), 10'000U);
        QCOMPARE(timed("prefix of 10,000: first 100 rows", [&] { return list->rows({"user:42:", ""}, 0, 100).value().size(); }), 100U);
        list = fresh();
        QCOMPARE(timed("prefix of all: count, new object", [&] { return list->count({"user:", ""}).value(); }), total);
        QCOMPARE(timed("prefix of all: rows from the middle", [&] { return list->rows({"user:", ""}, total / 2, 100).value().size(); }), 100U);
        QCOMPARE(timed("position of a key", [&] { return list->position({}, "user:70:0700000").value(); }), 700'000U);
        QCOMPARE(timed("text: count", [&] { return list->count({"", "R:42:04"}).value(); }), 10'000U);
        QCOMPARE(timed("text: rows from the middle", [&] { return list->rows({"", "R:42:04"}, 5000, 100).value().front().key; }), "user:42:0425000");
        m_other->run("INSERT INTO _mf_entries (key, blob_id) VALUES ('z', '')");
        QVERIFY(timed("changed()", [&] { return list->changed().value(); }));
        QCOMPARE(timed("last rows after somebody wrote", [&] { return list->rows({}, total - 99, 100).value().back().key; }), "z");
        double worst = 0;
        for (std::uint64_t i = 0; i < 200; ++i) {
            const auto begin = std::chrono::steady_clock::now();
            QCOMPARE(list->rows({}, i * 7919 * 31 % total, 50).value().size(), 50U);
            worst = std::max(worst, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
        }
        std::printf("    %-64s %9.2f ms\n", "200 jumps of 50 rows, the slowest", worst);
        struct rusage usage {};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("    %-64s %9.1f MB\n", "memory at most, of the whole test", static_cast<double>(usage.ru_maxrss) / 1024);
    }
};

QTEST_GUILESS_MAIN(TestKeyListSize)
#include "t_keylistsize.moc"
