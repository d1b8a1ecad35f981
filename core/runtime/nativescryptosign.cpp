// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/cryptohandle.h"
#include "core/runtime/natives.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <limits>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

struct FreeSignature {
    void operator()(ECDSA_SIG *value) const { ECDSA_SIG_free(value); }
};
using Signature = std::unique_ptr<ECDSA_SIG, FreeSignature>;

/// r and s one after the other, as the Web Cryptography API has them; empty when DER is malformed.
std::string plainSignature(std::string_view der, std::size_t half)
{
    const unsigned char *at = bytePointer(der);
    const Signature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
    std::string plain(2 * half, '\0');
    auto *data = reinterpret_cast<unsigned char *>(plain.data());
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), data, static_cast<int>(half)) < 0
        || BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), data + half, static_cast<int>(half)) < 0)
        return {};
    return plain;
}

std::string derSignature(std::string_view plain)
{
    const std::size_t half = plain.size() / 2;
    const Signature signature(ECDSA_SIG_new());
    ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytePointer(plain), static_cast<int>(half), nullptr),
        BN_bin2bn(bytePointer(plain.substr(half)), static_cast<int>(half), nullptr));
    unsigned char *data = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &data);
    std::string der(reinterpret_cast<const char *>(data), size > 0 ? static_cast<std::size_t>(size) : 0);
    OPENSSL_free(data);
    return der;
}

/// Sets what RSA needs to know; padding is "pss", "pkcs1" or "".
bool setPadding(EVP_PKEY_CTX *context, const std::string &padding, int salt)
{
    if (padding == "pss")
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt) == 1;
    return padding != "pkcs1" || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
}

/// cryptoSign(handle, digest or "", padding, salt's bytes, plain, bytes): ArrayBuffer; OpenSSL's reason, as a string. plain: r and s without DER
void sign(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    EVP_PKEY *key = fromHandle<EVP_PKEY>(arguments[0]);
    if (!key)
        return;
    const EVP_MD *md = digestNamed(js, arguments[1]);
    const std::string_view bytes = bytesOf(arguments[5]);
    const Openssl<EVP_MD_CTX> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *inner = nullptr;
    std::size_t size = 0;
    std::string signature;
    bool fine = EVP_DigestSignInit(context.get(), &inner, md, nullptr, key) == 1
        && setPadding(inner, toStd(js, arguments[2]), arguments[3]->Int32Value(js.context).FromMaybe(0))
        && EVP_DigestSign(context.get(), nullptr, &size, bytePointer(bytes), bytes.size()) == 1;
    if (fine) {
        signature.resize(size);
        fine = EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size, bytePointer(bytes), bytes.size()) == 1;
        signature.resize(size);
    }
    if (fine && arguments[4]->IsTrue() && signatureHalf(key) > 0)
        signature = plainSignature(signature, signatureHalf(key));
    const std::string reason = takeOpensslReason();
    v8::Local<v8::ArrayBuffer> buffer;
    if (!fine)
        arguments.GetReturnValue().Set(toJs(js, reason));
    else if (toArrayBuffer(js, signature).ToLocal(&buffer))
        arguments.GetReturnValue().Set(buffer);
}

/// cryptoVerify(handle, digest or "", padding, salt's bytes, plain, signature, bytes): boolean; undefined when the key cannot verify
void verify(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    EVP_PKEY *key = fromHandle<EVP_PKEY>(arguments[0]);
    if (!key)
        return;
    const EVP_MD *md = digestNamed(js, arguments[1]);
    std::string_view signature = bytesOf(arguments[5]);
    const std::string_view bytes = bytesOf(arguments[6]);
    std::string der;
    if (arguments[4]->IsTrue() && signatureHalf(key) > 0) {
        if (signature.size() != 2 * signatureHalf(key)) {
            arguments.GetReturnValue().Set(false);
            return;
        }
        der = derSignature(signature);
        signature = der;
    }
    // OpenSSL takes a PSS signature without its leading zeros.
    const bool sized = EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA || signature.size() == static_cast<std::size_t>(EVP_PKEY_get_size(key));
    const Openssl<EVP_MD_CTX> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX *inner = nullptr;
    const bool begun = EVP_DigestVerifyInit(context.get(), &inner, md, nullptr, key) == 1
        && setPadding(inner, toStd(js, arguments[2]), arguments[3]->Int32Value(js.context).FromMaybe(0));
    if (begun)
        arguments.GetReturnValue().Set(
            sized && EVP_DigestVerify(context.get(), bytePointer(signature), signature.size(), bytePointer(bytes), bytes.size()) == 1);
    ERR_clear_error();
}

struct RsaOperation {
    std::string_view name;
    int (*begin)(EVP_PKEY_CTX *);
    int (*run)(EVP_PKEY_CTX *, unsigned char *, std::size_t *, const unsigned char *, std::size_t);
};
constexpr std::array rsaOperations{RsaOperation{"encrypt", EVP_PKEY_encrypt_init, EVP_PKEY_encrypt},
    RsaOperation{"decrypt", EVP_PKEY_decrypt_init, EVP_PKEY_decrypt}, RsaOperation{"sign", EVP_PKEY_sign_init, EVP_PKEY_sign},
    RsaOperation{"recover", EVP_PKEY_verify_recover_init, EVP_PKEY_verify_recover}};

/// cryptoRsa(handle, "encrypt", "decrypt", "sign" or "recover", "oaep", "pkcs1" or "none", digest, label, bytes): ArrayBuffer; OpenSSL's reason, as a string
void rsa(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    EVP_PKEY *key = fromHandle<EVP_PKEY>(arguments[0]);
    if (!key)
        return;
    const std::string name = toStd(js, arguments[1]);
    const auto operation = std::ranges::find(rsaOperations, name, &RsaOperation::name);
    if (operation == rsaOperations.end() || EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA)
        return;
    const std::string padding = toStd(js, arguments[2]);
    const Openssl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(key, nullptr));
    bool fine = operation->begin(context.get()) == 1;
    fine = fine
        && EVP_PKEY_CTX_set_rsa_padding(context.get(),
               padding == "oaep"        ? RSA_PKCS1_OAEP_PADDING
                   : padding == "pkcs1" ? RSA_PKCS1_PADDING
                                        : RSA_NO_PADDING)
            == 1;
    if (fine && padding == "oaep") {
        const EVP_MD *md = digestNamed(js, arguments[3]);
        const std::string_view label = bytesOf(arguments[4]);
        fine = md && EVP_PKEY_CTX_set_rsa_oaep_md(context.get(), md) == 1 && EVP_PKEY_CTX_set_rsa_mgf1_md(context.get(), md) == 1;
        if (fine && !label.empty()) {
            void *copy = OPENSSL_memdup(label.data(), label.size());
            fine = copy && EVP_PKEY_CTX_set0_rsa_oaep_label(context.get(), copy, static_cast<int>(label.size())) == 1;
            if (!fine)
                OPENSSL_free(copy);
        }
    }
    const std::string_view bytes = bytesOf(arguments[5]);
    const auto run = operation->run;
    std::size_t size = 0;
    std::string output;
    if (fine && run(context.get(), nullptr, &size, bytePointer(bytes), bytes.size()) == 1) {
        output.resize(size);
        fine = run(context.get(), reinterpret_cast<unsigned char *>(output.data()), &size, bytePointer(bytes), bytes.size()) == 1;
    } else {
        fine = false;
    }
    const std::string reason = takeOpensslReason();
    v8::Local<v8::ArrayBuffer> buffer;
    if (!fine)
        arguments.GetReturnValue().Set(toJs(js, reason));
    else if (toArrayBuffer(js, std::string_view(output).substr(0, size)).ToLocal(&buffer))
        arguments.GetReturnValue().Set(buffer);
    OPENSSL_cleanse(output.data(), output.size());
}

/// cryptoAgree(private handle, public handle): ArrayBuffer, the shared secret; OpenSSL's reason, as a string
void agree(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    EVP_PKEY *mine = fromHandle<EVP_PKEY>(arguments[0]);
    EVP_PKEY *theirs = fromHandle<EVP_PKEY>(arguments[1]);
    if (!mine || !theirs)
        return;
    const Openssl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new(mine, nullptr));
    std::size_t size = 0;
    std::array<unsigned char, 128> secret{};
    bool fine = EVP_PKEY_derive_init(context.get()) == 1 && EVP_PKEY_derive_set_peer(context.get(), theirs) == 1
        && EVP_PKEY_derive(context.get(), nullptr, &size) == 1 && size <= secret.size();
    fine = fine && EVP_PKEY_derive(context.get(), secret.data(), &size) == 1;
    const std::string reason = takeOpensslReason();
    v8::Local<v8::ArrayBuffer> buffer;
    if (!fine)
        arguments.GetReturnValue().Set(toJs(js, reason));
    else if (toArrayBuffer(js, {reinterpret_cast<const char *>(secret.data()), size}).ToLocal(&buffer))
        arguments.GetReturnValue().Set(buffer);
    OPENSSL_cleanse(secret.data(), secret.size());
}

/// cryptoHkdf(digest, key, salt, info, bytes wanted): ArrayBuffer; undefined when it failed
void hkdf(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_MD *md = digestNamed(js, arguments[0]);
    const std::size_t length = arguments[4].As<v8::Uint32>()->Value();
    if (!md || length > 255U * static_cast<std::size_t>(EVP_MD_get_size(md)))
        return;
    const auto output = newOutput(js, length);
    if (!output)
        return;
    static EVP_KDF *const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    struct Free {
        void operator()(EVP_KDF_CTX *value) const { EVP_KDF_CTX_free(value); }
    };
    const std::unique_ptr<EVP_KDF_CTX, Free> context(EVP_KDF_CTX_new(algorithm));
    const std::string_view key = bytesOf(arguments[1]);
    const std::string_view salt = bytesOf(arguments[2]);
    const std::string_view info = bytesOf(arguments[3]);
    const auto octets = [](const char *name, std::string_view bytes) {
        return OSSL_PARAM_construct_octet_string(name, const_cast<unsigned char *>(bytePointer(bytes)), bytes.size());
    };
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, const_cast<char *>(EVP_MD_get0_name(md)), 0),
        octets(OSSL_KDF_PARAM_KEY, key), octets(OSSL_KDF_PARAM_SALT, salt), octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    if (length == 0 || EVP_KDF_derive(context.get(), output->data, length, parameters.data()) == 1)
        arguments.GetReturnValue().Set(output->buffer);
    ERR_clear_error();
}

/// cryptoPbkdf2(digest, password, salt, iterations, bytes wanted): ArrayBuffer; undefined when it failed
void pbkdf2(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_MD *md = digestNamed(js, arguments[0]);
    const std::string_view password = bytesOf(arguments[1]);
    const std::string_view salt = bytesOf(arguments[2]);
    const int iterations = arguments[3]->Int32Value(js.context).FromMaybe(0);
    if (!md || password.size() > std::numeric_limits<int>::max() || salt.size() > std::numeric_limits<int>::max())
        return;
    const auto output = newOutput(js, arguments[4].As<v8::Uint32>()->Value());
    if (!output)
        return;
    if (output->size == 0
        || PKCS5_PBKDF2_HMAC(reinterpret_cast<const char *>(bytePointer(password)), static_cast<int>(password.size()), bytePointer(salt),
               static_cast<int>(salt.size()), iterations, md, static_cast<int>(output->size), output->data)
            == 1)
        arguments.GetReturnValue().Set(output->buffer);
    ERR_clear_error();
}

/// cryptoScrypt(password, salt, N, r, p, most memory in bytes, bytes wanted): ArrayBuffer; undefined when the parameters are refused
void scrypt(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view password = bytesOf(arguments[0]);
    const std::string_view salt = bytesOf(arguments[1]);
    const auto number = [&](int index) { return static_cast<std::uint64_t>(arguments[index]->NumberValue(js.context).FromMaybe(0)); };
    const auto output = newOutput(js, number(6));
    if (!output)
        return;
    const int fine = EVP_PBE_scrypt(reinterpret_cast<const char *>(bytePointer(password)), password.size(), bytePointer(salt), salt.size(), number(2),
        number(3), number(4), number(5), output->size ? output->data : nullptr, output->size);
    ERR_clear_error();
    if (fine == 1)
        arguments.GetReturnValue().Set(output->buffer);
}

constexpr std::array natives = {
    Native{"cryptoSign", sign},
    Native{"cryptoVerify", verify},
    Native{"cryptoRsa", rsa},
    Native{"cryptoAgree", agree},
    Native{"cryptoHkdf", hkdf},
    Native{"cryptoPbkdf2", pbkdf2},
    Native{"cryptoScrypt", scrypt},
};

} // namespace

std::span<const Native> cryptoSignNatives()
{
    return natives;
}

} // namespace cleat::runtime
