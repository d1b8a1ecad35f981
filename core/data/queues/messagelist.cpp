// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/queues/messagelist.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/data/query.h"
#include "core/data/v8value.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace cleat::data::queues {

using base::Result;
using bindings::queues::NewMessage;

MessageList::MessageList(std::filesystem::path state, std::string queue) : m_queue(std::move(queue)), m_store(state), m_file(bindings::queues::QueueStore::fileOf(state), "messages") {}

Result<Counts> MessageList::counts()
{
    return m_store.counts(m_queue, base::wallMs());
}

Result<std::uint64_t> MessageList::count(Shown shown)
{
    const auto found = counts();
    if (!found)
        return std::unexpected(found.error());
    switch (shown) {
    case Shown::All:
        break;
    case Shown::Waiting:
        return found->waiting;
    case Shown::InFlight:
        return found->inFlight;
    case Shown::Delayed:
        return found->delayed;
    case Shown::Dead:
        return found->dead;
    }
    return found->total();
}

Result<std::vector<Message>> MessageList::rows(Shown shown, std::uint64_t first, std::size_t count)
{
    std::vector<Message> rows;
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return rows;
    const std::int64_t nowMs = base::wallMs();
    // Which rows those are is told by an index alone.
    auto done = query(
        (*reading)->database(),
        shown == Shown::All
            ? "SELECT place, id, type, bytes, sent_ms, due_ms, attempts, state, substr(body, 1, ?4) FROM (SELECT place AS found FROM messages INDEXED BY messages_list WHERE queue = ?1"
              " ORDER BY due_ms, place LIMIT ?3 OFFSET ?2) JOIN messages ON place = found ORDER BY due_ms, place"
            : "SELECT place, id, type, bytes, sent_ms, due_ms, attempts, state, substr(body, 1, ?4) FROM (SELECT place AS found FROM messages INDEXED BY messages_order WHERE queue = ?1 AND state = ?5"
              " AND due_ms > ?6 AND due_ms <= ?7 ORDER BY due_ms, place LIMIT ?3 OFFSET ?2) JOIN messages ON place = found ORDER BY due_ms, place",
        [&](storage::Statement &statement) {
            statement.bindText(1, m_queue);
            statement.bindInteger(2, static_cast<std::int64_t>(first));
            statement.bindInteger(3, static_cast<std::int64_t>(count));
            statement.bindInteger(4, rowBodyBytes);
            if (shown == Shown::All)
                return;
            const MessageState state = shown == Shown::InFlight ? MessageState::InFlight : shown == Shown::Dead ? MessageState::Dead : MessageState::Waiting;
            statement.bindInteger(5, static_cast<std::int64_t>(state));
            statement.bindInteger(6, shown == Shown::Delayed ? nowMs : std::numeric_limits<std::int64_t>::min());
            statement.bindInteger(7, shown == Shown::Waiting ? nowMs : std::numeric_limits<std::int64_t>::max());
        },
        [&](const storage::Statement &row) {
            Message &message = rows.emplace_back();
            message.place = row.integer(0);
            message.id = row.text(1);
            message.type = static_cast<ContentType>(row.integer(2) & 3);
            message.bytes = static_cast<std::uint64_t>(row.integer(3));
            message.sentMs = row.integer(4);
            message.dueMs = row.integer(5);
            message.attempts = static_cast<int>(row.integer(6));
            message.state = static_cast<MessageState>(std::clamp<std::int64_t>(row.integer(7), 0, 2));
            message.body = row.text(8);
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return rows;
}

Result<std::optional<Message>> MessageList::message(std::int64_t place)
{
    return m_store.read(place);
}

Result<MessageList::Look> MessageList::look()
{
    const auto version = m_store.version();
    if (!version)
        return std::unexpected(version.error());
    const auto found = counts();
    if (!found)
        return std::unexpected(found.error());
    Look look{*found, m_version != *version || m_counts != *found};
    m_version = *version;
    m_counts = *found;
    return look;
}

Result<void> MessageList::send(ContentType type, std::string body, std::int64_t delaySeconds)
{
    if (type == ContentType::Json && !nlohmann::json::accept(body))
        return base::fail("queue.json", "The message is no JSON.");
    const std::array messages{NewMessage{type, std::move(body), delaySeconds, {}}};
    if (auto fine = bindings::queues::checkMessages(bindings::queues::Call::Send, messages); !fine)
        return fine;
    if (auto sent = m_store.send(m_queue, messages, base::wallMs()); !sent)
        return std::unexpected(std::move(sent.error()));
    return {};
}

Result<std::uint64_t> MessageList::remove(std::span<const std::int64_t> places)
{
    return m_store.remove(places);
}

Result<std::uint64_t> MessageList::release(std::span<const std::int64_t> places)
{
    return m_store.release(places, base::wallMs());
}

Result<std::uint64_t> MessageList::purge()
{
    return m_store.purge(m_queue);
}

Result<void> MessageList::setDelivery(Delivery delivery)
{
    return m_store.setDelivery(m_queue, delivery);
}

std::optional<std::string> readableBody(ContentType type, std::string_view body)
{
    switch (type) {
    case ContentType::Json:
    case ContentType::Text:
    case ContentType::Bytes:
        break;
    case ContentType::V8:
        return readV8Value(body);
    }
    return base::isUtf8(body) ? std::optional<std::string>(body) : std::nullopt;
}

} // namespace cleat::data::queues
