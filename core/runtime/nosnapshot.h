// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/snapshot.h"

#include <string>

namespace cleat::runtime {

/// What runtimeCode() gives in the tool that makes the snapshot. Once, before V8 sees it.
void setRuntimeCode(std::string &&text);

} // namespace cleat::runtime
