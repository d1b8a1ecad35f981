// SPDX-License-Identifier: GPL-3.0-or-later
// fetch() against a server that speaks HTTP/2, which Node.js brings.
#include "tests/core/runtime/httppeer.h"
#include "tests/core/runtime/workerharness.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

class FetchHttp2Test final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QProcess m_peer;
    QString m_base;

    std::string run(const QString &code)
    {
        test::WorkerHarness harness;
        const auto loaded = harness.load("const B = '" + m_base.toStdString() + "';"
            "const attempt = async (f) => { try { return await f(); } catch (e) { return e instanceof Error ? `${e.name}: ${e.message}` : `thrown ${e}`; } };"
            "const text = async (path, init) => (await fetch(B + path, init)).text();"
            "async function onRequest() { const out = await (async () => {\n" + code.toStdString() + "\n})(); return new Response(typeof out === 'string' ? out : JSON.stringify(out)); }");
        return loaded ? harness.fetch().body : loaded.error().message;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QDir packages(QStringLiteral(CLEAT_INTEROP_DIR "/node_modules"));
        const QStringList nodes = packages.entryList({u"node-linux-*"_s}, QDir::Dirs);
        QVERIFY2(!nodes.isEmpty(), "Node.js 22 is not there; packaging/fetch-interop.sh fetches it");
        const test::HttpPeer::Identity identity = test::HttpPeer::makeIdentity();
        const auto put = [this](const QString &name, const QByteArray &text) {
            QFile file(m_folder.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
        };
        QVERIFY(put(u"cert.pem"_s, identity.certificate.toPem()) && put(u"key.pem"_s, identity.key.toPem()));
        m_peer.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_peer.start(packages.filePath(nodes.first() + u"/bin/node"_s),
            {QStringLiteral(CLEAT_TESTS_DIR "/interop/http2peer.mjs"), m_folder.filePath(u"cert.pem"_s), m_folder.filePath(u"key.pem"_s)});
        QVERIFY(m_peer.waitForReadyRead(60'000));
        const int port = m_peer.readLine().trimmed().toInt();
        QVERIFY(port > 0);
        m_base = u"https://localhost:%1"_s.arg(port);
        qunsetenv("CURL_CA_BUNDLE");
        qputenv("SSL_CERT_FILE", m_folder.filePath(u"cert.pem"_s).toLocal8Bit());
    }

    void cleanupTestCase()
    {
        m_peer.closeWriteChannel();
        QVERIFY(m_peer.waitForFinished(30'000));
    }

    void answers_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("answer");
        QTest::newRow("version") << u"return text('/version')"_s << u"2.0"_s;
        QTest::newRow("no reason phrase") << u"const r = await fetch(B + '/version'); return [r.status, r.statusText, r.ok]"_s << u"[200,\"OK\",true]"_s;
        QTest::newRow("404") << u"const r = await fetch(B + '/none'); return [r.status, await r.text()]"_s << u"[404,\"no such row\"]"_s;
        QTest::newRow("fields") << u"const r = await fetch(B + '/fields', { headers: { 'X-One': '1', 'x-two': 'a, b', cookie: 'c=3; d=4' } });"
                                   "return [r.headers.getSetCookie(), JSON.parse(r.headers.get('x-seen'))]"_s
                                << u"[[\"a=1\",\"b=2\"],[\"1\",\"a, b\",\"c=3; d=4\"]]"_s;
        QTest::newRow("no connection fields of HTTP/1.1") << u"const r = await fetch(B + '/version'); return [r.headers.get('connection'), r.headers.get('transfer-encoding')]"_s << u"[null,null]"_s;
        QTest::newRow("body") << u"return text('/echo', { method: 'POST', body: 'sent' })"_s << u"sent"_s;
        QTest::newRow("large body both ways") << u"const body = new Uint8Array(3 << 20).map((_, i) => i * 7);"
                                                 "const got = new Uint8Array(await (await fetch(B + '/echo', { method: 'POST', body })).arrayBuffer());"
                                                 "return [got.length, got.every((byte, i) => byte === (i * 7 & 255))]"_s
                                              << u"[3145728,true]"_s;
        QTest::newRow("streamed body") << u"const { readable, writable } = new TransformStream(); const writer = writable.getWriter();"
                                          "const done = text('/echo', { method: 'POST', body: readable });"
                                          "for (const word of ['one ', 'two ', 'three']) { await writer.write(new TextEncoder().encode(word)); await scheduler.wait(5); }"
                                          "await writer.close(); return done"_s
                                       << u"one two three"_s;
        QTest::newRow("large answer") << u"return (await (await fetch(B + '/big')).arrayBuffer()).byteLength"_s << u"5242880"_s;
        QTest::newRow("HEAD") << u"const r = await fetch(B + '/big', { method: 'HEAD' }); return [r.status, (await r.text()).length]"_s << u"[200,0]"_s;
        QTest::newRow("trailers are not told") << u"const r = await fetch(B + '/trailers'); return [await r.text(), r.headers.get('x-sum')]"_s << u"[\"body\",null]"_s;
        QTest::newRow("early hints") << u"const r = await fetch(B + '/hints'); return [r.status, await r.text()]"_s << u"[200,\"hinted\"]"_s;
        QTest::newRow("refused, and asked again") << u"return text('/refused')"_s << u"the second time"_s;
        QTest::newRow("goes on elsewhere after GOAWAY") << u"const all = []; for (let i = 0; i < 3; ++i) all.push(await text('/goaway')); return all"_s
                                                        << u"[\"good-bye\",\"good-bye\",\"good-bye\"]"_s;
        QTest::newRow("many at once share a connection") << u"const before = Number(await text('/sessions'));"
                                                            "const all = await Promise.all(Array.from({ length: 50 }, () => text('/late')));"
                                                            "return [all.every((one) => one === 'late'), Number(await text('/sessions')) - before]"_s
                                                         << u"[true,0]"_s;
        QTest::newRow("left in the middle") << u"const c = new AbortController(); const r = await fetch(B + '/big', { signal: c.signal }); c.abort();"
                                               "return [await attempt(() => r.text()), await text('/version')]"_s
                                            << u"[\"AbortError: The operation was aborted\",\"2.0\"]"_s;
    }

    void answers()
    {
        QFETCH(QString, code);
        QFETCH(QString, answer);
        QCOMPARE(QString::fromStdString(run(code)), answer);
    }

    void aResetStreamFailsTheBody()
    {
        const std::string told = run(u"const r = await fetch(B + '/reset'); return [r.status, await attempt(() => r.text()), await text('/version')]"_s);
        QVERIFY2(told.starts_with("[200,\"Error: Network connection ") && told.ends_with(",\"2.0\"]"), told.c_str());
    }
};

QTEST_GUILESS_MAIN(FetchHttp2Test)
#include "t_fetchhttp2.moc"
