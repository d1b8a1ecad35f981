// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/orderplaces.h"

#include <algorithm>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

namespace {

constexpr std::uint64_t stride = 16384; ///< half a millisecond of walking

/// What of a term comes behind a value. NULL comes first, or last where the order descends.
std::vector<std::pair<std::string, bool>> partsBehind(const OrderTerm &term, const Value &value)
{
    const bool null = std::holds_alternative<std::monostate>(value);
    if (term.order == Sort::Order::Ascending)
        return {null ? std::pair(term.sql + " IS NOT NULL", false) : std::pair(term.sql + " > ?", true)};
    if (null)
        return {};
    std::vector<std::pair<std::string, bool>> parts = {{term.sql + " < ?", true}};
    if (term.maybeNull)
        parts.emplace_back(term.sql + " IS NULL", false);
    return parts;
}

} // namespace

std::vector<OrderPlaces::Range> OrderPlaces::rangesBehind(const std::optional<Key> &key, const std::vector<OrderTerm> &terms)
{
    if (!key)
        return {Range()};
    std::vector<Range> ranges;
    for (std::size_t i = terms.size(); i-- > 0;) {
        for (const auto &[part, bound] : partsBehind(terms[i], (*key)[i])) {
            Range range;
            for (std::size_t before = 0; before < i; ++before) {
                range.condition += terms[before].sql + " IS ? AND ";
                range.values.push_back((*key)[before]);
            }
            range.condition += part;
            if (bound)
                range.values.push_back((*key)[i]);
            ranges.push_back(std::move(range));
        }
    }
    return ranges;
}

std::vector<OrderTerm> OrderPlaces::reversed() const
{
    auto terms = m_terms;
    for (OrderTerm &term : terms)
        term.order = term.order == Sort::Order::Ascending ? Sort::Order::Descending : Sort::Order::Ascending;
    return terms;
}

/// The key of the row that is so many steps behind another, or behind the beginning of the order.
Result<std::optional<OrderPlaces::Key>> OrderPlaces::skip(
    const Database &database, const std::optional<Key> &from, std::uint64_t steps, const std::vector<OrderTerm> &terms)
{
    std::string selection;
    for (const OrderTerm &term : terms)
        selection += (selection.empty() ? "" : ", ") + term.sql;
    const auto ranges = rangesBehind(from, terms);
    for (const Range &range : ranges) {
        const std::string source = " FROM " + m_table + (range.condition.empty() ? "" : " WHERE " + range.condition);
        auto statement = SqlStatement::prepare(database, "SELECT " + selection + source + orderSql(terms) + " LIMIT 1 OFFSET " + std::to_string(steps - 1));
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        for (std::size_t i = 0; i < range.values.size(); ++i)
            statement->bind(static_cast<int>(i) + 1, range.values[i]);
        const auto row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (*row) {
            Key key;
            for (std::size_t i = 0; i < terms.size(); ++i)
                key.push_back(statement->value(static_cast<int>(i)));
            return key;
        }
        if (&range == &ranges.back())
            break;
        auto counted = SqlStatement::prepare(database, "SELECT count(*)" + source);
        if (!counted)
            return std::unexpected(std::move(counted.error()));
        for (std::size_t i = 0; i < range.values.size(); ++i)
            counted->bind(static_cast<int>(i) + 1, range.values[i]);
        if (const auto told = counted->step(); !told)
            return std::unexpected(told.error());
        steps -= static_cast<std::uint64_t>(counted->integer(0));
    }
    return std::nullopt;
}

Result<std::optional<OrderPlaces::Key>> OrderPlaces::at(const Database &database, std::uint64_t number)
{
    if (m_count && number >= *m_count)
        return std::nullopt;
    std::optional<Key> place;
    std::uint64_t steps = number + 1;
    bool backwards = false;
    auto above = m_known.lower_bound(number);
    if (above != m_known.end() && above->first == number)
        return above->second;
    if (above != m_known.begin()) {
        const auto below = std::prev(above);
        place = below->second;
        steps = number - below->first;
    }
    if (above != m_known.end() && above->first - number < steps) {
        place = above->second;
        steps = above->first - number;
        backwards = true;
    } else if (m_count && above == m_known.end() && *m_count - number < steps) {
        place.reset();
        steps = *m_count - number;
        backwards = true;
    }
    const auto terms = backwards ? reversed() : m_terms;
    std::uint64_t at = backwards ? number + steps : number - steps; // of the place; may be one before the first
    while (steps > 0) {
        const std::uint64_t now = std::min(steps, stride);
        auto next = skip(database, place, now, terms);
        if (!next || !*next)
            return next;
        place = std::move(*next);
        steps -= now;
        at = backwards ? at - now : at + now;
        if (now == stride)
            m_known.emplace(at, *place);
    }
    return place;
}

Result<void> OrderPlaces::explore(const Database &database, std::chrono::microseconds time)
{
    const auto end = std::chrono::steady_clock::now() + time;
    while (!m_complete && std::chrono::steady_clock::now() < end) {
        const std::uint64_t next = m_explored == 0 ? stride - 1 : m_explored + stride;
        auto place = at(database, next);
        if (!place)
            return std::unexpected(std::move(place.error()));
        m_complete = !*place;
        if (*place)
            m_known.emplace(next, std::move(**place));
        m_explored = next;
    }
    return {};
}

} // namespace cleat::data::d1
