// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/worker.h"
#include "core/session/plan.h"

namespace cleat::session {

/// What a request may use under a plan. Any thread.
runtime::Limits limitsOf(Plan plan);

} // namespace cleat::session
