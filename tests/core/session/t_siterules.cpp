// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session.h"
#include "tests/core/session/running.h"

#include <QTest>

#include <algorithm>

using namespace cleat;
using namespace cleat::tests;

/// _headers, _redirects and _routes.json while a project runs.
class TestSiteRules final : public QObject
{
    Q_OBJECT

    static bool told(Running &run, std::string_view code, std::string_view words, int line = -1)
    {
        return std::ranges::any_of(run.all<events::NoticeEvent>(), [&](const events::NoticeEvent &notice) {
            return notice.code == code && notice.text.find(words) != std::string::npos && (line < 0 || notice.place.line == line);
        });
    }

private Q_SLOTS:
    void comeChangeAndGo()
    {
        Running run;
        QVERIFY(run.start());
        QCOMPARE(run.get("/").field("x-made"), std::string());
        const auto made = [&] { return run.get("/").field("x-made"); };
        run.project.write("public/_headers", "/*\n  X-Made: one\n");
        QVERIFY(waitUntil([&] { return made() == "one"; }));
        run.project.replace("public/_headers", "/*\n  X-Made: two\n  wrong\n");
        QVERIFY(waitUntil([&] { return made() == "two"; }));
        QVERIFY(waitUntil([&] { return told(run, "headersfile.line", "\"wrong\" is left out", 3); }));
        run.project.remove("public/_headers");
        QVERIFY(waitUntil([&] { return made().empty(); }));
        QVERIFY(waitUntil([&] { return told(run, "assets.rules", "public/_headers is gone"); }));

        const auto status = [&] { return run.get("/old").status; };
        QCOMPARE(status(), 200); // index.html, for a page of its own
        run.project.write("public/_redirects", "/old /new 301\n/broken\n");
        QVERIFY(waitUntil([&] { return status() == 301; }));
        QVERIFY(waitUntil([&] { return told(run, "redirectsfile.line", "\"/broken\" is left out", 2); }));
        QVERIFY(told(run, "assets.rules", "public/_redirects: 1 redirect rule; 1 line is left out."));
        QVERIFY(waitUntil([&] { return std::ranges::any_of(run.all<events::RequestEvent>(), [](const auto &event) { return event.handler == "_redirects:1"; }); }));
        run.project.write("public/_redirects", "/old /new 308\n");
        QVERIFY(waitUntil([&] { return status() == 308; }));
        run.project.remove("public/_redirects");
        QVERIFY(waitUntil([&] { return status() == 200; }));
    }

    void functionsSeeThem()
    {
        Running run;
        run.project.write("public/_headers", "/page\n  X-Made: yes\n");
        run.project.write("public/_redirects", "/old /page\n");
        run.project.write("public/page.html", "page");
        run.project.write("functions/code.js", "export const onRequest = async ({ env, request }) => {\n  const r = await env.ASSETS.fetch(new URL('/old', request.url));\n"
                                               "  return new Response([r.status, r.headers.get('x-made'), await r.text()].join());\n};\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/code").body, std::string("200,yes,page"));
        QCOMPARE(run.get("/code").field("x-made"), std::string()); // only what the assets answer has them
    }

    void wrongRoutesAtTheStart()
    {
        Running run;
        run.project.write("functions/code.js", "export const onRequest = () => new Response('code');\n");
        run.project.write("public/_routes.json", "{\"version\": 1, \"include\": [\"code\"], \"exclude\": []}");
        QVERIFY(!run.start());
        QCOMPARE(run.session().failure().code, std::string("routesfile.invalid"));
        QVERIFY(run.session().failure().message.find("public/_routes.json") != std::string::npos);
    }

    void wrongRoutesLater()
    {
        Running run;
        run.project.write("functions/code.js", "export const onRequest = () => new Response('code');\n");
        run.project.write("public/_routes.json", "{\"version\": 1, \"include\": [\"/code\"], \"exclude\": []}");
        run.project.write("functions/other.js", "export const onRequest = () => new Response('other');\n");
        QVERIFY(run.start());
        QVERIFY(run.get("/other").body != "other");
        run.project.write("public/_routes.json", "{\"version\": 1, \"include\": [], \"exclude\": []}");
        QCOMPARE(run.eventually("/other", "other"), std::string("other"));
        QVERIFY(waitUntil([&] { return told(run, "routesfile.invalid", "Until it is, all paths go to the code first."); }));
    }

    void wrongRoutesWithoutCode()
    {
        Running run;
        run.project.write("public/_routes.json", "{");
        QVERIFY(run.start()); // nothing reads it
        QCOMPARE(run.get("/").status, 200);
        QVERIFY(waitUntil([&] { return told(run, "routesfile.invalid", "not JSON"); }));
    }

    void foldersOfPlugins()
    {
        Running run;
        run.project.write("node_modules/plug/index.js", "export { onRequest } from 'assets:./files';\n");
        run.project.write("node_modules/plug/package.json", "{\"name\": \"plug\", \"main\": \"index.js\"}");
        run.project.write("node_modules/plug/files/a.txt", "from the plugin");
        run.project.write("functions/x/_middleware.js", "export { onRequest } from 'plug';\n");
        QVERIFY(run.start());
        QCOMPARE(run.get("/x/a.txt").body, std::string("from the plugin"));
        run.project.write("functions/y.js", "export { onRequest } from 'assets:./nowhere';\n");
        QVERIFY(waitUntil([&] { return run.session().buildError().has_value(); }));
        const std::string message = run.session().buildError()->message;
        QVERIFY2(message.find("functions/y.js imports \"assets:./nowhere\", but functions/nowhere does not exist.") != std::string::npos, message.c_str());
        QCOMPARE(run.get("/x/a.txt").body, std::string("from the plugin")); // the last good code serves
    }
};

QTEST_GUILESS_MAIN(TestSiteRules)
#include "t_siterules.moc"
