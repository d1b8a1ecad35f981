// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/jsonmodel.h"

#include "ui/widgets/counted.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QLocale>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t mostShown = 300;
constexpr std::size_t mostInTip = 4000;

} // namespace

/// A row: a value with `count` values in it, or a group of `count` of its parent's, from number `first` on.
struct JsonModel::Item {
    Item *above = nullptr;
    int row = 0;
    JsonIndex::Node node = 0; ///< of a group: the value that it is a part of
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    bool isGroup = false;
    bool isMade = false;
    std::vector<Item> below;
};

JsonModel::JsonModel(QObject *parent) : QAbstractItemModel(parent), m_root(std::make_unique<Item>()) {}

JsonModel::~JsonModel() = default;

void JsonModel::setIndex(std::shared_ptr<const JsonIndex> index)
{
    beginResetModel();
    m_index = std::move(index);
    m_root = std::make_unique<Item>();
    m_root->isGroup = true;
    if (m_index && m_index->count() > 0) {
        m_root->count = m_index->childCount(0);
        if (m_root->count == 0) { // a text, a number, {} or []: one row
            Item only;
            only.above = m_root.get();
            m_root->below.push_back(std::move(only));
            m_root->isMade = true;
        }
    }
    endResetModel();
}

std::uint32_t JsonModel::unitOf(std::uint32_t count)
{
    std::uint64_t unit = 1;
    while (count > unit * JsonIndex::stride)
        unit *= JsonIndex::stride;
    return static_cast<std::uint32_t>(unit);
}

JsonModel::Item *JsonModel::item(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<Item *>(index.internalPointer()) : m_root.get();
}

void JsonModel::make(Item &item) const
{
    if (item.isMade)
        return;
    item.isMade = true;
    const std::uint32_t unit = unitOf(item.count);
    item.below.reserve((item.count + unit - 1) / unit);
    JsonIndex::Node child = item.count > 0 && unit == 1 ? m_index->child(item.node, item.first) : 0;
    for (std::uint32_t at = 0; at < item.count; at += unit) {
        Item made;
        made.above = &item;
        made.row = static_cast<int>(item.below.size());
        if (unit == 1) {
            made.node = child;
            made.count = m_index->childCount(child);
            if (at + 1 < item.count)
                child = m_index->next(child);
        } else {
            made.isGroup = true;
            made.node = item.node;
            made.first = item.first + at;
            made.count = std::min(unit, item.count - at);
        }
        item.below.push_back(std::move(made));
    }
}

QModelIndex JsonModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || row >= rowCount(parent))
        return {};
    Item *above = item(parent);
    make(*above);
    return createIndex(row, column, &above->below[static_cast<std::size_t>(row)]);
}

QModelIndex JsonModel::parent(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    Item *above = item(index)->above;
    return above == m_root.get() ? QModelIndex() : createIndex(above->row, 0, above);
}

int JsonModel::rowCount(const QModelIndex &parent) const
{
    if (parent.column() > 0)
        return 0;
    const Item *above = item(parent);
    if (above->isMade)
        return static_cast<int>(above->below.size());
    const std::uint32_t unit = unitOf(above->count);
    return static_cast<int>(above->count / unit + (above->count % unit ? 1 : 0));
}

int JsonModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

bool JsonModel::hasChildren(const QModelIndex &parent) const
{
    return rowCount(parent) > 0;
}

QModelIndex JsonModel::indexOf(JsonIndex::Node node)
{
    if (!m_index || node >= m_index->count())
        return {};
    if (node == 0)
        return index(0, 0);
    std::vector<JsonIndex::Node> way;
    for (JsonIndex::Node at = node; at != 0; at = m_index->parent(at))
        way.push_back(at);
    QModelIndex found;
    for (auto at = way.rbegin(); at != way.rend(); ++at) {
        const std::uint32_t number = m_index->numberOf(*at);
        while (true) { // through the groups
            const Item *above = item(found);
            const std::uint32_t unit = unitOf(above->count);
            found = index(static_cast<int>((number - above->first) / unit), 0, found);
            if (unit == 1)
                break;
        }
    }
    return found;
}

std::optional<JsonIndex::Node> JsonModel::node(const QModelIndex &index) const
{
    if (!index.isValid() || item(index)->isGroup)
        return {};
    return item(index)->node;
}

QString JsonModel::valueText(JsonIndex::Node node) const
{
    const std::string_view raw = m_index->raw(node);
    return m_index->type(node) == JsonIndex::Type::Text ? jsonText(raw) : fromUtf8(raw);
}

QVariant JsonModel::groupData(const Item &item, int column, int role) const
{
    if (role == Qt::DisplayRole && column == Key)
        return u"[%1 … %2]"_s.arg(QLocale().toString(item.first), QLocale().toString(item.first + item.count - 1));
    if (role == Qt::ForegroundRole)
        return colors(QApplication::palette()).muted;
    return {};
}

QVariant JsonModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Item &row = *item(index);
    if (row.isGroup)
        return groupData(row, index.column(), role);
    const Colors &c = colors(QApplication::palette());
    const JsonIndex::Type type = m_index->type(row.node);
    const bool container = type == JsonIndex::Type::Object || type == JsonIndex::Type::Array;
    if (index.column() == Key) {
        const std::string_view key = m_index->rawKey(row.node);
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole || role == Qt::AccessibleTextRole) {
            if (!key.empty())
                return role == Qt::ToolTipRole ? QVariant() : oneLine(jsonText(key, mostShown));
            return row.node == 0 ? QVariant() : QLocale().toString(row.above->first + static_cast<std::uint32_t>(row.row));
        }
        if (role == Qt::ForegroundRole)
            return key.empty() ? c.muted : c.accent;
        return {};
    }
    switch (role) {
    case Qt::DisplayRole: {
        if (type == JsonIndex::Type::Object)
            return row.count == 0 ? u"{ }"_s : counted(row.count, tr("{ %1 key }"), tr("{ %1 keys }"));
        if (type == JsonIndex::Type::Array)
            return row.count == 0 ? u"[ ]"_s : counted(row.count, tr("[ %1 value ]"), tr("[ %1 values ]"));
        const std::string_view raw = m_index->raw(row.node);
        if (type == JsonIndex::Type::Text)
            return QString(u'"' + oneLine(jsonText(raw, mostShown), mostShown) + (raw.size() > mostShown + 2 ? u"…"_s : u"\""_s));
        return oneLine(fromUtf8(raw.substr(0, mostShown)), mostShown);
    }
    case Qt::ToolTipRole: {
        if (container)
            return {};
        const std::string_view raw = m_index->raw(row.node);
        if (raw.size() < 40)
            return {};
        const QString text = type == JsonIndex::Type::Text ? jsonText(raw, mostInTip) : fromUtf8(raw.substr(0, mostInTip));
        return QString(u"<p style='white-space:pre-wrap'>"_s + text.toHtmlEscaped() + u"</p>"_s);
    }
    case Qt::ForegroundRole:
        return container ? c.muted : type == JsonIndex::Type::Text ? c.success : c.warning;
    default:
        return {};
    }
}

QVariant JsonModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Key ? tr("Key") : tr("Value");
}

} // namespace cleat::ui
