// SPDX-License-Identifier: GPL-3.0-or-later
// `cleat dev -- COMMAND` and `--proxy PORT`. The other dev server is a second Cleat, on a project of its own.
#include "tests/app/devprocess.h"
#include "tests/core/session/client.h"
#include "tests/core/session/project.h"
#include "tests/core/session/wsclient.h"

#include <QTcpServer>

#include <memory>

using namespace cleat::tests;

namespace {

const QString program = QStringLiteral(CLEAT_BINARY_DIR "/cleat");

QStringList flags(const QString &line)
{
    return line.split(u' ', Qt::SkipEmptyParts);
}

bool listens(int port)
{
    return Client(port).connected();
}

} // namespace

class DevProxyTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Project> m_project;

    QStringList other() const { return flags(QStringLiteral("-- ") + program + QStringLiteral(" dev --cwd other --port 0 --color")); }
    /// Where the other one says that it is.
    static int otherPort(Dev &dev)
    {
        static const QRegularExpression line(QStringLiteral("^\\[proxy\\] Ready on http://localhost:(\\d+)$"), QRegularExpression::MultilineOption);
        QRegularExpressionMatch match;
        Dev::waitFor([&] { return (match = line.match(QString::fromUtf8(dev.out()))).hasMatch() || dev.ended(); });
        return match.captured(1).toInt();
    }

private Q_SLOTS:
    void init()
    {
        m_project = std::make_unique<Project>();
        m_project->write("public/index.html", "not this one");
        m_project->write("wrangler.toml", "name = \"my-site\"\npages_build_output_dir = \"public\"\n");
        m_project->write("functions/api.js", "export const onRequest = () => new Response('a function');\n");
        m_project->write("functions/through/_middleware.js",
            "export const onRequest = async ({ next }) => { const response = await next(); return new Response('[' + await response.text() + ']', response); };\n");
        m_project->write("functions/assets.js", "export const onRequest = ({ env }) => env.ASSETS.fetch('http://x/page');\n");
        m_project->write("other/public/index.html", "the other's index");
        m_project->write("other/public/page.html", "the other's page");
        m_project->write("other/public/through/page.html", "wrapped");
        m_project->write("other/public/big.txt", std::string(5 << 20, 'b'));
        m_project->write("other/wrangler.toml", "name = \"other\"\npages_build_output_dir = \"public\"\n");
        m_project->write("other/functions/echo.js",
            "export const onRequest = async ({ request }) => Response.json([request.method, new URL(request.url).search, request.headers.get('x-mine'), request.headers.get('cookie'), await request.text()], { status: 207, headers: { 'set-cookie': 'a=1' } });\n");
    }

    void takesFromIt()
    {
        Dev dev(*m_project, flags(QStringLiteral("--port 0")) + other());
        const int port = dev.ready();
        QVERIFY2(port > 0, (dev.out() + dev.err()).constData());
        const int theirs = otherPort(dev);
        QVERIFY(theirs > 0 && theirs != port);
        QVERIFY(dev.out().contains("Static files come from http://localhost:" + QByteArray::number(theirs)));
        QVERIFY2(!dev.out().contains('\x1b'), dev.out().constData());
        QCOMPARE(get(port, "/").body, std::string("the other's index"));
        QCOMPARE(get(port, "/page").body, std::string("the other's page"));
        QCOMPARE(get(port, "/api").body, std::string("a function"));
        QCOMPARE(get(port, "/through/page").body, std::string("[wrapped]"));
        QCOMPARE(get(port, "/assets").body, std::string("the other's page"));
        const Reply redirect = get(port, "/page.html");
        QCOMPARE(redirect.status, 308);
        QCOMPARE(redirect.field("location"), std::string("/page"));
        const Reply echo = request(port, "POST", "/echo?q=1", "X-Mine: yes\r\nCookie: c=d\r\n", "a body");
        QCOMPARE(echo.status, 207);
        QCOMPARE(echo.body, std::string(R"(["POST","?q=1","yes","c=d","a body"])"));
        QCOMPARE(echo.field("set-cookie"), std::string("a=1"));
        QCOMPARE(request(port, "HEAD", "/page").status, 200);
        const Reply big = get(port, "/big.txt");
        QVERIFY(big.complete);
        QCOMPARE(big.body.size(), std::size_t(5 << 20));
        dev.signal(SIGTERM);
        QCOMPARE(dev.status(), 0);
        QVERIFY(!listens(theirs));
        QVERIFY(!listens(port));
    }

    void oneThatRunsAlready()
    {
        Dev theirs(*m_project, flags(QStringLiteral("--cwd other --port 0")));
        const int theirPort = theirs.ready();
        QVERIFY(theirPort > 0);
        Dev dev(*m_project, flags(QStringLiteral("--port 0 --proxy %1").arg(theirPort)));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        QCOMPARE(get(port, "/page").body, std::string("the other's page"));
        theirs.signal(SIGTERM);
        QCOMPARE(theirs.status(), 0);
        const Reply gone = get(port, "/page");
        QCOMPARE(gone.status, 502);
        QVERIFY2(gone.body.find("http://localhost:" + std::to_string(theirPort)) != std::string::npos, gone.body.c_str());
        QCOMPARE(get(port, "/api").body, std::string("a function"));
    }

    /// As the socket that vite tells its pages by.
    void webSockets()
    {
        m_project->write("other/functions/socket.js", R"(
export const onRequest = ({ request }) => {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.binaryType = "arraybuffer";
  server.send(JSON.stringify([new URL(request.url).search, request.headers.get("sec-websocket-protocol"), request.headers.get("origin"), request.headers.get("cookie")]));
  server.addEventListener("message", ({ data }) => { if (data === "bye") server.close(4001, "as asked"); else server.send(data); });
  return new Response(null, { status: 101, webSocket: client, headers: { "Sec-WebSocket-Protocol": "vite-hmr" } });
};
)");
        Dev theirs(*m_project, flags(QStringLiteral("--cwd other --port 0")));
        const int theirPort = theirs.ready();
        QVERIFY2(theirPort > 0, theirs.err().constData());
        Dev dev(*m_project, flags(QStringLiteral("--port 0 --live-reload --proxy %1").arg(theirPort)));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        const std::string origin = "http://localhost:" + std::to_string(port);
        WsClient socket(port, "/socket?token=a%20b", "Sec-WebSocket-Protocol: vite-hmr\r\nCookie: c=d\r\nOrigin: " + origin + "\r\n");
        QCOMPARE(socket.status(), 101);
        QVERIFY2(socket.head().find("vite-hmr") != std::string::npos, socket.head().c_str());
        QCOMPARE(socket.next(), R"(text:["?token=a%20b","vite-hmr",")" + origin + R"(","c=d"])");
        socket.text("update");
        QCOMPARE(socket.next(), std::string("text:update"));
        const std::string large(300'000, 'x');
        socket.send(maskedFrame(0x82, large));
        QCOMPARE(socket.next().size(), 7 + large.size()); // "binary:"
        socket.text("bye");
        QCOMPARE(socket.next(), std::string("close:4001 as asked"));
        // A page of elsewhere gets no further than here; what is no WebSocket there answers as it does.
        QCOMPARE(WsClient(port, "/socket", "Origin: https://evil.example\r\n").status(), 403);
        QCOMPARE(WsClient(port, "/page").status(), 200);
        // It goes: so does the socket.
        WsClient left(port, "/socket");
        QVERIFY(left.next().starts_with("text:"));
        theirs.signal(SIGTERM);
        QVERIFY(left.next().starts_with("close:"));
        QCOMPARE(get(port, "/api").body, std::string("a function"));
    }

    /// Server-sent events come when they are sent, and a stream that is not read waits.
    void streams()
    {
        m_project->write("other/functions/events.js", R"(
export const onRequest = () => {
  const bytes = (text) => new TextEncoder().encode(text);
  const body = new ReadableStream({ async start(c) { c.enqueue(bytes("data: 1\n\n")); while (!globalThis.go) await scheduler.wait(5); c.enqueue(bytes("data: 2\n\n")); c.close(); } });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
};
)");
        m_project->write("other/functions/go.js", "export const onRequest = () => { globalThis.go = true; return new Response('gone'); };\n");
        m_project->write("other/functions/long.js",
            "export const onRequest = () => { let n = 0; return new Response(new ReadableStream({ pull(c) { if (++n > 640) c.close(); else c.enqueue(new Uint8Array(65536).fill(n)); } })); };\n");
        Dev theirs(*m_project, flags(QStringLiteral("--cwd other --port 0")));
        const int theirPort = theirs.ready();
        QVERIFY2(theirPort > 0, theirs.err().constData());
        Dev dev(*m_project, flags(QStringLiteral("--port 0 --proxy %1").arg(theirPort)));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        Client client(port);
        client.sendRequest("GET", "/events", "Accept: text/event-stream\r\n");
        const std::string first = client.receiveSome(Dev::patience, "data: 1\n\n");
        QVERIFY2(first.find("data: 1\n\n") != std::string::npos && first.find("text/event-stream") != std::string::npos, first.c_str());
        QVERIFY(first.find("data: 2") == std::string::npos);
        QCOMPARE(get(port, "/go").body, std::string("gone"));
        QVERIFY(client.receiveSome(Dev::patience, "data: 2\n\n").find("data: 2\n\n") != std::string::npos);
        const Reply large = get(port, "/long");
        QVERIFY(large.complete);
        QCOMPARE(large.body.size(), std::size_t(640 * 65536));
        QCOMPARE(static_cast<unsigned char>(large.body.back()), static_cast<unsigned char>(640 & 255));
    }

    void whatFails_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("ends") << QStringList{QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("echo some words; exit 7")} << 7 << QByteArray("has ended with status 7");
        QTest::newRow("ends well") << QStringList{QStringLiteral("true")} << 1 << QByteArray("has ended with status 0");
        QTest::newRow("no such program") << QStringList{QStringLiteral("no-such-program-at-all")} << 1 << QByteArray("could not be started");
        QTest::newRow("killed") << QStringList{QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("kill -9 $$")} << 1 << QByteArray("has ended");
    }
    void whatFails()
    {
        QFETCH(QStringList, command);
        QFETCH(int, status);
        QFETCH(QByteArray, said);
        Dev dev(*m_project, flags(QStringLiteral("--port 0 --")) + command);
        QCOMPARE(dev.status(), status);
        QVERIFY2(dev.err().contains(said), dev.err().constData());
        QVERIFY(!dev.out().contains("Ready on"));
        QCOMPARE(dev.out().contains("[proxy] some words"), status == 7);
    }

    void oneThatDoesNotWantToEnd()
    {
        Dev dev(*m_project, flags(QStringLiteral("--port 0 --")) << QStringLiteral("sh") << QStringLiteral("-c")
                                << QStringLiteral("trap '' TERM; '%1' dev --cwd other --port 0; sleep 1000").arg(program));
        QVERIFY2(dev.ready() > 0, dev.err().constData());
        const int theirs = otherPort(dev);
        QElapsedTimer timer;
        timer.start();
        dev.signal(SIGINT);
        QCOMPARE(dev.status(), 0);
        QVERIFY2(timer.elapsed() < 15'000, qPrintable(QString::number(timer.elapsed()))); // 2 s, and what a busy machine adds
        QVERIFY(!listens(theirs));
    }

    void endsWhileTheOtherStarts()
    {
        Dev dev(*m_project, flags(QStringLiteral("--port 0 --")) << QStringLiteral("sh") << QStringLiteral("-c") << QStringLiteral("echo begun; sleep 1000"));
        QVERIFY(dev.prints("[proxy] begun"));
        dev.signal(SIGINT);
        QCOMPARE(dev.status(), 0);
    }

    void killedTakesItAlong()
    {
        Dev dev(*m_project, flags(QStringLiteral("--port 0")) + other());
        QVERIFY2(dev.ready() > 0, dev.err().constData());
        const int theirs = otherPort(dev);
        dev.signal(SIGKILL);
        QCOMPARE(dev.status(), -1);
        QVERIFY(Dev::waitFor([&] { return !listens(theirs); }));
    }
};

QTEST_GUILESS_MAIN(DevProxyTest)
#include "t_devproxy.moc"
