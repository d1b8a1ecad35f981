// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"
#include "core/runtime/worker.h"

#include <vector>

namespace cleat::runtime {

/// [handler, functionPath, params, handler, ...], as the JavaScript half takes a chain; undefined params stand for an empty object.
v8::Local<v8::Array> stepsToJs(Js js, const std::vector<Step> &steps);

} // namespace cleat::runtime
