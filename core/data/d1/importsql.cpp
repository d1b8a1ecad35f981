// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/importexport.h"
#include "core/data/d1/scriptfile.h"
#include "core/data/d1/snapshots.h"

#include <sqlite3.h>

#include <system_error>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

Result<Imported> importSql(const std::filesystem::path &file, const std::filesystem::path &script, const Control &control)
{
    std::error_code error;
    if (std::filesystem::exists(file, error)) {
        if (auto saved = takeSnapshot(file, "before importing " + script.filename().string(), Snapshot::Maker::Cleat, {control.stop, {}}); !saved)
            return std::unexpected(std::move(saved.error()));
    }
    auto database = openDatabase(file, Database::Mode::Create);
    if (!database)
        return std::unexpected(std::move(database.error()));
    ScriptRunner runner(**database);
    const Interruptible interruptible(**database, control.stop);
    auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Write);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    const std::int64_t before = sqlite3_total_changes64((*database)->handle());
    const auto statements = runScriptFile(runner, script, control);
    runner.own();
    if (!statements)
        return std::unexpected(statements.error());
    if (*statements == 0)
        return base::fail("data.format", "There is no SQL statement in " + script.string() + ".", {script.string()});
    if (auto committed = transaction->commit(); !committed)
        return std::unexpected(std::move(committed.error()));
    return Imported{*statements, static_cast<std::uint64_t>(sqlite3_total_changes64((*database)->handle()) - before)};
}

} // namespace cleat::data::d1
