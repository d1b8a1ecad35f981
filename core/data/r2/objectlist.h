// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/r2/r2types.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::r2 {

/// A row of a folder: an object, or a folder ("photos/2024/") that objects lie in.
struct FolderRow {
    enum class Kind { Folder, Object };
    Kind kind = Kind::Object;
    std::string key; ///< the whole key; a folder's ends with '/'
    std::string version; ///< of an object: another one is another content
    std::uint64_t size = 0; ///< bytes; 0 for a folder
    std::int64_t uploadedMs = 0; ///< since the Unix epoch
    std::string etag;
    std::string contentType;
    bool operator==(const FolderRow &) const = default;
};

struct FolderFilter {
    std::string folder; ///< empty, or ends with '/'
    /// ASCII letters of either case; Here: in the name of the folder or object itself; Below: anywhere in the key below the folder.
    std::string text;
    enum class Depth { Here, Below }; ///< Below: every object below the folder, no folder rows
    Depth depth = Depth::Here;
    bool operator==(const FolderFilter &) const = default;
};

/// The objects of one bucket as folders, to be looked at: folders first, then objects, each by UTF-8 byte order. Half a million in one folder are reached at once.
/// An object whose key is the folder's own ("photos/") is a row of that folder. Reads only, in transactions that end within each call. Belongs to one thread. A bucket without a file is empty. Errors: core/storage/failure.h, data.cancelled.
class ObjectList final
{
public:
    /// `state` is the folder that holds v3.
    ObjectList(const std::filesystem::path &state, std::string bucket);
    ~ObjectList();
    ObjectList(const ObjectList &) = delete;
    ObjectList &operator=(const ObjectList &) = delete;

    base::Result<std::uint64_t> count(const FolderFilter &filter, std::stop_token stop = {});
    base::Result<std::vector<FolderRow>> rows(const FolderFilter &filter, std::uint64_t first, std::size_t count, std::stop_token stop = {});
    /// Everything that is known of an object; nullopt: there is none.
    base::Result<std::optional<bindings::r2::Object>> object(std::string_view key);
    /// Bytes of the value from `offset` on, `length` at most. data.missing: no such object, or a file of its value is gone (the message names it).
    base::Result<std::string> read(std::string_view key, std::uint64_t offset, std::uint64_t length);
    struct Totals {
        std::uint64_t objects = 0;
        std::uint64_t bytes = 0;
    };
    base::Result<Totals> totals(const std::string &prefix, std::stop_token stop = {});
    base::Result<bool> changed(); ///< as in KeyList

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::data::r2
