// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/requests/requestsmodel.h"
#include "ui/widgets/rowview.h"

#include <QPointer>

#include <vector>

class QAbstractButton;
class QMenu;
class QSettings;

namespace cleat::ui {

/// The table of requests: follows the newest or stays where the user is, keeps selected requests selected when rows are filtered and sorted anew, lets columns be chosen,
/// and copies. GUI thread.
class RequestsTable final : public RowView
{
    Q_OBJECT
public:
    using Sequence = events::Recording::Sequence;

    explicit RequestsTable(RequestsModel &model, QWidget *parent = nullptr);

    /// The one to show in full: the current one, when it is selected; 0: none.
    Sequence selected() const;
    bool isAnySelected() const;
    /// All of them, in the order of the table, not more than `most`.
    std::vector<Sequence> selectedOnes(std::size_t most) const;
    /// Selects that one and shows it, if it is among the rows.
    void select(Sequence sequence);

    enum class Following { Off, On };
    /// On: clears the selection and goes to the newest.
    void setFollowing(Following following);
    Following following() const { return m_following; }
    /// Not while rows are sorted by something else than their arrival.
    bool canFollow() const;

    /// One row: its path; several: what the columns show, with tabs between, a line each.
    void copy();
    /// As columns show it, however few rows there are.
    void copyRows();
    /// Which columns are shown, to check.
    QMenu *columnsMenu();

    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);

Q_SIGNALS:
    void followingChanged();
    void selectedChanged();
    /// The filter line, by "/".
    void filterAsked();
    void menuAsked(const QPoint &global);

protected:
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void setUpHeader();
    void sizeColumns();
    void sortByHeader(int column, Qt::SortOrder order);
    void fitPath();
    void keep();
    void restoreKept();
    void toNewest();
    bool isAtNewest() const;
    void showPill();
    void tellSelected();

    RequestsModel &m_model;
    Following m_following = Following::On;
    bool m_moving = false; ///< the table itself scrolls or selects
    std::uint64_t m_new = 0; ///< rows that came since it stopped following
    QAbstractButton *m_pill;
    QPointer<QMenu> m_columns;
    Sequence m_told = 0; ///< selected(), as told last
    PoolJob m_copying;

    std::vector<Sequence> m_keptSelection;
    Sequence m_keptCurrent = 0;
    Sequence m_keptTop = 0;
    int m_keptOffset = 0; ///< rows between the top and the current one; -1: it is not to be seen
};

} // namespace cleat::ui
