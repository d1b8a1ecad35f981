// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cleat::bindings::durableobjects {
class ObjectStore;
}

namespace cleat::runtime {

/// A Durable Object that is in memory.
struct LiveObject {
    std::string id; ///< 64 hex digits
    std::optional<std::string> name; ///< where it was reached by one
    enum class State : std::uint8_t {
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

/// What is done by hand with the Durable Objects of a Worker: their classes are those of the code that runs, ids are 64 lower-case hex digits. Only within Worker::controlObjects().
/// Code objects.no-class: the code that runs has no such class.
class ObjectControl
{
public:
    virtual ~ObjectControl() = default;

    /// Those of a class that are in memory, by their ids.
    virtual std::vector<LiveObject> live(const std::string &className) const = 0;

    /// Changes an object's storage between two turns of its code, in one transaction, which is committed here. Code objects.busy: the object is in a transaction of its own; those of `work`
    /// and of the storage.
    using Change = std::function<base::Result<void>(bindings::durableobjects::ObjectStore &)>;
    virtual base::Result<void> change(const std::string &className, const std::string &id, const Change &work) = 0;

    enum class Instance : std::uint8_t {
        Gone, ///< it is not in memory, or not any more; its next call gets a new instance. WebSockets that hibernate stay
        Busy, ///< it has something to do
    };
    /// An instance that has nothing to do leaves memory at once.
    virtual Instance evict(const std::string &className, const std::string &id) = 0;
    /// What is under way in the object fails with this; the next call gets a new instance. Its WebSockets end.
    virtual void reset(const std::string &className, const std::string &id, const std::string &reason) = 0;
    /// reset(), then all of its data are removed, and its alarm.
    virtual base::Result<void> remove(const std::string &className, const std::string &id) = 0;

    /// The first 1,000, in the order in which they came.
    virtual std::vector<ObjectSocket> webSockets(const std::string &className, const std::string &id) = 0;

    /// Its alarm rings at once, if there is one. Code objects.no-alarm; those of the storage.
    virtual base::Result<void> ringNow(const std::string &className, const std::string &id) = 0;
};

} // namespace cleat::runtime
