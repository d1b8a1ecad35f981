// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/stagedrows.h"

#include <algorithm>

namespace cleat::ui {

using data::d1::RowChange;

StagedRows::Slot StagedRows::slotOf(const data::d1::RowKey &key)
{
    Slot slot;
    for (const data::d1::Value &value : key) {
        slot.key += data::d1::literal(value);
        slot.key += ',';
    }
    return slot;
}

const StagedRows::Edit *StagedRows::find(const Slot &slot) const
{
    const auto found = m_edits.find(slot);
    return found == m_edits.end() ? nullptr : &found->second;
}

/// Returns the step that takes it back.
StagedRows::Step StagedRows::exchange(const Step &step)
{
    Step back;
    for (const auto &[slot, edit] : step) {
        const auto found = m_edits.find(slot);
        back.emplace_back(slot, found == m_edits.end() ? std::nullopt : std::optional(found->second));
        const std::uint64_t order = edit && edit->order ? edit->order : found != m_edits.end() ? found->second.order : ++m_lastOrder;
        if (!edit) {
            if (found != m_edits.end())
                m_edits.erase(found);
            continue;
        }
        Edit &placed = m_edits[slot];
        placed = *edit;
        placed.order = order;
    }
    std::reverse(back.begin(), back.end());
    m_fresh.clear();
    for (const auto &[slot, edit] : m_edits) {
        if (slot.fresh)
            m_fresh.push_back(slot);
    }
    return back;
}

void StagedRows::apply(const Step &step)
{
    m_undo.push_back(exchange(step));
    m_redo.clear();
}

void StagedRows::undo()
{
    if (m_undo.empty())
        return;
    const Step step = std::move(m_undo.back());
    m_undo.pop_back();
    m_redo.push_back(exchange(step));
}

void StagedRows::redo()
{
    if (m_redo.empty())
        return;
    const Step step = std::move(m_redo.back());
    m_redo.pop_back();
    m_undo.push_back(exchange(step));
}

void StagedRows::clear()
{
    m_edits.clear();
    m_fresh.clear();
    m_undo.clear();
    m_redo.clear();
}

std::vector<RowChange> StagedRows::changes(const data::d1::Table &table, std::vector<Slot> *slots) const
{
    std::vector<std::pair<const Slot *, const Edit *>> ordered;
    for (const auto &[slot, edit] : m_edits)
        ordered.emplace_back(&slot, &edit);
    std::ranges::sort(ordered, {}, [](const auto &entry) { return entry.second->order; });
    std::vector<RowChange> changes;
    for (const auto &[slot, edit] : ordered) {
        RowChange change;
        change.kind = edit->kind;
        change.table = table.name;
        change.key = edit->key;
        const auto named = [&](const std::map<int, data::d1::Value> &from, auto &to) {
            for (const auto &[column, value] : from) {
                if (static_cast<std::size_t>(column) < table.columns.size())
                    to.emplace_back(table.columns[static_cast<std::size_t>(column)].name, value);
            }
        };
        if (edit->kind != RowChange::Kind::Delete)
            named(edit->values, change.values);
        named(edit->before, change.before);
        changes.push_back(std::move(change));
        if (slots)
            slots->push_back(*slot);
    }
    return changes;
}

} // namespace cleat::ui
