// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/requests/detail/spantree.h"

#include <QAbstractItemModel>

#include <optional>

namespace cleat::ui {

/// The spans of one request as a tree of two columns: what it is, and when. GUI thread.
class SpanModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { Name, Bar, ColumnCount };
    explicit SpanModel(QObject *parent = nullptr);

    /// False: they are what they were, and nothing was told to views. Else the model is reset.
    bool setCalls(std::vector<events::CallEvent> calls);
    const std::vector<events::CallEvent> &calls() const { return m_calls; }
    const SpanTree &tree() const { return m_tree; }

    /// nullptr for an index that is none.
    const events::CallEvent *call(const QModelIndex &index) const;
    const SpanTree::Node *node(const QModelIndex &index) const;
    /// The first column's cell of the event at that place.
    QModelIndex indexOf(std::size_t call) const;
    std::optional<std::uint64_t> key(const QModelIndex &index) const;
    /// Invalid: there is none.
    QModelIndex indexOfKey(std::uint64_t key) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    const std::vector<int> &children(const QModelIndex &parent) const;
    std::vector<events::CallEvent> m_calls;
    SpanTree m_tree;
};

} // namespace cleat::ui
