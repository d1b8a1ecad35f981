// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/vectorize/vectorlist.h"
#include "ui/data/pagedmodel.h"

namespace cleat::ui {

/// The vectors of one index, in the order of their ids. GUI thread.
class VectorModel final : public PagedModel<data::vectorize::VectorRow, data::vectorize::Shown>
{
    Q_OBJECT
public:
    enum Column { Id, Namespace, Metadata, ColumnCount };

    /// `list` is used on the thread alone.
    VectorModel(session::DataThread &thread, const std::shared_ptr<data::vectorize::VectorList> &list, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

/// What a query found, the nearest first. GUI thread.
class MatchModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Score, Id, Namespace, Metadata, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;
    void setMatches(std::vector<data::vectorize::Match> matches);
    const std::vector<data::vectorize::Match> &matches() const { return m_matches; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<data::vectorize::Match> m_matches;
};

} // namespace cleat::ui
