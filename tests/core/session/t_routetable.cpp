// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/routetable.h"

#include "core/session/session.h"
#include "tests/core/session/running.h"

#include <QSignalSpy>
#include <QTest>

using namespace cleat;
using namespace cleat::tests;
using namespace Qt::StringLiterals;
using session::RouteMatch;
using session::RouteRow;
using Answer = RouteMatch::Answer;

namespace {

QString joined(const std::vector<std::string> &notes)
{
    QStringList list;
    for (const std::string &note : notes)
        list << QString::fromStdString(note);
    return list.join(u'\n');
}

} // namespace

/// The table and what it says of paths, over a running session whose answers have to agree.
class TestRouteTable final : public QObject
{
    Q_OBJECT
    std::unique_ptr<Running> m_run;

    const session::RouteTable &table() const { return *m_run->session().routes(); }

private Q_SLOTS:
    void initTestCase()
    {
        m_run = std::make_unique<Running>();
        const Project &project = m_run->project;
        project.write("functions/_middleware.js", "export const onRequest = ({ next }) => next();\n");
        project.write("functions/api/_middleware.js", "export const onRequestPost = ({ next }) => next();\n");
        project.write("functions/api/users/index.js", "export const onRequestGet = () => new Response('list');\nexport const onRequestPost = () => new Response('made');\n");
        project.write("functions/api/users/[id].js", "export const onRequest = ({ params }) => new Response('one ' + params.id);\n");
        project.write("functions/api/users/new.js", "export const onRequestPut = () => new Response('new');\n");
        project.write("functions/files/[[path]].js", "export const onRequestGet = () => new Response('file');\n");
        project.write("public/about.html", "about\n");
        project.write("public/404.html", "gone\n");
        QVERIFY(m_run->start());
        QVERIFY(m_run->session().routes());
    }

    void cleanupTestCase() { m_run.reset(); }

    void rows()
    {
        QStringList rows;
        for (const RouteRow &row : table().rows()) {
            QString text = u"%1 %2 %3"_s.arg(QString::fromStdString(row.method.empty() ? "*" : row.method), QString::fromStdString(row.path), QString::fromStdString(row.handler.file));
            for (const auto &handler : row.chain)
                text += u" <"_s + QString::fromStdString(handler.file);
            rows << text + (row.kind == RouteRow::Kind::Middleware ? u" (middleware)"_s : QString());
        }
        QCOMPARE(rows.join(u'\n'), (QStringList{
            u"PUT /api/users/new functions/api/users/new.js <functions/_middleware.js"_s,
            u"* /api/users/:id functions/api/users/[id].js <functions/_middleware.js"_s,
            u"GET /api/users functions/api/users/index.js <functions/_middleware.js"_s,
            u"POST /api/users functions/api/users/index.js <functions/_middleware.js <functions/api/_middleware.js"_s,
            u"GET /files/:path* functions/files/[[path]].js <functions/_middleware.js"_s,
            u"POST /api functions/api/_middleware.js (middleware)"_s,
            u"* / functions/_middleware.js (middleware)"_s}.join(u'\n')));
        QCOMPARE(table().rowOf("functions/api/users/index.js", "POST"), 3);
        QCOMPARE(table().rowOf("functions/api/users/[id].js", "PATCH"), 1);
        QCOMPARE(table().rowOf("functions/api/users/index.js", "PATCH"), -1);
        QVERIFY(!table().rules());
    }

    void tries_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("target");
        QTest::addColumn<int>("answer");
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *method, const char *target, Answer answer, int at, int status, const char *says) {
            QTest::addRow("%s %s", method, target) << QString::fromLatin1(method) << QString::fromLatin1(target) << static_cast<int>(answer) << at << status << QString::fromLatin1(says);
        };
        row("GET", "/api/users/7", Answer::Code, 1, 200, "fits the pattern /api/users/:id");
        row("GET", "http://localhost:8788/API/users/7?x=1#y", Answer::Code, 1, 200, "fits the pattern");
        row("PUT", "/api/users/new", Answer::Code, 0, 200, "/api/users/:id (functions/api/users/[id].js) fits too, but it is less specific");
        row("GET", "/api/users/new", Answer::Code, 1, 200, "PUT /api/users/new (functions/api/users/new.js) is more specific, but does not export GET.");
        row("GET", "/api/users/", Answer::Code, 2, 200, "pattern");
        row("DELETE", "/api/users", Answer::NotAllowed, -1, 405, "Method DELETE is not exported: functions/api/users/index.js takes this path for GET and POST only.");
        row("GET", "/api//users", Answer::NotFound, -1, 404, "The path has a doubled slash. /api/users would be taken by GET /api/users");
        row("GET", "/api/users.ts", Answer::NotFound, -1, 404, "A route has no file extension.");
        row("GET", "/functions/api/users", Answer::NotFound, -1, 404, "The folder functions is no part of a path.");
        row("GET", "/api/user", Answer::NotFound, -1, 404, "spelled nearly so: GET /api/users");
        row("GET", "/files", Answer::Code, 4, 200, "pattern");
        row("GET", "/files/a/b%20c", Answer::Code, 4, 200, "pattern");
        row("GET", "/about", Answer::Asset, -1, 200, "Only middlewares take the path");
        row("GET", "/about.html", Answer::Redirect, -1, 308, "send the client to /about");
        row("GET", "/nothing", Answer::NotFound, -1, 404, "404.html is shown");
        row("GET", "about", Answer::Asset, -1, 200, "about.html");
    }

    void tries()
    {
        QFETCH(QString, method);
        QFETCH(QString, target);
        QFETCH(QString, says);
        const RouteMatch match = table().tryPath(method.toStdString(), target.toStdString());
        QTEST(static_cast<int>(match.answer), "answer");
        QTEST(match.row, "row");
        const QString said = QString::fromStdString(match.why) + u'\n' + joined(match.notes);
        QVERIFY2(said.contains(says), qPrintable(said));
        if (method == "GET"_L1 && target.startsWith(u'/')) // what runs agrees
            QTEST(m_run->get(target.toStdString()).status, "status");
    }

    void parametersAndSteps()
    {
        const RouteMatch match = table().tryPath("POST", "/api/users");
        QCOMPARE(match.steps.size(), 3U);
        QCOMPARE(match.steps[0].handler.file, std::string("functions/_middleware.js"));
        QCOMPARE(match.steps[1].handler, (session::RouteHandler{"functions/api/_middleware.js", "onRequestPost"}));
        QCOMPARE(match.steps[2].kind, RouteRow::Kind::Handler);
        const RouteMatch rest = table().tryPath("GET", "/files/a/b%20c");
        QCOMPARE(rest.steps.back().parameters, (std::vector<RouteMatch::Parameter>{{"path", {"a", "b%20c"}, RouteMatch::Parameter::Kind::Rest}}));
    }

    void nastyTargets()
    {
        for (const std::string &target : std::vector<std::string>{"", "?", "#", "//", "http://", "http://host", "/%", "/%ff", "/../../etc/passwd", "/a\\b", "://x", std::string(100'000, '/')})
            QVERIFY(table().tryPath("GET", target).path.starts_with('/'));
        QCOMPARE(table().tryPath("", "/about").row, -1);
        QVERIFY(table().tryPath("GET", "/" + std::string(100'000, 'x')).notes.empty());
    }

    /// The rules of _routes.json decide for what runs as for what is told, and follow the file.
    void rules()
    {
        const auto tryNow = [this](const char *path) { return table().tryPath("GET", path); };
        m_run->project.write("public/_routes.json", "{\"version\": 1, \"include\": [\"/api/*\"], \"exclude\": [\"/api/users/7\"]}");
        QVERIFY(waitUntil([&] { return table().rules().has_value() && table().rules()->include.size() == 1; }));
        QVERIFY(waitUntil([&] { return m_run->get("/files/x").status == 404; }));
        QCOMPARE(m_run->get("/api/users/7").status, 404);
        QCOMPARE(m_run->get("/api/users/8").body, "one 8");
        const RouteMatch excluded = tryNow("/api/users/7");
        QCOMPARE(excluded.answer, Answer::NotFound);
        QVERIFY2(excluded.why.starts_with("_routes.json keeps the path from the Functions: its exclude rule \"/api/users/7\""), excluded.why.c_str());
        QCOMPARE(joined(excluded.notes), u"Without that rule, a Function would take it."_s);
        QVERIFY(excluded.steps.empty());
        QVERIFY(tryNow("/files/x").why.find("no include rule takes it") != std::string::npos);

        QSignalSpy changed(&m_run->session(), &session::Session::routesChanged);
        m_run->project.write("public/_routes.json", "{ not JSON");
        QVERIFY(waitUntil([&] { return table().rules() && table().rules()->error; }));
        QCOMPARE(table().rules()->error->code, std::string("routesfile.invalid"));
        QCOMPARE(m_run->eventually("/files/x", "file"), std::string("file"));
        const auto notices = m_run->all<events::NoticeEvent>();
        QVERIFY(std::ranges::any_of(notices, [](const auto &notice) { return notice.code == "routesfile.invalid" && notice.level == events::Level::Warn; }));

        m_run->project.remove("public/_routes.json");
        QVERIFY(waitUntil([&] { return !table().rules(); }));
        QVERIFY(!changed.isEmpty());
    }

    /// A build that fails leaves the routes of the last good one; stopping leaves them too.
    void staysWhileBroken()
    {
        const auto before = m_run->session().routes();
        m_run->project.write("functions/broken.js", "export const onRequest = (;\n");
        QVERIFY(waitUntil([&] { return m_run->session().buildError().has_value(); }));
        QCOMPARE(m_run->session().routes(), before);
        m_run->project.remove("functions/broken.js");
        QVERIFY(waitUntil([&] { return !m_run->session().buildError(); }));
        QVERIFY(m_run->stop());
        QVERIFY(m_run->session().routes());
    }
};

QTEST_GUILESS_MAIN(TestRouteTable)
#include "t_routetable.moc"
