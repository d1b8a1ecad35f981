// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace cleat::storage {

// Where wrangler (4.164, miniflare 5) keeps the local data of a resource: each one is the SQLite file of an internal Durable Object whose
// id follows from a fixed "unique key" of its kind and the resource's id. All functions here are pure and may be called from any thread.

/// One kind of resource below <state>/v3.
struct Layout {
    const char *folder; ///< below v3
    const char *uniqueKey; ///< also the name of the folder that holds the SQLite files
};

inline constexpr Layout kvLayout{"kv", "miniflare-KVNamespaceObject"};
inline constexpr Layout r2Layout{"r2", "miniflare-R2BucketObject"};
inline constexpr Layout d1Layout{"d1", "miniflare-D1DatabaseObject"};
inline constexpr Layout cacheLayout{"cache", "miniflare-CacheObject"}; ///< the id is "default", or that of storage::cacheId()

/// The id that `idFromName(name)` gives in the Durable Object namespace `uniqueKey`: 64 lower-case hex digits. Both are UTF-8.
std::string objectId(std::string_view uniqueKey, std::string_view name);

/// True when `hex` (64 hex digits, either case) is an id of that namespace: its second half authenticates the first.
bool isObjectIdOf(std::string_view uniqueKey, std::string_view hex);

/// The folder name that stands for a resource id: what file systems refuse becomes '_'. Different ids may share a name. UTF-8 in and out,
/// 255 UTF-16 units at most.
std::string sanitizedName(std::string_view id);

/// The id of the cache that caches.open(name) opens: "named:" and the name, as encodeURIComponent writes it (workerd sends it in a header). No name: "default".
std::string cacheId(std::string_view name);

/// <state>/v3/<folder>/<unique key>/<object id>.sqlite. `state` is the folder that holds v3.
std::filesystem::path databaseFile(const std::filesystem::path &state, const Layout &layout, std::string_view id);

/// <state>/v3/<folder>/<sanitized id>/blobs
std::filesystem::path blobFolder(const std::filesystem::path &state, const Layout &layout, std::string_view id);

} // namespace cleat::storage
