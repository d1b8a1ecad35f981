// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/gridview.h"

#include <QHeaderView>
#include <QKeyEvent>

#include <set>

namespace cleat::ui {

GridView::GridView(QWidget *parent) : RowView(parent)
{
    setSelectionBehavior(SelectItems);
    setEditTriggers(DoubleClicked | EditKeyPressed | AnyKeyPressed);
    setFrameShape(QFrame::NoFrame);
    setNumbers(Numbers::Shown);
    header()->setStretchLastSection(true);
}

void GridView::goTo(const QModelIndex &index)
{
    if (selectionModel() && index.isValid())
        selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
    scrollTo(index);
}

std::vector<int> GridView::selectedRows() const
{
    std::set<int> rows;
    if (!selectionModel())
        return {};
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.insert(row);
    }
    if (rows.empty() && currentIndex().isValid())
        rows.insert(currentIndex().row());
    return {rows.begin(), rows.end()};
}

std::vector<int> GridView::selectedColumns() const
{
    std::set<int> columns;
    if (!selectionModel())
        return {};
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int column = range.left(); column <= range.right(); ++column)
            columns.insert(column);
    }
    if (columns.empty() && currentIndex().isValid())
        columns.insert(currentIndex().column());
    return {columns.begin(), columns.end()};
}

QModelIndexList GridView::selectedCells() const
{
    QModelIndexList cells = selectionModel() ? selectionModel()->selectedIndexes() : QModelIndexList();
    if (cells.isEmpty() && currentIndex().isValid())
        cells << currentIndex();
    return cells;
}

qint64 GridView::selectedRowCount() const
{
    qint64 count = 0;
    if (selectionModel()) {
        for (const QItemSelectionRange &range : selectionModel()->selection())
            count += range.height();
    }
    return count == 0 && currentIndex().isValid() ? 1 : count;
}

void GridView::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && !(event->modifiers() & ~Qt::KeypadModifier) && !isEditing() && currentIndex().isValid()) {
        edit(currentIndex(), EditKeyPressed, event);
        event->accept();
        return;
    }
    RowView::keyPressEvent(event);
}

} // namespace cleat::ui
