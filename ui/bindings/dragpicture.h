// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>

class QWidget;

namespace cleat::ui {

/// Words on a small card, to hang on the mouse during a drag, in the looks of `like`. GUI thread.
QPixmap dragPicture(const QWidget &like, const QString &words);

} // namespace cleat::ui
