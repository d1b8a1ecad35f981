// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/secrets/secrettext.h"

#include <functional>
#include <optional>
#include <string>

namespace cleat::secrets {

/// Secrets of a program's user, by key. Main thread; the answers come there too, later, never from inside the call. Codes: secrets.unavailable (no keychain is
/// running, or it cannot be reached; the message says how to start one), secrets.locked (the user did not unlock it), secrets.failed.
class Keychain
{
public:
    virtual ~Keychain() = default;
    using Read = std::function<void(base::Result<std::optional<SecretText>>)>; ///< nullopt: there is nothing under that key
    using Done = std::function<void(base::Result<void>)>;

    virtual void read(const std::string &key, Read answer) = 0;
    virtual void write(const std::string &key, SecretText value, Done answer) = 0;
    /// Removing what is not there succeeds.
    virtual void remove(const std::string &key, Done answer) = 0;
};

} // namespace cleat::secrets
