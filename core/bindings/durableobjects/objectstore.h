// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/durableobjects/alarmschedule.h"
#include "core/bindings/durableobjects/objectfiles.h"
#include "core/bindings/durableobjects/sqlcursor.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::bindings::durableobjects {

struct ObjectListOptions {
    std::optional<std::string> start{}; ///< this key and what follows it
    std::optional<std::string> startAfter{}; ///< what follows this key
    std::optional<std::string> end{}; ///< not this key
    std::optional<std::string> prefix{};
    enum class Order : std::uint8_t { Ascending, Descending }; ///< of the keys' bytes
    Order order = Order::Ascending;
    std::optional<std::uint64_t> limit{};
};

/// A key and its value, as V8's serializer wrote it.
using ObjectEntry = std::pair<std::string, std::string>;

/// The storage of one Durable Object, open, on wrangler's own file. Synchronous; one object belongs to one thread.
///
/// Writes open a transaction by themselves, which commit() ends: so all writes of a turn of the event loop happen, or none. It holds the file's write lock until then.
/// Inside there may be explicit transactions, one within the other; while one of begin(Kind::Async) is open, commit() does nothing.
///
/// Error messages are those that user code sees. Codes:
///   object.sql    SQLite or the rules for SQL refused, or another program kept the file locked
///   object.state  a call that does not fit the state (a rollback without a transaction)
///   storage.*     the file cannot be used (core/storage/failure.h)
class ObjectStore final
{
public:
    /// Opens the file, and makes it when there is none. `schedule` is the namespace's; it must outlive this. `stop` is asked now and then while SQL runs: true ends it.
    static base::Result<std::unique_ptr<ObjectStore>> open(const std::filesystem::path &state, ObjectAddress address, AlarmSchedule &schedule,
        std::function<bool()> stop = {}, std::chrono::milliseconds busyTimeout = std::chrono::seconds(5));
    /// What was not committed is taken back.
    ~ObjectStore();
    ObjectStore(const ObjectStore &) = delete;
    ObjectStore &operator=(const ObjectStore &) = delete;

    const ObjectAddress &address() const;
    std::filesystem::path file() const;

    // ---- keys and values
    base::Result<std::optional<std::string>> get(std::string_view key);
    base::Result<void> put(std::string_view key, std::span<const std::byte> value);
    /// Whether it was there.
    base::Result<bool> remove(std::string_view key);
    base::Result<std::vector<ObjectEntry>> list(const ObjectListOptions &options);
    /// All keys, and all that SQL made; the file is a new one afterwards. Ends the transaction with a commit. object.state inside of an explicit one.
    enum class Alarm : std::uint8_t { Kept, Removed };
    base::Result<void> removeAll(Alarm alarm);

    // ---- SQL
    /// Runs all the statements of the text; the last one's rows are the cursor's, and only it may have parameters. Its first row is looked up at once.
    base::Result<std::shared_ptr<SqlCursor>> exec(std::string_view sql, std::vector<SqlValue> parameters);
    /// Bytes in use.
    base::Result<std::int64_t> databaseSize();
    /// Cursors that have not come to their end: while there are any, the object should stay open.
    bool hasCursors() const;

    // ---- transactions
    enum class Kind : std::uint8_t {
        Sync, ///< ends within this turn
        Async,
    };
    /// An explicit transaction. An Async one that is the outermost commits what was written before.
    base::Result<void> begin(Kind kind);
    /// Ends the innermost one; the outermost Async one is then committed.
    base::Result<void> end();
    /// Takes the innermost one back, and ends it.
    base::Result<void> takeBack();
    std::size_t depth() const;
    /// Whether commit() has something to do.
    bool dirty() const;
    /// Ends the turn. After a failure everything since the last commit is taken back.
    base::Result<void> commit();
    /// Takes back everything since the last commit, explicit transactions too.
    void rollback();

    // ---- the alarm: milliseconds since the Unix epoch
    /// nullopt: none, or its handler runs.
    base::Result<std::optional<std::int64_t>> alarm();
    /// nullopt removes it. Part of the transaction; the schedule follows with the commit.
    base::Result<void> setAlarm(std::optional<std::int64_t> ms);
    /// Its time has come. False: the object knows of no alarm, or of a later one, and the schedule is put right; the handler must not run. True: until alarmEnds(),
    /// alarm() gives none.
    base::Result<bool> alarmBegins();
    enum class Rang : std::uint8_t {
        Done, ///< it is removed unless the handler has set another one. So too when it is given up.
        Again, ///< it stays, and will be tried again
    };
    base::Result<void> alarmEnds(Rang rang);
    /// Between the two.
    bool alarmRings() const;
    struct AlarmChange {
        std::optional<std::int64_t> ms; ///< nullopt: there is none any more
        bool operator==(const AlarmChange &) const = default;
    };
    /// What has become of the alarm by what was committed since the last call; nullopt: nothing.
    std::optional<AlarmChange> takeAlarmChange();

    // ---- bookmarks
    base::Result<std::string> currentBookmark();

private:
    class Private;
    explicit ObjectStore(std::unique_ptr<Private> parts);
    std::unique_ptr<Private> d;
};

/// What local workerd says to getBookmarkForTime() and onNextSessionRestoreBookmark().
extern const std::string_view noPointInTimeRecovery;

} // namespace cleat::bindings::durableobjects
