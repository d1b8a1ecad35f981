// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace cleat::bindings::hyperdrive {

/// Whether the answer of a query may be given again (Hyperdrive, "Query caching"): it reads, and names none of PostgreSQL's functions that answer differently from one time to the next. Decided by the
/// words of its text, also of those in comments and strings.
bool isCacheable(std::string_view sql);

/// Whether a script may leave its session with settings, statements or tables of its own, so that the same query may mean something else there: any of its statements begins with SET, CREATE or the
/// like. When in doubt, yes.
bool changesSession(std::string_view sql);

/// Answers of queries under what was asked, for a time; those that were used longest ago go first. For some time more an answer is given although it is too old, and the question asked again meanwhile,
/// so that the next one is new (Hyperdrive, "Query caching": max_age, stale_while_revalidate). Belongs to one thread.
class QueryCache final
{
public:
    static constexpr std::size_t mostBytes = 64 << 20; ///< of questions and answers together
    static constexpr std::size_t longest = 8 << 20; ///< an answer that is kept

    explicit QueryCache(std::int64_t maxAgeMs, std::int64_t staleMs = 0) : m_maxAgeMs(maxAgeMs), m_staleMs(staleMs) {}
    QueryCache(const QueryCache &) = delete;
    QueryCache &operator=(const QueryCache &) = delete;

    /// nullptr: there is none, or it is too old. `nowMs`: of a clock that does not go back. Valid until the next call but claim().
    const std::string *find(const std::string &question, std::int64_t nowMs);
    /// Whether the caller is to ask the question again, because its answer is too old and nobody else does. Ends with keep(), release() or forget().
    bool claim(const std::string &question, std::int64_t nowMs);
    /// No answer comes: somebody else may ask.
    void release(const std::string &question);
    /// What was asked again has no answer any more that can be kept.
    void forget(const std::string &question);
    void keep(std::string question, std::string answer, std::int64_t nowMs);
    std::size_t bytes() const { return m_bytes; }

private:
    struct Entry {
        std::string question;
        std::string answer;
        std::int64_t keptMs = 0;
        bool isClaimed = false;
    };
    void drop(std::list<Entry>::iterator entry);

    const std::int64_t m_maxAgeMs;
    const std::int64_t m_staleMs;
    std::list<Entry> m_entries; ///< used last first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> m_places;
    std::size_t m_bytes = 0;
};

} // namespace cleat::bindings::hyperdrive
