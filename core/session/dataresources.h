// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace cleat::session {

/// A store of local data: what a binding stands for, or what lies in the state folder without one.
struct DataResource {
    enum class Kind { Kv, R2, D1, Cache, Queue, Objects, Analytics, Vectorize, Models }; ///< numbers that settings keep: new ones come last
    Kind kind = Kind::Kv;
    std::string id; ///< of the local files: a namespace id, bucket name, database id, cache, queue, dataset or index name; "models" for all models; for a D1 file that no binding names its file's name; of Durable Objects the unique key
    std::string title; ///< what to call it: its binding's name, else its database_name, else the id; of Durable Objects the class
    struct Use {
        std::string binding;
        std::vector<config::Scope> scopes;
        std::string worker{}; ///< beside the project, that has the binding; empty: the project
        bool operator==(const Use &) const = default;
    };
    std::vector<Use> uses; ///< empty: no binding of any set uses it
    std::filesystem::path state; ///< the folder that holds v3
    std::filesystem::path file; ///< its SQLite file; all queues share one; of Durable Objects the folder of their files
    std::filesystem::path values; ///< the folder of its values; empty for D1, queues, datasets and indexes
    bool exists = false; ///< the file is there; of a queue, something is in it; of Durable Objects, one has a file; of models, always
    std::optional<std::filesystem::path> migrationsFolder; ///< of a D1 database that a binding names; absolute
    std::string migrationsTable; ///< "d1_migrations"
    bool operator==(const DataResource &) const = default;
};

/// A namespace of Durable Objects that a binding names.
struct ObjectNamespace {
    std::string worker; ///< that has the class
    std::string className;
    std::vector<DataResource::Use> uses;
    bool operator==(const ObjectNamespace &) const = default;
};

/// Everything that the bindings of any set name and everything that lies in `state`, by kind, then those in use by title, then the others. Any thread.
/// `extra`: bindings of flags. `projectFolder`: where the Wrangler file is. `queues`: that others than the project send to or consume.
/// `objects`: all namespaces that bindings name, of the project too.
std::vector<DataResource> dataResources(const config::WranglerConfig &config, const std::vector<config::Binding> &extra, const std::filesystem::path &projectFolder,
    const std::filesystem::path &state, const std::vector<std::string> &queues = {}, const std::vector<ObjectNamespace> &objects = {});

/// Bytes on disk: the database with its journal, and its values; of a queue the bytes of its messages. Reads folders: not for the GUI thread. nullopt: stopped.
std::optional<std::uint64_t> dataBytes(const DataResource &resource, std::stop_token stop = {});

/// Other state folders that are likely meant: .wrangler/state below the project (three levels, without node_modules), and those of --persist-to in the scripts of package.json.
/// Absolute; without `current`. Any thread.
std::vector<std::filesystem::path> stateFolders(const std::filesystem::path &project, const std::filesystem::path &current);

} // namespace cleat::session
