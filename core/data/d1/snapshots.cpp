// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/snapshots.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/data/d1/sqlstatement.h"
#include "core/data/query.h"
#include "core/storage/failure.h"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace cleat::data::d1 {

namespace fs = std::filesystem;
using base::Result;
using storage::Database;

namespace {

constexpr int pagesAtOnce = 2048;
constexpr std::size_t keptOfCleat = 10;

fs::path folderOf(const fs::path &file)
{
    // <state>/v3/d1/<unique key>/<id>.sqlite
    const fs::path state = file.parent_path().parent_path().parent_path().parent_path();
    return state / "cleat" / "snapshots" / "d1" / file.stem();
}

fs::path reasonFile(const fs::path &snapshot)
{
    return fs::path(snapshot).replace_extension(".txt");
}

std::optional<Snapshot> snapshotIn(const fs::path &file)
{
    if (file.extension() != ".sqlite")
        return std::nullopt;
    const std::string name = file.stem().string();
    Snapshot snapshot;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), snapshot.timeMs);
    const std::string maker(parsed.ptr, name.data() + name.size());
    if (parsed.ec != std::errc() || (maker != "-user" && maker != "-cleat"))
        return std::nullopt;
    snapshot.file = file;
    snapshot.maker = maker == "-user" ? Snapshot::Maker::User : Snapshot::Maker::Cleat;
    std::error_code error;
    snapshot.bytes = fs::file_size(file, error);
    if (auto reason = base::readFile(reasonFile(file)))
        snapshot.reason = std::move(*reason);
    return snapshot;
}

/// Copies a database into another, in one transaction of that one.
Result<void> copy(const Database &from, const Database &to, const Control &control)
{
    sqlite3_backup *const backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (!backup)
        return std::unexpected(failureOf(to, sqlite3_extended_errcode(to.handle())));
    int rc = SQLITE_OK;
    bool stopped = false;
    const std::int64_t begin = base::steadyNs();
    while (rc == SQLITE_OK || (rc == SQLITE_BUSY && base::steadyNs() - begin < storage::defaultBusyTimeout.count() * 1'000'000)) {
        if (rc == SQLITE_BUSY)
            ::usleep(2000);
        stopped = control.stop.stop_requested();
        if (stopped)
            break;
        rc = sqlite3_backup_step(backup, pagesAtOnce) & 0xFF;
        if (control.progress && rc == SQLITE_OK) {
            const auto total = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup));
            control.progress({total - static_cast<std::uint64_t>(sqlite3_backup_remaining(backup)), total, {}});
        }
    }
    const int finished = sqlite3_backup_finish(backup);
    if (stopped)
        return cancelled();
    if (rc != SQLITE_DONE)
        return std::unexpected(storage::sqliteFailure(finished != SQLITE_OK ? to.handle() : nullptr, rc, to.file(), to.busyTimeout()));
    return {};
}

Result<void> sync(const fs::path &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return std::unexpected(storage::systemFailure("open", path, errno));
    const int rc = ::fsync(descriptor);
    const int error = errno;
    ::close(descriptor);
    if (rc != 0)
        return std::unexpected(storage::systemFailure("write", path, error));
    return {};
}

void removeWithJournals(const fs::path &file)
{
    std::error_code ignored;
    for (const char *end : {"", "-wal", "-shm", "-journal"})
        fs::remove(file.string() + end, ignored);
}

Result<void> copyToNewFile(const fs::path &file, const fs::path &target, const Control &control)
{
    auto from = openDatabase(file, Database::Mode::Existing);
    if (!from)
        return std::unexpected(std::move(from.error()));
    if (!*from)
        return base::fail("storage.missing", "There is no database yet of which a snapshot could be taken: " + file.string() + " is made by the first write.", {file.string()});
    auto to = Database::open(target, Database::Mode::Create);
    if (!to)
        return std::unexpected(std::move(to.error()));
    if (auto set = (*to)->execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF"); !set)
        return set;
    // One moment for the whole copy: a reader, which nobody waits for.
    auto reading = SqlTransaction::begin(**from, SqlTransaction::Kind::Read);
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (auto looked = numberOf(**from, "SELECT count(*) FROM sqlite_schema"); !looked)
        return std::unexpected(std::move(looked.error()));
    return copy(**from, **to, control);
}

} // namespace

std::vector<Snapshot> snapshots(const fs::path &file)
{
    std::vector<Snapshot> found;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(folderOf(file), error)) {
        if (auto snapshot = snapshotIn(entry.path()))
            found.push_back(std::move(*snapshot));
    }
    std::ranges::sort(found, std::ranges::greater(), &Snapshot::timeMs);
    return found;
}

Result<Snapshot> takeSnapshot(const fs::path &file, const std::string &reason, Snapshot::Maker maker, const Control &control)
{
    const fs::path folder = folderOf(file);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        return std::unexpected(storage::systemFailure("make the folder", folder, error.value()));
    std::int64_t time = base::wallMs();
    const auto nameAt = [&](std::int64_t ms) { return folder / (std::to_string(ms) + (maker == Snapshot::Maker::User ? "-user.sqlite" : "-cleat.sqlite")); };
    while (fs::exists(nameAt(time), error))
        ++time;
    const fs::path target = nameAt(time);
    const fs::path part = target.string() + ".part" + std::to_string(::getpid());
    auto copied = copyToNewFile(file, part, control);
    if (copied)
        copied = sync(part);
    if (copied)
        copied = base::writeFileAtomically(reasonFile(target), reason);
    if (copied) {
        fs::rename(part, target, error);
        if (error)
            copied = std::unexpected(storage::systemFailure("rename", part, error.value()));
    }
    if (copied)
        copied = sync(folder);
    if (!copied) {
        removeWithJournals(part);
        if (!fs::exists(target, error))
            fs::remove(reasonFile(target), error);
        return std::unexpected(std::move(copied.error()));
    }
    std::size_t own = 0;
    for (const Snapshot &old : snapshots(file)) {
        if (old.maker == Snapshot::Maker::Cleat && ++own > keptOfCleat) {
            if (auto removed = removeSnapshot(old); !removed)
                return std::unexpected(std::move(removed.error()));
        }
    }
    auto taken = snapshotIn(target);
    if (!taken)
        return base::fail("storage.failed", "The snapshot " + target.string() + " is not there although it was written.", {target.string()});
    return *taken;
}

Result<void> restoreSnapshot(const fs::path &file, const Snapshot &snapshot, const Control &control)
{
    std::error_code error;
    {
        auto from = openDatabase(snapshot.file, Database::Mode::Existing);
        if (!from)
            return std::unexpected(from.error().code == "storage.notdatabase" ? base::Error{"data.corrupt", from.error().message, from.error().place} : from.error());
        if (!*from)
            return base::fail("storage.missing", "The snapshot " + snapshot.file.string() + " is not there any more.", {snapshot.file.string()});
        const Interruptible interruptible(**from, control.stop);
        auto check = SqlStatement::prepare(**from, "PRAGMA quick_check(1)");
        const auto row = check ? check->step() : Result<bool>(std::unexpected(check.error()));
        if (!row && row.error().code == "data.cancelled")
            return std::unexpected(row.error());
        if (!row || !*row || check->text(0) != "ok")
            return base::fail("data.corrupt",
                "The snapshot " + snapshot.file.string() + " is damaged (" + (row ? check->text(0) : row.error().message) + "), so the database was left as it is. Choose another one.",
                {snapshot.file.string()});
    }
    if (fs::exists(file, error)) {
        if (auto saved = takeSnapshot(file, "before restoring a snapshot", Snapshot::Maker::Cleat, control); !saved)
            return std::unexpected(std::move(saved.error()));
    }
    auto from = openDatabase(snapshot.file, Database::Mode::Existing);
    if (!from)
        return std::unexpected(std::move(from.error()));
    if (!*from)
        return base::fail("storage.missing", "The snapshot " + snapshot.file.string() + " is not there any more.", {snapshot.file.string()});
    auto to = Database::open(file, Database::Mode::Create);
    if (!to)
        return std::unexpected(std::move(to.error()));
    // The copy takes the place of the data wherever others have it open: it is one transaction of the same file.
    sqlite3_db_config((*to)->handle(), SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
    return copy(**from, **to, control);
}

Result<void> removeSnapshot(const Snapshot &snapshot)
{
    std::error_code error;
    fs::remove(snapshot.file, error);
    if (error)
        return std::unexpected(storage::systemFailure("remove", snapshot.file, error.value()));
    removeWithJournals(snapshot.file);
    fs::remove(reasonFile(snapshot.file), error);
    return {};
}

} // namespace cleat::data::d1
