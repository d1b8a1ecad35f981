// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/cachemodel.h"

#include "ui/data/expirytext.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QGuiApplication>
#include <QPalette>

namespace cleat::ui {

using data::cache::CacheRow;

CacheModel::CacheModel(session::DataThread &thread, const std::shared_ptr<data::cache::CacheList> &list, QObject *parent)
    : PagedModel(thread,
        {[list](const std::string &text, std::stop_token stop) { return list->count(text, std::move(stop)); },
            [list](const std::string &text, std::uint64_t first, std::size_t count, std::stop_token stop) { return list->rows(text, first, count, std::move(stop)); },
            [](const CacheRow &a, const CacheRow &b) { return a.url == b.url; }},
        parent)
{
}

int CacheModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant CacheModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (column == Size || column == Status ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::BackgroundRole && role != Qt::ForegroundRole)
        return {};
    const CacheRow *found = row(index.row());
    if (!found)
        return {};
    const bool isPast = found->expirationMs && expired(*found->expirationMs);
    if (role == Qt::BackgroundRole)
        return isMarked(index.row()) ? QVariant(colors(QGuiApplication::palette()).addedBack) : QVariant();
    if (role == Qt::ForegroundRole)
        return isPast ? QVariant(colors(QGuiApplication::palette()).muted) : QVariant();
    switch (column) {
    case Url:
        return role == Qt::ToolTipRole ? fromUtf8(found->url).toHtmlEscaped() : oneLine(fromUtf8(found->url), 2000);
    case Status:
        return found->status ? QString::number(found->status) : QString();
    case Type:
        return fromUtf8(found->contentType);
    case Size:
        return found->size ? formatBytes(*found->size) : tr("missing");
    case Expires:
        if (!found->expirationMs)
            return tr("never");
        return role == Qt::ToolTipRole ? absoluteTime(*found->expirationMs) : relativeTime(*found->expirationMs);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant CacheModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (section == Size || section == Status ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Url:
        return tr("URL");
    case Status:
        return tr("Status");
    case Type:
        return tr("Type");
    case Size:
        return tr("Size");
    case Expires:
        return tr("Expires");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
