// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consoleview.h"

#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

ConsoleView::ConsoleView(ConsoleModel &model, QWidget *parent) : QAbstractItemView(parent), m_model(model), m_paint(model)
{
    setModel(&model);
    setFont(monospaceFont());
    setSelectionMode(ExtendedSelection);
    setSelectionBehavior(SelectRows);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setEditTriggers(NoEditTriggers);
    // QAbstractItemView tells of no removal once it is done. What is in sight must not move when the oldest rows go.
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex &, int first, int last) {
        const int wanted = verticalScrollBar()->value() - (first == 0 ? last + 1 : 0);
        refresh();
        if (first == 0)
            verticalScrollBar()->setValue(std::max(0, wanted));
    });
    connect(&model, &QAbstractItemModel::modelReset, this, &ConsoleView::refresh);
}

void ConsoleView::setWrap(ConsolePaint::Wrap wrap)
{
    m_wrap = wrap;
    refresh();
}

ConsolePaint::Look ConsoleView::look() const
{
    return {font(), palette(), viewport()->width(), m_wrap};
}

int ConsoleView::top() const
{
    return std::clamp(verticalScrollBar()->value(), 0, std::max(0, rows() - 1));
}

int ConsoleView::heightOf(int row) const
{
    return m_paint.parts(row, look()).height;
}

int ConsoleView::topFor(int last) const
{
    int room = viewport()->height();
    int row = last;
    for (; row >= 0; --row) {
        room -= heightOf(row);
        if (room < 0)
            break;
    }
    return std::min(row + 1, last);
}

void ConsoleView::refresh()
{
    updateGeometries();
    viewport()->update();
}

void ConsoleView::doItemsLayout()
{
    QAbstractItemView::doItemsLayout();
    refresh();
}

void ConsoleView::reset()
{
    QAbstractItemView::reset();
    refresh();
}

void ConsoleView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QAbstractItemView::rowsInserted(parent, start, end);
    refresh();
}

void ConsoleView::updateGeometries()
{
    QScrollBar *bar = verticalScrollBar();
    bar->setSingleStep(1);
    bar->setPageStep(std::max(1, viewport()->height() / ConsolePaint::lineHeight(look()) - 1));
    bar->setRange(0, rows() == 0 ? 0 : topFor(rows() - 1));
    QAbstractItemView::updateGeometries();
}

void ConsoleView::scrollContentsBy(int, int)
{
    viewport()->update();
}

QRect ConsoleView::visualRect(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() < top())
        return {};
    int y = 0;
    for (int row = top(); row < rows() && y < viewport()->height(); ++row) {
        const int height = heightOf(row);
        if (row == index.row())
            return {0, y, viewport()->width(), height};
        y += height;
    }
    return {};
}

QModelIndex ConsoleView::indexAt(const QPoint &point) const
{
    int y = 0;
    for (int row = top(); row < rows() && y < viewport()->height(); ++row) {
        y += heightOf(row);
        if (point.y() < y)
            return point.y() >= 0 ? m_model.index(row) : QModelIndex();
    }
    return {};
}

void ConsoleView::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const int row = index.row();
    QScrollBar *bar = verticalScrollBar();
    if (hint == PositionAtTop || row < top())
        bar->setValue(row);
    else if (hint == PositionAtCenter)
        bar->setValue(std::max(0, row - bar->pageStep() / 2));
    else if (const int wanted = topFor(row); hint == PositionAtBottom || wanted > top())
        bar->setValue(wanted);
}

QModelIndex ConsoleView::moveCursor(CursorAction action, Qt::KeyboardModifiers)
{
    if (rows() == 0)
        return {};
    const QModelIndex current = currentIndex();
    if (!current.isValid())
        return m_model.index(action == MoveHome ? 0 : rows() - 1);
    int row = current.row();
    const int page = verticalScrollBar()->pageStep();
    switch (action) {
    case MoveUp:
    case MovePrevious:
        --row;
        break;
    case MoveDown:
    case MoveNext:
        ++row;
        break;
    case MovePageUp:
        row -= page;
        break;
    case MovePageDown:
        row += page;
        break;
    case MoveHome:
        row = 0;
        break;
    case MoveEnd:
        row = rows() - 1;
        break;
    case MoveLeft:
    case MoveRight:
        break;
    }
    return m_model.index(std::clamp(row, 0, rows() - 1));
}

void ConsoleView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command)
{
    const QRect area = rect.normalized();
    QItemSelection selection;
    int y = 0;
    int first = -1;
    int last = -1;
    for (int row = top(); row < rows() && y <= area.bottom() && y < viewport()->height(); ++row) {
        const int height = heightOf(row);
        if (y + height > area.top()) {
            first = first < 0 ? row : first;
            last = row;
        }
        y += height;
    }
    if (first >= 0)
        selection.select(m_model.index(first), m_model.index(last));
    selectionModel()->select(selection, command);
}

QRegion ConsoleView::visualRegionForSelection(const QItemSelection &) const
{
    return viewport()->rect();
}

QList<int> ConsoleView::wantedRows() const
{
    QList<int> wanted;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            wanted << row;
    }
    std::ranges::sort(wanted);
    for (int row = 0; wanted.isEmpty() && row < rows(); ++row)
        wanted << row;
    return wanted;
}

ConsolePaint::Parts ConsoleView::partsOf(int row) const
{
    ConsolePaint::Parts parts = m_paint.parts(row, look());
    const QPoint at = visualRect(m_model.index(row)).topLeft();
    for (QRect *rect : {&parts.time, &parts.level, &parts.times, &parts.fold, &parts.text, &parts.request, &parts.place}) {
        if (!rect->isEmpty())
            rect->translate(at);
    }
    return parts;
}

void ConsoleView::toggle(int row)
{
    if (row < 0 || row >= rows())
        return;
    const std::uint64_t number = m_model.number(row);
    const bool isLine = m_model.item(row) == nullptr;
    const int below = row - top();
    m_model.toggle(row);
    const int now = isLine ? m_model.rowOf(number) : row;
    updateGeometries();
    if (now >= 0) {
        verticalScrollBar()->setValue(std::max(0, now - below));
        setCurrentIndex(m_model.index(now));
    }
    viewport()->update();
}

// ---- mouse and keys

ConsoleView::Hit ConsoleView::hitAt(const QPoint &point) const
{
    const QModelIndex index = indexAt(point);
    if (!index.isValid())
        return {};
    const int row = index.row();
    const ConsolePaint::Parts parts = partsOf(row);
    Spot spot = Spot::None;
    const ConsoleItem *item = m_model.item(row);
    if (parts.fold.contains(point))
        spot = Spot::Fold;
    else if (parts.request.contains(point))
        spot = Spot::Request;
    else if (parts.place.contains(point))
        spot = Spot::Place;
    else if (item && item->place.line > 0 && parts.text.contains(point))
        spot = Spot::Frame;
    return {row, spot};
}

void ConsoleView::mousePressEvent(QMouseEvent *event)
{
    const Hit hit = event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier ? hitAt(event->position().toPoint()) : Hit{};
    switch (hit.spot) {
    case Spot::Fold:
        toggle(hit.row);
        return;
    case Spot::Request:
        Q_EMIT requestAsked(m_model.line(hit.row).request);
        return;
    case Spot::Place:
        Q_EMIT sourceAsked(m_model.line(hit.row).place);
        return;
    case Spot::Frame:
        Q_EMIT sourceAsked(m_model.item(hit.row)->place);
        return;
    case Spot::None:
        break;
    }
    QAbstractItemView::mousePressEvent(event);
}

void ConsoleView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const Hit hit = hitAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && hit.row >= 0)
        toggle(hit.row);
}

void ConsoleView::mouseMoveEvent(QMouseEvent *event)
{
    viewport()->setCursor(event->buttons() == Qt::NoButton && hitAt(event->position().toPoint()).spot > Spot::Fold ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (event->buttons() != Qt::NoButton)
        QAbstractItemView::mouseMoveEvent(event);
}

void ConsoleView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        Q_EMIT escaped();
        return;
    }
    const int row = currentIndex().isValid() ? currentIndex().row() : -1;
    if (row >= 0) {
        switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            toggle(row);
            return;
        case Qt::Key_Right:
            if (m_model.isFoldable(row) && !m_model.isOpen(row))
                toggle(row);
            return;
        case Qt::Key_Left:
            if (m_model.isFoldable(row) && m_model.isOpen(row)) {
                toggle(row);
            } else if (const ConsoleItem *item = m_model.item(row)) { // to what it is in
                int above = row - 1;
                while (above > 0 && m_model.item(above) && m_model.item(above)->depth >= item->depth)
                    --above;
                setCurrentIndex(m_model.index(above));
            }
            return;
        default:
            break;
        }
    }
    QAbstractItemView::keyPressEvent(event);
}

bool ConsoleView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractItemView::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const Hit hit = hitAt(help->pos());
    QString tip;
    if (hit.spot == Spot::Place)
        tip = tr("Open %1 in the editor").arg(u"%1:%2"_s.arg(fromUtf8(m_model.line(hit.row).place.file)).arg(m_model.line(hit.row).place.line));
    else if (hit.spot == Spot::Frame)
        tip = tr("Open in the editor");
    else if (hit.spot == Spot::Request)
        tip = tr("Show the request %1").arg(m_model.requestLabel(m_model.line(hit.row).request));
    QToolTip::showText(help->globalPos(), tip.toHtmlEscaped(), viewport());
    return true;
}

void ConsoleView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const ConsolePaint::Look look = this->look();
    int y = 0;
    for (int row = top(); row < rows() && y <= event->rect().bottom(); ++row) {
        const int height = m_paint.parts(row, look).height;
        if (y + height >= event->rect().top()) {
            const bool selected = selectionModel()->isSelected(m_model.index(row));
            m_paint.paint(painter, row, {0, y}, look, selected ? ConsolePaint::State::Selected : ConsolePaint::State::Plain);
            if (hasFocus() && currentIndex().row() == row && currentIndex().isValid()) {
                painter.setPen(QPen(colors(palette()).accent, 1, Qt::DotLine));
                painter.setBrush(Qt::NoBrush);
                painter.drawRect(0, y, viewport()->width() - 1, height - 1);
            }
        }
        y += height;
    }
}

} // namespace cleat::ui
