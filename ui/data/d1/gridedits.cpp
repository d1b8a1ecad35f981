// SPDX-License-Identifier: GPL-3.0-or-later
// The half of GridModel that edits.
#include "ui/data/d1/cellvalue.h"
#include "ui/data/d1/gridmodel.h"

#include "ui/widgets/text.h"

namespace cleat::ui {

namespace d1 = data::d1;
using d1::RowChange;

bool GridModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable))
        return false;
    const auto before = this->value(index);
    const QString text = value.toString();
    if (before && text == editText(*before))
        return false; // NULL stays NULL
    if (!before && text.isEmpty())
        return false;
    const d1::Column &column = m_table.columns[static_cast<std::size_t>(index.column())];
    return setCells({{index.row(), index.column(), valueOf(text, column, before.value_or(d1::Value())), std::nullopt}}) > 0;
}

int GridModel::setCells(const std::vector<Cell> &cells)
{
    std::map<StagedRows::Slot, StagedRows::Edit> edits;
    int written = 0;
    for (const Cell &cell : cells) {
        const QModelIndex at = index(cell.row, cell.column);
        if (!(flags(at) & Qt::ItemIsEditable))
            continue;
        const auto slot = slotAt(cell.row);
        if (!slot)
            continue;
        auto found = edits.find(*slot);
        if (found == edits.end()) {
            const StagedRows::Edit *staged = m_staged.find(*slot);
            StagedRows::Edit edit = staged ? *staged : StagedRows::Edit();
            if (!staged)
                edit.key = keyOf(cell.row);
            found = edits.emplace(*slot, std::move(edit)).first;
        }
        StagedRows::Edit &edit = found->second;
        ++written;
        if (edit.kind == RowChange::Kind::Update && !edit.values.contains(cell.column)) {
            if (cell.before)
                edit.before[cell.column] = *cell.before;
            else if (const auto before = value(at); before && cutBytes(at) == 0)
                edit.before[cell.column] = *before;
        }
        const auto before = edit.before.find(cell.column);
        if (before != edit.before.end() && before->second == cell.value) { // as it was: no edit
            edit.before.erase(before);
            edit.values.erase(cell.column);
        } else {
            edit.values[cell.column] = cell.value;
        }
    }
    StagedRows::Step step;
    for (auto &[slot, edit] : edits) {
        const bool none = edit.kind == RowChange::Kind::Update && edit.values.empty();
        if (none && !m_staged.find(slot))
            continue;
        step.emplace_back(slot, none ? std::nullopt : std::optional(std::move(edit)));
    }
    if (!step.empty()) {
        m_staged.apply(step);
        stagedWereChanged();
    }
    return written;
}

int GridModel::addRows(const std::vector<std::map<int, d1::Value>> &rows)
{
    StagedRows::Step step;
    for (const auto &values : rows) {
        StagedRows::Edit edit;
        edit.kind = RowChange::Kind::Insert;
        for (const auto &[column, value] : values) {
            if (column < columnCount() && !m_table.columns[static_cast<std::size_t>(column)].generated)
                edit.values[column] = value;
        }
        step.emplace_back(m_staged.nextFresh(), std::move(edit));
    }
    const int first = rowCount();
    m_staged.apply(step);
    stagedWereChanged();
    return first;
}

void GridModel::deleteRows(const std::vector<int> &rows)
{
    const bool back = std::ranges::all_of(rows, [this](int row) { return stateOf(editAt(row)) == RowState::Deleted; });
    StagedRows::Step step;
    for (const int row : rows) {
        const auto slot = slotAt(row);
        if (!slot)
            continue;
        const StagedRows::Edit *staged = m_staged.find(*slot);
        if (slot->fresh || back) {
            step.emplace_back(*slot, std::nullopt);
        } else if (!staged || staged->kind != RowChange::Kind::Delete) {
            StagedRows::Edit edit;
            edit.kind = RowChange::Kind::Delete;
            edit.key = keyOf(row);
            step.emplace_back(*slot, std::move(edit));
        }
    }
    if (step.empty())
        return;
    m_staged.apply(step);
    stagedWereChanged();
}

void GridModel::undo()
{
    m_staged.undo();
    stagedWereChanged();
}

void GridModel::redo()
{
    m_staged.redo();
    stagedWereChanged();
}

void GridModel::discard()
{
    m_staged.clear();
    stagedWereChanged();
}

int GridModel::setTrouble(const std::optional<StagedRows::Slot> &slot, const QString &message)
{
    m_trouble = slot;
    m_troubleText = message;
    if (rowCount() == 0 || columnCount() == 0)
        return -1;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    if (!slot)
        return -1;
    if (const auto fresh = std::ranges::find(m_fresh, *slot); fresh != m_fresh.end())
        return known() + static_cast<int>(fresh - m_fresh.begin());
    constexpr int looked = 200'000; // the pages at hand are far fewer
    for (int row = 0, near = 0; row < known() && near < looked; ++row, ++near) {
        if (slotAt(row) == slot)
            return row;
    }
    return -1;
}

/// New rows that came or went are told to the views one by one; the others are repainted.
void GridModel::stagedWereChanged()
{
    m_trouble.reset();
    const std::vector<StagedRows::Slot> wanted = m_staged.fresh();
    for (std::size_t i = m_fresh.size(); i-- > 0;) {
        if (std::ranges::find(wanted, m_fresh[i]) != wanted.end())
            continue;
        const int row = known() + static_cast<int>(i);
        beginRemoveRows({}, row, row);
        m_fresh.erase(m_fresh.begin() + static_cast<std::ptrdiff_t>(i));
        endRemoveRows();
    }
    // Both are in order now, and what is here is among what is wanted.
    for (std::size_t i = 0; i < wanted.size();) {
        if (i < m_fresh.size() && m_fresh[i] == wanted[i]) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < wanted.size() && (i >= m_fresh.size() || wanted[end] != m_fresh[i]))
            ++end;
        beginInsertRows({}, known() + static_cast<int>(i), known() + static_cast<int>(end) - 1);
        m_fresh.insert(m_fresh.begin() + static_cast<std::ptrdiff_t>(i), wanted.begin() + static_cast<std::ptrdiff_t>(i),
            wanted.begin() + static_cast<std::ptrdiff_t>(end));
        endInsertRows();
        i = end;
    }
    if (rowCount() > 0 && columnCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    Q_EMIT stagedChanged();
}

} // namespace cleat::ui
