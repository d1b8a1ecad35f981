// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/courtesy.h"
#include "core/storage/statement.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3;

namespace cleat::storage {

inline constexpr std::chrono::milliseconds defaultBusyTimeout{5000};

/// A connection to one SQLite file that other programs may use at the same time, set up as wrangler sets up its own: WAL, foreign keys on.
/// What was committed survives the end of this process, also by SIGKILL (synchronous = NORMAL: a power cut may take back the last commits, but does
/// not damage the file). One connection belongs to one thread. Errors: see failure.h.
///
/// No code of this process may open the file in any other way than through SQLite: closing such a descriptor drops the locks of all of the
/// process's connections (POSIX advisory locks).
class Database final
{
public:
    /// Existing never makes the file: storage.missing when it is not there. Create makes it, and the folders above it.
    enum class Mode { Existing, Create };

    static base::Result<std::unique_ptr<Database>> open(
        const std::filesystem::path &file, Mode mode, std::chrono::milliseconds busyTimeout = defaultBusyTimeout);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    const std::filesystem::path &file() const { return m_file; }
    std::chrono::milliseconds busyTimeout() const { return m_busyTimeout; }
    /// For what statement() does not offer. Stays the database's.
    sqlite3 *handle() const { return m_db; }

    /// True when the path no longer leads to the file that is open: it was deleted or replaced. Costs one stat().
    bool moved() const;

    /// What every write lock of this connection is reported to; Transaction does so itself.
    Courtesy &courtesy() { return m_courtesy; }

    /// A statement ready for its parameters, prepared at its first use and kept. It must be gone before the database is.
    base::Result<Statement> statement(std::string_view sql);

    /// Runs all the statements of a script that returns no rows.
    base::Result<void> execute(const std::string &script);

private:
    friend class Statement;
    friend class Transaction;

    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    Database(std::filesystem::path file, std::chrono::milliseconds busyTimeout);
    base::Result<void> connect(Mode mode);
    base::Error failure(int code) const;

    const std::filesystem::path m_file;
    const std::chrono::milliseconds m_busyTimeout;
    sqlite3 *m_db = nullptr;
    Courtesy m_courtesy;
    std::unordered_map<std::string, std::vector<sqlite3_stmt *>, Hash, std::equal_to<>> m_idle;
};

} // namespace cleat::storage
