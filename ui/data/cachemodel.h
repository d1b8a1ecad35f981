// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/cache/cachelist.h"
#include "ui/data/pagedmodel.h"

namespace cleat::ui {

/// The entries of a cache whose URL contains a text, fetched as they come into sight. GUI thread.
class CacheModel final : public PagedModel<data::cache::CacheRow, std::string>
{
    Q_OBJECT
public:
    enum Column { Url, Status, Type, Size, Expires, ColumnCount };

    /// `thread` is borrowed and outlives the model; `list` is used on it alone.
    CacheModel(session::DataThread &thread, const std::shared_ptr<data::cache::CacheList> &list, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace cleat::ui
