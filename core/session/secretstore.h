// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"
#include "core/secrets/secrettext.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cleat::secrets {
class Keychain;
}

namespace cleat::session {

/// The secrets of one project, by environment: in the system keychain, one entry for each environment. Their names alone (never a value) are also kept in a file of
/// Cleat's own below the user's data folder, so that they can be listed while no keychain runs, and so that a project without secrets never wakes one.
/// Scope::TopLevel is what runs when the top level of the file runs. Environments inherit nothing. Main thread only.
class SecretStore final : public QObject
{
    Q_OBJECT
public:
    /// `keychain` is borrowed. `names` is the folder for the files of names.
    SecretStore(secrets::Keychain &keychain, std::filesystem::path project, std::filesystem::path names, QObject *parent = nullptr);
    ~SecretStore() override;

    enum class State {
        Loading,
        Ready,
        Unavailable, ///< error() says why; names() is what was known last
    };
    State state() const;
    /// While Ready, it tells of secrets that cannot be used though the others can: secrets.missing (the keychain lost them), secrets.content (an entry of the keychain
    /// is not as Cleat writes it); or that asking again failed. Its code is empty when all is well.
    base::Error error() const;

    /// Sorted; with those that the keychain lost.
    std::vector<std::string> names(config::Scope scope) const;
    /// For the runtime alone. Empty while not Ready.
    const std::vector<std::pair<std::string, secrets::SecretText>> &values(config::Scope scope) const;

    using Done = std::function<void(base::Result<void>)>;
    /// Sets or replaces them in each of the scopes, beside what the keychain has by then. `done` is called later, never from inside the call, and not at all once the
    /// store is gone. Codes: those of secrets::Keychain, name.*, secrets.text, secrets.content, file.* (the file of names). On an error nothing is lost.
    void set(const std::vector<config::Scope> &scopes, const std::vector<std::pair<std::string, secrets::SecretText>> &secrets, Done done);
    /// Removing what is not there succeeds. `done` and codes as for set().
    void remove(config::Scope scope, const std::vector<std::string> &names, Done done);
    /// Asks the keychain again: after the user started or unlocked one.
    void reload();

Q_SIGNALS:
    void changed();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
