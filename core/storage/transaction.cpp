// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/transaction.h"

#include "core/storage/database.h"

#include <sqlite3.h>

#include <utility>

namespace cleat::storage {

namespace {

base::Result<void> run(Database &database, std::string_view sql)
{
    auto statement = database.statement(sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    if (auto step = statement->step(); !step)
        return std::unexpected(std::move(step.error()));
    return {};
}

} // namespace

base::Result<Transaction> Transaction::begin(Database &database, Wait wait)
{
    if (wait == Wait::Yes)
        database.m_courtesy.yield();
    else
        sqlite3_busy_timeout(database.m_db, 0);
    auto begun = run(database, "BEGIN IMMEDIATE");
    if (wait == Wait::No)
        sqlite3_busy_timeout(database.m_db, static_cast<int>(database.m_busyTimeout.count()));
    if (!begun)
        return std::unexpected(std::move(begun.error()));
    database.m_courtesy.begun();
    return Transaction(database);
}

Transaction::Transaction(Transaction &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}

Transaction::~Transaction()
{
    // Some errors have ended the transaction already.
    if (m_database && sqlite3_get_autocommit(m_database->m_db) == 0)
        sqlite3_exec(m_database->m_db, "ROLLBACK", nullptr, nullptr, nullptr);
}

base::Result<void> Transaction::commit()
{
    sqlite3 *const database = m_database->m_db;
    auto committed = run(*m_database, "COMMIT");
    if (committed)
        std::exchange(m_database, nullptr)->m_courtesy.ended(database);
    return committed;
}

} // namespace cleat::storage
