// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "ui/requests/hostnames.h"
#include "ui/requests/pooljob.h"
#include "ui/requests/requestcolumns.h"
#include "ui/requests/rowsearch.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QTimer>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace cleat::ui {

/// The requests of a recording as rows: those that fit, in the order that is asked for. It holds no copies of them, and nothing on the GUI thread grows with their number:
/// what has to look at many runs on the pool, and until its answer is there the rows stay that were there. Unsorted, rows stand in the order of arrival.
/// Columns are RequestColumn's. Rows change only inside refresh(), setCriteria(), sort(), setRecording(), and from the event loop. GUI thread.
class RequestsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    using Sequence = events::Recording::Sequence;
    using Row = events::Recording::Row;

    explicit RequestsModel(std::shared_ptr<const events::Recording> recording, QObject *parent = nullptr);
    ~RequestsModel() override;

    const std::shared_ptr<const events::Recording> &recording() const { return m_recording; }
    void setRecording(std::shared_ptr<const events::Recording> recording);

    void setCriteria(const RowCriteria &criteria);
    /// As asked for last; rows may still be the ones of before.
    const RowCriteria &criteria() const { return m_asked.criteria; }
    /// Stable; the order of arrival for columns without a key of their own.
    void sort(int column, Qt::SortOrder order) override;

    enum class Intake { Live, Paused };
    /// While paused, no new rows come; those that are shown still change and go.
    void setIntake(Intake intake);
    /// Takes in what is new. Cheap when nothing is.
    void refresh();

    /// Whether rows stand in the order of arrival, or against it: then new ones come at one end.
    bool isByArrival() const { return !m_shown.key; }
    bool isDescending() const { return m_shown.descending; }
    bool isSearching() const { return m_search.busy(); }
    /// Rows that could be shown, whatever fits.
    std::uint64_t total() const { return limits().size(); }

    /// 0 when there is no such row.
    Sequence sequenceAt(int row) const;
    enum class Effort { Quick, Whole };
    /// -1 when it is not shown. Quick: perhaps also when it was not among the wanted(), which matters with a sorted table only.
    int rowOf(Sequence sequence, Effort effort = Effort::Whole) const;
    /// Borrowed until the next call of anything; nullptr when there is no such row, or it has just gone.
    const Row *row(int row) const;
    /// Asks whose places will be asked for after rows were replaced.
    void setWanted(std::function<std::vector<Sequence>()> wanted) { m_wanted = std::move(wanted); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void searchingChanged();
    /// Round a reset that keeps most of what was shown, in another order or with another filter.
    void aboutToReplace();
    void replaced();

private:
    using Lines = std::vector<Sequence>;
    struct Shape {
        RowCriteria criteria;
        std::optional<events::Recording::Key> key; ///< nullopt: by arrival
        bool descending = false;
        bool isPlain() const { return criteria.all() && !key; }
        bool operator==(const Shape &) const = default;
    };
    struct Found;
    struct Update;
    struct Cached {
        Sequence sequence = 0;
        std::uint64_t revision = 0;
        std::optional<Row> row;
    };

    events::Recording::Range limits() const;
    std::uint64_t lineCount() const;
    void search();
    void updateByArrival();
    void updateSorted();
    void apply(Update &&update);
    void applyChanges(const std::vector<std::pair<Sequence, bool>> &fits);
    void replace(Found &&found);
    void replacePlain();
    void trim(Sequence first);
    void insertLines(const Lines &added);
    void tellChanged();

    std::shared_ptr<const events::Recording> m_recording;
    Shape m_asked;
    Shape m_shown;
    std::optional<Sequence> m_pausedEnd;

    Sequence m_first = 1; ///< plain: rows are [m_first, m_end)
    Sequence m_end = 1;
    std::shared_ptr<Lines> m_lines; ///< else: from m_offset on; ascending when by arrival; shared with jobs when sorted
    std::size_t m_offset = 0;
    Sequence m_matchedTo = 1; ///< lines hold what fits below it
    std::uint64_t m_linesRevision = 0; ///< of the recording, that lines are true of
    QHash<Sequence, int> m_places; ///< sorted: of the wanted
    std::function<std::vector<Sequence>()> m_wanted;

    std::uint64_t m_revision = 0; ///< of the recording, that was told of last
    mutable std::array<Cached, 512> m_cache;
    mutable HostNames m_hosts;
    PoolJob m_search; ///< for what is asked for
    PoolJob m_update; ///< of what is shown
    QTimer m_rest; ///< between updates of a sorted table
};

} // namespace cleat::ui
