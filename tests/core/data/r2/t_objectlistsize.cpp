// SPDX-License-Identifier: GPL-3.0-or-later
// A bucket of half a million objects, in one folder and spread over fifty thousand. Prints figures; what it checks is that the answers are right.
#include "core/data/r2/objectlist.h"

#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <sys/resource.h>

using namespace cleat;
using data::r2::FolderFilter;
using data::r2::ObjectList;
using Depth = FolderFilter::Depth;

class TestObjectListSize : public QObject
{
    Q_OBJECT
private:
    static constexpr std::uint64_t total = 500'000;

private Q_SLOTS:
    void figures_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<quint64>("folders");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<quint64>("rows");
        QTest::newRow("all in one folder") << "printf('photos/img_%07d.jpg', i)" << quint64(1) << "photos/" << quint64(total);
        QTest::newRow("50,000 folders") << "printf('users/%05d/img_%02d.jpg', i / 10, i % 10)" << quint64(1) << "users/" << quint64(50'000);
        QTest::newRow("50,000 folders and as many objects")
            << "CASE WHEN i % 10 = 0 THEN printf('users/%05d.txt', i / 10) ELSE printf('users/%05d/img_%02d.jpg', i / 10, i % 10) END" << quint64(1) << "users/"
            << quint64(100'000);
    }
    void figures()
    {
        QFETCH(QString, key);
        QFETCH(quint64, folders);
        QFETCH(QString, folder);
        QFETCH(quint64, rows);
        StateFixture fixture;
        OtherProgram other(storage::databaseFile(fixture.state(), storage::r2Layout, "bucket"));
        other.run(OtherProgram::objectsSchema);
        other.run("BEGIN; WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < 499999) INSERT INTO _mf_objects SELECT " + key.toStdString()
            + ", lower(hex(randomblob(40))), lower(hex(randomblob(16))), 1000, lower(hex(randomblob(16))), 1700000000000, '{}', "
              "'{\"contentType\":\"image/jpeg\"}', '{}' FROM c;"
              " COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
        const FolderFilter here{folder.toStdString(), "", Depth::Here};
        const auto fresh = [&] { return std::make_unique<ObjectList>(fixture.state(), "bucket"); };
        auto list = fresh();
        QCOMPARE(timed("top: first rows, new object", [&] { return list->rows({}, 0, 100).value().size(); }), folders);
        list = fresh();
        QCOMPARE(timed("folder: first 100 rows, new object", [&] { return list->rows(here, 0, 100).value().size(); }), 100U);
        QCOMPARE(timed("folder: count", [&] { return list->count(here).value(); }), rows);
        QCOMPARE(timed("folder: 100 rows from the middle", [&] { return list->rows(here, rows / 2, 100).value().size(); }), 100U);
        list = fresh();
        QCOMPARE(timed("folder: last 100 rows, new object", [&] { return list->rows(here, rows - 100, 100).value().size(); }), 100U);
        double worst = 0;
        for (std::uint64_t i = 0; i < 200; ++i) {
            const auto begin = std::chrono::steady_clock::now();
            QVERIFY(!list->rows(here, i * 7919 * 31 % rows, 50).value().empty());
            worst = std::max(worst, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
        }
        std::printf("    %-64s %9.2f ms\n", "folder: 200 jumps of 50 rows, the slowest", worst);
        list = fresh();
        const FolderFilter below{"", "9_0", Depth::Below};
        timed("below: text, count, new object", [&] { return list->count(below).value(); });
        QCOMPARE(timed("below: everything, from the middle", [&] { return list->rows({"", "", Depth::Below}, total / 2, 100).value().size(); }), 100U);
        QCOMPARE(timed("totals", [&] { return list->totals("").value().bytes; }), total * 1000);
        struct rusage usage {};
        getrusage(RUSAGE_SELF, &usage);
        std::printf("    %-64s %9.1f MB\n", "memory at most, of the whole test", static_cast<double>(usage.ru_maxrss) / 1024);
    }
};

QTEST_GUILESS_MAIN(TestObjectListSize)
#include "t_objectlistsize.moc"
