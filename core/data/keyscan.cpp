// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/keyscan.h"

#include "core/data/query.h"

#include <utility>

namespace cleat::data {

namespace {

constexpr unsigned stopCheck = 1024; // steps

} // namespace

base::Result<std::optional<std::string_view>> KeyScan::next()
{
    if (m_steps++ % stopCheck == 0) {
        if (auto go = proceed(m_stop); !go)
            return std::unexpected(std::move(go.error()));
    }
    if (!m_statement) {
        auto statement = m_database.statement(m_sql);
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        m_statement.emplace(std::move(*statement));
        m_statement->bindText(1, m_range.from);
        if (m_range.end)
            m_statement->bindText(2, *m_range.end);
        else
            m_statement->bindEmptyBlob(2);
    }
    auto step = m_statement->step();
    if (!step)
        return std::unexpected(std::move(step.error()));
    if (*step == storage::Statement::Step::Done)
        return std::nullopt;
    return m_statement->text(0);
}

void KeyScan::jump(std::string from)
{
    m_statement.reset();
    m_range.from = std::move(from);
}

} // namespace cleat::data
