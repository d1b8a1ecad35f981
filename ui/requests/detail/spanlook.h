// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <QColor>
#include <QPalette>
#include <QString>

#include <string_view>

/// How the spans of a request look and what they are called. GUI thread.
namespace cleat::ui {

/// A name for icon().
QLatin1StringView spanIcon(std::string_view kind);
/// The bar's colour; one of a failed span is the theme's danger.
QColor spanColor(const QPalette &palette, const events::CallEvent &call);
/// "KV", "Handler".
QString spanKindTitle(std::string_view kind);
/// "KV TODO_LIST.get", "Middleware _middleware.ts", "fetch GET example.org".
QString spanLabel(const events::CallEvent &call);

} // namespace cleat::ui
