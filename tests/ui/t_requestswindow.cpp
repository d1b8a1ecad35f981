// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowbench.h"

#include <QLineEdit>
#include <QNetworkReply>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTableView>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::State;
using tests::WindowBench;

namespace {

enum Column { Time, Method, Path, Status, Duration, Size, Calls };

QString cell(const QTableView &table, int row, int column)
{
    return table.model()->index(row, column).data().toString();
}

} // namespace

class TestRequestsWindow : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void showsCallsOfARequest()
    {
        WindowBench bench;
        bench.click(u"Requests"_s);
        QVERIFY(bench.shows(u"No requests yet"_s));
        QVERIFY(bench.shows(u"<a href=\"%1\">"_s.arg(bench.session->url().toString())));

        QCOMPARE(bench.request("POST", u"/api/tasks"_s, R"({"title":"Paint the boat"})").status, 201);
        QCOMPARE(bench.get(u"/api/tasks"_s).status, 200);
        QTRY_VERIFY(bench.table(u"Requests"_s) && bench.table(u"Requests"_s)->model()->rowCount() == 2);
        QTableView *requests = bench.table(u"Requests"_s);
        QCOMPARE(cell(*requests, 0, Method), u"POST"_s);
        QCOMPARE(cell(*requests, 0, Path), u"/api/tasks"_s);
        QCOMPARE(cell(*requests, 0, Status), u"201"_s);
        QTRY_COMPARE(cell(*requests, 0, Calls), u"1"_s);
        QTRY_COMPARE(cell(*requests, 1, Calls), u"1"_s);

        WindowBench::clickRow(*requests, 0);
        QVERIFY(bench.shows(u"POST %1/api/tasks"_s.arg(bench.session->url().toString())));
        QVERIFY(bench.shows(u"functions/api/tasks/index.ts"_s));
        QTableView *calls = bench.table(u"Binding calls of the request"_s);
        QVERIFY(calls);
        QCOMPARE(calls->model()->rowCount(), 1);
        QCOMPARE(cell(*calls, 0, 0), u"KV TODO_LIST.put"_s);
        QVERIFY(bench.text(u"Arguments"_s)->toPlainText().contains(u"Paint the boat"_s));

        WindowBench::clickRow(*requests, 1);
        QCOMPARE(cell(*calls, 0, 0), u"KV TODO_LIST.list"_s);
        WindowBench::clickRow(*calls, 0);
        QVERIFY(bench.text(u"Arguments"_s)->toPlainText().contains(u"\"prefix\": \"task:\""_s));
        QVERIFY(bench.text(u"Result"_s)->toPlainText().contains(u"\"list_complete\": true"_s));

        QVERIFY(bench.showTab(u"Console (1)"_s));
        QVERIFY(bench.shows(u"GET /api/tasks -> 200"_s));
        QVERIFY(bench.shows(u"_middleware.ts:10"_s));
        const QPixmap shown = bench.window->grab(); // painted without complaint
        QCOMPARE(shown.size(), bench.window->size());
    }

    void showsExceptions()
    {
        WindowBench bench;
        bench.click(u"Requests"_s);
        QCOMPARE(bench.get(u"/error"_s).status, 500);
        QTRY_VERIFY(bench.table(u"Requests"_s));
        WindowBench::clickRow(*bench.table(u"Requests"_s), 0);
        QTRY_VERIFY(bench.showTab(u"Exceptions (1)"_s));
        QVERIFY(bench.shows(u"This is what an uncaught error looks like"_s));
        QVERIFY(bench.shows(u"functions/error.ts:3"_s));
    }

    void takesInWhatHappenedWhileHidden()
    {
        WindowBench bench;
        for (int i = 0; i < 5; ++i)
            QCOMPARE(bench.get(u"/hello"_s).status, 200);
        bench.click(u"Requests"_s);
        QTRY_VERIFY(bench.table(u"Requests"_s) && bench.table(u"Requests"_s)->model()->rowCount() == 5);
    }

    void pausesFollowsClearsAndFilters()
    {
        WindowBench bench;
        bench.click(u"Requests"_s);
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
        QTRY_VERIFY(bench.table(u"Requests"_s));
        const QAbstractItemModel &model = *bench.table(u"Requests"_s)->model();
        bench.click(u"Pause"_s);
        QCOMPARE(bench.get(u"/api/tasks"_s).status, 200);
        QTest::qWait(200);
        QCOMPARE(model.rowCount(), 1);
        bench.click(u"Pause"_s);
        QTRY_COMPARE(model.rowCount(), 2);

        QVERIFY(bench.button(u"Follow"_s)->isChecked());
        WindowBench::clickRow(*bench.table(u"Requests"_s), 0);
        QVERIFY(!bench.button(u"Follow"_s)->isChecked());
        QTest::keyClick(bench.table(u"Requests"_s), Qt::Key_Escape);
        QVERIFY(bench.button(u"Follow"_s)->isChecked());

        bench.press(Qt::Key_F, Qt::ControlModifier);
        auto *filter = qobject_cast<QLineEdit *>(bench.window->focusWidget());
        QVERIFY(filter);
        QTest::keyClicks(filter, u"tasks 2xx"_s);
        QTRY_COMPARE(model.rowCount(), 1);
        QVERIFY(bench.shows(u"1 of 2"_s));
        filter->clear();
        QTRY_COMPARE(model.rowCount(), 2);

        bench.click(u"Clear"_s);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(bench.shows(u"No requests yet"_s));
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
        QTRY_COMPARE(model.rowCount(), 1);
    }

    void showsARequestThatRuns()
    {
        WindowBench bench;
        bench.write("functions/wait.ts", "export const onRequestGet = () => new Promise((done) => setTimeout(() => done(new Response('late')), 60000));\n");
        bench.write("functions/ready.ts", "export const onRequestGet = () => new Response('ready');\n");
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/ready"_s).body, "ready", 20'000);
        bench.click(u"Requests"_s);
        bench.click(u"Clear"_s);
        const auto reply = bench.begin("GET", u"/wait"_s);
        QTRY_VERIFY(bench.table(u"Requests"_s));
        QTableView *requests = bench.table(u"Requests"_s);
        QCOMPARE(cell(*requests, 0, Path), u"/wait"_s);
        QCOMPARE(cell(*requests, 0, Duration), u"running"_s);
        QCOMPARE(cell(*requests, 0, Status), QString());
        WindowBench::clickRow(*requests, 0);
        QVERIFY(bench.shows(u"running"_s));

        bench.click(u"Restart"_s); // waits for it a while, then breaks it off
        QVERIFY(bench.waitFor(State::Running));
        QTRY_VERIFY(reply->isFinished());
        QTRY_VERIFY(cell(*requests, 0, Duration) != u"running"_s);
        QVERIFY(bench.shows(u"The project was stopped before the request was answered."_s));
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
    }
};

QTEST_MAIN(TestRequestsWindow)
#include "t_requestswindow.moc"
