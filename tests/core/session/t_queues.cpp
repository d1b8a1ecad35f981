// SPDX-License-Identifier: GPL-3.0-or-later
// A Pages project that sends to a queue, and a Worker beside it that consumes it.

#include "core/bindings/queues/queuestore.h"
#include "core/storage/database.h"
#include "tests/core/session/running.h"

#include <QDateTime>
#include <QTest>

#include <algorithm>

using namespace cleat;
using namespace cleat::tests;
using namespace Qt::StringLiterals;
using bindings::queues::QueueStore;

namespace {

constexpr const char *fast = "max_batch_timeout = 0\n";

class Bench final
{
public:
    Bench()
    {
        run.project.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n"
                                           "[[queues.producers]]\nbinding = \"MY_QUEUE\"\nqueue = \"tasks\"\n[[queues.producers]]\nbinding = \"LONELY\"\nqueue = \"lonely\"\n");
    }
    /// Functions at /NAME whose body this is.
    void function(const std::string &name, const std::string &body) const
    {
        run.project.write("functions/" + name + ".js", "export async function onRequest({ env, request, waitUntil }) { try { const r = await (async () => { " + body
                + " })(); return new Response(typeof r === 'string' ? r : JSON.stringify(r ?? null)); } catch (e) { return new Response('threw ' + e); } }");
    }
    void consumer(const std::string &code, const std::string &settings = fast, const std::string &folder = "worker", const std::string &more = {})
    {
        run.project.write(folder + "/index.js", code);
        run.project.write(folder + "/wrangler.toml", "name = \"" + folder + "\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n" + more + "[[queues.consumers]]\nqueue = \"tasks\"\n" + settings);
        if (std::ranges::find(run.options.workers, run.project.path(folder + "/wrangler.toml")) == run.options.workers.end())
            run.options.workers.push_back(run.project.path(folder + "/wrangler.toml"));
    }
    /// What consumers have written to the console, without the Worker's name.
    std::vector<std::string> lines()
    {
        std::vector<std::string> all;
        for (const auto &line : run.all<events::ConsoleEvent>())
            all.push_back(line.text.substr(line.text.starts_with('[') ? line.text.find("] ") + 2 : 0));
        return all;
    }
    bool says(const std::string &line)
    {
        std::vector<std::string> all;
        const bool said = waitUntil([&] {
            all = lines();
            return std::ranges::find(all, line) != all.end();
        });
        for (const std::string &other : said ? std::vector<std::string>() : all)
            qWarning("said: %s", other.c_str());
        return said;
    }
    /// The rows of that queue that are over.
    std::vector<events::RequestEvent> rows(events::RequestKind kind = events::RequestKind::Queue)
    {
        std::vector<events::RequestEvent> found;
        for (const auto &row : run.all<events::RequestEvent>()) {
            if (row.kind == kind && row.state == events::RequestState::Finished)
                found.push_back(row);
        }
        return found;
    }
    QueueStore::Counts counts(const std::string &queue) const
    {
        QueueStore store(run.session().stateFolder());
        return store.counts(queue, QDateTime::currentMSecsSinceEpoch()).value();
    }
    bool isEmpty(const std::string &queue) const
    {
        return waitUntil([&] { return counts(queue).total() == 0; });
    }

    mutable Running run;
};

const char *const show = "const show = (m) => console.log(m.attempts + ' ' + JSON.stringify(m.body)); ";

} // namespace

class TestQueues final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// The case of the guide (whose snippet says `request` for `context.request`), and what wrangler says that it cannot do: producer and consumer in one place.
    void guide()
    {
        Bench bench;
        bench.run.project.write("functions/guided.js", "export async function onRequest(context) {\n  const { request } = context;\n  await context.env.MY_QUEUE.send({\n    url: request.url,\n    method: request.method,\n"
                                                       "    headers: Object.fromEntries(request.headers),\n  });\n\n  return new Response(\"Sent!\");\n}\n");
        bench.consumer("export default { async queue(batch, env, ctx) { for (const m of batch.messages) console.log(batch.queue, m.body.method, new URL(m.body.url).pathname, m.body.headers['x-word']); } };");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/guided", "X-Word: given\r\n").body, std::string("Sent!"));
        QVERIFY(bench.says("tasks GET /guided given"));
        QVERIFY(bench.isEmpty("tasks"));
        const auto queues = bench.run.session().queues();
        QCOMPARE(queues.size(), 2U);
        QCOMPARE(queues[1].name, std::string("tasks"));
        QCOMPARE(queues[1].consumer, std::string("worker"));
        QCOMPARE(queues[1].producers, std::vector<std::string>{"pages"});
        QCOMPARE(queues[1].delivery, session::QueueStatus::Delivery::Running);
        QCOMPARE(queues[0].delivery, session::QueueStatus::Delivery::NoConsumer);
    }

    void rowOfADelivery()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.sendBatch([{ body: { n: 1 } }, { body: 'two', contentType: 'text' }]); return 'sent';");
        bench.consumer("export default { async queue(batch) { console.log('got', batch.messages.length); await caches.default.match('http://x/'); } };");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/send").body, std::string("sent"));
        QVERIFY(waitUntil([&] { return !bench.rows().empty(); }));
        const events::RequestEvent row = bench.rows()[0];
        const auto sender = bench.run.finished("/send");
        QVERIFY(sender);
        QCOMPARE(row.method, std::string("QUEUE"));
        QCOMPARE(row.target, std::string("tasks"));
        QCOMPARE(row.handler, std::string("worker"));
        QCOMPARE(row.cause, sender->id);
        QCOMPARE(row.error, std::string());
        const auto recording = bench.run.session().recorder().recording();
        std::optional<events::RequestRecord> record;
        QVERIFY(waitUntil([&] {
            const auto at = recording->find(row.id);
            record = at ? recording->record(*at) : std::nullopt;
            return record && !record->content.requestBody.empty() && record->calls.size() >= 2;
        }));
        QCOMPARE(record->request.cause, sender->id);
        QVERIFY2(record->content.requestBody.find("\"body\":{\"n\":1}") != std::string::npos, record->content.requestBody.c_str());
        QVERIFY2(record->content.requestBody.find("\"contentType\":\"text\"") != std::string::npos, record->content.requestBody.c_str());
        QVERIFY2(record->content.responseBody.starts_with("{\"outcome\":\"ok\",\"ackAll\":false"), record->content.responseBody.c_str());
        QCOMPARE(record->console.size(), 1U);
        QVERIFY(std::ranges::any_of(record->calls, [](const auto &call) { return call.kind == "handler" && call.binding == "worker" && call.method == "queue"; }));
        QVERIFY(recording->fits(events::RequestQuery::parse("kind:queue method:QUEUE").value(), *recording->find(row.id)));
        // The producer's row tells the call.
        std::optional<events::CallEvent> call;
        for (const auto &one : bench.run.all<events::CallEvent>()) {
            if (one.kind == "queue")
                call = one;
        }
        QVERIFY(call);
        QCOMPARE(call->request, sender->id);
        QCOMPARE(call->binding, std::string("MY_QUEUE"));
        QCOMPARE(call->method, std::string("sendBatch"));
        QCOMPARE(call->bytes, std::uint64_t(10));
        QVERIFY2(call->arguments.find("{\"body\":{\"n\":1}}") != std::string::npos, call->arguments.c_str());
    }

    void contentTypes()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send({ a: [1, null] }); await env.MY_QUEUE.send('t\\u00e9', { contentType: 'text' });"
                               " await env.MY_QUEUE.send(new Uint8Array([0, 255, 7]).subarray(1), { contentType: 'bytes' }); await env.MY_QUEUE.send(new Float16Array([1.5]), { contentType: 'bytes' }); await env.MY_QUEUE.send(new Map([[1, new Date(5)]]), { contentType: 'v8' });");
        bench.consumer("export default { queue(batch) { for (const { body } of batch.messages) console.log(body instanceof ArrayBuffer ? 'bytes ' + new Uint8Array(body).join() : body instanceof Map ? 'map ' + body.get(1).getTime() : JSON.stringify(body)); } };");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/send").body, std::string("null"));
        for (const char *line : {"{\"a\":[1,null]}", "\"t\xc3\xa9\"", "bytes 255,7", "bytes 0,62", "map 5"})
            QVERIFY2(bench.says(line), line);
    }

    void producerApi()
    {
        Bench bench;
        bench.function("api", "const told = await env.LONELY.send('one'); const second = await env.LONELY.sendBatch(new Set([{ body: 2 }, { body: 3, delaySeconds: 60 }]), { delaySeconds: 0 }); const m = await env.LONELY.metrics();"
                              " return [told.metadata.metrics, second.metadata.metrics.backlogCount, second.metadata.metrics.backlogBytes, second.metadata.metrics.oldestMessageTimestamp instanceof Date, m.backlogCount, env.LONELY.constructor.name, Object.keys(env).sort()];");
        const auto throws = [&](const std::string &name, const std::string &call) { bench.function(name, "try { await " + call + "; return 'fine'; } catch (e) { return e.name + ': ' + e.message; }"); };
        throws("undefined", "env.LONELY.send()");
        throws("text", "env.LONELY.send({}, { contentType: 'text' })");
        throws("bytes", "env.LONELY.send('x', { contentType: 'bytes' })");
        throws("unknown", "env.LONELY.send('x', { contentType: 'foo' })");
        throws("none", "env.LONELY.sendBatch([])");
        throws("large", "env.LONELY.send('x'.repeat(128000))");
        throws("many", "env.LONELY.sendBatch(Array.from({ length: 101 }, (_, i) => ({ body: i })))");
        throws("halves", "env.LONELY.send({ a: new Float16Array(1) }, { contentType: 'v8' })");
        throws("function", "env.LONELY.send(() => 1, { contentType: 'v8' })");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/api").body, std::string("[{\"backlogCount\":0,\"backlogBytes\":0},1,5,true,2,\"WorkerQueue\",[\"ASSETS\",\"CF_PAGES\",\"CF_PAGES_BRANCH\",\"CF_PAGES_COMMIT_SHA\",\"CF_PAGES_URL\",\"LONELY\",\"MY_QUEUE\"]]"));
        QCOMPARE(bench.run.get("/undefined").body, std::string("TypeError: Message body cannot be undefined"));
        QCOMPARE(bench.run.get("/text").body, std::string("TypeError: Content Type \"text\" requires a value of type string, but received: object"));
        QCOMPARE(bench.run.get("/bytes").body, std::string("TypeError: Content Type \"bytes\" requires a value of type ArrayBufferView, but received: string"));
        QCOMPARE(bench.run.get("/unknown").body, std::string("TypeError: Unsupported queue message content type: foo"));
        QCOMPARE(bench.run.get("/none").body, std::string("TypeError: sendBatch() requires at least one message"));
        QCOMPARE(bench.run.get("/large").body, std::string("Error: Queue send failed: message length of 128002 bytes exceeds limit of 128000"));
        QCOMPARE(bench.run.get("/many").body, std::string("Error: Queue sendBatch failed: batch message count of 101 exceeds limit of 100"));
        QCOMPARE(bench.run.get("/halves").body, std::string("DataCloneError: #<Float16Array> could not be cloned."));
        QVERIFY(bench.run.get("/function").body.starts_with("DataCloneError"));
        QCOMPARE(bench.counts("lonely").waiting, 2U);
        QCOMPARE(bench.counts("lonely").delayed, 1U);
    }

    void newerDatesHideTheReason()
    {
        Bench bench;
        bench.run.project.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-12\"\n[[queues.producers]]\nbinding = \"LONELY\"\nqueue = \"lonely\"\n");
        bench.function("large", "await env.LONELY.send('x'.repeat(128000));");
        QVERIFY(bench.run.start());
        QCOMPARE(bench.run.get("/large").body, std::string("threw Error: Unknown Internal Error (15000)"));
        QVERIFY(waitUntil([&] { return std::ranges::any_of(bench.run.all<events::CallEvent>(), [](const auto &call) { return call.error.find("128002 bytes") != std::string::npos; }); }));
    }

    /// As the product documents it: what is said of a message wins over what is said of the batch, the first over the later.
    void outcomes_data()
    {
        QTest::addColumn<QString>("handler"); // of a batch of 'a' and 'b'
        QTest::addColumn<QStringList>("again"); // delivered a second time
        QTest::addColumn<QString>("outcome");
        const QStringList none;
        const QStringList both{u"a"_s, u"b"_s};
        QTest::newRow("nothing said") << "" << none << "ok";
        QTest::newRow("throw") << "throw new Error('boom');" << both << "exception";
        QTest::newRow("rejected") << "return Promise.reject(new Error('boom'));" << both << "exception";
        QTest::newRow("waitUntil rejected") << "ctx.waitUntil(Promise.reject(new Error('boom')));" << both << "exception";
        QTest::newRow("retryAll") << "batch.retryAll();" << both << "ok";
        QTest::newRow("ackAll") << "batch.ackAll();" << none << "ok";
        QTest::newRow("ack one and throw") << "a.ack(); throw new Error('boom');" << QStringList{u"b"_s} << "exception";
        QTest::newRow("retry one") << "b.retry();" << QStringList{u"b"_s} << "ok";
        QTest::newRow("retry one, ackAll") << "b.retry(); batch.ackAll();" << QStringList{u"b"_s} << "ok";
        QTest::newRow("ack one, retryAll") << "a.ack(); batch.retryAll();" << QStringList{u"b"_s} << "ok";
        QTest::newRow("ackAll, then throw") << "batch.ackAll(); throw new Error('boom');" << both << "exception";
        QTest::newRow("ack, then retry") << "a.ack(); a.retry();" << none << "ok";
        QTest::newRow("retry, then ack") << "a.retry(); a.ack();" << QStringList{u"a"_s} << "ok";
    }
    void outcomes()
    {
        QFETCH(const QString, handler);
        QFETCH(QStringList, again);
        QFETCH(const QString, outcome);
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.sendBatch([{ body: 'a' }, { body: 'b' }]);");
        bench.consumer("export default { queue(batch, env, ctx) { for (const m of batch.messages) console.log(m.attempts + m.body); if (batch.messages[0].attempts > 1) return; const [a, b] = batch.messages; "
                + handler.toStdString() + " } };", "max_batch_size = 2\nmax_batch_timeout = 0\n");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.isEmpty("tasks"));
        QStringList second;
        for (const std::string &line : bench.lines()) {
            if (line.starts_with('2'))
                second << QString::fromStdString(line.substr(1));
        }
        second.sort();
        QCOMPARE(second, again);
        QVERIFY(waitUntil([&] { return !bench.rows().empty(); }));
        QCOMPARE(bench.rows()[0].error.empty(), outcome == u"ok");
        QCOMPARE(bench.rows().size(), again.isEmpty() ? 1U : 2U);
    }

    void retriesThenDeadLetters()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('x');");
        bench.consumer(std::string(show) + "const ids = new Set(); export default { queue(batch) { for (const m of batch.messages) { show(m); ids.add(m.id); } if (batch.queue === 'tasks') throw new Error('no'); console.log(batch.queue + ' ' + ids.size); } };",
            std::string(fast) + "max_retries = 1\ndead_letter_queue = \"dlq\"\n[[queues.consumers]]\nqueue = \"dlq\"\n" + fast);
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.says("dlq 1")); // with the same id
        QCOMPARE(bench.lines(), (std::vector<std::string>{"1 \"x\"", "2 \"x\"", "1 \"x\"", "dlq 1"}));
        QVERIFY(bench.isEmpty("dlq"));
        QVERIFY(waitUntil([&] { return std::ranges::any_of(bench.run.all<events::NoticeEvent>(), [](const auto &one) { return one.code == "queue.dead-letter"; }); }));
        const auto queues = bench.run.session().queues();
        QCOMPARE(queues[0].name, std::string("dlq"));
        QCOMPARE(queues[0].deadLettersOf, std::vector<std::string>{"tasks"});
    }

    void withoutDeadLetterQueueItStaysDead()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('x');");
        bench.consumer("export default { queue(batch) { batch.retryAll({ delaySeconds: 0 }); } };", std::string(fast) + "max_retries = 0\n");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(waitUntil([&] { return bench.counts("tasks").dead == 1; }));
        QVERIFY(waitUntil([&] { return std::ranges::any_of(bench.run.all<events::NoticeEvent>(), [](const auto &one) { return one.code == "queue.dead"; }); }));
        QCOMPARE(bench.rows().size(), 1U);
    }

    void retryDelay()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('x');");
        bench.consumer("let first; export default { queue(batch) { const [m] = batch.messages; if (m.attempts === 1) { first = Date.now(); m.retry({ delaySeconds: 1 }); } else console.log('after', Date.now() - first >= 990); } };",
            std::string(fast) + "retry_delay = 100\n");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.says("after true"));
    }

    void batchesBySizeAndTime()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.sendBatch([1, 2, 3, 4, 5].map((body) => ({ body })));");
        bench.consumer("export default { queue(batch) { console.log('batch of', batch.messages.length, 'behind it', batch.metadata.metrics.backlogCount); } };", "max_batch_size = 2\nmax_batch_timeout = 2\n");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.says("batch of 2 behind it 3"));
        QVERIFY(bench.says("batch of 2 behind it 1"));
        QVERIFY(bench.says("batch of 1 behind it 0")); // after two seconds
    }

    void deliverNow()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send(1);");
        bench.consumer("export default { queue(batch) { console.log('delivered'); } };", "max_batch_timeout = 60\n");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QCOMPARE(bench.counts("tasks").waiting, 1U);
        bench.run.session().deliverQueue("tasks");
        QVERIFY(bench.says("delivered"));
    }

    void classSyntaxAndListeners()
    {
        {
            Bench bench;
            bench.function("send", "await env.MY_QUEUE.send('c');");
            bench.consumer("import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint { async queue(batch) { console.log('class', batch.messages[0].body, this.env.WORD, typeof this.ctx.waitUntil); } }", fast, "worker", "[vars]\nWORD = \"w\"\n");
            QVERIFY(bench.run.start());
            bench.run.get("/send");
            QVERIFY(bench.says("class c w function"));
        }
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('l');");
        bench.consumer("addEventListener('queue', (event) => { event.waitUntil((async () => { for (const m of event.messages) { m.ack(); console.log('listener', event.queue, m.body, event.constructor.name); } })()); });");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.says("listener tasks l QueueEvent"));
        QVERIFY(bench.isEmpty("tasks"));
    }

    void noHandler()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('x');");
        bench.consumer("export default { fetch() { return new Response(''); } };", std::string(fast) + "max_retries = 0\n");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(waitUntil([&] { return !bench.rows().empty(); }));
        QVERIFY2(bench.rows()[0].error.find("Handler does not export a queue() function.") != std::string::npos, bench.rows()[0].error.c_str());
    }

    /// A message outlives a stop, and a new consumer gets what waits.
    void waitsForAConsumer()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('kept');");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.run.stop());
        QCOMPARE(bench.counts("tasks").waiting, 1U);
        bench.consumer("export default { queue(batch) { console.log('got', batch.messages[0].body); } };");
        bench.run.session().setWorkers(bench.run.options.workers);
        QVERIFY(bench.run.start());
        QVERIFY(bench.says("got kept"));
        QVERIFY(bench.rows()[0].cause != 0); // the same log still counts its sender
    }

    void brokenCodeLosesNothing()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('kept');");
        bench.consumer("export default { queue(batch) { syntax error } };");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QCOMPARE(bench.run.session().queues()[1].delivery, session::QueueStatus::Delivery::Stopped);
        QCOMPARE(bench.counts("tasks").waiting, 1U);
        bench.consumer("export default { queue(batch) { console.log('got', batch.messages[0].attempts); } };");
        QVERIFY(bench.says("got 1"));
    }

    /// A stop in the middle of a delivery: no attempt is counted.
    void stopInTheMiddle()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('x');");
        bench.consumer("export default { async queue(batch) { console.log('begun', batch.messages[0].attempts); await new Promise((r) => setTimeout(r, 600000)); } };");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.says("begun 1"));
        QCOMPARE(bench.counts("tasks").inFlight, 1U);
        QVERIFY(bench.run.stop());
        QCOMPARE(bench.counts("tasks").waiting, 1U);
        bench.consumer("export default { queue(batch) { console.log('again', batch.messages[0].attempts); } };");
        QVERIFY(bench.run.start());
        QVERIFY(bench.says("again 1"));
    }

    void tooLong()
    {
        Bench bench;
        bench.run.options.cpuMs = 200;
        bench.function("send", "await env.MY_QUEUE.send('x');");
        bench.consumer("export default { queue(batch) { if (batch.messages[0].attempts === 1) for (;;) ; console.log('second'); } };");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.says("second"));
        QVERIFY(bench.rows()[0].error.starts_with("Worker exceeded CPU time limit."));
    }

    void twoConsumers()
    {
        Bench bench;
        bench.consumer("export default { queue() {} };", fast, "first");
        bench.consumer("export default { queue() {} };", fast, "second");
        QVERIFY(!bench.run.start());
        const base::Error error = bench.run.session().failure();
        QCOMPARE(error.code, std::string("session.queue-consumers"));
        QVERIFY2(error.message.find("first (") != std::string::npos && error.message.find("second (") != std::string::npos, error.message.c_str());
    }

    void wrongSettings()
    {
        Bench bench;
        bench.consumer("export default { queue() {} };", "max_batch_size = 101\n");
        QVERIFY(bench.run.start());
        const auto workers = bench.run.session().workers();
        QVERIFY(workers[0].error);
        QCOMPARE(workers[0].error->code, std::string("worker.triggers"));
        QVERIFY(workers[0].error->place.line > 0);
    }

    void paused()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('x');");
        bench.consumer("export default { queue(batch) { console.log('delivered'); } };");
        QVERIFY(bench.run.start());
        QueueStore store(bench.run.session().stateFolder());
        QVERIFY(store.setDelivery("tasks", QueueStore::Delivery::Paused));
        bench.run.get("/send");
        bench.run.session().deliverQueue("tasks");
        QTest::qWait(700);
        QVERIFY(bench.rows().empty());
        QVERIFY(store.setDelivery("tasks", QueueStore::Delivery::Running));
        bench.run.session().queuesTouched();
        QVERIFY(bench.says("delivered"));
    }

    /// Another program holds the file while a handler comes to its end, for longer than anybody waits for a lock.
    void whatCannotBeWrittenDownAtOnce()
    {
        Bench bench;
        bench.function("send", "await env.MY_QUEUE.send('one'); return 'sent';");
        bench.consumer("export default { async queue(batch) { console.log('begun'); await scheduler.wait(500); console.log('over'); } };");
        QVERIFY(bench.run.start());
        bench.run.get("/send");
        QVERIFY(bench.says("begun"));
        {
            auto other = storage::Database::open(QueueStore::fileOf(bench.run.session().stateFolder()), storage::Database::Mode::Existing);
            QVERIFY(other);
            QVERIFY((*other)->execute("BEGIN IMMEDIATE"));
            QVERIFY(waitUntil([&] { return std::ranges::any_of(bench.run.all<events::NoticeEvent>(), [](const auto &notice) { return notice.code.starts_with("storage."); }); }));
            QVERIFY((*other)->execute("COMMIT"));
        }
        QVERIFY(bench.isEmpty("tasks"));
        QCOMPARE(bench.rows().size(), 1U);
        QCOMPARE(std::ranges::count(bench.lines(), std::string("begun")), 1);
    }

    void crons()
    {
        Bench bench;
        bench.run.project.write("worker/index.js", "export default { async scheduled(controller, env, ctx) { console.log('ran', controller.cron, typeof controller.scheduledTime); ctx.waitUntil(Promise.resolve()); controller.noRetry(); if (controller.cron === '0 0 * * *') throw new Error('midnight'); } };");
        bench.run.project.write("worker/wrangler.toml", "name = \"worker\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n[triggers]\ncrons = [\"*/5 * * * *\", \"0 0 * * *\", \"61 * * * *\"]\n");
        bench.run.options.workers = {bench.run.project.path("worker/wrangler.toml")};
        QVERIFY(bench.run.start());
        session::Session &session = bench.run.session();
        const auto crons = session.crons();
        QCOMPARE(crons.size(), 3U);
        QCOMPARE(crons[0].worker, std::string("worker"));
        QVERIFY(crons[0].runs);
        QVERIFY(crons[0].nextMs && *crons[0].nextMs > QDateTime::currentMSecsSinceEpoch() && *crons[0].nextMs <= QDateTime::currentMSecsSinceEpoch() + 300'000);
        QVERIFY(crons[2].error && crons[2].error->place.line > 0);
        const auto id = session.runCron("worker", "*/5 * * * *");
        QVERIFY(id);
        QVERIFY(bench.says("ran */5 * * * * number"));
        QVERIFY(session.runCron("worker", "0 0 * * *"));
        QVERIFY(waitUntil([&] { return bench.rows(events::RequestKind::Cron).size() == 2; }));
        const auto rows = bench.rows(events::RequestKind::Cron);
        QCOMPARE(rows[0].id, *id);
        QCOMPARE(rows[0].method, std::string("CRON"));
        QCOMPARE(rows[0].target, std::string("*/5 * * * *"));
        QCOMPARE(rows[0].error, std::string());
        QVERIFY(rows[1].error.find("midnight") != std::string::npos);
        QVERIFY(!session.runCron("nobody", "* * * * *"));
    }
};

QTEST_GUILESS_MAIN(TestQueues)
#include "t_queues.moc"
