// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/analytics/pointlist.h"
#include "ui/data/pagedmodel.h"

namespace cleat::ui {

/// Every point of a dataset.
struct AllPoints {
    bool operator==(const AllPoints &) const = default;
};

/// The points of one dataset, the newest first. GUI thread.
class PointModel final : public PagedModel<data::analytics::Point, AllPoints>
{
    Q_OBJECT
public:
    /// The columns are the dataset's own: a time, an index, the blobs, the doubles, and how many points each stands for.
    enum Column {
        Time,
        Index,
        FirstBlob,
        FirstDouble = FirstBlob + static_cast<int>(data::analytics::blobColumns),
        Sampled = FirstDouble + static_cast<int>(data::analytics::doubleColumns),
        ColumnCount
    };

    /// `list` is used on the thread alone, and has to look before setQuery().
    PointModel(session::DataThread &thread, const std::shared_ptr<data::analytics::PointList> &list, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

/// A point as the JSON object that writeDataPoint() takes, with its time.
QString pointJson(const data::analytics::Point &point);

} // namespace cleat::ui
