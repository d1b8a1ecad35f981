// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/packages/fakepostgres.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QPasswordDigestor>

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace cleat::test {

namespace {

constexpr auto sha256 = QCryptographicHash::Sha256;

std::string int16(int value)
{
    return {static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string int32(int value)
{
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string text(const std::string &value)
{
    return value + '\0';
}

QByteArray bytesOf(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

/// What a message holds.
class Body
{
public:
    explicit Body(std::string bytes) : m_bytes(std::move(bytes)) {}
    std::string text()
    {
        const std::size_t end = std::min(m_bytes.find('\0', m_at), m_bytes.size());
        std::string value = m_bytes.substr(m_at, end - m_at);
        m_at = end + 1;
        return value;
    }
    int number(std::size_t size)
    {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size && m_at < m_bytes.size(); ++i)
            value = value << 8 | static_cast<unsigned char>(m_bytes[m_at++]);
        return size == 2 ? static_cast<std::int16_t>(value) : static_cast<int>(value);
    }
    std::string take(std::size_t size)
    {
        std::string value = m_bytes.substr(std::min(m_at, m_bytes.size()), size);
        m_at += size;
        return value;
    }
    bool atEnd() const { return m_at >= m_bytes.size(); }

private:
    std::string m_bytes;
    std::size_t m_at = 0;
};

using Parameters = std::vector<std::optional<std::string>>;
struct Result {
    std::vector<std::pair<std::string, int>> fields; ///< name, type
    std::vector<std::vector<std::string>> rows;
    std::string tag;
};
struct Failure {
    std::string code;
    std::string message;
};
struct Death {
};

class Session
{
public:
    explicit Session(SocketPeer::Connection &connection) : m_connection(connection) {}

    void run()
    {
        if (!greet())
            return;
        while (auto message = next()) {
            if (message->first == 'X')
                return;
            const bool skipped = m_failed && message->first != 'S';
            if (!skipped && !handle(message->first, Body(std::move(message->second))))
                return;
        }
    }

private:
    void send(char type, const std::string &body) { m_connection.send(type + int32(static_cast<int>(body.size()) + 4) + body); }
    void ready() { send('Z', "I"); }
    void fail(const Failure &failure) { send('E', text("SERROR") + text("VERROR") + text('C' + failure.code) + text('M' + failure.message) + '\0'); }

    std::optional<std::string> sized()
    {
        const std::string head = m_connection.bytes(4);
        if (head.size() < 4)
            return std::nullopt;
        const auto size = static_cast<std::size_t>(Body(head).number(4)) - 4;
        std::string body = m_connection.bytes(size);
        return body.size() == size ? std::optional(std::move(body)) : std::nullopt;
    }
    std::optional<std::pair<char, std::string>> next()
    {
        const std::string type = m_connection.bytes(1);
        auto body = type.empty() ? std::nullopt : sized();
        return body ? std::optional(std::pair(type[0], std::move(*body))) : std::nullopt;
    }

    bool greet();
    bool provesByMd5();
    bool provesByScram();
    bool handle(char type, Body body);
    void bind(Body &body);
    void describe(Body &body);
    void fields(const Result &result);
    void give(const Result &result, bool withFields);
    std::variant<Result, Failure, Death> answer(const std::string &sql, const Parameters &parameters) const;

    SocketPeer::Connection &m_connection;
    std::string m_user;
    bool m_secure = false;
    bool m_failed = false; ///< until the next Sync
    std::map<std::string, std::string> m_statements;
    std::map<std::string, std::pair<std::string, Parameters>> m_portals;
};

bool Session::greet()
{
    constexpr int sslRequest = 80877103;
    for (;;) {
        auto first = sized();
        if (!first)
            return false;
        Body body(std::move(*first));
        if (body.number(4) == sslRequest) {
            if (!m_connection.offersTls()) {
                m_connection.send("N");
                continue;
            }
            m_connection.send("S");
            if (!m_connection.startTls())
                return false;
            m_secure = true;
            continue;
        }
        while (!body.atEnd()) {
            const std::string name = body.text();
            const std::string value = body.text();
            if (name == "user")
                m_user = value;
        }
        break;
    }
    if (m_user == "rejected" || (m_user == "md5" && !provesByMd5()) || (m_user == "scram" && !provesByScram())) {
        fail({"28P01", "password authentication failed for user \"" + m_user + '"'});
        return false;
    }
    send('R', int32(0));
    send('S', text("server_version") + text("16.0"));
    send('K', int32(1) + int32(2));
    ready();
    return true;
}

bool Session::provesByMd5()
{
    const std::string salt = "salt";
    send('R', int32(5) + salt);
    const auto answer = next();
    const QByteArray inner = QCryptographicHash::hash(bytesOf("secret" + m_user), QCryptographicHash::Md5).toHex();
    const QByteArray outer = QCryptographicHash::hash(inner + bytesOf(salt), QCryptographicHash::Md5).toHex();
    return answer && answer->first == 'p' && Body(answer->second).text() == "md5" + outer.toStdString();
}

/// RFC 5802, without channel binding.
bool Session::provesByScram()
{
    send('R', int32(10) + text("SCRAM-SHA-256") + '\0');
    auto message = next();
    if (!message || message->first != 'p')
        return false;
    Body first(std::move(message->second));
    if (first.text() != "SCRAM-SHA-256")
        return false;
    const QByteArray bare = bytesOf(first.take(static_cast<std::size_t>(first.number(4)))).mid(3); // after "n,,"
    const QByteArray nonce = bare.mid(bare.indexOf("r=") + 2) + "ours";
    const QByteArray salt = "some salt";
    const QByteArray challenge = "r=" + nonce + ",s=" + salt.toBase64() + ",i=4096";
    send('R', int32(11) + challenge.toStdString());
    message = next();
    if (!message || message->first != 'p')
        return false;
    const QByteArray final = bytesOf(message->second);
    const QByteArray withoutProof = final.left(final.indexOf(",p="));
    const QByteArray proof = QByteArray::fromBase64(final.mid(final.indexOf(",p=") + 3));
    const QByteArray salted = QPasswordDigestor::deriveKeyPbkdf2(sha256, "secret", salt, 4096, 32);
    const QByteArray clientKey = QMessageAuthenticationCode::hash("Client Key", salted, sha256);
    const QByteArray signedText = bare + ',' + challenge + ',' + withoutProof;
    const QByteArray signature = QMessageAuthenticationCode::hash(signedText, QCryptographicHash::hash(clientKey, sha256), sha256);
    QByteArray expected = clientKey;
    for (qsizetype i = 0; i < expected.size(); ++i)
        expected[i] = static_cast<char>(expected[i] ^ signature[i]);
    if (proof != expected)
        return false;
    const QByteArray own = QMessageAuthenticationCode::hash(signedText, QMessageAuthenticationCode::hash("Server Key", salted, sha256), sha256);
    send('R', int32(12) + "v=" + own.toBase64().toStdString());
    return true;
}

std::variant<Result, Failure, Death> Session::answer(const std::string &sql, const Parameters &parameters) const
{
    std::string lower = sql;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (lower.starts_with("select $1"))
        return Result{{{"echo", 25}, {"n", 23}, {"when", 1184}, {"json", 3802}},
            {{parameters.empty() ? std::string() : parameters[0].value_or("(null)"), "42", "2026-01-02 03:04:05+00", "{\"a\":[1]}"}}, {}};
    if (lower.starts_with("select 1"))
        return Result{{{"one", 23}}, {{"1"}}, {}};
    if (lower.starts_with("select user"))
        return Result{{{"who", 25}, {"tls", 16}}, {{m_user, m_secure ? "t" : "f"}}, {}};
    if (lower.starts_with("select rows ")) {
        Result result{{{"i", 23}, {"text", 25}}, {}, {}};
        const int count = std::stoi(lower.substr(12));
        for (int i = 0; i < count; ++i)
            result.rows.push_back({std::to_string(i), std::string(1024, 'r')});
        return result;
    }
    if (lower.starts_with("insert"))
        return Result{{}, {}, "INSERT 0 2"};
    if (lower == "die")
        return Death{};
    for (const char *word : {"begin", "commit", "rollback"}) {
        if (lower.starts_with(word))
            return Result{{}, {}, bytesOf(word).toUpper().toStdString()};
    }
    return Failure{"42P01", "relation of \"" + sql + "\" does not exist"};
}

bool Session::handle(char type, Body body)
{
    const auto execute = [&](const std::string &sql, const Parameters &parameters, bool withFields) {
        const auto outcome = answer(sql, parameters);
        if (const auto *result = std::get_if<Result>(&outcome)) {
            give(*result, withFields);
        } else if (const auto *failure = std::get_if<Failure>(&outcome)) {
            m_failed = !withFields;
            fail(*failure);
        } else {
            m_connection.send("T"); // and no more
            m_connection.reset();
            return false;
        }
        return true;
    };
    switch (type) {
    case 'Q':
        if (!execute(body.text(), {}, true))
            return false;
        ready();
        break;
    case 'P': {
        const std::string name = body.text();
        m_statements[name] = body.text();
        send('1', {});
        break;
    }
    case 'B':
        bind(body);
        break;
    case 'D':
        describe(body);
        break;
    case 'E': {
        const auto &[sql, parameters] = m_portals[body.text()];
        return execute(sql, parameters, false);
    }
    case 'S':
        m_failed = false;
        ready();
        break;
    case 'C':
        send('3', {});
        break;
    default: // Flush, and what there is no answer to
        break;
    }
    return true;
}

void Session::bind(Body &body)
{
    const std::string portal = body.text();
    const std::string statement = body.text();
    for (int i = body.number(2); i > 0; --i)
        body.number(2);
    Parameters parameters;
    for (int i = body.number(2); i > 0; --i) {
        const int size = body.number(4);
        parameters.push_back(size < 0 ? std::nullopt : std::optional(body.take(static_cast<std::size_t>(size))));
    }
    m_portals[portal] = {m_statements[statement], std::move(parameters)};
    send('2', {});
}

void Session::describe(Body &body)
{
    const std::string kind = body.take(1);
    const std::string name = body.text();
    const std::string sql = kind == "S" ? m_statements[name] : m_portals[name].first;
    if (kind == "S") {
        const auto count = static_cast<int>(std::ranges::count(sql, '$'));
        std::string types = int16(count);
        for (int i = 0; i < count; ++i)
            types += int32(25);
        send('t', types);
    }
    const auto outcome = answer(sql, {});
    if (const auto *failure = std::get_if<Failure>(&outcome)) {
        m_failed = true;
        fail(*failure);
        return;
    }
    const auto *result = std::get_if<Result>(&outcome);
    fields(result ? *result : Result());
}

void Session::fields(const Result &result)
{
    if (result.fields.empty()) {
        send('n', {});
        return;
    }
    std::string description = int16(static_cast<int>(result.fields.size()));
    for (const auto &[name, type] : result.fields)
        description += text(name) + int32(0) + int16(0) + int32(type) + int16(-1) + int32(-1) + int16(0);
    send('T', description);
}

void Session::give(const Result &result, bool withFields)
{
    if (withFields && !result.fields.empty())
        fields(result);
    for (const auto &row : result.rows) {
        std::string data = int16(static_cast<int>(row.size()));
        for (const std::string &value : row)
            data += int32(static_cast<int>(value.size())) + value;
        send('D', data);
    }
    send('C', text(result.tag.empty() ? "SELECT " + std::to_string(result.rows.size()) : result.tag));
}

} // namespace

void answerAsPostgres(SocketPeer::Connection &connection)
{
    Session(connection).run();
}

} // namespace cleat::test
