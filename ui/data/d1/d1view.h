// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/data/dataview.h"

namespace cleat::ui {

/// The view of a D1 database: its schema at the left; its rows, an SQL editor, its structure, migrations and snapshots as tabs. QSettings below "data/d1". GUI thread.
DataView *makeD1View(const session::DataResource &resource, QWidget *parent);

} // namespace cleat::ui
