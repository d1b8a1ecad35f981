// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/blobcache.h"

#include <iterator>
#include <utility>

namespace cleat::storage {

std::size_t BlobCache::Item::cost() const
{
    constexpr std::size_t bookkeeping = 192; // list node, index node, strings and their control block
    return bookkeeping + id.size() + value->size();
}

BlobCache::Value BlobCache::find(std::string_view id)
{
    const auto found = m_index.find(id);
    if (found == m_index.end())
        return nullptr;
    m_items.splice(m_items.begin(), m_items, found->second);
    return found->second->value;
}

void BlobCache::insert(std::string_view id, Value value)
{
    remove(id);
    if (value->size() > m_maxValueBytes)
        return;
    m_items.push_front({std::string(id), std::move(value)});
    m_index.emplace(m_items.front().id, m_items.begin());
    m_bytes += m_items.front().cost();
    while (m_bytes > m_maxTotalBytes)
        drop(std::prev(m_items.end()));
}

void BlobCache::remove(std::string_view id)
{
    if (const auto found = m_index.find(id); found != m_index.end())
        drop(found->second);
}

void BlobCache::clear()
{
    m_index.clear();
    m_items.clear();
    m_bytes = 0;
}

void BlobCache::drop(Items::iterator item)
{
    m_bytes -= item->cost();
    m_index.erase(item->id);
    m_items.erase(item);
}

} // namespace cleat::storage
