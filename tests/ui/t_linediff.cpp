// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/diffview.h"
#include "ui/widgets/linediff.h"

#include <QPlainTextEdit>
#include <QTest>

using namespace cleat::ui;
using namespace Qt::StringLiterals;

namespace {

/// " 3 text" for each line; the sign is ' ', '+', '-' or '~' for a gap.
QString shown(const std::vector<DiffLine> &lines)
{
    QStringList out;
    for (const DiffLine &line : lines) {
        switch (line.kind) {
        case DiffLine::Kind::Same:
            out << u" %1 %2"_s.arg(line.number).arg(QString::fromStdString(line.text));
            break;
        case DiffLine::Kind::Added:
            out << u"+%1 %2"_s.arg(line.number).arg(QString::fromStdString(line.text));
            break;
        case DiffLine::Kind::Removed:
            out << u"-%1 %2"_s.arg(line.number).arg(QString::fromStdString(line.text));
            break;
        case DiffLine::Kind::Gap:
            out << u"~"_s;
            break;
        }
    }
    return out.join(u'|');
}

} // namespace

class TestLineDiff : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void diff_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<int>("context");
        QTest::addColumn<QString>("expected");
        QTest::newRow("equal") << u"a\nb\n"_s << u"a\nb\n"_s << 3 << u""_s;
        QTest::newRow("from nothing") << u""_s << u"a\nb\n"_s << 3 << u"+1 a|+2 b"_s;
        QTest::newRow("to nothing") << u"a\nb\n"_s << u""_s << 3 << u"-1 a|-2 b"_s;
        QTest::newRow("insert in the middle") << u"a\nb\nc\nd\n"_s << u"a\nb\nX\nc\nd\n"_s << 1 << u"~| 2 b|+3 X| 4 c|~"_s;
        QTest::newRow("append") << u"a\nb\nc\n"_s << u"a\nb\nc\n\nX\n"_s << 1 << u"~| 3 c|+4 |+5 X"_s;
        QTest::newRow("change") << u"a\nb\nc\n"_s << u"a\nB\nc\n"_s << 0 << u"~|-2 b|+2 B|~"_s;
        QTest::newRow("two places") << u"1\n2\n3\n4\n5\n6\n7\n"_s << u"x\n2\n3\n4\n5\n6\ny\n"_s << 1 << u"-1 1|+1 x| 2 2|~| 6 6|-7 7|+7 y"_s;
        QTest::newRow("repeated lines") << u"a\n\nb\n"_s << u"a\n\n\nb\n"_s << 0 << u"~|+3 |~"_s;
        QTest::newRow("last line end added") << u"a"_s << u"a\n"_s << 3 << u"-1 a|+1 a"_s;
        QTest::newRow("line ends are not shown") << u"a\r\n"_s << u"a\r\nb\r\n"_s << 3 << u" 1 a|+2 b"_s;
        QTest::newRow("line end changed") << u"a\r\nb\r\n"_s << u"a\nb\r\n"_s << 0 << u"-1 a|+1 a|~"_s;
    }
    void diff()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(int, context);
        QTEST(shown(diffLines(before.toStdString(), after.toStdString(), context)), "expected");
    }

    void hugeChangeIsStillShown()
    {
        std::string before;
        std::string after;
        for (int i = 0; i < 3000; ++i) {
            before += "b" + std::to_string(i) + "\n";
            after += "a" + std::to_string(i) + "\n";
        }
        const auto lines = diffLines(before, after);
        QCOMPARE(lines.size(), std::size_t(6000));
        QCOMPARE(lines.front().kind, DiffLine::Kind::Removed);
        QCOMPARE(lines.back().kind, DiffLine::Kind::Added);
    }

    void view()
    {
        DiffView view;
        view.setDiff(diffLines("a\nb\n", "a\nX\nb\n"));
        const auto *edit = view.findChild<QPlainTextEdit *>();
        QVERIFY(edit);
        QCOMPARE(edit->toPlainText(), u"1   a\n2 + X\n3   b"_s);
        QVERIFY(edit->isReadOnly());
        view.setNote(u"why"_s);
        QVERIFY(edit->toPlainText().isEmpty());
        QCOMPARE(edit->placeholderText(), u"why"_s);
    }
};

QTEST_MAIN(TestLineDiff)
#include "t_linediff.moc"
