// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::bindings::queues {

/// How a body is kept: the bytes of a text, of a JSON text, as they came, or as V8's serializer made them.
enum class ContentType : std::uint8_t { Json, Text, Bytes, V8 };

/// "json", "text", "bytes", "v8"
std::string_view contentTypeName(ContentType type);
std::optional<ContentType> contentTypeNamed(std::string_view name);

/// The request whose code sent a message: its number, and the event log that counts it (EventLog::token()); 0: none.
struct Sender {
    std::uint64_t log = 0;
    std::uint64_t request = 0;
    bool operator==(const Sender &) const = default;
};

struct NewMessage {
    ContentType type = ContentType::Json;
    std::string body;
    std::int64_t delaySeconds = 0;
    Sender sender;
};

enum class MessageState : std::uint8_t {
    Waiting, ///< to be delivered as soon as `dueMs`
    InFlight, ///< a consumer has it
    Dead, ///< all attempts failed, and no dead-letter queue takes it: it is only there to be looked at, or sent again by hand
};

struct Message {
    std::int64_t place = 0; ///< its number in the store; stays
    std::string id; ///< 32 hexadecimal digits
    ContentType type = ContentType::Json;
    std::string body;
    std::uint64_t bytes = 0; ///< of the body
    std::int64_t sentMs = 0; ///< wall clock
    std::int64_t dueMs = 0; ///< not to be delivered before
    int attempts = 0; ///< that have failed
    MessageState state = MessageState::Waiting;
    Sender sender;
    bool operator==(const Message &) const = default;
};

/// What waits in a queue and could be delivered now, as producers and consumers are told.
struct Backlog {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    std::optional<std::int64_t> oldestMs; ///< when the first of them was sent
    bool operator==(const Backlog &) const = default;
};

} // namespace cleat::bindings::queues
