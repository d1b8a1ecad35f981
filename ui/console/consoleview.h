// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/console/consolepaint.h"

#include <QAbstractItemView>

namespace cleat::ui {

/// The lines of the console, one below the other, each as high as its text. Only what is to be seen is laid out. Clicks and keys unfold. GUI thread.
class ConsoleView final : public QAbstractItemView
{
    Q_OBJECT
public:
    explicit ConsoleView(ConsoleModel &model, QWidget *parent = nullptr);

    void setWrap(ConsolePaint::Wrap wrap);
    /// The selected rows, top down; all of them when none is.
    QList<int> wantedRows() const;
    /// Unfolds or folds it, and keeps it where it is.
    void toggle(int row);
    /// Where things of a row are, in the viewport.
    ConsolePaint::Parts partsOf(int row) const;

    QRect visualRect(const QModelIndex &index) const override;
    void scrollTo(const QModelIndex &index, ScrollHint hint = EnsureVisible) override;
    QModelIndex indexAt(const QPoint &point) const override;
    void keyboardSearch(const QString &) override {}
    void doItemsLayout() override;
    void reset() override;

Q_SIGNALS:
    void requestAsked(std::uint64_t request);
    void sourceAsked(const cleat::base::Place &place);
    /// Escape: back to the newest line.
    void escaped();

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override { return 0; }
    int verticalOffset() const override { return 0; }
    bool isIndexHidden(const QModelIndex &) const override { return false; }
    void setSelection(const QRect &rect, QItemSelectionModel::SelectionFlags command) override;
    QRegion visualRegionForSelection(const QItemSelection &selection) const override;
    void updateGeometries() override;
    void scrollContentsBy(int dx, int dy) override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;

private:
    enum class Spot { None, Fold, Request, Place, Frame };
    struct Hit {
        int row = -1;
        Spot spot = Spot::None;
    };
    Hit hitAt(const QPoint &point) const;
    ConsolePaint::Look look() const;
    int rows() const { return m_model.rowCount(); }
    int top() const;
    int heightOf(int row) const;
    /// The first row from which all down to `last` are wholly to be seen.
    int topFor(int last) const;
    void refresh();

    ConsoleModel &m_model;
    const ConsolePaint m_paint;
    ConsolePaint::Wrap m_wrap = ConsolePaint::Wrap::Yes;
};

} // namespace cleat::ui
