// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/tlsstream.h"

#include "core/server/tlscontext.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstdint>
#include <new>
#include <sys/socket.h>

namespace cleat::server {

namespace {

// OpenSSL's own BIO for sockets raises SIGPIPE.

int descriptorOf(BIO *bio)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int finish(BIO *bio, ssize_t result)
{
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_flags(bio, BIO_FLAGS_SHOULD_RETRY);
    return static_cast<int>(result);
}

int send(BIO *bio, const char *bytes, int size)
{
    BIO_clear_retry_flags(bio);
    const int result = finish(bio, ::send(descriptorOf(bio), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL));
    if (BIO_should_retry(bio))
        BIO_set_retry_write(bio);
    return result;
}

int receive(BIO *bio, char *bytes, int size)
{
    BIO_clear_retry_flags(bio);
    const ssize_t got = ::recv(descriptorOf(bio), bytes, static_cast<std::size_t>(size), 0);
    const int result = finish(bio, got);
    if (BIO_should_retry(bio))
        BIO_set_retry_read(bio);
    if (got == 0)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return result;
}

long control(BIO *bio, int command, long, void *)
{
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD *method()
{
    static const BIO_METHOD *const made = [] {
        BIO_METHOD *const fresh = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "cleat socket");
        BIO_meth_set_write(fresh, send);
        BIO_meth_set_read(fresh, receive);
        BIO_meth_set_ctrl(fresh, control);
        return fresh;
    }();
    return made;
}

} // namespace

TlsStream::TlsStream(const TlsContext &context, int descriptor) : m_ssl(SSL_new(context.native()))
{
    BIO *const bio = m_ssl ? BIO_new(method()) : nullptr;
    if (!bio) {
        SSL_free(m_ssl);
        throw std::bad_alloc();
    }
    BIO_set_data(bio, reinterpret_cast<void *>(static_cast<std::intptr_t>(descriptor)));
    BIO_set_init(bio, 1);
    SSL_set_bio(m_ssl, bio, bio);
    SSL_set_accept_state(m_ssl);
}

TlsStream::~TlsStream()
{
    SSL_free(m_ssl);
}

TlsStream::Result TlsStream::failure(int result)
{
    switch (SSL_get_error(m_ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return Result::NeedsInput;
    case SSL_ERROR_WANT_WRITE:
        return Result::NeedsOutput;
    case SSL_ERROR_ZERO_RETURN:
        return Result::End;
    default: // OpenSSL's numbers
        m_broken = true; // after these, SSL_shutdown() may not be called
        ERR_clear_error();
        return Result::Broken;
    }
}

TlsStream::Result TlsStream::read(std::span<char> buffer, std::size_t &got)
{
    got = 0;
    ERR_clear_error();
    const int result = SSL_read_ex(m_ssl, buffer.data(), buffer.size(), &got);
    return result == 1 ? Result::Done : failure(result);
}

TlsStream::Result TlsStream::write(std::span<const char> bytes, std::size_t &written)
{
    written = 0;
    ERR_clear_error();
    const int result = SSL_write_ex(m_ssl, bytes.data(), bytes.size(), &written);
    return result == 1 ? Result::Done : failure(result);
}

void TlsStream::sayGoodbye()
{
    if (m_broken || SSL_in_init(m_ssl) != 0)
        return;
    ERR_clear_error();
    SSL_shutdown(m_ssl);
    ERR_clear_error();
}

} // namespace cleat::server
