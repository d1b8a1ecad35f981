// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/session/session.h"
#include "tests/core/config/entries.h"
#include "tests/core/session/running.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <fstream>
#include <set>

using namespace cleat;
using namespace cleat::tests;
using session::Options;
using session::Session;
using session::State;
namespace fs = std::filesystem;

namespace {

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

bool portIsFree(int port)
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost, static_cast<quint16>(port));
}

const char *const hello = "export const onRequest = () => new Response('hello');\n";
const char *const showEnv = "export const onRequest = ({ env, params }) => Response.json(env[params.name] ?? null);\n";

fs::path kvFile(const Session &session, const std::string &id)
{
    return session.dataOf(config::kv("KV", id)).value();
}

} // namespace

/// Starting, stopping, and what a running session is made of.
class SessionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // ---- start and stop

    void startsAndStops()
    {
        Running run;
        run.project.write("functions/api.js", hello);
        QVERIFY(run.start());
        Session &session = run.session();
        const int port = run.port();
        QVERIFY(port > 0);
        QCOMPARE(session.url().toString(), QStringLiteral("http://localhost:%1").arg(port));
        QCOMPARE(session.projectName(), QStringLiteral("my-site"));
        QVERIFY(session.failure() == base::Error());
        QCOMPARE(run.get("/api").body, std::string("hello"));
        QCOMPARE(run.get("/").body, std::string("<p>hello</p>\n"));
        QVERIFY(run.stop());
        QCOMPARE(session.state(), State::Stopped);
        QVERIFY(session.url().isEmpty());
        QVERIFY(portIsFree(port));
        QCOMPARE(get(port, "/api").status, 0);
    }

    void bothLoopbackAddresses()
    {
        Running run;
        QVERIFY(run.start());
        QTcpServer six;
        if (six.listen(QHostAddress::LocalHostIPv6)) { // the machine has IPv6
            Client client(run.port(), "::1");
            QCOMPARE(client.get("/", "Host: [::1]\r\n").status, 200);
        }
        QCOMPARE(run.get("/").status, 200);
    }

    void startsAgainAndAgain()
    {
        Running run;
        run.project.write("functions/api.js", hello);
        for (int i = 0; i < 4; ++i) {
            QVERIFY(run.start());
            QCOMPARE(run.get("/api").body, std::string("hello"));
            QVERIFY(run.stop());
        }
        QVERIFY(run.stop()); // when nothing runs it is complete at once
    }

    void restarts()
    {
        Running run;
        run.project.write("functions/api.js", "let n = 0; export const onRequest = () => new Response(String(++n));\n");
        QVERIFY(run.start());
        run.session().setPort(run.port());
        const int port = run.port();
        QCOMPARE(run.get("/api").body, std::string("1"));
        QCOMPARE(run.get("/api").body, std::string("2"));
        QSignalSpy states(&run.session(), &Session::stateChanged);
        run.session().restart();
        QVERIFY(waitUntil([&] { return run.session().state() == State::Running && !states.isEmpty(); }));
        QCOMPARE(run.port(), port);
        QCOMPARE(run.get("/api").body, std::string("1")); // new memory
    }

    /// Neither may be lost because a stop takes its time.
    void startWhileStopping()
    {
        Running run;
        QVERIFY(run.start());
        run.session().stop();
        run.session().start();
        QVERIFY(waitUntil([&] { return run.session().state() == State::Running; }));
        run.session().stop();
        run.session().restart();
        QVERIFY(waitUntil([&] { return run.session().state() == State::Running; }));
        QCOMPARE(run.get("/").status, 200);
        run.session().restart();
        QSignalSpy stopped(&run.session(), &Session::stopped);
        run.session().stop(); // the last word counts
        QVERIFY(waitUntil([&] { return !stopped.isEmpty(); }));
        QTest::qWait(100);
        QCOMPARE(run.session().state(), State::Stopped);
        QCOMPARE(stopped.size(), 1);
    }

    void stopWhileStarting()
    {
        Running run;
        run.project.write("functions/api.js", hello);
        run.start();
        QVERIFY(run.stop());
        for (int i = 0; i < 5; ++i) {
            run.session().start();
            QTest::qWait(i * 15);
            QVERIFY(run.stop());
            QCOMPARE(run.session().state(), State::Stopped);
        }
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").body, std::string("hello"));
    }

    void destroyedWhileStarting()
    {
        for (int i = 0; i < 4; ++i) {
            Running run;
            run.project.write("functions/api.js", hello);
            Session session(run.options, run.keychain);
            session.start();
            QTest::qWait(i * 30);
        }
    }

    void destroyedWhileRunning()
    {
        Running run;
        run.project.write("functions/loop.js", "export const onRequest = () => { for (;;); };\n");
        run.project.write("functions/hang.js", "export const onRequest = () => new Promise((done) => setTimeout(done, 1e6));\n");
        int port = 0;
        Client loop(0);
        {
            Session session(run.options, run.keychain);
            session.start();
            QVERIFY(waitUntil([&] { return session.state() == State::Running; }));
            port = session.url().port();
            Client hang(port);
            hang.sendRequest("GET", "/hang");
            Client other(port);
            other.sendRequest("GET", "/loop");
            QTest::qWait(100);
        }
        QVERIFY(portIsFree(port));
    }

    void stopAnswersWhatIsUnderWay()
    {
        Running run;
        run.project.write("functions/slow.js", "export const onRequest = async () => { await new Promise(r => setTimeout(r, 500)); return new Response('late'); };\n");
        QVERIFY(run.start());
        Client client(run.port());
        client.sendRequest("GET", "/slow?1");
        Client second(run.port());
        second.sendRequest("GET", "/slow?2");
        QVERIFY(waitUntil([&] {
            std::set<std::string> seen;
            for (const auto &event : run.all<events::RequestEvent>())
                seen.insert(event.target);
            return seen.size() == 2;
        }));
        QVERIFY(run.stop());
        QCOMPARE(client.receive().body, std::string("late"));
        QCOMPARE(second.receive().body, std::string("late"));
    }

    void stopDoesNotWaitForEver()
    {
        Running run;
        run.project.write("functions/hang.js", "export const onRequest = () => new Promise((done) => setTimeout(done, 1e6));\n");
        run.project.write("functions/loop.js", "export const onRequest = () => { for (;;); };\n");
        QVERIFY(run.start());
        Client hang(run.port());
        hang.sendRequest("GET", "/hang");
        Client loop(run.port());
        loop.sendRequest("GET", "/loop");
        Client idle(run.port());
        QTest::qWait(100);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(run.stop());
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(hang.receive().status, 0);
    }

    // ---- ports and addresses

    void portInUse()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Running run;
        run.options.port = other.serverPort();
        QVERIFY(!run.start());
        Session &session = run.session();
        QCOMPARE(session.state(), State::Failed);
        QCOMPARE(text(session.failure().code), QStringLiteral("server.port-in-use"));
        QVERIFY2(text(session.failure().message).contains(QString::number(other.serverPort())), session.failure().message.c_str());
        const int offered = session.freePort();
        QVERIFY(offered > other.serverPort());
        QVERIFY(session.url().isEmpty());
        bool noticed = false;
        for (const auto &event : run.all<events::NoticeEvent>())
            noticed |= event.code == "server.port-in-use";
        QVERIFY(noticed);
        QVERIFY(portIsFree(offered)); // nothing is held while the user thinks
        session.setPort(offered);
        QVERIFY(run.start());
        QCOMPARE(run.port(), offered);
        QVERIFY(session.failure() == base::Error());
        QCOMPARE(run.get("/").status, 200);
    }

    void portInUseTakesNext()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        Running run;
        run.options.port = other.serverPort();
        run.options.portInUse = Options::PortInUse::TakeNext;
        QVERIFY(run.start());
        QVERIFY(run.port() > other.serverPort());
        QCOMPARE(run.get("/").status, 200);
    }

    void twoSessions()
    {
        Running one;
        Running two;
        one.project.write("functions/api.js", "export const onRequest = () => new Response('one');\n");
        two.project.write("functions/api.js", "export const onRequest = () => new Response('two');\n");
        QVERIFY(one.start());
        two.options.port = one.port();
        two.options.portInUse = Options::PortInUse::TakeNext;
        QVERIFY(two.start());
        QCOMPARE(one.get("/api").body, std::string("one"));
        QCOMPARE(two.get("/api").body, std::string("two"));
    }

    void badAddress()
    {
        Running run;
        run.options.ip = "203.0.113.77"; // no machine's own (RFC 5737)
        QVERIFY(!run.start());
        QCOMPARE(text(run.session().failure().code), QStringLiteral("server.address"));
        QVERIFY(text(run.session().failure().message).contains(u"203.0.113.77"));
    }

    // ---- what to serve

    void noDirectory()
    {
        Running run;
        run.project.write("wrangler.toml", "name = \"x\"\n");
        QVERIFY(!run.start());
        QCOMPARE(text(run.session().failure().code), QStringLiteral("session.no-directory"));
        QVERIFY(text(run.session().failure().message).contains(u"pages_build_output_dir"));
        run.project.write("wrangler.toml", "name = \"x\"\npages_build_output_dir = \"public\"\n");
        QVERIFY(waitUntil([&] { return run.session().config().config().pagesBuildOutputDir.has_value(); }));
        QVERIFY(run.start());
        QVERIFY(run.session().failure() == base::Error());
    }

    void missingDirectory()
    {
        Running run;
        run.project.remove("public");
        QVERIFY(!run.start());
        QCOMPARE(text(run.session().failure().code), QStringLiteral("session.directory"));
        QVERIFY(text(run.session().failure().message).contains(text(run.project.path("public").string())));
        run.project.write("public", "a file");
        QVERIFY(!run.start());
        QCOMPARE(text(run.session().failure().code), QStringLiteral("session.directory"));
    }

    void directoryOption()
    {
        Running run;
        run.project.write("dist/index.html", "from dist");
        run.options.directory = run.project.path("dist");
        QVERIFY(run.start());
        QCOMPARE(run.get("/").body, std::string("from dist"));
    }

    void noWranglerFile()
    {
        Running run;
        run.project.remove("wrangler.toml");
        run.options.directory = run.project.path("public");
        run.project.write("functions/env/[name].js", showEnv);
        run.options.bindings = {config::kv("KV", "kv")};
        run.options.variables = {{"V", "1"}};
        QVERIFY(run.start());
        QCOMPARE(run.session().projectName(), QStringLiteral("my-site"));
        QCOMPARE(run.get("/").body, std::string("<p>hello</p>\n"));
        QCOMPARE(run.get("/env/V").body, std::string("\"1\""));
        session::ConfigStore::NewFile file;
        file.outputDir = "public";
        QVERIFY(run.session().config().create(file));
        QCOMPARE(run.eventually("/env/V", "\"1\""), std::string("\"1\""));
    }

    void brokenWranglerFile()
    {
        Running run;
        run.project.write("wrangler.toml", "name = \"x\"\npages_build_output_dir = public\n");
        QVERIFY(!run.start());
        QCOMPARE(text(run.session().failure().code), QStringLiteral("config.parse"));
        QCOMPARE(run.session().failure().place.line, 2);
    }

    // ---- variables

    void variablesInOrder()
    {
        Running run;
        run.project.write("functions/env/[name].js", showEnv);
        run.project.write("wrangler.toml",
            "name = \"site\"\npages_build_output_dir = \"public\"\n[vars]\nA = \"file\"\nB = \"file\"\nC = \"file\"\nJ = { x = [1, true] }\nCF_PAGES_BRANCH = \"mine\"\n");
        run.project.write(".dev.vars", "B=secret\nC=secret\n");
        run.options.variables = {{"C", "flag"}};
        QVERIFY(run.start());
        QCOMPARE(run.get("/env/A").body, std::string("\"file\""));
        QCOMPARE(run.get("/env/B").body, std::string("\"secret\""));
        QCOMPARE(run.get("/env/C").body, std::string("\"flag\""));
        QCOMPARE(run.get("/env/J").body, std::string("{\"x\":[1,true]}"));
        QCOMPARE(run.get("/env/CF_PAGES").body, std::string("\"1\""));
        QCOMPARE(run.get("/env/CF_PAGES_BRANCH").body, std::string("\"mine\""));
        QCOMPARE(run.get("/env/CF_PAGES_URL").body, std::string("\"https://00000000.site.pages.dev\""));
    }

    void devVarsChange_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<bool>("before");
        for (const char *file : {".dev.vars", ".env", ".env.local"}) {
            QTest::addRow("%s changes", file) << QByteArray(file) << true;
            QTest::addRow("%s comes", file) << QByteArray(file) << false;
        }
    }
    void devVarsChange()
    {
        QFETCH(QByteArray, file);
        QFETCH(bool, before);
        const std::string name = file.toStdString();
        Running run;
        run.project.write("functions/env/[name].js", showEnv);
        if (before)
            run.project.write(name, "S=one\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/env/S").body, std::string(before ? "\"one\"" : "null"));
        run.project.write(name, "S=two\n");
        QCOMPARE(run.eventually("/env/S", "\"two\""), std::string("\"two\""));
        run.project.replace(name, "S=three\n");
        QCOMPARE(run.eventually("/env/S", "\"three\""), std::string("\"three\""));
        run.project.write(name, "S=four\n");
        QCOMPARE(run.eventually("/env/S", "\"four\""), std::string("\"four\""));
        run.project.remove(name);
        QCOMPARE(run.eventually("/env/S", "null"), std::string("null"));
    }

    void devVarsOfTheScope()
    {
        Running run;
        run.project.write("functions/env/[name].js", showEnv);
        run.project.write(".dev.vars", "S=plain\n");
        run.project.write(".dev.vars.preview", "S=preview\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/env/S").body, std::string("\"plain\""));
        run.session().setScope(config::Scope::Preview);
        QCOMPARE(run.eventually("/env/S", "\"preview\""), std::string("\"preview\""));
        run.project.write(".dev.vars.preview", "S=changed\n"); // in place
        QCOMPARE(run.eventually("/env/S", "\"changed\""), std::string("\"changed\""));
    }

    // ---- the Wrangler file, while running

    void editReachesEnv()
    {
        Running run;
        run.project.write("functions/kv.js",
            "export const onRequest = async ({ env }) => { if (!env.NEW_KV) return new Response('none'); await env.NEW_KV.put('k', 'v1'); "
            "return new Response(await env.NEW_KV.get('k')); };\n");
        run.project.write("functions/env/[name].js", showEnv);
        QVERIFY(run.start());
        QCOMPARE(run.get("/kv").body, std::string("none"));
        Client kept(run.port());
        QCOMPARE(kept.get("/kv").body, std::string("none"));
        session::ConfigStore &store = run.session().config();
        QVERIFY(store.apply(config::addKv(config::Scope::TopLevel, config::kv("NEW_KV", "new-id")), QStringLiteral("Add")));
        QCOMPARE(run.eventually("/kv", "v1"), std::string("v1"));
        QCOMPARE(kept.get("/kv").body, std::string("v1")); // on a connection from before
        QVERIFY(fs::exists(kvFile(run.session(), "new-id")));
        QVERIFY(store.apply(config::AddVariable{config::Scope::TopLevel, {"V", config::Variable::Kind::Text, "1"}}, QStringLiteral("Add")));
        QCOMPARE(run.eventually("/env/V", "\"1\""), std::string("\"1\""));
        QVERIFY(store.undo());
        QVERIFY(store.undo());
        QCOMPARE(run.eventually("/kv", "none"), std::string("none"));
        QCOMPARE(run.get("/env/V").body, std::string("null"));
    }

    void outsideEditReachesEnv()
    {
        Running run;
        run.project.write("functions/env/[name].js", showEnv);
        QVERIFY(run.start());
        for (int i = 0; i < 6; ++i) {
            const std::string value = std::to_string(i);
            const std::string toml = "name = \"x\"\npages_build_output_dir = \"public\"\n[vars]\nV = \"" + value + "\"\n";
            // Replacing it also touches the project's folder, which starts a build: the two must not get in each other's way.
            i % 2 ? run.project.replace("wrangler.toml", toml) : run.project.write("wrangler.toml", toml);
            QCOMPARE(run.eventually("/env/V", '"' + value + '"'), '"' + value + '"');
        }
    }

    void brokenEditKeepsWhatRuns()
    {
        Running run;
        run.project.write("functions/env/[name].js", showEnv);
        const std::string good = "name = \"x\"\npages_build_output_dir = \"public\"\n[vars]\nV = ";
        run.project.write("wrangler.toml", good + "\"1\"\n");
        QVERIFY(run.start());
        run.project.write("wrangler.toml", good);
        QVERIFY(waitUntil([&] { return run.session().config().status() == session::ConfigStore::Status::Broken; }));
        QCOMPARE(run.get("/env/V").body, std::string("\"1\""));
        QCOMPARE(run.session().state(), State::Running);
        run.project.write("wrangler.toml", good + "\"2\"\n");
        QCOMPARE(run.eventually("/env/V", "\"2\""), std::string("\"2\""));
    }

    void directoryMoves()
    {
        Running run;
        run.project.write("other/index.html", "other");
        run.project.write("functions/through.js", "export const onRequest = ({ env, request }) => env.ASSETS.fetch(new URL('/', request.url));\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/through").body, std::string("<p>hello</p>\n"));
        run.project.write("wrangler.toml", "name = \"x\"\npages_build_output_dir = \"other\"\n");
        QCOMPARE(run.eventually("/", "other"), std::string("other"));
        QCOMPARE(run.eventually("/through", "other"), std::string("other"));
        run.project.write("wrangler.toml", "name = \"x\"\npages_build_output_dir = \"gone\"\n");
        QTest::qWait(200);
        QCOMPARE(run.get("/").body, std::string("other")); // what runs goes on
    }

    void scopes()
    {
        Running run;
        run.project.write("functions/env/[name].js", showEnv);
        run.project.write("wrangler.toml",
            "name = \"x\"\npages_build_output_dir = \"public\"\n[vars]\nV = \"top\"\n[env.preview.vars]\nV = \"preview\"\n[env.production]\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/env/V").body, std::string("\"top\""));
        run.session().setScope(config::Scope::Preview);
        QCOMPARE(run.eventually("/env/V", "\"preview\""), std::string("\"preview\""));
        run.session().setScope(config::Scope::Production);
        QCOMPARE(run.eventually("/env/V", "null"), std::string("null")); // its table is there, so the top level's does not count
        run.session().setScope(config::Scope::TopLevel);
        QCOMPARE(run.eventually("/env/V", "\"top\""), std::string("\"top\""));
        QVERIFY(run.stop());
        run.session().setScope(config::Scope::Preview); // while stopped: for the next start
        QVERIFY(run.start());
        QCOMPARE(run.get("/env/V").body, std::string("\"preview\""));
    }

    // ---- local data

    void kvFiles()
    {
        Running run;
        run.project.write("functions/put.js", "export const onRequest = async ({ env }) => { await env.KV.put('a key', 'a value that lies in a file'); return new Response('ok'); };\n");
        run.project.write("wrangler.toml", "name = \"x\"\npages_build_output_dir = \"public\"\n[[kv_namespaces]]\nbinding = \"KV\"\nid = \"real\"\npreview_id = \"local\"\n");
        QVERIFY(run.start());
        const fs::path file = kvFile(run.session(), "local");
        QVERIFY(file.string().starts_with(run.project.path(".wrangler/state/v3/kv").string()));
        QVERIFY(!fs::exists(file));
        QCOMPARE(run.get("/put").body, std::string("ok"));
        QVERIFY(fs::exists(file));
        // The blob beside it holds the value.
        bool found = false;
        for (const auto &entry : fs::recursive_directory_iterator(run.project.path(".wrangler/state/v3/kv"))) {
            if (entry.is_regular_file()) {
                std::ifstream blob(entry.path(), std::ios::binary);
                const std::string content{std::istreambuf_iterator<char>(blob), {}};
                found |= content == "a value that lies in a file";
            }
        }
        QVERIFY(found);
    }

    void d1()
    {
        Running run;
        run.project.write("functions/first.js", "export const onRequest = async ({ env }) => Response.json(await env.NORTHWIND_DB.prepare(\"SELECT * from users\").first());\n");
        run.project.write("functions/make.js",
            "export const onRequest = async ({ env }) => { const { count } = await env.NORTHWIND_DB.exec(\"CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)\\nINSERT INTO users (name) "
            "VALUES ('Nancy')\"); return Response.json([count, await env.FLAGGED.prepare('SELECT 1 AS one').first('one')]); };\n");
        run.project.write("wrangler.toml",
            "name = \"x\"\npages_build_output_dir = \"public\"\n[[d1_databases]]\nbinding = \"NORTHWIND_DB\"\ndatabase_name = \"northwind\"\ndatabase_id = \"real\"\n"
            "preview_database_id = \"local\"\n");
        config::Binding flagged{config::Kind::D1Database, "FLAGGED", {}};
        run.options.bindings = {flagged};
        QVERIFY(run.start());
        config::Binding northwind{config::Kind::D1Database, "NORTHWIND_DB", {}};
        northwind.set("database_id", "real");
        northwind.set("preview_database_id", "local");
        const fs::path file = run.session().dataOf(northwind).value();
        QVERIFY(file.string().starts_with(run.project.path(".wrangler/state/v3/d1/miniflare-D1DatabaseObject").string()));
        QVERIFY(!fs::exists(file));
        QCOMPARE(run.get("/make").body, std::string("[2,1]"));
        QVERIFY(fs::exists(file));
        QVERIFY(fs::exists(run.session().dataOf(flagged).value()));
        QCOMPARE(run.get("/first").body, std::string("{\"id\":1,\"name\":\"Nancy\"}"));
        QVERIFY(run.finished("/first"));
        std::vector<events::CallEvent> calls;
        QVERIFY(waitUntil([&] {
            calls = run.all<events::CallEvent>();
            std::erase_if(calls, [](const events::CallEvent &call) { return !events::isBindingCall(call); });
            return !calls.empty() && calls.back().method == "first" && calls.back().binding == "NORTHWIND_DB";
        }));
        QCOMPARE(text(calls.back().kind), QStringLiteral("d1"));
        QCOMPARE(text(calls.back().binding), QStringLiteral("NORTHWIND_DB"));
        QCOMPARE(text(calls.back().method), QStringLiteral("first"));
        QVERIFY(run.session().runs(config::Kind::D1Database));
        // The data outlives a restart, and what was broken in the code is told by its request.
        QVERIFY(run.stop());
        QVERIFY(run.start());
        QCOMPARE(run.get("/first").body, std::string("{\"id\":1,\"name\":\"Nancy\"}"));
        QVERIFY(text(run.get("/make").body).contains(QStringLiteral("D1_EXEC_ERROR: Error in line 1: CREATE TABLE users")));
    }

    void r2Bucket()
    {
        Running run;
        run.project.write("functions/object.js",
            "export async function onRequestPut({ env, request }) { const object = await env.BUCKET.put('some-key', request.body); return new Response(object.etag); }\n"
            "export async function onRequest({ env }) {\n"
            "  const obj = await env.BUCKET.get(\"some-key\");\n"
            "  if (obj === null) return new Response(\"Not found\", { status: 404 });\n"
            "  return new Response(obj.body);\n"
            "}\n");
        run.project.write("wrangler.toml",
            "name = \"x\"\npages_build_output_dir = \"public\"\n[[r2_buckets]]\nbinding = \"BUCKET\"\nbucket_name = \"real\"\npreview_bucket_name = \"local\"\n");
        QVERIFY(run.start());
        QVERIFY(Session::runs(config::Kind::R2Bucket));
        QCOMPARE(run.get("/object").body, std::string("Not found"));
        config::Binding binding{config::Kind::R2Bucket, "BUCKET", {}};
        binding.set("preview_bucket_name", "local");
        const fs::path file = run.session().dataOf(binding).value();
        QVERIFY(!fs::exists(file));
        bindings::r2::R2Bucket bucket(run.project.path(".wrangler/state"), "local");
        QVERIFY(bucket.put("some-key", base::asBytes("a value")));
        QCOMPARE(bucket.file(), file);
        QCOMPARE(run.get("/object").body, std::string("a value")); // what another program wrote
        const std::string large(3 << 20, 'x');
        QVERIFY(bucket.put("some-key", base::asBytes(large)));
        QCOMPARE(run.get("/object").body, large);
    }

    void persistTo()
    {
        Running run;
        run.options.persistTo = run.project.path("data");
        run.options.bindings = {config::kv("KV", "flagged")};
        run.project.write("functions/put.js", "export const onRequest = async ({ env }) => { await env.KV.put('k', 'v'); return new Response(await env.KV.get('k')); };\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/put").body, std::string("v"));
        QVERIFY(kvFile(run.session(), "flagged").string().starts_with(run.project.path("data/v3").string()));
        QVERIFY(fs::exists(kvFile(run.session(), "flagged")));
        QVERIFY(!fs::exists(run.project.path(".wrangler")));
    }

    void dataOutlivesARestart()
    {
        Running run;
        run.options.bindings = {config::kv("KV", "kv")};
        run.project.write("functions/put.js", "export const onRequest = async ({ env }) => { await env.KV.put('k', 'kept'); return new Response('ok'); };\n");
        run.project.write("functions/get.js", "export const onRequest = async ({ env }) => new Response(await env.KV.get('k'));\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/put").body, std::string("ok"));
        QVERIFY(run.stop());
        QVERIFY(run.start());
        QCOMPARE(run.get("/get").body, std::string("kept"));
    }

    void stateThatIsNoDatabase()
    {
        Running run;
        run.options.bindings = {config::kv("KV", "kv")};
        run.project.write("functions/get.js",
            "export const onRequest = async ({ env }) => { try { return new Response('got ' + await env.KV.get('k')); } catch (e) { return new Response('caught ' + e.message); } };\n");
        Session session(run.options, run.keychain);
        fs::create_directories(kvFile(session, "kv").parent_path());
        std::ofstream(kvFile(session, "kv")) << "this is not a database, however long one reads it. " << std::string(5000, 'x');
        QVERIFY(run.start());
        const std::string answer = run.get("/get").body;
        QVERIFY2(answer.starts_with("caught "), answer.c_str());
        QCOMPARE(run.get("/").status, 200);
    }

    void waitsForWhatNeverComes()
    {
        Running run;
        run.project.write("functions/never.js", "export const onRequest = () => new Promise(() => {});\n");
        QVERIFY(run.start());
        const Reply reply = run.get("/never");
        QCOMPARE(reply.status, 500);
        QVERIFY2(text(reply.body).contains(u"never"), reply.body.c_str());
    }

    // ---- through Qt's own client, as one that is not ours

    void anotherClient()
    {
        Running run;
        run.project.write("functions/echo.js", "export const onRequest = async ({ request }) => new Response((await request.text()).toUpperCase(), { status: 201, headers: { 'x-method': request.method } });\n");
        QVERIFY(run.start());
        QNetworkAccessManager manager;
        QUrl root = run.session().url();
        root.setHost(QStringLiteral("127.0.0.1")); // a bare system may not know the name localhost
        QUrl url = root;
        url.setPath(QStringLiteral("/echo"));
        QNetworkRequest form(url);
        form.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("text/plain"));
        const std::unique_ptr<QNetworkReply> post(manager.post(form, QByteArray("some body")));
        QVERIFY(waitUntil([&] { return post->isFinished(); }));
        QCOMPARE(post->readAll(), QByteArray("SOME BODY"));
        QCOMPARE(post->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 201);
        QCOMPARE(post->rawHeader("x-method"), QByteArray("POST"));
        const std::unique_ptr<QNetworkReply> head(manager.head(QNetworkRequest(root)));
        QVERIFY(waitUntil([&] { return head->isFinished(); }));
        QCOMPARE(head->error(), QNetworkReply::NoError);
        QCOMPARE(head->header(QNetworkRequest::ContentLengthHeader).toInt(), 13);
        QVERIFY(head->readAll().isEmpty());
    }
};

QTEST_GUILESS_MAIN(SessionTest)
#include "t_session.moc"
