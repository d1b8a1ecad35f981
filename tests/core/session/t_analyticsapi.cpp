// SPDX-License-Identifier: GPL-3.0-or-later
// A project that writes data points, and the SQL API that a dashboard asks for them.
#include "core/session/analyticsapi.h"
#include "tests/core/session/client.h"
#include "tests/core/session/running.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace cleat;
using namespace cleat::tests;

namespace {

const std::string place = "/client/v4/accounts/0123456789abcdef/analytics_engine/sql";

Reply post(int port, const std::string &query, const std::string &target = place, const std::string &extra = {})
{
    Client client(port);
    client.sendRequest("POST", target, extra, query);
    return client.receive("POST");
}

} // namespace

class TestAnalyticsApi final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void guide()
    {
        Running run;
        run.project.write("wrangler.toml", "pages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n[[analytics_engine_datasets]]\nbinding = \"ANALYTICS_ENGINE\"\ndataset = \"clicks\"\n"
                                           "[[analytics_engine_datasets]]\nbinding = \"UNNAMED\"\n");
        run.project.write("functions/index.js", "export async function onRequest(context) {\n  const url = new URL(context.request.url);\n  context.env.ANALYTICS_ENGINE.writeDataPoint({\n    indexes: [],\n"
                                                "    blobs: [url.hostname, url.pathname],\n    doubles: [],\n  });\n  context.env.UNNAMED.writeDataPoint({ doubles: [1] });\n  return new Response(\"Logged analytic\");\n}\n");
        QVERIFY(run.start());
        session::AnalyticsApi api(run.session().stateFolder(), {});
        const auto listening = api.listen(0);
        QVERIFY2(listening, listening ? "" : listening.error().message.c_str());
        QCOMPARE(run.get("/").body, std::string("Logged analytic"));
        Reply reply;
        QVERIFY(waitUntil([&] {
            reply = post(api.port(), "SELECT blob1 AS host, blob2 AS path, SUM(_sample_interval) AS n FROM clicks WHERE timestamp > NOW() - INTERVAL '1' DAY GROUP BY host, path", place, "Authorization: Bearer token\r\n");
            return reply.status == 200;
        }));
        const auto json = nlohmann::json::parse(reply.body);
        QCOMPARE(QString::fromStdString(json["data"].dump()), QStringLiteral(R"([{"host":"localhost","n":"1","path":"/"}])"));
        QCOMPARE(json["rows"].get<int>(), 1);
        QCOMPARE(reply.field("content-type"), std::string("application/json; charset=utf-8"));
        QVERIFY(waitUntil([&] { return post(api.port(), "SHOW TABLES FORMAT TabSeparated").body == "UNNAMED\nclicks\n"; }));
        QVERIFY(run.session().dataOf(config::Binding{config::Kind::AnalyticsEngine, "X", {{"dataset", config::Field::Kind::Text, "clicks"}}})->string().ends_with("v3/analytics-engine/clicks.sqlite"));
        const auto known = run.session().knownResources(config::Kind::AnalyticsEngine);
        QCOMPARE(known, (std::vector<std::string>{"UNNAMED", "clicks"}));
        QVERIFY(session::Session::runs(config::Kind::AnalyticsEngine));
    }

    void answers()
    {
        const Project folder;
        session::AnalyticsApi api(folder.path(), {"tunnel.example"});
        QVERIFY(api.listen(0));
        QCOMPARE(post(api.port(), "SELECT 'Hello Workers Analytics Engine' AS message FORMAT JSONEachRow").body, std::string("{\"message\":\"Hello Workers Analytics Engine\"}\n"));
        const Reply got = get(api.port(), place + "?query=SELECT+1%20%2B+1+AS+x+FORMAT+TabSeparated&other=1");
        QCOMPARE(got.status, 200);
        QCOMPARE(got.body, std::string("2\n"));
        QCOMPARE(got.field("content-type"), std::string("text/tab-separated-values; charset=utf-8"));
        // On one connection, one behind the other, in that order.
        Client client(api.port());
        for (int i = 0; i < 5; ++i)
            client.sendRequest("POST", place, {}, "SELECT " + std::to_string(i) + " FORMAT TabSeparated");
        for (int i = 0; i < 5; ++i)
            QCOMPARE(client.receive("POST").body, std::to_string(i) + '\n');
        // In pieces.
        Client slow(api.port());
        slow.send("POST " + place + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nSELECT \r\n");
        slow.send("15\r\n42 FORMAT TabSeparat\x65\r\n1\r\nd\r\n0\r\n\r\n");
        QCOMPARE(slow.receive("POST").body, std::string("42\n"));
    }

    void failures_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("extra");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("message");
        const QByteArray at = QByteArray::fromStdString(place);
        QTest::newRow("wrong query") << QByteArray("POST") << at << QByteArray() << QByteArray("SELECT 1,\n nothing FROM x") << 400 << QByteArray("Line 2, column 2: There is no such column: nothing");
        QTest::newRow("no dataset") << QByteArray("POST") << at << QByteArray() << QByteArray("SELECT count() FROM x") << 400 << QByteArray("Line 1, column 21: There is no dataset x");
        QTest::newRow("empty") << QByteArray("POST") << at << QByteArray() << QByteArray() << 400 << QByteArray("Line 1, column 1: Only SELECT and SHOW");
        QTest::newRow("no query") << QByteArray("GET") << at << QByteArray() << QByteArray() << 400 << QByteArray("The query is missing");
        QTest::newRow("another path") << QByteArray("GET") << QByteArray("/") << QByteArray() << QByteArray() << 404 << QByteArray("There is nothing at this address");
        QTest::newRow("no account") << QByteArray("GET") << QByteArray("/client/v4/accounts//analytics_engine/sql") << QByteArray() << QByteArray() << 404 << QByteArray("There is nothing at this address");
        QTest::newRow("too deep") << QByteArray("GET") << QByteArray("/client/v4/accounts/a/b/analytics_engine/sql?query=SELECT+1") << QByteArray() << QByteArray() << 404 << QByteArray("There is nothing at this address");
        QTest::newRow("another method") << QByteArray("DELETE") << at << QByteArray() << QByteArray() << 405 << QByteArray("The SQL API takes GET and POST");
        QTest::newRow("another page") << QByteArray("POST") << at << QByteArray("Origin: https://evil.example\r\n") << QByteArray("SELECT 1") << 403 << QByteArray("Pages of other origins");
        QTest::newRow("a page without origin") << QByteArray("POST") << at << QByteArray("Origin: null\r\n") << QByteArray("SELECT 1") << 403 << QByteArray("Pages of other origins");
    }

    void failures()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, target);
        QFETCH(QByteArray, extra);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QByteArray, message);
        const Project folder;
        session::AnalyticsApi api(folder.path(), {});
        QVERIFY(api.listen(0));
        Client client(api.port());
        client.sendRequest(method.toStdString(), target.toStdString(), extra.toStdString(), body.toStdString());
        const Reply reply = client.receive(method.toStdString());
        QCOMPARE(reply.status, status);
        const auto json = nlohmann::json::parse(reply.body);
        QCOMPARE(json["success"].get<bool>(), false);
        QVERIFY(json["errors"][0]["code"].is_number());
        const std::string told = json["errors"][0]["message"].get<std::string>();
        QVERIFY2(told.starts_with(message.toStdString()), told.c_str());
    }

    void hosts()
    {
        const Project folder;
        session::AnalyticsApi api(folder.path(), {"tunnel.example"});
        QVERIFY(api.listen(0));
        const auto status = [&](const std::string &host) {
            Client client(api.port());
            client.send("GET " + place + "?query=SELECT+1 HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            return client.receive().status;
        };
        QCOMPARE(status("localhost:1"), 200);
        QCOMPARE(status("127.0.0.1"), 200);
        QCOMPARE(status("tunnel.example"), 200);
        QCOMPARE(status("rebound.example"), 403);
    }

    /// What asks while it ends gets no answer, and nothing is left hanging.
    void ends()
    {
        const Project folder;
        auto api = std::make_unique<session::AnalyticsApi>(folder.path(), std::vector<std::string>{});
        QVERIFY(api->listen(0));
        const int port = api->port();
        session::AnalyticsApi other(folder.path(), {});
        const auto taken = other.listen(port);
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, std::string("server.port-in-use"));
        Client client(port);
        client.sendRequest("POST", place, {}, "SELECT 1");
        api.reset();
        QVERIFY(!Client(port).connected());
    }
};

QTEST_GUILESS_MAIN(TestAnalyticsApi)
#include "t_analyticsapi.moc"
