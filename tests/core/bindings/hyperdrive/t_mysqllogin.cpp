// SPDX-License-Identifier: GPL-3.0-or-later
// The connection test's ways into MySQL, against a server that checks each by what MySQL's documentation says ("Caching SHA-2 Pluggable Authentication", "Connection Phase"), in its own terms: it keeps
// the double digest of the password, not the password.
#include "core/bindings/hyperdrive/connectiontest.h"
#include "tests/core/runtime/httppeer.h"
#include "tests/core/runtime/socketpeer.h"

#include <QCryptographicHash>
#include <QTest>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>

using namespace cleat;
using bindings::hyperdrive::ConnectionAnswer;
using test::SocketPeer;

namespace {

constexpr std::string_view password = "corr\xc3\xa8"
                                      "ct horse";
constexpr std::uint32_t usual = 0x1 | 0x8 | 0x200 | 0x2000 | 0x8000 | 0x80000;
constexpr std::uint32_t tls = 0x800;
const std::string zero(1, '\0');

std::string sha256(std::string_view bytes)
{
    return QCryptographicHash::hash(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())), QCryptographicHash::Sha256).toStdString();
}

std::string mixed(std::string bytes, std::string_view with)
{
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(bytes[i] ^ with[i % with.size()]);
    return bytes;
}

std::string little(std::uint32_t value, int bytes)
{
    std::string out;
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i));
    return out;
}

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string publicPem(EVP_PKEY *key)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PUBKEY(out.get(), key);
    char *data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string decrypted(EVP_PKEY *key, std::string bytes)
{
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(EVP_PKEY_CTX_new(key, nullptr), &EVP_PKEY_CTX_free);
    std::size_t size = 512;
    std::string out(size, '\0');
    if (EVP_PKEY_decrypt_init(context.get()) <= 0 || EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) <= 0
        || EVP_PKEY_decrypt(
               context.get(), reinterpret_cast<unsigned char *>(out.data()), &size, reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size())
            <= 0)
        return "what cannot be decrypted";
    out.resize(size);
    return out;
}

/// What the server does.
struct Script {
    std::string method = "caching_sha2_password"; ///< that it names in its greeting
    std::string switchedTo{}; ///< another one, that the user has
    bool offersTls = false;
    bool isCached = true; ///< it has seen the password since it started
    std::string key{}; ///< PEM, in place of its own
    std::string more{}; ///< in place of what is known of the password
};

/// A MySQL server, as far as the login goes.
class Server
{
public:
    Server(Script script, const test::HttpPeer::Identity &identity, EVP_PKEY *key)
        : m_script(std::move(script)),
          m_key(key),
          m_peer([this](SocketPeer::Connection &connection) { serve(connection); }, SocketPeer::Transport::Plain, identity.certificate.toPem(),
              identity.key.toPem())
    {}
    std::string place() const { return "127.0.0.1:" + std::to_string(m_peer.port()); }

private:
    struct Line {
        SocketPeer::Connection &connection;
        std::uint8_t next = 0;
        void send(const std::string &payload) { connection.send(little(static_cast<std::uint32_t>(payload.size()), 3) + static_cast<char>(next++) + payload); }
        std::string receive()
        {
            const std::string head = connection.bytes(4);
            if (head.size() < 4 || static_cast<std::uint8_t>(head[3]) != next)
                return {};
            ++next;
            return connection.bytes(static_cast<unsigned char>(head[0]) | static_cast<std::size_t>(static_cast<unsigned char>(head[1])) << 8);
        }
        void refuse() { send("\xff" + little(1045, 2) + "#28000" + "Access denied for user 'ada'@'localhost' (using password: YES)"); }
    };

    void serve(SocketPeer::Connection &connection)
    {
        Line line{connection};
        std::string salt = "abcdefghijklmnopqrst";
        const std::uint32_t capabilities = usual | (m_script.offersTls ? tls : 0);
        line.send("\x0a" + std::string("8.4.2") + zero + little(9, 4) + salt.substr(0, 8) + zero + little(capabilities & 0xFFFF, 2) + "\xff" + little(2, 2)
            + little(capabilities >> 16, 2) + "\x15" + std::string(10, '\0') + salt.substr(8) + zero + m_script.method + zero);
        std::string response = line.receive();
        bool encrypted = false;
        if (response.size() == 32) {
            if (!connection.startTls())
                return;
            encrypted = true;
            response = line.receive();
        }
        const std::string head = "ada" + zero;
        if (response.size() < 34 || response.compare(32, head.size(), head) != 0)
            return;
        std::string answer = response.substr(32 + head.size() + 1, static_cast<unsigned char>(response[32 + head.size()]));
        const std::string rest = response.substr(32 + head.size() + 1 + answer.size());
        const std::string said = rest.substr(rest.find('\0') + 1);
        const std::string wanted = m_script.switchedTo.empty() ? m_script.method : m_script.switchedTo;
        if (said != wanted + zero) {
            salt = "ABCDEFGHIJKLMNOPQRST";
            line.send("\xfe" + wanted + zero + salt + zero);
            answer = line.receive();
        }
        if (wanted == "mysql_clear_password" ? answer == std::string(password) + zero : logsIn(line, answer, salt, encrypted))
            line.send(zero + zero + zero + little(2, 2) + little(0, 2));
        else
            line.refuse();
        connection.bytes(5);
    }

    bool logsIn(Line &line, const std::string &answer, const std::string &salt, bool encrypted) const
    {
        const std::string kept = sha256(sha256(password));
        if (m_script.isCached) {
            if (answer.size() != 32 || sha256(mixed(answer, sha256(kept + salt))) != kept)
                return false;
            line.send("\x01\x03");
            return true;
        }
        line.send("\x01" + (m_script.more.empty() ? std::string("\x04") : m_script.more));
        std::string whole = line.receive();
        if (!encrypted) {
            if (whole != "\x02")
                return false;
            line.send("\x01" + (m_script.key.empty() ? publicPem(m_key) : m_script.key));
            whole = mixed(decrypted(m_key, line.receive()), salt);
        }
        return whole.ends_with('\0') && sha256(sha256(whole.substr(0, whole.size() - 1))) == kept;
    }

    const Script m_script;
    EVP_PKEY *const m_key;
    SocketPeer m_peer;
};

std::string resultOf(const std::string &text)
{
    const auto database = bindings::hyperdrive::parseConnectionString(text);
    if (!database)
        return database.error().code;
    const auto answer = bindings::hyperdrive::testConnection(*database, std::chrono::seconds(30));
    return answer ? answer->server + (answer->tls.empty() ? "" : ", by TLS") : answer.error().code;
}

} // namespace

class TestMySqlLogin final : public QObject
{
    Q_OBJECT
    test::HttpPeer::Identity m_identity = test::HttpPeer::makeIdentity();
    Key m_key{nullptr, &EVP_PKEY_free};

private Q_SLOTS:
    void initTestCase() { m_key.reset(EVP_RSA_gen(2048)); }

    void logins_data()
    {
        QTest::addColumn<Script>("script");
        QTest::addColumn<QByteArray>("mode");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<QByteArray>("wrong");
        const auto row = [](const char *name, Script script, const char *mode, const char *right, const char *wrong = "hyperdrive.password") {
            QTest::newRow(name) << std::move(script) << QByteArray(mode) << QByteArray(right) << QByteArray(wrong);
        };
        const char *const in = "MySQL 8.4.2";
        const char *const encrypted = "MySQL 8.4.2, by TLS";
        const std::string caching = "caching_sha2_password";
        row("known password", {}, "", in);
        row("known password, by TLS", {.offersTls = true}, "?ssl-mode=REQUIRED", encrypted);
        row("known password, TLS preferred", {.offersTls = true}, "?ssl-mode=PREFERRED", encrypted);
        row("known password, TLS preferred and not there", {}, "?ssl-mode=PREFERRED", in);
        row("new password, by RSA", {.isCached = false}, "", in);
        row("new password, by TLS", {.offersTls = true, .isCached = false}, "?ssl-mode=REQUIRED", encrypted);
        row("another method first", {.method = "mysql_native_password", .switchedTo = caching}, "", in);
        row("another method first, new password, by RSA", {.method = "mysql_native_password", .switchedTo = caching, .isCached = false}, "", in);
        row("another method first, new password, by TLS", {.method = "mysql_native_password", .switchedTo = caching, .offersTls = true, .isCached = false},
            "?ssl-mode=REQUIRED", encrypted);
        row("in the clear, by TLS", {.switchedTo = "mysql_clear_password", .offersTls = true}, "?ssl-mode=REQUIRED", encrypted);
        row("in the clear, without TLS", {.switchedTo = "mysql_clear_password"}, "", "hyperdrive.authentication", "hyperdrive.authentication");
        row("a method that is not spoken", {.switchedTo = "sha256_password"}, "", "hyperdrive.authentication", "hyperdrive.authentication");
        row("a key that is none", {.isCached = false, .key = "-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----\n"}, "", "hyperdrive.protocol",
            "hyperdrive.protocol");
        row("a word that is not known", {.isCached = false, .more = "\x05"}, "", "hyperdrive.protocol", "hyperdrive.protocol");
        row("no TLS", {}, "?ssl-mode=REQUIRED", "hyperdrive.tls", "hyperdrive.tls");
        row("a certificate that is not trusted", {.offersTls = true}, "?ssl-mode=VERIFY_IDENTITY", "hyperdrive.tls", "hyperdrive.tls");
    }

    void logins()
    {
        QFETCH(Script, script);
        QFETCH(QByteArray, mode);
        QFETCH(QByteArray, right);
        QFETCH(QByteArray, wrong);
        const Server server(script, m_identity, m_key.get());
        QCOMPARE(resultOf("mysql://ada:corr%C3%A8ct%20horse@" + server.place() + "/records" + mode.toStdString()), right.toStdString());
        QCOMPARE(resultOf("mysql://ada:incorrect@" + server.place() + "/records" + mode.toStdString()), wrong.toStdString());
    }
};

QTEST_GUILESS_MAIN(TestMySqlLogin)
#include "t_mysqllogin.moc"
