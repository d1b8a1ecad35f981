// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerstate.h"

#include <string>
#include <string_view>

namespace cleat::runtime {

/// One call of a binding as the log will show it: made at its start, ended once.
class CallRecorder final
{
public:
    CallRecorder(WorkerState &state, std::string_view kind, std::string_view binding, std::string_view method, std::int64_t beginNs = base::steadyNs())
        : m_state(state), m_beginNs(beginNs)
    {
        m_event.request = state.currentRequest();
        m_event.kind = kind;
        m_event.binding = binding;
        m_event.method = method;
    }
    events::CallEvent &event() { return m_event; }
    void end()
    {
        m_event.startUs = m_state.sinceStartUs(m_event.request, m_beginNs);
        m_event.durationUs = static_cast<std::uint32_t>((base::steadyNs() - m_beginNs + 500) / 1000);
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
    const std::int64_t m_beginNs;
};

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
