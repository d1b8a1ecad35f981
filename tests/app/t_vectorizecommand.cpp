// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/commandbench.h"

#include <nlohmann/json.hpp>

using Json = nlohmann::ordered_json;

namespace {

Json parsed(const QByteArray &text)
{
    return Json::parse(text.toStdString(), nullptr, false);
}

const QByteArray vectors = "{\"id\":\"1\",\"values\":[32.4,74.1,3.2],\"metadata\":{\"platform\":\"netflix\"}}\n"
                           "{\"id\":\"2\",\"values\":[15.1,19.2,15.8],\"metadata\":{\"platform\":\"hbo\"},\"namespace\":\"text\"}\n"
                           "\n"
                           "{\"id\":\"3\",\"values\":[0.16,1.2,3.8]}";

} // namespace

class TestVectorizeCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("words"); // of the message
        const auto row = [](const char *line, int status, const char *words) { QTest::newRow(line) << QByteArray(line) << status << QByteArray(words); };
        row("vectorize", 2, "");
        row("vectorize nope", 2, "There is no command");
        row("vectorize create", 2, "A value is missing");
        row("vectorize create i", 2, "both dimensions and a metric");
        row("vectorize create i --dimensions 3", 2, "both dimensions and a metric");
        row("vectorize create i --dimensions 3 --metric far", 2, "euclidean, cosine or dot-product");
        row("vectorize create i --dimensions 1537 --metric cosine", 2, "1 to 1536");
        row("vectorize create i --preset gpt", 2, "@cf/baai/bge-small-en-v1.5");
        row("vectorize create a/b --dimensions 3 --metric cosine", 1, "1 to 64 letters");
        row("vectorize get none", 1, "cleat vectorize create none --dimensions=");
        row("vectorize info none", 1, "There is no local Vectorize index");
        row("vectorize delete none -y", 1, "There is no local Vectorize index");
        row("vectorize insert none --file vectors.ndjson", 1, "There is no local Vectorize index");
        row("vectorize insert none", 2, "--file FILE");
        row("vectorize insert none --file empty.ndjson", 1, "Cannot read invalid or empty file");
        row("vectorize insert none --file bad.ndjson", 1, "bad.ndjson:2:1: The \"values\" of a vector");
        row("vectorize upsert none --file vectors.ndjson --batch-size 5001", 2, "1 to 5000");
        row("vectorize query none", 2, "Either vector or vector-id");
        row("vectorize query none --vector 1 2 --vector-id x", 2, "Either vector or vector-id");
        row("vectorize query none --vector 1 x", 2, "takes numbers, not \"x\"");
        row("vectorize query none --vector 1 --return-metadata some", 2, "all, indexed or none");
        row("vectorize get-vectors none", 2, "valid vector identifiers");
        row("vectorize list-vectors none --count 1001", 2, "1 to 1000");
        row("vectorize create-metadata-index none --property-name p", 2, "--type");
        row("vectorize create-metadata-index none --property-name p --type date", 2, "--type");
        row("vectorize list --remote", 1, "no account");
    }
    void refuses()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, status);
        QFETCH(QByteArray, words);
        CommandBench bench;
        bench.write(QStringLiteral("vectors.ndjson"), vectors);
        bench.write(QStringLiteral("empty.ndjson"), {});
        bench.write(QStringLiteral("bad.ndjson"), "{\"id\":\"1\",\"values\":[1]}\n{\"id\":\"2\",\"values\":[\"x\"]}\n");
        const auto run = bench.run(line.constData());
        QCOMPARE(run.status, status);
        QVERIFY2(run.err.contains(words), run.err.constData());
        QVERIFY(!QDir(bench.path(QStringLiteral(".wrangler"))).exists());
    }

    void indexes()
    {
        CommandBench bench;
        bench.write(QStringLiteral("wrangler.toml"), "name = \"demo\"\npages_build_output_dir = \"public\"\n");
        const auto made = bench.run("vectorize create products --dimensions=3 --metric=cosine --description words");
        QVERIFY2(made.status == 0, made.err.constData());
        QVERIFY(made.out.contains("Successfully created a new Vectorize index: 'products'"));
        QVERIFY(made.out.endsWith("[[vectorize]]\nbinding = \"VECTORIZE\"\nindex_name = \"products\"\n"));
        QCOMPARE(bench.run("vectorize create products --dimensions=3 --metric=cosine").status, 1);
        QCOMPARE(bench.run("vectorize create large --preset openai/text-embedding-ada-002 --json").status, 0);
        const Json list = parsed(bench.run("vectorize list --json").out);
        QCOMPARE(list.size(), 2U);
        QVERIFY(list[0]["name"] == Json("large"));
        QCOMPARE(list[0]["config"].dump(), std::string("{\"dimensions\":1536,\"metric\":\"cosine\"}"));
        QVERIFY(list[1]["description"] == Json("words"));
        QVERIFY(bench.run("vectorize list").out.contains("│ products │ 3          │ cosine │ words"));
        QVERIFY(bench.run("vectorize get products").out.contains("│ products │ 3 "));
        QVERIFY(parsed(bench.run("vectorize info products --json").out)["vectorCount"] == Json(0));
        QCOMPARE(bench.run("vectorize delete large", "n\n").out, QByteArray("Deleting Vectorize index large\nDeletion cancelled.\n"));
        QCOMPARE(bench.run("vectorize delete large", "y\n").out, QByteArray("Deleting Vectorize index large\nDeleted index large\n"));
        QCOMPARE(bench.run("vectorize delete products --force").status, 0);
        QCOMPARE(bench.run("vectorize list --json").out, QByteArray("[]\n"));
    }

    void vectorsInAndOut()
    {
        CommandBench bench;
        bench.write(QStringLiteral("vectors.ndjson"), vectors);
        QCOMPARE(bench.run("vectorize create products --dimensions=3 --metric=cosine").status, 0);
        QCOMPARE(bench.run("vectorize create-metadata-index products --property-name=platform --type=string").status, 0);
        QCOMPARE(parsed(bench.run("vectorize list-metadata-index products --json").out).dump(), std::string("[{\"propertyName\":\"platform\",\"indexType\":\"string\"}]"));
        const auto inserted = bench.run("vectorize insert products --file vectors.ndjson --batch-size 2");
        QVERIFY2(inserted.status == 0, inserted.err.constData());
        QVERIFY(inserted.out.startsWith("Enqueued 2 vectors into index 'products' for insertion. Mutation changeset identifier: "));
        QVERIFY(inserted.out.endsWith("Successfully enqueued 3 vectors into index 'products' for insertion.\n"));
        QCOMPARE(bench.run("vectorize upsert products --file vectors.ndjson --json").out, QByteArray("{\n  \"index\": \"products\",\n  \"count\": 3\n}\n"));
        const Json found = parsed(bench.run("vectorize query products --vector 15.1 19.2 15.8 --top-k 1 --return-metadata all").out);
        QCOMPARE(found.dump(), std::string("{\"count\":1,\"matches\":[{\"id\":\"2\",\"score\":1.0,\"namespace\":\"text\",\"metadata\":{\"platform\":\"hbo\"}}]}"));
        QVERIFY(parsed(bench.run("vectorize query products --vector -15.1 .5 -1e3 --return-values").out)["count"] == Json(3));
        QVERIFY(parsed(bench.run("vectorize query products --vector-id 1 --filter {\"platform\":\"netflix\"}").out)["matches"][0]["id"] == Json("1"));
        const auto unindexed = bench.run("vectorize query products --vector-id 1 --filter {\"other\":1}");
        QCOMPARE(unindexed.out, QByteArray("Could not find any relevant vectors\n"));
        QVERIFY(unindexed.err.contains("no metadata index for \"other\""));
        QCOMPARE(parsed(bench.run("vectorize get-vectors products --ids 3 none 1").out).size(), 2U);
        const Json page = parsed(bench.run("vectorize list-vectors products --count 2 --json").out);
        QCOMPARE(page["vectors"].dump(), std::string("[{\"id\":\"1\"},{\"id\":\"2\"}]"));
        QVERIFY(page["totalCount"] == Json(3));
        const auto rest = bench.run(("vectorize list-vectors products --cursor " + page["nextCursor"].get<std::string>()).c_str());
        QVERIFY(rest.out.contains("│ 1 │ 3") && rest.out.endsWith("Showing 1 of 3 total vectors\n"));
        const auto deleted = bench.run("vectorize delete-vectors products --ids 1 2");
        QVERIFY(deleted.out.startsWith("Successfully enqueued 2 vectors into index 'products' for deletion."));
        QVERIFY(parsed(bench.run("vectorize info products --json").out)["vectorCount"] == Json(1));
        // What fails tells its line; what was written before stays.
        bench.write(QStringLiteral("wrong.ndjson"), "{\"id\":\"7\",\"values\":[1,2,3]}\n{\"id\":\"8\",\"values\":[1,2]}\n");
        const auto wrong = bench.run("vectorize insert products --file wrong.ndjson --batch-size 1");
        QCOMPARE(wrong.status, 1);
        QVERIFY2(wrong.err.contains("wrong.ndjson:2:1: invalid vector for id=\"8\", expected 3 dimensions, and got 2 dimensions"), wrong.err.constData());
        QVERIFY(parsed(bench.run("vectorize info products --json").out)["vectorCount"] == Json(2));
        QCOMPARE(bench.run("vectorize delete-metadata-index products --property-name platform").status, 0);
        QCOMPARE(bench.run("vectorize list-metadata-index products --json").out, QByteArray("[]\n"));
    }
};

QTEST_GUILESS_MAIN(TestVectorizeCommand)
#include "t_vectorizecommand.moc"
