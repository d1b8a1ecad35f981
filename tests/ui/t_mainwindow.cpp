// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowbench.h"

#include "ui/bindings/bindingsmodel.h"

#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QTcpServer>

#include <algorithm>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::State;
using tests::WindowBench;

namespace {

constexpr const char *countTs = "export const onRequestGet = async ({ env }) => {\n"
                                "  await env.CACHE.put('n', 'seven');\n"
                                "  return new Response(await env.CACHE.get('n'));\n"
                                "};\n";

QDialog *openDialog(const WindowBench &bench)
{
    QDialog *dialog = nullptr;
    const bool open = QTest::qWaitFor([&] {
        dialog = bench.window->findChild<QDialog *>();
        return dialog && dialog->isVisible();
    }, 30'000);
    return open && QTest::qWaitForWindowActive(dialog) ? dialog : nullptr;
}

QComboBox *scopeBox(const WindowBench &bench)
{
    const auto boxes = bench.window->findChildren<QComboBox *>();
    const auto found = std::find_if(boxes.begin(), boxes.end(), [](const QComboBox *box) { return box->accessibleName() == u"Runs"_s; });
    return found == boxes.end() ? nullptr : *found;
}

QLineEdit *outputFolder(const WindowBench &bench)
{
    const auto boxes = bench.window->findChildren<QComboBox *>();
    const auto found = std::find_if(boxes.begin(), boxes.end(), [](const QComboBox *box) { return box->accessibleName() == u"Output folder"_s; });
    return found == boxes.end() ? nullptr : (*found)->lineEdit();
}

} // namespace

class TestMainWindow : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void addsKvNamespaceWhileRunning()
    {
        WindowBench bench;
        const std::string before = bench.read("wrangler.toml");
        bench.write("functions/count.ts", countTs);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/count"_s).status, 500, 20'000); // built, and there is no CACHE

        bench.chooseFromMenu(u"Add"_s, u"KV namespace"_s);
        QDialog *dialog = openDialog(bench);
        QVERIFY(dialog);
        QTest::keyClicks(dialog->focusWidget(), u"CACHE"_s);
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
        QTest::keyClicks(dialog->focusWidget(), u"abc123"_s);
        QVERIFY(bench.shows(u"+ binding = \"CACHE\""_s));
        QCOMPARE(bench.read("wrangler.toml"), before);
        QTest::mouseClick(bench.button(u"Save"_s, dialog), Qt::LeftButton);

        const std::string sibling = "id = \"todo-list\"\n";
        std::string after = before;
        after.insert(after.find(sibling) + sibling.size(), "\n[[kv_namespaces]]\nbinding = \"CACHE\"\nid = \"abc123\"\n");
        QCOMPARE(bench.read("wrangler.toml"), after);
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());
        QVERIFY(WindowBench::rowOf(*bench.table(u"Bindings"_s), 0, u"CACHE"_s) >= 0);
        QCOMPARE(bench.session->state(), State::Running); // no restart
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/count"_s), (WindowBench::Reply{200, "seven"}), 20'000);

        bench.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.read("wrangler.toml"), before);
        QCOMPARE(WindowBench::rowOf(*bench.table(u"Bindings"_s), 0, u"CACHE"_s), -1);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/count"_s).status, 500, 20'000);
        bench.press(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(bench.read("wrangler.toml"), after);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/count"_s).status, 200, 20'000);
    }

    void changesAndRemovesByKeyboard()
    {
        WindowBench bench(WindowBench::Start::No);
        const std::string before = bench.read("wrangler.toml");
        QTableView *variables = bench.table(u"Variables and Secrets"_s);
        WindowBench::clickRow(*variables, WindowBench::rowOf(*variables, 0, u"GREETING"_s));
        QTest::keyClick(variables, Qt::Key_Return);
        QDialog *dialog = openDialog(bench);
        QVERIFY(dialog);
        QTest::keyClicks(dialog->focusWidget(), u"WELCOME"_s); // over the selected name
        QTest::keyClick(dialog->focusWidget(), Qt::Key_Return);
        std::string wanted = before;
        wanted.replace(wanted.find("GREETING"), 8, "WELCOME");
        QCOMPARE(bench.read("wrangler.toml"), wanted);
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());

        QTableView *bindings = bench.table(u"Bindings"_s);
        WindowBench::clickRow(*bindings, 0);
        QTest::keyClick(bindings, Qt::Key_Delete);
        QVERIFY(bench.read("wrangler.toml").find("TODO_LIST") == std::string::npos);
        QVERIFY(bench.shows(u"Removed TODO_LIST."_s));
        QCOMPARE(WindowBench::rowOf(*bindings, 0, u"TODO_LIST"_s), -1);
        const auto buttons = bench.window->findChildren<QPushButton *>();
        const auto undo = std::find_if(buttons.begin(), buttons.end(), [](const QPushButton *button) { return button->isVisible() && button->text() == u"Undo"_s; });
        QVERIFY(undo != buttons.end());
        QTest::mouseClick(*undo, Qt::LeftButton);
        QCOMPARE(bench.read("wrangler.toml"), wanted);
        bench.press(Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(bench.read("wrangler.toml"), before);
    }

    void copiesWhatPreviewDoesNotInherit()
    {
        WindowBench bench(WindowBench::Start::No);
        bench.write("wrangler.toml", bench.read("wrangler.toml") + "\n[env.preview.vars]\nGREETING = \"Preview\"\n");
        QTRY_VERIFY(bench.shows(u"Findings (1)"_s));
        QVERIFY(bench.showTab(u"Preview"_s));
        QTableView *bindings = bench.table(u"Bindings"_s);
        const int lost = WindowBench::rowOf(*bindings, ui::BindingsModel::From, u"not inherited"_s);
        QVERIFY(lost >= 0);
        WindowBench::clickCell(*bindings, lost, ui::BindingsModel::Copy);
        QVERIFY(bench.read("wrangler.toml").ends_with("\n[[env.preview.kv_namespaces]]\nbinding = \"TODO_LIST\"\nid = \"todo-list\"\n"));
        const int kept = WindowBench::rowOf(*bindings, 0, u"TODO_LIST"_s);
        QVERIFY(kept >= 0);
        QVERIFY(bindings->model()->index(kept, ui::BindingsModel::From).data().toString() != u"not inherited"_s);
        bench.click(u"Copy all 2 here"_s);
        QCOMPARE(WindowBench::rowOf(*bindings, ui::BindingsModel::From, u"not inherited"_s), -1);
        QVERIFY(bindings->isColumnHidden(ui::BindingsModel::Copy));
    }

    void startsStopsAndRestarts()
    {
        WindowBench bench(WindowBench::Start::No);
        QVERIFY(bench.shows(u"Stopped"_s));
        QVERIFY(!bench.button(u"Stop"_s)->isEnabled());
        bench.click(u"Start"_s);
        QVERIFY(bench.waitFor(State::Running));
        const QUrl url = bench.session->url();
        QVERIFY(bench.shows(url.toString()));
        QCOMPARE(bench.get(u"/hello"_s), (WindowBench::Reply{200, "Hello from Cleat\n"}));
        bench.click(u"Restart"_s);
        QVERIFY(bench.waitFor(State::Running));
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
        bench.click(u"Stop"_s);
        QCOMPARE(bench.session->state(), State::Stopped);
        QVERIFY(bench.shows(u"Stopped"_s));
        QVERIFY(!bench.shows(u"Running on"_s));
        bench.press(Qt::Key_F5); // at once, although the stop may still be under way
        QVERIFY(bench.waitFor(State::Running));
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
    }

    void scopeSwitchesWhileRunning()
    {
        WindowBench bench(WindowBench::Start::No);
        bench.write("wrangler.toml", bench.read("wrangler.toml") + "\n[env.preview.vars]\nGREETING = \"Hello from Preview\"\n");
        QTRY_VERIFY(bench.shows(u"Findings (1)"_s));
        bench.click(u"Start"_s);
        QVERIFY(bench.waitFor(State::Running));
        QCOMPARE(bench.get(u"/hello"_s).body, "Hello from Cleat\n");
        QComboBox *scope = scopeBox(bench);
        QVERIFY(scope);
        scope->setFocus();
        QTest::keyClick(scope, Qt::Key_Down);
        QCOMPARE(scope->currentText(), u"Preview"_s);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/hello"_s).body, "Hello from Preview\n", 20'000);
        QTest::keyClick(scope, Qt::Key_Up);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/hello"_s).body, "Hello from Cleat\n", 20'000);
    }

    void brokenFileWhileRunning()
    {
        WindowBench bench;
        const std::string good = bench.read("wrangler.toml");
        const std::string bad = good + "\n[[kv_namespaces]\n";
        bench.write("wrangler.toml", bad);
        QTRY_VERIFY(bench.shows(u"The Wrangler file cannot be read"_s));
        QVERIFY(bench.shows(u"wrangler.toml:%1:"_s.arg(std::ranges::count(bad, '\n'))));
        QVERIFY(bench.button(u"Open file"_s));
        QVERIFY(!bench.button(u"Add"_s)->isEnabled());
        QCOMPARE(bench.get(u"/hello"_s).status, 200); // goes on
        QCOMPARE(bench.read("wrangler.toml"), bad);
        bench.write("wrangler.toml", good);
        QTRY_VERIFY(!bench.shows(u"The Wrangler file cannot be read"_s));
        QVERIFY(bench.button(u"Add"_s)->isEnabled());
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
    }

    void brokenFileAtTheStart()
    {
        WindowBench bench(WindowBench::Start::No);
        const std::string good = bench.read("wrangler.toml");
        bench.write("wrangler.toml", "name = \"x\ny = 1\n");
        QTRY_VERIFY(bench.shows(u"wrangler.toml:1:"_s));
        bench.click(u"Start"_s);
        QCOMPARE(bench.session->state(), State::Failed);
        QVERIFY(bench.shows(u"Failed: wrangler.toml:1:"_s));
        bench.write("wrangler.toml", good); // mended: starts by itself
        QVERIFY(bench.waitFor(State::Running));
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
    }

    void missingFile()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        QVERIFY(bench.shows(u"This project has no Wrangler file"_s));
        auto *output = outputFolder(bench);
        QVERIFY(output);
        QCOMPARE(output->text(), u"public"_s);
        bench.click(u"Create wrangler.toml"_s);
        QVERIFY(bench.read("wrangler.toml").find("pages_build_output_dir = \"public\"") != std::string::npos);
        QVERIFY(!bench.shows(u"This project has no Wrangler file"_s));
        QVERIFY(bench.button(u"Add"_s)->isEnabled());
        QVERIFY(bench.waitFor(State::Running));
        QCOMPARE(bench.get(u"/"_s), (WindowBench::Reply{200, "<!doctype html>\n"}));
    }

    void missingOutputFolder()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        auto *output = outputFolder(bench);
        QVERIFY(output);
        output->selectAll();
        QTest::keyClicks(output, u"later"_s);
        bench.click(u"Create wrangler.toml"_s);
        QTRY_COMPARE(bench.session->state(), State::Failed);
        QVERIFY(bench.shows(u"The directory to serve does not exist"_s));
        std::filesystem::create_directory(bench.path("later"));
        bench.press(Qt::Key_F5);
        QVERIFY(bench.waitFor(State::Running));
        QVERIFY(!bench.shows(u"The directory to serve does not exist"_s));
    }

    void portInUse()
    {
        WindowBench bench(WindowBench::Start::No);
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        bench.session->setPort(other.serverPort());
        bench.click(u"Start"_s);
        QVERIFY(bench.waitFor(State::Failed));
        const int free = bench.session->freePort();
        QVERIFY(free > other.serverPort());
        QVERIFY(bench.shows(QString::number(other.serverPort())));
        bench.click(u"Use port %1 instead"_s.arg(free));
        QVERIFY(bench.waitFor(State::Running));
        QCOMPARE(bench.session->url().port(), free);
        QVERIFY(!bench.button(u"Use port %1 instead"_s.arg(free)));
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
    }

    void brokenBuild()
    {
        WindowBench bench;
        const std::string good = bench.read("functions/hello.ts");
        bench.write("functions/hello.ts", "export const onRequestGet = () => {\n  const x = ;\n};\n");
        QTRY_VERIFY_WITH_TIMEOUT(bench.shows(u"The last build failed."_s), 20'000);
        QVERIFY(bench.shows(u"functions/hello.ts:2"_s));
        QCOMPARE(bench.get(u"/hello"_s).status, 200); // the last good one
        bench.write("functions/hello.ts", good);
        QTRY_VERIFY_WITH_TIMEOUT(!bench.shows(u"The last build failed."_s), 20'000);
        QCOMPARE(bench.get(u"/hello"_s).status, 200);
    }

    void remembersItsState()
    {
        {
            WindowBench bench(WindowBench::Start::No);
            bench.window->resize(901, 607);
            bench.press(Qt::Key_3, Qt::ControlModifier);
            bench.window->close();
        }
        {
            WindowBench bench(WindowBench::Start::No);
            QCOMPARE(bench.window->size(), QSize(901, 607));
            QVERIFY(bench.shows(u"No requests yet"_s));
            bench.click(u"Bindings"_s);
            QVERIFY(bench.showTab(u"Preview"_s));
            bench.window->close();
        }
        WindowBench bench(WindowBench::Start::No);
        QVERIFY(bench.table(u"Bindings"_s));
        QVERIFY(bench.shows(u"Preview has no table of its own"_s));
    }
};

QTEST_MAIN(TestMainWindow)
#include "t_mainwindow.moc"
