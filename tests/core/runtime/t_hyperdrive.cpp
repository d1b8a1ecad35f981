// SPDX-License-Identifier: GPL-3.0-or-later
// A Hyperdrive binding, as wrangler's looks; real databases are in tests/packages.
#include "tests/core/runtime/socketpeer.h"
#include "tests/core/runtime/workerharness.h"
#include "tests/patience.h"

#include <QRegularExpression>
#include <QTest>

using namespace cleat;
using test::SocketPeer;
using test::WorkerHarness;

namespace {

runtime::Bindings bound(const WorkerHarness &harness, int port, const std::string &more = {})
{
    runtime::Bindings bindings;
    bindings.state = harness.state().path().toStdString();
    bindings.hyperdrives.push_back({"HD", *bindings::hyperdrive::parseConnectionString("postgres://us%40er:p%2Fw@127.0.0.1:" + std::to_string(port) + "/d%20b" + more), {}});
    bindings.hyperdrives.push_back({"MY", *bindings::hyperdrive::parseConnectionString("mysql://root:pw@127.0.0.1:" + std::to_string(port) + "/data"), {}});
    bindings.hyperdrives.push_back({"NONE", {}, "There is no database."});
    return bindings;
}

std::string code(const std::string &body)
{
    return "import { connect } from \"cloudflare:sockets\";\nimport { Buffer } from \"node:buffer\";\n"
           "const told = (f) => { try { const v = f(); return v === undefined ? \"undefined\" : v; } catch (e) { return `${e.name}: ${e.message}`; } };\n"
           "const settle = (p) => p.then((v) => v === undefined ? \"fine\" : v, (e) => `${e.name}: ${e.message}`);\n"
           "const echo = async (s) => { const w = s.writable.getWriter(); await w.write(new TextEncoder().encode(\"hello\\n\")); const { value } = await s.readable.getReader().read(); return new TextDecoder().decode(value); };\n"
           "export async function onRequest({ env }) { const h = env.HD; " + body + " }\n";
}

void echo(SocketPeer::Connection &connection)
{
    while (const auto line = connection.line())
        connection.send("heard " + *line);
}

} // namespace

class HyperdriveTest final : public QObject
{
    Q_OBJECT

    static base::Result<void> load(WorkerHarness &harness, const std::string &body, runtime::Bindings bindings)
    {
        const std::vector<std::string> flags{"nodejs_compat"};
        bindings.compatibility = runtime::Compatibility::resolve("2026-03-01", flags, "2026-12-01").value();
        return harness.load(code(body), std::move(bindings));
    }

private Q_SLOTS:
    void face()
    {
        WorkerHarness harness;
        const auto loaded = load(harness,
            "const p = Object.getPrototypeOf(h); const d = Object.getOwnPropertyDescriptor(h, 'host'); return Response.json([p.constructor.name, Object.getOwnPropertyNames(h), Object.keys(h), String(h), Object.keys(p), h.connect.length,"
            "d.enumerable, d.configurable, d.writable, told(() => { 'use strict'; h.host = 'x'; }), told(() => { const { connect } = h; connect(); }).slice(0, 29), told(() => structuredClone(h)), told(() => new p.constructor())]);",
            bound(harness, 5432));
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        QCOMPARE(harness.fetch().body, std::string(R"(["Hyperdrive",["connectionString","port","ip","host","password","user","database"],["connectionString","port","ip","host","password","user","database"],"[object Hyperdrive]",["connect"],0,)"
                                                   R"(true,true,false,"TypeError: Cannot assign to read only property 'host' of object '#<Hyperdrive>'","TypeError: Illegal invocation",)"
                                                   "\"DataCloneError: Could not serialize object of type \\\"Hyperdrive\\\". This type does not support serialization.\",\"TypeError: Illegal constructor\"]"));
    }

    void values()
    {
        WorkerHarness harness;
        QVERIFY(load(harness, "return Response.json([h, env.MY]);", bound(harness, 54321)));
        const QString body = QString::fromStdString(harness.fetch().body);
        const QRegularExpression expected(QStringLiteral("^\\[\\{\"connectionString\":\"postgres://us%40er:p%2Fw@([0-9a-f]{32}\\.hyperdrive\\.local):54321/d%20b\\?sslmode=disable\",\"port\":54321,\"ip\":\"(240\\.0\\.\\d+\\.\\d+)\",\"host\":\"\\1\",\"password\":\"p/w\",\"user\":\"us@er\",\"database\":\"d b\"\\},"
                                                         "\\{\"connectionString\":\"mysql://root:pw@([0-9a-f]{32}\\.hyperdrive\\.local):54321/data\\?ssl-mode=disabled\",\"port\":54321,\"ip\":\"240\\.0\\.\\d+\\.\\d+\",\"host\":\"\\3\",\"password\":\"pw\",\"user\":\"root\",\"database\":\"data\"\\}\\]$"));
        QVERIFY2(expected.match(body).hasMatch(), qPrintable(body));
    }

    /// By connect() of the binding, and by all that know its name or address.
    void connects()
    {
        SocketPeer peer(echo);
        WorkerHarness harness;
        QVERIFY(load(harness,
            "const { hostname } = new URL(h.connectionString); const opened = await connect(`${h.host}:${h.port}`).opened; return Response.json([await echo(h.connect()), await echo(connect({ hostname, port: h.port })), await echo(connect(`${h.ip}:${h.port}`)),"
            "typeof (await settle(connect({ hostname: h.host, port: 1 }).opened)), opened.remoteAddress === `${h.host}:${h.port}`]);",
            bound(harness, peer.port())));
        QCOMPARE(harness.fetch().body, std::string(R"(["heard hello","heard hello","heard hello","string",true])"));
        std::vector<events::CallEvent> calls;
        QTRY_VERIFY([&] {
            for (events::Event &event : harness.events()) {
                if (auto *call = std::get_if<events::CallEvent>(&event); call && call->kind == "hyperdrive")
                    calls.push_back(std::move(*call));
            }
            return calls.size() >= 4;
        }());
        QCOMPARE(calls[0].binding, std::string("HD"));
        QCOMPARE(calls[0].arguments, "[\"127.0.0.1:" + std::to_string(peer.port()) + "\"]");
    }

    void nobodyThere()
    {
        WorkerHarness harness;
        QVERIFY(load(harness, "const s = h.connect(); return Response.json([await settle(s.opened), await settle(s.closed), told(() => env.NONE.connectionString), told(() => env.NONE.host), told(() => env.NONE.connect()), Object.keys(env.NONE).length]);",
            bound(harness, 1)));
        QCOMPARE(harness.fetch().body, std::string(R"(["Error: connection attempt failed","Error: connection attempt failed","Error: There is no database.","Error: There is no database.","Error: There is no database.",7])"));
    }

    void globalScope()
    {
        WorkerHarness harness;
        const auto loaded = harness.load("import { env } from \"cloudflare:workers\";\nlet told = env.HD.user; try { env.HD.connect(); } catch (e) { told += e.message; }\nexport const onRequest = () => new Response(told);\n", bound(harness, 1));
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const std::string body = harness.fetch().body;
        QVERIFY2(body.starts_with("us@er") && body.contains("global scope"), body.c_str());
    }

    /// What a server may answer to the question for TLS.
    void askedForTls_data()
    {
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QByteArray>("told");
        QTest::newRow("no, and it must") << QByteArray("require") << QByteArray("N") << QByteArray("Error: connection attempt failed");
        QTest::newRow("no, and it may") << QByteArray("prefer") << QByteArray("N") << QByteArray("heard hello");
        QTest::newRow("an error") << QByteArray("require") << QByteArray("E") << QByteArray("Error: connection attempt failed");
        QTest::newRow("more than was asked") << QByteArray("require") << QByteArray("Sx") << QByteArray("Error: connection attempt failed");
        QTest::newRow("nothing") << QByteArray("require") << QByteArray() << QByteArray("Error: connection attempt failed");
        QTest::newRow("garbage for TLS") << QByteArray("require") << QByteArray("S") << QByteArray("Error: connection attempt failed");
        QTest::newRow("garbage for TLS, and it may do without") << QByteArray("prefer") << QByteArray("S") << QByteArray("heard hello");
    }

    void askedForTls()
    {
        QFETCH(QByteArray, mode);
        QFETCH(QByteArray, answer);
        QFETCH(QByteArray, told);
        SocketPeer peer([&](SocketPeer::Connection &connection) {
            std::string first = connection.some(8);
            if (first == std::string("\0\0\0\x08\x04\xd2\x16\x2f", 8)) {
                if (answer.isEmpty())
                    return;
                connection.send(answer.toStdString());
                if (answer == "S") {
                    connection.some(1);
                    connection.send("this is no TLS at all, whatever was asked for\n");
                    return;
                }
                echo(connection);
                return;
            }
            connection.send("heard " + first.substr(0, first.find('\n')));
        });
        WorkerHarness harness;
        QVERIFY(load(harness, "const s = h.connect(); const opened = await settle(s.opened); return new Response(typeof opened === 'string' ? opened : await echo(s));", bound(harness, peer.port(), "?sslmode=" + mode.toStdString())));
        QCOMPARE(QByteArray::fromStdString(harness.fetch().body), told);
    }
};

QTEST_GUILESS_MAIN(HyperdriveTest)
#include "t_hyperdrive.moc"
