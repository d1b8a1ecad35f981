// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"

class QWidget;

namespace cleat::ui {

class DataView;

/// The keys of a KV namespace, and the value of the one that is chosen: to look at, to edit, to import and export. The resource must be one of KV.
DataView *makeKvView(const session::DataResource &resource, QWidget *parent);

} // namespace cleat::ui
