// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestsmodel.h"

#include "ui/widgets/text.h"

#include <QElapsedTimer>

#include <algorithm>
#include <iterator>
#include <limits>

namespace cleat::ui {

using events::Recording;
using Sequence = Recording::Sequence;

namespace {

constexpr std::int64_t minRestMs = 200;
constexpr std::size_t manyMoves = 2'000'000; ///< numbers moved to bring rows in one by one; beyond it all are replaced at once
constexpr std::size_t manyChanges = 256;

Recording::Range clipped(Recording::Range range, std::optional<Sequence> end)
{
    if (end)
        range.end = std::max(range.first, std::min(range.end, *end));
    return range;
}

void sortLines(const Recording &recording, std::vector<Sequence> &lines, std::optional<Recording::Key> key, bool descending, const std::stop_token &stop)
{
    if (key)
        recording.sort(lines, *key, descending ? Recording::Order::Descending : Recording::Order::Ascending, stop);
}

QHash<Sequence, int> placesOf(const std::vector<Sequence> &lines, std::vector<Sequence> wanted)
{
    std::ranges::sort(wanted);
    QHash<Sequence, int> places;
    for (std::size_t i = 0; i < lines.size() && !wanted.empty(); ++i) {
        if (std::ranges::binary_search(wanted, lines[i]))
            places.insert(lines[i], static_cast<int>(i));
    }
    return places;
}

} // namespace

/// All rows that fit.
struct RequestsModel::Found {
    Shape shape;
    std::shared_ptr<Lines> lines;
    Sequence matchedTo = 1;
    std::uint64_t revision = 0;
    QHash<Sequence, int> places;
};

/// What changed among rows by arrival; all of them when that could not be told.
struct RequestsModel::Update {
    std::optional<Found> all;
    Lines added;
    std::vector<std::pair<Sequence, bool>> fits; ///< rows of before that have changed, and whether they fit now; ascending
    Sequence matchedTo = 1;
    std::uint64_t revision = 0;
};

RequestsModel::RequestsModel(std::shared_ptr<const Recording> recording, QObject *parent) : QAbstractTableModel(parent), m_hosts([this] { tellChanged(); })
{
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &RequestsModel::refresh);
    setRecording(std::move(recording));
}

RequestsModel::~RequestsModel() = default;

void RequestsModel::setRecording(std::shared_ptr<const Recording> recording)
{
    beginResetModel();
    m_search.stop();
    m_update.stop();
    m_rest.stop();
    m_recording = std::move(recording);
    m_hosts.setRecording(m_recording);
    m_cache.fill({});
    m_pausedEnd.reset();
    m_revision = m_recording->revision();
    m_shown = {};
    m_lines.reset();
    m_places.clear();
    const Recording::Range range = limits();
    m_first = range.first;
    m_end = range.end;
    endResetModel();
    search();
}

Recording::Range RequestsModel::limits() const
{
    return clipped(m_recording->held(), m_pausedEnd);
}

void RequestsModel::setIntake(Intake intake)
{
    switch (intake) {
    case Intake::Live:
        m_pausedEnd.reset();
        break;
    case Intake::Paused:
        m_pausedEnd = m_shown.isPlain() ? m_end : m_matchedTo;
        if (m_search.busy())
            search(); // as far as to here
        break;
    }
    refresh();
}

void RequestsModel::setCriteria(const RowCriteria &criteria)
{
    if (criteria == m_asked.criteria)
        return;
    m_asked.criteria = criteria;
    search();
}

void RequestsModel::sort(int column, Qt::SortOrder order)
{
    const auto asked = column < 0 || column >= requestColumnCount ? RequestColumn::Time : static_cast<RequestColumn>(column);
    const auto key = sortKey(asked);
    const bool descending = order == Qt::DescendingOrder;
    if (key == m_asked.key && descending == m_asked.descending)
        return;
    m_asked.key = key;
    m_asked.descending = descending;
    search();
}

/// Brings about what is asked for.
void RequestsModel::search()
{
    const bool before = m_search.busy();
    m_search.stop();
    if (m_asked.isPlain()) {
        if (m_shown != m_asked)
            replacePlain();
    } else if (m_asked.criteria == m_shown.criteria && !m_asked.key && !m_shown.key) { // turned round, or asked back to what is shown
        if (m_shown != m_asked) {
            Q_EMIT aboutToReplace();
            beginResetModel();
            m_shown = m_asked;
            endResetModel();
            Q_EMIT replaced();
        }
    } else {
        m_update.stop();
        m_rest.stop();
        m_search.start(
            [recording = m_recording, shape = m_asked, paused = m_pausedEnd, wanted = m_wanted ? m_wanted() : Lines()](const std::stop_token &stop) {
                Found found;
                found.shape = shape;
                found.revision = recording->revision();
                const Recording::Range range = clipped(recording->held(), paused);
                found.matchedTo = range.end;
                found.lines = std::make_shared<Lines>(searchRows(*recording, shape.criteria, range, stop));
                sortLines(*recording, *found.lines, shape.key, shape.descending, stop);
                if (shape.key)
                    found.places = placesOf(*found.lines, wanted);
                return found;
            },
            [this](Found &&found) {
                replace(std::move(found));
                Q_EMIT searchingChanged();
                refresh();
            });
    }
    if (before != m_search.busy())
        Q_EMIT searchingChanged();
}

void RequestsModel::replacePlain()
{
    m_update.stop();
    m_rest.stop();
    Q_EMIT aboutToReplace();
    beginResetModel();
    m_shown = m_asked;
    m_lines.reset();
    m_places.clear();
    const Recording::Range range = limits();
    m_first = range.first;
    m_end = range.end;
    endResetModel();
    Q_EMIT replaced();
}

void RequestsModel::replace(Found &&found)
{
    Q_EMIT aboutToReplace();
    beginResetModel();
    m_shown = std::move(found.shape);
    m_lines = std::move(found.lines);
    m_offset = 0;
    m_matchedTo = found.matchedTo;
    m_linesRevision = found.revision;
    m_places = std::move(found.places);
    endResetModel();
    Q_EMIT replaced();
}

void RequestsModel::refresh()
{
    const std::uint64_t revision = m_recording->revision();
    const Recording::Range range = limits();
    trim(range.first);
    if (m_shown.isPlain()) {
        if (range.end > m_end) {
            const int count = static_cast<int>(range.end - m_end);
            const int at = m_shown.descending ? 0 : rowCount();
            beginInsertRows({}, at, at + count - 1);
            m_end = range.end;
            endInsertRows();
        }
    } else if (!m_search.busy() && !m_update.busy() && !m_rest.isActive() && (revision != m_linesRevision || range.end > m_matchedTo)) {
        if (m_shown.key)
            updateSorted();
        else
            updateByArrival();
    }
    if (revision != m_revision) {
        m_revision = revision;
        tellChanged();
    }
}

/// The rows that went are the oldest: at one end, unless they are sorted.
void RequestsModel::trim(Sequence first)
{
    if (m_shown.isPlain()) {
        if (first <= m_first)
            return;
        const Sequence end = std::min(first, m_end);
        if (const int count = static_cast<int>(end - m_first); count > 0) {
            const int at = m_shown.descending ? rowCount() - count : 0;
            beginRemoveRows({}, at, at + count - 1);
            m_first = end;
            endRemoveRows();
        }
        if (m_first < first) { // nothing is left, and what comes next begins there
            m_first = first;
            m_end = first;
        }
        return;
    }
    if (!m_shown.key) {
        const auto begin = m_lines->begin() + static_cast<std::ptrdiff_t>(m_offset);
        const auto count = static_cast<int>(std::lower_bound(begin, m_lines->end(), first) - begin);
        if (count == 0)
            return;
        const int at = m_shown.descending ? rowCount() - count : 0;
        beginRemoveRows({}, at, at + count - 1);
        m_offset += static_cast<std::size_t>(count);
        endRemoveRows();
        if (m_offset > m_lines->size() / 2) {
            m_lines->erase(m_lines->begin(), m_lines->begin() + static_cast<std::ptrdiff_t>(m_offset));
            m_offset = 0;
        }
        return;
    }
    if (limits().size() == 0 && !m_lines->empty()) { // cleared; a few that went are left out by the next update
        m_update.stop();
        Found found;
        found.shape = m_shown;
        found.lines = std::make_shared<Lines>();
        found.matchedTo = first;
        found.revision = m_linesRevision;
        replace(std::move(found));
    }
}

void RequestsModel::updateByArrival()
{
    m_update.start(
        [recording = m_recording, shape = m_shown, paused = m_pausedEnd, from = m_matchedTo, since = m_linesRevision](const std::stop_token &stop) {
            Update update;
            const Recording::Changes changes = recording->changedSince(since);
            update.revision = changes.revision;
            const Recording::Range range = clipped(recording->held(), paused);
            update.matchedTo = std::max(from, range.end);
            if (changes.all) {
                Found &all = update.all.emplace();
                all.shape = shape;
                all.revision = changes.revision;
                all.matchedTo = update.matchedTo;
                all.lines = std::make_shared<Lines>(searchRows(*recording, shape.criteria, range, stop));
                return update;
            }
            if (range.end > from)
                update.added = searchRows(*recording, shape.criteria, {std::max(from, range.first), range.end}, stop);
            for (const Sequence sequence : changes.rows) {
                if (sequence >= range.first && sequence < from)
                    update.fits.emplace_back(sequence, fitsRow(*recording, shape.criteria, sequence));
            }
            return update;
        },
        [this](Update &&update) { apply(std::move(update)); });
}

void RequestsModel::updateSorted()
{
    m_update.start(
        [recording = m_recording, shape = m_shown, paused = m_pausedEnd, from = m_matchedTo, since = m_linesRevision, lines = m_lines,
            wanted = m_wanted ? m_wanted() : Lines()](const std::stop_token &stop) {
            QElapsedTimer spent;
            spent.start();
            Found found;
            found.shape = shape;
            const Recording::Changes changes = recording->changedSince(since);
            found.revision = changes.revision;
            const Recording::Range range = clipped(recording->held(), paused);
            found.matchedTo = std::max(from, range.end);
            if (changes.all) {
                found.lines = std::make_shared<Lines>(searchRows(*recording, shape.criteria, range, stop));
            } else {
                found.lines = std::make_shared<Lines>();
                found.lines->reserve(lines->size() + 64);
                const auto hasChanged = [&changes](Sequence sequence) { return std::ranges::binary_search(changes.rows, sequence); };
                std::ranges::copy_if(*lines, std::back_inserter(*found.lines),
                    [&](Sequence sequence) { return sequence >= range.first && (changes.rows.empty() || !hasChanged(sequence)); });
                std::ranges::copy_if(changes.rows, std::back_inserter(*found.lines),
                    [&](Sequence sequence) { return sequence >= range.first && sequence < from && fitsRow(*recording, shape.criteria, sequence); });
                if (range.end > from)
                    std::ranges::copy(searchRows(*recording, shape.criteria, {std::max(from, range.first), range.end}, stop), std::back_inserter(*found.lines));
                std::ranges::sort(*found.lines); // what is equal stands in the order of arrival
            }
            sortLines(*recording, *found.lines, shape.key, shape.descending, stop);
            found.places = placesOf(*found.lines, wanted);
            if (*found.lines == *lines)
                found.lines = lines;
            return std::pair(std::move(found), spent.elapsed());
        },
        [this](std::pair<Found, qint64> &&answer) {
            Found &found = answer.first;
            m_rest.start(static_cast<int>(std::max<qint64>(minRestMs, 2 * answer.second)));
            if (found.lines != m_lines) {
                replace(std::move(found));
            } else {
                m_matchedTo = found.matchedTo;
                m_linesRevision = found.revision;
            }
        });
}

void RequestsModel::apply(Update &&update)
{
    if (update.all) {
        replace(std::move(*update.all));
    } else {
        applyChanges(update.fits);
        insertLines(update.added);
        m_matchedTo = update.matchedTo;
        m_linesRevision = update.revision;
    }
    refresh(); // what came or went meanwhile
}

void RequestsModel::insertLines(const Lines &added)
{
    if (added.empty())
        return;
    const int at = m_shown.descending ? 0 : rowCount();
    beginInsertRows({}, at, at + static_cast<int>(added.size()) - 1);
    m_lines->insert(m_lines->end(), added.begin(), added.end());
    endInsertRows();
}

/// Rows of before that fit now, or do so no longer.
void RequestsModel::applyChanges(const std::vector<std::pair<Sequence, bool>> &fits)
{
    std::vector<std::pair<Sequence, bool>> moves;
    std::size_t moved = 0;
    const auto begin = m_lines->begin() + static_cast<std::ptrdiff_t>(m_offset);
    for (const auto &[sequence, fit] : fits) {
        const auto place = std::lower_bound(begin, m_lines->end(), sequence);
        const bool isShown = place != m_lines->end() && *place == sequence;
        if (isShown == fit)
            continue;
        moves.emplace_back(sequence, fit);
        moved += static_cast<std::size_t>(m_lines->end() - place);
    }
    if (moves.empty())
        return;
    if (moves.size() > manyChanges || moved > manyMoves) {
        Found found;
        found.shape = m_shown;
        found.matchedTo = m_matchedTo;
        found.revision = m_linesRevision;
        found.lines = std::make_shared<Lines>();
        found.lines->reserve(m_lines->size() - m_offset + moves.size());
        auto move = moves.begin();
        const auto bringIn = [&](Sequence below) {
            for (; move != moves.end() && move->first < below; ++move)
                found.lines->push_back(move->first); // not shown so far, or the loop below would have met it
        };
        for (auto line = begin; line != m_lines->end(); ++line) {
            bringIn(*line);
            if (move != moves.end() && move->first == *line)
                ++move; // no longer
            else
                found.lines->push_back(*line);
        }
        bringIn(std::numeric_limits<Sequence>::max());
        replace(std::move(found));
        return;
    }
    for (const auto &[sequence, fit] : moves) {
        const auto place = std::lower_bound(m_lines->begin() + static_cast<std::ptrdiff_t>(m_offset), m_lines->end(), sequence);
        const int line = static_cast<int>(place - m_lines->begin() - static_cast<std::ptrdiff_t>(m_offset));
        if (fit) {
            const int at = m_shown.descending ? rowCount() - line : line;
            beginInsertRows({}, at, at);
            m_lines->insert(place, sequence);
            endInsertRows();
        } else {
            const int at = m_shown.descending ? rowCount() - 1 - line : line;
            beginRemoveRows({}, at, at);
            m_lines->erase(place);
            endRemoveRows();
        }
    }
}

void RequestsModel::tellChanged()
{
    if (const int rows = rowCount(); rows > 0)
        Q_EMIT dataChanged(index(0, 0), index(rows - 1, requestColumnCount - 1));
}

std::uint64_t RequestsModel::lineCount() const
{
    return m_shown.isPlain() ? m_end - m_first : m_lines->size() - m_offset;
}

int RequestsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(std::min<std::uint64_t>(lineCount(), std::numeric_limits<int>::max()));
}

int RequestsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : requestColumnCount;
}

Sequence RequestsModel::sequenceAt(int row) const
{
    const int rows = rowCount();
    if (row < 0 || row >= rows)
        return 0;
    const bool turned = m_shown.descending && !m_shown.key;
    const auto line = static_cast<std::size_t>(turned ? rows - 1 - row : row);
    return m_shown.isPlain() ? m_first + line : (*m_lines)[m_offset + line];
}

int RequestsModel::rowOf(Sequence sequence, Effort effort) const
{
    const auto rowAt = [this](std::ptrdiff_t line) {
        return m_shown.descending && !m_shown.key ? rowCount() - 1 - static_cast<int>(line) : static_cast<int>(line);
    };
    if (m_shown.isPlain())
        return sequence >= m_first && sequence < m_end ? rowAt(static_cast<std::ptrdiff_t>(sequence - m_first)) : -1;
    const auto begin = m_lines->begin() + static_cast<std::ptrdiff_t>(m_offset);
    if (!m_shown.key) {
        const auto place = std::lower_bound(begin, m_lines->end(), sequence);
        return place != m_lines->end() && *place == sequence ? rowAt(place - begin) : -1;
    }
    if (const auto place = m_places.constFind(sequence); place != m_places.constEnd())
        return *place;
    if (effort == Effort::Quick)
        return -1;
    const auto place = std::find(begin, m_lines->end(), sequence);
    return place == m_lines->end() ? -1 : static_cast<int>(place - begin);
}

const RequestsModel::Row *RequestsModel::row(int row) const
{
    const Sequence sequence = sequenceAt(row);
    if (sequence == 0)
        return nullptr;
    Cached &cached = m_cache[sequence % m_cache.size()];
    if (cached.sequence != sequence || cached.revision != m_revision)
        cached = {sequence, m_revision, m_recording->row(sequence)};
    return cached.row ? &*cached.row : nullptr;
}

QVariant RequestsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.column() >= requestColumnCount)
        return {};
    const auto column = static_cast<RequestColumn>(index.column());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const Row *found = row(index.row());
    if (!found)
        return {};
    if (role == Qt::ToolTipRole) {
        if (column != RequestColumn::Path && column != RequestColumn::Errors)
            return {};
        const events::RequestEvent &request = found->request;
        return fromUtf8(request.error.empty() ? request.target : request.target + "\n" + request.error).toHtmlEscaped();
    }
    return columnText(column, *found, column == RequestColumn::Host ? m_hosts.of(found->sequence) : QString());
}

QVariant RequestsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= requestColumnCount)
        return {};
    const auto column = static_cast<RequestColumn>(section);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::InitialSortOrderRole)
        return static_cast<int>(isNumber(column) ? Qt::DescendingOrder : Qt::AscendingOrder); // the slowest, the largest
    return role == Qt::DisplayRole ? columnTitle(column) : QVariant();
}

} // namespace cleat::ui
