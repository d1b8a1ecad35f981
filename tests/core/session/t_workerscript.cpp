// SPDX-License-Identifier: GPL-3.0-or-later
// A project whose code is _worker.js, and compatibility dates and flags, through a whole session.
#include "tests/core/session/running.h"

#include <QTest>

using namespace cleat;
using namespace cleat::tests;

class SessionWorkerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void workerWins()
    {
        Running run;
        run.project.write("functions/api.js", "export const onRequest = () => new Response('function');\n");
        run.project.write("lib/name.js", "export const name = 'worker';\n");
        run.project.write("public/_worker.js",
            "import { name } from '../lib/name.js';\nexport default {\n"
            "  async fetch(request, env) { const { pathname } = new URL(request.url); return pathname === '/asset' ? env.ASSETS.fetch(new URL('/', request.url)) : new Response(name + pathname); },\n"
            "  scheduled(event) { console.log('cron ' + event.cron); },\n};\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").body, std::string("worker/api"));
        QCOMPARE(run.get("/_worker.js").body, std::string("worker/_worker.js"));
        for (const char *path : {"//", "//api", "/api//", "/a///b//c"})
            QCOMPARE(run.get(path).body, "worker" + std::string(path));
        QCOMPARE(run.get("/asset").body, std::string("<p>hello</p>\n"));
        QCOMPARE(run.get("/cdn-cgi/handler/scheduled?cron=*").body, std::string("ok"));
        QCOMPARE(run.get("/cdn-cgi/local/scheduled?format=json").body, std::string("{\"outcome\":\"ok\",\"noRetry\":false}"));
        const auto notices = run.all<events::NoticeEvent>();
        QVERIFY(std::ranges::any_of(notices, [](const events::NoticeEvent &notice) { return notice.code == "build.worker-wins"; }));
        const auto event = run.finished("/api");
        QVERIFY(event);
        QCOMPARE(event->handler, std::string("_worker.js"));

        run.project.write("lib/name.js", "export const name = 'changed';\n");
        QCOMPARE(run.eventually("/api", "changed/api"), std::string("changed/api"));
        run.project.remove("public/_worker.js");
        QCOMPARE(run.eventually("/api", "function"), std::string("function"));
    }

    void rulesOfRoutes()
    {
        Running run;
        run.project.write("public/_routes.json", "{\"version\": 1, \"include\": [\"/api/*\"], \"exclude\": []}\n");
        run.project.write("public/_worker.js", "export default { fetch() { return new Response('worker') }, scheduled() {} };\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/api/x").body, std::string("worker"));
        QCOMPARE(run.get("/api//x").body, std::string("worker"));
        QCOMPARE(run.get("//api/x").body, std::string("<p>hello</p>\n"));
        QCOMPARE(run.get("/").body, std::string("<p>hello</p>\n"));
        QCOMPARE(run.get("/cdn-cgi/handler/scheduled").body, std::string("ok"));
    }

    void unknownFlag()
    {
        Running run;
        run.options.compatibilityFlags = {"nope_flag"};
        QVERIFY(!run.start());
        QCOMPARE(run.session().failure().code, std::string("compat.unknown-flag"));
        QCOMPARE(run.session().failure().message, std::string("No such compatibility flag: nope_flag."));
    }

    void flagsReachTheCode()
    {
        Running run;
        run.project.write("functions/api.js", "export const onRequest = () => new Response(JSON.stringify([Cloudflare.compatibilityFlags.nodejs_compat, Cloudflare.compatibilityFlags.url_standard]));\n");
        run.options.compatibilityDate = "2022-01-01";
        run.options.compatibilityFlags = {"nodejs_compat"};
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").body, std::string("[true,false]"));
    }

    void partsReachTheCode()
    {
        Running run;
        run.project.write("functions/api.js", "import data from './d.bin';\nexport const onRequest = () => new Response(data);\n");
        run.project.write("functions/d.bin", "one");
        QVERIFY(run.start());
        QCOMPARE(run.get("/api").body, std::string("one"));
        run.project.write("functions/d.bin", "two");
        QCOMPARE(run.eventually("/api", "two"), std::string("two"));
    }
};

QTEST_GUILESS_MAIN(SessionWorkerTest)
#include "t_workerscript.moc"
