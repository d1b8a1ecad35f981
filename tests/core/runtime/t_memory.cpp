// SPDX-License-Identifier: GPL-3.0-or-later
// What a Worker's work leaves behind in the process, and what it takes while it runs.
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace cleat;
using test::WorkerHarness;

namespace {

#ifdef __SANITIZE_ADDRESS__
// Freed memory stays in quarantine, and everything is many times slower.
constexpr std::int64_t scale = 10;
constexpr std::int64_t slackMb = 500;
#else
constexpr std::int64_t scale = 1;
constexpr std::int64_t slackMb = 60;
#endif

std::int64_t residentMb()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toLongLong() * 4096 >> 20;
}

} // namespace

class MemoryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamsThrough_data()
    {
        QTest::addColumn<QString>("code");
        QTest::newRow("the body itself") << QStringLiteral("({request}) => new Response(request.body)");
        QTest::newRow("a transform") << QStringLiteral("({request}) => new Response(request.body.pipeThrough(new TransformStream({transform(chunk, c) { c.enqueue(chunk); }})))");
        QTest::newRow("an identity stream") << QStringLiteral("({request, waitUntil}) => { const {readable, writable} = new IdentityTransformStream(); waitUntil(request.body.pipeTo(writable)); return new Response(readable); }");
        QTest::newRow("a bucket") << QStringLiteral("async ({request, env}) => { await env.BUCKET.put('k', request.body); return new Response((await env.BUCKET.get('k')).body); }");
        QTest::newRow("a loop") << QStringLiteral("({request}) => new Response(ReadableStream.from((async function* () { for await (const chunk of request.body) yield chunk; })()))");
    }

    /// 300 MB in at one end and out at the other, with no more than 4 MB on the way.
    void streamsThrough()
    {
        QFETCH(QString, code);
        WorkerHarness harness;
        harness.keep = WorkerHarness::Keep::Count;
        runtime::Bindings bindings;
        bindings.state = harness.state().path().toStdString();
        bindings.r2.push_back({"BUCKET", "bucket"});
        QVERIFY(harness.load("const onRequest = " + code.toStdString() + ";", bindings));
        constexpr std::size_t total = (300U << 20) / scale;
        constexpr std::size_t piece = 65536;
        runtime::Request request;
        request.method = "POST";
        request.url = "http://localhost/";
        request.bodyKind = runtime::Request::Body::Streaming;
        request.fields = {{"content-length", std::to_string(total)}};
        const std::int64_t before = residentMb();
        std::int64_t most = before;
        const auto id = harness.begin(std::move(request));
        std::size_t given = 0;
        QElapsedTimer timer;
        timer.start();
        while (given < total && timer.elapsed() < 60000) {
            if (given - harness.consumed() > 4U << 20) {
                QTest::qSleep(1);
                continue;
            }
            given += piece;
            harness.worker().bodyPiece(id, std::string(piece, 'x'), given >= total ? runtime::Worker::Piece::Last : runtime::Worker::Piece::More);
            if (given % (8U << 20) == 0)
                most = std::max(most, residentMb());
        }
        const auto answer = harness.wait(id, 60000);
        QVERIFY(answer.complete && !answer.truncated);
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.bytes, given);
        const std::string text = "grew by " + std::to_string(most - before) + " MB";
        QVERIFY2(most - before < slackMb + 100, text.c_str());
    }

    void requestsLeaveNothing_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("count");
        QTest::newRow("hello") << QStringLiteral("() => new Response('hello')") << 100000;
        QTest::newRow("headers, body, timers, signals")
            << QStringLiteral("async ({request, waitUntil}) => { const text = await request.text(); request.signal.addEventListener('abort', () => {}); const id = setTimeout(() => {}, 1000); clearTimeout(id);"
                              " waitUntil(Promise.resolve(text)); return new Response(text + request.headers.get('x-a'), {headers: {a: text}}); }")
            << 30000;
        QTest::newRow("bodies that nobody reads") << QStringLiteral("() => new Response(new ReadableStream({pull(c) { c.enqueue(new Uint8Array(10)); c.close(); }}))") << 30000;
        QTest::newRow("rewriters") << QStringLiteral("async () => new Response(await new HTMLRewriter().on('p', {element(e) { e.setAttribute('a', 'b'); e.onEndTag(t => { t.before('c'); }); }, text(t) { t.text; }})"
                                                     ".transform(new Response('<p>x</p>'.repeat(9))).text())")
                                   << 10000;
        QTest::newRow("rewriters that wait and fail")
            << QStringLiteral("async () => { try { return new Response(await new HTMLRewriter().on('p', {async element(e) { await null; if (e.hasAttribute('id')) throw new Error('x'); e.before(new Response('y')); }})"
                              ".transform(new Response('<p>x<p id=a>')).text()); } catch { return new Response('failed'); } }")
            << 10000;
        QTest::newRow("rewriters that nobody reads, and whose handlers never end")
            << QStringLiteral("() => { const one = new HTMLRewriter().on('p', {element() { return new Promise(() => {}); }}); one.transform(new Response('<p>x')).body.cancel().catch(() => {}); one.transform(new Response('<p>x'));"
                              " new HTMLRewriter().on('p', {element(e) { e.remove(); }}).transform(new Response('<p>x</p>y')); return new Response('hello'); }")
            << 4000;
        QTest::newRow("throws") << QStringLiteral("async () => { throw new Error('x'.repeat(100)); }") << 30000;
    }

    void requestsLeaveNothing()
    {
        QFETCH(QString, code);
        QFETCH(int, count);
        WorkerHarness harness;
        QVERIFY(harness.load("const onRequest = " + code.toStdString() + ";"));
        const auto many = [&](std::int64_t n) {
            for (std::int64_t done = 0; done < n; done += 500) {
                std::vector<runtime::RequestId> ids;
                for (int i = 0; i < 500; ++i) {
                    runtime::Request request;
                    request.method = "POST";
                    request.url = "http://localhost/" + std::to_string(i);
                    request.fields = {{"x-a", "b"}, {"user-agent", "test"}};
                    request.bodyKind = runtime::Request::Body::Whole;
                    request.body = "some text";
                    ids.push_back(harness.begin(std::move(request)));
                }
                for (const auto id : ids) {
                    if (!harness.wait(id).complete)
                        return false;
                    harness.forget(id);
                }
                harness.events();
            }
            return true;
        };
        // The log's ring and V8's spaces fill first.
        QVERIFY(many(count / 2 / scale));
        const std::int64_t before = residentMb();
        QVERIFY(many(count / scale));
        const std::int64_t after = residentMb();
        const std::string text = std::to_string(before) + " MB before, " + std::to_string(after) + " MB after";
        QVERIFY2(after - before < slackMb, text.c_str());
        QTRY_COMPARE(harness.worker().pending(), 0U);
    }
};

QTEST_GUILESS_MAIN(MemoryTest)
#include "t_memory.moc"
