// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::bindings::durableobjects {
class ObjectStore;
}

namespace cleat::data::durableobjects {

/// What is done by hand to the storage of a Durable Object: all of it, or nothing.
struct ObjectChange {
    std::vector<std::pair<std::string, std::string>> put; ///< keys, and values as V8's serializer writes them
    std::vector<std::string> remove; ///< keys
    struct Alarm {
        std::optional<std::int64_t> ms; ///< since the Unix epoch; nullopt: none
        bool operator==(const Alarm &) const = default;
    };
    std::optional<Alarm> alarm; ///< nullopt: it stays as it is
    bool operator==(const ObjectChange &) const = default;
};

/// Into a storage that is open; the caller commits. Errors: ObjectStore's.
base::Result<void> apply(const ObjectChange &change, bindings::durableobjects::ObjectStore &store);

/// Into the file of an object that no code of this process runs, which must be there: code storage.missing. `state` is the folder that holds v3. Errors: ObjectStore's. Any thread.
base::Result<void> applyToFile(const std::filesystem::path &state, std::string_view uniqueKey, std::string_view id, const ObjectChange &change);

/// Removes the files and the alarm of an object that no code of this process runs. Any thread. Errors: core/storage/failure.h.
base::Result<void> removeFiles(const std::filesystem::path &state, std::string_view uniqueKey, std::string_view id);

} // namespace cleat::data::durableobjects
