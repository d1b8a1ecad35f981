// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/kv/kvnamespace.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cleat::bindings::kv {

// What KV refuses, in its own words and in its own order of asking. `method` is GET, PUT or DELETE.

base::Result<void> checkKey(std::string_view method, std::string_view key);

/// One of the keys of a bulk get, which has words of its own.
base::Result<void> checkBulkKey(std::string_view key);

/// Checks everything but the key. Gives the expiration to store, in seconds since the Unix epoch; `now` is in the same unit.
base::Result<std::optional<std::int64_t>> checkPut(std::size_t valueBytes, const PutOptions &options, std::int64_t now);

/// Gives the number of keys to return at most.
base::Result<int> checkList(const ListOptions &options);

} // namespace cleat::bindings::kv
