// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/storage/blobstore.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cleat::data {

/// Bytes of the blob; nullopt when its file is not there.
std::optional<std::uint64_t> blobSize(const storage::BlobStore &blobs, std::string_view id);

/// Milliseconds to seconds, downwards.
std::int64_t secondsOf(std::int64_t ms);

} // namespace cleat::data
