// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/bindingkinds.h"
#include "core/config/typescriptenv.h"

#include <QTest>

using namespace cleat;
using config::Kind;

namespace {

config::Variable json(std::string text)
{
    return {"X", config::Variable::Kind::Json, std::move(text)};
}

} // namespace

class TestTypeScriptEnv : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyKind()
    {
        config::BindingSet set;
        const auto bind = [&set](Kind kind, const char *name) { set.bindings.push_back({config::Binding{kind, name, {}}, {}}); };
        bind(Kind::KvNamespace, "TODO_LIST");
        bind(Kind::DurableObject, "DURABLE_OBJECT");
        bind(Kind::R2Bucket, "BUCKET");
        bind(Kind::D1Database, "NORTHWIND_DB");
        bind(Kind::Vectorize, "VECTORIZE_INDEX");
        bind(Kind::Ai, "AI");
        bind(Kind::Service, "SERVICE");
        bind(Kind::Queue, "MY_QUEUE");
        bind(Kind::Hyperdrive, "HYPERDRIVE");
        bind(Kind::AnalyticsEngine, "ANALYTICS_ENGINE");
        bind(Kind::Browser, "BROWSER");
        bind(Kind::MtlsCertificate, "MY_CERTIFICATE");
        bind(Kind::VersionMetadata, "CF_VERSION_METADATA");
        set.variables.push_back({{"ENVIRONMENT", config::Variable::Kind::Text, "production"}, {}});
        set.variables.push_back({{"LIMITS", config::Variable::Kind::Json, "{\"max\": 5, \"a-b\": [\"x\"]}"}, {}});
        const std::vector<std::string> secrets{"API_KEY"};
        QCOMPARE(QString::fromStdString(config::typeScriptEnv(set, secrets)),
                 QStringLiteral("interface Env {\n"
                                "  TODO_LIST: KVNamespace;\n"
                                "  DURABLE_OBJECT: DurableObjectNamespace;\n"
                                "  BUCKET: R2Bucket;\n"
                                "  NORTHWIND_DB: D1Database;\n"
                                "  VECTORIZE_INDEX: VectorizeIndex;\n"
                                "  AI: Ai;\n"
                                "  SERVICE: Fetcher;\n"
                                "  MY_QUEUE: Queue<any>;\n"
                                "  HYPERDRIVE: Hyperdrive;\n"
                                "  ANALYTICS_ENGINE: AnalyticsEngineDataset;\n"
                                "  BROWSER: BrowserRun;\n"
                                "  MY_CERTIFICATE: Fetcher;\n"
                                "  CF_VERSION_METADATA: WorkerVersionMetadata;\n"
                                "  ENVIRONMENT: string;\n"
                                "  LIMITS: { max: number; \"a-b\": string[] };\n"
                                "  API_KEY: string;\n"
                                "  ASSETS: Fetcher;\n"
                                "}\n"));
    }

    void emptySet()
    {
        QCOMPARE(config::typeScriptEnv({}, {}), std::string("interface Env {\n  ASSETS: Fetcher;\n}\n"));
    }

    void oneLineForEachName()
    {
        config::BindingSet set;
        set.bindings.push_back({config::Binding{Kind::KvNamespace, "MY-LIST", {}}, {}});
        set.bindings.push_back({config::Binding{Kind::R2Bucket, "MY-LIST", {}}, {}});
        set.bindings.push_back({config::Binding{Kind::Service, "ASSETS", {}}, {}});
        set.variables.push_back({{"KEY", config::Variable::Kind::Json, "5"}, {}});
        set.variables.push_back({{"say \"hi\"\n", config::Variable::Kind::Text, ""}, {}});
        const std::vector<std::string> secrets{"KEY"};
        QCOMPARE(config::typeScriptEnv(set, secrets),
                 std::string("interface Env {\n  \"MY-LIST\": KVNamespace;\n  ASSETS: Fetcher;\n  KEY: string;\n  \"say \\\"hi\\\"\\n\": string;\n}\n"));
    }

    void structures_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("type");
        const auto row = [](const char *text, const char *type) { QTest::newRow(text) << QByteArray(text) << QByteArray(type); };
        row("5", "number");
        row("1.5", "number");
        row("true", "boolean");
        row("null", "null");
        row("\"x\"", "string");
        row("[]", "unknown[]");
        row("[1, 2]", "number[]");
        row("[1, \"a\", 2]", "(number | string)[]");
        row("[[1], []]", "(number[] | unknown[])[]");
        row("[{\"a\": 1}, {\"a\": 2}]", "{ a: number }[]");
        row("{}", "Record<string, never>");
        row("{\"b\": {\"c\": null}, \"1\": true}", "{ b: { c: null }; \"1\": boolean }");
        row("no JSON", "unknown");
    }
    void structures()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, type);
        QCOMPARE(config::typeScriptType(json(text.toStdString())), type.toStdString());
    }
};

QTEST_APPLESS_MAIN(TestTypeScriptEnv)
#include "t_typescriptenv.moc"
