// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/keyplaces.h"

#include "core/data/query.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace cleat::data {

using base::Result;
using storage::Database;
using storage::Statement;

namespace {

constexpr std::uint64_t stride = 4096;

} // namespace

KeyPlaces::KeyPlaces(std::string_view table, KeyRange range)
    : m_range(std::move(range)),
      // Keys that are NULL or BLOBs are nobody's.
      m_countAll("SELECT count(*) - (SELECT count(*) FROM " + std::string(table) + " WHERE key IS NULL) - (SELECT count(*) FROM " + std::string(table)
          + " WHERE key >= x'') FROM " + std::string(table)),
      m_countBetween("SELECT count(*) FROM " + std::string(table) + " WHERE key >= ?1 AND key < ?2"),
      m_forward("SELECT key FROM " + std::string(table) + " WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT 1 OFFSET ?3"),
      m_backward("SELECT key FROM " + std::string(table) + " WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT 1 OFFSET ?3")
{}

void KeyPlaces::bindRange(Statement &statement, std::string_view from, const std::optional<std::string> &end) const
{
    statement.bindText(1, from);
    if (end)
        statement.bindText(2, *end);
    else
        statement.bindEmptyBlob(2);
}

Result<std::uint64_t> KeyPlaces::countAll(Database &database)
{
    std::uint64_t count = 0;
    auto done = query(database, m_countAll, noParameters, [&](const Statement &row) { count = static_cast<std::uint64_t>(row.integer(0)); });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return count;
}

Result<std::uint64_t> KeyPlaces::countBetween(Database &database, std::string_view from, const std::optional<std::string> &end)
{
    std::uint64_t count = 0;
    auto done = query(
        database, m_countBetween, [&](Statement &statement) { bindRange(statement, from, end); },
        [&](const Statement &row) { count = static_cast<std::uint64_t>(row.integer(0)); });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return count;
}

Result<std::uint64_t> KeyPlaces::count(Database &database, const std::stop_token &stop)
{
    if (m_count)
        return *m_count;
    if (m_range == KeyRange()) {
        auto all = countAll(database);
        if (!all)
            return all;
        m_count = *all;
        return *all;
    }
    Place last = m_known.empty() ? Place{0, m_range.from} : Place{m_known.rbegin()->first, m_known.rbegin()->second};
    for (;;) {
        auto next = forward(database, last, last.number / stride * stride + stride, stop);
        if (!next)
            return std::unexpected(std::move(next.error()));
        if (!*next)
            break;
        last = {last.number / stride * stride + stride, std::move(**next)};
    }
    auto rest = countBetween(database, last.key, m_range.end);
    if (!rest)
        return rest;
    m_count = last.number + *rest;
    return *m_count;
}

Result<std::optional<std::string>> KeyPlaces::at(Database &database, std::uint64_t number, const std::stop_token &stop)
{
    if (number >= stride) {
        auto all = count(database, stop);
        if (!all)
            return std::unexpected(std::move(all.error()));
    }
    if (m_count && number >= *m_count)
        return std::nullopt;
    const auto above = m_known.lower_bound(number);
    if (above != m_known.end() && above->first == number)
        return above->second;
    const Place below = above == m_known.begin() ? Place{0, m_range.from} : Place{std::prev(above)->first, std::prev(above)->second};
    if (above != m_known.end() && above->first - number < number - below.number)
        return backward(database, above->first, above->second, number, stop);
    if (above == m_known.end() && m_count && *m_count - number < number - below.number)
        return backward(database, *m_count, m_range.end, number, stop);
    return forward(database, below, number, stop);
}

Result<std::optional<std::string>> KeyPlaces::forward(Database &database, Place from, std::uint64_t number, const std::stop_token &stop)
{
    for (;;) {
        if (auto go = proceed(stop); !go)
            return std::unexpected(std::move(go.error()));
        const std::uint64_t next = std::min(number, from.number / stride * stride + stride);
        std::optional<std::string> found;
        auto done = query(
            database, m_forward,
            [&](Statement &statement) {
                bindRange(statement, from.key, m_range.end);
                statement.bindInteger(3, static_cast<std::int64_t>(next - from.number));
            },
            [&](const Statement &row) { found = row.text(0); });
        if (!done)
            return std::unexpected(std::move(done.error()));
        if (!found)
            return std::nullopt;
        if (next % stride == 0)
            m_known.emplace(next, *found);
        if (next == number)
            return found;
        from = {next, std::move(*found)};
    }
}

Result<std::optional<std::string>> KeyPlaces::backward(
    Database &database, std::uint64_t fromNumber, std::optional<std::string> from, std::uint64_t number, const std::stop_token &stop)
{
    for (;;) {
        if (auto go = proceed(stop); !go)
            return std::unexpected(std::move(go.error()));
        const std::uint64_t next = std::max(number, (fromNumber - 1) / stride * stride);
        std::optional<std::string> found;
        auto done = query(
            database, m_backward,
            [&](Statement &statement) {
                bindRange(statement, m_range.from, from);
                statement.bindInteger(3, static_cast<std::int64_t>(fromNumber - next - 1));
            },
            [&](const Statement &row) { found = row.text(0); });
        if (!done)
            return std::unexpected(std::move(done.error()));
        if (!found)
            return std::nullopt;
        if (next % stride == 0)
            m_known.emplace(next, *found);
        if (next == number)
            return found;
        fromNumber = next;
        from = std::move(found);
    }
}

Result<std::uint64_t> KeyPlaces::before(Database &database, std::string_view key, const std::stop_token &stop)
{
    if (key <= m_range.from)
        return 0;
    if (m_range.end && key >= *m_range.end)
        return count(database, stop);
    Place last{0, m_range.from};
    for (const auto &[number, known] : m_known) {
        if (known > key)
            break;
        last = {number, known};
    }
    for (;;) {
        const std::uint64_t next = last.number / stride * stride + stride;
        auto found = forward(database, last, next, stop);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (!*found || **found > key)
            break;
        last = {next, std::move(**found)};
    }
    auto rest = countBetween(database, last.key, std::string(key));
    if (!rest)
        return rest;
    return last.number + *rest;
}

} // namespace cleat::data
