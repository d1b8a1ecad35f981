// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/document.h"

#include <string>
#include <vector>

namespace cleat::config {

/// A class of Durable Objects, as the migrations of a Worker's file leave it.
struct ObjectClass {
    std::string name;
    enum class Storage {
        Sqlite, ///< new_sqlite_classes
        KeyValue ///< new_classes
    };
    Storage storage = Storage::Sqlite;
    bool operator==(const ObjectClass &) const = default;
};

/// What the entries of `migrations` come to, one after the other: new, renamed, transferred and deleted classes, in the order in which they came. A class that another Worker had
/// (transferred_classes) has SQLite. `path` goes into places. Code worker.migrations: something is of a wrong type, or renames or deletes a class that is not there, or makes one that is.
/// Any thread. (Workers, "Durable Objects migrations".)
base::Result<std::vector<ObjectClass>> objectClasses(const Document &document, const std::string &path);

} // namespace cleat::config
