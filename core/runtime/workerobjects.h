// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/alarmclock.h"
#include "core/runtime/objectcontrol.h"
#include "core/runtime/objectstores.h"
#include "core/runtime/worker.h"
#include "core/runtime/workerdirectory.h"

#include <cstdint>
#include <filesystem>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cleat::runtime {

class Realm;
class WorkerState;

/// The Durable Objects of a Worker, as far as C++ has to know them. Their instances are JavaScript's (js/durable/slots.js). The Worker's thread only.
///
/// Each object that is in memory has a home: the number of a request that never is, to which all belongs that the object has open (timers, fetches, calls of others), because that
/// outlives the call in whose course it was opened. What is done for one call is a session, as for any link, whose number tells the home.
class WorkerObjects final : public ObjectControl, private ObjectStores::Observer
{
public:
    using Home = RequestId;
    /// What JavaScript's objectEvent() takes as the kind: nothing went on for a while; it is broken, from outside.
    static constexpr int objectEvict = 0;
    static constexpr int objectReset = 1;
    static constexpr int objectSockets = 2;

    explicit WorkerObjects(WorkerState &state) : m_state(state) {}
    ~WorkerObjects() override = default;
    WorkerObjects(const WorkerObjects &) = delete;
    WorkerObjects &operator=(const WorkerObjects &) = delete;

    /// The number of a session in an object, which has a home from now on.
    RequestId beginSession(const std::shared_ptr<Realm> &realm, const std::string &className, const ObjectName &object);
    /// The home of an object, made when it has none.
    Home home(const std::shared_ptr<Realm> &realm, const std::string &className, const ObjectName &object);
    /// In which object a request runs; 0: in none, or in one that is not in memory any more.
    Home homeOf(RequestId request) const;

    // ---- storage
    /// Where the objects' files are (the folder that holds v3). Those of another folder are closed.
    void setStateFolder(const std::filesystem::path &folder);
    ObjectStores &stores() { return *m_stores; }
    /// The number of its storage, opened when it is not.
    ObjectStores::Slot openStore(Home home);
    /// What was not committed is taken back.
    void closeStore(Home home);

    // ---- alarms
    /// The code that was loaded last has these classes.
    void codeHas(std::vector<std::string> classNames) { m_classesOfCode = std::move(classNames); }
    /// It is in place: their alarms are rung.
    void codeIsIn();
    /// What is written in this turn may be an alarm, set by the request that runs.
    void alarmTouched(Home home);
    /// The home of the object that a trigger is for: its first arguments are class, id and name.
    Home homeOfTrigger(const std::shared_ptr<Realm> &realm, const Trigger &trigger);
    base::Result<void> ringNow(const std::string &className, const std::string &id) override;

    // ---- by hand
    std::vector<LiveObject> live(const std::string &className) const override;
    base::Result<void> change(const std::string &className, const std::string &id, const Change &work) override;
    Instance evict(const std::string &className, const std::string &id) override;
    void reset(const std::string &className, const std::string &id, const std::string &reason) override;
    base::Result<void> remove(const std::string &className, const std::string &id) override;
    std::vector<ObjectSocket> webSockets(const std::string &className, const std::string &id) override;
    /// How many WebSockets were given to acceptWebSocket() in it.
    void socketsAre(Home home, std::size_t count);

    // ---- turns
    /// The code of a request was ended from outside: what it wrote in this turn is taken back.
    void codeEnded(RequestId request, const std::string &reason);
    /// Keeps what was written. What the turn tells over links has not left the Worker before.
    void commit();
    /// The output gate of calls that leave the Worker in the middle of a turn (fetch(), KV, D1, R2, queues and so on): keeps first what was written so far, outside of transactions that
    /// are open. Not empty: why that failed, so that the call must not be made.
    std::string commitBeforeCall()
    {
        if (!m_stores || !m_stores->isDirty())
            return {};
        m_stores->commitAll();
        return m_failures.empty() ? std::string() : m_failures.back().second;
    }
    /// Tells JavaScript what could not be kept. After what the others sent has left.
    void tellFailures();

    /// The code of a session is through. True: it has something open, and goes on until that is over.
    bool leave(RequestId session);
    /// Something is open on behalf of an object that a new instance would not have: fetches, calls of other Workers.
    bool isBusy(Home home) const;
    /// Nothing goes on in it since now.
    void idle(Home home);
    /// It is not in memory any more, as JavaScript says: another event makes it anew. What it has open ends with this turn, after the answers that the turn still gives.
    void leaves(Home home);
    /// Ends what those have open. After the turn's commit, before what it sent leaves.
    void endThoseWhoLeft();
    /// It is not in memory any more: what it has open ends.
    void end(Home home);
    /// All of them, at once: JavaScript breaks their instances first, with this as the reason.
    void resetAll(const std::string &reason);
    /// The isolate goes, and they with it; what was not committed is taken back.
    void forget();

    /// When the next one has been idle for long enough, or its alarm rings (base::steadyNs()).
    std::int64_t nextDue() const;
    void runDue();

    std::size_t count() const { return m_homes.size(); }

private:
    struct Object {
        std::string key; ///< of m_byName
        std::string className;
        ObjectName name;
        ObjectStores::Slot store = 0; ///< 0: none is open
        RequestId alarmBy = 0; ///< the request that last touched the alarm
        std::weak_ptr<Realm> realm;
        std::vector<std::uint64_t> blocks; ///< of numbers of its sessions
        std::uint64_t used = 0; ///< of the last block
        std::vector<RequestId> leaving; ///< sessions whose code is through, but not what they have open
        std::int64_t idleSinceNs = 0; ///< 0: it is not
        bool queued = false; ///< in m_idle
        std::size_t webSockets = 0;
    };
    void commitFailed(ObjectStores::Slot slot, const base::Error &error) override;
    void alarmCommitted(ObjectStores::Slot slot, std::optional<std::int64_t> ms) override;
    bindings::durableobjects::ObjectAddress addressOf(const std::string &className, const ObjectName &name) const;
    /// The storage of an object, in memory or not; `work` gets its number.
    template <typename Work>
    auto withStore(const std::string &className, const ObjectName &name, Work &&work);
    bool hasClass(const std::string &className) const;
    void evictDue(std::int64_t now);
    void ring(AlarmClock::Alarm &&alarm);
    void alarmOver(const AlarmClock::Alarm &alarm, const std::string &outcome);
    void addBlock(Home home, Object &object);
    bool hasOpen(RequestId session) const;
    bool holds(RequestId session, Home home) const { return homeOf(session) == home; }

    WorkerState &m_state;
    std::unordered_map<Home, Object> m_homes;
    std::unordered_map<std::string, Home> m_byName;
    std::vector<Home> m_left; ///< in this turn
    std::unordered_map<std::uint64_t, Home> m_blocks;
    std::uint64_t m_lastBlock = 0;
    std::deque<std::pair<Home, std::int64_t>> m_idle; ///< and when to look at it; in that order
    std::filesystem::path m_folder;
    std::unique_ptr<ObjectStores> m_stores;
    std::unordered_map<ObjectStores::Slot, Home> m_bySlot;
    std::vector<std::pair<Home, std::string>> m_failures; ///< to be told
    AlarmClock m_clock;
    std::vector<std::string> m_classes; ///< whose alarms are rung
    std::vector<std::string> m_classesOfCode;
    std::shared_ptr<int> m_here = std::make_shared<int>(0); ///< goes with this
};

} // namespace cleat::runtime
