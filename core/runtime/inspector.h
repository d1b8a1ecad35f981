// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/inspectorqueue.h"
#include "core/runtime/inspectorsink.h"
#include "core/runtime/js.h"
#include "core/runtime/realm.h"

#include <v8-inspector.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::runtime {

class WorkerState;

/// V8's inspector for one Worker: the sessions of the debuggers that are attached, and the loop in which the Worker's thread waits while they hold it.
/// It is always there, because V8 shows debuggers only scripts that were compiled while it was; without a session it does nothing.
/// It outlives the isolate: sessions go over into the next one with what they had set. The Worker's thread only.
class Inspector final : public v8_inspector::V8InspectorClient
{
public:
    explicit Inspector(WorkerState &state);
    ~Inspector() override;
    Inspector(const Inspector &) = delete;
    Inspector &operator=(const Inspector &) = delete;

    /// Debuggers may come from now on, and what they are told goes there.
    void open(std::shared_ptr<InspectorSink> sink);
    void close();
    bool isOpen() const { return m_sink != nullptr; }

    /// An isolate is there, entered; sessions go on in it.
    void isolateMade(v8::Isolate *isolate);
    /// The isolate will be disposed of.
    void isolateGoing();
    /// A context is there, before any code of it runs.
    void contextMade(Realm &realm);
    void contextGone(v8::Local<v8::Context> context);
    /// Nobody caught it.
    void exceptionThrown(Js js, v8::Local<v8::Value> exception);

    /// Carries out one command.
    void execute(InspectorCommand &&command);
    /// Carries out those that do no harm in the middle of running code.
    void executeUrgent();
    bool isPaused() const { return m_paused; }

    /// The Worker waits for work, or does no longer; CPU profiles show it.
    enum class Idle { Begins, Ends };
    void idle(Idle idle);

    /// When runTimers() has something to do; steady clock, nanoseconds.
    std::int64_t nextDue() const;
    void runTimers();

private:
    class Session;
    class Quiet;
    struct Repeating {
        std::int64_t dueNs;
        std::int64_t intervalNs;
        TimerCallback callback;
        void *data;
    };

    // v8_inspector::V8InspectorClient
    void runMessageLoopOnPause(int group) override;
    void quitMessageLoopOnPause() override;
    v8::Local<v8::Context> ensureDefaultContextInGroup(int group) override;
    double currentTimeMS() override;
    void startRepeatingTimer(double seconds, TimerCallback callback, void *data) override;
    void cancelTimer(void *data) override;

    void connect(Session &session);
    void message(Session &session, std::string &&text);
    void dispatch(Session &session, std::string_view text);
    void detach(InspectorSessionId id);
    void resume();
    bool anyAttached() const;
    base::Place pausedAt();
    bool standsInRuntime();
    std::string outgoing(std::string &&message);
    const std::string &sourceMapOf(std::uint64_t generation);

    WorkerState &m_state;
    std::shared_ptr<InspectorSink> m_sink; ///< null while it is closed
    v8::Isolate *m_isolate = nullptr;
    std::unique_ptr<v8_inspector::V8Inspector> m_inspector; ///< null without an isolate
    std::unique_ptr<Quiet> m_quiet; ///< while it is open and there is an isolate
    std::map<InspectorSessionId, std::unique_ptr<Session>> m_sessions;
    std::map<std::uint64_t, std::weak_ptr<const Module>> m_modules; ///< by generation
    std::pair<std::uint64_t, std::string> m_sourceMap; ///< the last that was asked for
    std::vector<Repeating> m_timers;
    bool m_paused = false;
    bool m_quit = false; ///< the pause is to end
    Session *m_passing = nullptr; ///< whom V8 told last of a pause in the runtime's own code, which is not shown but left
};

} // namespace cleat::runtime
