// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace cleat::events {

/// Adds to a vector whose memory counts: it grows by a quarter rather than to the double.
template <typename T>
void appendTightly(std::vector<T> &to, const T &value)
{
    if (to.size() == to.capacity())
        to.reserve(to.size() + to.size() / 4 + 16);
    to.push_back(value);
}

/// Whether two texts are the same. Some thirty are compared for each request, and most are short and alike: in place, without a call of memcmp().
inline bool sameText(std::string_view one, std::string_view other)
{
    std::size_t left = one.size();
    if (left != other.size())
        return false;
    const char *a = one.data();
    const char *b = other.data();
    const auto differ = []<typename Word>(const char *x, const char *y, Word) {
        Word first;
        Word second;
        std::memcpy(&first, x, sizeof first);
        std::memcpy(&second, y, sizeof second);
        return first != second;
    };
    if (left > 256)
        return std::memcmp(a, b, left) == 0;
    if (left >= 8) {
        for (; left > 8; left -= 8, a += 8, b += 8) {
            if (differ(a, b, std::uint64_t()))
                return false;
        }
        return !differ(a + left - 8, b + left - 8, std::uint64_t()); // the last eight, some of them once more
    }
    if (left >= 4)
        return !differ(a, b, std::uint32_t()) && !differ(a + left - 4, b + left - 4, std::uint32_t());
    for (; left > 0; --left, ++a, ++b) {
        if (*a != *b)
            return false;
    }
    return true;
}

/// Texts, each kept once. Nothing goes before the whole does, and the characters of a text never move. Not made for several threads, but what at() gave may be read by any
/// as long as the table lives.
class TextTable final
{
public:
    /// Counts from 0, the empty text, in the order in which texts came.
    using Ref = std::uint32_t;

    TextTable() { m_entries.push_back({}); }
    TextTable(const TextTable &) = delete;
    TextTable &operator=(const TextTable &) = delete;

    Ref put(std::string_view text);
    /// As put(), quickly when it is the text of `last`.
    Ref put(std::string_view text, Ref last) { return sameText(text, at(last)) ? last : put(text); }
    std::string_view at(Ref ref) const { return {m_entries[ref].data, m_entries[ref].size}; }
    /// All refs are below.
    std::size_t size() const { return m_entries.size(); }
    /// Memory held, by capacity.
    std::size_t bytes() const { return m_chunkBytes + m_entries.capacity() * sizeof(Entry) + m_slots.capacity() * sizeof(Ref); }
    /// Gives back what growing holds in advance.
    void shrink() { m_entries.shrink_to_fit(); }

private:
    struct Entry {
        const char *data = nullptr;
        std::uint32_t size = 0;
        std::uint32_t hash = 0;
    };
    const char *store(std::string_view text);
    void grow();

    std::vector<Entry> m_entries;
    std::vector<Ref> m_slots; ///< open addressing; 0: free
    std::vector<std::unique_ptr<char[]>> m_chunks;
    char *m_free = nullptr;
    std::size_t m_left = 0;
    std::size_t m_nextChunk = 1024;
    std::size_t m_chunkBytes = 0;
};

/// Small values of one kind, each kept once, numbered from 0. T has hash() and ==.
template <typename T>
class ValueTable final
{
public:
    std::uint32_t put(const T &value)
    {
        if (m_last < m_values.size() && m_values[m_last] == value)
            return m_last;
        if (m_values.size() * 2 >= m_slots.size())
            grow();
        const std::size_t mask = m_slots.size() - 1;
        std::size_t slot = value.hash() & mask;
        for (; m_slots[slot] != 0; slot = (slot + 1) & mask) {
            if (m_values[m_slots[slot] - 1] == value)
                return m_last = m_slots[slot] - 1;
        }
        appendTightly(m_values, value);
        m_slots[slot] = static_cast<std::uint32_t>(m_values.size());
        return m_last = m_slots[slot] - 1;
    }
    const T &at(std::uint32_t ref) const { return m_values[ref]; }
    std::size_t size() const { return m_values.size(); }
    std::size_t bytes() const { return m_values.capacity() * sizeof(T) + m_slots.capacity() * sizeof(std::uint32_t); }
    void shrink() { m_values.shrink_to_fit(); }

private:
    void grow()
    {
        std::vector<std::uint32_t> slots(m_slots.empty() ? 16 : m_slots.size() * 2);
        const std::size_t mask = slots.size() - 1;
        for (std::size_t i = 0; i < m_values.size(); ++i) {
            std::size_t slot = m_values[i].hash() & mask;
            while (slots[slot] != 0)
                slot = (slot + 1) & mask;
            slots[slot] = static_cast<std::uint32_t>(i + 1);
        }
        m_slots = std::move(slots);
    }
    std::vector<T> m_values;
    std::vector<std::uint32_t> m_slots; ///< open addressing; 0: free, else one more than the value's number
    std::uint32_t m_last = 0;
};

/// Of some numbers, in their order.
template <typename... Numbers>
std::size_t hashOf(Numbers... numbers)
{
    std::uint64_t hash = 0x9e3779b97f4a7c15ULL;
    ((hash = (hash ^ static_cast<std::uint64_t>(numbers)) * 0xff51afd7ed558ccdULL, hash ^= hash >> 32U), ...);
    return hash;
}

} // namespace cleat::events
