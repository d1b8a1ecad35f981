// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/hexview.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QScrollBar>
#include <QTest>

using namespace cleat::ui;
using namespace Qt::StringLiterals;

class TestHexView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hexDigits_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("spaced") << u"de AD  be"_s << QByteArray("\xDE\xAD\xBE");
        QTest::newRow("prefixed") << u"0xff00"_s << QByteArray("\xFF\0", 2);
        QTest::newRow("half a byte") << u"abc"_s << QByteArray();
        QTest::newRow("no digits") << u"xy"_s << QByteArray();
        QTest::newRow("nothing") << u" "_s << QByteArray();
    }
    void hexDigits()
    {
        QFETCH(QString, text);
        QTEST(QByteArray::fromStdString(parseHex(text).value_or(std::string())), "bytes");
    }

    void keysAndCopy()
    {
        HexView view;
        view.resize(900, 200);
        std::string all;
        for (int i = 0; i < 1000; ++i)
            all += static_cast<char>(i);
        view.setBytes(std::make_shared<const std::string>(all));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setFocus();
        QCOMPARE(view.rowBytes(), 16);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"10 11 12"_s);
        QTest::keyClick(&view, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(view.selectionBegin(), std::size_t(999));
        QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(view.selectionEnd(), std::size_t(1000));
    }

    void narrowHasFewerColumns()
    {
        HexView view;
        view.resize(330, 200);
        view.setBytes(std::make_shared<const std::string>(100, 'x'));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QVERIFY(view.rowBytes() < 16);
    }

    void empty()
    {
        HexView view;
        view.resize(500, 200);
        view.setBytes(std::make_shared<const std::string>());
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        for (const Qt::Key key : {Qt::Key_Down, Qt::Key_End, Qt::Key_Left, Qt::Key_PageUp})
            QTest::keyClick(&view, key, Qt::ControlModifier);
        QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(150, 5));
        QCOMPARE(view.selectionEnd(), std::size_t(0));
        QVERIFY(view.selectedText().isEmpty());
    }

    void findsBytes()
    {
        HexView view;
        view.resize(700, 200);
        std::string all(5'000'000, '\0');
        all.replace(3'000'000, 3, "\xDE\xAD\xBE");
        view.setBytes(std::make_shared<const std::string>(all));
        view.show();
        FindState state;
        view.findStateChanged = [&state](const FindState &now) { state = now; };
        view.find({u"dea"_s, FindWish::Capitals::Ignored, FindWish::Means::Bytes});
        QVERIFY(!state.problem.isEmpty());
        view.find({u"dead"_s, FindWish::Capitals::Ignored, FindWish::Means::Bytes});
        QTRY_COMPARE(state.count, std::size_t(1));
        QCOMPARE(view.selectionBegin(), std::size_t(3'000'000));
        QCOMPARE(view.selectionEnd(), std::size_t(3'000'002));
    }
};

QTEST_MAIN(TestHexView)
#include "t_hexview.moc"
