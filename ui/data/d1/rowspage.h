// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/rowchanges.h"
#include "core/data/d1/schema.h"
#include "ui/data/d1/d1desk.h"
#include "ui/data/d1/gridclip.h"
#include "ui/data/d1/stagedrows.h"

#include <QWidget>

class QAction;
class QLineEdit;
class QMenu;
class QSettings;

namespace cleat::ui {

class ElideLabel;
class FilterRow;
class GridModel;
class GridView;
class MessageBar;
class StagedStrip;

/// The rows of one table or view: sorted, filtered and edited, the edits staged until they are committed. GUI thread.
class RowsPage final : public QWidget
{
    Q_OBJECT
public:
    explicit RowsPage(D1Desk &desk, QWidget *parent = nullptr);
    ~RowsPage() override;

    /// Asks before staged edits of another table are lost.
    void showTable(const QString &name);
    /// The rows of the table where the column has this value.
    void showRow(const QString &table, const QString &column, const QString &typed);
    QString tableName() const;
    bool isEdited() const;
    void saveState(QSettings &settings) const;

Q_SIGNALS:
    void tableShown(const QString &name);
    void summaryChanged(const QString &summary);
    void exportWanted(const QString &table);

private:
    void makeActions();
    void wireGrid();
    void takeSchema();
    void open(const data::d1::Table &table);
    void applyView();
    void sortBy(int column);
    void refresh();
    void showStaged();
    void showSummary();
    void showProblem(const QString &message);
    void updateActions();

    void openValue(const QModelIndex &index);
    void setNull();
    void addRow();
    void duplicateRows();
    void deleteRows();
    void paste();
    void commit();
    void commitFailed(const base::Error &error, const std::vector<data::d1::RowChange> &changes, const std::vector<StagedRows::Slot> &slots);
    void follow();
    const data::d1::ForeignKey *foreignKeyAt(const QModelIndex &index) const;
    bool selectionIsAtHand();
    enum class CopyAs { Tsv, Insert, Json };
    void copy(CopyAs how);
    void put(const CellBlock &block, CopyAs how);
    void fitColumns();
    void showMenu(const QPoint &place);

    D1Desk &m_desk;
    GridModel *m_model;
    GridView *m_view;
    FilterRow *m_filters;
    QLineEdit *m_where;
    MessageBar *m_problem;
    ElideLabel *m_count;
    StagedStrip *m_strip;
    std::vector<data::d1::Sort> m_sort;
    bool m_committing = false;
    bool m_unfitted = false;

    QAction *m_add;
    QAction *m_duplicate;
    QAction *m_delete;
    QAction *m_null;
    QAction *m_open;
    QAction *m_follow;
    QAction *m_copy;
    QAction *m_copyInsert;
    QAction *m_copyJson;
    QAction *m_paste;
    QAction *m_undo;
    QAction *m_redo;
    QAction *m_commit;
    QAction *m_discard;
    QAction *m_find;
    QAction *m_clearFilters;
    QAction *m_export;
};

} // namespace cleat::ui
