// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/consolenote.h"

#include "core/base/clock.h"
#include "core/runtime/workerstate.h"

#include <utility>

namespace cleat::runtime {

void consoleNote(WorkerState &state, events::Level level, std::string text)
{
    events::ConsoleEvent event;
    event.request = state.currentRequest();
    event.timeUs = base::wallUs();
    event.level = level;
    event.text = std::move(text);
    state.record(std::move(event));
}

} // namespace cleat::runtime
