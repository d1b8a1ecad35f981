// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QThreadPool>

#include <cstdint>
#include <memory>
#include <stop_token>
#include <utility>

namespace cleat::ui {

/// One piece of work at a time away from the GUI thread, on a thread of Qt's pool. What it found is handed over on the GUI thread, unless another piece was begun meanwhile,
/// or it was stopped, or the PoolJob is gone. Its members are called on the GUI thread.
class PoolJob final
{
public:
    PoolJob() = default;
    PoolJob(const PoolJob &) = delete;
    PoolJob &operator=(const PoolJob &) = delete;
    ~PoolJob() { stop(); }

    bool busy() const { return m_running != nullptr; }

    /// `work(std::stop_token)` runs on the pool and must own what it reads; `done(result)` on the GUI thread. What ran before is stopped, and its answer dropped.
    template <typename Work, typename Done>
    void start(Work work, Done done)
    {
        stop();
        m_running = std::make_shared<Running>();
        m_running->owner = this;
        QThreadPool::globalInstance()->start([running = m_running, work = std::move(work), done = std::move(done)]() mutable {
            auto result = std::make_shared<decltype(work(std::stop_token()))>(work(running->stop.get_token()));
            // The application outlives the pool's threads; the owner may not.
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [running, result, done = std::move(done)]() mutable {
                    PoolJob *owner = running->owner;
                    if (!owner)
                        return;
                    owner->m_running.reset();
                    done(std::move(*result));
                },
                Qt::QueuedConnection);
        });
    }

    void stop()
    {
        if (!m_running)
            return;
        m_running->stop.request_stop();
        m_running->owner = nullptr;
        m_running.reset();
    }

private:
    struct Running {
        std::stop_source stop;
        PoolJob *owner = nullptr; ///< of the GUI thread; nullptr: nobody waits any more
    };
    std::shared_ptr<Running> m_running;
};

} // namespace cleat::ui
