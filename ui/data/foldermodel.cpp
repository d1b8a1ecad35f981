// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/foldermodel.h"

#include "ui/data/expirytext.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QGuiApplication>
#include <QMimeData>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::r2::FolderFilter;
using data::r2::FolderRow;

namespace {

QLatin1StringView iconOf(const FolderRow &row)
{
    if (row.kind == FolderRow::Kind::Folder)
        return "folder"_L1;
    if (row.contentType.starts_with("image/"))
        return "eye"_L1;
    if (row.contentType.starts_with("text/") || row.contentType.find("json") != std::string::npos)
        return "file-text"_L1;
    return "box"_L1;
}

} // namespace

FolderModel::FolderModel(session::DataThread &thread, const std::shared_ptr<data::r2::ObjectList> &list, QObject *parent)
    : PagedModel(thread,
        {[list](const FolderFilter &filter, std::stop_token stop) { return list->count(filter, std::move(stop)); },
            [list](const FolderFilter &filter, std::uint64_t first, std::size_t count, std::stop_token stop) { return list->rows(filter, first, count, std::move(stop)); },
            [](const FolderRow &a, const FolderRow &b) { return a.kind == b.kind && a.key == b.key; }},
        parent)
{
}

QString FolderModel::nameOf(const FolderRow &row) const
{
    const std::string &folder = query().folder;
    const QString name = fromUtf8(row.key.starts_with(folder) ? std::string_view(row.key).substr(folder.size()) : std::string_view(row.key));
    if (!name.isEmpty())
        return name;
    return folder.empty() ? tr("(the empty key)") : tr("(the folder itself)");
}

int FolderModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant FolderModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (column == Size ? Qt::AlignRight : Qt::AlignLeft));
    const bool asks = role == Qt::DisplayRole || role == Qt::ToolTipRole || role == Qt::BackgroundRole || role == Qt::DecorationRole;
    const FolderRow *found = asks ? row(index.row()) : nullptr;
    if (!found)
        return {};
    if (role == Qt::BackgroundRole)
        return isMarked(index.row()) ? QVariant(colors(QGuiApplication::palette()).addedBack) : QVariant();
    if (role == Qt::DecorationRole)
        return column == Name ? QVariant(icon(iconOf(*found), Tone::Muted)) : QVariant();
    const bool isFolder = found->kind == FolderRow::Kind::Folder;
    switch (column) {
    case Name:
        return role == Qt::ToolTipRole ? fromUtf8(found->key).toHtmlEscaped() : oneLine(nameOf(*found), 1024);
    case Size:
        if (isFolder)
            return {};
        return role == Qt::ToolTipRole ? tr("%L1 bytes").arg(static_cast<qulonglong>(found->size)) : formatBytes(found->size);
    case Type:
        return isFolder ? tr("folder") : fromUtf8(found->contentType);
    case Uploaded:
        if (isFolder)
            return {};
        return role == Qt::ToolTipRole ? relativeTime(found->uploadedMs) : absoluteTime(found->uploadedMs);
    case Etag:
        return fromUtf8(found->etag);
    case ColumnCount:
        break;
    }
    return {};
}

QVariant FolderModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (section == Size ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Name:
        return tr("Name");
    case Size:
        return tr("Size");
    case Type:
        return tr("Type");
    case Uploaded:
        return tr("Uploaded");
    case Etag:
        return tr("ETag");
    case ColumnCount:
        break;
    }
    return {};
}

Qt::ItemFlags FolderModel::flags(const QModelIndex &index) const
{
    return index.isValid() ? PagedModel::flags(index) | Qt::ItemIsDragEnabled : PagedModel::flags(index);
}

QStringList FolderModel::mimeTypes() const
{
    return {u"text/uri-list"_s};
}

QMimeData *FolderModel::mimeData(const QModelIndexList &indexes) const
{
    return m_dragged ? m_dragged(indexes) : nullptr;
}

} // namespace cleat::ui
