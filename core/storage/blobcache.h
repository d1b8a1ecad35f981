// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cleat::storage {

/// The contents of recently read blobs, by id, bounded; what was used longest ago goes first. A blob never changes, so an entry is never wrong; whether a row
/// still names it is the caller's to ask. Belongs to one thread.
class BlobCache final
{
public:
    using Value = std::shared_ptr<const std::string>;

    /// Bytes: of one value, and of all with their bookkeeping.
    BlobCache(std::size_t maxValueBytes, std::size_t maxTotalBytes) : m_maxValueBytes(maxValueBytes), m_maxTotalBytes(maxTotalBytes) {}
    BlobCache(const BlobCache &) = delete;
    BlobCache &operator=(const BlobCache &) = delete;

    /// Null when not held.
    Value find(std::string_view id);
    /// A value over the limit is not kept.
    void insert(std::string_view id, Value value);
    void remove(std::string_view id);
    void clear();
    std::size_t bytes() const { return m_bytes; }

private:
    struct Item {
        std::string id;
        Value value;
        std::size_t cost() const;
    };
    using Items = std::list<Item>;

    void drop(Items::iterator item);

    const std::size_t m_maxValueBytes;
    const std::size_t m_maxTotalBytes;
    std::size_t m_bytes = 0;
    Items m_items; ///< last used first
    std::unordered_map<std::string_view, Items::iterator> m_index; ///< the keys are the items' own ids
};

} // namespace cleat::storage
