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

QStringList values(const QString &key)
{
    if (key == u"binding:"_s)
        return {u"TODO_LIST"_s, u"DB"_s};
    if (key == u"path:"_s)
        return {u"/api/tasks"_s, u"/a b"_s, u"/hello"_s};
    if (key == u"header."_s)
        return {u"accept"_s, u"content-type"_s};
    if (key == u"status:"_s)
        return {u"200"_s, u"418"_s};
    return {};
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
    void offersLinesOfBefore();
    void tellsWhatWasUsed();
    void terms();
};

void TestFilterLine::offers_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("offers");
    QTest::newRow("nothing") << QString() << QStringList();
    QTest::newRow("a key") << u"st"_s << QStringList{u"status:"_s};
    QTest::newRow("turned round") << u"/api -k"_s << QStringList{u"-kind:"_s};
    QTest::newRow("values") << u"kind:"_s << QStringList{u"kind:kv"_s, u"kind:r2"_s, u"kind:d1"_s, u"kind:do"_s, u"kind:storage"_s, u"kind:queue"_s, u"kind:vectorize"_s, u"kind:hyperdrive"_s, u"kind:analytics"_s, u"kind:cache"_s, u"kind:fetch"_s, u"kind:connect"_s, u"kind:service"_s};
    QTest::newRow("begun value") << u"method:p"_s << QStringList{u"method:POST"_s, u"method:PUT"_s, u"method:PATCH"_s};
    QTest::newRow("second value") << u"kind:kv,d"_s << QStringList{u"kind:kv,d1"_s, u"kind:kv,do"_s};
    QTest::newRow("bindings") << u"binding:t"_s << QStringList{u"binding:TODO_LIST"_s};
    QTest::newRow("seen values come behind the usual ones, once") << u"status:4"_s << QStringList{u"status:4xx"_s, u"status:404"_s, u"status:418"_s};
    QTest::newRow("paths by any part") << u"path:task"_s << QStringList{u"path:/api/tasks"_s};
    QTest::newRow("a value with a space") << u"path:/a%"_s << QStringList();
    QTest::newRow("in quotes where it needs them") << u"path:/a"_s << QStringList{u"path:/api/tasks"_s, u"path:\"/a b\""_s};
    QTest::newRow("names of headers") << u"-header.c"_s << QStringList{u"-header.content-type:"_s};
    QTest::newRow("a name is to come") << u"head"_s << QStringList{u"header."_s};
    QTest::newRow("environments") << u"env:p"_s << QStringList{u"env:production"_s, u"env:preview"_s};
    QTest::newRow("whole value") << u"kind:kv"_s << QStringList();
    QTest::newRow("in quotes") << u"\"st"_s << QStringList();
    QTest::newRow("a word") << u"/api"_s << QStringList();
}

void TestFilterLine::offers()
{
    QFETCH(QString, text);
    FilterLine line(values);
    line.setText(text);
    QTEST(line.offers(), "offers");
}

void TestFilterLine::handsOverQueries()
{
    FilterLine line(values);
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
    FilterLine line(values);
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
    FilterLine line(values);
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

void TestFilterLine::offersLinesOfBefore()
{
    FilterLine line(values);
    line.setHistory({u"5xx kind:kv"_s, u"/api"_s});
    line.show();
    QVERIFY(QTest::qWaitForWindowExposed(&line));
    line.setFocus();
    QSignalSpy spy(&line, &FilterLine::queryChanged);
    QTest::keyClick(&line, Qt::Key_Down);
    auto *popup = line.findChild<QCompleter *>()->popup();
    QTRY_VERIFY(popup->isVisible());
    QCOMPARE(popup->model()->rowCount(), 2);
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QTRY_COMPARE(line.text(), u"5xx kind:kv"_s);
    QCOMPARE(spy.count(), 1); // at once
    QVERIFY(!popup->isVisible());
}

void TestFilterLine::tellsWhatWasUsed()
{
    FilterLine line(values);
    line.show();
    QVERIFY(QTest::qWaitForWindowExposed(&line));
    line.setFocus();
    QSignalSpy used(&line, &FilterLine::used);
    QSignalSpy trouble(&line, &FilterLine::troubleChanged);
    QSignalSpy left(&line, &FilterLine::left);
    QTest::keyClicks(&line, u"5xx "_s);
    QTest::keyClick(&line, Qt::Key_Return);
    QCOMPARE(used.count(), 1);
    QCOMPARE(used.at(0).at(0).toString(), u"5xx"_s);
    QTest::keyClicks(&line, u"dur:soon "_s);
    QTest::keyClick(&line, Qt::Key_Return);
    QCOMPARE(used.count(), 1); // it makes no sense
    QCOMPARE(trouble.count(), 1);
    QVERIFY(!line.trouble().isEmpty());
    line.use(u"/api"_s);
    QCOMPARE(used.count(), 2);
    QCOMPARE(trouble.count(), 2);
    QVERIFY(line.trouble().isEmpty());
    QTest::keyClick(&line, Qt::Key_Escape);
    QCOMPARE(left.count(), 1);
    QCOMPARE(line.text(), u"/api"_s);
}

void TestFilterLine::terms()
{
    QCOMPARE(FilterLine::term(u"path:"_s, u"/x"_s), u"path:/x"_s);
    for (const QString &value : {u"/a b"_s, u"/a,b"_s, u"/x"_s}) {
        events::RequestEvent event;
        event.target = value.toStdString();
        const auto query = events::RequestQuery::parse(FilterLine::term(u"path:"_s, value).toStdString());
        QVERIFY(query);
        QVERIFY2(query->matches({event, {}, {}, {}}), qPrintable(value));
        event.target = "/other";
        QVERIFY(!query->matches({event, {}, {}, {}}));
    }
}

QTEST_MAIN(TestFilterLine)
#include "t_filterline.moc"
