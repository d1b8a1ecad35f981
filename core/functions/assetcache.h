// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cleat::functions {

/// A static file as it was when it was read.
struct AssetFile {
    std::string path; ///< relative to the folder
    std::string etag; ///< with its quotes
    std::vector<std::pair<std::string, std::string>> fields; ///< of a 200 answer
    std::shared_ptr<const std::string> body; ///< never null
};

/// Reads files below a folder and keeps them in memory, at most `capacity` bytes, the least used out first. Each use compares size, time, device and
/// inode with the file. Files over largestKept are read each time, and so are those changed a moment ago. Any thread.
class AssetCache final
{
public:
    static constexpr std::size_t largestKept = 4U << 20;
    AssetCache(std::filesystem::path folder, std::size_t capacity);

    /// Null when there is no such file, it is no regular file, cannot be read or lies outside the folder once its symbolic links are followed.
    /// `path`: relative, decoded, without dot segments. What isServable() refuses is not found, also when a symbolic link leads to it.
    std::shared_ptr<const AssetFile> find(std::string_view path);
    bool isFolder(std::string_view path) const;

    std::size_t bytes() const;

private:
    struct Stamp {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::int64_t size = 0;
        std::int64_t modifiedNs = 0;
        std::int64_t changedNs = 0;
        bool operator==(const Stamp &) const = default;
    };
    struct Entry {
        std::string path;
        Stamp stamp;
        std::size_t bytes = 0;
        std::shared_ptr<const AssetFile> file;
    };
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    std::string fullPath(std::string_view path) const;
    static bool stampOf(const std::string &fullPath, Stamp &stamp);
    std::shared_ptr<const AssetFile> load(std::string_view path, const std::string &fullPath);
    void keep(Entry entry);
    void drop(std::string_view path);

    const std::string m_folder;
    const std::size_t m_capacity;
    mutable std::mutex m_mutex;
    std::list<Entry> m_entries; // the most recently used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator, Hash, std::equal_to<>> m_index;
    std::size_t m_bytes = 0;
};

/// False for what Pages never serves: _headers, _redirects, _routes.json, _worker.js, functions and .wrangler at the top, node_modules, .git
/// and .DS_Store anywhere. `path`: relative and decoded.
bool isServable(std::string_view path);

} // namespace cleat::functions
