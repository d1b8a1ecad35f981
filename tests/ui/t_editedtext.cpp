// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/configfile/editedtext.h"

#include <QPlainTextEdit>
#include <QTest>

using namespace cleat::ui;
using namespace Qt::StringLiterals;

class TestEditedText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void bytes_data()
    {
        QTest::addColumn<QByteArray>("seen");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("edited");
        QTest::addColumn<QByteArray>("saved");
        const auto row = [](const char *name, const QByteArray &seen, const QString &shown, const QString &edited, const QByteArray &saved) {
            QTest::newRow(name) << seen << shown << edited << saved;
        };
        row("nothing", "", u""_s, u""_s, "");
        row("from nothing", "", u""_s, u"a\nb\n"_s, "a\nb\n");
        row("to nothing", "a\r\nb\r\n", u"a\nb\n"_s, u""_s, "");
        row("plain", "a\nb\n", u"a\nb\n"_s, u"a\nX\nb\n"_s, "a\nX\nb\n");
        row("no line end at the end", "a\nb", u"a\nb"_s, u"a\nb\nc"_s, "a\nb\nc");
        row("line end added", "a\r\nb", u"a\nb"_s, u"a\nb\n"_s, "a\r\nb\r\n");
        row("line end removed", "a\nb\n", u"a\nb\n"_s, u"a\nb"_s, "a\nb");
        row("CRLF", "a\r\nb\r\nc\r\n", u"a\nb\nc\n"_s, u"a\nX\nY\nc\n"_s, "a\r\nX\r\nY\r\nc\r\n");
        row("CRLF, inserted", "a\r\nb\r\n", u"a\nb\n"_s, u"a\nX\nb\n"_s, "a\r\nX\r\nb\r\n");
        row("mixed ends stay", "a\r\nb\nc\r\nd\n", u"a\nb\nc\nd\n"_s, u"a\nb\nC\nd\n"_s, "a\r\nb\nC\r\nd\n");
        row("mostly CRLF", "a\r\nb\r\nc\n", u"a\nb\nc\n"_s, u"a\nb\nc\nd\n"_s, "a\r\nb\r\nc\nd\r\n");
        row("lone CR", "a\rb\n", u"a\nb\n"_s, u"a\nb\nc\n"_s, "a\rb\nc\n");
        row("byte order mark", "\xEF\xBB\xBF" "a\nb\n", u"a\nb\n"_s, u"A\nb\n"_s, "\xEF\xBB\xBF" "A\nb\n");
        row("no UTF-8 in another line", "a\n# \xFF\nb\n", u"a\n# \uFFFD\nb\n"_s, u"X\n# \uFFFD\nb\n"_s, "X\n# \xFF\nb\n");
        row("no-break space", "a\xC2\xA0" "b\nc\n", u"a\u00A0b\nc\n"_s, u"a\u00A0b\nX\n"_s, "a\xC2\xA0" "b\nX\n");
        row("paragraph separator", "a\xE2\x80\xA9" "b\n", u"a\nb\n"_s, u"a\nX\n"_s, "a\xE2\x80\xA9X\n");
        row("other letters", "\xC3\xA4 = 1\n", u"ä = 1\n"_s, u"ä = 2\n"_s, "\xC3\xA4 = 2\n");
    }
    void bytes()
    {
        QFETCH(QByteArray, seen);
        QFETCH(QString, shown);
        QFETCH(QString, edited);
        const std::string bytes = seen.toStdString();
        QCOMPARE(shownText(bytes), shown);
        QTEST(QByteArray::fromStdString(editedBytes(bytes, edited)), "saved");
        QCOMPARE(QByteArray::fromStdString(editedBytes(bytes, shown)), seen); // nothing edited, nothing changed

        QPlainTextEdit editor;
        editor.setPlainText(shown);
        QCOMPARE(editorText(editor), shown);
    }
};

QTEST_MAIN(TestEditedText)
#include "t_editedtext.moc"
