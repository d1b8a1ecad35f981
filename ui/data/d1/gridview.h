// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/rowview.h"

#include <vector>

namespace cleat::ui {

/// The grid of rows: cells are selected and edited, Enter begins an edit.
class GridView final : public RowView
{
    Q_OBJECT
public:
    explicit GridView(QWidget *parent = nullptr);
    /// Makes it the current cell and the whole selection, whatever keys are held.
    void goTo(const QModelIndex &index);
    bool isEditing() const { return state() == EditingState; }
    /// The rows of the selection (of the current cell where there is none), in order, each once.
    std::vector<int> selectedRows() const;
    std::vector<int> selectedColumns() const;
    /// The cells of the selection, which must not be large: see selectedRowCount().
    QModelIndexList selectedCells() const;
    /// How many rows the selection has at most, without looking at each.
    qint64 selectedRowCount() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace cleat::ui
