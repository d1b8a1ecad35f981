// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"
#include "core/runtime/objectstores.h"

#include <span>
#include <string>
#include <string_view>

namespace cleat::runtime {

// What the natives of Durable Objects' storage share.

inline ObjectStores::Slot slotOf(Js js, v8::Local<v8::Value> value)
{
    return value->Uint32Value(js.context).FromMaybe(0);
}

/// A key as workerd writes it: halves of a pair keep their three bytes. Anything but a string is an empty one.
inline std::string keyOf(Js js, v8::Local<v8::Value> value)
{
    if (!value->IsString())
        return {};
    std::string text;
    const v8::Local<v8::String> string = value.As<v8::String>();
    if (!string->IsOneByte())
        return toStdAsIs(js, string);
    return toStd(js, value);
}

/// A call of the storage in `slot`, for the log.
class ObjectCall final
{
public:
    ObjectCall(Js js, ObjectStores::Slot slot, std::string_view method)
        : m_state(WorkerState::of(js.isolate)), m_call(m_state, "storage", m_state.objectStores().label(slot), method, 6)
    {}
    ObjectStores &stores() { return m_state.objectStores(); }
    bool wanted() const { return m_call.wanted(); }
    events::CallEvent &event() { return m_call.event(); }
    void end() { m_call.end(); }
    /// Ends with the failure, which is then pending.
    void fail(Js js, const base::Error &error)
    {
        if (m_state.storeIsLate()) {
            m_call.fail(js, {"object.late", "Durable Object storage operation exceeded timeout which caused object to be reset.", {}});
            return;
        }
        m_call.fail(js, error, error.code == "object.id" ? CallRecorder::Throws::TypeError : CallRecorder::Throws::Error);
    }

private:
    WorkerState &m_state;
    CallRecorder m_call;
};



} // namespace cleat::runtime
