// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace cleat::base {

/// Many producers, one consumer, drained in batches. Bounded: a push beyond the capacity is refused and the caller keeps the item.
/// Any thread may push; only the consumer's thread may take.
template <typename T>
class BatchQueue final
{
public:
    explicit BatchQueue(std::size_t capacity) : m_capacity(capacity) {}
    BatchQueue(const BatchQueue &) = delete;
    BatchQueue &operator=(const BatchQueue &) = delete;

    enum class Push { First, More, Full, Closed };

    /// First: the queue was empty, so the consumer may need a wake-up. Full and Closed leave `item` unmoved.
    Push push(T &&item)
    {
        Push result;
        {
            std::lock_guard lock(m_mutex);
            if (m_closed)
                return Push::Closed;
            if (m_items.size() >= m_capacity)
                return Push::Full;
            result = m_items.empty() ? Push::First : Push::More;
            m_items.push_back(std::move(item));
        }
        if (result == Push::First)
            m_ready.notify_one();
        return result;
    }

    /// Everything queued, at once and without waiting; `out` is emptied first and its memory goes back to the queue.
    bool take(std::vector<T> &out)
    {
        out.clear();
        std::lock_guard lock(m_mutex);
        m_items.swap(out);
        return !out.empty();
    }

    /// As take(), but waits until something is there, close() is called or the deadline passes.
    template <typename Clock, typename Duration>
    bool waitUntil(std::vector<T> &out, std::chrono::time_point<Clock, Duration> deadline)
    {
        out.clear();
        std::unique_lock lock(m_mutex);
        m_ready.wait_until(lock, deadline, [this] { return !m_items.empty() || m_closed; });
        m_items.swap(out);
        return !out.empty();
    }

    bool wait(std::vector<T> &out)
    {
        out.clear();
        std::unique_lock lock(m_mutex);
        m_ready.wait(lock, [this] { return !m_items.empty() || m_closed; });
        m_items.swap(out);
        return !out.empty();
    }

    /// Wakes the consumer for good; later pushes are refused. What is queued can still be taken.
    void close()
    {
        {
            std::lock_guard lock(m_mutex);
            m_closed = true;
        }
        m_ready.notify_all();
    }

    bool closed() const
    {
        std::lock_guard lock(m_mutex);
        return m_closed;
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_ready;
    std::vector<T> m_items;
    const std::size_t m_capacity;
    bool m_closed = false;
};

} // namespace cleat::base
