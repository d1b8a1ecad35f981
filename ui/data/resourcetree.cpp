// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/resourcetree.h"

#include "ui/data/resourcelook.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QEvent>
#include <QHeaderView>
#include <QScopedValueRollback>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::DataResource;

namespace {

enum Role { KindRole = Qt::UserRole, IdRole };
enum Column { Name, Size, Columns };

constexpr int sizesFrom = 180; ///< pixels of width; below, the names need them

} // namespace

ResourceTree::ResourceTree(QWidget *parent) : QTreeWidget(parent)
{
    setAccessibleName(tr("Local data"));
    setColumnCount(Columns);
    setHeaderHidden(true);
    setFrameShape(NoFrame);
    setIndentation(14);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSelectionBehavior(SelectRows);
    setTextElideMode(Qt::ElideMiddle);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    header()->setSectionResizeMode(Size, QHeaderView::ResizeToContents);
    connect(this, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem *item) {
        if (!m_filling && item && item->parent())
            Q_EMIT chosen();
    });
}

QTreeWidgetItem *ResourceTree::itemOf(DataResource::Kind kind, const std::string &id) const
{
    for (int group = 0; group < topLevelItemCount(); ++group) {
        QTreeWidgetItem *parent = topLevelItem(group);
        for (int i = 0; i < parent->childCount(); ++i) {
            QTreeWidgetItem *item = parent->child(i);
            if (item->data(Name, KindRole).toInt() == static_cast<int>(kind) && item->data(Name, IdRole).toByteArray() == QByteArray::fromStdString(id))
                return item;
        }
    }
    return nullptr;
}

void ResourceTree::show(QTreeWidgetItem *item, const DataResource &resource)
{
    const bool used = !resource.uses.empty() || resource.kind == DataResource::Kind::Cache;
    item->setData(Name, KindRole, static_cast<int>(resource.kind));
    item->setData(Name, IdRole, QByteArray::fromStdString(resource.id));
    item->setText(Name, resourceTitle(resource));
    item->setIcon(Name, icon(resourceIcon(resource.kind), used ? Tone::Normal : Tone::Muted));
    item->setSizeHint(Name, {0, fontMetrics().height() + 7});
    item->setToolTip(Name, u"%1\n%2"_s.arg(usesText(resource), fromUtf8(resource.id)));
    QFont font = this->font();
    font.setItalic(!used);
    item->setFont(Name, font);
    item->setForeground(Size, colors(palette()).muted);
    item->setTextAlignment(Size, Qt::AlignRight | Qt::AlignVCenter);
    if (!used)
        item->setForeground(Name, colors(palette()).muted);
    const auto bytes = m_bytes.find({resource.kind, resource.id});
    item->setText(Size, resource.kind == DataResource::Kind::Models ? QString() : !resource.exists ? tr("empty") : bytes == m_bytes.end() ? QString() : formatBytes(bytes->second));
}

void ResourceTree::setResources(std::vector<DataResource> resources)
{
    const QScopedValueRollback filling(m_filling, true);
    const DataResource *before = current();
    const std::optional<std::pair<DataResource::Kind, std::string>> kept = before ? std::optional(std::pair(before->kind, before->id)) : std::nullopt;
    std::vector<DataResource::Kind> folded;
    for (int group = 0; group < topLevelItemCount(); ++group) {
        if (!topLevelItem(group)->isExpanded())
            folded.push_back(static_cast<DataResource::Kind>(topLevelItem(group)->data(Name, KindRole).toInt()));
    }
    m_resources = std::move(resources);
    clear();
    QTreeWidgetItem *group = nullptr;
    for (const DataResource &resource : m_resources) {
        if (!group || group->data(Name, KindRole).toInt() != static_cast<int>(resource.kind)) {
            group = new QTreeWidgetItem(this, {resourceGroup(resource.kind)});
            group->setData(Name, KindRole, static_cast<int>(resource.kind));
            group->setFlags(Qt::ItemIsEnabled);
            group->setSizeHint(Name, {0, fontMetrics().height() + 7});
            group->setForeground(Name, colors(palette()).muted);
            group->setExpanded(std::ranges::find(folded, resource.kind) == folded.end());
        }
        show(new QTreeWidgetItem(group), resource);
    }
    if (kept) {
        if (QTreeWidgetItem *item = itemOf(kept->first, kept->second))
            setCurrentItem(item);
    }
}

const DataResource *ResourceTree::current() const
{
    const QTreeWidgetItem *item = currentItem();
    if (!item || !item->parent())
        return nullptr;
    const auto found = std::ranges::find_if(m_resources, [&](const DataResource &resource) {
        return item->data(Name, KindRole).toInt() == static_cast<int>(resource.kind) && item->data(Name, IdRole).toByteArray() == QByteArray::fromStdString(resource.id);
    });
    return found == m_resources.end() ? nullptr : &*found;
}

bool ResourceTree::choose(DataResource::Kind kind, const std::string &id)
{
    QTreeWidgetItem *item = itemOf(kind, id);
    if (!item)
        return false;
    item->parent()->setExpanded(true);
    setCurrentItem(item);
    return true;
}

void ResourceTree::changeEvent(QEvent *event)
{
    QTreeWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_resources.empty())
        setResources(std::vector(m_resources)); // its colours are the old palette's
}

void ResourceTree::resizeEvent(QResizeEvent *event)
{
    QTreeWidget::resizeEvent(event);
    header()->setSectionHidden(Size, width() < sizesFrom);
}

void ResourceTree::setBytes(DataResource::Kind kind, const std::string &id, std::uint64_t bytes)
{
    m_bytes[{kind, id}] = bytes;
    if (QTreeWidgetItem *item = itemOf(kind, id); item && item->text(Size) != tr("empty"))
        item->setText(Size, formatBytes(bytes));
}

} // namespace cleat::ui
