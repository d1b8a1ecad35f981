// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/analytics/answermodel.h"

#include "ui/data/d1/cellvalue.h"
#include "ui/data/d1/gridmodel.h"
#include "ui/widgets/text.h"

namespace cleat::ui {

using data::analytics::Cell;
using data::analytics::Type;

const Cell *AnswerModel::cell(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return nullptr;
    return &m_answer->rows[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
}

std::optional<data::d1::Value> AnswerModel::value(const QModelIndex &index) const
{
    const Cell *found = cell(index);
    if (!found)
        return std::nullopt;
    if (std::holds_alternative<std::monostate>(*found))
        return data::d1::Value();
    const Type &kind = type(index.column());
    if (kind.kind == Type::Kind::Float)
        return std::get<double>(*found);
    if (kind.kind == Type::Kind::Integer && (kind.isSigned || std::get<std::int64_t>(*found) >= 0))
        return std::get<std::int64_t>(*found);
    return data::analytics::shown(*found, kind);
}

int AnswerModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_answer->rows.size());
}

int AnswerModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_answer->columns.size());
}

QVariant AnswerModel::data(const QModelIndex &index, int role) const
{
    const Cell *found = cell(index);
    if (!found)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (type(index.column()).isNumber() ? Qt::AlignRight : Qt::AlignLeft));
    if (role == GridModel::NullRole)
        return std::holds_alternative<std::monostate>(*found);
    if (role == GridModel::DimRole)
        return false;
    if (role != Qt::DisplayRole && role != Qt::EditRole && role != Qt::ToolTipRole)
        return {};
    const QString text = fromUtf8(data::analytics::shown(*found, type(index.column())));
    if (role == Qt::ToolTipRole)
        return text.size() > 30 ? valueTip(text) : QString();
    return role == Qt::DisplayRole ? oneLine(text, 300) : text;
}

QVariant AnswerModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::DisplayRole)
        return fromUtf8(m_answer->columns[static_cast<std::size_t>(section)].name);
    if (role == Qt::ToolTipRole)
        return fromUtf8(type(section).name());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (type(section).isNumber() ? Qt::AlignRight : Qt::AlignLeft));
    return {};
}

} // namespace cleat::ui
