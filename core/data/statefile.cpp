// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/statefile.h"

#include "core/data/query.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

namespace cleat::data {

using base::Result;
using storage::Database;
using storage::Statement;

StateFile::Reading::~Reading()
{
    // A transaction that has only read has nothing that could fail to be kept.
    if (m_database)
        static_cast<void>(m_database->execute("COMMIT"));
}

void StateFile::close()
{
    m_database.reset();
    m_tableKnown = false;
    ++m_version;
}

/// Null when the file is not there.
Result<Database *> StateFile::open()
{
    if (m_database && m_database->moved())
        close();
    if (m_database)
        return m_database.get();
    if (struct stat info{}; ::stat(m_file.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return nullptr;
    auto opened = Database::open(m_file, Database::Mode::Existing);
    if (!opened) {
        if (opened.error().code == "storage.missing")
            return nullptr;
        return std::unexpected(std::move(opened.error()));
    }
    m_database = std::move(*opened);
    ++m_version;
    return m_database.get();
}

/// Updates the version.
Result<void> StateFile::look()
{
    std::int64_t now = 0;
    if (auto asked = query(*m_database, "PRAGMA data_version", noParameters, [&](const Statement &row) { now = row.integer(0); }); !asked)
        return asked;
    if (std::exchange(m_dataVersion, now) != now)
        ++m_version;
    return {};
}

Result<std::optional<StateFile::Reading>> StateFile::read()
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return std::nullopt;
    if (auto begun = (*database)->execute("BEGIN"); !begun)
        return std::unexpected(std::move(begun.error()));
    Reading reading(**database);
    // The first statement takes the moment that the transaction sees.
    if (auto looked = look(); !looked)
        return std::unexpected(std::move(looked.error()));
    if (!m_tableKnown) {
        auto has = query(
            **database, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", [&](Statement &statement) { statement.bindText(1, m_table); },
            [&](const Statement &) { m_tableKnown = true; });
        if (!has)
            return std::unexpected(std::move(has.error()));
        if (!m_tableKnown)
            return std::nullopt;
    }
    return reading;
}

Result<bool> StateFile::changed()
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (*database) {
        if (auto looked = look(); !looked)
            return std::unexpected(std::move(looked.error()));
    }
    return std::exchange(m_reported, m_version) != m_version;
}

} // namespace cleat::data
