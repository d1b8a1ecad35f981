// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/valuemodel.h"

#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QGuiApplication>
#include <QPalette>

namespace cleat::ui {

using data::durableobjects::ValueRow;

ValueModel::ValueModel(session::DataThread &thread, const std::shared_ptr<ValueReader> &reader, QObject *parent)
    : PagedModel(thread,
        {[reader](const ValueQuery &query, std::stop_token stop) -> base::Result<std::uint64_t> {
             return query.file.empty() ? base::Result<std::uint64_t>(0U) : reader->at(query.file).count(query.prefix, std::move(stop));
         },
            [reader](const ValueQuery &query, std::uint64_t first, std::size_t count, std::stop_token stop) {
                return query.file.empty() ? base::Result<std::vector<ValueRow>>() : reader->at(query.file).rows(query.prefix, first, count, std::move(stop));
            },
            [](const ValueRow &a, const ValueRow &b) { return a.key == b.key; }},
        parent)
{
}

int ValueModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant ValueModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (column == Size ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::BackgroundRole && role != Qt::ForegroundRole && role != Qt::FontRole)
        return {};
    const ValueRow *found = row(index.row());
    if (!found)
        return {};
    const Colors &c = colors(QGuiApplication::palette());
    if (role == Qt::FontRole)
        return column == Size ? QVariant() : QVariant(monospaceFont());
    if (role == Qt::BackgroundRole)
        return isMarked(index.row()) ? QVariant(c.addedBack) : QVariant();
    const bool unread = column == Value && found->text.empty();
    if (role == Qt::ForegroundRole)
        return unread || column == Size ? QVariant(c.muted) : QVariant();
    const QString text = column == Key ? oneLine(fromUtf8(found->key), 520)
        : column == Size               ? formatBytes(found->bytes)
        : unread                       ? tr("value of %1").arg(formatBytes(found->bytes))
                                       : fromUtf8(found->text);
    return role == Qt::ToolTipRole ? text.toHtmlEscaped() : text;
}

QVariant ValueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (section == Size ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Key:
        return tr("Key");
    case Value:
        return tr("Value");
    case Size:
        return tr("Size");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
