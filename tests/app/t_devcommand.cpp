// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/client.h"
#include "tests/core/session/project.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace cleat::tests;

namespace {

constexpr int patience = 30'000;

/// `cleat dev` as a user starts it, its output in pipes.
class Dev final
{
public:
    explicit Dev(const Project &project, const QStringList &flags)
    {
        m_process.setProgram(QStringLiteral(CLEAT_BINARY_DIR "/cleat"));
        m_process.setArguments(QStringList{QStringLiteral("dev")} + flags);
        m_process.setWorkingDirectory(QString::fromStdString(project.path().string()));
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(QStringLiteral("DISPLAY"));
        environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
        m_process.setProcessEnvironment(environment);
        QObject::connect(&m_process, &QProcess::readyReadStandardOutput, &m_process, [this] { m_out += m_process.readAllStandardOutput(); });
        QObject::connect(&m_process, &QProcess::readyReadStandardError, &m_process, [this] { m_err += m_process.readAllStandardError(); });
        m_process.start();
    }
    ~Dev()
    {
        if (m_process.state() != QProcess::NotRunning) {
            m_process.kill();
            m_process.waitForFinished(patience);
        }
    }

    /// The port of "Ready on ..."; 0 when that does not come.
    int ready()
    {
        static const QRegularExpression line(QStringLiteral("^Ready on http://(\\S+):(\\d+)$"), QRegularExpression::MultilineOption);
        QRegularExpressionMatch match;
        waitFor([&] {
            match = line.match(QString::fromUtf8(m_out));
            return match.hasMatch() || ended();
        });
        m_host = match.captured(1);
        return match.captured(2).toInt();
    }
    QString host() const { return m_host; }

    template <typename Done>
    static bool waitFor(Done done)
    {
        QElapsedTimer timer;
        timer.start();
        while (!done()) {
            if (timer.hasExpired(patience))
                return false;
            QTest::qWait(5);
        }
        return true;
    }
    bool prints(const QByteArray &words)
    {
        return waitFor([&] { return (m_out + m_err).contains(words); });
    }

    bool ended() const { return m_process.state() == QProcess::NotRunning; }
    /// The status that it ends with, or -1 when it does not end or crashes.
    int status()
    {
        if (!waitFor([&] { return ended(); }) || m_process.exitStatus() == QProcess::CrashExit)
            return -1;
        m_out += m_process.readAllStandardOutput();
        m_err += m_process.readAllStandardError();
        return m_process.exitCode();
    }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }

    const QByteArray &out() const { return m_out; }
    const QByteArray &err() const { return m_err; }

private:
    QProcess m_process;
    QByteArray m_out;
    QByteArray m_err;
    QString m_host;
};

QStringList flags(const char *line)
{
    return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts);
}

bool portIsFree(int port)
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost, static_cast<quint16>(port));
}

} // namespace

class DevCommandTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Project> m_project;

private Q_SLOTS:
    void init()
    {
        m_project = std::make_unique<Project>();
        m_project->write("public/index.html", "hello");
        m_project->write("wrangler.toml", "name = \"my-site\"\npages_build_output_dir = \"public\"\n");
        m_project->write("functions/env/[name].js", "export const onRequest = ({ env, params }) => Response.json(env[params.name] ?? null);\n");
    }

    void tellsInJson()
    {
        m_project->write("functions/api.js", "export const onRequest = () => { console.log('seen'); return new Response('api'); };\n");
        Dev dev(*m_project, flags("--port 0 --log-format json"));
        QVERIFY(dev.prints("\"type\":\"ready\""));
        int port = 0;
        QList<QJsonObject> lines;
        const auto read = [&] {
            lines.clear();
            for (const QByteArray &line : dev.out().left(dev.out().lastIndexOf('\n')).split('\n')) {
                const auto document = QJsonDocument::fromJson(line);
                if (!document.isObject())
                    qFatal("no JSON: %s", line.constData());
                lines << document.object();
            }
        };
        const auto has = [&](const char *type) {
            read();
            return std::ranges::any_of(lines, [type](const QJsonObject &line) { return line[QStringLiteral("type")].toString() == QLatin1String(type); });
        };
        read();
        for (const QJsonObject &line : lines) {
            if (line[QStringLiteral("type")].toString() == QStringLiteral("ready"))
                port = line[QStringLiteral("port")].toInt();
        }
        QVERIFY(port > 0);
        QCOMPARE(get(port, "/api?q=1").body, std::string("api"));
        QVERIFY(Dev::waitFor([&] { return has("console") && dev.out().contains("finished"); }));
        read();
        const auto request = std::ranges::find_if(lines, [](const QJsonObject &line) { return line[QStringLiteral("state")].toString() == QStringLiteral("finished"); });
        QVERIFY(request != lines.end());
        QCOMPARE((*request)[QStringLiteral("target")].toString(), QStringLiteral("/api?q=1"));
        QCOMPARE((*request)[QStringLiteral("status")].toInt(), 200);
        QCOMPARE(dev.err(), QByteArray());
    }

    void tellsWhereDebuggersAttach()
    {
        Dev dev(*m_project, flags("--port 0 --inspector-port 0"));
        QVERIFY2(dev.ready() > 0, dev.err().constData());
        static const QRegularExpression line(
            QStringLiteral("^Debugger listening on ws://127\\.0\\.0\\.1:(\\d+)/([0-9a-f-]{36})$"), QRegularExpression::MultilineOption);
        const QRegularExpressionMatch match = line.match(QString::fromUtf8(dev.out()));
        QVERIFY2(match.hasMatch(), dev.out().constData());
        const QByteArray rest = "ws=127.0.0.1:" + match.captured(1).toUtf8() + '/' + match.captured(2).toUtf8();
        QVERIFY(dev.out().contains("devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&" + rest));
        QCOMPARE(get(match.captured(1).toInt(), "/json/list").status, 200);

        // Whose port is taken, that one does not start.
        Dev second(*m_project, QStringList{QStringLiteral("--port"), QStringLiteral("0"), QStringLiteral("--inspector-port"), match.captured(1)});
        QCOMPARE(second.status(), 1);
        QVERIFY2(second.err().contains("Debuggers cannot come to port " + match.captured(1).toUtf8()), second.err().constData());

        Dev without(*m_project, flags("--port 0"));
        QVERIFY(without.ready() > 0);
        QVERIFY(!without.out().contains("ebugger"));
    }

    void servesAndTells()
    {
        m_project->write("functions/api.js",
            "export const onRequest = () => { console.log('seen', { a: 1 }); console.error('worse'); return new Response('api', { status: 201 }); };\n");
        m_project->write("functions/throws.ts", "type T = string;\nexport const onRequest = () => {\n  throw new Error('on purpose');\n};\n");
        Dev dev(*m_project, flags("--port 0"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        QCOMPARE(dev.host(), QStringLiteral("localhost"));
        QCOMPARE(get(port, "/").body, std::string("hello"));
        QVERIFY(dev.prints("GET / 200 ("));
        QCOMPARE(get(port, "/api?q=1").body, std::string("api"));
        QVERIFY(dev.prints("GET /api?q=1 201 ("));
        QVERIFY(dev.prints("seen { a: 1 }\n"));
        QVERIFY(Dev::waitFor([&] { return dev.err().contains("worse\n"); }));
        QCOMPARE(get(port, "/throws").status, 500);
        QVERIFY(dev.prints("GET /throws 500 ("));
        QVERIFY(Dev::waitFor([&] { return dev.err().contains("on purpose") && dev.err().contains("functions/throws.ts:3"); }));
        dev.signal(SIGTERM);
        QCOMPARE(dev.status(), 0);
        QVERIFY2(!(dev.out() + dev.err()).contains('\x1b'), dev.out().constData()); // no colours in a pipe
        QCOMPARE(dev.out().count("GET /api?q=1 201"), 1); // one line a request
    }

    void wholeLogOfAQuickEnd()
    {
        Dev dev(*m_project, flags("--port 0"));
        const int port = dev.ready();
        QVERIFY(port > 0);
        Client client(port);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(client.get("/?n=" + std::to_string(i)).status, 200);
        dev.signal(SIGINT);
        QCOMPARE(dev.status(), 0);
        QCOMPARE(dev.out().count("GET /?n="), 50);
    }

    void bindingsAreListed()
    {
        m_project->write("wrangler.toml",
            "name = \"my-site\"\npages_build_output_dir = \"public\"\n[vars]\nGREETING = \"secret words\"\n[[kv_namespaces]]\nbinding = \"TODO\"\nid = \"todo-id\"\n");
        Dev dev(*m_project, flags("--port 0 --kv EXTRA --kv OTHER=other-id -b NAME=value"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        for (const char *words : {"env.TODO", "todo-id", "env.EXTRA", "env.OTHER", "other-id", "env.GREETING", "env.NAME"})
            QVERIFY2(dev.out().contains(words), words);
        QVERIFY(!dev.out().contains("secret words"));
        QCOMPARE(get(port, "/env/NAME").body, std::string("\"value\""));
        QCOMPARE(get(port, "/env/GREETING").body, std::string("\"secret words\""));
    }

    void kvAndPersistTo()
    {
        m_project->write("functions/kv.js", "export const onRequest = async ({ env }) => { const n = Number(await env.N.get('n')) + 1; await env.N.put('n', String(n)); return new Response(String(n)); };\n");
        for (const char *expected : {"1", "2"}) { // the second run finds what the first wrote
            Dev dev(*m_project, flags("--port 0 --kv N=numbers --persist-to data"));
            const int port = dev.ready();
            QVERIFY2(port > 0, dev.err().constData());
            QCOMPARE(get(port, "/kv").body, std::string(expected));
            dev.signal(SIGTERM);
            QCOMPARE(dev.status(), 0);
        }
        QVERIFY(std::filesystem::exists(m_project->path("data/v3/kv")));
        QVERIFY(!std::filesystem::exists(m_project->path(".wrangler")));
    }

    void environment()
    {
        m_project->write("wrangler.toml", "name = \"x\"\npages_build_output_dir = \"public\"\n[vars]\nV = \"top\"\n[env.preview.vars]\nV = \"preview\"\n");
        Dev dev(*m_project, flags("--port 0 --environment preview"));
        const int port = dev.ready();
        QVERIFY(port > 0);
        QCOMPARE(get(port, "/env/V").body, std::string("\"preview\""));
    }

    void compatibilityDate()
    {
        Dev dev(*m_project, flags("--port 0 --compatibility-date 2026-11-01"));
        QVERIFY2(dev.ready() > 0, dev.err().constData());
    }

    void directory()
    {
        m_project->write("dist/index.html", "from dist");
        m_project->remove("wrangler.toml");
        Dev dev(*m_project, flags("dist --port 0"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        QCOMPARE(get(port, "/").body, std::string("from dist"));
        QCOMPARE(get(port, "/env/CF_PAGES").body, std::string("\"1\""));
    }

    // ---- addresses and ports

    void ip()
    {
        Dev dev(*m_project, flags("--port 0 --ip 127.0.0.1"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        QCOMPARE(dev.host(), QStringLiteral("127.0.0.1"));
        QCOMPARE(get(port, "/").status, 200);
    }

    void badIp()
    {
        Dev dev(*m_project, flags("--port 0 --ip 203.0.113.77"));
        QCOMPARE(dev.status(), 1);
        QVERIFY2(dev.err().contains("203.0.113.77"), dev.err().constData());
        QVERIFY(!dev.out().contains("Ready"));
    }

    void port()
    {
        int free = 0;
        {
            QTcpServer other;
            QVERIFY(other.listen(QHostAddress::LocalHost));
            free = other.serverPort();
        }
        Dev dev(*m_project, {QStringLiteral("--port"), QString::number(free)});
        QCOMPARE(dev.ready(), free);
    }

    void portInUse()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost));
        const QByteArray number = QByteArray::number(other.serverPort());
        Dev dev(*m_project, {QStringLiteral("--port"), QString::fromLatin1(number)});
        QCOMPARE(dev.status(), 1);
        QVERIFY2(dev.err().contains("port " + number + " "), dev.err().constData());
        QVERIFY2(dev.err().contains("cleat dev --port "), dev.err().constData()); // the next free one is offered
        QVERIFY(!dev.out().contains("Ready"));
    }

    void defaultPortInUse()
    {
        QTcpServer other;
        other.listen(QHostAddress::LocalHost, 8788); // when it fails, the port is taken by another program already
        Dev dev(*m_project, {});
        const int port = dev.ready();
        QVERIFY2(port > 8788, dev.err().constData());
        QVERIFY(dev.out().contains("8788"));
        QCOMPARE(get(port, "/").body, std::string("hello"));
    }

    // ---- mistakes

    void help()
    {
        Dev dev(*m_project, flags("--help"));
        QCOMPARE(dev.status(), 0);
        QVERIFY(dev.out().contains("--persist-to"));
        QVERIFY(dev.err().isEmpty());
    }

    void unknownFlag()
    {
        Dev dev(*m_project, flags("--nonsense"));
        QCOMPARE(dev.status(), 2);
        QVERIFY(dev.err().contains("--nonsense"));
        QVERIFY(dev.out().isEmpty());
    }

    void brokenWranglerFile()
    {
        m_project->write("wrangler.toml", "name = \"x\"\npages_build_output_dir = public\n");
        Dev dev(*m_project, flags("--port 0"));
        QCOMPARE(dev.status(), 1);
        QVERIFY2(dev.err().contains(QByteArray::fromStdString(m_project->path("wrangler.toml").string()) + ":2:26"), dev.err().constData());
        QVERIFY(!dev.out().contains("Ready"));
    }

    void jsonWranglerFile()
    {
        m_project->write("wrangler.jsonc", "{}");
        Dev dev(*m_project, flags("--port 0"));
        QCOMPARE(dev.status(), 1);
        QVERIFY2(dev.err().contains("wrangler.jsonc"), dev.err().constData());
    }

    void noDirectory()
    {
        m_project->write("wrangler.toml", "name = \"x\"\n");
        Dev dev(*m_project, flags("--port 0"));
        QCOMPARE(dev.status(), 1);
        QVERIFY2(dev.err().contains("pages_build_output_dir") && dev.err().contains("cleat dev DIRECTORY"), dev.err().constData());
    }

    void missingDirectory()
    {
        Dev dev(*m_project, flags("nowhere --port 0"));
        QCOMPARE(dev.status(), 1);
        QVERIFY2(dev.err().contains("nowhere"), dev.err().constData());
    }

    void brokenCode()
    {
        m_project->write("functions/api.js", "export const onRequest = () => {\n  return new Response('x'\n};\n");
        Dev dev(*m_project, flags("--port 0"));
        const int port = dev.ready();
        QVERIFY(port > 0); // it waits for the code to be mended
        QVERIFY(Dev::waitFor([&] { return dev.err().contains("functions/api.js:3:"); }));
        m_project->write("functions/api.js", "export const onRequest = () => new Response('good');\n");
        QVERIFY(Dev::waitFor([&] { return get(port, "/api").body == "good"; }));
        m_project->write("functions/api.js", "export const onRequest = () => {\n");
        QVERIFY(Dev::waitFor([&] { return dev.err().contains("functions/api.js:2:"); }));
        QCOMPARE(get(port, "/api").body, std::string("good"));
    }

    // ---- what a terminal must never see

    void controlCharacters()
    {
        m_project->write("functions/log.js", "export const onRequest = () => { console.log('a\\u001b[2Jb\\u009b31mc\\u0007d\\u007fe\\rf'); return new Response('x'); };\n");
        Dev dev(*m_project, flags("--port 0"));
        const int port = dev.ready();
        QVERIFY(port > 0);
        for (const char *request : {"GET /a\x1b[31mred HTTP/1.1\r\nHost: localhost\r\n\r\n", "G\x1b[31mT / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 "GET /\xc2\x9b" "31m HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /\x9b" "31m HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 "GET / HTTP/1.1\r\nHost: a\x1b[31mb\r\n\r\n", "GET /%1b[31m?%0a%07 HTTP/1.1\r\nHost: localhost\r\n\r\n", "\x07\x1b]0;title\x07\r\n\r\n"}) {
            Client client(port);
            client.send(request);
            client.receive();
        }
        QCOMPARE(get(port, "/log").body, std::string("x"));
        QVERIFY(dev.prints("GET /log 200"));
        QVERIFY(dev.prints("f\n"));
        dev.signal(SIGINT);
        QCOMPARE(dev.status(), 0);
        const QByteArray all = dev.out() + dev.err();
        for (const char c : all)
            QVERIFY2(c == '\n' || c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f), all.constData());
        const QString shown = QString::fromUtf8(all);
        QVERIFY(!shown.contains(QChar::ReplacementCharacter)); // nor bytes that are no UTF-8
        for (const QChar c : shown)
            QVERIFY(c.unicode() < 0x80 || c.unicode() > 0x9f);
    }

    // ---- ends

    void endsOnSignal_data()
    {
        QTest::addColumn<int>("number");
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGHUP") << SIGHUP;
    }
    void endsOnSignal()
    {
        QFETCH(int, number);
        Dev dev(*m_project, flags("--port 0"));
        const int port = dev.ready();
        QVERIFY(port > 0);
        Client kept(port);
        QCOMPARE(kept.get("/").status, 200);
        dev.signal(number);
        QCOMPARE(dev.status(), 0);
        QVERIFY(portIsFree(port));
    }

    void endsWhateverHangs_data() { endsOnSignal_data(); }
    void endsWhateverHangs()
    {
        QFETCH(int, number);
        m_project->write("functions/hang.js", "export const onRequest = () => new Promise((done) => setTimeout(done, 1e6));\n");
        m_project->write("functions/loop.js", "export const onRequest = () => { for (;;); };\n");
        m_project->write("functions/endless.js", "export const onRequest = () => new Response(new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(65536)); } }));\n");
        Dev dev(*m_project, flags("--port 0 --cpu-ms 600000"));
        const int port = dev.ready();
        QVERIFY(port > 0);
        Client hang(port);
        hang.sendRequest("GET", "/hang");
        Client endless(port);
        endless.sendRequest("GET", "/endless");
        endless.receiveSome(patience, "200");
        Client loop(port);
        loop.sendRequest("GET", "/loop");
        Client half(port);
        half.send("POST /hang HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n123");
        QTest::qWait(200);
        QElapsedTimer timer;
        timer.start();
        dev.signal(number);
        QCOMPARE(dev.status(), 0);
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed()))); // 3 s, and what a busy machine adds
        QVERIFY(portIsFree(port));
    }

    void aSecondSignalEndsItAtOnce()
    {
        m_project->write("functions/hang.js", "export const onRequest = () => new Promise((done) => setTimeout(done, 1e6));\n");
        Dev dev(*m_project, flags("--port 0"));
        const int port = dev.ready();
        QVERIFY(port > 0);
        Client hang(port);
        hang.sendRequest("GET", "/hang");
        QTest::qWait(100);
        dev.signal(SIGINT);
        QTest::qWait(50);
        dev.signal(SIGINT);
        QCOMPARE(dev.status(), 0);
    }

    void signalWhileStarting()
    {
        for (int i = 0; i < 6; ++i) {
            Dev dev(*m_project, flags("--port 0"));
            QTest::qWait(20 + i * 40);
            dev.signal(SIGINT);
            // Before the handler is there, the signal ends it as it ends any program.
            Dev::waitFor([&] { return dev.ended(); });
            QVERIFY(dev.ended());
            QVERIFY2(!dev.err().contains("Sanitizer"), dev.err().constData());
        }
    }

    void killedLeavesReadableState()
    {
        m_project->write("functions/put.js",
            "export const onRequest = async ({ env, request }) => { const n = new URL(request.url).search; await env.KV.put(n, n.repeat(2000)); return new Response('ok'); };\n");
        m_project->write("functions/check.js",
            "export const onRequest = async ({ env }) => { const { keys } = await env.KV.list(); let bad = 0; for (const k of keys) { if ((await env.KV.get(k.name)) !== k.name.repeat(2000)) bad++; }\n"
            "return new Response(`${keys.length} ${bad}`); };\n");
        int written = 0;
        {
            Dev dev(*m_project, flags("--port 0 --kv KV"));
            const int port = dev.ready();
            QVERIFY(port > 0);
            Client client(port);
            for (; written < 60; ++written)
                QCOMPARE(client.get("/put?" + std::to_string(written)).body, std::string("ok"));
            for (int i = 0; i < 20; ++i) // killed in the middle of these
                client.sendRequest("GET", "/put?more" + std::to_string(i));
            dev.signal(SIGKILL);
            QCOMPARE(dev.status(), -1);
        }
        Dev dev(*m_project, flags("--port 0 --kv KV"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        const QStringList answer = QString::fromStdString(get(port, "/check").body).split(u' ');
        QCOMPARE(answer.size(), 2);
        QVERIFY2(answer[0].toInt() >= written && answer[0].toInt() <= written + 20, qPrintable(answer.join(u' '))); // what was answered is there
        QCOMPARE(answer[1], QStringLiteral("0"));
    }

    void outputThatNobodyReads()
    {
        // As in `cleat dev | head -1`: the reader is gone, which ends the program or not, but never makes it spin or crash. It is told to end until it does: what a shell
        // runs in the background ignores SIGINT up to the moment when the program listens to it.
        QProcess shell;
        shell.setWorkingDirectory(QString::fromStdString(m_project->path().string()));
        shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("'" CLEAT_BINARY_DIR "/cleat' dev --port 0 2>&1 >/dev/full & p=$!; (while sleep 1; do kill -INT $p; done) & k=$!; wait $p; s=$?; kill $k; exit $s")});
        QVERIFY(shell.waitForFinished(patience));
        QCOMPARE(shell.exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(DevCommandTest)
#include "t_devcommand.moc"
