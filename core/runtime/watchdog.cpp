// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/watchdog.h"

#include "core/base/clock.h"

#include <algorithm>
#include <chrono>

#include <pthread.h>

namespace cleat::runtime {

using namespace std::chrono_literals;

namespace {

clockid_t clockOfThisThread()
{
    clockid_t clock{};
    return pthread_getcpuclockid(pthread_self(), &clock) == 0 ? clock : CLOCK_MONOTONIC;
}

} // namespace

Watchdog::Watchdog(std::function<void()> expired, std::function<void()> late)
    : m_expired(std::move(expired)), m_late(std::move(late)), m_clock(clockOfThisThread()), m_thread([this] { run(); }) {}

std::int64_t Watchdog::usedNs() const
{
    timespec time{};
    clock_gettime(m_clock, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

Watchdog::~Watchdog()
{
    {
        std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void Watchdog::arm(std::int64_t deadlineSteadyNs)
{
    m_deadline.store(deadlineSteadyNs, std::memory_order_seq_cst);
    if (m_asleep.load(std::memory_order_seq_cst)) {
        std::lock_guard lock(m_mutex);
        m_asleep.store(false, std::memory_order_relaxed);
        m_wake.notify_all();
    }
}

void Watchdog::run()
{
    int idleTicks = 0;
    std::int64_t seen = 0; // the deadline that was armed when it was looked at last
    std::int64_t seenNs = 0;
    std::int64_t usedWhenSeen = 0;
    std::int64_t lateNs = 0;
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        if (m_asleep.load()) {
            m_wake.wait(lock, [this] { return m_stop || !m_asleep.load(); });
            idleTicks = 0;
            continue;
        }
        m_wake.wait_for(lock, 20ms);
        std::int64_t deadline = m_deadline.load();
        if (deadline == 0 && lateNs != 0) {
            if (base::steadyNs() < lateNs)
                continue;
            lateNs = 0;
            lock.unlock();
            m_late();
            lock.lock();
            continue;
        }
        if (deadline == 0) {
            // Sleep for good only after a quiet second: arm() would otherwise pay for a wake-up at each request of a slow trickle.
            if (++idleTicks > 50) {
                m_asleep.store(true, std::memory_order_seq_cst);
                if (m_deadline.load(std::memory_order_seq_cst) != 0)
                    m_asleep.store(false);
            }
            continue;
        }
        idleTicks = 0;
        lateNs = 0;
        const std::int64_t now = base::steadyNs();
        if (seen != deadline) {
            seen = deadline;
            seenNs = now;
            usedWhenSeen = usedNs();
        }
        if (now < deadline)
            continue;
        constexpr std::int64_t patienceNs = 2'000'000'000;
        const std::int64_t due = std::max<std::int64_t>(deadline - seenNs, 5'000'000);
        if (usedNs() - usedWhenSeen < due && now < deadline + 3 * due + patienceNs)
            continue; // others have had the processor
        if ( m_deadline.compare_exchange_strong(deadline, 0)) {
            lateNs = now + 100'000'000;
            lock.unlock();
            m_expired();
            lock.lock();
        }
    }
}

} // namespace cleat::runtime
