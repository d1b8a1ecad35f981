// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/queues/queuelimits.h"
#include "core/bindings/queues/queuestore.h"
#include "core/storage/database.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <random>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat;
using namespace cleat::bindings::queues;
using Outcome = QueueStore::Outcome;

namespace {

constexpr std::int64_t now = 1'800'000'000'000;

NewMessage message(const std::string &body, std::int64_t delaySeconds = 0, ContentType type = ContentType::Json)
{
    return {type, body, delaySeconds, {}};
}

class Bench final
{
public:
    Bench() : store(path()) {}
    std::filesystem::path path() const { return m_dir.path().toStdString(); }
    void send(const std::string &queue, std::vector<NewMessage> messages, std::int64_t at = now)
    {
        const auto sent = store.send(queue, messages, at);
        QVERIFY2(sent, sent ? "" : sent.error().message.c_str());
    }
    std::vector<std::string> claim(const std::string &queue, std::size_t most, std::int64_t at)
    {
        claimed = store.claim(queue, most, at).value();
        std::vector<std::string> bodies;
        for (const Message &one : claimed)
            bodies.push_back(one.body);
        return bodies;
    }
    void settle(std::size_t which, Outcome::Kind kind, std::int64_t at, std::int64_t delay = 0, const std::string &dead = {})
    {
        const std::array outcomes{Outcome{claimed.at(which).place, kind, delay, dead}};
        QVERIFY(store.settle(outcomes, at));
    }

private:
    QTemporaryDir m_dir; // before the store

public:
    QueueStore store;
    std::vector<Message> claimed;
};

using Bodies = std::vector<std::string>;

/// Runs in a child that is killed once it has told so many numbers.
template <typename Work>
std::vector<int> untilKilled(std::size_t most, Work work)
{
    int pipe[2];
    if (::pipe(pipe) != 0)
        return {};
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(pipe[0]);
        work([&](int number) { return ::write(pipe[1], &number, sizeof number) == sizeof number; });
        ::_exit(1);
    }
    ::close(pipe[1]);
    std::vector<int> told;
    int number = 0;
    while (told.size() < most && ::read(pipe[0], &number, sizeof number) == sizeof number)
        told.push_back(number);
    ::kill(child, SIGKILL);
    while (::read(pipe[0], &number, sizeof number) == sizeof number) // what it had told before it was dead
        told.push_back(number);
    ::close(pipe[0]);
    ::waitpid(child, nullptr, 0);
    return told;
}

} // namespace

class TestQueueStore final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingIsThere()
    {
        Bench bench;
        QVERIFY(bench.store.queues(now).value().empty());
        QCOMPARE(bench.store.backlog("q", now).value(), Backlog());
        QVERIFY(bench.store.claim("q", 10, now).value().empty());
        QVERIFY(bench.store.list("q", 10).value().empty());
        QCOMPARE(bench.store.purge("q").value(), 0U);
        QVERIFY(!std::filesystem::exists(bench.store.file())); // to look makes nothing
    }

    /// What the database counts by itself is what there is, whatever has happened.
    void totals()
    {
        Bench bench;
        std::mt19937 random(7); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
        const std::array<std::string, 3> queues{"q", "r", "dead letters"};
        const auto one = [&](std::size_t most) { return std::uniform_int_distribution<std::size_t>(0, most - 1)(random); };
        std::vector<std::int64_t> places;
        for (int step = 0; step < 600; ++step) {
            const std::string &queue = queues.at(one(2));
            const std::int64_t at = now + step;
            switch (one(8)) {
            case 0:
            case 1:
            case 2:
                bench.send(queue, {message(std::string(one(9), 'x')), message("b", static_cast<std::int64_t>(one(2)))}, at);
                break;
            case 3:
                bench.claim(queue, 1 + one(3), at);
                for (std::size_t i = 0; i < bench.claimed.size(); ++i) {
                    places.push_back(bench.claimed[i].place);
                    bench.settle(i, static_cast<Outcome::Kind>(one(5)), at, static_cast<std::int64_t>(one(3)), queues[2]);
                }
                break;
            case 4:
                bench.claim(queue, 2, at);
                break;
            case 5:
                QVERIFY(bench.store.recover(queue));
                break;
            case 6:
                if (!places.empty()) {
                    const std::array some{places[one(places.size())]};
                    QVERIFY(one(2) == 0 ? bench.store.release(some, at).has_value() : bench.store.remove(some).has_value());
                }
                break;
            default:
                if (one(10) == 0)
                    QVERIFY(bench.store.purge(queue));
            }
            for (const std::string &name : queues) {
                QueueStore::Counts counted;
                Backlog backlog;
                std::uint64_t ready = 0;
                const auto held = bench.store.list(name, 10'000).value();
                for (const Message &found : held) {
                    const bool waits = found.state == MessageState::Waiting;
                    counted.waiting += waits && found.dueMs <= at ? 1 : 0;
                    counted.delayed += waits && found.dueMs > at ? 1 : 0;
                    counted.inFlight += found.state == MessageState::InFlight ? 1 : 0;
                    counted.dead += found.state == MessageState::Dead ? 1 : 0;
                    counted.bytes += found.bytes;
                    if (waits && found.dueMs <= at) {
                        backlog.oldestMs = backlog.count == 0 ? found.sentMs : backlog.oldestMs;
                        ++backlog.count;
                        backlog.bytes += found.bytes;
                        ++ready;
                    }
                }
                QCOMPARE(bench.store.counts(name, at).value(), counted);
                QCOMPARE(bench.store.backlog(name, at).value(), backlog);
                QCOMPARE(bench.store.due(name, at).value().ready, ready);
            }
        }
    }

    /// A file from before there were totals gets them when it is first opened.
    void olderFile()
    {
        Bench bench;
        bench.send("q", {message("a"), message("bb", 100)});
        const auto strip = [&] {
            auto database = storage::Database::open(bench.store.file(), storage::Database::Mode::Existing).value();
            QVERIFY(database->execute("DROP TRIGGER messages_came; DROP TRIGGER messages_went; DROP TRIGGER messages_moved; DROP TABLE totals;"));
        };
        strip();
        QueueStore looks(bench.path());
        QCOMPARE(looks.counts("q", now).value(), (QueueStore::Counts{1, 0, 1, 0, 3, false}));
        strip();
        QueueStore sends(bench.path());
        QCOMPARE(sends.send("q", std::array{message("c")}, now).value(), (Backlog{1, 1, now}));
        QCOMPARE(sends.counts("q", now).value(), (QueueStore::Counts{2, 0, 1, 0, 4, false}));
    }

    void sendsAndClaims()
    {
        Bench bench;
        QCOMPARE(bench.store.send("q", std::array{message("1")}, now).value(), Backlog());
        const Backlog before = bench.store.send("q", std::array{message("22"), message(std::string("b\0\xff", 3), 0, ContentType::Bytes)}, now + 1).value();
        QCOMPARE(before, (Backlog{1, 1, now}));
        bench.send("other", {message("9")});
        QCOMPARE(bench.claim("q", 2, now + 1), (Bodies{"1", "22"}));
        QCOMPARE(bench.claimed[0].id.size(), 32U);
        QVERIFY(bench.claimed[0].id != bench.claimed[1].id);
        QCOMPARE(bench.claimed[0].sentMs, now);
        QCOMPARE(bench.claimed[0].attempts, 0);
        QCOMPARE(bench.claim("q", 2, now + 1), (Bodies{std::string("b\0\xff", 3)})); // those in flight do not come twice
        QCOMPARE(bench.claimed[0].type, ContentType::Bytes);
        QCOMPARE(bench.claim("q", 2, now + 1), Bodies());
        QCOMPARE(bench.store.backlog("q", now + 1).value(), Backlog());
        QCOMPARE(bench.store.counts("q", now).value().inFlight, 3U);
    }

    void delays()
    {
        Bench bench;
        bench.send("q", {message("late", 10), message("soon", 2), message("now")});
        QCOMPARE(bench.store.counts("q", now).value().delayed, 2U);
        QCOMPARE(bench.store.due("q", now).value().ready, 1U);
        QCOMPARE(bench.store.due("q", now).value().nextMs, std::optional(now + 2000));
        QCOMPARE(bench.claim("q", 10, now), Bodies{"now"});
        QCOMPARE(bench.claim("q", 10, now + 1999), Bodies());
        QCOMPARE(bench.claim("q", 10, now + 10'000), (Bodies{"soon", "late"}));
    }

    void outcomes()
    {
        Bench bench;
        bench.send("q", {message("ack"), message("retry"), message("back"), message("letter"), message("dead")});
        bench.claim("q", 10, now);
        const std::string letter = bench.claimed[3].id;
        bench.settle(0, Outcome::Kind::Acknowledged, now);
        bench.settle(1, Outcome::Kind::Retry, now, 5);
        bench.settle(2, Outcome::Kind::Returned, now);
        bench.settle(3, Outcome::Kind::DeadLetter, now + 7, 0, "dlq");
        bench.settle(4, Outcome::Kind::Dead, now);
        const auto counts = bench.store.counts("q", now).value();
        QCOMPARE(counts.waiting, 1U);
        QCOMPARE(counts.delayed, 1U);
        QCOMPARE(counts.dead, 1U);
        QCOMPARE(counts.inFlight, 0U);
        QCOMPARE(bench.claim("q", 10, now), Bodies{"back"});
        QCOMPARE(bench.claimed[0].attempts, 0);
        QCOMPARE(bench.claim("q", 10, now + 5000), Bodies{"retry"});
        QCOMPARE(bench.claimed[0].attempts, 1);
        QCOMPARE(bench.claim("dlq", 10, now + 7), Bodies{"letter"});
        QCOMPARE(bench.claimed[0].id, letter);
        QCOMPARE(bench.claimed[0].sentMs, now);
        QCOMPARE(bench.claimed[0].attempts, 0);
        // Who settles what is not in flight changes nothing.
        bench.store.recover("q").value();
        bench.claim("q", 1, now);
        bench.store.recover("q").value();
        bench.settle(0, Outcome::Kind::Acknowledged, now);
        QCOMPARE(bench.store.counts("q", now + 5000).value().waiting, 2U);
    }

    void byHand()
    {
        Bench bench;
        bench.send("q", {message("a"), message("b", 100), message("c")});
        bench.claim("q", 1, now);
        bench.settle(0, Outcome::Kind::Dead, now);
        auto listed = bench.store.list("q", 2).value();
        QCOMPARE(listed.size(), 2U);
        QCOMPARE(listed[0].state, MessageState::Dead);
        QVERIFY(listed[0].body.empty()); // bodies are read one by one
        const auto rest = bench.store.list("q", 2, QueueStore::Position{listed[1].dueMs, listed[1].place}).value();
        QCOMPARE(rest.size(), 1U);
        QCOMPARE(bench.store.read(rest[0].place).value().value().body, std::string("b"));
        QCOMPARE(bench.store.release(std::array{listed[0].place, rest[0].place}, now).value(), 2U);
        QCOMPARE(bench.claim("q", 10, now).size(), 3U);
        QCOMPARE(bench.claimed[0].attempts, 0);
        // What is in flight is its consumer's.
        QCOMPARE(bench.store.remove(std::array{listed[0].place}).value(), 0U);
        QCOMPARE(bench.store.purge("q").value(), 0U);
        bench.settle(0, Outcome::Kind::Returned, now);
        QCOMPARE(bench.store.remove(std::array{bench.claimed[0].place}).value(), 1U);
        bench.settle(1, Outcome::Kind::Returned, now);
        QCOMPARE(bench.store.purge("q").value(), 1U);
        QVERIFY(!bench.store.read(listed[0].place).value());
    }

    void pauses()
    {
        Bench bench;
        bench.send("q", {message("a")});
        QVERIFY(bench.store.setDelivery("q", QueueStore::Delivery::Paused));
        QVERIFY(bench.store.setDelivery("q", QueueStore::Delivery::Paused));
        QVERIFY(bench.store.setDelivery("empty", QueueStore::Delivery::Paused));
        QCOMPARE(bench.store.due("q", now).value().ready, 0U);
        QueueStore other(bench.path());
        QCOMPARE(other.delivery("q").value(), QueueStore::Delivery::Paused);
        const auto all = other.queues(now).value();
        QCOMPARE(all.size(), 2U);
        QVERIFY(all[0].name == "empty" && all[0].counts.paused && all[1].counts.paused && all[1].counts.waiting == 1);
        QVERIFY(other.setDelivery("q", QueueStore::Delivery::Running));
        QCOMPARE(bench.store.due("q", now).value().ready, 1U);
    }

    void expires()
    {
        Bench bench;
        bench.send("q", {message("old")});
        bench.send("q", {message("young")}, now + 2);
        QCOMPARE(bench.store.expire(now + retentionMs).value(), 0U);
        QCOMPARE(bench.store.expire(now + retentionMs + 1).value(), 1U);
        QCOMPARE(bench.claim("q", 10, now + 2), Bodies{"young"});
    }

    void limits_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("bytes");
        QTest::addColumn<int>("delay");
        QTest::addColumn<QString>("single"); // what send() says of the first
        QTest::addColumn<QString>("batch");
        const QString fine;
        QTest::newRow("largest") << 1 << 128000 << 86400 << fine << fine;
        QTest::newRow("too large") << 1 << 128001 << 0 << "Queue send failed: message length of 128001 bytes exceeds limit of 128000"
                                   << "Queue sendBatch failed: message in batch has length 128001 bytes which exceeds single message size limit of 128000";
        QTest::newRow("too many") << 101 << 1 << 0 << fine << "Queue sendBatch failed: batch message count of 101 exceeds limit of 100";
        QTest::newRow("all together") << 3 << 100002 << 0 << fine << "Queue sendBatch failed: batch size of 300006 bytes exceeds limit of 288000";
        QTest::newRow("too late") << 1 << 1 << 86401 << "Queue send failed: Internal Server Error" << "Queue sendBatch failed: Internal Server Error";
        QTest::newRow("before it was sent") << 1 << 1 << -1 << "Queue send failed: Internal Server Error" << "Queue sendBatch failed: Internal Server Error";
    }
    void limits()
    {
        QFETCH(const int, count);
        QFETCH(const int, bytes);
        QFETCH(const int, delay);
        QFETCH(const QString, single);
        QFETCH(const QString, batch);
        const std::vector<NewMessage> all(static_cast<std::size_t>(count), message(std::string(static_cast<std::size_t>(bytes), 'x'), delay));
        const auto said = [](const base::Result<void> &result) { return result ? QString() : QString::fromStdString(result.error().message); };
        QCOMPARE(said(checkMessages(Call::Send, std::span(all).first(1))), single);
        QCOMPARE(said(checkMessages(Call::SendBatch, all)), batch);
    }

    /// What send() returned for is there after a SIGKILL, in order, each once.
    void survivesKill()
    {
        Bench bench;
        std::vector<int> acknowledged;
        for (int round = 0; round < 4; ++round) {
            const int from = static_cast<int>(acknowledged.size());
            const auto told = untilKilled(20 + static_cast<std::size_t>(round) * 7, [&](const auto &tell) {
                QueueStore store(bench.path());
                for (int i = from; store.send("q", std::array{message(std::to_string(i))}, now + i) && tell(i); ++i) { }
            });
            QVERIFY(told.size() >= 20);
            acknowledged.insert(acknowledged.end(), told.begin(), told.end());
            // The one that it was at may be there, too.
            const auto found = bench.store.list("q", 10'000).value();
            QVERIFY(found.size() == acknowledged.size() || found.size() == acknowledged.size() + 1);
            for (std::size_t i = acknowledged.size(); i < found.size(); ++i)
                acknowledged.push_back(static_cast<int>(i));
            for (std::size_t i = 0; i < found.size(); ++i)
                QCOMPARE(bench.store.read(found[i].place).value().value().body, std::to_string(i));
        }
    }

    /// Who delivered is killed: another process gets the lock, and the messages once more.
    void deliveryGoesOver()
    {
        Bench bench;
        bench.send("q", {message("a"), message("b")});
        const auto told = untilKilled(1, [&](const auto &tell) {
            QueueStore store(bench.path());
            const auto lock = QueueLock::take(bench.path(), "q");
            if (!lock || !*lock || store.claim("q", 2, now)->size() != 2 || !tell(1))
                ::_exit(1);
            ::pause();
        });
        QCOMPARE(told.size(), 1U);
        QCOMPARE(bench.store.counts("q", now).value().inFlight, 2U);
        auto lock = QueueLock::take(bench.path(), "q").value();
        QVERIFY(lock);
        QVERIFY(!QueueLock::take(bench.path(), "q").value()); // one at a time
        QVERIFY(QueueLock::take(bench.path(), "q/../other").value());
        QVERIFY(bench.store.recover("q"));
        QCOMPARE(bench.claim("q", 5, now), (Bodies{"a", "b"}));
        lock.reset();
        QVERIFY(QueueLock::take(bench.path(), "q").value());
    }

    void severalProcessesSend()
    {
        Bench bench;
        constexpr int each = 50;
        std::vector<pid_t> children;
        for (int child = 0; child < 3; ++child) {
            const pid_t pid = ::fork();
            if (pid == 0) {
                QueueStore store(bench.path());
                for (int i = 0; i < each; ++i) {
                    if (!store.send("q", std::array{message("1"), message("2")}, now))
                        ::_exit(1);
                }
                ::_exit(0);
            }
            children.push_back(pid);
        }
        for (const pid_t pid : children) {
            int status = -1;
            QCOMPARE(::waitpid(pid, &status, 0), pid);
            QCOMPARE(status, 0);
        }
        QCOMPARE(bench.store.counts("q", now).value().waiting, std::uint64_t(3 * each * 2));
    }

    void damagedFileIsTold()
    {
        QTemporaryDir dir;
        const std::filesystem::path state = dir.path().toStdString();
        std::filesystem::create_directories(QueueStore::fileOf(state).parent_path());
        QFile file(QString::fromStdString(QueueStore::fileOf(state).string()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        QueueStore store(state);
        const auto sent = store.send("q", std::array{message("1")}, now);
        QVERIFY(!sent);
        QCOMPARE(sent.error().code, std::string("storage.notdatabase"));
    }
};

QTEST_GUILESS_MAIN(TestQueueStore)
#include "t_queuestore.moc"
