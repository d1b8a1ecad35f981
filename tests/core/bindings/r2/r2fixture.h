// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/bindings/r2/r2bucket.h"

#include <QDir>
#include <QString>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <string_view>

/// A state folder of its own and short ways to use a bucket in it.
class R2Fixture
{
public:
    using R2 = cleat::bindings::r2::R2Bucket;
    using PutOptions = cleat::bindings::r2::PutOptions;
    using GetOptions = cleat::bindings::r2::GetOptions;
    using ListOptions = cleat::bindings::r2::ListOptions;

    std::filesystem::path state() const { return std::filesystem::path(m_dir.path().toStdString()) / "state"; }
    /// Of bucket "b".
    QDir folder() const { return QDir(QString::fromStdString(state().string()) + QStringLiteral("/v3/r2/b")); }
    QDir blobs() const { return QDir(folder().filePath(QStringLiteral("blobs"))); }
    QStringList blobNames() const { return blobs().entryList(QDir::Files | QDir::Hidden); }
    /// The second names of blobs whose fate is open.
    QStringList marks() const { return QDir(folder().filePath(QStringLiteral(".cleat"))).entryList(QDir::Files | QDir::Hidden); }

    static QByteArray failure(const cleat::base::Error &error) { return QByteArray::fromStdString(error.code + ": " + error.message); }
    /// The etag, "(condition)", or the code and the message of the failure.
    static QByteArray put(R2 &bucket, std::string_view key, std::string_view value, const PutOptions &options = {})
    {
        const auto done = bucket.put(key, cleat::base::asBytes(value), options);
        if (!done)
            return failure(done.error());
        return *done ? QByteArray::fromStdString((*done)->etag) : QByteArray("(condition)");
    }
    /// The value (of the range), "(none)", "(condition)", or the code and the message of the failure.
    static QByteArray get(R2 &bucket, std::string_view key, const GetOptions &options = {})
    {
        auto got = bucket.get(key, options);
        if (!got)
            return failure(got.error());
        return *got ? bytes(**got) : QByteArray("(none)");
    }
    static QByteArray bytes(cleat::bindings::r2::Got &got)
    {
        if (got.outcome == cleat::bindings::r2::Got::Outcome::PreconditionFailed)
            return "(condition)";
        if (got.whole)
            return QByteArray::fromStdString(got.whole->substr(static_cast<std::size_t>(got.object.range->offset), static_cast<std::size_t>(got.object.range->length)));
        QByteArray all;
        while (got.value->left() > 0) {
            const auto piece = got.value->read(70'000);
            if (!piece)
                return failure(piece.error());
            all += QByteArray::fromStdString(*piece);
        }
        return all;
    }
    static QByteArray remove(R2 &bucket, std::vector<std::string> keys)
    {
        const auto done = bucket.remove(keys);
        return done ? QByteArray("OK") : failure(done.error());
    }
    /// The keys and prefixes, each with a ',' behind it, prefixes behind '/'; then "..." when there are more.
    static QByteArray list(R2 &bucket, const ListOptions &options = {}, std::string *cursor = nullptr)
    {
        const auto result = bucket.list(options);
        if (!result)
            return failure(result.error());
        QByteArray names;
        for (const auto &object : result->objects)
            names += QByteArray::fromStdString(object.key) + ',';
        for (const auto &prefix : result->delimitedPrefixes)
            names += '|' + QByteArray::fromStdString(prefix) + ',';
        if (cursor)
            *cursor = result->cursor;
        return result->truncated ? names + "..." : names;
    }
    static cleat::bindings::r2::GetOptions range(std::optional<std::int64_t> offset, std::optional<std::int64_t> length, std::optional<std::int64_t> suffix = {})
    {
        GetOptions options;
        options.range = cleat::bindings::r2::RangeRequest{offset, length, suffix, {}};
        return options;
    }

private:
    QTemporaryDir m_dir;
};

/// Another program on the same file: plain SQLite with nothing of ours around it.
class Foreign final
{
public:
    explicit Foreign(const std::filesystem::path &file)
    {
        std::filesystem::create_directories(file.parent_path());
        if (sqlite3_open(file.c_str(), &m_db) != SQLITE_OK)
            qFatal("could not open %s", file.c_str());
        sqlite3_busy_timeout(m_db, 5000);
    }
    ~Foreign() { sqlite3_close(m_db); }
    Foreign(const Foreign &) = delete;
    Foreign &operator=(const Foreign &) = delete;

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

private:
    sqlite3 *m_db = nullptr;
};
