// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace cleat::base {

/// A JSON value that keeps the order of its members. Include <nlohmann/json.hpp> where it is used by value.
using Json = nlohmann::ordered_json;

} // namespace cleat::base
