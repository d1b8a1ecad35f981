// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/blobstore.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace cleat::storage {

/// A blob that is written piece by piece. Until its row is committed a second name of the file lies in a folder of ours beside the blobs, so that one that a crash
/// left behind is known and swept (see blobremoval.h). Belongs to one thread. Errors: see failure.h.
class BlobWriter final
{
public:
    /// `owner` tells apart databases that share a folder: a part of a file name.
    static base::Result<BlobWriter> create(const BlobStore &store, std::string_view owner);
    /// Without keep() nothing stays.
    ~BlobWriter();
    BlobWriter(BlobWriter &&other) noexcept;
    BlobWriter(const BlobWriter &) = delete;
    BlobWriter &operator=(const BlobWriter &) = delete;
    BlobWriter &operator=(BlobWriter &&) = delete;

    const std::string &id() const { return m_id; }

    base::Result<void> write(std::span<const std::byte> bytes);
    /// The blob is whole and can be read by its id.
    base::Result<void> publish();
    /// A committed row names it.
    void keep();

private:
    BlobWriter(std::string id, std::filesystem::path blob, std::filesystem::path mark, int fd);

    std::string m_id; ///< empty: moved from, or kept
    std::filesystem::path m_blob;
    std::filesystem::path m_mark;
    int m_fd;
};

} // namespace cleat::storage
