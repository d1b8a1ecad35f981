// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/textview.h"

#include "ui/values/utf8.h"
#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QLocale>
#include <QPainter>
#include <QPaintEvent>
#include <QScrollBar>

#include <climits>
#include <cmath>

namespace cleat::ui {

namespace {

constexpr int margin = 6; ///< before the text
constexpr std::size_t readAtOnce = 64 * 1024;
constexpr std::size_t keepLaid = 400;

} // namespace

/// The numbers of the lines, at the left.
class TextView::Numbers final : public QWidget
{
public:
    explicit Numbers(TextView *view) : QWidget(view), m_view(*view) { setAttribute(Qt::WA_TransparentForMouseEvents); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        m_view.paintNumbers(painter);
    }

private:
    TextView &m_view;
};

TextView::TextView(QWidget *parent) : QAbstractScrollArea(parent), m_numbers(new Numbers(this))
{
    setFont(monospaceFont());
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Value as text"));
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    setBytes(std::make_shared<const std::string>());
}

TextView::~TextView() = default;

void TextView::setBytes(ValueBytes bytes, Place place)
{
    const bool keep = place == Place::Keep && m_bytes;
    const std::size_t top = keep ? m_rows->row(static_cast<std::uint64_t>(verticalScrollBar()->value())).begin : 0;
    m_bytes = std::move(bytes);
    m_anchor = keep ? std::min(m_anchor, m_bytes->size()) : 0;
    m_caret = keep ? std::min(m_caret, m_bytes->size()) : 0;
    m_wishedX.reset();
    m_found = {};
    m_hit = 0;
    m_widest = 0;
    m_mostLines = 0;
    m_topWhenRead = keep ? std::optional(std::min(top, m_bytes->size())) : std::nullopt;
    m_seenWhenRead.reset();
    if (!keep) {
        verticalScrollBar()->setValue(0);
        horizontalScrollBar()->setValue(0);
    }
    cutRows();
    if (!m_wish.text.isEmpty())
        find(std::exchange(m_wish, {}));
}

void TextView::setWrap(Wrap wrap)
{
    if (wrap == m_wrap)
        return;
    if (!m_topWhenRead)
        m_topWhenRead = m_rows->row(static_cast<std::uint64_t>(verticalScrollBar()->value())).begin;
    m_wrap = wrap;
    horizontalScrollBar()->setValue(0);
    cutRows();
}

int TextView::wantedCells() const
{
    if (m_wrap == Wrap::Off)
        return TextRows::widestRow;
    return static_cast<int>((viewport()->width() - 2 * margin) / QFontMetricsF(font()).horizontalAdvance(u'0'));
}

/// The beginning at once, so that there is something to look at; the rest away from the GUI thread.
void TextView::cutRows()
{
    auto rows = std::make_shared<TextRows>(m_bytes, wantedCells());
    rows->build(readAtOnce);
    m_rows = rows;
    m_mostLines = std::max(m_mostLines, rows->isComplete() ? rows->lines() : rows->lines() * rows->likelyCount() / std::max<std::uint64_t>(1, rows->count()));
    m_laid.clear();
    m_reading.drop();
    if (!rows->isComplete()) {
        m_reading.start(
            [bytes = m_bytes, cells = rows->cells()](std::stop_token stop) {
                auto all = std::make_shared<TextRows>(bytes, cells);
                all->build(SIZE_MAX, stop);
                return all;
            },
            [this](std::shared_ptr<TextRows> &&all) {
                m_rows = std::move(all);
                m_mostLines = std::max<std::uint64_t>(m_mostLines, m_rows->lines());
                m_laid.clear();
                refreshScrollBars();
                if (m_topWhenRead)
                    verticalScrollBar()->setValue(static_cast<int>(m_rows->rowAt(*std::exchange(m_topWhenRead, {}))));
                if (m_seenWhenRead)
                    ensureVisible(*std::exchange(m_seenWhenRead, {}));
                viewport()->update();
            });
    }
    refreshScrollBars();
    if (rows->isComplete() && m_topWhenRead)
        verticalScrollBar()->setValue(static_cast<int>(rows->rowAt(*std::exchange(m_topWhenRead, {}))));
    viewport()->update();
}

// ---- geometry

int TextView::rowHeight() const
{
    return fontMetrics().lineSpacing() + 1;
}

int TextView::wholeRows() const
{
    return std::max(1, viewport()->height() / rowHeight());
}

int TextView::numbersWidth() const
{
    return fontMetrics().horizontalAdvance(QLocale().toString(static_cast<qulonglong>(std::max<std::uint64_t>(m_mostLines, 99)))) + 14;
}

void TextView::refreshScrollBars()
{
    setViewportMargins(numbersWidth(), 0, 0, 0);
    m_numbers->setGeometry(viewport()->x() - numbersWidth(), viewport()->y(), numbersWidth(), viewport()->height());
    m_numbers->update();
    const auto rows = static_cast<int>(std::min<std::uint64_t>(m_rows->count(), INT_MAX));
    verticalScrollBar()->setSingleStep(1);
    verticalScrollBar()->setPageStep(wholeRows());
    verticalScrollBar()->setRange(0, std::max(0, rows - wholeRows()));
    const int over = m_wrap == Wrap::Off ? m_widest + 2 * margin - viewport()->width() : 0;
    horizontalScrollBar()->setSingleStep(fontMetrics().averageCharWidth() * 4);
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, std::max(0, over));
}

void TextView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    if (m_rows->cells() != TextRows(m_bytes, wantedCells()).cells()) {
        if (!m_topWhenRead)
            m_topWhenRead = m_rows->row(static_cast<std::uint64_t>(verticalScrollBar()->value())).begin;
        cutRows();
    } else {
        refreshScrollBars();
    }
}

void TextView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_rows)
        cutRows();
}

void TextView::scrollContentsBy(int, int)
{
    viewport()->update();
    m_numbers->update();
}

const TextView::Laid &TextView::laid(std::uint64_t number) const
{
    if (const auto found = m_laid.find(number); found != m_laid.end())
        return found->second;
    if (m_laid.size() > keepLaid)
        m_laid.clear();
    Laid made;
    const auto before = number > 0 ? m_laid.find(number - 1) : m_laid.end();
    made.spot = before != m_laid.end() ? m_rows->after(before->second.spot) : m_rows->spot(number);
    made.row = made.spot.row;
    made.shown = shownRow(std::string_view(*m_bytes).substr(made.row.begin, made.row.end - made.row.begin));
    made.layout = std::make_unique<QTextLayout>(made.shown.text, font());
    QTextOption option;
    option.setWrapMode(QTextOption::NoWrap);
    option.setTextDirection(Qt::LeftToRight);
    option.setTabStopDistance(QFontMetricsF(font()).horizontalAdvance(u'0') * 8);
    made.layout->setTextOption(option);
    made.layout->setCacheEnabled(true);
    made.layout->beginLayout();
    QTextLine line = made.layout->createLine();
    if (line.isValid())
        line.setLineWidth(INT_MAX / 256);
    made.layout->endLayout();
    return m_laid.emplace(number, std::move(made)).first->second;
}

int TextView::xOf(const Laid &laid, std::size_t offset) const
{
    if (laid.layout->lineCount() == 0)
        return 0;
    const auto within = static_cast<std::uint32_t>(offset - laid.row.begin);
    const auto unit = std::ranges::lower_bound(laid.shown.offsets, within);
    return static_cast<int>(std::lround(laid.layout->lineAt(0).cursorToX(static_cast<int>(unit - laid.shown.offsets.begin()))));
}

std::size_t TextView::offsetInRow(std::uint64_t number, int x) const
{
    const Laid &row = laid(number);
    if (row.layout->lineCount() == 0)
        return row.row.begin;
    const int unit = row.layout->lineAt(0).xToCursor(x);
    const std::size_t offset = row.row.begin + row.shown.offsets[static_cast<std::size_t>(std::clamp(unit, 0, static_cast<int>(row.shown.text.size())))];
    return row.row.breaksLine && offset == row.row.end && offset > row.row.begin ? stepped(offset, -1) : offset; // the end belongs to the next row
}

std::size_t TextView::offsetAt(const QPoint &point) const
{
    const std::int64_t number = verticalScrollBar()->value() + (point.y() < 0 ? (point.y() - rowHeight() + 1) / rowHeight() : point.y() / rowHeight());
    if (number < 0)
        return 0;
    if (static_cast<std::uint64_t>(number) >= m_rows->count())
        return m_bytes->size();
    return offsetInRow(static_cast<std::uint64_t>(number), point.x() - margin + horizontalScrollBar()->value());
}

// ---- painting

void TextView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.setFont(font());
    const auto first = static_cast<std::uint64_t>(verticalScrollBar()->value());
    const auto last = std::min(m_rows->count(), first + static_cast<std::uint64_t>(viewport()->height() / rowHeight()) + 2);
    int widest = m_widest;
    int y = 0;
    for (std::uint64_t number = first; number < last; ++number, y += rowHeight()) {
        const Laid &row = laid(number);
        paintRow(painter, row, y);
        if (row.layout->lineCount() > 0)
            widest = std::max(widest, static_cast<int>(std::ceil(row.layout->lineAt(0).naturalTextWidth())));
    }
    painter.end();
    if (widest > m_widest) {
        m_widest = widest;
        if (m_wrap == Wrap::Off)
            QMetaObject::invokeMethod(this, &TextView::refreshScrollBars, Qt::QueuedConnection);
    }
}

void TextView::paintRow(QPainter &painter, const Laid &row, int y)
{
    const QPalette &p = palette();
    const Colors &c = colors(p);
    const int left = margin - horizontalScrollBar()->value();
    QList<QTextLayout::FormatRange> ranges;
    const auto unitOf = [&row](std::size_t offset) {
        const auto within = static_cast<std::uint32_t>(std::clamp(offset, row.row.begin, row.row.end) - row.row.begin);
        return static_cast<int>(std::ranges::lower_bound(row.shown.offsets, within) - row.shown.offsets.begin());
    };
    const auto add = [&](int begin, int end, const QTextCharFormat &format) {
        if (end > begin) {
            QTextLayout::FormatRange range;
            range.start = begin;
            range.length = end - begin;
            range.format = format;
            ranges.append(range);
        }
    };
    QTextCharFormat unseen;
    unseen.setForeground(c.warning);
    for (std::size_t i = 0; i < row.shown.marked.size();) {
        std::size_t end = i;
        while (end < row.shown.marked.size() && row.shown.marked[end])
            ++end;
        add(static_cast<int>(i), static_cast<int>(end), unseen);
        i = end + 1;
    }
    QTextCharFormat hitFormat;
    hitFormat.setBackground(mixed(c.warning, p.color(QPalette::Base), 0.35));
    auto hit = std::ranges::lower_bound(m_found.hits, row.row.begin + 1, {}, &ByteHits::Hit::end);
    for (int guard = 0; hit != m_found.hits.end() && hit->begin < row.row.end && guard < 2000; ++hit, ++guard)
        add(unitOf(hit->begin), unitOf(hit->end), hitFormat);
    const std::size_t begin = selectionBegin();
    const std::size_t end = selectionEnd();
    const bool active = hasFocus() || m_hit > 0;
    if (begin < end && begin < row.row.next && end > row.row.begin) {
        QTextCharFormat selected;
        const auto group = active ? QPalette::Active : QPalette::Inactive;
        selected.setBackground(p.color(group, QPalette::Highlight));
        selected.setForeground(p.color(group, QPalette::HighlightedText));
        add(unitOf(begin), unitOf(end), selected);
        if (end > row.row.end && !row.row.breaksLine) // the line's end is selected too
            painter.fillRect(left + xOf(row, row.row.end), y, fontMetrics().averageCharWidth(), rowHeight(), p.color(group, QPalette::Highlight));
    }
    painter.setPen(p.color(QPalette::Text));
    row.layout->draw(&painter, QPointF(left, y), ranges, QRectF(viewport()->rect()));
    if (row.row.breaksLine && m_wrap == Wrap::Off) {
        painter.setPen(c.muted);
        painter.drawText(QPointF(left + xOf(row, row.row.end) + 2, y + fontMetrics().ascent()), QStringLiteral("↩"));
    }
    const bool here = m_caret >= row.row.begin && (m_caret < row.row.next || (m_caret == row.row.end && m_caret == m_bytes->size()));
    if (hasFocus() && here && (m_caret <= row.row.end))
        painter.fillRect(left + xOf(row, m_caret), y, 1, rowHeight(), p.color(QPalette::Text));
}

void TextView::paintNumbers(QPainter &painter)
{
    const Colors &c = colors(palette());
    const QRect area = m_numbers->rect();
    painter.fillRect(area, palette().color(QPalette::Window));
    painter.fillRect(area.right(), 0, 1, area.height(), c.border);
    painter.setFont(font());
    painter.setPen(c.muted);
    const auto first = static_cast<std::uint64_t>(verticalScrollBar()->value());
    const auto last = std::min(m_rows->count(), first + static_cast<std::uint64_t>(area.height() / rowHeight()) + 2);
    int y = 0;
    for (std::uint64_t number = first; number < last; ++number, y += rowHeight()) {
        const Laid &row = laid(number);
        if (row.spot.beginsLine)
            painter.drawText(QRect(0, y, area.width() - 8, rowHeight()), Qt::AlignRight | Qt::AlignTop, QLocale().toString(row.spot.line));
    }
}

// ---- moving

std::size_t TextView::stepped(std::size_t offset, int by) const
{
    const std::string_view text = *m_bytes;
    if (by > 0) {
        if (offset >= text.size())
            return text.size();
        if (text.substr(offset).starts_with("\r\n"))
            return offset + 2;
        offset += utf8At(text, offset).length;
        while (offset < text.size() && static_cast<unsigned char>(text[offset]) >= 0x80 && cellsOf(utf8At(text, offset).character) == 0)
            offset += utf8At(text, offset).length;
        return offset;
    }
    if (offset == 0)
        return 0;
    if (offset >= 2 && text.substr(offset - 2).starts_with("\r\n"))
        return offset - 2;
    std::size_t at = utf8Floor(text, offset - 1);
    while (at > 0 && static_cast<unsigned char>(text[at]) >= 0x80 && cellsOf(utf8At(text, at).character) == 0)
        at = utf8Floor(text, at - 1);
    return at;
}

std::size_t TextView::wordEdge(std::size_t offset, int by) const
{
    const auto isWord = [this](std::size_t at) {
        const char32_t c = utf8At(*m_bytes, at).character;
        return c == U'_' || QChar::isLetterOrNumber(c);
    };
    constexpr int most = 4096; // a word of megabytes is none
    if (by > 0) {
        for (int i = 0; i < most && offset < m_bytes->size() && isWord(offset); ++i)
            offset = stepped(offset, 1);
    } else {
        for (int i = 0; i < most && offset > 0 && isWord(stepped(offset, -1)); ++i)
            offset = stepped(offset, -1);
    }
    return offset;
}

void TextView::moveTo(std::size_t offset, Moving moving)
{
    m_caret = std::min(offset, m_bytes->size());
    if (moving == Moving::Caret)
        m_anchor = m_caret;
    ensureVisible(m_caret);
    viewport()->update();
}

void TextView::select(std::size_t begin, std::size_t end)
{
    m_anchor = std::min(begin, m_bytes->size());
    m_caret = std::min(end, m_bytes->size());
    ensureVisible(m_anchor);
    viewport()->update();
}

void TextView::ensureVisible(std::size_t offset)
{
    if (!m_rows->isComplete() && m_rows->count() > 0 && offset >= m_rows->row(m_rows->count() - 1).begin) {
        m_seenWhenRead = offset;
        return;
    }
    const auto row = static_cast<int>(m_rows->rowAt(offset));
    const int first = verticalScrollBar()->value();
    if (row < first)
        verticalScrollBar()->setValue(first - row > wholeRows() ? row - wholeRows() / 3 : row);
    else if (row >= first + wholeRows())
        verticalScrollBar()->setValue(row - first > 2 * wholeRows() ? row - wholeRows() / 3 : row - wholeRows() + 1);
    if (m_wrap == Wrap::Off) {
        const int x = xOf(laid(static_cast<std::uint64_t>(row)), offset);
        m_widest = std::max(m_widest, x + 20);
        refreshScrollBars();
        const int scrolled = horizontalScrollBar()->value();
        if (x < scrolled)
            horizontalScrollBar()->setValue(std::max(0, x - 40));
        else if (x > scrolled + viewport()->width() - 3 * margin)
            horizontalScrollBar()->setValue(x - viewport()->width() + 60);
    }
}

void TextView::moveRows(std::int64_t by, Moving moving)
{
    if (m_rows->count() == 0)
        return;
    const auto row = static_cast<std::int64_t>(m_rows->rowAt(m_caret));
    const int x = m_wishedX.value_or(xOf(laid(static_cast<std::uint64_t>(row)), std::min(m_caret, laid(static_cast<std::uint64_t>(row)).row.end)));
    const std::int64_t target = std::clamp<std::int64_t>(row + by, 0, static_cast<std::int64_t>(m_rows->count()) - 1);
    moveTo(offsetInRow(static_cast<std::uint64_t>(target), x), moving);
    m_wishedX = x;
}

bool TextView::moveByKey(const QKeyEvent &event)
{
    const Moving moving = event.modifiers() & Qt::ShiftModifier ? Moving::Selection : Moving::Caret;
    const bool control = event.modifiers() & Qt::ControlModifier;
    if (event.modifiers() & (Qt::AltModifier | Qt::MetaModifier))
        return false;
    const std::optional<int> wished = std::exchange(m_wishedX, {});
    switch (event.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int by = event.key() == Qt::Key_Right ? 1 : -1;
        if (moving == Moving::Caret && m_anchor != m_caret && !control) {
            moveTo(by > 0 ? selectionEnd() : selectionBegin(), moving);
            return true;
        }
        std::size_t to = stepped(m_caret, by);
        if (control)
            to = wordEdge(to, by);
        moveTo(to, moving);
        return true;
    }
    case Qt::Key_Up:
    case Qt::Key_Down:
        m_wishedX = wished;
        if (control)
            verticalScrollBar()->setValue(verticalScrollBar()->value() + (event.key() == Qt::Key_Down ? 1 : -1));
        else
            moveRows(event.key() == Qt::Key_Down ? 1 : -1, moving);
        return true;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: {
        m_wishedX = wished;
        const int by = event.key() == Qt::Key_PageDown ? wholeRows() : -wholeRows();
        verticalScrollBar()->setValue(verticalScrollBar()->value() + by);
        moveRows(by, moving);
        return true;
    }
    case Qt::Key_Home:
    case Qt::Key_End: {
        const bool end = event.key() == Qt::Key_End;
        if (control) {
            moveTo(end ? m_bytes->size() : 0, moving);
        } else {
            const TextRows::Row row = m_rows->row(m_rows->rowAt(m_caret));
            moveTo(!end ? row.begin : row.breaksLine ? stepped(row.end, -1) : row.end, moving);
        }
        return true;
    }
    default:
        m_wishedX = wished;
        return false;
    }
}

void TextView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copy();
    } else if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        m_caret = m_bytes->size();
        viewport()->update();
    } else if (!moveByKey(*event)) {
        QWidget::keyPressEvent(event); // not the scroll area's: arrows are the caret's
    }
}

// ---- mouse

void TextView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_wishedX.reset();
    m_dragging = true;
    moveTo(offsetAt(event->position().toPoint()), event->modifiers() & Qt::ShiftModifier ? Moving::Selection : Moving::Caret);
}

void TextView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_dragging)
        return;
    const QPoint point = event->position().toPoint();
    if (point.y() < 0 || point.y() >= viewport()->height()) {
        if (!m_dragTimer.isActive())
            m_dragTimer.start(40, this);
    } else {
        m_dragTimer.stop();
    }
    m_caret = offsetAt(QPoint(point.x(), std::clamp(point.y(), 0, viewport()->height() - 1)));
    viewport()->update();
}

void TextView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_dragTimer.timerId()) {
        QAbstractScrollArea::timerEvent(event);
        return;
    }
    const QPoint point = viewport()->mapFromGlobal(QCursor::pos());
    const int beyond = point.y() < 0 ? point.y() : point.y() - viewport()->height();
    verticalScrollBar()->setValue(verticalScrollBar()->value() + beyond / rowHeight() + (beyond < 0 ? -1 : 1));
    m_caret = offsetAt(QPoint(point.x(), std::clamp(point.y(), 0, viewport()->height() - 1)));
    viewport()->update();
}

void TextView::mouseReleaseEvent(QMouseEvent *)
{
    m_dragging = false;
    m_dragTimer.stop();
    if (selectionBegin() < selectionEnd() && selectionEnd() - selectionBegin() < (1 << 20) && QGuiApplication::clipboard()->supportsSelection())
        QGuiApplication::clipboard()->setText(selectedText(), QClipboard::Selection);
}

void TextView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const std::size_t offset = offsetAt(event->position().toPoint());
    m_anchor = wordEdge(offset, -1);
    m_caret = wordEdge(offset, 1);
    if (m_anchor == m_caret)
        m_caret = stepped(m_caret, 1);
    m_dragging = false;
    viewport()->update();
}

void TextView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), QKeySequence::Copy, this, &TextView::copy)->setEnabled(m_anchor != m_caret);
    menu->addAction(tr("Select &All"), QKeySequence::SelectAll, this, [this] {
        m_anchor = 0;
        m_caret = m_bytes->size();
        viewport()->update();
    });
    menu->popup(event->globalPos());
}

void TextView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void TextView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

QString TextView::selectedText() const
{
    const std::string_view text = *m_bytes;
    const std::string_view part = m_anchor == m_caret ? text : text.substr(selectionBegin(), selectionEnd() - selectionBegin());
    return QString::fromUtf8(part.data(), static_cast<qsizetype>(part.size()));
}

void TextView::copy() const
{
    QGuiApplication::clipboard()->setText(selectedText());
}

// ---- find

void TextView::find(const FindWish &wish)
{
    if (wish == m_wish)
        return;
    m_wish = wish;
    m_found = {};
    m_hit = 0;
    m_searching.drop();
    viewport()->update();
    if (!wish.text.isEmpty()) {
        m_searching.start([bytes = m_bytes, wish](std::stop_token stop) { return findBytes(*bytes, wish, stop); },
            [this](ByteHits &&found) {
                m_found = std::move(found);
                if (!m_found.hits.empty()) {
                    const auto next = std::ranges::lower_bound(m_found.hits, selectionBegin(), {}, &ByteHits::Hit::begin);
                    showHit(next == m_found.hits.end() ? 0 : static_cast<std::size_t>(next - m_found.hits.begin()));
                }
                viewport()->update();
                tellFind();
            });
    }
    tellFind();
}

void TextView::findStep(Step step)
{
    const std::size_t count = m_found.hits.size();
    if (count == 0)
        return;
    showHit(step == Step::Next ? m_hit % count : (m_hit + count - 2) % count);
    tellFind();
}

void TextView::showHit(std::size_t number)
{
    m_hit = number + 1;
    select(m_found.hits[number].begin, m_found.hits[number].end);
}

void TextView::tellFind()
{
    if (findStateChanged)
        findStateChanged({m_hit, m_found.hits.size(), m_searching.isRunning(), m_found.hasMore, {}});
}

} // namespace cleat::ui
