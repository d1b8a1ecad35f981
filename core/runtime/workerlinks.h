// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"
#include "core/runtime/callmark.h"
#include "core/runtime/linkserializer.h"
#include "core/runtime/worker.h"
#include "core/runtime/workerdirectory.h"

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace cleat::runtime {

class Realm;
class WorkerState;

/// Numbers of what a Worker does on behalf of another one stand beside those of requests; each is a session: a part of a request that the log knows by that one's number.
inline constexpr RequestId firstSession = 1ULL << 39;

/// The ends of connections that a Worker has. The Worker's thread only, but for port().
class WorkerLinks final
{
public:
    WorkerLinks(WorkerState &state, WorkerPlace place);
    ~WorkerLinks();
    WorkerLinks(const WorkerLinks &) = delete;
    WorkerLinks &operator=(const WorkerLinks &) = delete;

    const std::string &name() const { return m_place.name; }

    /// One call leads to the next through so many Workers at most: a cycle ends.
    static constexpr std::uint32_t maxDepth = 200;
    /// Whether the current request may open one more.
    bool mayOpen() const;
    /// A connection for the current request, to another Worker or, with `service` empty, to the code that runs here. Nothing is sent before the first message. 0: no Worker has that name.
    LinkId open(const std::string &service, std::string entrypoint, std::string props, const CallMark &mark);
    /// The same to a Durable Object of that Worker's class.
    LinkId openObject(const std::string &worker, std::string className, ObjectName object, const CallMark &mark);
    /// What is sent over one that has ended goes nowhere.
    void send(LinkId id, std::string &&bytes);
    /// It is over on this side; the other one is told, once, with the reason.
    void end(LinkId id, const std::string &reason);
    /// The message that the JavaScript half is told of now; nullptr: none.
    LinkReader *reading() { return m_reading; }

    /// A task.
    void handle(LinkMessage &&message);
    /// Code was put in place, or could not be: what waited for that goes on.
    void codeCame();
    /// The request or the session is over: its connections are, too.
    void requestEnds(RequestId id, const std::string &reason = {});
    /// The same for those that others opened only. Whether there are more.
    bool sessionEnds(RequestId id);
    /// Whether it opened some that are open.
    bool hasOpened(RequestId id) const;
    /// The same of all requests in an object.
    bool hasOpenedIn(RequestId home) const;
    /// From here on until release() what is sent waits.
    void hold() { m_holding = true; }
    void release();
    /// Of what waits, what the sessions of an object have sent goes nowhere.
    void dropHeld(RequestId home);
    void endAll(const std::string &reason);
    /// The same for the last time.
    void close();
    /// Nothing goes on here. What was called and waits for something all the same will wait for ever: it is refused.
    void endHung();
    /// Something is awaited of other Workers.
    bool waiting() const { return m_opened > 0; }
    /// Gives an event of a session to the request that it belongs to.
    void relate(events::Event &event) const;

private:
    struct End {
        std::shared_ptr<LinkPort> peer;
        std::weak_ptr<Realm> realm;
        RequestId request = 0; ///< here: the one that opened it, or the session
        std::unique_ptr<LinkOpening> opening; ///< goes with the first message
        bool examined = false; ///< by endHung(), since the last message
    };
    LinkId open(const std::string &service, LinkOpening &&opening, const CallMark &mark);
    void sendNow(LinkId id, std::string &&bytes);
    void endNow(LinkId id, const std::string &reason);
    void keep(LinkId id, End &&end);
    End take(std::unordered_map<LinkId, End>::iterator found);
    void begin(LinkMessage &&message);
    void tell(LinkId id, const std::string &bytes, const LinkOpening *opening);
    void tellEnd(LinkId id, RequestId request, const std::shared_ptr<Realm> &realm, const std::string &reason);

    WorkerState &m_state;
    const WorkerPlace m_place;
    const std::shared_ptr<LinkPort> m_port;
    std::unordered_map<LinkId, End> m_ends;
    std::unordered_multimap<RequestId, LinkId> m_byRequest;
    std::size_t m_opened = 0; ///< of m_ends, on this side
    std::vector<LinkMessage> m_early; ///< came before any code
    bool m_codeCame = false; ///< or did not load
    bool m_holding = false;
    std::vector<LinkMessage> m_held; ///< by the ends here
    LinkReader *m_reading = nullptr;
    RequestId m_lastSession = firstSession;
};

} // namespace cleat::runtime
