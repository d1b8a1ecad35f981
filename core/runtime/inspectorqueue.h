// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/inspectorsink.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// What a debugger, or the user through the window, asks of the inspector.
struct InspectorCommand {
    enum class Kind { Attach, Message, Detach, Resume };
    Kind kind = Kind::Message;
    InspectorSessionId session = 0; ///< of all but Resume
    std::string text; ///< of Message
};

/// The commands on their way to a Worker's inspector, in order. Apart from the Worker's tasks, because a paused Worker takes these only. Any thread may push;
/// the Worker's thread takes.
class InspectorQueue final
{
public:
    InspectorQueue() = default;
    InspectorQueue(const InspectorQueue &) = delete;
    InspectorQueue &operator=(const InspectorQueue &) = delete;

    /// Urgent: may be carried out in the middle of running code, which takeUrgent() does.
    enum class Urgency { Normal, Urgent };
    Urgency push(InspectorCommand &&command);

    bool take(InspectorCommand &out);
    /// The first that is urgent. It overtakes others, but none of its own domain from the same session: Debugger.pause comes after Debugger.enable.
    bool takeUrgent(InspectorCommand &out);
    /// Waits for one. False once the queue is closed.
    bool wait(InspectorCommand &out);
    void clear();
    void close();

private:
    struct Entry {
        InspectorCommand command;
        std::string method; ///< of messages that may be urgent
        Urgency urgency = Urgency::Normal;
    };
    static Entry entryOf(InspectorCommand &&command);

    std::mutex m_mutex;
    std::condition_variable m_ready;
    std::deque<Entry> m_entries;
    bool m_closed = false;
};

/// The method of a protocol message; empty when it is no such thing.
std::string methodOf(std::string_view message);

} // namespace cleat::runtime
