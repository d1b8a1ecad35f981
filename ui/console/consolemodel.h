// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"
#include "ui/console/consolefilter.h"
#include "ui/console/consoleline.h"
#include "ui/console/consolenode.h"

#include <QAbstractListModel>
#include <QCache>

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cleat::ui {

/// What is written below a line that is unfolded: a member of a value, a line of its text or stack, a line of source.
struct ConsoleItem {
    enum class Style { Value, Text, Frame, Source, SourceMarked, Left };
    Style style = Style::Text;
    std::shared_ptr<const ConsoleValues> owner; ///< keeps `node`
    const ConsoleNode *node = nullptr; ///< of a Value
    QString text; ///< of all others
    int depth = 1;
    bool open = false;
    base::Place place; ///< of a Frame

    bool foldable() const { return node && !node->members.empty(); }
};

/// The console: lines as they come, bounded, filtered, with those unfolded that the user unfolded. A row is a line, or an item of the unfolded line above it.
/// Lines are looked through in slices (step()), so that no filter holds up the window. GUI thread.
class ConsoleModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    static constexpr std::size_t defaultLines = 200'000;
    static constexpr std::size_t defaultBytes = 64U << 20;
    explicit ConsoleModel(QObject *parent = nullptr, std::size_t maxLines = defaultLines, std::size_t maxBytes = defaultBytes);
    ~ConsoleModel() override;

    int rowCount(const QModelIndex &parent = {}) const override;
    /// DisplayRole: the text of a row, as it is copied.
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    /// Adds the console's lines of these events.
    void take(std::span<const std::shared_ptr<const events::Batch>> batches);
    /// Puts lines that were added, or have to be looked through again, into rows, for about so long. True when there is more to do.
    bool step(int milliseconds);
    void clear();

    void setFilter(ConsoleFilter filter);
    /// A bit for each level.
    void setLevels(unsigned levels);
    enum class Equals { Apart, Together };
    /// Together: lines that say the same as the one before are counted.
    void setEquals(Equals equals);

    std::size_t lines() const { return m_lines.size(); }
    /// Lines that fit and are not in a folded group, as far as they have been looked through.
    std::size_t shown() const { return m_shown; }
    /// Let go because of the bound since clear().
    std::uint64_t dropped() const { return m_dropped; }
    std::size_t count(events::Level level) const { return m_counts.at(static_cast<std::size_t>(level)); }

    /// The line of a row, or that an item belongs to.
    const ConsoleLine &line(int row) const;
    std::uint64_t number(int row) const { return m_rows[static_cast<std::size_t>(row)].number; }
    /// The row of a line, or -1.
    int rowOf(std::uint64_t number) const;
    /// nullptr: the row is a line.
    const ConsoleItem *item(int row) const { return m_rows[static_cast<std::size_t>(row)].item.get(); }
    /// How many equal lines the row stands for.
    std::uint32_t times(int row) const { return m_rows[static_cast<std::size_t>(row)].times; }
    std::shared_ptr<const ConsoleValues> values(int row) const;
    /// What a line shows while it is folded: twelve lines of text at most.
    QString head(int row) const;
    /// Whether a line shows its trees and not its text.
    bool showsValues(int row) const;
    bool isFoldable(int row) const;
    bool isOpen(int row) const;
    void toggle(int row);
    /// Who knows a request that the log no longer tells of. Label or an empty text.
    void setRequestLookup(std::function<QString(events::RequestId)> lookup) { m_requestLookup = std::move(lookup); }
    /// "GET /api", or "#12" while it is not known.
    QString requestLabel(events::RequestId request) const;
    /// Whether some label was asked for and not known since the last call.
    bool takeLabelsMissed() { return std::exchange(m_labelsMissed, false); }
    static QString labelOf(const events::RequestEvent &request);

private:
    struct Row {
        std::uint64_t number = 0;
        std::uint32_t times = 1;
        std::shared_ptr<ConsoleItem> item;
    };
    using Items = std::vector<std::shared_ptr<ConsoleItem>>;

    const ConsoleLine &held(std::uint64_t number) const { return m_lines[static_cast<std::size_t>(number - m_first)]; }
    bool isShown(const ConsoleLine &line) const;
    void add(ConsoleLine &&line);
    void letGo();
    void rescan();
    Items itemsOf(const ConsoleLine &line, const std::shared_ptr<const ConsoleValues> &values) const;
    void insertItems(int below, Items &&items);
    void removeItems(int below);
    void noteRequest(const events::RequestEvent &event);

    const std::size_t m_maxLines;
    const std::size_t m_maxBytes;
    std::deque<ConsoleLine> m_lines;
    std::uint64_t m_first = 1; ///< number of m_lines.front()
    std::uint64_t m_next = 1; ///< the first line that has not been looked through
    std::deque<Row> m_rows;
    std::size_t m_shown = 0;
    std::size_t m_bytes = 0;
    std::uint64_t m_dropped = 0;
    std::array<std::size_t, 5> m_counts{};
    ConsoleFilter m_filter;
    unsigned m_levels = ~0U;
    Equals m_equals = Equals::Apart;
    std::map<std::uint64_t, Items> m_unfolded; ///< lines with their items, for when the rows are made again
    std::set<std::uint64_t> m_folded; ///< groups
    std::unordered_map<events::RequestId, std::vector<std::pair<int, std::uint64_t>>> m_groups; ///< open ones of each request: depth, head
    std::unordered_map<events::RequestId, QString> m_requests;
    std::deque<events::RequestId> m_requestOrder;
    std::function<QString(events::RequestId)> m_requestLookup;
    mutable bool m_labelsMissed = false;
    mutable QCache<std::uint64_t, std::shared_ptr<const ConsoleValues>> m_values;
};

} // namespace cleat::ui
