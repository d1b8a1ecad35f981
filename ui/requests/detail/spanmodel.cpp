// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/spanmodel.h"

#include "ui/requests/detail/spanlook.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

const std::vector<int> noChildren;

QString timesText(const events::CallEvent &call, const SpanTree::Node &node)
{
    QString text = SpanModel::tr("Began after %1, took %2").arg(formatDuration(call.startUs), formatDuration(call.durationUs));
    if (!node.children.empty())
        text += SpanModel::tr(", %1 of it in itself").arg(formatDuration(node.selfUs));
    return text;
}

QString toolTip(const events::CallEvent &call, const SpanTree::Node &node)
{
    QStringList lines{spanLabel(call), timesText(call, node)};
    if (call.bytes)
        lines << formatBytes(call.bytes);
    if (!call.arguments.empty() && call.arguments != "[]")
        lines << SpanModel::tr("Arguments: %1").arg(oneLine(fromUtf8(call.arguments)));
    if (!call.error.empty())
        lines << SpanModel::tr("Failed: %1").arg(oneLine(fromUtf8(call.error)));
    else if (!call.result.empty())
        lines << SpanModel::tr("Result: %1").arg(oneLine(fromUtf8(call.result)));
    if (const QString place = formatPlace(call.place); !place.isEmpty())
        lines << place;
    for (QString &line : lines)
        line = line.toHtmlEscaped();
    return lines.join(u"<br>"_s);
}

} // namespace

SpanModel::SpanModel(QObject *parent) : QAbstractItemModel(parent) {}

bool SpanModel::setCalls(std::vector<events::CallEvent> calls)
{
    if (calls == m_calls)
        return false;
    SpanTree tree = spanTree(calls);
    beginResetModel();
    m_calls = std::move(calls);
    m_tree = std::move(tree);
    endResetModel();
    return true;
}

const events::CallEvent *SpanModel::call(const QModelIndex &index) const
{
    return index.isValid() ? &m_calls[index.internalId()] : nullptr;
}

const SpanTree::Node *SpanModel::node(const QModelIndex &index) const
{
    return index.isValid() ? &m_tree.nodes[index.internalId()] : nullptr;
}

QModelIndex SpanModel::indexOf(std::size_t call) const
{
    return call < m_calls.size() ? createIndex(m_tree.nodes[call].row, Name, static_cast<quintptr>(call)) : QModelIndex();
}

std::optional<std::uint64_t> SpanModel::key(const QModelIndex &index) const
{
    return index.isValid() ? std::optional(spanKey(m_calls, index.internalId())) : std::nullopt;
}

QModelIndex SpanModel::indexOfKey(std::uint64_t key) const
{
    for (std::size_t i = 0; i < m_calls.size(); ++i) {
        if (spanKey(m_calls, i) == key)
            return indexOf(i);
    }
    return {};
}

const std::vector<int> &SpanModel::children(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return m_tree.top;
    return parent.column() == Name ? m_tree.nodes[parent.internalId()].children : noChildren;
}

QModelIndex SpanModel::index(int row, int column, const QModelIndex &parent) const
{
    const std::vector<int> &list = children(parent);
    if (row < 0 || row >= static_cast<int>(list.size()) || column < 0 || column >= ColumnCount)
        return {};
    return createIndex(row, column, static_cast<quintptr>(list[static_cast<std::size_t>(row)]));
}

QModelIndex SpanModel::parent(const QModelIndex &index) const
{
    const SpanTree::Node *one = node(index);
    return one && one->parent >= 0 ? indexOf(static_cast<std::size_t>(one->parent)) : QModelIndex();
}

int SpanModel::rowCount(const QModelIndex &parent) const
{
    return static_cast<int>(children(parent).size());
}

int SpanModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant SpanModel::data(const QModelIndex &index, int role) const
{
    const events::CallEvent *c = call(index);
    if (!c)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return index.column() == Name ? spanLabel(*c) : formatDuration(c->durationUs);
    case Qt::DecorationRole:
        return index.column() == Name ? QVariant(icon(spanIcon(c->kind), c->error.empty() ? Tone::Muted : Tone::Danger)) : QVariant();
    case Qt::ToolTipRole:
        return toolTip(*c, *node(index));
    case Qt::AccessibleTextRole:
        return index.column() == Bar ? timesText(*c, *node(index)) : c->error.empty() ? spanLabel(*c) : tr("%1, failed: %2").arg(spanLabel(*c), fromUtf8(c->error));
    default:
        return {};
    }
}

QVariant SpanModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft);
    if (role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("What") : section == Bar ? tr("When") : QString();
}

} // namespace cleat::ui
