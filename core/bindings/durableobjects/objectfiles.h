// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::durableobjects {

/// What a Durable Object's storage is known by.
struct ObjectAddress {
    std::string uniqueKey; ///< of its namespace: objectids.h
    std::string id; ///< 64 lower-case hex digits
    std::optional<std::string> name; ///< where it was made from one and that is known
    enum class Backend : std::uint8_t {
        Sqlite, ///< new_sqlite_classes
        KeyValue, ///< new_classes: the same file, but SQL is refused
    };
    Backend backend = Backend::Sqlite;
    bool operator==(const ObjectAddress &) const = default;
};

// Where wrangler keeps Durable Objects. `state` is the folder that holds v3. Any thread.

/// <state>/v3/do/<unique key>
std::filesystem::path objectFolder(const std::filesystem::path &state, std::string_view uniqueKey);
/// <folder>/<id>.sqlite
std::filesystem::path objectFile(const std::filesystem::path &state, std::string_view uniqueKey, std::string_view id);
/// <folder>/metadata.sqlite: the alarms of the namespace, see AlarmSchedule.
std::filesystem::path scheduleFile(const std::filesystem::path &state, std::string_view uniqueKey);

/// The unique keys that there are folders for, sorted.
base::Result<std::vector<std::string>> listNamespaces(const std::filesystem::path &state);
/// The ids of the objects of a namespace that have a file, sorted. A folder that is not there holds none.
base::Result<std::vector<std::string>> listObjects(const std::filesystem::path &state, std::string_view uniqueKey);
/// Removes an object's file, its journal and its facets; its alarm in the schedule stays. It must not be open in this process. One that is not there is removed already. Errors: core/storage/failure.h.
base::Result<void> removeObject(const std::filesystem::path &state, std::string_view uniqueKey, std::string_view id);
/// The name that an object's file holds; nullopt when it holds none. storage.missing: there is no file.
base::Result<std::optional<std::string>> nameInFile(const std::filesystem::path &state, std::string_view uniqueKey, std::string_view id);

} // namespace cleat::bindings::durableobjects
