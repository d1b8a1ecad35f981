// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace cleat::base {

/// The whole file as bytes. Codes: file.missing, file.denied, file.read; the message names the path and the system's reason.
Result<std::string> readFile(const std::filesystem::path &path);

enum class Access {
    AsBefore,  ///< the mode of the file that is there; a new one gets 0644 less the umask
    OwnerOnly, ///< 0600, also for a file that was open to others
};

/// Replaces the file's content so that a crash or a full disk leaves either the old file or the new one, never a mix:
/// writes a temporary file beside it, fsyncs, renames over it and fsyncs the folder. Follows a symbolic link to its target, and keeps (where
/// the system lets us) the owner of an existing file. Codes: file.denied, file.full, file.write. On failure the
/// old file is untouched and the temporary file is removed.
Result<void> writeFileAtomically(const std::filesystem::path &path, std::string_view bytes, Access access = Access::AsBefore);

/// 64-bit FNV-1a: tells whether a text changed, nothing more.
std::uint64_t checksum(std::string_view bytes);

} // namespace cleat::base
