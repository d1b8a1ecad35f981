// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <string>

class QWidget;

namespace cleat::ui {

/// A window to change a text in; `then` gets the new one, with the line ends that it had. JSON can be laid out, and is checked as one types when the name or the text says that
/// it is some. GUI thread.
void editText(QWidget *parent, const QString &name, const std::string &text, std::function<void(const std::string &text)> then);

} // namespace cleat::ui
