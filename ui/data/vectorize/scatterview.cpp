// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/vectorize/scatterview.h"

#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::vectorize::Projection;
using data::vectorize::Spot;

namespace {

constexpr qreal radius = 3.5;
constexpr qreal reach = 9; ///< of the mouse, in pixels
constexpr qreal margin = 18;
constexpr std::size_t mostColors = 6;

} // namespace

ScatterView::ScatterView(QWidget *parent) : QWidget(parent)
{
    setMouseTracking(true);
    setAccessibleName(tr("Picture of the vectors"));
    setMinimumSize(160, 120);
}

void ScatterView::setProjection(Projection projection)
{
    m_projection = std::move(projection);
    m_hovered = -1;
    double left = 0;
    double right = 0;
    double bottom = 0;
    double top = 0;
    std::map<std::string, std::size_t> counts;
    for (const Spot &spot : m_projection.spots) {
        left = std::min(left, spot.x);
        right = std::max(right, spot.x);
        bottom = std::min(bottom, spot.y);
        top = std::max(top, spot.y);
        if (spot.nameSpace)
            ++counts[*spot.nameSpace];
    }
    m_bounds = QRectF(left, bottom, right - left, top - bottom);
    m_namespaces.clear();
    for (const auto &[name, count] : counts)
        m_namespaces.push_back(name);
    std::ranges::stable_sort(m_namespaces, std::greater(), [&](const std::string &name) { return counts[name]; });
    m_namespaces.resize(std::min(m_namespaces.size(), mostColors));
    m_spaceOf.clear();
    for (const Spot &spot : m_projection.spots) {
        const auto found = spot.nameSpace ? std::ranges::find(m_namespaces, *spot.nameSpace) : m_namespaces.end();
        m_spaceOf.push_back(found == m_namespaces.end() ? -1 : static_cast<int>(found - m_namespaces.begin()));
    }
    setAccessibleDescription(tr("%L1 vectors").arg(m_projection.spots.size()));
    update();
}

void ScatterView::setCurrent(const std::string &id)
{
    if (m_current == id)
        return;
    m_current = id;
    update();
}

/// One scale for both axes, so that distances can be compared.
QPointF ScatterView::placeOf(std::size_t spot) const
{
    const Spot &one = m_projection.spots[spot];
    const QRectF room = QRectF(rect()).adjusted(margin, margin, -margin, -margin);
    const double longest = std::max({m_bounds.width() / std::max(room.width(), 1.0), m_bounds.height() / std::max(room.height(), 1.0), 1e-300});
    const QPointF middle = m_bounds.center();
    return room.center() + QPointF((one.x - middle.x()) / longest, -(one.y - middle.y()) / longest);
}

int ScatterView::spotAt(const QPointF &place) const
{
    int best = -1;
    qreal nearest = reach * reach;
    for (std::size_t i = 0; i < m_projection.spots.size(); ++i) {
        const QPointF away = placeOf(i) - place;
        const qreal distance = QPointF::dotProduct(away, away);
        if (distance <= nearest) {
            nearest = distance;
            best = static_cast<int>(i);
        }
    }
    return best;
}

QColor ScatterView::colorOf(std::size_t spot) const
{
    static constexpr std::array<QRgb, mostColors> light{0xff1f66b8, 0xffc2571a, 0xff1b7f4b, 0xff8a3fa0, 0xff00869b, 0xffb02a5b};
    static constexpr std::array<QRgb, mostColors> dark{0xff6daef5, 0xfff0a060, 0xff5cc88c, 0xffc58ae0, 0xff4cc4d6, 0xfff07fa8};
    const bool isDark = palette().color(QPalette::Base).lightness() < 128;
    if (m_namespaces.empty())
        return colors(palette()).accent;
    const int space = m_spaceOf[spot];
    return space < 0 ? colors(palette()).muted : QColor(isDark ? dark[static_cast<std::size_t>(space)] : light[static_cast<std::size_t>(space)]);
}

void ScatterView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    int current = -1;
    for (std::size_t i = 0; i < m_projection.spots.size(); ++i) {
        QColor color = colorOf(i);
        color.setAlpha(170);
        painter.setBrush(color);
        painter.drawEllipse(placeOf(i), radius, radius);
        if (!m_current.empty() && m_projection.spots[i].id == m_current)
            current = static_cast<int>(i);
    }
    painter.setBrush(Qt::NoBrush);
    for (const int marked : {m_hovered, current}) {
        if (marked < 0)
            continue;
        painter.setPen(QPen(marked == current ? palette().color(QPalette::Text) : colors(palette()).muted, 2));
        painter.drawEllipse(placeOf(static_cast<std::size_t>(marked)), radius + 3, radius + 3);
    }
    // Which colour is which namespace.
    qreal top = 8;
    for (std::size_t i = 0; i < m_namespaces.size(); ++i) {
        const auto spot = std::ranges::find(m_spaceOf, static_cast<int>(i));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colorOf(static_cast<std::size_t>(spot - m_spaceOf.begin())));
        painter.drawEllipse(QPointF(14, top + fontMetrics().height() / 2.0), 4, 4);
        painter.setPen(colors(palette()).muted);
        painter.drawText(QPointF(24, top + fontMetrics().ascent()), fontMetrics().elidedText(fromUtf8(m_namespaces[i]), Qt::ElideRight, 160));
        top += fontMetrics().height() + 2;
    }
}

void ScatterView::mouseMoveEvent(QMouseEvent *event)
{
    const int found = spotAt(event->position());
    if (found != m_hovered) {
        m_hovered = found;
        setCursor(found < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
        update();
    }
    if (found >= 0)
        QToolTip::showText(event->globalPosition().toPoint(), fromUtf8(m_projection.spots[static_cast<std::size_t>(found)].id).toHtmlEscaped(), this);
    else
        QToolTip::hideText();
}

void ScatterView::mousePressEvent(QMouseEvent *event)
{
    const int found = event->button() == Qt::LeftButton ? spotAt(event->position()) : -1;
    if (found < 0) {
        QWidget::mousePressEvent(event);
        return;
    }
    const std::string id = m_projection.spots[static_cast<std::size_t>(found)].id;
    setCurrent(id);
    Q_EMIT chosen(id);
}

void ScatterView::leaveEvent(QEvent *)
{
    m_hovered = -1;
    update();
}

} // namespace cleat::ui
