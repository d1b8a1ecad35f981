// SPDX-License-Identifier: GPL-3.0-or-later
// A Pages project with Durable Objects of a Worker beside it.

#include "core/config/document.h"
#include "core/config/objectclasses.h"
#include "tests/core/session/running.h"
#include "tests/core/session/wsclient.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>

using namespace cleat;
using namespace cleat::tests;
using namespace Qt::StringLiterals;

namespace {

const char *const counter = R"(
import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {
  async fetch(request) {
    const url = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      this.ctx.acceptWebSocket(server, [url.searchParams.get("user")]);
      return new Response(null, { status: 101, webSocket: client });
    }
    const n = ((await this.ctx.storage.get("n")) ?? 0) + 1;
    await this.ctx.storage.put("n", n);
    return new Response(String(n));
  }
  webSocketMessage(socket, message) { for (const one of this.ctx.getWebSockets()) one.send(`${this.ctx.getTags(socket)[0]}: ${message}`); }
  webSocketClose() {}
  people() { return this.ctx.getWebSockets().length; }
  whisper(user, text) { for (const one of this.ctx.getWebSockets(user)) one.send(text); }
  async say(text) { console.log("said", text); return text + "!"; }
  async alarmIn(ms) { await this.ctx.storage.setAlarm(Date.now() + ms); }
  alarm() { console.log("rang"); }
}
export default { fetch() { return new Response("worker"); } };
)";

class Bench final
{
public:
    explicit Bench(const std::string &more = {})
    {
        run.project.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n"
                                           "[[durable_objects.bindings]]\nname = \"ROOM\"\nclass_name = \"Room\"\nscript_name = \"do-worker\"\n" + more);
        run.project.write("functions/count.js", "export const onRequest = ({ env, request }) => env.ROOM.getByName('counter').fetch(request);");
        run.project.write("functions/room.js", "export const onRequest = ({ env, request }) => env.ROOM.getByName('room').fetch(request);");
        worker(counter);
        run.options.workers = {run.project.path("worker/wrangler.toml")};
    }
    void function(const std::string &body) const
    {
        run.project.write("functions/call.js", "export async function onRequest({ env, request, waitUntil }) { const { ROOM } = env; const room = ROOM?.getByName('room'); try { const r = await (async () => { " + body
                + " })(); return new Response(typeof r === 'string' ? r : JSON.stringify(r ?? null)); } catch (e) { return new Response('threw ' + e); } }");
    }
    void worker(const std::string &code, const std::string &settings = "[[migrations]]\ntag = \"v1\"\nnew_sqlite_classes = [\"Room\"]\n") const
    {
        run.project.write("worker/index.js", code);
        run.project.write("worker/wrangler.toml", "name = \"do-worker\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n" + settings);
    }
    bool isConnected(const char *script) const
    {
        config::Binding binding{config::Kind::DurableObject, "X", {}};
        binding.set("class_name", "Room");
        binding.set("script_name", script);
        return run.session().isConnected(binding);
    }
    mutable Running run;
};

} // namespace

class TestObjects final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void guide()
    {
        Bench bench("[[durable_objects.bindings]]\nname = \"DURABLE_OBJECT\"\nclass_name = \"DurableObjectExample\"\nscript_name = \"do-worker\"\n");
        bench.run.project.write("functions/guided.js", "export async function onRequestGet(context) {\n  const id = context.env.DURABLE_OBJECT.newUniqueId();\n  const stub = context.env.DURABLE_OBJECT.get(id);\n\n"
                                                       "  // Pass the request down to the durable object\n  return stub.fetch(context.request);\n}\n");
        bench.worker("export class DurableObjectExample { constructor(state) { this.state = state; } async fetch(request) { return new Response(`${request.method} ${new URL(request.url).pathname} ${request.headers.get('x-word')}`); } }\n"
                     "export default {};", {});
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/guided", "X-Word: given\r\n").body, std::string("GET /guided given"));
        QVERIFY(bench.isConnected("do-worker"));
        QVERIFY(!bench.isConnected("nobody"));
        QVERIFY(session::Session::runs(config::Kind::DurableObject));
    }

    void callsAndOneTree()
    {
        Bench bench;
        bench.function("return room.say('hello');");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/call").body, std::string("hello!"));
        const auto request = bench.run.finished("/call");
        QVERIFY(request);
        const auto recording = bench.run.session().recorder().recording();
        std::optional<events::RequestRecord> record;
        QVERIFY(waitUntil([&] {
            const auto at = recording->find(request->id);
            record = at ? recording->record(*at) : std::nullopt;
            return record && record->calls.size() >= 2 && !record->console.empty();
        }));
        const auto call = std::ranges::find_if(record->calls, [](const auto &one) { return one.kind == "do" && one.binding == "ROOM" && one.method == "say"; });
        QVERIFY(call != record->calls.end());
        const auto inside = std::ranges::find_if(record->calls, [&](const auto &one) { return one.parent == call->span; });
        QVERIFY(inside != record->calls.end());
        QCOMPARE(inside->method, std::string("Room.say"));
        QCOMPARE(record->console[0].text, std::string("[do-worker] said hello"));
    }

    /// 20,000 increments from 50 connections.
    void counterEndsExactly()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/count").body, std::string("1"));
        constexpr int connections = 50;
        constexpr int each = 400;
        std::atomic<int> good{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < connections; ++i) {
            threads.emplace_back([&, port = bench.run.port()] {
                Client client(port);
                for (int j = 0; j < each; ++j) {
                    if (client.get("/count").status == 200)
                        ++good;
                }
            });
        }
        std::atomic<bool> over{false};
        std::thread joiner([&] {
            for (std::thread &thread : threads)
                thread.join();
            over = true;
        });
        waitUntil([&] { return over.load(); });
        joiner.join();
        QCOMPARE(good.load(), connections * each);
        QCOMPARE(bench.run.get("/count").body, std::to_string(connections * each + 2));
    }

    void outlivesARestart()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/count").body, std::string("1"));
        QVERIFY(bench.run.stop());
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/count").body, std::string("2"));
        // Where wrangler has it.
        const auto folder = bench.run.session().stateFolder() / "v3" / "do" / "do-worker-Room";
        QVERIFY(std::filesystem::is_directory(folder));
    }

    void newCodeResets()
    {
        Bench bench;
        bench.function("return room.say('x');");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/call").body, std::string("x!"));
        std::string changed = counter;
        changed.replace(changed.find("text + \"!\""), 10, "text + \"?\"");
        bench.worker(changed);
        QCOMPARE(bench.run.eventually("/call", "x?"), std::string("x?"));
    }

    void notThere()
    {
        Bench bench;
        bench.function("const r = await ROOM.getByName('a').fetch('http://x/'); return [r.status, await r.text(), await ROOM.getByName('a').say('x').catch((e) => e.message)];");
        bench.run.options.workers.clear();
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/call").body, std::string("[503,\"Worker \\\"do-worker\\\" not found. Make sure it is running locally.\",\"Worker \\\"do-worker\\\" not found. Make sure it is running locally.\"]"));
        QVERIFY(!bench.isConnected("do-worker"));
    }

    void classIsMissing()
    {
        Bench bench;
        bench.function("return room.say('x');");
        bench.worker("export default {};");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/call").body, std::string("threw Error: Worker does not export a Durable Object class named \"Room\"."));
    }

    /// A project whose own _worker.js has the class.
    void ownClass()
    {
        Bench bench;
        bench.run.project.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n");
        bench.run.project.write("public/_worker.js", "import { DurableObject } from 'cloudflare:workers'; export class Own extends DurableObject { async inc() { this.ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS t (a)'); this.ctx.storage.sql.exec('INSERT INTO t VALUES (1)'); return this.ctx.storage.sql.exec('SELECT count(*) AS n FROM t').one().n; } }\n"
                                                     "export default { async fetch(request, env) { return new Response(String(await env.OWN.getByName('a').inc())); } };");
        config::Binding binding{config::Kind::DurableObject, "OWN", {}};
        binding.set("class_name", "Own");
        bench.run.options.bindings.push_back(binding);
        bench.run.options.workers.clear();
        std::filesystem::remove_all(bench.run.project.path("functions"));
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/").body, std::string("1"));
        QCOMPARE(bench.run.get("/").body, std::string("2"));
    }

    void badMigrations()
    {
        Bench bench;
        bench.worker(counter, "[[migrations]]\ntag = \"v1\"\nnew_classes = \"Room\"\n");
        QVERIFY(bench.run.start());
        const auto workers = bench.run.session().workers();
        QVERIFY(workers[0].error);
        QCOMPARE(workers[0].error->code, std::string("worker.migrations"));
        QCOMPARE(workers[0].error->place.line, 6);
        bench.worker(counter);
        QCOMPARE(bench.run.eventually("/count", "1"), std::string("1"));
    }

    void migrations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("none") << u"name = \"x\"\n"_s << u""_s;
        QTest::newRow("both kinds") << u"[[migrations]]\ntag = \"1\"\nnew_classes = [\"A\"]\nnew_sqlite_classes = [\"B\", \"C\"]\n"_s << u"A kv, B sql, C sql"_s;
        QTest::newRow("renamed") << u"[[migrations]]\nnew_classes = [\"A\"]\n[[migrations]]\nrenamed_classes = [{ from = \"A\", to = \"Z\" }]\n"_s << u"Z kv"_s;
        QTest::newRow("deleted") << u"[[migrations]]\nnew_sqlite_classes = [\"A\", \"B\"]\n[[migrations]]\ndeleted_classes = [\"A\"]\n"_s << u"B sql"_s;
        QTest::newRow("transferred") << u"[[migrations]]\ntransferred_classes = [{ from = \"A\", from_script = \"w\", to = \"B\" }]\n"_s << u"B sql"_s;
        QTest::newRow("no list") << u"migrations = 5\n"_s << u"migrations has to be a list of tables: [[migrations]]. @1"_s;
        QTest::newRow("unknown renamed") << u"[[migrations]]\nrenamed_classes = [{ from = \"A\", to = \"Z\" }]\n"_s << u"migrations renames the class A, which no migration before it has made. @2"_s;
        QTest::newRow("made twice") << u"[[migrations]]\nnew_classes = [\"A\"]\nnew_sqlite_classes = [\"A\"]\n"_s << u"migrations makes the class A, which is there already. @3"_s;
        QTest::newRow("no name") << u"[[migrations]]\nnew_classes = [5]\n"_s << u"migrations.new_classes holds something that is no class name. @2"_s;
    }
    void migrations()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const auto document = config::parseDocument(text.toStdString(), config::Form::Toml, "w.toml");
        QVERIFY(document);
        const auto classes = config::objectClasses(*document, "w.toml");
        QString told;
        if (!classes) {
            told = QString::fromStdString(classes.error().message) + u" @"_s + QString::number(classes.error().place.line);
        } else {
            for (const auto &one : *classes)
                told += (told.isEmpty() ? u""_s : u", "_s) + QString::fromStdString(one.name) + (one.storage == config::ObjectClass::Storage::Sqlite ? u" sql"_s : u" kv"_s);
        }
        QCOMPARE(told, expected);
    }

    void alarmsAreRows()
    {
        Bench bench;
        bench.function("await room.alarmIn(20); return 'set';");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/call").body, std::string("set"));
        const auto setter = bench.run.finished("/call");
        QVERIFY(setter);
        std::vector<events::RequestEvent> rows;
        QVERIFY(waitUntil([&] {
            rows.clear();
            for (const auto &row : bench.run.all<events::RequestEvent>()) {
                if (row.kind == events::RequestKind::Alarm && row.state == events::RequestState::Finished)
                    rows.push_back(row);
            }
            return !rows.empty();
        }));
        QCOMPARE(rows[0].target, std::string("Room room"));
        QCOMPARE(rows[0].method, std::string("ALARM"));
        QCOMPARE(rows[0].cause, setter->id);
        QCOMPARE(rows[0].error, std::string());
    }

    /// The chat room: a thousand clients hear what one of them says.
    void chatRoom()
    {
        Bench bench;
        bench.function("return String(await room.people());");
        bench.run.project.write("functions/whisper.js", "export const onRequest = async ({ env }) => { await env.ROOM.getByName('room').whisper('u7', 'psst'); return new Response('ok'); };");
        QVERIFY(bench.run.start());
        constexpr std::size_t people = 1000;
        std::vector<std::unique_ptr<WsClient>> clients;
        std::atomic<bool> over{false};
        std::string problem;
        std::thread talk([&, port = bench.run.port()] {
            for (std::size_t i = 0; i < people && problem.empty(); ++i) {
                clients.push_back(std::make_unique<WsClient>(port, "/room?user=u" + std::to_string(i)));
                if (clients.back()->status() != 101)
                    problem = "client " + std::to_string(i) + " got " + std::to_string(clients.back()->status());
            }
            if (problem.empty()) {
                clients[3]->text("hello");
                for (std::size_t i = 0; i < people && problem.empty(); ++i) {
                    if (const std::string got = clients[i]->next(); got != "text:u3: hello")
                        problem = "client " + std::to_string(i) + " heard " + got;
                }
                get(port, "/whisper");
                if (const std::string got = clients[7]->next(); got != "text:psst")
                    problem = "nobody whispered: " + got;
            }
            over = true;
        });
        waitUntil([&] { return over.load(); });
        talk.join();
        QCOMPARE(problem, std::string());
        QCOMPARE(bench.run.get("/call").body, std::to_string(people));
        clients.clear();
        QCOMPARE(bench.run.eventually("/call", "0"), std::string("0"));
    }
};

QTEST_GUILESS_MAIN(TestObjects)
#include "t_objects.moc"
