// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/sourcemap.h"

#include <QTest>

using cleat::runtime::SourceMap;

class SourceMapTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsOriginals()
    {
        // Line 1: column 0 -> a.ts 1:1, column 4 -> b.ts 3:5. Line 3: column 2 -> a.ts 2:1.
        const SourceMap map(R"({"version":3,"sources":["functions/a.ts","functions/b.ts"],"names":[],"mappings":"AAAA,ICEI;;EDDJ"})", "");
        QCOMPARE(map.original(1, 1), (cleat::base::Place{"functions/a.ts", 1, 1}));
        QCOMPARE(map.original(1, 4), (cleat::base::Place{"functions/a.ts", 1, 1}));
        QCOMPARE(map.original(1, 5), (cleat::base::Place{"functions/b.ts", 3, 5}));
        QCOMPARE(map.original(1, 500), (cleat::base::Place{"functions/b.ts", 3, 5}));
        QCOMPARE(map.original(2, 1), cleat::base::Place{});
        QCOMPARE(map.original(3, 1), cleat::base::Place{});
        QCOMPARE(map.original(3, 3), (cleat::base::Place{"functions/a.ts", 2, 1}));
        QCOMPARE(map.original(4, 1), cleat::base::Place{});
        QCOMPARE(map.original(0, 0), cleat::base::Place{});
    }

    void putsTheRootInFront()
    {
        const SourceMap map(R"({"version":3,"sources":["a.ts"],"mappings":"AAAA"})", "/project");
        QCOMPARE(map.original(1, 1).file, std::string("/project/a.ts"));
    }

    void survivesGarbage_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const char *text : {"", "{", "[]", "{}", R"({"sources":5,"mappings":"AAAA"})", R"({"sources":[null],"mappings":"AAAA"})", R"({"sources":[],"mappings":"!!!!"})",
                 R"({"sources":["a"],"mappings":"ggggggggggggggggggggggg"})", R"({"sources":["a"],"mappings":"D;D;D"})",
                 R"({"sources":["a"],"mappings":"AAAA","sourcesContent":5})", R"({"sources":["a"],"mappings":"AAAA","sourcesContent":[null,1,"x"]})"})
            QTest::newRow(text) << QByteArray(text);
    }

    void survivesGarbage()
    {
        QFETCH(QByteArray, json);
        const SourceMap map(json.toStdString(), "");
        QVERIFY(map.original(1, 1).line <= 1);
        QVERIFY(!map.content("a"));
    }

    void holdsItsSources()
    {
        const SourceMap map(R"({"version":3,"sources":["a.ts","b.ts","c.ts"],"sourcesContent":["one",null,"three"],"mappings":"AAAA"})", "functions");
        QVERIFY(map.content("functions/a.ts"));
        QCOMPARE(*map.content("functions/a.ts"), std::string("one"));
        QCOMPARE(*map.content("functions/c.ts"), std::string("three"));
        QVERIFY(!map.content("functions/b.ts"));
        QVERIFY(!map.content("a.ts"));
    }

    void linesRoundAPlace_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<QByteArray>("lines");
        QTest::addColumn<int>("first");
        QTest::newRow("middle") << QByteArray("1\n2\n3\n4\n5\n") << 3 << QByteArray("2\n3\n4") << 2;
        QTest::newRow("beginning") << QByteArray("1\n2\n3\n4\n5\n") << 1 << QByteArray("1\n2") << 1;
        QTest::newRow("end") << QByteArray("1\n2\n3\n4\n5\n") << 5 << QByteArray("4\n5") << 4;
        QTest::newRow("end without a break") << QByteArray("1\n2\n3") << 3 << QByteArray("2\n3") << 2;
        QTest::newRow("empty lines stay") << QByteArray("1\n\n3\n\n5") << 3 << QByteArray("\n3\n") << 2;
        QTest::newRow("Windows") << QByteArray("1\r\n2\r\n3\r\n") << 2 << QByteArray("1\n2\n3") << 1;
        QTest::newRow("only line") << QByteArray("1") << 1 << QByteArray("1") << 1;
        QTest::newRow("behind the end") << QByteArray("1\n2\n") << 3 << QByteArray() << 0;
        QTest::newRow("no line") << QByteArray("1\n2\n") << 0 << QByteArray() << 0;
        QTest::newRow("below") << QByteArray("1\n2\n") << -5 << QByteArray() << 0;
        QTest::newRow("empty") << QByteArray() << 1 << QByteArray() << 0;
        QTest::newRow("long") << QByteArray(399, 'x') + "\xc3\xbc" + QByteArray(5000, 'y') << 1 << QByteArray(399, 'x') + "\xe2\x80\xa6" << 1;
    }
    void linesRoundAPlace()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        QFETCH(QByteArray, lines);
        QFETCH(int, first);
        int from = 0;
        QCOMPARE(QByteArray::fromStdString(cleat::runtime::linesRound(text.toStdString(), line, 1, from)), lines);
        QCOMPARE(from, first);
    }
};

QTEST_GUILESS_MAIN(SourceMapTest)
#include "t_sourcemap.moc"
