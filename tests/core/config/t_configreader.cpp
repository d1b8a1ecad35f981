// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/wranglerconfig.h"

#include <QtTest>

#include <algorithm>

using namespace cleat;
using namespace cleat::config;

namespace {

QString shown(const std::string &text)
{
    return QString::fromStdString(text);
}

QString list(const BindingSet &set)
{
    QStringList out;
    for (const auto &kv : set.kvNamespaces)
        out << shown(kv.value.binding + "=" + kv.value.id.value_or("-") + "/" + kv.value.previewId.value_or("-") + "@" + std::to_string(kv.place.line) + ":"
                     + std::to_string(kv.place.column));
    for (const auto &v : set.variables)
        out << shown(v.value.name + (v.value.kind == Variable::Kind::Text ? ":" : "~") + v.value.value + "@" + std::to_string(v.place.line) + ":"
                     + std::to_string(v.place.column));
    return out.join(QLatin1Char(' '));
}

} // namespace

class ConfigReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void project();
    void spellings_data();
    void spellings();
    void effective();
    void findings_data();
    void findings();
    void findingTexts();
    void wrongTypes_data();
    void wrongTypes();
    void takenNames();
    void names_data();
    void names();
};

void ConfigReaderTest::project()
{
    const auto config = readWranglerToml("name = \"todo\"\r\npages_build_output_dir = './dist'\r\ncompatibility_date = \"2024-09-01\"\r\n"
                                         "compatibility_flags = [\"a\", 'b']\r\n", "w.toml");
    QVERIFY(config.has_value());
    QCOMPARE(shown(*config->name), QStringLiteral("todo"));
    QCOMPARE(shown(*config->pagesBuildOutputDir), QStringLiteral("./dist"));
    QCOMPARE(shown(*config->compatibilityDate), QStringLiteral("2024-09-01"));
    QCOMPARE(config->compatibilityFlags, (std::vector<std::string>{"a", "b"}));
    QVERIFY(config->findings.empty());
    QVERIFY(config->topLevel.present && !config->preview.present && !config->production.present);
}

void ConfigReaderTest::spellings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("top");
    QTest::addColumn<QString>("preview");
    const auto row = [](const char *name, QByteArray text, const char *top, const char *preview) {
        QTest::newRow(name) << text << QString::fromUtf8(top) << QString::fromUtf8(preview);
    };
    row("array tables", "[[kv_namespaces]]\nbinding = \"A\"\nid = \"x\"\npreview_id = 'y'\n\n  [[ kv_namespaces ]] # two\n  binding = \"B\"\n", "A=x/y@1:1 B=-/-@6:3", "");
    row("inline list", "kv_namespaces = [\r\n\t{binding=\"A\", id=\"x\"}, # one\r\n\t{ id = 'y', binding = 'B' },\r\n]\r\n", "A=x/-@2:2 B=y/-@3:2", "");
    row("vars", "[vars]\nA = \"x\" # c\n\"B\" = 'y'\nC = 3\nD = true\nE = [1, \"a\"]\nF = { g = 1.5, h = \"i\" }\n",
        "A:x@2:1 B:y@3:1 C~3@4:1 D~true@5:1 E~[1,\"a\"]@6:1 F~{\"g\":1.5,\"h\":\"i\"}@7:1", "");
    row("vars dotted", "vars.A = \"x\"\nvars.\"B\" = \"y\"\n", "A:x@1:1 B:y@2:1", "");
    row("vars inline", "vars = { A = \"x\", B.c = 1 }\n", "A:x@1:10 B~{\"c\":1}@1:19", "");
    row("vars by headers", "[vars.obj]\na = 1\n[vars.obj.sub]\nb = 2\n[[vars.list]]\nc = 3\n", "obj~{\"a\":1,\"sub\":{\"b\":2}}@1:1 list~[{\"c\":3}]@5:1", "");
    row("environment by headers", "[env.preview]\n[[env.preview.kv_namespaces]]\nbinding = \"A\"\n[env.preview.vars]\nX = \"1\"\n", "", "A=-/-@2:1 X:1@5:1");
    row("environment's header behind its list", "[[env.preview.kv_namespaces]]\nbinding = \"A\"\n[env.preview]\nvars.X = \"1\"\n", "", "A=-/-@1:1 X:1@4:1");
    row("environment dotted", "env.preview.vars.X = \"1\"\nenv.preview.kv_namespaces = [{ binding = \"A\" }]\n", "", "A=-/-@2:30 X:1@1:1");
    row("environment inline", "env = { preview = { vars = { X = \"1\" }, kv_namespaces = [{ binding = \"A\" }] } }\n", "", "A=-/-@1:58 X:1@1:30");
    row("environment header and dotted", "[env]\npreview.vars.X = \"1\"\n", "", "X:1@2:1");
    row("byte order mark", "\xEF\xBB\xBF[vars]\nA = \"\xC3\xA4\\u00e9\"\n", "A:\xC3\xA4\xC3\xA9@2:1", "");
    row("lines", "[vars]\nA = \"\"\"\na\\\n   b\nc\"\"\"\nB = '''\n'd\\'''\n", "A:ab\nc@2:1 B:'d\\@6:1", "");
    row("file order", "[vars]\nZ = \"1\"\nA = \"2\"\nM = \"3\"\n", "Z:1@2:1 A:2@3:1 M:3@4:1", "");
    row("large numbers", "[vars]\nA = 9007199254740993\nB = 0xFF\nC = 1e22\n", "A~9007199254740993@2:1 B~255@3:1 C~1e+22@4:1", "");
}

void ConfigReaderTest::spellings()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, top);
    QFETCH(QString, preview);
    const auto config = readWranglerToml(text.toStdString(), "w.toml");
    if (!config)
        QFAIL(config.error().message.c_str());
    QCOMPARE(list(config->topLevel), top);
    QCOMPARE(list(config->preview), preview);
    QCOMPARE(config->preview.present, !preview.isEmpty());
}

void ConfigReaderTest::effective()
{
    const auto config = readWranglerToml("[vars]\nA = \"1\"\n[env.preview]\n", {});
    QVERIFY(config.has_value());
    QCOMPARE(config->effective(Scope::TopLevel).variables.size(), std::size_t(1));
    QCOMPARE(config->effective(Scope::Production).variables.size(), std::size_t(1));
    QCOMPARE(config->effective(Scope::Preview).variables.size(), std::size_t(0));
    const KvNamespace both{"A", "id", "preview"};
    const KvNamespace one{"A", "id", {}};
    const KvNamespace none{"A", {}, {}};
    QCOMPARE(shown(both.localId()), QStringLiteral("preview"));
    QCOMPARE(shown(one.localId()), QStringLiteral("id"));
    QCOMPARE(shown(none.localId()), QStringLiteral("A"));
}

void ConfigReaderTest::findings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("expected"); // "error code@line:column, ..."
    const auto row = [](const char *name, QByteArray text, const char *expected) {
        QTest::newRow(name) << "pages_build_output_dir = \"d\"\n" + text << QString::fromLatin1(expected);
    };
    row("nothing", "", "");
    row("duplicate of one kind", "[[kv_namespaces]]\nbinding = \"A\"\n[[kv_namespaces]]\nbinding = \"A\"\n", "error binding.duplicate@4:1");
    row("duplicate over kinds", "[vars]\nA = \"1\"\n[[d1_databases]]\nbinding = \"A\"\n", "error binding.duplicate@4:1");
    row("duplicate in durable objects", "[[durable_objects.bindings]]\nname = \"A\"\nclass_name = \"C\"\nscript_name = \"s\"\n[ai]\nbinding = \"A\"\n", "error binding.duplicate@6:1");
    row("same name in two sets", "[vars]\nA = \"1\"\n[env.preview.vars]\nA = \"2\"\n", "");
    row("reserved", "[[kv_namespaces]]\nbinding = \"ASSETS\"\n", "error name.reserved@3:1");
    row("no identifier", "[[r2_buckets]]\nbinding = \"my-files\"\n", "error name.identifier@3:1");
    row("variable no identifier", "[vars]\n\"a b\" = \"1\"\n", "error name.identifier@3:1");
    row("empty name", "kv_namespaces = [{ binding = \"\" }]\n", "error name.empty@2:20");
    row("unknown key", "colour = \"red\"\n", "warning key.unknown@2:1");
    row("unsupported key", "account_id = \"1\"\n[build]\ncommand = \"x\"\n", "error key.unsupported@2:1, error key.unsupported@3:1");
    row("main", "main = \"x.js\"\n", "error key.unsupported@2:1");
    row("schema", "\"$schema\" = \"x\"\n", "");
    row("other environment", "[env.staging]\n[env.preview]\n", "error env.name@2:1");
    row("top-level key in environment", "[env.preview]\nname = \"x\"\nsend_metrics = false\ncompatibility_date = \"2024-01-01\"\n",
        "warning key.top-level-only@3:1, warning key.top-level-only@4:1");
    row("unsupported key in environment", "[env.preview]\nroutes = []\n", "error key.unsupported@3:1");
    row("missing binding", "[[kv_namespaces]]\nid = \"x\"\n", "error field.missing@2:1");
    row("missing script name", "[[durable_objects.bindings]]\nname = \"A\"\nclass_name = \"C\"\n", "error field.missing@2:1");
    row("missing others", "[[services]]\nbinding = \"S\"\n[[vectorize]]\nbinding = \"V\"\n[ai]\n", "error field.missing@2:1, error field.missing@4:1, error field.missing@6:1");
    row("unknown field", "[[kv_namespaces]]\nbinding = \"A\"\ncolour = 1\n", "warning field.unknown@4:1");
    row("wrong type in another kind", "[[r2_buckets]]\nbinding = \"A\"\nbucket_name = 1\n", "error field.type@4:1");
    row("another kind is no list", "r2_buckets = 3\nai = []\nqueues = 1\nhyperdrive = [1]\n",
        "error field.type@2:1, error field.type@3:1, error field.type@4:1, error field.type@5:15");
    row("bucket name", "[[r2_buckets]]\nbinding = \"A\"\nbucket_name = \"My_Bucket\"\n", "error bucket.name@4:1");
    row("consumers", "[[queues.consumers]]\nqueue = \"q\"\n[[queues.producers]]\nbinding = \"Q\"\n", "error key.unsupported@2:1");
    row("date", "[vars]\nA = 1979-05-27\nB = { c = [07:32:00] }\n", "error vars.date@3:1, error vars.date@4:12");
    row("nan", "[vars]\nA = nan\n", "error vars.number@3:1");
    row("not inherited", "[vars]\nA = \"1\"\nB = \"1\"\n[env.preview.vars]\nB = \"2\"\n", "warning env.not-inherited@5:1");
    row("all there", "[vars]\nA = \"1\"\n[env.preview.vars]\nA = \"2\"\n", "");
    row("project name", "name = \"My Site\"\n", "error project.name@2:1");
    row("large variable", "[vars]\nA = \"" + QByteArray(6000, 'x') + "\"\n", "warning vars.size@3:1");
}

void ConfigReaderTest::findings()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, expected);
    const auto config = readWranglerToml(text.toStdString(), "w.toml");
    if (!config)
        QFAIL(config.error().message.c_str());
    QStringList seen;
    for (const Finding &finding : config->findings) {
        seen << QStringLiteral("%1 %2@%3:%4").arg(finding.severity == Finding::Severity::Error ? QStringLiteral("error") : QStringLiteral("warning"), shown(finding.code))
                    .arg(finding.place.line).arg(finding.place.column);
        QVERIFY(finding.message.ends_with('.'));
        QCOMPARE(shown(finding.place.file), QStringLiteral("w.toml"));
    }
    QCOMPARE(seen.join(QStringLiteral(", ")), expected);
}

void ConfigReaderTest::findingTexts()
{
    auto config = readWranglerToml("name = \"x\"\n", "w.toml");
    QCOMPARE(config->findings.size(), std::size_t(1));
    QCOMPARE(shown(config->findings[0].code), QStringLiteral("pages.output-dir"));
    QCOMPARE(config->findings[0].place.line, 0);
    config = readWranglerToml("pages_build_output_dir = \"d\"\n[vars]\nA = \"1\"\n[[kv_namespaces]]\nbinding = \"KV\"\n[env.production]\n", {});
    QCOMPARE(shown(config->findings.at(0).message),
             QStringLiteral("[env.production] takes over no bindings from the top of the file. It lacks: A (a variable), KV (a KV namespace)."));
    config = readWranglerToml("pages_build_output_dir = \"d\"\n[vars]\nA = \"1\"\n[[kv_namespaces]]\nbinding = \"A\"\n", {});
    QCOMPARE(shown(config->findings.at(0).message), QStringLiteral("The name A is used twice: by a variable in line 3 and by a KV namespace in line 4."));
}

void ConfigReaderTest::wrongTypes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QByteArray>("part");
    const auto row = [](const char *name, QByteArray text, int line, int column, QByteArray part) { QTest::newRow(name) << text << line << column << part; };
    row("name", "name = 1\n", 1, 1, "name must be text in quotes, but is a number");
    row("date without quotes", "compatibility_date = 2024-09-01\n", 1, 1, "compatibility_date must be text in quotes, but is a date (put it in quotes)");
    row("flags", "compatibility_flags = [1]\n", 1, 24, "a list of texts");
    row("kv is a table", "[kv_namespaces]\nbinding = \"A\"\n", 1, 1, "but is a table");
    row("kv holds text", "kv_namespaces = [\n \"A\" ]\n", 2, 2, "but is text");
    row("binding is a number", "[[kv_namespaces]]\nbinding = 1\n", 2, 1, "binding must be text in quotes, but is a number");
    row("id is a list", "kv_namespaces = [{ binding = \"A\", id = [] }]\n", 1, 35, "id must be text in quotes, but is a list");
    row("vars", "vars = [1]\n", 1, 1, "vars must be a table, but is a list");
    row("env", "env = \"preview\"\n", 1, 1, "env must be a table");
    row("env.preview", "[env]\npreview = true\n", 2, 1, "env.preview must be a table, but is true or false");
    row("vars in env", "[env.production]\nvars = 1.5\n", 2, 1, "vars must be a table");
}

void ConfigReaderTest::wrongTypes()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    QFETCH(int, column);
    QFETCH(QByteArray, part);
    const auto config = readWranglerToml(text.toStdString(), "w.toml");
    QVERIFY(!config);
    QCOMPARE(shown(config.error().code), QStringLiteral("config.parse"));
    QVERIFY2(config.error().message.find(part.toStdString()) != std::string::npos, config.error().message.c_str());
    QCOMPARE(config.error().place.line, line);
    QCOMPARE(config.error().place.column, column);
}

void ConfigReaderTest::takenNames()
{
    const auto config = readWranglerToml(R"(
kv_namespaces = [{ binding = "N0" }]
r2_buckets = [{ binding = "N1" }]
d1_databases = [{ binding = "N2" }]
vectorize = [{ binding = "N3", index_name = "i" }]
hyperdrive = [{ binding = "N4", id = "i" }]
services = [{ binding = "N5", service = "s" }]
analytics_engine_datasets = [{ binding = "N6" }]
mtls_certificates = [{ binding = "N7", certificate_id = "c" }]
durable_objects.bindings = [{ name = "N8", class_name = "C", script_name = "s" }]
queues.producers = [{ binding = "N9" }]
ai = { binding = "N10" }
browser = { binding = "N11" }
version_metadata = { binding = "N12" }
vars.N13 = 1
[env.preview.vars]
P = 1
)", {});
    QVERIFY(config.has_value());
    QCOMPARE(config->topLevel.takenNames.size(), std::size_t(14));
    for (int i = 0; i < 14; ++i) {
        const std::string name = "N" + std::to_string(i);
        QCOMPARE(shown(config->topLevel.takenNames[std::size_t(i)].name), shown(name));
        const auto free = checkName(*config, Scope::TopLevel, name);
        QVERIFY(!free);
        QCOMPARE(shown(free.error().code), QStringLiteral("name.taken"));
        QVERIFY(free.error().message.find("line " + std::to_string(i + 2)) != std::string::npos);
        QVERIFY(checkName(*config, Scope::TopLevel, name, name).has_value());
        QVERIFY(checkName(*config, Scope::Preview, name).has_value());
    }
    QVERIFY(!checkName(*config, Scope::Preview, "P"));
    QVERIFY(checkName(*config, Scope::Production, "P"));
}

void ConfigReaderTest::names_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QString>("code");
    const auto row = [](QByteArray name, const char *code) { QTest::newRow(name.isEmpty() ? "empty" : name.toHex().constData()) << name << QString::fromLatin1(code); };
    for (const char *good : {"A", "a1", "_", "$", "$x_1", "TODO_LIST", "class", "gr\xC3\xB6\xC3\x9F" "e", "\xE5\x90\x8D", "a\xCC\x81", "x\xE2\x80\x8C", "\xF0\x9D\x92\x9C"})
        row(good, "");
    row("", "name.empty");
    for (const char *bad : {"1a", "a-b", "a b", "a.b", " a", "a\n", "\xCC\x81" "a", "a\xE2\x80\x94", "\xF0\x9F\x98\x80", "\xFF", "a\xC3", "-", "caf\xC3\xA9!"})
        row(bad, "name.identifier");
    row("ASSETS", "name.reserved");
    row("__proto__", "name.reserved");
}

void ConfigReaderTest::names()
{
    QFETCH(QByteArray, name);
    QFETCH(QString, code);
    const auto result = checkName(WranglerConfig{}, Scope::TopLevel, name.toStdString());
    QCOMPARE(result ? QString() : shown(result.error().code), code);
}

QTEST_GUILESS_MAIN(ConfigReaderTest)
#include "t_configreader.moc"
