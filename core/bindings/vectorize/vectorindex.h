// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/vectorize/vectorindexes.h"
#include "core/bindings/vectorize/vectorizelimits.h"
#include "core/bindings/vectorize/vectorizetypes.h"
#include "core/bindings/vectorize/vectormemory.h"
#include "core/storage/database.h"
#include "core/storage/transaction.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::vectorize {

/// One Vectorize index, as code and commands reach it. What a call has written is on disk and is found by the next query of everybody, here and in other processes: the
/// product takes some seconds for that. The vectors that queries look at are in memory, once for all objects of a process that stand for the same index.
/// An object belongs to one thread. Errors: storage's (core/storage/failure.h); vectorize.missing; those of vectorizelimits.h and VectorFilter.
class VectorIndex final
{
public:
    /// The index need not be there.
    VectorIndex(std::filesystem::path state, std::string name, std::chrono::milliseconds busyTimeout = storage::defaultBusyTimeout);
    ~VectorIndex();
    VectorIndex(const VectorIndex &) = delete;
    VectorIndex &operator=(const VectorIndex &) = delete;

    const std::filesystem::path &state() const { return m_state; }
    const std::string &name() const { return m_name; }

    base::Result<IndexConfig> config();
    base::Result<Description> describe();

    /// All vectors or none. Ids that are there stay as they are; a V1 index refuses them (vectorize.input). Gives the ids that were written.
    base::Result<Mutation> insert(std::span<const Vector> vectors, std::size_t mostVectors = maxBatchVectors);
    /// All or none; what has the same id is replaced as a whole.
    base::Result<Mutation> upsert(std::span<const Vector> vectors, std::size_t mostVectors = maxBatchVectors);
    /// Gives the ids that were there.
    base::Result<Mutation> deleteByIds(std::span<const std::string> ids, std::size_t mostIds = maxDeleteIds);
    /// Those that are there, in the order of the ids.
    base::Result<std::vector<Vector>> getByIds(std::span<const std::string> ids, std::size_t mostIds = maxGetIds);
    base::Result<Matches> query(std::span<const float> values, const QueryOptions &options);
    /// Like a query with the values of that vector; without it there are no matches.
    base::Result<Matches> queryById(std::string_view id, const QueryOptions &options);

    struct Page {
        std::vector<std::string> ids;
        std::uint64_t total = 0;
        std::optional<std::int64_t> next; ///< where the next page begins; nothing: there is none
    };
    /// `behind`: the place after which to begin, as `next` gave it.
    base::Result<Page> list(std::size_t most, std::int64_t behind = 0);

    base::Result<std::vector<MetadataIndex>> metadataIndexes();
    /// Codes vectorize.property: not a name, one too many, or there already. What was written before has no value there.
    base::Result<Mutation> createMetadataIndex(const std::string &property, PropertyType type);
    /// Code vectorize.property: there is none.
    base::Result<Mutation> deleteMetadataIndex(const std::string &property);

    /// How far the graph of this process is; nothing before the first query.
    std::optional<VectorMemory::Progress> progress() const;

private:
    base::Result<storage::Database *> open();
    base::Result<Mutation> write(Write kind, std::span<const Vector> vectors, std::size_t mostVectors);
    base::Result<bool> place(const Vector &vector, Write kind, std::span<const MetadataIndex> indexes);
    base::Result<bool> erase(std::string_view id);
    base::Result<std::vector<MetadataIndex>> readMetadataIndexes();
    base::Result<Mutation> commitMutation(storage::Transaction &transaction, std::vector<std::string> ids);
    base::Result<void> refresh();
    base::Result<void> fill(const VectorMemory::Stamp &now, std::span<const MetadataIndex> indexes);
    base::Result<std::optional<Vector>> read(std::string_view id);
    base::Result<Matches> search(std::span<const float> values, const QueryOptions &options);
    base::Result<Matches> scanned(std::span<const float> values, std::uint32_t topK, const QueryOptions &options, const VectorFilter &filter);
    base::Result<void> present(Matches &matches, std::span<const VectorMemory::Hit> hits, const QueryOptions &options, std::span<const MetadataIndex> indexes);

    const std::filesystem::path m_state;
    const std::string m_name;
    const std::chrono::milliseconds m_busyTimeout;
    std::unique_ptr<storage::Database> m_database;
    StoredConfig m_stored;
    std::shared_ptr<VectorMemory> m_memory; ///< made by the first query
};

} // namespace cleat::bindings::vectorize
