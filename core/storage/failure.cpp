// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/failure.h"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace cleat::storage {

base::Error systemFailure(std::string_view doing, const std::filesystem::path &path, int error)
{
    std::string code = "storage.failed";
    std::string_view advice;
    switch (error) {
    case ENOENT:
        code = "storage.missing";
        break;
    case EACCES:
    case EPERM:
    case EROFS:
        code = "storage.denied";
        advice = " Check the permissions of the file and of its folder.";
        break;
    case ENOSPC:
    case EDQUOT:
        code = "storage.full";
        advice = " Free some space and try again.";
        break;
    case ENOTDIR:
        advice = " A file stands where a folder is needed; move it out of the way.";
        break;
    default:
        break;
    }
    std::string message = "Could not ";
    message.append(doing).append(" ").append(path.string()).append(": ").append(std::strerror(error)).append(".").append(advice);
    return {std::move(code), std::move(message), {path.string()}};
}

namespace {

std::string seconds(std::chrono::milliseconds time)
{
    if (time.count() % 1000 == 0)
        return std::to_string(time.count() / 1000) + (time.count() == 1000 ? " second" : " seconds");
    return std::to_string(time.count()) + " ms";
}

} // namespace

base::Error sqliteFailure(sqlite3 *db, int code, const std::filesystem::path &file, std::chrono::milliseconds waited)
{
    const std::string name = file.string();
    const char *const words = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    const std::string subject = "The state file " + name;
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {"storage.busy",
            subject + " is locked: another program has held it for more than " + seconds(waited) + ". Close that program, or let it finish, and try again.",
            {name}};
    case SQLITE_NOTADB:
        return {"storage.notdatabase",
            subject
                + " is not a SQLite database, so Cleat will not touch it. Move it out of the way, or put a good copy in its place; without it the next "
                  "write starts an empty one.",
            {name}};
    case SQLITE_CORRUPT:
        return {"storage.notdatabase",
            subject + " is damaged (" + words
                + "), so Cleat will not touch it. Move it out of the way together with its -wal and -shm files, or put a good "
                  "copy in its place; without it the next write starts an empty one.",
            {name}};
    case SQLITE_FULL:
        return systemFailure("write", file, ENOSPC);
    case SQLITE_READONLY:
        return systemFailure("write", file, EACCES);
    case SQLITE_PERM:
        return systemFailure("open", file, EACCES);
    default:
        break;
    }
    if (const int error = db ? sqlite3_system_errno(db) : 0; error != 0 && ((code & 0xFF) == SQLITE_CANTOPEN || (code & 0xFF) == SQLITE_IOERR))
        return systemFailure((code & 0xFF) == SQLITE_CANTOPEN ? "open" : "read or write", file, error);
    return {"storage.failed", subject + " could not be used: " + words + ".", {name}};
}

} // namespace cleat::storage
