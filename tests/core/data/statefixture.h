// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QTemporaryDir>

#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

/// A state folder of its own.
class StateFixture
{
public:
    std::filesystem::path folder() const { return m_dir.path().toStdString(); }
    std::filesystem::path state() const { return folder() / "state"; }

    static void write(const std::filesystem::path &file, std::string_view bytes)
    {
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << bytes;
    }

private:
    QTemporaryDir m_dir;
};

/// Another program on a database: plain SQLite with nothing of ours around it.
class OtherProgram final
{
public:
    explicit OtherProgram(const std::filesystem::path &file)
    {
        std::filesystem::create_directories(file.parent_path());
        if (sqlite3_open(file.c_str(), &m_db) != SQLITE_OK)
            qFatal("could not open %s", file.c_str());
        sqlite3_exec(m_db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL", nullptr, nullptr, nullptr);
    }
    ~OtherProgram() { sqlite3_close(m_db); }
    OtherProgram(const OtherProgram &) = delete;
    OtherProgram &operator=(const OtherProgram &) = delete;

    /// The rows, columns joined by '|', each row with a newline behind it; or SQLite's message.
    QByteArray run(const std::string &sql)
    {
        QByteArray rows;
        char *message = nullptr;
        sqlite3_exec(
            m_db, sql.c_str(),
            [](void *out, int count, char **values, char **) {
                for (int i = 0; i < count; ++i)
                    *static_cast<QByteArray *>(out) += QByteArray(values[i] ? values[i] : "NULL") + (i + 1 < count ? '|' : '\n');
                return 0;
            },
            &rows, &message);
        if (message) {
            rows = message;
            sqlite3_free(message);
        }
        return rows;
    }
    /// One statement with texts.
    bool run(std::string_view sql, const std::vector<std::string> &texts)
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_db, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
            return false;
        for (std::size_t i = 0; i < texts.size(); ++i)
            sqlite3_bind_text(statement, static_cast<int>(i) + 1, texts[i].data(), static_cast<int>(texts[i].size()), SQLITE_STATIC);
        const int rc = sqlite3_step(statement);
        sqlite3_finalize(statement);
        return rc == SQLITE_DONE;
    }

    static constexpr auto entriesSchema =
        "CREATE TABLE IF NOT EXISTS _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT);"
        "CREATE INDEX IF NOT EXISTS _mf_entries_expiration_idx ON _mf_entries(expiration);";
    static constexpr auto objectsSchema = R"(
CREATE TABLE IF NOT EXISTS _mf_objects (
  key TEXT PRIMARY KEY, blob_id TEXT, version TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
  uploaded INTEGER NOT NULL, checksums TEXT NOT NULL, http_metadata TEXT NOT NULL, custom_metadata TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _mf_multipart_uploads (
  upload_id TEXT PRIMARY KEY, key TEXT NOT NULL, http_metadata TEXT NOT NULL, custom_metadata TEXT NOT NULL, state TINYINT DEFAULT 0 NOT NULL);
CREATE TABLE IF NOT EXISTS _mf_multipart_parts (
  upload_id TEXT NOT NULL REFERENCES _mf_multipart_uploads(upload_id), part_number INTEGER NOT NULL, blob_id TEXT NOT NULL,
  size INTEGER NOT NULL, etag TEXT NOT NULL, checksum_md5 TEXT NOT NULL,
  object_key TEXT REFERENCES _mf_objects(key) DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (upload_id, part_number));
)";

private:
    sqlite3 *m_db = nullptr;
};

/// "OK", or the code of the failure.
template <typename T>
QByteArray codeOf(const cleat::base::Result<T> &result)
{
    return result ? QByteArray("OK") : QByteArray::fromStdString(result.error().code);
}

/// Runs `work` and prints how long it took. Never fails: figures are for people.
template <typename Work>
auto timed(const char *what, Work &&work)
{
    const auto begin = std::chrono::steady_clock::now();
    auto result = work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::printf("    %-64s %9.2f ms\n", what, took.count());
    std::fflush(stdout);
    return result;
}
