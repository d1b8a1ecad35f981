// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/alarmclock.h"

namespace cleat::runtime {

std::int64_t AlarmClock::delayMs(std::uint32_t retries, double chance)
{
    const std::int64_t delay = std::int64_t{2000} << retries;
    return delay + static_cast<std::int64_t>(static_cast<double>(delay) * 0.25 * chance);
}

void AlarmClock::put(Alarm &&alarm, std::int64_t dueMs)
{
    Key key{alarm.className, alarm.id};
    if (const auto found = m_alarms.find(key); found != m_alarms.end())
        takeOut(found);
    m_due.emplace(dueMs, key);
    m_alarms.emplace(std::move(key), Entry{std::move(alarm), dueMs});
}

AlarmClock::Alarm AlarmClock::takeOut(std::map<Key, Entry>::iterator found)
{
    m_due.erase({found->second.dueMs, found->first});
    Alarm alarm = std::move(found->second.alarm);
    m_alarms.erase(found);
    return alarm;
}

void AlarmClock::set(Alarm alarm)
{
    const std::int64_t dueMs = alarm.timeMs;
    put(std::move(alarm), dueMs);
}

void AlarmClock::remove(const std::string &className, const std::string &id)
{
    if (const auto found = m_alarms.find({className, id}); found != m_alarms.end())
        takeOut(found);
}

void AlarmClock::clear()
{
    m_alarms.clear();
    m_due.clear();
}

std::vector<AlarmClock::Alarm> AlarmClock::take(std::int64_t nowMs)
{
    std::vector<Alarm> ringing;
    while (nextMs() <= nowMs)
        ringing.push_back(takeOut(m_alarms.find(m_due.begin()->second)));
    return ringing;
}

std::optional<AlarmClock::Alarm> AlarmClock::take(const std::string &className, const std::string &id)
{
    const auto found = m_alarms.find({className, id});
    return found == m_alarms.end() ? std::nullopt : std::optional(takeOut(found));
}

bool AlarmClock::failed(Alarm alarm, std::int64_t nowMs, double chance)
{
    if (alarm.retries >= mostRetries)
        return false;
    if (m_alarms.contains({alarm.className, alarm.id}))
        return true;
    const std::int64_t dueMs = nowMs + delayMs(alarm.retries, chance);
    ++alarm.retries;
    put(std::move(alarm), dueMs);
    return true;
}

} // namespace cleat::runtime
