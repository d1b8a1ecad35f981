// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cleat::events {

/// Counts requests from 1 over the life of an event log; 0 means "no request" (work outside of one).
using RequestId = std::uint64_t;

/// What started the work.
enum class RequestKind : std::uint8_t {
    Http,  ///< a request over HTTP
    // Work that no request asked for: its status is 0, what its code was given is the request's body, and what it made of that the response's; both are JSON.
    Queue, ///< a batch of a queue: method "QUEUE", target the queue's name
    Cron,  ///< a schedule: method "CRON", target the pattern
    Alarm, ///< a Durable Object's alarm: method "ALARM", target class and id
    Manual, ///< a call that was made by hand, in the window: method "OBJECT" (target: a Durable Object's class, its id, what was called) or "AI" (target: the model)
};

/// "http", "queue", "cron", "alarm", "manual"
std::string_view kindName(RequestKind kind);

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
    RequestKind kind = RequestKind::Http;
    bool secure = false; ///< came over TLS
    std::uint32_t handedUs = 0; ///< from the start: when the Worker got it; 0: never
    std::uint32_t beganUs = 0; ///< from the start: when its code began; 0: never
    std::uint32_t answeredUs = 0; ///< from the start: when the head of the response was known; 0: not yet
    std::string environment; ///< the set that ran: "production", "preview", or empty for the top level
    std::string method;
    std::string target; ///< path and query, as received
    std::string handler; ///< "functions/api/index.ts", or the asset's path, or empty
    std::uint64_t requestBytes = 0; ///< body
    std::uint64_t responseBytes = 0; ///< body
    std::string error; ///< one line; empty when all went well
    RequestId cause = 0; ///< the request whose code sent what this one works on (of a batch: the first message that one sent); 0: none, or one that is not known any more
    bool operator==(const RequestEvent &) const = default;
};

/// What went over the wire for a request: published once, when the response is complete; earlier too (and replaced then) for one that runs long.
/// Passes through the log as it is, secrets and all: who keeps or shows it masks it (Redactor, masking.h).
struct ContentEvent {
    RequestId request = 0;
    std::string requestHead; ///< fields, "Name: value\r\n" each, as received; of a refused request what has come of them, which may be malformed
    /// Status line and fields, as sent: "HTTP/1.1 200 OK\r\nName: value\r\n". Without the Connection field that a connection adds when it ends. Empty when there
    /// was none, or when the listener answered by itself to a malformed body.
    std::string responseHead;
    std::string cf; ///< request.cf as JSON; empty: the usual one, which is undefined: there is no network of Cloudflare's in between
    std::string requestBody; ///< its beginning (EventLog::bodyBytes), without framing; RequestEvent::requestBytes says how long the whole was
    std::string responseBody; ///< its beginning, as sent, without framing
    bool operator==(const ContentEvent &) const = default;
};

/// A span: one stretch of work inside a request, after it ended (what happened inside one comes before it). A call of a binding, or one of
///
///     kind        binding                  method          what it is
///     middleware  file below functions/    onRequest...    one function of the chain; its place is where it stands
///     handler     the same                 onRequest...    the last of the chain
///     fetch       host                     GET, ...        an outgoing request, or one redirect of it; ends with the response's body, or the interest in it (core/runtime/fetchspan.h)
///     service     the name in `env`        GET /path, add  a call of another Worker; in it stands what that one did: a handler with the Worker's name and what was called
///     queue       the name in `env`        send, sendBatch messages for a queue; what it delivers is a row of its own, with this request as its cause
///     cache       the cache's name         match, ...      the Cache API
///     assets      ASSETS                   fetch           a static file asked for by code
///     websocket   host of an outgoing one  send, receive   a message of a WebSocket, its beginning in the arguments; of one that came it is the time that the code had it.
///                                          more            the rest of a WebSocket's messages: {"messages":n}, and all their bytes
///     waituntil                            waitUntil       a promise that may go on after the response; its place is where it was given
///
/// The duration of a middleware or handler is that until its answer was there, and its result that answer's status: {"status":200}.
struct CallEvent {
    RequestId request = 0;
    std::uint32_t span = 0; ///< counts from 1 in its request; 0: no number
    std::uint32_t parent = 0; ///< the span it happened in; 0: the request itself
    std::uint32_t startUs = 0; ///< from the start of its request
    std::uint32_t durationUs = 0;
    std::string kind; ///< "kv"
    std::string binding; ///< the name in `env`
    std::string method; ///< "get"
    base::Place place; ///< where the user's code called, when it is known
    std::uint64_t rowsRead = 0; ///< D1
    std::uint64_t rowsWritten = 0; ///< D1
    std::string arguments; ///< a JSON array, long values shortened
    std::string result; ///< JSON, shortened; empty when there is none or the call failed
    std::string error; ///< empty when the call succeeded
    std::uint64_t bytes = 0; ///< size of the value read or written
    bool operator==(const CallEvent &) const = default;
};

/// Whether a span is a call of a binding, and not a part of the chain, the asset server or the network.
bool isBindingCall(const CallEvent &call);

enum class Level : std::uint8_t { Debug, Log, Info, Warn, Error };

/// A console line of user code.
///
/// `values` tells what was given as trees, for consoles that unfold them. It is a JSON array of nodes that stand side by side, with no spaces to be added:
///
///     "text", 5, true, false, null        themselves, as values (a string that was given as an argument comes as a "text", below)
///     {"t":type, "s":text, ...}           anything else; `text` is what to show while it is folded, on one line
///         text                            words of the line itself
///         undefined number bigint symbol  a primitive that JSON has none for (NaN, -0, 5n)
///         string                          a text that was shortened; "n": how long it was
///         object array map set error date regexp promise typedarray arraybuffer weakmap weakset boxed function class proxy
///         accessor hole bytes entry frame what may stand among members: a getter that was not run, holes of an array, bytes in hexadecimal, an entry of a map whose key is
///                                         an object (members "key" and "value"), a line of a stack
///         circular                        a value that it is in: the one "up" levels above
///         table                           the data of console.table; "h": the titles of its columns
///         trace                           console.trace; its members are frames
///         group                           shows nothing: the line is in "depth" groups (its text is indented by two spaces for each), and with "opens":"open" or
///                                         "collapsed" is the head of one more
///     "m":[[key, node], [key, node, kind]...]   members; kind: index, symbol, hidden (not enumerable), inherited (a getter of the class), inner (not a property), entry, frame
///     "more":n                            so many members were left out; "deep":true: all of them, because it is too far in
///
/// It is empty when nothing unfolds. A line has 2000 nodes and about 100 kB at most.
struct ConsoleEvent {
    RequestId request = 0;
    std::int64_t timeUs = 0; ///< wall clock
    Level level = Level::Log;
    std::string text; ///< the whole line as text
    std::string values; ///< what was given as a JSON array of trees, see above; empty: the text is all there is
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
    std::string excerpt; ///< lines of the source round the place, as it was when the code was built; empty: not known
    int excerptLine = 0; ///< number of the excerpt's first line
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

using Event = std::variant<RequestEvent, CallEvent, ConsoleEvent, ExceptionEvent, NoticeEvent, ContentEvent>;

/// Rough memory held by an event, in bytes; what the log's bound counts.
std::size_t memoryOf(const Event &event);

} // namespace cleat::events
