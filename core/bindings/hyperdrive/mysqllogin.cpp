// SPDX-License-Identifier: GPL-3.0-or-later
// MySQL's client/server protocol: "Connection Phase", and the authentication methods mysql_native_password, caching_sha2_password and mysql_clear_password.
#include "core/bindings/hyperdrive/logins.h"

#include "core/bindings/hyperdrive/digests.h"
#include "core/bindings/hyperdrive/mysqlwire.h"

#include <algorithm>
#include <cstdint>

namespace cleat::bindings::hyperdrive {

using base::Result;
using namespace mysqlwire;

namespace {

constexpr char utf8mb4 = 45;

/// Packets, which are numbered.
class Packets final
{
public:
    explicit Packets(TestChannel &channel) : m_channel(channel) {}

    Result<std::string> receive()
    {
        const auto head = m_channel.receive(4);
        if (!head)
            return std::unexpected(head.error());
        Reader reader(*head);
        const std::uint32_t length = reader.integer(3);
        const std::uint32_t sequence = reader.integer(1);
        if (length == 0 || length > (1U << 20) || sequence != m_next)
            return base::fail("hyperdrive.protocol", "What answers there is no MySQL or MariaDB.");
        ++m_next;
        return m_channel.receive(length);
    }
    Result<void> send(const std::string &content) { return m_channel.send(number(static_cast<std::uint32_t>(content.size()), 3) + static_cast<char>(m_next++) + content); }

private:
    TestChannel &m_channel;
    std::uint8_t m_next = 0;
};

struct Greeting {
    std::string version;
    std::string salt;
    std::string plugin;
    std::uint32_t capabilities = 0;
};

base::Error refusal(std::string_view packet)
{
    Reader reader(packet);
    reader.integer(1);
    const std::uint32_t code = reader.integer(2);
    std::string_view words = reader.rest();
    if (words.starts_with('#'))
        words.remove_prefix(std::min<std::size_t>(6, words.size()));
    const std::string said = std::string(words) + '.';
    if (code == 1045 || code == 1698)
        return {"hyperdrive.password", "The server does not take this user and password: " + said, {}};
    if (code == 1044 || code == 1049)
        return {"hyperdrive.database", "The database cannot be opened: " + said, {}};
    return {"hyperdrive.server", "The server refuses: " + said, {}};
}

bool isRefusal(std::string_view packet)
{
    return packet.starts_with('\xff');
}

Result<Greeting> greetingOf(std::string_view packet)
{
    if (isRefusal(packet))
        return std::unexpected(refusal(packet));
    Reader reader(packet);
    if (reader.integer(1) != 10)
        return base::fail("hyperdrive.protocol", "What answers there is no MySQL or MariaDB.");
    Greeting greeting;
    greeting.version = reader.untilNull();
    reader.integer(4); // of the connection
    greeting.salt = reader.text(8);
    reader.integer(1);
    greeting.capabilities = reader.integer(2);
    reader.integer(1); // characters
    reader.integer(2); // state
    greeting.capabilities |= reader.integer(2) << 16;
    const std::uint32_t saltBytes = reader.integer(1);
    reader.text(10);
    std::string_view more = reader.text(std::max(13U, saltBytes > 8 ? saltBytes - 8 : 0U));
    if (more.ends_with('\0'))
        more.remove_suffix(1);
    greeting.salt += more;
    greeting.plugin = reader.untilNull();
    if ((greeting.capabilities & protocol41) == 0 || greeting.salt.size() < 20)
        return base::fail("hyperdrive.protocol", "The server is older than what drivers of today speak with: " + greeting.version + '.');
    return greeting;
}

std::string nativeAnswer(const std::string &password, const std::string &salt)
{
    const std::string once = digest(Digest::Sha1, password);
    return mixed(once, digest(Digest::Sha1, salt + digest(Digest::Sha1, once)));
}

std::string cachingAnswer(const std::string &password, const std::string &salt)
{
    const std::string once = digest(Digest::Sha256, password);
    return mixed(once, digest(Digest::Sha256, digest(Digest::Sha256, once) + salt));
}

/// What a method sends first.
Result<std::string> answerOf(const std::string &plugin, const std::string &password, const std::string &salt, const std::string &tls)
{
    if (plugin.empty() || plugin == "mysql_native_password")
        return nativeAnswer(password, salt);
    if (plugin == "caching_sha2_password")
        return cachingAnswer(password, salt);
    if (plugin == "mysql_clear_password" && !tls.empty())
        return password + '\0';
    return base::fail("hyperdrive.authentication", "The user logs in by " + plugin + ", which this test does not speak" + (plugin == "mysql_clear_password" ? " without TLS." : "."));
}

/// The server of caching_sha2_password has not seen this password yet.
Result<std::string> wholePassword(Packets &packets, const std::string &password, const std::string &salt, const std::string &tls)
{
    if (!tls.empty())
        return password + '\0';
    if (auto asked = packets.send("\x02"); !asked)
        return std::unexpected(std::move(asked.error()));
    const auto key = packets.receive();
    if (!key)
        return std::unexpected(key.error());
    if (isRefusal(*key))
        return std::unexpected(refusal(*key));
    return encryptedFor(std::string_view(*key).substr(1), mixed(password + '\0', salt));
}

Result<void> finish(TestChannel &channel, Packets &packets, const Database &database, Greeting &greeting)
{
    for (;;) {
        const auto packet = packets.receive();
        if (!packet)
            return std::unexpected(packet.error());
        if (isRefusal(*packet))
            return std::unexpected(refusal(*packet));
        std::string answer;
        switch (packet->front()) {
        case '\x00':
            return {};
        case '\xfe': { // another method
            Reader reader(std::string_view(*packet).substr(1));
            greeting.plugin = reader.untilNull();
            std::string_view salt = reader.rest();
            if (salt.ends_with('\0'))
                salt.remove_suffix(1);
            greeting.salt = salt;
            auto made = answerOf(greeting.plugin, database.password, greeting.salt, channel.tls());
            if (!made)
                return std::unexpected(std::move(made.error()));
            answer = std::move(*made);
            break;
        }
        case '\x01': { // more of caching_sha2_password
            const char what = packet->size() > 1 ? (*packet)[1] : '\0';
            if (what == '\x03')
                continue; // it knows the password
            if (what != '\x04')
                return base::fail("hyperdrive.protocol", "The server's part of " + greeting.plugin + " is not as it should be.");
            auto made = wholePassword(packets, database.password, greeting.salt, channel.tls());
            if (!made)
                return std::unexpected(std::move(made.error()));
            answer = std::move(*made);
            break;
        }
        default:
            return base::fail("hyperdrive.protocol", "What answers there is no MySQL or MariaDB.");
        }
        if (auto sent = packets.send(answer); !sent)
            return sent;
    }
}

std::string nameOf(const std::string &version)
{
    const std::size_t maria = version.find("-MariaDB");
    if (maria == std::string::npos)
        return "MySQL " + version;
    const std::string_view number = std::string_view(version).substr(0, maria);
    return "MariaDB " + std::string(number.starts_with("5.5.5-") ? number.substr(6) : number); // what it puts before its version for old clients
}

} // namespace

Result<std::string> logInToMySql(TestChannel &channel, const Database &database)
{
    Packets packets(channel);
    const auto first = packets.receive();
    if (!first)
        return std::unexpected(first.error());
    auto greeting = greetingOf(*first);
    if (!greeting)
        return std::unexpected(std::move(greeting.error()));
    std::uint32_t capabilities = longPassword | protocol41 | transactions | secureConnection | pluginAuthentication | (database.name.empty() ? 0 : withDatabase);
    const auto head = [&] { return number(capabilities, 4) + number(1U << 24, 4) + utf8mb4 + std::string(23, '\0'); };
    const bool offered = (greeting->capabilities & canTls) != 0;
    if (database.encryption != Encryption::Never && offered) {
        capabilities |= canTls;
        if (auto sent = packets.send(head()); !sent)
            return std::unexpected(std::move(sent.error()));
        if (auto begun = channel.startTls(database); !begun)
            return std::unexpected(std::move(begun.error()));
    } else if (database.encryption != Encryption::Never && database.encryption != Encryption::IfOffered) {
        return base::fail("hyperdrive.tls", "The server offers no TLS, which the connection string asks for.");
    }
    // A method that is not known here may still not be the user's: the server then names another one.
    const bool known = greeting->plugin == "caching_sha2_password";
    const std::string plugin = known ? greeting->plugin : "mysql_native_password";
    const auto answer = answerOf(plugin, database.password, greeting->salt, channel.tls());
    if (!answer)
        return std::unexpected(answer.error());
    std::string response = head() + database.user + '\0' + static_cast<char>(answer->size()) + *answer;
    if (!database.name.empty())
        response += database.name + '\0';
    response += plugin + '\0';
    greeting->plugin = plugin;
    if (auto sent = packets.send(response); !sent)
        return std::unexpected(std::move(sent.error()));
    if (auto done = finish(channel, packets, database, *greeting); !done)
        return std::unexpected(std::move(done.error()));
    // A new command, "quit". The answer is there: that the server may be gone by now changes nothing.
    static_cast<void>(channel.send(std::string("\x01\x00\x00\x00\x01", 5)));
    return nameOf(greeting->version);
}

} // namespace cleat::bindings::hyperdrive
