// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/datathread.h"

#include <QMetaObject>
#include <QPointer>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_set>

namespace cleat::session {

/// One piece of work. Its answer is called on the context's thread alone, but may be destroyed on either.
struct Piece {
    DataThread::Ticket ticket = 0;
    QPointer<QObject> context;
    std::move_only_function<std::shared_ptr<void>(std::stop_token)> work;
    std::move_only_function<void(const std::shared_ptr<void> &)> done;
    std::stop_source stop;
};

class DataThread::Private
{
public:
    explicit Private(DataThread &thread) : q(thread), worker([this] { loop(); }) {}

    void loop();
    std::shared_ptr<Piece> next();

    DataThread &q;
    std::mutex mutex;
    std::condition_variable ready;
    std::deque<std::shared_ptr<Piece>> waiting;
    std::shared_ptr<Piece> running;
    std::vector<std::shared_ptr<void>> kept; ///< guarded; dropped by the thread once nothing waits
    bool ending = false;
    Ticket last = 0; ///< GUI thread
    std::unordered_set<Ticket> live; ///< GUI thread: those whose answer is still wanted or on its way
    std::thread worker; ///< last: the others are there when it begins
};

std::shared_ptr<Piece> DataThread::Private::next()
{
    std::vector<std::shared_ptr<void>> dropped;
    std::unique_lock lock(mutex);
    running.reset();
    while (true) {
        if (!waiting.empty()) {
            running = std::move(waiting.front());
            waiting.pop_front();
            return running;
        }
        if (!kept.empty()) {
            dropped.swap(kept);
            lock.unlock();
            dropped.clear();
            lock.lock();
            continue;
        }
        if (ending)
            return nullptr;
        ready.wait(lock);
    }
}

void DataThread::Private::loop()
{
    while (const std::shared_ptr<Piece> piece = next()) {
        std::shared_ptr<void> result = piece->work(piece->stop.get_token());
        piece->work = nullptr; // what it holds belongs to this thread
        QMetaObject::invokeMethod(
            &q,
            [this, piece, result = std::move(result)] {
                if (live.erase(piece->ticket) && piece->context)
                    piece->done(result);
            },
            Qt::QueuedConnection);
    }
}

DataThread::DataThread(QObject *parent) : QObject(parent), d(std::make_unique<Private>(*this)) {}

DataThread::~DataThread()
{
    {
        const std::lock_guard lock(d->mutex);
        d->ending = true;
        for (const auto &piece : d->waiting)
            piece->stop.request_stop();
        if (d->running)
            d->running->stop.request_stop();
    }
    d->ready.notify_one();
    d->worker.join();
}

DataThread::Ticket DataThread::enqueue(QObject *context, Work work, Done done)
{
    auto piece = std::make_shared<Piece>();
    piece->ticket = ++d->last;
    piece->context = context;
    piece->work = std::move(work);
    piece->done = std::move(done);
    d->live.insert(piece->ticket);
    {
        const std::lock_guard lock(d->mutex);
        d->waiting.push_back(std::move(piece));
    }
    d->ready.notify_one();
    return d->last;
}

void DataThread::cancel(Ticket ticket)
{
    if (d->live.erase(ticket))
        stop(ticket);
}

void DataThread::stop(Ticket ticket)
{
    const std::lock_guard lock(d->mutex);
    if (d->running && d->running->ticket == ticket) {
        d->running->stop.request_stop();
        return;
    }
    const auto found = std::ranges::find(d->waiting, ticket, [](const auto &piece) { return piece->ticket; });
    if (found == d->waiting.end())
        return;
    (*found)->stop.request_stop();
    if (!d->live.contains(ticket)) { // nobody wants it: what it holds is destroyed on the thread
        d->kept.push_back(std::move(*found));
        d->waiting.erase(found);
        d->ready.notify_one();
    }
}

void DataThread::hurry(Ticket ticket)
{
    const std::lock_guard lock(d->mutex);
    const auto found = std::ranges::find(d->waiting, ticket, [](const auto &piece) { return piece->ticket; });
    if (found != d->waiting.end())
        std::rotate(d->waiting.begin(), found, found + 1);
}

int DataThread::pending() const
{
    const std::lock_guard lock(d->mutex);
    return static_cast<int>(d->waiting.size()) + (d->running ? 1 : 0);
}

void DataThread::keep(std::shared_ptr<void> object)
{
    {
        const std::lock_guard lock(d->mutex);
        d->kept.push_back(std::move(object));
    }
    d->ready.notify_one();
}

} // namespace cleat::session
