// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace cleat::session {

/// A thread on which the data of one open view are read and changed: work is done in order, one piece at a time, and each answer comes back to the thread of its context
/// object. Objects of core/data that belong to one thread are made and used in such work alone. Create and use on the GUI thread. The destructor stops what runs and waits.
class DataThread final : public QObject
{
    Q_OBJECT
public:
    explicit DataThread(QObject *parent = nullptr);
    ~DataThread() override;

    using Ticket = std::uint64_t;

    /// `work(std::stop_token)` on the thread; `done(result)` on the thread of `context`, not at all when that is gone or the ticket was cancelled. Work must not throw.
    /// To be used for state that lives on the thread: capture a std::shared_ptr whose last owner is a piece of work (see keep()).
    template <typename Work, typename Done>
    Ticket run(QObject *context, Work work, Done done)
    {
        using Result = std::invoke_result_t<Work, std::stop_token>;
        if constexpr (std::is_void_v<Result>) {
            return enqueue(
                context,
                [work = std::move(work)](std::stop_token stop) mutable {
                    work(std::move(stop));
                    return std::shared_ptr<void>();
                },
                [done = std::move(done)](const std::shared_ptr<void> &) mutable { done(); });
        } else {
            return enqueue(
                context,
                [work = std::move(work)](std::stop_token stop) mutable -> std::shared_ptr<void> { return std::make_shared<Result>(work(std::move(stop))); },
                [done = std::move(done)](const std::shared_ptr<void> &result) mutable { done(std::move(*static_cast<Result *>(result.get()))); });
        }
    }

    /// Takes it out of the queue, or asks it to stop when it runs. Its answer does not come.
    void cancel(Ticket ticket);
    /// Asks it to stop when it runs or once it would, and lets its answer come (data.cancelled, or what it has done before it saw).
    void stop(Ticket ticket);
    /// Takes the ticket's work before what waits.
    void hurry(Ticket ticket);
    /// How many wait or run.
    int pending() const;

    /// Destroys the object on the thread, after the work that is queued.
    void keep(std::shared_ptr<void> object);

private:
    using Work = std::move_only_function<std::shared_ptr<void>(std::stop_token)>;
    using Done = std::move_only_function<void(const std::shared_ptr<void> &)>;
    Ticket enqueue(QObject *context, Work work, Done done);

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
