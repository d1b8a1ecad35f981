// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/ai/calllog.h"

/// The calls of models, as Session::modelCalls() has them, for those who know sessions only. Any thread.
namespace cleat::session {

using bindings::ai::answerText;
using bindings::ai::promptText;
using ModelAnswerForm = bindings::ai::Recording::Form;
using ModelCall = bindings::ai::ModelCall;
using ModelCallLog = bindings::ai::CallLog;

} // namespace cleat::session
