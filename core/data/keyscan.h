// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/keyrange.h"
#include "core/storage/database.h"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace cleat::data {

/// Runs over the keys of a range, in order, and may jump ahead. Its statement selects the keys between ?1 and ?2. Lives within a read transaction. Errors:
/// core/storage/failure.h, data.cancelled.
class KeyScan final
{
public:
    KeyScan(storage::Database &database, std::string_view sql, KeyRange range, const std::stop_token &stop)
        : m_database(database),
          m_sql(sql),
          m_range(std::move(range)),
          m_stop(stop)
    {}
    KeyScan(const KeyScan &) = delete;
    KeyScan &operator=(const KeyScan &) = delete;

    /// The next key, valid until the next call; nullopt at the end.
    base::Result<std::optional<std::string_view>> next();
    /// The next one is the first from there on.
    void jump(std::string from);

private:
    storage::Database &m_database;
    const std::string_view m_sql;
    KeyRange m_range;
    const std::stop_token &m_stop;
    std::optional<storage::Statement> m_statement;
    unsigned m_steps = 0;
};

} // namespace cleat::data
