// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/rowquery.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cleat::data::d1 {

/// Finds rows by their number in an order that an index has. Where each so many-th row is gets known on the way; from the nearest such place, or from the end, the index
/// is walked along. For one state of the data only.
class OrderPlaces final
{
public:
    using Key = std::vector<Value>; ///< a value a term

    OrderPlaces(std::string table, std::vector<OrderTerm> terms) : m_table(std::move(table)), m_terms(std::move(terms)) {}

    /// Of how many rows; lets places be found from the end.
    void setCount(std::uint64_t count) { m_count = count; }
    /// The place of a row; nullopt: there are not so many.
    base::Result<std::optional<Key>> at(const storage::Database &database, std::uint64_t number);
    /// Goes on to get to know places, for about that time.
    base::Result<void> explore(const storage::Database &database, std::chrono::microseconds time);

    /// A part of the order: a condition, and its values.
    struct Range {
        std::string condition; ///< empty: all
        std::vector<Value> values;
    };
    /// What comes behind a key, part by part; all for nullopt.
    std::vector<Range> behind(const std::optional<Key> &key) const { return rangesBehind(key, m_terms); }

private:
    static std::vector<Range> rangesBehind(const std::optional<Key> &key, const std::vector<OrderTerm> &terms);
    base::Result<std::optional<Key>> skip(const storage::Database &database, const std::optional<Key> &from, std::uint64_t steps, const std::vector<OrderTerm> &terms);
    std::vector<OrderTerm> reversed() const;

    const std::string m_table; ///< as SQL
    const std::vector<OrderTerm> m_terms;
    std::optional<std::uint64_t> m_count;
    std::map<std::uint64_t, Key> m_known; ///< number and place
    std::uint64_t m_explored = 0; ///< behind the last one that is known without a gap
    bool m_complete = false;
};

} // namespace cleat::data::d1
