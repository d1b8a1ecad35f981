// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/digests.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

namespace cleat::bindings::hyperdrive {

namespace {

unsigned char *raw(std::string &bytes)
{
    return reinterpret_cast<unsigned char *>(bytes.data());
}

const unsigned char *raw(std::string_view bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.data());
}

const EVP_MD *methodOf(Digest kind)
{
    switch (kind) {
    case Digest::Md5:
        return EVP_md5();
    case Digest::Sha1:
        return EVP_sha1();
    case Digest::Sha256:
        break;
    }
    return EVP_sha256();
}

} // namespace

std::string digest(Digest kind, std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, methodOf(kind), nullptr);
    return {reinterpret_cast<const char *>(out.data()), size};
}

std::string keyed(std::string_view key, std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(bytes), bytes.size(), out.data(), &size);
    return {reinterpret_cast<const char *>(out.data()), size};
}

std::string stretched(std::string_view password, std::string_view salt, int rounds)
{
    std::string out(32, '\0');
    PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), raw(salt), static_cast<int>(salt.size()), rounds, EVP_sha256(), static_cast<int>(out.size()), raw(out));
    return out;
}

std::string mixed(std::string_view bytes, std::string_view other)
{
    std::string out(bytes);
    for (std::size_t i = 0; i < out.size() && !other.empty(); ++i)
        out[i] = static_cast<char>(out[i] ^ other[i % other.size()]);
    return out;
}

std::string randomBytes(std::size_t size)
{
    std::string out(size, '\0');
    RAND_bytes(raw(out), static_cast<int>(size));
    return out;
}

std::string toHex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    return out;
}

std::string toBase64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    out.resize(static_cast<std::size_t>(EVP_EncodeBlock(raw(out), raw(bytes), static_cast<int>(bytes.size()))));
    return out;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    if (text.empty() || text.size() % 4 != 0)
        return std::nullopt;
    std::string out(text.size() / 4 * 3, '\0');
    if (EVP_DecodeBlock(raw(out), raw(text), static_cast<int>(text.size())) < 0)
        return std::nullopt;
    out.resize(out.size() - (text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0)); // what fills the last group up
    return out;
}

base::Result<std::string> encryptedFor(std::string_view pem, std::string_view bytes)
{
    const std::unique_ptr<BIO, decltype(&BIO_free)> source(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(source ? PEM_read_bio_PUBKEY(source.get(), nullptr, nullptr, nullptr) : nullptr, &EVP_PKEY_free);
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr, &EVP_PKEY_CTX_free);
    std::size_t size = 0;
    if (!context || EVP_PKEY_encrypt_init(context.get()) <= 0 || EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) <= 0
        || EVP_PKEY_encrypt(context.get(), nullptr, &size, raw(bytes), bytes.size()) <= 0)
        return base::fail("hyperdrive.protocol", "The server's key for passwords cannot be used.");
    std::string out(size, '\0');
    if (EVP_PKEY_encrypt(context.get(), raw(out), &size, raw(bytes), bytes.size()) <= 0)
        return base::fail("hyperdrive.protocol", "The server's key for passwords cannot be used.");
    out.resize(size);
    return out;
}

} // namespace cleat::bindings::hyperdrive
