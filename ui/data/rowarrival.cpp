// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/rowarrival.h"

#include <QAbstractItemModel>
#include <QAbstractItemView>

#include <memory>

namespace cleat::ui {

void showOnArrival(QAbstractItemView &view, std::function<bool(int row)> isAtHand, std::function<void()> show)
{
    const auto awaited = std::make_shared<QPersistentModelIndex>();
    QObject::connect(view.selectionModel(), &QItemSelectionModel::currentRowChanged, &view, [awaited, isAtHand](const QModelIndex &current) {
        *awaited = current.isValid() && !isAtHand(current.row()) ? QPersistentModelIndex(current) : QPersistentModelIndex();
    });
    QObject::connect(view.model(), &QAbstractItemModel::dataChanged, &view, [awaited, isAtHand, show = std::move(show)] {
        if (!awaited->isValid() || !isAtHand(awaited->row()))
            return;
        *awaited = QPersistentModelIndex();
        show();
    });
}

} // namespace cleat::ui
