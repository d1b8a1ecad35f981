// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/requestrecord.h"

#include <nlohmann/json_fwd.hpp>

#include <expected>
#include <string>

namespace cleat::events {

/// A request from one entry of a HAR file, of Cleat or of a browser; or a sentence that says what is wrong with it. Any thread.
std::expected<RequestRecord, std::string> recordOfHarEntry(const nlohmann::json &entry);

} // namespace cleat::events
