// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/vectorize/projection.h"

#include "core/data/query.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

namespace cleat::data::vectorize {

using base::Result;
using bindings::vectorize::Metric;
using bindings::vectorize::Vector;

namespace {

constexpr int mostRounds = 80;
constexpr double closeEnough = 1e-5; // how far a direction moves in a round that is the last

using Direction = std::vector<double>;

/// Rows of a matrix, one a vector, with the mean taken away.
class Rows final
{
public:
    Rows(std::span<const Vector> vectors, Metric metric) : m_count(vectors.size()), m_width(vectors.empty() ? 0 : vectors.front().values.size()), m_values(m_count * m_width)
    {
        Direction mean(m_width);
        for (std::size_t i = 0; i < m_count; ++i) {
            double length = 0;
            for (std::size_t k = 0; k < m_width; ++k)
                length += static_cast<double>(vectors[i].values[k]) * vectors[i].values[k];
            const double scale = metric == Metric::Cosine && length > 0 ? 1 / std::sqrt(length) : 1;
            for (std::size_t k = 0; k < m_width; ++k) {
                const double value = vectors[i].values[k] * scale;
                m_values[i * m_width + k] = static_cast<float>(value);
                mean[k] += value / static_cast<double>(m_count);
            }
        }
        for (std::size_t i = 0; i < m_count; ++i) {
            for (std::size_t k = 0; k < m_width; ++k)
                m_values[i * m_width + k] -= static_cast<float>(mean[k]);
        }
    }

    std::size_t count() const { return m_count; }
    std::size_t width() const { return m_width; }
    double along(std::size_t row, const Direction &direction) const
    {
        const float *values = m_values.data() + row * m_width;
        double sum = 0;
        for (std::size_t k = 0; k < m_width; ++k)
            sum += values[k] * direction[k];
        return sum;
    }
    /// Adds the row, so many times.
    void addTo(Direction &direction, std::size_t row, double times) const
    {
        const float *values = m_values.data() + row * m_width;
        for (std::size_t k = 0; k < m_width; ++k)
            direction[k] += values[k] * times;
    }
    /// The sum of all squares.
    double variance() const
    {
        double sum = 0;
        for (const float value : m_values)
            sum += static_cast<double>(value) * value;
        return sum;
    }

private:
    const std::size_t m_count;
    const std::size_t m_width;
    std::vector<float> m_values;
};

double lengthOf(const Direction &direction)
{
    double sum = 0;
    for (const double value : direction)
        sum += value * value;
    return std::sqrt(sum);
}

void removeFrom(Direction &direction, const Direction &other)
{
    double dot = 0;
    for (std::size_t k = 0; k < direction.size(); ++k)
        dot += direction[k] * other[k];
    for (std::size_t k = 0; k < direction.size(); ++k)
        direction[k] -= dot * other[k];
}

/// Whether there was a length to make 1.
bool normalize(Direction &direction)
{
    const double length = lengthOf(direction);
    if (!(length > 1e-12))
        return false;
    for (double &value : direction)
        value /= length;
    return true;
}

/// The direction in which the rows differ most, apart from `known`, by power iteration; all zero: they do not differ. Gives the variance along it.
Result<double> component(const Rows &rows, const Direction *known, Direction &found, const Control &control)
{
    // Begins from numbers that look random, which no data lies across.
    std::uint32_t noise = 0x9e3779b9U;
    found.assign(rows.width(), 0);
    for (double &value : found) {
        noise = noise * 1664525U + 1013904223U;
        value = static_cast<double>(noise >> 8) / (1U << 24) - 0.5;
    }
    double variance = 0;
    for (int round = 0; round < mostRounds; ++round) {
        if (auto go = proceed(control.stop); !go)
            return std::unexpected(std::move(go.error()));
        if (known)
            removeFrom(found, *known);
        if (!normalize(found))
            break;
        Direction next(rows.width(), 0);
        variance = 0;
        for (std::size_t i = 0; i < rows.count(); ++i) {
            const double along = rows.along(i, found);
            variance += along * along;
            rows.addTo(next, i, along);
        }
        if (known)
            removeFrom(next, *known);
        if (!normalize(next)) {
            variance = 0;
            break;
        }
        double moved = 0;
        for (std::size_t k = 0; k < next.size(); ++k)
            moved += (next[k] - found[k]) * (next[k] - found[k]);
        found = std::move(next);
        if (std::sqrt(moved) < closeEnough)
            break;
    }
    if (variance == 0) {
        found.assign(rows.width(), 0);
        return 0.0;
    }
    // Of the two directions the one whose largest part is positive.
    const auto largest = std::ranges::max_element(found, {}, [](double value) { return std::abs(value); });
    if (largest != found.end() && *largest < 0) {
        for (double &value : found)
            value = -value;
    }
    return variance;
}

} // namespace

Result<Projection> project(std::span<const Vector> vectors, Metric metric, const Control &control)
{
    Projection projection;
    const Rows rows(vectors, metric);
    Direction first;
    Direction second;
    const auto alongFirst = component(rows, nullptr, first, control);
    if (!alongFirst)
        return std::unexpected(alongFirst.error());
    const auto alongSecond = component(rows, &first, second, control);
    if (!alongSecond)
        return std::unexpected(alongSecond.error());
    const double all = rows.variance();
    projection.share = all > 0 ? std::min(1.0, (*alongFirst + *alongSecond) / all) : 0;
    projection.spots.reserve(vectors.size());
    for (std::size_t i = 0; i < vectors.size(); ++i)
        projection.spots.push_back({vectors[i].id, vectors[i].nameSpace, rows.along(i, first), rows.along(i, second)});
    return projection;
}

} // namespace cleat::data::vectorize
