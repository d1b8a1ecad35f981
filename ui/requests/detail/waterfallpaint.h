// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QModelIndex>
#include <QRect>

class QAbstractItemDelegate;
class QHeaderView;
class QPainter;

/// What a waterfall looks like.
namespace cleat::ui {

class Waterfall;

/// The header: a lane of phases above the time's ticks. Owned by the waterfall.
QHeaderView *makeTimeHeader(Waterfall &waterfall);
/// Paints names and bars. Owned by the waterfall.
QAbstractItemDelegate *makeBarDelegate(Waterfall &waterfall);
/// Lines across all rows: the response's moment, the end, the mouse.
void paintMoments(QPainter &painter, const Waterfall &waterfall, const QRect &area);
/// The arrow before what unfolds.
void paintBranch(QPainter &painter, const Waterfall &waterfall, const QRect &rect, const QModelIndex &index);

} // namespace cleat::ui
