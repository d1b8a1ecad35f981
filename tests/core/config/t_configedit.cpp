// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/config/editproperty.h"
#include "tests/core/config/entries.h"
#include "tests/core/config/goldencase.h"

#include <QtTest>

using namespace cleat;
using namespace cleat::config;

namespace {

QString shown(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

class ConfigEditTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void golden_data();
    void golden();
    void enoughGolden();
    void errors_data();
    void errors();
    void values_data();
    void values();
    void addThenRemove_data();
    void addThenRemove();
    void unchangedIsUntouched();
    void newFile();
};

Q_DECLARE_METATYPE(cleat::config::golden::Case)
Q_DECLARE_METATYPE(cleat::config::Edit)

void ConfigEditTest::golden_data()
{
    QTest::addColumn<golden::Case>("testCase");
    for (const golden::Case &one : golden::readCases(CLEAT_TESTS_DIR "/golden/config"))
        QTest::newRow(one.name.c_str()) << one;
}

void ConfigEditTest::golden()
{
    QFETCH(golden::Case, testCase);
    std::string now = testCase.before;
    for (const Edit &edit : testCase.edits) {
        const auto wrong = property::violation(now, testCase.form, edit);
        QVERIFY2(!wrong, qPrintable(shown(wrong.value_or(""))));
        now = applyEdit(now, testCase.form, edit).value_or(now);
    }
    const auto result = applyEdits(testCase.before, testCase.form, testCase.edits);
    QCOMPARE(shown(result ? std::string() : result.error().code), shown(testCase.error));
    if (result && *result != testCase.after)
        QFAIL(qPrintable(shown("got:\n" + *result + "<end>\nwanted:\n" + testCase.after + "<end>")));
}

void ConfigEditTest::enoughGolden()
{
    QVERIFY(golden::readCases(CLEAT_TESTS_DIR "/golden/config").size() >= 200);
}

void ConfigEditTest::errors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QString>("code");
    const QByteArray text = "[[kv_namespaces]]\nbinding = \"KV\"\n\n[[r2_buckets]]\nbinding = \"FILES\"\n\n[vars]\nA = \"1\"\n\n[ai]\nbinding = \"AI\"\n";
    const auto row = [&](const char *name, const Edit &edit, const char *code) { QTest::newRow(name) << text << edit << QString::fromLatin1(code); };
    const Scope top = Scope::TopLevel;
    row("kv name empty", addKv(top, kv("")), "name.empty");
    row("kv name no identifier", addKv(top, kv("my-kv")), "name.identifier");
    row("kv name begins with digit", addKv(top, kv("1st")), "name.identifier");
    row("kv name not UTF-8", addKv(top, kv("\xFF")), "name.identifier");
    row("kv name reserved", addKv(top, kv("ASSETS")), "name.reserved");
    row("kv name taken by kv", addKv(top, kv("KV")), "name.taken");
    row("kv name taken by bucket", addKv(top, kv("FILES")), "name.taken");
    row("kv name taken by ai", addKv(top, kv("AI")), "name.taken");
    row("kv name taken by variable", addKv(top, kv("A")), "name.taken");
    row("variable name taken", AddVariable{top, {"KV", Variable::Kind::Text, "x"}}, "name.taken");
    row("rename to a taken one", changeKv(top, "KV", kv("A")), "name.taken");
    row("rename variable to a taken one", ChangeVariable{top, "A", {"FILES", Variable::Kind::Text, "x"}}, "name.taken");
    row("change what is not there", changeKv(top, "NO", kv("NO")), "config.edit.missing");
    row("remove what is not there", removeKv(top, "NO"), "config.edit.missing");
    row("remove in a set that is not there", RemoveVariable{Scope::Preview, "A"}, "config.edit.missing");
    row("change a variable that is not there", ChangeVariable{top, "NO", {"NO", Variable::Kind::Text, "x"}}, "config.edit.missing");
    row("null", AddVariable{top, {"N", Variable::Kind::Json, "null"}}, "config.edit.value");
    row("null inside", AddVariable{top, {"N", Variable::Kind::Json, R"({"a":[1,null]})"}}, "config.edit.value");
    row("no JSON", AddVariable{top, {"N", Variable::Kind::Json, "{a:1}"}}, "config.edit.value");
    row("number too large", AddVariable{top, {"N", Variable::Kind::Json, "18446744073709551615"}}, "config.edit.value");
    row("number far too large", AddVariable{top, {"N", Variable::Kind::Json, "1e999"}}, "config.edit.value");
    row("JSON too deep", AddVariable{top, {"N", Variable::Kind::Json, std::string(100, '[') + std::string(100, ']')}}, "config.edit.value");
    row("text not UTF-8", AddVariable{top, {"N", Variable::Kind::Text, "\xC3"}}, "config.edit.value");
    row("id not UTF-8", addKv(top, kv("N", "\xC3")), "config.edit.value");
    QTest::newRow("file does not parse") << QByteArray("name = \n") << Edit(addKv(top, kv("N"))) << QStringLiteral("config.parse");
    QTest::newRow("variables of a wrong type") << QByteArray("vars = 1\n") << Edit(AddVariable{top, {"N", Variable::Kind::Text, "x"}}) << QStringLiteral("config.edit.unsafe");
    row("a second one of what can be bound once", AddBinding{top, {Kind::Ai, "AI2", {}}}, "config.edit.taken");
}

void ConfigEditTest::errors()
{
    QFETCH(QByteArray, text);
    QFETCH(Edit, edit);
    QFETCH(QString, code);
    const auto result = applyEdit(text.toStdString(), Form::Toml, edit);
    QVERIFY(!result);
    QCOMPARE(shown(result.error().code), code);
    QVERIFY(!result.error().message.empty());
}

void ConfigEditTest::values_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("json");
    QTest::addColumn<QByteArray>("line");
    const auto text = [](const char *name, QByteArray value, QByteArray line) { QTest::newRow(name) << value << false << line; };
    const auto json = [](const char *name, QByteArray value, QByteArray line) { QTest::newRow(name) << value << true << line; };
    text("plain", "x", "V = \"x\"");
    text("empty", "", "V = \"\"");
    text("quotes", "say \"hi\"", R"(V = "say \"hi\"")");
    text("backslash", "C:\\x", R"(V = "C:\\x")");
    text("newline", "a\nb", R"(V = "a\nb")");
    text("carriage return and tab", "a\r\tb", R"(V = "a\r\tb")");
    text("control", "\x01\x7F", R"(V = "\u0001\u007F")");
    text("emoji", "\xF0\x9F\x98\x80 \xC3\xA4", "V = \"\xF0\x9F\x98\x80 \xC3\xA4\"");
    text("hash", "# no comment", "V = \"# no comment\"");
    json("number", "42", "V = 42");
    json("float", "1.5", "V = 1.5");
    json("float that is whole", "2.0", "V = 2.0");
    json("exponent", "1e22", "V = 1e+22");
    json("boolean", "true", "V = true");
    json("string", "\"x\"", "V = \"x\"");
    json("list", "[1, \"a\", true]", "V = [1, \"a\", true]");
    json("object", R"({"a": 1, "b c": {"d": "e"}})", R"(V = { a = 1, "b c" = { d = "e" } })");
    json("empty ones", R"({"a": [], "b": {}})", "V = { a = [], b = {} }");
}

void ConfigEditTest::values()
{
    QFETCH(QByteArray, value);
    QFETCH(bool, json);
    QFETCH(QByteArray, line);
    const Variable variable{"V", json ? Variable::Kind::Json : Variable::Kind::Text, value.toStdString()};
    const auto result = applyEdit("[vars]\nA = \"1\"\n", Form::Toml, AddVariable{Scope::TopLevel, variable});
    if (!result)
        QFAIL(qPrintable(shown(result.error().message)));
    QCOMPARE(shown(*result), QStringLiteral("[vars]\nA = \"1\"\n") + QString::fromUtf8(line) + QLatin1Char('\n'));
    const auto read = readWranglerFile(*result, Form::Toml, {});
    QVERIFY(read.has_value());
    if (!json)
        QCOMPARE(shown(read->topLevel.variables.at(1).value.value), shown(value.toStdString()));
}

void ConfigEditTest::addThenRemove_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("plain") << QByteArray("name = \"x\"\n");
    QTest::newRow("no newline") << QByteArray("name = \"x\"");
    QTest::newRow("crlf") << QByteArray("name = \"x\"\r\n\r\n[vars]\r\nA = \"1\"\r\n");
    QTest::newRow("comment at end") << QByteArray("name = \"x\"\n\n# the end\n");
    QTest::newRow("environments") << QByteArray("name = \"x\"\n\n[env.preview]\n\n[env.preview.vars]\nA = \"1\"\n\n[env.production]\n");
    QTest::newRow("inline list") << QByteArray("kv_namespaces = [\n  { binding = \"A\", id = \"1\" } # one\n]\n[env.preview]\nvars = { A = \"1\" }\n");
    QTest::newRow("several") << QByteArray("[[kv_namespaces]]\nbinding = \"A\"\n[[kv_namespaces]]\nbinding = \"B\"\n[vars]\nX = 1\n[env.preview]\n[env.production]\n");
}

void ConfigEditTest::addThenRemove()
{
    QFETCH(QByteArray, text);
    const std::string before = text.toStdString();
    std::vector<Scope> scopes{Scope::TopLevel};
    const auto config = readWranglerFile(before, Form::Toml, {});
    QVERIFY(config.has_value());
    for (const Scope scope : {Scope::Preview, Scope::Production}) {
        if (config->set(scope).present)
            scopes.push_back(scope);
    }
    for (const Scope scope : scopes) {
        auto with = applyEdit(before, Form::Toml, addKv(scope, kv("FRESH", "1")));
        QVERIFY(with.has_value());
        auto without = applyEdit(*with, Form::Toml, removeKv(scope, "FRESH"));
        QVERIFY(without.has_value());
        QCOMPARE(shown(*without), shown(before));
        with = applyEdit(before, Form::Toml, AddVariable{scope, {"FRESH", Variable::Kind::Text, "1"}});
        QVERIFY(with.has_value());
        without = applyEdit(*with, Form::Toml, RemoveVariable{scope, "FRESH"});
        QVERIFY(without.has_value());
        QCOMPARE(shown(*without), shown(before));
    }
}

void ConfigEditTest::unchangedIsUntouched()
{
    const std::string text = "kv_namespaces=[{binding='A',id = \"1\"}]\nvars.X = 0x10\n";
    QCOMPARE(shown(applyEdit(text, Form::Toml, changeKv(Scope::TopLevel, "A", kv("A", "1"))).value()), shown(text));
    QCOMPARE(shown(applyEdit(text, Form::Toml, ChangeVariable{Scope::TopLevel, "X", {"X", Variable::Kind::Json, "16"}}).value()), shown(text));
}

void ConfigEditTest::newFile()
{
    const std::string text = newWranglerFile(Form::Toml, "my-site", "./dist", "2024-09-01");
    QCOMPARE(shown(text), QStringLiteral("name = \"my-site\"\npages_build_output_dir = \"./dist\"\ncompatibility_date = \"2024-09-01\"\n"));
    const auto config = readWranglerFile(text, Form::Toml, {});
    QVERIFY(config.has_value());
    QVERIFY(config->findings.empty());
    const auto odd = readWranglerFile(newWranglerFile(Form::Toml, "a\"b", "c\\d", "x"), Form::Toml, {});
    QVERIFY(odd.has_value());
    QCOMPARE(shown(*odd->pagesBuildOutputDir), QStringLiteral("c\\d"));
}

QTEST_GUILESS_MAIN(ConfigEditTest)
#include "t_configedit.moc"
