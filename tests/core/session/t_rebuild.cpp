// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "tests/core/session/running.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <thread>

using namespace cleat;
using namespace cleat::tests;
using session::Session;
using session::State;

namespace {

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

std::string says(const std::string &word)
{
    return "export const onRequest = () => new Response('" + word + "');\n";
}

const std::string broken = "export const onRequest = () => {\n  return new Response('x'\n};\n";

/// Asks without a break from several threads, each on a connection that it keeps, and judges every answer.
class Load final
{
public:
    Load(int port, std::string target, std::function<bool(const Reply &)> good)
    {
        for (int i = 0; i < 3; ++i) {
            m_threads.emplace_back([this, port, target, good] {
                auto client = std::make_unique<Client>(port);
                while (!m_done) {
                    const Reply reply = client->get(target);
                    ++m_answers;
                    if (!good(reply)) {
                        std::lock_guard lock(m_mutex);
                        if (m_bad.size() < 5)
                            m_bad.push_back(std::to_string(reply.status) + " " + reply.body);
                        client = std::make_unique<Client>(port);
                    }
                }
            });
        }
    }
    ~Load() { end(); }

    QString end()
    {
        m_done = true;
        for (std::thread &thread : m_threads) {
            if (thread.joinable())
                thread.join();
        }
        QStringList list;
        for (const std::string &bad : m_bad)
            list.append(text(bad));
        return list.join(QStringLiteral(" | "));
    }
    int answers() const { return m_answers; }

private:
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_done = false;
    std::atomic<int> m_answers = 0;
    std::mutex m_mutex;
    std::vector<std::string> m_bad;
};

} // namespace

/// What happens to a running session when the code changes.
class RebuildTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindOfSaving()
    {
        Running run;
        run.project.write("functions/api.js", says("0"));
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").body, std::string("0"));
        for (int i = 1; i <= 6; ++i) {
            const std::string word = std::to_string(i);
            i % 2 ? run.project.write("functions/api.js", says(word)) : run.project.replace("functions/api.js", says(word));
            QCOMPARE(run.eventually("/api", word), word);
        }
    }

    void savedBetweenTwoBuilds()
    {
        Running run;
        run.project.write("functions/api.js", says("0"));
        QVERIFY(run.start());
        for (int i = 1; i <= 40; ++i) { // at any moment of the build that the one before started
            run.project.replace("functions/api.js", says(std::to_string(i)));
            QTest::qWait(i * 3);
        }
        QCOMPARE(run.eventually("/api", "40"), std::string("40"));
    }

    void typeScriptAndMiddleware()
    {
        Running run;
        run.project.write("functions/_middleware.ts",
            "export const onRequest: (c: any) => Promise<Response> = async (context) => { const r = await context.next(); r.headers.set('x-m', '1'); return r; };\n");
        run.project.write("functions/a/[id].ts", "export const onRequestGet = ({ params }: { params: Record<string, string> }) => new Response(params.id as string);\n");
        QVERIFY(run.start());
        const Reply reply = run.get("/a/xy");
        QCOMPARE(reply.body, std::string("xy"));
        QCOMPARE(reply.field("x-m"), std::string("1"));
        run.project.remove("functions/_middleware.ts");
        QVERIFY(waitUntil([&] { return run.get("/a/1").field("x-m").empty(); }));
        QCOMPARE(run.get("/a/1").body, std::string("1"));
    }

    // ---- errors

    void brokenKeepsTheLastGood()
    {
        Running run;
        run.project.write("functions/api.js", says("good"));
        QVERIFY(run.start());
        QSignalSpy builds(&run.session(), &Session::buildChanged);
        run.project.write("functions/api.js", broken);
        QVERIFY(waitUntil([&] { return run.session().buildError().has_value(); }));
        const base::Error error = *run.session().buildError();
        QCOMPARE(text(error.code), QStringLiteral("bundle.failed"));
        QVERIFY2(text(error.place.file).endsWith(u"functions/api.js"), error.place.file.c_str());
        QCOMPARE(error.place.line, 3);
        QCOMPARE(builds.size(), 1);
        QCOMPARE(run.get("/api").body, std::string("good"));
        QCOMPARE(run.session().state(), State::Running);

        // The Wrangler file may change meanwhile: the last good code runs with it, and the error stays.
        run.project.write("functions/api.js", broken + "\n");
        QVERIFY(run.session().config().apply(config::AddVariable{config::Scope::TopLevel, {"V", config::Variable::Kind::Text, "1"}}, QStringLiteral("Add")));
        QTest::qWait(300);
        QVERIFY(run.session().buildError().has_value());
        QCOMPARE(run.get("/api").body, std::string("good"));

        run.project.write("functions/api.js", says("better"));
        QCOMPARE(run.eventually("/api", "better"), std::string("better"));
        QVERIFY(waitUntil([&] { return !run.session().buildError(); }));
    }

    void backToTheVeryTextOfBefore()
    {
        Running run;
        run.project.write("functions/api.js", says("good"));
        QVERIFY(run.start());
        run.project.write("functions/api.js", broken);
        QVERIFY(waitUntil([&] { return run.session().buildError().has_value(); }));
        run.project.write("functions/api.js", says("good"));
        QVERIFY(waitUntil([&] { return !run.session().buildError(); }));
        QCOMPARE(run.get("/api").body, std::string("good"));
    }

    void brokenFromTheStart()
    {
        Running run;
        run.project.write("functions/api.js", broken);
        QVERIFY(run.start());
        QVERIFY(run.session().buildError().has_value());
        for (const char *target : {"/api", "/", "/anything"}) {
            const Reply reply = run.get(target);
            QCOMPARE(reply.status, 500);
            QVERIFY2(text(reply.body).contains(u"functions/api.js:3"), reply.body.c_str());
        }
        // Nor does a change of the Wrangler file make it a project without code.
        QVERIFY(run.session().config().apply(config::AddVariable{config::Scope::TopLevel, {"V", config::Variable::Kind::Text, "1"}}, QStringLiteral("Add")));
        QTest::qWait(300);
        QVERIFY(run.session().buildError().has_value());
        QCOMPARE(run.get("/api").status, 500);
        run.project.write("functions/api.js", "export const onRequest = ({ env }) => new Response('good ' + env.V);\n");
        QCOMPARE(run.eventually("/api", "good 1"), std::string("good 1"));
        QVERIFY(!run.session().buildError());
        QCOMPARE(run.get("/").status, 200);
    }

    /// The error lies outside functions/, in a file that no good build has named.
    void brokenFromTheStartElsewhere()
    {
        Running run;
        run.project.write("functions/api.js", "import { word } from '../lib/word.js';\nexport const onRequest = () => new Response(word);\n");
        run.project.write("lib/word.js", "export const word = ;\n");
        QVERIFY(run.start());
        QVERIFY(run.session().buildError().has_value());
        run.project.write("lib/word.js", "export const word = 'good';\n");
        QCOMPARE(run.eventually("/api", "good"), std::string("good"));
    }

    void missingImportComes()
    {
        Running run;
        run.project.write("functions/api.js", "import { word } from '../lib/deep/word.js';\nexport const onRequest = () => new Response(word);\n");
        QVERIFY(run.start());
        QVERIFY(run.session().buildError().has_value());
        run.project.write("lib/deep/word.js", "export const word = 'here';\n");
        QCOMPARE(run.eventually("/api", "here"), std::string("here"));
    }

    void throwsWhenLoaded()
    {
        Running run;
        run.project.write("functions/api.js", says("good"));
        QVERIFY(run.start());
        run.project.write("functions/api.js", "const x = undefined;\nx.y();\n" + says("never"));
        QVERIFY(waitUntil([&] { return run.session().buildError().has_value(); }));
        QCOMPARE(text(run.session().buildError()->code), QStringLiteral("runtime.load"));
        QVERIFY2(text(run.session().buildError()->place.file).endsWith(u"functions/api.js"), run.session().buildError()->place.file.c_str());
        QCOMPARE(run.session().buildError()->place.line, 2);
        QCOMPARE(run.get("/api").body, std::string("good"));
        run.project.write("functions/api.js", says("good"));
        QVERIFY(waitUntil([&] { return !run.session().buildError(); }));
    }

    void throwsWhenLoadedFirst()
    {
        Running run;
        run.project.write("functions/api.js", "throw new Error('at the top');\n" + says("never"));
        QVERIFY(run.start());
        const Reply reply = run.get("/api");
        QCOMPARE(reply.status, 500);
        QVERIFY2(text(reply.body).contains(u"at the top"), reply.body.c_str());
        run.project.write("functions/api.js", says("good"));
        QCOMPARE(run.eventually("/api", "good"), std::string("good"));
    }

    void handlerThrows()
    {
        Running run;
        run.project.write("functions/api.ts", "type A = { b?: { c: number } };\nexport const onRequest = () => {\n  const a: A = {};\n  return new Response(String(a.b!.c));\n};\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").status, 500);
        QVERIFY(waitUntil([&] { return !run.all<events::ExceptionEvent>().empty(); }));
        const auto exception = run.all<events::ExceptionEvent>().front();
        QVERIFY2(text(exception.place.file).endsWith(u"functions/api.ts"), exception.place.file.c_str());
        QCOMPARE(exception.place.line, 4);
        QVERIFY2(text(exception.stack).contains(u"functions/api.ts:4"), exception.stack.c_str());
        const auto request = run.finished("/api");
        QVERIFY(request && !request->error.empty());
        QCOMPARE(exception.request, request->id);
    }

    // ---- files that come and go

    void importedFileOutsideFunctions()
    {
        Running run;
        run.project.write("functions/api.js", "import { word } from '../lib/word.js';\nexport const onRequest = () => new Response(word);\n");
        run.project.write("lib/word.js", "export { word } from './deeper/word.js';\n");
        run.project.write("lib/deeper/word.js", "export const word = 'one';\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").body, std::string("one"));
        run.project.write("lib/deeper/word.js", "export const word = 'two';\n");
        QCOMPARE(run.eventually("/api", "two"), std::string("two"));
        run.project.replace("lib/deeper/word.js", "export const word = 'three';\n");
        QCOMPARE(run.eventually("/api", "three"), std::string("three"));
        run.project.write("lib/deeper/word.js", "export const word = 'four';\n");
        QCOMPARE(run.eventually("/api", "four"), std::string("four"));
    }

    void newFiles()
    {
        Running run;
        run.project.write("functions/api.js", says("api"));
        QVERIFY(run.start());
        QVERIFY(run.get("/other").body != "other");
        run.project.write("functions/other.js", says("other"));
        QCOMPARE(run.eventually("/other", "other"), std::string("other"));
        run.project.write("functions/a/b/c.js", says("deep")); // new folders, and the file a moment after them
        QCOMPARE(run.eventually("/a/b/c", "deep"), std::string("deep"));
        run.project.write("functions/a/b/c.js", says("changed"));
        QCOMPARE(run.eventually("/a/b/c", "changed"), std::string("changed"));
    }

    void newFoldersSlowly()
    {
        Running run;
        run.project.write("functions/api.js", says("api"));
        QVERIFY(run.start());
        for (int i = 0; i < 10; ++i) { // the file comes at any moment of the build that its folder started
            const std::string name = "n" + std::to_string(i);
            std::filesystem::create_directory(run.project.path("functions/" + name));
            QTest::qWait(i * 15);
            run.project.write("functions/" + name + "/f.js", says(name));
            QCOMPARE(run.eventually("/" + name + "/f", name), name);
        }
    }

    void filesGo()
    {
        Running run;
        run.project.write("functions/api.js", says("api"));
        run.project.write("functions/other.js", says("other"));
        run.project.write("public/api.txt", "asset");
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").body, std::string("api"));
        run.project.remove("functions/api.js");
        QVERIFY(waitUntil([&] { return run.get("/api").body != "api"; }));
        QCOMPARE(run.get("/other").body, std::string("other"));
        QCOMPARE(run.get("/api.txt").body, std::string("asset"));
        run.project.remove("functions");
        QVERIFY(waitUntil([&] { return run.get("/other").body != "other"; }));
        QCOMPARE(run.get("/api.txt").body, std::string("asset"));
        QVERIFY(!run.session().buildError());
        run.project.write("functions/other.js", says("back"));
        QCOMPARE(run.eventually("/other", "back"), std::string("back"));
    }

    void functionsFolderComesLater()
    {
        Running run;
        QVERIFY(run.start());
        QCOMPARE(run.get("/").body, std::string("<p>hello</p>\n"));
        run.project.write("functions/late.js", says("late"));
        QCOMPARE(run.eventually("/late", "late"), std::string("late"));
        run.project.write("functions/late.js", says("later"));
        QCOMPARE(run.eventually("/late", "later"), std::string("later"));
        QCOMPARE(run.get("/").body, std::string("<p>hello</p>\n"));
    }

    void assetsNeedNoBuild()
    {
        Running run;
        run.project.write("functions/api.js", says("api"));
        QVERIFY(run.start());
        QCOMPARE(run.get("/").body, std::string("<p>hello</p>\n"));
        run.project.write("public/index.html", "<p>new</p>\n");
        QCOMPARE(run.eventually("/", "<p>new</p>\n"), std::string("<p>new</p>\n"));
        run.project.write("public/sub/page.html", "page");
        QCOMPARE(run.eventually("/sub/page", "page"), std::string("page"));
    }

    /// A touch, or a file that no function uses, is no reason to throw the code's memory away.
    void nothingHasChanged()
    {
        Running run;
        run.project.write("functions/api.js", "let n = 0;\nexport const onRequest = () => new Response(String(++n));\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").body, std::string("1"));
        run.project.replace("functions/api.js", "let n = 0;\nexport const onRequest = () => new Response(String(++n));\n");
        run.project.write("notes.txt", "x");
        QTest::qWait(500);
        QCOMPARE(run.get("/api").body, std::string("2"));
    }

    // ---- while requests come

    void noRequestIsLost()
    {
        Running run;
        const auto write = [&](int n) {
            // Two files of one state: an answer must never mix them.
            run.project.replace("lib/a.js", "export const a = " + std::to_string(n) + ";\n");
            run.project.replace("functions/api.js",
                "import { a } from '../lib/a.js';\nconst b = " + std::to_string(n) + ";\nawait null;\nlet ready = " + std::to_string(n)
                    + ";\nexport const onRequest = async () => { const first = a; await new Promise((r) => setTimeout(r, 1)); return new Response(`${first} ${a} ${b} ${ready}`); };\n");
        };
        write(0);
        QVERIFY(run.start());
        std::atomic<int> mixed = 0;
        Load load(run.port(), "/api", [&](const Reply &reply) {
            int first = 0;
            int a = 0;
            int b = 0;
            int ready = 0;
            if (reply.status != 200 || std::sscanf(reply.body.c_str(), "%d %d %d %d", &first, &a, &b, &ready) != 4 || first != a || b != ready)
                return false;
            // Between the two saves a build of both states is right: lib/a.js is one ahead of functions/api.js.
            mixed += a != b;
            return a == b || a == b + 1;
        });
        for (int n = 1; n <= 100; ++n) {
            write(n);
            const std::string all = std::to_string(n);
            QVERIFY(waitUntil([&] { return run.get("/api").body == all + ' ' + all + ' ' + all + ' ' + all; }));
        }
        QCOMPARE(load.end(), QString());
        QVERIFY(load.answers() >= 100);
        QVERIFY(!run.session().buildError());
    }

    void noRequestIsLostWhenBindingsChange()
    {
        Running run;
        run.project.write("functions/api.js", "export const onRequest = ({ env }) => new Response(env.V ?? 'none');\n");
        run.project.write("wrangler.toml", "name = \"x\"\npages_build_output_dir = \"public\"\n[vars]\nV = \"top\"\n[env.preview.vars]\nV = \"preview\"\n");
        QVERIFY(run.start());
        Load load(run.port(), "/api", [](const Reply &reply) { return reply.status == 200 && (reply.body == "top" || reply.body == "preview"); });
        for (int n = 0; n < 60; ++n) {
            // In a row and without a pause: each is code of a newer generation while requests for the older ones are on their way.
            run.session().setScope(config::Scope::Preview);
            run.session().setScope(config::Scope::TopLevel);
            run.session().setScope(config::Scope::Preview);
            run.session().setScope(config::Scope::TopLevel);
            QTest::qWait(n % 7);
        }
        run.session().setScope(config::Scope::Preview);
        QCOMPARE(run.eventually("/api", "preview"), std::string("preview"));
        QCOMPARE(load.end(), QString());
    }

    void aRequestEndsInTheCodeThatItBeganIn()
    {
        Running run;
        const std::string slow = "await new Promise((r) => setTimeout(r, 1500)); return new Response(word); };\n";
        run.project.write("functions/api.js", "const word = 'old';\nexport const onRequest = async () => { " + slow);
        run.project.write("functions/quick.js", says("old"));
        QVERIFY(run.start());
        Client client(run.port());
        client.sendRequest("GET", "/api");
        QVERIFY(waitUntil([&] { return !run.all<events::RequestEvent>().empty(); }));
        run.project.write("functions/quick.js", says("new"));
        run.project.write("functions/api.js", "const word = 'new';\nexport const onRequest = async () => { " + slow);
        QCOMPARE(run.eventually("/quick", "new"), std::string("new"));
        QCOMPARE(client.receive().body, std::string("old"));
        QCOMPARE(client.get("/api").body, std::string("new"));
    }
};

QTEST_GUILESS_MAIN(RebuildTest)
#include "t_rebuild.moc"
