// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/commandbench.h"

namespace {

const QByteArray wranglerFile = "{\"name\": \"demo\", \"pages_build_output_dir\": \"public\", \"kv_namespaces\": [{\"binding\": \"KV\", \"id\": \"abc\"}]}";

} // namespace

class TestKvCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("words"); // of the message
        const auto row = [](const char *line, int status, const char *words) { QTest::newRow(line) << QByteArray(line) << status << QByteArray(words); };
        row("kv", 2, "");
        row("kv nope", 2, "There is no command");
        row("kv key", 2, "put, get, list, delete");
        row("kv key get", 2, "A value is missing");
        row("kv key get a b --binding KV", 2, "a value too many");
        row("kv key get a", 2, "Which namespace?");
        row("kv key get a --binding KV --namespace-id abc", 2, "not both");
        row("kv key get a --binding NONE", 1, "wrangler.json has \"KV\"");
        row("kv key get a --binding KV --remote", 1, "no account");
        row("kv key get a --binding KV --preview", 1, "no preview_id");
        row("kv key get a --binding KV --nope", 2, "Unknown flag --nope");
        row("kv key put a --binding KV", 2, "--path FILE");
        row("kv key put a b --path x --binding KV", 2, "--path FILE");
        row("kv key put a b --binding KV --ttl 5", 1, "at least 60");
        row("kv key put a b --binding KV --ttl x", 2, "whole number");
        row("kv key put a b --binding KV --metadata {", 2, "takes JSON");
        row("kv key put a --path none --binding KV", 1, "none");
        row("kv bulk put none.json --binding KV", 1, "none.json");
        row("kv bulk put bad.json --binding KV", 1, "bad.json:2:");
        row("kv bulk get object.json --binding KV", 1, "JSON array");
    }
    void refuses()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, status);
        QFETCH(QByteArray, words);
        CommandBench bench;
        bench.write(QStringLiteral("wrangler.json"), wranglerFile);
        bench.write(QStringLiteral("bad.json"), "[\n{]");
        bench.write(QStringLiteral("object.json"), "{}");
        const auto run = bench.run(line.constData());
        QCOMPARE(run.status, status);
        QVERIFY2(run.err.contains(words), run.err.constData());
        QVERIFY(!QDir(bench.path(QStringLiteral(".wrangler"))).exists());
    }

    void keys()
    {
        CommandBench bench;
        bench.write(QStringLiteral("wrangler.json"), wranglerFile);
        const QByteArray bytes("\0\xFF\n\r\n", 5);
        bench.write(QStringLiteral("value"), bytes);
        QCOMPARE(bench.run("kv key put bin --path value --binding KV").status, 0);
        const auto got = bench.run("kv key get bin --namespace-id=abc");
        QCOMPARE(got.status, 0);
        QCOMPARE(got.out, bytes);
        QCOMPARE(bench.run("kv key put a x --binding KV --metadata {\"n\":1} --expiration 2000000000").out,
            "Writing the value \"x\" to key \"a\" on namespace binding: \"KV\" (id: \"abc\") with metadata \"{\"n\":1}\".\n");
        QCOMPARE(bench.run("kv key get a --text --binding KV").out, "x\n");
        QCOMPARE(bench.run("kv key list --binding KV --prefix a").out,
            "[\n  {\n    \"name\": \"a\",\n    \"expiration\": 2000000000,\n    \"metadata\": {\n      \"n\": 1\n    }\n  }\n]\n");
        QCOMPARE(bench.run("kv key delete a --binding KV").out, "Deleting the key \"a\" on namespace binding: \"KV\" (id: \"abc\").\n");
        QCOMPARE(bench.run("kv key get a --binding KV").out, "Value not found\n");
        QCOMPARE(bench.run("kv key list --binding KV --persist-to other").out, "[]\n");
    }

    void bulk()
    {
        CommandBench bench;
        bench.write(QStringLiteral("wrangler.json"), wranglerFile);
        bench.write(QStringLiteral("bulk.json"), "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"Mg==\",\"base64\":true}]");
        bench.write(QStringLiteral("keys.json"), "[\"a\",{\"name\":\"b\"},\"c\"]");
        QCOMPARE(bench.run("kv bulk put bulk.json --binding KV").out, "Success!\n");
        QCOMPARE(bench.run("kv bulk get keys.json --binding KV").out,
            "{\n  \"a\": {\n    \"value\": \"1\"\n  },\n  \"b\": {\n    \"value\": \"2\"\n  },\n  \"c\": {\n    \"value\": null\n  }\n}\n");
        QCOMPARE(bench.run("kv bulk delete keys.json --binding KV", "n\n").out, "Not deleting keys read from \"keys.json\".\n");
        QCOMPARE(bench.run("kv bulk delete keys.json --binding KV --force").out, "Success!\n");
        QCOMPARE(bench.run("kv key list --binding KV").out, "[]\n");
    }

    void help()
    {
        CommandBench bench;
        QVERIFY(bench.run("--help").out.contains("cleat kv"));
        QCOMPARE(bench.run("kv --help").status, 0);
        for (const char *command : {"key put", "key get", "key list", "key delete", "bulk put", "bulk get", "bulk delete", "namespace list"}) {
            const auto run = bench.run((QByteArray("kv ") + command + " --help").constData());
            QCOMPARE(run.status, 0);
            QVERIFY(run.out.startsWith(QByteArray("Usage: cleat kv ") + command));
        }
    }
};

QTEST_GUILESS_MAIN(TestKvCommand)
#include "t_kvcommand.moc"
