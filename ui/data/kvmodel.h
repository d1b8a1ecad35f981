// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/kv/keyeditor.h"
#include "core/data/kv/keylist.h"
#include "core/session/datathread.h"
#include "ui/data/rowwindow.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>

namespace cleat::ui {

/// What reads and writes one namespace, for work on its DataThread alone. Made there when it is first used.
struct KvStore {
    std::filesystem::path state;
    std::string id;
    data::kv::KeyList &keys();
    data::kv::KeyEditor &editor();

private:
    std::unique_ptr<data::kv::KeyList> m_keys;
    std::unique_ptr<data::kv::KeyEditor> m_editor;
};

/// The keys of a namespace that match a filter, a row each. What is not at hand yet is an empty row. GUI thread.
class KvModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Key, Size, Expires, Metadata, ColumnCount };
    /// `thread` is borrowed.
    KvModel(session::DataThread &thread, std::shared_ptr<KvStore> store, QObject *parent = nullptr);

    const data::kv::KeyFilter &filter() const { return m_filter; }
    /// Other keys, of which there are so many.
    void reset(data::kv::KeyFilter filter, std::uint64_t count);
    /// The same filter, changed data; the rows between these are asked for anew.
    void refresh(std::uint64_t count, std::uint64_t first, std::uint64_t last);
    std::uint64_t count() const { return m_window->count(); }
    /// nullptr: not at hand.
    const data::kv::KeyRow *row(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;

Q_SIGNALS:
    void failed(const cleat::base::Error &error);

private:
    RowWindow<data::kv::KeyRow>::Hooks hooks();
    QVariant text(const data::kv::KeyRow &row, int column) const;

    session::DataThread &m_thread;
    std::shared_ptr<KvStore> m_store;
    data::kv::KeyFilter m_filter;
    std::unique_ptr<RowWindow<data::kv::KeyRow>> m_window;
};

} // namespace cleat::ui
