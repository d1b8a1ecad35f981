// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/binding.h"

#include <QString>

/// How the kinds of binding look and what they are called. GUI thread.
namespace cleat::ui {

/// A name for icon().
QLatin1StringView kindIcon(config::Kind kind);
/// As the dashboard's Add menu has it: "KV namespace".
QString kindTitle(config::Kind kind);
/// What is bound, in one line: ids and names. Empty for the kinds that bind the account's own (Workers AI) and for a binding that does not say.
QString resourceText(const config::Binding &binding);

} // namespace cleat::ui
