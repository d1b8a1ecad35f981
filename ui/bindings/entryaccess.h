// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/edit.h"
#include "core/config/wranglerconfig.h"
#include "core/secrets/secrettext.h"
#include "core/session/configstore.h"

#include <QString>
#include <QStringList>

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace cleat::ui {

/// What the windows for entries need of the outside. All are called on the GUI thread while the window lives.
struct EntryAccess {
    QString fileName;
    std::function<const config::WranglerConfig &()> config;
    std::function<std::string()> text; ///< of the file
    std::function<config::Form()> form;
    std::function<base::Result<std::string>(std::span<const config::Edit>)> preview;
    /// Saves. On failure the window shows why and stays open.
    std::function<base::Result<void>(std::span<const config::Edit>, const QString &step, const std::string &seen)> apply;
    std::function<session::ConfigStore::Conflict()> conflict; ///< of the last apply() that failed with config.conflict
    std::function<std::vector<std::string>(config::Kind)> known; ///< resources to suggest

    enum class Keychain { Asking, Ready, Unavailable };
    std::function<Keychain()> keychain;
    std::function<base::Error()> keychainError; ///< while Unavailable
    std::function<void()> askKeychain; ///< again
    std::function<std::vector<std::string>(config::Scope)> secretNames;
    using Done = std::function<void(base::Result<void>)>;
    /// The answer may come after the window is gone: `done` minds that.
    std::function<void(const std::vector<config::Scope> &, const std::string &name, secrets::SecretText, Done done)> setSecret;
    /// In each of the sets that have the first, the second becomes the same.
    std::function<void(const std::vector<config::Scope> &, const std::string &from, const std::string &to, Done done)> copySecret;
    /// In each of the sets. A failure changes nothing that the window could help with.
    std::function<void(const std::vector<config::Scope> &, const std::string &name)> removeSecret;

    /// A database's connection string with the password that the keychain has for the binding in one of these sets, if it has none of its own; for a test of the connection alone.
    std::function<std::string(const std::vector<config::Scope> &, const std::string &binding, const std::string &text)> completeConnection;

    /// The files, in plain text, from which runs of these sets read: .dev.vars, or .dev.vars.<environment> where it is there.
    std::function<QStringList(const std::vector<config::Scope> &)> devVarsFiles;
    std::function<base::Result<void>(const std::vector<config::Scope> &, const std::string &name, const secrets::SecretText &)> writeDevVars;
};

} // namespace cleat::ui
