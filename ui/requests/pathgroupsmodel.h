// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "ui/requests/pooljob.h"
#include "ui/requests/rowsearch.h"

#include <QAbstractTableModel>
#include <QTimer>

#include <memory>
#include <vector>

namespace cleat::ui {

/// The requests of a recording that fit, one row for each method and path. Counted away from the GUI thread, again and again while it is active and more come. GUI thread.
class PathGroupsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    using Group = events::Recording::PathGroup;
    enum Column { Method, Path, Requests, Errors, P50, P95, P99, Total, Bytes, ColumnCount };

    explicit PathGroupsModel(std::shared_ptr<const events::Recording> recording, QObject *parent = nullptr);

    void setCriteria(const RowCriteria &criteria);
    enum class Activity { Idle, Active };
    void setActivity(Activity activity);
    /// Counts again when there is something new; soon, if it has just done so.
    void refresh();
    void sort(int column, Qt::SortOrder order) override;
    /// Whether what is shown is counted by the criteria of now.
    bool isCounted() const { return m_counted; }

    /// Borrowed until the event loop runs; nullptr when there is no such row.
    const Group *group(int row) const;
    int rowOf(const std::string &method, const std::string &path) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// Round a reset.
    void aboutToReplace();
    void replaced();

private:
    void count();
    void take(std::vector<Group> &&groups);

    const std::shared_ptr<const events::Recording> m_recording;
    RowCriteria m_criteria;
    Column m_sort = Requests;
    Qt::SortOrder m_order = Qt::DescendingOrder;
    Activity m_activity = Activity::Idle;
    bool m_counted = false;
    std::uint64_t m_revision = 0;
    std::vector<Group> m_groups;
    PoolJob m_job;
    QTimer m_rest;
};

} // namespace cleat::ui
