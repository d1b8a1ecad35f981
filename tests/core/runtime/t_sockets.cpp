// SPDX-License-Identifier: GPL-3.0-or-later
// connect() of cloudflare:sockets, node:net and node:tls, against servers on loopback.
#include "tests/core/runtime/httppeer.h"
#include "tests/core/runtime/socketpeer.h"
#include "tests/core/runtime/workerharness.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <optional>

using namespace cleat;
using test::HttpPeer;
using test::SocketPeer;
using test::WorkerHarness;

namespace {

constexpr const char *tools =
    "import { connect } from \"cloudflare:sockets\";\n"
    "const enc = new TextEncoder(), dec = new TextDecoder();\n"
    "const told = (e) => e instanceof Error ? e.name + \": \" + e.message : \"thrown \" + e;\n"
    "const attempt = async (f) => { try { const v = await f(); return v === undefined ? \"fine\" : v; } catch (e) { return told(e); } };\n"
    "const settle = (p) => p.then((v) => v === undefined ? \"fine\" : v, told);\n"
    "const say = async (s, text) => { const w = s.writable.getWriter(); try { await w.write(typeof text === \"string\" ? enc.encode(text) : text); } finally { w.releaseLock(); } };\n"
    "const hear = async (s) => { const r = s.readable.getReader(); try { const { done, value } = await r.read(); return done ? \"(end)\" : dec.decode(value); } finally { r.releaseLock(); } };\n"
    "const finish = (s) => { const w = s.writable.getWriter(); return w.close(); };\n"
    "const secured = async (address, options) => { const s = connect(address, { secureTransport: \"starttls\" }); await say(s, \"starttls\\n\"); await hear(s); return s.startTls(options); };\n";

/// An environment variable for as long as a test runs.
class Environment
{
public:
    Environment(const char *name, const QByteArray &value) : m_name(name), m_before(qgetenv(name)), m_was(qEnvironmentVariableIsSet(name)) { qputenv(name, value); }
    ~Environment()
    {
        if (m_was)
            qputenv(m_name, m_before);
        else
            qunsetenv(m_name);
    }
    Environment(const Environment &) = delete;
    Environment &operator=(const Environment &) = delete;

private:
    const char *m_name;
    QByteArray m_before;
    bool m_was;
};

qint64 kibibytes(const char *line)
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &text : status.readAll().split('\n')) {
        if (text.startsWith(line))
            return text.mid(static_cast<qsizetype>(qstrlen(line))).simplified().split(' ').first().toLongLong();
    }
    return -1;
}

std::vector<events::CallEvent> calls(WorkerHarness &harness, std::size_t count)
{
    std::vector<events::CallEvent> all;
    const auto take = [&] {
        for (events::Event &event : harness.events()) {
            if (auto *call = std::get_if<events::CallEvent>(&event); call && call->kind == "connect")
                all.push_back(std::move(*call));
        }
        return all.size() >= count;
    };
    return QTest::qWaitFor(take, 30'000) ? all : std::vector<events::CallEvent>();
}

} // namespace

class SocketsTest final : public QObject
{
    Q_OBJECT

    static inline HttpPeer::Identity s_identity;
    QTemporaryDir m_folder;
    QString m_trusted;
    std::unique_ptr<SocketPeer> m_plain;
    std::unique_ptr<SocketPeer> m_tls;

    std::string constants() const
    {
        const std::string plain = std::to_string(m_plain->port());
        const std::string tls = std::to_string(m_tls->port());
        return std::string(tools) + "const P = \"127.0.0.1:" + plain + "\", PH = \"localhost:" + plain + "\", T = \"127.0.0.1:" + tls + "\", TH = \"localhost:" + tls + "\", port = " + plain
            + ", tlsPort = " + tls + ";\n";
    }
    base::Result<void> load(WorkerHarness &harness, const std::string &code, const std::string &before = {}) const
    {
        runtime::Bindings bindings;
        const std::vector<std::string> flags{"nodejs_compat"};
        bindings.compatibility = runtime::Compatibility::resolve("2026-03-01", flags, "2026-12-01").value();
        return harness.load(constants() + before + "async function onRequest({request, waitUntil}) {\nconst out = await (async () => {" + code
                + "})(); return out instanceof Response ? out : new Response(typeof out === 'string' ? out : JSON.stringify(out));\n}",
            bindings);
    }
    std::string run(const std::string &code, const std::string &before = {}) const
    {
        WorkerHarness harness;
        if (const auto loaded = load(harness, code, before); !loaded)
            return loaded.error().message;
        const auto answer = harness.fetch();
        return answer.status == 200 ? answer.body : answer.error + answer.body;
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const char *name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"})
            qunsetenv(name);
        s_identity = HttpPeer::makeIdentity();
        m_trusted = m_folder.filePath(QStringLiteral("trusted.pem"));
        QFile file(m_trusted);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(s_identity.certificate.toPem());
        file.close();
        const QByteArray certificate = s_identity.certificate.toPem();
        const QByteArray key = s_identity.key.toPem();
        m_plain = std::make_unique<SocketPeer>(test::answerLines, SocketPeer::Transport::Plain, certificate, key);
        m_tls = std::make_unique<SocketPeer>(test::answerLines, SocketPeer::Transport::Tls, certificate, key);
    }

    void speaks_data()
    {
        QTest::addColumn<std::string>("code");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char *name, const char *code, const char *expected) { QTest::newRow(name) << std::string(code) << std::string(expected); };

        row("there and back", "const s = connect(P); await say(s, 'hello\\n'); return hear(s);", "echo hello\n");
        row("by name", "const s = connect({hostname: 'localhost', port}); return [(await s.opened).remoteAddress === PH, s.secureTransport, s.upgraded];", "[true,\"off\",false]");
        row("text is UTF-8", "const s = connect(P); const w = s.writable.getWriter(); await w.write('h\\u00e9\\n'); return hear(s);", "echo h\xC3\xA9\n");
        row("no bytes", "const s = connect(P); const w = s.writable.getWriter(); return attempt(() => w.write(5));",
            "TypeError: This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.");
        row("views and buffers", "const s = connect(P); const b = enc.encode('xab\\ny'); const w = s.writable.getWriter(); await w.write(b.subarray(1, 3)); await w.write(new DataView(b.buffer, 3, 1)); return hear(s);",
            "echo ab\n");
        row("a detached buffer", "const s = connect(P); const b = new Uint8Array(8); structuredClone(b, {transfer: [b.buffer]}); const w = s.writable.getWriter(); await w.write(b); await w.write('still\\n'); return hear(s);",
            "echo still\n");
        row("into a view", "const s = connect(P); await say(s, 'hello\\n'); const r = s.readable.getReader({mode: 'byob'}); const a = await r.read(new Uint8Array(4)); const b = await r.read(new Uint8Array(20)); return [dec.decode(a.value), dec.decode(b.value)];",
            "[\"echo\",\" hello\\n\"]");
        row("the other side ends", "const s = connect(P); await say(s, 'close\\n'); return [await hear(s), await settle(s.closed), await attempt(() => say(s, 'x'))];",
            "[\"(end)\",\"fine\",\"TypeError: This WritableStream has been closed.\"]");
        row("half open: the other side sends no more", "const s = connect(P, {allowHalfOpen: true}); await say(s, 'shut\\n'); return [await hear(s), await attempt(() => say(s, 'x\\n')), await attempt(() => finish(s)), await settle(s.closed)];",
            "[\"(end)\",\"fine\",\"fine\",\"fine\"]");
        row("half open: this side sends no more", "const s = connect(P); await finish(s); return [await hear(s), await hear(s), await settle(s.closed)];", "[\"eof seen\\n\",\"(end)\",\"fine\"]");
        row("reset while reading", "const s = connect(P); await say(s, 'reset\\n'); return [await attempt(() => hear(s)), await settle(s.closed), await attempt(() => say(s, 'x'))];",
            "[\"Error: Network connection lost.\",\"fine\",\"Error: Network connection lost.\"]");
        row("what came before a reset is read", "const s = connect(P); await say(s, 'hello\\n'); const a = await hear(s); await say(s, 'reset\\n'); return [a, await attempt(() => hear(s))];",
            "[\"echo hello\\n\",\"Error: Network connection lost.\"]");
        row("close", "const s = connect(P); await s.opened; const c = await settle(s.close()); return [c, await settle(s.closed), await attempt(() => hear(s)), await attempt(() => say(s, 'x')), await settle(s.close())];",
            "[\"fine\",\"fine\",\"TypeError: This ReadableStream belongs to an object that is closing.\",\"TypeError: This WritableStream belongs to an object that is closing.\",\"fine\"]");
        row("close before it is open", "const s = connect(P); await s.close(); return [await settle(s.closed), typeof (await s.opened).remoteAddress];", "[\"fine\",\"string\"]");
        row("close while somebody reads", "const s = connect(P); await s.opened; const p = settle(s.readable.getReader().read()); await s.close(); return p;", "TypeError: This socket has been closed.");
        row("refused", "const s = connect('127.0.0.1:1'); const w = s.writable.getWriter(); const p = settle(w.write('x')); return [await settle(s.opened), await settle(s.closed), await hear(s), await p, await settle(s.close())];",
            "[\"Error: proxy request failed, cannot connect to the specified address\",\"Error: proxy request failed, cannot connect to the specified address\",\"(end)\","
            "\"Error: jsg.Error: proxy request failed, cannot connect to the specified address\",\"fine\"]");
        row("no such name", "return settle(connect('no-such-host.invalid:443').opened);",
            "Error: proxy request failed, cannot connect to the specified address. It looks like you might be trying to connect to a HTTP-based service \xE2\x80\x94 consider using fetch instead");
        row("IPv6", "return settle(connect('[::1]:1').opened);", "Error: proxy request failed, cannot connect to the specified address");
        row("as the body of a response", "const s = connect(P); await say(s, 'hello\\nclose\\n'); return new Response(s.readable);", "echo hello\n");
        row("piped", "const s = connect(P); const p = new Blob(['hello\\n']).stream().pipeTo(s.writable); const t = await new Response(s.readable).text(); await p; return t;", "echo hello\neof seen\n");
        row("iterated", "const s = connect(P); await say(s, 'send 300000\\nclose\\n'); let n = 0; for await (const c of s.readable) n += c.byteLength; return String(n);", "300000");
        row("backpressure shows", "const s = connect(P, {highWaterMark: 100}); const w = s.writable.getWriter(); const a = w.desiredSize; const p = w.write('hello\\n'); const b = w.desiredSize; await p; return [a, b, w.desiredSize];",
            "[100,94,100]");
        row("cancelled", "const s = connect(P); await s.readable.cancel('enough'); await say(s, 'hello\\n'); return 'fine';", "fine");
        row("aborted", "const s = connect(P); await s.opened; const w = s.writable.getWriter(); await w.abort(new Error('enough')); return settle(w.closed);", "Error: enough");

        row("TLS", "const s = connect(TH, {secureTransport: 'on'}); await say(s, 'hello\\n'); return [await hear(s), s.secureTransport, s.upgraded];", "[\"echo hello\\n\",\"on\",false]");
        row("TLS with an address", "const s = connect(T, {secureTransport: 'on'}); await say(s, 'hello\\n'); return hear(s);", "echo hello\n");
        row("TLS, much", "const s = connect(TH, {secureTransport: 'on'}); await say(s, 'send 3000000\\n'); const r = s.readable.getReader(); let n = 0; while (n < 3e6) n += (await r.read()).value.byteLength; r.releaseLock();"
                         "await say(s, 'count 3000000\\n'); await say(s, new Uint8Array(3e6)); return [n, await hear(s)];",
            "[3000000,\"got 3000000\\n\"]");
        row("TLS ends", "const s = connect(TH, {secureTransport: 'on'}); await say(s, 'close\\n'); return [await hear(s), await settle(s.closed)];", "[\"(end)\",\"fine\"]");
        row("TLS, this side sends no more", "const s = connect(TH, {secureTransport: 'on'}); await finish(s); return [await hear(s), await hear(s)];", "[\"eof seen\\n\",\"(end)\"]");
        row("TLS to a server without", "return settle(connect(PH, {secureTransport: 'on'}).opened);", "Error: proxy request failed, cannot connect to the specified address");
        row("no TLS to a server with", "const s = connect(T); await say(s, 'hello, what are you\\n'); let t = ''; try { for (;;) { const p = await hear(s); if (p === '(end)') break; t += p; } } catch (e) { t = told(e); } return t.includes('echo') ? t : 'no';", "no");
        row("startTls", "const s = connect(PH, {secureTransport: 'starttls'}); await say(s, 'starttls\\n'); await hear(s); const t = s.startTls(); const before = s.upgraded; await t.opened; await say(t, 'hello\\n');"
                        "return [before, s.upgraded, t.upgraded, s.secureTransport, t.secureTransport, await hear(t), await settle(s.closed), s.readable.locked, s.writable.locked, (await t.opened).remoteAddress === PH];",
            "[false,true,false,\"starttls\",\"on\",\"echo hello\\n\",\"fine\",true,true,true]");
        row("startTls, another name", "const t = await secured(P, {expectedServerHostname: 'localhost'}); await say(t, 'x\\n'); return hear(t);", "echo x\n");
        row("startTls, a wrong name", "const t = await secured(PH, {expectedServerHostname: 'example.com'}); const told = [await settle(t.opened), await settle(t.closed), await attempt(() => hear(t)), await attempt(() => say(t, 'x'))];"
                                      "return told.map((text) => /^Error: TLS handshake failed: .*mismatch/i.test(text) || text);",
            "[true,true,true,true]");
        row("startTls to a server that says no more", "const s = connect(P, {secureTransport: 'starttls'}); await say(s, 'hang\\n'); await finish(s).catch(() => {}); return (await settle(s.startTls().opened)).slice(0, 22);", "TypeError: This Writab");
        row("startTls twice", "const s = connect(PH, {secureTransport: 'starttls'}); await say(s, 'starttls\\n'); await hear(s); const t = s.startTls(); const a = await attempt(() => s.startTls()); await t.opened;"
                              "return [a, await attempt(() => s.startTls()), await attempt(() => t.startTls())];",
            "[\"TypeError: startTls has already been called on this socket, or the socket was transferred over RPC.\",\"TypeError: The connection was closed before startTls could be started.\","
            "\"TypeError: Cannot startTls on a TLS socket.\"]");
        row("startTls where it was not asked for", "const s = connect(P); return attempt(() => s.startTls());",
            "TypeError: The `secureTransport` socket option must be set to 'starttls' for startTls to be used.");
        row("startTls with bytes from before", "const s = connect(PH, {secureTransport: 'starttls'}); await say(s, 'injected\\nstarttls\\n'); const r = s.readable.getReader({mode: 'byob'}); let t = ''; await r.read(new Uint8Array(1)); r.releaseLock();"
                                               "const out = await attempt(async () => { const t = s.startTls(); await t.opened; await say(t, 'x\\n'); return hear(t); }); return out === 'echo x\\n' || out.startsWith('Error: TLS handshake failed') ? 'not taken for secure' : out;",
            "not taken for secure");
        row("on behalf of a locked stream", "const s = connect(P); s.readable.getReader(); return [await attempt(() => s.readable.getReader()), await attempt(() => s.readable.cancel())];",
            "[\"TypeError: This ReadableStream is currently locked to a reader.\",\"TypeError: This ReadableStream is currently locked to a reader.\"]");

        row("node:net", "const { default: net } = await import('node:net'); const s = net.connect(port, '127.0.0.1'); const l = []; for (const n of ['connect', 'ready', 'data', 'end', 'finish', 'error', 'close'])"
                        " s.on(n, (...a) => l.push([n, ...a].join(' '))); s.write('hello\\n'); s.once('data', () => s.end()); await new Promise((r) => s.on('close', r)); return [...l, s.bytesRead, s.bytesWritten];",
            "[\"connect\",\"ready\",\"data echo hello\\n\",\"finish\",\"data eof seen\\n\",\"end\",\"close false\",20,6]");
        row("node:net, refused", "const { default: net } = await import('node:net'); const s = net.connect(1, '127.0.0.1'); const e = await new Promise((r) => s.on('error', r)); return [e.message, e.code, e.errno, e.syscall, e.address, e.port];",
            "[\"connect ECONNREFUSED 127.0.0.1:1\",\"ECONNREFUSED\",-111,\"connect\",\"127.0.0.1\",1]");
        row("node:net, no such name", "const { default: net } = await import('node:net'); const s = net.connect(1, 'no-such-host.invalid'); const e = await new Promise((r) => s.on('error', r)); return [/^getaddrinfo (ENOTFOUND|EAI_AGAIN) no-such-host.invalid$/.test(e.message), e.syscall, e.hostname];",
            "[true,\"getaddrinfo\",\"no-such-host.invalid\"]");
        row("node:net, reset", "const { default: net } = await import('node:net'); const s = net.connect(port); s.write('reset\\n'); const e = await new Promise((r) => s.on('error', r)); return [e.message, e.code, e.syscall];",
            "[\"read ECONNRESET\",\"ECONNRESET\",\"read\"]");
        row("node:net, half open", "const { default: net } = await import('node:net'); const s = net.connect({port, allowHalfOpen: true}); s.write('shut\\n'); s.resume(); await new Promise((r) => s.on('end', r)); const w = s.writable; s.end(); await new Promise((r) => s.on('close', r)); return [w];", "[true]");
        row("node:net, timeout", "const { default: net } = await import('node:net'); const s = net.connect(port); s.setTimeout(20); await new Promise((r) => s.on('timeout', r)); s.destroy(); await new Promise((r) => s.on('close', r)); return 'fine';", "fine");
        row("node:net, destroyed early", "const { default: net } = await import('node:net'); const s = net.connect(port); s.write('x', (e) => {}); s.destroy(); return [await new Promise((r) => s.on('close', r)), s.destroyed];", "[false,true]");
        row("node:net, much through a pipeline", "const { default: net } = await import('node:net'); const { default: stream } = await import('node:stream'); const s = net.connect(port); s.write('send 2000000\\nclose\\n'); let n = 0; await stream.promises.pipeline(s, new stream.Writable({ write(c, e, d) { n += c.length; d(); } })); return String(n);", "2000000");
        row("node:tls", "const { default: tls } = await import('node:tls'); const s = tls.connect(tlsPort, 'localhost'); const l = []; for (const n of ['secureConnect', 'secure', 'connect', 'data', 'error']) s.on(n, (...a) => l.push([n, ...a].join(' '))); s.write('hello\\n'); await new Promise((r) => s.once('data', r)); s.destroy(); return [...l, s.authorized];",
            "[\"secureConnect\",\"secure\",\"connect\",\"data echo hello\\n\",true]");
        row("node:tls over node:net", "const { default: net } = await import('node:net'); const { default: tls } = await import('node:tls'); const p = net.connect(port, 'localhost'); p.write('starttls\\n'); await new Promise((r) => p.once('data', r));"
                                      "const s = tls.connect({socket: p, servername: 'localhost'}); s.write('hello\\n'); const t = String(await new Promise((r) => s.once('data', r))); s.destroy(); await new Promise((r) => s.on('close', r)); return [t, p.destroyed];",
            "[\"echo hello\\n\",true]");
        row("node:dns", "const { default: dns } = await import('node:dns'); return (await dns.promises.lookup('localhost', {family: 4})).address;", "127.0.0.1");
    }

    void speaks()
    {
        QFETCH(std::string, code);
        QFETCH(std::string, expected);
        const Environment trust("SSL_CERT_FILE", m_trusted.toUtf8());
        QCOMPARE(QString::fromStdString(run(code)), QString::fromStdString(expected));
    }

    void trust_data()
    {
        QTest::addColumn<QByteArray>("variable");
        QTest::addColumn<bool>("trusted");
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("SSL_CERT_FILE") << QByteArray("SSL_CERT_FILE") << true;
        QTest::newRow("CURL_CA_BUNDLE") << QByteArray("CURL_CA_BUNDLE") << true;
        QTest::newRow("NODE_EXTRA_CA_CERTS") << QByteArray("NODE_EXTRA_CA_CERTS") << true;
    }

    void trust()
    {
        QFETCH(QByteArray, variable);
        QFETCH(bool, trusted);
        std::optional<Environment> environment;
        if (!variable.isEmpty())
            environment.emplace(variable.constData(), m_trusted.toUtf8());
        const std::string both = run("return [await settle(connect(TH, {secureTransport: 'on'}).opened.then(() => 'open')), await settle((await secured(PH)).opened.then(() => 'open'))];");
        const std::string expected = trusted ? "[\"open\",\"open\"]" : "[\"Error: proxy request failed, cannot connect to the specified address\",\"Error: TLS handshake failed: ";
        QVERIFY2(both.starts_with(expected), both.c_str());
    }

    void isNotForTheGlobalScope()
    {
        const std::string refused = run("return 'loaded';", "connect(P);");
        QVERIFY2(refused.find("Disallowed operation called within global scope") != std::string::npos, refused.c_str());
    }

    void belongsToItsRequest()
    {
        WorkerHarness harness;
        QVERIFY(load(harness, "if (!kept) { kept = connect(P); await kept.opened; return 'opened'; } return [await attempt(() => say(kept, 'x')), await attempt(() => hear(kept))];", "let kept;"));
        QCOMPARE(harness.fetch().body, std::string("opened"));
        QVERIFY2(m_plain->waitForOpen(0), "the connection outlived its request");
        const std::string second = harness.fetch().body;
        QVERIFY2(second.starts_with("[\"Error: Cannot perform I/O on behalf of a different request.") && second.find("\",\"Error: Cannot perform") != std::string::npos, second.c_str());
    }

    void waitUntilKeepsIt()
    {
        WorkerHarness harness;
        QVERIFY(load(harness, "const s = connect(P); waitUntil((async () => { await say(s, 'hello\\n'); console.log(await hear(s)); })()); return 'sent';"));
        QCOMPARE(harness.fetch().body, std::string("sent"));
        QCOMPARE(harness.console(1), std::vector<std::string>{"echo hello\n"});
        QVERIFY(m_plain->waitForOpen(0));
    }

    void countsAsASubrequest()
    {
        runtime::Limits limits;
        limits.subrequests = 2;
        WorkerHarness harness(limits);
        QVERIFY(load(harness, "const all = []; for (let i = 0; i < 3; ++i) all.push(await attempt(async () => { await connect(P).opened; return 'open'; })); return all;"));
        const std::string told = harness.fetch().body;
        const std::string expected = "[\"open\",\"open\",\"Error: Too many subrequests";
        QVERIFY2(told.starts_with(expected), told.c_str());
    }

    void isTold()
    {
        const Environment trust("SSL_CERT_FILE", m_trusted.toUtf8());
        WorkerHarness harness;
        QVERIFY(load(harness, "const s = connect(TH, {secureTransport: 'on'}); await say(s, 'hello\\n'); await hear(s); await s.close(); await settle(connect('127.0.0.1:1').opened); return 'fine';"));
        QCOMPARE(harness.fetch().body, std::string("fine"));
        const auto told = calls(harness, 2);
        QCOMPARE(told.size(), std::size_t(2));
        const std::string address = "localhost:" + std::to_string(m_tls->port());
        QCOMPARE(told[0].binding, address);
        QCOMPARE(told[0].method, std::string("connect"));
        QCOMPARE(told[0].arguments, "[\"" + address + "\",{\"secureTransport\":\"on\"}]");
        const std::string begin = "{\"remoteAddress\":\"127.0.0.1:";
        const std::string version = "\"tls\":\"TLSv1.3\"";
        const std::string end = "\"sent\":6,\"received\":11}";
        const std::string &result = told[0].result;
        QVERIFY2(result.starts_with(begin) && result.find(version) != std::string::npos && result.ends_with(end), result.c_str());
        QCOMPARE(told[0].bytes, std::uint64_t(17));
        QVERIFY2(told[0].error.empty(), told[0].error.c_str());
        QCOMPARE(told[1].error, std::string("connect to 127.0.0.1:1: Connection refused (ECONNREFUSED)"));
        QVERIFY(told[0].span != told[1].span && told[0].span != 0);
    }

    void aClientThatLeaves()
    {
        WorkerHarness harness;
        QVERIFY(load(harness, "const s = connect(P); await say(s, 'hang\\n'); console.log('hangs'); await hear(s); return 'never';"));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto id = harness.begin(std::move(request));
        QCOMPARE(harness.console(1), std::vector<std::string>{"hangs"});
        QCOMPARE(m_plain->open(), 1);
        harness.worker().clientLeft(id);
        QVERIFY(load(harness, "return 'new code';"));
        QCOMPARE(harness.fetch().body, std::string("new code"));
    }

    void aWorkerThatEnds()
    {
        {
            WorkerHarness harness;
            QVERIFY(load(harness, "const s = connect(P); await say(s, 'hang\\n'); console.log('hangs'); await hear(s); return 'never';"));
            runtime::Request request;
            request.method = "GET";
            request.url = "http://localhost/";
            harness.begin(std::move(request));
            QCOMPARE(harness.console(1), std::vector<std::string>{"hangs"});
        }
        QVERIFY2(m_plain->waitForOpen(0), "the connection outlived its Worker");
    }

    void codeThatIsEnded()
    {
        runtime::Limits limits;
        limits.cpuMs = 200;
        WorkerHarness harness(limits);
        QVERIFY(load(harness, "const s = connect(P); await say(s, 'hello\\n'); await hear(s); for (;;);"));
        QCOMPARE(harness.fetch().status, 503);
        QVERIFY(m_plain->waitForOpen(0));
    }

    void manyAtOnce()
    {
        QCOMPARE(QString::fromStdString(run("const all = await Promise.all(Array.from({length: 200}, async (_, i) => { const s = connect(P); await say(s, 'n' + i + '\\n'); const t = await hear(s); await s.close(); return t === 'echo n' + i + '\\n'; }));"
                                            "return String(all.filter(Boolean).length);")),
            QStringLiteral("200"));
        QVERIFY(m_plain->waitForOpen(0));
    }

    void aServerThatDiesInTheMiddle()
    {
        std::atomic<int> sent{0};
        auto server = std::make_unique<SocketPeer>([&](SocketPeer::Connection &connection) {
            connection.line();
            connection.send(std::string(100'000, 'x'));
            ++sent;
            connection.line();
            connection.reset();
        });
        WorkerHarness harness;
        QVERIFY(load(harness, "const s = connect({hostname: '127.0.0.1', port: " + std::to_string(server->port())
                + "}); await say(s, 'go\\n'); const r = s.readable.getReader(); let n = 0; while (n < 100000) n += (await r.read()).value.byteLength; const p = settle(r.read()); await say(s, 'die\\n'); return [n, await p, await settle(s.closed)];"));
        const std::string expected = "[100000,\"Error: Network connection lost.\",\"fine\"]";
        QCOMPARE(harness.fetch().body, expected);
    }

    void aGibibyteInConstantMemory_data()
    {
        QTest::addColumn<std::string>("code");
        // The reader begins late and takes little at a time; the writer has a reader that does.
        QTest::newRow("in") << std::string("await s.opened; await say(s, 'send ' + N + '\\n'); await scheduler.wait(50); const r = s.readable.getReader({mode: 'byob'}); let n = 0, b = new Uint8Array(65536);"
                                           "while (n < N) { const { value } = await r.read(b); n += value.byteLength; b = new Uint8Array(value.buffer); } return n === N;");
        QTest::newRow("out") << std::string("await say(s, 'count ' + N + '\\n'); const w = s.writable.getWriter(); const b = new Uint8Array(1 << 20); for (let n = 0; n < N; n += b.byteLength) await w.write(b);"
                                            "return (await hear(s)) === 'got ' + N + '\\n';");
    }

    void aGibibyteInConstantMemory()
    {
        QFETCH(std::string, code);
        const qint64 mib = qEnvironmentVariableIsSet("CLEAT_MEBIBYTES") ? qEnvironmentVariableIntValue("CLEAT_MEBIBYTES") : 1024;
        QFile peak(QStringLiteral("/proc/self/clear_refs")); // the peak counts from here on
        if (peak.open(QIODevice::WriteOnly))
            peak.write("5");
        peak.close();
        const qint64 before = kibibytes("VmRSS:");
        QCOMPARE(QString::fromStdString(run("const N = " + std::to_string(mib << 20) + "; const s = connect(P); " + code)), QStringLiteral("true"));
        const qint64 grown = (kibibytes("VmHWM:") - before) / 1024;
#ifdef __SANITIZE_ADDRESS__
        constexpr qint64 most = 512; // AddressSanitizer holds back 256 MiB of what is freed
#else
        constexpr qint64 most = 128;
#endif
        QVERIFY2(grown < most, qPrintable(QStringLiteral("grew by %1 MiB").arg(grown)));
    }

    void hostileCode()
    {
        WorkerHarness harness;
        QVERIFY(load(harness, "const s = connect(P); Promise.prototype.then = () => { throw 1; }; Promise.prototype.constructor = 5; Array.prototype.push = null; Object.prototype.get = 1; RegExp.prototype.exec = null; Map.prototype.get = null;"
                              "Symbol.prototype.toString = null; Object.defineProperty(Object.prototype, 'done', { set() { throw new Error('boo'); }, configurable: true }); await s.opened; return 'open';"));
        harness.fetch();
        QVERIFY(load(harness, "const o = []; for (const a of [{get hostname() { throw new Error('boo'); }}, new Proxy({}, {get() { throw new Error('proxied'); }}), {hostname: 'x'.repeat(1e6), port: 1}, {hostname: {toString() { return P; }}, port: {valueOf() { return 1e9; }}}, Symbol()])"
                              " o.push(await attempt(() => connect(a))); return o;"));
        const std::string expected = "[\"Error: boo\",\"Error: proxied\",\"TypeError: Specified address is empty string, contains unsupported characters or is too long.\","
                                     "\"TypeError: Value out of range. Must be less than or equal to 65535.\",\"TypeError: Cannot convert a Symbol value to a string\"]";
        QCOMPARE(harness.fetch().body, expected);
    }
};

QTEST_GUILESS_MAIN(SocketsTest)
#include "t_sockets.moc"
