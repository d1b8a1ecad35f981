// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/configstore.h"

#include <QDialog>

namespace cleat::ui {

/// Two changes of one file that cannot both be kept: what Cleat wanted to write and what is in the file now, each as a diff from the text that both began with.
/// The user chooses. Window modal, deletes itself; shown by open(). GUI thread.
class ConflictDialog final : public QDialog
{
    Q_OBJECT
public:
    /// What is there is copied. `fileName` is for people ("wrangler.toml").
    ConflictDialog(const session::ConfigStore::Conflict &conflict, const QString &fileName, QWidget *parent = nullptr);

Q_SIGNALS:
    /// The file stays; what Cleat wanted to write is given up. finished() follows, with QDialog::Rejected.
    void keepTheirs();
    /// What Cleat wanted to write takes the place of what is there. finished() follows, with QDialog::Accepted.
    void useMine();
    // Cancel: finished() alone, with QDialog::Rejected.
};

} // namespace cleat::ui
