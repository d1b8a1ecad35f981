// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QAbstractButton;
class QVBoxLayout;
class QWidget;

/// The pieces that the forms of the panel are made of. GUI thread.
namespace cleat::ui {

class ToneLabel;

ToneLabel *makeHeading(const QString &text);
/// Muted, wrapped.
ToneLabel *makeHint(const QString &text);
/// Tight, without margins of its own.
QVBoxLayout *makeFieldColumn(QWidget *parent = nullptr);
/// Adds a label with its field below; `title` may have a "&", and is the field's accessible name without it. `beside` stands at the field's right end.
void addField(QVBoxLayout &column, const QString &title, QWidget *field, QWidget *beside = nullptr);
/// A button that unfolds `part`, which it makes invisible first.
QAbstractButton *makeUnfolder(const QString &text, QWidget *part);

} // namespace cleat::ui
