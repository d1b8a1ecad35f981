// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerstate.h"

#include <optional>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// One call of a binding as the log will show it: made at its start, ended once. Costs next to nothing when calls are not told.
/// While there is one, the code's time stands still (WorkerState::leaveCode).
class CallRecorder final
{
public:
    /// `depth`: how many functions of the runtime may stand between the user's call and this one, and that call.
    CallRecorder(WorkerState &state, std::string_view kind, std::string_view binding, std::string_view method, int depth = 4)
        : CallRecorder(state, kind, binding, method, std::nullopt, depth)
    {
    }
    /// A call that began earlier.
    CallRecorder(WorkerState &state, std::string_view kind, std::string_view binding, std::string_view method, std::optional<CallMark> mark, int depth = 4)
        : m_state(state)
    {
        state.leaveCode();
        const WorkerState::Current current = state.current();
        PendingRequest *const request = state.pending(current.request);
        m_wanted = state.records(request);
        if (!m_wanted)
            return;
        m_event.request = current.request;
        m_event.kind = kind;
        m_event.binding = binding;
        m_event.method = method;
        m_mark = mark ? *mark : state.markCall(request, current.scope, depth);
    }

    ~CallRecorder() { m_state.backToCode(); }
    CallRecorder(const CallRecorder &) = delete;
    CallRecorder &operator=(const CallRecorder &) = delete;

    /// Whether anybody will see it: fill event() only then.
    bool wanted() const { return m_wanted; }
    events::CallEvent &event() { return m_event; }
    void end()
    {
        if (!m_wanted)
            return;
        m_event.span = m_mark.span;
        m_event.parent = m_mark.parent;
        m_event.place = m_state.realm().place(m_mark.place);
        m_event.startUs = m_state.sinceStartUs(m_event.request, m_mark.beginNs);
        m_event.durationUs = static_cast<std::uint32_t>((base::steadyNs() - m_mark.beginNs + 500) / 1000);
        m_state.record(std::move(m_event));
    }
    enum class Throws { Error, TypeError };
    /// Ends with the failure, and leaves it as the pending exception of the code that called.
    void fail(Js js, const base::Error &error, Throws kind = Throws::Error)
    {
        m_event.error = error.message;
        end();
        if (kind == Throws::TypeError)
            throwTypeError(js, error.message);
        else
            throwError(js, error.message);
    }

private:
    WorkerState &m_state;
    events::CallEvent m_event;
    CallMark m_mark;
    bool m_wanted = false;
};

/// A mark as JavaScript carries it, by callMark(); nothing when it is undefined.
std::optional<CallMark> markOf(Js js, v8::Local<v8::Value> value);

/// The members of a JSON object, as they come.
class ShownFields final
{
public:
    void add(std::string_view name, std::string_view json)
    {
        m_text += m_text.empty() ? "" : ",";
        m_text.append(jsonString(name)).append(":").append(json);
    }
    bool empty() const { return m_text.empty(); }
    std::string json() const { return '{' + m_text + '}'; }

private:
    std::string m_text;
};

} // namespace cleat::runtime
