// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string_view>

namespace cleat::config {

/// Whether `context.env.NAME` could reach `name`: a JavaScript IdentifierName (ECMA-262 section 12.7; reserved words are fine behind a dot)
/// that is not reserved. Codes name.empty, name.identifier, name.reserved. Any thread.
base::Result<void> checkSpelling(std::string_view name);

} // namespace cleat::config
