// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secrets/keychain.h"

#include <memory>

namespace cleat::secrets {

/// The keychain of the desktop: whatever Secret Service the session bus has (gnome-keyring, KWallet, KeePassXC), through QtKeychain. Never anything else: where
/// none can be reached, every call fails. Values are UTF-8 without NUL bytes.
/// May be made where there is no keychain and no bus; nothing is touched before the first call. Calls still open when it ends are not answered.
class SystemKeychain final : public Keychain
{
public:
    /// Under which name the entries lie in the keychain.
    explicit SystemKeychain(std::string service = "dev.cleat.Cleat");
    ~SystemKeychain() override;
    SystemKeychain(const SystemKeychain &) = delete;
    SystemKeychain &operator=(const SystemKeychain &) = delete;

    void read(const std::string &key, Read answer) override;
    void write(const std::string &key, SecretText value, Done answer) override;
    void remove(const std::string &key, Done answer) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::secrets
