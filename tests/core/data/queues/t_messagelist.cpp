// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/data/queues/messagelist.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
#include <filesystem>

using namespace cleat;
using bindings::queues::NewMessage;
using bindings::queues::QueueStore;
using data::queues::ContentType;
using data::queues::Delivery;
using data::queues::Message;
using data::queues::MessageList;
using data::queues::MessageState;
using data::queues::Shown;

namespace {

class Bench
{
public:
    std::filesystem::path state() const { return folder.path().toStdString(); }
    std::vector<std::string> bodies(Shown shown)
    {
        std::vector<std::string> all;
        const auto rows = list.rows(shown, 0, 1000).value();
        for (const Message &message : rows)
            all.push_back(message.body);
        return all;
    }
    std::int64_t placeOf(const std::string &body)
    {
        const auto rows = list.rows(Shown::All, 0, 1000).value();
        return std::ranges::find(rows, body, &Message::body)->place;
    }
    QTemporaryDir folder;
    QueueStore store{state()}; ///< who sends and delivers
    MessageList list{state(), "q"};
};

using Bodies = std::vector<std::string>;

} // namespace

class TestMessageList final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothing()
    {
        Bench bench;
        QCOMPARE(bench.list.counts().value(), data::queues::Counts());
        QVERIFY(bench.list.rows(Shown::All, 0, 10).value().empty());
        QVERIFY(bench.list.look().value().changed);
        QVERIFY(!bench.list.look().value().changed);
        QCOMPARE(bench.list.purge().value(), 0U);
        QVERIFY(!std::filesystem::exists(QueueStore::fileOf(bench.state()))); // to look makes nothing
    }

    void states()
    {
        Bench bench;
        const std::int64_t now = base::wallMs();
        const std::array sent{NewMessage{ContentType::Json, "1", 0, {}}, NewMessage{ContentType::Text, "two", 0, {}}, NewMessage{ContentType::Text, "late", 600, {}}, NewMessage{ContentType::Text, "dies", 0, {}}};
        QVERIFY(bench.store.send("q", sent, now - 10));
        QVERIFY(bench.store.send("other", sent, now - 10));
        QVERIFY(bench.list.look().value().changed);
        auto claimed = bench.store.claim("q", 1, now).value();
        QVERIFY(bench.list.look().value().changed);
        const std::array outcome{QueueStore::Outcome{bench.placeOf("dies"), QueueStore::Outcome::Kind::Dead, 0, {}}};
        QVERIFY(bench.store.settle(outcome, now)); // it is not in flight: nothing happens
        QCOMPARE(bench.list.count(Shown::Dead).value(), 0U);
        const auto more = bench.store.claim("q", 2, now).value();
        QCOMPARE(more.size(), 2U);
        QVERIFY(bench.store.settle(outcome, now));
        QCOMPARE(bench.bodies(Shown::Dead), Bodies{"dies"});
        QCOMPARE(bench.bodies(Shown::InFlight), (Bodies{"1", "two"}));
        QCOMPARE(bench.bodies(Shown::Delayed), Bodies{"late"});
        QCOMPARE(bench.bodies(Shown::Waiting), Bodies{});
        QCOMPARE(bench.bodies(Shown::All), (Bodies{"1", "two", "dies", "late"}));
        const auto counts = bench.list.counts().value();
        QCOMPARE(counts.inFlight, 2U);
        QCOMPARE(counts.delayed, 1U);
        QCOMPARE(counts.dead, 1U);
        QCOMPARE(bench.list.count(Shown::All).value(), 4U);

        // Retried: a dead one forgets its attempts; one in flight is left alone.
        const std::array all{bench.placeOf("1"), bench.placeOf("late"), bench.placeOf("dies")};
        QCOMPARE(bench.list.release(all).value(), 2U);
        QCOMPARE(bench.bodies(Shown::Waiting).size(), 2U);
        QCOMPARE(bench.list.message(bench.placeOf("dies")).value()->attempts, 0);
        QCOMPARE(bench.list.remove(all).value(), 2U);
        QCOMPARE(bench.bodies(Shown::All), (Bodies{"1", "two"}));
        QCOMPARE(bench.list.purge().value(), 0U); // both are in flight
        QVERIFY(!bench.list.message(all[2]).value());
        QCOMPARE(bench.store.counts("other", now).value().total(), 4U);
    }

    void sends()
    {
        Bench bench;
        QVERIFY(bench.list.send(ContentType::Json, "{\"a\": 1}", 0));
        QVERIFY(bench.list.send(ContentType::Text, "words", 60));
        const auto bad = bench.list.send(ContentType::Json, "{", 0);
        QVERIFY(!bad);
        QCOMPARE(QString::fromStdString(bad.error().code), QStringLiteral("queue.json"));
        QCOMPARE(QString::fromStdString(bench.list.send(ContentType::Text, std::string(data::queues::mostBodyBytes + 1, 'x'), 0).error().code), QStringLiteral("queue.limit"));
        QCOMPARE(bench.bodies(Shown::All), (Bodies{"{\"a\": 1}", "words"}));
        QCOMPARE(bench.list.counts().value().delayed, 1U);
        const auto claimed = bench.store.claim("q", 10, base::wallMs() + 1).value();
        QCOMPARE(claimed.size(), 1U);
        QCOMPARE(claimed[0].type, ContentType::Json);
    }

    void pauses()
    {
        Bench bench;
        QVERIFY(bench.list.send(ContentType::Text, "a", 0));
        QVERIFY(bench.list.setDelivery(Delivery::Paused));
        QVERIFY(bench.list.counts().value().paused);
        QCOMPARE(bench.store.due("q", base::wallMs() + 1).value().ready, 0U);
        QVERIFY(bench.list.setDelivery(Delivery::Running));
        QCOMPARE(bench.store.due("q", base::wallMs() + 1).value().ready, 1U);
    }

    /// What was delayed becomes visible though nobody writes.
    void timePasses()
    {
        Bench bench;
        const std::int64_t now = base::wallMs();
        const std::array soon{NewMessage{ContentType::Text, "soon", 1, {}}};
        QVERIFY(bench.store.send("q", soon, now - 500));
        QCOMPARE(bench.list.look().value().counts.delayed, 1U);
        QTRY_VERIFY(bench.list.look().value().counts.waiting == 1);
        QCOMPARE(bench.bodies(Shown::Waiting), Bodies{"soon"});
    }

    void pages()
    {
        Bench bench;
        constexpr std::size_t many = 100'000;
        std::vector<NewMessage> messages(many, NewMessage{ContentType::Json, "{\"number\": 0}", 0, {}});
        QVERIFY(bench.store.send("q", messages, base::wallMs() - 1));
        QCOMPARE(bench.list.count(Shown::All).value(), many);
        QElapsedTimer timer;
        timer.start();
        qint64 slowest = 0;
        for (const std::size_t first : {std::size_t(0), many / 2, many - 128}) {
            timer.restart();
            const auto rows = bench.list.rows(Shown::All, first, 128).value();
            slowest = std::max(slowest, timer.elapsed());
            QCOMPARE(rows.size(), 128U);
            QCOMPARE(rows.front().place, static_cast<std::int64_t>(first) + 1);
            QCOMPARE(bench.list.rows(Shown::Waiting, first, 128).value(), rows);
        }
        qInfo("A page of 100,000 messages: %lld ms at most", slowest);
        QVERIFY(slowest < 2000);
        // How many there are is known without counting them.
        timer.restart();
        for (int i = 0; i < 100; ++i)
            QVERIFY(bench.store.send("q", std::span(messages).first(1), base::wallMs()));
        qInfo("A send beside 100,000 messages: %.2f ms", static_cast<double>(timer.elapsed()) / 100);
        QVERIFY(bench.list.purge().value() >= many);
        QCOMPARE(bench.list.count(Shown::All).value(), 0U);
    }

    void bodies()
    {
        Bench bench;
        const std::string large(5000, 'x');
        QVERIFY(bench.list.send(ContentType::Text, large, 0));
        const auto rows = bench.list.rows(Shown::All, 0, 1).value();
        QCOMPARE(rows[0].body.size(), data::queues::rowBodyBytes);
        QCOMPARE(rows[0].bytes, large.size());
        QCOMPARE(bench.list.message(rows[0].place).value()->body, large);
        QCOMPARE(data::queues::readableBody(ContentType::Bytes, std::string("\xff\0", 2)), std::nullopt);
        QCOMPARE(data::queues::readableBody(ContentType::Text, "words").value(), std::string("words"));
        QCOMPARE(data::queues::readableBody(ContentType::V8, "\xff\x0f" "T").value(), std::string("true"));
    }
};

QTEST_MAIN(TestMessageList)
#include "t_messagelist.moc"
