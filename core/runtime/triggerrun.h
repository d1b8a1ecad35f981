// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"
#include "core/runtime/trigger.h"

#include <cstdint>
#include <string>

namespace cleat::runtime {

/// A trigger on its way: its row in the log, and the promise that `done` is called, whatever becomes of it.
class TriggerRun final
{
public:
    TriggerRun(events::EventLog &log, Trigger &&trigger);
    /// One that has not ended yet ends as "canceled".
    ~TriggerRun();
    TriggerRun(const TriggerRun &) = delete;
    TriggerRun &operator=(const TriggerRun &) = delete;

    events::RequestId id() const { return m_row.id; }
    const Trigger &trigger() const { return m_trigger; }
    std::int64_t startNs() const { return m_startNs; }
    bool recorded() const { return m_recorded == events::EventLog::Recorded::All; }

    /// Its code begins, in the Worker of that name.
    void begin(const std::string &worker);
    void end(TriggerResult &&result);

private:
    void publish(events::RequestState state, const std::string &made);

    events::EventLog &m_log;
    Trigger m_trigger;
    events::RequestEvent m_row;
    const events::EventLog::Recorded m_recorded;
    std::int64_t m_startNs = 0;
    bool m_ended = false;
};

} // namespace cleat::runtime
