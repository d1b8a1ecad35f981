// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/pathgroupsmodel.h"

#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QElapsedTimer>
#include <QFont>
#include <QGuiApplication>
#include <QLocale>

#include <algorithm>
#include <numeric>

namespace cleat::ui {

using events::Recording;
using Sequence = Recording::Sequence;
using Group = PathGroupsModel::Group;

namespace {

constexpr qint64 minRestMs = 500;
constexpr std::size_t mostLookedAt = 100'000; ///< groups among which one is found again

bool isLess(PathGroupsModel::Column column, const Group &a, const Group &b)
{
    switch (column) {
    case PathGroupsModel::Method:
        return a.method < b.method;
    case PathGroupsModel::Path:
        return a.path < b.path;
    case PathGroupsModel::Requests:
        return a.traffic.requests < b.traffic.requests;
    case PathGroupsModel::Errors:
        return a.traffic.errors < b.traffic.errors;
    case PathGroupsModel::P50:
        return a.traffic.p50Us < b.traffic.p50Us;
    case PathGroupsModel::P95:
        return a.traffic.p95Us < b.traffic.p95Us;
    case PathGroupsModel::P99:
        return a.traffic.p99Us < b.traffic.p99Us;
    case PathGroupsModel::Total:
        return a.totalUs < b.totalUs;
    case PathGroupsModel::Bytes:
        return a.traffic.responseBytes < b.traffic.responseBytes;
    case PathGroupsModel::ColumnCount:
        break;
    }
    return false;
}

void sortGroups(std::vector<Group> &groups, PathGroupsModel::Column column, Qt::SortOrder order)
{
    std::ranges::stable_sort(groups, [&](const Group &a, const Group &b) { return order == Qt::AscendingOrder ? isLess(column, a, b) : isLess(column, b, a); });
}

bool isSameGroup(const Group &a, const Group &b)
{
    return a.method == b.method && a.path == b.path;
}

QString totalText(std::uint64_t us)
{
    constexpr std::uint64_t minute = 60'000'000;
    if (us < 10 * minute)
        return formatDuration(static_cast<std::uint32_t>(us));
    return PathGroupsModel::tr("%1 min").arg(QLocale().toString(static_cast<double>(us) / minute, 'f', 0));
}

} // namespace

PathGroupsModel::PathGroupsModel(std::shared_ptr<const Recording> recording, QObject *parent) : QAbstractTableModel(parent), m_recording(std::move(recording))
{
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, &PathGroupsModel::refresh);
}

void PathGroupsModel::setCriteria(const RowCriteria &criteria)
{
    if (criteria == m_criteria)
        return;
    m_criteria = criteria;
    m_counted = false;
    m_job.stop();
    m_rest.stop();
    refresh();
}

void PathGroupsModel::setActivity(Activity activity)
{
    m_activity = activity;
    if (activity == Activity::Idle) {
        m_job.stop();
        m_rest.stop();
    }
    refresh();
}

void PathGroupsModel::refresh()
{
    if (m_activity == Activity::Active && !m_job.busy() && !m_rest.isActive() && (!m_counted || m_recording->revision() != m_revision))
        count();
}

void PathGroupsModel::count()
{
    struct Answer {
        std::vector<Group> groups;
        std::uint64_t revision = 0;
        qint64 spentMs = 0;
    };
    m_job.start(
        [recording = m_recording, criteria = m_criteria, column = m_sort, order = m_order](const std::stop_token &stop) {
            QElapsedTimer spent;
            spent.start();
            Answer answer;
            answer.revision = recording->revision();
            const Recording::Range range = recording->held();
            std::vector<Sequence> rows;
            if (criteria.all()) {
                rows.resize(static_cast<std::size_t>(range.size()));
                std::iota(rows.begin(), rows.end(), range.first);
            } else {
                rows = searchRows(*recording, criteria, range, stop);
            }
            answer.groups = recording->byPath(rows, stop);
            sortGroups(answer.groups, column, order);
            answer.spentMs = spent.elapsed();
            return answer;
        },
        [this](Answer &&answer) {
            m_revision = answer.revision;
            m_counted = true;
            m_rest.start(static_cast<int>(std::max(minRestMs, 3 * answer.spentMs)));
            take(std::move(answer.groups));
        });
}

void PathGroupsModel::take(std::vector<Group> &&groups)
{
    if (groups.size() == m_groups.size() && std::ranges::equal(groups, m_groups, isSameGroup)) {
        m_groups = std::move(groups);
        if (!m_groups.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        Q_EMIT replaced();
        return;
    }
    Q_EMIT aboutToReplace();
    beginResetModel();
    m_groups = std::move(groups);
    endResetModel();
    Q_EMIT replaced();
}

void PathGroupsModel::sort(int column, Qt::SortOrder order)
{
    m_sort = column < 0 || column >= ColumnCount ? Requests : static_cast<Column>(column);
    m_order = column < 0 ? Qt::DescendingOrder : order;
    m_counted = false;
    m_job.stop();
    m_rest.stop();
    refresh();
}

const Group *PathGroupsModel::group(int row) const
{
    return row >= 0 && row < rowCount() ? &m_groups[static_cast<std::size_t>(row)] : nullptr;
}

int PathGroupsModel::rowOf(const std::string &method, const std::string &path) const
{
    for (std::size_t i = 0; i < std::min(m_groups.size(), mostLookedAt); ++i) {
        if (m_groups[i].path == path && m_groups[i].method == method)
            return static_cast<int>(i);
    }
    return -1;
}

int PathGroupsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_groups.size());
}

int PathGroupsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PathGroupsModel::data(const QModelIndex &index, int role) const
{
    const Group *found = index.isValid() ? group(index.row()) : nullptr;
    if (!found)
        return {};
    const auto column = static_cast<Column>(index.column());
    const events::Recording::Bucket &traffic = found->traffic;
    switch (role) {
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (column >= Requests ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::FontRole:
        return column == Path ? QVariant(monospaceFont()) : QVariant();
    case Qt::ForegroundRole:
        return column == Errors ? QVariant(toneColor(QGuiApplication::palette(), Tone::Danger)) : QVariant();
    case Qt::ToolTipRole:
        if (column == Path)
            return fromUtf8(found->path).toHtmlEscaped();
        if (column == Errors && traffic.requests > 0)
            return tr("%1 % of its requests").arg(QLocale().toString(100.0 * traffic.errors / traffic.requests, 'f', 1));
        return {};
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    const QLocale locale;
    switch (column) {
    case Method:
        return fromUtf8(found->method);
    case Path:
        return fromUtf8(found->path);
    case Requests:
        return locale.toString(traffic.requests);
    case Errors:
        return traffic.errors ? locale.toString(traffic.errors) : QString();
    case P50:
        return formatDuration(traffic.p50Us);
    case P95:
        return formatDuration(traffic.p95Us);
    case P99:
        return formatDuration(traffic.p99Us);
    case Total:
        return totalText(found->totalUs);
    case Bytes:
        return formatBytes(traffic.responseBytes);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant PathGroupsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const auto column = static_cast<Column>(section);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (column >= Requests ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::InitialSortOrderRole)
        return static_cast<int>(column >= Requests ? Qt::DescendingOrder : Qt::AscendingOrder);
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Method:
        return tr("Method");
    case Path:
        return tr("Path");
    case Requests:
        return tr("Requests");
    case Errors:
        return tr("Errors");
    case P50:
        return tr("p50");
    case P95:
        return tr("p95");
    case P99:
        return tr("p99");
    case Total:
        return tr("Total time");
    case Bytes:
        return tr("Bytes");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
