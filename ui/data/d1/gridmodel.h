// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/tablerows.h"
#include "ui/data/d1/d1desk.h"
#include "ui/data/d1/stagedrows.h"
#include "ui/data/rowwindow.h"

#include <QAbstractTableModel>

#include <map>
#include <mutex>

namespace cleat::ui {

/// The rows of a table or view, however many, with the edits that wait for their commit laid over them; new rows stand behind the last. Reads on the desk's threads. GUI thread.
class GridModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum class RowState { Clean, Changed, New, Deleted };
    enum Role {
        StateRole = Qt::UserRole + 1, ///< RowState, as int
        EditedRole, ///< whether this cell has an edit
        NullRole, ///< whether it is NULL, or the default of a new row
        DimRole, ///< a BLOB, or what stands for a value rather than being it
        MarkedRole, ///< somebody else just changed it
        TroubleRole, ///< the commit failed here, or another changed what is edited
    };

    GridModel(D1Desk &desk, QObject *parent);
    ~GridModel() override;

    /// Another table, or the same in another order or choice; the edits stay while the table does.
    void show(const data::d1::Table &table, const data::d1::View &view);
    /// Nothing.
    void clear();
    const data::d1::Table &table() const { return m_table; }
    const data::d1::View &view() const { return m_view; }
    /// Whether rows can be changed at all.
    bool isEditable() const { return m_table.kind != data::d1::Table::Kind::View && !m_table.hidden && !m_table.name.empty(); }
    bool isLoading() const { return m_loading; }
    /// The number of the rows in the table that match; nullopt while it is being counted.
    std::optional<std::uint64_t> counted() const { return m_counted; }
    /// Fetches anew what lies between these rows, marks what is new, and counts again.
    void refresh(int first, int last);

    /// The value of a cell with its edit; nullopt: not at hand yet, or the default of a new row.
    std::optional<data::d1::Value> value(const QModelIndex &index) const;
    /// The bytes of a value that is at hand only in part, else 0.
    std::uint64_t cutBytes(const QModelIndex &index) const;
    /// Whether its values are here; if not, value() asks for them.
    bool isAtHand(int row) const { return row >= known() || m_window.known(static_cast<std::uint64_t>(row)); }
    data::d1::RowKey keyOf(int row) const; ///< empty: new, or not at hand

    const StagedRows &staged() const { return m_staged; }
    std::vector<data::d1::RowChange> changes(std::vector<StagedRows::Slot> *slots = nullptr) const { return m_staged.changes(m_table, slots); }
    struct Cell {
        int row = 0;
        int column = 0;
        data::d1::Value value;
        std::optional<data::d1::Value> before; ///< for a value that was cut: the whole
    };
    /// One step. Cells that cannot be written (generated, deleted, not at hand) are left out; returns how many were written.
    int setCells(const std::vector<Cell> &cells);
    /// New rows behind the last, one step; returns the first one's row.
    int addRows(const std::vector<std::map<int, data::d1::Value>> &rows);
    /// Marks rows to be deleted, or takes new ones away; rows that are all marked already come back. One step.
    void deleteRows(const std::vector<int> &rows);
    void undo();
    void redo();
    void discard();
    /// Points at the row of an edit whose commit failed; {} takes that back. Returns its row where it is at hand, else -1.
    int setTrouble(const std::optional<StagedRows::Slot> &slot, const QString &message);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    void stagedChanged();
    void loadingChanged();
    void countedChanged();
    void failed(const QString &message);

private:
    using Row = data::d1::Row;

    int known() const { return static_cast<int>(m_window.count()); }
    std::optional<StagedRows::Slot> slotAt(int row) const;
    const StagedRows::Edit *editAt(int row) const;
    void count();
    void takeCount(std::uint64_t count);
    void stagedWereChanged();
    void setLoading(bool loading);
    RowState stateOf(const StagedRows::Edit *edit) const;
    bool clashes(int row, int column, const StagedRows::Edit &edit) const;
    QString toolTip(const QModelIndex &index) const;
    void reportFailure(const base::Error &error);

    D1Desk &m_desk;
    struct Wanted {
        std::mutex mutex;
        data::d1::View view;
    };
    std::shared_ptr<Wanted> m_wanted; ///< what the window fetches, on the thread that reads
    data::d1::Table m_table;
    data::d1::View m_view;
    StagedRows m_staged;
    std::vector<StagedRows::Slot> m_fresh; ///< the new rows that the views know of
    std::optional<StagedRows::Slot> m_trouble;
    QString m_troubleText;
    std::optional<std::uint64_t> m_counted;
    bool m_loading = false;
    bool m_countAgain = false;
    session::DataThread::Ticket m_probing = 0;
    session::DataThread::Ticket m_counting = 0;
    mutable RowWindow<Row> m_window; ///< asks for rows when they are looked at
};

} // namespace cleat::ui
