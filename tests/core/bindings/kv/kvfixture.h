// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/bindings/kv/kvnamespace.h"

#include <QDir>
#include <QString>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <string_view>

/// A state folder of its own and short ways to use a namespace in it.
class KvFixture
{
public:
    using Kv = cleat::bindings::kv::KvNamespace;
    using PutOptions = cleat::bindings::kv::PutOptions;
    using ListOptions = cleat::bindings::kv::ListOptions;

    std::filesystem::path state() const { return std::filesystem::path(m_dir.path().toStdString()) / "state"; }
    QString statePath() const { return QString::fromStdString(state().string()); }
    /// The value files of namespace "ns".
    QDir blobs() const { return QDir(statePath() + QStringLiteral("/v3/kv/ns/blobs")); }
    QStringList blobNames() const { return blobs().entryList(QDir::Files | QDir::Hidden); }

    /// "OK", or the code and the message of the failure.
    static QByteArray put(Kv &kv, std::string_view key, std::string_view value, const PutOptions &options = {})
    {
        const auto done = kv.put(key, cleat::base::asBytes(value), options);
        return done ? QByteArray("OK") : QByteArray::fromStdString(done.error().code + ": " + done.error().message);
    }
    static QByteArray remove(Kv &kv, std::string_view key)
    {
        const auto done = kv.remove(key);
        return done ? QByteArray("OK") : QByteArray::fromStdString(done.error().code + ": " + done.error().message);
    }
    /// The value, "(none)", or the code and the message of the failure.
    static QByteArray get(Kv &kv, std::string_view key)
    {
        const auto entry = kv.read(key);
        if (!entry)
            return QByteArray::fromStdString(entry.error().code + ": " + entry.error().message);
        return *entry ? QByteArray::fromStdString(*(*entry)->value) : QByteArray("(none)");
    }
    /// The names, each with a ',' behind it, then "..." when there are more; or the code and the message of the failure.
    static QByteArray list(Kv &kv, const ListOptions &options = {}, std::string *cursor = nullptr)
    {
        const auto result = kv.list(options);
        if (!result)
            return QByteArray::fromStdString(result.error().code + ": " + result.error().message);
        QByteArray names;
        for (const auto &key : result->keys)
            names += QByteArray::fromStdString(key.name) + ',';
        if (cursor)
            *cursor = result->cursor;
        return result->complete ? names : names + "...";
    }

    static ListOptions prefix(std::string text) { return {.prefix = std::move(text), .limit = {}, .cursor = {}}; }

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
