// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/hyperdrive/connectionstring.h"

#include <chrono>
#include <stop_token>
#include <string>

namespace cleat::bindings::hyperdrive {

/// What a database said to a user who came in.
struct ConnectionAnswer {
    std::string server; ///< "PostgreSQL 15.8 (Debian 15.8-0+deb12u1)", "MariaDB 11.8.3"
    std::string tls; ///< "TLSv1.3"; empty: the way is not encrypted
    bool operator==(const ConnectionAnswer &) const = default;
};

/// Goes to the database as a driver does, logs in and leaves again. PostgreSQL: passwords in clear text, MD5, SCRAM-SHA-256. MySQL: mysql_native_password, caching_sha2_password,
/// mysql_clear_password over TLS. Waits: not for the GUI thread. Any thread.
/// Codes: hyperdrive.host (no such name), hyperdrive.refused (nobody listens), hyperdrive.unreachable, hyperdrive.time, hyperdrive.tls (the server has none, or its certificate is not
/// trusted), hyperdrive.protocol (what answers is no such database), hyperdrive.authentication (it wants another way to log in), hyperdrive.password, hyperdrive.database (there is no
/// such, or it is not this user's), hyperdrive.server (another error of the server, in its words), hyperdrive.cancelled.
base::Result<ConnectionAnswer> testConnection(const Database &database, std::chrono::milliseconds limit = std::chrono::seconds(10), const std::stop_token &stop = {});

} // namespace cleat::bindings::hyperdrive
