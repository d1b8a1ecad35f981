// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requeststable.h"

#include "ui/requests/requestsdelegate.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSettings>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t mostKept = 1'000; ///< selected rows that are found again among others
constexpr int pathWidth = 90; ///< at least, in pixels
const QString stateKey = u"requests/table"_s;

int section(RequestColumn column)
{
    return static_cast<int>(column);
}

/// Over the table: how many rows came while one looks at others.
class Pill final : public QAbstractButton
{
public:
    explicit Pill(QWidget *parent) : QAbstractButton(parent)
    {
        setCursor(Qt::PointingHandCursor);
        setFocusPolicy(Qt::NoFocus);
        hide();
    }
    QSize sizeHint() const override { return {fontMetrics().horizontalAdvance(text()) + 28, fontMetrics().height() + 10}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QColor accent = palette().color(QPalette::Active, QPalette::Highlight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(isDown() ? accent.darker(115) : underMouse() ? accent.lighter(112) : accent);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), height() / 2.0, height() / 2.0);
        painter.setPen(palette().color(QPalette::Active, QPalette::HighlightedText));
        painter.drawText(rect(), Qt::AlignCenter, text());
    }
};

} // namespace

RequestsTable::RequestsTable(RequestsModel &model, QWidget *parent) : RowView(parent), m_model(model), m_pill(new Pill(this))
{
    setModel(&model);
    setItemDelegate(new RequestsDelegate(model, this));
    setFrameShape(QFrame::NoFrame);
    setAlternatingRowColors(false);
    setEditTriggers(NoEditTriggers);
    setAnchor(Anchor::Rows);
    setAccessibleName(tr("Requests"));
    setUpHeader();

    model.setWanted([this] {
        auto wanted = selectedOnes(mostKept);
        wanted.push_back(m_model.sequenceAt(currentIndex().row()));
        wanted.push_back(m_model.sequenceAt(firstRow()));
        return wanted;
    });
    connect(&model, &RequestsModel::aboutToReplace, this, &RequestsTable::keep);
    connect(&model, &RequestsModel::replaced, this, &RequestsTable::restoreKept);
    connect(&model, &QAbstractItemModel::modelReset, this, &RequestsTable::tellSelected, Qt::QueuedConnection);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, [this] {
        tellSelected();
        if (m_model.rowCount() == 0)
            m_new = 0;
        showPill();
    });
    connect(this, &RowView::scrolledByUser, this, [this] {
        if (m_moving)
            return;
        if (!isAtNewest())
            setFollowing(Following::Off);
        else if (!isAnySelected())
            setFollowing(Following::On);
        if (isAtNewest())
            m_new = 0;
        showPill();
    });
    connect(m_pill, &QAbstractButton::clicked, this, [this] { setFollowing(Following::On); });
}

// ---- columns

void RequestsTable::setUpHeader()
{
    QHeaderView *columns = header();
    columns->setStretchLastSection(false);
    columns->setSortIndicatorShown(true);
    columns->setSortIndicatorClearable(true);
    columns->setSortIndicator(section(RequestColumn::Time), Qt::AscendingOrder);
    columns->setContextMenuPolicy(Qt::CustomContextMenu);
    columns->setSectionResizeMode(section(RequestColumn::Path), QHeaderView::Fixed); // it has what the others leave
    sizeColumns();
    connect(columns, &QHeaderView::sortIndicatorChanged, this, &RequestsTable::sortByHeader);
    connect(
        columns, &QHeaderView::customContextMenuRequested, this, [this, columns](const QPoint &place) { columnsMenu()->popup(columns->mapToGlobal(place)); });
    connect(columns, &QHeaderView::sectionResized, this, [this](int column) {
        if (column != section(RequestColumn::Path))
            fitPath();
    });
}

void RequestsTable::sizeColumns()
{
    const auto room = [this](RequestColumn column, const QString &sample) {
        const int title = fontMetrics().horizontalAdvance(columnTitle(column)) + fontMetrics().ascent();
        header()->resizeSection(section(column), std::max(fontMetrics().horizontalAdvance(sample), title) + 2 * cellMargin + 4);
    };
    room(RequestColumn::Time, u"00:00:00.000"_s);
    room(RequestColumn::Method, u"OPTIONS"_s);
    room(RequestColumn::Status, u"000"_s);
    room(RequestColumn::Duration, u"000.0 ms"_s);
    room(RequestColumn::Size, u"000.0 kB"_s);
    room(RequestColumn::Calls, u"0000"_s);
    room(RequestColumn::Started, u"0000-00-00 00:00:00.000"_s);
    room(RequestColumn::Host, u"localhost:00000 "_s);
    room(RequestColumn::Kind, u"Function"_s);
    room(RequestColumn::Handler, u"functions/api/index.ts"_s);
    room(RequestColumn::Environment, u"production"_s);
    room(RequestColumn::RequestSize, u"000.0 kB"_s);
    room(RequestColumn::Errors, u"000"_s);
    room(RequestColumn::Id, u"00000000"_s);
    for (int column = 0; column < requestColumnCount; ++column)
        header()->setSectionHidden(column, !isShownAtFirst(static_cast<RequestColumn>(column)));
    fitPath();
}

void RequestsTable::fitPath()
{
    const int path = section(RequestColumn::Path);
    if (header()->isSectionHidden(path))
        return;
    const int others = header()->length() - header()->sectionSize(path);
    header()->resizeSection(path, std::max(pathWidth, viewport()->width() - others));
}

void RequestsTable::resizeEvent(QResizeEvent *event)
{
    RowView::resizeEvent(event);
    fitPath();
    if (m_following == Following::On)
        toNewest();
    showPill();
}

void RequestsTable::sortByHeader(int column, Qt::SortOrder order)
{
    if (column < 0 || !isSortable(static_cast<RequestColumn>(column))) {
        header()->setSortIndicator(section(RequestColumn::Time), Qt::AscendingOrder); // comes here again
        return;
    }
    m_model.sort(column, order);
}

QMenu *RequestsTable::columnsMenu()
{
    delete m_columns;
    m_columns = new QMenu(tr("Columns"), this);
    for (int column = 0; column < requestColumnCount; ++column) {
        QAction *action = m_columns->addAction(columnTitle(static_cast<RequestColumn>(column)));
        action->setCheckable(true);
        action->setChecked(!header()->isSectionHidden(column));
        action->setEnabled(action->text() != columnTitle(RequestColumn::Path)); // a row without it tells nothing
        connect(action, &QAction::toggled, this, [this, column](bool shown) {
            header()->setSectionHidden(column, !shown);
            fitPath();
        });
    }
    m_columns->addSeparator();
    connect(m_columns->addAction(tr("Reset columns")), &QAction::triggered, this, [this] {
        for (int column = 0; column < requestColumnCount; ++column)
            header()->moveSection(header()->visualIndex(column), column);
        sizeColumns();
        header()->setSortIndicator(section(RequestColumn::Time), Qt::AscendingOrder);
    });
    return m_columns;
}

void RequestsTable::saveState(QSettings &settings) const
{
    settings.setValue(stateKey, header()->saveState());
}

void RequestsTable::restoreState(const QSettings &settings)
{
    const QByteArray state = settings.value(stateKey).toByteArray();
    if (state.isEmpty())
        return;
    header()->restoreState(state);
    header()->setSectionResizeMode(section(RequestColumn::Path), QHeaderView::Fixed);
    header()->setSectionHidden(section(RequestColumn::Path), false);
    sortByHeader(header()->sortIndicatorSection(), header()->sortIndicatorOrder());
    fitPath();
}

// ---- following

bool RequestsTable::canFollow() const
{
    return m_model.isByArrival();
}

bool RequestsTable::isAtNewest() const
{
    const QScrollBar *bar = verticalScrollBar();
    return m_model.isDescending() ? bar->value() == 0 : bar->value() == bar->maximum();
}

void RequestsTable::toNewest()
{
    if (!canFollow())
        return;
    const QScopedValueRollback moving(m_moving, true);
    verticalScrollBar()->setValue(m_model.isDescending() ? 0 : verticalScrollBar()->maximum());
}

void RequestsTable::setFollowing(Following following)
{
    if (following == Following::On && canFollow()) {
        const QScopedValueRollback moving(m_moving, true);
        clearSelection();
        selectionModel()->clearCurrentIndex();
        toNewest();
        m_new = 0;
    }
    const bool other = m_following != following;
    m_following = following;
    tellSelected();
    showPill();
    if (other)
        Q_EMIT followingChanged();
}

void RequestsTable::rowsInserted(const QModelIndex &parent, int start, int end)
{
    RowView::rowsInserted(parent, start, end);
    if (m_following == Following::On)
        toNewest();
    else if (m_model.isByArrival() && (m_model.isDescending() ? start == 0 : end == m_model.rowCount() - 1))
        m_new += static_cast<std::uint64_t>(end - start + 1);
    showPill();
}

void RequestsTable::showPill()
{
    const bool shown = m_following == Following::Off && m_new > 0 && canFollow() && m_model.rowCount() > 0;
    if (shown) {
        m_pill->setText(m_model.isDescending() ? counted(m_new, tr("%1 new request ↑"), tr("%1 new requests ↑"))
                                               : counted(m_new, tr("%1 new request ↓"), tr("%1 new requests ↓")));
        m_pill->setToolTip(tr("Jump to newest (End)"));
        m_pill->setAccessibleName(tr("Jump to newest"));
        m_pill->resize(m_pill->sizeHint());
        const QRect area = viewport()->geometry();
        m_pill->move(area.left() + (area.width() - m_pill->width()) / 2, m_model.isDescending() ? area.top() + 8 : area.bottom() - m_pill->height() - 8);
        m_pill->raise();
    }
    m_pill->setVisible(shown);
}

// ---- selection

bool RequestsTable::isAnySelected() const
{
    return selectionModel()->hasSelection();
}

RequestsTable::Sequence RequestsTable::selected() const
{
    if (!isAnySelected())
        return 0;
    const QModelIndex current = currentIndex();
    if (current.isValid() && selectionModel()->isSelected(current))
        return m_model.sequenceAt(current.row());
    return m_model.sequenceAt(selectionModel()->selection().constFirst().top());
}

std::vector<RequestsTable::Sequence> RequestsTable::selectedOnes(std::size_t most) const
{
    std::vector<std::pair<int, int>> ranges;
    for (const QItemSelectionRange &range : selectionModel()->selection())
        ranges.emplace_back(range.top(), range.bottom());
    std::ranges::sort(ranges);
    std::vector<Sequence> found;
    int next = 0;
    for (const auto &[top, bottom] : ranges) {
        for (int row = std::max(top, next); row <= bottom && found.size() < most; ++row)
            found.push_back(m_model.sequenceAt(row));
        next = std::max(next, bottom + 1);
    }
    return found;
}

void RequestsTable::select(Sequence sequence)
{
    const int row = m_model.rowOf(sequence);
    if (row < 0)
        return;
    const QModelIndex index = m_model.index(row, 0);
    setCurrentIndex(index);
    scrollTo(index, PositionAtCenter);
}

void RequestsTable::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    RowView::selectionChanged(selected, deselected);
    if (m_moving)
        return;
    if (isAnySelected() && m_following == Following::On)
        setFollowing(Following::Off);
    tellSelected();
}

void RequestsTable::tellSelected()
{
    const Sequence now = selected();
    if (now == m_told)
        return;
    m_told = now;
    Q_EMIT selectedChanged();
}

void RequestsTable::keep()
{
    m_keptSelection = selectedOnes(mostKept);
    m_keptCurrent = m_model.sequenceAt(currentIndex().row());
    m_keptTop = m_model.sequenceAt(firstRow());
    const int offset = currentIndex().row() - firstRow();
    m_keptOffset = currentIndex().isValid() && offset >= 0 && currentIndex().row() <= lastRow() ? offset : -1;
}

void RequestsTable::restoreKept()
{
    const QScopedValueRollback moving(m_moving, true);
    std::vector<int> rows;
    for (const Sequence sequence : m_keptSelection) {
        if (const int row = m_model.rowOf(sequence, RequestsModel::Effort::Quick); row >= 0)
            rows.push_back(row);
    }
    const int current = m_keptCurrent ? m_model.rowOf(m_keptCurrent) : -1;
    if (current >= 0 && std::ranges::find(m_keptSelection, m_keptCurrent) != m_keptSelection.end())
        rows.push_back(current);
    std::ranges::sort(rows);
    QItemSelection selection;
    const int last = m_model.columnCount() - 1;
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t end = i + 1;
        while (end < rows.size() && rows[end] <= rows[end - 1] + 1)
            ++end;
        selection.append(QItemSelectionRange(m_model.index(rows[i], 0), m_model.index(rows[end - 1], last)));
        i = end;
    }
    if (current >= 0)
        selectionModel()->setCurrentIndex(m_model.index(current, 0), QItemSelectionModel::NoUpdate);
    selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);

    m_new = 0;
    if (m_following == Following::On && canFollow()) {
        toNewest();
    } else if (current >= 0 && m_keptOffset >= 0) {
        verticalScrollBar()->setValue(current - m_keptOffset);
    } else if (const int top = m_keptTop && m_model.isByArrival() ? m_model.rowOf(m_keptTop) : -1; top >= 0) { // among sorted ones it would be looked for in all
        verticalScrollBar()->setValue(top);
    }
    viewport()->update();
    tellSelected();
    showPill();
    Q_EMIT followingChanged(); // whether it can may be another
}

// ---- keys and clipboard

void RequestsTable::keyPressEvent(QKeyEvent *event)
{
    const int newestKey = m_model.isDescending() ? Qt::Key_Home : Qt::Key_End;
    const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (plain && event->key() == newestKey && canFollow()) {
        setFollowing(Following::On);
    } else if (plain && event->key() == Qt::Key_Escape) {
        setFollowing(canFollow() ? Following::On : m_following);
        clearSelection();
    } else if (event->text() == u"/"_s) {
        Q_EMIT filterAsked();
    } else if ((event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) && plain && !isAnySelected() && m_model.rowCount() > 0 && canFollow()) {
        // Not at the top of a long table.
        setCurrentIndex(m_model.index(m_model.isDescending() ? 0 : m_model.rowCount() - 1, 0));
    } else {
        RowView::keyPressEvent(event);
        return;
    }
    event->accept();
}

void RequestsTable::contextMenuEvent(QContextMenuEvent *event)
{
    Q_EMIT menuAsked(event->reason() == QContextMenuEvent::Keyboard ? viewport()->mapToGlobal(visualRect(currentIndex()).bottomLeft()) : event->globalPos());
}

void RequestsTable::copy()
{
    const auto ones = selectedOnes(2);
    if (ones.size() != 1) {
        copyRows();
    } else if (const auto row = m_model.recording()->row(ones.front())) {
        QGuiApplication::clipboard()->setText(fromUtf8(row->request.target));
    }
}

void RequestsTable::copyRows()
{
    std::vector<Sequence> ones = selectedOnes(static_cast<std::size_t>(std::max(0, m_model.rowCount())));
    if (ones.empty())
        return;
    std::vector<RequestColumn> columns;
    for (int visual = 0; visual < header()->count(); ++visual) {
        const int logical = header()->logicalIndex(visual);
        if (!header()->isSectionHidden(logical))
            columns.push_back(static_cast<RequestColumn>(logical));
    }
    m_copying.start(
        [recording = m_model.recording(), ones = std::move(ones), columns = std::move(columns)](const std::stop_token &stop) {
            QString text;
            const bool hosts = std::ranges::find(columns, RequestColumn::Host) != columns.end();
            for (const Sequence sequence : ones) {
                if (stop.stop_requested())
                    break;
                const auto row = recording->row(sequence);
                if (!row)
                    continue;
                QString host;
                if (hosts) {
                    if (const auto record = recording->record(sequence))
                        host = fromUtf8(hostOf(record->content.requestHead));
                }
                QStringList cells;
                for (const RequestColumn column : columns)
                    cells << oneLine(columnText(column, *row, host), 1 << 20);
                text += cells.join(u'\t') + u'\n';
            }
            return text;
        },
        [](QString &&text) { QGuiApplication::clipboard()->setText(text); });
}

} // namespace cleat::ui
