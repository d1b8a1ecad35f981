// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/eventlog.h"
#include "core/events/requestquery.h"
#include "core/events/requestrecord.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace cleat::events {

/// Requests as they were recorded, oldest first, one row each however often they are told again, with what belongs to each. Made for a million of them: columns
/// in segments, texts kept once a segment, segments let go whole, oldest first, when the bound is reached.
/// One thread at a time writes (take, add, clear); any number of any threads reads meanwhile, and gets values.
class Recording final
{
public:
    /// Counts rows from 1 in the order of their arrival; stays with its row, and is never given to another.
    using Sequence = std::uint64_t;

    static constexpr std::size_t defaultBytes = 256U << 20;
    explicit Recording(std::size_t maxBytes = defaultBytes);
    ~Recording();
    Recording(const Recording &) = delete;
    Recording &operator=(const Recording &) = delete;

    // ---- the writer

    /// Adds what the batches tell. The bodies and heads of ContentEvents pass through `redactor` first, unless it is nullptr.
    void take(std::span<const std::shared_ptr<const Batch>> batches, const Redactor *redactor);
    /// A row from elsewhere (an import). Its id becomes a new one.
    Sequence add(RequestRecord &&record);
    /// Forgets all rows. Sequences go on.
    void clear();
    void setMaxBytes(std::size_t bytes);

    // ---- readers

    struct Range {
        Sequence first = 1;
        Sequence end = 1; ///< one behind the last
        std::uint64_t size() const { return end - first; }
        bool operator==(const Range &) const = default;
    };
    Range held() const;
    /// Grows with every change.
    std::uint64_t revision() const;
    /// Bytes held now.
    std::size_t bytes() const;
    /// Requests let go because of the bound since the last clear().
    std::uint64_t dropped() const;

    /// What a table shows of a request.
    struct Row {
        Sequence sequence = 0;
        RequestEvent request;
        std::uint32_t calls = 0; ///< of bindings
        std::uint32_t spans = 0; ///< all of them
        std::uint32_t consoleLines = 0;
        std::uint32_t exceptions = 0;
    };
    std::optional<Row> row(Sequence sequence) const;
    /// Everything of it.
    std::optional<RequestRecord> record(Sequence sequence) const;
    std::optional<Sequence> find(RequestId id) const;
    /// Grows with each change of that row; 0 when it is not held.
    std::uint32_t revisionOf(Sequence sequence) const;

    struct Changes {
        std::vector<Sequence> rows; ///< that have changed, each once, ascending; some of them may have come since. Rows that only came are told by held()
        bool all = false; ///< too many or too long ago to say: any may have
        std::uint64_t revision = 0; ///< pass it to the next call
    };
    Changes changedSince(std::uint64_t revision) const;

    /// Of the rows in [from, to), those that fit, ascending. Holds up the writer for moments only. Incomplete when it was asked to stop.
    std::vector<Sequence> matching(const RequestQuery &query, Sequence from, Sequence to, const std::stop_token &stop = {}) const;
    /// Whether one fits.
    bool fits(const RequestQuery &query, Sequence sequence) const;

    enum class Key : std::uint8_t { Time, Method, Path, Status, Duration, RequestSize, ResponseSize, Calls, Handler, Kind, Error };
    enum class Order : std::uint8_t { Ascending, Descending };
    /// Stable. Rows that are not held any more go. Leaves them as they were when it was asked to stop.
    void sort(std::vector<Sequence> &rows, Key key, Order order, const std::stop_token &stop = {}) const;

    /// Traffic in one stretch of time, or of one path.
    struct Bucket {
        std::uint32_t requests = 0;
        std::uint32_t errors = 0; ///< status 500 and above, or abandoned, or with an exception
        std::uint32_t p50Us = 0; ///< durations, of those that are complete; within 5 %
        std::uint32_t p95Us = 0;
        std::uint32_t p99Us = 0;
        std::uint64_t responseBytes = 0;
        bool operator==(const Bucket &) const = default;
    };
    /// [fromUs, toUs) of the wall clock in `count` equal stretches, by when requests began. Looks at all rows: some 25 ms for a million.
    std::vector<Bucket> timeline(std::int64_t fromUs, std::int64_t toUs, int count) const;
    /// All that is held, as one.
    Bucket total() const;

    /// All requests to one path (without its query), of one method.
    struct PathGroup {
        std::string method;
        std::string path;
        Bucket traffic;
        std::uint64_t totalUs = 0;
        Sequence last = 0;
    };
    /// Of these rows; most requests first.
    std::vector<PathGroup> byPath(std::span<const Sequence> rows, const std::stop_token &stop = {}) const;

    // ---- files

    /// Writes these rows, all of them with std::nullopt, to one file, whole or not at all, readable by its owner alone. Values of sensitive header fields are masked
    /// (masking.h), texts cut to 16 MiB. Codes: recording.write.
    base::Result<void> save(const std::filesystem::path &file, std::optional<std::span<const Sequence>> rows = std::nullopt) const;
    /// What save() wrote, or a journal: its folder, or one file of it (what the end of the program cut off is left out). Holds 1 GiB at most; dropped() says when that was too little.
    /// Codes: recording.read (it cannot be read), recording.format (it is no recording, or damaged; the message says from where on).
    static base::Result<std::unique_ptr<Recording>> open(const std::filesystem::path &file);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::events
