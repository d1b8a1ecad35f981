// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/textview.h"
#include "ui/values/utf8.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QTest>

using namespace cleat::ui;
using namespace Qt::StringLiterals;

namespace {

ValueBytes bytesOf(std::string text)
{
    return std::make_shared<const std::string>(std::move(text));
}

QStringList allRows(const std::string &text, int cells)
{
    TextRows rows(bytesOf(text), cells);
    rows.build(SIZE_MAX);
    QStringList out;
    for (std::uint64_t i = 0; i < rows.count(); ++i) {
        const TextRows::Row row = rows.row(i);
        out << QString::fromUtf8(text.data() + row.begin, static_cast<qsizetype>(row.end - row.begin));
    }
    return out;
}

} // namespace

class TestTextView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void utf8_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("validUntil");
        QTest::addColumn<int>("validUntilCut");
        QTest::newRow("empty") << QByteArray() << 0 << 0;
        QTest::newRow("ascii") << QByteArray("hello, hello, hello") << 19 << 19;
        QTest::newRow("umlaut") << QByteArray("h\xC3\xA9llo") << 6 << 6;
        QTest::newRow("emoji") << QByteArray("\xF0\x9F\x98\x80") << 4 << 4;
        QTest::newRow("cut emoji") << QByteArray("abc\xF0\x9F\x98") << 3 << 6;
        QTest::newRow("cut then more") << QByteArray("abc\xF0\x9F\x98z") << 3 << 3;
        QTest::newRow("surrogate") << QByteArray("\xED\xA0\x80") << 0 << 0;
        QTest::newRow("overlong") << QByteArray("a\xC0\x80") << 1 << 1;
        QTest::newRow("overlong three") << QByteArray("a\xE0\x80\x80") << 1 << 1;
        QTest::newRow("beyond unicode") << QByteArray("a\xF4\x90\x80\x80") << 1 << 1;
        QTest::newRow("latin-1") << QByteArray("caf\xE9 au lait") << 3 << 3;
        QTest::newRow("nul") << QByteArray("a\0b", 3) << 3 << 3;
    }
    void utf8()
    {
        QFETCH(QByteArray, text);
        const std::string bytes = text.toStdString();
        QTEST(static_cast<int>(utf8ValidUntil(bytes)), "validUntil");
        QTEST(static_cast<int>(utf8ValidUntil(bytes, Utf8End::MayBeCut)), "validUntilCut");
    }

    void rows_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("cells");
        QTest::addColumn<QStringList>("rows");
        QTest::newRow("empty") << QByteArray() << 20 << QStringList{u""_s};
        QTest::newRow("one") << QByteArray("abc") << 20 << QStringList{u"abc"_s};
        QTest::newRow("last line empty") << QByteArray("abc\n") << 20 << QStringList{u"abc"_s, u""_s};
        QTest::newRow("only line ends") << QByteArray("\n\r\n\n") << 20 << QStringList{u""_s, u""_s, u""_s, u""_s};
        QTest::newRow("lone CR stays") << QByteArray("a\rb") << 20 << QStringList{u"a\rb"_s};
        QTest::newRow("broken at a gap") << QByteArray("hello wonderful") << 12 << QStringList{u"hello "_s, u"wonderful"_s};
        QTest::newRow("broken in a word") << QByteArray("abcdefghijklmno") << 8 << QStringList{u"abcdefgh"_s, u"ijklmno"_s};
        QTest::newRow("exactly full") << QByteArray("abcdefgh\nx") << 8 << QStringList{u"abcdefgh"_s, u"x"_s};
        QTest::newRow("wide") << QByteArray("日本語日本語") << 8 << QStringList{u"日本語日"_s, u"本語"_s};
    }
    void rows()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, cells);
        QTEST(allRows(text.toStdString(), cells), "rows");
    }

    /// Whatever the text, its rows are all of it, and each place is found in its row.
    void rowsHoldEverything()
    {
        std::string text;
        unsigned seed = 7;
        for (int i = 0; i < 30'000; ++i) {
            seed = seed * 1103515245 + 12345;
            static const std::string pieces[] = {"a", " ", "\n", "\t", "é", "日", "😀", "\r\n", "\xFF", "longword", std::string("\0", 1), "e\xCC\x81"};
            text += pieces[(seed >> 16) % 12];
        }
        const auto bytes = bytesOf(text);
        TextRows rows(bytes, 33);
        rows.build(1000);
        QVERIFY(!rows.isComplete());
        rows.build(SIZE_MAX);
        QVERIFY(rows.isComplete());
        std::size_t at = 0;
        TextRows::Spot spot = rows.spot(0);
        for (std::uint64_t i = 0; i < rows.count(); ++i) {
            QCOMPARE(rows.spot(i), spot);
            QCOMPARE(spot.row.begin, at);
            QVERIFY(spot.row.end >= spot.row.begin && spot.row.next >= spot.row.end);
            QCOMPARE(rows.rowAt(at), i);
            at = spot.row.next;
            if (i + 1 < rows.count())
                spot = rows.after(spot);
        }
        QCOMPARE(at, text.size());
        QCOMPARE(spot.line, rows.lines());
    }

    void unseenIsMarked()
    {
        const ShownRow row = shownRow(std::string_view("a\0\x1b\x7f\xFF\xE2\x80\xAE", 8));
        QCOMPARE(row.text, u"a␀␛␡\uFFFD⟨202e⟩"_s);
        QCOMPARE(row.offsets.size(), static_cast<std::size_t>(row.text.size()) + 1);
        QVERIFY(!row.marked[0] && row.marked[1]);
        QCOMPARE(row.offsets.back(), 8U);
    }

    void keysSelectAndCopy()
    {
        TextView view;
        view.resize(500, 300);
        view.setBytes(bytesOf("first line\r\nsecond é😀 line\nthird"));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_End, Qt::ShiftModifier);
        QCOMPARE(view.selectedText(), u"second é😀 line"_s);
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"second é😀 line"_s);
        QTest::keyClick(&view, Qt::Key_Home, Qt::ControlModifier);
        QTest::keyClick(&view, Qt::Key_End);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(view.selectedText(), u"\r\n"_s);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(view.selectedText(), u"\r\nsecond"_s);
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(view.selectionEnd() - view.selectionBegin(), view.rows().bytes()->size());
        QTest::keyClick(&view, Qt::Key_End, Qt::ControlModifier);
        for (int i = 0; i < 200; ++i)
            QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.selectionBegin(), std::size_t(0));
    }

    void mouseSelects()
    {
        TextView view;
        view.resize(500, 300);
        view.setBytes(bytesOf("alpha beta gamma\nzwei\n"));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        const int cell = view.fontMetrics().horizontalAdvance(u'0');
        const int y = view.fontMetrics().height() / 2;
        QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, QPoint(6 + cell * 8, y));
        QCOMPARE(view.selectedText(), u"beta"_s);
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, QPoint(6, y));
        QTest::mouseMove(view.viewport(), QPoint(6 + cell * 5, y));
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, QPoint(6 + cell * 5, y));
        QCOMPARE(view.selectedText(), u"alpha"_s);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(200, 280));
        QCOMPARE(view.selectionBegin(), view.rows().bytes()->size());
    }

    void finds_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("wish");
        QTest::addColumn<bool>("capitals");
        QTest::addColumn<QList<int>>("hits");
        QTest::newRow("plain") << QByteArray("abcABCabc") << u"abc"_s << true << QList<int>{0, 6};
        QTest::newRow("capitals ignored") << QByteArray("abcABCabc") << u"aBc"_s << false << QList<int>{0, 3, 6};
        QTest::newRow("no overlap") << QByteArray("aaaa") << u"aa"_s << false << QList<int>{0, 2};
        QTest::newRow("other script") << QByteArray("é x É") << u"É"_s << false << QList<int>{0, 5};
        QTest::newRow("cyrillic") << QByteArray("привет ПРИВЕТ") << u"Привет"_s << false << QList<int>{0, 13};
        QTest::newRow("behind bytes that are no text") << QByteArray("\xFF\xFEz\xC3\xA9") << u"É"_s << false << QList<int>{3};
        QTest::newRow("none") << QByteArray("abc") << u"abcd"_s << false << QList<int>{};
    }
    void finds()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, wish);
        QFETCH(bool, capitals);
        QList<int> found;
        const FindWish what = {wish, capitals ? FindWish::Capitals::Matched : FindWish::Capitals::Ignored, FindWish::Means::Text};
        for (const ByteHits::Hit &hit : findBytes(text.toStdString(), what).hits)
            found << static_cast<int>(hit.begin);
        QTEST(found, "hits");
    }

    void findsAcrossSlices()
    {
        std::string text(3 << 20, 'x');
        for (const std::size_t at : {(1U << 20) - 2, (2U << 20) - 1, (3U << 20) - 4})
            text.replace(at, 4, "nEEd");
        QCOMPARE(findBytes(text, {u"need"_s}).hits.size(), std::size_t(3));
        for (const std::size_t at : {(1U << 20) - 2, (2U << 20) - 1})
            text.replace(at, 4, "éé");
        QCOMPARE(findBytes(text, {u"ÉÉ"_s}).hits.size(), std::size_t(2));
    }

    void wrapKeepsThePlace()
    {
        std::string text;
        for (int i = 0; i < 20'000; ++i)
            text += "line " + std::to_string(i) + " with some more words in it, so that it is broken when the view is narrow\n";
        TextView view;
        view.resize(300, 300);
        view.setBytes(bytesOf(text));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QTRY_VERIFY(!view.isReading());
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 2);
        const std::size_t top = view.rows().row(static_cast<std::uint64_t>(view.verticalScrollBar()->value())).begin;
        view.setWrap(TextView::Wrap::Off);
        QTRY_VERIFY(!view.isReading());
        QCOMPARE(view.rows().lines(), 20'001U);
        const TextRows::Row row = view.rows().row(static_cast<std::uint64_t>(view.verticalScrollBar()->value()));
        QVERIFY2(row.begin <= top && row.next > top, qPrintable(u"%1 %2 %3"_s.arg(row.begin).arg(top).arg(row.next)));
        QTRY_VERIFY(view.horizontalScrollBar()->maximum() > 0);
    }
};

QTEST_MAIN(TestTextView)
#include "t_textview.moc"
