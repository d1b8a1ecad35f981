// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"

#include <QString>
#include <Qt>

#include <span>

/// What the tables of bindings and of variables have in common: roles beside Qt's, words and the filter. GUI thread.
namespace cleat::ui {

enum EntryRole {
    OriginRole = Qt::UserRole, ///< the row's Origin, as int
    KeyRole,                   ///< what names the entry, whatever its row
    ToneRole,                  ///< the Tone of the cell, as int
    StruckRole,                ///< true: struck out
    ActionRole,                ///< the words on the cell's button; empty: it has none
};

/// All words must be somewhere in the text, in whatever case.
bool fitsFilter(const QString &filter, const QString &text);
/// Findings as tool tip (rich text), empty when there are none.
QString findingsTip(std::span<const config::Finding> findings);
bool holdsError(std::span<const config::Finding> findings);
/// Plain text as a tool tip that Qt does not take for rich text.
QString plainTip(const QString &text);

} // namespace cleat::ui
