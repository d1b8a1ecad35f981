// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/jsonhighlighter.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>
#include <QToolButton>

#include <nlohmann/json.hpp>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

QColor colorAt(const QPlainTextEdit &edit, int position)
{
    const QTextBlock block = edit.document()->findBlock(position);
    for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
        if (position - block.position() >= range.start && position - block.position() < range.start + range.length)
            return range.format.foreground().color();
    }
    return {};
}

} // namespace

class TestJsonEdit : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void checks_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line"); // 0: it is JSON
        QTest::addColumn<int>("column");
        const auto good = [](const char *text) { QTest::newRow(text) << QString::fromUtf8(text) << 0 << 0; };
        const auto bad = [](const char *text, int line, int column) { QTest::newRow(text) << QString::fromUtf8(text) << line << column; };
        good("{}");
        good(" [ ] ");
        good("{\"a\": [1, -0, 2.5e-3, true, false, null, \"\\u00e9\\ud83d\\ude00\\n\"], \"b\": {\"c\": {}}}\n");
        good("\"text\"");
        good("0");
        good("1E+5");
        good("\"é 😀\"");
        bad("", 1, 1);
        bad("  \n", 2, 1);
        bad("{", 1, 2);
        bad("[1, 2", 1, 6);
        bad("{\"a\": }", 1, 7);
        bad("{\"a\": 1,}", 1, 9);
        bad("{\"a\" 1}", 1, 6);
        bad("{\"a\":\n  1\n  \"b\": 2}", 3, 3);
        bad("{a: 1}", 1, 2);
        bad("{'a': 1}", 1, 2);
        bad("[1,]", 1, 4);
        bad("[1 2]", 1, 4);
        bad("[,1]", 1, 2);
        bad("tru", 1, 1);
        bad("hello", 1, 1);
        bad("NaN", 1, 1);
        bad("01", 1, 1);
        bad("-", 1, 1);
        bad("1.", 1, 1);
        bad("1e", 1, 1);
        bad("12ab", 1, 1);
        bad("+1", 1, 1);
        bad("\"open", 1, 1);
        bad("\"a\nb\"", 1, 1);
        bad("\"a\tb\"", 1, 3);
        bad("\"\\x\"", 1, 2);
        bad("\"\\u12\"", 1, 2);
        bad("\"\\ud800\"", 1, 2);
        bad("\"\\udc00\\ud800\"", 1, 2);
        bad("1 2", 1, 3);
        bad("{} x", 1, 4);
        bad("// note\n1", 1, 1);
        bad("[1 /* note */]", 1, 4);
        bad("\"", 1, 1);
        bad("\"\\", 1, 2);
        bad("]", 1, 1);
    }
    void checks()
    {
        QFETCH(QString, text);
        QFETCH(int, line);
        QFETCH(int, column);
        const auto problem = ui::checkJson(text);
        QCOMPARE(problem.has_value(), line > 0);
        QCOMPARE(nlohmann::json::accept(text.toStdString()), line == 0);
        if (!problem)
            return;
        QCOMPARE(problem->line, line);
        QCOMPARE(problem->column, column);
        QVERIFY(!problem->message.isEmpty());
        QVERIFY(problem->offset + problem->length <= text.size());
    }

    void deepNestingIsRefused()
    {
        QVERIFY(ui::checkJson(QString(100'000, u'[')).has_value());
        QVERIFY(!ui::checkJson(QString(150, u'[') + QString(150, u']')).has_value());
    }

    void formats_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("laidOut");
        QTest::newRow("object") << u"{\"b\":1,\"a\":[1.0,2e3,{}, [ ] ],\"c\":\"x, {y}: \\\"\"}"_s
                                << u"{\n  \"b\": 1,\n  \"a\": [\n    1.0,\n    2e3,\n    {},\n    []\n  ],\n  \"c\": \"x, {y}: \\\"\"\n}"_s;
        QTest::newRow("scalar") << u" 12345678901234567890123 "_s << u"12345678901234567890123"_s;
        QTest::newRow("twice the same member") << u"{\"a\":1,\"a\":2}"_s << u"{\n  \"a\": 1,\n  \"a\": 2\n}"_s;
        QTest::newRow("no JSON") << u"{ a"_s << u"{ a"_s;
    }
    void formats()
    {
        QFETCH(QString, text);
        QTEST(ui::formatJson(text), "laidOut");
        QCOMPARE(ui::formatJson(ui::formatJson(text)), ui::formatJson(text));
    }

    void saysWhereItIsWrong()
    {
        ui::JsonEdit edit;
        QSignalSpy changed(&edit, &ui::JsonEdit::textChanged);
        edit.setText(u"{\n  \"a\": 1,\n}"_s);
        QCOMPARE(changed.size(), 1);
        QVERIFY(edit.problem());
        QVERIFY(edit.findChild<QLabel *>()->text().startsWith(u"Line 3, column 1: "_s));
        QVERIFY(!edit.findChild<QToolButton *>()->isEnabled());
        QCOMPARE(edit.findChild<QPlainTextEdit *>()->extraSelections().size(), 1);
        edit.setText(u"{\"a\": 1}"_s);
        QVERIFY(!edit.problem());
        QCOMPARE(edit.findChild<QLabel *>()->text(), u"Valid JSON"_s);
        QVERIFY(edit.findChild<QPlainTextEdit *>()->extraSelections().isEmpty());
        edit.setText({});
        QVERIFY(edit.problem());
        edit.setEmpty(ui::JsonEdit::Empty::IsFine);
        QVERIFY(!edit.problem());
    }

    void formatIsOneStep()
    {
        ui::JsonEdit edit;
        edit.show();
        auto *field = edit.findChild<QPlainTextEdit *>();
        QTest::keyClicks(field, u"[1,2]"_s);
        QTest::mouseClick(edit.findChild<QToolButton *>(), Qt::LeftButton);
        QCOMPARE(edit.text(), u"[\n  1,\n  2\n]"_s);
        field->undo();
        QCOMPARE(edit.text(), u"[1,2]"_s);
    }

    void indentsNewLines()
    {
        ui::JsonEdit edit;
        edit.setText(u"{}"_s);
        auto *field = edit.findChild<QPlainTextEdit *>();
        field->moveCursor(QTextCursor::Right);
        QTest::keyClick(field, Qt::Key_Return);
        QTest::keyClicks(field, u"\"a\": 1,"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QTest::keyClicks(field, u"\"b\": 2"_s);
        QCOMPARE(edit.text(), u"{\n  \"a\": 1,\n  \"b\": 2\n}"_s);
    }

    void colours()
    {
        QPlainTextEdit edit;
        new ui::JsonHighlighter(edit, ui::JsonHighlighter::Dialect::WithComments);
        edit.setPlainText(u"{ // note\n\"key\": \"text\", /* a\nb */ \"n\" : -1.5 }"_s);
        const auto at = [&edit](const QString &what) { return colorAt(edit, static_cast<int>(edit.toPlainText().indexOf(what))); };
        const ui::Colors &c = ui::colors(edit.palette());
        QTRY_COMPARE(at(u"note"_s), c.muted);
        QCOMPARE(at(u"\"key"_s), c.accent);
        QCOMPARE(at(u"\"text"_s), c.success);
        QCOMPARE(at(u"a\n"_s), c.muted);
        QCOMPARE(at(u"b */"_s), c.muted);
        QCOMPARE(at(u"\"n\""_s), c.accent);
        QCOMPARE(at(u"-1.5"_s), c.warning);
        QCOMPARE(at(u"{"_s), QColor());
    }
};

QTEST_MAIN(TestJsonEdit)
#include "t_jsonedit.moc"
