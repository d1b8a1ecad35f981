// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace cleat::bindings::hyperdrive {

/// How the way to the database is encrypted. The code itself always speaks plainly, as it does with Hyperdrive.
enum class Encryption {
    Never,
    IfOffered, ///< "prefer": TLS where the server has it and it succeeds, whatever its certificate says; otherwise none
    Always, ///< "require": TLS, whatever the certificate says
    TrustedAuthority, ///< "verify-ca": an authority that is trusted has to vouch for the certificate
    TrustedServer, ///< "verify-full": and it has to be for this host
};

/// A database as localConnectionString names it (Hyperdrive, "Local development"; the reference's own parser).
struct Database {
    enum class Protocol { Postgres, MySql };
    Protocol protocol = Protocol::Postgres;
    std::string scheme; ///< "postgres", "postgresql" or "mysql"
    std::string user;
    std::string password;
    std::string host; ///< an IPv6 address has its brackets
    std::uint16_t port = 0;
    std::string name;
    Encryption encryption = Encryption::Never;
    std::string authorities; ///< a PEM file; empty: the system's
    bool operator==(const Database &) const = default;
};

/// Errors: hyperdrive.connection-string, with the reference's words.
base::Result<Database> parseConnectionString(std::string_view text);

/// What the code is given: the database as if it were at `host`, without encryption. Unlike the reference's, it can be parsed again whatever is in user and password.
std::string connectionStringFor(const Database &database, std::string_view host);

} // namespace cleat::bindings::hyperdrive
