// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entrydraft.h"

#include <QString>

namespace cleat::ui {

/// "Both environments", "Only Preview", "Only locally (top level)".
QString whereTitle(EntryDraft::Where where, config::Scope environment);

struct WhereText {
    enum class Weight { Plain, Surprise }; ///< Surprise: not what the title makes one think
    QString text;
    Weight weight = Weight::Plain;
};
/// What it means in this file if the draft goes there; `draft.where` does not count. `environment` is the page that asks.
WhereText whereSentence(const config::WranglerConfig &config, config::Form form, const EntryDraft &draft, EntryDraft::Where where, config::Scope environment);

/// "Also copy the 3 entries that Preview would lose: A, B, C"
QString copyTitle(const Losses &copied, config::Scope environment);

/// Of an entry that is there already: where it stands, and who gets it.
QString placeSentence(const config::WranglerConfig &config, config::Form form, const EntryDraft &draft);

} // namespace cleat::ui
