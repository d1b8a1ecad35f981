// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QAction;
class QToolButton;
class QWidget;

namespace cleat::ui {

/// Asks once before something that destroys: `accept` names it on the button, which is not the default one. `then` runs after a yes, while `parent` lives.
void ask(QWidget *parent, const QString &question, const QString &more, const QString &accept, std::function<void()> then);

enum class ButtonLook { IconOnly, WithText };
/// A flat button for an action of a tool bar.
QToolButton *toolButton(QAction *action, ButtonLook look);

} // namespace cleat::ui
