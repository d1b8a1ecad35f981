// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/kvmodel.h"

#include "ui/data/expirytext.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QMimeData>

#include <climits>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::kv::KeyRow;

data::kv::KeyList &KvStore::keys()
{
    if (!m_keys)
        m_keys = std::make_unique<data::kv::KeyList>(state, id);
    return *m_keys;
}

data::kv::KeyEditor &KvStore::editor()
{
    if (!m_editor)
        m_editor = std::make_unique<data::kv::KeyEditor>(state, id);
    return *m_editor;
}

KvModel::KvModel(session::DataThread &thread, std::shared_ptr<KvStore> store, QObject *parent)
    : QAbstractTableModel(parent), m_thread(thread), m_store(std::move(store)), m_window(std::make_unique<RowWindow<KeyRow>>(thread, this, hooks()))
{
}

RowWindow<KeyRow>::Hooks KvModel::hooks()
{
    return {
        .fetch = [store = m_store, filter = m_filter](std::uint64_t first, std::size_t count,
                     std::stop_token stop) { return store->keys().rows(filter, first, count, std::move(stop)); },
        .arrived =
            [this](std::uint64_t first, std::uint64_t last) {
                const auto rows = static_cast<std::uint64_t>(rowCount());
                if (first < rows)
                    Q_EMIT dataChanged(index(static_cast<int>(first), 0), index(static_cast<int>(std::min(last, rows - 1)), ColumnCount - 1));
            },
        .failed = [this](const base::Error &error) { Q_EMIT failed(error); },
        .sameRow = [](const KeyRow &a, const KeyRow &b) { return a.key == b.key; },
        .sameContent = [](const KeyRow &a, const KeyRow &b) { return a == b; },
    };
}

void KvModel::reset(data::kv::KeyFilter filter, std::uint64_t count)
{
    beginResetModel();
    m_filter = std::move(filter);
    m_window = std::make_unique<RowWindow<KeyRow>>(m_thread, this, hooks()); // what is fetched by the filter before is of no use
    m_window->reset(std::min<std::uint64_t>(count, INT_MAX));
    endResetModel();
}

void KvModel::refresh(std::uint64_t count, std::uint64_t first, std::uint64_t last)
{
    count = std::min<std::uint64_t>(count, INT_MAX);
    const std::uint64_t before = m_window->count();
    if (count > before) {
        beginInsertRows({}, static_cast<int>(before), static_cast<int>(count) - 1);
        m_window->setCount(count);
        endInsertRows();
    } else if (count < before) {
        beginRemoveRows({}, static_cast<int>(count), static_cast<int>(before) - 1);
        m_window->setCount(count);
        endRemoveRows();
    }
    m_window->refresh(first, last);
}

const KeyRow *KvModel::row(int row) const
{
    return row < 0 ? nullptr : m_window->known(static_cast<std::uint64_t>(row));
}

int KvModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_window->count());
}

int KvModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant KvModel::text(const KeyRow &row, int column) const
{
    switch (column) {
    case Key:
        return oneLine(fromUtf8(row.key), 520);
    case Size:
        return row.size ? formatBytes(*row.size) : tr("missing");
    case Expires:
        return row.expiration ? relativeTime(*row.expiration * 1000) : QString();
    case Metadata:
        return row.metadata ? oneLine(fromUtf8(*row.metadata)) : QString();
    default:
        return {};
    }
}

QVariant KvModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole)
        return index.column() == Size ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::ForegroundRole && role != Qt::BackgroundRole)
        return {};
    const auto number = static_cast<std::uint64_t>(index.row());
    const KeyRow *row = role == Qt::DisplayRole ? m_window->at(number) : m_window->known(number);
    if (!row)
        return {};
    const Colors &c = colors(QApplication::palette());
    const bool over = row->expiration && expired(*row->expiration * 1000);
    switch (role) {
    case Qt::DisplayRole:
        return text(*row, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Expires && row->expiration)
            return absoluteTime(*row->expiration * 1000);
        if (index.column() == Metadata && row->metadata)
            return fromUtf8(*row->metadata).left(2000);
        if (index.column() == Size && row->size)
            return tr("%L1 bytes").arg(*row->size);
        if (index.column() == Size)
            return tr("The file of the value is missing: %1").arg(fromUtf8(row->blob));
        return index.column() == Key ? QVariant(fromUtf8(row->key)) : QVariant();
    case Qt::ForegroundRole:
        if (!row->size && index.column() == Size)
            return c.danger;
        if (over || index.column() == Metadata)
            return c.muted;
        return {};
    case Qt::BackgroundRole:
        return m_window->isMarked(number) ? QVariant(c.addedBack) : QVariant();
    default:
        return {};
    }
}

QVariant KvModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Size ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Key:
        return tr("Key");
    case Size:
        return tr("Size");
    case Expires:
        return tr("Expires");
    default:
        return tr("Metadata");
    }
}

QStringList KvModel::mimeTypes() const
{
    return {u"text/plain"_s};
}

QMimeData *KvModel::mimeData(const QModelIndexList &indexes) const
{
    QStringList keys;
    for (const QModelIndex &index : indexes) {
        const KeyRow *known = index.column() == Key ? row(index.row()) : nullptr;
        if (known)
            keys << fromUtf8(known->key);
    }
    auto *data = new QMimeData;
    data->setText(keys.join(u'\n'));
    return data;
}

} // namespace cleat::ui
