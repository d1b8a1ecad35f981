// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

struct sqlite3;

namespace cleat::storage {

/// Leaves room for a program that writes to the same file and does not wait for locks, as wrangler: while somebody else's commits are seen, a connection that has
/// held the write lock asks for it again only after some multiple of that time. Alone it never waits. Belongs to one thread.
class Courtesy final
{
public:
    /// Before the write lock is asked for. Waits a few milliseconds at most.
    void yield();
    /// The lock is held from now on.
    void begun();
    /// It was given back.
    void ended(sqlite3 *database);
    /// Whether somebody else has written within the last second, as far as this connection has seen.
    bool shared() const;

private:
    std::int64_t m_begunNs = 0;
    std::int64_t m_nextNs = 0;
    std::int64_t m_sharedUntilNs = 0;
    unsigned m_version = 0; ///< of the file, as this connection saw it last; 0: not yet
};

} // namespace cleat::storage
