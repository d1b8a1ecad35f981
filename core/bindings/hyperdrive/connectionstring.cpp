// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/connectionstring.h"

#include "core/bindings/hyperdrive/percent.h"

#include <algorithm>
#include <charconv>
#include <cctype>
#include <optional>

namespace cleat::bindings::hyperdrive {

namespace {

std::unexpected<base::Error> refused(std::string message)
{
    return base::fail("hyperdrive.connection-string", std::move(message));
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// The last value that a query has under a name, whatever the case of that.
std::string parameter(std::string_view query, std::string_view name)
{
    std::string found;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = pair.find('=');
        if (equals != std::string_view::npos && lower(percentDecoded(pair.substr(0, equals))) == name)
            found = percentDecoded(pair.substr(equals + 1));
    }
    return found;
}

std::optional<Encryption> named(std::string_view mode)
{
    if (mode == "prefer")
        return Encryption::IfOffered;
    if (mode == "require")
        return Encryption::Always;
    if (mode == "verify-ca")
        return Encryption::TrustedAuthority;
    if (mode == "verify-full")
        return Encryption::TrustedServer;
    return std::nullopt;
}

Encryption encryptionOf(Database::Protocol protocol, std::string_view query)
{
    if (protocol == Database::Protocol::Postgres)
        return named(lower(parameter(query, "sslmode"))).value_or(Encryption::Never);
    std::string mode = lower(parameter(query, "ssl-mode"));
    if (mode.empty())
        mode = lower(parameter(query, "ssl"));
    if (mode.empty())
        mode = lower(parameter(query, "sslmode"));
    if (mode == "verify_identity")
        return Encryption::TrustedServer;
    if (mode == "verify_ca")
        return Encryption::TrustedAuthority;
    if (mode == "required" || mode == "true" || mode == "1")
        return Encryption::Always;
    return mode == "preferred" ? Encryption::IfOffered : Encryption::Never;
}

} // namespace

base::Result<Database> parseConnectionString(std::string_view text)
{
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ')
        text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ')
        text.remove_suffix(1);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0
        || !std::ranges::all_of(text.substr(0, colon), [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; }))
        return refused("Invalid URL");
    Database database;
    database.scheme = lower(text.substr(0, colon));
    if (database.scheme == "mysql")
        database.protocol = Database::Protocol::MySql;
    else if (database.scheme != "postgres" && database.scheme != "postgresql")
        return refused("Only PostgreSQL-compatible or MySQL-compatible databases are currently supported.");
    const std::string noHost = "You must provide a hostname or IP address in your connection string - e.g. 'user:password@database-hostname.example.com:5432/databasename";
    std::string_view rest = text.substr(colon + 1);
    rest = rest.substr(0, rest.find('#'));
    if (!rest.starts_with("//"))
        return refused(noHost);
    rest.remove_prefix(2);
    const std::size_t authorityEnd = std::min(rest.find_first_of("/?"), rest.size());
    std::string_view authority = rest.substr(0, authorityEnd);
    rest.remove_prefix(authorityEnd);
    const std::size_t question = std::min(rest.find('?'), rest.size());
    const std::string_view path = rest.substr(0, question);
    const std::string_view query = question < rest.size() ? rest.substr(question + 1) : std::string_view();

    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        const std::string_view who = authority.substr(0, at);
        const std::size_t split = std::min(who.find(':'), who.size());
        database.user = percentDecoded(who.substr(0, split));
        if (split < who.size())
            database.password = percentDecoded(who.substr(split + 1));
        authority.remove_prefix(at + 1);
    }
    std::size_t hostEnd = authority.find(':');
    if (authority.starts_with('[')) {
        const std::size_t bracket = authority.find(']');
        if (bracket == std::string_view::npos)
            return refused("Invalid URL");
        hostEnd = bracket + 1 < authority.size() ? bracket + 1 : std::string_view::npos;
    }
    database.host = std::string(authority.substr(0, hostEnd));
    if (database.host.empty())
        return refused(noHost);
    if (database.host.find_first_of(" <>^|\\") != std::string::npos)
        return refused("Invalid URL");
    database.port = database.protocol == Database::Protocol::MySql ? 3306 : 5432;
    if (hostEnd != std::string_view::npos) {
        std::string_view digits = authority.substr(hostEnd);
        if (!digits.starts_with(':'))
            return refused("Invalid URL");
        digits.remove_prefix(1);
        if (!digits.empty()) {
            const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), database.port);
            if (ec != std::errc() || end != digits.data() + digits.size())
                return refused("Invalid URL");
        }
    }
    if (path.empty())
        return refused("You must provide a database name as the path component - e.g. /postgres");
    database.name = percentDecoded(path.substr(1));
    if (database.user.empty())
        return refused("You must provide a username - e.g. 'user:password@database.example.com:port/databasename'");
    if (database.password.empty())
        return refused("You must provide a password - e.g. 'user:password@database.example.com:port/databasename' ");
    database.encryption = encryptionOf(database.protocol, query);
    if (const std::string file = parameter(query, "sslrootcert"); file != "system")
        database.authorities = file;
    return database;
}

std::string connectionStringFor(const Database &database, std::string_view host)
{
    return database.scheme + "://" + percentEncoded(database.user) + ':' + percentEncoded(database.password) + '@' + std::string(host) + ':' + std::to_string(database.port) + '/' + percentEncoded(database.name)
        + (database.protocol == Database::Protocol::MySql ? "?ssl-mode=disabled" : "?sslmode=disable");
}

} // namespace cleat::bindings::hyperdrive
