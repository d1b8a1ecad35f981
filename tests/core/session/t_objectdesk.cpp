// SPDX-License-Identifier: GPL-3.0-or-later
// Durable Objects of a running project, looked at and changed by hand.

#include "core/data/durableobjects/objectvalues.h"
#include "core/data/v8json.h"
#include "core/session/objectdesk.h"
#include "tests/core/session/running.h"
#include "tests/core/session/wsclient.h"

#include <QTest>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

using namespace cleat;
using namespace cleat::tests;
using data::durableobjects::ObjectChange;
using data::durableobjects::ObjectValues;
using session::LiveObject;
using session::ObjectAnswer;
using session::ObjectCall;
using session::ObjectDesk;
using session::ObjectPlace;

namespace {

const char *const roomJs = R"(
import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(async () => { this.n = (await ctx.storage.get("n")) ?? 0; });
  }
  async fetch(request) {
    const url = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      this.ctx.acceptWebSocket(server, ["ada", "quiet"]);
      server.serializeAttachment({ who: "ada" });
      return new Response(null, { status: 101, webSocket: client });
    }
    if (url.pathname === "/hang") await new Promise(() => {});
    if (url.pathname === "/bytes") return new Response(new Uint8Array([255, 0, 1]), { headers: { "x-a": "b" } });
    if (url.pathname === "/large") return new Response("x".repeat(3 << 20));
    if (url.pathname === "/throw") throw new RangeError("too far");
    if (url.pathname === "/echo") return new Response(`${request.method} ${request.headers.get("x-word")} ${await request.text()}`, { status: 201 });
    await this.ctx.storage.put("n", ++this.n);
    return new Response(String(this.n));
  }
  webSocketMessage(socket, message) { socket.send(message); }
  add(a, b) { return a + b; }
  map() { return new Map([["a", 1]]); }
  who() { return this.ctx.id.name; }
  async alarmIn(ms) { await this.ctx.storage.setAlarm(Date.now() + ms); }
  async alarm() { await this.ctx.storage.put("rang", true); }
  async holdTransaction() { await this.ctx.storage.transaction(async (txn) => { await txn.put("inside", 1); await new Promise((done) => setTimeout(done, 8000)); }); }
}
export default { fetch() { return new Response("worker"); } };
)";

const std::string roomKey = "do-worker-Room";

class Bench final
{
public:
    Bench()
    {
        run.project.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n"
                                           "[[durable_objects.bindings]]\nname = \"ROOM\"\nclass_name = \"Room\"\nscript_name = \"do-worker\"\n");
        run.project.write("functions/count.js", "export const onRequest = ({ env, request }) => env.ROOM.getByName('a').fetch(request);");
        run.project.write("functions/socket.js", "export const onRequest = ({ env, request }) => env.ROOM.getByName('a').fetch(request);");
        run.project.write("functions/alarm.js", "export const onRequest = async ({ env }) => { await env.ROOM.getByName('a').alarmIn(1e7); return new Response('set'); };");
        run.project.write("functions/hold.js", "export const onRequest = ({ env, waitUntil }) => { waitUntil(env.ROOM.getByName('a').holdTransaction()); return new Response('holds'); };");
        run.project.write("functions/id.js", "export const onRequest = ({ env }) => new Response(String(env.ROOM.idFromName('a')));");
        run.project.write("worker/index.js", roomJs);
        run.project.write("worker/wrangler.toml", "name = \"do-worker\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n[[migrations]]\ntag = \"v1\"\nnew_sqlite_classes = [\"Room\"]\n");
        run.options.workers = {run.project.path("worker/wrangler.toml")};
    }
    ObjectDesk &desk() const { return run.session().objects(); }
    ObjectPlace place() const { return {roomKey, run.get("/id").body, "a"}; }
    std::filesystem::path file(const std::string &id) const { return run.session().stateFolder() / "v3" / "do" / roomKey / (id + ".sqlite"); }

    /// What is answered, waiting for it.
    template <typename T, typename Ask>
    base::Result<T> wait(Ask ask)
    {
        std::optional<base::Result<T>> found;
        ask([&](base::Result<T> &&result) { found = std::move(result); });
        waitUntil([&] { return found.has_value(); });
        return found ? std::move(*found) : base::fail("test.late", "No answer came.");
    }
    std::vector<LiveObject> live()
    {
        return wait<std::vector<LiveObject>>([&](auto done) { desk().live(roomKey, &context, std::move(done)); }).value();
    }
    std::vector<session::ObjectSocket> sockets(const ObjectPlace &where)
    {
        return wait<std::vector<session::ObjectSocket>>([&](auto done) { desk().webSockets(where, &context, std::move(done)); }).value();
    }
    base::Result<ObjectDesk::Instance> change(const ObjectPlace &where, ObjectChange what)
    {
        return wait<ObjectDesk::Instance>([&](auto done) { desk().change(where, std::move(what), &context, std::move(done)); });
    }
    base::Result<void> remove(const ObjectPlace &where)
    {
        return wait<void>([&](auto done) { desk().remove(where, &context, std::move(done)); });
    }
    base::Result<void> ring(const ObjectPlace &where)
    {
        return wait<void>([&](auto done) { desk().ring(where, &context, std::move(done)); });
    }
    base::Result<ObjectAnswer> call(const ObjectPlace &where, const ObjectCall &what)
    {
        return wait<ObjectAnswer>([&](auto done) { desk().call(where, what, &context, std::move(done)); });
    }
    static ObjectCall request(const std::string &path, const std::string &method = "GET", const std::string &body = {})
    {
        return {ObjectCall::How::Request, method, "http://object" + path, {{"x-word", "given"}}, body, {}};
    }
    static ObjectCall method(const std::string &name, const std::string &arguments = "[]") { return {ObjectCall::How::Method, name, {}, {}, {}, arguments}; }
    std::optional<std::string> stored(const std::string &id, const std::string &name) const
    {
        const auto value = ObjectValues(file(id)).value(name).value();
        return value ? value->text : std::nullopt;
    }

    mutable Running run;
    QObject context;
};

ObjectChange put(const std::string &name, const std::string &json)
{
    ObjectChange change;
    change.put = {{name, data::writeV8Json(json).value()}};
    return change;
}

} // namespace

class TestObjectDesk final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keys()
    {
        QVERIFY(ObjectDesk::workerAndClass("a-b-C") == std::pair(std::string("a-b"), std::string("C")));
        for (const char *none : {"", "abc", "-C", "a-"})
            QVERIFY(!ObjectDesk::workerAndClass(none));
    }

    void namespaces()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        const auto all = bench.run.session().objectNamespaces();
        QCOMPARE(all.size(), 1U);
        QCOMPARE(all[0].worker + '/' + all[0].className + '/' + all[0].uses[0].binding, std::string("do-worker/Room/ROOM"));
        const auto find = [&] {
            const auto resources = bench.run.session().dataResources();
            const auto found = std::ranges::find(resources, session::DataResource::Kind::Objects, &session::DataResource::kind);
            return found == resources.end() ? session::DataResource() : *found;
        };
        QCOMPARE(find().id, roomKey);
        QCOMPARE(find().title, std::string("Room"));
        QVERIFY(!find().exists);
        QCOMPARE(bench.run.get("/count").body, std::string("1"));
        QVERIFY(find().exists);
        QVERIFY(session::dataBytes(find()).value_or(0) > 0);
    }

    void live()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        QVERIFY(bench.desk().runs(roomKey));
        QVERIFY(!bench.desk().runs("nobody-Room"));
        QVERIFY(bench.live().empty());
        QCOMPARE(bench.run.get("/count").body, std::string("1"));
        QVERIFY(waitUntil([&] { return !bench.live().empty() && bench.live()[0].state == LiveObject::State::Idle; }));
        const auto one = bench.live()[0];
        QCOMPARE(one.id, bench.place().id);
        QCOMPARE(one.name.value_or(""), std::string("a"));
        QCOMPARE(one.webSockets, 0U);
        QVERIFY(bench.run.stop());
        QVERIFY(bench.live().empty());
        QVERIFY(!bench.desk().runs(roomKey));
    }

    void webSocketsHibernate()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        const ObjectPlace place = bench.place();
        auto client = std::make_unique<WsClient>(bench.run.port(), "/socket");
        QCOMPARE(client->status(), 101);
        QVERIFY(waitUntil([&] { return !bench.live().empty() && bench.live()[0].webSockets == 1; }));
        const session::ObjectSocket expected{{"ada", "quiet"}, "{ who: 'ada' }", false, 0};
        QVERIFY(bench.sockets(place) == std::vector{expected});
        QVERIFY(bench.sockets({roomKey, std::string(64, '0'), {}}).empty());
        QVERIFY(waitUntil([&] {
            const auto done = bench.wait<ObjectDesk::Instance>([&](auto answer) { bench.desk().evict(place, &bench.context, std::move(answer)); });
            return done && *done == ObjectDesk::Instance::Gone;
        }));
        QCOMPARE(bench.live().at(0).state, LiveObject::State::Hibernating);
        QVERIFY(bench.sockets(place) == std::vector{expected});
        QCOMPARE(bench.live().at(0).state, LiveObject::State::Hibernating); // it was not woken to be asked
        client->text("still there");
        QCOMPARE(client->next(), std::string("text:still there"));
        client.reset();
        QVERIFY(waitUntil([&] { return bench.live().empty() || bench.live()[0].webSockets == 0; }));
    }

    /// What the code holds in memory is what was changed, not what it had read before.
    void changesReachTheCode()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/count").body, std::string("1"));
        const ObjectPlace place = bench.place();
        QVERIFY(waitUntil([&] { return bench.live().at(0).state == LiveObject::State::Idle; }));
        const auto changed = bench.change(place, put("n", "41"));
        QVERIFY(changed);
        QCOMPARE(*changed, ObjectDesk::Instance::Gone);
        QVERIFY(bench.live().empty());
        QCOMPARE(bench.run.get("/count").body, std::string("42"));
        QCOMPARE(bench.stored(place.id, "n").value_or(""), std::string("42"));
        ObjectChange remove;
        remove.remove = {"n"};
        QVERIFY(waitUntil([&] { return bench.live().at(0).state == LiveObject::State::Idle; }));
        QVERIFY(bench.change(place, remove));
        QCOMPARE(bench.run.get("/count").body, std::string("1"));
        // The same without the code.
        QVERIFY(bench.run.stop());
        QVERIFY(bench.change(place, put("n", "9")));
        QCOMPARE(bench.stored(place.id, "n").value_or(""), std::string("9"));
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/count").body, std::string("10"));
    }

    void busyObjects()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        const ObjectPlace place = bench.place();
        QCOMPARE(bench.run.get("/hold").body, std::string("holds"));
        QVERIFY(waitUntil([&] { return !bench.live().empty() && bench.live()[0].state == LiveObject::State::Active; }));
        const auto refused = bench.change(place, put("n", "5"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("objects.busy"));
        QVERIFY(waitUntil([&] { return bench.change(place, put("n", "5")).has_value(); }));
        QCOMPARE(bench.stored(place.id, "inside").value_or(""), std::string("1"));
    }

    void alarms()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        const ObjectPlace place = bench.place();
        QCOMPARE(bench.run.get("/alarm").body, std::string("set"));
        QVERIFY(bench.ring(place));
        QVERIFY(waitUntil([&] { return bench.stored(place.id, "rang") == "true"; }));
        QVERIFY(waitUntil([&] {
            const auto again = bench.ring(place);
            return !again && again.error().code == "objects.no-alarm";
        }));
        ObjectChange set = put("rang", "false");
        set.alarm = ObjectChange::Alarm{1}; // long ago
        QVERIFY(bench.change(place, set));
        QVERIFY(waitUntil([&] { return bench.stored(place.id, "rang") == "true"; }));
    }

    void calls()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        const ObjectPlace place = bench.place();
        auto answer = bench.call(place, Bench::request("/echo", "POST", "words"));
        QVERIFY(answer);
        QCOMPARE(answer->error, std::string());
        QCOMPARE(answer->status, 201);
        QCOMPARE(answer->body, std::string("POST given words"));
        QVERIFY(answer->row != 0);
        answer = bench.call(place, Bench::request("/bytes"));
        QCOMPARE(answer->body, std::string("\xff\0\1", 3));
        QVERIFY(std::ranges::find(answer->headers, std::pair(std::string("x-a"), std::string("b"))) != answer->headers.end());
        answer = bench.call(place, Bench::request("/large"));
        QCOMPARE(answer->body.size(), std::size_t{1} << 20);
        QVERIFY(answer->cut);
        answer = bench.call(place, Bench::request("/throw"));
        QCOMPARE(answer->error, std::string("RangeError: too far"));
        answer = bench.call(place, Bench::request("/echo", "GET", "no body here"));
        QVERIFY(answer->error.starts_with("TypeError"));
        answer = bench.call(place, Bench::method("add", "[20, 22]"));
        QCOMPARE(answer->value, std::string("42"));
        QVERIFY(answer->isJson);
        answer = bench.call(place, Bench::method("map"));
        QVERIFY(!answer->isJson);
        QVERIFY(answer->value.starts_with("Map("));
        QCOMPARE(bench.call(place, Bench::method("who"))->value, std::string("\"a\""));
        for (const char *name : {"alarm", "nothing", "constructor", "fetchy"})
            QVERIFY2(!bench.call(place, Bench::method(name))->error.empty(), name);
        // It is a row of the log.
        QVERIFY(waitUntil([&] {
            const auto rows = bench.run.all<events::RequestEvent>();
            return std::ranges::any_of(rows, [&](const auto &row) { return row.method == "OBJECT" && row.target == "Room a add()" && row.state == events::RequestState::Finished; });
        }));
        QVERIFY(bench.run.stop());
        QCOMPARE(bench.call(place, Bench::method("who")).error().code, std::string("session.objects"));
    }

    /// Whoever asked is gone, or the Worker is, before the answer.
    void nobodyWaits()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        const ObjectPlace place = bench.place();
        auto asker = std::make_unique<QObject>();
        bool told = false;
        bench.desk().call(place, Bench::method("who"), asker.get(), [&](auto &&) { told = true; });
        asker.reset();
        QVERIFY(bench.call(place, Bench::method("who")));
        QVERIFY(!told);
        std::optional<base::Result<ObjectAnswer>> cut;
        bench.desk().call(place, Bench::request("/hang"), &bench.context, [&](base::Result<ObjectAnswer> &&answer) { cut = std::move(answer); });
        QVERIFY(waitUntil([&] { return !bench.live().empty(); }));
        QVERIFY(bench.run.stop());
        QVERIFY(waitUntil([&] { return cut.has_value(); }));
        QVERIFY(!*cut || !(*cut)->error.empty());
    }

    void removed()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        const ObjectPlace place = bench.place();
        QCOMPARE(bench.run.get("/alarm").body, std::string("set"));
        QCOMPARE(bench.run.get("/count").body, std::string("1"));
        WsClient client(bench.run.port(), "/socket");
        QCOMPARE(client.status(), 101);
        QVERIFY(bench.remove(place));
        QVERIFY(!std::filesystem::exists(bench.file(place.id)));
        QVERIFY(!std::filesystem::exists(bench.file(place.id).string() + "-wal"));
        QVERIFY(bench.live().empty());
        const std::string end = client.next();
        QVERIFY2(end == "end" || end.starts_with("close:"), end.c_str());
        QCOMPARE(bench.ring(place).error().code, std::string("objects.no-alarm"));
        QCOMPARE(bench.run.get("/count").body, std::string("1")); // a new one
        QVERIFY(bench.run.stop());
        QVERIFY(bench.remove(place));
        QVERIFY(!std::filesystem::exists(bench.file(place.id)));
    }

    /// A class that the code has no more: its objects are files.
    void withoutTheClass()
    {
        Bench bench;
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/count").body, std::string("1"));
        const ObjectPlace place = bench.place();
        bench.run.project.write("worker/index.js", "export default {};");
        QVERIFY(waitUntil([&] { return bench.ring(place).error().code == "objects.no-class"; }));
        QVERIFY(bench.live().empty());
        QVERIFY(bench.change(place, put("n", "7")));
        QCOMPARE(bench.stored(place.id, "n").value_or(""), std::string("7"));
        QVERIFY(bench.remove(place));
        QVERIFY(!std::filesystem::exists(bench.file(place.id)));
    }
};

QTEST_GUILESS_MAIN(TestObjectDesk)
#include "t_objectdesk.moc"
