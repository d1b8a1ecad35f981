// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QWidget;

/// Short questions over a view of data. None waits for its answer: `then` is called with it, or not at all. GUI thread.
namespace cleat::ui {

/// Before something that cannot be undone; `doIt` is the word on its button ("Delete").
void askFirst(QWidget *parent, const QString &question, const QString &doIt, std::function<void()> then);

struct TextQuestion {
    QString title; ///< of the window: "Rename"
    QString label; ///< before the field: "New key:"
    QString text; ///< what stands there at first
    int selectFrom = 0; ///< of the text, in characters
    int selectLength = -1; ///< -1: to the end
    QString doIt; ///< the word on its button
    /// What is wrong with a text, as a sentence; empty: nothing is.
    std::function<QString(const QString &text)> trouble;
};
void askText(QWidget *parent, const TextQuestion &question, std::function<void(const QString &text)> then);

} // namespace cleat::ui
