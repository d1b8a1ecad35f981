// SPDX-License-Identifier: GPL-3.0-or-later
// The page of models in the Data pane of the real window. Recordings answer, so that nobody else has to.
#include "tests/patience.h"
#include "tests/ui/windowbench.h"
#include "ui/data/datapane.h"
#include "ui/data/dataview.h"
#include "ui/data/models/callmodel.h"
#include "ui/values/valueview.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/rowview.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::DataResource;
using session::State;
using tests::WindowBench;
using ui::CallModel;

namespace {

constexpr const char *askJs = R"js(export const onRequest = async ({ env, request }) => {
  const url = new URL(request.url);
  const answer = await env.AI.run(url.searchParams.get("m"), { prompt: url.searchParams.get("p"), stream: url.searchParams.has("s") });
  return answer instanceof ReadableStream ? new Response(answer) : Response.json(answer);
};
)js";

class Bench final
{
public:
    Bench() : window(WindowBench::Start::No, WindowBench::Content::Empty)
    {
        window.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n[ai]\nbinding = \"AI\"\n");
        window.write("functions/ask.js", askJs);
        window.write("answers/chat.json", R"({"model":"@cf/chat","answer":{"response":"A cleat holds a rope.","usage":{"prompt_tokens":5,"completion_tokens":7}}})");
        window.write("answers/picture.json", R"({"model":"@cf/picture","base64":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==","contentType":"image/png"})");
        session::ProjectSettings settings = window.session->settings();
        settings.ai.provider = session::AiSettings::Provider::Recorded;
        settings.ai.recordings = "answers";
        QVERIFY(window.session->setSettings(settings));
        QTRY_COMPARE(window.session->config().status(), session::ConfigStore::Status::Readable);
        window.session->start();
        QVERIFY(window.waitFor(State::Running));
    }
    bool open()
    {
        window.press(Qt::Key_2, Qt::ControlModifier);
        auto *pane = window.window->findChild<ui::DataPane *>();
        return pane && pane->showItem(DataResource::Kind::Models, "models");
    }
    int ask(const QString &model, const QString &prompt, const QString &more = {}) { return window.get(u"/ask?m=%1&p=%2%3"_s.arg(model, prompt, more)).status; }
    ui::RowView *table() const { return window.rows(u"Calls"_s); }
    int count() const { return table() ? table()->model()->rowCount() : 0; }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    QString answer() const
    {
        for (const ui::ValueView *view : window.window->findChildren<ui::ValueView *>()) {
            if (view->isVisible() && view->value())
                return QString::fromStdString(*view->value());
        }
        return {};
    }
    ui::JsonEdit *inputs() const { return window.window->findChild<ui::JsonEdit *>(); }

    WindowBench window;
};

} // namespace

class TestModelWindow final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void callsCome()
    {
        Bench bench;
        QVERIFY(bench.open());
        QVERIFY(bench.window.shows(u"No model was asked yet"_s));
        QCOMPARE(bench.ask(u"@cf/chat"_s, u"What%20is%20a%20cleat?"_s), 200);
        QTRY_COMPARE(bench.count(), 1);
        const QAbstractItemModelTester tester(bench.table()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(bench.cell(0, CallModel::Model), u"@cf/chat"_s);
        QCOMPARE(bench.cell(0, CallModel::Prompt), u"What is a cleat?"_s);
        QCOMPARE(bench.cell(0, CallModel::Tokens), u"5 + 7"_s);
        WindowBench::clickRow(*bench.table(), 0);
        QTRY_COMPARE(bench.answer(), u"A cleat holds a rope."_s);
        // A stream, and a picture: the newest are above, and the chosen one stays chosen.
        QCOMPARE(bench.ask(u"@cf/chat"_s, u"Again"_s, u"&s=1"_s), 200);
        QTRY_COMPARE(bench.count(), 2);
        QCOMPARE(bench.cell(0, CallModel::Prompt), u"Again"_s);
        QCOMPARE(bench.table()->currentIndex().row(), 1);
        WindowBench::clickRow(*bench.table(), 0);
        QTRY_COMPARE(bench.answer(), u"A cleat holds a rope."_s);
        QVERIFY(bench.window.showTab(u"Raw"_s));
        QTRY_VERIFY(bench.answer().startsWith(u"["_s)); // its events
        QCOMPARE(bench.ask(u"@cf/picture"_s, u"Draw"_s), 200);
        QTRY_COMPARE(bench.count(), 3);
        QVERIFY(bench.window.showTab(u"Answer"_s));
        WindowBench::clickRow(*bench.table(), 0);
        QTRY_VERIFY(bench.answer().contains(u"PNG"_s));
    }

    void failures()
    {
        Bench bench;
        QVERIFY(bench.open());
        QVERIFY(bench.ask(u"@cf/unknown"_s, u"Hi"_s) >= 500);
        QTRY_COMPARE(bench.count(), 1);
        WindowBench::clickRow(*bench.table(), 0);
        QTRY_VERIFY(bench.answer().contains(u"There is no recorded answer of @cf/unknown"_s));
        QVERIFY(!bench.window.button(u"Keep as recording"_s)->isEnabled());
        bench.window.click(u"Provider…"_s);
        QTRY_VERIFY(bench.window.shows(u"Who answers when code calls env.AI here."_s));
    }

    /// Edited, asked again, kept: from then on the kept answer is what the code gets.
    void byHand()
    {
        Bench bench;
        QVERIFY(bench.open());
        QCOMPARE(bench.ask(u"@cf/chat"_s, u"First"_s), 200);
        QTRY_COMPARE(bench.count(), 1);
        WindowBench::clickRow(*bench.table(), 0);
        bench.window.click(u"Ask…"_s);
        QVERIFY(bench.inputs() && bench.inputs()->text().contains(u"First"_s));
        bench.inputs()->setText(u"{ \"prompt\": \"Second\" "_s);
        QVERIFY(!bench.window.button(u"Ask"_s)->isEnabled()); // no JSON
        bench.inputs()->setText(u"{ \"prompt\": \"Second\" }"_s);
        bench.window.click(u"Ask"_s);
        QTRY_COMPARE(bench.count(), 2);
        QCOMPARE(bench.cell(0, CallModel::Prompt), u"Second"_s);
        QTRY_COMPARE(bench.table()->currentIndex().row(), 0);
        QTRY_COMPARE(bench.answer(), u"A cleat holds a rope."_s);
        bench.window.click(u"Keep as recording"_s);
        QTRY_VERIFY(bench.window.shows(u"Kept in"_s));
        bool kept = false;
        for (const auto &file : std::filesystem::directory_iterator(bench.window.path("answers")))
            kept = kept || bench.window.read("answers/" + file.path().filename().string()).find("Second") != std::string::npos;
        QVERIFY(kept);
        // It answers, now that there is no other one.
        QVERIFY(std::filesystem::remove(bench.window.path("answers/chat.json")));
        QCOMPARE(bench.ask(u"@cf/chat"_s, u"Second"_s), 200);
        // The rows in Requests: two of the code, one by hand.
        bench.window.press(Qt::Key_3, Qt::ControlModifier);
        QTRY_VERIFY(bench.window.rows(u"Requests"_s) && bench.window.rows(u"Requests"_s)->model()->rowCount() == 3);
    }

    void nowhereToKeep()
    {
        Bench bench;
        QVERIFY(bench.open());
        QCOMPARE(bench.ask(u"@cf/chat"_s, u"First"_s), 200);
        QTRY_COMPARE(bench.count(), 1);
        WindowBench::clickRow(*bench.table(), 0);
        session::ProjectSettings settings = bench.window.session->settings();
        settings.ai.provider = session::AiSettings::Provider::Automatic;
        settings.ai.recordings.clear();
        QVERIFY(bench.window.session->setSettings(settings));
        bench.window.click(u"Keep as recording"_s);
        QTRY_VERIFY(bench.window.shows(u"No folder is chosen for recordings"_s));
        QTRY_VERIFY(bench.window.button(u"Settings…"_s));
    }
};

QTEST_MAIN(TestModelWindow)
#include "t_modelwindow.moc"
