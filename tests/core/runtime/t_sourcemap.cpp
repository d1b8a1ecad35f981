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
                 R"({"sources":["a"],"mappings":"ggggggggggggggggggggggg"})", R"({"sources":["a"],"mappings":"D;D;D"})"})
            QTest::newRow(text) << QByteArray(text);
    }

    void survivesGarbage()
    {
        QFETCH(QByteArray, json);
        const SourceMap map(json.toStdString(), "");
        QVERIFY(map.original(1, 1).line <= 1);
    }
};

QTEST_GUILESS_MAIN(SourceMapTest)
#include "t_sourcemap.moc"
