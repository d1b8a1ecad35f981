// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/d1/d1rules.h"
#include "core/data/d1/sqlstatement.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cleat::data::d1 {

/// Runs statements of user SQL by D1's rules, within a transaction that its user keeps. The connection keeps D1's limits from then on.
class ScriptRunner final
{
public:
    explicit ScriptRunner(const storage::Database &database) : m_database(database), m_rules(database.handle()) {}
    ScriptRunner(const ScriptRunner &) = delete;
    ScriptRunner &operator=(const ScriptRunner &) = delete;

    /// One statement; its rows are dropped. Errors: data.sql, in D1's words; data.cancelled; core/storage/failure.h.
    base::Result<void> run(std::string_view statement);
    /// One that only reads, to be stepped through.
    base::Result<SqlStatement> prepareQuery(std::string_view statement);
    /// Byte of the last statement that its error is about.
    std::optional<std::size_t> errorAt() const { return m_errorAt; }
    /// SQL of ours is not judged.
    void own() { m_rules.begin(bindings::d1::Rules::Text::Own); }

private:
    base::Result<SqlStatement> prepare(std::string_view statement);
    base::Error failure(int code);

    const storage::Database &m_database;
    bindings::d1::Rules m_rules;
    std::optional<std::size_t> m_errorAt;
};

} // namespace cleat::data::d1
