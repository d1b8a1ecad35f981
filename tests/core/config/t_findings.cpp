// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/configreader.h"

#include <QTest>

#include <set>

using namespace cleat::config;
using namespace Qt::StringLiterals;

namespace {

const QByteArray tomlStart = "name = \"demo\"\npages_build_output_dir = \"d\"\n";                        // line 3 follows
const QByteArray jsonStart = "{\n  \"name\": \"demo\",\n  \"pages_build_output_dir\": \"d\",\n"; // line 4 follows

/// "error key.unknown@3:1, ..."
QString shown(const std::vector<Finding> &findings)
{
    QStringList out;
    for (const Finding &finding : findings) {
        out << u"%1 %2@%3:%4"_s.arg(finding.severity == Finding::Severity::Error ? u"error"_s : u"warning"_s, QString::fromStdString(finding.code)).arg(finding.place.line)
                   .arg(finding.place.column);
    }
    return out.join(u", "_s);
}

std::set<std::string> g_seen;

} // namespace

/// Every finding, in both spellings, to the column.
class TestFindings : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void both_data()
    {
        QTest::addColumn<QByteArray>("toml");
        QTest::addColumn<QString>("inToml");
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("inJson");
        const auto row = [](const char *name, const QByteArray &toml, const char *inToml, const QByteArray &json, const char *inJson) {
            QTest::newRow(name) << tomlStart + toml << QString::fromLatin1(inToml) << jsonStart + json + "\n}\n" << QString::fromLatin1(inJson);
        };
        row("nothing", "", "", "", "");
        row("comments, trailing comma", "# x\n", "", "  // x\n  /* y */ \"vars\": { \"A\": \"1\", },", "");
        row("unknown key", "colour = 1\n", "warning key.unknown@3:1", "  \"colour\": 1", "warning key.unknown@4:3");
        row("unknown key, a table", "[colour]\na = 1\n", "warning key.unknown@3:1", "  \"colour\": { \"a\": 1 }", "warning key.unknown@4:3");
        row("unsupported keys", "account_id = \"x\"\nworkflows = []\n", "error key.unsupported@3:1, error key.unsupported@4:1",
            "  \"account_id\": \"x\",\n  \"workflows\": []", "error key.unsupported@4:3, error key.unsupported@5:3");
        row("main", "main = \"x.js\"\n", "error key.unsupported@3:1", "  \"main\": \"x.js\"", "error key.unsupported@4:3");
        row("consumers", "[[queues.consumers]]\nqueue = \"q\"\n", "error key.unsupported@3:1", "  \"queues\": { \"consumers\": [{ \"queue\": \"q\" }] }", "error key.unsupported@4:15");
        row("environment", "[env.staging]\nvars = {}\n", "error env.name@3:1", "  \"env\": {\n    \"staging\": { \"vars\": {} }\n  }", "error env.name@5:5");
        row("top level only", "[env.preview]\nname = \"x\"\npages_build_output_dir = \"y\"\n", "warning key.top-level-only@4:1, warning key.top-level-only@5:1",
            "  \"env\": { \"preview\": {\n    \"name\": \"x\",\n    \"pages_build_output_dir\": \"y\"\n  } }", "warning key.top-level-only@5:5, warning key.top-level-only@6:5");
        row("unknown and unsupported in an environment", "[env.production]\ncolour = 1\nmain = \"x\"\n", "warning key.unknown@4:1, error key.unsupported@5:1",
            "  \"env\": { \"production\": { \"colour\": 1, \"main\": \"x\" } }", "warning key.unknown@4:28, error key.unsupported@4:41");
        row("not inherited", "[vars]\nA = \"1\"\n[env.preview]\n", "warning env.not-inherited@5:1", "  \"vars\": { \"A\": \"1\" },\n  \"env\": { \"preview\": {} }", "warning env.not-inherited@5:12");
        row("duplicate over kinds", "[[kv_namespaces]]\nbinding = \"A\"\n[vars]\nA = \"1\"\n", "error binding.duplicate@6:1",
            "  \"kv_namespaces\": [{ \"binding\": \"A\" }],\n  \"vars\": { \"A\": \"1\" }", "error binding.duplicate@5:13");
        row("duplicate of one kind", "[[r2_buckets]]\nbinding = \"A\"\n[[r2_buckets]]\nbinding = \"A\"\n", "error binding.duplicate@5:1",
            "  \"r2_buckets\": [\n    { \"binding\": \"A\" },\n    { \"binding\": \"A\" }\n  ]", "error binding.duplicate@6:5");
        row("duplicate in an environment", "[env.preview.ai]\nbinding = \"A\"\n[env.preview.browser]\nbinding = \"A\"\n", "error binding.duplicate@5:1",
            "  \"env\": { \"preview\": {\n    \"ai\": { \"binding\": \"A\" },\n    \"browser\": { \"binding\": \"A\" }\n  } }", "error binding.duplicate@6:5");
        row("reserved", "[[d1_databases]]\nbinding = \"ASSETS\"\n", "error name.reserved@4:1", "  \"d1_databases\": [{ \"binding\": \"ASSETS\" }]", "error name.reserved@4:22");
        row("reserved variable", "[vars]\nASSETS = \"x\"\n", "error name.reserved@4:1", "  \"vars\": { \"ASSETS\": \"x\" }", "error name.reserved@4:13");
        row("no identifier", "[[kv_namespaces]]\nbinding = \"my-list\"\n[vars]\n\"a b\" = \"x\"\n", "error name.identifier@4:1, error name.identifier@6:1",
            "  \"kv_namespaces\": [{ \"binding\": \"my-list\" }],\n  \"vars\": { \"a b\": \"x\" }", "error name.identifier@4:23, error name.identifier@5:13");
        row("empty name", "[[kv_namespaces]]\nbinding = \"\"\n", "error name.empty@4:1", "  \"kv_namespaces\": [{ \"binding\": \"\" }]", "error name.empty@4:23");
        row("missing binding", "[[kv_namespaces]]\nid = \"x\"\n", "error field.missing@3:1", "  \"kv_namespaces\": [{ \"id\": \"x\" }]", "error field.missing@4:21");
        row("missing fields", "[[services]]\nbinding = \"S\"\n[[vectorize]]\nbinding = \"V\"\n[[hyperdrive]]\nbinding = \"H\"\n[ai]\n",
            "error field.missing@3:1, error field.missing@5:1, error field.missing@7:1, error field.missing@9:1",
            "  \"services\": [{ \"binding\": \"S\" }],\n  \"vectorize\": [{ \"binding\": \"V\" }],\n  \"hyperdrive\": [{ \"binding\": \"H\" }],\n  \"ai\": {}",
            "error field.missing@4:16, error field.missing@5:17, error field.missing@6:18, error field.missing@7:3");
        row("no script name", "[[durable_objects.bindings]]\nname = \"O\"\nclass_name = \"C\"\n", "error field.missing@3:1",
            "  \"durable_objects\": { \"bindings\": [{ \"name\": \"O\", \"class_name\": \"C\" }] }", "error field.missing@4:37");
        row("unknown field", "[[kv_namespaces]]\nbinding = \"A\"\ncolour = 1\n[durable_objects]\nshape = 1\n", "warning field.unknown@5:1, warning field.unknown@7:1",
            "  \"kv_namespaces\": [{ \"binding\": \"A\", \"colour\": 1 }],\n  \"durable_objects\": { \"shape\": 1 }", "warning field.unknown@4:39, warning field.unknown@5:24");
        row("fields that are no matter here", "[[d1_databases]]\nbinding = \"A\"\njurisdiction = \"eu\"\nmigrations_pattern = \"*.sql\"\n[[hyperdrive]]\nbinding = \"H\"\nid = \"x\"\nremote = true\n", "",
            "  \"d1_databases\": [{ \"binding\": \"A\", \"jurisdiction\": \"eu\" }],\n  \"hyperdrive\": [{ \"binding\": \"H\", \"id\": \"x\", \"remote\": true }]", "");
        row("wrong type of a field", "[[kv_namespaces]]\nbinding = \"A\"\nid = 1\nremote = \"yes\"\n", "error field.type@5:1, error field.type@6:1",
            "  \"kv_namespaces\": [{ \"binding\": \"A\", \"id\": null, \"remote\": \"yes\" }]", "error field.type@4:39, error field.type@4:51");
        row("no list", "r2_buckets = 3\nai = []\n", "error field.type@3:1, error field.type@4:1", "  \"r2_buckets\": 3,\n  \"ai\": []", "error field.type@4:3, error field.type@5:3");
        row("no table in a list", "hyperdrive = [1]\n", "error field.type@3:15", "  \"hyperdrive\": [1]", "error field.type@4:18");
        row("empty field", "[[kv_namespaces]]\nbinding = \"A\"\nid = \"\"\n", "error field.text@5:1", "  \"kv_namespaces\": [{ \"binding\": \"A\", \"id\": \"\" }]", "error field.text@4:39");
        row("deprecated field", "[[queues.producers]]\nbinding = \"Q\"\ndelivery_delay = 5\n", "warning field.deprecated@5:1",
            "  \"queues\": { \"producers\": [{ \"binding\": \"Q\", \"delivery_delay\": 5 }] }", "warning field.deprecated@4:47");
        row("bucket name", "[[r2_buckets]]\nbinding = \"A\"\nbucket_name = \"My_Bucket\"\npreview_bucket_name = \"-a\"\n", "error bucket.name@5:1, error bucket.name@6:1",
            "  \"r2_buckets\": [{ \"binding\": \"A\", \"bucket_name\": \"ab\", \"preview_bucket_name\": \"-ab\" }]", "error bucket.name@4:36, error bucket.name@4:57");
        row("wrong type of a key", "compatibility_flags = [1]\nvars = 1\nlimits = 2\n", "error key.type@3:24, error key.type@4:1, error key.type@5:1",
            "  \"compatibility_flags\": [1],\n  \"vars\": 1,\n  \"limits\": 2", "error key.type@4:27, error key.type@5:3, error key.type@6:3");
        row("compatibility date", "compatibility_date = \"yesterday\"\n[env.preview]\ncompatibility_date = \"2026-02-30\"\n", "error compatibility.date@3:1, error compatibility.date@5:1",
            "  \"compatibility_date\": \"2026-1-1\",\n  \"env\": { \"preview\": { \"compatibility_date\": \"2026-02-29\" } }", "error compatibility.date@4:3, error compatibility.date@5:25");
        row("settings", "[limits]\ncpu_ms = \"x\"\ncolour = 1\n[placement]\nmode = \"fast\"\n[dev]\nport = \"x\"\n",
            "error field.type@4:1, warning field.unknown@5:1, error field.value@7:1, error field.type@9:1",
            "  \"limits\": { \"cpu_ms\": \"x\", \"colour\": 1 },\n  \"placement\": { \"mode\": \"fast\" },\n  \"dev\": { \"port\": \"x\" }",
            "error field.type@4:15, warning field.unknown@4:30, error field.value@5:18, error field.type@6:12");
        row("limits out of range", "[limits]\ncpu_ms = 0\nsubrequests = 10000001\n[env.preview.limits]\ncpu_ms = 1.5\nsubrequests = -1\n",
            "error field.value@4:1, error field.value@5:1, error field.value@7:1, error field.value@8:1",
            "  \"limits\": { \"cpu_ms\": 300001, \"subrequests\": 0 },\n  \"env\": { \"preview\": { \"limits\": { \"cpu_ms\": 300000, \"subrequests\": 10000000 } } }",
            "error field.value@4:15, error field.value@4:33");
        row("settings that are fine", "[limits]\ncpu_ms = 50\n[placement]\nmode = \"smart\"\n[dev]\nport = 8080\n", "",
            "  \"limits\": { \"cpu_ms\": 50 },\n  \"placement\": { \"mode\": \"targeted\", \"region\": \"x\" },\n  \"dev\": { \"ip\": \"::1\" }", "");
        row("columns count bytes", "vars = { \"\xC3\xA4\" = \"x\", \"b c\" = \"y\" }\n", "error name.identifier@3:22", "  \"vars\": { \"\xC3\xA4\": \"x\", \"b c\": \"y\" }", "error name.identifier@4:24");
        const QByteArray large(5 * 1024 + 1, 'x');
        row("large variable", "[vars]\nA = \"" + large + "\"\n", "warning vars.size@4:1", "  \"vars\": { \"A\": \"" + large + "\" }", "warning vars.size@4:13");
        QByteArray manyToml = "[vars]\n";
        QByteArray manyJson = "  \"vars\": { \"A\": 1";
        for (int i = 0; i < 128; ++i) {
            manyToml += "A" + QByteArray::number(i) + " = 1\n";
            manyJson += ", \"A" + QByteArray::number(i) + "\": 1";
        }
        row("as many variables as there may be", manyToml, "", "", "");
        row("many variables", manyToml + "B = 1\n", "warning vars.count@3:1", manyJson + " }", "warning vars.count@4:3");
    }
    void both()
    {
        QFETCH(QByteArray, toml);
        QFETCH(QByteArray, json);
        const auto inToml = checkText(toml.toStdString(), Form::Toml, "w.toml");
        QTEST(shown(inToml), "inToml");
        const auto inJson = checkText(json.toStdString(), Form::Jsonc, "w.jsonc");
        QTEST(shown(inJson), "inJson");
        for (const auto &[findings, file] : {std::pair(inToml, "w.toml"), std::pair(inJson, "w.jsonc")}) {
            for (const Finding &finding : findings) {
                g_seen.insert(finding.code);
                QCOMPARE(finding.place.file, std::string(file));
                QVERIFY2(finding.message.ends_with('.') && finding.message.find('\n') == std::string::npos, finding.message.c_str());
            }
        }
    }

    void one_data()
    {
        QTest::addColumn<int>("form");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("expected");
        const auto toml = [](const char *name, const QByteArray &text, const char *expected) { QTest::newRow(name) << int(Form::Toml) << text << QString::fromLatin1(expected); };
        const auto json = [](const char *name, const QByteArray &text, const char *expected) { QTest::newRow(name) << int(Form::Jsonc) << text << QString::fromLatin1(expected); };
        toml("no output folder", "name = \"demo\"\n", "warning pages.output-dir@0:0");
        json("no output folder in JSON", "{ \"name\": \"demo\" }", "warning pages.output-dir@0:0");
        toml("no name", "pages_build_output_dir = \"d\"\n", "error project.name-missing@0:0");
        json("no name in JSON", "{ \"pages_build_output_dir\": \"d\" }", "error project.name-missing@0:0");
        toml("empty", "", "warning pages.output-dir@0:0");
        json("empty object", "{}", "warning pages.output-dir@0:0");
        toml("project name", "name = \"My Site\"\npages_build_output_dir = \"d\"\n", "error project.name@1:1");
        json("project name in JSON", "{\n  \"name\": \"My Site\",\n  \"pages_build_output_dir\": \"d\"\n}", "error project.name@2:3");
        toml("dates", tomlStart + "[vars]\nA = 1979-05-27\nB = { c = [07:32:00] }\nC = \"1979-05-27\"\n", "error vars.date@4:1, error vars.date@5:12");
        toml("no number of JSON", tomlStart + "[vars]\nA = nan\nB = [-inf]\n", "error vars.number@4:1, error vars.number@5:6");
        json("repeated key", "{\n  \"name\": \"a\",\n  \"pages_build_output_dir\": \"d\",\n  \"name\": \"b\"\n}", "warning key.repeated@4:3");
        json("repeated keys below", jsonStart + "  \"vars\": { \"A\": 1, \"A\": 2, \"A\": 3 }\n}", "warning key.repeated@4:21, warning key.repeated@4:29");
        toml("no TOML", "name = \"demo\"\nvars = \n", "error config.parse@2:8");
        toml("a key twice", "name = \"demo\"\nname = \"demo\"\n", "error config.parse@2:1");
        json("no JSON", "{\n  \"name\": ,\n}", "error config.parse@2:11");
        json("no object", "[]", "error config.parse@1:1");
        json("nothing at all", "", "error config.parse@1:1");
    }
    void one()
    {
        QFETCH(int, form);
        QFETCH(QByteArray, text);
        const auto findings = checkText(text.toStdString(), Form(form), "w");
        QTEST(shown(findings), "expected");
        for (const Finding &finding : findings) {
            g_seen.insert(finding.code);
            QVERIFY2(finding.message.ends_with('.') && !finding.message.starts_with("w, line"), finding.message.c_str());
        }
    }

    void everyCodeIsSeen()
    {
        for (const char *code : {"binding.duplicate", "bucket.name", "compatibility.date", "config.parse", "env.name", "env.not-inherited", "field.deprecated", "field.missing", "field.text",
                                 "field.type", "field.unknown", "field.value", "key.repeated", "key.top-level-only", "key.type", "key.unknown", "key.unsupported", "name.empty",
                                 "name.identifier", "name.reserved", "pages.output-dir", "project.name", "project.name-missing", "vars.count", "vars.date", "vars.number", "vars.size"})
            QVERIFY2(g_seen.contains(code), code);
    }
};

QTEST_GUILESS_MAIN(TestFindings)
#include "t_findings.moc"
