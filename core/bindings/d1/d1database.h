// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/d1/d1values.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace cleat::bindings::d1 {

/// What one request may give back, all its rows together.
inline constexpr std::size_t maxResultBytes = 128U << 20;

/// A D1 database on wrangler's own file (<state>/v3/d1). Synchronous; one object belongs to one thread, any number of objects and of other programs may use the
/// same file at the same time. The rules, limits and texts are those of wrangler's local D1 (miniflare 5 on workerd), as far as the system's SQLite has the same.
///
/// Error messages are those that user code sees, without the prefix in front ("no such table: x: SQLITE_ERROR"). Codes:
///   d1.sql      SQLite or D1 refused the SQL, or another program kept the file locked
///   storage.*   the file cannot be used (core/storage/failure.h); the message names it
///
/// What another program commits is seen by the next request. When the file is deleted or replaced under it, the database follows at once.
///
/// rowsRead and rowsWritten come from counters that only workerd's own SQLite has; here they are worked out from the statement's program, and are exact for simple
/// statements only.
class D1Database final
{
public:
    /// `state` is the folder that holds v3 (".wrangler/state"). The file is made by the first request, as wrangler makes it.
    /// `busyTimeout`: how long a request waits for a lock that another program holds.
    D1Database(const std::filesystem::path &state, std::string id, std::chrono::milliseconds busyTimeout = std::chrono::seconds(5));
    ~D1Database();
    D1Database(const D1Database &) = delete;
    D1Database &operator=(const D1Database &) = delete;

    const std::string &id() const;
    /// The SQLite file, whether or not it exists.
    std::filesystem::path file() const;

    /// Asked now and then while a statement runs: true ends it ("interrupted: SQLITE_INTERRUPT"). Must be quick.
    void setStop(std::function<bool()> stop);

    enum class Session {
        No,
        Bookmarked, ///< counts the request in the file and gives the bookmark for it
    };
    struct Outcome {
        std::vector<QueryResult> results; ///< one for each query that holds SQL, comments aside
        std::string bookmark;
    };
    /// Runs the queries in order, all or none: an error takes back what the others did. What is written is durable when this returns, whatever happens to the
    /// process. No lock is held afterwards.
    base::Result<Outcome> run(std::span<const Query> queries, Session session = Session::No);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::bindings::d1
