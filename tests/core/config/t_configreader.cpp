// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/wranglerconfig.h"
#include "tests/core/config/entries.h"

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
    const auto field = [](const Binding &binding, const char *name) { return binding.find(name) ? binding.value(name) : std::string("-"); };
    for (const auto &b : set.bindings)
        out << shown(b.value.name + "=" + field(b.value, "id") + "/" + field(b.value, "preview_id") + "@" + std::to_string(b.place.line) + ":"
                     + std::to_string(b.place.column));
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
    void json();
    void jsonFindings();
    void effective();
    void findingTexts();
    void wrongTypes_data();
    void wrongTypes();
    void takenNames();
    void names_data();
    void names();
};

void ConfigReaderTest::project()
{
    const auto config = readWranglerFile("name = \"todo\"\r\npages_build_output_dir = './dist'\r\ncompatibility_date = \"2024-09-01\"\r\n"
                                         "compatibility_flags = [\"a\", 'b']\r\n", Form::Toml, "w.toml");
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
    const auto config = readWranglerFile(text.toStdString(), Form::Toml, "w.toml");
    if (!config)
        QFAIL(config.error().message.c_str());
    QCOMPARE(list(config->topLevel), top);
    QCOMPARE(list(config->preview), preview);
    QCOMPARE(config->preview.present, !preview.isEmpty());
}

void ConfigReaderTest::json()
{
    const auto config = readWranglerFile(R"({
  "name": "todo", // the project
  "pages_build_output_dir": "./dist",
  "compatibility_flags": ["a", "b",],
  "kv_namespaces": [
    { "binding": "A", "id": "x", "preview_id": "y" },
    { "id": "z", "binding": "B" },
  ],
  "vars": { "V": "text", "N": 3, "O": { "g": 1.5, "h": [null, "i"] }, "V": "last" },
  "env": { "preview": { "vars": { "X": "\u00e4" } } },
})", Form::Jsonc, "w.jsonc");
    if (!config)
        QFAIL(config.error().message.c_str());
    QCOMPARE(shown(*config->name), QStringLiteral("todo"));
    QCOMPARE(config->compatibilityFlags, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(list(config->topLevel), QStringLiteral("A=x/y@6:5 B=z/-@7:5 N~3@9:26 O~{\"g\":1.5,\"h\":[null,\"i\"]}@9:34 V:last@9:71"));
    QCOMPARE(list(config->preview), QString::fromUtf8("X:\xC3\xA4@10:35"));
    QVERIFY(config->preview.present && !config->production.present);
}

void ConfigReaderTest::jsonFindings()
{
    const auto config = readWranglerFile("{\n  \"pages_build_output_dir\": \"d\", \"name\": \"x\",\n  \"main\": \"x.js\",\n  \"r2_buckets\": [{ \"bucket_name\": \"files\" }, 1],\n"
                                         "  \"vars\": { \"A\": 1,\n    \"A\": 2 }\n}", Form::Jsonc, "w.json");
    QVERIFY(config.has_value());
    QStringList seen;
    for (const Finding &finding : config->findings)
        seen << QStringLiteral("%1@%2:%3").arg(shown(finding.code)).arg(finding.place.line).arg(finding.place.column);
    QCOMPARE(seen.join(QLatin1Char(' ')), QStringLiteral("key.unsupported@3:3 field.missing@4:18 field.type@4:46 key.repeated@6:5"));
}

void ConfigReaderTest::effective()
{
    const auto config = readWranglerFile("[vars]\nA = \"1\"\n[env.preview]\n", Form::Toml, {});
    QVERIFY(config.has_value());
    QCOMPARE(config->effective(Scope::TopLevel).variables.size(), std::size_t(1));
    QCOMPARE(config->effective(Scope::Production).variables.size(), std::size_t(1));
    QCOMPARE(config->effective(Scope::Preview).variables.size(), std::size_t(0));
    QCOMPARE(shown(*localId(kv("A", "id", "preview"))), QStringLiteral("preview"));
    QCOMPARE(shown(*localId(kv("A", "id"))), QStringLiteral("id"));
    QCOMPARE(shown(*localId(kv("A"))), QStringLiteral("A"));
    QVERIFY(!localId(Binding{Kind::Ai, "AI", {}}));
}

void ConfigReaderTest::findingTexts()
{
    auto config = readWranglerFile("name = \"x\"\n", Form::Toml, "w.toml");
    QCOMPARE(config->findings.size(), std::size_t(1));
    QCOMPARE(shown(config->findings[0].code), QStringLiteral("pages.output-dir"));
    QCOMPARE(config->findings[0].place.line, 0);
    config = readWranglerFile("name = \"n\"\npages_build_output_dir = \"d\"\n[vars]\nA = \"1\"\n[[kv_namespaces]]\nbinding = \"KV\"\n[env.production]\n", Form::Toml, {});
    QCOMPARE(shown(config->findings.at(0).message),
             QStringLiteral("env.production takes over no bindings from the top of the file. It lacks: A (a variable), KV (a KV namespace)."));
    config = readWranglerFile("name = \"n\"\npages_build_output_dir = \"d\"\n[vars]\nA = \"1\"\n[[kv_namespaces]]\nbinding = \"A\"\n", Form::Toml, {});
    QCOMPARE(shown(config->findings.at(0).message), QStringLiteral("The name A is used twice: by a variable in line 4 and by a KV namespace in line 5."));
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
    row("kv holds text", "kv_namespaces = [\n \"A\" ]\n", 2, 2, "but holds text");
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
    const auto config = readWranglerFile(text.toStdString(), Form::Toml, "w.toml");
    QVERIFY(config.has_value());
    const auto wrong = std::ranges::find_if(config->findings, [](const Finding &f) { return f.code.ends_with(".type"); });
    QVERIFY(wrong != config->findings.end());
    QVERIFY2(wrong->message.find(part.toStdString()) != std::string::npos, wrong->message.c_str());
    QCOMPARE(wrong->place.line, line);
    QCOMPARE(wrong->place.column, column);
}

void ConfigReaderTest::takenNames()
{
    const auto config = readWranglerFile(R"(
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
)", Form::Toml, {});
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
