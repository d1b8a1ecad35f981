// SPDX-License-Identifier: GPL-3.0-or-later
// fetch() against a server on loopback whose bytes the test chooses.
#include "tests/core/runtime/httppeer.h"
#include "tests/core/runtime/workerharness.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

#include <zlib.h>

#include <atomic>

using namespace cleat;
using test::HttpPeer;
using test::WorkerHarness;

namespace {

using Then = HttpPeer::Then;
using Connection = HttpPeer::Connection;

QByteArray gzip(const QByteArray &plain)
{
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    QByteArray packed(plain.size() + 100, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(plain.data()));
    stream.avail_in = static_cast<uInt>(plain.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

/// Everything that the server saw of a request, as text.
QByteArray echo(const HttpPeer::Received &request)
{
    QByteArray text = request.method + ' ' + request.target + '\n';
    for (const auto &[name, value] : request.fields)
        text += name + ": " + value + '\n';
    return text + '\n' + request.body;
}

/// Runs the body of a handler; B is the server's address, attempt(f) gives a result or the error's text.
WorkerHarness::Answer run(WorkerHarness &harness, const std::string &base, const std::string &code)
{
    const auto loaded = harness.load("const B = '" + base + "';"
        "const attempt = async (f) => { try { return await f(); } catch (e) { return e instanceof Error ? e.name + ': ' + e.message : 'thrown ' + e; } };"
        "const pause = (ms) => new Promise((r) => setTimeout(r, ms));"
        "async function onRequest({request, waitUntil}) {\n" + code + "\n}");
    if (!loaded)
        return {0, {}, loaded.error().message, {}, false, false, false, 0, 0};
    return harness.fetch();
}

std::string run(const std::string &base, const std::string &code)
{
    WorkerHarness harness;
    return run(harness, base, "const out = await (async () => {" + code + "})(); return new Response(typeof out === 'string' ? out : JSON.stringify(out));").body;
}

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

Then respond(Connection &connection, HttpPeer::Received &request)
{
    const QUrl url = QUrl::fromEncoded(request.target);
    const QString path = url.path();
    const QUrlQuery query(url);
    if (path == QStringLiteral("/echo")) {
        connection.answer(request.method == "HEAD" ? QByteArray() : echo(request), "Content-Type: text/plain\r\nX-Case: Kept\r\n");
    } else if (path == QStringLiteral("/fields")) {
        connection.answer("x", "Set-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nX-Twice: one\r\nX-Twice: two\r\nX-Empty:\r\nX-Space:  \t padded \t\r\nX-Folded: first\r\n  second\r\nX-Utf8: \xC3\xBC\r\n", "299 Quite Fine");
    } else if (path.startsWith(QStringLiteral("/redirect/"))) {
        const QByteArray to = query.queryItemValue(QStringLiteral("to"), QUrl::FullyDecoded).toUtf8();
        connection.answer("moved", "Location: " + to + "\r\n", path.mid(10).toUtf8() + " Moved");
    } else if (path == QStringLiteral("/loop")) {
        connection.answer({}, "Location: /loop\r\n", "302 Found");
    } else if (path == QStringLiteral("/gzip")) {
        connection.answer(gzip(QByteArray("gzip text ").repeated(1000)), "Content-Encoding: gzip\r\n");
    } else if (path == QStringLiteral("/brotli")) {
        connection.answer(QByteArray::fromHex("1bef00f8059c63a99ab360100e87b3f0183016d0e35ba6228f00"), "Content-Encoding: br\r\n");
    } else if (path == QStringLiteral("/broken-gzip")) {
        connection.answer("this is no gzip", "Content-Encoding: gzip\r\n");
    } else if (path == QStringLiteral("/early")) {
        connection.send("HTTP/1.1 103 Early Hints\r\nLink: </s.css>\r\n\r\n");
        connection.send("HTTP/1.1 100 Continue\r\n\r\n");
        connection.answer("final", "X-Final: 1\r\n");
    } else if (path == QStringLiteral("/status")) {
        connection.send("HTTP/1.1 " + query.queryItemValue(QStringLiteral("is")).toUtf8() + " X\r\nX-A: b\r\n\r\n");
    } else if (path == QStringLiteral("/huge")) {
        connection.answer("x", "X-Huge: " + QByteArray(query.queryItemValue(QStringLiteral("size")).toInt(), 'h') + "\r\n");
    } else if (path == QStringLiteral("/cut")) {
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
        return Then::Close;
    } else if (path == QStringLiteral("/cut-chunked")) {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        return Then::Close;
    } else if (path == QStringLiteral("/no-answer")) {
        return Then::Close;
    } else if (path == QStringLiteral("/nonsense")) {
        connection.send("SSH-2.0-OpenSSH_9.2\r\n");
        return Then::Close;
    } else if (path == QStringLiteral("/until-close")) {
        connection.send("HTTP/1.0 200 OK\r\n\r\nto the end");
        return Then::Close;
    } else if (path == QStringLiteral("/stall")) {
        connection.waitForEnd(8000);
        return Then::Close;
    } else if (path == QStringLiteral("/stall-body")) {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
        connection.waitForEnd(8000);
        return Then::Close;
    } else if (path == QStringLiteral("/drip")) {
        connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 5; ++i) {
            connection.send("2\r\n" + QByteArray::number(i) + ";\r\n");
            QThread::msleep(20);
        }
        connection.send("0\r\nX-Trailer: t\r\n\r\n");
    } else {
        connection.answer("no such thing", {}, "404 Not Found");
    }
    return Then::KeepOpen;
}

} // namespace

class FetchTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *code, const char *expected) { QTest::newRow(name) << QString::fromUtf8(code) << QString::fromUtf8(expected); };

        row("text", "return (await fetch(B + '/echo?q=1')).text().then((t) => t.split('\\n')[0])", "GET /echo?q=1");
        row("head", "const r = await fetch(B + '/fields'); return [r.status, r.statusText, r.ok, r.url === B + '/fields', r.redirected, r.type]", "[299,\"Quite Fine\",true,true,false,\"default\"]");
        row("fields", "const {headers: h} = await fetch(B + '/fields'); return [h.getSetCookie(), h.get('x-twice'), h.get('X-EMPTY'), h.get('x-space'), h.get('x-folded'), h.get('x-utf8')]",
            "[[\"a=1; Path=/\",\"b=2\"],\"one, two\",\"\",\"padded\",\"first second\",\"\xC3\xBC\"]");
        row("headers cannot be changed", "const r = await fetch(B + '/fields'); return attempt(() => r.headers.set('a', 'b'))", "TypeError: Can't modify immutable headers.");
        row("fields of the request", "const t = await (await fetch(B + '/echo', {headers: {'X-One': '1', 'x-empty': '', 'User-Agent': 'me', Accept: 'text/x'}})).text(); return ['x-one: 1', 'x-empty: \\n', 'user-agent: me', 'accept: text/x'].map((x) => t.includes(x))",
            "[true,true,true,true]");
        row("a fragment stays here", "const r = await fetch(B + '/echo#f'); return [r.url === B + '/echo', (await r.text()).split('\\n')[0]]", "[true,\"GET /echo\"]");
        for (const char *method : {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"})
            QTest::newRow(method) << QStringLiteral("return (await fetch(B + '/echo', {method: '%1', body: 'bödy'})).text().then((t) => t.split('\\n')[0] + t.split('\\n\\n')[1])").arg(QLatin1String(method))
                                  << QStringLiteral("%1 /echobödy").arg(QLatin1String(method));
        row("no body has length 0", "return (await fetch(B + '/echo', {method: 'POST'})).text().then((t) => t.includes('content-length: 0'))", "true");
        row("HEAD", "const r = await fetch(B + '/echo', {method: 'HEAD'}); return [r.status, r.headers.get('x-case'), r.body, await r.text()]", "[200,\"Kept\",null,\"\"]");
        row("body: text", "return (await fetch(B + '/echo', {method: 'POST', body: 'ü'})).text().then((t) => [t.includes('content-type: text/plain;charset=UTF-8'), t.includes('content-length: 2'), t.endsWith('\\n\\nü')])", "[true,true,true]");
        row("body: bytes", "return (await fetch(B + '/echo', {method: 'POST', body: new Uint8Array([65, 66])})).text().then((t) => [t.includes('content-type'), t.includes('content-length: 2'), t.endsWith('AB')])", "[false,true,true]");
        row("body: form", "return (await fetch(B + '/echo', {method: 'POST', body: new URLSearchParams({a: '1 2'})})).text().then((t) => [t.includes('content-type: application/x-www-form-urlencoded;charset=UTF-8'), t.endsWith('a=1+2')])", "[true,true]");
        row("body: empty", "return (await fetch(B + '/echo', {method: 'POST', body: ''})).text().then((t) => t.includes('content-length: 0'))", "true");
        row("body: stream", "let n = 0; const body = new ReadableStream({async pull(c) { await pause(5); c.enqueue(new TextEncoder().encode('part' + n)); if (++n === 3) c.close(); }});"
            " return (await fetch(B + '/echo', {method: 'POST', body})).text().then((t) => [t.includes('transfer-encoding: chunked'), t.includes('content-length'), t.endsWith('\\n\\npart0part1part2')])", "[true,false,true]");
        row("body: FixedLengthStream", "const {readable, writable} = new FixedLengthStream(4); const w = writable.getWriter(); (async () => { await w.write(new Uint8Array([65, 66])); await w.write(new Uint8Array([67, 68])); await w.close(); })();"
            " return (await fetch(B + '/echo', {method: 'PUT', body: readable})).text().then((t) => [t.includes('content-length: 4'), t.includes('chunked'), t.endsWith('ABCD')])", "[true,false,true]");
        row("body: a large one", "const body = 'x'.repeat(3000000); return (await fetch(B + '/echo', {method: 'POST', body})).text().then((t) => t.endsWith('\\n\\n' + body))", "true");
        row("body: a stream that fails", "const body = new ReadableStream({async pull(c) { await pause(5); c.error(new RangeError('my source broke')); }}); return attempt(() => fetch(B + '/echo', {method: 'POST', body}))", "RangeError: my source broke");
        row("body: a stream of the wrong chunks", "const body = new ReadableStream({pull(c) { c.enqueue(5); c.close(); }}); return attempt(() => fetch(B + '/echo', {method: 'POST', body}))", "TypeError: This ReadableStream did not return bytes.");
        row("body: a stream of strings", "const body = new ReadableStream({pull(c) { c.enqueue('te'); c.enqueue('xt'); c.close(); }}); return (await fetch(B + '/echo', {method: 'POST', body})).text().then((t) => t.endsWith('text'))", "true");
        row("a Request", "const r = new Request(B + '/echo', {method: 'POST', body: 'b', headers: {x: 'y'}}); const t = await (await fetch(r)).text(); return [t.includes('x: y'), t.endsWith('\\n\\nb'), r.bodyUsed]", "[true,true,true]");
        row("a Request with changes", "const r = new Request(B + '/nowhere', {headers: {x: 'y'}}); return (await fetch(new Request(B + '/echo', r), {method: 'PUT'})).text().then((t) => t.split('\\n')[0] + t.includes('x: y'))", "PUT /echotrue");
        row("a URL", "return (await fetch(new URL('/echo', B))).status", "200");
        row("gzip", "const r = await fetch(B + '/gzip'); const t = await r.text(); return [t === 'gzip text '.repeat(1000), r.headers.get('content-encoding'), r.headers.get('content-length')]", "[true,\"gzip\",\"68\"]");
        row("brotli", "return (await fetch(B + '/brotli')).text().then((t) => t === 'brotli text '.repeat(20))", "true");
        row("gzip, asked for", "return (await fetch(B + '/gzip', {headers: {'accept-encoding': 'gzip'}})).text().then((t) => t === 'gzip text '.repeat(1000))", "true");
        row("gzip, left as it is", "const r = await fetch(B + '/gzip', {encodeResponseBody: 'manual'}); return [r.headers.get('content-encoding'), new Uint8Array(await r.arrayBuffer())[0]]", "[\"gzip\",31]");
        row("says nothing of its own", "return (await fetch(B + '/echo')).text().then((t) => /accept|user-agent/.test(t))", "false");
        row("broken gzip", "return attempt(async () => (await fetch(B + '/broken-gzip')).text()).then((t) => t.startsWith('Error: Gzip decompression failed. (http'))", "true");
        row("informational heads", "const r = await fetch(B + '/early'); return [r.status, r.headers.get('x-final'), r.headers.get('link'), await r.text()]", "[200,\"1\",null,\"final\"]");
        row("204", "const r = await fetch(B + '/status?is=204'); return [r.status, r.body, await r.text()]", "[204,null,\"\"]");
        row("304", "const r = await fetch(B + '/status?is=304', {headers: {'if-none-match': '\"x\"'}}); return [r.status, r.headers.get('x-a'), r.body]", "[304,\"b\",null]");
        row("a connection goes on after 204", "await fetch(B + '/status?is=204'); return (await fetch(B + '/echo')).status", "200");
        row("large fields", "return (await fetch(B + '/huge?size=60000')).headers.get('x-huge').length", "60000");
        row("fields beyond all measure", "return attempt(() => fetch(B + '/huge?size=400000')).then((t) => t.startsWith('Error: Network connection failed: '))", "true");
        row("to the end of the connection", "return (await fetch(B + '/until-close')).text()", "to the end");
        row("pieces as they come", "const r = await fetch(B + '/drip'); let n = 0, t = ''; for await (const c of r.body) { ++n; t += new TextDecoder().decode(c); } return [t, n > 1]", "[\"0;1;2;3;4;\",true]");
        row("clone", "const r = await fetch(B + '/drip'); const c = r.clone(); return [await c.text(), await r.text(), c.url === r.url, c.status]", "[\"0;1;2;3;4;\",\"0;1;2;3;4;\",true,200]");
        row("json", "return attempt(async () => (await fetch(B + '/drip')).json()).then((t) => t.startsWith('SyntaxError'))", "true");
        row("many at once", "const all = await Promise.all(Array.from({length: 50}, (_, i) => fetch(B + '/echo?' + i).then((r) => r.text()))); return all.every((t, i) => t.startsWith('GET /echo?' + i + '\\n'))", "true");

        row("closed before the head", "return attempt(() => fetch(B + '/no-answer'))", "Error: Network connection lost.");
        row("no HTTP", "return attempt(() => fetch(B + '/nonsense')).then((t) => t.startsWith('Error: Network connection failed: '))", "true");
        row("cut body", "const r = await fetch(B + '/cut'); return attempt(() => r.text())", "Error: Network connection lost.");
        row("cut chunks", "const r = await fetch(B + '/cut-chunked'); const reader = r.body.getReader(); const first = new TextDecoder().decode((await reader.read()).value); return [first, await attempt(() => reader.read())]", "[\"hello\",\"Error: Network connection lost.\"]");
        row("connection refused", "return attempt(() => fetch('http://127.0.0.1:1/x'))", "Error: Network connection lost.");
        row("connection refused: why", "return fetch('http://127.0.0.1:1/x').catch((e) => [e.message, Object.keys(e).length, e.cause === undefined, e.constructor === Error])", "[\"Network connection lost.\",0,true,true]");
        row("no such host", "return attempt(() => fetch('http://nowhere.invalid/')).then((t) => /^Error: Network connection failed: .*nowhere\\.invalid/.test(t) || t)", "true");
        row("no URL", "return attempt(() => fetch('/path'))", "TypeError: Invalid URL: /path");
        row("not http", "return attempt(() => fetch('ftp://a/'))", "TypeError: Fetch API cannot load: ftp://a/");
        row("data", "return (await fetch('data:,x')).text()", "x");
        row("nothing", "return attempt(() => fetch()).then((t) => t.startsWith('TypeError'))", "true");
        row("a used body", "const r = new Request(B, {method: 'POST', body: 'x'}); await r.text(); return attempt(() => fetch(r)).then((t) => t.startsWith('TypeError'))", "true");

        row("redirect: followed", "const r = await fetch(B + '/redirect/302?to=/echo'); return [r.status, r.redirected, r.url === B + '/echo', (await r.text()).split('\\n')[0]]", "[200,true,true,\"GET /echo\"]");
        row("redirect: relative", "return (await fetch(B + '/redirect/301?to=../echo?x=1')).url.slice(B.length)", "/echo?x=1");
        row("redirect: manual", "const r = await fetch(B + '/redirect/302?to=/echo', {redirect: 'manual'}); return [r.status, r.headers.get('location'), r.redirected, await r.text()]", "[302,\"/echo\",false,\"moved\"]");
        row("redirect: error", "return attempt(() => fetch(B + '/redirect/302?to=/echo', {redirect: 'error'})).then((t) => t.startsWith('TypeError: Invalid redirect value'))", "true");
        row("redirect: too many", "return attempt(() => fetch(B + '/loop')).then((t) => t.startsWith('TypeError: Too many redirects.'))", "true");
        row("redirect: bad location", "return attempt(() => fetch(B + '/redirect/302?to=http://%5B')).then((t) => t.startsWith('TypeError: Invalid Location'))", "true");
        row("redirect: other scheme", "return attempt(() => fetch(B + '/redirect/302?to=ftp://x/'))", "TypeError: Fetch API cannot load: ftp://x/");
        row("redirect: no location", "return (await fetch(B + '/status?is=301', {redirect: 'follow'})).status", "301");
        for (const int status : {301, 302, 303}) {
            QTest::newRow(qPrintable(QStringLiteral("redirect: POST by %1").arg(status)))
                << QStringLiteral("const t = await (await fetch(B + '/redirect/%1?to=/echo', {method: 'POST', body: 'b', headers: {k: 'v'}})).text(); return [t.split('\\n')[0], t.endsWith('\\n\\n'), t.includes('content-type'), t.includes('k: v')]").arg(status)
                << QStringLiteral("[\"GET /echo\",true,true,true]");
        }
        for (const int status : {307, 308}) {
            QTest::newRow(qPrintable(QStringLiteral("redirect: POST by %1").arg(status)))
                << QStringLiteral("const t = await (await fetch(B + '/redirect/%1?to=/echo', {method: 'POST', body: 'b'})).text(); return [t.split('\\n')[0], t.endsWith('\\n\\nb'), t.includes('content-type: text/plain')]").arg(status)
                << QStringLiteral("[\"POST /echo\",true,true]");
        }
        row("redirect: PUT by 302", "return (await fetch(B + '/redirect/302?to=/echo', {method: 'PUT', body: 'b'})).text().then((t) => t.split('\\n')[0] + t.split('\\n\\n')[1])", "PUT /echob");
        row("redirect: PUT by 303", "return (await fetch(B + '/redirect/303?to=/echo', {method: 'PUT', body: 'b'})).text().then((t) => t.split('\\n')[0])", "GET /echo");
        row("redirect: HEAD by 303", "return (await fetch(B + '/redirect/303?to=/echo', {method: 'HEAD'})).headers.get('x-case')", "Kept");
        row("redirect: a stream cannot be sent again", "const body = new Response('x').body; return attempt(() => fetch(B + '/redirect/307?to=/echo', {method: 'POST', body})).then((t) => t.startsWith('TypeError: A request with a one-time-use body'))", "true");
        row("redirect: a stream by 303", "const body = new Response('x').body; return attempt(() => fetch(B + '/redirect/303?to=/echo', {method: 'POST', body})).then((t) => t.startsWith('TypeError: A request with a one-time-use body'))", "true");
        row("redirect: the same origin keeps Authorization", "return (await fetch(B + '/redirect/302?to=/echo', {headers: {authorization: 'secret'}})).text().then((t) => t.includes('secret'))", "true");

        row("abort: before", "return attempt(() => fetch(B + '/echo', {signal: AbortSignal.abort()}))", "AbortError: The operation was aborted");
        row("abort: its own reason", "return attempt(() => fetch(B + '/echo', {signal: AbortSignal.abort('because')}))", "thrown because");
        row("abort: before the head", "const c = new AbortController(); setTimeout(() => c.abort(), 50); return attempt(() => fetch(B + '/stall', {signal: c.signal}))", "AbortError: The operation was aborted");
        row("abort: timeout", "return attempt(() => fetch(B + '/stall', {signal: AbortSignal.timeout(50)}))", "TimeoutError: The operation was aborted due to timeout");
        row("abort: any", "return attempt(() => fetch(B + '/stall', {signal: AbortSignal.any([new AbortController().signal, AbortSignal.timeout(50)])})).then((t) => t.slice(0, 12))", "TimeoutError");
        row("abort: after the head, a reader waits", "const c = new AbortController(); const r = await fetch(B + '/stall-body', {signal: c.signal}); const reader = r.body.getReader(); await reader.read(); setTimeout(() => c.abort(), 30); return attempt(() => reader.read())", "AbortError: The operation was aborted");
        row("abort: after the head, text() waits", "const c = new AbortController(); const r = await fetch(B + '/stall-body', {signal: c.signal}); setTimeout(() => c.abort(new RangeError('mine')), 30); return attempt(() => r.text())", "RangeError: mine");
        row("abort: after the head, nobody reads yet", "const c = new AbortController(); const r = await fetch(B + '/stall-body', {signal: c.signal}); c.abort(); return attempt(() => r.text())", "AbortError: The operation was aborted");
        row("abort: after the end", "const c = new AbortController(); const r = await fetch(B + '/echo', {signal: c.signal}); const t = await r.text(); c.abort(); return t.slice(0, 3)", "GET");
        row("abort: a Request's signal", "const c = new AbortController(); const q = new Request(B + '/stall', {signal: c.signal}); setTimeout(() => c.abort(), 30); return attempt(() => fetch(q))", "AbortError: The operation was aborted");
        row("abort: the upload ends", "const c = new AbortController(); let why; const body = new ReadableStream({async pull(k) { await pause(5); k.enqueue(new Uint8Array(10)); }, cancel(reason) { why = reason; }});"
            " setTimeout(() => c.abort('stop'), 50); const t = await attempt(() => fetch(B + '/echo', {method: 'POST', body, signal: c.signal})); await pause(20); return [t, why]", "[\"thrown stop\",\"stop\"]");
        row("cancelled body", "const r = await fetch(B + '/stall-body'); await r.body.cancel('enough'); return (await fetch(B + '/echo')).status", "200");
    }

    void answers()
    {
        QFETCH(QString, code);
        QFETCH(QString, expected);
        HttpPeer peer(respond);
        QCOMPARE(QString::fromStdString(run(peer.base(), code.toStdString())), expected);
    }

    void passesAResponseThrough()
    {
        HttpPeer peer(respond);
        WorkerHarness harness;
        auto answer = run(harness, peer.base(), "return fetch(B + '/fields');");
        QCOMPARE(answer.status, 299);
        QCOMPARE(answer.body, std::string("x"));
        QCOMPARE(answer.field("x-utf8"), std::string("\xC3\xBC"));
        QCOMPARE(std::ranges::count_if(answer.fields, [](const auto &field) { return field.first == "set-cookie"; }), 2);
        answer = run(harness, peer.base(), "const r = new Response((await fetch(B + '/gzip')).body, {headers: {x: 'y'}}); r.headers.set('z', '1'); return r;");
        QCOMPARE(answer.body.size(), 10000U);
        QCOMPARE(answer.field("z"), std::string("1"));
        answer = run(harness, peer.base(), "const r = await fetch(B + '/drip'); return new Response(r.body.pipeThrough(new TransformStream({transform(c, k) { k.enqueue(c); k.enqueue(new Uint8Array([33])); }})), r);");
        QCOMPARE(QString::fromStdString(answer.body).remove(QLatin1Char('!')), QStringLiteral("0;1;2;3;4;"));
        answer = run(harness, peer.base(), "return fetch(B + '/status?is=204');");
        QCOMPARE(answer.status, 204);
        answer = run(harness, peer.base(), "return fetch(B + '/cut');");
        QVERIFY(answer.status == 500 || answer.truncated);
    }

    void passesARequestOn()
    {
        HttpPeer peer(respond);
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest({request}) { return fetch(new Request('" + peer.base() + "/echo', request)); }"));
        auto answer = harness.fetch("POST", "http://localhost/", {{"Content-Type", "text/x"}, {"Content-Length", "4"}, {"Host", "localhost"}}, "body");
        QVERIFY2(answer.body.starts_with("POST /echo\n") && answer.body.ends_with("\n\nbody"), answer.body.c_str());
        QVERIFY2(answer.body.find("content-type: text/x\n") != std::string::npos && answer.body.find("host: 127.0.0.1:") != std::string::npos, answer.body.c_str());

        runtime::Request streamed;
        streamed.method = "PUT";
        streamed.url = "http://localhost/";
        streamed.bodyKind = runtime::Request::Body::Streaming;
        streamed.fields = {{"content-length", "6"}};
        streamed.body = "abc";
        const auto id = harness.begin(std::move(streamed));
        QTest::qWait(50);
        harness.worker().bodyPiece(id, "def", runtime::Worker::Piece::Last);
        answer = harness.wait(id);
        QVERIFY2(answer.body.find("content-length: 6\n") != std::string::npos && answer.body.ends_with("\n\nabcdef"), answer.body.c_str());
    }

    void anotherOriginGetsNoCredentials()
    {
        HttpPeer other(respond);
        HttpPeer peer(respond);
        const std::string text = run(peer.base(), "return (await fetch(B + '/redirect/302?to=" + other.base() + "/echo', {headers: {authorization: 'secret', cookie: 'c=1', keep: 'this'}})).text()");
        QVERIFY2(text.find("keep: this") != std::string::npos && text.find("secret") == std::string::npos && text.find("c=1") != std::string::npos, text.c_str()); // workerd keeps cookies
        QCOMPARE(peer.received()[0].field("authorization"), QByteArray("secret"));
    }

    void keepsConnections()
    {
        HttpPeer peer(respond);
        QCOMPARE(run(peer.base(), "for (let i = 0; i < 20; ++i) await (await fetch(B + '/echo')).text(); return 'done'"), std::string("done"));
        QCOMPARE(peer.connections(), 1);
    }

    void aKeptConnectionThatIsClosedIsNoError()
    {
        // Answers once on each connection, says nothing of closing, and closes.
        HttpPeer peer([](Connection &connection, HttpPeer::Received &request) {
            connection.answer(request.body);
            return Then::Close;
        });
        QCOMPARE(run(peer.base(), "let t = ''; for (let i = 0; i < 5; ++i) { t += await (await fetch(B, {method: 'POST', body: 'b' + i})).text(); await pause(10); } return t"), std::string("b0b1b2b3b4"));
    }

    void aSlowReaderSlowsTheServer()
    {
        constexpr qint64 total = 50 << 20;
        std::atomic<qint64> sent = 0;
        HttpPeer peer([&](Connection &connection, HttpPeer::Received &) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(total) + "\r\n\r\n");
            const QByteArray piece(65536, 'p');
            while (sent < total && connection.send(piece))
                sent += piece.size();
            return Then::KeepOpen;
        });
        WorkerHarness harness;
        QVERIFY(harness.load("const B = '" + peer.base() + "'; async function onRequest() { const r = await fetch(B); const reader = r.body.getReader(); let n = (await reader.read()).value.byteLength;"
            " await new Promise((r) => setTimeout(r, 700)); console.log('on'); await new Promise((r) => setTimeout(r, 100)); for (;;) { const {done, value} = await reader.read(); if (done) break; n += value.byteLength; } return new Response(String(n)); }"));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto id = harness.begin(std::move(request));
        QCOMPARE(harness.console(1).size(), 1U);
        const qint64 paused = sent;
        QVERIFY2(paused < total / 2, std::to_string(paused).c_str()); // what the kernel's buffers hold, and 1 MiB
        QCOMPARE(harness.wait(id, 30000).body, std::to_string(total));
        QCOMPARE(qint64(sent), total);
    }

    void aSlowServerSlowsTheUpload()
    {
        std::atomic<bool> read = false;
        HttpPeer peer(
            [&](Connection &connection, HttpPeer::Received &request) {
                while (!read)
                    QThread::msleep(5);
                connection.readBody(request);
                connection.answer(QByteArray::number(request.body.size()));
                return Then::KeepOpen;
            },
            {}, HttpPeer::Bodies::Leave);
        WorkerHarness harness;
        QVERIFY(harness.load("const B = '" + peer.base() + "'; let made = 0; async function onRequest({request}) { if (request.url.endsWith('count')) return new Response(String(made));"
            " const body = new ReadableStream({pull(c) { if (made === 30 << 20) return c.close(); made += 65536; c.enqueue(new Uint8Array(65536)); }}); return fetch(B, {method: 'POST', body}); }"));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto id = harness.begin(std::move(request));
        QTest::qWait(500);
        const int made = std::stoi(harness.fetch("GET", "http://localhost/count").body);
        QVERIFY2(made > 0 && made < 20 << 20, std::to_string(made).c_str());
        read = true;
        QCOMPARE(harness.wait(id, 30000).body, std::to_string(30 << 20));
    }

    void waitUntilOutlivesTheRequest()
    {
        HttpPeer peer(respond);
        WorkerHarness harness;
        const auto answer = run(harness, peer.base(), "waitUntil((async () => { const t = await (await fetch(B + '/drip')).text(); console.log('got', t); })()); return new Response('now');");
        QCOMPARE(answer.body, std::string("now"));
        QCOMPARE(harness.console(1), std::vector<std::string>{"got 0;1;2;3;4;"});
    }

    void aFetchThatNobodyWaitsForEnds()
    {
        std::atomic<bool> left = false;
        HttpPeer peer([&](Connection &connection, HttpPeer::Received &) {
            left = connection.waitForEnd(8000);
            return Then::Close;
        });
        WorkerHarness harness;
        QCOMPARE(run(harness, peer.base(), "const f = fetch(B + '/stall'); await pause(100); return new Response('done');").body, std::string("done"));
        QTRY_VERIFY(left);
        QCOMPARE(harness.fetch().body, std::string("done"));
    }

    void anUnreadBodyEndsWithTheRequest()
    {
        std::atomic<bool> left = false;
        HttpPeer peer([&](Connection &connection, HttpPeer::Received &) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nx");
            left = connection.waitForEnd(8000);
            return Then::Close;
        });
        WorkerHarness harness;
        QCOMPARE(run(harness, peer.base(), "const r = await fetch(B); return new Response(String(r.status));").body, std::string("200"));
        QTRY_VERIFY(left);
    }

    void anAbortClosesTheConnection()
    {
        std::atomic<bool> left = false;
        HttpPeer peer([&](Connection &connection, HttpPeer::Received &) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
            left = connection.waitForEnd(8000);
            return Then::Close;
        });
        WorkerHarness harness;
        QCOMPARE(run(harness, peer.base(), "const c = new AbortController(); const r = await fetch(B, {signal: c.signal}); c.abort(); await pause(200); return new Response('x');").body, std::string("x"));
        QVERIFY(left);
    }

    void proxies()
    {
        HttpPeer proxy([](Connection &connection, HttpPeer::Received &request) {
            connection.answer("proxy " + request.target);
            return Then::KeepOpen;
        });
        HttpPeer peer(respond);
        const Environment setting("http_proxy", QByteArray::fromStdString(proxy.base()));
        const Environment other("no_proxy", "direct.invalid");
        QCOMPARE(run(peer.base(), "return (await fetch('http://somewhere.invalid/x?y')).text()"), std::string("proxy http://somewhere.invalid/x?y"));
        QCOMPARE(run(peer.base(), "return (await fetch(B + '/echo')).text().then((t) => t.split('\\n')[0])"), std::string("GET /echo"));
        QCOMPARE(run("http://localhost:" + std::to_string(peer.port()), "return (await fetch(B + '/echo')).text().then((t) => t.split('\\n')[0])"), std::string("GET /echo"));
        QVERIFY(run(peer.base(), "return attempt(() => fetch('http://direct.invalid/'))").starts_with("Error: Network connection "));
        QCOMPARE(proxy.received().size(), 1U);
    }

    void certificates()
    {
        const Environment noBundle("CURL_CA_BUNDLE", {});
        const Environment noFile("SSL_CERT_FILE", {});
        const HttpPeer::Identity identity = HttpPeer::makeIdentity();
        HttpPeer peer(respond, identity);
        QTemporaryDir folder;
        QFile trusted(folder.filePath(QStringLiteral("ca.pem")));
        QVERIFY(trusted.open(QIODevice::WriteOnly));
        trusted.write(identity.certificate.toPem());
        trusted.close();
        const std::string refused = run(peer.base(), "return attempt(() => fetch(B + '/echo'))");
        QVERIFY2(refused.starts_with("Error: Network connection failed: ") && refused.find("certificate") != std::string::npos, refused.c_str());
        for (const char *name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
            const Environment trust(name, trusted.fileName().toLocal8Bit());
            const std::string fine = run(peer.base(), "return attempt(async () => { const r = await fetch(B + '/echo', {method: 'POST', body: 'secret'}); return [r.url === B + '/echo', (await r.text()).endsWith('secret')] })");
            QVERIFY2(fine == "[true,true]", fine.c_str());
            const std::string otherName = run("https://127.0.0.2:" + std::to_string(peer.port()), "return attempt(() => fetch(B + '/echo'))");
            QVERIFY2(otherName.starts_with("Error: Network connection "), otherName.c_str());
        }
    }

    void secureWebSocket()
    {
        const Environment noBundle("CURL_CA_BUNDLE", {});
        const HttpPeer::Identity identity = HttpPeer::makeIdentity();
        HttpPeer peer(
            [](Connection &connection, HttpPeer::Received &request) {
                QByteArray key;
                for (const auto &[name, value] : request.fields) {
                    if (name.toLower() == "sec-websocket-key")
                        key = value;
                }
                const QByteArray accept = QCryptographicHash::hash(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", QCryptographicHash::Sha1).toBase64();
                connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n");
                connection.send("\x81\x06sealed");
                connection.send(QByteArray("\x88\x02\x03\xe8", 4));
                connection.waitForEnd(8000);
                return Then::Close;
            },
            identity);
        QTemporaryDir folder;
        QFile trusted(folder.filePath(QStringLiteral("ca.pem")));
        QVERIFY(trusted.open(QIODevice::WriteOnly));
        trusted.write(identity.certificate.toPem());
        trusted.close();
        const std::string code = "return new Promise((done) => { const told = []; const ws = new WebSocket(B.replace('https', 'wss') + '/socket');"
                                 "ws.onopen = () => told.push('open'); ws.onmessage = ({ data }) => told.push(data); ws.onerror = () => told.push('error');"
                                 "ws.onclose = ({ code }) => { told.push(code); done(told); }; })";
        {
            const Environment trust("SSL_CERT_FILE", trusted.fileName().toLocal8Bit());
            QCOMPARE(QString::fromStdString(run(peer.base(), code)), QStringLiteral("[\"open\",\"sealed\",1000]"));
        }
        const Environment nobody("SSL_CERT_FILE", {});
        QCOMPARE(QString::fromStdString(run(peer.base(), code)), QStringLiteral("[\"error\",1006]"));
    }
};

QTEST_GUILESS_MAIN(FetchTest)
#include "t_fetch.moc"
