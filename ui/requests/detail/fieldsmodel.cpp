// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/fieldsmodel.h"

#include "ui/widgets/text.h"

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

QString FieldsModel::mask()
{
    return u"•••"_s;
}

FieldsModel::FieldsModel(QObject *parent) : QAbstractTableModel(parent) {}

void FieldsModel::setFields(std::vector<Field> fields)
{
    if (fields == m_fields)
        return;
    // Of one that grows, what was there before is the same still.
    const bool grows = fields.size() >= m_fields.size() && std::equal(m_fields.begin(), m_fields.end(), fields.begin());
    beginResetModel();
    m_fields = std::move(fields);
    if (!grows)
        m_shown.clear();
    endResetModel();
}

bool FieldsModel::isMasked(int row) const
{
    return row >= 0 && row < rowCount() && m_fields[static_cast<std::size_t>(row)].seen == Field::Seen::WhenAsked && !m_shown.contains(row);
}

void FieldsModel::setShown(int row, Shown shown)
{
    if (row < 0 || row >= rowCount())
        return;
    if (shown == Shown::Plain)
        m_shown.insert(row);
    else
        m_shown.erase(row);
    Q_EMIT dataChanged(index(row, Name), index(row, Value));
}

void FieldsModel::setAllShown(Shown shown)
{
    for (int row = 0; row < rowCount(); ++row)
        setShown(row, shown);
}

bool FieldsModel::anySecret() const
{
    return std::ranges::any_of(m_fields, [](const Field &field) { return field.seen == Field::Seen::WhenAsked; });
}

bool FieldsModel::anyMasked() const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (isMasked(row))
            return true;
    }
    return false;
}

QString FieldsModel::valueText(int row) const
{
    if (row < 0 || row >= rowCount())
        return {};
    return isMasked(row) ? mask() : m_fields[static_cast<std::size_t>(row)].value;
}

int FieldsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_fields.size());
}

int FieldsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FieldsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Field &field = m_fields[static_cast<std::size_t>(index.row())];
    if (role == Qt::AccessibleTextRole && isMasked(index.row()) && index.column() == Value)
        return tr("masked");
    if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
        return index.column() == Name ? field.name : valueText(index.row()) + (field.note.isEmpty() || isMasked(index.row()) ? QString() : u"   "_s + field.note);
    if (role == Qt::ToolTipRole && index.column() == Value)
        return isMasked(index.row()) ? tr("Masked, because it tells who somebody is. Double-click to show it.") : u"<p>"_s + oneLine(field.value, 1000).toHtmlEscaped() + u"</p>"_s;
    return {};
}

QVariant FieldsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Name") : tr("Value");
}

} // namespace cleat::ui
