// SPDX-License-Identifier: GPL-3.0-or-later
// Durable Objects in the Data pane of the real window.
#include "core/data/durableobjects/objectvalues.h"
#include "tests/patience.h"
#include "tests/ui/windowbench.h"
#include "ui/data/datapane.h"
#include "ui/data/dataview.h"
#include "ui/data/d1/sqleditor.h"
#include "ui/data/durableobjects/objectmodel.h"
#include "ui/data/durableobjects/valuemodel.h"
#include "ui/values/valueview.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/rowview.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QAction>
#include <QHostAddress>
#include <QTableView>
#include <QTcpSocket>
#include <QToolButton>

#include <algorithm>
#include <filesystem>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::DataResource;
using session::State;
using tests::WindowBench;

namespace {

constexpr const char *roomJs = R"js(
import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {
  constructor(ctx, env) { super(ctx, env); ctx.blockConcurrencyWhile(async () => { this.n = (await ctx.storage.get("n")) ?? 0; }); }
  async fetch(request) {
    const url = new URL(request.url);
    if (request.headers.get("upgrade") === "websocket") {
      const [client, server] = Object.values(new WebSocketPair());
      this.ctx.acceptWebSocket(server, ["ada"]);
      server.serializeAttachment({ joined: 1974 });
      return new Response(null, { status: 101, webSocket: client });
    }
    if (url.pathname === "/teapot") return new Response("short and stout", { status: 418 });
    if (url.pathname === "/table") { this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS people (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO people (name) VALUES ('ada')"); return new Response("made"); }
    await this.ctx.storage.put({ n: ++this.n, when: new Date(0), list: [1, { a: "b" }] });
    return new Response(String(this.n));
  }
  add(a, b) { return a + b; }
  async alarm() { await this.ctx.storage.put("rang", true); }
}
export default { fetch() { return new Response("worker"); } };
)js";

class Bench final
{
public:
    Bench() : window(WindowBench::Start::No, WindowBench::Content::Empty)
    {
        window.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n"
                                      "[[durable_objects.bindings]]\nname = \"ROOM\"\nclass_name = \"Room\"\nscript_name = \"rooms\"\n");
        window.write("functions/room.js", "export const onRequest = ({ env, request }) => { const url = new URL(request.url); return env.ROOM.getByName(url.searchParams.get('name')).fetch('http://x' + (url.searchParams.get('path') ?? '/'), request); };");
        window.write("worker/wrangler.toml", "name = \"rooms\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n[[migrations]]\ntag = \"v1\"\nnew_sqlite_classes = [\"Room\"]\n");
        window.write("worker/index.js", roomJs);
    }
    bool start()
    {
        if (!QTest::qWaitFor([&] { return window.session->config().status() == session::ConfigStore::Status::Readable; }, 30'000) || !window.session->addWorker(window.path("worker")))
            return false;
        window.session->start();
        return window.waitFor(State::Running) && QTest::qWaitFor([&] { return window.session->workers()[0].state == State::Running; }, 30'000);
    }
    bool open()
    {
        window.press(Qt::Key_2, Qt::ControlModifier);
        pane = window.window->findChild<ui::DataPane *>();
        return pane && pane->showItem(DataResource::Kind::Objects, "rooms-Room");
    }
    QByteArray call(const QString &name, const QString &path = u"/"_s) { return window.get(u"/room?name=%1&path=%2"_s.arg(name, path)).body; }
    ui::RowView *objects() const { return window.rows(u"Objects"_s); }
    ui::RowView *keys() const { return window.rows(u"Keys"_s); }
    static QStringList column(const ui::RowView *table, int column)
    {
        QStringList all;
        for (int row = 0; table && row < table->model()->rowCount(); ++row)
            all << table->model()->index(row, column).data().toString();
        all.sort();
        return all;
    }
    /// Chooses an object once it is in the list.
    void choose(const QString &name)
    {
        QTRY_VERIFY(objects());
        QTRY_VERIFY(WindowBench::rowOf(*objects(), ui::ObjectModel::Name, name) >= 0);
        WindowBench::clickRow(*objects(), WindowBench::rowOf(*objects(), ui::ObjectModel::Name, name));
    }
    void chooseKey(const QString &key)
    {
        QTRY_VERIFY(keys() && WindowBench::rowOf(*keys(), ui::ValueModel::Key, key) >= 0);
        WindowBench::clickRow(*keys(), WindowBench::rowOf(*keys(), ui::ValueModel::Key, key));
    }
    bool says(const QString &words) const
    {
        for (const ui::ElideLabel *label : window.window->findChildren<ui::ElideLabel *>()) {
            if (label->isVisible() && label->text().contains(words))
                return true;
        }
        return window.shows(words);
    }
    void answer(const QString &button) const
    {
        QDialog *dialog = window.dialog();
        QVERIFY(dialog);
        QAbstractButton *found = window.button(button, dialog);
        QVERIFY(found);
        QTest::mouseClick(found, Qt::LeftButton);
        QTRY_VERIFY(!window.window->findChild<QDialog *>());
    }
    QPlainTextEdit *textIn(QWidget *widget, const QString &name) const
    {
        for (QPlainTextEdit *one : widget->findChildren<QPlainTextEdit *>()) {
            if (one->accessibleName() == name)
                return one;
        }
        return nullptr;
    }

    WindowBench window;
    ui::DataPane *pane = nullptr;
};

} // namespace

class TestObjectsWindow final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void listsWhatComes()
    {
        Bench bench;
        QVERIFY(bench.start());
        QVERIFY(bench.open());
        QTRY_VERIFY(bench.says(u"No objects yet"_s));
        QTRY_VERIFY(bench.says(u"env.ROOM.getByName"_s));
        QCOMPARE(bench.call(u"lobby"_s), QByteArray("1"));
        QTRY_VERIFY(bench.objects());
        const QAbstractItemModelTester tester(bench.objects()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_COMPARE(Bench::column(bench.objects(), ui::ObjectModel::Name), QStringList{u"lobby"_s});
        QTRY_COMPARE(Bench::column(bench.objects(), ui::ObjectModel::State), QStringList{u"Idle"_s});
        QCOMPARE(bench.call(u"attic"_s), QByteArray("1"));
        QTRY_COMPARE(Bench::column(bench.objects(), ui::ObjectModel::Name), (QStringList{u"attic"_s, u"lobby"_s}));
        QTRY_VERIFY(bench.says(u"2 objects"_s));
        bench.window.session->stop();
        QTRY_COMPARE(Bench::column(bench.objects(), ui::ObjectModel::State), (QStringList{u"–"_s, u"–"_s}));
        // By its name.
        const auto edits = bench.window.window->findChild<ui::DataView *>()->findChildren<QLineEdit *>();
        const auto filter = std::ranges::find(edits, u"Name or id"_s, &QLineEdit::placeholderText);
        QVERIFY(filter != edits.end());
        (*filter)->setText(u"att"_s);
        QTRY_COMPARE(Bench::column(bench.objects(), ui::ObjectModel::Name), QStringList{u"attic"_s});
    }

    void storage()
    {
        Bench bench;
        QVERIFY(bench.start());
        QCOMPARE(bench.call(u"lobby"_s), QByteArray("1"));
        QVERIFY(bench.open());
        bench.choose(u"lobby"_s);
        QTRY_COMPARE(Bench::column(bench.keys(), ui::ValueModel::Key), (QStringList{u"list"_s, u"n"_s, u"when"_s}));
        const QAbstractItemModelTester tester(bench.keys()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        bench.chooseKey(u"when"_s);
        QTRY_VERIFY(bench.window.button(u"Edit…"_s) && !bench.window.button(u"Edit…"_s)->isEnabled()); // a Date
        bench.chooseKey(u"n"_s);
        QTRY_VERIFY(bench.window.button(u"Edit…"_s)->isEnabled());
        QTRY_COMPARE(Bench::column(bench.objects(), ui::ObjectModel::State), QStringList{u"Idle"_s});

        // Another value, which the code sees, though its instance had read the one before.
        bench.window.click(u"Edit…"_s);
        QDialog *dialog = bench.window.dialog();
        QVERIFY(dialog);
        bench.textIn(dialog, u"Value"_s)->setPlainText(u"{"_s);
        QVERIFY(!bench.window.button(u"Save"_s, dialog)->isEnabled());
        bench.textIn(dialog, u"Value"_s)->setPlainText(u"41"_s);
        QTest::mouseClick(bench.window.button(u"Save"_s, dialog), Qt::LeftButton);
        QTRY_VERIFY(Bench::column(bench.keys(), ui::ValueModel::Value).contains(u"41"_s));
        QCOMPARE(bench.call(u"lobby"_s), QByteArray("42"));
        QTRY_VERIFY(Bench::column(bench.keys(), ui::ValueModel::Value).contains(u"42"_s)); // live

        bench.window.click(u"Add a key…"_s);
        dialog = bench.window.dialog();
        QVERIFY(dialog);
        dialog->findChild<QLineEdit *>()->setText(u"extra"_s);
        bench.textIn(dialog, u"Value"_s)->setPlainText(u"{\"ключ\": [true]}"_s);
        QTest::mouseClick(bench.window.button(u"Add"_s, dialog), Qt::LeftButton);
        QTRY_VERIFY(Bench::column(bench.keys(), ui::ValueModel::Key).contains(u"extra"_s));
        bench.chooseKey(u"extra"_s);
        const auto actions = bench.keys()->actions();
        const auto remove = std::ranges::find(actions, QKeySequence(QKeySequence::Delete), &QAction::shortcut);
        QVERIFY(remove != actions.end());
        QTRY_VERIFY((*remove)->isEnabled());
        (*remove)->trigger();
        bench.answer(u"Delete"_s);
        QTRY_VERIFY(!Bench::column(bench.keys(), ui::ValueModel::Key).contains(u"extra"_s));
    }

    void tables()
    {
        Bench bench;
        QVERIFY(bench.start());
        QCOMPARE(bench.call(u"lobby"_s, u"/table"_s), QByteArray("made"));
        QVERIFY(bench.open());
        bench.choose(u"lobby"_s);
        QTRY_VERIFY(bench.window.showTab(u"SQL (1)"_s));
        QTRY_VERIFY(bench.window.shows(u"people"_s) || bench.says(u"people"_s) || bench.window.rows(u"Rows"_s));
    }

    /// What is changed past the instance is not hidden by what it holds in memory.
    void sqlTakesOutOfMemory()
    {
        Bench bench;
        QVERIFY(bench.start());
        QCOMPARE(bench.call(u"lobby"_s, u"/table"_s), QByteArray("made"));
        QVERIFY(bench.open());
        bench.choose(u"lobby"_s);
        QTRY_VERIFY(bench.says(u"Idle"_s));
        QVERIFY(bench.window.showTab(u"SQL (1)"_s));
        QVERIFY(bench.window.showTab(u"Run SQL"_s));
        auto *editor = bench.window.window->findChild<ui::SqlEditor *>();
        QVERIFY(editor);
        editor->setText(u"UPDATE people SET name = 'grace' WHERE id = 1"_s);
        bench.window.click(u"Run"_s);
        QTRY_VERIFY_WITH_TIMEOUT(bench.says(u"Not in memory"_s), 6000); // by itself it leaves after ten seconds
    }

    void webSockets()
    {
        Bench bench;
        QVERIFY(bench.start());
        QCOMPARE(bench.call(u"lobby"_s), QByteArray("1"));
        QVERIFY(bench.open());
        bench.choose(u"lobby"_s);
        QVERIFY(bench.window.showTab(u"WebSockets"_s));
        QTRY_VERIFY(bench.says(u"No WebSocket"_s));
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, static_cast<quint16>(bench.window.session->url().port()));
        QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
        socket.write("GET /room?name=lobby HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        QTRY_VERIFY(bench.window.showTab(u"WebSockets (1)"_s));
        QTableView *table = nullptr;
        QTRY_VERIFY((table = bench.window.table(u"WebSockets"_s)) && table->model()->rowCount() == 1);
        QCOMPARE(table->model()->index(0, 1).data().toString(), u"ada"_s);
        QCOMPARE(table->model()->index(0, 2).data().toString(), u"{ joined: 1974 }"_s);
        socket.abort();
        QTRY_VERIFY(bench.says(u"No WebSocket"_s));
    }

    void alarm()
    {
        Bench bench;
        QVERIFY(bench.start());
        QCOMPARE(bench.call(u"lobby"_s), QByteArray("1"));
        QVERIFY(bench.open());
        bench.choose(u"lobby"_s);
        QVERIFY(bench.window.showTab(u"Alarm"_s));
        QTRY_VERIFY(bench.says(u"No alarm is set."_s));
        QVERIFY(!bench.window.button(u"Run now"_s)->isEnabled());
        bench.window.click(u"Set"_s); // in a minute
        QTRY_VERIFY(bench.says(u"Rings in"_s));
        QTRY_VERIFY(bench.window.button(u"Run now"_s)->isEnabled());
        bench.window.click(u"Run now"_s);
        QTRY_VERIFY(bench.says(u"No alarm is set."_s));
        QVERIFY(bench.window.showTab(u"Storage"_s));
        QTRY_VERIFY(Bench::column(bench.keys(), ui::ValueModel::Key).contains(u"rang"_s));
    }

    void sends()
    {
        Bench bench;
        QVERIFY(bench.start());
        QCOMPARE(bench.call(u"lobby"_s), QByteArray("1"));
        QVERIFY(bench.open());
        bench.choose(u"lobby"_s);
        QVERIFY(bench.window.showTab(u"Send"_s));
        QLineEdit *path = nullptr;
        QLineEdit *method = nullptr;
        for (QLineEdit *one : bench.window.window->findChildren<QLineEdit *>()) {
            if (one->accessibleName() == u"Path or URL"_s)
                path = one;
            else if (one->accessibleName() == u"Name of the method"_s)
                method = one;
        }
        QVERIFY(path && method);
        path->setText(u"/teapot"_s);
        QTRY_VERIFY(bench.window.button(u"Send"_s)->isEnabled());
        bench.window.click(u"Send"_s);
        QTRY_VERIFY(bench.says(u"418"_s));
        for (QComboBox *one : bench.window.window->findChildren<QComboBox *>()) {
            if (one->accessibleName() == u"What to send"_s)
                one->setCurrentIndex(1);
        }
        method->setText(u"add"_s);
        bench.window.text(u"Arguments"_s)->setPlainText(u"[20, 22]"_s);
        QTRY_VERIFY(bench.window.button(u"Send"_s)->isEnabled());
        bench.window.click(u"Send"_s);
        QTRY_VERIFY(bench.says(u"Answered"_s));
        const auto values = bench.window.window->findChildren<ui::ValueView *>();
        QVERIFY(std::ranges::any_of(values, [](const ui::ValueView *one) { return one->isVisible() && one->value() && *one->value() == "42"; }));
        method->setText(u"nobody"_s);
        QTRY_VERIFY(bench.window.button(u"Send"_s)->isEnabled());
        bench.window.click(u"Send"_s);
        QTRY_VERIFY(bench.says(u"TypeError"_s));
        bench.window.session->stop();
        QTRY_VERIFY(!bench.window.button(u"Send"_s)->isEnabled());
    }

    void deletes()
    {
        Bench bench;
        QVERIFY(bench.start());
        QCOMPARE(bench.call(u"lobby"_s), QByteArray("1"));
        QCOMPARE(bench.call(u"attic"_s), QByteArray("1"));
        QVERIFY(bench.open());
        bench.choose(u"lobby"_s);
        QTRY_VERIFY(bench.keys());
        bench.window.click(u"Delete the object…"_s);
        bench.answer(u"Delete"_s);
        QTRY_COMPARE(Bench::column(bench.objects(), ui::ObjectModel::Name), QStringList{u"attic"_s});
        QTRY_VERIFY(bench.says(u"The object is gone"_s));
        QCOMPARE(bench.call(u"lobby"_s), QByteArray("1")); // a new one
        QTRY_COMPARE(Bench::column(bench.objects(), ui::ObjectModel::Name), (QStringList{u"attic"_s, u"lobby"_s}));
    }
};

QTEST_MAIN(TestObjectsWindow)
#include "t_objectswindow.moc"
