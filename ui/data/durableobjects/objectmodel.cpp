// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/objectmodel.h"

#include "ui/data/expirytext.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QGuiApplication>
#include <QPalette>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::durableobjects::ObjectFilter;
using data::durableobjects::ObjectRow;
using session::LiveObject;

namespace {

constexpr int shortId = 12;

bool isNumber(int column)
{
    return column == ObjectModel::Size || column == ObjectModel::Tables || column == ObjectModel::WebSockets;
}

} // namespace

QString objectTitle(const ObjectRow &row)
{
    if (!row.name)
        return fromUtf8(row.id).left(shortId) + u'…';
    return row.name->empty() ? ObjectModel::tr("(empty name)") : oneLine(fromUtf8(*row.name), 300);
}

QString liveText(const LiveObject *live)
{
    if (!live)
        return ObjectModel::tr("Not in memory");
    switch (live->state) {
    case LiveObject::State::Active:
        break;
    case LiveObject::State::Idle:
        return ObjectModel::tr("Idle");
    case LiveObject::State::Hibernating:
        return ObjectModel::tr("Hibernating");
    }
    return ObjectModel::tr("Active");
}

ObjectModel::ObjectModel(session::DataThread &thread, const std::shared_ptr<data::durableobjects::ObjectList> &list, QObject *parent)
    : PagedModel(thread,
        {[list](const ObjectFilter &filter, std::stop_token stop) { return list->count(filter, std::move(stop)); },
            [list](const ObjectFilter &filter, std::uint64_t first, std::size_t count, std::stop_token stop) { return list->rows(filter, first, count, std::move(stop)); },
            [](const ObjectRow &a, const ObjectRow &b) { return a.id == b.id; }},
        parent)
{
}

void ObjectModel::setLive(LiveObjects live)
{
    if (m_live == live)
        return;
    m_live = std::move(live);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, State), index(rowCount() - 1, WebSockets));
}

const LiveObject *ObjectModel::live(const std::string &id) const
{
    const auto found = m_live.find(id);
    return found == m_live.end() ? nullptr : &found->second;
}

int ObjectModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ObjectModel::text(const ObjectRow &row, Column column) const
{
    const LiveObject *alive = live(row.id);
    switch (column) {
    case Name:
        return objectTitle(row);
    case State:
        return alive ? liveText(alive) : u"–"_s;
    case WebSockets:
        return alive && alive->webSockets > 0 ? QString::number(alive->webSockets) : QString();
    case Size:
        return row.hasFile ? formatBytes(row.bytes) : tr("no file");
    case Tables:
        return row.tables > 0 ? QString::number(row.tables) : QString();
    case Alarm:
        return row.alarmMs ? (expired(*row.alarmMs) ? tr("due") : relativeTime(*row.alarmMs)) : QString();
    case Changed:
        return row.hasFile ? relativeTime(row.changedMs) : QString();
    case ColumnCount:
        break;
    }
    return {};
}

QString ObjectModel::tip(const ObjectRow &row, Column column) const
{
    switch (column) {
    case Name:
        return row.problem.empty() ? fromUtf8(row.id) : u"%1\n%2"_s.arg(fromUtf8(row.id), fromUtf8(row.problem));
    case State:
        return live(row.id) ? QString() : liveText(nullptr);
    case WebSockets:
        return tr("WebSockets that it gave to acceptWebSocket()");
    case Tables:
        return tr("Tables that its SQL has made");
    case Alarm:
        return row.alarmMs ? absoluteTime(*row.alarmMs) : QString();
    case Changed:
        return row.hasFile ? absoluteTime(row.changedMs) : QString();
    case Size:
    case ColumnCount:
        break;
    }
    return {};
}

QVariant ObjectModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::BackgroundRole && role != Qt::ForegroundRole && role != Qt::FontRole)
        return {};
    const ObjectRow *found = row(index.row());
    if (!found)
        return {};
    const Colors &c = colors(QGuiApplication::palette());
    switch (role) {
    case Qt::DisplayRole:
        return text(*found, column);
    case Qt::ToolTipRole:
        return tip(*found, column).toHtmlEscaped();
    case Qt::FontRole:
        return column == Name && !found->name ? QVariant(monospaceFont()) : QVariant();
    case Qt::BackgroundRole:
        return isMarked(index.row()) ? QVariant(c.addedBack) : QVariant();
    default:
        break;
    }
    const LiveObject *alive = live(found->id);
    if (column == Name && !found->problem.empty())
        return c.danger;
    if (column == State && alive && alive->state == LiveObject::State::Active)
        return c.accent;
    if (column == State && alive && alive->state == LiveObject::State::Idle)
        return c.success;
    return column == State || column == Changed || (column == Size && !found->hasFile) ? QVariant(c.muted) : QVariant();
}

QVariant ObjectModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (isNumber(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Name:
        return tr("Object");
    case State:
        return tr("State");
    case WebSockets:
        return tr("Sockets");
    case Size:
        return tr("Size");
    case Tables:
        return tr("Tables");
    case Alarm:
        return tr("Alarm");
    case Changed:
        return tr("Written");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
