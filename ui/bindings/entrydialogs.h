// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"
#include "ui/bindings/entrydraft.h"

#include <optional>

class QDialog;
class QWidget;

namespace cleat::session {
class Session;
}

/// The windows that add and change an entry of the Wrangler file or of the keychain. Both are shown at once: window-modal, deleted when closed,
/// and kept current when the file is changed by others. GUI thread. `session` is borrowed.
namespace cleat::ui {

/// What the Add window starts with in place of the choice of kinds.
struct EntryStart {
    EntryDraft::Sort sort = EntryDraft::Sort::Binding;
    config::Kind kind = config::Kind::KvNamespace; ///< Sort::Binding
};

/// `environment` is the page that asks: Preview or Production.
QDialog *openAddDialog(session::Session &session, config::Scope environment, std::optional<EntryStart> start, QWidget *parent);
/// `draft` names the entry: sort, scope, original; for a binding also its kind. What the file holds of it is read from there. Of a secret, `scope` is the set whose
/// value is replaced.
QDialog *openChangeDialog(session::Session &session, const EntryDraft &draft, config::Scope environment, QWidget *parent);

} // namespace cleat::ui
