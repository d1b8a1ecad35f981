// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/dataresources.h"

#include "core/bindings/d1/d1database.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/bindings/queues/queuestore.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <fstream>

using namespace cleat;
using session::DataResource;
namespace fs = std::filesystem;

namespace {

config::WranglerConfig read(std::string_view toml)
{
    auto config = config::readWranglerFile(toml, config::Form::Toml, "wrangler.toml");
    if (!config)
        qFatal("%s", config.error().message.c_str());
    return *config;
}

void writeKey(const fs::path &state, const std::string &id)
{
    bindings::kv::KvNamespace space(state, id);
    const std::array<std::byte, 4> value{};
    if (const auto done = space.put("key", value, {}); !done)
        qFatal("%s", done.error().message.c_str());
}

const DataResource *find(const std::vector<DataResource> &all, DataResource::Kind kind, const std::string &id)
{
    for (const DataResource &one : all) {
        if (one.kind == kind && one.id == id)
            return &one;
    }
    return nullptr;
}

} // namespace

class TestDataResources final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void bindingsOfEverySet();
    void whatNoBindingUses();
    void queues();
    void bytesOfValuesAndJournal();
    void otherStateFolders();

private:
    fs::path folder() const { return m_folder->path().toStdString(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestDataResources::bindingsOfEverySet()
{
    const auto config = read(R"(
kv_namespaces = [ { binding = "TODO", id = "one" }, { binding = "ALIAS", id = "one" } ]
[[d1_databases]]
binding = "DB"
database_name = "shop"
database_id = "xxxx-xxxx"
migrations_dir = "db/changes"
migrations_table = "done"
[env.preview]
kv_namespaces = [ { binding = "TODO", id = "two" } ]
r2_buckets = [ { binding = "FILES", bucket_name = "files" } ]
)");
    const auto all = session::dataResources(config, {{config::Kind::KvNamespace, "FLAG", {}}}, "/project", folder());
    const DataResource *one = find(all, DataResource::Kind::Kv, "one");
    QVERIFY(one);
    QCOMPARE(one->title, "TODO");
    QCOMPARE(one->uses.size(), 2U);
    QCOMPARE(one->uses[1].binding, "ALIAS");
    QCOMPARE(one->uses[0].scopes, std::vector{config::Scope::TopLevel});
    QVERIFY(!one->exists);
    const DataResource *two = find(all, DataResource::Kind::Kv, "two");
    QVERIFY(two);
    QCOMPARE(two->uses[0].scopes, std::vector{config::Scope::Preview});
    const DataResource *flag = find(all, DataResource::Kind::Kv, "FLAG");
    QVERIFY(flag && flag->uses.size() == 1 && flag->uses[0].scopes.empty());
    const DataResource *db = find(all, DataResource::Kind::D1, "xxxx-xxxx");
    QVERIFY(db);
    QCOMPARE(db->migrationsFolder, fs::path("/project/db/changes"));
    QCOMPARE(db->migrationsTable, "done");
    QCOMPARE(db->file.filename(), "d0d8c530b10c2b691912e0e575585cd9f3d925c7995ff8a738343fee34356cee.sqlite");
    QVERIFY(find(all, DataResource::Kind::R2, "files"));
    QVERIFY(find(all, DataResource::Kind::Cache, "default"));
}

void TestDataResources::whatNoBindingUses()
{
    const auto config = read("kv_namespaces = [ { binding = \"USED\", id = \"we:ird\" } ]\n");
    writeKey(folder(), "we:ird"); // its folder is we_ird, and not another namespace
    writeKey(folder(), "left");
    bindings::d1::D1Database database(folder(), "gone");
    const std::array<bindings::d1::Query, 1> queries{bindings::d1::Query{"CREATE TABLE t (a)", {}}};
    QVERIFY(database.run(queries));
    std::ofstream(database.file().parent_path() / "metadata.sqlite") << "";
    const auto all = session::dataResources(config, {}, "/project", folder());
    const DataResource *used = find(all, DataResource::Kind::Kv, "we:ird");
    QVERIFY(used && used->exists && used->uses.size() == 1);
    const DataResource *left = find(all, DataResource::Kind::Kv, "left");
    QVERIFY(left && left->exists && left->uses.empty());
    QVERIFY(!find(all, DataResource::Kind::Kv, "we_ird"));
    const DataResource *orphan = find(all, DataResource::Kind::D1, database.file().stem().string());
    QVERIFY(orphan && orphan->exists && orphan->uses.empty());
    QCOMPARE(orphan->file, database.file());
    QCOMPARE(all.size(), 4U); // and the default cache
    QCOMPARE(all[0].id, "we:ird");
    QCOMPARE(all[1].id, "left");
}

void TestDataResources::queues()
{
    const auto config = read("queues = { producers = [ { binding = \"MAIL\", queue = \"mail\" } ] }\n");
    bindings::queues::QueueStore store(folder());
    const std::array messages{bindings::queues::NewMessage{bindings::queues::ContentType::Text, "12345", 0, {}}};
    QVERIFY(store.send("left", messages, 1));
    const auto all = session::dataResources(config, {}, "/project", folder(), {"consumed", "mail"});
    const DataResource *mail = find(all, DataResource::Kind::Queue, "mail");
    QVERIFY(mail && !mail->exists && mail->uses.size() == 1 && mail->title == "mail" && mail->uses[0].binding == "MAIL");
    const DataResource *left = find(all, DataResource::Kind::Queue, "left");
    QVERIFY(left && left->exists && left->uses.empty());
    QCOMPARE(session::dataBytes(*left).value_or(0), 5U);
    const DataResource *consumed = find(all, DataResource::Kind::Queue, "consumed");
    QVERIFY(consumed && !consumed->exists);
    QCOMPARE(left->file, store.file());
}

void TestDataResources::bytesOfValuesAndJournal()
{
    writeKey(folder(), "left");
    const auto all = session::dataResources({}, {}, "/project", folder());
    const DataResource *left = find(all, DataResource::Kind::Kv, "left");
    QVERIFY(left);
    QVERIFY(session::dataBytes(*left).value_or(0) >= 4096 + 4);
}

void TestDataResources::otherStateFolders()
{
    for (const char *one : {".wrangler/state/v3", "site/.wrangler/state/v3", "a/b/c/.wrangler/state/v3", "a/b/c/d/.wrangler/state/v3", "node_modules/x/.wrangler/state/v3"})
        fs::create_directories(folder() / one);
    std::ofstream(folder() / "package.json") << R"({"scripts":{"dev":"wrangler pages dev dist --persist-to ./data/../kept","other":"wrangler pages dev --persist-to=$HOME/x"}})";
    const auto found = session::stateFolders(folder(), folder() / ".wrangler/state");
    QCOMPARE(found, (std::vector<fs::path>{folder() / "a/b/c/.wrangler/state", folder() / "kept", folder() / "site/.wrangler/state"}));
}

QTEST_GUILESS_MAIN(TestDataResources)
#include "t_dataresources.moc"
