// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorindex.h"
#include "tests/core/runtime/workerharness.h"

#include <QTest>

#include <algorithm>

#include <nlohmann/json.hpp>

using namespace cleat;
using namespace cleat::bindings::vectorize;
using base::Json;
using test::WorkerHarness;

namespace {

/// A Function whose body is code that returns something, or throws.
std::string function(const std::string &body)
{
    return "export async function onRequest({ env, request }) { const V = env.V; try { const r = await (async () => { " + body
        + " })(); return new Response(JSON.stringify(r ?? null)); } catch (e) { return new Response(`threw ${e}` + (e.cause ? ` because ${e.cause.message}` : '')); } }";
}

class Bench final
{
public:
    std::string run(const std::string &body, runtime::Bindings bindings = {})
    {
        bindings.state = harness.state().path().toStdString();
        bindings.vectorize.push_back({"V", "products"});
        if (const auto loaded = harness.load(function(body), bindings); !loaded)
            return "not loaded: " + loaded.error().message;
        return harness.fetch().body;
    }
    Json json(const std::string &body)
    {
        const std::string text = run(body);
        Json parsed = Json::parse(text, nullptr, false);
        if (parsed.is_discarded())
            qWarning("%s gave no JSON: %s", body.c_str(), text.c_str());
        return parsed;
    }
    void make(std::uint32_t dimensions, Metric metric = Metric::Cosine, Version version = Version::V2)
    {
        IndexConfig config;
        config.name = "products";
        config.dimensions = dimensions;
        config.metric = metric;
        config.version = version;
        const auto made = createIndex(harness.state().path().toStdString(), config);
        QVERIFY2(made, made ? "" : made.error().message.c_str());
    }

    WorkerHarness harness;
};

const std::string guide = "await V.insert([{ id: '1', values: [32.4, 74.1, 3.2], metadata: { url: '/products/sku/13913913' } },"
                          "{ id: '2', values: new Float32Array([15.1, 19.2, 15.8]), metadata: { url: '/products/sku/10148191' }, namespace: 'text' },"
                          "{ id: '3', values: new Float64Array([0.16, 1.2, 3.8]) }]);";

} // namespace

/// A Vectorize index as a Function sees it.
class VectorizeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGuide()
    {
        Bench bench;
        const Json inserted = bench.json("return V.insert([{ id: '1', values: [32.4, 74.1, 3.2], metadata: { url: '/x' } }, { id: '2', values: [15.1, 19.2, 15.8] }])");
        QVERIFY(inserted.is_object() && inserted.size() == 1);
        QCOMPARE(inserted["mutationId"].get<std::string>().size(), 36U);
        // The index was not there: it was made, and that is said.
        const auto lines = bench.harness.console(1);
        QCOMPARE(lines.size(), 1U);
        QVERIFY2(lines[0].find("\"products\" was made for the first vectors: 3 dimensions, metric cosine") != std::string::npos, lines[0].c_str());
        const Json described = bench.json("return V.describe()");
        QVERIFY(described["vectorCount"] == Json(2));
        QVERIFY(described["dimensions"] == Json(3));
        QVERIFY(described["processedUpToMutation"] == inserted["mutationId"]);
        QVERIFY(described["processedUpToDatetime"].get<std::string>().ends_with("Z"));
    }

    void withoutAnIndex()
    {
        Bench bench;
        const std::string hint = "There is no local Vectorize index \"products\". Make it with: cleat vectorize create products --dimensions=NUMBER --metric=cosine";
        QCOMPARE(bench.run("return V.query([1, 2])"), "threw Error: VECTOR_QUERY_ERROR: " + hint + " because " + hint);
        QCOMPARE(bench.run("return V.describe()"), "threw Error: INDEX_GET_ERROR: " + hint + " because " + hint);
        QCOMPARE(bench.run("return V.getByIds(['1'])"), "threw Error: VECTOR_GET_ERROR: " + hint + " because " + hint);
        QVERIFY(bench.run("return V.insert([])").starts_with("threw Error: VECTOR_INSERT_ERROR: There is no local"));
    }

    void shapes()
    {
        Bench bench;
        bench.make(3);
        const Json plain = bench.json(guide + "return V.query([15.1, 19.2, 15.8])");
        QVERIFY(plain["count"] == Json(3));
        QCOMPARE(plain["matches"][0].dump(), std::string(R"({"id":"2","score":1,"namespace":"text"})"));
        QVERIFY(plain == bench.json("return V.query(new Float64Array([15.1, 19.2, 15.8]))"));
        QVERIFY(plain == bench.json("return V.query(new Float32Array([15.1, 19.2, 15.8]))"));
        const Json matches = bench.json("return V.query([15.1, 19.2, 15.8], { topK: 2, returnValues: true, returnMetadata: true })");
        QVERIFY(matches["count"] == Json(2));
        QCOMPARE(matches["matches"][0].dump(),
            std::string(R"({"id":"2","score":1,"namespace":"text","values":[15.100000381469727,19.200000762939453,15.800000190734863],"metadata":{"url":"/products/sku/10148191"}})"));
        QVERIFY(matches["matches"][1]["id"] == Json("1"));
        QVERIFY(!matches["matches"][1].contains("namespace"));
        QCOMPARE(bench.run("return V.query([15.1, 19.2, 15.8], { topK: 1, namespace: 'none' })"), std::string(R"({"count":0,"matches":[]})"));
        QCOMPARE(bench.json("return V.queryById('3', { topK: 1 })")["matches"][0].dump(), std::string(R"({"id":"3","score":1})"));
        QCOMPARE(bench.run("return V.getByIds(['3', 'no'])"), std::string(R"([{"id":"3","values":[0.1599999964237213,1.2000000476837158,3.799999952316284]}])"));
        QVERIFY(bench.json("return V.deleteByIds(['3', 'no'])").contains("mutationId"));
        QVERIFY(bench.json("return V.upsert([{ id: '1', values: [1, 0, 0] }])").contains("mutationId"));
        QVERIFY(bench.json("return V.describe()")["vectorCount"] == Json(2));
        QCOMPARE(bench.run("return Object.prototype.toString.call(V)"), std::string("\"[object WrappedBinding]\""));
    }

    void firstVersion()
    {
        Bench bench;
        bench.make(3, Metric::Euclidean, Version::V1);
        QCOMPARE(bench.run("return V.insert([{ id: 'a', values: [1, 2, 3], metadata: { k: 1 } }, { id: 'b', values: [1, 2, 4], metadata: { k: 2 } }])"), std::string(R"({"count":2,"ids":["a","b"]})"));
        const Json described = bench.json("return V.describe()");
        QVERIFY(described["name"] == Json("products"));
        QCOMPARE(described["config"].dump(), std::string(R"({"dimensions":3,"metric":"euclidean"})"));
        QVERIFY(described["vectorsCount"] == Json(2));
        QCOMPARE(bench.run("return V.deleteByIds(['a', 'x'])"), std::string(R"({"count":1,"ids":["a"]})"));
        QCOMPARE(bench.run("return V.queryById('b')"), std::string("threw Error: QueryById operation is not supported for v1 indexes."));
        QCOMPARE(bench.run("return V.query([1, 2, 4], { returnMetadata: 'all' })"), std::string("threw Error: Invalid returnMetadata option. Expected boolean; got: all"));
        runtime::Bindings old;
        old.compatibility = runtime::Compatibility::resolve("2023-11-01", {}, "2026-01-01").value();
        QCOMPARE(bench.run("return V.query([1, 2, 4], { returnVectors: true })", old),
            std::string(R"({"count":1,"matches":[{"vectorId":"b","score":0,"vector":{"id":"b","values":[1,2,4],"metadata":{"k":2}}}]})"));
        QCOMPARE(bench.run("return V.query([1, 2, 4])", old), std::string(R"({"count":1,"matches":[{"vectorId":"b","score":0}]})"));
        runtime::Bindings current;
        current.compatibility = runtime::Compatibility::resolve("2026-01-01", {}, "2026-01-01").value();
        QCOMPARE(bench.run("return V.query([1, 2, 4], { filter: { k: 2 } })", current), std::string(R"({"count":1,"matches":[{"id":"b","score":0}]})"));
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("error"); // its beginning
        const auto row = [](const char *code, const char *error) { QTest::newRow(code) << QByteArray(code) << QByteArray(error); };
        row("V.insert([{ id: 'a', values: [1, 2] }])", "Error: VECTOR_INSERT_ERROR (code = 40012): invalid vector for id=\"a\", expected 3 dimensions, and got 2 dimensions because invalid vector");
        row("V.upsert([{ id: 'a', values: [1, NaN, 3] }])", "Error: VECTOR_UPSERT_ERROR (code = 40023): failed to parse upsert vectors request");
        row("V.upsert([{ id: 'a', values: [1, Infinity, 3] }])", "Error: VECTOR_UPSERT_ERROR (code = 40023): ");
        row("V.upsert([{ id: 'a', values: [1, null, 3] }])", "Error: VECTOR_UPSERT_ERROR (code = 40023): ");
        row("V.upsert([{ id: 5, values: [1, 2, 3] }])", "Error: VECTOR_UPSERT_ERROR (code = 40023): failed to parse upsert vectors request: id of vector 0");
        row("V.upsert([{ id: 'a', values: [1, 2, 3], namespace: 7 }])", "Error: VECTOR_UPSERT_ERROR (code = 40023): ");
        row("V.upsert([{ id: 'a'.repeat(74), values: [1, 2, 3] }])", "Error: VECTOR_UPSERT_ERROR (code = 40008): id too long; max is 64 bytes, got 74 bytes");
        row("V.upsert([{ id: 'a', values: [1, 2, 3], metadata: { t: 'x'.repeat(10240) } }])", "Error: VECTOR_UPSERT_ERROR: metadata too large");
        row("V.upsert([{ id: 'a', values: [1, 2, 3], metadata: { 'a.b': 1 } }])", "Error: VECTOR_UPSERT_ERROR (code = 40018): invalid metadata key \"a.b\"");
        row("V.upsert([{ id: 'a', values: [1, 2, 3] }, { id: 'a', values: [1, 2, 3] }])", "Error: VECTOR_UPSERT_ERROR: duplicate id=\"a\"");
        row("V.upsert(Array.from({ length: 1001 }, (_, i) => ({ id: `${i}`, values: [1, 2, 3] })))", "Error: VECTOR_UPSERT_ERROR (code = 40007): too many vectors in payload");
        row("V.upsert({})", "TypeError: ");
        row("V.query([])", "Error: VECTOR_QUERY_ERROR (code = 40006): invalid query vector, expected 3 dimensions, and got 0 dimensions");
        row("V.query({ shape: [1, 3], data: [[1, 2, 3]] })", "Error: VECTOR_QUERY_ERROR (code = 40006): ");
        row("V.query([[1, 2, 3]])", "Error: VECTOR_QUERY_ERROR (code = 40026): Failed to parse the request body as JSON: vector: expected value");
        row("V.query([1, 2, NaN])", "Error: VECTOR_QUERY_ERROR (code = 40026): ");
        row("V.query()", "TypeError: ");
        row("V.query([1, 2, 3], { topK: 101 })", "Error: VECTOR_QUERY_ERROR (code = 40025): max top K is 100, but got 101");
        row("V.query([1, 2, 3], { topK: 51, returnMetadata: 'all' })", "Error: VECTOR_QUERY_ERROR (code = 40025): with returnValues=true or returnMetadata=all, max top K is 50, but got 51");
        row("V.query([1, 2, 3], { topK: '5' })", "Error: VECTOR_QUERY_ERROR (code = 40026): Failed to parse the request body as JSON: topK");
        row("V.query([1, 2, 3], { returnMetadata: false })", "Error: VECTOR_QUERY_ERROR (code = 40026): Failed to parse the request body as JSON: returnMetadata: expected value");
        row("V.query([1, 2, 3], { returnMetadata: 'some' })", "Error: Invalid returnMetadata option. Expected: true, false, \"none\", \"indexed\" or \"all\"; got: some");
        row("V.query([1, 2, 3], { filter: { a: { $like: 'x' } } })", "Error: VECTOR_QUERY_ERROR: invalid filter: unknown operator \"$like\"");
        row("V.query([1, 2, 3], { filter: {} })", "Error: VECTOR_QUERY_ERROR: invalid filter: it must be an object that is not empty");
        row("V.getByIds(Array(21).fill('x'))", "Error: VECTOR_GET_ERROR (code = 40007): too many ids in payload; max id count is 20, got 21");
        row("V.deleteByIds(Array(101).fill('x'))", "Error: VECTOR_DELETE_ERROR (code = 40007): too many ids in payload; max id count is 100, got 101");
        row("V.getByIds('x')", "Error: VECTOR_GET_ERROR (code = 40026): ");
        row("V.query.call({}, [1, 2, 3])", "TypeError: ");
    }
    void refused()
    {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, error);
        Bench bench;
        bench.make(3);
        const std::string answer = bench.run("return " + code.toStdString());
        QVERIFY2(answer.starts_with("threw " + error.toStdString()), answer.c_str());
        QVERIFY(bench.json("return V.describe()")["vectorCount"] == Json(0));
    }

    /// The log has each call, long vectors shortened, and a filter that names what has no metadata index is told of once.
    void spans()
    {
        Bench bench;
        bench.make(10);
        bench.run("await V.insert([{ id: 'a', values: Array(10).fill(1), metadata: { k: 1 } }]); await V.query(Array(10).fill(1), { topK: 3, filter: { k: 1 } });"
                  "await V.query(Array(10).fill(1), { filter: { k: 1 } }); await V.query([1]).catch(() => {});");
        std::vector<events::CallEvent> calls;
        std::vector<std::string> lines;
        QTRY_VERIFY([&] {
            for (const auto &event : bench.harness.events()) {
                if (const auto *call = std::get_if<events::CallEvent>(&event); call && call->kind == "vectorize")
                    calls.push_back(*call);
                if (const auto *line = std::get_if<events::ConsoleEvent>(&event))
                    lines.push_back(line->text);
            }
            return calls.size() >= 4;
        }());
        QCOMPARE(calls[0].method, std::string("insert"));
        QCOMPARE(calls[0].binding, std::string("V"));
        QCOMPARE(calls[0].arguments, std::string(R"--([[{"id":"a","values":[1.0,1.0,1.0,1.0,1.0,1.0,1.0,1.0,"… (10 numbers)"],"metadata":{"k":1}}]])--"));
        QVERIFY(Json::parse(calls[0].result)["count"] == Json(1));
        QCOMPARE(Json::parse(calls[1].arguments)[1].dump(), std::string(R"({"topK":3,"filter":{"k":1}})"));
        QCOMPARE(calls[1].result, std::string(R"({"count":0,"matches":[]})"));
        QCOMPARE(calls[3].error, std::string("VECTOR_QUERY_ERROR (code = 40006): invalid query vector, expected 10 dimensions, and got 1 dimensions"));
        QCOMPARE(lines.size(), 1U);
        QVERIFY(lines[0].find("has no metadata index") != std::string::npos);
    }

    /// Two Workers share an index: what one writes the other finds at once.
    void twoWorkers()
    {
        Bench bench;
        bench.make(2);
        WorkerHarness other;
        runtime::Bindings bindings;
        bindings.state = bench.harness.state().path().toStdString();
        bindings.vectorize.push_back({"V", "products"});
        QVERIFY(other.load(function("await V.upsert([{ id: `${new URL(request.url).pathname}`, values: [1, 1] }]); return 1"), bindings));
        QCOMPARE(bench.run("return V.query([1, 1])"), std::string(R"({"count":0,"matches":[]})"));
        QCOMPARE(other.fetch("GET", "http://localhost/one").body, std::string("1"));
        QCOMPARE(bench.run("return V.query([1, 1])"), std::string(R"({"count":1,"matches":[{"id":"/one","score":1}]})"));
    }
};

QTEST_GUILESS_MAIN(VectorizeTest)
#include "t_vectorize.moc"
