// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/recording.h"
#include "simplerecording.h"
#include "traffic.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cmath>
#include <thread>

using namespace cleat;
using events::Batch;
using events::Recording;
using events::RequestEvent;
using events::RequestQuery;
using events::RequestState;
using Sequence = Recording::Sequence;

namespace {

void take(Recording &recording, Batch &&batch, const events::Redactor *redactor = nullptr)
{
    const std::vector batches{std::make_shared<const Batch>(std::move(batch))};
    recording.take(batches, redactor);
}

std::vector<Sequence> allOf(const Recording &recording)
{
    std::vector<Sequence> rows;
    const auto held = recording.held();
    for (Sequence one = held.first; one < held.end; ++one)
        rows.push_back(one);
    return rows;
}

bool near(std::uint32_t value, std::uint32_t exact)
{
    return std::abs(static_cast<double>(value) - exact) <= exact * 0.05;
}

bool near(const Recording::Bucket &a, const Recording::Bucket &b)
{
    return a.requests == b.requests && a.errors == b.errors && a.responseBytes == b.responseBytes && near(a.p50Us, b.p50Us) && near(a.p95Us, b.p95Us) && near(a.p99Us, b.p99Us);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr events::RequestId million = 50'000; ///< sanitizers take their time
#else
constexpr events::RequestId million = 1'000'000;
#endif

constexpr Recording::Key keys[] = {Recording::Key::Time, Recording::Key::Method, Recording::Key::Path, Recording::Key::Status, Recording::Key::Duration, Recording::Key::RequestSize,
    Recording::Key::ResponseSize, Recording::Key::Calls, Recording::Key::Handler, Recording::Key::Kind, Recording::Key::Error};

constexpr const char *queries[] = {"todos", "-todos", "5xx", "status:200-299 -kind:kv", "kind:d1", "-binding:users", "dur:>1ms", "dur:<30us", "size:>50k", "error:*", "-error:table", "console:a*",
    "console:TODOS", "env:preview", "env:top", "-env:p*", "method:get,PUT", "path:*y=2", "handler:api", "header.accept:todos", "header.x-thing:*", "-header.HOST:a*", "body:users", "-body:*",
    "method:POST kind:fetch -status:404", "\"error: no\"", "header.nothing:*"};

} // namespace

class TestRecording final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void asTheSimpleOne_data();
    void asTheSimpleOne();
    void changesAreTold();
    void tooManyChanges();
    void latePartsFindTheirRow();
    void oldestGoFirst();
    void oneRequestDoesNotGrowForEver();
    void clearForgets();
    void importedRows();
    void secretsAreRedacted();
    void timelineEdges();
    void stops();
    void readWhileWritten();
    void aMillionHellos();
    void aMillionPaths();
};

void TestRecording::asTheSimpleOne_data()
{
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("events");
    QTest::addColumn<qulonglong>("bytes");
    QTest::newRow("roomy") << 1 << 60'000 << (qulonglong(1) << 30);
    QTest::newRow("tight") << 2 << 40'000 << qulonglong(3'000'000);
    QTest::newRow("tighter") << 3 << 30'000 << qulonglong(1'500'000);
}

void TestRecording::asTheSimpleOne()
{
    QFETCH(int, seed);
    QFETCH(int, events);
    QFETCH(qulonglong, bytes);
    Recording real(bytes);
    test::SimpleRecording simple;
    test::RandomTraffic traffic(static_cast<std::uint32_t>(seed));
    events::RequestId newest = 1;
    const bool roomy = bytes > 100'000'000;
    for (int done = 0; done < events;) {
        Batch batch;
        for (std::uint32_t i = traffic.below(roomy ? 3000 : 40) + 1; i > 0; --i) {
            newest += traffic.below(3) == 0 ? 1 : 0;
            batch.push_back(traffic.event(newest - std::min<events::RequestId>(newest, traffic.below(traffic.below(20) == 0 && roomy ? 5000 : 30))));
        }
        done += static_cast<int>(batch.size());
        // Requests of a batch come first.
        for (const auto &event : batch) {
            if (std::holds_alternative<RequestEvent>(event))
                simple.take(event);
        }
        for (const auto &event : batch) {
            if (!std::holds_alternative<RequestEvent>(event))
                simple.take(event);
        }
        take(real, std::move(batch));
        if (real.held().first > simple.first())
            simple.keepFrom(real.held().first);
        if (traffic.below(400) == 0) {
            real.clear();
            simple.clear();
        }
        // What belonged to rows that are gone comes to the simple one's next row of that id, as it does in the real one: nothing to compare apart.
        QCOMPARE(real.held().first, simple.first());
        QCOMPARE(real.held().end, simple.end());
        QVERIFY(real.bytes() <= bytes);
    }
    const auto held = real.held();
    QVERIFY(held.size() > 0);
    for (Sequence one = held.first; one < held.end; ++one) {
        const auto &expected = simple.at(one);
        const auto record = real.record(one);
        QVERIFY(record);
        if (*record != expected)
            qInfo("row %llu of %llu..%llu", static_cast<unsigned long long>(one), static_cast<unsigned long long>(held.first), static_cast<unsigned long long>(held.end));
        QVERIFY(*record == expected);
        const auto row = real.row(one);
        QVERIFY(row);
        QVERIFY(row->request == expected.request);
        QCOMPARE(row->sequence, one);
        QCOMPARE(row->calls, test::SimpleRecording::calls(expected));
        QCOMPARE(row->spans, static_cast<std::uint32_t>(expected.calls.size()));
        QCOMPARE(row->consoleLines, static_cast<std::uint32_t>(expected.console.size()));
        QCOMPARE(row->exceptions, static_cast<std::uint32_t>(expected.exceptions.size()));
        QCOMPARE(real.find(expected.request.id), std::optional(one));
    }
    QVERIFY(!real.row(held.end));
    QVERIFY(!real.record(held.first - 1));
    QCOMPARE(real.revisionOf(held.end), 0U);
    const Sequence quarter = held.size() / 4;
    for (const char *line : queries) {
        const auto query = RequestQuery::parse(line);
        QVERIFY(query);
        const auto expected = simple.matching(*query, held.first, held.end);
        QVERIFY2(real.matching(*query, 0, held.end + 10) == expected, line);
        QVERIFY2(real.matching(*query, held.first + quarter, held.end - quarter) == simple.matching(*query, held.first + quarter, held.end - quarter), line);
        for (Sequence one = held.first; one < held.end; one += 97)
            QCOMPARE(real.fits(*query, one), std::ranges::binary_search(expected, one));
    }
    auto rows = allOf(real);
    rows.push_back(held.end + 5);
    rows.push_back(held.first - 1);
    for (const auto key : keys) { // each on what the one before left
        for (const auto order : {Recording::Order::Ascending, Recording::Order::Descending}) {
            const auto expected = simple.sorted(rows, key, order);
            real.sort(rows, key, order);
            QVERIFY2(rows == expected, qPrintable(QString::number(static_cast<int>(key))));
        }
    }
    const auto traffics = [&](std::int64_t from, std::int64_t to) {
        test::SimpleRecording::Traffic sum;
        for (Sequence one = held.first; one < held.end; ++one) {
            if (simple.at(one).request.startUs >= from && simple.at(one).request.startUs < to)
                sum.add(simple.at(one));
        }
        return sum.done();
    };
    QVERIFY(near(real.total(), traffics(0, std::numeric_limits<std::int64_t>::max())));
    const std::int64_t from = simple.at(held.first).request.startUs;
    const std::int64_t stretch = 500'000;
    const auto line = real.timeline(from, from + 10 * stretch, 10);
    QCOMPARE(line.size(), std::size_t(10));
    for (int i = 0; i < 10; ++i)
        QVERIFY(near(line[static_cast<std::size_t>(i)], traffics(from + i * stretch, from + (i + 1) * stretch)));

    std::map<std::pair<std::string, std::string>, test::SimpleRecording::Traffic> groups;
    for (const Sequence one : rows)
        groups[{simple.at(one).request.method, simple.at(one).request.target.substr(0, simple.at(one).request.target.find('?'))}].add(simple.at(one));
    const auto byPath = real.byPath(rows);
    QCOMPARE(byPath.size(), groups.size());
    for (const auto &group : byPath)
        QVERIFY(near(group.traffic, groups.at({group.method, group.path}).done()));
    QVERIFY(std::ranges::is_sorted(byPath, std::ranges::greater{}, [](const auto &group) { return group.traffic.requests; }));

    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("x.cleatrec")).toStdString();
    QVERIFY(real.save(file));
    const auto opened = Recording::open(file);
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE((*opened)->held().size(), held.size());
    for (Sequence i = 0; i < held.size(); ++i)
        QVERIFY(*(*opened)->record((*opened)->held().first + i) == simple.at(held.first + i));
}

void TestRecording::changesAreTold()
{
    Recording recording;
    Batch first;
    for (events::RequestId id = 1; id <= 10'000; ++id)
        test::addHello(first, id, static_cast<std::int64_t>(id));
    take(recording, std::move(first));
    const auto before = recording.changedSince(recording.revision());
    QVERIFY(before.rows.empty() && !before.all);
    const std::uint32_t revision = recording.revisionOf(17);
    Batch late;
    for (const events::RequestId id : {9000, 17, 17, 5000}) {
        events::ConsoleEvent line;
        line.request = id;
        line.text = "late";
        late.emplace_back(line);
    }
    take(recording, std::move(late));
    const auto changes = recording.changedSince(before.revision);
    QVERIFY(!changes.all);
    QCOMPARE(changes.rows, (std::vector<Sequence>{17, 5000, 9000}));
    QCOMPARE(changes.revision, recording.revision());
    QCOMPARE(recording.revisionOf(17), revision + 2);
    QCOMPARE(recording.row(17)->consoleLines, 2U);
    QVERIFY(recording.changedSince(changes.revision).rows.empty());
    const std::uint64_t earlier = recording.revision();
    recording.clear();
    QVERIFY(recording.changedSince(earlier).all);
}

void TestRecording::tooManyChanges()
{
    Recording recording;
    Batch first;
    for (events::RequestId id = 1; id <= 40'000; ++id)
        test::addHello(first, id, 0);
    take(recording, std::move(first));
    const std::uint64_t revision = recording.revision();
    for (int round = 0; round < 3; ++round) {
        Batch again;
        for (events::RequestId id = 1; id <= 40'000; ++id)
            test::addHello(again, id, 1);
        take(recording, std::move(again));
        QVERIFY(recording.changedSince(revision).all);
    }
    QVERIFY(!recording.changedSince(recording.revision()).all);
    QCOMPARE(recording.held().size(), std::uint64_t(40'000));
}

void TestRecording::latePartsFindTheirRow()
{
    Recording recording;
    RequestEvent running;
    running.id = 7;
    running.method = "GET";
    running.target = "/slow";
    Batch batch{running};
    for (events::RequestId id = 100; id < 20'100; ++id)
        test::addHello(batch, id, 0);
    take(recording, std::move(batch));
    running.state = RequestState::Finished;
    running.status = 200;
    running.durationUs = 5'000'000;
    events::CallEvent call;
    call.request = 7;
    call.kind = "waituntil";
    events::CallEvent before; // of a request that nobody has told of yet
    before.request = 30'000;
    before.kind = "kv";
    take(recording, Batch{running, call, before});
    QCOMPARE(recording.held().size(), std::uint64_t(20'001));
    QCOMPARE(recording.record(1)->calls.size(), std::size_t(1));
    QVERIFY(recording.record(1)->request == running);
    running.id = 30'000;
    take(recording, Batch{running});
    QCOMPARE(recording.row(20'002)->calls, 1U);
    QCOMPARE(recording.find(30'000), std::optional<Sequence>(20'002));
}

void TestRecording::oldestGoFirst()
{
    constexpr std::size_t most = 4U << 20;
    Recording recording(most);
    for (events::RequestId id = 1; id <= 200'000;) {
        Batch batch;
        for (int i = 0; i < 500; ++i)
            test::addHello(batch, id++, 0);
        take(recording, std::move(batch));
        QVERIFY(recording.bytes() <= most);
        QCOMPARE(recording.held().end, id);
        QCOMPARE(recording.dropped(), recording.held().first - 1);
    }
    QVERIFY(recording.dropped() > 0);
    QVERIFY(recording.held().size() > 20'000);
    QVERIFY(!recording.find(1));
    recording.setMaxBytes(most / 2);
    QVERIFY(recording.bytes() <= most / 2);
    QCOMPARE(recording.held().end, std::uint64_t(200'001));
}

void TestRecording::oneRequestDoesNotGrowForEver()
{
    constexpr std::size_t most = 2U << 20;
    Recording recording(most);
    RequestEvent running;
    running.id = 1;
    take(recording, Batch{running});
    for (int i = 0; i < 2000; ++i) {
        Batch batch;
        for (int k = 0; k < 50; ++k)
            batch.emplace_back(events::ConsoleEvent{1, i, events::Level::Log, "line " + std::to_string(i * 50 + k), {}, {}});
        take(recording, std::move(batch));
        QVERIFY(recording.bytes() <= most);
    }
}

void TestRecording::clearForgets()
{
    Recording recording;
    Batch batch;
    for (events::RequestId id = 1; id <= 5000; ++id)
        test::addHello(batch, id, 0);
    take(recording, std::move(batch));
    recording.clear();
    QCOMPARE(recording.held(), (Recording::Range{5001, 5001}));
    QCOMPARE(recording.bytes(), std::size_t(0));
    QVERIFY(!recording.row(1) && !recording.find(1));
    QVERIFY(recording.matching(RequestQuery(), 0, 10'000).empty());
    QCOMPARE(recording.total(), Recording::Bucket());
    Batch more;
    test::addHello(more, 5001, 0);
    take(recording, std::move(more));
    QCOMPARE(recording.find(5001), std::optional<Sequence>(5001));
}

void TestRecording::importedRows()
{
    Recording recording;
    test::RandomTraffic traffic(5);
    events::RequestRecord record;
    record.request = traffic.request(3);
    record.content = traffic.content(3);
    record.calls = {traffic.call(3), traffic.call(3)};
    Batch batch;
    test::addHello(batch, 3, 0);
    take(recording, std::move(batch));
    const Sequence one = recording.add(events::RequestRecord(record));
    const Sequence two = recording.add(events::RequestRecord(record));
    QCOMPARE(two, one + 1);
    const auto id = recording.row(one)->request.id;
    QVERIFY(id != 3 && id != recording.row(two)->request.id);
    record.request.id = record.content.request = record.calls[0].request = record.calls[1].request = id;
    QVERIFY(*recording.record(one) == record);
    QCOMPARE(recording.row(1)->request.target, std::string("/hello"));
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("x.cleatrec")).toStdString();
    QVERIFY(recording.save(file));
    const auto opened = Recording::open(file);
    QVERIFY(opened);
    const Sequence three = (*opened)->add(events::RequestRecord(record)); // beside those that the file brought
    QCOMPARE(three, Sequence(4));
    QVERIFY(*(*opened)->record(2) == record);
}

void TestRecording::secretsAreRedacted()
{
    const events::Redactor redactor(std::vector<events::Redactor::Secret>{{"KEY", "hunter2-secret"}});
    Recording recording;
    for (events::RequestId id = 1; id <= 3; ++id) {
        RequestEvent request;
        request.id = id;
        events::ContentEvent content{id, "X: hunter2-secret\r\n", "HTTP/1.1 200 OK\r\nY: hunter2-secret\r\n", "{\"a\":\"hunter2-secret\"}", "key=hunter2-secret", "hunter2-secret"};
        content.responseBody.append(10'000, ' ').append("hunter2-secret");
        take(recording, Batch{request, content}, &redactor);
        const auto kept = recording.record(id)->content;
        for (const std::string *text : {&kept.requestHead, &kept.responseHead, &kept.cf, &kept.requestBody, &kept.responseBody}) {
            QVERIFY(text->find("hunter2") == std::string::npos);
            QVERIFY(text->find("[secret KEY]") != std::string::npos);
        }
    }
    const events::Redactor other(std::vector<events::Redactor::Secret>{{"OTHER", "Y: [secret"}});
    RequestEvent request;
    request.id = 4;
    take(recording, Batch{request, events::ContentEvent{4, "X: hunter2-secret\r\n", {}, {}, {}, {}}}, &other); // not what the redactor before knew
    QCOMPARE(recording.record(4)->content.requestHead, std::string("X: hunter2-secret\r\n"));
}

void TestRecording::timelineEdges()
{
    Recording recording;
    QVERIFY(recording.timeline(0, 10, 0).empty());
    QVERIFY(recording.timeline(0, 10, -3).empty());
    QCOMPARE(recording.timeline(10, 10, 4).size(), std::size_t(4));
    Batch batch;
    test::addHello(batch, 1, 0);
    test::addHello(batch, 2, 9);
    test::addHello(batch, 3, 10);
    test::addHello(batch, 4, -1);
    take(recording, std::move(batch));
    const auto line = recording.timeline(0, 10, 3);
    QCOMPARE(line[0].requests, 1U);
    QCOMPARE(line[1].requests, 0U);
    QCOMPARE(line[2].requests, 1U);
    QVERIFY(recording.byPath({}).empty());
    std::vector<Sequence> none;
    recording.sort(none, Recording::Key::Path, Recording::Order::Ascending);
    QVERIFY(none.empty());
}

void TestRecording::stops()
{
    Recording recording;
    Batch batch;
    for (events::RequestId id = 1; id <= 5000; ++id)
        test::addHello(batch, id, 0);
    take(recording, std::move(batch));
    std::stop_source stop;
    stop.request_stop();
    QVERIFY(recording.matching(*RequestQuery::parse("hello"), 1, 5001, stop.get_token()).empty());
    auto rows = allOf(recording);
    const auto before = rows;
    recording.sort(rows, Recording::Key::Duration, Recording::Order::Descending, stop.get_token());
    QCOMPARE(rows, before);
    QVERIFY(recording.byPath(rows, stop.get_token()).empty());
}

void TestRecording::readWhileWritten()
{
    Recording recording(3U << 20);
    std::atomic<bool> over = false;
    std::atomic<int> wrong = 0;
    const auto read = [&](std::uint32_t seed) {
        test::RandomTraffic random(seed);
        std::uint64_t revision = 0;
        Sequence end = 0;
        while (!over) {
            const auto changes = recording.changedSince(revision);
            if (changes.revision < revision || !std::ranges::is_sorted(changes.rows))
                ++wrong;
            revision = changes.revision;
            const auto held = recording.held();
            if (held.end < end)
                ++wrong;
            end = held.end;
            if (held.size() == 0)
                continue;
            const Sequence one = held.first + random.below(static_cast<std::uint32_t>(held.size()));
            if (const auto record = recording.record(one)) { // every request is told in one piece
                const auto id = record->request.id;
                if (record->content.request != id || std::ranges::any_of(record->calls, [id](const auto &call) { return call.request != id; }))
                    ++wrong;
                if (record->request.target != "/hello" && record->request.target != "/api/" + std::to_string(id))
                    ++wrong;
            }
            recording.row(one);
            const auto query = RequestQuery::parse(queries[random.below(static_cast<std::uint32_t>(std::size(queries)))]);
            auto rows = recording.matching(*query, held.first, held.end);
            if (!std::ranges::is_sorted(rows))
                ++wrong;
            recording.sort(rows, keys[random.below(11)], Recording::Order::Descending);
            recording.timeline(0, 1'000'000, 20);
            if (random.below(4) == 0)
                recording.byPath(rows);
        }
    };
    std::vector<std::jthread> readers;
    for (std::uint32_t seed = 1; seed <= 3; ++seed)
        readers.emplace_back(read, seed);
    for (events::RequestId id = 1; id <= 24'000;) {
        Batch batch;
        for (int i = 0; i < 60; ++i, ++id) {
            test::addHello(batch, id, static_cast<std::int64_t>(id));
            if (id % 3 == 0)
                std::get<RequestEvent>(batch[batch.size() - 2]).target = "/api/" + std::to_string(id);
            if (id > 9000 && id % 5 == 0)
                batch.emplace_back(events::ConsoleEvent{id - id % 9000, 0, events::Level::Log, "late", {}, {}});
        }
        take(recording, std::move(batch));
        if (id % 10'000 < 60)
            recording.clear();
    }
    over = true;
    readers.clear();
    QCOMPARE(wrong.load(), 0);
}

void TestRecording::aMillionHellos()
{
    constexpr events::RequestId count = million;
    Recording recording;
    qint64 taking = 0;
    qint64 longest = 0;
    for (events::RequestId id = 1; id <= count;) {
        Batch batch;
        for (int i = 0; i < 1000; ++i, ++id)
            test::addHello(batch, id, static_cast<std::int64_t>(id) * 20);
        const std::vector batches{std::make_shared<const Batch>(std::move(batch))};
        QElapsedTimer timer;
        timer.start();
        recording.take(batches, nullptr);
        const qint64 took = timer.nsecsElapsed();
        taking += took;
        longest = std::max(longest, took);
    }
    QCOMPARE(recording.held().size(), count);
    QVERIFY(recording.bytes() < 160U << 20);
    qInfo("held: %.1f MiB; taken: %.0f ns a request, at most %.2f ms a thousand", static_cast<double>(recording.bytes()) / (1 << 20), static_cast<double>(taking) / count,
        static_cast<double>(longest) / 1e6);
    const auto timed = [](const char *what, auto work) {
        QElapsedTimer timer;
        timer.start();
        const auto found = work();
        qInfo("%-34s %7.1f ms, %zu", what, static_cast<double>(timer.nsecsElapsed()) / 1e6, static_cast<std::size_t>(found));
        return found;
    };
    for (const char *line : {"path:/hello", "path:/api", "status:5xx", "dur:>0.15", "kind:handler", "header.x-header-number-3:some", "console:x", "body:world", "/hello -5xx", "env:production"}) {
        const auto query = *RequestQuery::parse(line);
        const auto found = timed(line, [&] { return recording.matching(query, 1, count + 1).size(); });
        QCOMPARE(found, line == std::string("path:/api") || line == std::string("status:5xx") || line == std::string("console:x") ? std::size_t(0) : line[0] == 'd' ? found : std::size_t(count));
    }
    for (const auto key : keys) {
        auto rows = allOf(recording);
        timed(qPrintable(QStringLiteral("sort by %1").arg(static_cast<int>(key))), [&] {
            recording.sort(rows, key, Recording::Order::Descending);
            return rows.size();
        });
    }
    timed("total", [&] { return recording.total().requests; });
    timed("timeline of 300", [&] { return recording.timeline(0, count * 20, 300).size(); });
    timed("timeline of the last hundredth", [&] { return recording.timeline(count * 20 / 100 * 99, count * 20, 300).size(); });
    const auto rows = allOf(recording);
    timed("by path", [&] { return recording.byPath(rows).size(); });
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("x.cleatrec")).toStdString();
    timed("save", [&] { return recording.save(file) ? std::filesystem::file_size(file) : 0; });
    const auto opened = timed("open", [&] {
        const auto one = Recording::open(file);
        return one ? (*one)->held().size() : 0;
    });
    QCOMPARE(opened, count);
}

void TestRecording::aMillionPaths()
{
    constexpr events::RequestId count = million;
    Recording recording(std::size_t(1) << 30);
    for (events::RequestId id = 1; id <= count;) {
        Batch batch;
        for (int i = 0; i < 1000; ++i, ++id) {
            test::addHello(batch, id, static_cast<std::int64_t>(id) * 20);
            auto &request = std::get<RequestEvent>(batch[batch.size() - 2]);
            request.target = "/api/items/" + std::to_string(id * 7919 % count) + "?page=" + std::to_string(id % 10);
            request.status = static_cast<std::uint16_t>(200 + id % 400);
            auto &call = std::get<events::CallEvent>(batch[batch.size() - 3]);
            call.kind = id % 2 == 0 ? "kv" : "d1";
            call.arguments = "[\"key " + std::to_string(id) + "\"]";
            if (id % 4 == 0)
                batch.emplace_back(events::ConsoleEvent{id, 0, events::Level::Log, "Looking for item " + std::to_string(id), {}, {}});
        }
        take(recording, std::move(batch));
    }
    qInfo("held: %.1f MiB", static_cast<double>(recording.bytes()) / (1 << 20));
    QCOMPARE(recording.held().size(), count);
    const auto timed = [](const char *what, auto work) {
        QElapsedTimer timer;
        timer.start();
        const auto found = work();
        qInfo("%-34s %7.1f ms, %zu", what, static_cast<double>(timer.nsecsElapsed()) / 1e6, static_cast<std::size_t>(found));
    };
    for (const char *line : {"path:/items/77", "path:/api/*page=3", "items/123", "5xx", "dur:100us-120us", "kind:kv", "kind:r2", "header.host:local*", "console:\"item 99\"", "-console:item kind:d1"})
        timed(line, [&] { return recording.matching(*RequestQuery::parse(line), 1, count + 1).size(); });
    auto rows = allOf(recording);
    for (const auto key : keys) {
        timed(qPrintable(QStringLiteral("sort by %1").arg(static_cast<int>(key))), [&] {
            recording.sort(rows, key, Recording::Order::Descending);
            return rows.size();
        });
    }
    timed("by path", [&] { return recording.byPath(rows).size(); });
}

QTEST_GUILESS_MAIN(TestRecording)
#include "t_recording.moc"
