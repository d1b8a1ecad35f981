// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QMetaObject>
#include <QThreadPool>

#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace cleat::ui {

/// Work on a thread of Qt's pool whose answer is wanted for as long as this lives: the destructor and start() ask what runs to stop, do not wait for it, and drop its answer.
/// The work may therefore outlive its owner: it captures values and shared pointers alone. GUI thread.
class BackgroundWork final
{
public:
    BackgroundWork() = default;
    ~BackgroundWork() { drop(); }
    BackgroundWork(const BackgroundWork &) = delete;
    BackgroundWork &operator=(const BackgroundWork &) = delete;

    /// `work(std::stop_token)` on the pool, then `done(result)` on the GUI thread. Neither may throw.
    template <typename Work, typename Done>
    void start(Work work, Done done)
    {
        drop();
        m_stop = std::make_shared<std::stop_source>();
        m_running = true;
        QThreadPool::globalInstance()->start([this, stop = m_stop, work = std::move(work), done = std::move(done)]() mutable {
            auto result = std::make_shared<std::invoke_result_t<Work, std::stop_token>>(work(stop->get_token()));
            QMetaObject::invokeMethod(
                qApp,
                [this, stop, done = std::move(done), result]() mutable {
                    if (stop->stop_requested()) // then `this` may be gone
                        return;
                    m_running = false;
                    done(std::move(*result));
                },
                Qt::QueuedConnection);
        });
    }

    void drop()
    {
        if (m_stop)
            m_stop->request_stop();
        m_stop.reset();
        m_running = false;
    }
    bool isRunning() const { return m_running; }

private:
    std::shared_ptr<std::stop_source> m_stop;
    bool m_running = false;
};

} // namespace cleat::ui
