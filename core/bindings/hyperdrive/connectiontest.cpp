// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/connectiontest.h"

#include "core/bindings/hyperdrive/logins.h"

namespace cleat::bindings::hyperdrive {

using base::Result;

namespace {

Result<ConnectionAnswer> attempt(const Database &database, const Patience &patience)
{
    const auto channel = TestChannel::open(database, patience);
    if (!channel)
        return std::unexpected(channel.error());
    auto server = database.protocol == Database::Protocol::MySql ? logInToMySql(**channel, database) : logInToPostgres(**channel, database);
    if (!server)
        return std::unexpected(std::move(server.error()));
    return ConnectionAnswer{std::move(*server), (*channel)->tls()};
}

} // namespace

Result<ConnectionAnswer> testConnection(const Database &database, std::chrono::milliseconds limit, const std::stop_token &stop)
{
    const Patience patience{std::chrono::steady_clock::now() + limit, stop};
    auto answer = attempt(database, patience);
    if (answer || database.encryption != Encryption::IfOffered || answer.error().code != "hyperdrive.tls")
        return answer;
    Database plain = database;
    plain.encryption = Encryption::Never;
    return attempt(plain, patience);
}

} // namespace cleat::bindings::hyperdrive
