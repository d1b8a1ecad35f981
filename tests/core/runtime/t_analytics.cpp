// SPDX-License-Identifier: GPL-3.0-or-later
// writeDataPoint(): what the code sees is what workerd's own AnalyticsEngine shows; and the points that become of it.
#include "core/bindings/analytics/dataset.h"
#include "core/data/analytics/query.h"
#include "tests/core/runtime/workerharness.h"
#include "tests/patience.h"

#include <QTest>

using namespace cleat;
using test::WorkerHarness;

namespace {

runtime::Bindings bound(const WorkerHarness &harness)
{
    runtime::Bindings bindings;
    bindings.state = harness.state().path().toStdString();
    bindings.analytics = {{"AE", "clicks"}, {"OTHER", "other"}};
    return bindings;
}

std::string code(const std::string &body)
{
    return "const told = (f) => { try { const v = f(); return v === undefined ? \"undefined\" : v; } catch (e) { return `${e.name}: ${e.message}`; } };\n"
           "export async function onRequest({ env, request }) { const a = env.AE; " + body + " }\n";
}

} // namespace

class AnalyticsTest final : public QObject
{
    Q_OBJECT

    /// Of a query, once it gives that many lines.
    static std::string points(const WorkerHarness &harness, const std::string &sql, std::size_t lines)
    {
        std::string text;
        const auto there = [&] {
            const auto answer = data::analytics::runQuery(harness.state().path().toStdString(), sql);
            text = answer ? written(*answer, data::analytics::Format::TabSeparated) : answer.error().message;
            return answer && answer->rows.size() == lines;
        };
        return QTest::qWaitFor(there, 30'000) ? text : "not as many: " + text;
    }

private Q_SLOTS:
    void calls_data()
    {
        QTest::addColumn<QByteArray>("call");
        QTest::addColumn<QByteArray>("told");
        QTest::addColumn<QByteArray>("row");
        const QByteArray none = "\t\t\t0\t0";
        const auto row = [](const char *call, const QByteArray &told, const QByteArray &row) { QTest::newRow(call) << QByteArray(call) << told << row; };
        const auto kept = [&](const char *call, const QByteArray &point) { row(call, "undefined", point); };
        const auto lost = [&](const char *call) { row(call, "undefined", {}); };
        const auto refused = [&](const char *call, const QByteArray &error) { row(call, "TypeError: " + error, {}); };
        kept("", none);
        kept("undefined", none);
        kept("null", none);
        kept("{}", none);
        kept("[]", none);
        kept("() => 1", none);
        kept("{ foo: 1 }", none);
        kept("{}, {}", none);
        kept("{ indexes: ['i'], blobs: ['a', 'b'], doubles: [1.5, -2] }", "i\ta\tb\t1.5\t-2");
        kept("{ indexes: [] }", none);
        kept("{ indexes: [null] }", none);
        kept("{ indexes: [undefined] }", none);
        kept("{ indexes: [5] }", "5\t\t\t0\t0");
        kept("{ indexes: [{}] }", "[object Object]\t\t\t0\t0");
        kept("{ indexes: ['x'.repeat(96)] }", QByteArray(96, 'x') + "\t\t\t0\t0");
        kept("{ indexes: [new TextEncoder().encode('abc')] }", "abc\t\t\t0\t0");
        kept("{ blobs: [1, true] }", "\t1\ttrue\t0\t0");
        kept("{ blobs: [null, 'b'] }", "\t\tb\t0\t0");
        kept("{ blobs: [undefined, { a: 1 }] }", "\t\t[object Object]\t0\t0");
        kept("{ blobs: [new TextEncoder().encode('abc').buffer, new Uint8Array([100, 101])] }", "\tabc\tde\t0\t0");
        kept("{ blobs: Array(20).fill('b') }", "\tb\tb\t0\t0");
        kept("{ blobs: ['\\ud800'] }", "\t\xef\xbf\xbd\t\t0\t0");
        kept("{ doubles: Array(20).fill(1) }", "\t\t\t1\t1");
        kept("{ doubles: ['1', 'x'] }", "\t\t\t1\tnan");
        kept("{ doubles: [null, undefined] }", "\t\t\t0\tnan");
        kept("{ doubles: [true, Infinity] }", "\t\t\t1\tinf");
        lost("{ indexes: ['a', 'b'] }");
        lost("{ indexes: ['x'.repeat(97)] }");
        lost("{ indexes: ['\\u00e9'.repeat(49)] }");
        lost("{ blobs: Array(21).fill('b') }");
        lost("{ blobs: ['x'.repeat(8000), 'x'.repeat(8001)] }");
        lost("{ doubles: Array(21).fill(1) }");
        refused("5", "Failed to execute 'writeDataPoint' on 'AnalyticsEngine': parameter 1 is not of type 'AnalyticsEngineEvent'.");
        refused("'x'", "Failed to execute 'writeDataPoint' on 'AnalyticsEngine': parameter 1 is not of type 'AnalyticsEngineEvent'.");
        refused("{ indexes: 'abc' }", "Incorrect type for the 'indexes' field on 'AnalyticsEngineEvent': the provided value is not of type 'Array'.");
        refused("{ indexes: null }", "Incorrect type for the 'indexes' field on 'AnalyticsEngineEvent': the provided value is not of type 'Array'.");
        refused("{ blobs: new Set(['a']) }", "Incorrect type for the 'blobs' field on 'AnalyticsEngineEvent': the provided value is not of type 'Array'.");
        refused("{ doubles: new Float64Array([1]) }", "Incorrect type for the 'doubles' field on 'AnalyticsEngineEvent': the provided value is not of type 'Array'.");
        refused("{ doubles: [1n] }", "Cannot convert a BigInt value to a number");
        refused("{ doubles: [Symbol()] }", "Cannot convert a Symbol value to a number");
    }

    void calls()
    {
        QFETCH(QByteArray, call);
        QFETCH(QByteArray, told);
        QFETCH(QByteArray, row);
        WorkerHarness harness;
        QVERIFY(harness.load(code("const r = told(() => a.writeDataPoint(" + call.toStdString() + ")); env.OTHER.writeDataPoint(); return new Response(r);"), bound(harness)));
        QCOMPARE(QByteArray::fromStdString(harness.fetch().body), told);
        QCOMPARE(points(harness, "SELECT dataset FROM other", 1), std::string("other\n"));
        if (row.isEmpty())
            QVERIFY(!std::filesystem::exists(*bindings::analytics::datasetFile(harness.state().path().toStdString(), "clicks")));
        else
            QCOMPARE(QByteArray::fromStdString(points(harness, "SELECT index1, blob1, blob2, double1, double2 FROM clicks", 1)), row + '\n');
    }

    void face()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code("const p = Object.getPrototypeOf(a); const l = [];"
                                  "a.writeDataPoint({ get indexes() { l.push('i'); }, get doubles() { l.push('d'); }, get blobs() { l.push('b'); } });"
                                  "return Response.json([p.constructor.name, Object.entries(Object.getOwnPropertyDescriptors(p)).map(([k, d]) => [k, d.enumerable, d.value.length]), String(a), Object.keys(a), l.join(),"
                                  "told(() => { const { writeDataPoint } = a; writeDataPoint({}); }).slice(0, 30), told(() => structuredClone(a)), told(() => new p.constructor())]);"),
            bound(harness)));
        QCOMPARE(harness.fetch().body, std::string(R"(["AnalyticsEngine",[["writeDataPoint",true,0],["constructor",false,0]],"[object AnalyticsEngine]",[],"i,d,b",)"
                                                   "\"TypeError: Illegal invocation:\",\"DataCloneError: Could not serialize object of type \\\"AnalyticsEngine\\\". This type does not support serialization.\",\"TypeError: Illegal constructor\"]"));
    }

    void globalScope()
    {
        WorkerHarness harness;
        const auto loaded = harness.load("import { env } from \"cloudflare:workers\";\nlet told = \"\"; try { env.AE.writeDataPoint({}); } catch (e) { told = e.message; }\nexport const onRequest = () => new Response(told);\n", bound(harness));
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QVERIFY2(harness.fetch().body.contains("global scope"), harness.fetch().body.c_str());
    }

    /// 250 of an invocation in both plans, all datasets together.
    void writeLimit()
    {
        runtime::Limits limits;
        limits.dataPoints = 250;
        WorkerHarness harness(limits);
        QVERIFY(harness.load(code("let n = 0; const e = told(() => { for (; n < 300; ++n) (n % 2 ? a : env.OTHER).writeDataPoint({ doubles: [n] }); }); return new Response(`${n} ${e}`);"), bound(harness)));
        QCOMPARE(harness.fetch().body, std::string("250 Error: Analytics Engine write limit exceeded."));
        QCOMPARE(harness.fetch().body, std::string("250 Error: Analytics Engine write limit exceeded."));
        QVERIFY(points(harness, "SELECT double1 FROM clicks", 250).starts_with("1\n3\n"));
    }

    /// The log has each call, up to 20 of a request; and why one was not kept.
    void told()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code("a.writeDataPoint({ indexes: ['i'], blobs: ['x', new Uint8Array(2)], doubles: [1, NaN, 0.1] }); a.writeDataPoint({ doubles: Array(21).fill(0) });"
                                  "for (let i = 0; i < 40; ++i) a.writeDataPoint({}); return new Response('ok');"),
            bound(harness)));
        QCOMPARE(harness.fetch().body, std::string("ok"));
        std::vector<events::CallEvent> calls;
        QTRY_VERIFY([&] {
            for (events::Event &event : harness.events()) {
                if (auto *call = std::get_if<events::CallEvent>(&event); call && call->kind == "analytics")
                    calls.push_back(std::move(*call));
            }
            return calls.size() >= 20;
        }());
        QCOMPARE(calls.size(), 20U);
        QCOMPARE(calls[0].kind, std::string("analytics"));
        QCOMPARE(calls[0].binding, std::string("AE"));
        QCOMPARE(calls[0].method, std::string("writeDataPoint"));
        QVERIFY2(calls[0].arguments.starts_with(R"([{"indexes":["i"],"blobs":["x",)") && calls[0].arguments.ends_with(R"("doubles":[1,"NaN",0.1]}])"), calls[0].arguments.c_str());
        QCOMPARE(calls[0].error, std::string());
        QCOMPARE(calls[1].error, std::string("writeDataPoint(): Maximum of 20 doubles supported."));
        QVERIFY2(calls[19].result.contains("not listed"), calls[19].result.c_str());
    }
};

QTEST_GUILESS_MAIN(AnalyticsTest)
#include "t_analytics.moc"
