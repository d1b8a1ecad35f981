// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/databasecheck.h"

#include "core/bindings/hyperdrive/percent.h"

#include <algorithm>
#include <chrono>

namespace cleat::session {

namespace {

/// Where user and password stand: [begin, at), with the colon between them; npos: there is no password.
struct Authority {
    std::size_t begin = std::string_view::npos;
    std::size_t colon = std::string_view::npos;
    std::size_t at = std::string_view::npos;
};

Authority authorityOf(std::string_view text)
{
    Authority found;
    const std::size_t slashes = text.find("://");
    if (slashes == std::string_view::npos)
        return found;
    const std::size_t begin = slashes + 3;
    const std::size_t end = std::min(text.find_first_of("/?#", begin), text.size());
    const std::size_t at = text.substr(0, end).rfind('@');
    if (at == std::string_view::npos || at < begin)
        return found;
    const std::size_t colon = text.substr(0, at).find(':', begin);
    return {begin, colon, at};
}

} // namespace

base::Result<DatabaseAnswer> checkDatabase(std::string_view connectionString, const std::stop_token &stop)
{
    const auto database = bindings::hyperdrive::parseConnectionString(connectionString);
    if (!database)
        return std::unexpected(database.error());
    return bindings::hyperdrive::testConnection(*database, std::chrono::seconds(10), stop);
}

SplitConnection withoutPassword(std::string_view connectionString)
{
    const Authority found = authorityOf(connectionString);
    if (found.colon == std::string_view::npos || found.colon + 1 == found.at)
        return {std::string(connectionString), {}};
    return {std::string(connectionString.substr(0, found.colon)) + std::string(connectionString.substr(found.at)),
        bindings::hyperdrive::percentDecoded(connectionString.substr(found.colon + 1, found.at - found.colon - 1))};
}

std::string withPassword(std::string_view connectionString, std::string_view password)
{
    const Authority found = authorityOf(connectionString);
    const bool has = found.colon != std::string_view::npos && found.colon + 1 < found.at;
    if (found.at == std::string_view::npos || found.begin == found.at || has)
        return std::string(connectionString);
    const std::size_t userEnd = std::min(found.colon, found.at);
    return std::string(connectionString.substr(0, userEnd)) + ':' + bindings::hyperdrive::percentEncoded(password) + std::string(connectionString.substr(found.at));
}

std::string passwordSecret(const std::string &binding)
{
    return "HYPERDRIVE_PASSWORD_" + binding;
}

} // namespace cleat::session
