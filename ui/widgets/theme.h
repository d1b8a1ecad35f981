// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

class QApplication;

namespace cleat::ui {

/// What a colour means. Widgets name the meaning; the theme picks the colour for light or dark.
enum class Tone { Normal, Muted, Accent, Success, Warning, Danger };

/// The colours beyond QPalette's, for one of the two themes.
struct Colors {
    QColor accent;
    QColor muted;
    QColor border;
    QColor surface; ///< header and rail
    QColor success;
    QColor warning;
    QColor danger;
    QColor infoBack;
    QColor warningBack;
    QColor dangerBack;
    QColor addedBack;
    QColor removedBack;
};

/// The set that fits this palette.
const Colors &colors(const QPalette &palette);
QColor toneColor(const QPalette &palette, Tone tone);
/// `front` laid over `back`; `part` is front's share, 0 to 1.
QColor mixed(const QColor &front, const QColor &back, double part);

/// Fusion style and Cleat's palette, light or dark as the system is (CLEAT_THEME=light or dark overrides it), followed when the system changes.
/// Call once, after the application object is made and before the first widget is shown.
void setupTheme(QApplication &application);

/// The system's fixed-width font, for data.
QFont monospaceFont();
/// The system font, bold.
QFont headingFont();

} // namespace cleat::ui
