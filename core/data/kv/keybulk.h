// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"
#include "core/data/kv/keyeditor.h"

namespace cleat::data::kv {

// Wrangler's bulk format ("wrangler kv bulk put", Cloudflare's documentation): a JSON array of
// {"key", "value", "expiration"?, "expiration_ttl"?, "metadata"?, "base64"?}. Any thread.

/// Reads the whole file and checks each entry before the first is written; then all or nothing. Gives the number of keys. Errors: file.*, data.format (with line and
/// column, or the number of the entry, and what to do), those of KeyEditor.
base::Result<std::uint64_t> importKeys(const std::filesystem::path &state, const std::string &id, const std::filesystem::path &file, const Control &control);

/// Writes those that match, or those named, as a file that importKeys and wrangler take: values that are not UTF-8 as base64. Streams: memory does not grow with the
/// namespace. Expired keys are left out. The file is there whole or, failed or cancelled, as it was before.
base::Result<std::uint64_t> exportKeys(
    const std::filesystem::path &state, const std::string &id, const KeyFilter &filter, const std::filesystem::path &file, const Control &control);
base::Result<std::uint64_t> exportKeys(
    const std::filesystem::path &state, const std::string &id, std::span<const std::string> keys, const std::filesystem::path &file, const Control &control);

} // namespace cleat::data::kv
