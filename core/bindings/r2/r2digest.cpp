// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/r2/r2digest.h"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace cleat::bindings::r2 {

namespace {

const EVP_MD *algorithm(Hash hash)
{
    switch (hash) {
    case Hash::Md5:
        return EVP_md5();
    case Hash::Sha1:
        return EVP_sha1();
    case Hash::Sha256:
        return EVP_sha256();
    case Hash::Sha384:
        return EVP_sha384();
    case Hash::Sha512:
        return EVP_sha512();
    }
    return nullptr;
}

} // namespace

std::string_view nameOf(Hash hash)
{
    switch (hash) {
    case Hash::Md5:
        return "MD5";
    case Hash::Sha1:
        return "SHA-1";
    case Hash::Sha256:
        return "SHA-256";
    case Hash::Sha384:
        return "SHA-384";
    case Hash::Sha512:
        return "SHA-512";
    }
    return {};
}

std::string_view fieldOf(Hash hash)
{
    switch (hash) {
    case Hash::Md5:
        return "md5";
    case Hash::Sha1:
        return "sha1";
    case Hash::Sha256:
        return "sha256";
    case Hash::Sha384:
        return "sha384";
    case Hash::Sha512:
        return "sha512";
    }
    return {};
}

std::size_t lengthOf(Hash hash)
{
    return static_cast<std::size_t>(EVP_MD_get_size(algorithm(hash)));
}

void Digest::Free::operator()(evp_md_ctx_st *context) const
{
    EVP_MD_CTX_free(context);
}

Digest::Digest(Hash hash) : m_context(EVP_MD_CTX_new())
{
    // It fails only for want of memory: all five are part of OpenSSL's default provider.
    if (!m_context || EVP_DigestInit_ex(m_context.get(), algorithm(hash), nullptr) != 1)
        throw std::bad_alloc();
}

Digest::~Digest() = default;
Digest::Digest(Digest &&) noexcept = default;
Digest &Digest::operator=(Digest &&) noexcept = default;

void Digest::add(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(m_context.get(), bytes.data(), bytes.size());
}

std::string Digest::finish()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
    unsigned int length = 0;
    EVP_DigestFinal_ex(m_context.get(), bytes.data(), &length);
    return {reinterpret_cast<const char *>(bytes.data()), length};
}

} // namespace cleat::bindings::r2
