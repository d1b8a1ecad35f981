// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/waterfallpaint.h"

#include "ui/requests/detail/spanlook.h"
#include "ui/requests/detail/waterfall.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include <cmath>

namespace cleat::ui {

namespace {

constexpr double thinnest = 2; ///< pixels of a bar

QString timeText(double us)
{
    return us < 0.5 ? QString::number(0) : formatDuration(static_cast<std::uint32_t>(std::min(us, 4e9)));
}

QColor phaseColor(const QPalette &palette, Phase::Kind kind)
{
    const QColor base = palette.color(QPalette::Window);
    switch (kind) {
    case Phase::Kind::Received:
        return mixed(colors(palette).muted, base, 0.22);
    case Phase::Kind::Queued:
        return mixed(colors(palette).warning, base, 0.34);
    case Phase::Kind::Code:
        return mixed(colors(palette).accent, base, 0.36);
    case Phase::Kind::Body:
        return mixed(colors(palette).success, base, 0.36);
    }
    return base;
}

template <typename Draw>
void eachTick(const Waterfall &waterfall, Draw draw)
{
    const TimeWindow &window = waterfall.window();
    const double step = waterfall.tickStep();
    for (double us = std::ceil(window.from / step) * step; us <= window.from + window.span * 1.0001; us += step)
        draw(us);
}

class TimeHeader final : public FlatHeader
{
public:
    explicit TimeHeader(Waterfall &waterfall) : FlatHeader(&waterfall), m_waterfall(waterfall) {}
    QSize sizeHint() const override { return {FlatHeader::sizeHint().width(), laneHeight() + FlatHeader::sizeHint().height()}; }

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        if (section != SpanModel::Bar) {
            FlatHeader::paintSection(painter, rect, section);
            return;
        }
        paintFrame(painter, rect);
        painter->save();
        painter->setClipRect(rect.adjusted(0, 0, -1, -1));
        const QRect lane(rect.left(), rect.top() + 3, rect.width(), laneHeight() - 4);
        for (const Phase &phase : m_waterfall.phases())
            paintPhase(*painter, lane, phase);
        const QRect axis(rect.left(), lane.bottom() + 1, rect.width(), rect.bottom() - lane.bottom());
        painter->setPen(colors(palette()).muted);
        eachTick(m_waterfall, [&](double us) {
            const int x = static_cast<int>(m_waterfall.xOf(us));
            const QString text = timeText(us);
            const int width = fontMetrics().horizontalAdvance(text) + 2;
            const int left = std::clamp(x - width / 2, rect.left() + 2, std::max(rect.left() + 2, rect.right() - width));
            painter->drawText(QRect(left, axis.top(), width, axis.height()), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
        });
        if (const auto us = m_waterfall.cursorUs())
            paintCursor(*painter, axis, *us);
        painter->restore();
    }

private:
    int laneHeight() const { return fontMetrics().height() + 6; }

    void paintPhase(QPainter &painter, const QRect &lane, const Phase &phase) const
    {
        const double from = std::max(m_waterfall.xOf(phase.fromUs), static_cast<double>(lane.left()));
        const double to = std::min(m_waterfall.xOf(phase.toUs), static_cast<double>(lane.right()));
        if (to < lane.left() || from > lane.right())
            return;
        const QRectF box(from, lane.top(), std::max(1.0, to - from), lane.height());
        painter.fillRect(box, phaseColor(palette(), phase.kind));
        const QString title = phaseTitle(phase.kind);
        const QString full = title + QLatin1Char(' ') + timeText(phase.toUs - phase.fromUs);
        const int room = static_cast<int>(box.width()) - 8;
        const QString &text = fontMetrics().horizontalAdvance(full) <= room ? full : title;
        if (fontMetrics().horizontalAdvance(text) > room)
            return;
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(box.adjusted(4, 0, -4, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text);
    }

    void paintCursor(QPainter &painter, const QRect &axis, double us) const
    {
        const QString text = timeText(us);
        const int width = fontMetrics().horizontalAdvance(text) + 10;
        const int left = std::clamp(static_cast<int>(m_waterfall.xOf(us)) - width / 2, axis.left(), std::max(axis.left(), axis.right() - width));
        const QRect box(left, axis.top() + 1, width, axis.height() - 3);
        painter.fillRect(box, palette().color(QPalette::WindowText));
        painter.setPen(palette().color(QPalette::Window));
        painter.drawText(box, Qt::AlignCenter | Qt::TextSingleLine, text);
    }

    Waterfall &m_waterfall;
};

class BarDelegate final : public QStyledItemDelegate
{
public:
    explicit BarDelegate(Waterfall &waterfall) : QStyledItemDelegate(&waterfall), m_waterfall(waterfall) {}

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override { return {100, option.fontMetrics.height() + 7}; }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto &model = static_cast<const SpanModel &>(*index.model());
        const events::CallEvent &call = *model.call(index);
        const bool selected = option.state & QStyle::State_Selected;
        painter->save();
        painter->setClipRect(option.rect);
        if (index.column() == SpanModel::Name)
            paintName(*painter, option, index, call, selected);
        else
            paintBar(*painter, option, call, *model.node(index), selected);
        painter->restore();
    }

private:
    static void paintName(QPainter &painter, const QStyleOptionViewItem &option, const QModelIndex &index, const events::CallEvent &call, bool selected)
    {
        const QRect rect = option.rect.adjusted(2, 0, -cellMargin, 0);
        const QRect picture(rect.left(), rect.center().y() - 7 + 1, 14, 14);
        index.data(Qt::DecorationRole).value<QIcon>().paint(&painter, picture, Qt::AlignCenter, selected ? QIcon::Selected : QIcon::Normal);
        painter.setPen(selected ? option.palette.color(QPalette::HighlightedText) : call.error.empty() ? option.palette.color(QPalette::Text) : colors(option.palette).danger);
        const QRect words = rect.adjusted(picture.width() + 6, 0, 0, 0);
        painter.drawText(words, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, words.width()));
    }

    void paintBar(QPainter &painter, const QStyleOptionViewItem &option, const events::CallEvent &call, const SpanTree::Node &node, bool selected) const
    {
        const QColor back = option.palette.color(selected ? QPalette::Highlight : QPalette::Base);
        const QColor front = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
        painter.setPen(mixed(front, back, 0.10));
        eachTick(m_waterfall, [&](double us) {
            const int x = static_cast<int>(m_waterfall.xOf(us));
            painter.drawLine(x, option.rect.top(), x, option.rect.bottom());
        });
        const QString text = formatDuration(call.durationUs);
        const int textWidth = option.fontMetrics.horizontalAdvance(text);
        double from = m_waterfall.xOf(call.startUs);
        double to = std::max(m_waterfall.xOf(call.startUs + static_cast<double>(call.durationUs)), from + thinnest);
        const QColor ink = selected ? option.palette.color(QPalette::HighlightedText) : spanColor(option.palette, call);
        painter.setPen(selected ? front : colors(option.palette).muted);
        if (to < option.rect.left() || from > option.rect.right()) { // out of what is to be seen: where it is
            const bool left = to < option.rect.left();
            painter.drawText(option.rect.adjusted(3, 0, -3, 0), Qt::AlignVCenter | (left ? Qt::AlignLeft : Qt::AlignRight), left ? QStringLiteral("◂") : QStringLiteral("▸"));
            return;
        }
        from = std::clamp<double>(from, option.rect.left(), option.rect.right() - thinnest);
        to = std::clamp<double>(to, from + thinnest, option.rect.right());
        const double height = std::min(10.0, option.rect.height() - 8.0);
        const QRectF bar(from, option.rect.center().y() - height / 2 + 0.5, to - from, height);
        painter.setRenderHint(QPainter::Antialiasing);
        if (bar.right() + 6 + textWidth <= option.rect.right())
            painter.drawText(QRectF(bar.right() + 5, option.rect.top(), textWidth + 2, option.rect.height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        else if (bar.left() - 6 - textWidth >= option.rect.left())
            painter.drawText(QRectF(bar.left() - 5 - textWidth, option.rect.top(), textWidth + 2, option.rect.height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        painter.setPen(Qt::NoPen);
        const bool chain = call.kind == "middleware" || call.kind == "handler";
        painter.setBrush(node.after || chain ? mixed(ink, back, 0.55) : ink);
        const double radius = std::min(2.0, bar.width() / 2);
        painter.drawRoundedRect(bar, radius, radius);
        if (call.error.empty() && !chain && !node.after)
            return;
        painter.setPen(QPen(ink, 1)); // an edge, so that pale bars are seen as well
        painter.setBrush(Qt::NoBrush);
        if (bar.width() > 3)
            painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    }

    Waterfall &m_waterfall;
};

void paintMoment(QPainter &painter, const Waterfall &waterfall, const QRect &area, double us, const QColor &color, Qt::PenStyle style)
{
    const double x = std::floor(waterfall.xOf(us)) + 0.5;
    if (x < waterfall.header()->sectionViewportPosition(SpanModel::Bar) || x > area.right() + 1)
        return;
    painter.setPen(QPen(color, 1, style));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
}

} // namespace

QHeaderView *makeTimeHeader(Waterfall &waterfall)
{
    return new TimeHeader(waterfall);
}

QAbstractItemDelegate *makeBarDelegate(Waterfall &waterfall)
{
    return new BarDelegate(waterfall);
}

void paintMoments(QPainter &painter, const Waterfall &waterfall, const QRect &area)
{
    const QPalette palette = waterfall.palette();
    if (const auto us = waterfall.answeredUs())
        paintMoment(painter, waterfall, area, *us, colors(palette).success, Qt::SolidLine);
    if (const auto us = waterfall.finishedUs(); us && *us < waterfall.window().whole)
        paintMoment(painter, waterfall, area, *us, colors(palette).muted, Qt::DashLine);
    if (const auto us = waterfall.cursorUs())
        paintMoment(painter, waterfall, area, *us, mixed(palette.color(QPalette::Text), palette.color(QPalette::Base), 0.55), Qt::DotLine);
}

void paintBranch(QPainter &painter, const Waterfall &waterfall, const QRect &rect, const QModelIndex &index)
{
    if (!index.model()->hasChildren(index))
        return;
    const bool selected = waterfall.selectionModel()->isSelected(index);
    const QPointF middle(rect.right() - waterfall.indentation() / 2.0 + 1, rect.center().y() + 1);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(selected ? waterfall.palette().color(QPalette::HighlightedText) : colors(waterfall.palette()).muted, 1.4));
    const QPolygonF arrow = waterfall.isExpanded(index) ? QPolygonF({middle + QPointF(-3.5, -2), middle + QPointF(0, 2), middle + QPointF(3.5, -2)})
                                                        : QPolygonF({middle + QPointF(-2, -3.5), middle + QPointF(2, 0), middle + QPointF(-2, 3.5)});
    painter.drawPolyline(arrow);
    painter.restore();
}

} // namespace cleat::ui
