// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/functions/routesmodel.h"

#include "ui/functions/routetraffic.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QGuiApplication>
#include <QLocale>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::RouteHandler;
using session::RouteRow;

RoutesModel::RoutesModel(const RouteTraffic &traffic, QObject *parent) : QAbstractTableModel(parent), m_traffic(traffic)
{
    connect(&traffic, &RouteTraffic::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, Hits), index(rowCount() - 1, Slow));
    });
}

void RoutesModel::setRoutes(std::shared_ptr<const session::RouteTable> routes)
{
    if (routes == m_routes)
        return;
    beginResetModel();
    m_routes = std::move(routes);
    endResetModel();
}

int RoutesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_routes ? 0 : static_cast<int>(m_routes->rows().size());
}

int RoutesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RoutesModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const RouteRow &row = this->row(index.row());
    const bool middleware = row.kind == RouteRow::Kind::Middleware;
    const TrafficCount *counted = m_traffic.count(row.handler);
    if (role == Qt::TextAlignmentRole) {
        const bool number = index.column() == Order || index.column() >= Hits;
        return QVariant::fromValue(Qt::Alignment((number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    if (role == Qt::ForegroundRole) {
        const QPalette palette = QGuiApplication::palette();
        if (index.column() == Errors && counted && counted->errors() > 0)
            return toneColor(palette, Tone::Danger);
        return middleware || index.column() == Order ? QVariant(toneColor(palette, Tone::Muted)) : QVariant();
    }
    if (role == Qt::ToolTipRole && index.column() == Middlewares) {
        QStringList chain;
        for (const RouteHandler &handler : row.chain)
            chain << fromUtf8(handler.file) + u" ("_s + fromUtf8(handler.exportName) + u')';
        return chain.join(u'\n');
    }
    if (role != Qt::DisplayRole && !(role == Qt::ToolTipRole && (index.column() == Path || index.column() == File)))
        return {};
    switch (static_cast<Column>(index.column())) {
    case Order:
        return index.row() + 1;
    case Method:
        return row.method.empty() ? tr("any") : fromUtf8(row.method);
    case Path:
        return middleware ? tr("%1  (middleware)").arg(fromUtf8(row.path)) : fromUtf8(row.path);
    case File:
        return fromUtf8(row.handler.file);
    case Middlewares: {
        QStringList chain;
        for (const RouteHandler &handler : row.chain)
            chain << fromUtf8(handler.file).remove(0, 10);
        return chain.join(u" → "_s);
    }
    case Hits:
        return counted ? QLocale().toString(static_cast<qulonglong>(counted->requests())) : QString();
    case Errors:
        return counted && counted->errors() > 0 ? QLocale().toString(static_cast<qulonglong>(counted->errors())) : QString();
    case Median:
        return counted ? formatDuration(counted->percentileUs(0.5)) : QString();
    case Slow:
        return counted ? formatDuration(counted->percentileUs(0.95)) : QString();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant RoutesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((section == Order || section >= Hits ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole && section == Order)
        return tr("The order in which routes are tried: more segments first, then fixed names before parameters before the rest of a path, then a method before any");
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Order:
        return u"#"_s;
    case Method:
        return tr("Method");
    case Path:
        return tr("Path");
    case File:
        return tr("File");
    case Middlewares:
        return tr("Middlewares");
    case Hits:
        return tr("Hits");
    case Errors:
        return tr("Errors");
    case Median:
        return u"p50"_s;
    case Slow:
        return u"p95"_s;
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
