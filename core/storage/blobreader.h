// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/blobstore.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace cleat::storage {

/// A blob that is open: it can be read to its end whatever becomes of its name. Belongs to one thread. Errors: see failure.h.
class BlobReader final
{
public:
    /// nullopt when there is no such blob.
    static base::Result<std::optional<BlobReader>> open(const BlobStore &store, std::string_view id);
    ~BlobReader();
    BlobReader(BlobReader &&other) noexcept;
    BlobReader &operator=(BlobReader &&other) noexcept;
    BlobReader(const BlobReader &) = delete;
    BlobReader &operator=(const BlobReader &) = delete;

    std::int64_t size() const { return m_size; }
    /// Fills all of `bytes` from `offset` on; storage.failed when the file ends before.
    base::Result<void> read(std::int64_t offset, std::span<std::byte> bytes) const;

private:
    BlobReader(std::filesystem::path path, int fd, std::int64_t size);

    std::filesystem::path m_path;
    int m_fd;
    std::int64_t m_size;
};

} // namespace cleat::storage
