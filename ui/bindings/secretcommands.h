// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "ui/bindings/scopepage.h"

#include <QObject>

namespace cleat::ui {

/// What can be done with the secrets in the keychain and in .dev.vars and its like. No step of it can be undone, so each asks that takes something away. GUI thread.
class SecretCommands final : public QObject
{
    Q_OBJECT
public:
    /// `session` is borrowed; windows are opened over `parent`'s.
    SecretCommands(session::Session &session, QWidget *parent);

    /// Those of the rows that are in the keychain.
    void remove(const PageRows &rows, config::Scope environment);
    /// Those of the rows that only the top level has.
    void copyHere(const PageRows &rows, config::Scope environment);
    /// The values of the rows of .dev.vars and its like go to the keychain: for every set, or for the one environment that the file is for.
    void importRows(const std::vector<VariableRow> &rows);
    /// The secrets of the keychain for an environment go to its .dev.vars.<environment>, in plain text, once the user has read what that means.
    void exportSecrets(config::Scope environment);

Q_SIGNALS:
    void noted(const QString &sentence);
    void failed(const QString &step, const cleat::base::Error &error);
    void begun();

private:
    void ask(const QString &text, const QString &detail, const QString &verb, std::function<void()> yes);
    std::function<void(base::Result<void>)> teller(const QString &step, const QString &sentence);
    void store(std::vector<VariableRow> rows);

    session::Session &m_session;
    QWidget *m_parent;
};

/// Whether any of the rows is a secret in the keychain.
bool holdsKeychainRows(const PageRows &rows);

} // namespace cleat::ui
