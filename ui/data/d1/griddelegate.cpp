// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/griddelegate.h"

#include "ui/data/d1/gridmodel.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/theme.h"

#include <QLineEdit>
#include <QPainter>

namespace cleat::ui {

namespace {

constexpr int longestInPlace = 200;

QColor backOf(const QModelIndex &index, const QPalette &palette)
{
    const Colors &c = colors(palette);
    if (index.data(GridModel::TroubleRole).toBool())
        return c.dangerBack;
    switch (static_cast<GridModel::RowState>(index.data(GridModel::StateRole).toInt())) {
    case GridModel::RowState::New:
        return c.addedBack;
    case GridModel::RowState::Deleted:
        return c.removedBack;
    case GridModel::RowState::Changed:
        return index.data(GridModel::EditedRole).toBool() ? c.warningBack : mixed(c.warningBack, palette.color(QPalette::Base), 0.35);
    case GridModel::RowState::Clean:
        break;
    }
    return index.data(GridModel::MarkedRole).toBool() ? c.infoBack : QColor();
}

} // namespace

void GridDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Colors &c = colors(option.palette);
    const QPalette &palette = option.palette;
    const bool selected = option.state & QStyle::State_Selected;
    const QColor back = backOf(index, palette);
    const auto group = palette.currentColorGroup();
    if (selected && back.isValid())
        painter->fillRect(option.rect, mixed(palette.color(group, QPalette::Highlight), back, 0.45));
    else if (selected)
        painter->fillRect(option.rect, palette.color(group, QPalette::Highlight));
    else if (back.isValid())
        painter->fillRect(option.rect, back);
    painter->fillRect(option.rect.right(), option.rect.top(), 1, option.rect.height(), mixed(c.border, palette.color(QPalette::Base), 0.5));

    const bool dim = index.data(GridModel::NullRole).toBool() || index.data(GridModel::DimRole).toBool();
    QFont font = option.font;
    font.setItalic(dim);
    font.setStrikeOut(static_cast<GridModel::RowState>(index.data(GridModel::StateRole).toInt()) == GridModel::RowState::Deleted);
    painter->setFont(font);
    const QColor text = selected && !back.isValid() ? palette.color(group, QPalette::HighlightedText) : palette.color(group, QPalette::Text);
    painter->setPen(!dim ? text : selected ? mixed(text, palette.color(group, QPalette::Highlight), 0.75) : c.muted);
    const QRect area = option.rect.adjusted(cellMargin, 0, -cellMargin, 0);
    const QString whole = index.data(Qt::DisplayRole).toString();
    painter->drawText(area, index.data(Qt::TextAlignmentRole).toInt() | Qt::TextSingleLine, QFontMetrics(font).elidedText(whole, Qt::ElideRight, area.width()));
    if (option.state & QStyle::State_HasFocus) {
        painter->setPen(QPen(selected ? palette.color(group, QPalette::HighlightedText) : c.accent, 1));
        painter->drawRect(option.rect.adjusted(0, 0, -2, -1));
    }
}

QSize GridDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return {option.fontMetrics.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + 2 * cellMargin + 4, option.fontMetrics.height() + 8};
}

QWidget *GridDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const auto *model = qobject_cast<const GridModel *>(index.model());
    const QString text = index.data(Qt::EditRole).toString();
    if ((model && model->cutBytes(index)) || text.size() > longestInPlace || text.contains(u'\n')) {
        Q_EMIT windowWanted(index);
        return nullptr;
    }
    auto *line = new QLineEdit(parent);
    line->setFrame(false);
    line->setTextMargins(cellMargin - 2, 0, cellMargin - 2, 0);
    line->setAccessibleName(index.model()->headerData(index.column(), Qt::Horizontal).toString());
    if (index.data(GridModel::NullRole).toBool())
        line->setPlaceholderText(index.data(Qt::DisplayRole).toString());
    return line;
}

void GridDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    auto *line = qobject_cast<QLineEdit *>(editor);
    if (line && !line->isModified()) // rows that arrive meanwhile take nothing from who types
        line->setText(index.data(Qt::EditRole).toString());
}

void GridDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    if (const auto *line = qobject_cast<QLineEdit *>(editor))
        model->setData(index, line->text(), Qt::EditRole);
}

} // namespace cleat::ui
