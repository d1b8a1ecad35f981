// SPDX-License-Identifier: GPL-3.0-or-later
// Each file of tests/packages/functions is a project of one Function that uses a package from npm: it is bundled as a project of the user's is, runs, checks for
// itself what the package did, and answers "ok".
#include "core/functions/bundler.h"
#include "tests/core/runtime/httppeer.h"
#include "tests/core/runtime/workerharness.h"
#include "tests/packages/fakepostgres.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

namespace fs = std::filesystem;
using cleat::test::HttpPeer;
using cleat::test::SocketPeer;
using cleat::test::WorkerHarness;

namespace {

/// What the package openai talks to.
HttpPeer::Then answerAsModel(HttpPeer::Connection &connection, HttpPeer::Received &request)
{
    if (request.target.startsWith("/v1/models")) {
        connection.answer(R"({"error": {"message": "wrong key"}})", "Content-Type: application/json\r\n", "401 Unauthorized");
    } else if (request.body.contains("\"stream\":true")) {
        QByteArray events;
        for (const char *part : {"Hel", "lo!"})
            events += QByteArray(R"(data: {"choices": [{"index": 0, "delta": {"content": ")") + part + "\"}}]}\n\n";
        connection.answer(events + "data: [DONE]\n\n", "Content-Type: text/event-stream\r\n");
    } else {
        connection.answer(R"({"id": "1", "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello!"}}]})", "Content-Type: application/json\r\n");
    }
    return HttpPeer::Then::Close;
}

} // namespace

class PackagesTest final : public QObject
{
    Q_OBJECT

    static fs::path packages()
    {
        return qEnvironmentVariable("CLEAT_PACKAGES_DIR", QStringLiteral(CLEAT_PACKAGES_DIR)).toStdString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *name : {"CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"})
            qunsetenv(name);
        QVERIFY2(fs::exists(packages() / "node_modules" / "hono"), "Run packaging/fetch-packages.sh, which installs the packages.");
    }

    void function_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(QStringLiteral(CLEAT_TESTS_DIR "/packages/functions"));
        for (const QString &name : folder.entryList({QStringLiteral("*.js")}))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }

    void function()
    {
        QFETCH(QString, path);
        const QTemporaryDir project;
        const fs::path root = fs::canonical(project.path().toStdString());
        fs::create_directories(root / "functions");
        fs::copy_file(path.toStdString(), root / "functions" / "index.js");
        fs::create_directory_symlink(packages() / "node_modules", root / "node_modules");
        const auto bundle = cleat::functions::Bundler(CLEAT_ESBUILD).build(root, cleat::functions::NodeCompat::Full);
        QVERIFY2(bundle, bundle ? "" : bundle.error().message.c_str());

        HttpPeer peer(answerAsModel);
        const HttpPeer::Identity identity = HttpPeer::makeIdentity();
        QFile trusted(QString::fromStdString((root / "trusted.pem").string()));
        QVERIFY(trusted.open(QIODevice::WriteOnly));
        trusted.write(identity.certificate.toPem());
        trusted.close();
        qputenv("SSL_CERT_FILE", trusted.fileName().toUtf8());
        SocketPeer plain(cleat::test::answerAsPostgres);
        SocketPeer secure(cleat::test::answerAsPostgres, SocketPeer::Transport::Plain, identity.certificate.toPem(), identity.key.toPem());
        WorkerHarness harness;
        cleat::runtime::Bindings bindings;
        bindings.state = harness.state().path().toStdString();
        bindings.d1.push_back({"DB", "database"});
        bindings.variables.push_back({"NAME", "value"});
        bindings.variables.push_back({"PEER", peer.base()});
        bindings.variables.push_back({"PG_PORT", std::to_string(plain.port())});
        bindings.variables.push_back({"PG_TLS_PORT", std::to_string(secure.port())});
        const std::vector<std::string> flags{"nodejs_compat"};
        bindings.compatibility = cleat::runtime::Compatibility::resolve("2026-03-01", flags, "2026-12-01").value();
        const auto loaded = harness.loadHandlers(bundle->code, {{"index.js", "onRequest"}}, bindings, bundle->sourceMap);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const auto answer = harness.fetch();
        QVERIFY2(answer.status == 200 && answer.body == "ok", (answer.error + "\n" + answer.body).c_str());
    }
};

QTEST_GUILESS_MAIN(PackagesTest)
#include "t_packages.moc"
