// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventlog.h"

#include <QTest>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <numeric>
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

RequestEvent request(RequestId id, const std::string &target = {})
{
    RequestEvent event;
    event.id = id;
    event.target = target;
    return event;
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

    void whatReadersHadOfRequestsGoes()
    {
        EventLog log(1 << 20);
        EventLog::Reader one(log);
        EventLog::Reader other(log);
        log.publish({request(1, "/a"), ContentEvent{1, {}, {}, {}, {}, {}}});
        log.publish({CallEvent{}});
        QCOMPARE(one.drain().batches.size(), 2U);
        QVERIFY(one.drain().batches.empty());
        QCOMPARE(log.after(0).batches.size(), 2U); // the other has not had it
        log.publish({request(2)});
        QCOMPARE(other.drain().batches.size(), 3U);
        QCOMPARE(log.after(0).batches.size(), 1U);
        QCOMPARE(log.after(0).missed, 0U);
        const auto rest = one.drain();
        QCOMPARE(rest.batches.size(), 1U);
        QCOMPARE(rest.missed, 0U);
        QVERIFY(log.after(0).batches.empty());
        QCOMPARE(log.bytes(), 0U);
        QCOMPARE(std::get<RequestEvent>(rest.batches.front()->front()).id, RequestId(2)); // who holds a batch keeps it
    }

    void whatOthersReadStays()
    {
        EventLog log(1 << 20);
        EventLog::Reader reader(log);
        for (RequestId id = 1; id <= 3; ++id) {
            log.publish({request(id)});
            log.publish(lines({std::to_string(id)}));
        }
        log.publish({NoticeEvent{}, request(4)});
        std::uint64_t cursor = log.after(0).next;
        QCOMPARE(reader.drain().batches.size(), 7U);
        const auto held = log.after(0);
        QCOMPARE(held.batches.size(), 4U);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(std::get<ConsoleEvent>(held.batches[static_cast<std::size_t>(i)]->front()).text, std::to_string(i + 1));
        QCOMPARE(held.batches.back()->size(), 1U); // the request that came with the notice went alone
        std::size_t bytes = 0;
        for (const auto &batch : held.batches)
            bytes += std::transform_reduce(batch->begin(), batch->end(), (batch->capacity() - batch->size()) * sizeof(Event), std::plus<>(), memoryOf);
        QCOMPARE(log.bytes(), bytes);
        QVERIFY(log.after(cursor).batches.empty());
        log.publish(lines({"4"}));
        QCOMPARE(textOf(log.after(cursor)), std::string("4 |"));
        reader.skip();
        QVERIFY(reader.drain().batches.empty());
        QCOMPARE(textOf(log.after(cursor)), std::string("4 |"));
    }

    void readerThatCannotKeepUpIsTold()
    {
        EventLog log(20'000);
        EventLog::Reader slow(log);
        EventLog::Reader quick(log);
        for (RequestId id = 1; id <= 50; ++id) {
            log.publish({request(id, std::string(1500, 'x'))});
            QCOMPARE(quick.drain().missed, 0U);
        }
        const auto drained = slow.drain();
        QVERIFY(drained.missed > 0);
        QCOMPARE(drained.missed + drained.batches.size(), 50U);
        QVERIFY(log.after(0).batches.empty());
        QCOMPARE(log.bytes(), 0U);
    }

    void readerThatLeavesHoldsNothing()
    {
        EventLog log(1 << 20);
        EventLog::Reader reader(log);
        auto gone = std::make_unique<EventLog::Reader>(log);
        log.publish({request(1)});
        QCOMPARE(reader.drain().batches.size(), 1U);
        QCOMPARE(log.after(0).batches.size(), 1U);
        gone.reset();
        reader.drain();
        QVERIFY(log.after(0).batches.empty());
        EventLog::Reader late(log); // begins with what is held
        log.publish({request(2)});
        reader.drain();
        QCOMPARE(late.drain().batches.size(), 1U);
    }

    void readWhileWritten()
    {
        constexpr int producers = 3;
        constexpr RequestId each = 4000;
        EventLog log(64 << 20);
        std::array<EventLog::Reader, 2> readers{EventLog::Reader(log), EventLog::Reader(log)};
        std::atomic<int> running = producers;
        std::vector<std::thread> threads;
        for (int p = 0; p < producers; ++p) {
            threads.emplace_back([&, p] {
                Batch batch;
                for (RequestId id = 1; id <= each; ++id) {
                    RequestEvent event = request(id, std::string(id % 300, 't'));
                    event.status = static_cast<std::uint16_t>(p);
                    batch.emplace_back(std::move(event));
                    if (id % 7 == 0)
                        batch = log.publishAndRenew(std::move(batch));
                }
                log.publish(std::move(batch));
                --running;
            });
        }
        std::array<RequestId, 2> seen{};
        std::atomic<int> wrong = 0;
        for (std::size_t r = 0; r < readers.size(); ++r) {
            threads.emplace_back([&, r] {
                std::array<RequestId, producers> last{};
                for (bool more = true; more;) {
                    more = running > 0;
                    for (const auto &batch : readers[r].drain().batches) {
                        for (const Event &event : *batch) {
                            const auto &request = std::get<RequestEvent>(event);
                            wrong += request.id != ++last[request.status] || request.target.size() != request.id % 300;
                            ++seen[r];
                        }
                    }
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(seen[0], producers * each);
        QCOMPARE(seen[1], producers * each);
        readers[0].drain();
        QCOMPARE(log.bytes(), 0U);
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
