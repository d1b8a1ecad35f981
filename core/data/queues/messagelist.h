// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/queues/queuelimits.h"
#include "core/bindings/queues/queuestore.h"
#include "core/data/statefile.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::queues {

using bindings::queues::ContentType;
using bindings::queues::Message;
using bindings::queues::MessageState;
using Counts = bindings::queues::QueueStore::Counts;
using Delivery = bindings::queues::QueueStore::Delivery;

inline constexpr std::size_t mostBodyBytes = bindings::queues::maxMessageBytes;
/// Of the bodies of MessageList::rows().
inline constexpr std::size_t rowBodyBytes = 300;

/// Which messages of a queue; Waiting can be delivered now, Delayed later.
enum class Shown { All, Waiting, InFlight, Delayed, Dead };

/// The messages of one queue, looked at and changed by hand while others send and deliver. Belongs to one thread. Errors: core/storage/failure.h.
class MessageList final
{
public:
    MessageList(std::filesystem::path state, std::string queue);

    base::Result<Counts> counts();
    base::Result<std::uint64_t> count(Shown shown);
    /// By number, in the order of delivery; of bodies only the first rowBodyBytes.
    base::Result<std::vector<Message>> rows(Shown shown, std::uint64_t first, std::size_t count);
    /// Whole; nullopt: it is not in this queue any more.
    base::Result<std::optional<Message>> message(std::int64_t place);

    struct Look {
        Counts counts;
        bool changed = false; ///< somebody changed something since the last look, or what was delayed is not any more; the first says true
    };
    base::Result<Look> look();

    /// A message as `env.QUEUE.send()` makes it. Code queue.limit, or queue.json: the text is no JSON.
    base::Result<void> send(ContentType type, std::string body, std::int64_t delaySeconds);
    /// Those of them that are not in flight; gives how many.
    base::Result<std::uint64_t> remove(std::span<const std::int64_t> places);
    /// They can be delivered at once: delayed ones, and dead ones with their attempts forgotten. Those in flight stay; gives how many.
    base::Result<std::uint64_t> release(std::span<const std::int64_t> places);
    /// All that is not in flight; gives how many.
    base::Result<std::uint64_t> purge();
    base::Result<void> setDelivery(Delivery delivery);

private:
    const std::string m_queue;
    bindings::queues::QueueStore m_store;
    StateFile m_file; ///< of the same, for what it does not tell
    std::optional<std::int64_t> m_version;
    std::optional<Counts> m_counts;
};

/// A body as text to be read: JSON and text as they are; a value of V8's serializer as JSON where it is such a value, else as JavaScript would write it; nullopt: its bytes tell no text.
std::optional<std::string> readableBody(ContentType type, std::string_view body);

} // namespace cleat::data::queues
