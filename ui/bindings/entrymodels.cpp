// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrymodels.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QFileInfo>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

QString originText(Origin origin)
{
    switch (origin) {
    case Origin::Own:
        return BindingsModel::tr("this environment");
    case Origin::TopLevel:
        return BindingsModel::tr("top level");
    case Origin::NotInherited:
        return BindingsModel::tr("not inherited");
    }
    return {};
}

QString originTip(Origin origin)
{
    switch (origin) {
    case Origin::Own:
        return BindingsModel::tr("Stands in this environment's own table.");
    case Origin::TopLevel:
        return BindingsModel::tr("Stands at the top level of the file; this environment has no table of its own and so gets it.");
    case Origin::NotInherited:
        return BindingsModel::tr("Stands at the top level of the file, but this environment has a table of its own and so does not get it.");
    }
    return {};
}

} // namespace

BindingsModel::BindingsModel(QObject *parent) : QAbstractTableModel(parent) {}

void BindingsModel::setRows(std::vector<KvRow> rows, const DataFile &dataFile, const std::filesystem::path &project)
{
    beginResetModel();
    m_rows.clear();
    for (KvRow &row : rows) {
        Shown shown{std::move(row), {}, {}};
        shown.file = dataFile(shown.row.entry);
        const std::filesystem::path relative = shown.file.lexically_relative(project);
        const bool inside = !relative.empty() && *relative.begin() != "..";
        shown.path = fromPath(inside ? relative : shown.file);
        m_rows.push_back(std::move(shown));
    }
    endResetModel();
}

const KvRow *BindingsModel::row(int index) const
{
    return index >= 0 && index < rowCount() ? &m_rows[static_cast<std::size_t>(index)].row : nullptr;
}

int BindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int BindingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant BindingsModel::data(const QModelIndex &index, int role) const
{
    const KvRow *r = row(index.row());
    if (!r)
        return {};
    const Shown &shown = m_rows[static_cast<std::size_t>(index.row())];
    if (role == originRole)
        return static_cast<int>(r->origin);
    switch (static_cast<Column>(index.column())) {
    case Name:
        if (role == Qt::DisplayRole)
            return fromUtf8(r->entry.binding);
        if (role == Qt::DecorationRole)
            return icon("key-round"_L1, r->origin == Origin::NotInherited ? Tone::Muted : Tone::Accent);
        if (role == Qt::ToolTipRole)
            return tr("KV namespace, reached as context.env.%1").arg(fromUtf8(r->entry.binding)).toHtmlEscaped();
        break;
    case Resource: {
        QStringList parts;
        if (r->entry.id)
            parts << fromUtf8(*r->entry.id);
        if (r->entry.previewId)
            parts << tr("preview: %1").arg(fromUtf8(*r->entry.previewId));
        if (role == Qt::DisplayRole)
            return parts.isEmpty() ? tr("no id: local only") : parts.join(u", "_s);
        if (role == Qt::ToolTipRole)
            return (parts.isEmpty() ? tr("Without an id, local data is named after the binding. A deployment needs an id.") : parts.join(u'\n')).toHtmlEscaped().replace(u'\n', u"<br>"_s);
        break;
    }
    case Data:
        if (role == Qt::DisplayRole)
            return shown.path;
        if (role == Qt::ToolTipRole)
            return (fromPath(shown.file) + (QFileInfo::exists(fromPath(shown.file)) ? QString() : u'\n' + tr("It is made at the first write.")))
                .toHtmlEscaped()
                .replace(u'\n', u"<br>"_s);
        break;
    case From:
        if (role == Qt::DisplayRole)
            return originText(r->origin);
        if (role == Qt::ToolTipRole)
            return originTip(r->origin);
        break;
    case Line:
        if (role == Qt::DisplayRole)
            return r->place.line > 0 ? QString::number(r->place.line) : QString();
        if (role == Qt::TextAlignmentRole)
            return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
        if (role == Qt::ToolTipRole)
            return formatPlace(r->place).toHtmlEscaped();
        break;
    case Copy:
    case ColumnCount:
        break;
    }
    return {};
}

QVariant BindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (section == Line ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Name:
        return tr("Name");
    case Resource:
        return tr("Resource");
    case Data:
        return tr("Local data");
    case From:
        return tr("From");
    case Line:
        return tr("Line");
    case Copy:
    case ColumnCount:
        break;
    }
    return {};
}

VariablesModel::VariablesModel(QObject *parent) : QAbstractTableModel(parent) {}

void VariablesModel::setRows(std::vector<VariableRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

const VariableRow *VariablesModel::row(int index) const
{
    return index >= 0 && index < rowCount() ? &m_rows[static_cast<std::size_t>(index)] : nullptr;
}

int VariablesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int VariablesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VariablesModel::data(const QModelIndex &index, int role) const
{
    const VariableRow *r = row(index.row());
    if (!r)
        return {};
    if (role == originRole)
        return static_cast<int>(r->origin);
    const bool text = r->entry.kind == config::Variable::Kind::Text;
    switch (static_cast<Column>(index.column())) {
    case Name:
        if (role == Qt::DisplayRole)
            return fromUtf8(r->entry.name);
        if (role == Qt::DecorationRole)
            return icon(text ? "type"_L1 : "braces"_L1, r->origin == Origin::NotInherited ? Tone::Muted : Tone::Accent);
        if (role == Qt::ToolTipRole)
            return (text ? tr("Text, reached as context.env.%1") : tr("JSON value, reached as context.env.%1")).arg(fromUtf8(r->entry.name)).toHtmlEscaped();
        break;
    case Value:
        if (role == Qt::DisplayRole)
            return oneLine(fromUtf8(r->entry.value), 500);
        if (role == Qt::ToolTipRole)
            return fromUtf8(r->entry.value).left(2000).toHtmlEscaped().replace(u'\n', u"<br>"_s);
        break;
    case From:
        if (role == Qt::DisplayRole)
            return originText(r->origin);
        if (role == Qt::ToolTipRole)
            return originTip(r->origin);
        break;
    case Source:
        if (role == Qt::DisplayRole)
            return formatPlace({r->place.file, r->place.line, 0});
        break;
    case Copy:
    case ColumnCount:
        break;
    }
    return {};
}

QVariant VariablesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft);
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Name:
        return tr("Name");
    case Value:
        return tr("Value");
    case From:
        return tr("From");
    case Source:
        return tr("Source");
    case Copy:
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
