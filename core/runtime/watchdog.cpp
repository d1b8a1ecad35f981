// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/watchdog.h"

#include "core/base/clock.h"

#include <chrono>

namespace cleat::runtime {

using namespace std::chrono_literals;

Watchdog::Watchdog(std::function<void()> expired) : m_expired(std::move(expired)), m_thread([this] { run(); }) {}

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
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        if (m_asleep.load()) {
            m_wake.wait(lock, [this] { return m_stop || !m_asleep.load(); });
            idleTicks = 0;
            continue;
        }
        m_wake.wait_for(lock, 20ms);
        std::int64_t deadline = m_deadline.load();
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
        if (base::steadyNs() >= deadline && m_deadline.compare_exchange_strong(deadline, 0)) {
            lock.unlock();
            m_expired();
            lock.lock();
        }
    }
}

} // namespace cleat::runtime
