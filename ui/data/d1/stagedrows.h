// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/rowchanges.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cleat::ui {

/// The edits of one table's rows that wait for their commit, each step of which can be undone. A value; knows nothing of the rows that nobody edits.
class StagedRows final
{
public:
    /// Which row: a new one, by its number from 1, or one of the table, by its key.
    struct Slot {
        std::uint64_t fresh = 0;
        std::string key;
        auto operator<=>(const Slot &) const = default;
    };
    struct Edit {
        data::d1::RowChange::Kind kind = data::d1::RowChange::Kind::Update;
        data::d1::RowKey key;
        std::map<int, data::d1::Value> values; ///< by column
        std::map<int, data::d1::Value> before; ///< what was there, where it is known whole
        std::uint64_t order = 0; ///< commits come in the order of the first edits
        bool operator==(const Edit &) const = default;
    };
    using Step = std::vector<std::pair<Slot, std::optional<Edit>>>; ///< nullopt: not edited

    static Slot slotOf(const data::d1::RowKey &key);

    bool isEmpty() const { return m_edits.empty(); }
    std::size_t size() const { return m_edits.size(); }
    const Edit *find(const Slot &slot) const;
    /// The new rows, in their order.
    const std::vector<Slot> &fresh() const { return m_fresh; }
    /// A slot that no row had yet.
    Slot nextFresh() { return {++m_lastFresh, {}}; }

    /// Makes the rows what the step says; it can be undone at once.
    void apply(const Step &step);
    bool canUndo() const { return !m_undo.empty(); }
    bool canRedo() const { return !m_redo.empty(); }
    void undo();
    void redo();
    void clear();

    /// In the order in which they are to be made, with the slots of each.
    std::vector<data::d1::RowChange> changes(const data::d1::Table &table, std::vector<Slot> *slots = nullptr) const;

private:
    Step exchange(const Step &step);

    std::map<Slot, Edit> m_edits;
    std::vector<Slot> m_fresh;
    std::vector<Step> m_undo;
    std::vector<Step> m_redo;
    std::uint64_t m_lastFresh = 0;
    std::uint64_t m_lastOrder = 0;
};

} // namespace cleat::ui
