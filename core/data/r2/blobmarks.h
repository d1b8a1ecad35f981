// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/blobstore.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::r2 {

/// Many blobs of which it is not certain for a while whether a row names them: each has a second name by which a crash's leftovers are swept
/// (core/storage/blobremoval.h). The end of the scope takes the second names away. Belongs to one thread.
class BlobMarks final
{
public:
    BlobMarks(const storage::BlobStore &store, std::string owner) : m_store(store), m_owner(std::move(owner)) {}
    ~BlobMarks();
    BlobMarks(const BlobMarks &) = delete;
    BlobMarks &operator=(const BlobMarks &) = delete;

    /// Of a blob that will probably go out of use. Without a mark a crash in the next moment leaves a file that is never read again.
    void add(std::string_view id);

    /// A new blob with the bytes of an old one: a second name of its file, or a copy where the file system has no such names. It goes at the end of the scope unless
    /// keep() was called. storage.missing: the old one is not there. Errors: core/storage/failure.h
    base::Result<std::string> copy(std::string_view id);
    /// Rows name the copies.
    void keep() { m_copies.clear(); }

private:
    const storage::BlobStore &m_store;
    const std::string m_owner;
    std::vector<std::string> m_marked;
    std::vector<std::string> m_copies;
};

} // namespace cleat::data::r2
