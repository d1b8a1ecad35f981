// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/resultmodel.h"

#include "ui/data/d1/cellvalue.h"
#include "ui/data/d1/gridmodel.h"
#include "ui/widgets/text.h"

namespace cleat::ui {

ResultModel::ResultModel(std::vector<std::string> columns, std::vector<std::vector<data::d1::Value>> rows, QObject *parent)
    : QAbstractTableModel(parent),
      m_columns(std::move(columns)),
      m_rows(std::move(rows))
{}

const data::d1::Value *ResultModel::value(const QModelIndex &index) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return nullptr;
    const auto &row = m_rows[static_cast<std::size_t>(index.row())];
    return static_cast<std::size_t>(index.column()) < row.size() ? &row[static_cast<std::size_t>(index.column())] : nullptr;
}

int ResultModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int ResultModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant ResultModel::data(const QModelIndex &index, int role) const
{
    const data::d1::Value *found = value(index);
    if (!found)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return cellText(*found);
    case Qt::EditRole:
        return editText(*found);
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter | (isNumber(*found) ? Qt::AlignRight : Qt::AlignLeft));
    case Qt::ToolTipRole: {
        const auto *text = std::get_if<std::string>(found);
        return text && text->size() > 30 ? valueTip(fromUtf8(*text)) : QString();
    }
    case GridModel::NullRole:
        return std::holds_alternative<std::monostate>(*found);
    case GridModel::DimRole:
        return std::holds_alternative<data::d1::Blob>(*found);
    default: // roles that a result has nothing for
        return {};
    }
}

QVariant ResultModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::DisplayRole)
        return fromUtf8(m_columns[static_cast<std::size_t>(section)]);
    if (role == Qt::TextAlignmentRole) {
        const data::d1::Value *first = value(index(0, section));
        return static_cast<int>(Qt::AlignVCenter | (first && isNumber(*first) ? Qt::AlignRight : Qt::AlignLeft));
    }
    return {};
}

} // namespace cleat::ui
