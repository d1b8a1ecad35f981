// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/tlscontext.h"

#include "core/server/opensslptr.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <vector>

namespace cleat::server {

namespace {

using Bio = OpenSslPtr<BIO, BIO_free_all>;
using Key = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;
using Certificate = OpenSslPtr<X509, X509_free>;

Bio reader(std::string_view text)
{
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// What OpenSSL says last, and nothing of it stays for others.
std::string reason()
{
    const unsigned long code = ERR_peek_last_error();
    const char *words = code == 0 ? nullptr : ERR_reason_error_string(code);
    ERR_clear_error();
    return words ? words : "it cannot be read";
}

/// OpenSSL would ask for a passphrase at the terminal.
int refusePassphrase(char *, int, int, void *asked)
{
    *static_cast<bool *>(asked) = true;
    return -1;
}

base::Result<Key> readKey(const TlsContext::Pem &pem)
{
    bool asked = false;
    Key key(PEM_read_bio_PrivateKey(reader(pem.text).get(), nullptr, refusePassphrase, &asked));
    if (key)
        return key;
    const std::string words = reason();
    if (asked)
        return base::fail("tls.key", "The private key in " + pem.name + " has a passphrase, which Cleat does not ask for. Write it without one: openssl pkey -in KEY -out NEWKEY.", {pem.name});
    if (pem.text.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos)
        return base::fail("tls.key", "There is no private key in " + pem.name + ", but a certificate. The two files may be the wrong way round.", {pem.name});
    return base::fail("tls.key", "There is no private key in PEM form in " + pem.name + ": " + words + '.', {pem.name});
}

base::Result<std::vector<Certificate>> readCertificates(const TlsContext::Pem &pem)
{
    std::vector<Certificate> all;
    const Bio bio = reader(pem.text);
    while (Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)})
        all.push_back(std::move(certificate));
    const std::string words = reason();
    if (!all.empty())
        return all;
    if (pem.text.find("PRIVATE KEY-----") != std::string_view::npos)
        return base::fail("tls.certificate", "There is no certificate in " + pem.name + ", but a private key. The two files may be the wrong way round.", {pem.name});
    return base::fail("tls.certificate", "There is no certificate in PEM form in " + pem.name + ": " + words + '.', {pem.name});
}

std::string day(const ASN1_TIME *time)
{
    std::tm parts{};
    std::array<char, 32> text{};
    if (ASN1_TIME_to_tm(time, &parts) != 1 || std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts) == 0)
        return "an unknown day";
    return text.data();
}

base::Result<void> checkTime(const X509 *certificate, const std::string &name)
{
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return base::fail("tls.expired", "The certificate in " + name + " is out of date: it was valid until " + day(X509_get0_notAfter(certificate)) + '.', {name});
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        return base::fail("tls.expired", "The certificate in " + name + " is not valid before " + day(X509_get0_notBefore(certificate)) + '.', {name});
    return {};
}

int chooseProtocol(SSL *, const unsigned char **out, unsigned char *size, const unsigned char *in, unsigned int length, void *)
{
    static constexpr unsigned char ours[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char *chosen = nullptr;
    if (SSL_select_next_proto(&chosen, size, ours, sizeof ours, in, length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

} // namespace

base::Result<std::shared_ptr<const TlsContext>> TlsContext::make(const Pem &keyPem, const Pem &certificatePem)
{
    ERR_clear_error();
    auto key = readKey(keyPem);
    if (!key)
        return std::unexpected(key.error());
    auto certificates = readCertificates(certificatePem);
    if (!certificates)
        return std::unexpected(certificates.error());
    X509 *const own = certificates->front().get();
    if (X509_check_private_key(own, key->get()) != 1) {
        ERR_clear_error();
        return base::fail("tls.mismatch", "The certificate in " + certificatePem.name + " does not belong to the private key in " + keyPem.name + '.', {certificatePem.name});
    }
    if (auto timely = checkTime(own, certificatePem.name); !timely)
        return std::unexpected(timely.error());
    SSL_CTX *const context = SSL_CTX_new(TLS_server_method());
    if (!context)
        return base::fail("tls.certificate", "TLS cannot be used: " + reason() + '.');
    std::shared_ptr<const TlsContext> made(new TlsContext(context));
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    static constexpr unsigned char sessions[] = "cleat";
    SSL_CTX_set_session_id_context(context, sessions, sizeof sessions - 1);
    SSL_CTX_set_alpn_select_cb(context, chooseProtocol, nullptr);
    bool taken = SSL_CTX_use_certificate(context, own) == 1 && SSL_CTX_use_PrivateKey(context, key->get()) == 1;
    for (std::size_t i = 1; taken && i < certificates->size(); ++i)
        taken = SSL_CTX_add1_chain_cert(context, (*certificates)[i].get()) == 1;
    if (!taken)
        return base::fail("tls.certificate", "The certificate in " + certificatePem.name + " cannot be used: " + reason() + '.', {certificatePem.name});
    return made;
}

TlsContext::~TlsContext()
{
    SSL_CTX_free(m_context);
}

} // namespace cleat::server
