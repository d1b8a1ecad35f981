// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/bindingsmodel.h"

#include "core/config/bindingkinds.h"
#include "ui/bindings/entryroles.h"
#include "ui/bindings/kindlook.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QFileInfo>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using Connected = session::Connection::State;

namespace {

QString filterText(const BindingRow &row)
{
    QString text = fromUtf8(row.entry.name) + u' ' + kindTitle(row.entry.kind);
    for (const config::Field &field : row.entry.fields)
        text += u' ' + fromUtf8(field.value);
    return text;
}

QString resourceTip(const config::Binding &entry)
{
    QStringList lines;
    for (const config::Field &field : entry.fields)
        lines << u"%1: %2"_s.arg(fromUtf8(field.name), oneLine(fromUtf8(field.value), 500));
    if (lines.isEmpty() && !config::bindingKind(entry.kind).resourceField.empty())
        return BindingsModel::tr("It names no resource. Local data is then named after the binding; a deployment needs a resource.");
    return lines.join(u'\n');
}

} // namespace

QString connectionText(const session::Connection &connection)
{
    const QString worker = fromUtf8(connection.worker);
    switch (connection.state) {
    case Connected::NotNeeded:
        break;
    case Connected::Connected:
        return worker.isEmpty() ? BindingsModel::tr("connected") : BindingsModel::tr("connected to %1").arg(worker);
    case Connected::NotRunning:
        return BindingsModel::tr("%1 does not run").arg(worker);
    case Connected::NoWorker:
        return BindingsModel::tr("not connected: no Worker %1").arg(worker);
    case Connected::NoConsumer:
        return BindingsModel::tr("not connected: no consumer");
    }
    return {};
}

QString connectionTip(const config::Binding &binding, const session::Connection &connection)
{
    const QString worker = fromUtf8(connection.worker);
    const bool queue = binding.kind == config::Kind::Queue;
    switch (connection.state) {
    case Connected::NotNeeded:
        break;
    case Connected::Connected:
        if (queue)
            return BindingsModel::tr("The Worker %1 consumes the queue.").arg(worker);
        return worker.isEmpty() ? QString() : BindingsModel::tr("Calls go to the Worker %1 on this machine.").arg(worker);
    case Connected::NotRunning:
        return BindingsModel::tr("The Worker %1 is there, but its code cannot be loaded. The Workers menu in the header says why.").arg(worker);
    case Connected::NoWorker:
        return BindingsModel::tr("No Worker named %1 runs beside the project, so calls are refused. Add it in the header: its folder is enough.").arg(worker);
    case Connected::NoConsumer:
        return BindingsModel::tr("No Worker beside the project consumes the queue %1. What is sent waits until one does.").arg(fromUtf8(config::localId(binding).value_or(std::string())));
    }
    return {};
}

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

BindingsModel::BindingsModel(Facts facts, QObject *parent) : QAbstractTableModel(parent), m_facts(std::move(facts)) {}

void BindingsModel::setRows(std::vector<BindingRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    filter();
    endResetModel();
}

void BindingsModel::setFilter(const QString &filterWords)
{
    if (filterWords == m_filter)
        return;
    beginResetModel();
    m_filter = filterWords;
    filter();
    endResetModel();
}

void BindingsModel::refreshConnections()
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

std::vector<config::Binding> BindingsModel::missing() const
{
    std::vector<config::Binding> found;
    for (const BindingRow &row : m_rows) {
        if (row.origin != Origin::NotInherited && connection(row).isMissing())
            found.push_back(row.entry);
    }
    return found;
}

session::Connection BindingsModel::connection(const BindingRow &row) const
{
    return m_facts.connection && m_facts.runs(row.entry.kind) ? m_facts.connection(row.entry) : session::Connection();
}

void BindingsModel::filter()
{
    m_shown.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_filter.isEmpty() || fitsFilter(m_filter, filterText(m_rows[i])))
            m_shown.push_back(i);
    }
}

const BindingRow *BindingsModel::row(int index) const
{
    return index >= 0 && index < rowCount() ? &m_rows[m_shown[static_cast<std::size_t>(index)]] : nullptr;
}

int BindingsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int BindingsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

Qt::ItemFlags BindingsModel::flags(const QModelIndex &index) const
{
    return index.isValid() ? Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren : Qt::NoItemFlags;
}

QString BindingsModel::dataPath(const BindingRow &row) const
{
    const auto file = m_facts.dataOf(row.entry);
    if (!file)
        return {};
    const std::filesystem::path relative = file->lexically_relative(m_facts.project);
    const bool inside = !relative.empty() && *relative.begin() != "..";
    return fromPath(inside ? relative : *file);
}

QVariant BindingsModel::display(const BindingRow &row, Column column) const
{
    switch (column) {
    case Name:
        return fromUtf8(row.entry.name);
    case Kind:
        return kindTitle(row.entry.kind);
    case Resource: {
        const QString text = resourceText(row.entry);
        const std::string_view field = config::bindingKind(row.entry.kind).resourceField;
        return text.isEmpty() && !field.empty() ? tr("no %1: local only").arg(fromUtf8(field)) : oneLine(text, 500);
    }
    case Data:
        if (!m_facts.runs(row.entry.kind))
            return tr("not run locally yet");
        if (const session::Connection there = connection(row); there.state != Connected::NotNeeded)
            return connectionText(there);
        return dataPath(row);
    case From:
        return originText(row.origin);
    case Line:
        return row.place.line > 0 ? QString::number(row.place.line) : QString();
    case Copy:
        return row.origin == Origin::NotInherited ? tr("Copy here") : QString();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant BindingsModel::toolTip(const BindingRow &row, Column column) const
{
    switch (column) {
    case Name:
        if (!row.findings.empty())
            return findingsTip(row.findings);
        return plainTip(tr("%1, reached as context.env.%2").arg(kindTitle(row.entry.kind), fromUtf8(row.entry.name)));
    case Kind:
        return plainTip(kindTitle(row.entry.kind));
    case Resource:
        return plainTip(resourceTip(row.entry));
    case Data: {
        if (!m_facts.runs(row.entry.kind))
            return plainTip(tr("Cleat does not run this kind of binding yet: it is written to the file for a deployment, and is not in context.env here."));
        if (const session::Connection there = connection(row); there.state != Connected::NotNeeded)
            return plainTip(connectionTip(row.entry, there));
        const auto file = m_facts.dataOf(row.entry);
        if (!file)
            return {};
        const QString path = fromPath(*file);
        return plainTip(QFileInfo::exists(path) ? path : path + u'\n' + tr("It is made at the first write."));
    }
    case From:
        return plainTip(originTip(row.origin));
    case Line:
        return plainTip(formatPlace(row.place));
    case Copy:
        return row.origin == Origin::NotInherited ? plainTip(tr("Write the same entry to this environment's table (Space)")) : QString();
    case ColumnCount:
        break;
    }
    return {};
}

int BindingsModel::tone(const BindingRow &row, Column column) const
{
    if (row.origin == Origin::NotInherited)
        return static_cast<int>(column == Name || column == From ? Tone::Danger : Tone::Muted);
    if (column == Data) {
        const session::Connection there = connection(row);
        if (there.isMissing() || there.state == Connected::NotRunning)
            return static_cast<int>(Tone::Warning);
    }
    const bool aside = column == From || column == Line || (column == Data && !m_facts.runs(row.entry.kind))
        || (column == Resource && resourceText(row.entry).isEmpty());
    return static_cast<int>(aside ? Tone::Muted : Tone::Normal);
}

QVariant BindingsModel::data(const QModelIndex &index, int role) const
{
    const BindingRow *r = row(index.row());
    if (!r)
        return {};
    const auto column = static_cast<Column>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return display(*r, column);
    case Qt::ToolTipRole:
        return toolTip(*r, column);
    case Qt::DecorationRole:
        if (column != Name)
            return {};
        if (!r->findings.empty())
            return holdsError(r->findings) ? icon("circle-alert"_L1, Tone::Danger) : icon("triangle-alert"_L1, Tone::Warning);
        if (r->origin != Origin::NotInherited && connection(*r).state == Connected::NoWorker)
            return icon("triangle-alert"_L1, Tone::Warning);
        return icon(kindIcon(r->entry.kind), r->origin == Origin::NotInherited ? Tone::Muted : Tone::Accent);
    case Qt::TextAlignmentRole:
        return static_cast<int>((column == Line ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case OriginRole:
        return static_cast<int>(r->origin);
    case KeyRole:
        return u"b %1 %2 %3"_s.arg(static_cast<int>(r->entry.kind)).arg(static_cast<int>(r->origin)).arg(fromUtf8(r->entry.name));
    case ToneRole:
        return tone(*r, column);
    case StruckRole:
        return column == Name && r->origin == Origin::NotInherited;
    case ActionRole:
        return column == Copy ? display(*r, column) : QVariant();
    default:
        return {};
    }
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
    case Kind:
        return tr("Kind");
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

} // namespace cleat::ui
