// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <openssl/evp.h>
#include <openssl/kdf.h>

#include <memory>
#include <optional>
#include <span>
#include <utility>

namespace cleat::runtime {

struct OpensslFree {
    void operator()(EVP_PKEY *value) const { EVP_PKEY_free(value); }
    void operator()(EVP_PKEY_CTX *value) const { EVP_PKEY_CTX_free(value); }
    void operator()(EVP_MD_CTX *value) const { EVP_MD_CTX_free(value); }
    void operator()(EVP_MAC_CTX *value) const { EVP_MAC_CTX_free(value); }
    void operator()(EVP_CIPHER_CTX *value) const { EVP_CIPHER_CTX_free(value); }
};
template <typename T>
using Openssl = std::unique_ptr<T, OpensslFree>;

/// What JavaScript holds of an OpenSSL object: an ArrayBuffer whose one byte is the mark and whose deleter frees the object,
/// when it is collected as well as when the isolate ends. Only the runtime's own code ever holds one, and none is in the snapshot.
template <typename T>
struct CryptoHandle {
    std::uint8_t mark;
    Openssl<T> object;
};

template <typename T>
constexpr std::uint8_t cryptoMark = 0;
template <>
inline constexpr std::uint8_t cryptoMark<EVP_PKEY> = 0xa1;
template <>
inline constexpr std::uint8_t cryptoMark<EVP_MD_CTX> = 0xa2;
template <>
inline constexpr std::uint8_t cryptoMark<EVP_MAC_CTX> = 0xa3;
template <>
inline constexpr std::uint8_t cryptoMark<EVP_CIPHER_CTX> = 0xa4;

template <typename T>
v8::Local<v8::Value> toHandle(Js js, Openssl<T> object)
{
    auto *made = new CryptoHandle<T>{cryptoMark<T>, std::move(object)};
    auto store = v8::ArrayBuffer::NewBackingStore(
        made, 1, [](void *data, std::size_t, void *) { delete static_cast<CryptoHandle<T> *>(data); }, nullptr);
    return v8::ArrayBuffer::New(js.isolate, std::move(store));
}

/// Null for anything but a handle of this kind.
template <typename T>
T *fromHandle(v8::Local<v8::Value> value)
{
    if (!value->IsArrayBuffer())
        return nullptr;
    const v8::Local<v8::ArrayBuffer> buffer = value.As<v8::ArrayBuffer>();
    if (buffer->ByteLength() != 1)
        return nullptr;
    auto *handle = static_cast<CryptoHandle<T> *>(buffer->Data());
    return handle->mark == cryptoMark<T> ? handle->object.get() : nullptr;
}

inline const unsigned char *bytePointer(std::string_view bytes)
{
    static constexpr unsigned char none = 0; // OpenSSL takes a null pointer for "not given"
    return bytes.data() ? reinterpret_cast<const unsigned char *>(bytes.data()) : &none;
}

/// An ArrayBuffer that is written before JavaScript sees it.
struct OutputBuffer {
    v8::Local<v8::ArrayBuffer> buffer;
    unsigned char *data = nullptr;
    std::size_t size = 0;
};

/// Nothing, and a pending RangeError, when memory for buffers is used up.
inline std::optional<OutputBuffer> newOutput(Js js, std::size_t size)
{
    auto *allocator = js.isolate->GetArrayBufferAllocator();
    void *data = size ? allocator->AllocateUninitialized(size) : nullptr;
    if (size && !data) {
        js.isolate->ThrowException(v8::Exception::RangeError(toJsName(js, "Array buffer allocation failed")));
        return std::nullopt;
    }
    auto store = v8::ArrayBuffer::NewBackingStore(
        data, size,
        [](void *memory, std::size_t length, void *deleter) {
            if (memory)
                static_cast<v8::ArrayBuffer::Allocator *>(deleter)->Free(memory, length);
        },
        allocator);
    static unsigned char none = 0;
    return OutputBuffer{v8::ArrayBuffer::New(js.isolate, std::move(store)), size ? static_cast<unsigned char *>(data) : &none, size};
}

/// A digest by any spelling OpenSSL knows ("sha256", "RSA-SHA1"); null when there is none.
const EVP_MD *digestNamed(Js js, v8::Local<v8::Value> name);

/// Empties OpenSSL's queue of errors; the friendly sentence for the newest where workerd has one, else its reason, else nothing.
std::string takeOpensslReason();

/// The size of r and of s in a signature of this key; 0 for a key that is on no NIST curve.
std::size_t signatureHalf(const EVP_PKEY *key);

} // namespace cleat::runtime
