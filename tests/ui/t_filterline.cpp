// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/filterline.h"

#include <QAbstractItemView>
#include <QAction>
#include <QCompleter>
#include <QSignalSpy>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using ui::FilterLine;

namespace {

QStringList names()
{
    return {u"TODO_LIST"_s, u"DB"_s};
}

QAction *trouble(const FilterLine &line)
{
    for (QAction *action : line.actions()) {
        if (action->toolTip().contains(u"status"_s))
            return action;
    }
    return nullptr;
}

} // namespace

class TestFilterLine final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void offers_data();
    void offers();
    void handsOverQueries();
    void tellsWhatIsWrong();
    void tabCompletes();
};

void TestFilterLine::offers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("offers");
    QTest::newRow("nothing") << QString() << QStringList();
    QTest::newRow("a key") << u"st"_s << QStringList{u"status:"_s};
    QTest::newRow("turned round") << u"/api -k"_s << QStringList{u"-kind:"_s};
    QTest::newRow("values") << u"kind:"_s << QStringList{u"kind:kv"_s, u"kind:r2"_s, u"kind:d1"_s, u"kind:cache"_s};
    QTest::newRow("begun value") << u"method:p"_s << QStringList{u"method:POST"_s, u"method:PUT"_s, u"method:PATCH"_s};
    QTest::newRow("second value") << u"kind:kv,d"_s << QStringList{u"kind:kv,d1"_s};
    QTest::newRow("bindings") << u"binding:t"_s << QStringList{u"binding:TODO_LIST"_s};
    QTest::newRow("whole value") << u"kind:kv"_s << QStringList();
    QTest::newRow("in quotes") << u"\"st"_s << QStringList();
    QTest::newRow("a word") << u"/api"_s << QStringList();
}

void TestFilterLine::offers()
{
    QFETCH(QString, text);
    FilterLine line(names);
    line.setText(text);
    QTEST(line.offers(), "offers");
}

void TestFilterLine::handsOverQueries()
{
    FilterLine line(names);
    QSignalSpy spy(&line, &FilterLine::queryChanged);
    QTest::keyClicks(&line, u"5xx kind:kv"_s);
    QTRY_COMPARE(spy.count(), 1);
    QCOMPARE(spy.at(0).at(0).value<events::RequestQuery>(), *events::RequestQuery::parse("5xx kind:kv"));
    line.clear();
    QTRY_COMPARE(spy.count(), 2);
    QVERIFY(spy.at(1).at(0).value<events::RequestQuery>().empty());
}

void TestFilterLine::tellsWhatIsWrong()
{
    FilterLine line(names);
    line.show();
    QSignalSpy spy(&line, &FilterLine::queryChanged);
    QTest::keyClicks(&line, u"status:zzz"_s);
    QTRY_VERIFY(trouble(line) && trouble(line)->isVisible());
    QCOMPARE(spy.count(), 0);
    line.setText(u"status:404"_s);
    QTRY_COMPARE(spy.count(), 1);
    QVERIFY(!trouble(line)->isVisible());
}

void TestFilterLine::tabCompletes()
{
    FilterLine line(names);
    line.show();
    QVERIFY(QTest::qWaitForWindowExposed(&line));
    line.setFocus();
    QTest::keyClicks(&line, u"/api bi"_s);
    auto *popup = line.findChild<QCompleter *>()->popup();
    QTRY_VERIFY(popup->isVisible());
    QTest::keyClick(&line, Qt::Key_Tab);
    QCOMPARE(line.text(), u"/api binding:"_s);
    QTRY_VERIFY(popup->isVisible());
    QTest::keyClicks(&line, u"d"_s);
    QTest::keyClick(&line, Qt::Key_Tab);
    QCOMPARE(line.text(), u"/api binding:DB "_s);
}

QTEST_MAIN(TestFilterLine)
#include "t_filterline.moc"
