// SPDX-License-Identifier: GPL-3.0-or-later
// Where a session finds the database of a Hyperdrive binding, and what it says when there is none.
#include "tests/core/session/running.h"

#include <QTest>

#include <algorithm>

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
