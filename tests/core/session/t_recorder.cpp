// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/journal.h"
#include "core/session/recorder.h"
#include "tests/core/events/traffic.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <atomic>
#include <ctime>
#include <thread>

using namespace cleat;
using events::Batch;
using session::Recorder;

namespace {

std::vector<events::NoticeEvent> noticesOf(const events::EventLog &log)
{
    std::vector<events::NoticeEvent> notices;
    for (const auto &batch : log.after(0).batches) {
        for (const auto &event : *batch) {
            if (const auto *notice = std::get_if<events::NoticeEvent>(&event))
                notices.push_back(*notice);
        }
    }
    return notices;
}

} // namespace

class TestRecorder final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void takesWhatTheLogTells();
    void takesWhatWasToldBefore();
    void tellsOfChangesSeldom();
    void slowListenersLeaveTime();
    void idleCostsNothing();
    void clearForgetsWhatWasTold();
    void addedRows();
    void secretsAndTheJournal();
    void lastSession();
    void twoOnOneProject();
    void tellsOfWhatItMissed();
    void recordingOutlivesIt();
    void manyProducers();

private:
    std::filesystem::path journal() const { return m_folder->filePath(QStringLiteral("journal")).toStdString(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRecorder::takesWhatTheLogTells()
{
    events::EventLog log(1U << 20);
    Recorder recorder(log, {});
    const QSignalSpy changed(&recorder, &Recorder::changed);
    Batch batch;
    test::addHello(batch, log.nextRequest(), 5);
    log.publish(std::move(batch));
    QTRY_VERIFY(changed.size() > 0);
    QCOMPARE(recorder.recording()->held().size(), std::uint64_t(1));
    QCOMPARE(recorder.recording()->row(1)->spans, 1U);
    QVERIFY(!recorder.lastSession());
}

void TestRecorder::takesWhatWasToldBefore()
{
    events::EventLog log(1U << 20);
    Batch batch;
    test::addHello(batch, log.nextRequest(), 5);
    log.publish(std::move(batch));
    const Recorder recorder(log, {});
    QTRY_COMPARE(recorder.recording()->held().size(), std::uint64_t(1));
}

void TestRecorder::tellsOfChangesSeldom()
{
    events::EventLog log(128U << 20);
    Recorder recorder(log, {});
    QSignalSpy changed(&recorder, &Recorder::changed);
    QElapsedTimer timer;
    timer.start();
    constexpr std::uint64_t count = 20'000;
    std::jthread producer([&log] {
        for (std::uint64_t i = 0; i < count; ++i) {
            Batch batch;
            test::addHello(batch, log.nextRequest(), 5);
            log.publish(std::move(batch));
        }
    });
    QTRY_COMPARE(recorder.recording()->held().size(), count);
    QVERIFY(changed.size() <= timer.elapsed() / 33 + 2);
}

/// Who takes longer than the next changes take to come hears of them all the same, and timers come in between.
void TestRecorder::slowListenersLeaveTime()
{
    events::EventLog log(128U << 20);
    Recorder recorder(log, {});
    int heard = 0;
    std::uint64_t last = 0;
    int between = 0; // beats since it was heard last
    int without = 0; // heard again with no beat since
    QObject::connect(&recorder, &Recorder::changed, &recorder, [&] {
        QElapsedTimer busy;
        busy.start();
        while (busy.elapsed() < 50) // as a window does that has much to show
            ;
        last = recorder.recording()->held().size();
        without += heard++ > 0 && between == 0;
        between = 0;
    });
    QTimer beat;
    QObject::connect(&beat, &QTimer::timeout, [&] { ++between; });
    beat.start(1);
    std::atomic<std::uint64_t> sent = 0;
    std::jthread producer([&](const std::stop_token &stop) {
        while (!stop.stop_requested()) {
            Batch batch;
            test::addHello(batch, log.nextRequest(), 5);
            log.publish(std::move(batch));
            ++sent;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    QTRY_VERIFY_WITH_TIMEOUT(heard >= 8, 20'000);
    producer.request_stop();
    producer.join();
    QTRY_COMPARE(last, sent.load());
    QCOMPARE(without, 0);
}

void TestRecorder::idleCostsNothing()
{
    events::EventLog log(1U << 20);
    const Recorder recorder(log, {.journal = journal()});
    const auto used = [] {
        timespec time{};
        ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    };
    const double before = used();
    std::this_thread::sleep_for(std::chrono::milliseconds(300)); // what is measured
    qInfo("%.3f ms of processor time in 300 ms", used() - before);
}

void TestRecorder::clearForgetsWhatWasTold()
{
    events::EventLog log(1U << 20);
    Recorder recorder(log, {.journal = journal()});
    for (int i = 0; i < 100; ++i) {
        Batch batch;
        test::addHello(batch, log.nextRequest(), 5);
        log.publish(std::move(batch));
    }
    recorder.clear();
    QCOMPARE(recorder.recording()->held().size(), std::uint64_t(0));
    Batch batch;
    test::addHello(batch, log.nextRequest(), 5);
    log.publish(std::move(batch));
    QTRY_COMPARE(recorder.recording()->held().size(), std::uint64_t(1));
    QTest::qWait(0);
    QCOMPARE(recorder.recording()->row(recorder.recording()->held().first)->request.id, events::RequestId(101));
}

void TestRecorder::addedRows()
{
    test::RandomTraffic traffic(3);
    {
        events::EventLog log(1U << 20);
        Recorder recorder(log, {.journal = journal()});
        QSignalSpy changed(&recorder, &Recorder::changed);
        std::vector<events::RequestRecord> records(3);
        for (auto &record : records) {
            record.request = traffic.request(9);
            record.calls = {traffic.call(9), traffic.call(9)};
        }
        recorder.add(std::move(records));
        QTRY_COMPARE(changed.size(), 1);
        QCOMPARE(recorder.recording()->held().size(), std::uint64_t(3));
        QCOMPARE(recorder.recording()->row(3)->spans, 2U);
    }
    events::EventLog log(1U << 20);
    const Recorder next(log, {.journal = journal()});
    QVERIFY(next.lastSession());
    const auto opened = events::Recording::open(*next.lastSession());
    QVERIFY(opened);
    QCOMPARE((*opened)->held().size(), std::uint64_t(3));
    QCOMPARE((*opened)->row(3)->spans, 2U);
}

void TestRecorder::secretsAndTheJournal()
{
    for (const auto &folder : {std::filesystem::path(), journal()}) {
        events::EventLog log(1U << 20);
        log.setRedactor(std::make_shared<const events::Redactor>(std::vector<events::Redactor::Secret>{{"KEY", "hunter2-secret"}}));
        Recorder recorder(log, {.journal = folder});
        events::RequestEvent request;
        request.id = log.nextRequest();
        request.target = "/?key=hunter2-secret";
        log.publish({request, events::ContentEvent{request.id, "X: hunter2-secret\r\nCookie: crumbs\r\n", {}, {}, "hunter2-secret", {}}});
        QTRY_COMPARE(recorder.recording()->held().size(), std::uint64_t(1));
        const auto record = recorder.recording()->record(1);
        QCOMPARE(record->request.target, std::string("/?key=[secret KEY]"));
        QCOMPARE(record->content.requestHead, std::string("X: [secret KEY]\r\nCookie: crumbs\r\n"));
        QCOMPARE(record->content.requestBody, std::string("[secret KEY]"));
    }
    events::EventLog log(1U << 20);
    const Recorder next(log, {.journal = journal()});
    const auto opened = events::Recording::open(*next.lastSession());
    QVERIFY(opened);
    const auto record = (*opened)->record(1);
    QCOMPARE(record->content.requestHead, std::string("X: [secret KEY]\r\nCookie: [masked]\r\n"));
    QCOMPARE(record->content.requestBody, std::string("[secret KEY]"));
}

void TestRecorder::lastSession()
{
    for (std::uint64_t session = 1; session <= 3; ++session) {
        events::EventLog log(8U << 20);
        const Recorder recorder(log, {.journal = journal()});
        QCOMPARE(recorder.lastSession().has_value(), session > 1);
        if (session > 1)
            QCOMPARE((*events::Recording::open(*recorder.lastSession()))->held().size(), session - 1);
        for (std::uint64_t i = 0; i < session; ++i) {
            Batch batch;
            test::addHello(batch, log.nextRequest(), 5);
            log.publish(std::move(batch));
        }
    }
}

void TestRecorder::twoOnOneProject()
{
    events::EventLog log(1U << 20);
    events::EventLog other(1U << 20);
    const Recorder first(log, {.journal = journal()});
    const Recorder second(other, {.journal = journal()});
    QVERIFY(noticesOf(log).empty());
    const auto notices = noticesOf(other);
    QCOMPARE(notices.size(), std::size_t(1));
    QCOMPARE(notices[0].code, std::string("journal.busy"));
    QCOMPARE(notices[0].level, events::Level::Info);
    Batch batch;
    test::addHello(batch, other.nextRequest(), 5);
    other.publish(std::move(batch));
    QTRY_COMPARE(second.recording()->held().size(), std::uint64_t(1));
}

void TestRecorder::tellsOfWhatItMissed()
{
    events::EventLog log(64U << 10); // holds a few requests only
    const Recorder recorder(log, {});
    const auto told = [&log] { return std::ranges::any_of(noticesOf(log), [](const auto &notice) { return notice.code == "recorder.missed"; }); };
    for (int i = 0; i < 1000 && !told(); ++i) {
        for (int k = 0; k < 500 && !told(); ++k) { // what tells of it has to be seen before it makes room itself
            Batch batch;
            test::addHello(batch, log.nextRequest(), 5);
            log.publish(std::move(batch));
        }
        QTest::qWait(10);
    }
    QVERIFY(told());
}

void TestRecorder::recordingOutlivesIt()
{
    std::shared_ptr<const events::Recording> recording;
    {
        events::EventLog log(1U << 20);
        const Recorder recorder(log, {});
        recording = recorder.recording();
        Batch batch;
        test::addHello(batch, log.nextRequest(), 5);
        log.publish(std::move(batch));
    }
    QCOMPARE(recording->held().size(), std::uint64_t(1)); // the end takes what is there
}

void TestRecorder::manyProducers()
{
    events::EventLog log(64U << 20);
    Recorder recorder(log, {.maxBytes = 4U << 20, .journal = journal()});
    constexpr std::uint64_t each = 10'000;
    {
        std::vector<std::jthread> producers;
        for (int i = 0; i < 3; ++i) {
            producers.emplace_back([&log] {
                for (std::uint64_t k = 0; k < each; ++k) {
                    Batch inside;
                    test::addHello(inside, log.nextRequest(), 5);
                    Batch outside{std::move(inside[1])};
                    inside.erase(inside.begin() + 1);
                    log.publish(std::move(inside)); // spans before their request
                    log.publish(std::move(outside));
                }
            });
        }
        for (int i = 0; i < 5; ++i) {
            recorder.setMaxBytes((4U + static_cast<unsigned>(i)) << 20);
            recorder.add(std::vector<events::RequestRecord>(2));
        }
    }
    const auto recording = recorder.recording();
    QTRY_COMPARE(recording->held().end, 3 * each + 10 + 1);
    const auto held = recording->held();
    QCOMPARE(recording->dropped() + held.size(), 3 * each + 10);
    for (auto one = held.first; one < held.end; ++one)
        QCOMPARE(recording->row(one)->spans, recording->row(one)->request.target.empty() ? 0U : 1U);
}

QTEST_GUILESS_MAIN(TestRecorder)
#include "t_recorder.moc"
