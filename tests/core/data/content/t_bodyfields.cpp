// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/content/multipart.h"

#include <QTest>

#include <random>

using namespace cleat::data::content;
using End = Multipart::End;
using Pairs = std::vector<NamedValue>;

class TestBodyFields : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void heads()
    {
        const Head response = parseHead("HTTP/1.1 200 OK\r\nA: 1\r\n b :\t2 \r\nno colon\r\nSet-Cookie: x=1\r\nset-cookie: y=2\r\nE:\r\n");
        QCOMPARE(response.startLine, std::string("HTTP/1.1 200 OK"));
        QCOMPARE(response.fields, (Pairs{{"A", "1"}, {"b", "2"}, {"", "no colon"}, {"Set-Cookie", "x=1"}, {"set-cookie", "y=2"}, {"E", ""}}));
        QCOMPARE(response.value("SET-cookie"), std::string_view("x=1"));
        QCOMPARE(parseHead("HTTP-Like: 1\n").startLine, std::string());
        QCOMPARE(parseHead(""), Head{});
    }

    void mediaTypes()
    {
        const MediaType type = parseMediaType("Multipart/Form-Data; Boundary=\"a;b\\\"c\" ; charset=UTF-8;;flag");
        QCOMPARE(type.type, std::string("multipart/form-data"));
        QCOMPARE(type.parameter("boundary"), std::string_view("a;b\"c"));
        QCOMPARE(type.parameter("CHARSET"), std::string_view("UTF-8"));
        QCOMPARE(type.parameters.size(), std::size_t(3));
        QCOMPARE(parseMediaType("").type, std::string());
        QCOMPARE(parseMediaType("a/b; x=\"open").parameter("x"), std::string_view("open"));
    }

    void urlEncoded_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QList<QByteArray>>("flat");
        QTest::newRow("nothing") << QByteArray() << QList<QByteArray>();
        QTest::newRow("pairs") << QByteArray("a=1&b=2") << QList<QByteArray>{"a", "1", "b", "2"};
        QTest::newRow("escapes") << QByteArray("%61+b=%c3%A9+%2B") << QList<QByteArray>{"a b", "\xc3\xa9 +"};
        QTest::newRow("no value") << QByteArray("a&&=x&b=") << QList<QByteArray>{"a", "", "", "x", "b", ""};
        QTest::newRow("broken escapes") << QByteArray("%=%4&%zz=%") << QList<QByteArray>{"%", "%4", "%zz", "%"};
        QTest::newRow("more equals") << QByteArray("a=b=c") << QList<QByteArray>{"a", "b=c"};
    }
    void urlEncoded()
    {
        QFETCH(QByteArray, text);
        QFETCH(QList<QByteArray>, flat);
        QList<QByteArray> got;
        for (const NamedValue &one : parseUrlEncoded(text.toStdString()))
            got << QByteArray::fromStdString(one.name) << QByteArray::fromStdString(one.value);
        QCOMPARE(got, flat);
        QCOMPARE(parseUrlEncoded(std::string(50'000, '&') + "a&b&c", 2).size(), std::size_t(2));
    }

    void cookies()
    {
        QCOMPARE(parseCookies(" a=1; b = two words ;; c; d=x=y"), (Pairs{{"a", "1"}, {"b", "two words"}, {"c", ""}, {"d", "x=y"}}));
        const SetCookie set = parseSetCookie("id=abc; Path=/; HttpOnly");
        QCOMPARE(set.cookie, (NamedValue{"id", "abc"}));
        QCOMPARE(set.attributes, std::string("Path=/; HttpOnly"));
        QCOMPARE(parseSetCookie("").cookie, NamedValue{});
    }

    void multipart_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QList<QByteArray>>("contents");
        QTest::addColumn<int>("end");
        const auto row = [](const char *name, const QByteArray &body, const QList<QByteArray> &contents, End end) { QTest::newRow(name) << body << contents << static_cast<int>(end); };
        row("nothing", "", {}, End::NoBoundary);
        row("no boundary", "--other\r\n\r\nx\r\n--other--", {}, End::NoBoundary);
        row("one", "--B\r\nA: 1\r\n\r\nhello\r\n--B--\r\n", {"hello"}, End::Closed);
        row("preamble, epilogue", "before\r\n--B\r\n\r\nhello\r\n--B--\r\nafter --B", {"hello"}, End::Closed);
        row("two", "--B\r\nA: 1\r\n\r\none\r\n--B  \r\nA: 2\r\n\r\ntwo\r\n--B--", {"one", "two"}, End::Closed);
        row("line feeds alone", "--B\nA: 1\n\none\n--B\n\ntwo\n--B--\n", {"one", "two"}, End::Closed);
        row("boundary within a line", "--B\r\n\r\na --B\r\nb\r\n--B--", {"a --B\r\nb"}, End::Closed);
        row("a longer word", "--B\r\n\r\na\r\n--Bx\r\nb\r\n--B--", {"a\r\n--Bx\r\nb"}, End::Closed);
        row("empty part", "--B\r\nA: 1\r\n\r\n\r\n--B--", {""}, End::Closed);
        row("empty part, short", "--B\r\nA: 1\r\n\r\n--B--", {""}, End::Closed);
        row("boundaries alone", "--B\r\n--B\r\n--B--", {"", ""}, End::Closed);
        row("no empty line", "--B\r\njust text\r\n--B--", {"just text"}, End::Closed);
        row("cut off", "--B\r\nA: 1\r\n\r\none\r\n--B\r\nA: 2\r\n\r\ntw", {"one", "tw"}, End::CutOff);
        row("cut off in the head", "--B\r\nA: 1\r\n\r\none\r\n--B\r\nA: 2", {"one", "A: 2"}, End::CutOff);
        row("cut off in the boundary", "--B\r\n\r\none\r\n--", {"one\r\n--"}, End::CutOff);
        row("binary", QByteArray("--B\r\n\r\n\0\r\n\xff\r\n--B--", 18), {QByteArray("\0\r\n\xff", 4)}, End::Closed);
    }
    void multipart()
    {
        QFETCH(QByteArray, body);
        QFETCH(QList<QByteArray>, contents);
        QFETCH(int, end);
        const Multipart got = parseMultipart(body.toStdString(), "B");
        QList<QByteArray> parts;
        for (const Part &part : got.parts) {
            QVERIFY(part.begin + part.length <= static_cast<std::size_t>(body.size()));
            parts << body.mid(static_cast<qsizetype>(part.begin), static_cast<qsizetype>(part.length));
        }
        QCOMPARE(parts, contents);
        QCOMPARE(static_cast<int>(got.end), end);
    }

    void partsAreNamed()
    {
        const std::string body = "--x\r\nContent-Disposition: form-data; name=\"up\"; filename=\"a \\\"b\\\".txt\"\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--";
        const Multipart got = parseMultipart(body, "x");
        QCOMPARE(got.parts.size(), std::size_t(1));
        QCOMPARE(got.parts[0].name, std::string("up"));
        QCOMPARE(got.parts[0].fileName, std::string("a \"b\".txt"));
        QCOMPARE(got.parts[0].contentType, std::string("text/plain"));
        QCOMPARE(parseMultipart(body, "").end, End::NoBoundary);
    }

    void manyParts()
    {
        std::string body;
        for (int i = 0; i < 5000; ++i)
            body += "--x\r\n\r\nv\r\n";
        QCOMPARE(parseMultipart(body, "x", 100).end, End::TooMany);
        QCOMPARE(parseMultipart(body, "x", 100).parts.size(), std::size_t(100));
        // A megabyte of almost-boundaries takes no quadratic time.
        std::string near;
        while (near.size() < 1U << 20)
            near += "\r\n--xy";
        QCOMPARE(parseMultipart(near, "x").end, End::NoBoundary);
    }

    void anything()
    {
        std::mt19937 random(5);
        const std::string_view pieces[] = {"--B", "--", "\r\n", "\n", "\r", "A: 1", ":", "x", "\r\n\r\n", "Content-Disposition: form-data; name=\"", "data: "};
        for (int i = 0; i < 20'000; ++i) {
            std::string body;
            for (unsigned n = random() % 20; n > 0; --n)
                body += pieces[random() % std::size(pieces)];
            std::size_t before = 0;
            for (const Part &part : parseMultipart(body, "B").parts) {
                QVERIFY(part.begin >= before && part.begin + part.length <= body.size());
                before = part.begin + part.length;
            }
            for (const ServerEvent &event : parseEventStream(body))
                QVERIFY(event.begin < body.size());
        }
    }

    void eventStream()
    {
        const auto events = parseEventStream("\xef\xbb\xbf: hello\n\nevent: add\r\ndata: 1\r\ndata:2\r\nid: 7\r\n\r\n\rdata\r\rdata: cut");
        QCOMPARE(events.size(), std::size_t(4));
        QCOMPARE(events[0].comment, std::string("hello"));
        QCOMPARE(events[1].type, std::string("add"));
        QCOMPARE(events[1].data, std::string("1\n2"));
        QCOMPARE(events[1].id, std::string("7"));
        QCOMPARE(events[2].data, std::string());
        QVERIFY(events[2].complete);
        QCOMPARE(events[3].data, std::string("cut"));
        QVERIFY(!events[3].complete);
        QCOMPARE(parseEventStream("data: 1\n\ndata: 2\n\ndata: 3\n\n", 2).size(), std::size_t(2));
    }
};

QTEST_APPLESS_MAIN(TestBodyFields)
#include "t_bodyfields.moc"
