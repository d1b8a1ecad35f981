// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/devprocess.h"
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

constexpr int patience = Dev::patience;

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
        // As wrangler prints it: name and resource, what it is, and where.
        static const QRegularExpression table(QStringLiteral("^Binding +Resource +Mode\nenv\\.TODO \\(todo-id\\) +KV Namespace +local\n"), QRegularExpression::MultilineOption);
        QVERIFY2(table.match(QString::fromUtf8(dev.out())).hasMatch(), dev.out().constData());
        QVERIFY(dev.out().contains("env.GREETING (\"secret words\")"));
        QVERIFY(dev.out().contains("env.NAME (\"(hidden)\")"));
        QCOMPARE(get(port, "/env/NAME").body, std::string("\"value\""));
        QCOMPARE(get(port, "/env/GREETING").body, std::string("\"secret words\""));
    }

    void howBindingsRun()
    {
        m_project->write(".dev.vars", "SECRET=shh-shh\n");
        m_project->write("wrangler.toml",
            "name = \"my-site\"\npages_build_output_dir = \"public\"\n[vars]\nLONG = \"" + std::string(300, 'x') + "\"\nJSON = { a = 1 }\nMULTI = \"a\\nb\"\n"
            "[[queues.producers]]\nbinding = \"Q\"\nqueue = \"jobs\"\n[version_metadata]\nbinding = \"VERSION\"\n"
            "[[kv_namespaces]]\nbinding = \"" + std::string(120, 'K') + "\"\nid = \"long\"\n[[kv_namespaces]]\nbinding = \"TAKEN\"\nid = \"files\"\n");
        Dev dev(*m_project, flags("--port 0 --do OBJ=Cls@other --service S=worker#Entry --ai AI --kv TAKEN=flags"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        const QStringList rows = QString::fromUtf8(dev.out()).split(u'\n');
        const auto row = [&](const char *name) {
            const auto found = std::ranges::find_if(rows, [name](const QString &line) { return line.startsWith(QLatin1String(name)); });
            return found == rows.end() ? QString() : *found;
        };
        QVERIFY2(row("env.AI ").endsWith(u"local"), dev.out().constData());
        QVERIFY2(row("env.OBJ (Cls, defined in other) ").endsWith(u"local [not connected]"), dev.out().constData());
        QVERIFY2(row("env.Q (jobs) ").endsWith(u"local"), dev.out().constData());
        QVERIFY2(row("env.S (worker#Entry) ").endsWith(u"local [not connected]"), dev.out().constData());
        QVERIFY2(row("env.VERSION ").endsWith(u"local"), dev.out().constData());
        QVERIFY(row("env.TAKEN (flags) ").endsWith(u"local"));
        QVERIFY(row("env.TAKEN (files) ").isEmpty());
        QVERIFY2(row("env.SECRET (\"(hidden)\") ").endsWith(u"local"), dev.out().constData());
        QVERIFY(row("env.JSON ({\"a\":1}) ").endsWith(u"local"));
        QVERIFY(row("env.MULTI (\"a b\") ").endsWith(u"local"));
        QVERIFY(row("env.LONG (\"xxxxxxxxxx").contains(u"...\") "));
        QVERIFY(!dev.out().contains("shh-shh"));
        const auto version = QJsonDocument::fromJson(QByteArray::fromStdString(get(port, "/env/VERSION").body)).object();
        QCOMPARE(version.keys(), (QStringList{QStringLiteral("id"), QStringLiteral("tag"), QStringLiteral("timestamp")}));
        QCOMPARE(version[QStringLiteral("id")].toString().size(), 36);
        QCOMPARE(get(port, "/env/VERSION").body, get(port, "/env/VERSION").body);
    }

    void envFiles()
    {
        m_project->write(".env", "A=dotenv\nB=dotenv\n");
        m_project->write("one.env", "B=one\nC=one\n");
        m_project->write("two.env", "C=two\nD=${A}\n");
        Dev dev(*m_project, flags("--port 0 --env-file one.env two.env"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        QCOMPARE(get(port, "/env/A").body, std::string("\"dotenv\""));
        QCOMPARE(get(port, "/env/B").body, std::string("\"one\""));
        QCOMPARE(get(port, "/env/C").body, std::string("\"two\""));
        QCOMPARE(get(port, "/env/D").body, std::string("\"dotenv\""));
        m_project->write("two.env", "C=three\n");
        QVERIFY(Dev::waitFor([&] { return get(port, "/env/C").body == "\"three\""; }));
    }

    void devTableOfTheFile()
    {
        int free = 0;
        {
            QTcpServer other;
            QVERIFY(other.listen(QHostAddress::LocalHost));
            free = other.serverPort();
        }
        m_project->write("wrangler.toml", "name = \"x\"\npages_build_output_dir = \"public\"\n[dev]\nip = \"127.0.0.1\"\nport = " + std::to_string(free) + "\n");
        {
            Dev dev(*m_project, {});
            QCOMPARE(dev.ready(), free);
            QCOMPARE(dev.host(), QStringLiteral("127.0.0.1"));
        }
        Dev flagsWin(*m_project, flags("--port 0 --ip localhost"));
        const int port = flagsWin.ready();
        QVERIFY(port > 0 && port != free);
        QCOMPARE(flagsWin.host(), QStringLiteral("localhost"));
    }

    void cwd()
    {
        m_project->write("elsewhere/public/index.html", "there");
        m_project->write("elsewhere/wrangler.toml", "name = \"x\"\npages_build_output_dir = \"public\"\n");
        Dev dev(*m_project, flags("--port 0 --cwd elsewhere"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        QCOMPARE(get(port, "/").body, std::string("there"));
    }

    void scriptPath()
    {
        m_project->write("public/other.js", "export default { fetch: () => new Response('the other script') };\n");
        Dev dev(*m_project, flags("--port 0 --script-path other.js"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        QVERIFY(Dev::waitFor([&] { return dev.err().contains("--script-path is out of date"); }));
        QCOMPARE(get(port, "/").body, std::string("the other script"));
    }

    void noBundle_data()
    {
        QTest::addColumn<QString>("flags");
        QTest::addColumn<QByteArray>("file"); // a line of the Wrangler file
        QTest::addColumn<bool>("bundled");
        QTest::newRow("as usual") << QString() << QByteArray() << true;
        QTest::newRow("flag") << QStringLiteral("--no-bundle") << QByteArray() << false;
        QTest::newRow("file") << QString() << QByteArray("no_bundle = true\n") << false;
        QTest::newRow("flag over file") << QStringLiteral("--bundle") << QByteArray("no_bundle = true\n") << true;
    }
    void noBundle()
    {
        QFETCH(QString, flags);
        QFETCH(QByteArray, file);
        QFETCH(bool, bundled);
        m_project->write("wrangler.toml", "name = \"x\"\npages_build_output_dir = \"public\"\n" + file.toStdString());
        m_project->write("lib/words.js", "export const words = 'from elsewhere';\n");
        m_project->write("public/_worker.js", "import { words } from '../lib/words.js';\nexport default { fetch: () => new Response(words) };\n");
        Dev dev(*m_project, QStringList{QStringLiteral("--port"), QStringLiteral("0")} + flags.split(u' ', Qt::SkipEmptyParts));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        if (bundled) {
            QCOMPARE(get(port, "/").body, std::string("from elsewhere"));
            return;
        }
        QVERIFY2(Dev::waitFor([&] { return dev.err().contains("public/_worker.js imports lib/words.js"); }), dev.err().constData());
        m_project->write("public/_worker.js", "export default { fetch: () => new Response('alone') };\n");
        QVERIFY(Dev::waitFor([&] { return get(port, "/").body == "alone"; }));
    }

    void noBundleOfAFolder()
    {
        m_project->write("public/_worker.js/parts/words.js", "export const words = 'from the folder';\n");
        m_project->write("public/_worker.js/index.js", "import { words } from './parts/words.js';\nexport default { fetch: () => new Response(words) };\n");
        Dev dev(*m_project, flags("--port 0 --no-bundle"));
        const int port = dev.ready();
        QVERIFY2(port > 0, dev.err().constData());
        QCOMPARE(get(port, "/").body, std::string("from the folder"));
    }

    void severalConfigs()
    {
        m_project->write("worker/wrangler.toml", "name = \"w\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n[vars]\nOF_W = \"its own\"\n");
        m_project->write("worker/index.js", "export default { fetch() { console.log('asked'); return new Response('the other one'); } };\n");
        m_project->write("functions/ask.js", "export const onRequest = ({ env }) => env.W.fetch('http://w/');\n");
        {
            Dev dev(*m_project, flags("--port 0 -c wrangler.toml -c worker/wrangler.toml --service W=w NONE=nobody"));
            const int port = dev.ready();
            QVERIFY2(port > 0, dev.err().constData());
            QCOMPARE(get(port, "/ask").body, std::string("the other one"));
            QVERIFY(Dev::waitFor([&] { return dev.out().contains("[w] asked"); }));
            QVERIFY2(dev.out().contains("local [connected]"), dev.out().constData());
            QVERIFY2(dev.out().contains("w has access to the following bindings:\nBinding"), dev.out().constData());
            QVERIFY2(dev.out().contains("env.OF_W (\"its own\")"), dev.out().constData());
            QVERIFY2(dev.out().contains("local [not connected]"), dev.out().constData());
        }
        m_project->write("twin/wrangler.toml", "name = \"w\"\nmain = \"index.js\"\n");
        Dev twins(*m_project, flags("--port 0 -c wrangler.toml -c worker/wrangler.toml -c twin/wrangler.toml"));
        QCOMPARE(twins.status(), 1);
        QVERIFY2(twins.err().contains("Two Workers have the name w"), twins.err().constData());
        QVERIFY2(twins.err().contains("worker/wrangler.toml") && twins.err().contains("twin/wrangler.toml"), twins.err().constData());
        Dev wrong(*m_project, flags("--port 0 -c worker/wrangler.toml"));
        QCOMPARE(wrong.status(), 2);
        QVERIFY2(wrong.err().contains("must be the project's own Wrangler file"), wrong.err().constData());
    }

    void logLevel_data()
    {
        QTest::addColumn<QString>("level");
        QTest::addColumn<int>("told"); // 3: all; 2: warnings; 1: errors; 0: nothing
        for (const auto &[level, told] : {std::pair("debug", 3), {"info", 3}, {"log", 3}, {"warn", 2}, {"error", 1}, {"none", 0}})
            QTest::newRow(level) << QString::fromLatin1(level) << told;
    }
    void logLevel()
    {
        QFETCH(QString, level);
        QFETCH(int, told);
        int port = 0;
        {
            QTcpServer other;
            QVERIFY(other.listen(QHostAddress::LocalHost));
            port = other.serverPort();
        }
        m_project->write("functions/talk.js", "export const onRequest = () => { console.debug('a-debug'); console.log('a-log'); console.warn('a-warning'); console.error('an-error'); return new Response('said'); };\n");
        m_project->write("functions/throws.js", "export const onRequest = () => { throw new Error('on purpose'); };\n");
        Dev dev(*m_project, {QStringLiteral("--port"), QString::number(port), QStringLiteral("--log-level"), level, QStringLiteral("--local")});
        QVERIFY(Dev::waitFor([&] { return Client(port).connected(); }));
        QCOMPARE(get(port, "/talk").body, std::string("said"));
        QCOMPARE(get(port, "/throws").status, 500);
        dev.signal(SIGTERM);
        QCOMPARE(dev.status(), 0);
        for (const auto &[words, least] : {std::pair("a-debug", 3), {"a-log", 3}, {"Ready on", 3}, {"GET /talk", 3}, {"--local is out of date", 2}, {"a-warning", 2}, {"an-error", 1}, {"on purpose", 1}})
            QVERIFY2((dev.out() + dev.err()).contains(words) == (told >= least), words);
    }

    void forcedColours()
    {
        Dev dev(*m_project, flags("--port 0 --color"));
        QVERIFY(dev.prints("Ready on \x1b[1mhttp://"));
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
        Dev near(*m_project, flags("--prot 80"));
        QCOMPARE(near.status(), 2);
        QVERIFY(near.err().contains("Did you mean --port?"));
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
