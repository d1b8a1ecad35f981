// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/inspectorqueue.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace cleat::runtime {

namespace {

constexpr std::size_t mostUrgentBytes = 4096; ///< an urgent message is a short one; longer ones are not looked into

/// They touch no JavaScript, so V8 can carry them out between any two steps of the code. All but the last belong to one domain.
constexpr std::array<std::string_view, 8> urgentMethods = {"Debugger.pause", "Debugger.setBreakpoint", "Debugger.setBreakpointByUrl",
    "Debugger.removeBreakpoint", "Debugger.setBreakpointsActive", "Debugger.setSkipAllPauses", "Debugger.setPauseOnExceptions", "Runtime.terminateExecution"};

std::string_view domainOf(std::string_view method)
{
    return method.substr(0, method.find('.'));
}

} // namespace

std::string methodOf(std::string_view message)
{
    const nlohmann::json parsed = nlohmann::json::parse(message, nullptr, false);
    if (!parsed.is_object())
        return {};
    const auto method = parsed.find("method");
    return method != parsed.end() && method->is_string() ? method->get<std::string>() : std::string();
}

InspectorQueue::Entry InspectorQueue::entryOf(InspectorCommand &&command)
{
    Entry entry{std::move(command), {}, Urgency::Normal};
    if (entry.command.kind == InspectorCommand::Kind::Message && entry.command.text.size() <= mostUrgentBytes) {
        entry.method = methodOf(entry.command.text);
        if (std::ranges::find(urgentMethods, entry.method) != urgentMethods.end())
            entry.urgency = Urgency::Urgent;
    }
    return entry;
}

InspectorQueue::Urgency InspectorQueue::push(InspectorCommand &&command)
{
    Entry entry = entryOf(std::move(command));
    const Urgency urgency = entry.urgency;
    {
        std::lock_guard lock(m_mutex);
        if (m_closed)
            return Urgency::Normal;
        m_entries.push_back(std::move(entry));
    }
    m_ready.notify_one();
    return urgency;
}

bool InspectorQueue::take(InspectorCommand &out)
{
    std::lock_guard lock(m_mutex);
    if (m_entries.empty())
        return false;
    out = std::move(m_entries.front().command);
    m_entries.pop_front();
    return true;
}

bool InspectorQueue::takeUrgent(InspectorCommand &out)
{
    std::lock_guard lock(m_mutex);
    for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry) {
        if (entry->urgency != Urgency::Urgent)
            continue;
        const bool mustWait = std::any_of(m_entries.begin(), entry, [&](const Entry &before) {
            if (before.command.session != entry->command.session || before.urgency == Urgency::Urgent)
                return false;
            return before.command.kind != InspectorCommand::Kind::Message || domainOf(before.method) == domainOf(entry->method);
        });
        if (mustWait)
            continue;
        out = std::move(entry->command);
        m_entries.erase(entry);
        return true;
    }
    return false;
}

bool InspectorQueue::wait(InspectorCommand &out)
{
    std::unique_lock lock(m_mutex);
    m_ready.wait(lock, [this] { return !m_entries.empty() || m_closed; });
    if (m_closed)
        return false;
    out = std::move(m_entries.front().command);
    m_entries.pop_front();
    return true;
}

void InspectorQueue::clear()
{
    std::lock_guard lock(m_mutex);
    m_entries.clear();
}

void InspectorQueue::close()
{
    {
        std::lock_guard lock(m_mutex);
        m_closed = true;
        m_entries.clear();
    }
    m_ready.notify_all();
}

} // namespace cleat::runtime
