// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/queues/queuemessage.h"
#include "core/storage/database.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::queues {

/// All queues of a state folder, on disk: what was sent stays until it is acknowledged, also when the process is killed. Several processes may send at the same time; the one that
/// holds a queue's QueueLock delivers its messages. The reference keeps queues in memory only, so the place is ours: v3/queues/queues.sqlite.
/// A queue is there when something was sent to it; its name is its id. Errors: see core/storage/failure.h. Belongs to one thread.
class QueueStore final
{
public:
    explicit QueueStore(const std::filesystem::path &state, std::chrono::milliseconds busyTimeout = storage::defaultBusyTimeout);
    QueueStore(const QueueStore &) = delete;
    QueueStore &operator=(const QueueStore &) = delete;

    static std::filesystem::path fileOf(const std::filesystem::path &state);
    const std::filesystem::path &file() const { return m_file; }

    // ---- producers

    /// All of them or none; they have passed checkMessages(). Gives what waited before.
    base::Result<Backlog> send(std::string_view queue, std::span<const NewMessage> messages, std::int64_t nowMs);
    base::Result<Backlog> backlog(std::string_view queue, std::int64_t nowMs);

    // ---- who delivers, and holds the lock

    /// What was in flight when a process ended waits again, with no attempt counted.
    base::Result<void> recover(std::string_view queue);
    struct Due {
        std::uint64_t ready = 0; ///< that can be delivered now
        std::optional<std::int64_t> nextMs; ///< when the next one can that cannot yet
    };
    base::Result<Due> due(std::string_view queue, std::int64_t nowMs);
    /// The first `most` that can be delivered now, which are in flight afterwards.
    base::Result<std::vector<Message>> claim(std::string_view queue, std::size_t most, std::int64_t nowMs);
    /// What became of a message that was claimed.
    struct Outcome {
        std::int64_t place = 0;
        enum class Kind {
            Acknowledged, ///< it goes
            Retry, ///< waits again, after a delay, with one failed attempt more
            Returned, ///< waits again as if nothing had been
            DeadLetter, ///< goes on in another queue, with its id and time, and no attempts
            Dead,
        };
        Kind kind = Kind::Acknowledged;
        std::int64_t delaySeconds = 0;
        std::string deadLetterQueue;
    };
    /// All at once.
    base::Result<void> settle(std::span<const Outcome> outcomes, std::int64_t nowMs);
    /// Drops what has been waiting for longer than retentionMs. Gives how many.
    base::Result<std::uint64_t> expire(std::int64_t nowMs);
    /// Changes with every commit of another connection.
    base::Result<std::int64_t> version();

    // ---- by hand

    struct Counts {
        std::uint64_t waiting = 0;
        std::uint64_t inFlight = 0;
        std::uint64_t delayed = 0;
        std::uint64_t dead = 0;
        std::uint64_t bytes = 0;
        bool paused = false; ///< nothing is delivered
        std::uint64_t total() const { return waiting + inFlight + delayed + dead; }
        bool operator==(const Counts &) const = default;
    };
    struct Queue {
        std::string name;
        Counts counts;
        bool operator==(const Queue &) const = default;
    };
    /// Those that hold something or are paused, by name.
    base::Result<std::vector<Queue>> queues(std::int64_t nowMs);
    base::Result<Counts> counts(std::string_view queue, std::int64_t nowMs);
    /// In the order of delivery, in pieces: behind this one. Bodies are left out.
    struct Position {
        std::int64_t dueMs = 0;
        std::int64_t place = 0;
    };
    base::Result<std::vector<Message>> list(std::string_view queue, std::size_t most, std::optional<Position> behind = std::nullopt);
    base::Result<std::optional<Message>> read(std::int64_t place);
    /// Those of them that are not in flight; gives how many.
    base::Result<std::uint64_t> remove(std::span<const std::int64_t> places);
    /// Lets them be delivered now: delayed ones, and dead ones with their attempts forgotten.
    base::Result<std::uint64_t> release(std::span<const std::int64_t> places, std::int64_t nowMs);
    /// All that is not in flight.
    base::Result<std::uint64_t> purge(std::string_view queue);
    enum class Delivery { Running, Paused };
    base::Result<void> setDelivery(std::string_view queue, Delivery delivery);
    base::Result<Delivery> delivery(std::string_view queue);

private:
    base::Result<storage::Database *> writer();
    /// Null when there is nothing to read yet.
    base::Result<storage::Database *> reader();
    base::Result<std::vector<Message>> messages(storage::Statement &statement);

    const std::filesystem::path m_file;
    const std::chrono::milliseconds m_busyTimeout;
    std::unique_ptr<storage::Database> m_database;
    bool m_schemaKnown = false;
};

/// Which process delivers the messages of a queue: an advisory lock that ends with the process, in a file beside the store.
class QueueLock final
{
public:
    /// Nothing: another process has it. Errors as the store's.
    static base::Result<std::unique_ptr<QueueLock>> take(const std::filesystem::path &state, std::string_view queue);
    ~QueueLock();
    QueueLock(const QueueLock &) = delete;
    QueueLock &operator=(const QueueLock &) = delete;

private:
    explicit QueueLock(int descriptor) : m_descriptor(descriptor) {}
    const int m_descriptor;
};

} // namespace cleat::bindings::queues
