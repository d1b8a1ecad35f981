// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace cleat::runtime {

/// One end of a connection between two Workers. The other end has the same number but for its last bit, which is 0 on the side that opened it.
using LinkId = std::uint64_t;

inline LinkId otherEnd(LinkId id)
{
    return id ^ 1;
}

class LinkPort;

/// A Durable Object of a class that is known.
struct ObjectName {
    std::string id; ///< 64 lower-case hex digits
    std::optional<std::string> name; ///< that the id was made of, where that is known
};

/// On whose behalf a connection is opened, and to what.
struct LinkOpening {
    std::shared_ptr<LinkPort> from;
    std::string entrypoint; ///< empty: the default one
    std::string props; ///< JSON; empty: none
    std::optional<ObjectName> object; ///< a Durable Object, whose class is the entrypoint
    events::RequestId request = 0; ///< that the log knows; 0: none
    std::int64_t startNs = 0; ///< of that request
    bool recorded = false;
    std::uint32_t span = 0; ///< of the call
    std::uint32_t depth = 0; ///< how many Workers have called each other to come here
    std::shared_ptr<std::atomic<std::uint32_t>> spans; ///< the last number that a span of the request has
};

struct LinkMessage {
    LinkId link = 0; ///< the end that it goes to
    enum class Kind {
        Data, ///< `bytes` is what linkserializer.h makes; the first of a connection has an `opening`
        End ///< no more will come; `bytes` says why, where it is no ordinary end
    };
    Kind kind = Kind::Data;
    std::string bytes;
    std::unique_ptr<LinkOpening> opening;
};

/// Where messages for one Worker go. Any thread; outlives the Worker.
class LinkPort final
{
public:
    using Take = std::function<void(LinkMessage &&)>;
    explicit LinkPort(Take take) : m_take(std::move(take)) {}
    LinkPort(const LinkPort &) = delete;
    LinkPort &operator=(const LinkPort &) = delete;

    /// False: the Worker is gone. Messages of one sender arrive in order.
    bool post(LinkMessage &&message);
    /// The Worker takes nothing more. When this returns `take` does not run and never will again.
    void close();

private:
    std::mutex m_mutex;
    Take m_take;
};

/// The Workers that run in this process, by their names. Any thread.
class WorkerDirectory final
{
public:
    WorkerDirectory() = default;
    WorkerDirectory(const WorkerDirectory &) = delete;
    WorkerDirectory &operator=(const WorkerDirectory &) = delete;

    /// The last one to enter a name has it.
    void enter(const std::string &name, std::shared_ptr<LinkPort> port);
    /// Does nothing when another Worker has the name by now.
    void leave(const std::string &name, const std::shared_ptr<LinkPort> &port);
    /// nullptr: there is no such Worker now.
    std::shared_ptr<LinkPort> find(const std::string &name) const;

private:
    mutable std::mutex m_mutex;
    std::map<std::string, std::shared_ptr<LinkPort>, std::less<>> m_ports;
};

/// The number of a new connection, as the side that opens it has it.
LinkId newLink();

} // namespace cleat::runtime
