// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/sparseplaces.h"
#include "core/storage/database.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::r2 {

/// What lies directly in a folder of keys.
struct FolderQuery {
    std::string folder; ///< empty, or ends with '/'
    std::string text; ///< in the name of the folder or object itself, ASCII letters of either case
    bool operator==(const FolderQuery &) const = default;
};

/// Finds the folders and then the objects of a folder by number, each in UTF-8 byte order. Runs over the folder once, skipping what is below its folders, and
/// remembers some thousand places, for as long as nothing changes. All calls are to be in read transactions. Errors: core/storage/failure.h, data.cancelled.
class FolderIndex final
{
public:
    FolderIndex() = default;
    FolderIndex(const FolderIndex &) = delete;
    FolderIndex &operator=(const FolderIndex &) = delete;

    struct Item {
        enum class Kind { Folder, Object };
        Kind kind = Kind::Object;
        std::string key; ///< the whole key; a folder's ends with '/'
    };

    /// Forgets everything when it is not the same number as last time.
    void setVersion(std::uint64_t version);
    base::Result<std::uint64_t> count(storage::Database &database, const FolderQuery &query, const std::stop_token &stop);
    base::Result<std::vector<Item>> items(
        storage::Database &database, const FolderQuery &query, std::uint64_t first, std::size_t count, const std::stop_token &stop);

private:
    struct Known {
        FolderQuery query;
        SparsePlaces folders;
        SparsePlaces objects;
    };

    base::Result<const Known *> known(storage::Database &database, const FolderQuery &query, const std::stop_token &stop);
    static base::Result<void> collect(storage::Database &database, const Known &known, Item::Kind kind, std::uint64_t first, std::size_t count,
        std::vector<Item> &items, const std::stop_token &stop);

    std::uint64_t m_version = 0;
    std::list<Known> m_known; ///< last used first
};

} // namespace cleat::data::r2
