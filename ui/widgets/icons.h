// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme.h"

#include <QIcon>
#include <QString>

namespace cleat::ui {

/// An icon of the Lucide family by its name there ("play"), drawn in the colour of `tone` of the palette in use when it is painted, greyed when disabled,
/// sharp at any size and pixel ratio. The names that exist are listed in ui/CMakeLists.txt. GUI thread.
QIcon icon(QLatin1StringView name, Tone tone = Tone::Normal);

/// The program's own icon, in its own colours.
QIcon applicationIcon();

} // namespace cleat::ui
