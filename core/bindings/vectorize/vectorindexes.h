// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/vectorize/vectorizetypes.h"
#include "core/storage/database.h"

#include <chrono>
#include <filesystem>
#include <string_view>
#include <vector>

namespace cleat::bindings::vectorize {

// The Vectorize indexes of a state folder. The reference has none locally, so the place is ours: a SQLite file for each in v3/vectorize. Any thread.
// Errors besides storage's (core/storage/failure.h): vectorize.name, vectorize.dimensions, vectorize.exists, vectorize.missing.

std::filesystem::path indexFile(const std::filesystem::path &state, std::string_view name);
/// Makes an empty one; gives it with its times.
base::Result<IndexConfig> createIndex(const std::filesystem::path &state, IndexConfig config, std::chrono::milliseconds busyTimeout = storage::defaultBusyTimeout);
/// By name.
base::Result<std::vector<IndexConfig>> listIndexes(const std::filesystem::path &state, std::chrono::milliseconds busyTimeout = storage::defaultBusyTimeout);
/// With all that it holds, for everybody who has it open.
base::Result<void> deleteIndex(const std::filesystem::path &state, std::string_view name);

/// The error of an index that is not there; says how to make it.
base::Error missingIndex(std::string_view name);
/// What an open file says that it is, and the id that it was given when it was made. Code vectorize.missing: it is empty.
struct StoredConfig {
    IndexConfig config;
    std::string incarnation;
};
base::Result<StoredConfig> readConfig(storage::Database &database, std::string_view name);
/// A random UUID.
std::string newUuid();

} // namespace cleat::bindings::vectorize
