// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/flatviews.h"

#include "ui/widgets/theme.h"

#include <QPainter>
#include <QTableView>

namespace cleat::ui {

FlatHeader::FlatHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent)
{
    setHighlightSections(false);
    setSectionsClickable(false);
    setMinimumSectionSize(36);
}

QSize FlatHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), fontMetrics().height() + 8};
}

void FlatHeader::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), palette().color(QPalette::Window));
    painter.fillRect(0, viewport()->height() - 1, viewport()->width(), 1, colors(palette()).border);
    painter.end();
    QHeaderView::paintEvent(event);
}

void FlatHeader::paintFrame(QPainter *painter, const QRect &rect) const
{
    const QColor line = colors(palette()).border;
    painter->fillRect(rect, palette().color(QPalette::Window));
    painter->fillRect(rect.left(), rect.bottom(), rect.width(), 1, line);
    painter->fillRect(rect.right(), rect.top() + 4, 1, rect.height() - 8, line);
}

void FlatHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    paintFrame(painter, rect);
    painter->save();
    painter->setPen(isEnabled() ? colors(palette()).muted : palette().color(QPalette::Disabled, QPalette::WindowText));
    QRect cell = rect.adjusted(cellMargin, 0, -cellMargin, 0);
    if (isSortIndicatorShown() && sortIndicatorSection() == section) {
        const int size = fontMetrics().ascent() / 2;
        const int x = cell.right() - size;
        const int y = cell.center().y();
        const int half = sortIndicatorOrder() == Qt::AscendingOrder ? -size / 2 : size / 2;
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setBrush(painter->pen().color());
        const QPointF points[] = {QPointF(x, y - half / 2.0), QPointF(x + size, y - half / 2.0), QPointF(x + size / 2.0, y + half / 2.0)};
        painter->drawPolygon(points, 3);
        cell.setRight(x - 4);
    }
    const auto alignment = model()->headerData(section, Qt::Horizontal, Qt::TextAlignmentRole).toInt();
    const QString text = model()->headerData(section, Qt::Horizontal).toString();
    painter->drawText(cell, alignment | Qt::TextSingleLine, fontMetrics().elidedText(text, Qt::ElideRight, cell.width()));
    painter->restore();
}

void setUpTable(QTableView &table, int extraHeight)
{
    if (!qobject_cast<FlatHeader *>(table.horizontalHeader()))
        table.setHorizontalHeader(new FlatHeader(&table));
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setShowGrid(false);
    table.setWordWrap(false);
    table.setTabKeyNavigation(false);
    table.setIconSize({16, 16});
    table.verticalHeader()->hide();
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setMinimumSectionSize(0);
    table.verticalHeader()->setDefaultSectionSize(table.fontMetrics().height() + extraHeight);
}

int selectedRow(const QTableView &table)
{
    const QModelIndexList rows = table.selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : rows.first().row();
}

FlatTabBar::FlatTabBar(QWidget *parent) : QTabBar(parent)
{
    setDrawBase(false);
    setExpanding(false);
    setElideMode(Qt::ElideRight);
    setAttribute(Qt::WA_Hover);
}

QSize FlatTabBar::tabSizeHint(int index) const
{
    QFont bold = font();
    bold.setBold(true);
    return {QFontMetrics(bold).horizontalAdvance(tabText(index)) + 26, fontMetrics().height() + 14};
}

void FlatTabBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &c = colors(palette());
    const QPoint mouse = mapFromGlobal(QCursor::pos());
    for (int i = 0; i < count(); ++i) {
        const QRect rect = tabRect(i);
        const bool current = i == currentIndex();
        if (!current && isEnabled() && underMouse() && rect.contains(mouse))
            painter.fillRect(rect, mixed(palette().color(QPalette::WindowText), palette().color(QPalette::Window), 0.06));
        QFont tabFont = font();
        tabFont.setBold(current);
        painter.setFont(tabFont);
        painter.setPen(!isEnabled() ? palette().color(QPalette::Disabled, QPalette::WindowText)
                       : current    ? palette().color(QPalette::WindowText)
                                    : c.muted);
        painter.drawText(rect, Qt::AlignCenter | Qt::TextSingleLine, painter.fontMetrics().elidedText(tabText(i), Qt::ElideRight, rect.width() - 8));
        if (current)
            painter.fillRect(rect.left() + 4, rect.bottom() - 1, rect.width() - 8, 2, isEnabled() ? c.accent : c.border);
        if (current && hasFocus()) {
            painter.setPen(c.accent);
            painter.drawRect(rect.adjusted(3, 3, -4, -5));
        }
    }
}

FlatTabs::FlatTabs(QWidget *parent) : QTabWidget(parent)
{
    setTabBar(new FlatTabBar);
    setDocumentMode(true);
    tabBar()->setDrawBase(false);
}

void FlatTabs::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QWidget *page = currentWidget();
    const int y = page ? page->mapTo(this, QPoint(0, 0)).y() - 1 : tabBar()->geometry().bottom();
    painter.fillRect(0, y, width(), 1, colors(palette()).border);
}

} // namespace cleat::ui
