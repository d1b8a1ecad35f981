// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::r2 {

/// A file to be uploaded.
struct SourceFile {
    std::filesystem::path path;
    std::string key;
    std::uint64_t bytes = 0;
};

/// The regular files of `sources` and below their folders, with keys below `folder`. What else is met is told in `skipped`, with the reason: links that lead out of
/// the source or to folders, devices, names that are no UTF-8, keys that are too long, folders that cannot be read. Codes: data.cancelled, data.missing (a source is gone).
base::Result<std::vector<SourceFile>> sourceFiles(
    std::span<const std::filesystem::path> sources, const std::string &folder, std::vector<std::string> &skipped, const std::stop_token &stop);

/// Finds a place below a folder for each of many keys, so that none leads out of it and no two have the same.
class TargetPaths final
{
public:
    explicit TargetPaths(std::filesystem::path folder) : m_folder(std::move(folder)) {}

    struct Place {
        std::filesystem::path path;
        enum class Taken { No, Yes };
        Taken taken = Taken::No; ///< a file is there that was not given to another key
    };
    /// Makes the folders above it. Codes: file.denied, file.full, file.write.
    base::Result<Place> placeOf(std::string_view key);
    /// Makes the folder that a key with a '/' at its end stands for.
    base::Result<void> makeFolder(std::string_view key);

private:
    base::Result<std::filesystem::path> folderOf(std::string_view key);

    const std::filesystem::path m_folder;
    std::map<std::string, std::filesystem::path, std::less<>> m_folders; ///< of keys with a '/' at their ends
    std::set<std::filesystem::path> m_given;
};

} // namespace cleat::data::r2
