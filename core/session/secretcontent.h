// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secrets/secrettext.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// Sorted by name, each name once.
using Secrets = std::vector<std::pair<std::string, secrets::SecretText>>;

/// The secrets of one environment as one text for the keychain: a JSON object, name to value.
secrets::SecretText printSecrets(const Secrets &secrets);
/// nullopt: the text is not such an object.
std::optional<Secrets> parseSecrets(const secrets::SecretText &text);

/// Adds it, or gives it another value.
void put(Secrets &secrets, const std::string &name, const secrets::SecretText &value);

} // namespace cleat::session
