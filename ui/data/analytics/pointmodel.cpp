// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/analytics/pointmodel.h"

#include "ui/data/d1/cellvalue.h"
#include "ui/data/expirytext.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QDateTime>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPalette>

#include <cmath>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::analytics::Point;
using data::analytics::PointList;

namespace {

bool isDouble(int column)
{
    return column >= PointModel::FirstDouble && column < PointModel::Sampled;
}

QString numberText(std::optional<double> value)
{
    return value ? QString::number(*value, 'g', QLocale::FloatingPointShortest) : u"NaN"_s;
}

QString textOf(const Point &point, int column)
{
    if (column == PointModel::Time)
        return QDateTime::fromMSecsSinceEpoch(point.timeMs).toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s);
    if (column == PointModel::Index)
        return fromUtf8(point.index);
    if (column == PointModel::Sampled)
        return QString::number(point.sampleInterval);
    if (isDouble(column)) {
        const auto i = static_cast<std::size_t>(column - PointModel::FirstDouble);
        return i < point.doubles.size() ? numberText(point.doubles[i]) : u"0"_s;
    }
    const auto i = static_cast<std::size_t>(column - PointModel::FirstBlob);
    return i < point.blobs.size() ? fromUtf8(point.blobs[i]) : QString();
}

} // namespace

QString pointJson(const Point &point)
{
    QJsonArray blobs;
    for (const std::string &blob : point.blobs)
        blobs << fromUtf8(blob);
    QJsonArray doubles;
    for (const auto &value : point.doubles)
        doubles << (value && std::isfinite(*value) ? QJsonValue(*value) : QJsonValue());
    const QJsonObject object{{u"timestamp"_s, QDateTime::fromMSecsSinceEpoch(point.timeMs, Qt::UTC).toString(Qt::ISODateWithMs)}, {u"indexes"_s, QJsonArray{fromUtf8(point.index)}},
        {u"blobs"_s, blobs}, {u"doubles"_s, doubles}};
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

PointModel::PointModel(session::DataThread &thread, const std::shared_ptr<PointList> &list, QObject *parent)
    : PagedModel(thread,
        {[list](AllPoints, std::stop_token) -> base::Result<std::uint64_t> { return list->count(); },
            [list](AllPoints, std::uint64_t first, std::size_t count, std::stop_token) { return list->rows(first, count); },
            [](const Point &a, const Point &b) { return a.place == b.place; }},
        parent)
{
}

int PointModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PointModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const int column = index.column();
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (isDouble(column) || column == Sampled ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::FontRole)
        return column == Time ? QVariant() : QVariant(monospaceFont());
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::BackgroundRole)
        return {};
    if (role == Qt::BackgroundRole)
        return isMarked(index.row()) ? QVariant(colors(QGuiApplication::palette()).addedBack) : QVariant();
    const Point *point = row(index.row());
    if (!point)
        return {};
    const QString text = textOf(*point, column);
    if (role == Qt::DisplayRole)
        return column == Time ? text : oneLine(text, 200);
    if (column == Time)
        return relativeTime(point->timeMs);
    return text.size() > 20 ? valueTip(text) : QString();
}

QVariant PointModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (isDouble(section) || section == Sampled ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole && section == Sampled)
        return tr("How many points each stands for");
    if (role != Qt::DisplayRole)
        return {};
    // As SQL calls them.
    if (section == Time)
        return u"timestamp"_s;
    if (section == Index)
        return u"index1"_s;
    if (section == Sampled)
        return u"_sample_interval"_s;
    return isDouble(section) ? u"double%1"_s.arg(section - FirstDouble + 1) : u"blob%1"_s.arg(section - FirstBlob + 1);
}

} // namespace cleat::ui
