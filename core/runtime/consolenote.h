// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <string>

namespace cleat::runtime {

class WorkerState;

/// A line of the console that the code did not write, of the request that runs now. On the Worker's thread.
void consoleNote(WorkerState &state, events::Level level, std::string text);

} // namespace cleat::runtime
