// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/configfile/codeeditor.h"
#include "ui/configfile/editedtext.h"
#include "ui/configfile/tomlhighlighter.h"
#include "ui/widgets/theme.h"

#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QTextLayout>

using namespace cleat::ui;
using namespace Qt::StringLiterals;
using Direction = CodeEditor::Direction;
using Mark = CodeEditor::Mark;

namespace {

/// One letter for each character: h(eader), k(ey), s(tring), l(iteral), c(omment), '.' for the rest; lines joined by /.
QString colouring(QPlainTextEdit &editor)
{
    QStringList lines;
    for (QTextBlock block = editor.document()->begin(); block.isValid(); block = block.next()) {
        QString line(block.text().size(), u'.');
        for (const QTextLayout::FormatRange &range : block.layout()->formats()) {
            const QColor ink = range.format.foreground().color();
            const Colors &c = colors(editor.palette());
            const QChar letter = range.format.fontWeight() == QFont::Bold ? u'h' : ink == c.accent ? u'k' : ink == c.success ? u's' : ink == c.warning ? u'l' : u'c';
            for (int i = range.start; i < range.start + range.length; ++i)
                line[i] = letter;
        }
        lines << line;
    }
    return lines.join(u'/');
}

QList<QTextEdit::ExtraSelection> waves(const CodeEditor &editor)
{
    QList<QTextEdit::ExtraSelection> out;
    for (const QTextEdit::ExtraSelection &selection : editor.extraSelections()) {
        if (selection.format.underlineStyle() == QTextCharFormat::WaveUnderline)
            out << selection;
    }
    return out;
}

QString longText(int lines)
{
    QString text;
    for (int i = 1; i <= lines; ++i)
        text += u"line %1\n"_s.arg(i);
    return text;
}

} // namespace

class TestCodeEditor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void toml_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *text, const char *expected) { QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected); };
        row("a = 1", "k...l");
        row("a.b-c = \"x\"", "k.kkk...sss");
        row("\"a b\".'c' = true # d", "kkkkk.kkk...llll.ccc");
        row("[env.preview] # x", "hhhhhhhhhhhhhhccc");
        row("  [[k]]", "..hhhhh");
        row("[\"a#b\"]", "hhhhhhh");
        row("a = \"x\\\"#y\" # c", "k...sssssss.ccc");
        row("a = 'x\\' # c", "k...ssss.ccc");
        row("a = 1979-05-27T07:32:00.5", "k...lllllllllllllllllllll");
        row("a = -1.5e+3", "k...lllllll");
        row("a = { b = 1, \"c\" = [2, 3], d.e = 'f' }", "k.....k...l..kkk....l..l...k.k...sss..");
        row("a = [\n  { b = 1 },\n  [2],\n  \"x\", # c\n]\nb = 2", "k..../....k...l.../...l../..sss..ccc/./k...l");
        row("a = \"\"\"\n[x] # y\nb = \\\"\"\"\" # c\nd = 1", "k...sss/sssssss/sssssssss.ccc/k...l");
        row("a = '''x'''' # c", "k...ssssssss.ccc");
        row("a = '''\nx''' # c\n[t]", "k...sss/ssss.ccc/hhh");
        row("# c", "ccc");
        row("", "");
        row("a = \"unended\nb = 1", "k...ssssssss/k...l");
    }
    void toml()
    {
        QFETCH(QString, text);
        CodeEditor editor;
        new TomlHighlighter(editor);
        editor.setPlainText(text);
        QTEST(colouring(editor), "expected");
    }

    void marks()
    {
        CodeEditor editor;
        editor.setPlainText(u"name = 1\n\n  colour = \"red\" # x\n"_s);
        editor.setMarks({{Mark::Kind::Error, 1, 1, u"first"_s}, {Mark::Kind::Warning, 3, 3, u"second"_s}, {Mark::Kind::Warning, 3, 0, u"third"_s}, {Mark::Kind::Error, 0, 0, u"whole"_s},
                         {Mark::Kind::Error, 2, 1, u"empty line"_s}, {Mark::Kind::Error, 99, 1, u"nowhere"_s}});
        const auto wavy = waves(editor);
        QCOMPARE(wavy.size(), 4);
        QCOMPARE(wavy[0].cursor.selectedText(), u"name"_s);
        QCOMPARE(wavy[0].format.underlineColor(), colors(editor.palette()).danger);
        QCOMPARE(wavy[1].cursor.selectedText(), u"colour"_s);
        QCOMPARE(wavy[1].format.underlineColor(), colors(editor.palette()).warning);
        QCOMPARE(wavy[2].cursor.selectedText(), u"colour = \"red\" # x"_s);
        QCOMPARE(wavy[3].cursor.blockNumber(), 1);
        QCOMPARE(editor.markText(3), u"second\nthird"_s);
        QCOMPARE(editor.markText(2), u"empty line"_s);
        QCOMPARE(editor.markText(4), QString());
        QCOMPARE(editor.markText(0), QString());
        editor.setMarks({{Mark::Kind::Error, 1, 9, u"at the end"_s}});
        QCOMPARE(waves(editor).at(0).cursor.selectedText(), u"1"_s);
        editor.setPlainText(u"  { \"binding\": \"A\" },\n  {\n"_s);
        editor.setMarks({{Mark::Kind::Error, 1, 3, u"entry"_s}, {Mark::Kind::Error, 2, 3, u"entry"_s}});
        QCOMPARE(waves(editor).at(0).cursor.selectedText(), u"{ \"binding\": \"A\" }"_s);
        QCOMPARE(waves(editor).at(1).cursor.selectedText(), u"{"_s);
    }

    void showsAPlace()
    {
        CodeEditor editor;
        editor.setPlainText(longText(500));
        editor.resize(300, 200);
        editor.show();
        QVERIFY(QTest::qWaitForWindowExposed(&editor));
        editor.showPlace(400, 6);
        QCOMPARE(editor.textCursor().blockNumber(), 399);
        QCOMPARE(editor.textCursor().positionInBlock(), 5);
        QVERIFY(editor.viewport()->rect().contains(editor.cursorRect()));
        editor.showPlace(9999, 9999);
        QCOMPARE(editor.textCursor().blockNumber(), 500);
        editor.showPlace(-1, -1);
        QCOMPARE(editor.textCursor().position(), 0);
    }

    void replacesOnlyWhatDiffers_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::newRow("insert above") << u"a\nb\nc\n"_s << u"x\ny\na\nb\nc\n"_s;
        QTest::newRow("change below") << u"a\nb\nc\n"_s << u"a\nb\nX\n"_s;
        QTest::newRow("append") << u"a\nb"_s << u"a\nb\nc"_s;
        QTest::newRow("line end added") << u"a\nb"_s << u"a\nb\n"_s;
        QTest::newRow("line end removed") << u"a\nb\n"_s << u"a\nb"_s;
        QTest::newRow("emptied") << u"a\nb\n"_s << u""_s;
        QTest::newRow("filled") << u""_s << u"a\nb\n"_s;
        QTest::newRow("several places") << u"1\n2\n3\nb\n5\n6\n"_s << u"1\nx\n3\nb\n6\ny\n"_s;
    }
    void replacesOnlyWhatDiffers()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        CodeEditor editor;
        editor.setPlainText(before);
        const bool keeps = before.contains(u'b') && after.contains(u'b');
        QTextCursor cursor = editor.document()->find(u"b"_s);
        if (keeps)
            editor.setTextCursor(cursor);
        editor.replaceText(after);
        QCOMPARE(editorText(editor), after);
        if (keeps && !QTest::currentDataTag()[0])
            QCOMPARE(editor.textCursor().selectedText(), u"b"_s);
        editor.undo();
        QCOMPARE(editorText(editor), before);
        editor.redo();
        QCOMPARE(editorText(editor), after);
    }

    void cursorStaysWithItsLine()
    {
        CodeEditor editor;
        editor.setPlainText(u"a\nb\nlast line\n"_s);
        editor.showPlace(3, 6);
        editor.replaceText(u"new\nnew\na\nB\nlast line\nmore\n"_s);
        QCOMPARE(editor.textCursor().block().text(), u"last line"_s);
        QCOMPARE(editor.textCursor().positionInBlock(), 5);
    }

    void search()
    {
        CodeEditor editor;
        const QSignalSpy changed(&editor, &CodeEditor::hitsChanged);
        editor.setPlainText(u"one two\nOne three\none\n"_s);
        editor.setSearch(u"one"_s);
        QCOMPARE(editor.hits(), 3);
        QCOMPARE(editor.currentHit(), 0);
        QVERIFY(editor.showFirstHit());
        QCOMPARE(editor.currentHit(), 1);
        QVERIFY(editor.showHit(Direction::Forward));
        QCOMPARE(editor.currentHit(), 2);
        QVERIFY(editor.showHit(Direction::Forward));
        QVERIFY(editor.showHit(Direction::Forward)); // begins anew
        QCOMPARE(editor.currentHit(), 1);
        QVERIFY(editor.showHit(Direction::Backward));
        QCOMPARE(editor.currentHit(), 3);
        editor.setSearch(u"one"_s, QTextDocument::FindCaseSensitively);
        QCOMPARE(editor.hits(), 2);
        editor.insertPlainText(u" one"_s); // in place of the third
        QCOMPARE(editor.hits(), 2);
        editor.setSearch(u"nowhere"_s);
        QVERIFY(!editor.showHit(Direction::Forward));
        editor.setSearch({});
        QCOMPARE(editor.hits(), 0);
        QVERIFY(changed.size() >= 5);
    }

    void keys()
    {
        CodeEditor editor;
        editor.setPlainText(u"  a"_s);
        editor.moveCursor(QTextCursor::End);
        QTest::keyClick(&editor, Qt::Key_Return);
        QTest::keyClicks(&editor, u"b"_s);
        QCOMPARE(editorText(editor), u"  a\n  b"_s);
        QTest::keyClick(&editor, Qt::Key_Tab);
        QCOMPARE(editorText(editor), u"  a\n  b  "_s);
        editor.selectAll();
        QTest::keyClick(&editor, Qt::Key_Tab);
        QCOMPARE(editorText(editor), u"    a\n    b  "_s);
        QTest::keyClick(&editor, Qt::Key_Backtab);
        QTest::keyClick(&editor, Qt::Key_Backtab);
        QTest::keyClick(&editor, Qt::Key_Backtab);
        QCOMPARE(editorText(editor), u"a\nb  "_s);
        QTest::keyClick(&editor, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(editorText(editor), u"  a\n  b  "_s);
    }

    void indentsOnlyWhatIsSelected()
    {
        CodeEditor editor;
        editor.setPlainText(u"a\nb\nc\n"_s);
        QTextCursor cursor(editor.document());
        cursor.setPosition(0);
        cursor.setPosition(4, QTextCursor::KeepAnchor); // to the beginning of c
        editor.setTextCursor(cursor);
        QTest::keyClick(&editor, Qt::Key_Tab);
        QCOMPARE(editorText(editor), u"  a\n  b\nc\n"_s);
    }

    void clickOnANumber()
    {
        CodeEditor editor;
        editor.setPlainText(longText(50));
        editor.resize(300, 200);
        editor.show();
        QVERIFY(QTest::qWaitForWindowExposed(&editor));
        QTextCursor third(editor.document()->findBlockByNumber(2));
        QTest::mouseClick(editor.childAt(6, 6), Qt::LeftButton, {}, QPoint(6, editor.cursorRect(third).center().y()));
        QCOMPARE(editor.textCursor().blockNumber(), 2);
    }
};

QTEST_MAIN(TestCodeEditor)
#include "t_codeeditor.moc"
