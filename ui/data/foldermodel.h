// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/r2/objectlist.h"
#include "ui/data/pagedmodel.h"

namespace cleat::ui {

/// The folders and objects of one folder of a bucket, fetched as they come into sight. Objects and folders can be dragged out: setDragged() says what that makes. GUI thread.
class FolderModel final : public PagedModel<data::r2::FolderRow, data::r2::FolderFilter>
{
    Q_OBJECT
public:
    enum Column { Name, Size, Type, Uploaded, Etag, ColumnCount };
    using MakeMimeData = std::function<QMimeData *(const QModelIndexList &)>;

    /// `thread` is borrowed and outlives the model; `list` is used on it alone.
    FolderModel(session::DataThread &thread, const std::shared_ptr<data::r2::ObjectList> &list, QObject *parent = nullptr);

    void setDragged(MakeMimeData make) { m_dragged = std::move(make); }
    /// What a row is called in its folder: "cat.jpg", "photos/".
    QString nameOf(const data::r2::FolderRow &row) const;

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }

private:
    MakeMimeData m_dragged;
};

} // namespace cleat::ui
