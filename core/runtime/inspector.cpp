// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/inspector.h"

#include "core/base/clock.h"
#include "core/runtime/inspectortext.h"
#include "core/runtime/utf16.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <limits>

namespace cleat::runtime {

using v8_inspector::StringBuffer;
using v8_inspector::StringView;
using v8_inspector::V8Inspector;
using v8_inspector::V8InspectorSession;

namespace {

constexpr int contextGroup = 1; ///< all contexts of a Worker
constexpr int ownCallId = -2'000'000'001; ///< of messages that no debugger sent
constexpr std::string_view terminate = "Runtime.terminateExecution";
constexpr std::string_view runtimePattern = "^cleat:runtime$"; ///< runtimeScript, for Debugger.setBlackboxPatterns

StringView view(std::string_view ascii)
{
    return {reinterpret_cast<const std::uint8_t *>(ascii.data()), ascii.size()};
}

std::string utf8(const StringView &text)
{
    if (!text.is8Bit())
        return utf16ToUtf8({reinterpret_cast<const char16_t *>(text.characters16()), text.length()});
    return latin1ToUtf8({reinterpret_cast<const char *>(text.characters8()), text.length()});
}

/// UTF-8 in the form that V8 takes. `text` and this have to stay while the view is in use.
class WideText final
{
public:
    explicit WideText(std::string_view text) : m_text(text)
    {
        m_ascii = std::ranges::all_of(text, [](char c) { return static_cast<signed char>(c) >= 0; });
        if (!m_ascii)
            m_wide = utf8ToUtf16(text);
    }
    StringView view() const
    {
        return m_ascii ? runtime::view(m_text) : StringView(reinterpret_cast<const std::uint16_t *>(m_wide.data()), m_wide.size());
    }

private:
    std::string_view m_text;
    std::u16string m_wide;
    bool m_ascii = true;
};

} // namespace

/// One attached debugger.
class Inspector::Session final : public V8Inspector::Channel
{
public:
    Session(Inspector &inspector, InspectorSessionId session) : owner(inspector), id(session) {}

    void sendResponse(int callId, std::unique_ptr<StringBuffer> message) override
    {
        if (callId != ownCallId)
            send(utf8(message->string()));
    }
    void sendNotification(std::unique_ptr<StringBuffer> message) override
    {
        std::string text = utf8(message->string());
        const bool pauses = text.starts_with(R"({"method":"Debugger.paused")");
        if (pauses)
            owner.m_passing = owner.standsInRuntime() ? this : nullptr;
        if (owner.m_passing && (pauses || text.starts_with(R"({"method":"Debugger.resumed")")))
            return;
        send(std::move(text));
    }
    void flushProtocolNotifications() override {}

    void send(std::string &&text)
    {
        if (!gone)
            owner.m_sink->message(id, owner.outgoing(std::move(text)));
    }

    Inspector &owner;
    const InspectorSessionId id;
    std::vector<std::uint8_t> saved; ///< what it had set, while there is no isolate
    std::unique_ptr<V8InspectorSession> v8;
    int depth = 0; ///< how many of its messages are being carried out, one in the other's pause
    bool gone = false; ///< to be deleted when depth is 0
};

/// A session of nobody: V8 keeps the whole stack of what it keeps for those who come later only if somebody is there already.
class Inspector::Quiet final : public V8Inspector::Channel
{
public:
    explicit Quiet(V8Inspector &inspector) : m_session(inspector.connect(contextGroup, this, StringView()))
    {
        m_session->dispatchProtocolMessage(view(R"({"id":1,"method":"Runtime.enable"})"));
    }
    void sendResponse(int, std::unique_ptr<StringBuffer>) override {}
    void sendNotification(std::unique_ptr<StringBuffer>) override {}
    void flushProtocolNotifications() override {}

private:
    std::unique_ptr<V8InspectorSession> m_session;
};

Inspector::Inspector(WorkerState &state) : m_state(state) {}

Inspector::~Inspector()
{
    isolateGoing();
}

void Inspector::open(std::shared_ptr<InspectorSink> sink)
{
    const v8::HandleScope scope(m_isolate);
    m_sink = std::move(sink);
    m_quiet = std::make_unique<Quiet>(*m_inspector);
}

void Inspector::close()
{
    const v8::HandleScope scope(m_isolate);
    m_sessions.clear();
    m_quiet.reset();
    m_sink.reset();
}

void Inspector::isolateMade(v8::Isolate *isolate)
{
    m_isolate = isolate;
    const v8::HandleScope scope(isolate);
    m_inspector = V8Inspector::create(isolate, this);
    if (isOpen())
        m_quiet = std::make_unique<Quiet>(*m_inspector);
    for (const auto &[id, session] : m_sessions)
        connect(*session);
    m_state.watchHeapFirst();
}

void Inspector::isolateGoing()
{
    if (!m_inspector)
        return;
    const v8::HandleScope scope(m_isolate);
    for (const auto &[id, session] : m_sessions) {
        session->saved = session->v8->state();
        session->v8.reset();
    }
    m_quiet.reset();
    m_inspector.reset();
    m_timers.clear();
}

void Inspector::connect(Session &session)
{
    session.v8 = m_inspector->connect(contextGroup, &session, StringView(session.saved.data(), session.saved.size()));
    session.saved.clear();
}

void Inspector::contextMade(Realm &realm)
{
    const v8::HandleScope scope(m_isolate);
    const std::string name = "Pages Functions " + std::to_string(realm.module->generation);
    v8_inspector::V8ContextInfo info(realm.context(), contextGroup, view(name));
    constexpr std::string_view data = R"({"isDefault":true})";
    info.auxData = view(data);
    m_inspector->contextCreated(info);
    std::erase_if(m_modules, [](const auto &entry) { return entry.second.expired(); });
    m_modules[realm.module->generation] = realm.module;
    if (isOpen())
        realm.mirrorConsole(Realm::Mirror::On);
}

void Inspector::contextGone(v8::Local<v8::Context> context)
{
    if (m_inspector && v8_inspector::V8ContextInfo::executionContextId(context) != 0)
        m_inspector->contextDestroyed(context);
}

void Inspector::exceptionThrown(Js js, v8::Local<v8::Value> exception)
{
    if (!isOpen() || !m_inspector)
        return;
    const v8::Local<v8::Message> message = v8::Exception::CreateMessage(js.isolate, exception);
    const v8::Local<v8::StackTrace> stack = message->GetStackTrace();
    std::string url = toStd(js, message->GetScriptResourceName());
    int line = message->GetLineNumber(js.context).FromMaybe(0);
    int column = message->GetStartColumn(js.context).FromMaybe(0) + 1;
    int script = message->GetScriptOrigin().ScriptId();
    // The message's own place may be where the runtime caught it.
    for (int i = 0; !stack.IsEmpty() && url != functionsScript && i < stack->GetFrameCount(); ++i) {
        const v8::Local<v8::StackFrame> frame = stack->GetFrame(js.isolate, static_cast<std::uint32_t>(i));
        if (toStd(js, frame->GetScriptName()) != functionsScript)
            continue;
        url = functionsScript;
        line = frame->GetLineNumber();
        column = frame->GetColumn();
        script = frame->GetScriptId();
    }
    const std::string text = toStd(js, message->Get());
    const WideText wide(text);
    const WideText wideUrl(url);
    m_inspector->exceptionThrown(js.context, view("Uncaught"), exception, wide.view(), wideUrl.view(), static_cast<unsigned>(line), static_cast<unsigned>(column),
        stack.IsEmpty() ? nullptr : m_inspector->createStackTrace(stack), script);
}

// ---- commands

void Inspector::execute(InspectorCommand &&command)
{
    using Kind = InspectorCommand::Kind;
    const v8::HandleScope scope(m_isolate);
    switch (command.kind) {
    case Kind::Attach: {
        auto &session = m_sessions[command.session];
        session = std::make_unique<Session>(*this, command.session);
        connect(*session);
        break;
    }
    case Kind::Message:
        if (const auto found = m_sessions.find(command.session); found != m_sessions.end() && !found->second->gone)
            message(*found->second, std::move(command.text));
        break;
    case Kind::Detach:
        detach(command.session);
        break;
    case Kind::Resume:
        resume();
        break;
    }
}

void Inspector::executeUrgent()
{
    if (m_paused || !m_inspector)
        return;
    InspectorCommand command;
    while (m_state.inspectorCommands.takeUrgent(command)) {
        const v8::HandleScope scope(m_isolate);
        const auto found = m_sessions.find(command.session);
        if (found == m_sessions.end() || found->second->gone)
            continue;
        dispatch(*found->second, command.text);
        if (methodOf(command.text) == terminate)
            m_state.endedByDebugger();
    }
}

void Inspector::message(Session &session, std::string &&text)
{
    // Stepping must not lead into the runtime's own code.
    if (text.find("Debugger.setBlackboxPatterns") != std::string::npos && methodOf(text) == "Debugger.setBlackboxPatterns")
        text = withBlackboxPattern(text, runtimePattern);
    const bool enables = text.find("Debugger.enable") != std::string::npos && methodOf(text) == "Debugger.enable";
    const bool ends = text.find(terminate) != std::string::npos && methodOf(text) == terminate;
    const auto work = [&] {
        const InspectorSessionId id = session.id;
        dispatch(session, text);
        if (!enables || !m_sessions.contains(id))
            return;
        dispatch(*m_sessions[id], R"({"id":)" + std::to_string(ownCallId) + R"(,"method":"Debugger.setBlackboxPatterns","params":{"patterns":[")"
                + std::string(runtimePattern) + R"("]}})");
        m_state.watchHeapFirst();
    };
    if (m_paused) {
        m_state.runInPause(work);
        if (ends)
            m_state.endedByDebugger();
    } else {
        m_state.runForInspector(work);
    }
}

void Inspector::dispatch(Session &session, std::string_view text)
{
    const WideText wide(text);
    ++session.depth;
    session.v8->dispatchProtocolMessage(wide.view());
    if (--session.depth == 0 && session.gone)
        m_sessions.erase(session.id);
}

void Inspector::detach(InspectorSessionId id)
{
    const auto found = m_sessions.find(id);
    if (found == m_sessions.end() || found->second->gone)
        return;
    Session &session = *found->second;
    if (session.depth == 0) {
        m_sessions.erase(found); // V8 ends a pause that no other session wants
        return;
    }
    // What it asked for last is on the stack, in the pause that this ends.
    session.gone = true;
    dispatch(session, R"({"id":)" + std::to_string(ownCallId) + R"(,"method":"Debugger.disable"})");
}

void Inspector::resume()
{
    if (!m_paused)
        return;
    for (const auto &[id, session] : m_sessions) {
        if (!session->gone)
            session->v8->resume();
    }
    m_quit = true;
}

bool Inspector::anyAttached() const
{
    return std::ranges::any_of(m_sessions, [](const auto &entry) { return !entry.second->gone; });
}

// ---- the pause

void Inspector::runMessageLoopOnPause(int)
{
    if (m_paused)
        return;
    const v8::HandleScope scope(m_isolate);
    m_paused = true;
    m_quit = false;
    const std::int64_t began = m_state.pauseBegins();
    if (m_passing) {
        // V8 steps into the fields of a class even where it was told to pass over the script.
        dispatch(*m_passing, R"({"id":)" + std::to_string(ownCallId) + R"(,"method":"Debugger.stepOut"})");
        m_paused = false;
        m_state.pauseEnds(began);
        return;
    }
    m_sink->paused(pausedAt());
    InspectorCommand command;
    while (!m_quit && anyAttached() && m_state.mayStayPaused() && m_state.inspectorCommands.wait(command))
        execute(std::move(command));
    m_paused = false;
    m_sink->resumed();
    m_state.pauseEnds(began);
}

void Inspector::quitMessageLoopOnPause()
{
    m_quit = true;
}

bool Inspector::standsInRuntime()
{
    const v8::HandleScope scope(m_isolate);
    const v8::Local<v8::StackTrace> stack = v8::StackTrace::CurrentStackTrace(m_isolate, 1, v8::StackTrace::kDetailed);
    return stack->GetFrameCount() > 0 && toStd(currentJs(m_isolate), stack->GetFrame(m_isolate, 0)->GetScriptName()) == runtimeScript;
}

base::Place Inspector::pausedAt()
{
    const Js js = currentJs(m_isolate);
    const v8::Local<v8::StackTrace> stack = v8::StackTrace::CurrentStackTrace(m_isolate, 16, v8::StackTrace::kDetailed);
    for (int i = 0; i < stack->GetFrameCount(); ++i) {
        const v8::Local<v8::StackFrame> frame = stack->GetFrame(m_isolate, static_cast<std::uint32_t>(i));
        if (toStd(js, frame->GetScriptName()) == functionsScript)
            return m_state.realm().original(frame->GetLineNumber(), frame->GetColumn());
    }
    return {};
}

v8::Local<v8::Context> Inspector::ensureDefaultContextInGroup(int)
{
    const std::shared_ptr<Realm> realm = m_state.latestRealm();
    return realm ? realm->context() : v8::Local<v8::Context>();
}

double Inspector::currentTimeMS()
{
    return static_cast<double>(base::wallUs()) / 1000.0;
}

void Inspector::idle(Idle idle)
{
    if (!isOpen() || !m_inspector)
        return;
    if (idle == Idle::Begins)
        m_inspector->idleStarted();
    else
        m_inspector->idleFinished();
}

// ---- V8's own timers, for statistics that it sends again and again

void Inspector::startRepeatingTimer(double seconds, TimerCallback callback, void *data)
{
    const auto intervalNs = static_cast<std::int64_t>(std::max(seconds, 0.01) * 1e9);
    m_timers.push_back({base::steadyNs() + intervalNs, intervalNs, callback, data});
}

void Inspector::cancelTimer(void *data)
{
    std::erase_if(m_timers, [data](const Repeating &timer) { return timer.data == data; });
}

std::int64_t Inspector::nextDue() const
{
    std::int64_t due = std::numeric_limits<std::int64_t>::max();
    for (const Repeating &timer : m_timers)
        due = std::min(due, timer.dueNs);
    return due;
}

void Inspector::runTimers()
{
    if (m_timers.empty())
        return;
    const std::int64_t now = base::steadyNs();
    std::vector<Repeating> due;
    for (Repeating &timer : m_timers) {
        if (timer.dueNs > now)
            continue;
        timer.dueNs = now + timer.intervalNs;
        due.push_back(timer);
    }
    const v8::HandleScope scope(m_isolate);
    for (const Repeating &timer : due)
        timer.callback(timer.data);
}

// ---- what goes out

std::string Inspector::outgoing(std::string &&message)
{
    if (const auto generation = markedGeneration(message))
        return withSourceMapUrl(message, sourceMapOf(*generation));
    return withoutTopFrames(std::move(message), runtimeScript);
}

const std::string &Inspector::sourceMapOf(std::uint64_t generation)
{
    if (m_sourceMap.first != generation) {
        const auto found = m_modules.find(generation);
        const std::shared_ptr<const Module> module = found == m_modules.end() ? nullptr : found->second.lock();
        m_sourceMap = {generation, module ? sourceMapUrl(module->sourceMap, module->folder) : std::string()};
    }
    return m_sourceMap.second;
}

} // namespace cleat::runtime
