// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/hexview.h"

#include "ui/widgets/theme.h"

#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QScrollBar>

#include <climits>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int margin = 8;
constexpr char16_t digits[] = u"0123456789abcdef";

} // namespace

HexView::HexView(QWidget *parent) : QAbstractScrollArea(parent), m_bytes(std::make_shared<const std::string>())
{
    setFont(monospaceFont());
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setAccessibleName(tr("Value as bytes"));
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    fit();
}

HexView::~HexView() = default;

void HexView::setBytes(ValueBytes bytes, Place place)
{
    m_bytes = std::move(bytes);
    const std::size_t last = m_bytes->empty() ? 0 : m_bytes->size() - 1;
    m_found = {};
    m_hit = 0;
    if (place == Place::Start || m_caret > last || m_anchor > last) {
        m_anchor = m_caret = 0;
        m_selected = false;
    }
    if (place == Place::Start)
        verticalScrollBar()->setValue(0);
    fit();
    if (!m_wish.text.isEmpty())
        find(std::exchange(m_wish, {}));
}

std::size_t HexView::selectionEnd() const
{
    return m_selected ? std::min(m_bytes->size(), std::max(m_anchor, m_caret) + 1) : selectionBegin();
}

void HexView::select(std::size_t begin, std::size_t end)
{
    m_anchor = begin;
    m_caret = end > begin ? end - 1 : begin;
    m_selected = end > begin;
    ensureVisible(m_caret);
    ensureVisible(m_anchor);
    viewport()->update();
}

// ---- geometry

int HexView::rowHeight() const
{
    return fontMetrics().lineSpacing() + 2;
}

int HexView::wholeRows() const
{
    return std::max(1, viewport()->height() / rowHeight());
}

int HexView::charWidth() const
{
    return fontMetrics().horizontalAdvance(u'0');
}

int HexView::placeDigits() const
{
    return m_bytes->size() > 0xFFFFFF ? 8 : 6;
}

int HexView::digitsX(int column) const
{
    return margin + charWidth() * (placeDigits() + 2 + column * 3 + column / 8);
}

int HexView::charactersX(int column) const
{
    return digitsX(m_rowBytes) + charWidth() * (1 + column);
}

int HexView::rowWidth() const
{
    return charactersX(m_rowBytes) + margin;
}

void HexView::fit()
{
    const auto top = static_cast<std::size_t>(verticalScrollBar()->value()) * static_cast<std::size_t>(m_rowBytes);
    for (m_rowBytes = 16; m_rowBytes > 4 && rowWidth() > viewport()->width();)
        m_rowBytes /= 2;
    refreshScrollBars();
    verticalScrollBar()->setValue(static_cast<int>(top / static_cast<std::size_t>(m_rowBytes)));
    viewport()->update();
}

void HexView::refreshScrollBars()
{
    const std::size_t rows = (m_bytes->size() + static_cast<std::size_t>(m_rowBytes) - 1) / static_cast<std::size_t>(m_rowBytes);
    verticalScrollBar()->setSingleStep(1);
    verticalScrollBar()->setPageStep(wholeRows());
    verticalScrollBar()->setRange(0, static_cast<int>(std::min<std::size_t>(INT_MAX, rows > static_cast<std::size_t>(wholeRows()) ? rows - static_cast<std::size_t>(wholeRows()) : 0)));
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setSingleStep(charWidth() * 4);
    horizontalScrollBar()->setRange(0, std::max(0, rowWidth() - viewport()->width()));
}

void HexView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    fit();
}

void HexView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_bytes)
        fit();
}

void HexView::scrollContentsBy(int, int)
{
    viewport()->update();
}

HexView::Side HexView::sideAt(int x) const
{
    return x + horizontalScrollBar()->value() >= charactersX(0) - charWidth() / 2 ? Side::Characters : Side::Digits;
}

std::size_t HexView::byteAt(const QPoint &point, Side side) const
{
    const int x = point.x() + horizontalScrollBar()->value();
    int column = 0;
    if (side == Side::Characters)
        column = (x - charactersX(0)) / charWidth();
    else
        while (column + 1 < m_rowBytes && x >= digitsX(column + 1) - charWidth() / 2)
            ++column;
    column = std::clamp(column, 0, m_rowBytes - 1);
    const std::int64_t row = std::max<std::int64_t>(0, verticalScrollBar()->value() + (point.y() < 0 ? -1 : point.y() / rowHeight()));
    const auto byte = static_cast<std::size_t>(row) * static_cast<std::size_t>(m_rowBytes) + static_cast<std::size_t>(column);
    return m_bytes->empty() ? 0 : std::min(byte, m_bytes->size() - 1);
}

// ---- painting

void HexView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.setFont(font());
    const QPalette &p = palette();
    const Colors &c = colors(p);
    const int left = -horizontalScrollBar()->value();
    const int height = rowHeight();
    const int ascent = fontMetrics().ascent() + 1;
    const auto perRow = static_cast<std::size_t>(m_rowBytes);
    const QPalette::ColorGroup group = hasFocus() || m_hit > 0 ? QPalette::Active : QPalette::Inactive;
    const QColor hitBack = mixed(c.warning, p.color(QPalette::Base), 0.35);
    const std::size_t begin = selectionBegin();
    const std::size_t end = selectionEnd();
    std::size_t at = static_cast<std::size_t>(verticalScrollBar()->value()) * perRow;
    auto hit = std::ranges::lower_bound(m_found.hits, at + 1, {}, &ByteHits::Hit::end);
    for (int y = 0; y < viewport()->height() && at < m_bytes->size(); y += height, at += perRow) {
        painter.setPen(c.muted);
        painter.drawText(left + margin, y + ascent, u"%1"_s.arg(at, placeDigits(), 16, QLatin1Char('0')));
        const std::size_t count = std::min(perRow, m_bytes->size() - at);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t byte = at + i;
            const auto column = static_cast<int>(i);
            const auto value = static_cast<unsigned char>((*m_bytes)[byte]);
            while (hit != m_found.hits.end() && hit->end <= byte)
                ++hit;
            const bool found = hit != m_found.hits.end() && hit->begin <= byte;
            const bool selected = byte >= begin && byte < end;
            if (selected || found) {
                const QColor back = selected ? p.color(group, QPalette::Highlight) : hitBack;
                const bool joined = i + 1 < count && (selected ? byte + 1 < end : byte + 1 < hit->end);
                const int width = joined ? digitsX(column + 1) - digitsX(column) : 2 * charWidth();
                painter.fillRect(left + digitsX(column), y, width, height, back);
                painter.fillRect(left + charactersX(column), y, charWidth(), height, back);
            }
            const QColor ink = p.color(QPalette::Text);
            const bool printable = value >= 0x20 && value < 0x7F;
            painter.setPen(selected ? p.color(group, QPalette::HighlightedText) : value == 0 ? c.muted : ink);
            const QChar pair[] = {QChar(digits[value >> 4]), QChar(digits[value & 15])};
            painter.drawText(left + digitsX(column), y + ascent, QString(pair, 2));
            painter.setPen(selected ? p.color(group, QPalette::HighlightedText) : printable ? ink : c.muted);
            painter.drawText(left + charactersX(column), y + ascent, printable ? QString(QLatin1Char(static_cast<char>(value))) : u"·"_s);
            if (hasFocus() && byte == m_caret && !m_selected) {
                painter.setPen(c.accent);
                painter.setBrush(Qt::NoBrush);
                painter.drawRect(left + digitsX(column) - 1, y, 2 * charWidth() + 1, height - 1);
                painter.drawRect(left + charactersX(column) - 1, y, charWidth() + 1, height - 1);
            }
        }
    }
    painter.fillRect(left + charactersX(0) - charWidth() / 2 - 2, 0, 1, viewport()->height(), c.border);
}

// ---- moving

void HexView::moveTo(std::int64_t byte, Moving moving)
{
    const auto last = static_cast<std::int64_t>(m_bytes->size()) - 1;
    m_caret = static_cast<std::size_t>(std::max<std::int64_t>(0, std::min(byte, last)));
    if (moving == Moving::Caret)
        m_anchor = m_caret;
    m_selected = moving == Moving::Selection;
    ensureVisible(m_caret);
    viewport()->update();
}

void HexView::ensureVisible(std::size_t byte)
{
    const auto row = static_cast<int>(byte / static_cast<std::size_t>(m_rowBytes));
    const int first = verticalScrollBar()->value();
    if (row < first)
        verticalScrollBar()->setValue(first - row > wholeRows() ? row - wholeRows() / 3 : row);
    else if (row >= first + wholeRows())
        verticalScrollBar()->setValue(row - first > 2 * wholeRows() ? row - wholeRows() / 3 : row - wholeRows() + 1);
}

void HexView::keyPressEvent(QKeyEvent *event)
{
    const Moving moving = event->modifiers() & Qt::ShiftModifier ? Moving::Selection : Moving::Caret;
    const bool control = event->modifiers() & Qt::ControlModifier;
    const auto at = static_cast<std::int64_t>(m_caret);
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    if (event->matches(QKeySequence::SelectAll)) {
        m_anchor = 0;
        m_caret = m_bytes->empty() ? 0 : m_bytes->size() - 1;
        m_selected = !m_bytes->empty();
        viewport()->update();
        return;
    }
    switch (event->key()) {
    case Qt::Key_Left:
        moveTo(at - 1, moving);
        break;
    case Qt::Key_Right:
        moveTo(at + 1, moving);
        break;
    case Qt::Key_Up:
        moveTo(at >= m_rowBytes ? at - m_rowBytes : at, moving);
        break;
    case Qt::Key_Down:
        moveTo(at + m_rowBytes < static_cast<std::int64_t>(m_bytes->size()) ? at + m_rowBytes : at, moving);
        break;
    case Qt::Key_PageUp:
        moveTo(at - std::int64_t(m_rowBytes) * wholeRows(), moving);
        break;
    case Qt::Key_PageDown:
        moveTo(at + std::int64_t(m_rowBytes) * wholeRows(), moving);
        break;
    case Qt::Key_Home:
        moveTo(control ? 0 : at - at % m_rowBytes, moving);
        break;
    case Qt::Key_End:
        moveTo(control ? static_cast<std::int64_t>(m_bytes->size()) : at - at % m_rowBytes + m_rowBytes - 1, moving);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
}

void HexView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_bytes->empty())
        return;
    m_side = sideAt(event->position().toPoint().x());
    moveTo(static_cast<std::int64_t>(byteAt(event->position().toPoint(), m_side)), event->modifiers() & Qt::ShiftModifier ? Moving::Selection : Moving::Caret);
}

void HexView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_bytes->empty())
        return;
    const std::size_t byte = byteAt(event->position().toPoint(), m_side);
    if (byte != m_caret)
        moveTo(static_cast<std::int64_t>(byte), Moving::Selection);
}

void HexView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto copyAs = [this](const QString &text) { QGuiApplication::clipboard()->setText(text); };
    const std::string_view part = std::string_view(*m_bytes).substr(selectionBegin(), selectionEnd() - selectionBegin());
    menu->addAction(tr("Copy as &digits"), this, [this, copyAs, part, bytes = m_bytes] { copyAs(asDigits(part)); })->setEnabled(m_selected);
    menu->addAction(tr("Copy as &text"), this, [this, copyAs, part, bytes = m_bytes] { copyAs(asCharacters(part)); })->setEnabled(m_selected);
    menu->addAction(tr("Copy as &Base64"), this, [copyAs, part, bytes = m_bytes] {
        copyAs(QString::fromLatin1(QByteArray::fromRawData(part.data(), static_cast<qsizetype>(part.size())).toBase64()));
    })->setEnabled(m_selected);
    menu->addSeparator();
    menu->addAction(tr("Copy &place"), this, [this, copyAs] { copyAs(u"0x%1"_s.arg(m_caret, 0, 16)); });
    menu->popup(event->globalPos());
}

void HexView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void HexView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

QString HexView::asDigits(std::string_view bytes) const
{
    QString out(static_cast<qsizetype>(bytes.size()) * 3, Qt::Uninitialized);
    QChar *to = out.data();
    for (const char c : bytes) {
        const auto value = static_cast<unsigned char>(c);
        *to++ = QChar(digits[value >> 4]);
        *to++ = QChar(digits[value & 15]);
        *to++ = u' ';
    }
    out.chop(out.isEmpty() ? 0 : 1);
    return out;
}

QString HexView::asCharacters(std::string_view bytes) const
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QString HexView::selectedText() const
{
    const std::string_view all = *m_bytes;
    const std::string_view part = m_selected ? all.substr(selectionBegin(), selectionEnd() - selectionBegin()) : all;
    return m_side == Side::Digits ? asDigits(part) : asCharacters(part);
}

void HexView::copy() const
{
    QGuiApplication::clipboard()->setText(selectedText());
}

// ---- find

void HexView::find(const FindWish &wish)
{
    if (wish == m_wish)
        return;
    m_wish = wish;
    m_found = {};
    m_hit = 0;
    m_problem.clear();
    m_searching.drop();
    viewport()->update();
    if (wish.means == FindWish::Means::Bytes && !wish.text.isEmpty() && !parseHex(wish.text)) {
        m_problem = tr("Type pairs of digits, as de ad be ef");
    } else if (!wish.text.isEmpty()) {
        m_searching.start([bytes = m_bytes, wish](std::stop_token stop) { return findBytes(*bytes, wish, stop); },
            [this](ByteHits &&found) {
                m_found = std::move(found);
                if (!m_found.hits.empty()) {
                    const auto next = std::ranges::lower_bound(m_found.hits, selectionBegin(), {}, &ByteHits::Hit::begin);
                    showHit(next == m_found.hits.end() ? 0 : static_cast<std::size_t>(next - m_found.hits.begin()));
                }
                tellFind();
            });
    }
    tellFind();
}

void HexView::findStep(Step step)
{
    const std::size_t count = m_found.hits.size();
    if (count == 0)
        return;
    showHit(step == Step::Next ? m_hit % count : (m_hit + count - 2) % count);
    tellFind();
}

void HexView::showHit(std::size_t number)
{
    m_hit = number + 1;
    select(m_found.hits[number].begin, m_found.hits[number].end);
}

void HexView::tellFind()
{
    if (findStateChanged)
        findStateChanged({m_hit, m_found.hits.size(), m_searching.isRunning(), m_found.hasMore, m_problem});
}

} // namespace cleat::ui
