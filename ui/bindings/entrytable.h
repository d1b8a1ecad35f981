// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QTableView>

namespace cleat::ui {

class ToneLabel;

/// A table of entries: several rows can be selected, dragged, and given orders by keys and by the buttons painted in its last column. It only asks; its page acts.
class EntryTable final : public QTableView
{
    Q_OBJECT
public:
    /// `middleColumn` as for EntryDelegate. The model has EntryRoles.
    EntryTable(QAbstractItemModel *model, const QString &name, int middleColumn, QWidget *parent = nullptr);

    QList<int> selectedRows() const;
    /// The KeyRole of each selected row, in order.
    QStringList selectedKeys() const;
    void selectKeys(const QStringList &keys);
    /// What is shown in the place of no rows.
    void setEmptyText(const QString &text);
    /// After the model was filled: hides the column of buttons when there is none.
    void refresh();

Q_SIGNALS:
    void openRequested();   ///< Enter or a double click
    void removeRequested(); ///< Del
    void selectAllRequested();
    /// The selection is this table's alone from here on: a row was chosen without Ctrl or Shift.
    void choseAlone();
    void dragRequested();
    void buttonPressed(int row);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void startDrag(Qt::DropActions actions) override;

private:
    bool isOnButton(const QPoint &place) const;
    ToneLabel *m_empty;
    int m_pressedButton = -1; ///< its row
};

} // namespace cleat::ui
