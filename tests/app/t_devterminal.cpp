// SPDX-License-Identifier: GPL-3.0-or-later
// `cleat dev` as someone uses it at a terminal, and all the ways in which it ends there.
#include "tests/app/terminalbench.h"
#include "tests/core/session/client.h"
#include "tests/core/session/project.h"

#include <QProcess>

#include <algorithm>
#include <memory>

using namespace cleat::tests;
using Mode = TerminalBench::Mode;

class DevTerminalTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Project> m_project;
    int m_port = 0;

    QByteArrayList line(const QByteArray &more = {}) const
    {
        QByteArrayList all{"--port", QByteArray::number(m_port)};
        if (!more.isEmpty())
            all += more.split(' ');
        return all;
    }
    std::string folder() const { return m_project->path().string(); }

private Q_SLOTS:
    void init()
    {
        m_project = std::make_unique<Project>();
        m_project->write("public/index.html", "hello");
        m_project->write("wrangler.toml", "name = \"my-site\"\npages_build_output_dir = \"public\"\n[[kv_namespaces]]\nbinding = \"TODO\"\nid = \"todo-id\"\n");
        m_project->write("functions/api.js", "export const onRequest = () => new Response('api', { status: 201 });\n");
        m_project->write("functions/throws.js", "export const onRequest = () => {\n  throw new Error('on purpose');\n};\n");
        m_project->write("functions/hang.js", "export const onRequest = () => new Promise((done) => setTimeout(done, 1e6));\n");
        m_port = TerminalBench::freePort();
        QVERIFY(m_port > 0);
    }

    void looks()
    {
        TerminalBench dev(folder(), line());
        QVERIFY2(dev.shows("[h]"), dev.shown().constData());
        QVERIFY2(dev.shown().contains("env.TODO") && dev.shown().contains("KV Namespace"), dev.shown().constData());
        QCOMPARE(get(m_port, "/api").status, 201);
        QVERIFY2(dev.shows("\x1b[1mGET\x1b[0m /api \x1b[32m201\x1b[0m\x1b[2m ("), dev.shown().constData());
        QCOMPARE(get(m_port, "/throws").status, 500);
        QVERIFY(dev.shows("\x1b[31m500"));
        QVERIFY(dev.shows("functions/throws.js:2:"));
        QCOMPARE(request(m_port, "DELETE", "/").status, 405);
        QVERIFY(dev.shows("\x1b[33m405"));
    }

    void withoutColours_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("value");
        QTest::newRow("NO_COLOR") << QByteArray("NO_COLOR") << QByteArray("1");
        QTest::newRow("FORCE_COLOR=0") << QByteArray("FORCE_COLOR") << QByteArray("0");
        QTest::newRow("TERM=dumb") << QByteArray("TERM") << QByteArray("dumb");
    }
    void withoutColours()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, value);
        TerminalBench dev(folder(), line(), {{name.toStdString(), value.toStdString()}});
        QVERIFY(dev.shows("[h]"));
        QCOMPARE(get(m_port, "/api").status, 201);
        QVERIFY2(dev.shows("GET /api 201 ("), dev.shown().constData());
        QVERIFY(!dev.shown().contains('\x1b'));
    }

    void narrow()
    {
        TerminalBench dev(folder(), {"--help"}, {}, 60);
        QCOMPARE(dev.status(), 0);
        const auto lines = dev.shown().split('\n');
        QVERIFY(std::ranges::count_if(lines, [](const QByteArray &row) { return row.contains("--compatibility-date"); }) > 0);
        QVERIFY(dev.shown().contains('\x1b'));
    }

    // ---- keys

    void keysAreTakenOneByOne()
    {
        TerminalBench dev(folder(), line());
        QVERIFY(dev.mode() == Mode::Lines);
        QVERIFY(dev.shows("[h]"));
        QVERIFY(dev.waitFor([&] { return dev.mode() == Mode::Keys; }));
        dev.type("z\x1b[A \t"); // nothing
        dev.type("h");
        QVERIFY(dev.waitFor([&] { return dev.count("open a browser") == 2; }));
        dev.type("?");
        QVERIFY(dev.waitFor([&] { return dev.count("open a browser") == 3; }));
        dev.type("c");
        QVERIFY(dev.shows("\x1b[2J"));
        QVERIFY(dev.waitFor([&] { return dev.count("Ready on") == 2; })); // where it is, is still there
        QVERIFY(!dev.shown().contains("z"));
        QCOMPARE(get(m_port, "/").body, std::string("hello"));
    }

    void quits_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::newRow("q") << QByteArray("q");
        QTest::newRow("Q") << QByteArray("Q");
        QTest::newRow("x") << QByteArray("x");
        QTest::newRow("qqq") << QByteArray("qqq");
        QTest::newRow("Ctrl-C") << QByteArray("\x03");
    }
    void quits()
    {
        QFETCH(QByteArray, keys);
        TerminalBench dev(folder(), line());
        QVERIFY(dev.shows("[h]"));
        QCOMPARE(get(m_port, "/api").status, 201);
        dev.type(keys);
        QCOMPARE(dev.status(), 0);
        QVERIFY(dev.mode() == Mode::Lines);
        QVERIFY(TerminalBench::portIsFree(m_port));
        QCOMPARE(dev.leftovers(), 0);
    }

    void ctrlCTwice()
    {
        TerminalBench dev(folder(), line());
        QVERIFY(dev.shows("[h]"));
        Client hang(m_port);
        hang.sendRequest("GET", "/hang");
        QTest::qWait(100);
        dev.type("\x03");
        QTest::qWait(300); // a second press, not the first one passed on by a script runner
        dev.type("\x03");
        QCOMPARE(dev.status(), 0);
        QVERIFY(dev.mode() == Mode::Lines);
        QVERIFY(TerminalBench::portIsFree(m_port));
    }

    void restarts()
    {
        TerminalBench dev(folder(), line());
        QVERIFY(dev.shows("[h]"));
        for (int i = 2; i < 5; ++i) {
            dev.type("r");
            QVERIFY2(dev.waitFor([&] { return dev.count("Ready on") == i; }), dev.shown().constData());
            QCOMPARE(get(m_port, "/api").body, std::string("api"));
        }
        QVERIFY(dev.mode() == Mode::Keys);
        dev.type("rrr"); // what comes while it restarts does no harm
        dev.type("q");
        QCOMPARE(dev.status(), 0);
        QVERIFY(TerminalBench::portIsFree(m_port));
    }

    void opensABrowser()
    {
        m_project->write("browser.sh", "#!/bin/sh\necho \"opened $1\" > \"" + folder() + "/opened\"\n");
        std::filesystem::permissions(m_project->path("browser.sh"), std::filesystem::perms::owner_all);
        TerminalBench dev(folder(), line(), {{"BROWSER", folder() + "/browser.sh"}});
        QVERIFY(dev.shows("[h]"));
        dev.type("o");
        const auto opened = [&] {
            QFile file(QString::fromStdString(folder() + "/opened"));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        };
        QVERIFY(dev.waitFor([&] { return opened() == "opened http://localhost:" + QByteArray::number(m_port) + '\n'; }));
    }

    void noBrowser()
    {
        TerminalBench dev(folder(), line());
        QVERIFY(dev.shows("[h]"));
        dev.type("b");
        QVERIFY(dev.shows("There is no browser to open here"));
    }

    void debuggerOnDemand()
    {
        TerminalBench dev(folder(), line());
        QVERIFY(dev.shows("[h]"));
        QVERIFY(!dev.shown().contains("ws://"));
        dev.type("d");
        QVERIFY(dev.shows("Debugger listening on ws://127.0.0.1:"));
    }

    void keysTurnedOff()
    {
        TerminalBench dev(folder(), line("--show-interactive-dev-session=false"));
        QVERIFY(dev.shows("Ready on"));
        QCOMPARE(get(m_port, "/api").status, 201);
        QVERIFY(dev.shows("/api"));
        QVERIFY(dev.mode() == Mode::Lines);
        QVERIFY(!dev.shown().contains("[h]"));
        dev.type("\x03");
        QCOMPARE(dev.status(), 0);
    }

    // ---- the terminal stays as it was

    void stopsAndGoesOn()
    {
        TerminalBench dev(folder(), line());
        QVERIFY(dev.shows("[h]"));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(dev.waitFor([&] { return dev.mode() == Mode::Keys; }));
            dev.type("\x1a"); // Ctrl-Z
            QVERIFY(dev.stops());
            QVERIFY(dev.mode() == Mode::Lines);
            dev.signal(SIGCONT);
            QVERIFY(dev.waitFor([&] { return dev.mode() == Mode::Keys; }));
            QCOMPARE(get(m_port, "/").body, std::string("hello"));
        }
        dev.type("q");
        QCOMPARE(dev.status(), 0);
        QVERIFY(dev.mode() == Mode::Lines);
    }

    void endsBySignal_data()
    {
        QTest::addColumn<int>("number");
        QTest::addColumn<int>("status");
        QTest::newRow("SIGINT") << SIGINT << 0;
        QTest::newRow("SIGTERM") << SIGTERM << 0;
        QTest::newRow("SIGHUP") << SIGHUP << 0;
        QTest::newRow("SIGQUIT") << SIGQUIT << -2;
        QTest::newRow("SIGABRT") << SIGABRT << -2;
    }
    void endsBySignal()
    {
        QFETCH(int, number);
        QFETCH(int, status);
        TerminalBench dev(folder(), line());
        QVERIFY(dev.shows("[h]"));
        QVERIFY(dev.waitFor([&] { return dev.mode() == Mode::Keys; }));
        dev.signal(number);
        const int ended = dev.status();
        QVERIFY2(ended == status || (status == -2 && ended > 0), qPrintable(QString::number(ended))); // sanitizers exit in place of the signal
        QVERIFY(dev.mode() == Mode::Lines);
        QVERIFY(TerminalBench::portIsFree(m_port));
        QCOMPARE(dev.leftovers(), 0);
    }

    void failsBeforeItListens()
    {
        QTcpServer other;
        QVERIFY(other.listen(QHostAddress::LocalHost, static_cast<quint16>(m_port)));
        TerminalBench dev(folder(), line());
        QCOMPARE(dev.status(), 1);
        QVERIFY(dev.shown().contains("in use by process"));
        QVERIFY(dev.mode() == Mode::Lines);
    }

    void closedTerminal()
    {
        TerminalBench dev(folder(), line());
        QVERIFY(dev.shows("[h]"));
        Client kept(m_port);
        QCOMPARE(kept.get("/api").status, 201);
        dev.hangUp();
        QCOMPARE(dev.status(), 0);
        QVERIFY(TerminalBench::portIsFree(m_port));
        QCOMPARE(dev.leftovers(), 0);
    }

    void endsWhileItBuilds()
    {
        for (int i = 0; i < 200; ++i)
            m_project->write("functions/many/f" + std::to_string(i) + ".ts", "export const onRequest = (): Response => new Response('" + std::to_string(i) + "');\n");
        for (int i = 0; i < 8; ++i) {
            TerminalBench dev(folder(), line());
            QTest::qWait(30 + i * 40);
            dev.type("\x03");
            QVERIFY(dev.status() != -1);
            QVERIFY(dev.mode() == Mode::Lines);
            QVERIFY(dev.waitFor([&] { return dev.leftovers() == 0; })); // esbuild
        }
    }

    // ---- started by a script

    void killedScriptRunner_data()
    {
        QTest::addColumn<QString>("script");
        const QString cleat = QStringLiteral("'" CLEAT_BINARY_DIR "/cleat' dev --port %1");
        QTest::newRow("a child") << QStringLiteral("env npm_lifecycle_event=dev ") + cleat + QStringLiteral("; true");
        QTest::newRow("a grandchild") << QStringLiteral("env npm_lifecycle_event=dev sh -c \"") + cleat + QStringLiteral("; true\"; true");
    }
    void killedScriptRunner()
    {
        QFETCH(QString, script);
        QProcess runner;
        runner.setWorkingDirectory(QString::fromStdString(folder()));
        runner.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), script.arg(m_port)});
        QVERIFY(QTest::qWaitFor([&] { return Client(m_port).connected() && get(m_port, "/api").status == 201; }, TerminalBench::patience));
        runner.kill();
        runner.waitForFinished();
        QVERIFY(QTest::qWaitFor([&] { return TerminalBench::portIsFree(m_port); }, TerminalBench::patience));
    }

    void outlivesOnPurpose_data()
    {
        QTest::addColumn<QString>("script");
        const QString cleat = QStringLiteral("'" CLEAT_BINARY_DIR "/cleat' dev --port %1");
        QTest::newRow("nohup") << QStringLiteral("env npm_lifecycle_event=dev nohup ") + cleat + QStringLiteral("; true");
        QTest::newRow("no script runner") << cleat + QStringLiteral("; true");
        QTest::newRow("in the background") << QStringLiteral("env npm_lifecycle_event=dev ") + cleat + QStringLiteral(" & wait");
    }
    void outlivesOnPurpose()
    {
        QFETCH(QString, script);
        QProcess runner;
        runner.setWorkingDirectory(QString::fromStdString(folder()));
        runner.setStandardOutputFile(QString::fromStdString(folder() + "/out"));
        runner.setStandardErrorFile(QString::fromStdString(folder() + "/err"));
        m_project->write("functions/pid.js", "export const onRequest = ({ env }) => new Response('here');\n");
        runner.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), script.arg(m_port)});
        QVERIFY(QTest::qWaitFor([&] { return Client(m_port).connected() && get(m_port, "/pid").status == 200; }, TerminalBench::patience));
        QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(runner.processId()));
        QVERIFY(children.open(QIODevice::ReadOnly));
        const pid_t cleat = children.readAll().trimmed().toInt();
        QVERIFY(cleat > 0);
        runner.kill();
        runner.waitForFinished();
        QTest::qWait(300);
        if (QByteArray(QTest::currentDataTag()) == "nohup")
            ::kill(cleat, SIGHUP);
        QTest::qWait(100);
        QCOMPARE(get(m_port, "/pid").body, std::string("here"));
        ::kill(cleat, SIGTERM);
        QVERIFY(QTest::qWaitFor([&] { return TerminalBench::portIsFree(m_port); }, TerminalBench::patience));
    }

    void outputWhoseReaderIsGone()
    {
        QProcess shell;
        shell.setWorkingDirectory(QString::fromStdString(folder()));
        shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), QStringLiteral("'" CLEAT_BINARY_DIR "/cleat' dev --port %1 | sed '/^Ready on/q'").arg(m_port)});
        QVERIFY(QTest::qWaitFor([&] { return Client(m_port).connected(); }, TerminalBench::patience));
        // The next line finds nobody.
        QVERIFY(QTest::qWaitFor([&] { return !Client(m_port).connected() || get(m_port, "/api").status != 201; }, TerminalBench::patience));
        QVERIFY(QTest::qWaitFor([&] { return shell.state() == QProcess::NotRunning; }, TerminalBench::patience)); // it may have ended while the lines above waited
        QVERIFY(TerminalBench::portIsFree(m_port));
    }
};

QTEST_GUILESS_MAIN(DevTerminalTest)
#include "t_devterminal.moc"
