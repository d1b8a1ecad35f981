// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/jsoncdocument.h"

#include <QtTest>

#include <cmath>

using namespace cleat::config;

namespace {

QString shown(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// JSON without blanks, members in order; whole numbers as they are, others with a mark.
std::string meaning(const Node &node)
{
    switch (node.kind) {
    case Node::Kind::Array: {
        std::string out = "[";
        for (const auto &item : node.items)
            out += (out.size() > 1 ? "," : "") + meaning(*item);
        return out + "]";
    }
    case Node::Kind::Table: {
        std::string out = "{";
        for (const Node::Entry &entry : node.members)
            out += (out.size() > 1 ? "," : "") + entry.name + ":" + meaning(entry.node());
        return out + "}";
    }
    case Node::Kind::Scalar:
        break;
    }
    if (const auto *text = node.text())
        return "'" + *text + "'";
    if (const auto *whole = std::get_if<std::int64_t>(&node.scalar))
        return std::to_string(*whole);
    if (const auto *number = std::get_if<double>(&node.scalar))
        return (*number == 0 && std::signbit(*number) ? "~-" : "~") + QByteArray::number(*number, 'g', 17).toStdString();
    if (const auto *truth = std::get_if<bool>(&node.scalar))
        return *truth ? "true" : "false";
    return std::holds_alternative<std::nullptr_t>(node.scalar) ? "null" : "?";
}

} // namespace

class JsoncDocumentTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errors_data();
    void errors();
    void reads_data();
    void reads();
    void limits();
    void ranges();
    void repeatedKeys();
    void staysWhereItIsWhenMoved();
    void garbage();
    void bigFileIsQuick();
};

void JsoncDocumentTest::errors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<QByteArray>("part");
    const auto row = [](const char *name, QByteArray text, int line, int column, QByteArray part) { QTest::newRow(name) << text << line << column << part; };
    row("empty", "", 1, 1, "expected { at the beginning of the file, but found the end of the file");
    row("only comments", "// x\n/* y */\n", 3, 1, "expected { at the beginning of the file");
    row("a list at the top", "[]", 1, 1, "expected { at the beginning of the file, but found '['");
    row("a NUL at the top", QByteArray("\0{}", 3), 1, 1, "the control character 0x00");
    row("TOML", "name = \"x\"\n", 1, 1, "expected { at the beginning of the file, but found 'n'");
    row("two at the top", "{}\n{}\n", 2, 1, "expected the end of the file, but found '{'");
    row("a comma behind", "{},", 1, 3, "expected the end of the file, but found ','");
    row("not closed", "{\"a\": 1\n", 2, 1, "expected a comma or } after the value, but found the end of the file");
    row("not closed after the comma", "{\"a\": 1,\n", 2, 1, "expected a name in quotes or } after the comma, but found the end of the file");
    row("closed by the wrong one", "{\"a\": [1}\n", 1, 9, "expected a comma or ] after a value of the list, but found '}'");
    row("no comma", "{\n  \"a\": 1\n  \"b\": 2\n}\n", 3, 3, "expected a comma or } after the value, but found '\"'");
    row("no comma in a list", "{\"a\": [1 2]}", 1, 10, "expected a comma or ]");
    row("two commas", "{\"a\": 1,, \"b\": 2}", 1, 9, "expected a name in quotes or } after the comma, but found ','");
    row("two commas in a list", "{\"a\": [1,,]}", 1, 10, "expected a value, but found ','");
    row("comma alone", "{,}", 1, 2, "expected a name in quotes or }, but found ','");
    row("comma alone in a list", "{\"a\": [,]}", 1, 8, "expected a value, but found ','");
    row("no colon", "{\"a\" 1}", 1, 6, "expected a colon after the name, but found '1'");
    row("equals", "{\"a\" = 1}", 1, 6, "expected a colon after the name, but found '='");
    row("no value", "{\"a\": }", 1, 7, "expected a value, but found '}'");
    row("no value at the end", "{\"a\":\n", 2, 1, "expected a value, but found the end of the file");
    row("name without quotes", "{a: 1}", 1, 2, "expected a name in quotes or }, but found 'a'");
    row("number as a name", "{1: 1}", 1, 2, "expected a name in quotes");
    row("single quotes", "{\"a\": 'x'}", 1, 7, "found '; a text stands in double quotes");
    row("bare text", "{\"a\": todo}", 1, 7, "found todo; a text stands in double quotes");
    row("True", "{\"a\": True}", 1, 7, "found True");
    row("NaN", "{\"a\": NaN}", 1, 7, "found NaN");
    row("Infinity", "{\"a\": -Infinity}", 1, 8, "expected a digit after the minus sign, but found 'I'");
    row("undefined", "{\"a\": undefined}", 1, 7, "found undefined");
    row("leading zero", "{\"a\": 012}", 1, 7, "cannot begin with 0");
    row("leading plus", "{\"a\": +1}", 1, 7, "found +1");
    row("no digit before the point", "{\"a\": .5}", 1, 7, "found .5");
    row("no digit after the point", "{\"a\": 1.}", 1, 9, "expected a digit after the decimal point, but found '}'");
    row("no exponent", "{\"a\": 1e}", 1, 9, "expected a digit in the exponent");
    row("hexadecimal", "{\"a\": 0x10}", 1, 8, "expected a comma or } after the value, but found 'x'");
    row("too large", "{\"a\": 1e400}", 1, 7, "the number 1e400 is too large or too small");
    row("text not closed", "{\"a\": \"x\n}", 1, 7, "the text that begins here has no closing \" on its line");
    row("text not closed at the end", "{\"a\": \"x", 1, 7, "no closing \"");
    row("backslash at the end", "{\"a\": \"x\\", 1, 7, "no closing \"");
    row("text ends at a carriage return", "{\"a\": \"x\r\"}", 1, 7, "no closing \"");
    row("name not closed", "{\n  \"a: 1\n}", 2, 3, "no closing \"");
    row("tab in a text", "{\"a\": \"x\ty\"}", 1, 9, "found the control character 0x09, which cannot stand in a text");
    row("unknown escape", "{\"a\": \"x\\q\"}", 1, 9, "JSON has no escape \\ followed by 'q'");
    row("escape at the line end", "{\"a\": \"x\\\n\"}", 1, 9, "JSON has no escape \\ followed by the end of the line");
    row("short escape", "{\"a\": \"\\u12\"}", 1, 8, "needs 4 hexadecimal digits");
    row("first half alone", "{\"a\": \"\\uD83D\"}", 1, 8, "its other half is missing");
    row("second half alone", "{\"a\": \"\\uDE00\"}", 1, 8, "its other half is missing");
    row("first half twice", "{\"a\": \"\\uD83D\\uD83D\"}", 1, 8, "its other half must follow");
    row("comment not closed", "{\n/* x\n}", 2, 1, "the comment that begins here has no closing */");
    row("comment closed too early", "{ /*/ }", 1, 3, "has no closing */");
    row("single slash", "{ / }", 1, 3, "expected a name in quotes or }, but found '/'");
    row("hash comment", "{\n# x\n}", 2, 1, "found '#'");
    row("no white space", "{\"a\":\xC2\xA0" "1}", 1, 6, "expected a value, but found ");
    row("form feed", "{\f}", 1, 2, "found the control character 0x0C");
    row("byte order mark in the middle", "{\xEF\xBB\xBF}", 1, 2, "expected a name in quotes");
    row("not UTF-8", "{\"a\": \"\xC3(\"}", 1, 8, "found the byte 0xC3, which is not UTF-8");
    row("not UTF-8 in a comment", "{\n// \xE2\x82\n}", 2, 4, "which is not UTF-8");
    row("columns count from behind the byte order mark", "\xEF\xBB\xBF{\"a\": }", 1, 7, "expected a value");
    row("carriage returns do not count as lines", "{\r\n  \"a\": 1,\r\n  b\r\n}", 3, 3, "expected a name in quotes or } after the comma, but found 'b'");
}

void JsoncDocumentTest::errors()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    QFETCH(int, column);
    QFETCH(QByteArray, part);
    const auto document = jsonc::parse(text.toStdString(), "/p/wrangler.jsonc");
    QVERIFY(!document);
    QCOMPARE(shown(document.error().code), QStringLiteral("config.parse"));
    QVERIFY2(document.error().message.find(part.toStdString()) != std::string::npos, document.error().message.c_str());
    QVERIFY2(document.error().message.starts_with("/p/wrangler.jsonc, line " + std::to_string(line) + ", column " + std::to_string(column) + ": "),
             document.error().message.c_str());
    QVERIFY(document.error().message.find('\n') == std::string::npos);
    QCOMPARE(document.error().place.line, line);
    QCOMPARE(document.error().place.column, column);
}

void JsoncDocumentTest::reads_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("meaning");
    const auto row = [](const char *name, QByteArray text, QByteArray meaning) { QTest::newRow(name) << text << meaning; };
    row("empty object", "{}", "{}");
    row("byte order mark", "\xEF\xBB\xBF{}", "{}");
    row("comments", "// a\n{ /* b */ \"x\" /* c */ : // d\n 1 /**/, // e\r\n /* f\n * g */ \"y\"/**/:[/* h */]} // i", "{x:1,y:[]}");
    row("stars in a comment", "{ /*** x **/ \"a\": 1 /* / */ }", "{a:1}");
    row("a comment that ends at a carriage return", "{ // x\r\"a\": 1}", "{a:1}");
    row("comment signs in texts", "{\"a\": \"// x\", \"b\": \"/* y */\", \"c\": \"#\"}", "{a:'// x',b:'/* y */',c:'#'}");
    row("trailing commas", "{\"a\": [1, 2,], \"b\": {\"c\": 3,},}", "{a:[1,2],b:{c:3}}");
    row("trailing commas with comments", "{\"a\": [1 /* x */, // y\n], // z\n}", "{a:[1]}");
    row("words", "{\"a\": true, \"b\": false, \"c\": null, \"d\":true/* x */}", "{a:true,b:false,c:null,d:true}");
    row("numbers", "{\"a\": [0, -1, 1.5, 1e3, 1E+3, 2.5e-3, 0.0, -0, 0e0]}", "{a:[0,-1,~1.5,~1000,~1000,~0.0025000000000000001,~0,~-0,~0]}");
    row("numbers of 64 bits", "{\"a\": [9223372036854775807, -9223372036854775808, 9223372036854775808]}",
        "{a:[9223372036854775807,-9223372036854775808,~9.2233720368547758e+18]}");
    row("escapes", R"({"a": "\"\\\/\b\f\n\r\t\u00e4\u20ac\uD83D\uDE00\u007f"})", "{a:'\"\\/\b\f\n\r\t\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\x7F'}");
    row("escapes in names", R"({"\u0061\"": 1})", "{a\":1}");
    row("a NUL by escape", R"({"a": "x\u0000y"})", QByteArray("{a:'x\0y'}", 9));
    row("characters as they are", "{\"\xC3\xA4\": \"\xF0\x9F\x98\x80 \xE2\x80\xA8 \x7F\"}", "{\xC3\xA4:'\xF0\x9F\x98\x80 \xE2\x80\xA8 \x7F'}");
    row("no blanks", "{\"a\":[{\"b\":1},{\"c\":[]}]}", "{a:[{b:1},{c:[]}]}");
    row("tabs and line ends", "{\r\n\t\"a\"\t:\r\n\t1\r\n}\r\n", "{a:1}");
    row("empty name", "{\"\": 1}", "{:1}");
    row("a control character in a comment", "{ // \x01\n}", "{}");
}

void JsoncDocumentTest::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, meaning);
    const auto document = jsonc::parse(text.toStdString(), "f");
    if (!document)
        QFAIL(document.error().message.c_str());
    QCOMPARE(document->form, Form::Jsonc);
    QCOMPARE(shown(::meaning(document->root)), shown(meaning.toStdString()));
}

void JsoncDocumentTest::limits()
{
    const auto nested = [](int depth) { return "{\"a\":" + std::string(std::size_t(depth), '[') + std::string(std::size_t(depth), ']') + "}"; };
    QVERIFY(jsonc::parse(nested(jsonc::maxDepth - 1), {}).has_value());
    QVERIFY(!jsonc::parse(nested(jsonc::maxDepth), {}).has_value());
    QVERIFY(!jsonc::parse(nested(300'000), {}).has_value());
    std::string braces;
    for (int i = 0; i < 50'000; ++i)
        braces += "{\"a\":";
    QVERIFY(!jsonc::parse(braces, {}).has_value());
    const auto large = jsonc::parse("{}" + std::string(jsonc::maxBytes, ' '), {});
    QVERIFY(!large);
    QCOMPARE(shown(large.error().code), QStringLiteral("config.parse"));
}

void JsoncDocumentTest::ranges()
{
    const std::string text = "\xEF\xBB\xBF// top\r\n{\r\n\t\"a\" : [ 1,\r\n{ \"b\": \"c\" } ], // x\r\n}\r\n";
    const auto document = jsonc::parse(text, {});
    QVERIFY(document.has_value());
    const auto slice = [&](Range range) { return shown(document->slice(range)); };
    QVERIFY(document->root.value);
    QCOMPARE(document->root.origin, Node::Origin::File);
    QCOMPARE(slice(document->root.value->range), QStringLiteral("{\r\n\t\"a\" : [ 1,\r\n{ \"b\": \"c\" } ], // x\r\n}"));
    const Node *list = document->root.find("a");
    QVERIFY(list && list->isArray());
    QCOMPARE(list->begin, text.find("\"a\""));
    QCOMPARE(list->inTable, document->root.value);
    QCOMPARE(slice(document->root.members.front().key), QStringLiteral("\"a\""));
    QCOMPARE(slice(list->value->range), QStringLiteral("[ 1,\r\n{ \"b\": \"c\" } ]"));
    const Node &object = *list->items.at(1);
    QCOMPARE(slice(object.value->range), QStringLiteral("{ \"b\": \"c\" }"));
    QCOMPARE(object.begin, object.value->range.begin);
    QCOMPARE(object.find("b")->inTable, object.value);
    QCOMPARE(document->place(list->begin, {}).line, 3);
    QCOMPARE(document->place(list->begin, {}).column, 2);
    QCOMPARE(document->place(document->root.begin, {}).line, 2);
}

void JsoncDocumentTest::repeatedKeys()
{
    const std::string text = R"({"a": 1, "b": {"x": 1}, "a": 2, "b": {"y": [{"z": 1, "z": 2}]}, "a": 3})";
    const auto document = jsonc::parse(text, {});
    QVERIFY(document.has_value());
    QCOMPARE(shown(meaning(document->root)), QStringLiteral("{a:3,b:{y:[{z:2}]}}"));
    std::vector<std::size_t> wanted{text.find("\"a\": 2"), text.find("\"b\": {\"y\""), text.find("\"z\": 2"), text.find("\"a\": 3")};
    QCOMPARE(document->repeatedKeys, wanted);
    QCOMPARE(document->root.find("a")->begin, text.find("\"a\": 3"));
    QCOMPARE(document->root.members.front().key.begin, text.find("\"a\": 3"));
}

void JsoncDocumentTest::staysWhereItIsWhenMoved()
{
    auto document = jsonc::parse("{\"a\": [\"xyz\"]}", {});
    QVERIFY(document.has_value());
    const Document moved = std::move(*document);
    document = std::unexpected(cleat::base::Error{});
    QCOMPARE(shown(moved.slice(moved.root.at({"a"})->items.front()->value->range)), QStringLiteral("\"xyz\""));
    QCOMPARE(shown(moved.slice(moved.root.value->range)), QStringLiteral("{\"a\": [\"xyz\"]}"));
}

void JsoncDocumentTest::garbage()
{
    std::uint32_t state = 1;
    int read = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text = "{";
        const std::size_t size = std::size_t(i) % 40;
        while (text.size() < size) {
            state = state * 1664525u + 1013904223u;
            const char alphabet[] = "{}[]\"\"\"\"::,,//**\\\n\r\t 0019-.eE+uutrue\xC3\xA4\0";
            text += i % 3 == 0 ? char(state >> 24) : alphabet[(state >> 16) % (sizeof alphabet - 1)];
        }
        const auto document = jsonc::parse(text + (i % 2 ? "}" : ""), {});
        read += document ? 1 : 0;
        if (!document)
            QVERIFY(document.error().place.line >= 1 && document.error().place.column >= 1);
    }
    QVERIFY(read > 0);
}

void JsoncDocumentTest::bigFileIsQuick()
{
    std::string text = "{\n  \"kv_namespaces\": [\n";
    for (int i = 0; text.size() < 900'000; ++i)
        text += "    { \"binding\": \"KV" + std::to_string(i) + "\", \"id\": \"0123456789abcdef\" }, // one\n";
    const auto document = jsonc::parse(text + "  ]\n}\n", {});
    QVERIFY2(document.has_value(), document ? "" : document.error().message.c_str());
}

QTEST_GUILESS_MAIN(JsoncDocumentTest)
#include "t_jsoncdocument.moc"
