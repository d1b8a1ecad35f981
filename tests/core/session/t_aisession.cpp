// SPDX-License-Identifier: GPL-3.0-or-later
// Who answers for Workers AI in a session: flags, environment, settings, and what is found.
#include "core/base/file.h"
#include "core/session/aisettings.h"
#include "core/session/modelservers.h"
#include "core/session/projectsettings.h"
#include "tests/core/runtime/httppeer.h"
#include "tests/core/session/running.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace cleat;
using namespace cleat::tests;
using bindings::ai::Provider;
using session::AiSettings;
using test::HttpPeer;

namespace {

constexpr const char *jsonType = "Content-Type: application/json\r\n";

/// A server that says in its answer with which key it was asked.
HttpPeer::Then serve(HttpPeer::Connection &connection, HttpPeer::Received &request)
{
    if (request.target == "/v1/models")
        connection.answer("{\"object\":\"list\",\"data\":[{\"id\":\"llama3.1:8b\"},{\"id\":\"nomic-embed-text\"}]}", jsonType);
    else
        connection.answer("{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"asked with " + request.field("authorization") + "\"}}]}", jsonType);
    return HttpPeer::Then::KeepOpen;
}

} // namespace

class TestAiSession final : public QObject
{
    Q_OBJECT

    static void write(const Running &run)
    {
        run.project.write("wrangler.toml", "pages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n[ai]\nbinding = \"AI\"\n");
        run.project.write("functions/ask.js", "export const onRequest = async ({ env }) => { try { return new Response((await env.AI.run('@cf/meta/llama-3.1-8b-instruct', { prompt: 'Hi' })).response); } catch (e) { return new Response(`${e}`); } };\n");
    }

private Q_SLOTS:
    void cleanup()
    {
        for (const char *name : {"CLEAT_AI_BASE_URL", "CLEAT_AI_API_KEY", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_BASE_URL"})
            qunsetenv(name);
    }
    void init() { cleanup(); }

    void addresses_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("url"); // empty: refused
        const auto row = [](const char *given, const char *url) { QTest::newRow(given) << QByteArray(given) << QByteArray(url); };
        row("http://localhost:11434/v1", "http://localhost:11434/v1");
        row("http://localhost:11434/v1/", "http://localhost:11434/v1");
        row("http://localhost:11434", "http://localhost:11434/v1");
        row(" localhost:11434/ ", "http://localhost:11434/v1");
        row("https://e.org/openai/chat/completions", "https://e.org/openai");
        row("https://e.org/api/v1/models", "https://e.org/api/v1");
        row("[::1]:8000", "http://[::1]:8000/v1");
        row("", "");
        row("ftp://e.org", "");
        row("http://", "");
        row("http://user:word@e.org/v1", "");
        row("http://e.org/v1?key=x", "");
        row("http://e.org:port/", "");
    }

    void addresses()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, url);
        const auto made = session::modelServerUrl(given.toStdString());
        if (url.isEmpty())
            QCOMPARE(made ? *made : made.error().code, std::string("ai.base-url"));
        else
            QCOMPARE(made ? *made : made.error().message, url.toStdString());
    }

    void whoAnswers()
    {
        session::Options options;
        options.project = "/project";
        AiSettings settings;
        const auto made = [&](const std::string &key = {}) { return session::aiProvider(options, settings, key); };
        QCOMPARE(made()->kind, Provider::Kind::None);
        QCOMPARE(made()->localPorts, (std::vector<std::uint16_t>{11434, 1234, 8080, 8000}));
        options.port = 8080; // the project itself
        QCOMPARE(made()->localPorts, (std::vector<std::uint16_t>{11434, 1234, 8000}));
        qputenv("CLOUDFLARE_ACCOUNT_ID", "acc");
        QCOMPARE(made()->kind, Provider::Kind::None);
        qputenv("CLOUDFLARE_API_TOKEN", "token");
        QCOMPARE(made()->kind, Provider::Kind::Cloudflare);
        QCOMPARE(made()->baseUrl, std::string("https://api.cloudflare.com/client/v4"));
        QCOMPARE(made()->account, std::string("acc"));
        QCOMPARE(made()->key, std::string("token"));
        settings.provider = AiSettings::Provider::OpenAi;
        settings.baseUrl = "localhost:1";
        settings.models = {{"@cf/a", "b"}};
        settings.recordings = "kept";
        QCOMPARE(made("own")->baseUrl, std::string("http://localhost:1/v1"));
        QCOMPARE(made("own")->key, std::string("own"));
        QCOMPARE(made()->models, settings.models);
        QCOMPARE(made()->recordings, std::filesystem::path("/project/kept"));
        qputenv("CLEAT_AI_BASE_URL", "http://e.org/v1");
        QCOMPARE(made("own")->baseUrl, std::string("http://e.org/v1"));
        QCOMPARE(made("own")->key, std::string()); // it is the other server's
        qputenv("CLEAT_AI_API_KEY", "from outside");
        QCOMPARE(made("own")->key, std::string("from outside"));
        options.aiBaseUrl = "http://flag:9/v1";
        options.aiRecordings = "/elsewhere";
        QCOMPARE(made()->baseUrl, std::string("http://flag:9/v1"));
        QCOMPARE(made()->recordings, std::filesystem::path("/elsewhere"));
        options.aiBaseUrl.clear();
        qunsetenv("CLEAT_AI_BASE_URL");
        settings.provider = AiSettings::Provider::Recorded;
        QCOMPARE(made()->kind, Provider::Kind::None);
        QVERIFY(made()->localPorts.empty());
        settings.provider = AiSettings::Provider::Cloudflare;
        settings.account = "chosen";
        QCOMPARE(made("own")->account, std::string("chosen"));
        QCOMPARE(made("own")->key, std::string("own"));
        qunsetenv("CLOUDFLARE_API_TOKEN");
        QCOMPARE(made().error().code, std::string("ai.account"));
        qputenv("CLOUDFLARE_API_BASE_URL", "http://127.0.0.1:5/client/v4/");
        QCOMPARE(made("own")->baseUrl, std::string("http://127.0.0.1:5/client/v4"));
    }

    void settingsAreKept()
    {
        const Project folder;
        const auto file = folder.path("settings/a.json");
        session::ProjectSettings settings;
        settings.ai = {AiSettings::Provider::OpenAi, "http://localhost:11434", "acc", {{"@cf/x", "y"}, {"@cf/a", "b"}}, "answers", AiSettings::Key::InKeychain};
        QVERIFY(session::writeProjectSettings(file, settings));
        QVERIFY(session::readProjectSettings(file) == settings);
        settings.ai.baseUrl = "nonsense://";
        QCOMPARE(session::writeProjectSettings(file, settings).error().code, std::string("ai.base-url"));
        settings.ai = {};
        QVERIFY(session::writeProjectSettings(file, settings));
        QVERIFY(session::readProjectSettings(file) == settings);
        QVERIFY(folder.read("settings/a.json").find("\"ai\"") == std::string::npos);
        for (const char *bad : {"{\"ai\":7}", "{\"ai\":{\"provider\":\"magic\"}}", "{\"ai\":{\"provider\":\"recorded\",\"models\":[]}}", "{\"ai\":{\"provider\":\"recorded\",\"models\":{\"a\":1}}}"}) {
            folder.write("settings/a.json", bad);
            QCOMPARE(session::readProjectSettings(file).error().code, std::string("settings.file"));
        }
    }

    void byTheFlag()
    {
        HttpPeer peer(serve);
        Running run;
        write(run);
        run.options.aiBaseUrl = peer.base() + "/v1";
        QVERIFY(run.start());
        QCOMPARE(run.get("/ask").body, std::string("asked with "));
        QVERIFY(session::Session::runs(config::Kind::Ai));
    }

    /// The key lies in the keychain, and a change of the settings holds at once; nothing shows the key.
    void bySettingsWithAKey()
    {
        HttpPeer peer(serve);
        Running run;
        write(run);
        QVERIFY(run.start());
        session::ProjectSettings settings = run.session().settings();
        settings.ai.provider = AiSettings::Provider::OpenAi;
        settings.ai.baseUrl = peer.base();
        settings.ai.key = AiSettings::Key::InKeychain;
        bool kept = false;
        run.session().aiKey().set(secrets::SecretText("sk-from-the-keychain"), [&](base::Result<void> result) { kept = result.has_value(); });
        QVERIFY(waitUntil([&] { return kept; }));
        QVERIFY(run.session().setSettings(settings));
        QCOMPARE(run.eventually("/ask", "asked with Bearer sk-from-the-keychain"), std::string("asked with Bearer sk-from-the-keychain"));
        QVERIFY(run.finished("/ask"));
        QVERIFY(waitUntil([&] { return std::ranges::any_of(run.all<events::CallEvent>(), [](const auto &call) { return call.kind == "ai" && !call.result.empty(); }); }));
        for (const auto &call : run.all<events::CallEvent>())
            QVERIFY2(call.result.find("sk-from-the-keychain") == std::string::npos, call.result.c_str());
        // Nobody finds it in the settings' file.
        for (const auto &entry : std::filesystem::recursive_directory_iterator(run.data.path())) {
            if (entry.is_regular_file() && entry.path().extension() == ".json")
                QVERIFY(base::readFile(entry.path())->find("sk-from") == std::string::npos);
        }
    }

    void wrongAddress()
    {
        qputenv("CLEAT_AI_BASE_URL", "gopher://x");
        Running run;
        write(run);
        QVERIFY(run.start());
        const std::string told = run.get("/ask").body;
        QVERIFY2(told.starts_with("InferenceUpstreamError: \"gopher://x\" is no address of a server."), told.c_str());
        QVERIFY(std::ranges::any_of(run.all<events::NoticeEvent>(), [](const auto &notice) { return notice.code == "ai.base-url"; }));
    }

    void besideTheProject()
    {
        HttpPeer peer(serve);
        Running run;
        run.project.write("wrangler.toml", "name = \"site\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n[[services]]\nbinding = \"OTHER\"\nservice = \"other\"\n");
        run.project.write("functions/ask.js", "export const onRequest = ({ env, request }) => env.OTHER.fetch(request);\n");
        run.project.write("other/wrangler.toml", "name = \"other\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n[ai]\nbinding = \"AI\"\n");
        run.project.write("other/index.js", "export default { fetch: async (request, env) => new Response((await env.AI.run('@cf/meta/llama-3.1-8b-instruct', { prompt: 'Hi' })).response) };\n");
        run.options.workers = {run.project.path("other/wrangler.toml")};
        run.options.aiBaseUrl = peer.base() + "/v1";
        QVERIFY(run.start());
        QCOMPARE(run.get("/ask").body, std::string("asked with "));
    }

    void findsServers()
    {
        HttpPeer peer(serve);
        HttpPeer page([](HttpPeer::Connection &connection, HttpPeer::Received &) {
            connection.answer("<html>", "Content-Type: text/html\r\n");
            return HttpPeer::Then::KeepOpen;
        });
        session::ModelServers servers;
        std::vector<session::ModelServer> found;
        QString problem;
        int times = 0;
        QObject::connect(&servers, &session::ModelServers::finished, &servers, [&](const auto &list, const QString &why) {
            found = list;
            problem = why;
            ++times;
        });
        servers.search(std::vector<std::uint16_t>{1, page.port(), peer.port()});
        QVERIFY(waitUntil([&] { return times == 1; }));
        QCOMPARE(found.size(), 1U);
        QCOMPARE(found[0], (session::ModelServer{"http://127.0.0.1:" + std::to_string(peer.port()) + "/v1", {"llama3.1:8b", "nomic-embed-text"}}));
        QVERIFY(problem.isEmpty());
        servers.ask(page.base() + "/v1", {});
        QVERIFY(waitUntil([&] { return times == 2; }));
        QVERIFY(found.empty() && problem.contains(QStringLiteral("no server with OpenAI's interface")));
        servers.search({});
        QVERIFY(waitUntil([&] { return times == 3; }));
    }
};

QTEST_GUILESS_MAIN(TestAiSession)
#include "t_aisession.moc"
