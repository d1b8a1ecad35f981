// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/callsmodel.h"

#include "ui/widgets/text.h"

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

/// A result that only grew by new calls is told as inserted rows, so that the view keeps its selection.
bool startsWith(const std::vector<events::CallEvent> &longer, const std::vector<events::CallEvent> &shorter)
{
    return longer.size() >= shorter.size() && std::equal(shorter.begin(), shorter.end(), longer.begin());
}

} // namespace

QString callLabel(const events::CallEvent &call)
{
    return fromUtf8(call.kind).toUpper() + u' ' + fromUtf8(call.binding) + u'.' + fromUtf8(call.method);
}

CallsModel::CallsModel(QObject *parent) : QAbstractTableModel(parent) {}

void CallsModel::setCalls(std::vector<events::CallEvent> calls, std::uint32_t spanUs)
{
    std::stable_sort(calls.begin(), calls.end(), [](const auto &a, const auto &b) { return a.startUs < b.startUs; });
    for (const events::CallEvent &call : calls)
        spanUs = std::max(spanUs, call.startUs + call.durationUs);
    spanUs = std::max<std::uint32_t>(spanUs, 1);

    if (!m_calls.empty() && startsWith(calls, m_calls)) {
        const auto before = static_cast<int>(m_calls.size());
        const auto after = static_cast<int>(calls.size());
        m_spanUs = spanUs;
        if (after > before) {
            beginInsertRows({}, before, after - 1);
            m_calls = std::move(calls);
            endInsertRows();
        }
        Q_EMIT dataChanged(index(0, Bar), index(after - 1, Bar));
        return;
    }
    beginResetModel();
    m_calls = std::move(calls);
    m_spanUs = spanUs;
    endResetModel();
}

const events::CallEvent *CallsModel::call(int row) const
{
    return row >= 0 && row < rowCount() ? &m_calls[static_cast<std::size_t>(row)] : nullptr;
}

int CallsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_calls.size());
}

int CallsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CallsModel::data(const QModelIndex &index, int role) const
{
    const events::CallEvent *c = call(index.row());
    if (!c)
        return {};
    if (role == Qt::ToolTipRole) {
        QStringList lines{callLabel(*c), tr("Began after %1, took %2, %3").arg(formatDuration(c->startUs), formatDuration(c->durationUs), formatBytes(c->bytes)),
                          tr("Arguments: %1").arg(oneLine(fromUtf8(c->arguments)))};
        if (!c->error.empty())
            lines << tr("Failed: %1").arg(oneLine(fromUtf8(c->error)));
        else if (!c->result.empty())
            lines << tr("Result: %1").arg(oneLine(fromUtf8(c->result)));
        for (QString &line : lines)
            line = line.toHtmlEscaped();
        return lines.join(u"<br>"_s);
    }
    if (role == Qt::DisplayRole)
        return index.column() == Name ? callLabel(*c) : formatDuration(c->durationUs);
    return {};
}

QVariant CallsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft);
    if (role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Call") : section == Bar ? tr("Time") : QString();
}

} // namespace cleat::ui
