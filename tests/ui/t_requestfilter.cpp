// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestfilter.h"

#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

class TestRequestFilter : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("fits");
        QTest::newRow("nothing") << u""_s << true;
        QTest::newRow("spaces") << u"   "_s << true;
        QTest::newRow("path") << u"todos"_s << true;
        QTest::newRow("case") << u"TODOS"_s << true;
        QTest::newRow("query") << u"page=2"_s << true;
        QTest::newRow("method") << u"post"_s << true;
        QTest::newRow("handler") << u"index.ts"_s << true;
        QTest::newRow("error") << u"undefined"_s << true;
        QTest::newRow("status") << u"503"_s << true;
        QTest::newRow("status class") << u"5xx"_s << true;
        QTest::newRow("status class, upper case") << u"5XX"_s << true;
        QTest::newRow("all words") << u"5xx post /api"_s << true;
        QTest::newRow("other status") << u"404"_s << false;
        QTest::newRow("other class") << u"2xx"_s << false;
        QTest::newRow("one word does not fit") << u"5xx get"_s << false;
        QTest::newRow("absent") << u"style.css"_s << false;
        QTest::newRow("digits that are no status") << u"12"_s << false;
    }
    void matches()
    {
        events::RequestEvent request;
        request.method = "POST";
        request.target = "/api/Todos?page=2";
        request.handler = "functions/api/index.ts";
        request.status = 503;
        request.error = "TypeError: x is undefined";
        QFETCH(QString, line);
        const ui::RequestFilter filter(line);
        QTEST(filter.matches(request), "fits");
        QCOMPARE(filter.empty(), line.trimmed().isEmpty());
        QCOMPARE(filter, ui::RequestFilter(line + u' '));
    }
};

QTEST_GUILESS_MAIN(TestRequestFilter)
#include "t_requestfilter.moc"
