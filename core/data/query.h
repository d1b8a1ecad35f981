// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/database.h"

#include <stop_token>
#include <string_view>
#include <utility>

namespace cleat::data {

inline constexpr auto noParameters = [](storage::Statement &) {};
inline constexpr auto noRow = [](const storage::Statement &) {};

/// Runs a statement to its end and hands each row to `row`.
template <typename Bind, typename Row>
base::Result<void> query(storage::Database &database, std::string_view sql, Bind &&bind, Row &&row)
{
    auto statement = database.statement(sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    bind(*statement);
    for (;;) {
        auto step = statement->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        if (*step == storage::Statement::Step::Done)
            return {};
        row(std::as_const(*statement));
    }
}

/// data.cancelled
std::unexpected<base::Error> cancelled();

/// cancelled() once stop was asked for.
base::Result<void> proceed(const std::stop_token &stop);

} // namespace cleat::data
