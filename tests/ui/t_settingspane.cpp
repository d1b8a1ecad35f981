// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/analytics/dataset.h"
#include "core/data/analytics/pointlist.h"
#include "tests/ui/windowbench.h"
#include "ui/requests/detail/spanmodel.h"
#include "ui/requests/detail/waterfall.h"
#include "ui/settings/settingspane.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/rowview.h"

#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSpinBox>
#include <QTableWidget>
#include <QToolButton>

#include <algorithm>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::Plan;
using tests::WindowBench;

namespace {

template <typename Widget>
Widget *named(const WindowBench &bench, const QString &name)
{
    for (Widget *one : bench.window->findChildren<Widget *>()) {
        if (one->accessibleName() == name && one->isVisible())
            return one;
    }
    return nullptr;
}

} // namespace

class TestSettingsPane final : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void chosenThingsHold()
    {
        WindowBench bench;
        bench.click(u"Settings"_s);
        auto *plan = named<QComboBox>(bench, u"Plan"_s);
        QVERIFY(plan);
        QCOMPARE(plan->currentText(), u"Workers Paid"_s);
        QVERIFY(bench.shows(u"30 seconds"_s));
        QTest::keyClick(plan, Qt::Key_Home);
        QTRY_COMPARE(bench.session->settings().plan, Plan::Free);
        QVERIFY(bench.shows(u"10 ms"_s));
        // It holds at once: code that takes longer is ended as on that plan.
        QVERIFY(bench.waitFor(session::State::Running));
        bench.write("functions/burn.ts", "export const onRequest = () => { for (;;); };\n");
        QElapsedTimer timer;
        timer.start();
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/burn"_s).status, 503, 20'000);
        QVERIFY(timer.elapsed() < 20'000); // the other plan gives it 30 s

        auto *memory = named<QSpinBox>(bench, u"Memory, and the same on the disk"_s);
        QVERIFY(memory);
        memory->setValue(512);
        QTRY_COMPARE(bench.session->settings().recordingBytes, std::size_t(512) << 20);
        auto *body = named<QComboBox>(bench, u"Kept of each body"_s);
        body->setCurrentIndex(body->findText(u"8 MiB"_s));
        QTRY_COMPARE(bench.session->events().bodyBytes(), std::size_t(8) << 20);

        bench.reopen();
        QCOMPARE(bench.session->settings().plan, Plan::Free);
        QCOMPARE(bench.session->settings().recordingBytes, std::size_t(512) << 20);
    }

    void cf()
    {
        WindowBench bench;
        bench.click(u"Settings"_s);
        auto *edit = named<QPlainTextEdit>(bench, u"request.cf"_s);
        QVERIFY(edit);
        edit->setPlainText(u"{\"country\": \"NZ\"}"_s);
        QTRY_VERIFY(bench.session->settings().cf.find("NZ") != std::string::npos);
        bench.write("functions/where.ts", "export const onRequest = ({ request }) => new Response(request.cf.country);\n");
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/where"_s).body, "NZ", 20'000);
        edit->setPlainText(u"{\"country\": \"NZ\", \"city\": \"Dunedin\"}"_s);
        bench.write("functions/where.ts", "export const onRequest = ({ request }) => new Response(request.cf.city ?? 'nowhere');\n");
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/where"_s).body, "Dunedin", 20'000);
        edit->setPlainText(u"[1]"_s); // JSON, but no object: said, and not kept
        QTRY_VERIFY(bench.shows(u"has to be a JSON object"_s));
        edit->setPlainText(u"{\"country\": "_s);
        QTest::qWait(700); // nothing to wait for: it is not kept
        QVERIFY(bench.session->settings().cf.find("NZ") != std::string::npos);
        edit->setPlainText({});
        QTRY_VERIFY(bench.session->settings().cf.empty());
    }

    /// Points are sampled from the next one on, each with the number that it stands for.
    void analyticsPoints()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", "name = \"shop\"\npages_build_output_dir = \"public\"\n[[analytics_engine_datasets]]\nbinding = \"HITS\"\ndataset = \"hits\"\n");
        bench.write("functions/hit.js", "export const onRequest = ({ env }) => { for (let i = 0; i < 250; ++i) env.HITS.writeDataPoint({ indexes: ['one'], doubles: [i] }); return new Response('written'); };\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        bench.click(u"Settings"_s);
        auto *points = named<QSpinBox>(bench, u"Points kept of one index"_s);
        QVERIFY(points);
        QCOMPARE(points->text(), u"All"_s);
        points->setValue(20);
        QTRY_COMPARE(bench.session->settings().analyticsPerSecond, std::uint32_t(20));
        QTRY_COMPARE(bench.session->live(), session::Session::Live::Current);
        QCOMPARE(bench.get(u"/hit"_s).status, 200);
        const auto held = [&] {
            data::analytics::PointList list(bindings::analytics::datasetFile(bench.session->stateFolder(), "hits").value());
            std::int64_t stands = 0;
            const bool there = list.look(data::analytics::PointList::Newer::Show).has_value();
            const auto rows = there ? list.rows(0, 1000).value() : std::vector<data::analytics::Point>();
            for (const data::analytics::Point &point : rows)
                stands += point.sampleInterval;
            return std::pair(rows.size(), stands);
        };
        QTRY_COMPARE(held().second, std::int64_t(250));
        QVERIFY(held().first < 50);
    }

    void hyperdriveAnswers()
    {
        WindowBench bench(WindowBench::Start::No);
        const auto settings = [&]() -> const session::ProjectSettings & { return bench.session->settings(); };
        bench.click(u"Settings"_s);
        auto *kept = named<QSpinBox>(bench, u"Answers are kept"_s);
        auto *stale = named<QSpinBox>(bench, u"Old answers are given on"_s);
        QVERIFY(kept && stale);
        QCOMPARE(kept->text(), u"Not at all"_s);
        QCOMPARE(stale->text(), u"15 seconds"_s);
        QVERIFY(!stale->isEnabled());
        kept->setValue(60);
        QTRY_COMPARE(settings().hyperdriveSeconds, std::uint32_t(60));
        QTRY_VERIFY(stale->isEnabled());
        QCOMPARE(settings().hyperdriveStaleSeconds, std::uint32_t(15));
        stale->setValue(0);
        QTRY_COMPARE(settings().hyperdriveStaleSeconds, std::uint32_t(0));
        QCOMPARE(stale->text(), u"Not at all"_s);
    }

    void workersAi()
    {
        using Chosen = session::AiSettings::Provider;
        const auto ai = [](const WindowBench &bench) -> const session::AiSettings & { return bench.session->settings().ai; };
        WindowBench bench(WindowBench::Start::No);
        bench.click(u"Settings"_s);
        auto *provider = named<QComboBox>(bench, u"Provider"_s);
        QVERIFY(provider);
        QCOMPARE(provider->currentText(), u"Automatic"_s);
        QVERIFY(bench.shows(u"CLEAT_AI_BASE_URL"_s));
        provider->setCurrentIndex(1);
        auto *address = named<QComboBox>(bench, u"Address"_s);
        QVERIFY(address);
        address->setEditText(u"localhost:4711"_s);
        QTRY_COMPARE(ai(bench).baseUrl, std::string("localhost:4711"));
        QCOMPARE(ai(bench).provider, Chosen::OpenAi);
        address->setEditText(u"ftp://x"_s);
        QTRY_VERIFY(bench.shows(u"is no address of a server"_s));
        QCOMPARE(ai(bench).baseUrl, std::string("localhost:4711"));
        address->setEditText(u"localhost:4712"_s);
        QTRY_COMPARE(ai(bench).baseUrl, std::string("localhost:4712"));

        // The key goes into the keychain and is never shown.
        auto *key = named<QLineEdit>(bench, u"API key or token"_s);
        QVERIFY(key);
        QCOMPARE(key->echoMode(), QLineEdit::Password);
        QTest::keyClicks(key, u"sk-typed-by-hand"_s);
        QTest::mouseClick(bench.button(u"Keep the key"_s), Qt::LeftButton);
        QTRY_COMPARE(ai(bench).key, session::AiSettings::Key::InKeychain);
        QVERIFY(key->text().isEmpty());
        QVERIFY(std::ranges::any_of(bench.keychain.entries, [](const auto &entry) { return entry.second == "sk-typed-by-hand"; }));
        QVERIFY(bench.shows(u"A key is in the system keychain"_s));

        auto *models = named<QTableWidget>(bench, u"Models"_s);
        QVERIFY(models);
        QCOMPARE(models->rowCount(), 1);
        models->item(0, 0)->setText(u"@cf/meta/llama-3.1-8b-instruct"_s);
        models->item(0, 1)->setText(u"llama3.1:8b"_s);
        QTRY_COMPARE(ai(bench).models, (std::vector<std::pair<std::string, std::string>>{{"@cf/meta/llama-3.1-8b-instruct", "llama3.1:8b"}}));
        QCOMPARE(models->rowCount(), 2);
        named<QLineEdit>(bench, u"Recordings"_s)->setText(u"answers"_s);
        QTRY_COMPARE(ai(bench).recordings, std::filesystem::path("answers"));

        bench.reopen();
        QCOMPARE(ai(bench).baseUrl, std::string("localhost:4712"));
        QTRY_COMPARE(std::string(bench.session->aiKey().value().reveal()), std::string("sk-typed-by-hand"));
        bench.click(u"Settings"_s);
        QCOMPARE(named<QComboBox>(bench, u"Address"_s)->currentText(), u"localhost:4712"_s);
        QCOMPARE(named<QTableWidget>(bench, u"Models"_s)->rowCount(), 2);
        QVERIFY(!bench.shows(u"sk-typed"_s));
        QTest::mouseClick(bench.button(u"Remove the key"_s), Qt::LeftButton);
        QTRY_COMPARE(ai(bench).key, session::AiSettings::Key::None);
        QVERIFY(std::ranges::none_of(bench.keychain.entries, [](const auto &entry) { return entry.second == "sk-typed-by-hand"; }));
    }

    /// A call that nobody answered has a button that leads here.
    void fromTheError()
    {
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", "pages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n[ai]\nbinding = \"AI\"\n");
        bench.write("functions/ask.js", "export const onRequest = async ({ env }) => { try { return Response.json(await env.AI.run('@cf/meta/llama-3.1-8b-instruct', { prompt: 'Hi' })); } catch (e) { return new Response(e.message); } };\n");
        session::ProjectSettings settings = bench.session->settings();
        settings.ai.provider = session::AiSettings::Provider::Recorded;
        QVERIFY(bench.session->setSettings(settings));
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        QVERIFY2(bench.get(u"/ask"_s).body.startsWith("Workers AI has no provider here"), bench.get(u"/ask"_s).body.constData());
        bench.click(u"Requests"_s);
        QTRY_VERIFY(bench.rows(u"Requests"_s) && bench.rows(u"Requests"_s)->model()->rowCount() > 0);
        WindowBench::clickRow(*bench.rows(u"Requests"_s), 0);
        ui::Waterfall *waterfall = nullptr;
        QTRY_VERIFY((waterfall = bench.window->findChild<ui::Waterfall *>()) && waterfall->isVisible());
        const auto indexOfCall = [&] {
            const auto &model = static_cast<const ui::SpanModel &>(*waterfall->model());
            const auto found = std::ranges::find(model.calls(), "ai", &events::CallEvent::kind);
            return found == model.calls().end() ? QModelIndex() : model.indexOf(static_cast<std::size_t>(found - model.calls().begin()));
        };
        QTRY_VERIFY(indexOfCall().isValid());
        waterfall->scrollTo(indexOfCall());
        QTest::mouseClick(waterfall->viewport(), Qt::LeftButton, {}, waterfall->visualRect(indexOfCall()).center());
        auto *choose = bench.window->findChild<QToolButton *>(u"chooseProvider"_s);
        QTRY_VERIFY(choose && choose->isVisible());
        QTest::mouseClick(choose, Qt::LeftButton);
        QTRY_VERIFY(named<QComboBox>(bench, u"Provider"_s));
        QTRY_VERIFY(named<QComboBox>(bench, u"Provider"_s)->hasFocus());
    }
};

QTEST_MAIN(TestSettingsPane)
#include "t_settingspane.moc"
