// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"

#include <QString>

/// What stores of local data are called. GUI thread.
namespace cleat::ui {

/// A name for icon().
QLatin1StringView resourceIcon(session::DataResource::Kind kind);
/// "KV", for a group of them.
QString resourceGroup(session::DataResource::Kind kind);
/// "TODO_LIST", or for what no binding names its id; a file that tells no name is shortened.
QString resourceTitle(const session::DataResource &resource);
/// Which bindings use it: "TODO_LIST in Production and Preview"; for none, that none does.
QString usesText(const session::DataResource &resource);

} // namespace cleat::ui
