// SPDX-License-Identifier: GPL-3.0-or-later
// How VectorIndex answers queries: what the memory knows is brought up to date, searched, and what code asked for is read from the file.

#include "core/base/json.h"
#include "core/bindings/vectorize/distance.h"
#include "core/bindings/vectorize/vectorindex.h"
#include "core/bindings/vectorize/vectorrows.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

namespace cleat::bindings::vectorize {

using base::Json;
using base::Result;
using storage::Database;
using storage::Statement;

namespace {

constexpr std::size_t rowsAtOnce = 256;

/// The one memory of an index in this process, for as long as somebody has it: Workers, windows and new versions of the code share it, because it may be large.
std::shared_ptr<VectorMemory> sharedMemory(const StoredConfig &stored, const std::filesystem::path &graphFile)
{
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<VectorMemory>> all;
    const std::scoped_lock lock(mutex);
    std::erase_if(all, [](const auto &entry) { return entry.second.expired(); });
    std::weak_ptr<VectorMemory> &known = all[stored.incarnation];
    std::shared_ptr<VectorMemory> memory = known.lock();
    if (!memory) {
        memory = std::make_shared<VectorMemory>(stored.config.metric, stored.config.dimensions, VectorMemory::defaultGraphFrom, graphFile);
        known = memory;
    }
    return memory;
}

/// A view of the file that stays the same until it ends.
class Snapshot final
{
public:
    static Result<Snapshot> begin(Database &database)
    {
        if (auto begun = database.execute("BEGIN"); !begun)
            return std::unexpected(std::move(begun.error()));
        return Snapshot(database);
    }
    ~Snapshot()
    {
        if (m_database)
            (void)m_database->execute("ROLLBACK"); // nothing was written
    }
    Snapshot(Snapshot &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    Snapshot(const Snapshot &) = delete;
    Snapshot &operator=(const Snapshot &) = delete;
    Snapshot &operator=(Snapshot &&) = delete;

private:
    explicit Snapshot(Database &database) : m_database(&database) {}
    Database *m_database;
};

} // namespace

/// Appends and removes what has changed in the file since the memory was filled last, by whomever.
Result<void> VectorIndex::refresh()
{
    if (!m_memory)
        m_memory = sharedMemory(m_stored, indexFile(m_state, m_name).replace_extension(m_stored.incarnation + ".graph"));
    const std::scoped_lock filling(m_memory->filling());
    auto snapshot = Snapshot::begin(*m_database);
    if (!snapshot)
        return std::unexpected(std::move(snapshot.error()));
    VectorMemory::Stamp now;
    std::int64_t oldestRemoval = 0;
    {
        auto statement = m_database->statement("SELECT (SELECT max(place) FROM vectors), (SELECT max(number) FROM removed), (SELECT min(number) FROM removed),"
                                               " (SELECT group_concat(number) FROM metadata_indexes)");
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
        now = {statement->integer(0), statement->integer(1), std::string(statement->text(3))};
        oldestRemoval = statement->integer(2);
    }
    // The last vectors may have been removed since.
    now.place = std::max(now.place, m_memory->stamp().place);
    if (now == m_memory->stamp() && !m_memory->isWorn())
        return {};
    auto indexes = readMetadataIndexes();
    if (!indexes)
        return std::unexpected(std::move(indexes.error()));
    if (now.indexes != m_memory->stamp().indexes || oldestRemoval > m_memory->stamp().removal + 1 || m_memory->isWorn()) {
        std::vector<std::string> properties;
        for (const MetadataIndex &index : *indexes)
            properties.push_back(index.property);
        m_memory->clear(std::move(properties));
        m_memory->setStamp({0, now.removal, now.indexes});
    }
    return fill(now, *indexes);
}

Result<void> VectorIndex::fill(const VectorMemory::Stamp &now, std::span<const MetadataIndex> indexes)
{
    VectorMemory::Stamp reached = m_memory->stamp();
    if (now.removal > reached.removal) {
        std::vector<std::int64_t> gone;
        auto statement = m_database->statement("SELECT place FROM removed WHERE number > ?1");
        if (statement)
            statement->bindInteger(1, reached.removal);
        for (;;) {
            auto stepped = run(statement);
            if (!stepped)
                return std::unexpected(std::move(stepped.error()));
            if (*stepped == Statement::Step::Done)
                break;
            gone.push_back(statement->integer(0));
        }
        m_memory->remove(gone);
        reached.removal = now.removal;
        m_memory->setStamp(reached);
    }
    std::vector<VectorMemory::Row> rows;
    const auto pass = [&] {
        if (rows.empty())
            return;
        reached.place = rows.back().place;
        m_memory->append(rows);
        m_memory->setStamp(reached);
        rows.clear();
    };
    auto statement = m_database->statement("SELECT place, namespace, indexed, vec FROM vectors WHERE place > ?1 ORDER BY place");
    if (statement)
        statement->bindInteger(1, reached.place);
    for (;;) {
        auto stepped = run(statement);
        if (!stepped)
            return std::unexpected(std::move(stepped.error()));
        if (*stepped == Statement::Step::Done)
            break;
        std::vector<float> values = valuesIn(statement->text(3));
        values.resize(m_stored.config.dimensions);
        rows.push_back({statement->integer(0), std::string(statement->text(1)), std::move(values), indexedValues(statement->text(2), indexes)});
        if (rows.size() == rowsAtOnce)
            pass();
    }
    pass();
    return {};
}

Result<Matches> VectorIndex::query(std::span<const float> values, const QueryOptions &options)
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (auto fine = checkQueryVector(values, m_stored.config.dimensions); !fine)
        return std::unexpected(std::move(fine.error()));
    return search(values, options);
}

Result<Matches> VectorIndex::queryById(std::string_view id, const QueryOptions &options)
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto vector = read(id);
    if (!vector)
        return std::unexpected(std::move(vector.error()));
    if (*vector)
        return search((*vector)->values, options);
    if (auto fine = checkedTopK(options, m_stored.config.version); !fine)
        return std::unexpected(std::move(fine.error()));
    return Matches();
}

Result<Matches> VectorIndex::search(std::span<const float> values, const QueryOptions &options)
{
    auto topK = checkedTopK(options, m_stored.config.version);
    if (!topK)
        return std::unexpected(std::move(topK.error()));
    if (options.nameSpace && options.nameSpace->size() > maxNamespaceBytes)
        return base::fail("vectorize.40009",
            "namespace too long; max is " + std::to_string(maxNamespaceBytes) + " bytes, got " + std::to_string(options.nameSpace->size()) + " bytes");
    std::optional<VectorFilter> filter;
    if (!options.filter.empty()) {
        auto parsed = VectorFilter::parse(options.filter);
        if (!parsed)
            return std::unexpected(std::move(parsed.error()));
        filter = std::move(*parsed);
    }
    // A V1 index filters by the metadata itself.
    if (filter && m_stored.config.version == Version::V1)
        return scanned(values, *topK, options, *filter);
    if (auto current = refresh(); !current)
        return std::unexpected(std::move(current.error()));
    auto found = m_memory->nearest(values, *topK, options.nameSpace, filter ? &*filter : nullptr);
    if (!found)
        return std::unexpected(std::move(found.error()));
    std::vector<MetadataIndex> indexes;
    if (options.returnMetadata == ReturnMetadata::Indexed) {
        auto read = readMetadataIndexes();
        if (!read)
            return std::unexpected(std::move(read.error()));
        indexes = std::move(*read);
    }
    Matches matches;
    matches.unindexed = std::move(found->unindexed);
    if (auto done = present(matches, found->hits, options, indexes); !done)
        return std::unexpected(std::move(done.error()));
    return matches;
}

Result<Matches> VectorIndex::scanned(std::span<const float> values, std::uint32_t topK, const QueryOptions &options, const VectorFilter &filter)
{
    const Metric metric = m_stored.config.metric;
    std::vector<float> query(values.begin(), values.end());
    prepare(metric, query.data(), query.size());
    std::vector<VectorMemory::Hit> hits;
    {
        auto statement = m_database->statement("SELECT place, metadata, vec FROM vectors WHERE metadata IS NOT NULL AND (?1 IS NULL OR namespace = ?1)");
        if (statement && options.nameSpace)
            statement->bindText(1, *options.nameSpace);
        for (;;) {
            auto stepped = run(statement);
            if (!stepped)
                return std::unexpected(std::move(stepped.error()));
            if (*stepped == Statement::Step::Done)
                break;
            if (!filter.matches(Json::parse(statement->text(1), nullptr, false)))
                continue;
            std::vector<float> row = valuesIn(statement->text(2));
            row.resize(query.size());
            prepare(metric, row.data(), row.size());
            hits.push_back({statement->integer(0), distanceOf(metric, query.data(), row.data(), row.size())});
        }
    }
    std::ranges::sort(hits, {}, &VectorMemory::Hit::distance);
    hits.resize(std::min<std::size_t>(hits.size(), topK));
    Matches matches;
    if (auto done = present(matches, hits, options, {}); !done)
        return std::unexpected(std::move(done.error()));
    return matches;
}

Result<void> VectorIndex::present(Matches &matches, std::span<const VectorMemory::Hit> hits, const QueryOptions &options, std::span<const MetadataIndex> indexes)
{
    const bool values = options.returnValues == ReturnValues::Yes;
    for (const VectorMemory::Hit &hit : hits) {
        auto statement = m_database->statement("SELECT id, namespace, iif(?2, metadata, indexed), iif(?3, vec, NULL) FROM vectors WHERE place = ?1");
        if (statement) {
            statement->bindInteger(1, hit.place);
            statement->bindInteger(2, options.returnMetadata == ReturnMetadata::All);
            statement->bindInteger(3, values);
        }
        auto stepped = run(statement);
        if (!stepped)
            return std::unexpected(std::move(stepped.error()));
        if (*stepped == Statement::Step::Done)
            continue; // removed in this moment
        Match &match = matches.matches.emplace_back();
        match.id = statement->text(0);
        match.score = scoreOf(m_stored.config.metric, hit.distance);
        if (!statement->isNull(1))
            match.nameSpace = statement->text(1);
        if (options.returnMetadata == ReturnMetadata::All && !statement->isNull(2))
            match.metadata = statement->text(2);
        else if (options.returnMetadata == ReturnMetadata::Indexed)
            match.metadata = indexedMetadata(statement->text(2), indexes);
        if (values)
            match.values = valuesIn(statement->text(3));
    }
    return {};
}

} // namespace cleat::bindings::vectorize
