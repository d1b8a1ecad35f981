// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/text.h"

#include <QLocale>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

class TestText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void bytes_data()
    {
        QTest::addColumn<quint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << quint64(0) << u"0 B"_s;
        QTest::newRow("last in bytes") << quint64(999) << u"999 B"_s;
        QTest::newRow("first kB") << quint64(1000) << u"1.0 kB"_s;
        QTest::newRow("two digits") << quint64(45'340) << u"45.3 kB"_s;
        QTest::newRow("three digits have no fraction") << quint64(123'456) << u"123 kB"_s;
        QTest::newRow("rounds up to the next unit") << quint64(999'900) << u"1.0 MB"_s;
        QTest::newRow("GB") << quint64(2'500'000'000) << u"2.5 GB"_s;
        QTest::newRow("largest") << ~quint64(0) << u"18446744 TB"_s;
    }
    void bytes()
    {
        QFETCH(quint64, bytes);
        QTEST(ui::formatBytes(bytes).remove(u','), "text");
    }

    void duration_data()
    {
        QTest::addColumn<quint32>("us");
        QTest::addColumn<QString>("text");
        QTest::newRow("µs") << quint32(420) << u"420 µs"_s;
        QTest::newRow("ms") << quint32(3'100) << u"3.1 ms"_s;
        QTest::newRow("many ms") << quint32(250'400) << u"250 ms"_s;
        QTest::newRow("rounds up to s") << quint32(999'600) << u"1.00 s"_s;
        QTest::newRow("s") << quint32(1'254'000) << u"1.25 s"_s;
    }
    void duration()
    {
        QFETCH(quint32, us);
        QTEST(ui::formatDuration(us), "text");
    }

    void place()
    {
        QCOMPARE(ui::formatPlace({"/a/b/wrangler.toml", 3, 7}), u"wrangler.toml:3:7"_s);
        QCOMPARE(ui::formatPlace({"wrangler.toml", 3, 0}), u"wrangler.toml:3"_s);
        QCOMPARE(ui::formatPlace({"wrangler.toml", 0, 0}), u"wrangler.toml"_s);
        QCOMPARE(ui::formatPlace({"", 4, 2}), u"line 4"_s);
        QCOMPARE(ui::formatPlace({}), QString());
    }

    void json()
    {
        QCOMPARE(ui::prettyJson(R"({"b":1,"a":[true]})"), u"{\n  \"b\": 1,\n  \"a\": [\n    true\n  ]\n}"_s);
        QCOMPARE(ui::prettyJson("not json"), u"not json"_s);
        QCOMPARE(ui::prettyJson(""), QString());
    }

    void invalidUtf8IsShown() { QCOMPARE(ui::fromUtf8("a\xff"), u"a\uFFFD"_s); }

    void pathsSurviveBothWays()
    {
        const std::filesystem::path path = "/tmp/ü b";
        QCOMPARE(ui::toPath(ui::fromPath(path)), path);
    }

    void oneLine()
    {
        QCOMPARE(ui::oneLine(u"a\nb\tc"_s), u"a b c"_s);
        QCOMPARE(ui::oneLine(QString(50, u'x'), 10), QString(9, u'x') + u'…');
    }

    void errors()
    {
        QCOMPARE(ui::formatError({"some.code", "A sentence.", {}}), u"A sentence."_s);
        QCOMPARE(ui::formatError({"some.code", "", {}}), u"some.code"_s);
        QVERIFY(!ui::formatError({"name.empty", "", {}}).contains(u"name.empty"_s));
    }

    void placedErrors_data()
    {
        QTest::addColumn<QString>("message");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("wanted");
        QTest::newRow("placed") << u"A value is missing."_s << 3 << u"w.toml:3:7: A value is missing."_s;
        QTest::newRow("tells its place itself") << u"/p/w.toml, line 3, column 7: expected a value."_s << 3 << u"w.toml:3:7: expected a value."_s;
        QTest::newRow("a whole file") << u"Too large."_s << 0 << u"w.toml: Too large."_s;
        QTest::newRow("a whole file that is named") << u"/p/w.toml cannot be read."_s << 0 << u"/p/w.toml cannot be read."_s;
    }
    void placedErrors()
    {
        QFETCH(QString, message);
        QFETCH(int, line);
        QTEST(ui::formatPlacedError({"some.code", message.toStdString(), {"/p/w.toml", line, line ? 7 : 0}}), "wanted");
        QCOMPARE(ui::formatPlacedError({"some.code", "A sentence.", {}}), u"A sentence."_s);
    }
};

QTEST_MAIN(TestText)
#include "t_text.moc"
