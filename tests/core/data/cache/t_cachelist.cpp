// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/cache/cachelist.h"

#include "core/storage/names.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

using namespace cleat;
using data::cache::CacheList;

namespace {

constexpr storage::Layout layout{"cache", "miniflare-CacheObject"};

} // namespace

class TestCacheList : public QObject
{
    Q_OBJECT
private:
    static std::filesystem::path fileOf(const StateFixture &fixture, const char *cache = "default")
    {
        return storage::databaseFile(fixture.state(), layout, cache);
    }
    static std::filesystem::path blobOf(const StateFixture &fixture, const std::string &id)
    {
        return storage::blobFolder(fixture.state(), layout, "default") / id;
    }

    static void fill(const StateFixture &fixture)
    {
        OtherProgram other(fileOf(fixture));
        other.run(OtherProgram::entriesSchema);
        other.run(R"(INSERT INTO _mf_entries VALUES
            ('http://x/a', 'blob1', 1830422608121.3, '{"headers":[["content-type","text/html"],["age","0"]],"status":200,"size":5}'),
            ('http://x/b', 'blob2', NULL, 'no JSON'),
            ('http://x/c', '../../blob1', 5, '{"headers":[["x"],3,{"a":"b"},["y",1]],"status":-7}'),
            ('http://x/d', 'gone', 5, '{"headers":7,"status":70000}'))");
        StateFixture::write(blobOf(fixture, "blob1"), "hello");
        StateFixture::write(blobOf(fixture, "blob2"), "");
    }

private Q_SLOTS:
    void nothingThere()
    {
        StateFixture fixture;
        CacheList list(fixture.state(), "default");
        QCOMPARE(list.count("").value(), 0U);
        QVERIFY(list.rows("", 0, 5).value().empty());
        QVERIFY(!list.entry("x").value());
        const std::vector<std::string> urls{"x"};
        QCOMPARE(list.remove(urls, {}).value(), 0U);
        QCOMPARE(list.clear({}).value(), 0U);
        QVERIFY(CacheList::names(fixture.state()).empty());
        QVERIFY(!std::filesystem::exists(fixture.state()));
    }

    void looks()
    {
        StateFixture fixture;
        fill(fixture);
        CacheList list(fixture.state(), "default");
        QVERIFY(list.changed().value());
        QCOMPARE(list.count("").value(), 4U);
        QCOMPARE(list.count("X/A").value(), 1U);
        const auto rows = list.rows("", 0, 10).value();
        QCOMPARE(rows[0], (data::cache::CacheRow{"http://x/a", 200, "text/html", 5, 1830422608121, "blob1"}));
        QCOMPARE(rows[1], (data::cache::CacheRow{"http://x/b", 0, "", 0, std::nullopt, "blob2"}));
        QCOMPARE(rows[2], (data::cache::CacheRow{"http://x/c", 0, "", std::nullopt, 5, "../../blob1"}));
        QCOMPARE(rows[3].size, std::nullopt);
        QCOMPARE(rows[3].status, 0);
        const auto entry = list.entry("http://x/a").value();
        QVERIFY(entry);
        QCOMPARE(entry->body, "hello");
        QCOMPARE(entry->headers, (std::vector<std::pair<std::string, std::string>>{{"content-type", "text/html"}, {"age", "0"}}));
        QVERIFY2(list.entry("http://x/d").value(), "An entry without a body can be looked at and deleted.");
        QVERIFY(!list.entry("http://x/none").value());
    }

    void deletes()
    {
        StateFixture fixture;
        fill(fixture);
        CacheList list(fixture.state(), "default");
        QVERIFY(list.changed().value());
        const std::vector<std::string> urls{"http://x/a", "http://x/none", "http://x/c"};
        std::stop_source source;
        source.request_stop();
        QCOMPARE(codeOf(list.remove(urls, {source.get_token(), {}})), "data.cancelled");
        QCOMPARE(codeOf(list.clear({source.get_token(), {}})), "data.cancelled");
        QCOMPARE(list.count("").value(), 4U);
        QVERIFY(std::filesystem::exists(blobOf(fixture, "blob1")));
        QCOMPARE(list.remove(urls, {}).value(), 2U);
        QVERIFY(!std::filesystem::exists(blobOf(fixture, "blob1")));
        QVERIFY(std::filesystem::exists(blobOf(fixture, "blob2")));
        QVERIFY(list.changed().value());
        QCOMPARE(list.count("").value(), 2U);
        QCOMPARE(list.clear({}).value(), 2U);
        QVERIFY(!std::filesystem::exists(blobOf(fixture, "blob2")));
        QCOMPARE(list.count("").value(), 0U);
    }

    void names()
    {
        StateFixture fixture;
        for (const char *cache : {"named:two", "named:one", "default", "named:o/d:d"}) {
            OtherProgram(fileOf(fixture, cache)).run(OtherProgram::entriesSchema);
            std::filesystem::create_directories(storage::blobFolder(fixture.state(), layout, cache));
        }
        QCOMPARE(CacheList::names(fixture.state()), (std::vector<std::string>{"default", "named:one", "named:two"}));
    }
};

QTEST_GUILESS_MAIN(TestCacheList)
#include "t_cachelist.moc"
