// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/waterfall.h"

#include "ui/requests/callsmodel.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QPainter>

#include <cmath>

namespace cleat::ui {

namespace {

/// A round step (1, 2 or 5 times a power of ten) that leaves at most `ticks` steps in the span.
double roundStep(double span, int ticks)
{
    const double raw = span / std::max(ticks, 1);
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (power * factor >= raw)
            return power * factor;
    }
    return power * 10;
}

struct Scale {
    double left;
    double width;
    double span;
    double x(double us) const { return left + us / span * width; }
    double step() const { return roundStep(span, std::max(1, static_cast<int>(width / 80))); }
};

Scale scaleOf(const QRect &cell, std::uint32_t spanUs)
{
    return {static_cast<double>(cell.left() + cellMargin), std::max(1.0, static_cast<double>(cell.width() - 2 * cellMargin)), static_cast<double>(spanUs)};
}

class ScaleHeader final : public FlatHeader
{
public:
    explicit ScaleHeader(CallsModel &model) : m_model(model) {}

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        if (section != CallsModel::Bar) {
            FlatHeader::paintSection(painter, rect, section);
            return;
        }
        paintFrame(painter, rect);
        const Scale scale = scaleOf(rect, m_model.spanUs());
        painter->save();
        painter->setClipRect(rect);
        painter->setPen(colors(palette()).muted);
        const double step = scale.step();
        for (double us = 0; us <= scale.span * 1.0001; us += step) {
            const QString text = formatDuration(static_cast<std::uint32_t>(us));
            const int width = fontMetrics().horizontalAdvance(text);
            int x = static_cast<int>(scale.x(us)) - (us == 0 ? 0 : width / 2);
            x = std::min(x, rect.right() - width - 2);
            painter->drawText(QRect(x, rect.top(), width + 2, rect.height()), Qt::AlignVCenter | Qt::AlignLeft, us == 0 ? QString::number(0) : text);
        }
        painter->restore();
    }

private:
    CallsModel &m_model;
};

class BarDelegate final : public QStyledItemDelegate
{
public:
    explicit BarDelegate(CallsModel &model, QObject *parent) : QStyledItemDelegate(parent), m_model(model) {}

    void paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const override
    {
        QStyleOptionViewItem option = given;
        option.state &= ~QStyle::State_HasFocus;
        const events::CallEvent *call = m_model.call(index.row());
        const bool selected = option.state & QStyle::State_Selected;
        if (!call || index.column() != CallsModel::Bar) {
            if (call && !call->error.empty() && !selected)
                option.palette.setColor(QPalette::Text, toneColor(option.palette, Tone::Danger));
            if (selected)
                painter->fillRect(option.rect, option.palette.brush(QPalette::Active, QPalette::Highlight));
            option.rect.adjust(cellMargin / 2, 0, -cellMargin / 2, 0);
            QStyledItemDelegate::paint(painter, option, index);
            return;
        }
        painter->save();
        painter->setClipRect(option.rect);
        if (selected)
            painter->fillRect(option.rect, option.palette.brush(QPalette::Active, QPalette::Highlight));
        const Scale scale = scaleOf(option.rect, m_model.spanUs());
        const QColor line = mixed(option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text),
                                  option.palette.color(selected ? QPalette::Highlight : QPalette::Base), 0.14);
        const double step = scale.step();
        painter->setPen(line);
        for (double us = 0; us <= scale.span * 1.0001; us += step) {
            const int x = static_cast<int>(scale.x(us));
            painter->drawLine(x, option.rect.top(), x, option.rect.bottom());
        }
        const QColor ink = selected ? option.palette.color(QPalette::HighlightedText)
                                    : toneColor(option.palette, call->error.empty() ? Tone::Accent : Tone::Danger);
        const double from = scale.x(call->startUs);
        const double width = std::max(3.0, scale.x(call->startUs + call->durationUs) - from);
        const double height = std::min(10.0, option.rect.height() - 6.0);
        const QRectF bar(std::min(from, option.rect.right() - 3.0), option.rect.center().y() - height / 2 + 0.5, width, height);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        painter->drawRoundedRect(bar, 2, 2);

        const QString text = formatDuration(call->durationUs);
        const int textWidth = option.fontMetrics.horizontalAdvance(text);
        const bool right = bar.right() + 6 + textWidth <= option.rect.right();
        const bool left = bar.left() - 6 - textWidth >= option.rect.left();
        if (right || left) {
            painter->setPen(selected ? option.palette.color(QPalette::HighlightedText) : colors(option.palette).muted);
            const int x = static_cast<int>(right ? bar.right() + 6 : bar.left() - 6 - textWidth);
            painter->drawText(QRect(x, option.rect.top(), textWidth + 2, option.rect.height()), Qt::AlignVCenter | Qt::AlignLeft, text);
        }
        painter->restore();
    }

private:
    CallsModel &m_model;
};

} // namespace

Waterfall::Waterfall(CallsModel &model, QWidget *parent) : QTableView(parent)
{
    setHorizontalHeader(new ScaleHeader(model));
    setModel(&model);
    setItemDelegate(new BarDelegate(model, this));
    setUpTable(*this, 6);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Binding calls of the request"));
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->resizeSection(CallsModel::Name, fontMetrics().averageCharWidth() * 26);
    connect(&model, &QAbstractItemModel::dataChanged, this, [this] { horizontalHeader()->viewport()->update(); });
    connect(&model, &QAbstractItemModel::modelReset, this, &Waterfall::makeRoomForNames);
    connect(&model, &QAbstractItemModel::rowsInserted, this, &Waterfall::makeRoomForNames);
}

void Waterfall::makeRoomForNames()
{
    const int wanted = std::min(sizeHintForColumn(CallsModel::Name) + cellMargin + 4, width() / 2);
    if (wanted > horizontalHeader()->sectionSize(CallsModel::Name))
        horizontalHeader()->resizeSection(CallsModel::Name, wanted);
}

void Waterfall::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    Q_EMIT currentCallChanged(current.row());
}

} // namespace cleat::ui
