// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/hyperdrive/connectiontest.h"

#include <stop_token>
#include <string>
#include <string_view>

namespace cleat::session {

using DatabaseAnswer = bindings::hyperdrive::ConnectionAnswer;

/// Goes to the database of a local connection string as code with a Hyperdrive binding would, within ten seconds. Waits: not for the GUI thread. Codes: hyperdrive.connection-string and
/// those of bindings::hyperdrive::testConnection().
base::Result<DatabaseAnswer> checkDatabase(std::string_view connectionString, const std::stop_token &stop = {});

/// A connection string in two: without its password, and the password. It is empty where there is none, and the string then as it was. Any thread.
struct SplitConnection {
    std::string text;
    std::string password; ///< decoded
    bool operator==(const SplitConnection &) const = default;
};
SplitConnection withoutPassword(std::string_view connectionString);
/// Puts it in, encoded, when the string names a user and no password; else the string as it is.
std::string withPassword(std::string_view connectionString, std::string_view password);

/// Under which name a project's secrets hold the password of a Hyperdrive binding. Code does not get it as a variable.
std::string passwordSecret(const std::string &binding);

} // namespace cleat::session
