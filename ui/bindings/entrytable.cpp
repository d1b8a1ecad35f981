// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrytable.h"

#include "ui/bindings/entrydelegate.h"
#include "ui/bindings/entryroles.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QSet>

#include <algorithm>

namespace cleat::ui {

namespace {

bool isPlain(Qt::KeyboardModifiers modifiers)
{
    return !(modifiers & (Qt::ControlModifier | Qt::ShiftModifier));
}

} // namespace

EntryTable::EntryTable(QAbstractItemModel *model, const QString &name, int middleColumn, QWidget *parent)
    : QTableView(parent), m_empty(new ToneLabel({}, Tone::Muted, this))
{
    setUpTable(*this, 9);
    setSelectionMode(ExtendedSelection);
    setDragEnabled(true);
    setDragDropMode(DragOnly);
    setMouseTracking(true);
    setModel(model);
    setItemDelegate(new EntryDelegate(middleColumn, this));
    setAccessibleName(name);
    setContextMenuPolicy(Qt::CustomContextMenu);
    horizontalHeader()->resizeSection(model->columnCount() - 1, EntryDelegate::buttonWidth(fontMetrics(), tr("Copy here")));
    setMinimumHeight(horizontalHeader()->sizeHint().height() + verticalHeader()->defaultSectionSize() * 2);

    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    auto *over = new QVBoxLayout(viewport());
    over->addWidget(m_empty);
    connect(this, &QTableView::doubleClicked, this, [this](const QModelIndex &index) {
        if (index.data(ActionRole).toString().isEmpty())
            Q_EMIT openRequested();
    });
}

QList<int> EntryTable::selectedRows() const
{
    QList<int> rows;
    const QModelIndexList indexes = selectionModel()->selectedRows();
    for (const QModelIndex &index : indexes)
        rows.append(index.row());
    std::ranges::sort(rows);
    return rows;
}

QStringList EntryTable::selectedKeys() const
{
    QStringList keys;
    const QList<int> rows = selectedRows();
    for (const int row : rows)
        keys.append(model()->index(row, 0).data(KeyRole).toString());
    return keys;
}

void EntryTable::selectKeys(const QStringList &keys)
{
    if (keys.isEmpty())
        return;
    const QSet<QString> wanted(keys.begin(), keys.end());
    QItemSelection selection;
    for (int row = 0; row < model()->rowCount(); ++row) {
        const QModelIndex index = model()->index(row, 0);
        if (!wanted.contains(index.data(KeyRole).toString()))
            continue;
        if (selection.isEmpty())
            selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
        selection.select(index, index.siblingAtColumn(model()->columnCount() - 1));
    }
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

void EntryTable::setEmptyText(const QString &text)
{
    m_empty->setText(text);
}

void EntryTable::refresh()
{
    const int column = model()->columnCount() - 1;
    bool any = false;
    for (int row = model()->rowCount(); row-- > 0 && !any;) // those with a button come last
        any = !model()->index(row, column).data(ActionRole).toString().isEmpty();
    setColumnHidden(column, !any);
    m_empty->setVisible(model()->rowCount() == 0);
}

void EntryTable::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (selectedRows().isEmpty() && model()->rowCount() > 0) {
            Q_EMIT choseAlone();
            selectRow(std::max(0, currentIndex().row()));
            return;
        }
        [[fallthrough]];
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
    case Qt::Key_Home:
    case Qt::Key_End:
        if (isPlain(event->modifiers()))
            Q_EMIT choseAlone();
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT openRequested();
        return;
    case Qt::Key_Delete:
        Q_EMIT removeRequested();
        return;
    case Qt::Key_Space: {
        const QModelIndex button = currentIndex().isValid() ? currentIndex().siblingAtColumn(model()->columnCount() - 1) : QModelIndex();
        if (isPlain(event->modifiers()) && selectionModel()->isRowSelected(button.row(), {}) && !button.data(ActionRole).toString().isEmpty()) {
            Q_EMIT buttonPressed(button.row());
            return;
        }
        break;
    }
    case Qt::Key_A:
        if (event->matches(QKeySequence::SelectAll)) {
            Q_EMIT selectAllRequested();
            return;
        }
        break;
    }
    QTableView::keyPressEvent(event);
}

bool EntryTable::isOnButton(const QPoint &place) const
{
    const QModelIndex index = indexAt(place);
    return index.isValid() && EntryDelegate::buttonRect(visualRect(index), index).contains(place);
}

void EntryTable::mousePressEvent(QMouseEvent *event)
{
    const QPoint place = event->position().toPoint();
    m_pressedButton = event->button() == Qt::LeftButton && isOnButton(place) ? rowAt(place.y()) : -1;
    if (m_pressedButton >= 0)
        return;
    const QModelIndex index = indexAt(place);
    if (isPlain(event->modifiers()) && !selectionModel()->isRowSelected(index.row(), {}))
        Q_EMIT choseAlone();
    QTableView::mousePressEvent(event);
}

void EntryTable::mouseReleaseEvent(QMouseEvent *event)
{
    const QPoint place = event->position().toPoint();
    if (m_pressedButton >= 0) {
        const int row = std::exchange(m_pressedButton, -1);
        if (isOnButton(place) && rowAt(place.y()) == row)
            Q_EMIT buttonPressed(row);
        return;
    }
    if (event->button() == Qt::LeftButton && isPlain(event->modifiers()))
        Q_EMIT choseAlone();
    QTableView::mouseReleaseEvent(event);
}

void EntryTable::mouseMoveEvent(QMouseEvent *event)
{
    if (m_pressedButton >= 0)
        return;
    // The painted buttons show that the mouse is on them.
    const int column = model()->columnCount() - 1;
    if (!isColumnHidden(column) && event->buttons() == Qt::NoButton)
        viewport()->update(columnViewportPosition(column), 0, columnWidth(column), viewport()->height());
    QTableView::mouseMoveEvent(event);
}

void EntryTable::startDrag(Qt::DropActions)
{
    Q_EMIT dragRequested();
}

} // namespace cleat::ui
