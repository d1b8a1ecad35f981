// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/batchpool.h"

#include <utility>

namespace cleat::events {

std::shared_ptr<const std::vector<Event>> BatchPool::share(const std::shared_ptr<BatchPool> &pool, std::vector<Event> &&batch, std::size_t bytes)
{
    return {new std::vector<Event>(std::move(batch)), [home = std::weak_ptr(pool), producer = std::this_thread::get_id(), bytes](std::vector<Event> *done) {
                Spare spare{producer, std::unique_ptr<std::vector<Event>>(done), bytes};
                if (const auto kept = home.lock())
                    kept->give(std::move(spare));
            }};
}

void BatchPool::give(Spare &&spare)
{
    const std::lock_guard lock(m_mutex);
    if (m_bytes + spare.bytes > mostBytes)
        return; // the caller frees it, behind the lock
    m_bytes += spare.bytes;
    m_spare.push_back(std::move(spare));
}

std::vector<Event> BatchPool::take()
{
    const std::thread::id self = std::this_thread::get_id();
    std::unique_ptr<std::vector<Event>> found;
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t i = m_spare.size(); i-- > 0 && !found;) {
            if (m_spare[i].producer != self)
                continue;
            found = std::move(m_spare[i].batch);
            m_bytes -= m_spare[i].bytes;
            m_spare[i] = std::move(m_spare.back());
            m_spare.pop_back();
        }
    }
    if (!found)
        return {};
    found->clear();
    return std::move(*found);
}

} // namespace cleat::events
