// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace cleat::events {

/// Counts requests from 1 over the life of an event log; 0 means "no request" (work outside of one).
using RequestId = std::uint64_t;

enum class Answer : std::uint8_t {
    Code,    ///< a Pages Function answered
    Asset,   ///< a static file answered
    Refused, ///< never reached either: malformed, too large, or the queue was full
};

enum class RequestState : std::uint8_t {
    Running,   ///< seen, not answered yet: a later event with the same id replaces this one
    Finished,  ///< the whole response was handed to the connection
    Abandoned, ///< the client left before the response was complete
};

/// A request as far as it is known. Published again, with the same id, whenever its state changes.
struct RequestEvent {
    RequestId id = 0;
    std::int64_t startUs = 0; ///< wall clock, microseconds since the Unix epoch
    std::uint32_t durationUs = 0; ///< from the parsed head to the last byte handed over
    std::uint16_t status = 0; ///< 0 while it is not known
    RequestState state = RequestState::Running;
    Answer answer = Answer::Code;
    std::string method;
    std::string target; ///< path and query, as received
    std::string handler; ///< "functions/api/index.ts", or the asset's path, or empty
    std::uint64_t requestBytes = 0; ///< body
    std::uint64_t responseBytes = 0; ///< body
    std::string error; ///< one line; empty when all went well
    bool operator==(const RequestEvent &) const = default;
};

/// One call of a binding, after it ended.
struct CallEvent {
    RequestId request = 0;
    std::uint32_t startUs = 0; ///< from the start of its request
    std::uint32_t durationUs = 0;
    std::string kind; ///< "kv"
    std::string binding; ///< the name in `env`
    std::string method; ///< "get"
    std::string arguments; ///< a JSON array, long values shortened
    std::string result; ///< JSON, shortened; empty when there is none or the call failed
    std::string error; ///< empty when the call succeeded
    std::uint64_t bytes = 0; ///< size of the value read or written
    bool operator==(const CallEvent &) const = default;
};

enum class Level : std::uint8_t { Debug, Log, Info, Warn, Error };

/// A console line of user code.
struct ConsoleEvent {
    RequestId request = 0;
    std::int64_t timeUs = 0; ///< wall clock
    Level level = Level::Log;
    std::string text;
    base::Place place; ///< in the user's source, when the source map knows it
    bool operator==(const ConsoleEvent &) const = default;
};

/// An exception or a rejected promise that no user code caught, with its stack mapped to the user's files.
struct ExceptionEvent {
    RequestId request = 0;
    std::int64_t timeUs = 0;
    std::string message;
    std::string stack;
    base::Place place;
    bool operator==(const ExceptionEvent &) const = default;
};

/// Something about the program itself: a build that failed, a port that changed, a broken configuration.
struct NoticeEvent {
    std::int64_t timeUs = 0;
    Level level = Level::Info;
    std::string code;
    std::string text;
    base::Place place;
    bool operator==(const NoticeEvent &) const = default;
};

using Event = std::variant<RequestEvent, CallEvent, ConsoleEvent, ExceptionEvent, NoticeEvent>;

/// Rough memory held by an event, in bytes; what the log's bound counts.
std::size_t memoryOf(const Event &event);

} // namespace cleat::events
