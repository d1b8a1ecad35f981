// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/database.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace cleat::data {

/// A database that others write, opened to be looked at. One that comes, goes or is replaced is followed. Belongs to one thread. Errors: core/storage/failure.h.
class StateFile final
{
public:
    /// Without the table there is nothing to read yet.
    StateFile(std::filesystem::path file, std::string table) : m_file(std::move(file)), m_table(std::move(table)) {}
    StateFile(const StateFile &) = delete;
    StateFile &operator=(const StateFile &) = delete;

    const std::filesystem::path &file() const { return m_file; }

    /// A read transaction, which nobody waits for: what is read within its scope is of one moment. Its statements must be gone before it is.
    class Reading final
    {
    public:
        ~Reading();
        Reading(Reading &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
        Reading(const Reading &) = delete;
        Reading &operator=(const Reading &) = delete;
        Reading &operator=(Reading &&) = delete;
        storage::Database &database() const { return *m_database; }

    private:
        friend class StateFile;
        explicit Reading(storage::Database &database) : m_database(&database) {}
        storage::Database *m_database;
    };

    /// nullopt: there is nothing to read.
    base::Result<std::optional<Reading>> read();
    /// Of what the last read() saw: another number when it may be something else.
    std::uint64_t version() const { return m_version; }
    /// Whether anybody changed anything since the last call; the first says true.
    base::Result<bool> changed();

private:
    base::Result<storage::Database *> open();
    void close();
    base::Result<void> look();

    const std::filesystem::path m_file;
    const std::string m_table;
    std::unique_ptr<storage::Database> m_database;
    std::int64_t m_dataVersion = 0; ///< SQLite's, of the connection
    bool m_tableKnown = false;
    std::uint64_t m_version = 0;
    std::optional<std::uint64_t> m_reported;
};

} // namespace cleat::data
