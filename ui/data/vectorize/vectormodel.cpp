// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/vectorize/vectormodel.h"

#include "ui/data/d1/cellvalue.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QGuiApplication>
#include <QPalette>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::vectorize::Match;
using data::vectorize::Shown;
using data::vectorize::VectorList;
using data::vectorize::VectorRow;

namespace {

QString metadataText(const VectorRow &row)
{
    QString text = row.metadata ? oneLine(fromUtf8(*row.metadata), 300) : QString();
    if (row.metadata && row.metadataBytes > row.metadata->size())
        text += u'…';
    return text;
}

} // namespace

VectorModel::VectorModel(session::DataThread &thread, const std::shared_ptr<VectorList> &list, QObject *parent)
    : PagedModel(thread,
        {[list](const Shown &shown, std::stop_token) { return list->count(shown); },
            [list](const Shown &shown, std::uint64_t first, std::size_t count, std::stop_token) { return list->rows(shown, first, count); },
            [](const VectorRow &a, const VectorRow &b) { return a.id == b.id; }},
        parent)
{
}

int VectorModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VectorModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::FontRole)
        return QVariant(monospaceFont());
    if (role == Qt::BackgroundRole)
        return isMarked(index.row()) ? QVariant(colors(QGuiApplication::palette()).addedBack) : QVariant();
    if (role == Qt::ForegroundRole)
        return column == Id ? QVariant() : QVariant(colors(QGuiApplication::palette()).muted);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const VectorRow *found = row(index.row());
    if (!found)
        return {};
    switch (column) {
    case Id:
        return role == Qt::DisplayRole ? QVariant(fromUtf8(found->id)) : QVariant(valueTip(fromUtf8(found->id)));
    case Namespace:
        return role == Qt::DisplayRole && found->nameSpace ? QVariant(fromUtf8(*found->nameSpace)) : QVariant();
    case Metadata:
        return role == Qt::DisplayRole ? QVariant(metadataText(*found)) : found->metadata ? QVariant(valueTip(metadataText(*found))) : QVariant();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant VectorModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Id:
        return tr("Id");
    case Namespace:
        return tr("Namespace");
    case Metadata:
        return tr("Metadata");
    case ColumnCount:
        break;
    }
    return {};
}

void MatchModel::setMatches(std::vector<Match> matches)
{
    beginResetModel();
    m_matches = std::move(matches);
    endResetModel();
}

int MatchModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_matches.size());
}

int MatchModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MatchModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (column == Score ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::FontRole)
        return QVariant(monospaceFont());
    if (role != Qt::DisplayRole)
        return {};
    const Match &match = m_matches[static_cast<std::size_t>(index.row())];
    switch (column) {
    case Score:
        return QString::number(match.score, 'g', 7);
    case Id:
        return fromUtf8(match.id);
    case Namespace:
        return match.nameSpace ? QVariant(fromUtf8(*match.nameSpace)) : QVariant();
    case Metadata:
        return match.metadata ? QVariant(oneLine(fromUtf8(*match.metadata), 300)) : QVariant();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant MatchModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (section == Score ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Score:
        return tr("Score");
    case Id:
        return tr("Id");
    case Namespace:
        return tr("Namespace");
    case Metadata:
        return tr("Metadata");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
