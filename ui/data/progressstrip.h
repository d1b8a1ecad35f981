// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"
#include "core/session/datathread.h"

#include <QTimer>
#include <QWidget>

#include <memory>
#include <mutex>

class QProgressBar;
class QPushButton;

namespace cleat::ui {

class ElideLabel;

/// One piece of long work under a view: what it does, how far it is, and a button that cancels it. It runs on a thread of its own, so that the view can be used meanwhile.
/// Hidden while nothing runs. GUI thread.
class ProgressStrip final : public QWidget
{
    Q_OBJECT
public:
    enum class Unit { Count, Bytes };

    explicit ProgressStrip(QWidget *parent = nullptr);
    ~ProgressStrip() override;

    bool isRunning() const { return m_ticket != 0; }
    /// Runs `work(const data::Control &)` on the thread, then `done(result)` here. One at a time: false when something runs already.
    template <typename Work, typename Done>
    bool run(const QString &title, Unit unit, Work work, Done done)
    {
        if (isRunning())
            return false;
        begin(title, unit);
        m_ticket = m_thread.run(
            this,
            [work = std::move(work), state = m_state](std::stop_token stop) mutable {
                return work(data::Control{std::move(stop), [state](const data::Progress &progress) { state->set(progress); }});
            },
            [this, done = std::move(done)](auto &&result) mutable {
                end();
                done(std::move(result));
            });
        return true;
    }
    void cancel();

Q_SIGNALS:
    void runningChanged(bool running);

private:
    struct State {
        void set(const data::Progress &progress)
        {
            const std::lock_guard lock(mutex);
            now = progress;
        }
        std::mutex mutex;
        data::Progress now;
    };
    void begin(const QString &title, Unit unit);
    void end();
    void refresh();

    session::DataThread m_thread;
    session::DataThread::Ticket m_ticket = 0;
    std::shared_ptr<State> m_state;
    Unit m_unit = Unit::Count;
    QString m_title;
    QTimer m_timer;
    ElideLabel *m_text;
    QProgressBar *m_bar;
    QPushButton *m_cancel;
};

} // namespace cleat::ui
