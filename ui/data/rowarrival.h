// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QAbstractItemView;

namespace cleat::ui {

/// Calls `show` once the current row has come that was still on its way when it became the current one (see PagedModel::row()). A view that shows its current row beside the
/// table would stay empty else. `isAtHand` tells whether a row's content is here. The view has its model already. GUI thread.
void showOnArrival(QAbstractItemView &view, std::function<bool(int row)> isAtHand, std::function<void()> show);

} // namespace cleat::ui
