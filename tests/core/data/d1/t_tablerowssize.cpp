// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/tablerows.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

using namespace cleat::data::d1;

/// Prints how long the places of a large table take. CLEAT_ROWS says how large (else a million).
class TestTableRowsSize : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void places()
    {
        const std::uint64_t count = qEnvironmentVariable("CLEAT_ROWS", QStringLiteral("1000000")).toULongLong();
        StateFixture fixture;
        const auto file = fixture.folder() / "large.sqlite";
        {
            OtherProgram other(file);
            const std::string numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < " + std::to_string(count) + ")";
            QCOMPARE(other.run("PRAGMA synchronous = OFF; CREATE TABLE dense(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, score REAL);" + numbers
                         + " INSERT INTO dense SELECT x, 'user number ' || x, (x * 7919 % 100003) / 10.0 FROM n;"
                           "CREATE INDEX scores ON dense(score);"
                           "CREATE TABLE gaps(id INTEGER PRIMARY KEY, name TEXT);" + numbers + " INSERT INTO gaps SELECT x * 3 - x % 2, 'user number ' || x FROM n;"),
                QByteArray());
        }
        const auto size = [&](const char *table, std::vector<Sort> sort) {
            const View view{table, {}, {}, std::move(sort)};
            const std::string name = std::string(table) + (view.sort.empty() ? "" : " by " + view.sort.front().column);
            const auto cold = [&](const char *what, std::uint64_t first) {
                TableRows rows(file);
                const auto read = timed((name + ", cold: " + what).c_str(), [&] { return rows.rows(view, first, 100); });
                QVERIFY(read && !read->empty());
            };
            cold("first rows", 0);
            cold("the end", count - 100);
            cold("the middle", count / 2);
            TableRows rows(file);
            QCOMPARE(timed((name + ": count").c_str(), [&] { return rows.count(view); }).value(), count);
            QVERIFY(timed((name + ", counted: the end").c_str(), [&] { return rows.rows(view, count - 100, 100); }).value().size() == 100);
            QVERIFY(timed((name + ", counted: the middle").c_str(), [&] { return rows.rows(view, count / 2, 100); }).value().size() == 100);
            QVERIFY(timed((name + ", counted: three quarters").c_str(), [&] { return rows.rows(view, count / 4 * 3, 100); }).value().size() == 100);
            QVERIFY(timed((name + ", counted: the next rows").c_str(), [&] { return rows.rows(view, count / 4 * 3 + 100, 100); }).value().size() == 100);
        };
        size("dense", {});
        size("gaps", {});
        size("dense", {{"score", Sort::Order::Descending}});
        size("gaps", {{"name", Sort::Order::Ascending}});
        TableRows rows(file);
        const View filtered{"dense", {{"name", Filter::Test::Contains, "99"}}, {}, {}};
        QVERIFY(timed("filter: first rows", [&] { return rows.rows(filtered, 0, 100); }).has_value());
        QVERIFY(timed("filter: count", [&] { return rows.count(filtered); }).has_value());
    }
};

QTEST_APPLESS_MAIN(TestTableRowsSize)
#include "t_tablerowssize.moc"
