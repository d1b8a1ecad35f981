// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/pathgroupstable.h"

#include "ui/widgets/flatviews.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSettings>
#include <QStyledItemDelegate>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int pathWidth = 140; ///< at least, in pixels
const QString stateKey = u"requests/paths"_s;

/// Cells with the margins of the header.
class GroupsDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const override
    {
        QStyleOptionViewItem option = given;
        initStyleOption(&option, index);
        const bool selected = option.state & QStyle::State_Selected;
        if (selected)
            painter->fillRect(option.rect, option.palette.brush(QPalette::Active, QPalette::Highlight));
        const QRect cell = option.rect.adjusted(cellMargin, 0, -cellMargin, 0);
        painter->setPen(selected ? option.palette.color(QPalette::Active, QPalette::HighlightedText) : option.palette.color(QPalette::Text));
        painter->setFont(option.font);
        const QString text = painter->fontMetrics().elidedText(option.text.left(cell.width() / 2 + 8), Qt::ElideRight, cell.width());
        const int x = option.displayAlignment & Qt::AlignRight ? cell.right() + 1 - painter->fontMetrics().horizontalAdvance(text) : cell.left();
        painter->drawText(x, cell.top() + (cell.height() - given.fontMetrics.height()) / 2 + given.fontMetrics.ascent(), text); // one base line for both fonts
    }
};

} // namespace

PathGroupsTable::PathGroupsTable(PathGroupsModel &model, QWidget *parent) : RowView(parent), m_model(model)
{
    setModel(&model);
    setFrameShape(QFrame::NoFrame);
    setAlternatingRowColors(false);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(SingleSelection);
    setItemDelegate(new GroupsDelegate(this));
    setAccessibleName(tr("Requests by path"));
    QHeaderView *columns = header();
    columns->setStretchLastSection(false);
    columns->setSortIndicatorShown(true);
    columns->setSortIndicator(PathGroupsModel::Requests, Qt::DescendingOrder);
    columns->setSectionResizeMode(PathGroupsModel::Path, QHeaderView::Fixed); // it has what the others leave
    for (int column = 0; column < PathGroupsModel::ColumnCount; ++column) {
        const QString sample = column == PathGroupsModel::Method ? u"OPTIONS"_s : column < PathGroupsModel::P50 ? u"0,000,000"_s : u"000.0 ms"_s;
        const int title = fontMetrics().horizontalAdvance(model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()) + fontMetrics().ascent();
        columns->resizeSection(column, std::max(fontMetrics().horizontalAdvance(sample), title) + 2 * cellMargin + 4);
    }
    connect(columns, &QHeaderView::sortIndicatorChanged, &model, &PathGroupsModel::sort);
    connect(columns, &QHeaderView::sectionResized, this, [this](int column) {
        if (column != PathGroupsModel::Path)
            fitPath();
    });
    connect(&model, &PathGroupsModel::aboutToReplace, this, [this] {
        const PathGroupsModel::Group *group = selectionModel()->hasSelection() ? m_model.group(currentIndex().row()) : nullptr;
        m_keptMethod = group ? group->method : std::string();
        m_keptPath = group ? group->path : std::string();
    });
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        const int row = m_keptPath.empty() ? -1 : m_model.rowOf(m_keptMethod, m_keptPath);
        if (row >= 0)
            selectionModel()->setCurrentIndex(m_model.index(row, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    });
}

void PathGroupsTable::fitPath()
{
    const int others = header()->length() - header()->sectionSize(PathGroupsModel::Path);
    header()->resizeSection(PathGroupsModel::Path, std::max(pathWidth, viewport()->width() - others));
}

void PathGroupsTable::resizeEvent(QResizeEvent *event)
{
    RowView::resizeEvent(event);
    fitPath();
}

void PathGroupsTable::saveState(QSettings &settings) const
{
    settings.setValue(stateKey, header()->saveState());
}

void PathGroupsTable::restoreState(const QSettings &settings)
{
    const QByteArray state = settings.value(stateKey).toByteArray();
    if (state.isEmpty())
        return;
    header()->restoreState(state);
    header()->setSectionResizeMode(PathGroupsModel::Path, QHeaderView::Fixed);
    m_model.sort(header()->sortIndicatorSection(), header()->sortIndicatorOrder());
    fitPath();
}

void PathGroupsTable::open(int row)
{
    if (const PathGroupsModel::Group *group = m_model.group(row))
        Q_EMIT opened(fromUtf8(group->method), fromUtf8(group->path));
}

void PathGroupsTable::copy() const
{
    if (const PathGroupsModel::Group *group = m_model.group(currentIndex().row()))
        QGuiApplication::clipboard()->setText(fromUtf8(group->path));
}

void PathGroupsTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        open(currentIndex().row());
    else
        RowView::keyPressEvent(event);
}

void PathGroupsTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && index.isValid())
        open(index.row());
}

} // namespace cleat::ui
