// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowbench.h"
#include "ui/requests/filterline.h"
#include "ui/requests/requestspane.h"
#include "ui/requests/trafficchart.h"
#include "ui/widgets/rowview.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QNetworkReply>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSettings>
#include <QTreeView>
#include <QTableView>
#include <QToolButton>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::State;
using tests::WindowBench;

namespace {

enum Column { Time, Method, Path, Status, Duration, Size, Calls };

QString cell(const QAbstractItemView &table, int row, int column)
{
    return table.model()->index(row, column).data().toString();
}

/// With a mouse: the row of the waterfall.
bool chooseSpan(const WindowBench &bench, const QString &text)
{
    for (auto *tree : bench.window->findChildren<QTreeView *>()) {
        if (!tree->isVisible() || tree->accessibleName() != u"What the request did, by time"_s)
            continue;
        const QModelIndexList found = tree->model()->match(tree->model()->index(0, 0), Qt::DisplayRole, text, 1, Qt::MatchExactly | Qt::MatchRecursive);
        if (found.isEmpty())
            return false;
        tree->scrollTo(found.first());
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(found.first()).center());
        return tree->currentIndex() == found.first();
    }
    return false;
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
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 2);
        ui::RowView *requests = bench.rows(u"Requests"_s);
        QCOMPARE(cell(*requests, 0, Method), u"POST"_s);
        QCOMPARE(cell(*requests, 0, Path), u"/api/tasks"_s);
        QCOMPARE(cell(*requests, 0, Status), u"201"_s);
        QTRY_COMPARE(cell(*requests, 0, Calls), u"1"_s);
        QTRY_COMPARE(cell(*requests, 1, Calls), u"1"_s);

        WindowBench::clickRow(*requests, 0);
        QVERIFY(bench.shows(u"POST %1/api/tasks"_s.arg(bench.session->url().toString())));
        QVERIFY(bench.shows(u"functions/api/tasks/index.ts"_s));
        QVERIFY(bench.shows(u"KV TODO_LIST.put"_s));
        QVERIFY(chooseSpan(bench, u"KV TODO_LIST.put"_s));
        QTRY_VERIFY(bench.shows(u"Paint the boat"_s));

        WindowBench::clickRow(*requests, 1);
        QTRY_VERIFY(bench.shows(u"KV TODO_LIST.list"_s));
        QVERIFY(chooseSpan(bench, u"KV TODO_LIST.list"_s));
        QTRY_VERIFY(bench.shows(u"task:"_s));
        QTRY_VERIFY(bench.shows(u"list_complete"_s));

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
        QTRY_VERIFY(bench.rows(u"Requests"_s));
        WindowBench::clickRow(*bench.rows(u"Requests"_s), 0);
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
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 5);
    }

    void pausesFollowsClearsAndFilters()
    {
        WindowBench bench;
        bench.click(u"Requests"_s);
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
        QTRY_VERIFY(bench.rows(u"Requests"_s));
        const QAbstractItemModel &model = *bench.rows(u"Requests"_s)->model();
        bench.click(u"Pause"_s);
        QCOMPARE(bench.get(u"/api/tasks"_s).status, 200);
        QTest::qWait(200);
        QCOMPARE(model.rowCount(), 1);
        bench.click(u"Pause"_s);
        QTRY_COMPARE(model.rowCount(), 2);

        QVERIFY(bench.button(u"Follow"_s)->isChecked());
        WindowBench::clickRow(*bench.rows(u"Requests"_s), 0);
        QVERIFY(!bench.button(u"Follow"_s)->isChecked());
        QTest::keyClick(bench.rows(u"Requests"_s), Qt::Key_Escape);
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
        QTRY_COMPARE(model.rowCount(), 0);
        QTRY_VERIFY(bench.shows(u"No requests yet"_s));
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
        QTRY_COMPARE(model.rowCount(), 1);
    }

    void filtersWithWordsThatWereSeen()
    {
        WindowBench bench;
        QCOMPARE(bench.get(u"/api/tasks"_s).status, 200);
        QCOMPARE(bench.get(u"/error"_s).status, 500);
        bench.click(u"Requests"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 2);
        bench.rows(u"Requests"_s)->setFocus();
        QTest::keyClicks(bench.rows(u"Requests"_s), u"/"_s);
        auto *filter = qobject_cast<ui::FilterLine *>(bench.window->focusWidget());
        QVERIFY(filter);
        QCOMPARE(filter->text(), QString());
        QTRY_VERIFY((filter->setText(u"path:err"_s), filter->offers().contains(u"path:/error"_s)));
        filter->clear();
        QTest::keyClicks(filter, u"status:wrong "_s);
        QTRY_VERIFY(bench.shows(u"status"_s)); // what is wrong, in place
        QCOMPARE(bench.rows(u"Requests"_s)->model()->rowCount(), 2);
        filter->clear();
        QTest::keyClicks(filter, u"path:/none "_s);
        QTRY_VERIFY(bench.shows(u"No request fits"_s));
        QTest::keyClick(filter, Qt::Key_Escape);
        bench.click(u"Clear filter"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s));
        QCOMPARE(bench.rows(u"Requests"_s)->model()->rowCount(), 2);
        QCOMPARE(filter->text(), QString());
    }

    void keepsFilters()
    {
        WindowBench bench;
        bench.click(u"Requests"_s);
        auto *filter = bench.window->findChild<ui::FilterLine *>();
        auto *saved = qobject_cast<QToolButton *>(bench.button(u"Saved filters"_s));
        QVERIFY(filter && saved);
        const auto entry = [&](const QString &text, const QMenu *menu) -> QAction * {
            for (QAction *action : menu->actions()) {
                if (action->text().startsWith(text))
                    return action;
            }
            return nullptr;
        };
        const auto refill = [&] { Q_EMIT saved->menu()->aboutToShow(); };
        refill();
        QVERIFY(!entry(u"Save this filter"_s, saved->menu())->isEnabled());
        filter->setFocus();
        QTest::keyClicks(filter, u"5xx kind:kv "_s);
        QTest::keyClick(filter, Qt::Key_Return);
        refill();
        entry(u"Save this filter"_s, saved->menu())->trigger();
        QDialog *dialog = bench.dialog();
        QVERIFY(dialog);
        QTest::keyClicks(dialog->focusWidget(), u"Broken & slow"_s);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(!dialog->isVisible());
        bench.reopen();
        bench.click(u"Requests"_s);
        filter = bench.window->findChild<ui::FilterLine *>();
        saved = qobject_cast<QToolButton *>(bench.button(u"Saved filters"_s));
        refill();
        QVERIFY(entry(u"5xx kind:kv"_s, saved->menu())); // used lately
        QAction *use = entry(u"Broken && slow"_s, saved->menu());
        QVERIFY(use);
        use->trigger();
        QCOMPARE(filter->text(), u"5xx kind:kv"_s);
        refill();
        entry(u"Rename"_s, saved->menu())->menu()->actions().constFirst()->trigger();
        dialog = bench.dialog();
        QVERIFY(dialog);
        QTest::keyClicks(dialog->focusWidget(), u"Other"_s);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        QTRY_VERIFY(!dialog->isVisible());
        refill();
        QVERIFY(entry(u"Other"_s, saved->menu()));
        entry(u"Delete"_s, saved->menu())->menu()->actions().constFirst()->trigger();
        dialog = bench.dialog();
        QVERIFY(dialog);
        QTest::mouseClick(bench.button(u"Delete"_s, dialog), Qt::LeftButton);
        QTRY_VERIFY(!dialog->isVisible());
        refill();
        QVERIFY(!entry(u"Other"_s, saved->menu()));
    }

    void sortsAndKeepsColumns()
    {
        WindowBench bench;
        for (const QString &target : {u"/hello"_s, u"/api/tasks"_s, u"/nowhere"_s})
            bench.get(target);
        bench.click(u"Requests"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 3);
        ui::RowView *table = bench.rows(u"Requests"_s);
        WindowBench::clickRow(*table, 0);
        const auto clickHeader = [&](int column) {
            QTest::mouseClick(table->header()->viewport(), Qt::LeftButton, {}, {table->header()->sectionViewportPosition(column) + 12, 8});
        };
        clickHeader(Path);
        QTRY_COMPARE(cell(*table, 0, Path), u"/api/tasks"_s);
        QTRY_COMPARE(table->currentIndex().row(), 1); // the selected one is /hello still
        QVERIFY(bench.shows(u"GET %1/hello"_s.arg(bench.session->url().toString())));
        QVERIFY(!bench.button(u"Follow"_s)->isEnabled());
        bench.get(u"/a-new-one"_s); // finds its place
        QTRY_COMPARE(cell(*table, 0, Path), u"/a-new-one"_s);
        clickHeader(Path);
        QTRY_COMPARE(cell(*table, 0, Path), u"/nowhere"_s);
        clickHeader(Status);
        QTRY_COMPARE(cell(*table, 0, Status), u"200"_s);
        clickHeader(Time);
        QTRY_COMPARE(cell(*table, 0, Path), u"/hello"_s);
        QVERIFY(bench.button(u"Follow"_s)->isEnabled());
        clickHeader(Time); // the newest above
        QTRY_COMPARE(cell(*table, 0, Path), u"/a-new-one"_s);
        bench.get(u"/newer"_s);
        QTRY_COMPARE(cell(*table, 0, Path), u"/newer"_s);

        constexpr int host = 8;
        QVERIFY(table->header()->isSectionHidden(host));
        Q_EMIT table->header()->customContextMenuRequested({10, 10});
        QMenu *menu = table->findChild<QMenu *>();
        QVERIFY(menu);
        for (QAction *action : menu->actions()) {
            if (action->text() == u"Host"_s)
                action->trigger();
        }
        menu->close();
        QVERIFY(!table->header()->isSectionHidden(host));
        table->header()->resizeSection(host, 111);
        table->header()->moveSection(table->header()->visualIndex(host), 0);
        bench.window->close();
        bench.reopen();
        bench.click(u"Requests"_s);
        const auto tables = bench.window->findChildren<ui::RowView *>();
        const auto again = std::find_if(tables.begin(), tables.end(), [](const ui::RowView *one) { return one->accessibleName() == u"Requests"_s; });
        QVERIFY(again != tables.end());
        QCOMPARE((*again)->header()->sectionSize(host), 111);
        QCOMPARE((*again)->header()->visualIndex(host), 0);
        QCOMPARE((*again)->header()->sortIndicatorOrder(), Qt::DescendingOrder);
    }

    void copies()
    {
        WindowBench bench;
        for (const QString &target : {u"/hello"_s, u"/error?x=1"_s, u"/hello"_s})
            bench.get(target);
        bench.click(u"Requests"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 3);
        ui::RowView *table = bench.rows(u"Requests"_s);
        WindowBench::clickRow(*table, 1);
        QTest::keySequence(table, QKeySequence::Copy);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"/error?x=1"_s);
        WindowBench::clickRow(*table, 2, Qt::ShiftModifier);
        QTest::keySequence(table, QKeySequence::Copy);
        QTRY_COMPARE(QGuiApplication::clipboard()->text().count(u'\n'), 2);
        const QStringList cells = QGuiApplication::clipboard()->text().section(u'\n', 0, 0).split(u'\t');
        QCOMPARE(cells.size(), 7);
        QCOMPARE(cells[Path], u"/error?x=1"_s);
        QCOMPARE(cells[Status], u"500"_s);
    }

    void followsOrStays()
    {
        WindowBench bench;
        bench.click(u"Requests"_s);
        for (int i = 0; i < 60; ++i)
            bench.get(u"/hello?%1"_s.arg(i));
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 60);
        ui::RowView *table = bench.rows(u"Requests"_s);
        QTRY_COMPARE(table->lastRow(), 59);
        QVERIFY(table->firstRow() > 0);
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Up); // the newest, and stays there
        QCOMPARE(table->currentIndex().row(), 59);
        QTest::keyClick(table, Qt::Key_Home);
        QCOMPARE(table->firstRow(), 0);
        QVERIFY(!bench.button(u"Follow"_s)->isChecked());
        bench.get(u"/hello?new"_s);
        QTRY_COMPARE(table->model()->rowCount(), 61);
        QCOMPARE(table->firstRow(), 0);
        QAbstractButton *pill = bench.button(u"Jump to newest"_s);
        QVERIFY(pill);
        QCOMPARE(pill->text(), u"1 new request ↓"_s);
        bench.get(u"/hello?newer"_s);
        QTRY_COMPARE(pill->text(), u"2 new requests ↓"_s);
        QTest::mouseClick(pill, Qt::LeftButton);
        QVERIFY(!pill->isVisible());
        QCOMPARE(table->lastRow(), 61);
        QVERIFY(bench.button(u"Follow"_s)->isChecked());
        QWheelEvent wheel({50, 50}, table->viewport()->mapToGlobal(QPointF(50, 50)), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(table->viewport(), &wheel);
        QVERIFY(!bench.button(u"Follow"_s)->isChecked());
        const int first = table->firstRow();
        bench.get(u"/hello?newest"_s);
        QTRY_COMPARE(table->model()->rowCount(), 63);
        QCOMPARE(table->firstRow(), first);
        QTest::keyClick(table, Qt::Key_End);
        QVERIFY(bench.button(u"Follow"_s)->isChecked());
        QCOMPARE(table->lastRow(), 62);
    }

    void groupsByPath()
    {
        WindowBench bench;
        for (int i = 0; i < 3; ++i)
            bench.get(u"/hello?%1"_s.arg(i));
        bench.request("POST", u"/api/tasks"_s, R"({"title":"x"})");
        bench.click(u"Requests"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 4);
        bench.click(u"By path"_s);
        QTRY_VERIFY(bench.rows(u"Requests by path"_s) && bench.rows(u"Requests by path"_s)->model()->rowCount() == 2);
        ui::RowView *paths = bench.rows(u"Requests by path"_s);
        QCOMPARE(cell(*paths, 0, 1), u"/hello"_s);
        QCOMPARE(cell(*paths, 0, 2), u"3"_s);
        QVERIFY(bench.shows(u"2 paths"_s));
        bench.get(u"/hello"_s);
        QTRY_COMPARE(cell(*paths, 0, 2), u"4"_s);
        QTest::mouseDClick(paths->viewport(), Qt::LeftButton, {}, paths->visualRect(paths->model()->index(1, 1)).center());
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 1);
        QCOMPARE(bench.window->findChild<ui::FilterLine *>()->text(), u"method:POST path:/api/tasks"_s);
        QVERIFY(bench.shows(u"1 of 5"_s));
    }

    void choosesATime()
    {
        WindowBench bench;
        bench.click(u"Requests"_s);
        bench.get(u"/hello"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s));
        auto *chart = bench.window->findChild<ui::TrafficChart *>();
        QVERIFY(chart && chart->isVisible());
        QTRY_VERIFY(bench.shows(u"req/s"_s) && chart->barAt(chart->plot().center().x()) >= 0);
        const int y = chart->plot().center().y();
        QTest::mousePress(chart, Qt::LeftButton, {}, {chart->plot().right() - 30, y}); // where nothing was
        QTest::mouseMove(chart, {chart->plot().right() - 10, y});
        QTest::mouseRelease(chart, Qt::LeftButton, {}, {chart->plot().right() - 10, y});
        QTRY_VERIFY(bench.shows(u"No request fits"_s));
        QAbstractButton *chip = nullptr;
        for (QToolButton *button : bench.window->findChildren<QToolButton *>()) {
            if (button->isVisible() && button->text().contains(u" to "_s))
                chip = button;
        }
        QVERIFY(chip);
        QTest::mouseClick(chip, Qt::LeftButton);
        QTRY_VERIFY(bench.rows(u"Requests"_s));
        QVERIFY(!chip->isVisible());
        QVERIFY(!chart->chosen());
    }

    void takesActionsOfOthers()
    {
        WindowBench bench;
        for (int i = 0; i < 3; ++i)
            bench.get(u"/hello"_s);
        bench.click(u"Requests"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 3);
        auto *pane = bench.window->findChild<ui::RequestsPane *>();
        QAction replay(u"Replay"_s);
        QAction compose(u"Compose"_s);
        std::vector<events::Recording::Sequence> given;
        pane->setActions(
            [&](const std::shared_ptr<const events::Recording> &recording, std::vector<events::Recording::Sequence> selected) {
                given = std::move(selected);
                return recording->held().size() == 3 ? QList<QAction *>{&replay} : QList<QAction *>{};
            },
            {&compose});
        QTRY_VERIFY(bench.button(u"Compose"_s));
        ui::RowView *table = bench.rows(u"Requests"_s);
        WindowBench::clickRow(*table, 1);
        WindowBench::clickRow(*table, 2, Qt::ControlModifier);
        const QPoint place = table->visualRect(table->model()->index(2, 1)).center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, place, table->viewport()->mapToGlobal(place));
        QCoreApplication::sendEvent(table->viewport(), &event);
        QCOMPARE(given.size(), std::size_t(2));
        QVERIFY(given[0] < given[1]);
        QMenu *menu = nullptr;
        for (QMenu *one : pane->findChildren<QMenu *>()) {
            if (one->isVisible())
                menu = one;
        }
        QVERIFY(menu);
        QCOMPARE(menu->actions().constFirst(), &replay);
        for (QAction *action : menu->actions()) {
            if (action->text() == u"Only GET"_s)
                action->trigger();
        }
        menu->close();
        QCOMPARE(bench.window->findChild<ui::FilterLine *>()->text(), u"method:GET"_s);
        pane->setActions({}, {});
    }

    void standsBelowOtherPanes()
    {
        WindowBench bench;
        bench.get(u"/hello"_s);
        bench.press(Qt::Key_2, Qt::ControlModifier);
        QVERIFY(!bench.rows(u"Requests"_s));
        bench.press(Qt::Key_J, Qt::ControlModifier);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 1);
        QVERIFY(bench.shows(u"Resources"_s) || bench.button(u"Data"_s));
        bench.get(u"/hello"_s);
        QTRY_COMPARE(bench.rows(u"Requests"_s)->model()->rowCount(), 2);
        WindowBench::clickRow(*bench.rows(u"Requests"_s), 0);
        QVERIFY(bench.shows(u"GET %1/hello"_s.arg(bench.session->url().toString())));
        bench.press(Qt::Key_3, Qt::ControlModifier); // on its own
        QVERIFY(bench.rows(u"Requests"_s));
        const int alone = bench.rows(u"Requests"_s)->width();
        QVERIFY(alone > 100);
        bench.press(Qt::Key_1, Qt::ControlModifier);
        QVERIFY(bench.rows(u"Requests"_s)); // below again
        QVERIFY(bench.table(u"Bindings"_s));
        bench.window->close();
        bench.reopen();
        QTRY_VERIFY(bench.button(u"Undock"_s));
        QTest::mouseClick(bench.button(u"Undock"_s), Qt::LeftButton);
        QVERIFY(!bench.button(u"Undock"_s));
        QVERIFY(!bench.rows(u"Requests"_s));
        bench.press(Qt::Key_3, Qt::ControlModifier);
        bench.click(u"Dock"_s); // under the one that was shown before
        QVERIFY(bench.table(u"Bindings"_s));
        QVERIFY(bench.button(u"Undock"_s));
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
        QTRY_VERIFY(bench.rows(u"Requests"_s));
        ui::RowView *requests = bench.rows(u"Requests"_s);
        const auto last = [&requests] { return requests->model()->rowCount() - 1; }; // what was answered just before may be told just after
        QTRY_COMPARE(cell(*requests, last(), Path), u"/wait"_s);
        const int row = last();
        QCOMPARE(cell(*requests, row, Duration), u"running"_s);
        QCOMPARE(cell(*requests, row, Status), QString());
        WindowBench::clickRow(*requests, row);
        QVERIFY(bench.shows(u"running"_s));

        bench.click(u"Restart"_s); // waits for it a while, then breaks it off
        QVERIFY(bench.waitFor(State::Running));
        QTRY_VERIFY(reply->isFinished());
        QTRY_VERIFY(cell(*requests, row, Duration) != u"running"_s);
        QVERIFY(bench.shows(u"The project was stopped before the request was answered."_s));
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
    }
};

QTEST_MAIN(TestRequestsWindow)
#include "t_requestswindow.moc"
