// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/blobsize.h"

#include <sys/stat.h>

namespace cleat::data {

std::optional<std::uint64_t> blobSize(const storage::BlobStore &blobs, std::string_view id)
{
    const auto path = blobs.path(id);
    struct stat info {};
    if (!path || ::stat(path->c_str(), &info) != 0)
        return std::nullopt;
    return static_cast<std::uint64_t>(info.st_size);
}

std::int64_t secondsOf(std::int64_t ms)
{
    return ms >= 0 ? ms / 1000 : (ms - 999) / 1000;
}

} // namespace cleat::data
