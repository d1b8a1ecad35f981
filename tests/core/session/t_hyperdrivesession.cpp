// SPDX-License-Identifier: GPL-3.0-or-later
// Where a session finds the database of a Hyperdrive binding, and what it says when there is none.
#include "core/session/databasecheck.h"
#include "tests/core/session/running.h"

#include <QTest>

#include <algorithm>
#include <optional>

using namespace cleat;
using namespace cleat::tests;

class TestSessionHyperdrive final : public QObject
{
    Q_OBJECT

    static void write(const Running &run, const std::string &more)
    {
        run.project.write("wrangler.toml", "pages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n[[hyperdrive]]\nbinding = \"HD\"\nid = \"abc\"\n" + more);
        run.project.write("functions/who.js", "export const onRequest = ({ env }) => { try { return new Response(`${env.HD.user} ${env.HD.database} ${env.HD.port}`); } catch (e) { return new Response(e.message); } };\n");
        run.project.write("functions/says.js", "export const onRequest = ({ env }) => { console.log('it is', env.HD.password); return new Response('said'); };\n");
    }
    static bool keep(Running &run, const std::string &password)
    {
        std::optional<bool> good;
        run.session().secrets().set({config::Scope::TopLevel}, {{session::passwordSecret("HD"), secrets::SecretText(password)}}, [&](const base::Result<void> &result) { good = result.has_value(); });
        return waitUntil([&] { return good.has_value(); }) && *good;
    }
    static std::vector<std::string> notices(Running &run, const std::string &prefix)
    {
        std::vector<std::string> found;
        for (const auto &notice : run.all<events::NoticeEvent>()) {
            if (notice.code.starts_with(prefix))
                found.push_back(notice.code);
        }
        return found;
    }

private Q_SLOTS:
    void cleanup()
    {
        qunsetenv("CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD");
        qunsetenv("WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD");
    }

    void fromTheFile()
    {
        Running run;
        write(run, "localConnectionString = \"postgres://ada:s3cret-word@localhost/planes\"\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/who").body, std::string("ada planes 5432"));
        QCOMPARE(notices(run, "hyperdrive."), std::vector<std::string>());
        QCOMPARE(run.get("/says").body, std::string("said"));
        QVERIFY(waitUntil([&] { return !run.all<events::ConsoleEvent>().empty(); }));
        const std::string line = run.all<events::ConsoleEvent>()[0].text;
        QVERIFY2(line.starts_with("it is") && !line.contains("s3cret-word"), line.c_str());
        QVERIFY(session::Session::runs(config::Kind::Hyperdrive));
    }

    void fromTheEnvironment()
    {
        qputenv("CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD", "mysql://grace:pw@localhost/ships");
        qputenv("WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD", "mysql://nobody:pw@localhost/none");
        Running run;
        write(run, "localConnectionString = \"postgres://ada:pw@localhost/planes\"\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/who").body, std::string("grace ships 3306"));
        QCOMPARE(notices(run, "hyperdrive."), std::vector<std::string>{"hyperdrive.environment"});
    }

    void fromTheOldEnvironment()
    {
        qputenv("WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD", "postgresql://old:pw@localhost:6000/times");
        Running run;
        write(run, "");
        QVERIFY(run.start());
        QCOMPARE(run.get("/who").body, std::string("old times 6000"));
        QCOMPARE(notices(run, "hyperdrive."), (std::vector<std::string>{"hyperdrive.deprecated", "hyperdrive.environment"}));
    }

    /// A password that the keychain keeps under the binding's name: the code has it by the binding alone, and no log shows it.
    void fromTheKeychain()
    {
        Running run;
        write(run, "localConnectionString = \"postgres://ada@localhost/planes\"\n");
        run.project.write("functions/password.js", "export const onRequest = ({ env }) => new Response(`${env.HD.password} ${Object.keys(env).filter((name) => name.startsWith('HYPERDRIVE_'))}`);\n");
        QVERIFY(run.start());
        QVERIFY(keep(run, "s3cret word!"));
        QCOMPARE(run.eventually("/password", "s3cret word! "), std::string("s3cret word! "));
        QCOMPARE(run.get("/says").body, std::string("said"));
        QVERIFY(waitUntil([&] { return !run.all<events::ConsoleEvent>().empty(); }));
        QVERIFY2(!run.all<events::ConsoleEvent>().back().text.contains("s3cret"), run.all<events::ConsoleEvent>().back().text.c_str());
    }

    /// A variable names another database, with a password of its own; the one that is kept is not for that.
    void passwordsOfVariables_data()
    {
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<bool>("inFile");
        for (const char *variable : {"CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD", "WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD"}) {
            QTest::addRow("%s", variable) << QByteArray(variable) << false;
            QTest::addRow("%s in .env", variable) << QByteArray(variable) << true;
        }
    }
    void passwordsOfVariables()
    {
        QFETCH(QByteArray, variable);
        QFETCH(bool, inFile);
        const QByteArray other = "mysql://grace:an%20other%2Fword@localhost/ships";
        Running run;
        write(run, "localConnectionString = \"postgres://ada@localhost/planes\"\n");
        run.project.write("functions/password.js", "export const onRequest = ({ env }) => new Response(env.HD.password);\n");
        if (inFile)
            run.project.write(".env", (variable + '=' + other + '\n').toStdString());
        else
            qputenv(variable.constData(), other);
        QVERIFY(run.start());
        QCOMPARE(run.get("/password").body, std::string("an other/word"));
        QVERIFY(keep(run, "s3cret word!"));
        QVERIFY(waitUntil([&] { return run.session().live() == session::Session::Live::Current; }));
        QCOMPARE(run.get("/who").body, std::string("grace ships 3306"));
        QCOMPARE(run.get("/password").body, std::string("an other/word"));
        QCOMPARE(run.get("/says").body, std::string("said"));
        QVERIFY(waitUntil([&] { return !run.all<events::ConsoleEvent>().empty(); }));
        const std::string line = run.all<events::ConsoleEvent>().back().text;
        QVERIFY2(line.starts_with("it is") && !line.contains("other"), line.c_str());
    }

    /// The variable gives no password: what is kept belongs to another database, and the binding says what is missing.
    void variableWithoutPassword()
    {
        qputenv("CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD", "mysql://grace@localhost/ships");
        Running run;
        write(run, "localConnectionString = \"postgres://ada@localhost/planes\"\n");
        QVERIFY(run.start());
        QVERIFY(keep(run, "s3cret word!"));
        QVERIFY(waitUntil([&] { return run.session().live() == session::Session::Live::Current; }));
        QVERIFY2(run.get("/who").body.contains("You must provide a password"), run.get("/who").body.c_str());
    }

    void fromDotEnv()
    {
        Running run;
        write(run, "");
        run.project.write(".env", "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD=postgres://dot:pw@localhost/env\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/who").body, std::string("dot env 5432"));
    }

    /// What needs no database runs; the binding says why it has none, and has one as soon as the file names it.
    void fromNowhere()
    {
        Running run;
        write(run, "");
        QVERIFY(run.start());
        QVERIFY2(run.get("/who").body.contains("'CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HD' variable or \"HD\"'s \"localConnectionString\""), run.get("/who").body.c_str());
        QCOMPARE(notices(run, "hyperdrive."), std::vector<std::string>{"hyperdrive.missing"});
        write(run, "localConnectionString = \"postgres://ada@localhost/planes\"\n");
        QCOMPARE(run.eventually("/who", "The local connection string of the Hyperdrive binding HD cannot be used: You must provide a password - e.g. 'user:password@database.example.com:port/databasename' "),
            std::string("The local connection string of the Hyperdrive binding HD cannot be used: You must provide a password - e.g. 'user:password@database.example.com:port/databasename' "));
        write(run, "localConnectionString = \"postgres://ada:pw@localhost/planes\"\n");
        QCOMPARE(run.eventually("/who", "ada planes 5432"), std::string("ada planes 5432"));
    }
};

QTEST_GUILESS_MAIN(TestSessionHyperdrive)
#include "t_hyperdrivesession.moc"
