// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"
#include "core/data/r2/objecteditor.h"

namespace cleat::data::r2 {

/// What a transfer did. When it was cancelled or failed, what was transferred before stays, whole.
struct Transferred {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::vector<std::string> skipped; ///< what was there already (Existing::Keep), or is no regular file
};

/// Uploads files, and folders with all below them, to keys below `folder`. Each value streams into its file before the lock; constant memory. The content type
/// follows the name. Progress counts bytes. Any thread.
base::Result<Transferred> upload(const std::filesystem::path &state, const std::string &bucket, std::span<const std::filesystem::path> sources,
    const std::string &folder, ObjectEditor::Existing existing, const Control &control);

/// Writes objects and folders below `target`. A key that would lead out of it (`..`, an absolute one), or that no file system takes, gets a safe name beside the
/// others; files there are replaced only with Existing::Replace. Any thread.
base::Result<Transferred> download(const std::filesystem::path &state, const std::string &bucket, std::span<const std::string> keys, const std::string &folder,
    const std::filesystem::path &target, ObjectEditor::Existing existing, const Control &control);

/// "text/html" for "a.html"; "application/octet-stream" when the name tells nothing. Any thread.
std::string contentTypeOf(std::string_view name);

} // namespace cleat::data::r2
