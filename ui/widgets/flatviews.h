// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>
#include <QTabBar>
#include <QTabWidget>

class QTableView;

namespace cleat::ui {

/// The space at the left and right of the text in a table's cells and headers, in pixels.
constexpr int cellMargin = 6;

/// A quiet table header: muted words over a thin line.
class FlatHeader : public QHeaderView
{
    Q_OBJECT
public:
    explicit FlatHeader(QWidget *parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    /// The line below and the one at the right.
    void paintFrame(QPainter *painter, const QRect &rect) const;
};

/// What all tables have in common: whole rows, one at a time, read-only, of one height, with a FlatHeader.
/// `extraHeight` is added to the text's height, in pixels. Call before setModel().
void setUpTable(QTableView &table, int extraHeight);

/// The selected row, or -1. Not the current one: a view makes its first row current, unseen, when it gets the focus.
int selectedRow(const QTableView &table);

/// Tabs as words, the current one underlined.
class FlatTabBar final : public QTabBar
{
    Q_OBJECT
public:
    explicit FlatTabBar(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
    QSize tabSizeHint(int index) const override;
};

class FlatTabs final : public QTabWidget
{
    Q_OBJECT
public:
    explicit FlatTabs(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace cleat::ui
