// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/variablesmodel.h"

#include "ui/bindings/bindingsmodel.h"
#include "ui/bindings/entryroles.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::VariableOrigin;
using session::VariableSource;

namespace {

bool isOverridden(const VariableRow &row)
{
    return row.source.standing == VariableSource::Standing::Overridden;
}

/// The keychain does not give it now.
bool isMissing(const VariableRow &row)
{
    return row.source.standing == VariableSource::Standing::Missing;
}

bool isLost(const VariableRow &row)
{
    return row.origin == Origin::NotInherited;
}

QString filterText(const VariableRow &row)
{
    const QString what = isSecret(row.source) ? VariablesModel::tr("secret encrypted") : VariablesModel::tr("variable");
    return u"%1 %2 %3 %4"_s.arg(fromUtf8(row.source.name), what, fromUtf8(row.source.value), sourceText(row.source));
}

QString valueText(const VariableRow &row)
{
    if (isMissing(row))
        return VariablesModel::tr("Encrypted, out of reach");
    return isSecret(row.source) ? VariablesModel::tr("Encrypted") : oneLine(fromUtf8(row.source.value), 500);
}

QString fromText(const VariableRow &row)
{
    if (isLost(row) || row.source.origin == VariableOrigin::Wrangler)
        return originText(row.origin);
    switch (row.source.origin) {
    case VariableOrigin::Pages:
        return VariablesModel::tr("Pages");
    case VariableOrigin::DevVars:
    case VariableOrigin::DotEnv:
        return VariablesModel::tr("local file");
    case VariableOrigin::Keychain:
        return VariablesModel::tr("this environment");
    case VariableOrigin::Flag:
        return VariablesModel::tr("command line");
    case VariableOrigin::Wrangler:
        break;
    }
    return {};
}

QString fromTip(const VariableRow &row)
{
    switch (row.source.origin) {
    case VariableOrigin::Pages:
        return VariablesModel::tr("Pages sets it itself in every deployment.");
    case VariableOrigin::Wrangler:
        return originTip(row.origin);
    case VariableOrigin::DevVars:
        return VariablesModel::tr("Read from a file for local runs; a deployment does not see it.");
    case VariableOrigin::DotEnv:
        return VariablesModel::tr("Read from a file for local runs, since there is no .dev.vars; a deployment does not see it.");
    case VariableOrigin::Keychain:
        return isLost(row) ? VariablesModel::tr("A secret of the top level alone, in your system keychain: it is there when the top level runs, not in this environment.")
                           : VariablesModel::tr("In your system keychain, for this project and this environment. Nobody can read it in Cleat.");
    case VariableOrigin::Flag:
        return VariablesModel::tr("Given on the command line, for this run.");
    }
    return {};
}

QString nameTip(const VariableRow &row)
{
    QString text;
    if (isSecret(row.source))
        text = VariablesModel::tr("Secret, reached as context.env.%1");
    else if (row.source.kind == config::Variable::Kind::Text)
        text = VariablesModel::tr("Text, reached as context.env.%1");
    else
        text = VariablesModel::tr("JSON value, reached as context.env.%1");
    text = text.arg(fromUtf8(row.source.name));
    if (isMissing(row))
        text += u'\n' + VariablesModel::tr("The keychain does not give it now, so it is not in context.env.");
    if (row.winner)
        text += u'\n' + VariablesModel::tr("Not this value, though: the one of %1 wins.").arg(sourceText(*row.winner));
    return plainTip(text);
}

QIcon iconOf(const VariableRow &row)
{
    if (!row.findings.empty())
        return holdsError(row.findings) ? icon("circle-alert"_L1, Tone::Danger) : icon("triangle-alert"_L1, Tone::Warning);
    const Tone tone = isLost(row) || isOverridden(row) || isMissing(row) || row.source.origin == VariableOrigin::Pages ? Tone::Muted : Tone::Accent;
    if (isSecret(row.source))
        return icon("lock"_L1, tone);
    return icon(row.source.kind == config::Variable::Kind::Text ? "type"_L1 : "braces"_L1, tone);
}

} // namespace

bool isSecret(const VariableSource &source)
{
    return source.secrecy == VariableSource::Secrecy::Secret;
}

QString sourceText(const VariableSource &source)
{
    const QString place = formatPlace({source.place.file, source.place.line, 0});
    switch (source.origin) {
    case VariableOrigin::Pages:
        return VariablesModel::tr("Pages");
    case VariableOrigin::Wrangler:
        return place.isEmpty() ? VariablesModel::tr("Wrangler file") : place;
    case VariableOrigin::DevVars:
        return place.isEmpty() ? u".dev.vars"_s : place;
    case VariableOrigin::DotEnv:
        return place.isEmpty() ? u".env"_s : place;
    case VariableOrigin::Keychain:
        return VariablesModel::tr("keychain");
    case VariableOrigin::Flag:
        return VariablesModel::tr("flag");
    }
    return {};
}

VariablesModel::VariablesModel(QObject *parent) : QAbstractTableModel(parent) {}

void VariablesModel::setRows(std::vector<VariableRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    filter();
    endResetModel();
}

void VariablesModel::setFilter(const QString &filterWords)
{
    if (filterWords == m_filter)
        return;
    beginResetModel();
    m_filter = filterWords;
    filter();
    endResetModel();
}

void VariablesModel::filter()
{
    m_shown.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_filter.isEmpty() || fitsFilter(m_filter, filterText(m_rows[i])))
            m_shown.push_back(i);
    }
}

const VariableRow *VariablesModel::row(int index) const
{
    return index >= 0 && index < rowCount() ? &m_rows[m_shown[static_cast<std::size_t>(index)]] : nullptr;
}

int VariablesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int VariablesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

Qt::ItemFlags VariablesModel::flags(const QModelIndex &index) const
{
    const VariableRow *r = row(index.row());
    if (!index.isValid() || !r)
        return Qt::NoItemFlags;
    const Qt::ItemFlags all = Qt::ItemIsSelectable | Qt::ItemIsEnabled | Qt::ItemNeverHasChildren;
    return isSecret(r->source) ? all : all | Qt::ItemIsDragEnabled;
}

QVariant VariablesModel::data(const QModelIndex &index, int role) const
{
    const VariableRow *r = row(index.row());
    if (!r)
        return {};
    const auto column = static_cast<Column>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Name:
            return fromUtf8(r->source.name);
        case Value:
            return valueText(*r);
        case From:
            return fromText(*r);
        case Source:
            return sourceText(r->source);
        case Copy:
            return isLost(*r) ? tr("Copy here") : QString();
        case ColumnCount:
            break;
        }
        return {};
    case Qt::ToolTipRole:
        switch (column) {
        case Name:
            return r->findings.empty() ? nameTip(*r) : findingsTip(r->findings);
        case Value:
            return isSecret(r->source) ? plainTip(tr("A secret: its value is not shown anywhere.")) : plainTip(fromUtf8(r->source.value).left(2000));
        case From:
            return plainTip(fromTip(*r));
        case Source:
            return plainTip(r->winner ? tr("%1; the value of %2 wins").arg(sourceText(r->source), sourceText(*r->winner)) : fromUtf8(r->source.place.file));
        case Copy:
            return isLost(*r) ? plainTip(tr("Write the same entry to this environment's table (Space)")) : QString();
        case ColumnCount:
            break;
        }
        return {};
    case Qt::DecorationRole:
        return column == Name ? QVariant(iconOf(*r)) : QVariant();
    case OriginRole:
        return static_cast<int>(r->origin);
    case KeyRole:
        return u"v %1 %2 %3 %4"_s.arg(static_cast<int>(r->source.origin)).arg(static_cast<int>(r->origin)).arg(fromUtf8(r->source.name), fromUtf8(r->source.place.file));
    case ToneRole:
        if (isLost(*r))
            return static_cast<int>(column == Name || column == From ? Tone::Danger : Tone::Muted);
        return static_cast<int>(
            isOverridden(*r) || isMissing(*r) || r->source.origin == VariableOrigin::Pages || column == From || column == Source || (column == Value && isSecret(r->source))
                ? Tone::Muted
                : Tone::Normal);
    case StruckRole:
        return column == Name ? isLost(*r) || isOverridden(*r) : column == Value && isOverridden(*r) && !isSecret(r->source);
    case ActionRole:
        return column == Copy && isLost(*r) ? QVariant(tr("Copy here")) : QVariant();
    default:
        return {};
    }
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
