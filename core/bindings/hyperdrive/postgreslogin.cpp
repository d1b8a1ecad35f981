// SPDX-License-Identifier: GPL-3.0-or-later
// PostgreSQL, "Message Flow" and "SASL Authentication"; RFC 5802 and 7677 for SCRAM-SHA-256.
#include "core/bindings/hyperdrive/logins.h"

#include "core/bindings/hyperdrive/digests.h"
#include "core/bindings/hyperdrive/postgreswire.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace cleat::bindings::hyperdrive {

using base::Result;
using postgreswire::message;
using postgreswire::number;
using postgreswire::numberAt;

namespace {

constexpr std::size_t mostMessageBytes = 1U << 20;

struct Message {
    char type = 0;
    std::string content;
};

Result<Message> receive(TestChannel &channel)
{
    auto head = channel.receive(5);
    if (!head)
        return std::unexpected(std::move(head.error()));
    const std::uint32_t length = numberAt(*head, 1);
    if (length < 4 || length > mostMessageBytes || !std::string_view("RESKNZvA").contains(head->front()))
        return base::fail("hyperdrive.protocol", "What answers there is no PostgreSQL.");
    auto content = channel.receive(length - 4);
    if (!content)
        return std::unexpected(std::move(content.error()));
    return Message{head->front(), std::move(*content)};
}

/// The first text of an ErrorResponse with this field.
std::string fieldOf(std::string_view content, char field)
{
    while (!content.empty() && content.front() != '\0') {
        const std::size_t end = std::min(content.find('\0'), content.size());
        if (content.front() == field)
            return std::string(content.substr(1, end - 1));
        content.remove_prefix(std::min(end + 1, content.size()));
    }
    return {};
}

base::Error refusal(std::string_view content)
{
    const std::string state = fieldOf(content, 'C');
    const std::string words = fieldOf(content, 'M') + '.';
    if (state == "28P01" || state == "28000")
        return {"hyperdrive.password", "The server does not take this user and password: " + words, {}};
    if (state == "3D000" || state == "42501")
        return {"hyperdrive.database", "The database cannot be opened: " + words, {}};
    return {"hyperdrive.server", "The server refuses: " + words, {}};
}

/// What stands behind "r=" and its like in a message of SCRAM.
std::string attribute(std::string_view text, char name)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        const std::string_view part = text.substr(0, end);
        if (part.size() > 1 && part[0] == name && part[1] == '=')
            return std::string(part.substr(2));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {};
}

/// The client's half of SCRAM-SHA-256.
class Scram final
{
public:
    explicit Scram(std::string password) : m_password(std::move(password)), m_nonce(toBase64(randomBytes(18))), m_first("n=,r=" + m_nonce) {}

    std::string first() const { return "n,," + m_first; }

    Result<std::string> answer(const std::string &challenge)
    {
        const std::string nonce = attribute(challenge, 'r');
        const auto salt = fromBase64(attribute(challenge, 's'));
        const std::string count = attribute(challenge, 'i');
        int rounds = 0;
        std::from_chars(count.data(), count.data() + count.size(), rounds);
        if (!nonce.starts_with(m_nonce) || !salt || rounds < 1 || rounds > 10'000'000)
            return base::fail("hyperdrive.protocol", "The server's part of SCRAM-SHA-256 is not as it should be.");
        const std::string salted = stretched(m_password, *salt, rounds);
        const std::string clientKey = keyed(salted, "Client Key");
        const std::string final = "c=biws,r=" + nonce;
        const std::string signedText = m_first + ',' + challenge + ',' + final;
        m_expected = toBase64(keyed(keyed(salted, "Server Key"), signedText));
        return final + ",p=" + toBase64(mixed(clientKey, keyed(digest(Digest::Sha256, clientKey), signedText)));
    }

    /// Whether the server knows the password too.
    bool accepts(const std::string &end) const { return !m_expected.empty() && attribute(end, 'v') == m_expected; }

private:
    const std::string m_password;
    const std::string m_nonce;
    const std::string m_first;
    std::string m_expected;
};

Result<void> startTls(TestChannel &channel, const Database &database)
{
    if (auto sent = channel.send(number(8) + number(80877103)); !sent)
        return sent;
    const auto answer = channel.receive(1);
    if (!answer)
        return std::unexpected(answer.error());
    if (*answer == "S")
        return channel.startTls(database);
    if (*answer != "N")
        return base::fail("hyperdrive.protocol", "What answers there is no PostgreSQL.");
    if (database.encryption == Encryption::IfOffered)
        return {};
    return base::fail("hyperdrive.tls", "The server offers no TLS, which the connection string asks for.");
}

/// What to send for an Authentication message; nothing: it only tells.
Result<std::optional<std::string>> authenticate(std::string_view content, const Database &database, std::optional<Scram> &scram)
{
    const std::string_view more = content.substr(std::min<std::size_t>(4, content.size()));
    switch (numberAt(content, 0)) {
    case 0:
        return std::nullopt;
    case 3:
        return message('p', database.password + '\0');
    case 5:
        return message('p', "md5" + toHex(digest(Digest::Md5, toHex(digest(Digest::Md5, database.password + database.user)) + std::string(more.substr(0, 4)))) + '\0');
    case 10: {
        if (!std::string('\0' + std::string(more)).contains(std::string("\0SCRAM-SHA-256\0", 15)))
            break;
        const std::string &first = scram.emplace(database.password).first();
        return message('p', std::string("SCRAM-SHA-256\0", 14) + number(static_cast<std::uint32_t>(first.size())) + first);
    }
    case 11: {
        if (!scram)
            break;
        auto answer = scram->answer(std::string(more));
        if (!answer)
            return std::unexpected(std::move(answer.error()));
        return message('p', *answer);
    }
    case 12:
        if (!scram || !scram->accepts(std::string(more)))
            return base::fail("hyperdrive.protocol", "The server does not know the password that it asked for. Is it the right one?");
        return std::nullopt;
    default:
        break;
    }
    return base::fail("hyperdrive.authentication", "The server wants another way to log in than a password in clear text, MD5 or SCRAM-SHA-256.");
}

} // namespace

Result<std::string> logInToPostgres(TestChannel &channel, const Database &database)
{
    if (database.encryption != Encryption::Never) {
        if (auto begun = startTls(channel, database); !begun)
            return std::unexpected(std::move(begun.error()));
    }
    std::string start = number(196608);
    for (const std::string &part : {std::string("user"), database.user, std::string("database"), database.name, std::string("application_name"), std::string("cleat")})
        start += part + '\0';
    start += '\0';
    if (auto sent = channel.send(number(static_cast<std::uint32_t>(start.size() + 4)) + start); !sent)
        return std::unexpected(std::move(sent.error()));
    std::string version;
    std::optional<Scram> scram;
    for (;;) {
        auto received = receive(channel);
        if (!received)
            return std::unexpected(std::move(received.error()));
        const std::string &content = received->content;
        if (received->type == 'E')
            return std::unexpected(refusal(content));
        if (received->type == 'S') {
            const std::size_t end = std::min(content.find('\0'), content.size());
            if (content.substr(0, end) == "server_version")
                version = content.substr(std::min(end + 1, content.size()), content.find('\0', end + 1) - end - 1);
        } else if (received->type == 'R') {
            const auto answer = authenticate(content, database, scram);
            if (!answer)
                return std::unexpected(answer.error());
            if (*answer) {
                if (auto sent = channel.send(**answer); !sent)
                    return std::unexpected(std::move(sent.error()));
            }
        } else if (received->type == 'Z') {
            // The answer is there: that the server may be gone by now changes nothing.
            static_cast<void>(channel.send(message('X', {})));
            return "PostgreSQL" + (version.empty() ? std::string() : ' ' + version);
        }
    }
}

} // namespace cleat::bindings::hyperdrive
