// SPDX-License-Identifier: GPL-3.0-or-later
// What code may import, and code that is one Worker.
#include "tests/core/runtime/workerharness.h"

#include <QTest>

#include <future>

using namespace cleat;
using test::WorkerHarness;

namespace {

using Part = runtime::Module::Part;

// (module (func (export "f") (result i32) i32.const 42))
const std::string answer42("\0asm\1\0\0\0\1\5\1\x60\0\1\x7f\3\2\1\0\7\5\1\1f\0\0\n\6\1\4\0A*\v", 34);

base::Result<void> load(WorkerHarness &harness, runtime::Module module, runtime::Bindings bindings = {})
{
    bindings.state = harness.state().path().toStdString();
    std::promise<base::Result<void>> done;
    harness.worker().load(std::move(module), std::move(bindings), [&](base::Result<void> result) { done.set_value(std::move(result)); });
    return done.get_future().get();
}

base::Result<void> loadWorker(WorkerHarness &harness, const std::string &code, runtime::Bindings bindings = {})
{
    runtime::Module module;
    module.kind = runtime::Module::Kind::Worker;
    module.code = code;
    module.handlers = {{"_worker.js", "scheduled"}, {"_worker.js", "fetch"}};
    return load(harness, std::move(module), std::move(bindings));
}

WorkerHarness::Answer ask(WorkerHarness &harness, int handler = 1, const std::string &url = "http://localhost/a?b")
{
    runtime::Request request;
    request.method = "GET";
    request.url = url;
    request.steps.push_back({handler, "/", {}});
    return harness.send(std::move(request));
}

runtime::Bindings at(const std::string &date, std::vector<std::string> flags = {})
{
    runtime::Bindings bindings;
    bindings.compatibility = *runtime::Compatibility::resolve(date, flags, "2026-11-28");
    return bindings;
}

base::Result<void> loadFunction(WorkerHarness &harness, const std::string &code, std::vector<Part> parts, runtime::Bindings bindings = {})
{
    runtime::Module module;
    module.code = code + "\nexport default {\"index.js\": {onRequest}};\n";
    module.handlers = {{"index.js", "onRequest"}};
    module.parts = std::move(parts);
    return load(harness, std::move(module), std::move(bindings));
}

#define CHECK_LOADED(result) QVERIFY2(result, (result) ? "" : (result).error().message.c_str())

} // namespace

class ModulesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parts()
    {
        WorkerHarness harness;
        const auto loaded = loadFunction(harness,
            "import wasm from './a.wasm'; import again from './a.wasm?module'; import data from './b.bin'; import text from './t.txt';"
            "const at = new WebAssembly.Instance(wasm).exports.f();"
            "async function onRequest() { const late = await WebAssembly.instantiate(wasm); const { default: same } = await import('./b.bin');"
            "  return Response.json([at, late.exports.f(), wasm instanceof WebAssembly.Module, again instanceof WebAssembly.Module, data instanceof ArrayBuffer, data.byteLength, same === data, text]); }",
            {{"./a.wasm", Part::Kind::Wasm, answer42}, {"./b.bin", Part::Kind::Data, std::string("\0\1\2", 3)}, {"./t.txt", Part::Kind::Text, "h\u00e9"}});
        CHECK_LOADED(loaded);
        QCOMPARE(ask(harness, 0).body, std::string("[42,42,true,true,true,3,true,\"h\u00e9\"]"));
    }

    void brokenParts()
    {
        WorkerHarness harness;
        const auto broken = loadFunction(harness, "import wasm from './a.wasm'; async function onRequest() {}", {{"./a.wasm", Part::Kind::Wasm, "no wasm"}});
        QVERIFY(!broken);
        QVERIFY2(broken.error().message.find("CompileError") != std::string::npos, broken.error().message.c_str());
        const auto missing = loadFunction(harness, "import wasm from './b.wasm'; async function onRequest() {}", {{"./a.wasm", Part::Kind::Wasm, answer42}});
        QVERIFY(!missing);
        QVERIFY2(missing.error().message.find("Module not found: file:///bundle/b.wasm") != std::string::npos, missing.error().message.c_str());
        const auto name = loadFunction(harness, "import { other } from './a.wasm'; async function onRequest() {}", {{"./a.wasm", Part::Kind::Wasm, answer42}});
        QVERIFY(!name);
        const auto late = loadFunction(harness, "async function onRequest() { try { await import('./a.wasm') } catch (e) { return new Response(e.name) } }", {{"./a.wasm", Part::Kind::Wasm, "x"}});
        CHECK_LOADED(late);
        const auto answer = ask(harness, 0);
        QVERIFY2(answer.body == "CompileError", answer.body.c_str());
    }

    void envAtTheTop()
    {
        WorkerHarness harness;
        runtime::Bindings bindings;
        bindings.variables.push_back({"NAME", "value", runtime::Bindings::Variable::Kind::Text});
        const char *code = "import { env } from 'cloudflare:workers'; const name = env.NAME; async function onRequest() { return new Response(String(name) + env.NAME); }";
        CHECK_LOADED(loadFunction(harness, code, {}, bindings));
        QCOMPARE(ask(harness, 0).body, std::string("valuevalue"));
        bindings.compatibility = at("2026-03-01", {"disallow_importable_env"}).compatibility;
        CHECK_LOADED(loadFunction(harness, code, {}, bindings));
        QCOMPARE(ask(harness, 0).body, std::string("undefinedundefined"));
    }

    void codeAtTheTop()
    {
        WorkerHarness harness;
        const char *code = "const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]); let seen = []; for (const work of [() => eval('1+1'), () => new Function('return 3')(), () => new "
                           "WebAssembly.Module(bytes) instanceof WebAssembly.Module]) { try { seen.push(work()) } catch (e) { seen.push(e.message) } }"
                           "async function onRequest() { return Response.json(seen); }";
        CHECK_LOADED(loadFunction(harness, code, {}, at("2025-06-01")));
        QCOMPARE(ask(harness, 0).body, std::string("[2,3,true]"));
        CHECK_LOADED(loadFunction(harness, code, {}, at("2025-05-31")));
        QCOMPARE(ask(harness, 0).body,
            std::string("[\"Code generation from strings disallowed for this context\",\"Code generation from strings disallowed for this context\","
                        "\"WebAssembly.Module(): Wasm code generation disallowed by embedder\"]"));
    }

    void nameOfProcess()
    {
        WorkerHarness harness;
        const char *code = "async function onRequest() { const { default: same } = await import('node:process'); return new Response(String(process) + (same === process)); }";
        const auto named = [&](const std::string &date, std::vector<std::string> flags) {
            flags.insert(flags.begin(), "nodejs_compat");
            const auto loaded = loadFunction(harness, code, {}, at(date, std::move(flags)));
            return loaded ? ask(harness, 0).body : loaded.error().message;
        };
        // What `wrangler pages dev` has in its place: Astro answers with an iterable as soon as it has Node.js's name, which a Response takes since 2026-02-19.
        QCOMPARE(named("2026-02-19", {}), std::string("[object process]true"));
        QCOMPARE(named("2026-02-18", {}), std::string("[object Object]true"));
        QCOMPARE(named("2025-01-01", {}), std::string("[object Object]true"));
        QCOMPARE(named("2026-01-15", {"fetch_iterable_type_support"}), std::string("[object process]true"));
        QCOMPARE(named("2026-03-01", {"no_fetch_iterable_type_support"}), std::string("[object Object]true"));
        QCOMPARE(named("2026-03-01", {"disable_nodejs_process_v2"}), std::string("[object Object]true"));
    }

    void oldRegistry()
    {
        WorkerHarness harness;
        CHECK_LOADED(loadFunction(harness, "async function onRequest() { try { await import('./x/../nope.js') } catch (e) { return new Response(e.message) } }", {}, at("2026-03-01")));
        QCOMPARE(ask(harness, 0).body, std::string("No such module \"nope.js\"."));
    }

    void worker_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("body");
        const auto row = [](const char *name, const char *code, int status, const char *body) { QTest::newRow(name) << QString::fromLatin1(code) << status << QString::fromLatin1(body); };
        row("object", "export default { x: 1, fetch(r, e, c) { return new Response([this.x, arguments.length, r.url, typeof e.ASSETS, c].join()) } }", 200,
            "1,3,http://localhost/a?b,object,[object ExecutionContext]");
        row("class", "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint { fetch(r) { return new Response([arguments.length, this.ctx, typeof this.env.ASSETS].join()) } }",
            200, "1,[object ExecutionContext],object");
        row("listener", "addEventListener('fetch', (e) => e.respondWith(new Response('sw ' + e.type + e.request.method)))", 200, "sw fetchGET");
        row("late listener answer", "addEventListener('fetch', (e) => e.respondWith((async () => { await null; return new Response('late') })()))", 200, "late");
        row("listener twice", "addEventListener('fetch', (e) => { e.respondWith(new Response('a')); try { e.respondWith(new Response('b')) } catch (x) { console.log(x.name) } })", 200, "a");
        row("both", "addEventListener('fetch', (e) => e.respondWith(new Response('sw'))); export default { fetch() { return new Response('module') } }", 200, "module");
        row("no fetch", "export default { scheduled() {} }", 500, "Handler does not export a fetch() function.");
        row("empty", "export default {}", 500, "Handler does not export a fetch() function.");
        row("fetch is no function", "export default { fetch: 5 }", 500, "Handler does not export a fetch() function.");
        row("nothing", "console.log(1)", 500, "Handler does not export a fetch() function.");
        row("number", "export default { fetch() { return 5 } }", 500, "Callback returned incorrect type; expected 'Promise'");
        row("undefined", "export default { fetch() {} }", 500, "Callback returned incorrect type; expected 'Promise'");
        row("promise of an object", "export default { async fetch() { return {} } }", 500, "Incorrect type for Promise: the Promise did not resolve to 'Response'.");
        row("throws", "export default { fetch() { throw new RangeError('boom') } }", 500, "RangeError: boom");
        row("getter throws", "export default { get fetch() { throw new RangeError('boom') } }", 500, "RangeError: boom");
        row("constructor throws", "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint { constructor() { super(); } }", 500,
            "Failed to construct 'WorkerEntrypoint'");
        row("listener throws", "addEventListener('fetch', () => { throw new Error('in listener') })", 500, "in listener");
        row("own entrypoints",
            "import { WorkerEntrypoint, exports } from 'cloudflare:workers'; export class Named extends WorkerEntrypoint { hi(n) { return 'hi' + n + JSON.stringify(this.ctx.props) } fetch(r) { return new Response('N' + r.url) } }"
            "export default { async fetch(r, e, ctx) { return new Response([Object.keys(ctx.exports), await ctx.exports.Named.hi(1), await exports.Named({ props: { a: 1 } }).hi(2), await (await "
            "ctx.exports.Named.fetch('http://a/b')).text()].join(' ')) } }",
            200, "Named,default hi1{} hi2{\"a\":1} Nhttp://a/b");
        row("context without this", "export default { fetch(r, e, { waitUntil }) { try { waitUntil(1) } catch (x) { return new Response(x.message.slice(0, 18)) } } }", 200, "Illegal invocation");
    }

    void worker()
    {
        QFETCH(QString, code);
        QFETCH(int, status);
        QFETCH(QString, body);
        WorkerHarness harness;
        CHECK_LOADED(loadWorker(harness, code.toStdString()));
        const auto answer = ask(harness);
        QCOMPARE(answer.status, status);
        QVERIFY2(status == 200 ? answer.body == body.toStdString() : answer.body.find(body.toStdString()) != std::string::npos, answer.body.c_str());
    }

    void refusedWorkers()
    {
        WorkerHarness harness;
        for (const auto &[code, message] : std::initializer_list<std::pair<const char *, const char *>>{
                 {"export default 5", "Incorrect type for map entry 'default': the provided value is not of type 'function or ExportedHandler'."},
                 {"export const a = 1;", "Incorrect type for map entry 'a': the provided value is not of type 'function or ExportedHandler'."},
                 {"throw new RangeError('top')", "RangeError: top"}}) {
            const auto loaded = loadWorker(harness, code);
            QVERIFY(!loaded);
            QVERIFY2(loaded.error().message.find(message) != std::string::npos, loaded.error().message.c_str());
        }
    }

    void scheduled_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("query");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("body");
        const auto row = [](const char *name, const char *code, const char *query, int status, const char *body) {
            QTest::newRow(name) << QString::fromLatin1(code) << QString::fromLatin1(query) << status << QString::fromLatin1(body);
        };
        row("module", "export default { async scheduled(c, e, ctx) { if (c.cron !== '* * * * *' || c.scheduledTime !== 5 || !ctx.waitUntil || !e.ASSETS) throw new Error('wrong') } }",
            "?cron=*+*+*+*+*&time=5", 200, "ok");
        row("json", "export default { scheduled(c) { c.noRetry() } }", "?format=json", 200, "{\"outcome\":\"ok\",\"noRetry\":true}");
        row("throws", "export default { scheduled() { throw new Error('x') } }", "", 500, "exception");
        row("waitUntil rejects", "export default { scheduled(c, e, ctx) { ctx.waitUntil(Promise.reject(new Error('x'))) } }", "", 500, "exception");
        row("none", "export default { fetch() {} }", "", 500, "exception");
        row("listener", "addEventListener('scheduled', (e) => { if (e.cron !== 'c') throw 1; e.waitUntil(Promise.resolve()) })", "?cron=c", 200, "ok");
        row("class", "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint { async scheduled() { this.ctx.waitUntil(1) } }", "", 200, "ok");
    }

    void scheduled()
    {
        QFETCH(QString, code);
        QFETCH(QString, query);
        QFETCH(int, status);
        QFETCH(QString, body);
        WorkerHarness harness;
        CHECK_LOADED(loadWorker(harness, code.toStdString()));
        const auto answer = ask(harness, 0, "http://localhost/cdn-cgi/handler/scheduled" + query.toStdString());
        QCOMPARE(answer.body, body.toStdString());
        QCOMPARE(answer.status, status);
    }
};

QTEST_GUILESS_MAIN(ModulesTest)
#include "t_modules.moc"
