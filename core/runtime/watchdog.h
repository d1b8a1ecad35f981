// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include <ctime>

namespace cleat::runtime {

/// Ends JavaScript that runs too long. arm() and disarm() cost two atomic stores, so they may stand around every entry into V8; the deadline is kept to
/// within about 20 ms. A thread that the machine does not let run gets the time that it missed, but not for ever. arm, disarm: the Worker's thread. `expired` is called on the watchdog's thread, once for each armed deadline that passes, and `late` when
/// a tenth of a second later the same is still not disarmed.
class Watchdog final
{
public:
    Watchdog(std::function<void()> expired, std::function<void()> late);
    ~Watchdog();
    Watchdog(const Watchdog &) = delete;
    Watchdog &operator=(const Watchdog &) = delete;

    void arm(std::int64_t deadlineSteadyNs);
    void disarm() { m_deadline.store(0, std::memory_order_relaxed); }

private:
    void run();

    std::int64_t usedNs() const;

    const std::function<void()> m_expired;
    const std::function<void()> m_late;
    clockid_t m_clock{}; ///< of the time that the Worker's thread uses
    std::atomic<std::int64_t> m_deadline{0};
    std::atomic<bool> m_asleep{false}; ///< set by the watchdog's thread when it found nothing armed, cleared by arm()
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stop = false;
    std::thread m_thread;
};

} // namespace cleat::runtime
