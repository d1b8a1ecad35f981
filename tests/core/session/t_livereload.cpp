// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/livereload.h"
#include "core/session/session.h"
#include "tests/core/session/running.h"
#include "tests/core/session/wsclient.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <memory>
#include <thread>

using namespace cleat;
using namespace cleat::tests;

namespace {

const std::string script(session::LiveReload::script());
const std::string asProtocol = "Sec-WebSocket-Protocol: cleat-live-reload\r\n";
const std::string reload = R"(text:{"type":"reload"})";
const std::string fine = R"(text:{"type":"fine"})";

QByteArray text(std::string_view value)
{
    return {value.data(), static_cast<qsizetype>(value.size())};
}

const std::string code = R"(
export const onRequest = ({ request, env }) => {
  const html = { "content-type": "text/html; charset=utf-8" };
  const bytes = (text) => new TextEncoder().encode(text);
  const path = new URL(request.url).pathname;
  const pieces = (...all) => new ReadableStream({ async start(c) { for (const one of all) { c.enqueue(bytes(one)); await 0; } c.close(); } });
  switch (path) {
  case "/whole": return new Response("<p>whole</p>", { headers: html });
  case "/empty": return new Response("", { headers: html });
  case "/null": return new Response(null, { headers: html });
  case "/capitals": return new Response("x", { headers: { "Content-Type": "TEXT/HTML" } });
  case "/streamed": return new Response(pieces("<p>", "streamed", "</p>"), { headers: html });
  case "/sized": { const { readable, writable } = new FixedLengthStream(5); pieces("si", "zed").pipeTo(writable); return new Response(readable, { headers: html }); }
  case "/big": return new Response("x".repeat(300000), { headers: html });
  case "/missing": return new Response("gone", { status: 404, headers: html });
  case "/gzip": return new Response("<p>packed</p>", { headers: { ...html, "content-encoding": "gzip" } });
  case "/policy": return new Response("p", { headers: { ...html, "content-security-policy": "default-src 'none'", etag: '"e"' } });
  case "/asset": return env.ASSETS.fetch(new URL("/", request.url));
  case "/asked": return Response.json([request.headers.get("accept-encoding")]);
  case "/broken": return new Response(new ReadableStream({ pull(c) { this.n = (this.n ?? 0) + 1; if (this.n > 1) c.error(new Error("on purpose")); else c.enqueue(bytes("half")); } }), { headers: html });
  case "/plain": return new Response("<p>plain</p>");
  case "/xhtml": return new Response("x", { headers: { "content-type": "application/xhtml+xml" } });
  case "/htmlish": return new Response("x", { headers: { "content-type": "text/htmlx" } });
  case "/utf16": return new Response("x", { headers: { "content-type": "text/html; charset=UTF-16LE" } });
  case "/attachment": return new Response("x", { headers: { ...html, "content-disposition": "Attachment; filename=x" } });
  case "/moved": return new Response("x", { status: 302, headers: { ...html, location: "/" } });
  case "/part": return new Response("x", { status: 206, headers: html });
  case "/unchanged": return new Response(null, { status: 304, headers: html });
  case "/nothing": return new Response(null, { status: 204, headers: html });
  case "/cdn-cgi/live-reload": return new Response("of the code");
  }
  return new Response("other");
};
)";

} // namespace

/// Pages that load again by themselves: what stands in them, what they are told, and when.
class LiveReloadTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Running> m_run;

    int port() const { return m_run->port(); }
    std::string host() const { return "localhost:" + std::to_string(port()); }
    /// A page that is just loaded.
    std::unique_ptr<WsClient> page() const
    {
        auto made = std::make_unique<WsClient>(port(), "/cdn-cgi/live-reload", asProtocol);
        made->text("age 0");
        made->send(maskedFrame(0x89, "there")); // what is told comes before the pong
        return made;
    }
    static QJsonObject problemOf(const std::string &message)
    {
        return QJsonDocument::fromJson(text(message).mid(message.starts_with("text:") ? 5 : 0)).object();
    }
    void write(const char *name, const std::string &content) const { m_run->project.write(name, content); }

private Q_SLOTS:
    void init()
    {
        m_run = std::make_unique<Running>();
        m_run->options.liveReload = session::Options::LiveReload::Yes;
    }
    void cleanup() { m_run.reset(); }

    void answers()
    {
        write("functions/[[path]].js", code);
        QVERIFY(m_run->start());
        const auto whole = [this](const char *path, const std::string &body, std::string_view extra = {}) {
            const Reply reply = m_run->get(path, extra);
            QVERIFY2(reply.complete, path);
            QCOMPARE(text(reply.body), text(body));
            if (const std::string length = reply.field("content-length"); !length.empty())
                QCOMPARE(length, std::to_string(body.size()));
        };
        for (const auto &[path, body] : std::initializer_list<std::pair<const char *, std::string>>{{"/whole", "<p>whole</p>"}, {"/empty", ""}, {"/capitals", "x"}, {"/streamed", "<p>streamed</p>"},
                 {"/sized", "sized"}, {"/big", std::string(300000, 'x')}, {"/missing", "gone"}, {"/policy", "p"}, {"/asset", "<p>hello</p>\n"}})
            whole(path, body + script);
        for (const auto &[path, body] : std::initializer_list<std::pair<const char *, std::string>>{{"/plain", "<p>plain</p>"}, {"/xhtml", "x"}, {"/htmlish", "x"}, {"/utf16", "x"},
                 {"/attachment", "x"}, {"/moved", "x"}, {"/part", "x"}, {"/unchanged", ""}, {"/nothing", ""}, {"/other", "other"}})
            whole(path, body);
        // What a script fetches is as it was; what the browser shows has it, whatever it takes.
        whole("/whole", "<p>whole</p>", "Sec-Fetch-Dest: empty\r\n");
        whole("/whole", "<p>whole</p>" + script, "Sec-Fetch-Dest: document\r\nAccept-Encoding: gzip, br\r\n");
        whole("/streamed", "<p>streamed</p>" + script, "Sec-Fetch-Dest: iframe\r\nAccept-Encoding: br;q=1, gzip;q=0.5\r\n");
        whole("/gzip", "<p>packed</p>" + script, "Accept-Encoding: gzip\r\n");
        QCOMPARE(text(m_run->get("/gzip", "Accept-Encoding: gzip\r\n").field("content-encoding")), QByteArray());
        QCOMPARE(text(m_run->get("/asked", "Accept-Encoding: zstd\r\n").body), QByteArray(R"(["br, gzip"])"));
        const Reply policy = m_run->get("/policy");
        QCOMPARE(text(policy.field("content-security-policy")), QByteArray("default-src 'none'"));
        QCOMPARE(text(policy.field("etag")), QByteArray("\"e\""));
        // HEAD has the length that GET has, and nothing behind it.
        Client client(port());
        client.sendRequest("HEAD", "/whole");
        const Reply head = client.receive("HEAD");
        QCOMPARE(head.field("content-length"), std::to_string(12 + script.size()));
        QCOMPARE(text(client.get("/plain").body), QByteArray("<p>plain</p>"));
        client.sendRequest("HEAD", "/sized");
        QCOMPARE(client.receive("HEAD").field("content-length"), std::to_string(5 + script.size()));
        // One that fails on its way ends as before.
        const Reply broken = m_run->get("/broken");
        QVERIFY(!broken.complete);
        QCOMPARE(text(broken.body), QByteArray("half"));
    }

    void assets()
    {
        write("public/a.css", "p{}");
        write("public/404.html", "<p>not here</p>");
        QVERIFY(m_run->start());
        const Reply index = m_run->get("/");
        QCOMPARE(text(index.body), text("<p>hello</p>\n" + script));
        QCOMPARE(index.field("content-length"), std::to_string(index.body.size()));
        const std::string etag = index.field("etag");
        QVERIFY(!etag.empty());
        const Reply known = m_run->get("/", "If-None-Match: " + etag + "\r\n");
        QCOMPARE(known.status, 304);
        QVERIFY(known.body.empty());
        QCOMPARE(text(m_run->get("/a.css").body), QByteArray("p{}"));
        QCOMPARE(text(m_run->get("/nowhere").body), text("<p>not here</p>" + script));
        Client client(port());
        client.sendRequest("HEAD", "/");
        QCOMPARE(client.receive("HEAD").field("content-length"), std::to_string(index.body.size()));
        QCOMPARE(text(client.get("/a.css").body), QByteArray("p{}"));
    }

    void offByItself()
    {
        m_run->options.liveReload = session::Options::LiveReload::No;
        write("functions/[[path]].js", code);
        QVERIFY(m_run->start());
        QCOMPARE(text(m_run->get("/whole").body), QByteArray("<p>whole</p>"));
        QCOMPARE(text(m_run->get("/asset").body), QByteArray("<p>hello</p>\n"));
        WsClient socket(port(), "/cdn-cgi/live-reload", asProtocol);
        QVERIFY(socket.status() != 101);
    }

    void whoMayConnect()
    {
        write("functions/[[path]].js", code);
        m_run->options.allowedHosts = {"my.test"};
        QVERIFY(m_run->start());
        const auto status = [this](const std::string &extra) { return WsClient(port(), "/cdn-cgi/live-reload", extra).status(); };
        QCOMPARE(status(asProtocol), 101);
        QCOMPARE(status(asProtocol + "Origin: http://" + host() + "\r\n"), 101);
        QCOMPARE(status(asProtocol + "Origin: https://my.test\r\n"), 101);
        QCOMPARE(status(asProtocol + "Origin: https://evil.example\r\n"), 403);
        QCOMPARE(status(asProtocol + "Origin: null\r\n"), 403);
        QCOMPARE(status(asProtocol + "Host: evil.example\r\n"), 403);
        // Everything else is the project's own.
        QCOMPARE(text(m_run->get("/cdn-cgi/live-reload").body), QByteArray("of the code"));
        QVERIFY(status("Sec-WebSocket-Protocol: chat\r\n") != 101);
        QVERIFY(status({}) != 101);
        // The log tells of the refused ones alone.
        for (const auto &event : m_run->all<events::RequestEvent>())
            QVERIFY(event.status != 101);
    }

    void badPages()
    {
        QVERIFY(m_run->start());
        const auto open = [this] { return std::make_unique<WsClient>(port(), "/cdn-cgi/live-reload", asProtocol); };
        for (const char *message : {"", "age", "age ", "age x", "age -1", "other", "age 99999999999999999999999999"}) {
            auto socket = open();
            socket->text(message);
            socket->send(maskedFrame(0x89, "p"));
            QCOMPARE(text(socket->next()), QByteArray("pong:p"));
        }
        auto large = open();
        large->text(std::string(5000, 'x'));
        QVERIFY(large->next().starts_with("close:1009"));
        QCOMPARE(large->next(), std::string("end"));
        auto unmasked = open();
        unmasked->send("\x81\x01x");
        QVERIFY(unmasked->next().starts_with("close:1002"));
        auto polite = open();
        polite->send(maskedFrame(0x88, closePayload(1000, "bye")));
        QCOMPARE(text(polite->next()), QByteArray("close:1000 bye"));
        QCOMPARE(polite->next(), std::string("end"));
        { auto gone = open(); gone->client().abort(); }
        QCOMPARE(m_run->get("/").status, 200);
    }

    /// A page that is older than what is served loads again at once: it was missed, or comes from another run.
    void oldPages()
    {
        QVERIFY(m_run->start());
        WsClient old(port(), "/cdn-cgi/live-reload", asProtocol);
        old.text("age 3600000");
        QCOMPARE(text(old.next()), text(reload));
        auto young = page();
        QCOMPARE(text(young->next()), QByteArray("pong:there"));
    }

    void codeAndBindings()
    {
        write("functions/a.js", "export const onRequest = ({ env }) => new Response('1' + (env.WORD ?? ''));\n");
        QVERIFY(m_run->start());
        auto one = page();
        auto two = page();
        QCOMPARE(text(one->next()), QByteArray("pong:there"));
        QCOMPARE(text(two->next()), QByteArray("pong:there"));
        write("functions/a.js", "export const onRequest = ({ env }) => new Response('2' + (env.WORD ?? ''));\n");
        QCOMPARE(text(m_run->eventually("/a", "2")), QByteArray("2"));
        QCOMPARE(text(one->next()), text(reload));
        QCOMPARE(text(two->next()), text(reload));
        write(".dev.vars", "WORD=word\n");
        QCOMPARE(text(m_run->eventually("/a", "2word")), QByteArray("2word"));
        QCOMPARE(text(one->next()), text(reload));
        QVERIFY(m_run->stop());
        QCOMPARE(text(one->next()), QByteArray("close:1001 The server stops"));
        QCOMPARE(one->next(), std::string("end"));
    }

    void files_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char *name : {"public/index.html", "public/new.txt", "public/deep/er/new.css", "public/_headers", "public/_redirects"})
            QTest::newRow(name) << QByteArray(name);
    }
    void files()
    {
        QFETCH(QByteArray, name);
        QVERIFY(m_run->start());
        auto one = page();
        QCOMPARE(text(one->next()), QByteArray("pong:there"));
        write(name.constData(), name.endsWith("_headers") ? "/*\n  X-New: 1\n" : name.endsWith("_redirects") ? "/from /to\n" : "<p>changed</p>");
        QTest::qWait(0);
        std::string told;
        std::thread waiting([&] { told = one->next(); });
        QVERIFY(waitUntil([&] { return !told.empty(); }));
        waiting.join();
        QCOMPARE(text(told), text(reload));
        if (name.endsWith("_headers"))
            QCOMPARE(text(m_run->get("/").field("x-new")), QByteArray("1"));
    }

    /// A broken build says so in the pages, which stay; a mended one lets them load again.
    void brokenLater()
    {
        const std::string good = "export const onRequest = () => new Response('good');\n";
        write("functions/a.js", good);
        QVERIFY(m_run->start());
        auto open = page();
        QCOMPARE(text(open->next()), QByteArray("pong:there"));
        write("functions/a.js", "export const onRequest = () => {\n  <script>;\n");
        QVERIFY(waitUntil([this] { return m_run->session().buildError().has_value(); }));
        const std::string told = open->next();
        const auto problem = problemOf(told);
        QVERIFY2(!problem.isEmpty(), told.c_str());
        QCOMPARE(problem.value(u"type").toString(), QStringLiteral("problem"));
        QVERIFY2(problem.value(u"place").toString().startsWith(u"functions/a.js:"), told.c_str());
        QVERIFY2(problem.value(u"message").toString().contains(u"<script>"), told.c_str());
        QCOMPARE(text(m_run->get("/a").body), QByteArray("good"));
        // A page that comes while it is broken learns it, too; so does one whose build is broken in another way.
        auto late = page();
        QCOMPARE(problemOf(late->next()), problem);
        QCOMPARE(text(late->next()), QByteArray("pong:there"));
        // An asset that changes meanwhile is loaded.
        write("public/index.html", "<p>another</p>");
        QVERIFY(waitUntil([this] { return m_run->get("/").body.starts_with("<p>another</p>"); }));
        std::string next;
        std::thread waiting([&] { next = open->next(); });
        QVERIFY(waitUntil([&] { return !next.empty(); }));
        waiting.join();
        QCOMPARE(text(next), text(reload));
        write("functions/a.js", good);
        QVERIFY(waitUntil([this] { return !m_run->session().buildError(); }));
        QCOMPARE(text(late->next()), text(reload)); // of the asset
        QCOMPARE(text(late->next()), text(fine));
        QCOMPARE(text(late->next()), text(reload));
    }

    /// When no code ever ran: a page that says why, with the source, and that waits.
    void brokenFromTheStart()
    {
        write("functions/a.js", "export const onRequest = () => {\n  const a = '<b>' + ;\n};\n");
        QVERIFY(m_run->start());
        const std::string html = "Accept: text/html,application/xhtml+xml;q=0.9\r\n";
        const Reply shown = m_run->get("/a", html);
        QCOMPARE(shown.status, 500);
        QCOMPARE(text(shown.field("content-type")), QByteArray("text/html; charset=utf-8"));
        QCOMPARE(text(shown.field("cache-control")), QByteArray("no-store"));
        QCOMPARE(shown.field("content-length"), std::to_string(shown.body.size()));
        QVERIFY2(shown.body.find("<code>functions/a.js:2:") != std::string::npos, shown.body.c_str());
        QVERIFY2(shown.body.find("const a = '&lt;b&gt;' + ;") != std::string::npos, shown.body.c_str());
        QVERIFY(shown.body.find(script) != std::string::npos);
        const Reply plain = m_run->get("/a");
        QCOMPARE(plain.status, 500);
        QCOMPARE(text(plain.field("content-type")), QByteArray("text/plain; charset=utf-8"));
        QVERIFY2(plain.body.find("const a = '<b>' + ;") != std::string::npos, plain.body.c_str());
        auto waiting = page();
        QCOMPARE(problemOf(waiting->next()).value(u"type").toString(), QStringLiteral("problem"));
        QCOMPARE(text(waiting->next()), QByteArray("pong:there"));
        // Broken in another way: the page says the other thing.
        write("functions/a.js", "import './nowhere.js';\nexport const onRequest = () => new Response('x');\n");
        QVERIFY(waitUntil([&] { return m_run->get("/a", html).body.find("nowhere.js") != std::string::npos; }));
        QCOMPARE(problemOf(waiting->next()).value(u"type").toString(), QStringLiteral("problem"));
        QCOMPARE(text(waiting->next()), text(reload));
        write("functions/a.js", "export const onRequest = () => new Response('mended');\n");
        QCOMPARE(text(m_run->eventually("/a", "mended")), QByteArray("mended"));
        QCOMPARE(text(waiting->next()), text(fine));
        QCOMPARE(text(waiting->next()), text(reload));
    }

    /// Without live reload the page stands there without the script.
    void brokenFromTheStartWithoutIt()
    {
        m_run->options.liveReload = session::Options::LiveReload::No;
        write("functions/a.js", "export const onRequest = (");
        QVERIFY(m_run->start());
        const Reply shown = m_run->get("/", "Accept: text/html\r\n");
        QCOMPARE(shown.status, 500);
        QVERIFY(shown.body.find("<script") == std::string::npos);
        QVERIFY(shown.body.find("functions/a.js:1:") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(LiveReloadTest)
#include "t_livereload.moc"
