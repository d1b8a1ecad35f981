// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowbench.h"
#include "ui/functions/functionspane.h"
#include "ui/functions/routesmodel.h"
#include "ui/functions/trafficcount.h"
#include "ui/functions/trypath.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QTableView>
#include <QTextBrowser>

using namespace cleat;
using namespace Qt::StringLiterals;
using tests::WindowBench;
using ui::RoutesModel;

namespace {

QString cell(const QTableView &table, int row, int column)
{
    return table.model()->index(row, column).data().toString();
}

} // namespace

class TestFunctionsPane final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

    static QLineEdit *pathField(const WindowBench &bench)
    {
        for (QLineEdit *edit : bench.window->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == u"Path to try"_s)
                return edit;
        }
        return nullptr;
    }

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void counts_data()
    {
        QTest::addColumn<QList<int>>("durations");
        QTest::addColumn<int>("median");
        QTest::addColumn<int>("slow");
        QTest::newRow("none") << QList<int>{} << 0 << 0;
        QTest::newRow("one") << QList<int>{1000} << 1000 << 1000;
        QTest::newRow("nothing") << QList<int>{0, 0} << 0 << 0;
        QList<int> spread;
        for (int i = 1; i <= 100; ++i)
            spread << i * 100;
        QTest::newRow("spread") << spread << 5000 << 9500;
        QTest::newRow("largest") << QList<int>{INT_MAX} << INT_MAX << INT_MAX;
    }

    void counts()
    {
        QFETCH(QList<int>, durations);
        QFETCH(int, median);
        QFETCH(int, slow);
        ui::TrafficCount count;
        for (const int duration : durations)
            count.add(static_cast<std::uint32_t>(duration), ui::TrafficCount::Outcome::Good);
        QCOMPARE(count.requests(), static_cast<std::uint64_t>(durations.size()));
        QVERIFY(std::abs(static_cast<double>(count.percentileUs(0.5)) - median) <= 0.05 * median);
        QVERIFY(std::abs(static_cast<double>(count.percentileUs(0.95)) - slow) <= 0.05 * slow);
        count.add(4'000'000'000U, ui::TrafficCount::Outcome::Failed);
        QCOMPARE(count.errors(), 1U);
    }

    void showsRoutesAndTheirTraffic()
    {
        WindowBench bench;
        QCOMPARE(bench.get(u"/hello"_s).status, 200); // before the pane is there
        bench.click(u"Functions"_s);
        QTableView *routes = bench.table(u"Routes"_s);
        QVERIFY(routes);
        const QAbstractItemModelTester tester(bench.window->findChild<RoutesModel *>(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const int hello = WindowBench::rowOf(*routes, RoutesModel::Path, u"/hello"_s);
        QVERIFY(hello >= 0);
        QCOMPARE(cell(*routes, hello, RoutesModel::File), u"functions/hello.ts"_s);
        QCOMPARE(cell(*routes, hello, RoutesModel::Middlewares), u"_middleware.ts"_s);
        QTRY_COMPARE(cell(*routes, hello, RoutesModel::Hits), u"1"_s);
        QCOMPARE(cell(*routes, hello, RoutesModel::Errors), QString());
        QVERIFY(!cell(*routes, hello, RoutesModel::Median).isEmpty());

        const int task = WindowBench::rowOf(*routes, RoutesModel::Path, u"/api/tasks/:id"_s);
        QVERIFY(task >= 0);
        QVERIFY(task < hello); // more segments first
        QCOMPARE(bench.get(u"/error"_s).status, 500);
        QCOMPARE(bench.get(u"/error"_s).status, 500);
        const int error = WindowBench::rowOf(*routes, RoutesModel::Path, u"/error"_s);
        QTRY_COMPARE(cell(*routes, error, RoutesModel::Hits), u"2"_s);
        QCOMPARE(cell(*routes, error, RoutesModel::Errors), u"2"_s);
        QCOMPARE(bench.window->grab().size(), bench.window->size());

        bench.click(u"Count anew"_s);
        QCOMPARE(cell(*routes, error, RoutesModel::Hits), QString());
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
        QTRY_COMPARE(cell(*routes, hello, RoutesModel::Hits), u"1"_s);
        QCOMPARE(cell(*routes, error, RoutesModel::Hits), QString());
    }

    void triesAPath()
    {
        WindowBench bench;
        bench.click(u"Functions"_s);
        QTRY_VERIFY(bench.table(u"Routes"_s));
        auto *attempt = bench.window->findChild<ui::TryPath *>();
        QLineEdit *path = pathField(bench);
        QVERIFY(path);
        QTest::mouseClick(path, Qt::LeftButton);
        attempt->tryThis(u"PATCH"_s, {});
        QTest::keyClicks(path, u"/api/tasks/7?x=1"_s);
        QString said = attempt->answerText();
        QVERIFY2(said.contains(u"/api/tasks/7 is taken by functions/api/tasks/[id].ts"_s), qPrintable(said));
        QVERIFY2(said.contains(u"id = \"7\""_s) && said.contains(u"functions/_middleware.ts"_s), qPrintable(said));
        QTableView *routes = bench.table(u"Routes"_s);
        QCOMPARE(cell(*routes, routes->currentIndex().row(), RoutesModel::Path), u"/api/tasks/:id"_s);

        attempt->tryThis(u"GET"_s, {});
        QTest::keyClicks(path, u"/helo"_s);
        said = attempt->answerText();
        QVERIFY2(said.contains(u"spelled nearly so"_s), qPrintable(said));
        attempt->tryThis(u"DELETE"_s, u"/api/tasks"_s);
        said = attempt->answerText();
        QVERIFY2(said.contains(u"Method DELETE is not exported: functions/api/tasks/index.ts"_s), qPrintable(said));
        attempt->tryThis(u"GET"_s, u"/style.css"_s);
        QVERIFY2(attempt->answerText().contains(u"is a static file: style.css"_s), qPrintable(attempt->answerText()));
        attempt->tryThis(u"GET"_s, u"/<b>&amp;"_s);
        QVERIFY2(!attempt->answerText().isEmpty(), "names are no markup");
    }

    void opensFilesAndTriesFromTheMenu()
    {
        WindowBench bench;
        bench.click(u"Functions"_s);
        QTRY_VERIFY(bench.table(u"Routes"_s));
        QTableView *routes = bench.table(u"Routes"_s);
        const QString called = m_settings.filePath(u"called"_s);
        QFile::remove(called);
        QFile editor(m_settings.filePath(u"editor"_s));
        QVERIFY(editor.open(QIODevice::WriteOnly));
        editor.write("#!/bin/sh\nprintf '%s' \"$1\" > '" + called.toUtf8() + ".part'\nmv '" + called.toUtf8() + ".part' '" + called.toUtf8() + "'\n");
        editor.close();
        QVERIFY(editor.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QSettings().setValue(u"editor/command"_s, editor.fileName());

        const int hello = WindowBench::rowOf(*routes, RoutesModel::Path, u"/hello"_s);
        const QModelIndex index = routes->model()->index(hello, RoutesModel::Path);
        const auto choose = [&](const QString &text) {
            Q_EMIT routes->customContextMenuRequested(routes->visualRect(index).center());
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            QVERIFY(menu);
            for (QAction *action : menu->actions()) {
                if (action->text() == text)
                    action->trigger();
            }
            menu->close();
        };
        choose(u"Open in editor"_s);
        QTRY_VERIFY(QFile::exists(called));
        QFile written(called);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().endsWith("/functions/hello.ts"));
        choose(u"Try it"_s);
        QCOMPARE(pathField(bench)->text(), u"/hello"_s);
        choose(u"Copy the path"_s);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"/hello"_s);
    }

    void showsErrorsRulesAndNewRoutes()
    {
        WindowBench bench;
        bench.click(u"Functions"_s);
        QTRY_VERIFY(bench.table(u"Routes"_s));
        QTableView *routes = bench.table(u"Routes"_s);
        const int before = routes->model()->rowCount();
        bench.write("functions/more.ts", "export const onRequestPatch = () => new Response('x');\n");
        QTRY_COMPARE_WITH_TIMEOUT(routes->model()->rowCount(), before + 1, 20'000);
        bench.write("functions/more.ts", "export const onRequestPatch = (;\n");
        QTRY_VERIFY_WITH_TIMEOUT(bench.shows(u"functions/more.ts:1:"_s), 20'000);
        QVERIFY(bench.shows(u"of the last good build"_s));
        QVERIFY(bench.button(u"Open in editor"_s));
        QCOMPARE(routes->model()->rowCount(), before + 1); // the last good ones
        bench.write("functions/more.ts", "export const onRequestPatch = () => new Response('y');\n");
        QTRY_VERIFY_WITH_TIMEOUT(!bench.shows(u"last good build"_s), 20'000);

        QVERIFY(bench.showTab(u"_routes.json"_s));
        QTextBrowser *rules = nullptr;
        for (QTextBrowser *browser : bench.window->findChildren<QTextBrowser *>())
            rules = browser->isVisible() && browser->accessibleName().contains(u"_routes.json"_s) ? browser : rules;
        QVERIFY(rules);
        QVERIFY(rules->toPlainText().contains(u"There is no _routes.json"_s));
        bench.write("public/_routes.json", "{\"version\": 1, \"include\": [\"/api/*\"], \"exclude\": [\"/api/static/*\"]}");
        QTRY_VERIFY_WITH_TIMEOUT(rules->toPlainText().contains(u"/api/static/*"_s), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/hello"_s).body.contains("Hello"), false, 20'000);
        bench.write("public/_routes.json", "{");
        QTRY_VERIFY_WITH_TIMEOUT(rules->toPlainText().contains(u"It is not in force"_s), 20'000);
    }

    void filtersAndEmptyStates()
    {
        WindowBench bench(WindowBench::Start::No);
        bench.click(u"Functions"_s);
        QVERIFY(bench.shows(u"Start the project (F5)"_s));
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        QTRY_VERIFY(bench.table(u"Routes"_s));
        QTableView *routes = bench.table(u"Routes"_s);
        bench.press(Qt::Key_F, Qt::ControlModifier);
        auto *filter = qobject_cast<QLineEdit *>(bench.window->focusWidget());
        QVERIFY(filter);
        QTest::keyClicks(filter, u"tasks"_s);
        QVERIFY(routes->model()->rowCount() >= 2);
        QVERIFY(WindowBench::rowOf(*routes, RoutesModel::Path, u"/hello"_s) < 0);
    }
};

QTEST_MAIN(TestFunctionsPane)
#include "t_functionspane.moc"
