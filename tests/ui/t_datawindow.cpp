// SPDX-License-Identifier: GPL-3.0-or-later
// The Data pane in the real window, beside the running project.
#include "core/data/kv/keyeditor.h"
#include "tests/ui/windowbench.h"
#include "ui/data/datapane.h"
#include "ui/data/dataview.h"
#include "ui/data/resourcetree.h"
#include "ui/widgets/rowview.h"

#include <QDialog>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QNetworkReply>
#include <QPlainTextEdit>
#include <QPointer>
#include <QSettings>
#include <QTableView>
#include <QTcpServer>
#include <QToolButton>

#include <algorithm>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::DataResource;
using session::State;
using tests::WindowBench;
using Kind = DataResource::Kind;

namespace {

constexpr const char *keyTs = "export const onRequest = async ({ env, request, params }) => {\n"
                              "  if (request.method === 'PUT') await env.TODO_LIST.put(params.key, await request.text());\n"
                              "  return new Response(await env.TODO_LIST.get(params.key) ?? 'none');\n"
                              "};\n";

ui::DataPane *openPane(const WindowBench &bench)
{
    bench.press(Qt::Key_2, Qt::ControlModifier);
    return bench.window->findChild<ui::DataPane *>();
}

ui::RowView *list(const WindowBench &bench)
{
    for (ui::RowView *view : bench.window->findChildren<ui::RowView *>()) {
        if (view->isVisible())
            return view;
    }
    return nullptr;
}

QStringList firstColumn(const WindowBench &bench)
{
    QStringList texts;
    if (const ui::RowView *view = list(bench)) {
        for (int row = 0; row < view->model()->rowCount(); ++row)
            texts << view->model()->index(row, 0).data().toString();
    }
    return texts;
}

} // namespace

class TestDataWindow final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void whatAFunctionWritesShowsAtOnce()
    {
        WindowBench bench;
        bench.write("functions/key/[key].js", keyTs);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/key/none"_s).body, QByteArray("none"), 20'000);
        ui::DataPane *pane = openPane(bench);
        QVERIFY(pane->showItem(Kind::Kv, "todo-list"));
        QCOMPARE(bench.request("PUT", u"/key/first"_s, "1").body, QByteArray("1"));
        QTRY_COMPARE(firstColumn(bench), QStringList{u"first"_s});

        QElapsedTimer timer;
        timer.start();
        QCOMPARE(bench.request("PUT", u"/key/second"_s, "2").body, QByteArray("2"));
        QTRY_COMPARE(firstColumn(bench), (QStringList{u"first"_s, u"second"_s}));
        qInfo("a Function's write shows after %lld ms", static_cast<long long>(timer.elapsed()));
        const QAbstractItemModel &model = *list(bench)->model();
        QTRY_VERIFY(model.index(1, 0).data(Qt::BackgroundRole).isValid());
        QVERIFY(!model.index(0, 0).data(Qt::BackgroundRole).isValid());

        // While the view looks, the Function is never kept from writing.
        for (int i = 0; i < 200; ++i)
            QCOMPARE(bench.request("PUT", u"/key/k%1"_s.arg(i), "x").status, 200);
        QTRY_COMPARE(model.rowCount(), 202);
    }

    void bindingsLeadToTheirData()
    {
        WindowBench bench(WindowBench::Start::No);
        QTableView *table = bench.table(u"Bindings"_s);
        WindowBench::clickRow(*table, WindowBench::rowOf(*table, 0, u"VISITS"_s));
        QMetaObject::invokeMethod(table, "customContextMenuRequested", Q_ARG(QPoint, QPoint(20, 20)));
        QMenu *menu = nullptr;
        QTRY_VERIFY([&] {
            for (QMenu *one : bench.window->findChildren<QMenu *>()) {
                if (one->isVisible())
                    menu = one;
            }
            return menu != nullptr;
        }());
        const auto actions = menu->actions();
        const auto show = std::ranges::find_if(actions, [](const QAction *action) { return action->text() == u"Show its data"_s; });
        QVERIFY(show != actions.end());
        (*show)->trigger();
        menu->close();
        auto *pane = bench.window->findChild<ui::DataPane *>();
        QVERIFY(pane && pane->isVisible());
        QVERIFY(pane->findChild<ui::ResourceTree *>()->current());
        QCOMPARE(pane->findChild<ui::ResourceTree *>()->current()->id, "visits");
        QVERIFY(bench.shows(u"VISITS"_s));
    }

    void anotherStateFolderIsUsedAtOnce()
    {
        WindowBench bench;
        bench.write("functions/key/[key].js", keyTs);
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/key/where"_s).body, QByteArray("none"), 20'000);
        const std::filesystem::path other = bench.path("kept");
        data::kv::KeyEdit edit;
        edit.key = "where";
        edit.value.bytes = "elsewhere";
        QVERIFY(data::kv::KeyEditor(other, "todo-list").put(edit, data::kv::KeyEditor::Existing::Keep));
        QVERIFY(data::kv::KeyEditor(other, "left over").put(edit, data::kv::KeyEditor::Existing::Keep));
        bench.write("package.json", R"({"scripts":{"dev":"wrangler pages dev public --persist-to kept"}})");

        ui::DataPane *pane = openPane(bench);
        QVERIFY(pane->showItem(Kind::Kv, "todo-list"));
        QTRY_COMPARE(firstColumn(bench), QStringList());
        QToolButton *place = nullptr;
        for (QToolButton *button : pane->findChildren<QToolButton *>()) {
            if (button->text() == u"State folder"_s)
                place = button;
        }
        QVERIFY(place);
        Q_EMIT place->menu()->aboutToShow();
        const auto actions = place->menu()->actions();
        const auto kept = std::ranges::find_if(actions, [](const QAction *action) { return action->text().endsWith(u"/kept"_s); });
        QVERIFY(kept != actions.end()); // found in package.json
        (*kept)->trigger();
        QTRY_VERIFY(pane->showItem(Kind::Kv, "left over")); // no binding uses it, and it is there
        QVERIFY(bench.shows(u"left over"_s));
        QVERIFY(pane->showItem(Kind::Kv, "todo-list"));
        QTRY_COMPARE(firstColumn(bench), QStringList{u"where"_s});
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/key/where"_s).body, QByteArray("elsewhere"), 20'000);
    }

    void editsAreNotLostUnasked()
    {
        WindowBench bench(WindowBench::Start::No);
        data::kv::KeyEdit edit;
        edit.key = "note";
        edit.value.bytes = "old";
        QVERIFY(data::kv::KeyEditor(bench.session->stateFolder(), "todo-list").put(edit, data::kv::KeyEditor::Existing::Keep));
        ui::DataPane *pane = openPane(bench);
        QVERIFY(pane->showItem(Kind::Kv, "todo-list"));
        QTRY_COMPARE(firstColumn(bench), QStringList{u"note"_s});
        list(bench)->setFocus();
        bench.press(Qt::Key_N, Qt::ControlModifier);
        QLineEdit *key = nullptr;
        QTRY_VERIFY((key = qobject_cast<QLineEdit *>(bench.window->focusWidget())));
        QVERIFY(!pane->isEdited());
        QTest::keyClicks(key, u"half"_s);
        QVERIFY(pane->isEdited());
        auto *tree = pane->findChild<ui::ResourceTree *>();
        QVERIFY(tree->choose(Kind::R2, "files"));
        QPointer<QDialog> question = bench.dialog();
        QVERIFY(question);
        QCOMPARE(tree->current()->id, "todo-list");
        QTest::mouseClick(bench.button(u"Cancel"_s, question), Qt::LeftButton);
        QTRY_VERIFY(!question || !question->isVisible());
        QVERIFY(pane->isEdited());
        QVERIFY(tree->choose(Kind::R2, "files"));
        question = bench.dialog();
        QVERIFY(question);
        QTest::mouseClick(bench.button(u"Discard"_s, question), Qt::LeftButton);
        QTRY_COMPARE(tree->current()->id, "files");
        QVERIFY(!pane->isEdited());
    }
};

QTEST_MAIN(TestDataWindow)
#include "t_datawindow.moc"
