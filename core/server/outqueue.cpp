// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/outqueue.h"

#include <algorithm>
#include <utility>

namespace cleat::server {

namespace {
constexpr std::size_t joinBelow = 8U << 10;
}

bool OutQueue::join(std::string_view bytes)
{
    if (m_chunks.empty() || m_chunks.back().size() + bytes.size() > joinBelow)
        return false;
    m_chunks.back() += bytes;
    m_bytes += bytes.size();
    return true;
}

void OutQueue::append(std::string &&bytes)
{
    if (bytes.empty() || join(bytes))
        return;
    m_bytes += bytes.size();
    m_chunks.push_back(std::move(bytes));
}

void OutQueue::append(std::string_view bytes)
{
    if (bytes.empty() || join(bytes))
        return;
    m_bytes += bytes.size();
    m_chunks.emplace_back(bytes);
}

void OutQueue::append(OutQueue &other)
{
    if (other.empty())
        return;
    if (other.m_offset != 0) {
        other.m_chunks[other.m_first].erase(0, other.m_offset);
        other.m_offset = 0;
    }
    for (std::size_t i = other.m_first; i < other.m_chunks.size(); ++i)
        append(std::move(other.m_chunks[i]));
    other.clear();
}

std::size_t OutQueue::gather(std::span<iovec> vectors)
{
    const std::size_t count = std::min(vectors.size(), m_chunks.size() - m_first);
    std::size_t offset = m_offset;
    for (std::size_t i = 0; i < count; ++i) {
        std::string &chunk = m_chunks[m_first + i];
        vectors[i] = {chunk.data() + offset, chunk.size() - offset};
        offset = 0;
    }
    return count;
}

void OutQueue::drop(std::size_t bytes)
{
    m_bytes -= bytes;
    if (m_bytes == 0) {
        clear();
        return;
    }
    bytes += m_offset;
    while (bytes >= m_chunks[m_first].size()) {
        bytes -= m_chunks[m_first].size();
        std::string().swap(m_chunks[m_first]);
        ++m_first;
    }
    m_offset = bytes;
    if (m_first > 64) {
        m_chunks.erase(m_chunks.begin(), m_chunks.begin() + static_cast<std::ptrdiff_t>(m_first));
        m_first = 0;
    }
}

void OutQueue::clear()
{
    m_chunks.clear();
    m_first = m_offset = m_bytes = 0;
}

} // namespace cleat::server
