// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/tlsclient.h"

#include "core/runtime/resolver.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdlib>

namespace cleat::runtime {

namespace {

// OpenSSL's own BIO of sockets writes without MSG_NOSIGNAL, which ends the program when the other side has gone.

int socketOf(BIO *bio)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int writeSocket(BIO *bio, const char *bytes, int size)
{
    BIO_clear_retry_flags(bio);
    const auto n = ::send(socketOf(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_write(bio);
    return static_cast<int>(n);
}

int readSocket(BIO *bio, char *target, int room)
{
    BIO_clear_retry_flags(bio);
    const auto n = ::recv(socketOf(bio), target, static_cast<std::size_t>(room), 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        BIO_set_retry_read(bio);
    if (n == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return static_cast<int>(n);
}

long controlSocket(BIO *bio, int command, long, void *)
{
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD *socketMethod()
{
    static BIO_METHOD *const method = [] {
        BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
        BIO_meth_set_write(made, writeSocket);
        BIO_meth_set_read(made, readSocket);
        BIO_meth_set_ctrl(made, controlSocket);
        BIO_meth_set_create(made, [](BIO *bio) {
            BIO_set_init(bio, 1);
            return 1;
        });
        return made;
    }();
    return method;
}

const char *environment(const char *name)
{
    const char *value = std::getenv(name);
    return value && *value ? value : nullptr;
}

bool isAddress(const std::string &name)
{
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    return ::inet_pton(AF_INET, name.c_str(), ignored.data()) == 1 || ::inet_pton(AF_INET6, name.c_str(), ignored.data()) == 1;
}

} // namespace

TlsTrust::TlsTrust(const std::string &authorities) : m_context(SSL_CTX_new(TLS_client_method()))
{
    SSL_CTX_set_min_proto_version(m_context, TLS1_2_VERSION);
    SSL_CTX_set_mode(m_context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(m_context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_verify(m_context, SSL_VERIFY_PEER, nullptr);
    const char *file = authorities.empty() ? environment("CURL_CA_BUNDLE") : authorities.c_str();
    if (!file)
        file = environment("SSL_CERT_FILE");
    if (file)
        SSL_CTX_load_verify_file(m_context, file);
    else
        SSL_CTX_set_default_verify_paths(m_context);
    if (const char *more = authorities.empty() ? environment("NODE_EXTRA_CA_CERTS") : nullptr)
        SSL_CTX_load_verify_file(m_context, more);
    ERR_clear_error(); // a file that is not there trusts nobody
}

TlsTrust::~TlsTrust()
{
    SSL_CTX_free(m_context);
}

TlsClient::TlsClient(const TlsTrust &trust, int descriptor, const TlsPeer &peer) : m_tls(SSL_new(trust.context()))
{
    BIO *bio = BIO_new(socketMethod());
    BIO_set_data(bio, reinterpret_cast<void *>(static_cast<std::intptr_t>(descriptor)));
    SSL_set_bio(m_tls, bio, bio);
    const std::string &serverName = peer.name;
    if (peer.check == TlsPeer::Check::None)
        SSL_set_verify(m_tls, SSL_VERIFY_NONE, nullptr);
    if (isAddress(serverName)) {
        if (peer.check == TlsPeer::Check::Name)
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(m_tls), serverName.c_str());
    } else {
        SSL_set_tlsext_host_name(m_tls, serverName.c_str());
        SSL_set_hostflags(m_tls, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (peer.check == TlsPeer::Check::Name && (serverName.empty() || SSL_set1_host(m_tls, serverName.c_str()) != 1))
            m_failure = "\"" + serverName + "\" is no name that a server's certificate could be for";
    }
    SSL_set_connect_state(m_tls);
}

TlsClient::~TlsClient()
{
    SSL_free(m_tls);
}

TlsClient::Step TlsClient::outcome(int result)
{
    const int systemError = errno;
    switch (SSL_get_error(m_tls, result)) {
    case SSL_ERROR_WANT_READ:
        return Step::WantsRead;
    case SSL_ERROR_WANT_WRITE:
        return Step::WantsWrite;
    case SSL_ERROR_ZERO_RETURN:
        return Step::Ended;
    case SSL_ERROR_SYSCALL:
        m_failure = systemError != 0 ? systemText(systemError) : "the connection ended";
        return Step::Failed;
    default:
        break;
    }
    if (const long verdict = SSL_get_verify_result(m_tls); verdict != X509_V_OK && SSL_get_verify_mode(m_tls) != SSL_VERIFY_NONE) {
        m_failure = X509_verify_cert_error_string(verdict);
    } else {
        const char *reason = ERR_reason_error_string(ERR_peek_error());
        m_failure = reason ? reason : "the other side does not speak TLS as it should";
    }
    return Step::Failed;
}

TlsClient::Step TlsClient::handshake()
{
    if (!m_failure.empty())
        return Step::Failed;
    ERR_clear_error();
    const int result = SSL_do_handshake(m_tls);
    return result == 1 ? Step::Done : outcome(result);
}

TlsClient::Moved TlsClient::read(char *target, std::size_t room)
{
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(m_tls, target, room, &got);
    return result == 1 ? Moved{Step::Done, got} : Moved{outcome(result), 0};
}

TlsClient::Moved TlsClient::write(const char *bytes, std::size_t size)
{
    ERR_clear_error();
    std::size_t written = 0;
    const int result = SSL_write_ex(m_tls, bytes, size, &written);
    return result == 1 ? Moved{Step::Done, written} : Moved{outcome(result), 0};
}

void TlsClient::finish()
{
    ERR_clear_error();
    SSL_shutdown(m_tls);
    ERR_clear_error();
}

std::string TlsClient::failure() const
{
    return m_failure;
}

std::string TlsClient::version() const
{
    return SSL_get_version(m_tls);
}

} // namespace cleat::runtime
