// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/selfsigned.h"

#include "core/server/opensslptr.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

namespace cleat::server {

namespace {

using Bio = OpenSslPtr<BIO, BIO_free_all>;
using Key = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;
using Certificate = OpenSslPtr<X509, X509_free>;
using Names = OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using Number = OpenSslPtr<BIGNUM, BN_free>;

constexpr long daySeconds = 24 * 60 * 60;

bool isAddress(const std::string &name)
{
    ASN1_OCTET_STRING *const address = a2i_IPADDRESS(name.c_str());
    ERR_clear_error();
    const bool is = address != nullptr;
    ASN1_OCTET_STRING_free(address);
    return is;
}

bool addName(GENERAL_NAMES *names, const std::string &name)
{
    GENERAL_NAME *const entry = GENERAL_NAME_new();
    if (!entry)
        return false;
    if (isAddress(name)) {
        GENERAL_NAME_set0_value(entry, GEN_IPADD, a2i_IPADDRESS(name.c_str()));
    } else {
        ASN1_IA5STRING *const text = ASN1_IA5STRING_new();
        if (!text || ASN1_STRING_set(text, name.data(), static_cast<int>(name.size())) != 1) {
            ASN1_IA5STRING_free(text);
            GENERAL_NAME_free(entry);
            return false;
        }
        GENERAL_NAME_set0_value(entry, GEN_DNS, text);
    }
    if (sk_GENERAL_NAME_push(names, entry) > 0)
        return true;
    GENERAL_NAME_free(entry);
    return false;
}

bool addExtension(X509 *certificate, int what, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION *const extension = X509V3_EXT_conf_nid(nullptr, &context, what, value);
    const bool added = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

bool setSerial(X509 *certificate)
{
    const Number number(BN_new());
    return number && BN_rand(number.get(), 127, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

bool addText(X509_NAME *name, const char *field, const std::string &text)
{
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, reinterpret_cast<const unsigned char *>(text.data()), static_cast<int>(text.size()), -1, 0) == 1;
}

bool fillIn(X509 *certificate, EVP_PKEY *key, const std::vector<std::string> &names, int days)
{
    const Names all(GENERAL_NAMES_new());
    X509_NAME *const subject = X509_get_subject_name(certificate);
    return all && std::ranges::all_of(names, [&](const std::string &name) { return addName(all.get(), name); }) && X509_set_version(certificate, X509_VERSION_3) == 1 && setSerial(certificate)
        && X509_gmtime_adj(X509_getm_notBefore(certificate), -daySeconds) && X509_gmtime_adj(X509_getm_notAfter(certificate), days * daySeconds) && addText(subject, "O", "Cleat, on this machine")
        && addText(subject, "CN", names.front()) && X509_set_issuer_name(certificate, subject) == 1 && X509_set_pubkey(certificate, key) == 1
        && X509_add1_ext_i2d(certificate, NID_subject_alt_name, all.get(), 0, X509V3_ADD_DEFAULT) == 1 && addExtension(certificate, NID_basic_constraints, "critical,CA:FALSE")
        && addExtension(certificate, NID_key_usage, "critical,digitalSignature") && addExtension(certificate, NID_ext_key_usage, "serverAuth")
        && addExtension(certificate, NID_subject_key_identifier, "hash") && X509_sign(certificate, key, EVP_sha256()) > 0;
}

} // namespace

base::Result<std::string> makeSelfSigned(const std::vector<std::string> &names, int days)
{
    const Key key(EVP_EC_gen("P-256"));
    const Certificate certificate(X509_new());
    const Bio out(BIO_new(BIO_s_mem()));
    if (!key || !certificate || !out || names.empty() || !fillIn(certificate.get(), key.get(), names, days)
        || PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1 || PEM_write_bio_X509(out.get(), certificate.get()) != 1) {
        const unsigned long code = ERR_peek_last_error();
        const char *words = code == 0 ? nullptr : ERR_reason_error_string(code);
        ERR_clear_error();
        return base::fail("tls.make", std::string("A certificate for HTTPS could not be made: ") + (words ? words : "OpenSSL gives no reason") + '.');
    }
    char *text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

bool isCertificateFor(std::string_view pem, const std::vector<std::string> &names, int days)
{
    const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const Certificate certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!certificate)
        return false;
    std::time_t until = std::time(nullptr) + static_cast<std::time_t>(days) * daySeconds;
    if (X509_cmp_current_time(X509_get0_notBefore(certificate.get())) > 0 || X509_cmp_time(X509_get0_notAfter(certificate.get()), &until) < 0)
        return false;
    return std::ranges::all_of(names, [&](const std::string &name) {
        return isAddress(name) ? X509_check_ip_asc(certificate.get(), name.c_str(), 0) == 1 : X509_check_host(certificate.get(), name.data(), name.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
    });
}

} // namespace cleat::server
