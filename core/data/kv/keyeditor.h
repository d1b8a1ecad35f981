// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"
#include "core/data/kv/keylist.h"

#include <span>

namespace cleat::data::kv {

/// What it takes to write one key.
struct KeyEdit {
    std::string key;
    KeyValue value; ///< an expiration may be as near as the user likes, or past
};

/// Why KV would not take it: kv.key, kv.limit, kv.option. Any thread.
base::Result<void> checkEdit(const KeyEdit &edit);

/// Changes a KV namespace by hand: KV's limits hold (kv.key, kv.limit, kv.option; a key of 512 bytes, a value of 25 MiB, metadata of 1024 bytes that are JSON), the
/// 60 seconds that an expiration must lie ahead do not. Each call is one transaction, all or nothing, with the lock held for the rows alone. Belongs to one thread.
/// Further errors: core/storage/failure.h; data.exists (the key is taken), data.missing, data.cancelled (nothing has changed).
class KeyEditor final
{
public:
    KeyEditor(const std::filesystem::path &state, std::string id);
    ~KeyEditor();
    KeyEditor(const KeyEditor &) = delete;
    KeyEditor &operator=(const KeyEditor &) = delete;

    enum class Existing { Keep, Replace }; ///< Keep: data.exists
    base::Result<void> put(const KeyEdit &edit, Existing existing);
    /// Several, all or none.
    base::Result<void> put(std::span<const KeyEdit> edits, const Control &control);
    /// Leaves the value alone.
    base::Result<void> describe(std::string_view key, std::optional<std::int64_t> expiration, const std::optional<std::string> &metadata);
    base::Result<void> rename(std::string_view from, std::string_view to, Existing existing);
    /// Gives how many there were.
    base::Result<std::uint64_t> remove(std::span<const std::string> keys, const Control &control);
    /// All that match.
    base::Result<std::uint64_t> remove(const KeyFilter &filter, const Control &control);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::data::kv
