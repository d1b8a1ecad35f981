// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/models/callmodel.h"

#include "ui/data/expirytext.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QGuiApplication>
#include <QPalette>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::ModelCallLog;
using session::ModelCall;

QString tokensText(const ModelCall &call)
{
    if (!call.tokensIn && !call.tokensOut)
        return {};
    return u"%L1 + %L2"_s.arg(call.tokensIn.value_or(0)).arg(call.tokensOut.value_or(0));
}

CallModel::CallModel(const ModelCallLog &log, QObject *parent) : QAbstractTableModel(parent), m_log(log) {}

void CallModel::update()
{
    const ModelCall::Id oldest = m_log.oldest();
    const auto kept = std::ranges::find_if(m_calls, [&](const ModelCall &call) { return oldest == 0 || call.id < oldest; });
    if (kept != m_calls.end()) {
        const int first = static_cast<int>(kept - m_calls.begin());
        beginRemoveRows({}, first, static_cast<int>(m_calls.size()) - 1);
        m_calls.erase(kept, m_calls.end());
        endRemoveRows();
    }
    std::vector<ModelCall> more = m_log.after(m_calls.empty() ? 0 : m_calls.front().id, ModelCallLog::Parts::Brief);
    if (more.empty())
        return;
    beginInsertRows({}, 0, static_cast<int>(more.size()) - 1);
    for (ModelCall &call : more)
        m_calls.push_front(std::move(call));
    endInsertRows();
}

const ModelCall *CallModel::call(int row) const
{
    return row < 0 || row >= rowCount() ? nullptr : &m_calls[static_cast<std::size_t>(row)];
}

int CallModel::rowOf(ModelCall::Id id) const
{
    const auto found = std::ranges::find(m_calls, id, &ModelCall::id);
    return found == m_calls.end() ? -1 : static_cast<int>(found - m_calls.begin());
}

int CallModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_calls.size());
}

int CallModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString CallModel::text(const ModelCall &call, Column column) const
{
    switch (column) {
    case Time:
        return formatTime(call.startUs);
    case Model:
        return fromUtf8(call.model);
    case Prompt:
        return call.isCut && call.inputs.empty() ? tr("(too long to be kept)") : oneLine(fromUtf8(call.inputs).simplified(), 300);
    case Tokens:
        return tokensText(call);
    case Took:
        return formatDuration(call.tookUs);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant CallModel::data(const QModelIndex &index, int role) const
{
    const ModelCall *found = index.isValid() ? call(index.row()) : nullptr;
    if (!found)
        return {};
    const auto column = static_cast<Column>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return text(*found, column);
    case Qt::ToolTipRole:
        if (!found->error.empty())
            return fromUtf8(found->error).toHtmlEscaped();
        if (column == Tokens)
            return found->tokensIn ? tr("Tokens of the prompt and of the answer") : QVariant();
        return column == Time ? absoluteTime(found->startUs / 1000) : text(*found, column).toHtmlEscaped();
    case Qt::TextAlignmentRole:
        return static_cast<int>(Qt::AlignVCenter | (column == Tokens || column == Took ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ForegroundRole:
        return found->error.empty() ? QVariant() : QVariant(toneColor(QGuiApplication::palette(), Tone::Danger));
    default:
        return {};
    }
}

QVariant CallModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const auto column = static_cast<Column>(section);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (column == Tokens || column == Took ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Time:
        return tr("Time");
    case Model:
        return tr("Model");
    case Prompt:
        return tr("Prompt");
    case Tokens:
        return tr("Tokens");
    case Took:
        return tr("Took");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
