// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/analytics/query.h"

#include <QPointF>
#include <QString>
#include <QStringList>

#include <vector>

/// What a chart of a result shows. Any thread.
namespace cleat::ui {

enum class ChartKind { Lines, Bars };

struct ChartSeries {
    QString name;
    /// x: milliseconds since 1970 of the wall clock that the column shows, taken as local time; or a number; or the number of a category.
    std::vector<QPointF> points;
};

struct ChartData {
    enum class Across { Time, Number, Category };
    Across across = Across::Category;
    QString acrossTitle;
    QStringList categories; ///< of Category
    std::vector<ChartSeries> series;
    QString note; ///< what is left out; may be empty
    QString trouble; ///< why there is nothing to draw; else empty
};

inline constexpr std::size_t mostChartSeries = 12;
inline constexpr std::size_t mostChartBars = 60; ///< groups of bars
inline constexpr std::size_t mostChartPoints = 2000; ///< of a line

/// The first column lies across: a time, a number, or a text. Every other column of numbers is a series; where there are texts between them, each of those has series of its own. Bars
/// stand on categories, whatever the first column is. Of very many points a line keeps the lowest and the highest ones.
ChartData chartData(const data::analytics::Answer &answer, ChartKind kind);

} // namespace cleat::ui
