// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/pointlist.h"

#include "core/data/query.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace cleat::data::analytics {

using base::Result;
using storage::Statement;

namespace {

constexpr std::int64_t newest = 500; ///< points that tell which columns are in use

/// ", max(blob1), max(blob2)" and so on
std::string numbered(const std::string &before, std::size_t count, const std::string &behind)
{
    std::string sql;
    for (std::size_t i = 1; i <= count; ++i)
        sql += ", " + before + std::to_string(i) + behind;
    return sql;
}

std::optional<double> numberOf(const Statement &row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    const std::string_view text = row.text(column);
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

} // namespace

Result<PointList::Look> PointList::look(Newer newer)
{
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    std::int64_t first = 1;
    std::int64_t last = 0;
    Look look;
    if (*reading) {
        // No place is free between two others: only the oldest points are ever dropped.
        auto done = query((*reading)->database(), "SELECT (SELECT min(place) FROM points), (SELECT max(place) FROM points)", noParameters, [&](const Statement &row) {
            if (!row.isNull(0)) {
                first = row.integer(0);
                last = row.integer(1);
            }
        });
        if (!done)
            return std::unexpected(std::move(done.error()));
        if (auto read = readColumns((*reading)->database(), look); !read)
            return std::unexpected(std::move(read.error()));
    }
    const bool replaced = last < m_last || first < m_first;
    const std::int64_t shown = newer == Newer::Show || !m_looked || replaced ? last : m_last;
    look.changed = !m_looked || shown != m_last || first != m_first;
    m_first = first;
    m_last = shown;
    m_looked = true;
    look.shown = count();
    look.newer = static_cast<std::uint64_t>(last - m_last);
    return look;
}

Result<void> PointList::readColumns(storage::Database &database, Look &look)
{
    const std::string sql = "SELECT 0" + numbered("max(length(blob", blobColumns, "))") + numbered("max(double", doubleColumns, " IS NOT 0.0)")
        + " FROM (SELECT * FROM points ORDER BY place DESC LIMIT " + std::to_string(newest) + ')';
    return query(database, sql, noParameters, [&](const Statement &row) {
        for (std::size_t i = 0; i < blobColumns; ++i)
            look.blobs[i] = row.integer(static_cast<int>(1 + i)) > 0;
        for (std::size_t i = 0; i < doubleColumns; ++i)
            look.doubles[i] = row.integer(static_cast<int>(1 + blobColumns + i)) > 0;
    });
}

Result<std::vector<Point>> PointList::rows(std::uint64_t first, std::size_t count)
{
    std::vector<Point> rows;
    if (first >= this->count())
        return rows;
    auto reading = m_file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return rows;
    const std::string sql = "SELECT place, time_ms, sample_interval, index1" + numbered("substr(blob", blobColumns, ", 1, ?3)") + numbered("printf('%!.17g', double", doubleColumns, ")")
        + numbered("double", doubleColumns, " IS NULL") + " FROM points WHERE place <= ?1 ORDER BY place DESC LIMIT ?2";
    auto done = query(
        (*reading)->database(), sql,
        [&](Statement &statement) {
            statement.bindInteger(1, m_last - static_cast<std::int64_t>(first));
            statement.bindInteger(2, static_cast<std::int64_t>(count));
            statement.bindInteger(3, static_cast<std::int64_t>(shownBlobBytes));
        },
        [&](const Statement &row) {
            Point &point = rows.emplace_back();
            point.place = row.integer(0);
            point.timeMs = row.integer(1);
            point.sampleInterval = row.integer(2);
            point.index = row.text(3);
            for (std::size_t i = 0; i < blobColumns; ++i) {
                const std::string_view blob = row.text(static_cast<int>(4 + i));
                if (blob.empty())
                    continue;
                point.blobs.resize(i + 1);
                point.blobs[i] = blob;
            }
            for (std::size_t i = 0; i < doubleColumns; ++i) {
                const bool none = row.integer(static_cast<int>(4 + blobColumns + doubleColumns + i)) != 0;
                const auto value = none ? std::nullopt : numberOf(row, static_cast<int>(4 + blobColumns + i));
                if (value == 0.0)
                    continue;
                point.doubles.resize(i + 1, 0.0);
                point.doubles[i] = value;
            }
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return rows;
}

} // namespace cleat::data::analytics
