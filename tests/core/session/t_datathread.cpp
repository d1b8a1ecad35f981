// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/datathread.h"

#include <QSemaphore>
#include <QTest>
#include <QThread>

#include <atomic>
#include <memory>

using cleat::session::DataThread;

class TestDataThread final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void answersInOrderOnTheContextsThread();
    void answersThatNobodyWantsDoNotCome();
    void stoppedWorkAnswers();
    void hurriedWorkComesFirst();
    void whatWasKeptGoesOnTheThread();
    void theEndStopsWhatRuns();
};

void TestDataThread::answersInOrderOnTheContextsThread()
{
    DataThread thread;
    QList<int> got;
    QThread *const gui = QThread::currentThread();
    bool right = true;
    for (int i = 0; i < 100; ++i) {
        thread.run(
            this, [i, gui](std::stop_token) { return QThread::currentThread() == gui ? -1 : i; },
            [&, gui](int value) {
                right = right && QThread::currentThread() == gui;
                got.push_back(value);
            });
    }
    QTRY_COMPARE(got.size(), 100);
    QVERIFY(right);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(got[i], i);
    bool done = false;
    thread.run(this, [](std::stop_token) {}, [&] { done = true; });
    QTRY_VERIFY(done);
    QTRY_COMPARE(thread.pending(), 0);
}

void TestDataThread::answersThatNobodyWantsDoNotCome()
{
    DataThread thread;
    QSemaphore hold;
    thread.run(this, [&](std::stop_token) { hold.acquire(); }, [] {});
    int cancelled = 0;
    bool worked = false;
    const auto ticket = thread.run(this, [&](std::stop_token) { worked = true; }, [&] { ++cancelled; });
    thread.cancel(ticket);
    auto *context = new QObject;
    thread.run(context, [](std::stop_token) {}, [&] { ++cancelled; });
    delete context;
    bool last = false;
    thread.run(this, [](std::stop_token) {}, [&] { last = true; });
    hold.release();
    QTRY_VERIFY(last);
    QCOMPARE(cancelled, 0);
    QVERIFY(!worked);
}

void TestDataThread::stoppedWorkAnswers()
{
    DataThread thread;
    std::atomic_bool begun = false;
    QString answer;
    const auto ticket = thread.run(
        this,
        [&](std::stop_token stop) {
            begun = true;
            while (!stop.stop_requested())
                QThread::yieldCurrentThread();
            return QStringLiteral("stopped");
        },
        [&](const QString &text) { answer = text; });
    QTRY_VERIFY(begun.load());
    thread.stop(ticket);
    QTRY_COMPARE(answer, QStringLiteral("stopped"));
}

void TestDataThread::hurriedWorkComesFirst()
{
    DataThread thread;
    QSemaphore hold;
    thread.run(this, [&](std::stop_token) { hold.acquire(); }, [] {});
    QList<int> got;
    DataThread::Ticket last = 0;
    for (int i = 0; i < 4; ++i)
        last = thread.run(this, [i](std::stop_token) { return i; }, [&](int value) { got.push_back(value); });
    thread.hurry(last);
    hold.release();
    QTRY_COMPARE(got.size(), 4);
    QCOMPARE(got, (QList<int>{3, 0, 1, 2}));
}

namespace {

struct Tracked {
    explicit Tracked(std::atomic<QThread *> &gone) : where(gone) {}
    Tracked(const Tracked &) = delete;
    Tracked &operator=(const Tracked &) = delete;
    ~Tracked() { where = QThread::currentThread(); }
    std::atomic<QThread *> &where;
};

} // namespace

void TestDataThread::whatWasKeptGoesOnTheThread()
{
    std::atomic<QThread *> byKeep = nullptr;
    std::atomic<QThread *> byCancel = nullptr;
    {
        DataThread thread;
        QSemaphore hold;
        thread.run(this, [&](std::stop_token) { hold.acquire(); }, [] {});
        auto held = std::make_shared<Tracked>(byCancel);
        const auto ticket = thread.run(this, [held](std::stop_token) {}, [] {});
        held.reset();
        thread.cancel(ticket);
        thread.keep(std::make_shared<Tracked>(byKeep));
        hold.release();
    }
    QVERIFY(byKeep.load());
    QVERIFY(byKeep.load() != QThread::currentThread());
    QVERIFY(byCancel.load());
    QVERIFY(byCancel.load() != QThread::currentThread());
}

void TestDataThread::theEndStopsWhatRuns()
{
    std::atomic_bool begun = false;
    bool answered = false;
    {
        DataThread thread;
        for (int i = 0; i < 3; ++i) {
            thread.run(
                this,
                [&](std::stop_token stop) {
                    begun = true;
                    while (!stop.stop_requested())
                        QThread::yieldCurrentThread();
                },
                [&] { answered = true; });
        }
        QTRY_VERIFY(begun.load());
    }
    QCoreApplication::processEvents();
    QVERIFY(!answered);
}

QTEST_GUILESS_MAIN(TestDataThread)
#include "t_datathread.moc"
