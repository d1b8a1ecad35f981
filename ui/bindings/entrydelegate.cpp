// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrydelegate.h"

#include "ui/bindings/entryroles.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"

#include <QPainter>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int iconSide = 14;
constexpr int buttonPadding = 6;

} // namespace

EntryDelegate::EntryDelegate(int middleColumn, QObject *parent) : QStyledItemDelegate(parent), m_middleColumn(middleColumn) {}

void EntryDelegate::paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem option = given;
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, option.palette.brush(option.state & QStyle::State_Active ? QPalette::Active : QPalette::Inactive, QPalette::Highlight));
    if (!index.data(ActionRole).toString().isEmpty()) {
        paintButton(painter, option, index);
        return;
    }
    option.rect.adjust(cellMargin / 2, 0, -cellMargin / 2, 0);
    QStyledItemDelegate::paint(painter, option, index);
}

void EntryDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->state &= ~(QStyle::State_HasFocus | QStyle::State_MouseOver);
    if (option->state & QStyle::State_Enabled)
        option->palette.setColor(QPalette::Text, toneColor(option->palette, static_cast<Tone>(index.data(ToneRole).toInt())));
    option->font.setStrikeOut(index.data(StruckRole).toBool());
    if (index.column() == m_middleColumn)
        option->textElideMode = Qt::ElideMiddle;
}

QRect EntryDelegate::buttonRect(const QRect &cell, const QModelIndex &index)
{
    return index.data(ActionRole).toString().isEmpty() ? QRect() : cell.adjusted(4, 2, -4, -2);
}

int EntryDelegate::buttonWidth(const QFontMetrics &metrics, const QString &text)
{
    return metrics.horizontalAdvance(text) + iconSide + 3 * buttonPadding + 8;
}

void EntryDelegate::paintButton(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QRect button = buttonRect(option.rect, index);
    const QPalette &palette = option.palette;
    const bool hovered = option.widget && (option.state & QStyle::State_MouseOver)
        && button.contains(option.widget->mapFromGlobal(QCursor::pos()));
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(colors(palette).border);
    painter->setBrush(hovered ? mixed(colors(palette).accent, palette.color(QPalette::Button), 0.2) : palette.color(QPalette::Button));
    painter->drawRoundedRect(QRectF(button).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    const QRect picture(button.left() + buttonPadding, button.center().y() - iconSide / 2 + 1, iconSide, iconSide);
    icon("copy"_L1).paint(painter, picture, Qt::AlignCenter, option.state & QStyle::State_Enabled ? QIcon::Normal : QIcon::Disabled);
    painter->setPen(palette.color(option.state & QStyle::State_Enabled ? QPalette::Active : QPalette::Disabled, QPalette::ButtonText));
    painter->setFont(option.font);
    painter->drawText(button.adjusted(iconSide + 2 * buttonPadding, 0, -2, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, index.data(ActionRole).toString());
    painter->restore();
}

} // namespace cleat::ui
