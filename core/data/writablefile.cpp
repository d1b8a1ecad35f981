// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/writablefile.h"

#include "core/data/query.h"
#include "core/storage/transaction.h"

#include <sys/stat.h>

#include <cerrno>

namespace cleat::data {

using base::Result;
using storage::Database;
using storage::Statement;

Result<bool> WritableFile::isComplete()
{
    if (m_complete)
        return true;
    auto counted = query(*m_database, m_count, noParameters, [&](const Statement &row) { m_complete = row.integer(0) == m_objects; });
    if (!counted)
        return std::unexpected(std::move(counted.error()));
    return m_complete;
}

Result<Database *> WritableFile::create()
{
    if (m_database && m_database->moved()) {
        m_database.reset();
        m_complete = false;
    }
    if (!m_database) {
        auto opened = Database::open(m_file, Database::Mode::Create);
        if (!opened)
            return std::unexpected(std::move(opened.error()));
        m_database = std::move(*opened);
    }
    auto complete = isComplete();
    if (!complete)
        return std::unexpected(std::move(complete.error()));
    if (!*complete) {
        auto transaction = storage::Transaction::begin(*m_database);
        if (!transaction)
            return std::unexpected(std::move(transaction.error()));
        if (auto made = m_database->execute(m_schema); !made)
            return std::unexpected(std::move(made.error()));
        if (auto committed = transaction->commit(); !committed)
            return std::unexpected(std::move(committed.error()));
        m_complete = true;
    }
    return m_database.get();
}

Result<Database *> WritableFile::existing()
{
    if (struct stat info{}; ::stat(m_file.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        m_database.reset();
        m_complete = false;
        return nullptr;
    }
    return create();
}

} // namespace cleat::data
