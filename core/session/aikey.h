// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/secrets/secrettext.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace cleat::secrets {
class Keychain;
}

namespace cleat::session {

/// The key of a project's AI provider, in the system keychain. Wakes the keychain only when asked to load. Main thread only.
class AiKey final : public QObject
{
    Q_OBJECT
public:
    /// `keychain` is borrowed.
    AiKey(secrets::Keychain &keychain, const std::filesystem::path &project, QObject *parent = nullptr);

    /// Asks the keychain; changed() follows.
    void load();
    /// For the runtime alone. Empty when there is none, or until it is loaded.
    const secrets::SecretText &value() const { return m_value; }
    /// Why it could not be loaded; code empty when all is well. Codes: those of secrets::Keychain; ai.key-missing: the keychain has none.
    const base::Error &error() const { return m_error; }

    using Done = std::function<void(base::Result<void>)>;
    /// Keeps another one; an empty one is removed. `done` is called later, and not at all once this object is gone. Codes: those of secrets::Keychain.
    void set(secrets::SecretText key, Done done);

Q_SIGNALS:
    void changed();

private:
    secrets::Keychain &m_keychain;
    const std::string m_name;
    secrets::SecretText m_value;
    base::Error m_error;
};

} // namespace cleat::session
