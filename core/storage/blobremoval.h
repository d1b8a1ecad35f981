// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/blobstore.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::storage {

/// The name by which a blob is known for as long as it is not certain whether a row names it: <folder above the blobs>/.cleat/<owner>-<id>. wrangler's disk
/// service does not see names that begin with a dot.
std::filesystem::path blobMark(const BlobStore &store, std::string_view owner, std::string_view id);

/// Blobs that a transaction takes out of use: add() before the commit, carryOut() after it. Whatever happens in between, no blob that a row names is removed, and
/// what stays behind is swept later. Belongs to one thread.
class BlobRemoval final
{
public:
    BlobRemoval(const BlobStore &store, std::string_view owner) : m_store(store), m_owner(owner) {}
    ~BlobRemoval();
    BlobRemoval(const BlobRemoval &) = delete;
    BlobRemoval &operator=(const BlobRemoval &) = delete;

    /// Makes the mark of a blob that add() will probably be called for: what is slow, before the transaction.
    void prepare(std::string_view id);
    void add(std::string_view id);
    /// Removes the files. Best effort, as in wrangler.
    void carryOut();
    const std::vector<std::string> &ids() const { return m_ids; }

private:
    const BlobStore &m_store;
    const std::string m_owner;
    std::vector<std::string> m_ids; ///< to remove
    std::vector<std::string> m_marked;
};

/// Looks at the marks of `owner` that nobody has touched for `age`: a crash left them. Removes the blobs of those that no row names, and the marks. `isNamed` tells
/// whether a row names the blob; when it fails, the sweep ends there.
base::Result<void> sweepBlobs(
    const BlobStore &store, std::string_view owner, std::chrono::seconds age, const std::function<base::Result<bool>(std::string_view id)> &isNamed);

} // namespace cleat::storage
