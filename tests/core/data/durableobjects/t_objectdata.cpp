// SPDX-License-Identifier: GPL-3.0-or-later
// Durable Objects on disk: the list of a namespace, the values of one, and changes by hand.
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/durableobjects/objectids.h"
#include "core/bindings/durableobjects/objectstore.h"
#include "core/data/durableobjects/objectchange.h"
#include "core/data/durableobjects/objectlist.h"
#include "core/data/durableobjects/objectvalues.h"
#include "core/data/v8json.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <algorithm>

using namespace cleat;
using namespace cleat::data::durableobjects;
using bindings::durableobjects::AlarmSchedule;
using bindings::durableobjects::ObjectStore;

namespace {

constexpr const char *key = "worker-Room";

class Bench final
{
public:
    std::filesystem::path state() const { return fixture.state(); }
    std::filesystem::path file(const std::string &id) const { return bindings::durableobjects::objectFile(state(), key, id); }
    static std::string idOf(const std::string &name) { return bindings::durableobjects::idFromName(key, name); }
    /// As running code has it open.
    std::unique_ptr<ObjectStore> open(const std::string &id, std::optional<std::string> name = {})
    {
        return ObjectStore::open(state(), {key, id, std::move(name)}, schedule).value();
    }
    std::string make(const std::string &name, const std::string &json = "1")
    {
        const std::string id = idOf(name);
        const auto store = open(id, name);
        put(*store, "n", json);
        return id;
    }
    static void put(ObjectStore &store, const std::string &name, const std::string &json)
    {
        QVERIFY(store.put(name, base::asBytes(data::writeV8Json(json).value())));
        QVERIFY(store.commit());
    }
    std::vector<std::string> names(const ObjectFilter &filter = {})
    {
        std::vector<std::string> all;
        const auto rows = list.rows(filter, 0, 1000).value();
        for (const ObjectRow &row : rows)
            all.push_back(row.name.value_or(row.id));
        return all;
    }
    StateFixture fixture;
    AlarmSchedule schedule{bindings::durableobjects::scheduleFile(fixture.state(), key)};
    ObjectList list{fixture.state(), key};
};

using Names = std::vector<std::string>;

} // namespace

class TestObjectData final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothing()
    {
        Bench bench;
        QCOMPARE(bench.list.count({}).value(), 0U);
        QVERIFY(bench.list.rows({}, 0, 10).value().empty());
        QVERIFY(bench.list.look().value().changed);
        QVERIFY(!bench.list.look().value().changed);
        QVERIFY(!std::filesystem::exists(bench.state())); // to look makes nothing
        ObjectValues values(bench.file(Bench::idOf("a")));
        QCOMPARE(values.count({}).value(), 0U);
        QVERIFY(!values.value("x").value());
        QVERIFY(!std::filesystem::exists(bench.state()));
    }

    void rows()
    {
        Bench bench;
        const std::string id = bench.make("lobby");
        const std::string unnamed = bindings::durableobjects::newUniqueId(key).value();
        const std::int64_t soon = base::wallMs() + 60'000;
        {
            const auto store = bench.open(unnamed);
            QVERIFY(store->exec("CREATE TABLE items (a); CREATE TABLE others (b)", {}));
            QVERIFY(store->setAlarm(soon));
            QVERIFY(store->commit());
        }
        bench.list.look().value();
        const auto found = bench.list.rows({}, 0, 10).value();
        QCOMPARE(found.size(), 2U);
        const ObjectRow &named = found[0].id == id ? found[0] : found[1];
        const ObjectRow &other = found[0].id == id ? found[1] : found[0];
        QCOMPARE(named.name.value_or(""), std::string("lobby"));
        QCOMPARE(named.tables, 0U);
        QVERIFY(named.hasFile && named.bytes > 0 && !named.alarmMs && named.problem.empty());
        QVERIFY(std::abs(named.changedMs - base::wallMs()) < 3'600'000);
        QCOMPARE(other.id, unnamed);
        QVERIFY(!other.name);
        QCOMPARE(other.tables, 2U);
        QCOMPARE(other.alarmMs.value_or(0), soon);
        QCOMPARE(bench.list.row(id).value()->name.value_or(""), std::string("lobby"));
        QVERIFY(!bench.list.row(Bench::idOf("nobody")).value());
    }

    void filters()
    {
        Bench bench;
        const std::string a = bench.make("Alpha room");
        bench.make("beta room");
        bench.make("gamma");
        QCOMPARE(bench.list.count({}).value(), 3U);
        auto named = bench.names({"room"});
        std::ranges::sort(named);
        QCOMPARE(named, (Names{"Alpha room", "beta room"}));
        QCOMPARE(bench.names({"ALPHA"}), Names{"Alpha room"});
        QCOMPARE(bench.names({"gamma"}), Names{"gamma"}); // its whole name needs no file: the id follows from it
        QCOMPARE(bench.names({a.substr(5, 30)}), Names{"Alpha room"});
        QCOMPARE(bench.names({"zzz"}), Names{});
        const auto up = bench.list.rows({{}, ObjectFilter::Order::Id, ObjectFilter::Direction::Ascending}, 0, 9).value();
        auto down = bench.list.rows({{}, ObjectFilter::Order::Id, ObjectFilter::Direction::Descending}, 0, 9).value();
        std::ranges::reverse(down);
        QCOMPARE(up, down);
        QCOMPARE(bench.list.position({}, up[2].id).value().value(), 2U);
        QVERIFY(!bench.list.position({"gamma"}, a).value());
        bench.make("big", '"' + std::string(50'000, 'x') + '"');
        QCOMPARE(bench.names({{}, ObjectFilter::Order::Size, ObjectFilter::Direction::Descending}).front(), std::string("big"));
        QCOMPARE(bench.names({{}, ObjectFilter::Order::Changed, ObjectFilter::Direction::Descending}).front(), std::string("big"));
        QVERIFY(applyToFile(bench.state(), key, a, {{}, {}, ObjectChange::Alarm{base::wallMs() + 100'000}}));
        for (const auto direction : {ObjectFilter::Direction::Ascending, ObjectFilter::Direction::Descending})
            QCOMPARE(bench.names({{}, ObjectFilter::Order::Alarm, direction}).front(), std::string("Alpha room"));
    }

    /// What happens while somebody looks.
    void looks()
    {
        Bench bench;
        bench.make("a");
        QVERIFY(bench.list.look().value().changed);
        QCOMPARE(bench.names(), Names{"a"});
        QVERIFY(!bench.list.look().value().changed);
        const auto store = bench.open(Bench::idOf("a"), "a");
        Bench::put(*store, "more", "[1,2,3]");
        QVERIFY(bench.list.look().value().changed); // in the journal alone
        QVERIFY(!bench.list.look().value().changed);
        bench.make("b");
        const auto look = bench.list.look().value();
        QVERIFY(look.changed);
        QCOMPARE(look.total, 2U);
        QVERIFY(store->setAlarm(base::wallMs() + 100'000));
        QVERIFY(store->commit());
        QVERIFY(bench.list.look().value().changed);
        bench.list.setLive({{Bench::idOf("memory"), "memory"}, {Bench::idOf("a"), "a"}});
        QCOMPARE(bench.list.look().value().total, 3U);
        const auto row = bench.list.row(Bench::idOf("memory")).value();
        QVERIFY(row && !row->hasFile && row->bytes == 0);
        QCOMPARE(row->name.value_or(""), std::string("memory"));
        bench.list.setLive({});
        QCOMPARE(bench.list.look().value().total, 2U);
    }

    void notADatabase()
    {
        Bench bench;
        const std::string id = Bench::idOf("torn");
        StateFixture::write(bench.file(id), std::string(5000, 'x'));
        StateFixture::write(bench.file(id).parent_path() / "notes.txt", "x");
        StateFixture::write(bench.file(id).parent_path() / "short.sqlite", "x");
        const auto rows = bench.list.rows({}, 0, 10).value();
        QCOMPARE(rows.size(), 1U);
        QVERIFY(!rows[0].problem.empty());
    }

    /// Ten thousand are listed without their files.
    void tenThousand()
    {
        Bench bench;
        for (int i = 0; i < 10'000; ++i)
            StateFixture::write(bench.file(Bench::idOf("o" + std::to_string(i))), "");
        QCOMPARE(timed("count 10,000 objects", [&] { return bench.list.count({}); }).value(), 10'000U);
        QCOMPARE(timed("100 rows in the middle", [&] { return bench.list.rows({}, 5000, 100); }).value().size(), 100U);
        QVERIFY(timed("look", [&] { return bench.list.look(); }));
        QCOMPARE(timed("by size", [&] { return bench.list.count({{}, ObjectFilter::Order::Size}); }).value(), 10'000U);
        QCOMPARE(timed("one by its name", [&] { return bench.list.position({}, Bench::idOf("o77")); }).value().has_value(), true);
    }

    void values()
    {
        Bench bench;
        const std::string id = bench.make("a", "{\"x\":[1,2]}");
        const auto store = bench.open(id);
        for (const char *name : {"user:1", "user:2", "user;", "z"})
            Bench::put(*store, name, "\"v\"");
        QVERIFY(store->put("date", base::asBytes(std::string("\xff\x0f\x44\0\0\0\0\0\0\0\0", 11))));
        QVERIFY(store->put("bare", base::asBytes(std::string("\"\x05hello"))));
        QVERIFY(store->put("newer", base::asBytes(std::string("\xff\x10T"))));
        QVERIFY(store->put("host", base::asBytes(std::string("\xff\x0f\\\x0a\x01"))));
        QVERIFY(store->commit());
        ObjectValues values(bench.file(id));
        QCOMPARE(values.count({}).value(), 9U);
        QCOMPARE(values.count("user:").value(), 2U);
        std::vector<std::string> keys;
        const auto some = values.rows("user", 1, 5).value();
        for (const ValueRow &row : some)
            keys.push_back(row.key);
        QCOMPARE(keys, (Names{"user:2", "user;"}));
        QCOMPARE(values.position({}, "user:2").value(), 6U);
        const auto rows = values.rows({}, 0, 100).value();
        QCOMPARE(rows[0].key, std::string("bare"));
        QCOMPARE(rows[3].key, std::string("n"));
        QCOMPARE(rows[3].text, std::string("{\"x\": [1, 2]}"));
        const auto n = values.value("n").value();
        QVERIFY(n && n->isJson);
        const auto date = values.value("date").value();
        QVERIFY(date && !date->isJson && date->text->starts_with("new Date("));
        QCOMPARE(values.value("bare").value()->text.value(), std::string("\"hello\""));
        QCOMPARE(values.value("newer").value()->text.value(), std::string("true"));
        QVERIFY(!values.value("host").value()->text);
        QVERIFY(values.changed().value());
        QVERIFY(!values.changed().value());
        Bench::put(*store, "user:3", "3");
        QVERIFY(values.changed().value());
        QCOMPARE(values.count("user:").value(), 3U);
        QVERIFY(!values.value("nobody").value());
    }

    void changes()
    {
        Bench bench;
        const std::string id = bench.make("a");
        ObjectChange change;
        change.put = {{"n", data::writeV8Json("2").value()}, {"key", data::writeV8Json("null").value()}};
        change.alarm = ObjectChange::Alarm{base::wallMs() + 1'000'000};
        QVERIFY(applyToFile(bench.state(), key, id, change));
        ObjectValues values(bench.file(id));
        QCOMPARE(values.value("n").value()->text.value(), std::string("2"));
        QCOMPARE(bench.schedule.list().value().size(), 1U);
        QCOMPARE(bench.open(id)->alarm().value(), change.alarm->ms);
        QVERIFY(applyToFile(bench.state(), key, id, {{}, {"n", "nobody"}, ObjectChange::Alarm{}}));
        QVERIFY(!values.value("n").value());
        QVERIFY(bench.schedule.list().value().empty());
        QCOMPARE(codeOf(applyToFile(bench.state(), key, Bench::idOf("none"), change)), QByteArray("storage.missing"));
        QVERIFY(!std::filesystem::exists(bench.file(Bench::idOf("none"))));
    }

    void removed()
    {
        Bench bench;
        const std::string id = bench.make("a");
        const std::string other = bench.make("b");
        QVERIFY(applyToFile(bench.state(), key, id, {{}, {}, ObjectChange::Alarm{base::wallMs() + 1'000'000}}));
        for (const char *suffix : {".facets", ".1.sqlite"})
            StateFixture::write(bench.file(id).parent_path() / (id + suffix), "x");
        QVERIFY(removeFiles(bench.state(), key, id));
        QVERIFY(bench.schedule.list().value().empty());
        QCOMPARE(bench.names(), Names{"b"});
        for (const auto &entry : std::filesystem::directory_iterator(bench.file(id).parent_path()))
            QVERIFY(!entry.path().filename().string().starts_with(id));
        QVERIFY(std::filesystem::exists(bench.file(other)));
        QVERIFY(removeFiles(bench.state(), key, id)); // gone already
    }
};

QTEST_GUILESS_MAIN(TestObjectData)
#include "t_objectdata.moc"
