// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/database.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::durableobjects {

/// An alarm that is to ring.
struct ScheduledAlarm {
    std::string id; ///< of the object
    std::int64_t timeNs = 0; ///< since the Unix epoch
    std::optional<std::string> name; ///< of the object, where it is known
    bool operator==(const ScheduledAlarm &) const = default;
};

/// When the alarms of a namespace ring: its metadata.sqlite. An alarm counts only together with the same time in its object's own file (ObjectStore::alarm), so that a
/// crash between the two writes is no more than an alarm too many, which is dropped. Belongs to one thread; the file is opened by the first call and made by the
/// first write. Errors: core/storage/failure.h.
class AlarmSchedule final
{
public:
    explicit AlarmSchedule(std::filesystem::path file) : m_file(std::move(file)) {}

    /// All of them, the earliest first.
    base::Result<std::vector<ScheduledAlarm>> list();
    base::Result<void> set(const ScheduledAlarm &alarm);
    base::Result<void> remove(std::string_view id);

private:
    base::Result<storage::Database *> open(storage::Database::Mode mode);

    const std::filesystem::path m_file;
    std::unique_ptr<storage::Database> m_database;
};

} // namespace cleat::bindings::durableobjects
