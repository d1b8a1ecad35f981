// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/trafficchart.h"

#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QDateTime>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <cmath>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int barWidth = 4; ///< with the space after it
constexpr int dragFrom = 4; ///< pixels
constexpr double zoomStep = 1.25;
constexpr std::int64_t shortestUs = 100'000;
constexpr std::int64_t second = 1'000'000;

/// Round stretches for the ticks of the axis.
constexpr std::array<std::int64_t, 21> steps{10'000, 50'000, 100'000, 200'000, 500'000, second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
    60 * second, 120 * second, 300 * second, 600 * second, 1800 * second, 3600 * second, 7200 * second, 6 * 3600 * second, 12 * 3600 * second,
    24 * 3600 * second};

QString timeText(std::int64_t us, std::int64_t step)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(us / 1000);
    if (step >= 24 * 3600 * second)
        return time.toString(u"yyyy-MM-dd"_s);
    return time.toString(step < second ? u"HH:mm:ss.zzz"_s : u"HH:mm:ss"_s);
}

} // namespace

TrafficChart::TrafficChart(QWidget *parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::CrossCursor);
    setAccessibleName(tr("Requests over time"));
}

QSize TrafficChart::sizeHint() const
{
    return {400, 40 + fontMetrics().height()};
}

QSize TrafficChart::minimumSizeHint() const
{
    return {120, 24 + fontMetrics().height()};
}

QRect TrafficChart::plot() const
{
    return rect().adjusted(0, 2, 0, -fontMetrics().height() - 1);
}

int TrafficChart::barRoom() const
{
    return std::clamp(plot().width() / barWidth, 1, 500);
}

void TrafficChart::setTraffic(const TimeSpan &span, std::vector<Bucket> buckets)
{
    m_span = span;
    m_buckets = std::move(buckets);
    m_cursor = std::min(m_cursor, barCount() - 1);
    update();
}

void TrafficChart::setChosen(const std::optional<TimeSpan> &chosen)
{
    m_chosen = chosen;
    m_anchor = -1;
    update();
}

void TrafficChart::setChosenByUser(const std::optional<TimeSpan> &chosen)
{
    if (chosen == m_chosen)
        return;
    m_chosen = chosen;
    update();
    Q_EMIT chosenChanged();
}

// ---- time and place

std::int64_t TrafficChart::timeOf(int bar) const
{
    return m_buckets.empty() ? m_span.fromUs : m_span.fromUs + (m_span.toUs - m_span.fromUs) * bar / barCount();
}

std::int64_t TrafficChart::timeAt(int x) const
{
    const QRect area = plot();
    const double part = std::clamp((x - area.left()) / std::max(1.0, static_cast<double>(area.width())), 0.0, 1.0);
    return m_span.fromUs + static_cast<std::int64_t>(static_cast<double>(m_span.toUs - m_span.fromUs) * part);
}

double TrafficChart::xOf(std::int64_t us) const
{
    const QRect area = plot();
    return area.left() + static_cast<double>(us - m_span.fromUs) / static_cast<double>(std::max<std::int64_t>(1, m_span.toUs - m_span.fromUs)) * area.width();
}

int TrafficChart::barAt(int x) const
{
    const QRect area = plot();
    if (m_buckets.empty() || x < area.left() || x > area.right())
        return -1;
    return std::min(barCount() - 1, static_cast<int>(static_cast<std::int64_t>(x - area.left()) * barCount() / std::max(1, area.width())));
}

QString TrafficChart::barText(int bar) const
{
    if (bar < 0 || bar >= barCount())
        return {};
    const Bucket &bucket = m_buckets[static_cast<std::size_t>(bar)];
    const QString when = tr("%1 to %2").arg(formatTime(timeOf(bar)), formatTime(timeOf(bar + 1)));
    const QLocale locale;
    QString text = u"%1\n%2"_s.arg(when, bucket.requests == 1 ? tr("1 request") : tr("%1 requests").arg(locale.toString(bucket.requests)));
    if (bucket.errors)
        text += tr(", %1 with errors").arg(locale.toString(bucket.errors));
    if (bucket.requests)
        text += tr("\np50 %1, p95 %2, p99 %3").arg(formatDuration(bucket.p50Us), formatDuration(bucket.p95Us), formatDuration(bucket.p99Us));
    return text;
}

// ---- choosing

void TrafficChart::choose(int from, int to)
{
    setChosenByUser(TimeSpan{timeOf(std::min(from, to)), timeOf(std::max(from, to) + 1)});
}

void TrafficChart::zoom(double factor, std::int64_t around)
{
    const double length = std::max(static_cast<double>(shortestUs), static_cast<double>(m_span.toUs - m_span.fromUs) * factor);
    const double part = static_cast<double>(around - m_span.fromUs) / static_cast<double>(std::max<std::int64_t>(1, m_span.toUs - m_span.fromUs));
    const auto from = around - static_cast<std::int64_t>(length * part);
    Q_EMIT spanAsked({from, from + static_cast<std::int64_t>(length)});
}

void TrafficChart::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_buckets.empty())
        return;
    m_pressX = event->position().toPoint().x();
    m_dragging = false;
}

void TrafficChart::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint place = event->position().toPoint();
    const int x = std::clamp(place.x(), plot().left(), plot().right());
    if (m_pressX && (m_dragging || std::abs(x - *m_pressX) >= dragFrom)) {
        m_dragging = true;
        m_chosen = TimeSpan{timeOf(barAt(std::min(x, *m_pressX))), timeOf(barAt(std::max(x, *m_pressX)) + 1)};
    }
    const int bar = rect().contains(place) ? barAt(place.x()) : -1;
    if (bar != m_hover || m_dragging) {
        m_hover = bar;
        update();
        if (bar >= 0)
            QToolTip::showText(event->globalPosition().toPoint(), barText(bar), this);
    }
}

void TrafficChart::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_pressX)
        return;
    m_pressX.reset();
    if (std::exchange(m_dragging, false))
        Q_EMIT chosenChanged();
}

void TrafficChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    setChosenByUser(std::nullopt);
    Q_EMIT allAsked();
}

void TrafficChart::wheelEvent(QWheelEvent *event)
{
    const int turn = event->angleDelta().y();
    if (turn == 0 || m_buckets.empty()) {
        event->ignore();
        return;
    }
    zoom(turn > 0 ? 1 / zoomStep : zoomStep, timeAt(event->position().toPoint().x()));
    event->accept();
}

void TrafficChart::leaveEvent(QEvent *)
{
    m_hover = -1;
    update();
}

void TrafficChart::resizeEvent(QResizeEvent *)
{
    Q_EMIT resized();
}

bool TrafficChart::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const QPoint place = static_cast<QHelpEvent *>(event)->pos();
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), barText(barAt(place.x())), this);
        return true;
    }
    return QWidget::event(event);
}

void TrafficChart::setCursorBar(int bar)
{
    m_cursor = std::clamp(bar, 0, std::max(0, barCount() - 1));
    setAccessibleDescription(barText(m_cursor));
    update();
}

void TrafficChart::keyPressEvent(QKeyEvent *event)
{
    const auto middle = [this] { return m_cursor >= 0 ? timeOf(m_cursor) : m_span.fromUs + (m_span.toUs - m_span.fromUs) / 2; };
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int before = m_cursor < 0 ? barCount() - 1 : m_cursor;
        setCursorBar(m_cursor < 0 ? barCount() - 1 : m_cursor + (event->key() == Qt::Key_Left ? -1 : 1));
        if (shift) {
            m_anchor = m_anchor < 0 ? before : m_anchor;
            choose(m_anchor, m_cursor);
        } else {
            m_anchor = -1;
        }
        return;
    }
    case Qt::Key_Home:
        setCursorBar(0);
        return;
    case Qt::Key_End:
        setCursorBar(barCount() - 1);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_cursor >= 0)
            choose(m_cursor, m_cursor);
        return;
    case Qt::Key_Escape:
        m_anchor = -1;
        setChosenByUser(std::nullopt);
        return;
    case Qt::Key_Plus:
        zoom(1 / zoomStep, middle());
        return;
    case Qt::Key_Minus:
        zoom(zoomStep, middle());
        return;
    case Qt::Key_0:
        Q_EMIT allAsked();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

// ---- painting

void TrafficChart::paintBars(QPainter &painter, const QRect &area) const
{
    std::uint32_t most = 1;
    for (const Bucket &bucket : m_buckets)
        most = std::max(most, bucket.requests);
    const Colors &c = colors(palette());
    const QColor back = palette().color(QPalette::Base);
    const QColor plain = mixed(c.accent, back, 0.55);
    const QColor strong = mixed(c.accent, back, 0.85);
    const double room = static_cast<double>(area.width()) / barCount();
    const auto heightOf = [&](std::uint32_t count) { return count ? std::max(1.0, static_cast<double>(count) * (area.height() - 2) / most) : 0.0; };
    for (int i = 0; i < barCount(); ++i) {
        const Bucket &bucket = m_buckets[static_cast<std::size_t>(i)];
        if (!bucket.requests)
            continue;
        const double left = area.left() + i * room;
        const double width = std::max(1.0, room - 1);
        const double whole = heightOf(bucket.requests);
        painter.fillRect(QRectF(left, area.bottom() + 1 - whole, width, whole), i == m_hover ? strong : plain);
        if (bucket.errors) {
            const double bad = std::max(2.0, heightOf(bucket.errors));
            painter.fillRect(QRectF(left, area.bottom() + 1 - bad, width, bad), c.danger);
        }
    }
}

void TrafficChart::paintLine(QPainter &painter, const QRect &area) const
{
    std::uint32_t most = 1;
    for (const Bucket &bucket : m_buckets)
        most = std::max(most, bucket.p95Us);
    const double room = static_cast<double>(area.width()) / barCount();
    QPainterPath path;
    bool open = false;
    for (int i = 0; i < barCount(); ++i) {
        const Bucket &bucket = m_buckets[static_cast<std::size_t>(i)];
        if (!bucket.requests) {
            open = false; // no line over a pause
            continue;
        }
        const QPointF point(area.left() + (i + 0.5) * room - 0.5, area.bottom() - static_cast<double>(bucket.p95Us) * (area.height() - 4) / most);
        if (open) {
            path.lineTo(point);
        } else {
            path.moveTo(point - QPointF(std::min(1.5, room / 2), 0)); // one bar alone shows too
            path.lineTo(point);
        }
        open = true;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors(palette()).warning, 1.3));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    painter.setRenderHint(QPainter::Antialiasing, false);
}

/// What is not chosen stands back.
void TrafficChart::paintChoice(QPainter &painter, const QRect &area) const
{
    if (!m_chosen)
        return;
    const double left = std::clamp<double>(xOf(m_chosen->fromUs), area.left(), area.right() + 1);
    const double right = std::clamp<double>(xOf(m_chosen->toUs), area.left(), area.right() + 1);
    QColor veil = palette().color(QPalette::Base);
    veil.setAlphaF(0.7F);
    painter.fillRect(QRectF(area.left(), area.top(), left - area.left(), area.height()), veil);
    painter.fillRect(QRectF(right, area.top(), area.right() + 1 - right, area.height()), veil);
    const QColor accent = colors(palette()).accent;
    painter.fillRect(QRectF(left, area.top(), 1, area.height()), accent);
    painter.fillRect(QRectF(right - 1, area.top(), 1, area.height()), accent);
}

void TrafficChart::paintAxis(QPainter &painter, const QRect &area) const
{
    const Colors &c = colors(palette());
    painter.fillRect(area.left(), area.bottom() + 1, area.width(), 1, c.border);
    const std::int64_t length = m_span.toUs - m_span.fromUs;
    const int labelWidth = fontMetrics().horizontalAdvance(u"00:00:00.000"_s) + 16;
    const std::int64_t wanted = length * labelWidth / std::max(1, area.width());
    const auto step = std::ranges::find_if(steps, [wanted](std::int64_t one) { return one >= wanted; });
    const std::int64_t each = step == steps.end() ? steps.back() * (wanted / steps.back() + 1) : *step;
    const std::int64_t offset = static_cast<std::int64_t>(QDateTime::fromMSecsSinceEpoch(m_span.fromUs / 1000).offsetFromUtc()) * second;
    painter.setPen(c.muted);
    for (std::int64_t tick = (m_span.fromUs + offset) / each * each - offset; tick < m_span.toUs; tick += each) {
        if (tick < m_span.fromUs)
            continue;
        const int x = static_cast<int>(xOf(tick));
        const QString text = timeText(tick, each);
        const int width = fontMetrics().horizontalAdvance(text);
        painter.fillRect(x, area.bottom() + 1, 1, 4, c.muted);
        if (x + 4 + width <= area.right())
            painter.drawText(x + 4, height() - fontMetrics().descent(), text);
    }
}

void TrafficChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const QRect area = plot();
    const Colors &c = colors(palette());
    painter.fillRect(area, palette().color(QPalette::Base));
    if (!m_buckets.empty()) {
        paintBars(painter, area);
        paintLine(painter, area);
        paintChoice(painter, area);
        paintAxis(painter, area);
        if (hasFocus() && m_cursor >= 0) {
            const double room = static_cast<double>(area.width()) / barCount();
            painter.setPen(c.accent);
            painter.drawRect(QRectF(area.left() + m_cursor * room - 0.5, area.top() + 0.5, std::max(2.0, room), area.height() - 1));
        }
    }
    painter.setPen(hasFocus() ? c.accent : c.border);
    painter.drawRect(area.adjusted(0, 0, -1, 0));
}

} // namespace cleat::ui
