// SPDX-License-Identifier: GPL-3.0-or-later
// Workers beside the project, in the real window.
#include "tests/patience.h"
#include "tests/ui/windowbench.h"
#include "ui/bindings/bindingsmodel.h"
#include "ui/shell/workersbutton.h"
#include "ui/widgets/rowview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QTableView>

#include <filesystem>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::State;
using tests::WindowBench;

namespace {

constexpr const char *callJs = "export const onRequest = async ({ env }) => { try { return new Response(await (await env.API.fetch('http://x/')).text()); } catch (e) { return new Response('' + e); } };\n";

/// A project whose function at /call asks the Worker "api", which is not there yet.
class Bench final
{
public:
    explicit Bench(const std::string &more = {}) : window(WindowBench::Start::No, WindowBench::Content::Empty)
    {
        window.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n[[services]]\nbinding = \"API\"\nservice = \"api\"\n" + more);
        window.write("functions/call.js", callJs);
    }
    void worker(const std::string &folder, const std::string &name, const std::string &word, const std::string &more = {}) const
    {
        window.write(folder + "/wrangler.toml", "name = \"" + name + "\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n" + more);
        window.write(folder + "/index.js", "export default { fetch: () => new Response('" + word + "'), scheduled: (c) => console.log('ran', c.cron) };\n");
    }
    bool start()
    {
        if (!QTest::qWaitFor([&] { return window.session->config().status() == session::ConfigStore::Status::Readable; }, 30'000))
            return false;
        window.session->start();
        return window.waitFor(State::Running);
    }
    ui::WorkersButton *button() const { return window.window->findChild<ui::WorkersButton *>(); }
    /// Opens the menu; the action of the Worker, or of the menu itself, that begins with this text.
    QAction *entry(const QString &worker, const QString &text) const
    {
        QMenu *menu = button()->menu();
        menu->popup(QPoint(0, 0));
        QAction *found = nullptr;
        for (QAction *one : menu->actions()) {
            if (!worker.isEmpty() && one->menu() && one->text().startsWith(worker + u'\t'))
                menu = one->menu();
        }
        for (QAction *one : menu->actions()) {
            if (one->text().startsWith(text))
                found = one;
        }
        return found;
    }
    /// Runs an entry, as a click does.
    bool choose(const QString &worker, const QString &text) const
    {
        QAction *found = entry(worker, text);
        const bool can = found && found->isEnabled();
        button()->menu()->close();
        if (can)
            found->trigger();
        return can;
    }
    /// Answers the window that asks for a folder.
    void pick(const std::string &place) const
    {
        auto *dialog = qobject_cast<QFileDialog *>(window.dialog());
        QVERIFY(dialog);
        auto *line = dialog->findChild<QLineEdit *>(u"fileNameEdit"_s);
        QVERIFY(line);
        line->setText(QString::fromStdString(window.path(place).string()));
        QAbstractButton *add = window.button(u"Add"_s, dialog);
        QVERIFY(add);
        QTRY_VERIFY(add->isEnabled());
        QTest::mouseClick(add, Qt::LeftButton);
    }
    QString connection() const
    {
        const QTableView *table = window.table(u"Bindings"_s);
        return table ? table->model()->index(0, ui::BindingsModel::Data).data().toString() : QString();
    }
    State stateOf(std::size_t index) const
    {
        const auto workers = window.session->workers();
        return index < workers.size() ? workers[index].state : State::Stopped;
    }

    WindowBench window;
};

} // namespace

class TestWorkersWindow final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void notConnectedUntilPicked()
    {
        Bench bench;
        bench.worker("api", "api", "from api");
        QVERIFY(bench.start());
        QTRY_COMPARE(bench.connection(), u"not connected: no Worker api"_s);
        QTRY_VERIFY(bench.window.shows(u"API (api) is not connected"_s));
        QCOMPARE(bench.button()->text(), u"Workers"_s);
        QVERIFY(bench.window.get(u"/call"_s).body.contains("not found"));

        bench.window.click(u"Add api…"_s);
        bench.pick("api");
        QTRY_COMPARE(bench.connection(), u"connected to api"_s);
        QTRY_VERIFY(!bench.window.button(u"Add api…"_s));
        QVERIFY(bench.window.shows(u"The Worker api runs beside the project"_s));
        QTRY_COMPARE(bench.stateOf(0), State::Running);
        QTRY_COMPARE(bench.window.get(u"/call"_s).body, QByteArray("from api"));
        QCOMPARE(bench.button()->text(), u"1 Worker"_s);
        QVERIFY(bench.button()->toolTip().contains(u"api: Running"_s));

        // It is kept with the project.
        bench.window.reopen();
        QCOMPARE(bench.window.session->workers().size(), 1U);
        QTRY_COMPARE(bench.connection(), u"connected to api"_s);
        QVERIFY(bench.start());
        QTRY_COMPARE(bench.window.get(u"/call"_s).body, QByteArray("from api"));

        QVERIFY(bench.choose(u"api"_s, u"Remove"_s));
        QVERIFY(bench.window.session->workers().empty());
        QVERIFY(bench.window.session->settings().workers.empty());
        QTRY_COMPARE(bench.connection(), u"not connected: no Worker api"_s);
        QTRY_VERIFY(bench.window.get(u"/call"_s).body.contains("not found"));
        QVERIFY(std::filesystem::exists(bench.window.path("api/index.js")));
    }

    void statesAndRestart()
    {
        Bench bench;
        bench.worker("api", "api", "first");
        bench.worker("jobs", "jobs", "jobs", "[triggers]\ncrons = [\"*/5 * * * *\", \"not a cron\"]\n");
        QVERIFY(bench.window.session->addWorker(bench.window.path("api")));
        QVERIFY(bench.window.session->addWorker(bench.window.path("jobs/wrangler.toml")));
        QVERIFY(bench.entry({}, u"api\tStopped"_s));
        bench.button()->menu()->close();
        QVERIFY(bench.start());
        QTRY_VERIFY(bench.stateOf(0) == State::Running && bench.stateOf(1) == State::Running);
        QCOMPARE(bench.button()->text(), u"2 Workers"_s);
        QTRY_VERIFY(bench.entry({}, u"api\tRunning"_s));
        QVERIFY(bench.entry({}, u"pages\tRunning"_s));

        bench.window.write("api/index.js", "export default { fetch( };\n");
        QTRY_VERIFY(bench.entry({}, u"api\tBuild failed"_s));
        QVERIFY(bench.entry(u"api"_s, {}));
        QVERIFY(bench.entry(u"api"_s, u"Open its Wrangler file"_s));
        QCOMPARE(bench.window.get(u"/call"_s).body, QByteArray("first")); // the last good code
        bench.window.write("api/index.js", "let n = 0; export default { fetch: () => new Response('call ' + ++n) };\n");
        QTRY_VERIFY(bench.entry({}, u"api\tRunning"_s));
        QTRY_VERIFY(bench.window.get(u"/call"_s).body.startsWith("call ")); // QTRY asks more than once
        QVERIFY(bench.window.get(u"/call"_s).body != QByteArray("call 1"));
        QVERIFY(bench.choose(u"api"_s, u"Restart"_s)); // what it held is gone
        QTRY_COMPARE(bench.stateOf(0), State::Running);
        QCOMPARE(bench.window.get(u"/call"_s).body, QByteArray("call 1"));
        QVERIFY(bench.stateOf(1) == State::Running);

        // Schedules.
        QAction *wrong = bench.entry(u"jobs"_s, u"Run now: not a cron"_s);
        QVERIFY(wrong && !wrong->isEnabled());
        QAction *cron = bench.entry(u"jobs"_s, u"Run now: */5 * * * * — in "_s);
        QVERIFY(cron);
        QVERIFY(cron->toolTip().contains(u"by hand"_s));
        QVERIFY(bench.choose(u"jobs"_s, u"Run now: */5"_s));
        QVERIFY(bench.window.shows(u"The schedule runs"_s));
        QTest::qWait(300);
        bench.window.click(u"Show it in Requests"_s);
        QTRY_VERIFY(bench.window.rows(u"Requests"_s) && WindowBench::rowOf(*bench.window.rows(u"Requests"_s), 2, u"*/5 * * * *"_s) >= 0);
    }

    void wrongPlaces_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("said");
        QTest::newRow("no Wrangler file") << u"empty"_s << u"has no Wrangler file"_s;
        QTest::newRow("not there") << u"nowhere"_s << u"is not there"_s;
        QTest::newRow("a Pages project") << u"site2"_s << u"names no `main`"_s;
        QTest::newRow("the name of another") << u"second"_s << u"has the name api, like"_s;
        QTest::newRow("the name of the project") << u"pages2"_s << u"has the name pages, like"_s;
        QTest::newRow("twice") << u"api"_s << u"is there already"_s;
        QTest::newRow("no TOML") << u"broken"_s << u"broken/wrangler.toml"_s;
    }
    void wrongPlaces()
    {
        QFETCH(const QString, place);
        QFETCH(const QString, said);
        Bench bench;
        bench.worker("api", "api", "api");
        bench.worker("second", "api", "second");
        bench.worker("pages2", "pages", "pages");
        bench.window.write("empty/index.js", "");
        bench.window.write("site2/wrangler.toml", "name = \"site2\"\npages_build_output_dir = \"public\"\n");
        bench.window.write("broken/wrangler.toml", "name = \n");
        QTRY_COMPARE(bench.window.session->projectName(), u"pages"_s);
        QVERIFY(bench.window.session->addWorker(bench.window.path("api")));
        const auto added = bench.window.session->addWorker(bench.window.path(place.toStdString()));
        QVERIFY(!added);
        const QString message = QString::fromStdString(added.error().message + ' ' + added.error().place.file);
        QVERIFY2(message.contains(said), qPrintable(message));
        QCOMPARE(bench.window.session->workers().size(), 1U);

        if (place == u"nowhere"_s) // no dialog gives that
            return;
        QVERIFY(bench.choose({}, u"Add a Worker…"_s));
        bench.pick(place.toStdString());
        if (place != u"broken"_s)
            QTRY_VERIFY(bench.window.shows(said));
        QCOMPARE(bench.window.session->workers().size(), 1U);
    }

    void anotherNameThanTheBindings()
    {
        Bench bench;
        bench.worker("other", "other", "other");
        QVERIFY(bench.start());
        QTRY_VERIFY(bench.window.button(u"Add api…"_s));
        bench.window.click(u"Add api…"_s);
        bench.pick("other");
        QTRY_VERIFY(bench.window.window->findChild<QMessageBox *>());
        auto *box = bench.window.window->findChild<QMessageBox *>();
        QVERIFY(box->text().contains(u"“other”"_s) && box->text().contains(u"“api”"_s));
        QTest::mouseClick(bench.window.button(u"Cancel"_s, box), Qt::LeftButton);
        QTRY_VERIFY(bench.window.session->workers().empty());
    }

    /// The folder of one that was added went away: the project runs all the same, and the button tells.
    void folderGone()
    {
        Bench bench;
        bench.worker("api", "api", "from api");
        QVERIFY(bench.window.session->addWorker(bench.window.path("api")));
        std::filesystem::rename(bench.window.path("api"), bench.window.path("elsewhere"));
        bench.window.reopen();
        QVERIFY(bench.start());
        QTRY_COMPARE(bench.stateOf(0), State::Failed);
        QTRY_COMPARE(bench.connection(), u"api does not run"_s);
        QVERIFY(bench.entry({}, u"api\tFailed"_s));
        bench.button()->menu()->close();
        // And back.
        std::filesystem::rename(bench.window.path("elsewhere"), bench.window.path("api"));
        QVERIFY(bench.choose(u"api"_s, u"Restart"_s));
        QTRY_COMPARE(bench.window.get(u"/call"_s).body, QByteArray("from api"));
        QTRY_COMPARE(bench.connection(), u"connected to api"_s);
    }

    void formOffersNames()
    {
        Bench bench;
        bench.worker("api", "api", "api");
        bench.worker("billing", "billing", "billing");
        QVERIFY(bench.window.session->addWorker(bench.window.path("billing")));
        QTRY_COMPARE(bench.window.session->config().status(), session::ConfigStore::Status::Readable);
        const auto known = bench.window.session->knownResources(config::Kind::Service);
        QCOMPARE(known, (std::vector<std::string>{"api", "billing"}));
        bench.window.press(Qt::Key_N, Qt::ControlModifier);
        QDialog *dialog = bench.window.dialog();
        QVERIFY(dialog);
        for (QLineEdit *search : dialog->findChildren<QLineEdit *>()) {
            if (search->accessibleName() == u"Search kinds"_s) {
                QTest::keyClicks(search, u"service"_s);
                QTest::keyClick(search, Qt::Key_Return);
            }
        }
        QComboBox *names = nullptr;
        QTRY_VERIFY([&] {
            for (QComboBox *box : dialog->findChildren<QComboBox *>()) {
                if (box->isVisible() && box->accessibleName() == u"Service"_s)
                    names = box;
            }
            return names != nullptr;
        }());
        QVERIFY(names->findText(u"billing"_s) >= 0);
    }

    void model()
    {
        Bench bench("[[queues.producers]]\nbinding = \"MAIL\"\nqueue = \"mail\"\n");
        QTRY_COMPARE(bench.window.session->config().status(), session::ConfigStore::Status::Readable);
        const QTableView *table = bench.window.table(u"Bindings"_s);
        QVERIFY(table);
        const QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_VERIFY(bench.window.shows(u"No Worker consumes the queue mail"_s));
        bench.worker("api", "api", "api", "[[queues.consumers]]\nqueue = \"mail\"\n");
        QVERIFY(bench.window.session->addWorker(bench.window.path("api")));
        QTRY_VERIFY(!bench.window.shows(u"No Worker consumes the queue mail"_s));
        const int row = WindowBench::rowOf(*table, 0, u"MAIL"_s);
        QVERIFY(row >= 0);
        QCOMPARE(table->model()->index(row, ui::BindingsModel::Data).data().toString(), u"connected to api"_s);
    }
};

QTEST_MAIN(TestWorkersWindow)
#include "t_workerswindow.moc"
