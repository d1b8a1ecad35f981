// SPDX-License-Identifier: GPL-3.0-or-later
// A Pages project with Workers beside it.

#include "tests/core/session/running.h"
#include "tests/core/session/wsclient.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace cleat;
using namespace cleat::tests;

namespace {

/// A Pages project whose function calls a Worker in a folder beside it.
class Group
{
public:
    Group()
    {
        run.project.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n"
                                           "[[services]]\nbinding = \"API\"\nservice = \"api\"\n[[services]]\nbinding = \"OTHER\"\nservice = \"other\"\n"
                                           "[[services]]\nbinding = \"SELF\"\nservice = \"pages\"\n");
        run.project.write("public/asset.txt", "an asset");
        run.project.write("functions/other.js", "export const onRequest = ({ request }) => new Response('other ' + request.method);");
        write("return (await env.API.fetch(request)).text();");
        api("export default { async fetch(request, env) { return new Response('api ' + new URL(request.url).pathname + ' ' + env.WORD); } };", "[vars]\nWORD = \"w\"\n");
        run.options.workers = {run.project.path("api/wrangler.toml")};
    }
    /// The function that answers "/call".
    void write(const std::string &body) const
    {
        run.project.write("functions/call.js", "export async function onRequest({ env, request }) { try { const r = await (async () => { " + body
                + " })(); return new Response(String(r)); } catch (e) { return new Response('threw ' + e); } }");
    }
    void api(const std::string &code, const std::string &more = {}) const
    {
        run.project.write("api/src/index.js", code);
        run.project.write("api/wrangler.toml", "name = \"api\"\nmain = \"src/index.js\"\ncompatibility_date = \"2026-03-01\"\n" + more);
    }
    Running run;
};

const char *const entrypoint = "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint { ";

} // namespace

class TestWorkers final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void calls()
    {
        Group group;
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string("api /call w"));
        const auto workers = group.run.session().workers();
        QCOMPARE(workers.size(), std::size_t(1));
        QCOMPARE(workers[0].name, std::string("api"));
        QCOMPARE(workers[0].state, session::State::Running);
        QVERIFY(!workers[0].error);
        const auto bound = [&](const char *service) {
            config::Binding binding{config::Kind::Service, "X", {}};
            binding.set("service", service);
            return group.run.session().isConnected(binding);
        };
        QVERIFY(bound("api"));
        QVERIFY(bound("pages"));
        QVERIFY(!bound("other"));
    }

    void itself()
    {
        Group group;
        group.write("return await (await env.SELF.fetch('http://h/other', { method: 'PUT' })).text() + ', ' + await (await env.SELF.fetch('http://h/asset.txt')).text();");
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string("other PUT, an asset"));
    }

    void back()
    {
        Group group;
        group.api(std::string(entrypoint) + "async go() { return (await this.env.BACK.fetch('http://h/other')).text(); } }", "[[services]]\nbinding = \"BACK\"\nservice = \"pages\"\n");
        group.write("return env.API.go();");
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string("other GET"));
    }

    void ownVariablesAndSecrets()
    {
        Group group;
        group.run.project.write(".dev.vars", "PAGES_SECRET=pages-value\n");
        group.run.project.write("api/.dev.vars", "API_SECRET=quite-secret-value\n");
        group.api(std::string(entrypoint) + "keys() { console.log('it is', this.env.API_SECRET); return Object.keys(this.env).sort().join(); } }", "[vars]\nWORD = \"w\"\n");
        group.write("return env.API.keys();");
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string("API_SECRET,WORD"));
        std::vector<events::ConsoleEvent> lines;
        QVERIFY(waitUntil([&] { return !(lines = group.run.all<events::ConsoleEvent>()).empty(); }));
        QVERIFY2(lines[0].text.starts_with("[api] it is"), lines[0].text.c_str());
        const auto redactor = group.run.session().events().redactor();
        QVERIFY(redactor);
        QVERIFY(std::ranges::any_of(redactor->secrets(), [](const auto &secret) { return secret.value == "quite-secret-value"; }));
    }

    void rebuild()
    {
        Group group;
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string("api /call w"));
        group.run.project.write("api/src/part.js", "export const word = 'second';");
        group.api("import { word } from './part.js'; export default { fetch: () => new Response(word) };");
        QCOMPARE(group.run.eventually("/call", "second"), std::string("second"));
        group.run.project.write("api/src/part.js", "export const word = 'third';");
        QCOMPARE(group.run.eventually("/call", "third"), std::string("third"));
        // A broken build keeps the last good one, and says so.
        group.run.project.write("api/src/part.js", "export const word = ;");
        QVERIFY(waitUntil([&] { return group.run.session().workers()[0].error.has_value(); }));
        QCOMPARE(group.run.session().workers()[0].state, session::State::Running);
        QCOMPARE(group.run.get("/call").body, std::string("third"));
        group.run.project.write("api/src/part.js", "export const word = 'fourth';");
        QCOMPARE(group.run.eventually("/call", "fourth"), std::string("fourth"));
        QVERIFY(waitUntil([&] { return !group.run.session().workers()[0].error; }));
        // Variables of its file.
        group.api("export default { fetch: (request, env) => new Response(env.WORD) };", "[vars]\nWORD = \"of the file\"\n");
        QCOMPARE(group.run.eventually("/call", "of the file"), std::string("of the file"));
    }

    void brokenFromTheStart()
    {
        Group group;
        group.api("export default { fetch( };");
        QVERIFY(group.run.start()); // the project runs all the same
        QCOMPARE(group.run.session().workers()[0].state, session::State::Failed);
        QVERIFY(group.run.session().workers()[0].error);
        QCOMPARE(group.run.get("/call").body, std::string("threw Error: The Worker's code could not be loaded; the log says why."));
        group.api("export default { fetch: () => new Response('mended') };");
        QCOMPARE(group.run.eventually("/call", "mended"), std::string("mended"));
    }

    void wrongFiles_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("code");
        QTest::newRow("no main") << "name = \"api\"\n" << "worker.no-main";
        QTest::newRow("a main that is not there") << "name = \"api\"\nmain = \"nowhere.js\"\n" << "worker.main";
        QTest::newRow("no TOML") << "name = \n" << "config.parse";
        QTest::newRow("a wrong date") << "name = \"api\"\nmain = \"src/index.js\"\ncompatibility_date = \"soon\"\n" << "compat.date";
    }
    void wrongFiles()
    {
        QFETCH(QString, file);
        QFETCH(QString, code);
        Group group;
        group.run.project.write("api/wrangler.toml", file.toStdString());
        QVERIFY(group.run.start());
        QCOMPARE(group.run.session().workers()[0].state, session::State::Failed);
        QCOMPARE(QString::fromStdString(group.run.session().workers()[0].error->code), code);
        group.api("export default { fetch: () => new Response('mended') };");
        QVERIFY(waitUntil([&] { return group.run.session().workers()[0].state == session::State::Running; }));
    }

    void twoOfOneName()
    {
        Group group;
        group.run.project.write("second/wrangler.toml", "name = \"api\"\nmain = \"index.js\"\n");
        group.run.project.write("second/index.js", "export default {};");
        group.run.options.workers.push_back(group.run.project.path("second/wrangler.toml"));
        QVERIFY(!group.run.start());
        QCOMPARE(group.run.session().failure().code, std::string("session.worker-name"));
        QVERIFY(group.run.session().failure().message.find("api/wrangler.toml") != std::string::npos);
        QVERIFY(group.run.session().failure().message.find("second/wrangler.toml") != std::string::npos);
    }

    /// Added, restarted and removed while the project runs.
    void comesAndGoes()
    {
        Group group;
        group.run.options.workers = {};
        group.api("let n = 0; export default { fetch: () => new Response('call ' + ++n) };");
        QVERIFY(group.run.start());
        session::Session &session = group.run.session();
        const config::Binding service = session.config().config().topLevel.bindings.at(0).value;
        QCOMPARE(session.connection(service), (session::Connection{session::Connection::State::NoWorker, "api"}));
        QVERIFY(group.run.get("/call").body.find("not found") != std::string::npos);
        QVERIFY(session.addWorker(group.run.project.path("api")));
        QVERIFY(waitUntil([&] { return session.workers()[0].state == session::State::Running || session.workers()[0].state == session::State::Failed; }));
        QVERIFY2(!session.workers()[0].error, session.workers()[0].error ? session.workers()[0].error->message.c_str() : "");
        QCOMPARE(group.run.get("/call").body, std::string("call 1"));
        QCOMPARE(session.connection(service), (session::Connection{session::Connection::State::Connected, "api"}));
        QCOMPARE(session.settings().workers, (std::vector{group.run.project.path("api/wrangler.toml")}));
        QCOMPARE(group.run.get("/call").body, std::string("call 2"));
        session.restartWorker(group.run.project.path("api/wrangler.toml"));
        QVERIFY(waitUntil([&] { return session.workers()[0].state == session::State::Running; }));
        QCOMPARE(group.run.get("/call").body, std::string("call 1"));

        group.run.project.write("second/wrangler.toml", "name = \"api\"\nmain = \"index.js\"\n");
        group.run.project.write("second/index.js", "export default {};");
        QCOMPARE(session.addWorker(group.run.project.path("second")).error().code, std::string("session.worker-name"));
        QCOMPARE(session.addWorker(group.run.project.path("api/wrangler.toml")).error().code, std::string("worker.known"));
        QCOMPARE(session.addWorker(group.run.project.path("functions")).error().code, std::string("worker.no-file"));
        QCOMPARE(session.addWorker(group.run.project.path()).error().code, std::string("worker.no-main"));
        QCOMPARE(session.addWorker(group.run.project.path("nowhere")).error().code, std::string("worker.missing"));
        // One that takes a name later may not run beside the other.
        group.run.project.write("second/wrangler.toml", "name = \"second\"\nmain = \"index.js\"\n");
        QVERIFY(session.addWorker(group.run.project.path("second")));
        QVERIFY(waitUntil([&] { return session.workers()[1].state == session::State::Running; }));
        group.run.project.write("second/wrangler.toml", "name = \"api\"\nmain = \"index.js\"\n");
        session.restartWorker(group.run.project.path("second/wrangler.toml"));
        QCOMPARE(session.workers()[1].state, session::State::Failed);
        QCOMPARE(session.workers()[1].error->code, std::string("session.worker-name"));
        QCOMPARE(group.run.get("/call").body.substr(0, 4), std::string("call"));

        QVERIFY(session.removeWorker(group.run.project.path("second/wrangler.toml")));
        QVERIFY(session.removeWorker(group.run.project.path("api/wrangler.toml")));
        QVERIFY(session.workers().empty());
        QVERIFY(group.run.get("/call").body.find("not found") != std::string::npos);
    }

    void oneThatLoopsHarmsNoOther()
    {
        Group group;
        group.run.options.cpuMs = 100;
        group.api(std::string(entrypoint) + "loop() { for (;;) {} } }");
        group.write("return env.API.loop();");
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string("threw Error: Worker exceeded CPU time limit."));
        QCOMPARE(group.run.get("/other").body, std::string("other GET"));
    }

    void startsAgain()
    {
        Group group;
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string("api /call w"));
        QVERIFY(group.run.stop());
        QCOMPARE(group.run.session().workers()[0].state, session::State::Stopped);
        group.run.session().start();
        QVERIFY(waitUntil([&] { return group.run.session().state() == session::State::Running; }));
        QCOMPARE(group.run.get("/call").body, std::string("api /call w"));
    }

    void oneStateFolder()
    {
        Group group;
        group.api("export default { async fetch(request, env) { const before = await env.STORE.get('k'); await env.STORE.put('k', 'v'); return new Response(before); } };", "[[kv_namespaces]]\nbinding = \"STORE\"\nid = \"store\"\n");
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string());
        QCOMPARE(group.run.get("/call").body, std::string("v"));
        QVERIFY(std::filesystem::exists(group.run.project.path(".wrangler/state/v3/kv")));
        QVERIFY(!std::filesystem::exists(group.run.project.path("api/.wrangler")));
        group.run.session().setStateFolder(group.run.project.path("elsewhere"));
        QVERIFY(waitUntil([&] { return group.run.get("/call").body.empty() && std::filesystem::exists(group.run.project.path("elsewhere/v3/kv")); }));
    }

    void theLogKnowsWhereItWasThrown()
    {
        Group group;
        group.api(std::string(entrypoint) + "fails() { throw new RangeError('over there'); } }");
        group.run.project.write("functions/fails.js", "export const onRequest = ({ env }) => env.API.fails();");
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/fails").status, 500);
        std::vector<events::ExceptionEvent> thrown;
        QVERIFY(waitUntil([&] { return !(thrown = group.run.all<events::ExceptionEvent>()).empty(); }));
        QCOMPARE(thrown[0].message, std::string("RangeError: over there"));
        QVERIFY2(thrown[0].stack.find("src/index.js:1:") != std::string::npos, thrown[0].stack.c_str());
    }

    void webSocketsGoThrough()
    {
        Group group;
        group.api("export default { fetch(request) { const [client, server] = Object.values(new WebSocketPair()); server.accept();"
                  " server.addEventListener('message', ({ data }) => data === 'bye' ? server.close(4000, 'as asked') : server.send('api ' + data));"
                  " return new Response(null, { status: 101, webSocket: client }); } };");
        group.run.project.write("functions/socket.js", "export const onRequest = ({ env, request }) => env.API.fetch(request);");
        QVERIFY(group.run.start());
        std::string first, second, end;
        int status = 0;
        std::atomic<bool> over{false};
        std::thread client([&] {
            WsClient socket(group.run.port(), "/socket");
            status = socket.status();
            socket.text("one");
            first = socket.next();
            socket.text(std::string(100'000, 'x'));
            second = socket.next();
            socket.text("bye");
            end = socket.next();
            socket.send(maskedFrame(0x88, closePayload(4000, "as asked")));
            over = true;
        });
        QVERIFY(waitUntil([&] { return over.load(); }));
        client.join();
        QCOMPARE(status, 101);
        QCOMPARE(first, std::string("text:api one"));
        QCOMPARE(second, "text:api " + std::string(100'000, 'x'));
        QCOMPARE(end, std::string("close:4000 as asked"));
    }

    void rebuildsUnderLoad()
    {
        Group group;
        const auto version = [&](int number) { group.api("export default { async fetch() { await scheduler.wait(1); return new Response('version " + std::to_string(number) + "'); } };"); };
        version(0);
        QVERIFY(group.run.start());
        std::atomic<bool> stop{false};
        std::atomic<int> answered{0};
        std::atomic<int> wrong{0};
        std::vector<std::thread> clients;
        for (int i = 0; i < 3; ++i) {
            clients.emplace_back([&, port = group.run.port()] {
                while (!stop) {
                    const Reply reply = tests::get(port, "/call");
                    ++answered;
                    if (reply.status != 200 || !reply.body.starts_with("version "))
                        ++wrong;
                }
            });
        }
        std::string last;
        for (int number = 1; number <= 15; ++number) {
            version(number);
            last = group.run.eventually("/call", "version " + std::to_string(number));
        }
        stop = true;
        for (std::thread &client : clients)
            client.join();
        QCOMPARE(last, std::string("version 15"));
        QCOMPARE(wrong.load(), 0);
        QVERIFY(answered > 15);
    }

    void aTree()
    {
        Group group;
        group.api("export default { async fetch(request, env) { console.log('within'); await env.STORE.put('k', 'v'); return new Response('ok'); } };", "[[kv_namespaces]]\nbinding = \"STORE\"\nid = \"store\"\n");
        QVERIFY(group.run.start());
        QCOMPARE(group.run.get("/call").body, std::string("ok"));
        const auto request = group.run.finished("/call");
        QVERIFY(request);
        std::vector<events::CallEvent> calls;
        const auto find = [&](const char *kind) {
            const auto found = std::ranges::find(calls, kind, &events::CallEvent::kind);
            return found == calls.end() ? events::CallEvent() : *found;
        };
        QVERIFY(waitUntil([&] {
            calls = group.run.all<events::CallEvent>();
            return find("service").span != 0 && find("kv").span != 0;
        }));
        const auto service = find("service");
        const auto kv = find("kv");
        const auto within = std::ranges::find_if(calls, [](const auto &call) { return call.kind == "handler" && call.binding == "api"; });
        QVERIFY(within != calls.end());
        QCOMPARE(service.request, request->id);
        QCOMPARE(service.binding, std::string("API"));
        QCOMPARE(within->request, request->id);
        QCOMPARE(within->parent, service.span);
        QCOMPARE(kv.request, request->id);
        QCOMPARE(kv.parent, within->span);
        const auto lines = group.run.all<events::ConsoleEvent>();
        QCOMPARE(lines.size(), std::size_t(1));
        QCOMPARE(lines[0].request, request->id);
        QCOMPARE(lines[0].text, std::string("[api] within"));
    }
};

QTEST_GUILESS_MAIN(TestWorkers)
#include "t_workers.moc"
