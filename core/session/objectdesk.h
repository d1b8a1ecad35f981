// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/durableobjects/objectchange.h"
#include "core/events/event.h"

#include <QObject>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cleat::runtime {
class ObjectControl;
class Worker;
}

namespace cleat::session {

/// A Durable Object that is in memory.
struct LiveObject {
    std::string id; ///< 64 hex digits
    std::optional<std::string> name; ///< where it was reached by one
    enum class State {
        Active, ///< something goes on in it
        Idle, ///< it has an instance, and nothing to do
        Hibernating, ///< only its WebSockets are there; what comes over one of them makes a new instance
    };
    State state = State::Idle;
    std::size_t webSockets = 0; ///< that it gave to acceptWebSocket()
    bool operator==(const LiveObject &) const = default;
};

/// A WebSocket that an object gave to acceptWebSocket().
struct ObjectSocket {
    std::vector<std::string> tags;
    std::string attachment; ///< of serializeAttachment(), as a console shows it; empty: there is none
    bool isClosing = false; ///< one side has said that it closes
    std::int64_t answeredMs = 0; ///< when the automatic response last answered; wall clock; 0: never
    bool operator==(const ObjectSocket &) const = default;
};

/// Which Durable Object.
struct ObjectPlace {
    std::string uniqueKey; ///< of its namespace: "<Worker>-<class>"
    std::string id; ///< 64 hex digits
    std::optional<std::string> name; ///< where it is known
    bool operator==(const ObjectPlace &) const = default;
};

/// A call of a Durable Object by hand.
struct ObjectCall {
    enum class How {
        Request, ///< its fetch()
        Method, ///< a method, as by RPC
    };
    How how = How::Request;
    std::string method; ///< of the request, or the method's name
    std::string url; ///< of a request; absolute
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::string arguments; ///< of a method: a JSON array
};

/// What came of it.
struct ObjectAnswer {
    std::string error; ///< one line, as the code threw it; empty: it answered
    // Of a request:
    int status = 0;
    std::string statusText;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body; ///< its first MiB, or what came within 10 seconds
    bool webSocket = false; ///< it answered with one, which was closed
    // Of a method:
    std::string value; ///< what it gave
    bool isJson = false; ///< `value` is JSON; else it is as a console shows it
    bool cut = false; ///< body or value is only a part
    events::RequestId row = 0; ///< in the log
    std::int64_t tookUs = 0;
};

/// What is done by hand with the Durable Objects of what runs, and with those of which only the files are there. Lives on the main thread; answers come there, later, and never once
/// `context` is gone. Codes of all: session.objects: the Worker that has the class does not run, or stopped meanwhile; objects.*: runtime::ObjectControl's; those of the storage.
class ObjectDesk final : public QObject
{
    Q_OBJECT
public:
    /// Gives the Worker of that name while it runs, else nullptr. `state`: where local data is.
    using FindWorker = std::function<runtime::Worker *(const std::string &name)>;
    ObjectDesk(FindWorker findWorker, std::function<std::filesystem::path()> state, QObject *parent = nullptr);
    ~ObjectDesk() override;

    /// The Worker that has a namespace's class; nothing when it is no namespace's key.
    static std::optional<std::pair<std::string, std::string>> workerAndClass(const std::string &uniqueKey);
    /// Whether the Worker that has the class runs.
    bool runs(const std::string &uniqueKey) const;

    template <typename T>
    using Done = std::function<void(base::Result<T> &&)>;

    /// Those that are in memory, by id; none when nothing runs.
    void live(const std::string &uniqueKey, QObject *context, Done<std::vector<LiveObject>> done);

    /// The WebSockets of an object, the first 1,000 in the order in which they came; none when it is not in memory.
    void webSockets(const ObjectPlace &place, QObject *context, Done<std::vector<ObjectSocket>> done);

    /// What became of an object's instance after a change.
    enum class Instance {
        Gone, ///< it is not in memory, or not any more: the next call reads what was changed
        Busy, ///< it goes on with what it has read before
    };
    /// Changes its storage: while its Worker runs, there, between two turns of its code, through its own connection; then an instance that has nothing to do leaves memory, because it may
    /// hold what it has read. Else in its file.
    void change(const ObjectPlace &place, data::durableobjects::ObjectChange change, QObject *context, Done<Instance> done);
    /// Somebody else has changed its storage, for the same reason.
    void evict(const ObjectPlace &place, QObject *context, Done<Instance> done);
    /// Its alarm rings now. Code objects.no-alarm.
    void ring(const ObjectPlace &place, QObject *context, Done<void> done);
    /// Breaks its instance if it has one, and removes its files and its alarm.
    void remove(const ObjectPlace &place, QObject *context, Done<void> done);
    /// The answer says what the code threw; a failure, that there was none.
    void call(const ObjectPlace &place, const ObjectCall &call, QObject *context, Done<ObjectAnswer> done);

private:
    template <typename T>
    class Answer;
    template <typename T, typename Work>
    void control(const std::string &worker, QObject *context, Done<T> done, Work work);
    /// Without a Worker, away from the main thread.
    template <typename T, typename Work>
    void onFiles(QObject *context, Done<T> done, Work work);

    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
