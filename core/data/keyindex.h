// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/keyplaces.h"
#include "core/data/sparseplaces.h"
#include "core/storage/database.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data {

/// Which keys of a table.
struct KeyQuery {
    std::string prefix; ///< byte for byte
    std::string text; ///< anywhere in the key, ASCII letters of either case
    std::size_t unsearched = 0; ///< bytes at the begin of a key that `text` is not looked for in
    bool operator==(const KeyQuery &) const = default;
};

/// Finds keys by number, in UTF-8 byte order, in a table whose column `key` has an index. Remembers a few thousand keys of each of the last few questions, for as
/// long as nothing changes. All calls are to be in read transactions. Errors: core/storage/failure.h, data.cancelled.
class KeyIndex final
{
public:
    explicit KeyIndex(std::string table) : m_table(std::move(table)), m_scan("SELECT key FROM " + m_table + " WHERE key >= ?1 AND key < ?2 ORDER BY key") {}

    /// Forgets everything when it is not the same number as last time.
    void setVersion(std::uint64_t version);
    base::Result<std::uint64_t> count(storage::Database &database, const KeyQuery &query, const std::stop_token &stop);
    base::Result<std::vector<std::string>> keys(
        storage::Database &database, const KeyQuery &query, std::uint64_t first, std::size_t count, const std::stop_token &stop);
    /// How many that match are before `key`.
    base::Result<std::uint64_t> before(storage::Database &database, const KeyQuery &query, std::string_view key, const std::stop_token &stop);

private:
    struct Known {
        KeyQuery query;
        KeyPlaces places;
        std::optional<SparsePlaces> matches; ///< of a text
    };

    Known &known(const KeyQuery &query);
    base::Result<const SparsePlaces *> matches(storage::Database &database, Known &known, const std::stop_token &stop);
    base::Result<std::vector<std::string>> plainKeys(
        storage::Database &database, Known &known, std::uint64_t first, std::size_t count, const std::stop_token &stop);

    const std::string m_table;
    const std::string m_scan;
    std::uint64_t m_version = 0;
    std::list<Known> m_known; ///< last used first
};

} // namespace cleat::data
