// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string_view>

namespace cleat::config {

/// Whether `context.env.NAME` could reach `name`: a JavaScript IdentifierName (ECMA-262 section 12.7; reserved words are fine behind a dot)
/// that is not reserved. Codes name.empty, name.identifier, name.reserved. Any thread.
base::Result<void> checkSpelling(std::string_view name);

/// What Pages takes as the name of a project: ^[a-z0-9_][a-z0-9-_]*$.
bool isProjectName(std::string_view name);
/// What R2 takes as the name of a bucket: 3 to 63 characters, ^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$.
bool isBucketName(std::string_view name);

} // namespace cleat::config
