// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/vectorize/vectorlist.h"

#include "core/base/json.h"
#include "core/bindings/vectorize/vectorindexes.h"
#include "core/bindings/vectorize/vectorrows.h"
#include "core/data/query.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace cleat::data::vectorize {

using base::Json;
using base::Result;
using storage::Statement;

namespace {

/// Behind every id that begins with the prefix: no character is greater than the last one.
std::string endOf(const std::string &prefix)
{
    return prefix + "\xf4\x8f\xbf\xbf";
}

} // namespace

VectorList::VectorList(const std::filesystem::path &state, const std::string &name) : m_file(bindings::vectorize::indexFile(state, name), "vectors"), m_index(state, name) {}

Result<VectorList::Look> VectorList::look()
{
    const auto changed = m_file.changed();
    if (!changed)
        return std::unexpected(changed.error());
    Look look;
    look.changed = *changed;
    auto description = m_index.describe();
    if (!description) {
        if (description.error().code == "vectorize.missing")
            return look;
        return std::unexpected(std::move(description.error()));
    }
    look.index = std::move(*description);
    auto indexes = m_index.metadataIndexes();
    if (!indexes)
        return std::unexpected(std::move(indexes.error()));
    look.metadataIndexes = std::move(*indexes);
    return look;
}

Result<std::uint64_t> VectorList::count(const Shown &shown)
{
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return 0;
    std::uint64_t found = 0;
    const std::string end = endOf(shown.prefix);
    auto done = query(
        (*reading)->database(), "SELECT count(*) FROM vectors WHERE id >= ?1 AND id < ?2",
        [&](Statement &statement) {
            statement.bindText(1, shown.prefix);
            statement.bindText(2, end);
        },
        [&](const Statement &row) { found = static_cast<std::uint64_t>(row.integer(0)); });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

Result<std::vector<VectorRow>> VectorList::rows(const Shown &shown, std::uint64_t first, std::size_t count)
{
    std::vector<VectorRow> rows;
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return rows;
    const std::string end = endOf(shown.prefix);
    // Which rows those are is told by the index of the ids alone; the vectors themselves are large.
    auto done = query(
        (*reading)->database(),
        "SELECT id, namespace, substr(metadata, 1, ?5), length(CAST(metadata AS BLOB)) FROM (SELECT place AS found FROM vectors WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3 OFFSET ?4)"
        " JOIN vectors ON place = found ORDER BY id",
        [&](Statement &statement) {
            statement.bindText(1, shown.prefix);
            statement.bindText(2, end);
            statement.bindInteger(3, static_cast<std::int64_t>(count));
            statement.bindInteger(4, static_cast<std::int64_t>(first));
            statement.bindInteger(5, static_cast<std::int64_t>(shownMetadataBytes));
        },
        [&](const Statement &row) {
            VectorRow &made = rows.emplace_back();
            made.id = row.text(0);
            if (!row.isNull(1))
                made.nameSpace = row.text(1);
            if (!row.isNull(2))
                made.metadata = row.text(2);
            made.metadataBytes = static_cast<std::uint64_t>(row.integer(3));
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return rows;
}

Result<std::optional<Vector>> VectorList::vector(const std::string &id)
{
    auto found = m_index.getByIds(std::array{id});
    if (!found)
        return std::unexpected(std::move(found.error()));
    return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::uint64_t> VectorList::remove(std::span<const std::string> ids, const Control &control)
{
    constexpr std::size_t atOnce = 5000; // of one transaction
    std::uint64_t gone = 0;
    for (std::size_t at = 0; at < ids.size(); at += atOnce) {
        if (auto go = proceed(control.stop); !go)
            return std::unexpected(std::move(go.error()));
        if (control.progress)
            control.progress({at, ids.size(), {}});
        auto mutation = m_index.deleteByIds(ids.subspan(at, std::min(atOnce, ids.size() - at)), atOnce);
        if (!mutation)
            return std::unexpected(std::move(mutation.error()));
        gone += mutation->ids.size();
    }
    return gone;
}

Result<std::vector<Vector>> VectorList::sample(std::size_t most, const Control &control)
{
    std::vector<Vector> found;
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return found;
    storage::Database &database = (*reading)->database();
    std::vector<std::int64_t> places;
    if (auto done = query(database, "SELECT place FROM vectors ORDER BY id", noParameters, [&](const Statement &row) { places.push_back(row.integer(0)); }); !done)
        return std::unexpected(std::move(done.error()));
    const std::size_t wanted = std::min(most, places.size());
    found.reserve(wanted);
    for (std::size_t i = 0; i < wanted; ++i) {
        if (auto go = proceed(control.stop); !go)
            return std::unexpected(std::move(go.error()));
        auto done = query(
            database, "SELECT id, namespace, metadata, vec FROM vectors WHERE place = ?1", [&](Statement &statement) { statement.bindInteger(1, places[i * places.size() / wanted]); },
            [&](const Statement &row) {
                Vector &vector = found.emplace_back();
                vector.id = row.text(0);
                if (!row.isNull(1))
                    vector.nameSpace = row.text(1);
                if (!row.isNull(2))
                    vector.metadata = row.text(2);
                vector.values = bindings::vectorize::valuesIn(row.text(3));
            });
        if (!done)
            return std::unexpected(std::move(done.error()));
        if (!found.empty() && found.back().values.size() != found.front().values.size())
            return base::fail("vectorize.damaged", m_file.file().string() + " has vectors of different lengths.", {m_file.file().string()});
    }
    return found;
}

Result<IndexConfig> createIndex(const std::filesystem::path &state, const std::string &name, std::uint32_t dimensions, Metric metric)
{
    IndexConfig config;
    config.name = name;
    config.dimensions = dimensions;
    config.metric = metric;
    return bindings::vectorize::createIndex(state, std::move(config));
}

Result<void> deleteIndex(const std::filesystem::path &state, const std::string &name)
{
    return bindings::vectorize::deleteIndex(state, name);
}

Result<std::vector<float>> numbersOf(std::string_view json)
{
    const Json list = Json::parse(json, nullptr, false);
    if (!list.is_array())
        return base::fail("data.format", "A vector is a JSON list of numbers: [0.12, -0.5, 1].");
    std::vector<float> values;
    values.reserve(list.size());
    for (const Json &value : list) {
        if (!value.is_number())
            return base::fail("data.format", "Value " + std::to_string(values.size() + 1) + " of the list is not a number: " + value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 40));
        values.push_back(static_cast<float>(value.get<double>()));
        if (!std::isfinite(values.back()))
            return base::fail("data.format", "Value " + std::to_string(values.size()) + " of the list is too large for a vector.");
    }
    return values;
}

std::string numbersText(std::span<const float> values)
{
    std::string text = "[";
    for (const float value : values) {
        std::array<char, 32> digits{};
        const auto [end, ec] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
        text.append(text.size() > 1 ? ", " : "").append(digits.data(), end);
    }
    return text + ']';
}

} // namespace cleat::data::vectorize
