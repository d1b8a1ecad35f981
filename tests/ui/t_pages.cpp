// SPDX-License-Identifier: GPL-3.0-or-later
// Every page of the window, drawn on a display: a picture of each is left beside the test program (screenshots/), for people to look at, and each is checked for what a
// program can see: no words that are cut off, no text that can hardly be told from what is behind it. ctest runs it light and dark, at one and at two pixels a point.
#include "core/bindings/analytics/dataset.h"
#include "core/bindings/d1/d1database.h"
#include "core/bindings/queues/queuestore.h"
#include "core/bindings/vectorize/vectorindex.h"
#include "core/config/bindingkinds.h"
#include "core/data/kv/keyeditor.h"
#include "core/data/r2/objecteditor.h"
#include "core/data/vectorize/vectorlist.h"
#include "tests/ui/windowbench.h"
#include "ui/bindings/entrydialogs.h"
#include "ui/console/consolemodel.h"
#include "ui/console/consoleview.h"
#include "ui/data/datapane.h"
#include "ui/functions/trypath.h"
#include "ui/requests/again/composer.h"
#include "ui/requests/again/requestactions.h"
#include "ui/requests/requestspane.h"
#include "ui/shell/workersbutton.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDateTime>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QUrl>

#include <cmath>

using namespace cleat;
using namespace Qt::StringLiterals;
using tests::WindowBench;

namespace {

constexpr const char *everyKind = R"(name = "shop"
pages_build_output_dir = "public"
compatibility_date = "2026-01-01"

[[kv_namespaces]]
binding = "TODO_LIST"
id = "0f2ac74b498b48028cb68387c421e279"
preview_id = "local-todos"

[[r2_buckets]]
binding = "BUCKET"
bucket_name = "pictures"

[[d1_databases]]
binding = "NORTHWIND_DB"
database_id = "8f1a2c3d-0000-4000-8000-1234567890ab"
database_name = "northwind"

[[durable_objects.bindings]]
name = "ROOMS"
class_name = "Room"
script_name = "rooms"

[[services]]
binding = "AUTH"
service = "auth-worker"
entrypoint = "AdminEntrypoint"

[[queues.producers]]
binding = "MAIL"
queue = "mail"

[ai]
binding = "AI"

[vars]
GREETING = "hello"
LIMITS = { requests = 10, burst = [1, 2] }

[env.preview]

[[env.preview.kv_namespaces]]
binding = "TODO_LIST"
id = "preview-todos"

[env.preview.vars]
GREETING = "hello from preview"

[env.staging]
)";

double luminance(const QColor &color)
{
    const auto part = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF());
}

/// Of the Web Content Accessibility Guidelines 2.2, "contrast ratio".
double contrast(const QColor &a, const QColor &b)
{
    const double x = luminance(a) + 0.05;
    const double y = luminance(b) + 0.05;
    return std::max(x, y) / std::min(x, y);
}

} // namespace

class TestPages final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;
    QDir m_pictures;

    QDialog *dialog(const WindowBench &bench) const
    {
        QDialog *found = nullptr;
        (void)QTest::qWaitFor([&] {
            found = bench.window->findChild<QDialog *>();
            return found && found->isVisible();
        }, 30'000);
        if (found)
            (void)QTest::qWaitForWindowExposed(found);
        return found;
    }

    void look(QWidget &page, const QString &name)
    {
        QTest::qWait(50); // fonts, layouts and colours settle
        QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest); // what has just come has its place
        const QPixmap picture = page.grab();
        QVERIFY(!picture.isNull());
        QVERIFY(picture.save(m_pictures.filePath(name + u".png"_s)));
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if (!label->isVisible() || label->text().isEmpty())
                continue;
            const QString where = u"%1: “%2”"_s.arg(name, label->text());
            if (!label->wordWrap())
                QVERIFY2(label->width() >= label->sizeHint().width(), qPrintable(where + u" is cut off"_s));
            else
                QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(where + u" has lines that do not show"_s));
            if (!label->isEnabled()) // what cannot be used may be faint
                continue;
            const double ratio = contrast(label->palette().color(QPalette::WindowText), label->palette().color(QPalette::Window));
            QVERIFY2(ratio >= 3.0, qPrintable(where + u" has a contrast of only %1"_s.arg(ratio)));
        }
        for (const QAbstractButton *button : page.findChildren<QAbstractButton *>()) {
            if (button->isVisible() && !button->text().isEmpty() && !button->icon().isNull())
                QVERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(u"%1: the button “%2” is cut off"_s.arg(name, button->text())));
        }
    }

    static void closeDialog(QDialog *dialog, const WindowBench &bench)
    {
        dialog->reject();
        QTRY_VERIFY(!bench.window->findChild<QDialog *>());
    }

private Q_SLOTS:
    void initTestCase()
    {
        tests::prepareWindows(m_settings.path());
        const QString look = qEnvironmentVariable("CLEAT_THEME", u"light"_s) + u'-' + qEnvironmentVariable("QT_SCALE_FACTOR", u"1"_s) + u'x';
        m_pictures = QDir(QCoreApplication::applicationDirPath() + u"/screenshots/"_s + look);
        QVERIFY(m_pictures.mkpath(u"."_s));
    }
    void init() { QSettings().clear(); }

    void bindings()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", everyKind);
        bench.write(".dev.vars", "API_KEY=abc\nGREETING=from the file\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->secrets().set({config::Scope::Production, config::Scope::Preview}, {{"STRIPE_KEY", secrets::SecretText("sk")}}, [](const auto &) {});
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        QVERIFY(bench.showTab(u"Production"_s));
        look(*bench.window, u"bindings-production"_s);
        QVERIFY(bench.showTab(u"Preview"_s));
        look(*bench.window, u"bindings-preview"_s);
        bench.window->resize(bench.window->minimumSize());
        look(*bench.window, u"bindings-small"_s);
    }

    void empty()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        look(*bench.window, u"new-project"_s);
        bench.write("wrangler.toml", "name = \"shop\"\npages_build_output_dir = \"public\"\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        look(*bench.window, u"bindings-empty"_s);
        bench.write("wrangler.toml", "name = \n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Broken);
        look(*bench.window, u"bindings-broken"_s);
    }

    void addSheet()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", everyKind);
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        ui::openAddDialog(*bench.session, config::Scope::Preview, {}, bench.window.get());
        QDialog *sheet = dialog(bench);
        QVERIFY(sheet);
        look(*sheet, u"add"_s);
        closeDialog(sheet, bench);
        for (const config::BindingKind &kind : config::bindingKinds()) {
            ui::openAddDialog(*bench.session, config::Scope::Preview, ui::EntryStart{ui::EntryDraft::Sort::Binding, kind.kind}, bench.window.get());
            QDialog *form = dialog(bench);
            QVERIFY(form);
            look(*form, u"add-%1"_s.arg(QLatin1StringView(kind.key.data(), qsizetype(kind.key.size()))));
            closeDialog(form, bench);
        }
        for (const auto sort : {ui::EntryDraft::Sort::Variable, ui::EntryDraft::Sort::Secret}) {
            ui::openAddDialog(*bench.session, config::Scope::Production, ui::EntryStart{sort, {}}, bench.window.get());
            QDialog *form = dialog(bench);
            QVERIFY(form);
            look(*form, sort == ui::EntryDraft::Sort::Variable ? u"add-variable"_s : u"add-secret"_s);
            closeDialog(form, bench);
        }
    }

    void configFile()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", everyKind);
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.press(Qt::Key_6, Qt::ControlModifier);
        look(*bench.window, u"config-file-toml"_s);
        bench.write("wrangler.jsonc", "{\n  // the shop\n  \"name\": \"shop\",\n  \"pages_build_output_dir\": \"public\",\n  \"vars\": { \"GREETING\": \"hello\", \"N\": 1 },\n}\n");
        QTRY_COMPARE(bench.session->config().form(), config::Form::Jsonc);
        look(*bench.window, u"config-file-jsonc"_s);
    }

    /// The Data pane over stores that hold something, at the usual size and in a small window.
    void data()
    {
        WindowBench bench(WindowBench::Start::No);
        const std::filesystem::path state = bench.session->stateFolder();
        const data::kv::KeyEditor::Existing replace = data::kv::KeyEditor::Existing::Replace;
        data::kv::KeyEditor keys(state, "todo-list");
        for (int i = 0; i < 60; ++i) {
            data::kv::KeyEdit edit;
            edit.key = "task:" + std::to_string(1000 + i);
            edit.value.bytes = "{\"title\":\"Water the plants\",\"done\":false,\"tags\":[\"home\",\"green\"],\"priority\":" + std::to_string(i % 5) + "}";
            if (i % 3 == 0)
                edit.value.metadata = "{\"author\":\"me\"}";
            if (i % 4 == 0)
                edit.value.expiration = 2'000'000'000;
            QVERIFY(keys.put(edit, replace));
        }
        data::r2::ObjectEditor objects(state, "files");
        for (const char *name : {"readme.txt", "photos/2024/cat.jpg", "photos/dog.jpg", "data/table.json"})
            QVERIFY(objects.put(name, "{\n  \"hello\": \"world\"\n}\n", "{\"contentType\":\"application/json\",\"cacheControl\":\"max-age=60\"}", "{\"by\":\"me\"}",
                data::r2::ObjectEditor::Existing::Replace));
        bindings::d1::D1Database database(state, "visits");
        std::string rows = "INSERT INTO people (name, born, note) VALUES ('Ada', 1815, NULL)";
        for (int i = 0; i < 40; ++i)
            rows += ", ('Person " + std::to_string(i) + "', " + std::to_string(1900 + i) + ", 'a note that is rather longer than the column is wide, so that it has to be cut')";
        const std::vector<bindings::d1::Query> queries{{"CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, born INTEGER, note TEXT)", {}},
            {"CREATE INDEX people_born ON people (born)", {}}, {"CREATE TABLE visits (id INTEGER PRIMARY KEY, person INTEGER REFERENCES people (id), at TEXT)", {}}, {rows, {}}};
        QVERIFY(database.run(queries));

        bench.press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = bench.window->findChild<ui::DataPane *>();
        QVERIFY(pane);
        const auto lookAt = [&](session::DataResource::Kind kind, const std::string &id, const QString &item, const QString &name) {
            QVERIFY(pane->showItem(kind, id, item));
            QTest::qWait(400);
            if (auto *list = pane->findChild<ui::RowView *>(); list && list->model() && list->model()->rowCount() > 0) {
                const auto views = pane->findChildren<ui::RowView *>();
                for (ui::RowView *view : views) {
                    if (view->isVisible() && view->model() && view->model()->rowCount() > 2)
                        view->selectionModel()->setCurrentIndex(view->model()->index(2, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
                }
            }
            QTest::qWait(400);
            look(*bench.window, name);
        };
        using Kind = session::DataResource::Kind;
        lookAt(Kind::Kv, "todo-list", {}, u"data-kv"_s);
        lookAt(Kind::R2, "files", {}, u"data-r2"_s);
        lookAt(Kind::R2, "files", u"readme.txt"_s, u"data-r2-object"_s);
        lookAt(Kind::D1, "visits", u"people"_s, u"data-d1-rows"_s);
        for (QTabBar *tabs : pane->findChildren<QTabBar *>()) {
            if (!tabs->isVisible() || tabs->count() < 4)
                continue;
            for (int i = 1; i < tabs->count(); ++i) {
                tabs->setCurrentIndex(i);
                QTest::qWait(300);
                look(*bench.window, u"data-d1-%1"_s.arg(tabs->tabText(i).toLower().remove(u'&').remove(u' ')));
            }
            tabs->setCurrentIndex(0);
            break;
        }
        lookAt(Kind::Cache, "default", {}, u"data-cache-empty"_s);
        bench.window->resize(640, 420);
        lookAt(Kind::Kv, "todo-list", {}, u"data-kv-small"_s);
        lookAt(Kind::R2, "files", {}, u"data-r2-small"_s);
        lookAt(Kind::D1, "visits", u"people"_s, u"data-d1-small"_s);
    }

    /// Workers beside the project, and the queues between them.
    void workers()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", everyKind);
        bench.write("auth/wrangler.toml", "name = \"auth-worker\"\nmain = \"index.js\"\n[triggers]\ncrons = [\"*/5 * * * *\", \"0 3 * * MON\"]\n");
        bench.write("auth/index.js", "export default {};\nexport class AdminEntrypoint {}\n");
        bench.write("broken/wrangler.toml", "name = \"thumbnails\"\nmain = \"index.js\"\n");
        bench.write("broken/index.js", "export default { fetch( };\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        QVERIFY(bench.session->addWorker(bench.path("auth")));
        QVERIFY(bench.session->addWorker(bench.path("broken")));
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        QTRY_VERIFY(bench.session->workers()[1].error && bench.session->workers()[0].state == session::State::Running);
        QVERIFY(bench.showTab(u"Production"_s));
        look(*bench.window, u"workers-bindings"_s);
        auto *button = bench.window->findChild<ui::WorkersButton *>();
        button->menu()->popup(button->mapToGlobal(QPoint(0, button->height())));
        look(*button->menu(), u"workers-menu"_s);
        for (QAction *action : button->menu()->actions()) {
            if (!action->menu() || action->text().startsWith(u"shop"_s))
                continue;
            action->menu()->popup(button->mapToGlobal(QPoint(0, button->height())));
            look(*action->menu(), action->text().startsWith(u"auth"_s) ? u"workers-menu-crons"_s : u"workers-menu-failed"_s);
            action->menu()->close();
        }
        button->menu()->close();

        bindings::queues::QueueStore store(bench.session->stateFolder());
        using bindings::queues::ContentType;
        std::vector<bindings::queues::NewMessage> messages;
        for (int i = 0; i < 40; ++i)
            messages.push_back({ContentType::Json, "{\"to\":\"ada" + std::to_string(i) + "@example.org\",\"subject\":\"Your order\",\"items\":[{\"sku\":\"boat\",\"count\":" + std::to_string(i) + "}]}", i % 7 == 3 ? 600 : 0, {}});
        messages.push_back({ContentType::Text, "plain words", 0, {}});
        messages.push_back({ContentType::Bytes, std::string("\x00\x01\xfe\xff", 4), 0, {}});
        QVERIFY(store.send("mail", messages, QDateTime::currentMSecsSinceEpoch() - 95'000));
        QVERIFY(store.claim("mail", 3, QDateTime::currentMSecsSinceEpoch()));
        bench.press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = bench.window->findChild<ui::DataPane *>();
        QVERIFY(pane && pane->showItem(session::DataResource::Kind::Queue, "mail"));
        QTRY_VERIFY(bench.rows(u"Messages"_s) && bench.rows(u"Messages"_s)->model()->rowCount() == 42);
        WindowBench::clickRow(*bench.rows(u"Messages"_s), 5);
        QTest::qWait(400);
        look(*bench.window, u"data-queue"_s);
        bench.click(u"Send…"_s);
        QDialog *send = dialog(bench);
        QVERIFY(send);
        look(*send, u"data-queue-send"_s);
        closeDialog(send, bench);
        bench.window->resize(640, 420);
        QTest::qWait(400);
        look(*bench.window, u"data-queue-small"_s);
        bench.window->resize(1500, 900);
        bench.write("auth/wrangler.toml", "name = \"auth-worker\"\nmain = \"index.js\"\n[[queues.consumers]]\nqueue = \"mail\"\nmax_retries = 3\ndead_letter_queue = \"mail-dead\"\n");
        bench.write("auth/index.js", "export default { async queue(batch) { await new Promise(() => {}); } };\nexport class AdminEntrypoint {}\n");
        QTest::qWait(1500);
        look(*bench.window, u"data-queue-large"_s);
        QVERIFY(store.setDelivery("mail", bindings::queues::QueueStore::Delivery::Paused));
        QVERIFY(store.purge("mail"));
        QTest::qWait(700);
        look(*bench.window, u"data-queue-paused"_s);
    }

    /// The objects of a Worker beside the project.
    void durableObjects()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", everyKind);
        bench.write("rooms/wrangler.toml", "name = \"rooms\"\nmain = \"index.js\"\n[[migrations]]\ntag = \"v1\"\nnew_sqlite_classes = [\"Room\"]\n");
        bench.write("rooms/index.js", R"js(import { DurableObject } from "cloudflare:workers";
export class Room extends DurableObject {
  async fetch() {
    this.ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS messages (id INTEGER PRIMARY KEY, who TEXT, text TEXT)");
    for (let i = 0; i < 12; ++i) this.ctx.storage.sql.exec("INSERT INTO messages (who, text) VALUES (?, ?)", i % 2 ? "ada" : "grace", `message ${i}`);
    await this.ctx.storage.put({ topic: "boats", opened: new Date(0), members: new Set(["ada", "grace"]), settings: { mode: "quiet", limits: [10, 20], owner: { name: "Ada", id: 7 } } });
    await this.ctx.storage.setAlarm(Date.now() + 3_600_000);
    return Response.json({ topic: "boats", members: ["ada", "grace"] });
  }
  alarm() {}
}
export default {};
)js");
        bench.write("functions/room.js", "export const onRequest = ({ env, request }) => env.ROOMS.getByName(new URL(request.url).searchParams.get('name')).fetch('http://x/');");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        QVERIFY(bench.session->addWorker(bench.path("rooms")));
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        QTRY_COMPARE(bench.session->workers()[0].state, session::State::Running);
        bench.press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = bench.window->findChild<ui::DataPane *>();
        QVERIFY(pane && pane->showItem(session::DataResource::Kind::Objects, "rooms-Room"));
        QTRY_VERIFY(bench.shows(u"No objects yet"_s));
        look(*bench.window, u"data-objects-empty"_s);
        for (const char *name : {"lobby", "attic", "kitchen", "a room with a rather long name that has to be cut somewhere"})
            QCOMPARE(bench.get(u"/room?name="_s + QString::fromLatin1(QUrl::toPercentEncoding(QString::fromLatin1(name)))).status, 200);
        QTRY_VERIFY(bench.rows(u"Objects"_s) && bench.rows(u"Objects"_s)->model()->rowCount() == 4);
        for (const QSize size : {QSize(1500, 900), QSize(1000, 640)}) {
            const QString large = size.width() > 1200 ? u"-large"_s : u""_s;
            bench.window->resize(size);
            WindowBench::clickRow(*bench.rows(u"Objects"_s), 1);
            QTRY_VERIFY(bench.rows(u"Keys"_s) && bench.rows(u"Keys"_s)->model()->rowCount() == 4);
            WindowBench::clickRow(*bench.rows(u"Keys"_s), 2);
            QTest::qWait(400);
            look(*bench.window, u"data-objects"_s + large);
            for (const QString &tab : {u"SQL"_s, u"Alarm"_s, u"Send"_s}) {
                QVERIFY(bench.showTab(tab));
                QTest::qWait(500);
                if (tab == u"Send"_s) {
                    bench.click(u"Send"_s);
                    QTest::qWait(500);
                }
                look(*bench.window, u"data-objects-"_s + tab.toLower() + large);
            }
            QVERIFY(bench.showTab(u"Storage"_s));
        }
        WindowBench::clickRow(*bench.rows(u"Keys"_s), 2);
        bench.click(u"Edit…"_s);
        QDialog *edit = dialog(bench);
        QVERIFY(edit);
        look(*edit, u"data-objects-edit"_s);
        closeDialog(edit, bench);
        bench.window->resize(640, 420);
        QTest::qWait(400);
        look(*bench.window, u"data-objects-small"_s);
    }

    /// What models were asked, and answered.
    void models()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", "name = \"shop\"\npages_build_output_dir = \"public\"\n[ai]\nbinding = \"AI\"\n");
        bench.write("functions/ask.js", "export const onRequest = async ({ env, request }) => Response.json(await env.AI.run('@cf/meta/llama-3.1-8b-instruct', { messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: new URL(request.url).searchParams.get('p') }] }));\nexport const onRequestPost = async ({ env }) => new Response(await env.AI.run('@cf/unknown', { prompt: 'Who are you?' }));\n");
        bench.write("answers/chat.json",
            R"({"model":"@cf/meta/llama-3.1-8b-instruct","answer":{"response":"A cleat is a piece of wood or metal with two horns, round which a rope is belayed.\n\nSailors make lines fast on it, and theatre people hang their scenery from it.","usage":{"prompt_tokens":31,"completion_tokens":46}}})");
        session::ProjectSettings settings = bench.session->settings();
        settings.ai.provider = session::AiSettings::Provider::Recorded;
        settings.ai.recordings = "answers";
        QVERIFY(bench.session->setSettings(settings));
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        bench.press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = bench.window->findChild<ui::DataPane *>();
        QVERIFY(pane && pane->showItem(session::DataResource::Kind::Models, "models"));
        QTest::qWait(400);
        look(*bench.window, u"data-models-empty"_s);
        for (const QString &prompt : {u"What%20is%20a%20cleat?"_s, u"And%20what%20do%20sailors%20do%20with%20it%20when%20there%20is%20no%20wind%20at%20all?"_s, u"Thanks!"_s})
            QCOMPARE(bench.get(u"/ask?p="_s + prompt).status, 200);
        (void)bench.request("POST", u"/ask"_s);
        QTRY_VERIFY(bench.rows(u"Calls"_s) && bench.rows(u"Calls"_s)->model()->rowCount() == 4);
        WindowBench::clickRow(*bench.rows(u"Calls"_s), 2);
        QTest::qWait(400);
        look(*bench.window, u"data-models"_s);
        QVERIFY(bench.showTab(u"Ask"_s));
        look(*bench.window, u"data-models-ask"_s);
        WindowBench::clickRow(*bench.rows(u"Calls"_s), 0);
        QTest::qWait(400);
        bench.window->resize(1500, 900);
        QTest::qWait(300);
        look(*bench.window, u"data-models-failed-large"_s);
        bench.window->resize(640, 420);
        QTest::qWait(400);
        look(*bench.window, u"data-models-small"_s);
    }

    /// Points, and a chart of what is asked of them.
    void analytics()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", "name = \"shop\"\npages_build_output_dir = \"public\"\n[[analytics_engine_datasets]]\nbinding = \"HITS\"\ndataset = \"hits\"\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bindings::analytics::Dataset dataset(bindings::analytics::datasetFile(bench.session->stateFolder(), "hits").value());
        std::vector<bindings::analytics::DataPoint> points(600);
        std::vector<const bindings::analytics::DataPoint *> given;
        for (int i = 0; i < 600; ++i) {
            bindings::analytics::DataPoint &point = points[static_cast<std::size_t>(i)];
            point.timeMs = QDateTime::currentMSecsSinceEpoch() - (600 - i) * 20'000;
            point.addIndex("customer-" + std::to_string(i % 7));
            point.addBlob(i % 3 ? "/checkout" : "/products/a-rather-long-path");
            point.addBlob(i % 2 ? "DE" : "FR");
            point.addDouble(40 + 25 * std::sin(i / 40.0) + i % 5);
            given.push_back(&point);
        }
        QVERIFY(dataset.append(given));
        bench.press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = bench.window->findChild<ui::DataPane *>();
        QVERIFY(pane && pane->showItem(session::DataResource::Kind::Analytics, "hits"));
        QTRY_VERIFY(bench.rows(u"Points"_s) && bench.rows(u"Points"_s)->model()->rowCount() == 600);
        QTest::qWait(400);
        look(*bench.window, u"data-analytics"_s);
        QVERIFY(bench.showTab(u"SQL"_s));
        bench.click(u"Run"_s);
        QTest::qWait(800);
        look(*bench.window, u"data-analytics-sql"_s);
        QVERIFY(bench.showTab(u"Chart"_s));
        QTest::qWait(600);
        look(*bench.window, u"data-analytics-chart"_s);
        bench.window->resize(640, 420);
        QTest::qWait(600);
        look(*bench.window, u"data-analytics-small"_s);
    }

    /// An index with vectors, what is like one of them, and their picture.
    void vectors()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", "name = \"shop\"\npages_build_output_dir = \"public\"\n[[vectorize]]\nbinding = \"DOCS\"\nindex_name = \"docs\"\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        const std::filesystem::path state = bench.session->stateFolder();
        QVERIFY(data::vectorize::createIndex(state, "docs", 8, data::vectorize::Metric::Cosine));
        bindings::vectorize::VectorIndex index(state, "docs");
        std::vector<data::vectorize::Vector> vectors;
        for (int i = 0; i < 240; ++i) {
            std::vector<float> values(8, 0.05F);
            values[static_cast<std::size_t>(i % 3)] = 1.0F;
            values[3] = static_cast<float>(std::sin(i));
            values[4] = static_cast<float>(std::cos(i * 1.7)) * 0.4F;
            vectors.push_back({"document-" + std::to_string(i), values, i % 3 == 0 ? std::optional<std::string>("articles") : std::nullopt, R"({"title":"On cleats","year":)" + std::to_string(1990 + i % 30) + '}'});
        }
        QVERIFY(index.upsert(vectors));
        bench.press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = bench.window->findChild<ui::DataPane *>();
        QVERIFY(pane && pane->showItem(session::DataResource::Kind::Vectorize, "docs"));
        QTRY_VERIFY(bench.rows(u"Vectors"_s) && bench.rows(u"Vectors"_s)->model()->rowCount() == 240);
        WindowBench::clickRow(*bench.rows(u"Vectors"_s), 3);
        QTest::qWait(500);
        look(*bench.window, u"data-vectors"_s);
        QVERIFY(bench.showTab(u"Picture"_s));
        QTest::qWait(1000);
        look(*bench.window, u"data-vectors-picture"_s);
        bench.window->resize(640, 420);
        QTest::qWait(500);
        look(*bench.window, u"data-vectors-small"_s);
    }

    void requests()
    {
        WindowBench bench;
        for (const auto *target : {"/hello", "/", "/nothing-here"})
            (void)bench.get(QString::fromLatin1(target));
        bench.press(Qt::Key_3, Qt::ControlModifier);
        QTest::qWait(200);
        look(*bench.window, u"requests"_s);
    }

    /// A request that failed, and one with calls; the same in a small window.
    void requestDetail()
    {
        WindowBench bench;
        bench.press(Qt::Key_3, Qt::ControlModifier);
        (void)bench.request("POST", u"/api/tasks"_s, R"({"title":"Paint the boat","done":false})");
        (void)bench.get(u"/api/tasks"_s);
        (void)bench.get(u"/error"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 3);
        ui::RowView *rows = bench.rows(u"Requests"_s);
        WindowBench::clickRow(*rows, 1);
        QTRY_VERIFY(bench.shows(u"KV TODO_LIST.list"_s));
        look(*bench.window, u"request-waterfall"_s);
        WindowBench::clickRow(*rows, 2);
        QTRY_VERIFY(bench.showTab(u"Exceptions (1)"_s));
        look(*bench.window, u"request-failed"_s);
        bench.window->resize(640, 420);
        look(*bench.window, u"request-small"_s);
    }

    void again()
    {
        WindowBench bench;
        bench.press(Qt::Key_3, Qt::ControlModifier);
        (void)bench.request("POST", u"/api/tasks"_s, R"({"title":"Paint the boat","done":false})");
        (void)bench.get(u"/api/tasks"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() == 2);
        bench.write("cleat.requests.json",
            R"({"version":1,"requests":[{"name":"All tasks","method":"GET","path":"/api/tasks"},{"name":"New task","method":"POST","path":"/api/tasks","body":"{}"}]})");
        WindowBench::clickRow(*bench.rows(u"Requests"_s), 0);
        bench.press(Qt::Key_E, Qt::ControlModifier);
        ui::Composer *composer = nullptr;
        QTRY_VERIFY((composer = bench.window->findChild<ui::Composer *>()) && composer->isVisible());
        QVERIFY(QTest::qWaitForWindowActive(composer));
        look(*composer, u"composer"_s);
        composer->send();
        QTRY_VERIFY(std::ranges::any_of(composer->findChildren<QLabel *>(), [](const QLabel *label) { return label->isVisible() && label->text() == u"201 Created"_s; }));
        look(*composer, u"composer-answer"_s);
        composer->resize(560, 400);
        look(*composer, u"composer-small"_s);
        composer->close();

        auto *pane = bench.window->findChild<ui::RequestsPane *>();
        auto *actions = bench.window->findChild<ui::RequestActions *>();
        const auto held = pane->recording()->held();
        for (QAction *action : actions->actionsFor(pane->recording(), {held.first + 1})) {
            if (action->text().startsWith(u"Repea"_s))
                action->trigger();
        }
        QDialog *repeat = dialog(bench);
        QVERIFY(repeat);
        for (QPushButton *button : repeat->findChildren<QPushButton *>()) {
            if (button->text() == u"&Send"_s)
                button->click();
        }
        QTest::qWait(600);
        look(*repeat, u"repeat"_s);
        closeDialog(repeat, bench);
        actions->compare(pane->recording(), held.first, held.first + 1);
        QDialog *compare = dialog(bench);
        QVERIFY(compare);
        look(*compare, u"compare"_s);
        closeDialog(compare, bench);
    }

    void settings()
    {
        WindowBench bench;
        bench.press(Qt::Key_7, Qt::ControlModifier);
        look(*bench.window, u"settings"_s);
        bench.window->resize(640, 420);
        look(*bench.window, u"settings-small"_s);
    }

    /// Lines of every kind, some of them unfolded; at the usual size and in a small window.
    void console()
    {
        WindowBench bench;
        bench.press(Qt::Key_4, Qt::ControlModifier);
        look(*bench.window, u"console-empty"_s);
        bench.write("functions/chatty.ts", R"(export const onRequestGet = ({ request }) => {
  const order = { id: 1042, customer: { name: 'Ann Author', vip: true, since: null }, lines: [{ sku: 'ROPE-8', price: 12.5 }, { sku: 'CLEAT', price: 4 }], note: undefined };
  console.debug('cache miss', 'orders:1042');
  console.log('order', order, new Map([['total', 16.5]]), new Set(['paid']));
  console.info('%s in %d ms', 'rendered', 3.2);
  console.warn('slow query: SELECT * FROM orders WHERE customer = ? ORDER BY created DESC, which is a line that is rather longer than the window is wide and has to be wrapped or cut');
  console.table([{ sku: 'ROPE-8', price: 12.5 }, { sku: 'CLEAT', price: 4 }]);
  console.group('checks');
  console.log('stock', true);
  console.groupCollapsed('details');
  console.log('hidden');
  console.groupEnd();
  console.groupEnd();
  for (let i = 0; i < 3; ++i) console.log('tick');
  console.error('failed:', new TypeError('price is not a number'));
  return new Response('said');
};
)");
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/chatty"_s).body, "said", 20'000);
        (void)bench.get(u"/error"_s);
        auto *view = bench.window->findChild<ui::ConsoleView *>();
        auto *model = bench.window->findChild<ui::ConsoleModel *>();
        QVERIFY(view && model);
        model->setEquals(ui::ConsoleModel::Equals::Together);
        const auto rowWith = [model](const QString &text) {
            for (int row = 0; row < model->rowCount(); ++row) {
                if (!model->item(row) && model->head(row).contains(text))
                    return row;
            }
            return -1;
        };
        QTRY_VERIFY(rowWith(u"uncaught error"_s) >= 0);
        view->toggle(rowWith(u"uncaught error"_s));
        view->toggle(rowWith(u"order "_s));
        view->toggle(rowWith(u"order "_s) + 1);
        view->scrollToTop();
        view->clearSelection();
        look(*bench.window, u"console"_s);
        view->scrollToBottom();
        look(*bench.window, u"console-end"_s);
        bench.window->resize(640, 420);
        look(*bench.window, u"console-small"_s);
    }

    void functions()
    {
        WindowBench bench;
        bench.press(Qt::Key_5, Qt::ControlModifier);
        for (const auto *target : {"/hello", "/hello", "/api/tasks", "/error", "/"})
            (void)bench.get(QString::fromLatin1(target));
        auto *attempt = bench.window->findChild<ui::TryPath *>();
        QVERIFY(attempt);
        attempt->tryThis(u"GET"_s, u"/api/tasks/7"_s);
        QTest::qWait(400);
        look(*bench.window, u"functions"_s);
        attempt->tryThis(u"DELETE"_s, u"/api/tasks"_s);
        bench.write("functions/hello.ts", "export const onRequest = (;\n");
        QTRY_VERIFY_WITH_TIMEOUT(bench.session->buildError(), 20'000);
        look(*bench.window, u"functions-error"_s);
        bench.write("public/_routes.json", "{\"version\": 1, \"include\": [\"/api/*\", \"/hello\"], \"exclude\": [\"/api/static/*\"]}");
        QTRY_VERIFY_WITH_TIMEOUT(bench.session->routes()->rules(), 20'000);
        QVERIFY(bench.showTab(u"_routes.json"_s));
        look(*bench.window, u"functions-rules"_s);
        bench.window->resize(640, 420);
        QVERIFY(bench.showTab(u"Try it"_s));
        look(*bench.window, u"functions-small"_s);
    }
};

QTEST_MAIN(TestPages)
#include "t_pages.moc"
