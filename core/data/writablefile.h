// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/database.h"

#include <filesystem>
#include <memory>

namespace cleat::data {

/// A database of wrangler's that is to be changed: followed when it comes, goes or is replaced. Belongs to one thread. Errors: core/storage/failure.h.
class WritableFile final
{
public:
    /// `schema` makes what is missing of the tables and indexes, `count` tells how many of the `objects` there are. Both must outlive this.
    WritableFile(std::filesystem::path file, const char *schema, const char *count, int objects)
        : m_file(std::move(file)),
          m_schema(schema),
          m_count(count),
          m_objects(objects)
    {}
    WritableFile(const WritableFile &) = delete;
    WritableFile &operator=(const WritableFile &) = delete;

    const std::filesystem::path &file() const { return m_file; }
    /// Makes the file and its tables.
    base::Result<storage::Database *> create();
    /// Null when there is nothing to change.
    base::Result<storage::Database *> existing();

private:
    base::Result<bool> isComplete();

    const std::filesystem::path m_file;
    const char *const m_schema;
    const char *const m_count;
    const int m_objects;
    std::unique_ptr<storage::Database> m_database;
    bool m_complete = false;
};

} // namespace cleat::data
