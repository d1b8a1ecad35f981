// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/sparseplaces.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cleat::data {

namespace {

constexpr std::size_t maxKeys = 4096;

} // namespace

void SparsePlaces::add(std::string_view key)
{
    if (m_count++ % m_stride != 0)
        return;
    m_keys.emplace_back(key);
    if (m_keys.size() <= maxKeys)
        return;
    for (std::size_t i = 1; 2 * i < m_keys.size(); ++i)
        m_keys[i] = std::move(m_keys[2 * i]);
    m_keys.resize((m_keys.size() + 1) / 2);
    m_stride *= 2;
}

std::optional<SparsePlaces::Place> SparsePlaces::upTo(std::uint64_t number) const
{
    if (m_keys.empty())
        return std::nullopt;
    const std::uint64_t index = std::min<std::uint64_t>(number / m_stride, m_keys.size() - 1);
    return Place{index * m_stride, m_keys[index]};
}

std::optional<SparsePlaces::Place> SparsePlaces::upTo(std::string_view key) const
{
    const auto behind = std::ranges::upper_bound(m_keys, key, std::less<>());
    if (behind == m_keys.begin())
        return std::nullopt;
    return Place{static_cast<std::uint64_t>(std::distance(m_keys.begin(), behind) - 1) * m_stride, *std::prev(behind)};
}

std::optional<std::string_view> SparsePlaces::at(std::uint64_t number) const
{
    if (number % m_stride != 0 || number / m_stride >= m_keys.size())
        return std::nullopt;
    return m_keys[number / m_stride];
}

} // namespace cleat::data
