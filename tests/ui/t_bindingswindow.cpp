// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowbench.h"

#include "ui/bindings/bindingspane.h"
#include "ui/bindings/bindingsmodel.h"
#include "ui/bindings/entryclip.h"
#include "ui/bindings/scopepage.h"
#include "ui/bindings/variablesmodel.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QDropEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QProcess>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>

#include <algorithm>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Scope;
using tests::WindowBench;
using ui::BindingsModel;
using ui::VariablesModel;

namespace {

constexpr std::string_view head = "name = \"site\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2025-01-01\"\n";
constexpr std::string_view three = "\n[[kv_namespaces]]\nbinding = \"ONE\"\nid = \"1\"\n\n[[kv_namespaces]]\nbinding = \"TWO\" # keep me\nid = \"2\"\n"
                                   "\n[[r2_buckets]]\nbinding = \"BUCKET\"\nbucket_name = \"files\"\n\n[vars]\nURL = \"a\"\nMODE = \"b\"\n";

std::string text(std::initializer_list<std::string_view> parts)
{
    std::string all;
    for (const std::string_view part : parts)
        all += part;
    return all;
}

/// The project with this Wrangler file, shown.
struct Bench : WindowBench {
    explicit Bench(const std::string &file, Start start = Start::No) : WindowBench(start)
    {
        write("wrangler.toml", file);
        if (!QTest::qWaitFor([&] { return session->config().text() == file; }, 30'000))
            qWarning("The file is not read.");
    }
    QTableView &bindings() const { return *table(u"Bindings"_s); }
    QTableView &variables() const { return *table(u"Variables and Secrets"_s); }
    std::string file() const { return read("wrangler.toml"); }
    ui::ScopePage *page() const
    {
        const auto pages = window->findChildren<ui::ScopePage *>();
        const auto found = std::ranges::find_if(pages, &QWidget::isVisible);
        return found == pages.end() ? nullptr : *found;
    }
    ui::BindingsPane *pane() const { return window->findChild<ui::BindingsPane *>(); }
    QLineEdit *search() const
    {
        const auto edits = window->findChildren<QLineEdit *>();
        const auto found = std::ranges::find_if(edits, [](const QLineEdit *edit) { return edit->accessibleName() == u"Search"_s; });
        return found == edits.end() ? nullptr : *found;
    }
    void clickIn(const QDialog *dialog, const QString &button) const
    {
        QAbstractButton *found = this->button(button, dialog);
        QVERIFY2(found, qPrintable(u"no button "_s + button));
        QTest::mouseClick(found, Qt::LeftButton);
    }
};

QStringList namesIn(const QTableView &table)
{
    QStringList names;
    for (int row = 0; row < table.model()->rowCount(); ++row)
        names << table.model()->index(row, 0).data().toString();
    return names;
}

/// As a mouse would: over the widget, then let go there.
void dropOn(QWidget &target, const QPoint &place, const QMimeData &data, Qt::DropAction action)
{
    QDragEnterEvent enter(place, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, action == Qt::MoveAction ? Qt::ShiftModifier : Qt::NoModifier);
    QCoreApplication::sendEvent(&target, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(place, Qt::CopyAction | Qt::MoveAction, &data, Qt::LeftButton, action == Qt::MoveAction ? Qt::ShiftModifier : Qt::NoModifier);
    drop.setDropAction(action);
    QCoreApplication::sendEvent(&target, &drop);
    QVERIFY(drop.isAccepted());
    QCOMPARE(drop.dropAction(), Qt::CopyAction); // whoever began the drag has nothing to remove
}

} // namespace

class TestBindingsWindow : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init()
    {
        QSettings().clear();
        QGuiApplication::clipboard()->clear();
    }

    void removesManyAsOneStep()
    {
        const Bench bench(text({head, three}));
        Bench::clickRow(bench.bindings(), 0);
        Bench::clickRow(bench.bindings(), 2, Qt::ControlModifier);
        Bench::clickRow(bench.variables(), Bench::rowOf(bench.variables(), 0, u"URL"_s), Qt::ControlModifier);
        QTest::keyClick(&bench.variables(), Qt::Key_Delete);
        QCOMPARE(bench.file(), text({head, "\n[[kv_namespaces]]\nbinding = \"TWO\" # keep me\nid = \"2\"\n\n[vars]\nMODE = \"b\"\n"}));
        QVERIFY(bench.shows(u"Removed 3 entries."_s));
        bench.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.file(), text({head, three}));
        QVERIFY(!bench.session->config().canUndo());
    }

    void aPlainClickSelectsAlone()
    {
        const Bench bench(text({head, three}));
        Bench::clickRow(bench.bindings(), 0);
        Bench::clickRow(bench.variables(), 0);
        QVERIFY(!bench.bindings().selectionModel()->hasSelection());
        QTest::keyClick(&bench.variables(), Qt::Key_A, Qt::ControlModifier);
        QCOMPARE(bench.page()->selection().bindings.size(), std::size_t(3));
        QCOMPARE(static_cast<int>(bench.page()->selection().variables.size()), bench.variables().model()->rowCount());
    }

    void copiesWhatIsNotInherited()
    {
        const std::string before = text({head, three, "\n[env.preview.vars]\nURL = \"p\"\n"});
        const Bench bench(before);
        QVERIFY(bench.showTab(u"Preview"_s));
        QTableView &table = bench.bindings();
        QCOMPARE(Bench::rowOf(table, BindingsModel::From, u"not inherited"_s), 0);
        Bench::clickCell(table, 0, BindingsModel::Copy);
        QCOMPARE(bench.file(), before + "\n[[env.preview.kv_namespaces]]\nbinding = \"ONE\"\nid = \"1\"\n");
        QTRY_COMPARE(table.model()->index(0, BindingsModel::From).data().toString(), u"this environment"_s);
        bench.press(Qt::Key_Z, Qt::ControlModifier);

        Bench::clickRow(table, 1);
        QTest::keyClick(&table, Qt::Key_Space);
        QCOMPARE(bench.file(), before + "\n[[env.preview.kv_namespaces]]\nbinding = \"TWO\"\nid = \"2\"\n");
        bench.press(Qt::Key_Z, Qt::ControlModifier);

        bench.click(u"Copy all 4 here"_s);
        QCOMPARE(Bench::rowOf(table, BindingsModel::From, u"not inherited"_s), -1);
        QCOMPARE(bench.session->config().config().preview.bindings.size(), std::size_t(3));
        QCOMPARE(bench.session->config().config().preview.variables.size(), std::size_t(2));
        QVERIFY(!bench.button(u"Copy all 4 here"_s));
        bench.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.file(), before);
    }

    void copiesAndPastesBetweenTheTabs()
    {
        const std::string before = text({head, three, "\n[env.preview.vars]\nURL = \"p\"\n"});
        const Bench bench(before);
        Bench::clickRow(bench.bindings(), 0);
        Bench::clickRow(bench.bindings(), 2, Qt::ControlModifier);
        QTest::keyClick(&bench.bindings(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"[[kv_namespaces]]\nbinding = \"ONE\"\nid = \"1\"\n\n[[r2_buckets]]\nbinding = \"BUCKET\"\nbucket_name = \"files\"\n"_s);
        QVERIFY(bench.showTab(u"Preview"_s));
        bench.bindings().setFocus();
        QTest::keyClick(&bench.bindings(), Qt::Key_V, Qt::ControlModifier);
        QCOMPARE(bench.session->config().config().preview.bindings.size(), std::size_t(2));
        QVERIFY(bench.shows(u"Pasted 2 entries into Preview."_s));
        const std::string pasted = bench.file();
        QTest::keyClick(&bench.bindings(), Qt::Key_V, Qt::ControlModifier);
        QVERIFY(bench.shows(u"Preview has the very same already."_s));
        QCOMPARE(bench.file(), pasted);
        bench.click(u"Undo"_s);
        QCOMPARE(bench.file(), before);
    }

    void asksForTakenNames()
    {
        const std::string before = text({head, three, "\n[env.preview.vars]\nURL = \"p\"\n"});
        const Bench bench(before);
        Bench::clickRow(bench.variables(), Bench::rowOf(bench.variables(), 0, u"URL"_s));
        QTest::keyClick(&bench.variables(), Qt::Key_C, Qt::ControlModifier);
        QVERIFY(bench.showTab(u"Preview"_s));
        bench.variables().setFocus();
        QTest::keyClick(&bench.variables(), Qt::Key_V, Qt::ControlModifier);
        QDialog *dialog = bench.dialog();
        QVERIFY(dialog);
        QVERIFY(bench.shows(u"Other entries have these names there: URL"_s));
        QVERIFY(bench.button(u"Paste"_s, dialog)->isEnabled()); // skipping would leave nothing
        QTest::mouseClick(bench.button(u"Skip them"_s, dialog), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(!bench.button(u"Paste"_s, dialog)->isEnabled());
        QTest::mouseClick(bench.button(u"Add them under other names: URL_2"_s, dialog), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(bench.button(u"Paste"_s, dialog)->isEnabled());
        bench.clickIn(dialog, u"Paste"_s);
        QCOMPARE(QString::fromStdString(bench.file()), QString::fromStdString(before + "URL_2 = \"a\"\n"));
    }

    void asksWhereThereIsNoTable()
    {
        const std::string before = text({head, three});
        const Bench bench(before);
        QVERIFY(bench.showTab(u"Preview"_s));
        QGuiApplication::clipboard()->setText(u"[[kv_namespaces]]\nbinding = \"FOUR\"\nid = \"<ID>\"\n"_s); // from a page of the documentation
        bench.bindings().setFocus();
        QTest::keyClick(&bench.bindings(), Qt::Key_V, Qt::ControlModifier);
        QDialog *dialog = bench.dialog();
        QVERIFY(dialog);
        QVERIFY(bench.button(u"To the top level: Production, Preview and local runs all get it"_s, dialog));
        QTest::mouseClick(bench.button(u"To a table of Preview's own, with copies of the 5 entries that it has now"_s, dialog), Qt::LeftButton, {}, QPoint(8, 8));
        bench.clickIn(dialog, u"Paste"_s);
        const config::WranglerConfig &config = bench.session->config().config();
        QCOMPARE(config.topLevel.bindings.size(), std::size_t(3));
        QCOMPARE(config.preview.bindings.size(), std::size_t(4));
        QCOMPARE(config.preview.variables.size(), std::size_t(2));
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());
        bench.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.file(), before);
    }

    void cutsAndPastes()
    {
        const Bench bench(text({head, three, "\n[env.preview.vars]\nURL = \"p\"\n"}));
        Bench::clickRow(bench.bindings(), 0);
        QTest::keyClick(&bench.bindings(), Qt::Key_X, Qt::ControlModifier);
        QVERIFY(!bench.session->config().config().topLevel.binding("ONE"));
        QVERIFY(bench.showTab(u"Preview"_s));
        bench.bindings().setFocus();
        QTest::keyClick(&bench.bindings(), Qt::Key_V, Qt::ControlModifier);
        QVERIFY(bench.session->config().config().preview.binding("ONE"));
    }

    void keysBelongToTheFocus()
    {
        const Bench bench(text({head, three}));
        Bench::clickRow(bench.bindings(), 0);
        bench.press(Qt::Key_F, Qt::ControlModifier);
        QTest::keyClicks(bench.search(), u"one"_s);
        QTest::keyClick(bench.search(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(bench.search(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"one"_s);
        QTest::keyClick(bench.search(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.file(), text({head, three}));
    }

    void dragsToTheOtherTab()
    {
        const std::string before = text({head, three, "\n[env.preview.vars]\nURL = \"p\"\n"});
        const Bench bench(before);
        const config::Binding one = bench.session->config().config().topLevel.binding("ONE")->value;
        const auto data = ui::mimeOf({bench.path({}).string(), {{one, Scope::TopLevel}}}, config::Form::Toml);
        auto *bar = bench.window->findChild<QTabBar *>();
        dropOn(*bar, bar->tabRect(1).center(), *data, Qt::CopyAction);
        QCOMPARE(bench.file(), before + "\n[[env.preview.kv_namespaces]]\nbinding = \"ONE\"\nid = \"1\"\n");
        QVERIFY(bench.shows(u"Copied KV namespace ONE to Preview."_s));
        QCOMPARE(bar->currentIndex(), 1);
        bench.press(Qt::Key_Z, Qt::ControlModifier);

        dropOn(*bench.page(), QPoint(40, 40), *data, Qt::MoveAction);
        QVERIFY(!bench.session->config().config().topLevel.binding("ONE"));
        QVERIFY(bench.session->config().config().preview.binding("ONE"));
        QVERIFY(bench.shows(u"Moved KV namespace ONE to Preview."_s));
        bench.press(Qt::Key_Z, Qt::ControlModifier); // one step
        QCOMPARE(bench.file(), before);

        // From another project it is a copy in any case.
        const auto foreign = ui::mimeOf({"/elsewhere", {{one, Scope::TopLevel}}}, config::Form::Toml);
        dropOn(*bench.page(), QPoint(40, 40), *foreign, Qt::MoveAction);
        QVERIFY(bench.session->config().config().topLevel.binding("ONE"));
        QVERIFY(bench.session->config().config().preview.binding("ONE"));
    }

    void aDragOpensTheTab()
    {
        const Bench bench(text({head, three}));
        auto *bar = bench.window->findChild<QTabBar *>();
        QMimeData data;
        data.setText(u"[ai]\nbinding = \"AI\"\n"_s);
        QDragEnterEvent enter(bar->tabRect(1).center(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(bar, &enter);
        QTRY_COMPARE(bar->currentIndex(), 1);
    }

    void movesByTheMenu()
    {
        const std::string before = text({head, three, "\n[env.preview.vars]\nURL = \"p\"\n"});
        const Bench bench(before);
        Bench::clickRow(bench.bindings(), 2);
        QTest::mouseClick(bench.bindings().viewport(), Qt::RightButton, {}, bench.bindings().visualRect(bench.bindings().model()->index(2, 0)).center());
        QContextMenuEvent event(QContextMenuEvent::Mouse, bench.bindings().visualRect(bench.bindings().model()->index(2, 0)).center(), QCursor::pos());
        QCoreApplication::sendEvent(bench.bindings().viewport(), &event);
        QMenu *menu = nullptr;
        QTRY_VERIFY((menu = qobject_cast<QMenu *>(QApplication::activePopupWidget())));
        const auto actions = menu->actions();
        const auto found = std::ranges::find_if(actions, [](const QAction *action) { return action->text() == u"Move to Preview"_s; });
        QVERIFY(found != actions.end());
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(*found).center());
        QVERIFY(bench.session->config().config().preview.binding("BUCKET"));
        QVERIFY(!bench.session->config().config().topLevel.binding("BUCKET"));
        bench.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.file(), before);
    }

    void searches()
    {
        const Bench bench(text({head, three}));
        bench.press(Qt::Key_F, Qt::ControlModifier);
        QVERIFY(bench.search()->hasFocus());
        QTest::keyClicks(bench.search(), u"r2"_s);
        QCOMPARE(namesIn(bench.bindings()), QStringList{u"BUCKET"_s});
        QVERIFY(bench.shows(u"No variable and no secret fits “r2”."_s));
        QVERIFY(bench.showTab(u"Preview"_s));
        QCOMPARE(namesIn(bench.bindings()), QStringList{u"BUCKET"_s});
        bench.search()->setFocus();
        QTest::keyClick(bench.search(), Qt::Key_Escape);
        QCOMPARE(bench.search()->text(), QString());
        QCOMPARE(bench.bindings().model()->rowCount(), 3);
        QVERIFY(bench.bindings().hasFocus());
    }

    void marksRowsWithFindings()
    {
        const Bench bench(text({head, three, "\n[[kv_namespaces]]\nbinding = \"no-name\"\nid = \"3\"\n"}));
        QVERIFY(bench.shows(u"Findings (1)"_s));
        const int row = Bench::rowOf(bench.bindings(), 0, u"no-name"_s);
        QVERIFY(row >= 0);
        const int line = bench.session->config().config().findings.front().place.line;
        QVERIFY(bench.bindings().model()->index(row, 0).data(Qt::ToolTipRole).toString().contains(u"wrangler.toml:%1"_s.arg(line)));
        QSignalSpy jumps(bench.pane(), &ui::BindingsPane::openConfigFileAt);
        auto *list = bench.window->findChild<QListWidget *>();
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QCOMPARE(jumps.size(), 1);
        QCOMPARE(jumps.front().front().toInt(), line);
    }

    void removesSecretsAfterAsking()
    {
        Bench bench(text({head, three}));
        bench.session->secrets().set({Scope::Production}, {{"TOKEN", secrets::SecretText("hush")}}, [](const base::Result<void> &) {});
        QTRY_VERIFY(Bench::rowOf(bench.variables(), 0, u"TOKEN"_s) >= 0);
        QTableView &table = bench.variables();
        const int row = Bench::rowOf(table, 0, u"TOKEN"_s);
        QCOMPARE(table.model()->index(row, VariablesModel::Value).data().toString(), u"Encrypted"_s);
        Bench::clickRow(table, row);
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
        QVERIFY(bench.shows(u"secrets cannot be read"_s));
        QTest::keyClick(&table, Qt::Key_Delete);
        QDialog *dialog = bench.dialog();
        QVERIFY(dialog);
        bench.clickIn(dialog, u"Cancel"_s);
        QVERIFY(Bench::rowOf(table, 0, u"TOKEN"_s) >= 0);
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());
        QTest::keyClick(&table, Qt::Key_Delete);
        dialog = bench.dialog();
        QVERIFY(dialog);
        bench.clickIn(dialog, u"Remove"_s);
        QTRY_COMPARE(Bench::rowOf(table, 0, u"TOKEN"_s), -1);
        QCOMPARE(bench.file(), text({head, three}));
    }

    void importsLocalFiles()
    {
        Bench bench(text({head, three}));
        bench.write(".dev.vars", "API_KEY=\"k\"\nURL=local\n");
        QTRY_VERIFY(Bench::rowOf(bench.variables(), VariablesModel::Source, u".dev.vars:1"_s) >= 0);
        QTableView &table = bench.variables();
        const int url = Bench::rowOf(table, VariablesModel::Source, u".dev.vars:2"_s);
        QVERIFY(url >= 0); // and it wins over the Wrangler file's
        QVERIFY(table.model()->index(url - 1, 0).data(Qt::ToolTipRole).toString().contains(u"the one of .dev.vars:2 wins"_s));
        bench.click(u"Import 2 into the keychain"_s);
        QTRY_VERIFY(bench.shows(u".dev.vars still holds them in plain text"_s));
        for (const Scope scope : {Scope::TopLevel, Scope::Preview, Scope::Production})
            QCOMPARE(bench.session->secrets().names(scope), (std::vector<std::string>{"API_KEY", "URL"}));
        QTRY_VERIFY(Bench::rowOf(table, VariablesModel::Source, u"keychain"_s) >= 0);
        QCOMPARE(bench.read(".dev.vars"), std::string("API_KEY=\"k\"\nURL=local\n"));
        QCOMPARE(bench.file(), text({head, three}));
    }

    void exportsSecretsAfterAsking()
    {
        Bench bench(text({head, three}));
        QVERIFY(!bench.button(u"Export…"_s));
        bench.session->secrets().set({Scope::Production}, {{"TOKEN", secrets::SecretText("hush hush")}}, [](const base::Result<void> &) {});
        QTRY_VERIFY(bench.button(u"Export…"_s));
        bench.click(u"Export…"_s);
        QDialog *dialog = bench.dialog();
        QVERIFY(dialog);
        QVERIFY(!std::filesystem::exists(bench.path(".dev.vars.production")));
        bench.clickIn(dialog, u"Export"_s);
        QTRY_VERIFY(bench.shows(u".dev.vars.production holds the secrets of Production in plain text now."_s));
        QVERIFY(bench.read(".dev.vars.production").find("hush hush") != std::string::npos);
    }

    void offersToIgnoreLocalSecrets()
    {
        Bench bench(text({head, three}));
        QProcess git;
        git.start(u"git"_s, {u"-C"_s, QString::fromStdString(bench.path({}).string()), u"init"_s, u"-q"_s});
        QVERIFY(git.waitForFinished());
        bench.write(".gitignore", "node_modules");
        bench.write(".dev.vars", "A=1\n");
        QTRY_VERIFY_WITH_TIMEOUT(bench.shows(u"Git does not ignore .dev.vars"_s), 20'000);
        bench.click(u"Add to .gitignore"_s);
        QCOMPARE(bench.read(".gitignore"), std::string("node_modules\n.dev.vars*\n"));
        QTRY_VERIFY(!bench.shows(u"Git does not ignore .dev.vars"_s));
    }

    void tellsWhenThereIsNoKeychain()
    {
        Bench bench(text({head, three}));
        bench.session->secrets().set({Scope::Production}, {{"TOKEN", secrets::SecretText("hush")}}, [](const base::Result<void> &) {});
        QTRY_VERIFY(Bench::rowOf(bench.variables(), 0, u"TOKEN"_s) >= 0);
        bench.keychain.setMood(tests::MemoryKeychain::Mood::Unavailable);
        bench.reopen();
        QTRY_VERIFY(bench.shows(u"Secrets cannot be reached"_s));
        const int row = Bench::rowOf(bench.variables(), 0, u"TOKEN"_s); // known by name
        QVERIFY(row >= 0);
        QCOMPARE(bench.variables().model()->index(row, VariablesModel::Value).data().toString(), u"Encrypted, out of reach"_s);
        bench.keychain.setMood(tests::MemoryKeychain::Mood::Well);
        QTRY_VERIFY(bench.button(u"Try again"_s));
        bench.click(u"Try again"_s);
        QTRY_VERIFY(!bench.shows(u"Secrets cannot be reached"_s));
        QTRY_COMPARE(bench.variables().model()->index(Bench::rowOf(bench.variables(), 0, u"TOKEN"_s), VariablesModel::Value).data().toString(), u"Encrypted"_s);
    }

    void tellsOfConflicts()
    {
        const std::string before = text({head, three});
        const Bench bench(before);
        Bench::clickRow(bench.variables(), Bench::rowOf(bench.variables(), 0, u"URL"_s));
        QTest::keyClick(&bench.variables(), Qt::Key_Delete);
        std::string theirs = bench.file();
        theirs.replace(theirs.find("[vars]\n"), 7, "[vars]\nURL = \"theirs\"\n");
        bench.write("wrangler.toml", theirs);
        QTRY_COMPARE(bench.session->config().text(), theirs);
        bench.press(Qt::Key_Z, Qt::ControlModifier);
        QDialog *dialog = bench.dialog();
        QVERIFY(dialog);
        QCOMPARE(bench.file(), theirs);
        bench.clickIn(dialog, u"Use mine"_s);
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());
        QCOMPARE(bench.session->config().config().topLevel.variable("URL")->value.value, std::string("a"));
    }

    void tellsWhatRuns()
    {
        Bench bench(text({head, three, "\n[env.preview.vars]\nURL = \"p\"\n"}), Bench::Start::Yes);
        QTRY_VERIFY(bench.shows(u"In use since"_s)); // the top level, which is Production's, too
        QVERIFY(bench.showTab(u"Preview"_s));
        QTRY_VERIFY(bench.shows(u"Top level runs, not Preview"_s));
        QVERIFY(bench.showTab(u"Production"_s));
        bench.click(u"Run Production"_s);
        QCOMPARE(bench.session->options().scope, Scope::Production);
        const auto boxes = bench.window->findChildren<QComboBox *>();
        QVERIFY(std::ranges::any_of(boxes, [](const QComboBox *box) { return box->accessibleName() == u"Runs"_s && box->currentText() == u"Production"_s; }));
        QTRY_VERIFY(bench.shows(u"In use since"_s));
        QVERIFY(bench.showTab(u"Preview"_s));
        QVERIFY(bench.shows(u"Production runs, not Preview"_s));
        bench.session->stop();
        QTRY_VERIFY(bench.shows(u"Not running"_s));
    }

    void copiesTheTypes()
    {
        const Bench bench(text({head, three}));
        bench.press(Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"ONE: KVNamespace;"_s));
    }

    void aThousandBindings()
    {
        std::string file(head);
        for (int i = 0; i < 1000; ++i)
            file += "\n[[kv_namespaces]]\nbinding = \"KV_" + std::to_string(i) + "\"\nid = \"" + std::to_string(i) + "\"\n";
        file += "\n[env.preview.vars]\nX = \"1\"\n";
        const Bench bench(file);
        QVERIFY(bench.showTab(u"Preview"_s));
        QCOMPARE(bench.bindings().model()->rowCount(), 1000);
        QVERIFY(bench.button(u"Copy all 1000 here"_s));
        QVERIFY(bench.bindings().viewport()->findChildren<QWidget *>().size() < 5); // the buttons are painted
        QBENCHMARK {
            bench.page()->refresh();
            bench.bindings().viewport()->repaint();
        }
    }
};

QTEST_MAIN(TestBindingsWindow)
#include "t_bindingswindow.moc"
