// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemView>

class QHeaderView;

namespace cleat::ui {

/// A table of very many rows of one height: ten million cost no more than ten, because nothing in it grows with the rows. Columns have a header that sorts, moves, hides and
/// resizes. Selects rows, or cells with setSelectionBehavior(SelectItems). Keyboard, editing and drags are QAbstractItemView's; a double click on a column's edge fits it to
/// the rows that are to be seen. GUI thread.
class RowView : public QAbstractItemView
{
    Q_OBJECT
public:
    explicit RowView(QWidget *parent = nullptr);
    ~RowView() override;

    QHeaderView *header() const { return m_header; }
    int rowHeight() const;
    /// The rows that are to be seen, wholly or in part; last < first when there are none.
    int firstRow() const;
    int lastRow() const;
    enum class Numbers { Hidden, Shown };
    /// Whether the number of each row, from 1, stands before it.
    void setNumbers(Numbers numbers);
    enum class Anchor { Numbers, Rows };
    /// Whether, while rows come and go above, the rows that are to be seen stay, or their numbers; numbers at first. With Rows, no other row becomes the current one when that goes.
    void setAnchor(Anchor anchor) { m_anchor = anchor; }
    /// What stands in the middle while there are no rows; empty: nothing.
    void setPlaceholder(const QString &text);

    void setModel(QAbstractItemModel *model) override;
    QRect visualRect(const QModelIndex &index) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    QModelIndex indexAt(const QPoint &point) const override;
    /// Does nothing: to search ten million rows for a letter is not what a key press is for.
    void keyboardSearch(const QString &) override {}
    void doItemsLayout() override;
    void reset() override;

Q_SIGNALS:
    /// Other rows are to be seen.
    void scrolled();
    /// The same, when it is not because rows came or went.
    void scrolledByUser();

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override;
    int verticalOffset() const override;
    bool isIndexHidden(const QModelIndex &index) const override;
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command) override;
    QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    int sizeHintForColumn(int column) const override;
    void updateGeometries() override;
    void scrollContentsBy(int dx, int dy) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles = {}) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    class NumberColumn;

    int rows() const;
    int rowAt(int y) const;
    int wholeRows() const;
    int numbersWidth() const;
    int nextColumn(int column, int step) const;
    void refreshRows();
    void rowsWereRemoved(int start, int end);
    void keepPlace(int first);

    QHeaderView *m_header;
    NumberColumn *m_numbers = nullptr;
    QString m_placeholder;
    Anchor m_anchor = Anchor::Numbers;
    bool m_adapting = false; ///< to rows that come and go
    bool m_placing = false; ///< in updateGeometries()
};

} // namespace cleat::ui
