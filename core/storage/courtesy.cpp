// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/courtesy.h"

#include "core/base/clock.h"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace cleat::storage {

namespace {

constexpr std::int64_t pauses = 20; ///< for each time unit that the lock was held
constexpr std::int64_t longestPauseNs = 5'000'000;
constexpr std::int64_t rememberedNs = 1'000'000'000;

} // namespace

bool Courtesy::shared() const
{
    return base::steadyNs() < m_sharedUntilNs;
}

void Courtesy::yield()
{
    if (m_sharedUntilNs == 0)
        return;
    const std::int64_t now = base::steadyNs();
    if (now < m_sharedUntilNs && now < m_nextNs)
        std::this_thread::sleep_for(std::chrono::nanoseconds(m_nextNs - now));
}

void Courtesy::begun()
{
    m_begunNs = base::steadyNs();
}

void Courtesy::ended(sqlite3 *database)
{
    const std::int64_t now = base::steadyNs();
    m_nextNs = now + std::min(longestPauseNs, (now - m_begunNs) * pauses);
    unsigned version = 0;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_DATA_VERSION, &version) != SQLITE_OK)
        return;
    // A commit of this connection's own counts once. What others committed is counted when it is first seen, which is at the start of a transaction.
    if (m_version != 0 && version - m_version > 1)
        m_sharedUntilNs = now + rememberedNs;
    m_version = version;
}

} // namespace cleat::storage
