// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/texttable.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>

namespace cleat::events {

namespace {

constexpr std::size_t largestChunk = 128U << 10;

} // namespace

const char *TextTable::store(std::string_view text)
{
    if (text.size() > m_left) {
        if (text.size() > largestChunk / 4 || text.size() > m_nextChunk) { // a chunk of its own; the rest of the one before stays in use
            m_chunks.push_back(std::make_unique_for_overwrite<char[]>(text.size()));
            m_chunkBytes += text.size();
            std::memcpy(m_chunks.back().get(), text.data(), text.size());
            return m_chunks.back().get();
        }
        m_chunks.push_back(std::make_unique_for_overwrite<char[]>(m_nextChunk));
        m_chunkBytes += m_nextChunk;
        m_free = m_chunks.back().get();
        m_left = m_nextChunk;
        m_nextChunk = std::min(m_nextChunk * 2, largestChunk);
    }
    char *const at = m_free;
    std::memcpy(at, text.data(), text.size());
    m_free += text.size();
    m_left -= text.size();
    return at;
}

void TextTable::grow()
{
    std::vector<Ref> slots(m_slots.empty() ? 32 : m_slots.size() * 2);
    const std::size_t mask = slots.size() - 1;
    for (std::size_t i = 1; i < m_entries.size(); ++i) {
        std::size_t slot = m_entries[i].hash & mask;
        while (slots[slot] != 0)
            slot = (slot + 1) & mask;
        slots[slot] = static_cast<Ref>(i);
    }
    m_slots = std::move(slots);
}

TextTable::Ref TextTable::put(std::string_view text)
{
    if (text.empty())
        return 0;
    text = text.substr(0, std::numeric_limits<std::uint32_t>::max());
    if (m_entries.size() * 2 > m_slots.size())
        grow();
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>()(text));
    const std::size_t mask = m_slots.size() - 1;
    std::size_t slot = hash & mask;
    for (; m_slots[slot] != 0; slot = (slot + 1) & mask) {
        const Ref ref = m_slots[slot];
        if (m_entries[ref].hash == hash && sameText(at(ref), text))
            return ref;
    }
    appendTightly(m_entries, {store(text), static_cast<std::uint32_t>(text.size()), hash});
    return m_slots[slot] = static_cast<Ref>(m_entries.size() - 1);
}

} // namespace cleat::events
