// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/analytics/chartdata.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHash>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::analytics::Answer;
using data::analytics::Cell;
using data::analytics::Type;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::ChartData)
};

std::optional<double> numberOf(const Cell &cell, const Type &type)
{
    if (const auto *value = std::get_if<double>(&cell))
        return std::isfinite(*value) ? std::optional(*value) : std::nullopt;
    if (const auto *value = std::get_if<std::int64_t>(&cell))
        return type.kind == Type::Kind::Integer && !type.isSigned ? static_cast<double>(static_cast<std::uint64_t>(*value)) : static_cast<double>(*value);
    return std::nullopt;
}

/// The wall clock that the column shows, whatever its zone is: an axis of times shows local ones.
std::optional<double> momentOf(const Cell &cell, const Type &type)
{
    if (!std::holds_alternative<std::int64_t>(cell))
        return std::nullopt;
    const QString text = QString::fromStdString(data::analytics::shown(cell, type));
    const QDateTime moment = type.kind == Type::Kind::Date ? QDate::fromString(text, Qt::ISODate).startOfDay() : QDateTime::fromString(QString(text).replace(u' ', u'T'), Qt::ISODate);
    return moment.isValid() ? std::optional(static_cast<double>(moment.toMSecsSinceEpoch())) : std::nullopt;
}

/// Which columns lie across, count, and name.
struct Plan {
    ChartData::Across across = ChartData::Across::Category;
    bool rowNumbers = false; ///< there is one column only: its rows lie across
    std::vector<std::size_t> numbers;
    std::vector<std::size_t> names;
};

Plan planOf(const Answer &answer, ChartKind kind)
{
    Plan plan;
    const auto &columns = answer.columns;
    for (std::size_t i = 1; i < columns.size(); ++i) {
        if (columns[i].type.isNumber())
            plan.numbers.push_back(i);
        else if (columns[i].type.kind == Type::Kind::String)
            plan.names.push_back(i);
    }
    if (columns.empty())
        return plan;
    if (plan.numbers.empty() && columns[0].type.isNumber()) {
        plan.rowNumbers = true;
        plan.numbers.push_back(0);
        plan.names.clear();
        plan.across = kind == ChartKind::Bars ? ChartData::Across::Category : ChartData::Across::Number;
    } else if (kind == ChartKind::Lines) {
        plan.across = columns[0].type.isTime() ? ChartData::Across::Time : columns[0].type.isNumber() ? ChartData::Across::Number : ChartData::Across::Category;
    }
    return plan;
}

/// The lowest and the highest of each stretch, so that no peak goes missing.
void thin(std::vector<QPointF> &points)
{
    if (points.size() <= mostChartPoints)
        return;
    const std::size_t stretches = mostChartPoints / 2;
    std::vector<QPointF> kept;
    kept.reserve(mostChartPoints);
    const auto lower = [](const QPointF &a, const QPointF &b) { return a.y() < b.y(); };
    for (std::size_t i = 0; i < stretches; ++i) {
        const auto begin = points.begin() + static_cast<std::ptrdiff_t>(i * points.size() / stretches);
        const auto end = points.begin() + static_cast<std::ptrdiff_t>((i + 1) * points.size() / stretches);
        const auto [least, most] = std::minmax_element(begin, end, lower);
        kept.push_back(*std::min(least, most));
        if (least != most)
            kept.push_back(*std::max(least, most));
    }
    points = std::move(kept);
}

void addNote(QString &note, const QString &text)
{
    note += (note.isEmpty() ? QString() : u" "_s) + text;
}

/// The series that amount to most; their order stays.
void dropSmall(ChartData &data)
{
    if (data.series.size() <= mostChartSeries)
        return;
    const auto weight = [](const ChartSeries &one) {
        return std::accumulate(one.points.begin(), one.points.end(), 0.0, [](double sum, const QPointF &point) { return sum + std::abs(point.y()); });
    };
    std::vector<double> weights;
    for (const ChartSeries &one : data.series)
        weights.push_back(weight(one));
    std::vector<double> sorted = weights;
    std::ranges::nth_element(sorted, sorted.begin() + mostChartSeries - 1, std::greater());
    const double least = sorted[mostChartSeries - 1];
    addNote(data.note, Words::tr("The %1 largest of %L2 series are shown.").arg(mostChartSeries).arg(data.series.size()));
    std::vector<ChartSeries> kept;
    for (std::size_t i = 0; i < data.series.size() && kept.size() < mostChartSeries; ++i) {
        if (weights[i] >= least)
            kept.push_back(std::move(data.series[i]));
    }
    data.series = std::move(kept);
}

} // namespace

ChartData chartData(const Answer &answer, ChartKind kind)
{
    ChartData data;
    const Plan plan = planOf(answer, kind);
    data.across = plan.across;
    if (plan.numbers.empty()) {
        data.trouble = Words::tr("A chart needs a column of numbers: the first column lies across, the others are drawn.");
        return data;
    }
    if (answer.rows.empty()) {
        data.trouble = Words::tr("No rows.");
        return data;
    }
    const Type &first = answer.columns[0].type;
    data.acrossTitle = plan.rowNumbers ? Words::tr("row") : fromUtf8(answer.columns[0].name);
    QHash<QString, qsizetype> categories;
    QHash<QString, std::size_t> seriesOf;
    std::size_t left = 0; // rows whose category has no room
    for (std::size_t number = 0; number < answer.rows.size(); ++number) {
        const auto &row = answer.rows[number];
        std::optional<double> x = static_cast<double>(number + 1);
        if (plan.across == ChartData::Across::Time) {
            x = momentOf(row[0], first);
        } else if (plan.across == ChartData::Across::Category) {
            const QString text = plan.rowNumbers ? QString::number(number + 1) : fromUtf8(data::analytics::shown(row[0], first));
            // Rows with the same text are one category only where names tell their series apart.
            const auto known = plan.names.empty() ? categories.constEnd() : categories.constFind(text);
            const qsizetype place = known == categories.constEnd() ? data.categories.size() : *known;
            if (kind == ChartKind::Bars && static_cast<std::size_t>(place) >= mostChartBars) {
                ++left;
                continue;
            }
            if (place == data.categories.size()) {
                data.categories << oneLine(text, 60);
                categories.insert(text, place);
            }
            x = static_cast<double>(place);
        } else if (!plan.rowNumbers) {
            x = numberOf(row[0], first);
        }
        if (!x)
            continue;
        QStringList names;
        for (const std::size_t column : plan.names)
            names << oneLine(fromUtf8(data::analytics::shown(row[column], answer.columns[column].type)), 60);
        for (const std::size_t column : plan.numbers) {
            const auto y = numberOf(row[column], answer.columns[column].type);
            if (!y)
                continue;
            QStringList parts = names;
            if (plan.names.empty() || plan.numbers.size() > 1)
                parts << fromUtf8(answer.columns[column].name);
            const QString name = parts.join(u" · "_s);
            const auto [place, isNew] = [&] {
                const auto found = seriesOf.constFind(name + QChar(0) + QString::number(column));
                if (found != seriesOf.constEnd())
                    return std::pair(*found, false);
                seriesOf.insert(name + QChar(0) + QString::number(column), data.series.size());
                return std::pair(data.series.size(), true);
            }();
            if (isNew)
                data.series.push_back({name, {}});
            data.series[place].points.emplace_back(*x, *y);
        }
    }
    if (left > 0)
        addNote(data.note, Words::tr("The first %1 groups are shown; %L2 rows are not.").arg(mostChartBars).arg(left));
    dropSmall(data);
    if (data.series.empty()) {
        data.trouble = Words::tr("None of the rows has a number that could be drawn.");
        return data;
    }
    for (ChartSeries &series : data.series) {
        if (kind == ChartKind::Bars)
            continue;
        std::ranges::stable_sort(series.points, {}, &QPointF::x);
        thin(series.points);
    }
    return data;
}

} // namespace cleat::ui
