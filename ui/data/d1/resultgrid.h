// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/values.h"

#include <functional>
#include <optional>

class QAbstractTableModel;
class QModelIndex;
class QWidget;

namespace cleat::ui {

class GridView;

/// The value of a cell, to be copied or opened; nullopt: there is none.
using CellValue = std::function<std::optional<data::d1::Value>(const QModelIndex &index)>;

/// A read-only grid of the rows that a query gave: copies cells as text, INSERT or JSON, opens long values, fits its columns. The model becomes the grid's. GUI thread.
GridView *makeResultGrid(QAbstractTableModel *model, CellValue value, QWidget *parent);

} // namespace cleat::ui
