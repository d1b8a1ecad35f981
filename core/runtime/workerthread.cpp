// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/workerthread.h"

#include "core/runtime/natives.h"
#include "core/runtime/snapshot.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>

namespace cleat::runtime {

namespace {

using namespace std::chrono_literals;

constexpr auto quiet = 300ms; // for the Worker that was started just now, and its first requests

FreshIsolate make(IsolateSize size)
{
    return makeIsolate(size.heapBytes, std::make_unique<BoundedAllocator>(size.bufferBytes));
}

/// What the thread that waits and the rest of the program have in common.
struct Waiting {
    explicit Waiting(IsolateSize itsSize) : size(itsSize) {}
    const IsolateSize size;
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void(FreshIsolate &&)> life; ///< what the thread is wanted for
    bool isReady = false;
    bool isToLeave = false;

    bool isCalled() const { return life || isToLeave; }
};

void wait(Waiting &waiting)
{
    const auto called = [&] { return waiting.isCalled(); };
    std::unique_lock lock(waiting.mutex);
    waiting.changed.wait_for(lock, quiet, called);
    if (waiting.isToLeave)
        return;
    lock.unlock();
    FreshIsolate fresh = make(waiting.size);
    lock.lock();
    waiting.isReady = true;
    waiting.changed.notify_all();
    waiting.changed.wait(lock, called);
    const auto life = std::move(waiting.life);
    lock.unlock();
    if (life)
        life(std::move(fresh));
    else
        discard(std::move(fresh));
}

class Reserve final
{
public:
    Reserve()
    {
        // What isolates refer to has to be there longer than the last of them.
        runtimeCodeResource();
        externalReferences();
    }
    ~Reserve()
    {
        letGo();
        if (m_thread.joinable())
            m_thread.join();
    }
    Reserve(const Reserve &) = delete;
    Reserve &operator=(const Reserve &) = delete;

    std::thread take(IsolateSize size, std::function<void(FreshIsolate &&)> life)
    {
        const std::lock_guard lock(m_mutex);
        std::thread taken;
        std::thread old;
        if (m_waiting && m_waiting->size == size) {
            const std::lock_guard inside(m_waiting->mutex);
            m_waiting->life = std::move(life);
            m_waiting->changed.notify_all();
            taken = std::move(m_thread);
        } else {
            taken = std::thread([size, life = std::move(life)] { life(make(size)); });
            letGo();
            old = std::move(m_thread);
        }
        if (old.joinable())
            old.join();
        m_waiting = std::make_shared<Waiting>(size);
        try {
            m_thread = std::thread([waiting = m_waiting] { wait(*waiting); });
        } catch (const std::system_error &) {
            m_waiting = nullptr; // the next Worker takes longer
        }
        return taken;
    }

    bool awaitReady()
    {
        std::shared_ptr<Waiting> waiting;
        {
            const std::lock_guard lock(m_mutex);
            waiting = m_waiting;
        }
        if (!waiting)
            return false;
        std::unique_lock lock(waiting->mutex);
        return waiting->changed.wait_for(lock, 1s, [&] { return waiting->isReady; });
    }

private:
    void letGo()
    {
        if (!m_waiting)
            return;
        const std::lock_guard inside(m_waiting->mutex);
        m_waiting->isToLeave = true;
        m_waiting->changed.notify_all();
    }

    std::mutex m_mutex;
    std::shared_ptr<Waiting> m_waiting;
    std::thread m_thread;
};

Reserve &reserve()
{
    static Reserve all;
    return all;
}

} // namespace

std::thread startWorkerThread(IsolateSize size, std::function<void(FreshIsolate &&)> life)
{
    startV8();
    return reserve().take(size, std::move(life));
}

bool awaitReadyThread()
{
    return reserve().awaitReady();
}

} // namespace cleat::runtime
