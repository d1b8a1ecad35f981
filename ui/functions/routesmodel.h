// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/routetable.h"

#include <QAbstractTableModel>

#include <memory>

namespace cleat::ui {

class RouteTraffic;

/// The routes of the last good build, in the order in which they are tried, with what came to each so far. GUI thread.
class RoutesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Order, Method, Path, File, Middlewares, Hits, Errors, Median, Slow, ColumnCount };
    /// `traffic` has to live longer.
    explicit RoutesModel(const RouteTraffic &traffic, QObject *parent = nullptr);

    /// nullptr: none.
    void setRoutes(std::shared_ptr<const session::RouteTable> routes);
    const session::RouteTable *routes() const { return m_routes.get(); }
    const session::RouteRow &row(int row) const { return m_routes->rows()[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    const RouteTraffic &m_traffic;
    std::shared_ptr<const session::RouteTable> m_routes;
};

} // namespace cleat::ui
