// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/tomldocument.h"
#include "core/config/tomlscan.h"

#include <QtTest>

using namespace cleat::config;

namespace {

QString shown(const std::string &text)
{
    return QString::fromStdString(text);
}

} // namespace

class ConfigScanTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errors_data();
    void errors();
    void accepts_data();
    void accepts();
    void limits();
    void ranges();
    void garbage();
    void bigFileIsQuick();
};

void ConfigScanTest::errors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QByteArray>("part");
    const auto row = [](const char *name, QByteArray text, int line, int column, QByteArray part) { QTest::newRow(name) << text << line << column << part; };
    row("missing value", "a = 1\nb = \n", 2, 5, "expected a value, but found the end of the line");
    row("missing equals", "a = 1\n\nbb 3\n", 3, 4, "expected = after the key, but found '3'");
    row("missing key", "= 3\n", 1, 1, "expected a key, but found '='");
    row("header not closed", "[vars\nA = 1\n", 1, 6, "expected ] after the table's name, but found the end of the line");
    row("array header not closed", "[[kv]\n", 1, 5, "expected ]] after the table's name, but found ']'");
    row("two on a line", "a = 1 b = 2\n", 1, 7, "expected the end of the line, but found 'b'");
    row("text not closed", "a = \"x\nb = 1\n", 1, 5, "no closing \" on its line");
    row("literal not closed", "a = 'x\n", 1, 5, "no closing ' on its line");
    row("lines not closed", "a = \"\"\"x\nb = 1\n", 1, 5, "no closing \"\"\"");
    row("literal lines not closed", "a = '''x\n''\n", 1, 5, "no closing '''");
    row("unknown escape", "a = \"x\\q\"\n", 1, 7, "no escape");
    row("surrogate", "a = \"\\uD800\"\n", 1, 6, "no Unicode character");
    row("short escape", "a = \"\\u12\"\n", 1, 6, "hexadecimal");
    row("no comma in list", "a = [1 2]\n", 1, 8, "expected a comma or ]");
    row("list not closed", "a = [1,\n", 2, 1, "expected a value, but found the end of the file");
    row("no comma in table", "a = {b=1 c=2}\n", 1, 10, "expected a comma or }");
    row("table over lines", "a = {b=1\n}\n", 1, 9, "found the end of the line");
    row("comma at end of table", "a = {b=1,}\n", 1, 10, "cannot end in a comma");
    row("bad number", "ok = 1\nvalue = 1__2\n", 2, 9, "but found 1__2");
    row("bad word", "a = [true,\n  truex ]\n", 2, 3, "but found truex");
    row("bad date", "a = 2024-13-45\n", 1, 5, "but found 2024-13-45");
    row("leading zero", "a = 012\n", 1, 5, "but found 012");
    row("bare text", "name = todo\n", 1, 8, "but found todo");
    row("number too large", "a = 99999999999999999999\n", 1, 5, "does not fit in 64 bits");
    row("float too large", "a = 1e400\n", 1, 5, "too large");
    row("key twice", "a = 1\n\na = 2\n", 3, 1, "'a' is defined a second time; the first is in line 1");
    row("table twice", "[a]\n[b]\n[a]\n", 3, 2, "'a' is defined a second time");
    row("dotted key over a value", "a = 1\na.b = 2\n", 2, 1, "'a' is defined a second time");
    row("dotted key over a header", "[a.b]\n[a]\nb.c = 1\n", 3, 1, "'b' is defined a second time");
    row("header over a dotted key", "[a]\nb.c = 1\n[a.b]\n", 3, 4, "'a.b' is defined a second time");
    row("header into a value", "a = {}\n[a.b]\n", 2, 2, "'a' is a value already (line 1)");
    row("array over table", "[a]\n[[a]]\n", 2, 3, "'a' is defined a second time");
    row("array over inline list", "a = []\n[[a]]\n", 2, 3, "'a' is defined a second time");
    row("NUL", QByteArray("a = 1\nb\0 = 2\n", 14), 2, 2, "control character 0x00");
    row("control in comment", "# \x01\n", 1, 3, "control character 0x01");
    row("lone carriage return", "a = 1\rb = 2\n", 1, 6, "control character 0x0D");
    row("not UTF-8", "a = \"\xC3(\"\n", 1, 6, "0xC3, which is not UTF-8");
    row("cut UTF-8", "a = 1\n# \xE2\x82", 2, 3, "not UTF-8");
    row("columns count from behind the byte order mark", "\xEF\xBB\xBF" "a = \n", 1, 5, "expected a value");
    row("carriage returns do not count as lines", "a = 1\r\nb = 2\r\nc\r\n", 3, 2, "expected = after the key, but found the end of the line");
    row("triple quoted key", "\"\"\"a\"\"\" = 1\n", 1, 1, "triple quotes");
    row("line feed in key", "a.\nb = 1\n", 1, 3, "expected a key");
    row("garbage", "<<<<<<< HEAD\n", 1, 1, "expected a key, but found '<'");
}

void ConfigScanTest::errors()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    QFETCH(int, column);
    QFETCH(QByteArray, part);
    const auto document = toml::parse(text.toStdString(), "/p/wrangler.toml");
    QVERIFY(!document);
    QCOMPARE(shown(document.error().code), QStringLiteral("config.parse"));
    QVERIFY2(document.error().message.find(part.toStdString()) != std::string::npos, document.error().message.c_str());
    QVERIFY2(document.error().message.starts_with("/p/wrangler.toml, line " + std::to_string(line) + ", column " + std::to_string(column) + ": "),
             document.error().message.c_str());
    QVERIFY(document.error().message.find('\n') == std::string::npos);
    QCOMPARE(document.error().place.line, line);
    QCOMPARE(document.error().place.column, column);
}

void ConfigScanTest::accepts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("byte order mark alone") << QByteArray("\xEF\xBB\xBF");
    QTest::newRow("comment without line end") << QByteArray("# x");
    QTest::newRow("sub-table of a dotted table") << QByteArray("env.preview.vars.X = 1\n[[env.preview.kv]]\na = 1\n");
    QTest::newRow("header after its sub-list") << QByteArray("[[env.preview.kv]]\na = 1\n[env.preview]\nb = [1, { c = 'd' }]\n[[vars.list]]\n[vars]\n");
    QTest::newRow("header after its sub-table") << QByteArray("[vars.obj]\na = 1\n[vars]\nb = 2\n");
    QTest::newRow("dotted in braces") << QByteArray("a = { b.c = 1, b.d = 2 }\n");
    QTest::newRow("quotes before the closing ones") << QByteArray("a = \"\"\"x\"\"\"\"\nb = ''''x'''''\n");
    QTest::newRow("list with comments") << QByteArray("a = [ # one\n  1, # two\n # three\n  { b = 2 } , \n]\n");
    QTest::newRow("dates") << QByteArray("a = 1979-05-27 07:32:00\nb = 1979-05-27\nc = 07:32:00.5\nd = 1979-05-27T07:32:00-07:00\n");
    QTest::newRow("odd keys") << QByteArray("\"a.b\" . 'c' = 1\n1234 = 2\n3.14 = 5\n\"\" = 6\n\"\\u00e9\" = 7\n");
    QTest::newRow("numbers") << QByteArray("a = +1_000\nb = 0xdead_beef\nc = 0o17\nd = 0b11\ne = -1.5e+3\nf = inf\ng = -nan\nh = -9223372036854775808\ni = 1e-7\nj = +0.5\n");
    QTest::newRow("line ends in lines") << QByteArray("a = \"\"\"\r\nx\\  \r\n   y\"\"\"\r\n");
    QTest::newRow("blank line with blanks") << QByteArray("  \t\n\t\n a = 1 \t# x\n");
    QTest::newRow("array of tables with sub-arrays") << QByteArray("[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\n[a.d]\n[[a]]\n[a.d]\n");
}

void ConfigScanTest::accepts()
{
    QFETCH(QByteArray, text);
    const auto document = toml::parse(text.toStdString(), "f");
    QVERIFY2(document.has_value(), document ? "" : document.error().message.c_str());
}

void ConfigScanTest::limits()
{
    const auto nested = [](int depth) { return "a = " + std::string(std::size_t(depth), '[') + std::string(std::size_t(depth), ']') + "\n"; };
    QVERIFY(toml::parse(nested(40), {}).has_value());
    QVERIFY(!toml::parse(nested(100), {}).has_value());
    QVERIFY(!toml::parse(nested(300'000), {}).has_value());
    std::string braces;
    std::string key = "a";
    for (int i = 0; i < 50'000; ++i) {
        braces += "{a=";
        key += ".a";
    }
    QVERIFY(!toml::parse("a = " + braces, {}).has_value());
    QVERIFY(!toml::parse(key + " = 1\n", {}).has_value());
    QVERIFY(!toml::parse("[" + key + "]\n", {}).has_value());
    std::string arrays;
    std::string header = "a";
    for (int i = 0; i < 63; ++i) {
        arrays += "[[" + header + "]]\n";
        header += ".a";
    }
    QVERIFY(toml::parse(arrays, {}).has_value());
    std::string items;
    for (std::size_t i = 0; i <= toml::maxItems; ++i)
        items += "1,";
    QVERIFY(!toml::parse("a = [" + items + "]\n", {}).has_value());
    const auto large = toml::parse(std::string(toml::maxBytes + 1, '\n'), {});
    QVERIFY(!large);
    QCOMPARE(shown(large.error().code), QStringLiteral("config.parse"));
}

void ConfigScanTest::ranges()
{
    const std::string text = "\xEF\xBB\xBF# top\r\n  [ a . \"b\" ] # c\r\n\tkey = [ 1,\r\n 2 ]\r\n\r\n[[x]]";
    const auto scan = toml::scan(text, {});
    QVERIFY(scan.has_value());
    QCOMPARE(scan->statements.size(), std::size_t(3));
    const auto slice = [&](Range range) { return shown(text.substr(range.begin, range.size())); };
    QCOMPARE(slice(scan->statements[0].range), QStringLiteral("[ a . \"b\" ]"));
    QCOMPARE(slice(scan->statements[0].key[1].range), QStringLiteral("\"b\""));
    QCOMPARE(shown(scan->statements[0].key[1].name), QStringLiteral("b"));
    QVERIFY(scan->statements[0].commented);
    QCOMPARE(slice(scan->statements[1].range), QStringLiteral("key = [ 1,\r\n 2 ]"));
    QCOMPARE(slice(scan->statements[1].lines), QStringLiteral("\tkey = [ 1,\r\n 2 ]\r\n"));
    QCOMPARE(slice(scan->statements[1].value.items[1].range), QStringLiteral("2"));
    QCOMPARE(slice(scan->statements[2].lines), QStringLiteral("[[x]]"));
    QCOMPARE(scan->lines.size(), std::size_t(5));
    std::string whole = text.substr(0, scan->start);
    for (const Line &line : scan->lines)
        whole += text.substr(line.range.begin, line.range.size());
    QCOMPARE(shown(whole), shown(text));
}

void ConfigScanTest::garbage()
{
    std::uint32_t state = 1;
    for (int i = 0; i < 3000; ++i) {
        std::string text;
        const std::size_t size = std::size_t(i) % 60;
        while (text.size() < size) {
            state = state * 1664525u + 1013904223u;
            const char alphabet[] = "ab=.[]{}\"'\\#,\n\r\t 019-:TZ_eE+uU\xC3\xA4\0";
            text += i % 3 == 0 ? char(state >> 24) : alphabet[(state >> 16) % (sizeof alphabet - 1)];
        }
        const auto document = toml::parse(text, {});
        if (!document)
            QVERIFY(document.error().place.line >= 1 && document.error().place.column >= 1);
    }
}

void ConfigScanTest::bigFileIsQuick()
{
    std::string text;
    for (int i = 0; text.size() < 300'000; ++i)
        text += "[[kv_namespaces]]\nbinding = \"KV" + std::to_string(i) + "\"\nid = \"0123456789abcdef\"\n\n";
    const auto document = toml::parse(text, {});
    QVERIFY2(document.has_value(), document ? "" : document.error().message.c_str());
}

QTEST_GUILESS_MAIN(ConfigScanTest)
#include "t_configscan.moc"
