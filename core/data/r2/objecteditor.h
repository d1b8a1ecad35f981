// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"
#include "core/data/r2/objectlist.h"

namespace cleat::data::r2 {

/// Changes a bucket by hand, under R2's limits. Belongs to one thread. A folder stands for every object below it. Errors: core/storage/failure.h; r2.* (limits);
/// data.exists, data.missing, data.cancelled.
class ObjectEditor final
{
public:
    ObjectEditor(const std::filesystem::path &state, std::string bucket);
    ~ObjectEditor();
    ObjectEditor(const ObjectEditor &) = delete;
    ObjectEditor &operator=(const ObjectEditor &) = delete;

    enum class Existing { Keep, Replace }; ///< Keep: data.exists, and nothing has changed
    /// A new object of these bytes; a small one (a text that was edited).
    /// The metadata are JSON, as in bindings::r2::Object.
    base::Result<void> put(std::string_view key, std::string_view bytes, const std::string &httpMetadata, const std::string &customMetadata, Existing existing);
    /// The metadata alone; the value, its etag and its time stay.
    base::Result<void> describe(std::string_view key, const std::string &httpMetadata, const std::string &customMetadata);
    /// Keys or folders: renames an object, or the start of all keys below a folder. One transaction, no value is copied.
    base::Result<std::uint64_t> move(std::string_view from, std::string_view to, Existing existing, const Control &control);
    /// The values are copied (by hard links where the file system has them).
    base::Result<std::uint64_t> copy(std::string_view from, std::string_view to, Existing existing, const Control &control);
    /// Keys and folders; one transaction. Gives how many objects there were.
    base::Result<std::uint64_t> remove(std::span<const std::string> keys, const Control &control);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::data::r2
