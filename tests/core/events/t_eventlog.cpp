// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventlog.h"

#include <QTest>

#include <thread>

using namespace cleat::events;

namespace {

ConsoleEvent line(const std::string &text)
{
    ConsoleEvent event;
    event.text = text;
    return event;
}

Batch lines(const std::vector<std::string> &texts)
{
    Batch batch;
    for (const std::string &text : texts)
        batch.push_back(line(text));
    return batch;
}

std::string textOf(const EventLog::Drained &drained)
{
    std::string all;
    for (const auto &batch : drained.batches) {
        for (const Event &event : *batch)
            all += std::get<ConsoleEvent>(event).text + ' ';
        all += '|';
    }
    return all;
}

} // namespace

class EventLogTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void requestsCountFromOne()
    {
        EventLog log(1000);
        QCOMPARE(log.nextRequest(), RequestId(1));
        QCOMPARE(log.nextRequest(), RequestId(2));
    }

    void emptyLog()
    {
        EventLog log(1000);
        const auto drained = log.after(0);
        QVERIFY(drained.batches.empty());
        QCOMPARE(drained.missed, 0U);
        QCOMPARE(log.bytes(), 0U);
        log.publish({});
        QCOMPARE(log.after(0).next, drained.next);
    }

    void cursors()
    {
        EventLog log(1 << 20);
        std::uint64_t late = log.after(0).next;
        log.publish(lines({"a", "b"}));
        log.publish(lines({"c"}));
        auto drained = log.after(0);
        QCOMPARE(textOf(drained), std::string("a b |c |"));
        QCOMPARE(textOf(log.after(late)), std::string("a b |c |")); // a reader that asked too early loses nothing
        QVERIFY(log.after(drained.next).batches.empty());
        log.publish(lines({"d"}));
        drained = log.after(drained.next);
        QCOMPARE(textOf(drained), std::string("d |"));
        QCOMPARE(drained.missed, 0U);
        QCOMPARE(textOf(log.after(0)), std::string("a b |c |d |")); // another reader starts from the beginning
    }

    void everyKind()
    {
        EventLog log(1 << 20);
        Batch batch;
        RequestEvent request;
        request.id = 7;
        request.target = "/a";
        batch.emplace_back(request);
        CallEvent call;
        call.request = 7;
        call.kind = "kv";
        call.arguments = "[\"k\"]";
        batch.emplace_back(call);
        batch.emplace_back(line("x"));
        batch.emplace_back(ExceptionEvent{7, 1, "Error: x", "at f", {"a.js", 1, 2}, "throw x", 1});
        batch.emplace_back(NoticeEvent{1, Level::Warn, "c", "t", {}});
        const Batch copy = batch;
        log.publish(std::move(batch));
        const auto drained = log.after(0);
        QCOMPARE(drained.batches.size(), 1U);
        QVERIFY(*drained.batches.front() == copy);
    }

    void memory()
    {
        QCOMPARE(memoryOf(line("x")), sizeof(Event));
        QVERIFY(memoryOf(line(std::string(1000, 'x'))) >= sizeof(Event) + 1000);
        EventLog log(1 << 20);
        log.publish(lines({std::string(5000, 'x')}));
        QVERIFY(log.bytes() >= 5000);
        log.publish(lines({std::string(5000, 'x')}));
        QVERIFY(log.bytes() >= 10'000);
        log.clear();
        QCOMPARE(log.bytes(), 0U);
    }

    void boundDropsTheOldest()
    {
        EventLog log(20'000);
        std::uint64_t cursor = 0;
        log.publish(lines({std::string(4000, 'a')}));
        cursor = log.after(0).next;
        for (int i = 0; i < 20; ++i) {
            log.publish(lines({std::to_string(i) + std::string(4000, ' '), "more"}));
            QVERIFY(log.bytes() <= 20'000);
        }
        const auto drained = log.after(cursor);
        QVERIFY(!drained.batches.empty());
        QCOMPARE(drained.batches.size() + drained.missed, 20U);
        QVERIFY(drained.missed > 10);
        QVERIFY(std::get<ConsoleEvent>(drained.batches.back()->front()).text.starts_with("19 "));
        QCOMPARE(log.droppedEvents(), 1 + 2 * drained.missed);
        QCOMPARE(log.after(0).missed, drained.missed + 1);
        QCOMPARE(log.after(drained.next).missed, 0U);
    }

    void newestStaysHoweverLarge()
    {
        EventLog log(1000);
        log.publish(lines({"a"}));
        log.publish(lines({std::string(50'000, 'x')}));
        const auto drained = log.after(0);
        QCOMPARE(drained.batches.size(), 1U);
        QCOMPARE(drained.missed, 1U);
        log.publish(lines({"b"}));
        QCOMPARE(textOf(log.after(drained.next)), std::string("b |"));
        QVERIFY(log.bytes() <= 1000);
    }

    void readersKeepWhatTheyTook()
    {
        EventLog log(1000);
        log.publish(lines({"first"}));
        const auto drained = log.after(0);
        for (int i = 0; i < 10; ++i)
            log.publish(lines({std::string(900, 'x')}));
        log.clear();
        QCOMPARE(textOf(drained), std::string("first |"));
    }

    void clearKeepsCursorsValid()
    {
        EventLog log(1 << 20);
        log.publish(lines({"a"}));
        log.publish(lines({"b"}));
        const std::uint64_t cursor = log.after(0).next;
        log.clear();
        QVERIFY(log.after(0).batches.empty());
        QCOMPARE(log.after(cursor).missed, 0U);
        log.publish(lines({"c"}));
        QCOMPARE(textOf(log.after(cursor)), std::string("c |"));
        QCOMPARE(textOf(log.after(0)), std::string("c |"));
        QCOMPARE(log.nextRequest(), RequestId(1));
    }

    void manyThreads()
    {
        constexpr int producers = 3;
        constexpr int each = 3000;
        EventLog log(200'000);
        std::atomic<int> running = producers;
        std::vector<std::thread> threads;
        for (int p = 0; p < producers; ++p) {
            threads.emplace_back([&, p] {
                for (int n = 0; n < each; ++n) {
                    ConsoleEvent event = line(std::string(static_cast<std::size_t>(n % 60), 'x'));
                    event.request = static_cast<RequestId>(p);
                    event.timeUs = n;
                    log.publish({event});
                }
                --running;
            });
        }
        std::atomic<int> wrong = 0;
        std::array<std::uint64_t, 2> seen{};
        for (std::uint64_t &count : seen) {
            threads.emplace_back([&] {
                std::uint64_t cursor = 0;
                std::array<std::int64_t, producers> last{-1, -1, -1};
                for (bool more = true; more;) {
                    more = running > 0;
                    const auto drained = log.after(cursor);
                    cursor = drained.next;
                    count += drained.missed + drained.batches.size();
                    for (const auto &batch : drained.batches) {
                        const auto &event = std::get<ConsoleEvent>(batch->front());
                        wrong += event.timeUs <= last[event.request];
                        last[event.request] = event.timeUs;
                    }
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(seen[0], std::uint64_t(producers * each));
        QCOMPARE(seen[1], std::uint64_t(producers * each));
        QVERIFY(log.bytes() <= 200'000);
    }
};

QTEST_GUILESS_MAIN(EventLogTest)
#include "t_eventlog.moc"
