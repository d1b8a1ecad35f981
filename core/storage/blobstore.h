// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cleat::storage {

/// The folder of immutable value files beside a database: a new value is a new file with a name of its own, so that the row that names it decides what
/// counts. Stateless; any number of objects, threads and programs may use one folder. Errors: see failure.h.
class BlobStore final
{
public:
    /// The folder need not exist; create() makes it.
    explicit BlobStore(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    const std::filesystem::path &folder() const { return m_folder; }

    /// Writes the bytes under a temporary name that wrangler cannot see, renames, and returns the new id: 80 lower-case hex digits (32 random bytes and
    /// the time in milliseconds as a 64-bit integer, most significant byte first).
    base::Result<std::string> create(std::span<const std::byte> bytes) const;

    /// nullopt when there is no such blob, or when the id does not name a file directly in the folder.
    base::Result<std::optional<std::string>> read(std::string_view id) const;

    /// Where the blob of that id is; nullopt when the id does not name a file directly in the folder.
    std::optional<std::filesystem::path> path(std::string_view id) const;

    /// A new id; nullopt when the system gives no random bytes.
    static std::optional<std::string> newId();

    /// Best effort, as in wrangler: a file that stays behind is never read again.
    void remove(std::string_view id) const;

private:
    std::filesystem::path m_folder;
};

} // namespace cleat::storage
