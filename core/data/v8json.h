// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>

namespace cleat::data {

/// A JSON text as V8's serializer writes the value that JSON.parse() makes of it (format 15, byte for byte). Code data.json: it is no JSON, or nested more than 100 deep. Any thread.
base::Result<std::string> writeV8Json(std::string_view json);

} // namespace cleat::data
