// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"
#include "core/session/routetable.h"
#include "ui/functions/trafficcount.h"

#include <QAbstractTableModel>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>

namespace cleat::ui {

/// The routes of the last good build, in the order in which they are tried, with what came to each so far. GUI thread.
class RoutesModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Order, Method, Path, File, Middlewares, Hits, Errors, Median, Slow, ColumnCount };
    explicit RoutesModel(QObject *parent = nullptr);

    /// nullptr: none. What was counted stays with its function.
    void setRoutes(std::shared_ptr<const session::RouteTable> routes);
    const session::RouteTable *routes() const { return m_routes.get(); }
    const session::RouteRow &row(int row) const { return m_routes->rows()[static_cast<std::size_t>(row)]; }
    /// Counts the requests that these events tell the end of.
    void take(std::span<const std::shared_ptr<const events::Batch>> batches);
    void clearCounts();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    const TrafficCount *count(int row) const;
    int rowOf(const std::string &handler, const std::string &method);

    std::shared_ptr<const session::RouteTable> m_routes;
    std::map<std::pair<std::string, std::string>, TrafficCount> m_counts; ///< file, export
    std::unordered_map<std::string, int> m_rows; ///< of "METHOD file", as they are asked for
};

} // namespace cleat::ui
