// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace cleat::ui {

/// Paints the cells of the tables of entries by their EntryRoles: tones, struck out names, and the buttons, which are no widgets, so that a thousand rows show at once.
class EntryDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    /// The text of this column is cut in its middle (paths); -1: of none.
    explicit EntryDelegate(int middleColumn, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
    /// Where the cell's button is; empty when it has none.
    static QRect buttonRect(const QRect &cell, const QModelIndex &index);
    /// The width that a column of such buttons needs.
    static int buttonWidth(const QFontMetrics &metrics, const QString &text);

private:
    void paintButton(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    int m_middleColumn;
};

} // namespace cleat::ui
