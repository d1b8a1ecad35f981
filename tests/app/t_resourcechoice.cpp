// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/resourcechoice.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace cleat;
using namespace cleat::app;

namespace {

constexpr auto file = R"({
  "name": "demo", "pages_build_output_dir": "public",
  "kv_namespaces": [{"binding": "ONE", "id": "one-id"}, {"binding": "BOTH", "id": "live", "preview_id": "pre"}, {"binding": "ONLY_PREVIEW", "preview_id": "pre2"}, {"binding": "NONE"}],
  "d1_databases": [{"binding": "DB", "database_name": "shop", "database_id": "1-2"}, {"binding": "shop", "database_name": "other", "database_id": "3-4"}],
  "r2_buckets": [{"binding": "FILES", "bucket_name": "files-bucket", "preview_bucket_name": "files-preview"}],
  "env": {"preview": {"kv_namespaces": [{"binding": "ONE", "id": "of-preview"}]}}
})";

/// The message, or "OK".
template <typename T>
std::string textOf(const base::Result<T> &result)
{
    if (result)
        return "OK";
    return result.error().code + ": " + result.error().message;
}

std::string idOf(const base::Result<std::string> &id)
{
    return id ? *id : id.error().code;
}

} // namespace

class TestResourceChoice : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_folder;

    static base::Result<Arguments> parsed(std::vector<std::string> arguments) { return parseArguments(arguments, dataFlags()); }
    base::Result<DataProject> project(std::vector<std::string> arguments) const
    {
        arguments.insert(arguments.begin(), "--cwd=" + m_folder.path().toStdString());
        return findDataProject(parsed(arguments).value());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QFile out(m_folder.filePath(QStringLiteral("wrangler.json")));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(file);
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("sub")));
    }

    void arguments_data()
    {
        QTest::addColumn<std::vector<std::string>>("arguments");
        QTest::addColumn<std::string>("result");
        const auto row = [](const char *name, const std::vector<std::string> &arguments, const char *result) {
            QTest::newRow(name) << arguments << std::string(result);
        };
        row("unknown", {"--nope"}, "usage: Unknown flag --nope.");
        row("unknown letter", {"-x"}, "usage: Unknown flag -x.");
        row("no value", {"--config"}, "usage: --config needs a value: --config FILE.");
        row("a flag for a value", {"--config", "--local"}, "usage: --config needs a value: --config FILE.");
        row("twice", {"-c", "a", "--config=b"}, "usage: --config was given twice.");
        row("no truth", {"--local=maybe"}, "usage: --local takes true or false, not \"maybe\".");
        row("no for a text", {"--no-config"}, "usage: Unknown flag --no-config.");
        row("negative numbers are values", {"-5", "-.5"}, "OK");
        row("after the end", {"--", "--nope"}, "OK");
    }
    void arguments()
    {
        QFETCH(std::vector<std::string>, arguments);
        QFETCH(std::string, result);
        QCOMPARE(textOf(parsed(arguments)), result);
    }

    void spellings()
    {
        const auto arguments = parsed({"a", "-cfile", "--local", "false", "--remote=true", "--env", "", "-", "--", "-h"}).value();
        QCOMPARE(arguments.positional(), (std::vector<std::string>{"a", "-", "-h"}));
        QCOMPARE(arguments.text("config"), "file");
        QCOMPARE(arguments.text("env"), "");
        QCOMPARE(arguments.truth("local"), false);
        QCOMPARE(arguments.truth("remote"), true);
        QVERIFY(!arguments.has("help"));
        QCOMPARE(parsed({"--no-local"}).value().truth("local"), false);
    }

    void projects()
    {
        QCOMPARE(textOf(project({"--remote"})),
            "data.remote: Cleat has no account and works on local data alone: leave --remote out, or use wrangler for what is at Cloudflare.");
        QCOMPARE(textOf(project({"--remote", "false"})), "OK");
        QVERIFY(textOf(project({"--env", "staging"})).starts_with("usage: --env takes preview or production"));
        QVERIFY(textOf(project({"-c", "none.json"})).starts_with("file.missing: "));
        QVERIFY(textOf(project({"--persist-to="})).starts_with("usage: --persist-to"));
        const std::filesystem::path folder = m_folder.path().toStdString();
        QCOMPARE(project({}).value().state, folder / ".wrangler/state");
        QCOMPARE(project({"--persist-to", "here"}).value().state, folder / "here");
        const auto below = findDataProject(parsed({"--cwd", (folder / "sub").string(), "--persist-to", "here"}).value()).value();
        QCOMPARE(below.state, folder / "sub/here");
        QCOMPARE(below.file, folder / "wrangler.json");
        QCOMPARE(findDataProject(parsed({"--cwd", (folder / "sub").string()}).value()).value().state, folder / ".wrangler/state");
        QCOMPARE(textOf(findDataProject(parsed({"--cwd", (folder / "none").string()}).value())),
            "usage: \"" + m_folder.path().toStdString() + "/none\" is not a folder that can be read.");
    }

    void brokenFile()
    {
        QTemporaryDir other;
        QFile out(other.filePath(QStringLiteral("wrangler.toml")));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write("a = 1\nb = = 2\n");
        out.close();
        const auto project = findDataProject(parsed({"--cwd", other.path().toStdString()}).value());
        QVERIFY(!project);
        QCOMPARE(project.error().code, "config.parse");
        QCOMPARE(project.error().place.line, 2);
    }

    void kv()
    {
        const DataProject top = project({}).value();
        QCOMPARE(idOf(kvNamespaceOf(top, "ONE", KvId::Unsaid)), "one-id");
        QCOMPARE(idOf(kvNamespaceOf(top, "ONE", KvId::Live)), "one-id");
        QCOMPARE(idOf(kvNamespaceOf(top, "ONE", KvId::Preview)), "data.binding");
        QCOMPARE(idOf(kvNamespaceOf(top, "BOTH", KvId::Preview)), "pre");
        QCOMPARE(idOf(kvNamespaceOf(top, "BOTH", KvId::Live)), "live");
        QCOMPARE(idOf(kvNamespaceOf(top, "BOTH", KvId::Unsaid)), "data.binding");
        QCOMPARE(idOf(kvNamespaceOf(top, "ONLY_PREVIEW", KvId::Unsaid)), "pre2");
        QCOMPARE(idOf(kvNamespaceOf(top, "NONE", KvId::Unsaid)), "NONE");
        QCOMPARE(textOf(kvNamespaceOf(top, "one", KvId::Unsaid)),
            "data.binding: No KV namespace is bound as \"one\": wrangler.json has \"ONE\", \"BOTH\", \"ONLY_PREVIEW\", \"NONE\". --namespace-id takes an id.");
        const DataProject preview = project({"-e", "preview"}).value();
        QCOMPARE(idOf(kvNamespaceOf(preview, "ONE", KvId::Unsaid)), "of-preview");
        QCOMPARE(idOf(kvNamespaceOf(preview, "BOTH", KvId::Live)), "data.binding");
        QCOMPARE(idOf(kvNamespaceOf(project({"-e", "production"}).value(), "BOTH", KvId::Live)), "live");
        QTemporaryDir empty;
        const auto none = findDataProject(parsed({"--cwd", empty.path().toStdString()}).value()).value();
        QVERIFY(textOf(kvNamespaceOf(none, "ONE", KvId::Unsaid)).contains("There is no Wrangler file"));
    }

    void d1()
    {
        const DataProject top = project({}).value();
        QCOMPARE(d1DatabaseOf(top, "DB").value()->value("database_id"), "1-2");
        QCOMPARE(d1DatabaseOf(top, "shop").value()->value("database_id"), "3-4");
        QCOMPARE(d1DatabaseOf(top, "other").value()->value("database_id"), "3-4");
        QCOMPARE(d1DatabaseOf(top, "1-2").value()->name, "DB");
        QCOMPARE(textOf(d1DatabaseOf(top, "x")), "data.binding: No D1 database is called \"x\": wrangler.json has \"DB\", \"shop\".");
        QCOMPARE(textOf(d1DatabaseOf(top, "")), "data.binding: No D1 database is called \"\": wrangler.json has \"DB\", \"shop\".");
    }

    void r2()
    {
        const DataProject top = project({}).value();
        QCOMPARE(r2BucketOf(top, "files-bucket"), "files-bucket");
        QCOMPARE(r2BucketOf(top, "files-preview"), "files-preview");
        QCOMPARE(r2BucketOf(top, "FILES"), "files-preview");
        QCOMPARE(r2BucketOf(top, "unbound"), "unbound");
    }
};

QTEST_GUILESS_MAIN(TestResourceChoice)
#include "t_resourcechoice.moc"
