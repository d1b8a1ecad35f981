// SPDX-License-Identifier: GPL-3.0-or-later
// Hyperdrive bindings that lead to a real PostgreSQL and a real MariaDB, used by the packages that people use. Each file of tests/packages/databases checks for itself, and answers "ok".
#include "core/functions/bundler.h"
#include "tests/core/runtime/socketpeer.h"
#include "tests/core/runtime/workerharness.h"
#include "tests/packages/databases.h"
#include "tests/packages/fakepostgres.h"

#include <QFile>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

namespace fs = std::filesystem;
using namespace cleat;
using test::DatabaseServer;
using test::SocketPeer;
using test::WorkerHarness;

namespace {

runtime::Bindings::Hyperdrive bound(const char *name, const std::string &text)
{
    auto database = bindings::hyperdrive::parseConnectionString(text);
    if (!database)
        qFatal("%s: %s", text.c_str(), database.error().message.c_str());
    return {name, std::move(*database), {}};
}

/// A port of 127.0.0.1 where nobody listens.
int silentPort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 1;
}

} // namespace

class DatabasesTest final : public QObject
{
    Q_OBJECT
    std::unique_ptr<DatabaseServer> m_postgres;
    std::unique_ptr<DatabaseServer> m_mariaDb;

    static fs::path packages() { return qEnvironmentVariable("CLEAT_PACKAGES_DIR", QStringLiteral(CLEAT_PACKAGES_DIR)).toStdString(); }

    static base::Result<functions::Bundle> bundleOf(const std::string &path, const fs::path &root)
    {
        fs::create_directories(root / "functions");
        fs::copy_file(path, root / "functions" / "index.js");
        fs::create_directory_symlink(packages() / "node_modules", root / "node_modules");
        return functions::Bundler(CLEAT_ESBUILD).build(root, functions::NodeCompat::Full);
    }

    static runtime::Bindings bindingsFor(const DatabaseServer &server, const WorkerHarness &harness)
    {
        runtime::Bindings bindings;
        bindings.state = harness.state().path().toStdString();
        const std::string trusted = "&sslrootcert=" + server.certificate();
        const bool mysql = server.connectionString().starts_with("mysql");
        const std::string mode = mysql ? "?ssl-mode=" : "?sslmode=";
        bindings.hyperdrives = {bound("HYPERDRIVE", server.connectionString()), bound("REQUIRED", server.connectionString(mode + (mysql ? "REQUIRED" : "require"))),
            bound("PREFERRED", server.connectionString(mode + (mysql ? "preferred" : "prefer"))), bound("VERIFIED_CA", server.connectionString(mode + (mysql ? "verify_ca" : "verify-ca") + trusted)),
            bound("VERIFIED", server.connectionString(mode + (mysql ? "verify_identity" : "verify-full") + trusted)),
            bound("UNTRUSTED", server.connectionString(mode + (mysql ? "verify_identity" : "verify-full"))), bound("WRONG", server.connectionString({}, "wrong")),
            bound("WRONG_TLS", server.connectionString(mode + (mysql ? "required" : "require"), "wrong")),
            bound("NOBODY", (mysql ? "mysql" : "postgres") + std::string("://owner:pw@127.0.0.1:") + std::to_string(silentPort()) + "/records")};
        bindings.hyperdrives.push_back(bound("CACHED", server.connectionString()));
        bindings.hyperdrives.back().cacheSeconds = 600;
        bindings.hyperdrives.push_back(bound("CACHED_TLS", server.connectionString(mode + (mysql ? "REQUIRED" : "require"))));
        bindings.hyperdrives.back().cacheSeconds = 600;
        bindings.hyperdrives.push_back(bound("STALE", server.connectionString()));
        bindings.hyperdrives.back().cacheSeconds = 1;
        bindings.hyperdrives.back().staleSeconds = 600;
        const std::vector<std::string> flags{"nodejs_compat"};
        bindings.compatibility = runtime::Compatibility::resolve("2026-03-01", flags, "2026-12-01").value();
        return bindings;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *name : {"CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"})
            qunsetenv(name);
        QVERIFY2(fs::exists(packages() / "node_modules" / "mysql2"), "Run packaging/fetch-packages.sh, which installs the packages.");
        m_postgres = test::startPostgres();
        QVERIFY2(m_postgres->problem().isEmpty(), qPrintable(m_postgres->problem()));
        m_mariaDb = test::startMariaDb();
        QVERIFY2(m_mariaDb->problem().isEmpty(), qPrintable(m_mariaDb->problem()));
    }

    void function_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("mysql");
        QTest::newRow("pg") << QStringLiteral("pg") << false;
        QTest::newRow("postgres") << QStringLiteral("postgres") << false;
        QTest::newRow("cached") << QStringLiteral("cached") << false;
        QTest::newRow("mysql2") << QStringLiteral("mysql2") << true;
        QTest::newRow("cachedmysql") << QStringLiteral("cachedmysql") << true;
    }

    void function()
    {
        QFETCH(QString, name);
        QFETCH(bool, mysql);
        const DatabaseServer &server = mysql ? *m_mariaDb : *m_postgres;
        const QTemporaryDir project;
        const auto bundle = bundleOf(CLEAT_TESTS_DIR "/packages/databases/" + name.toStdString() + ".js", fs::canonical(project.path().toStdString()));
        QVERIFY2(bundle, bundle ? "" : bundle.error().message.c_str());
        SocketPeer plain(test::answerAsPostgres); // speaks no TLS
        WorkerHarness harness;
        runtime::Bindings bindings = bindingsFor(server, harness);
        if (!mysql)
            bindings.hyperdrives.push_back(bound("NO_TLS", "postgres://trust:secret@127.0.0.1:" + std::to_string(plain.port()) + "/d?sslmode=require"));
        const auto loaded = harness.loadHandlers(bundle->code, {{"index.js", "onRequest"}}, bindings, bundle->sourceMap);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const auto answer = harness.fetch();
        QVERIFY2(answer.status == 200 && answer.body == "ok", (answer.error + "\n" + answer.body).c_str());
    }

    /// The whole server goes away while a transaction is open.
    void serverDies()
    {
        const auto server = test::startPostgres();
        QVERIFY2(server->problem().isEmpty(), qPrintable(server->problem()));
        const QTemporaryDir project;
        const fs::path source = fs::path(project.path().toStdString()) / "code.js";
        QFile file(QString::fromStdString(source.string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("import pg from \"pg\";\nexport async function onRequest({ env }) {\n  const client = new pg.Client({ connectionString: env.HYPERDRIVE.connectionString });\n"
                   "  const errors = [];\n  client.on(\"error\", (error) => errors.push(error.message));\n  await client.connect();\n  await client.query(\"begin\");\n"
                   "  await client.query(\"create table t (i int)\");\n  console.log(\"open\");\n  try {\n    await client.query(\"select pg_sleep(600)\");\n    return new Response(\"slept\");\n"
                   "  } catch (error) {\n    const after = await client.query(\"commit\").then(() => \"committed\", (e) => e.message);\n    return new Response(`lost: ${error instanceof Error} ${after}`);\n  }\n}\n");
        file.close();
        fs::create_directory(fs::path(project.path().toStdString()) / "p");
        const auto bundle = bundleOf(source, fs::canonical(project.path().toStdString()) / "p");
        QVERIFY2(bundle, bundle ? "" : bundle.error().message.c_str());
        WorkerHarness harness;
        const auto loaded = harness.loadHandlers(bundle->code, {{"index.js", "onRequest"}}, bindingsFor(*server, harness), bundle->sourceMap);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        request.steps = {{0, "/", {}}};
        const auto id = harness.begin(std::move(request));
        QCOMPARE(harness.console(1), std::vector<std::string>{"open"});
        server->kill();
        const auto answer = harness.wait(id);
        QCOMPARE(answer.status, 200);
        QVERIFY2(answer.body.starts_with("lost: true ") && !answer.body.ends_with("committed"), answer.body.c_str());
    }
};

QTEST_GUILESS_MAIN(DatabasesTest)
#include "t_databases.moc"
