// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/hyperdrive/testchannel.h"

#include <optional>
#include <string>

namespace cleat::bindings::hyperdrive {

// Each begins on a new connection, starts TLS where the database's Encryption asks for it, logs in and takes leave. Give what the server calls itself. Codes as testConnection() has them.

base::Result<std::string> logInToPostgres(TestChannel &channel, const Database &database);
base::Result<std::string> logInToMySql(TestChannel &channel, const Database &database);

} // namespace cleat::bindings::hyperdrive
