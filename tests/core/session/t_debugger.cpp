// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/runtime/sourcemap.h"
#include "core/session/session.h"
#include "tests/core/session/debugclient.h"
#include "tests/core/session/running.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <future>
#include <map>
#include <set>

using namespace cleat;
using namespace cleat::tests;
using Json = nlohmann::json;
using session::State;

namespace {

const std::string apiTs = "interface Answer {\n"
                          "  greeting: string;\n"
                          "}\n"
                          "\n"
                          "const decorate = (word: string): string => {\n" // 5
                          "  const twice = word + word;\n"
                          "  return twice;\n"
                          "};\n"
                          "\n"
                          "export const onRequest = async (context: { request: Request }): Promise<Response> => {\n" // 10
                          "  const name: string = new URL(context.request.url).searchParams.get('name') ?? 'nobody';\n"
                          "  const answer: Answer = { greeting: 'Hello ' + name };\n" // 12
                          "  const more = decorate(answer.greeting);\n" // 13
                          "  return new Response(more);\n"
                          "};\n";

std::string loops()
{
    return "export const onRequest = () => { let i = 0; while (true) { i++; globalThis.turns = i; if (globalThis.enough) break; } return new Response('out'); };\n";
}

QString text(std::string_view value)
{
    return QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
}

/// What a debugger makes of Debugger.scriptParsed: the source map, both ways.
class Mapped final
{
public:
    explicit Mapped(const Json &script)
    {
        constexpr std::string_view prefix = "data:application/json;charset=utf-8;base64,";
        const std::string url = script.value("sourceMapURL", std::string());
        if (!url.starts_with(prefix))
            return;
        m_json = base::fromBase64(url.substr(prefix.size())).value_or("");
        m_map.emplace(m_json, "");
        m_lines = script.value("endLine", 0) + 1;
    }
    bool there() const { return m_map.has_value(); }
    Json sources() const { return Json::parse(m_json).value("sources", Json::array()); }
    Json contents() const { return Json::parse(m_json).value("sourcesContent", Json::array()); }
    /// Of a protocol's location, which counts from 0.
    base::Place original(const Json &location) const
    {
        return m_map->original(location.value("lineNumber", -1) + 1, location.value("columnNumber", -1) + 1);
    }
    /// Where in the script the first of this line's code is.
    Json generated(const std::string &file, int line) const
    {
        for (int y = 1; y <= m_lines; ++y) {
            for (int x = 1; x <= 200; ++x) {
                const base::Place place = m_map->original(y, x);
                if (place.line == line && place.file.ends_with(file))
                    return {{"lineNumber", y - 1}, {"columnNumber", x - 1}};
            }
        }
        return nullptr;
    }

private:
    std::string m_json;
    std::optional<runtime::SourceMap> m_map;
    int m_lines = 0;
};

/// The newest of the user's scripts.
Json functionsScript(DebugClient &client)
{
    while (true) {
        Json script = client.next("Debugger.scriptParsed");
        if (script.is_null() || script.value("url", std::string()) == "cleat:functions")
            return script;
    }
}

/// For QCOMPARE, which would ask a Json to become everything.
QString shown(const Json &value)
{
    return text(value.dump());
}

bool holds(const Json &list, const std::string &text)
{
    return std::any_of(list.begin(), list.end(), [&](const Json &one) { return one == Json(text); });
}

Json breakpoint(const Json &position)
{
    Json params = position;
    params["url"] = "cleat:functions";
    return params;
}

std::future<Reply> ask(int port, const std::string &target)
{
    return std::async(std::launch::async, [port, target] { return tests::get(port, target); });
}

std::string pathOf(const session::Debugger &debugger)
{
    return debugger.address().section(QLatin1Char('/'), 3).prepend(QLatin1Char('/')).toStdString();
}

/// A session that debuggers may come to.
class Debugged final
{
public:
    explicit Debugged(const std::string &code = apiTs)
    {
        run.project.write("functions/api.ts", code);
        run.options.inspectorPort = 0;
    }
    session::Debugger &debugger() { return run.session().debugger(); }
    std::unique_ptr<DebugClient> attach() { return std::make_unique<DebugClient>(debugger().port(), pathOf(debugger())); }
    bool waitForPaused(bool paused = true)
    {
        return waitUntil([&] { return debugger().paused().has_value() == paused; });
    }

    /// That it is on its way to the code.
    bool waitForRequest(const std::string &target)
    {
        return waitUntil([&] {
            const auto all = run.all<events::RequestEvent>();
            return std::ranges::any_of(all, [&](const events::RequestEvent &one) { return one.target == target; });
        });
    }

    Running run;
};

} // namespace

/// A debugger at a running session, over the network as it comes.
class DebuggerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thereIsNoneUnlessAskedFor()
    {
        Running run;
        QVERIFY(run.start());
        QVERIFY(!run.session().debugger().isOn());
        QVERIFY(run.session().debugger().address().isEmpty());
        QVERIFY(run.session().debugger().launchConfiguration().isEmpty());
    }

    void isFoundAsNodeIs()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        const int port = bench.debugger().port();
        Json list = Json::parse(tests::get(port, "/json/list").body);
        QCOMPARE(list.size(), 1UL);
        QCOMPARE(text(list[0].value("webSocketDebuggerUrl", "")), bench.debugger().address());
        QCOMPARE(text(list[0].value("devtoolsFrontendUrl", "")), bench.debugger().devToolsAddress());
        QCOMPARE(text(list[0].value("title", "")), QStringLiteral("Cleat: my-site"));
        QCOMPARE(text(list[0].value("url", "")), text("file://" + bench.run.project.path().string()));
        QVERIFY(Json::parse(tests::get(port, "/json/version").body).value("Browser", "").starts_with("Cleat/"));
        Json snippet = Json::parse(bench.debugger().launchConfiguration().toStdString());
        QCOMPARE(snippet.value("port", 0), port);
        // No two sessions have the same.
        Debugged other;
        QVERIFY(other.run.start());
        QVERIFY(pathOf(other.debugger()) != pathOf(bench.debugger()));
        QVERIFY(pathOf(bench.debugger()).size() >= 33);
    }

    void breakpointInTypeScript()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        QVERIFY(client->open());
        QVERIFY(client->call("Runtime.enable").is_object());
        QVERIFY(client->next("Runtime.executionContextCreated").is_object());
        QVERIFY(!client->call("Debugger.enable").value("debuggerId", "").empty());
        Json script = functionsScript(*client);
        const Mapped map(script);
        QVERIFY(map.there());
        const std::string file = "file://" + bench.run.project.path("functions/api.ts").string();
        QVERIFY(holds(map.sources(), file));
        QVERIFY(holds(map.contents(), apiTs));

        Json set = client->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 13)));
        QCOMPARE(set["locations"].size(), 1UL);
        auto reply = ask(bench.run.port(), "/api?name=Ada");
        Json paused = client->next("Debugger.paused");
        QCOMPARE(paused["hitBreakpoints"].size(), 1UL);
        Json frame = paused["callFrames"][0];
        base::Place place = map.original(frame["location"]);
        QCOMPARE(text(place.file), text(file));
        QCOMPARE(place.line, 13);
        QCOMPARE(shown(frame["functionName"]), shown("onRequest"));

        // Locals: by evaluation, and by the scope.
        const auto evaluate = [&](const std::string &code) {
            return client->call("Debugger.evaluateOnCallFrame", {{"callFrameId", frame["callFrameId"]}, {"expression", code}, {"returnByValue", true}})["result"];
        };
        QCOMPARE(shown(evaluate("answer.greeting")["value"]), shown("Hello Ada"));
        QCOMPARE(shown(evaluate("'\u00e9\u4e16'.length + name.length")["value"]), shown(5));
        std::map<std::string, Json> locals;
        for (const Json &scope : frame["scopeChain"]) {
            if (scope["type"] == "global")
                continue;
            const Json properties = client->call("Runtime.getProperties", {{"objectId", scope["object"]["objectId"]}, {"ownProperties", true}});
            for (const Json &property : properties.value("result", Json::array()))
                locals.emplace(property.value("name", ""), property.value("value", Json()));
        }
        QCOMPARE(shown(locals["name"]["value"]), shown("Ada"));
        QCOMPARE(shown(locals["answer"]["type"]), shown("object"));
        QCOMPARE(text(client->call("Debugger.setVariableValue", {{"scopeNumber", 0}, {"variableName", "name"}, {"newValue", {{"value", "Bob"}}},
            {"callFrameId", frame["callFrameId"]}}).dump()), QStringLiteral("{}"));

        // The header of the window
        QVERIFY(bench.waitForPaused());
        QCOMPARE(text(bench.debugger().paused()->file), QStringLiteral("functions/api.ts"));
        QCOMPARE(bench.debugger().paused()->line, 13);
        QCOMPARE(bench.debugger().attached(), 1);

        // Into decorate(), over its first line, out of it, on.
        QVERIFY(client->call("Debugger.stepInto").is_object());
        frame = client->next("Debugger.paused")["callFrames"][0];
        QCOMPARE(map.original(frame["location"]).line, 6);
        QVERIFY(client->call("Debugger.stepOver").is_object());
        frame = client->next("Debugger.paused")["callFrames"][0];
        QCOMPARE(map.original(frame["location"]).line, 7);
        QCOMPARE(shown(evaluate("twice")["value"]), shown("Hello AdaHello Ada"));
        QVERIFY(client->call("Debugger.stepOut").is_object());
        frame = client->next("Debugger.paused")["callFrames"][0];
        QCOMPARE(map.original(frame["location"]).line, 14);
        QVERIFY(reply.wait_for(std::chrono::milliseconds(0)) == std::future_status::timeout);
        QVERIFY(client->call("Debugger.resume").is_object());
        QVERIFY(client->next("Debugger.resumed").is_object());
        QCOMPARE(reply.get().body, std::string("Hello AdaHello Ada"));
        QVERIFY(bench.waitForPaused(false));

        QVERIFY(client->call("Debugger.removeBreakpoint", {{"breakpointId", set["breakpointId"]}}).is_object());
        QCOMPARE(bench.run.get("/api?name=B").body, std::string("Hello BHello B"));
        QVERIFY(!client->has("Debugger.paused"));
    }

    void requestsWaitWhilePaused()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client));
        client->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 12)));
        auto first = ask(bench.run.port(), "/api?name=1");
        QVERIFY(client->next("Debugger.paused").is_object());
        auto second = ask(bench.run.port(), "/api?name=2");
        QCOMPARE(bench.run.get("/").status, 200); // assets need no code
        QVERIFY(second.wait_for(std::chrono::milliseconds(0)) == std::future_status::timeout);
        client->call("Debugger.disable");
        QCOMPARE(first.get().body, std::string("Hello 1Hello 1"));
        QCOMPARE(second.get().body, std::string("Hello 2Hello 2"));
    }

    void twoDebuggers()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        auto one = bench.attach();
        auto two = bench.attach();
        QVERIFY(one->open() && two->open());
        one->call("Debugger.enable");
        two->call("Debugger.enable");
        QVERIFY(waitUntil([&] { return bench.debugger().attached() == 2; }));
        const Mapped map(functionsScript(*one));
        one->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 12)));
        auto reply = ask(bench.run.port(), "/api?name=x");
        QVERIFY(one->next("Debugger.paused").is_object());
        Json paused = two->next("Debugger.paused");
        QVERIFY(paused.is_object());
        one->vanish();
        QVERIFY(waitUntil([&] { return bench.debugger().attached() == 1; }));
        Json value = two->call("Debugger.evaluateOnCallFrame", {{"callFrameId", paused["callFrames"][0]["callFrameId"]}, {"expression", "name"}});
        QCOMPARE(shown(value["result"]["value"]), shown("x"));
        QVERIFY(two->call("Debugger.resume").is_object());
        QCOMPARE(reply.get().body, std::string("Hello xHello x"));
        QCOMPARE(bench.run.get("/api?name=y").body, std::string("Hello yHello y")); // the breakpoint went with its owner
    }

    void whoVanishesLetsGo_data()
    {
        QTest::addColumn<bool>("inItsOwnEvaluation");
        QTest::addRow("at a breakpoint") << false;
        QTest::addRow("in the pause of what it evaluates") << true;
    }
    void whoVanishesLetsGo()
    {
        QFETCH(bool, inItsOwnEvaluation);
        Debugged bench;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        client->call("Runtime.enable");
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client));
        std::future<Reply> reply;
        if (inItsOwnEvaluation) {
            client->send("Runtime.evaluate", {{"expression", "debugger; 7"}});
        } else {
            client->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 12)));
            reply = ask(bench.run.port(), "/api?name=x");
        }
        QVERIFY(client->next("Debugger.paused").is_object());
        QVERIFY(bench.waitForPaused());
        client->vanish();
        if (!inItsOwnEvaluation)
            QCOMPARE(reply.get().body, std::string("Hello xHello x"));
        QCOMPARE(bench.run.get("/api?name=y").body, std::string("Hello yHello y"));
        QVERIFY(bench.waitForPaused(false));
        auto next = bench.attach();
        QCOMPARE(shown(next->call("Runtime.evaluate", {{"expression", "6 * 7"}})["result"]["value"]), shown(42));
    }

    void resumedFromTheWindow()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client));
        client->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 12)));
        auto reply = ask(bench.run.port(), "/api?name=x");
        QVERIFY(bench.waitForPaused());
        bench.debugger().resume();
        QCOMPARE(reply.get().body, std::string("Hello xHello x"));
        QVERIFY(client->next("Debugger.resumed").is_object());
        QVERIFY(bench.waitForPaused(false));
        bench.debugger().resume(); // nothing to resume
        QCOMPARE(shown(client->call("Runtime.evaluate", {{"expression", "1 + 1"}})["result"]["value"]), shown(2));
    }

    void newCodeWhileAttached()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        client->call("Runtime.enable");
        QVERIFY(client->next("Runtime.executionContextCreated").is_object());
        client->call("Debugger.enable");
        const Mapped before(functionsScript(*client));
        client->call("Debugger.setBreakpointByUrl", breakpoint(before.generated("api.ts", 12)));
        for (int i = 0; i < 4; ++i) {
            std::string changed = apiTs;
            changed.replace(changed.find("'Hello '"), 8, "'Salut" + std::to_string(i) + " '");
            QVERIFY(waitUntil([&] { return bench.run.session().live() == session::Session::Live::Current; }));
            const std::int64_t since = bench.run.session().liveSince();
            bench.run.project.replace("functions/api.ts", changed);
            QVERIFY(waitUntil([&] { return bench.run.session().liveSince() != since; }));
            Json context = client->next("Runtime.executionContextCreated");
            QVERIFY(context.is_object());
            const Mapped map(functionsScript(*client));
            QVERIFY(holds(map.contents(), changed));
            // The breakpoint by URL is in the new code as well.
            auto reply = ask(bench.run.port(), "/api?name=x");
            Json frame = client->next("Debugger.paused")["callFrames"][0];
            QCOMPARE(map.original(frame["location"]).line, 12);
            QVERIFY(client->call("Debugger.resume").is_object());
            const std::string word = "Salut" + std::to_string(i) + " x";
            QCOMPARE(reply.get().body, word + word);
        }
        QVERIFY(client->next("Runtime.executionContextDestroyed").is_object()); // of the first code
        QCOMPARE(bench.debugger().attached(), 1);
    }

    void stoppedWhilePaused()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        const QString address = bench.debugger().address();
        auto client = bench.attach();
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client));
        client->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 12)));
        auto reply = ask(bench.run.port(), "/api?name=x");
        QVERIFY(client->next("Debugger.paused").is_object());
        QVERIFY(bench.run.stop());
        QCOMPARE(client->closeCode(), std::optional(1001));
        QCOMPARE(reply.get().body, std::string("Hello xHello x")); // what was under way was answered
        QVERIFY(bench.waitForPaused(false));
        QCOMPARE(tests::get(bench.debugger().port(), "/json/list").body.substr(0, 1), std::string("["));
        QVERIFY(Json::parse(tests::get(bench.debugger().port(), "/json").body).empty());
        QCOMPARE(bench.attach()->status(), 503);
        // It is found at the same place when the project runs again.
        QVERIFY(bench.run.start());
        QCOMPARE(bench.debugger().address(), address);
        auto again = bench.attach();
        QCOMPARE(shown(again->call("Runtime.evaluate", {{"expression", "'a' + 'b'"}})["result"]["value"]), shown("ab"));
    }

    void endedWhilePaused()
    {
        // The session goes away without a stop: nothing hangs.
        auto bench = std::make_unique<Debugged>();
        QVERIFY(bench->run.start());
        auto client = bench->attach();
        client->call("Debugger.enable");
        client->send("Runtime.evaluate", {{"expression", "debugger"}});
        QVERIFY(client->next("Debugger.paused").is_object());
        bench.reset();
        QVERIFY(client->closeCode().has_value());
    }

    void aPauseIsNotRunningTime()
    {
        Debugged bench;
        bench.run.options.cpuMs = 150;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client));
        client->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 12)));
        auto reply = ask(bench.run.port(), "/api?name=x");
        Json frame = client->next("Debugger.paused")["callFrames"][0];
        const auto evaluate = [&](const std::string &code) {
            return client->call("Debugger.evaluateOnCallFrame", {{"callFrameId", frame["callFrameId"]}, {"expression", code}, {"returnByValue", true}});
        };
        // Ten times as long as code may run, as the Worker's own clock tells.
        const double start = evaluate("Date.now()")["result"].value("value", 0.0);
        QVERIFY(waitUntil([&] { return evaluate("Date.now()")["result"].value("value", 0.0) > start + 1500; }));
        // What is evaluated has the limit, and only that is ended by it.
        QVERIFY(evaluate("while (true) {}").contains("error"));
        QCOMPARE(shown(evaluate("name")["result"]["value"]), shown("x"));
        QVERIFY(client->call("Debugger.resume").is_object());
        QCOMPARE(reply.get().body, std::string("Hello xHello x"));
        // And the limit holds again afterwards.
        Json ended = client->call("Runtime.evaluate", {{"expression", "while (true) {}"}});
        QVERIFY(ended.contains("error") || ended.contains("exceptionDetails"));
        QCOMPARE(shown(client->call("Runtime.evaluate", {{"expression", "2 + 3"}})["result"]["value"]), shown(5));
    }

    void codeThatRunsForEverCanBeStopped()
    {
        Debugged bench(loops());
        bench.run.options.cpuMs = 600'000;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client));
        auto reply = ask(bench.run.port(), "/api");
        QVERIFY(bench.waitForRequest("/api"));
        // A pause comes through in the middle of the loop.
        const int late = client->send("Runtime.evaluate", {{"expression", "1"}}); // has to wait, and holds nobody up
        QVERIFY(client->call("Debugger.pause").is_object());
        Json frame = client->next("Debugger.paused")["callFrames"][0];
        for (int i = 0; i < 50 && !map.original(frame["location"]).file.ends_with("functions/api.ts"); ++i) { // the request was seen before its code began
            QVERIFY(client->call("Debugger.resume").is_object());
            QVERIFY(client->call("Debugger.pause").is_object());
            frame = client->next("Debugger.paused")["callFrames"][0];
        }
        QVERIFY(map.original(frame["location"]).file.ends_with("functions/api.ts"));
        QCOMPARE(shown(client->answerTo(late)["result"]["value"]), shown(1));
        Json set = client->call("Debugger.evaluateOnCallFrame", {{"callFrameId", frame["callFrameId"]}, {"expression", "globalThis.enough = true"}});
        QVERIFY(!set.contains("error"));
        QVERIFY(client->call("Debugger.resume").is_object());
        QCOMPARE(reply.get().body, std::string("out"));
        // Ended for good
        client->call("Runtime.evaluate", {{"expression", "globalThis.enough = false; globalThis.turns = 0"}});
        auto second = ask(bench.run.port(), "/api?2");
        QVERIFY(bench.waitForRequest("/api?2"));
        QVERIFY(client->call("Debugger.pause").is_object());
        QVERIFY(client->next("Debugger.paused").is_object());
        QVERIFY(client->call("Debugger.resume").is_object());
        QVERIFY(!client->call("Runtime.terminateExecution").contains("error"));
        const Reply answer = second.get();
        QCOMPARE(answer.status, 503);
        QCOMPARE(answer.body, std::string("A debugger ended the code.\n"));
        QCOMPARE(shown(client->call("Runtime.evaluate", {{"expression", "8 - 1"}})["result"]["value"]), shown(7));
    }

    void aFullHeapKeepsTheDebugger()
    {
        Debugged bench("export const onRequest = ({ request }) => {\n"
                       "  if (request.url.endsWith('fill')) { const all = []; while (true) all.push(new Array(1000).fill(all.length)); }\n"
                       "  const word = 'fine';\n"
                       "  return new Response(word);\n"
                       "};\n");
        bench.run.options.cpuMs = 600'000; // collecting garbage near the limit takes its time
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client));
        client->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 4)));
        auto full = ask(bench.run.port(), "/api?fill");
        const std::string told = full.get().body;
        QVERIFY2(told.contains("The code filled the JavaScript heap"), told.c_str());
        auto reply = ask(bench.run.port(), "/api");
        Json frame = client->next("Debugger.paused")["callFrames"][0];
        QCOMPARE(map.original(frame["location"]).line, 4);
        client->call("Debugger.resume");
        QCOMPARE(reply.get().body, std::string("fine"));
    }

    void consoleAndExceptions()
    {
        Debugged bench("export const onRequest = ({ request }) => {\n"
                       "  console.log('seen', { url: request.url }, 42);\n"
                       "  console.warn('careful %s', 'there');\n"
                       "  console.groupCollapsed('inner');\n"
                       "  console.groupEnd();\n"
                       "  Promise.reject(new RangeError('lost'));\n"
                       "  throw new TypeError('broken here');\n"
                       "};\n");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/api").status, 500); // before anybody is there
        auto client = bench.attach();
        client->call("Runtime.enable");
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client));
        const auto check = [&] {
            Json log = client->next("Runtime.consoleAPICalled");
            QCOMPARE(shown(log["type"]), shown("log"));
            QCOMPARE(log["args"].size(), 3UL);
            QCOMPARE(shown(log["args"][0]["value"]), shown("seen"));
            QCOMPARE(shown(log["args"][1]["type"]), shown("object"));
            QCOMPARE(shown(log["args"][2]["value"]), shown(42));
            Json top = log["stackTrace"]["callFrames"][0];
            QCOMPARE(shown(top["url"]), shown("cleat:functions"));
            QCOMPARE(map.original(top).line, 2);
            QCOMPARE(shown(client->next("Runtime.consoleAPICalled")["type"]), shown("warning"));
            QCOMPARE(shown(client->next("Runtime.consoleAPICalled")["type"]), shown("startGroupCollapsed"));
            QCOMPARE(shown(client->next("Runtime.consoleAPICalled")["type"]), shown("endGroup"));
            std::set<std::string> told;
            for (int i = 0; i < 2; ++i) {
                Json details = client->next("Runtime.exceptionThrown")["exceptionDetails"];
                told.insert(details["exception"].value("className", ""));
                QVERIFY2(details["url"] == "cleat:functions", details.dump().c_str());
                QCOMPARE(map.original(details).line, details["exception"]["className"] == "TypeError" ? 7 : 6);
            }
            QCOMPARE(told, (std::set<std::string>{"RangeError", "TypeError"}));
        };
        check(); // those from before
        if (QTest::currentTestFailed())
            return;
        QCOMPARE(bench.run.get("/api").status, 500);
        check();
        // The event log has the console lines all the same.
        QVERIFY(waitUntil([&] { return bench.run.all<events::ConsoleEvent>().size() >= 6; }));
        QCOMPARE(bench.run.all<events::ConsoleEvent>()[0].place.line, 2);
    }

    void codeThatDoesNotLoad()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        client->call("Runtime.enable");
        bench.run.project.replace("functions/api.ts", "throw new Error('at the top');\nexport const onRequest = () => new Response('');\n");
        QVERIFY(waitUntil([&] { return bench.run.session().buildError().has_value(); }));
        Json details = client->next("Runtime.exceptionThrown")["exceptionDetails"];
        QVERIFY(details["exception"].value("description", "").starts_with("Error: at the top"));
        QCOMPARE(bench.run.get("/api?name=x").body, std::string("Hello xHello x"));
    }

    void profiles()
    {
        Debugged bench("export const onRequest = () => {\n"
                       "  const begin = Date.now();\n"
                       "  let sum = 0;\n"
                       "  function busy() { for (let i = 0; i < 20000; i++) sum += Math.sqrt(i); }\n"
                       "  while (Date.now() - begin < 300) busy();\n"
                       "  return new Response('done ' + (sum > 0));\n"
                       "};\n");
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        QVERIFY(!client->call("Profiler.enable").contains("error"));
        QVERIFY(!client->call("Profiler.start").contains("error"));
        QCOMPARE(bench.run.get("/api").body, std::string("done true"));
        Json profile = client->call("Profiler.stop")["profile"];
        std::set<std::string> functions;
        for (const Json &node : profile["nodes"])
            functions.insert(node["callFrame"].value("functionName", ""));
        QVERIFY2(functions.contains("busy"), profile["nodes"].dump().c_str());
        QVERIFY(!profile["samples"].empty());

        client->call("HeapProfiler.enable");
        QVERIFY(!client->call("HeapProfiler.startTrackingHeapObjects").contains("error"));
        QVERIFY(client->next("HeapProfiler.heapStatsUpdate").is_object()); // comes from a timer
        QVERIFY(!client->call("HeapProfiler.stopTrackingHeapObjects").contains("error"));
        client->next("HeapProfiler.addHeapSnapshotChunk");
        QVERIFY(!client->call("HeapProfiler.takeHeapSnapshot").contains("error"));
        QVERIFY(client->next("HeapProfiler.addHeapSnapshotChunk").value("chunk", "").size() > 1000);
    }

    void turnedOnWhileRunning()
    {
        Debugged bench;
        bench.run.options.inspectorPort.reset();
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/api?name=x").body, std::string("Hello xHello x"));
        QSignalSpy changed(&bench.debugger(), &session::Debugger::changed);
        QVERIFY(bench.debugger().turnOn(0, QStringLiteral("my-site")));
        QVERIFY(bench.debugger().isOn());
        QCOMPARE(changed.size(), 1);
        QVERIFY(bench.debugger().turnOn(0, QStringLiteral("my-site"))); // again: nothing
        auto client = bench.attach();
        client->call("Debugger.enable");
        const Mapped map(functionsScript(*client)); // of code that was compiled before
        QVERIFY(map.there());
        client->call("Debugger.setBreakpointByUrl", breakpoint(map.generated("api.ts", 12)));
        auto reply = ask(bench.run.port(), "/api?name=y");
        QVERIFY(client->next("Debugger.paused").is_object());
        // Off: who is attached is sent away, and the code goes on.
        bench.debugger().turnOff();
        QVERIFY(!bench.debugger().isOn());
        QVERIFY(!bench.debugger().paused());
        QVERIFY(client->closeCode().has_value());
        QCOMPARE(reply.get().body, std::string("Hello yHello y"));
        QVERIFY(bench.debugger().turnOn(0, QStringLiteral("my-site")));
        auto again = bench.attach();
        QCOMPARE(shown(again->call("Runtime.evaluate", {{"expression", "typeof Response"}})["result"]["value"]), shown("function"));
        QCOMPARE(bench.run.get("/api?name=z").body, std::string("Hello zHello z"));
    }

    void portThatIsTaken()
    {
        Debugged first;
        QVERIFY(first.run.start());
        Debugged second;
        second.run.options.inspectorPort = first.debugger().port();
        QVERIFY(!second.run.start());
        QCOMPARE(second.run.session().failure().code, std::string("inspector.port-in-use"));
        QVERIFY(!second.debugger().isOn());
    }

    void nonsenseIsAnswered()
    {
        Debugged bench;
        QVERIFY(bench.run.start());
        auto client = bench.attach();
        for (const std::string &message : {std::string("{"), std::string("[]"), std::string("{\"id\":1}"), std::string("{\"method\":7,\"id\":2}"),
                 std::string("{\"id\":3,\"method\":\"Debugger.pause\",\"params\":[]}"), std::string("\xF0\x9F\x98\x80"), std::string(100'000, '[')})
            client->sendFrame(0x81, message);
        QVERIFY(client->call("No.suchThing").contains("error"));
        QCOMPARE(shown(client->call("Runtime.evaluate", {{"expression", "'\u4e16\U0001F600'"}})["result"]["value"]), shown("\u4e16\U0001F600"));
        QCOMPARE(bench.run.get("/api?name=x").body, std::string("Hello xHello x"));
    }

    void withoutCode()
    {
        Running run;
        run.options.inspectorPort = 0;
        QVERIFY(run.start());
        DebugClient client(run.session().debugger().port(), pathOf(run.session().debugger()));
        QVERIFY(client.open());
        client.call("Debugger.enable");
        client.call("Runtime.enable");
        QVERIFY(!client.call("Runtime.evaluate", {{"expression", "1 + 1"}}).is_null());
    }
};

QTEST_GUILESS_MAIN(DebuggerTest)
#include "t_debugger.moc"
