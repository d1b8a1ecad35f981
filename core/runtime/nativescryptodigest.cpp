// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/cryptohandle.h"
#include "core/runtime/natives.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include <array>
#include <limits>

namespace cleat::runtime {

const EVP_MD *digestNamed(Js js, v8::Local<v8::Value> name)
{
    return EVP_get_digestbyname(toStd(js, name).c_str());
}

std::string takeOpensslReason()
{
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    if (code == 0)
        return {};
    const int library = ERR_GET_LIB(code);
    const int reason = ERR_GET_REASON(code);
    if (library == ERR_LIB_EC
        && (reason == EC_R_INVALID_ENCODING || reason == EC_R_BUFFER_TOO_SMALL || reason == EC_R_INVALID_FORM || reason == ERR_R_PASSED_NULL_PARAMETER))
        return "Invalid point encoding.";
    if (library == ERR_LIB_EC && reason == EC_R_INVALID_COMPRESSED_POINT)
        return "Invalid compressed point.";
    if (library == ERR_LIB_EC && reason == EC_R_POINT_IS_NOT_ON_CURVE)
        return "Point is not on curve.";
    const char *text = ERR_reason_error_string(code);
    return text ? text : "";
}

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

/// cryptoDigest(name, bytes): ArrayBuffer
void digest(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_MD *md = digestNamed(js, arguments[0]);
    if (!md)
        return;
    const auto output = newOutput(js, static_cast<std::size_t>(EVP_MD_get_size(md)));
    if (!output)
        return;
    const std::string_view bytes = bytesOf(arguments[1]);
    if (EVP_Digest(bytePointer(bytes), bytes.size(), output->data, nullptr, md, nullptr) == 1)
        arguments.GetReturnValue().Set(output->buffer);
}

/// cryptoHash(name): handle; undefined for a name that is unknown
void hash(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_MD *md = digestNamed(js, arguments[0]);
    Openssl<EVP_MD_CTX> context(EVP_MD_CTX_new());
    if (md && context && EVP_DigestInit_ex(context.get(), md, nullptr) == 1)
        arguments.GetReturnValue().Set(toHandle(js, std::move(context)));
    ERR_clear_error();
}

/// cryptoHashUpdate(handle, bytes)
void hashUpdate(Arguments arguments)
{
    const std::string_view bytes = bytesOf(arguments[1]);
    if (auto *context = fromHandle<EVP_MD_CTX>(arguments[0]))
        EVP_DigestUpdate(context, bytePointer(bytes), bytes.size());
}

/// cryptoHashFinal(handle, length or undefined): ArrayBuffer; undefined when the digest cannot have that length
void hashFinal(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    auto *context = fromHandle<EVP_MD_CTX>(arguments[0]);
    if (!context)
        return;
    const EVP_MD *md = EVP_MD_CTX_get0_md(context);
    const auto natural = static_cast<std::size_t>(EVP_MD_get_size(md));
    const std::size_t length = arguments[1]->IsUint32() ? arguments[1].As<v8::Uint32>()->Value() : natural;
    const bool extendable = (EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF) != 0;
    if (length != natural && !extendable)
        return;
    const auto output = newOutput(js, length);
    if (!output)
        return;
    const int fine = length == 0 ? 1 : extendable ? EVP_DigestFinalXOF(context, output->data, length) : EVP_DigestFinal_ex(context, output->data, nullptr);
    if (fine == 1)
        arguments.GetReturnValue().Set(output->buffer);
    ERR_clear_error();
}

/// cryptoHashCopy(handle): handle
void hashCopy(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto *context = fromHandle<EVP_MD_CTX>(arguments[0]);
    Openssl<EVP_MD_CTX> copy(EVP_MD_CTX_new());
    if (context && copy && EVP_MD_CTX_copy_ex(copy.get(), context) == 1)
        arguments.GetReturnValue().Set(toHandle(js, std::move(copy)));
}

/// cryptoHmac(name, key, bytes): ArrayBuffer
void hmac(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_MD *md = digestNamed(js, arguments[0]);
    const std::string_view key = bytesOf(arguments[1]);
    if (!md || key.size() > std::numeric_limits<int>::max())
        return;
    const auto output = newOutput(js, static_cast<std::size_t>(EVP_MD_get_size(md)));
    if (!output)
        return;
    const std::string_view bytes = bytesOf(arguments[2]);
    if (HMAC(md, bytePointer(key), static_cast<int>(key.size()), bytePointer(bytes), bytes.size(), output->data, nullptr))
        arguments.GetReturnValue().Set(output->buffer);
    ERR_clear_error();
}

/// cryptoHmacStart(name, key): handle; undefined for a name that is unknown
void hmacStart(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_MD *md = digestNamed(js, arguments[0]);
    const std::string_view key = bytesOf(arguments[1]);
    static EVP_MAC *const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    if (!md || !algorithm)
        return;
    Openssl<EVP_MAC_CTX> context(EVP_MAC_CTX_new(algorithm));
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, const_cast<char *>(EVP_MD_get0_name(md)), 0), OSSL_PARAM_construct_end()};
    if (context && EVP_MAC_init(context.get(), bytePointer(key), key.size(), parameters.data()) == 1)
        arguments.GetReturnValue().Set(toHandle(js, std::move(context)));
    ERR_clear_error();
}

/// cryptoHmacUpdate(handle, bytes)
void hmacUpdate(Arguments arguments)
{
    const std::string_view bytes = bytesOf(arguments[1]);
    if (auto *context = fromHandle<EVP_MAC_CTX>(arguments[0]))
        EVP_MAC_update(context, bytePointer(bytes), bytes.size());
}

/// cryptoHmacFinal(handle): ArrayBuffer
void hmacFinal(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    auto *context = fromHandle<EVP_MAC_CTX>(arguments[0]);
    if (!context)
        return;
    const auto output = newOutput(js, EVP_MAC_CTX_get_mac_size(context));
    std::size_t written = 0;
    if (output && EVP_MAC_final(context, output->data, &written, output->size) == 1)
        arguments.GetReturnValue().Set(output->buffer);
    ERR_clear_error();
}

/// cryptoEqual(bytes, bytes): whether they are the same, in a time that depends on their length alone
void equal(Arguments arguments)
{
    const std::string_view left = bytesOf(arguments[0]);
    const std::string_view right = bytesOf(arguments[1]);
    arguments.GetReturnValue().Set(left.size() == right.size() && (left.empty() || CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0));
}

/// cryptoCopy(bytes): Uint8Array of its own, whatever prototype the bytes have; empty for what is detached
void copy(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    v8::Local<v8::Value> array;
    if (toUint8Array(js, bytesOf(arguments[0])).ToLocal(&array))
        arguments.GetReturnValue().Set(array);
}

/// cryptoSize(bytes): how many
void size(Arguments arguments)
{
    arguments.GetReturnValue().Set(static_cast<double>(bytesOf(arguments[0]).size()));
}

constexpr std::array natives = {
    Native{"cryptoDigest", digest},
    Native{"cryptoHash", hash},
    Native{"cryptoHashUpdate", hashUpdate},
    Native{"cryptoHashFinal", hashFinal},
    Native{"cryptoHashCopy", hashCopy},
    Native{"cryptoHmac", hmac},
    Native{"cryptoHmacStart", hmacStart},
    Native{"cryptoHmacUpdate", hmacUpdate},
    Native{"cryptoHmacFinal", hmacFinal},
    Native{"cryptoEqual", equal},
    Native{"cryptoCopy", copy},
    Native{"cryptoSize", size},
};

} // namespace

std::span<const Native> cryptoDigestNatives()
{
    return natives;
}

} // namespace cleat::runtime
