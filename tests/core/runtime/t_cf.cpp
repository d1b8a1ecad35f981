// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/cfobject.h"
#include "tests/core/runtime/workerharness.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using cleat::test::WorkerHarness;
namespace runtime = cleat::runtime;

class CfTest final : public QObject
{
    Q_OBJECT

    static std::string run(const std::string &body, const std::string &cf = {})
    {
        WorkerHarness harness;
        runtime::Bindings bindings;
        bindings.state = harness.state().path().toStdString();
        bindings.cf = cf;
        if (const auto loaded = harness.load("async function onRequest({ request }) { " + body + " }", bindings); !loaded)
            return loaded.error().message;
        return harness.fetch().body;
    }

private Q_SLOTS:
    void theDefault()
    {
        QVERIFY(runtime::checkCf(runtime::defaultCf()));
        const QJsonObject cf = QJsonDocument::fromJson(QByteArray::fromStdString(run("return Response.json(request.cf)"))).object();
        for (const char *name : {"colo", "country", "city", "continent", "latitude", "longitude", "postalCode", "timezone", "region", "regionCode", "metroCode", "asOrganization", "httpProtocol",
                 "tlsVersion", "tlsCipher", "requestPriority"})
            QVERIFY2(!cf[QLatin1StringView(name)].toString().isEmpty(), name);
        for (const char *name : {"asn", "clientTcpRtt", "edgeRequestKeepAliveStatus", "clientTrustScore"})
            QVERIFY2(cf[QLatin1StringView(name)].isDouble(), name);
        const QJsonObject bot = cf[QStringLiteral("botManagement")].toObject();
        QVERIFY(bot[QStringLiteral("score")].isDouble() && bot[QStringLiteral("verifiedBot")].isBool());
        QVERIFY(!cf.contains(QStringLiteral("isEUCountry"))); // of the European Union's countries only
    }

    void chosen()
    {
        QCOMPARE(run("return new Response(request.cf.country + request.cf.botManagement.score)", R"({"country": "DE", "botManagement": {"score": 1}})"), std::string("DE1"));
        QCOMPARE(run("return new Response(JSON.stringify(request.cf))", "{}"), std::string("{}"));
    }

    void copies()
    {
        QCOMPARE(run("request.cf.a = 1; return Response.json([request.cf.a, new Request(request).cf.a, request.clone().cf.a, new Request('http://h/', request).cf.a, new Request('http://h/').cf === undefined,"
                     " new Request(request).cf === request.cf, request.cf === request.cf])"),
            std::string("[1,1,1,1,true,false,true]"));
        QCOMPARE(run("const a = new Request(request, {cf: {x: 1}}); return Response.json([a.cf, typeof request.cf.colo])"), std::string("[{\"x\":1},\"string\"]"));
    }

    void whatIsNoCf()
    {
        for (const char *text : {"", "x", "[]", "5", "null", "{", "{} x"}) {
            const auto checked = runtime::checkCf(text);
            QVERIFY2(!checked && checked.error().code == "runtime.cf", text);
        }
    }
};

QTEST_GUILESS_MAIN(CfTest)
#include "t_cf.moc"
