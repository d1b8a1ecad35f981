// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorindex.h"

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/bindings/vectorize/vectorrows.h"
#include "core/storage/transaction.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace cleat::bindings::vectorize {

using base::Json;
using base::Result;
using storage::Database;
using storage::Statement;
using storage::Transaction;

namespace {

// How many removals are remembered: who has not looked for longer reads everything again.
constexpr std::int64_t removalsKept = 100'000;

} // namespace

VectorIndex::VectorIndex(std::filesystem::path state, std::string name, std::chrono::milliseconds busyTimeout)
    : m_state(std::move(state)),
      m_name(std::move(name)),
      m_busyTimeout(busyTimeout)
{}

VectorIndex::~VectorIndex() = default;

Result<Database *> VectorIndex::open()
{
    if (m_database && m_database->moved()) {
        m_database.reset();
        m_memory.reset();
    }
    if (m_database)
        return m_database.get();
    if (auto fine = checkName(m_name); !fine)
        return std::unexpected(std::move(fine.error()));
    auto opened = Database::open(indexFile(m_state, m_name), Database::Mode::Existing, m_busyTimeout);
    if (!opened)
        return std::unexpected(opened.error().code == "storage.missing" ? missingIndex(m_name) : std::move(opened.error()));
    auto stored = readConfig(**opened, m_name);
    if (!stored)
        return std::unexpected(std::move(stored.error()));
    m_stored = std::move(*stored);
    m_database = std::move(*opened);
    return m_database.get();
}

Result<IndexConfig> VectorIndex::config()
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    return m_stored.config;
}

Result<Description> VectorIndex::describe()
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    Description description;
    description.config = m_stored.config;
    description.incarnation = m_stored.incarnation;
    auto statement = (*database)->statement("SELECT (SELECT count(*) FROM vectors), modified_ms, mutation, mutation_ms FROM config");
    if (auto stepped = run(statement); !stepped)
        return std::unexpected(std::move(stepped.error()));
    description.vectors = static_cast<std::uint64_t>(statement->integer(0));
    description.config.modifiedMs = statement->integer(1);
    description.mutation = statement->text(2);
    description.mutationMs = statement->integer(3);
    return description;
}

// ---- changes

Result<Mutation> VectorIndex::commitMutation(Transaction &transaction, std::vector<std::string> ids)
{
    Mutation mutation{newUuid(), std::move(ids)};
    {
        auto statement = m_database->statement("UPDATE config SET mutation = ?1, mutation_ms = ?2, modified_ms = ?2");
        if (statement) {
            statement->bindText(1, mutation.id);
            statement->bindInteger(2, base::wallMs());
        }
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
    }
    {
        auto statement = m_database->statement("DELETE FROM removed WHERE number <= (SELECT max(number) FROM removed) - ?1");
        if (statement)
            statement->bindInteger(1, removalsKept);
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
    }
    if (auto done = transaction.commit(); !done)
        return std::unexpected(std::move(done.error()));
    return mutation;
}

/// Whether it was there.
Result<bool> VectorIndex::erase(std::string_view id)
{
    std::int64_t place = 0;
    {
        auto statement = m_database->statement("DELETE FROM vectors WHERE id = ?1 RETURNING place");
        if (statement)
            statement->bindText(1, id);
        auto stepped = run(statement);
        if (!stepped)
            return std::unexpected(std::move(stepped.error()));
        if (*stepped == Statement::Step::Done)
            return false;
        place = statement->integer(0);
    }
    auto statement = m_database->statement("INSERT INTO removed (place) VALUES (?1)");
    if (statement)
        statement->bindInteger(1, place);
    if (auto stepped = run(statement); !stepped)
        return std::unexpected(std::move(stepped.error()));
    return true;
}

/// Whether it was written.
Result<bool> VectorIndex::place(const Vector &vector, Write kind, std::span<const MetadataIndex> indexes)
{
    if (kind == Write::Upsert) {
        if (auto erased = erase(vector.id); !erased)
            return std::unexpected(std::move(erased.error()));
    }
    const std::string indexed = vector.metadata ? indexedText(*vector.metadata, indexes) : std::string();
    auto statement = m_database->statement(
        "INSERT INTO vectors (id, namespace, metadata, indexed, vec) VALUES (?1, ?2, ?3, ?4, CAST(?5 AS BLOB)) ON CONFLICT (id) DO NOTHING RETURNING place");
    if (statement) {
        statement->bindText(1, vector.id);
        if (vector.nameSpace)
            statement->bindText(2, *vector.nameSpace);
        if (vector.metadata)
            statement->bindText(3, *vector.metadata);
        if (!indexed.empty())
            statement->bindText(4, indexed);
        statement->bindText(5, bytesOf(vector.values));
    }
    auto stepped = run(statement);
    if (!stepped)
        return std::unexpected(std::move(stepped.error()));
    return *stepped == Statement::Step::Row;
}

Result<Mutation> VectorIndex::write(Write kind, std::span<const Vector> vectors, std::size_t mostVectors)
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (auto fine = checkVectors(kind, vectors, m_stored.config.dimensions, mostVectors); !fine)
        return std::unexpected(std::move(fine.error()));
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    auto indexes = readMetadataIndexes();
    if (!indexes)
        return std::unexpected(std::move(indexes.error()));
    std::vector<std::string> ids;
    for (const Vector &vector : vectors) {
        auto placed = place(vector, kind, *indexes);
        if (!placed)
            return std::unexpected(std::move(placed.error()));
        if (*placed)
            ids.push_back(vector.id);
        else if (m_stored.config.version == Version::V1)
            return base::fail("vectorize.input", "a vector with id=\"" + vector.id + "\" exists already; upsert replaces it");
    }
    auto mutation = commitMutation(*transaction, std::move(ids));
    // What is in memory already follows at once, so that its graph grows while vectors come.
    if (mutation && m_memory) {
        if (auto followed = refresh(); !followed)
            return std::unexpected(std::move(followed.error()));
    }
    return mutation;
}

Result<Mutation> VectorIndex::insert(std::span<const Vector> vectors, std::size_t mostVectors)
{
    return write(Write::Insert, vectors, mostVectors);
}

Result<Mutation> VectorIndex::upsert(std::span<const Vector> vectors, std::size_t mostVectors)
{
    return write(Write::Upsert, vectors, mostVectors);
}

Result<Mutation> VectorIndex::deleteByIds(std::span<const std::string> ids, std::size_t mostIds)
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (auto fine = checkIds(ids, mostIds); !fine)
        return std::unexpected(std::move(fine.error()));
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    std::vector<std::string> gone;
    for (const std::string &id : ids) {
        auto erased = erase(id);
        if (!erased)
            return std::unexpected(std::move(erased.error()));
        if (*erased)
            gone.push_back(id);
    }
    return commitMutation(*transaction, std::move(gone));
}

// ---- metadata indexes

Result<std::vector<MetadataIndex>> VectorIndex::readMetadataIndexes()
{
    std::vector<MetadataIndex> found;
    auto statement = m_database->statement("SELECT number, property, type FROM metadata_indexes ORDER BY number");
    for (;;) {
        auto stepped = run(statement);
        if (!stepped)
            return std::unexpected(std::move(stepped.error()));
        if (*stepped == Statement::Step::Done)
            return found;
        found.push_back({statement->integer(0), std::string(statement->text(1)), propertyTypeNamed(statement->text(2)).value_or(PropertyType::String)});
    }
}

Result<std::vector<MetadataIndex>> VectorIndex::metadataIndexes()
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    return readMetadataIndexes();
}

Result<Mutation> VectorIndex::createMetadataIndex(const std::string &property, PropertyType type)
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (auto fine = checkProperty(property); !fine)
        return std::unexpected(std::move(fine.error()));
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    auto there = readMetadataIndexes();
    if (!there)
        return std::unexpected(std::move(there.error()));
    if (std::ranges::find(*there, property, &MetadataIndex::property) != there->end())
        return base::fail("vectorize.property", "There is a metadata index for \"" + property + "\" already.");
    if (there->size() == maxMetadataIndexes)
        return base::fail("vectorize.property", "A Vectorize index has " + std::to_string(maxMetadataIndexes) + " metadata indexes at most. Delete one first.");
    {
        auto statement = m_database->statement("INSERT INTO metadata_indexes (property, type) VALUES (?1, ?2)");
        if (statement) {
            statement->bindText(1, property);
            statement->bindText(2, propertyTypeName(type));
        }
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
    }
    return commitMutation(*transaction, {});
}

Result<Mutation> VectorIndex::deleteMetadataIndex(const std::string &property)
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    {
        auto statement = m_database->statement("DELETE FROM metadata_indexes WHERE property = ?1 RETURNING number");
        if (statement)
            statement->bindText(1, property);
        auto stepped = run(statement);
        if (!stepped)
            return std::unexpected(std::move(stepped.error()));
        if (*stepped == Statement::Step::Done)
            return base::fail("vectorize.property", "There is no metadata index for \"" + property + "\".");
    }
    return commitMutation(*transaction, {});
}

// ---- by id

Result<std::optional<Vector>> VectorIndex::read(std::string_view id)
{
    auto statement = m_database->statement("SELECT id, namespace, metadata, vec FROM vectors WHERE id = ?1");
    if (statement)
        statement->bindText(1, id);
    auto stepped = run(statement);
    if (!stepped)
        return std::unexpected(std::move(stepped.error()));
    if (*stepped == Statement::Step::Done)
        return std::nullopt;
    Vector vector{std::string(statement->text(0)), valuesIn(statement->text(3)), {}, {}};
    if (!statement->isNull(1))
        vector.nameSpace = statement->text(1);
    if (!statement->isNull(2))
        vector.metadata = statement->text(2);
    return vector;
}

Result<std::vector<Vector>> VectorIndex::getByIds(std::span<const std::string> ids, std::size_t mostIds)
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (auto fine = checkIds(ids, mostIds); !fine)
        return std::unexpected(std::move(fine.error()));
    std::vector<Vector> found;
    for (const std::string &id : ids) {
        auto vector = read(id);
        if (!vector)
            return std::unexpected(std::move(vector.error()));
        if (*vector)
            found.push_back(std::move(**vector));
    }
    return found;
}

Result<VectorIndex::Page> VectorIndex::list(std::size_t most, std::int64_t behind)
{
    auto database = open();
    if (!database)
        return std::unexpected(std::move(database.error()));
    Page page;
    {
        auto statement = (*database)->statement("SELECT count(*) FROM vectors");
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
        page.total = static_cast<std::uint64_t>(statement->integer(0));
    }
    auto statement = (*database)->statement("SELECT id, place FROM vectors WHERE place > ?1 ORDER BY place LIMIT ?2");
    if (statement) {
        statement->bindInteger(1, behind);
        statement->bindInteger(2, static_cast<std::int64_t>(most) + 1);
    }
    for (std::int64_t last = behind;; last = statement->integer(1)) {
        auto stepped = run(statement);
        if (!stepped)
            return std::unexpected(std::move(stepped.error()));
        if (*stepped == Statement::Step::Done)
            return page;
        if (page.ids.size() == most) {
            page.next = last;
            return page;
        }
        page.ids.emplace_back(statement->text(0));
    }
}

std::optional<VectorMemory::Progress> VectorIndex::progress() const
{
    return m_memory ? std::optional(m_memory->progress()) : std::nullopt;
}

} // namespace cleat::bindings::vectorize
