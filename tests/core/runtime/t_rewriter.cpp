// SPDX-License-Identifier: GPL-3.0-or-later
// HTMLRewriter across requests: what one leaves behind when it is ended in the middle does not reach the others.
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <unistd.h>

using namespace cleat;
using test::WorkerHarness;

class RewriterTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void goesOnAfterTermination_data()
    {
        QTest::addColumn<QString>("handlers");
        QTest::newRow("an element's handler") << QStringLiteral("{element() { for (;;); }}");
        QTest::newRow("a text's handler") << QStringLiteral("{text() { for (;;); }}");
        QTest::newRow("a handler that waited") << QStringLiteral("{async element() { await null; for (;;); }}");
        QTest::newRow("a getter within an export") << QStringLiteral("{element(e) { e.before('x', {get html() { for (;;); }}); }}");
        QTest::newRow("rewriters made for ever") << QStringLiteral("{element() { for (let i = 0;; ++i) new HTMLRewriter().on(`p#x${i}`, {}); }}");
        QTest::newRow("recursion") << QStringLiteral("{element() { const f = () => f() + 1; try { f(); } catch {} for (;;) f(); }}");
    }

    void goesOnAfterTermination()
    {
        QFETCH(QString, handlers);
        runtime::Limits limits;
        limits.cpuMs = 2000;
        WorkerHarness harness(limits);
        const std::string code = R"js(
            const rewrite = (handlers) => new HTMLRewriter().on("p", handlers).transform(new Response("<p>a</p><p>b</p>")).text();
            async function onRequest({ request }) {
              switch (new URL(request.url).pathname) {
                case "/endless": return new Response(await rewrite()js"
            + handlers.toStdString() + R"js());
                case "/waits": return new Response(await rewrite({ async element(e) { await pause(20); e.setAttribute("x", "1"); } }));
                default: return new Response(await rewrite({ element(e) { e.setAttribute("x", "1"); }, async text(t) { await null; if (t.text) t.after("!"); } }));
              }
            }
            const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
        )js";
        const auto loaded = harness.load(code);
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const QString expected = QStringLiteral(R"(<p x="1">a!</p><p x="1">b!</p>)");
        // A busy machine may spend the limit on compiling, at first.
        QTRY_COMPARE_WITH_TIMEOUT(QString::fromStdString(harness.fetch().body), expected, 60000);
        for (int i = 0; i < 2; ++i) {
            runtime::Request waits;
            waits.method = "GET";
            waits.url = "http://localhost/waits";
            const auto id = harness.begin(std::move(waits));
            QVERIFY(harness.fetch("GET", "http://localhost/endless").status >= 500);
            QTRY_COMPARE(QString::fromStdString(harness.fetch().body), expected);
            QVERIFY(harness.wait(id).status > 0);
            QTRY_COMPARE(QString::fromStdString(harness.fetch().body), expected);
        }
    }

    /// What a reloaded project's rewriters had goes with its old code.
    void reloading()
    {
        const auto addressSpaceGiB = [] {
            QFile file(QStringLiteral("/proc/self/statm"));
            return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').front().toLongLong() * sysconf(_SC_PAGESIZE) >> 30 : -1;
        };
        WorkerHarness harness;
        const qint64 before = addressSpaceGiB();
        QVERIFY(before >= 0);
        for (int i = 0; i < 40; ++i) { // the buffer is for the collector to come
            QVERIFY(harness.load("const large = new Uint8Array(8 << 20); async function onRequest() { return new HTMLRewriter().on('p', {element(e) { e.setAttribute('n', '" + std::to_string(i)
                + "'); }}).transform(new Response('<p>' + large.length)); }"));
            QCOMPARE(harness.fetch().body, "<p n=\"" + std::to_string(i) + "\">8388608");
        }
        const qint64 grown = addressSpaceGiB() - before;
        QVERIFY2(grown < 40 * 8 / 2, qPrintable(QString::number(grown)));
    }

    /// No handler runs for seconds: what matches selectors with elements is no JavaScript, and has to end, too.
    void aDocumentThatTakesLong()
    {
        runtime::Limits limits;
        limits.cpuMs = 1000;
        WorkerHarness harness(limits);
        QVERIFY(harness.load(R"js(
            const deep = "<i>".repeat(2000);
            async function onRequest({ request }) {
              let rewriter = new HTMLRewriter();
              const long = new URL(request.url).pathname === "/long";
              for (let i = 0; i < (long ? 400 : 1); ++i) rewriter = rewriter.on(`i b.c${i}`, { element(e) { e.remove(); } });
              return new Response(await rewriter.transform(new Response(long ? deep + "<b></b>".repeat(200_000) : "<i><b class=c0></b></i>")).text());
            }
        )js"));
        QTRY_COMPARE_WITH_TIMEOUT(harness.fetch().body, std::string("<i></i>"), 60000);
        for (int i = 0; i < 2; ++i) {
            QElapsedTimer timer;
            timer.start();
            const auto ended = harness.fetch("GET", "http://localhost/long");
            QCOMPARE(ended.status, 503);
            QVERIFY2(ended.body.contains("exceeded CPU time limit"), ended.body.c_str());
            QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
            QCOMPARE(harness.fetch().body, std::string("<i></i>"));
        }
    }
};

QTEST_GUILESS_MAIN(RewriterTest)
#include "t_rewriter.moc"
