// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/rowview.h"

#include "ui/widgets/flatviews.h"
#include "ui/widgets/theme.h"

#include <QEvent>
#include <QHeaderView>
#include <QLocale>
#include <QPainter>
#include <QPaintEvent>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>
#include <climits>
#include <utility>

namespace cleat::ui {

namespace {

constexpr int padding = 4; ///< above and below a row's text
constexpr int farAway = 1 << 20; ///< pixels: stands for any place that is not to be seen

} // namespace

/// The numbers before the rows.
class RowView::NumberColumn final : public QWidget
{
public:
    explicit NumberColumn(RowView *view) : QWidget(view), m_view(*view) { setAttribute(Qt::WA_TransparentForMouseEvents); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Colors &c = colors(palette());
        painter.fillRect(rect(), c.surface);
        painter.fillRect(width() - 1, 0, 1, height(), c.border);
        painter.setPen(c.muted);
        const int height = m_view.rowHeight();
        int y = 0;
        for (int row = m_view.firstRow(); row <= m_view.lastRow(); ++row, y += height)
            painter.drawText(QRect(0, y, width() - 7, height), Qt::AlignRight | Qt::AlignVCenter, locale().toString(row + 1));
    }

private:
    const RowView &m_view;
};

RowView::RowView(QWidget *parent) : QAbstractItemView(parent), m_header(new FlatHeader(this))
{
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setVerticalScrollMode(ScrollPerItem);
    setHorizontalScrollMode(ScrollPerPixel);
    setAlternatingRowColors(true);
    setTabKeyNavigation(false);
    setTextElideMode(Qt::ElideRight);
    m_header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_header->setSectionsMovable(true);
    m_header->setSectionsClickable(true);
    m_header->setStretchLastSection(true);
    m_header->setMinimumSectionSize(32);
    connect(m_header, &QHeaderView::sectionResized, this, [this] {
        updateGeometries();
        updateEditorGeometries();
        viewport()->update();
    });
    connect(m_header, &QHeaderView::sectionMoved, this, [this] { viewport()->update(); });
    connect(m_header, &QHeaderView::sectionCountChanged, this, [this] { updateGeometries(); });
    connect(m_header, &QHeaderView::sectionHandleDoubleClicked, this,
        [this](int column) { m_header->resizeSection(column, std::max(sizeHintForColumn(column), m_header->sectionSizeHint(column))); });
}

RowView::~RowView() = default;

int RowView::rowHeight() const
{
    return fontMetrics().height() + 2 * padding;
}

int RowView::rows() const
{
    return model() ? model()->rowCount(rootIndex()) : 0;
}

int RowView::wholeRows() const
{
    return std::max(1, viewport()->height() / rowHeight());
}

int RowView::firstRow() const
{
    return verticalScrollBar()->value();
}

int RowView::lastRow() const
{
    return std::min(rows(), firstRow() + (viewport()->height() + rowHeight() - 1) / rowHeight()) - 1;
}

void RowView::setNumbers(Numbers numbers)
{
    if (numbers == Numbers::Shown && !m_numbers) {
        m_numbers = new NumberColumn(this);
        m_numbers->show();
    } else if (numbers == Numbers::Hidden) {
        delete std::exchange(m_numbers, nullptr);
    }
    updateGeometries();
}

void RowView::setPlaceholder(const QString &text)
{
    m_placeholder = text;
    viewport()->update();
}

void RowView::setModel(QAbstractItemModel *model)
{
    if (QAbstractItemModel *before = this->model())
        before->disconnect(this);
    QAbstractItemView::setModel(model);
    m_header->setModel(model);
    if (model) {
        // What is behind the last row counts here, and QAbstractItemView tells of no removal once it is done.
        connect(model, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex &, int start, int end) { rowsWereRemoved(start, end); });
        connect(model, &QAbstractItemModel::modelReset, this, &RowView::refreshRows);
        connect(model, &QAbstractItemModel::layoutChanged, this, &RowView::refreshRows);
    }
    updateGeometries();
}

void RowView::refreshRows()
{
    const QScopedValueRollback adapting(m_adapting, true);
    updateGeometries();
    viewport()->update();
}

void RowView::doItemsLayout()
{
    QAbstractItemView::doItemsLayout();
    refreshRows();
}

void RowView::reset()
{
    QAbstractItemView::reset();
    refreshRows();
}

/// QAbstractItemView asks for the rectangle of each cell that changed: millions of them when all rows did.
void RowView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles)
{
    if (!topLeft.isValid() || !bottomRight.isValid()) {
        QAbstractItemView::dataChanged(topLeft, bottomRight, roles);
        return;
    }
    const int top = std::max(topLeft.row(), firstRow());
    const int bottom = std::min(bottomRight.row(), lastRow());
    if (top <= bottom)
        QAbstractItemView::dataChanged(topLeft.siblingAtRow(top), bottomRight.siblingAtRow(bottom), roles);
    // An editor stays open while its row is out of sight.
    const int current = currentIndex().row();
    if (current >= topLeft.row() && current <= bottomRight.row() && (current < top || current > bottom))
        QAbstractItemView::dataChanged(topLeft.siblingAtRow(current), bottomRight.siblingAtRow(current), roles);
}

void RowView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    const int first = firstRow();
    const bool above = start <= first && rows() > end - start + 1;
    QAbstractItemView::rowsInserted(parent, start, end);
    refreshRows();
    if (above)
        keepPlace(first + end - start + 1);
}

void RowView::rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end)
{
    const int current = currentIndex().row();
    if (m_anchor == Anchor::Rows && current >= start && current <= end)
        selectionModel()->setCurrentIndex({}, QItemSelectionModel::NoUpdate); // before another one is chosen, and scrolled to
    QAbstractItemView::rowsAboutToBeRemoved(parent, start, end);
}

void RowView::rowsWereRemoved(int start, int end)
{
    const int first = firstRow();
    refreshRows();
    if (start < first)
        keepPlace(first - (std::min(end + 1, first) - start));
}

void RowView::keepPlace(int first)
{
    if (m_anchor != Anchor::Rows)
        return;
    const QScopedValueRollback adapting(m_adapting, true);
    verticalScrollBar()->setValue(first);
}

void RowView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QAbstractItemView::currentChanged(current, previous);
    viewport()->update();
}

// ---- geometry

int RowView::numbersWidth() const
{
    return m_numbers ? fontMetrics().horizontalAdvance(locale().toString(std::max(999, rows()))) + 15 : 0;
}

void RowView::updateGeometries()
{
    if (m_placing) // a bar that comes changes the viewport, and with it the columns, and with them whether the bar comes
        return;
    const QScopedValueRollback placing(m_placing, true);
    const int headerHeight = m_header->isHidden() ? 0 : std::max(m_header->minimumHeight(), m_header->sizeHint().height());
    const int numbers = numbersWidth();
    setViewportMargins(numbers, headerHeight, 0, 0);
    const QRect area = viewport()->geometry();
    m_header->setGeometry(area.left(), area.top() - headerHeight, area.width(), headerHeight);
    if (m_numbers) {
        m_numbers->setGeometry(area.left() - numbers, area.top(), numbers, area.height());
        m_numbers->update();
    }

    QScrollBar *vertical = verticalScrollBar();
    vertical->setSingleStep(1);
    vertical->setPageStep(wholeRows());
    vertical->setRange(0, std::max(0, rows() - wholeRows()));
    QScrollBar *horizontal = horizontalScrollBar();
    horizontal->setSingleStep(std::max(20, area.width() / 20));
    horizontal->setPageStep(area.width());
    horizontal->setRange(0, std::max(0, m_header->length() - area.width()));
    QAbstractItemView::updateGeometries();
}

int RowView::horizontalOffset() const
{
    return horizontalScrollBar()->value();
}

int RowView::verticalOffset() const
{
    return static_cast<int>(std::min<qint64>(qint64(firstRow()) * rowHeight(), INT_MAX));
}

QRect RowView::visualRect(const QModelIndex &index) const
{
    if (!index.isValid() || isIndexHidden(index))
        return {};
    const qint64 y = (qint64(index.row()) - firstRow()) * rowHeight();
    return {m_header->sectionViewportPosition(index.column()), static_cast<int>(std::clamp<qint64>(y, -farAway, farAway)), m_header->sectionSize(index.column()), rowHeight()};
}

int RowView::rowAt(int y) const
{
    if (y < 0)
        return -1;
    const int row = firstRow() + y / rowHeight();
    return row < rows() ? row : -1;
}

QModelIndex RowView::indexAt(const QPoint &point) const
{
    const int row = rowAt(point.y());
    const int column = m_header->logicalIndexAt(point.x());
    return row < 0 || column < 0 ? QModelIndex() : model()->index(row, column, rootIndex());
}

bool RowView::isIndexHidden(const QModelIndex &index) const
{
    return m_header->isSectionHidden(index.column());
}

void RowView::scrollTo(const QModelIndex &index, ScrollHint hint)
{
    if (!index.isValid())
        return;
    const int whole = wholeRows();
    QScrollBar *vertical = verticalScrollBar();
    if (hint == PositionAtTop)
        vertical->setValue(index.row());
    else if (hint == PositionAtCenter)
        vertical->setValue(index.row() - whole / 2);
    else if (hint == PositionAtBottom || index.row() >= firstRow() + whole)
        vertical->setValue(index.row() - whole + 1);
    else if (index.row() < firstRow())
        vertical->setValue(index.row());
    if (selectionBehavior() == SelectRows && !m_header->isSectionHidden(index.column()) && state() != EditingState)
        return; // a row is seen wherever its columns are
    const int left = m_header->sectionViewportPosition(index.column());
    const int right = left + m_header->sectionSize(index.column());
    if (left < 0 || right - left > viewport()->width())
        horizontalScrollBar()->setValue(horizontalOffset() + left);
    else if (right > viewport()->width())
        horizontalScrollBar()->setValue(horizontalOffset() + right - viewport()->width());
}

void RowView::scrollContentsBy(int dx, int dy)
{
    if (dx)
        m_header->setOffset(horizontalScrollBar()->value());
    viewport()->update();
    if (m_numbers)
        m_numbers->update();
    updateEditorGeometries();
    if (dy) {
        Q_EMIT scrolled();
        if (!m_adapting)
            Q_EMIT scrolledByUser();
    }
}

void RowView::changeEvent(QEvent *event)
{
    QAbstractItemView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometries();
}

int RowView::sizeHintForColumn(int column) const
{
    if (!model())
        return -1;
    int width = 0;
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    for (int row = firstRow(); row <= lastRow(); ++row) {
        const QModelIndex index = model()->index(row, column, rootIndex());
        width = std::max(width, itemDelegateForIndex(index)->sizeHint(option, index).width());
    }
    return std::min(width + 4, std::max(200, viewport()->width() * 2 / 3));
}

// ---- cursor and selection

/// The next column in the order of the screen that is to be seen; -1: none.
int RowView::nextColumn(int column, int step) const
{
    for (int visual = m_header->visualIndex(column) + step; visual >= 0 && visual < m_header->count(); visual += step) {
        const int logical = m_header->logicalIndex(visual);
        if (!m_header->isSectionHidden(logical))
            return logical;
    }
    return -1;
}

QModelIndex RowView::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const int last = rows() - 1;
    if (last < 0 || m_header->count() == 0)
        return {};
    const bool cells = selectionBehavior() == SelectItems;
    const auto edge = [&](int from, int step) {
        for (int visual = from; visual >= 0 && visual < m_header->count(); visual += step) {
            if (!m_header->isSectionHidden(m_header->logicalIndex(visual)))
                return m_header->logicalIndex(visual);
        }
        return m_header->logicalIndex(0);
    };
    const QModelIndex current = currentIndex();
    if (!current.isValid())
        return model()->index(action == MoveEnd ? last : firstRow(), edge(0, 1), rootIndex());
    int row = current.row();
    int column = current.column();
    const int page = std::max(1, wholeRows() - 1);
    switch (action) {
    case MoveUp:
        row = modifiers & Qt::ControlModifier && cells ? 0 : row - 1;
        break;
    case MoveDown:
        row = modifiers & Qt::ControlModifier && cells ? last : row + 1;
        break;
    case MovePageUp:
        row -= page;
        break;
    case MovePageDown:
        row += page;
        break;
    case MoveLeft:
    case MovePrevious:
        if (!cells && action == MoveLeft) {
            horizontalScrollBar()->setValue(horizontalOffset() - horizontalScrollBar()->singleStep());
        } else if (const int next = nextColumn(column, -1); next >= 0) {
            column = next;
        } else if (action == MovePrevious && row > 0) {
            --row;
            column = edge(m_header->count() - 1, -1);
        }
        break;
    case MoveRight:
    case MoveNext:
        if (!cells && action == MoveRight) {
            horizontalScrollBar()->setValue(horizontalOffset() + horizontalScrollBar()->singleStep());
        } else if (const int next = nextColumn(column, 1); next >= 0) {
            column = next;
        } else if (action == MoveNext && row < last) {
            ++row;
            column = edge(0, 1);
        }
        break;
    case MoveHome:
        if (cells)
            column = edge(0, 1);
        if (!cells || modifiers & Qt::ControlModifier)
            row = 0;
        break;
    case MoveEnd:
        if (cells)
            column = edge(m_header->count() - 1, -1);
        if (!cells || modifiers & Qt::ControlModifier)
            row = last;
        break;
    }
    return model()->index(std::clamp(row, 0, last), column, rootIndex());
}

void RowView::setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command)
{
    if (!selectionModel() || rows() == 0)
        return;
    const QRect area = rect.normalized();
    const qint64 first = firstRow() + (area.top() >= 0 ? area.top() / rowHeight() : (qint64(area.top()) - rowHeight() + 1) / rowHeight());
    const qint64 last = firstRow() + (area.bottom() >= 0 ? area.bottom() / rowHeight() : (qint64(area.bottom()) - rowHeight() + 1) / rowHeight());
    if (first >= rows() && area.height() <= 1) {
        selectionModel()->select(QItemSelection(), command);
        return;
    }
    const int top = static_cast<int>(std::clamp<qint64>(first, 0, rows() - 1));
    const int bottom = static_cast<int>(std::clamp<qint64>(last, 0, rows() - 1));
    QItemSelection selection;
    if (selectionBehavior() == SelectRows) {
        selection.select(model()->index(top, 0, rootIndex()), model()->index(bottom, model()->columnCount(rootIndex()) - 1, rootIndex()));
    } else {
        for (int visual = 0; visual < m_header->count(); ++visual) { // columns may have been moved
            const int column = m_header->logicalIndex(visual);
            const int left = m_header->sectionViewportPosition(column);
            if (!m_header->isSectionHidden(column) && left <= area.right() && left + m_header->sectionSize(column) > area.left())
                selection.select(model()->index(top, column, rootIndex()), model()->index(bottom, column, rootIndex()));
        }
    }
    selectionModel()->select(selection, command);
}

QRegion RowView::visualRegionForSelection(const QItemSelection &selection) const
{
    QRegion region;
    for (const QItemSelectionRange &range : selection) {
        const int top = std::max(range.top(), firstRow());
        const int bottom = std::min(range.bottom(), lastRow());
        if (top <= bottom)
            region += QRect(0, (top - firstRow()) * rowHeight(), viewport()->width(), (bottom - top + 1) * rowHeight());
    }
    return region;
}

// ---- painting

void RowView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    if (rows() == 0) {
        if (!m_placeholder.isEmpty()) {
            painter.setPen(colors(palette()).muted);
            painter.drawText(viewport()->rect().adjusted(16, 16, -16, -16), Qt::AlignCenter | Qt::TextWordWrap, m_placeholder);
        }
        return;
    }
    QStyleOptionViewItem base;
    initViewItemOption(&base);
    const QItemSelectionModel *selected = selectionModel();
    const QModelIndex current = currentIndex();
    const bool active = isActiveWindow();
    const bool focused = hasFocus() || viewport()->hasFocus();
    const int height = rowHeight();
    const QRect dirty = event->rect();
    const int first = firstRow() + std::max(0, dirty.top() / height);
    const int last = std::min(lastRow(), firstRow() + dirty.bottom() / height);
    for (int row = first; row <= last; ++row) {
        const int y = (row - firstRow()) * height;
        const bool odd = alternatingRowColors() && row % 2;
        if (odd)
            painter.fillRect(QRect(0, y, viewport()->width(), height), palette().brush(QPalette::AlternateBase));
        for (int visual = 0; visual < m_header->count(); ++visual) {
            const int column = m_header->logicalIndex(visual);
            if (m_header->isSectionHidden(column))
                continue;
            const QRect cell(m_header->sectionViewportPosition(column), y, m_header->sectionSize(column), height);
            if (cell.right() < dirty.left() || cell.left() > dirty.right())
                continue;
            const QModelIndex index = model()->index(row, column, rootIndex());
            QStyleOptionViewItem option = base;
            option.rect = cell;
            option.state &= ~(QStyle::State_Selected | QStyle::State_HasFocus | QStyle::State_MouseOver);
            if (odd)
                option.features |= QStyleOptionViewItem::Alternate;
            if (selected && selected->isSelected(index))
                option.state |= QStyle::State_Selected;
            if (focused && (selectionBehavior() == SelectItems ? index == current : current.isValid() && row == current.row() && column == current.column()))
                option.state |= QStyle::State_HasFocus;
            option.state.setFlag(QStyle::State_Active, active);
            option.palette.setCurrentColorGroup(!isEnabled() ? QPalette::Disabled : active && focused ? QPalette::Active : QPalette::Inactive);
            itemDelegateForIndex(index)->paint(&painter, option, index);
        }
    }
}

} // namespace cleat::ui
