// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/keyrange.h"
#include "core/storage/database.h"

#include <cstdint>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace cleat::data {

/// Finds the keys of a range by number, in a table whose column `key` has an index: in steps over the index from the nearest place that is known (the begin, the
/// end, places it came by), and remembers every few thousandth key. All calls are to be in read transactions that see the same; when the table changes, begin with
/// a new object. Errors: core/storage/failure.h, data.cancelled.
class KeyPlaces final
{
public:
    KeyPlaces(std::string_view table, KeyRange range);

    const KeyRange &range() const { return m_range; }
    base::Result<std::uint64_t> count(storage::Database &database, const std::stop_token &stop);
    /// nullopt: behind the end.
    base::Result<std::optional<std::string>> at(storage::Database &database, std::uint64_t number, const std::stop_token &stop);
    /// How many keys of the range are before `key`.
    base::Result<std::uint64_t> before(storage::Database &database, std::string_view key, const std::stop_token &stop);

private:
    struct Place {
        std::uint64_t number = 0;
        std::string key;
    };
    base::Result<std::uint64_t> countAll(storage::Database &database);
    base::Result<std::optional<std::string>> forward(storage::Database &database, Place from, std::uint64_t number, const std::stop_token &stop);
    base::Result<std::optional<std::string>> backward(
        storage::Database &database, std::uint64_t fromNumber, std::optional<std::string> from, std::uint64_t number, const std::stop_token &stop);
    base::Result<std::uint64_t> countBetween(storage::Database &database, std::string_view from, const std::optional<std::string> &end);
    void bindRange(storage::Statement &statement, std::string_view from, const std::optional<std::string> &end) const;

    const KeyRange m_range;
    const std::string m_countAll;
    const std::string m_countBetween;
    const std::string m_forward;
    const std::string m_backward;
    std::map<std::uint64_t, std::string> m_known;
    std::optional<std::uint64_t> m_count;
};

} // namespace cleat::data
