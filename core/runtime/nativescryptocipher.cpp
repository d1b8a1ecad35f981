// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/cryptohandle.h"
#include "core/runtime/natives.h"

#include <openssl/err.h>

#include <array>
#include <limits>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
constexpr std::size_t largest = std::numeric_limits<int>::max() - 64;

const EVP_CIPHER *pick(std::size_t keyBytes, const EVP_CIPHER *small, const EVP_CIPHER *middle, const EVP_CIPHER *large)
{
    return keyBytes == 16 ? small : keyBytes == 24 ? middle : keyBytes == 32 ? large : nullptr;
}

unsigned char *writable(std::string_view bytes)
{
    return const_cast<unsigned char *>(bytePointer(bytes));
}

/// cryptoGcm(encrypt, key, iv, additional data, bytes, tag's bytes): ArrayBuffer (with the tag at its end); undefined when it failed
void gcm(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const int encrypt = arguments[0]->IsTrue() ? 1 : 0;
    const std::string_view key = bytesOf(arguments[1]);
    const std::string_view iv = bytesOf(arguments[2]);
    const std::string_view additional = bytesOf(arguments[3]);
    std::string_view bytes = bytesOf(arguments[4]);
    const std::size_t tag = arguments[5].As<v8::Uint32>()->Value();
    const EVP_CIPHER *cipher = pick(key.size(), EVP_aes_128_gcm(), EVP_aes_192_gcm(), EVP_aes_256_gcm());
    if (!cipher || bytes.size() > largest || iv.size() > largest || additional.size() > largest || (!encrypt && bytes.size() < tag))
        return;
    std::string_view given;
    if (!encrypt) {
        given = bytes.substr(bytes.size() - tag);
        bytes.remove_suffix(tag);
    }
    const auto output = newOutput(js, bytes.size() + (encrypt ? tag : 0));
    if (!output)
        return;
    const Openssl<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
    int written = 0;
    int last = 0;
    bool fine = EVP_CipherInit_ex(context.get(), cipher, nullptr, nullptr, nullptr, encrypt) == 1
        && EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(iv.size()), nullptr) == 1
        && EVP_CipherInit_ex(context.get(), nullptr, nullptr, bytePointer(key), bytePointer(iv), encrypt) == 1;
    if (fine && !additional.empty())
        fine = EVP_CipherUpdate(context.get(), nullptr, &last, bytePointer(additional), static_cast<int>(additional.size())) == 1;
    if (fine && !bytes.empty())
        fine = EVP_CipherUpdate(context.get(), output->data, &written, bytePointer(bytes), static_cast<int>(bytes.size())) == 1;
    if (fine && !encrypt)
        fine = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag), writable(given)) == 1;
    fine = fine && EVP_CipherFinal_ex(context.get(), output->data + written, &last) == 1;
    if (fine && encrypt)
        fine = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag), output->data + bytes.size()) == 1;
    ERR_clear_error();
    if (fine)
        arguments.GetReturnValue().Set(output->buffer);
}

/// cryptoCbc(encrypt, key, iv, bytes): ArrayBuffer; when the padding is wrong, how many bytes came before it, as a number
void cbc(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const int encrypt = arguments[0]->IsTrue() ? 1 : 0;
    const std::string_view key = bytesOf(arguments[1]);
    const std::string_view iv = bytesOf(arguments[2]);
    const std::string_view bytes = bytesOf(arguments[3]);
    const EVP_CIPHER *cipher = pick(key.size(), EVP_aes_128_cbc(), EVP_aes_192_cbc(), EVP_aes_256_cbc());
    if (!cipher || iv.size() != 16 || bytes.size() > largest)
        return;
    const Openssl<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
    if (EVP_CipherInit_ex(context.get(), cipher, nullptr, bytePointer(key), bytePointer(iv), encrypt) != 1)
        return;
    int written = 0;
    int last = 0;
    if (encrypt) {
        const auto output = newOutput(js, (bytes.size() / 16 + 1) * 16);
        if (output && EVP_CipherUpdate(context.get(), output->data, &written, bytePointer(bytes), static_cast<int>(bytes.size())) == 1
            && EVP_CipherFinal_ex(context.get(), output->data + written, &last) == 1)
            arguments.GetReturnValue().Set(output->buffer);
        return;
    }
    std::string plain(bytes.size() + 16, '\0');
    const bool begun = EVP_CipherUpdate(context.get(), writable(plain), &written, bytePointer(bytes), static_cast<int>(bytes.size())) == 1;
    const bool fine = begun && EVP_CipherFinal_ex(context.get(), writable(plain) + written, &last) == 1;
    ERR_clear_error();
    v8::Local<v8::ArrayBuffer> result;
    if (!fine)
        arguments.GetReturnValue().Set(written);
    else if (toArrayBuffer(js, std::string_view(plain).substr(0, static_cast<std::size_t>(written + last))).ToLocal(&result))
        arguments.GetReturnValue().Set(result);
    OPENSSL_cleanse(plain.data(), plain.size());
}

/// cryptoCtr(key, counter, bytes, bytes before the counter begins again, counter then): ArrayBuffer
void ctr(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view key = bytesOf(arguments[0]);
    const std::array counters{bytesOf(arguments[1]), bytesOf(arguments[4])};
    const std::string_view bytes = bytesOf(arguments[2]);
    const auto first = std::min(static_cast<std::size_t>(arguments[3]->NumberValue(js.context).FromMaybe(0)), bytes.size());
    const EVP_CIPHER *cipher = pick(key.size(), EVP_aes_128_ctr(), EVP_aes_192_ctr(), EVP_aes_256_ctr());
    if (!cipher || counters[0].size() != 16 || counters[1].size() != 16 || bytes.size() > largest)
        return;
    const auto output = newOutput(js, bytes.size());
    if (!output)
        return;
    const std::array parts{bytes.substr(0, first), bytes.substr(first)};
    std::size_t at = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const Openssl<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
        int written = 0;
        if (EVP_CipherInit_ex(context.get(), cipher, nullptr, bytePointer(key), bytePointer(counters.at(i)), 1) != 1)
            return;
        if (!parts.at(i).empty()
            && EVP_CipherUpdate(context.get(), output->data + at, &written, bytePointer(parts.at(i)), static_cast<int>(parts.at(i).size())) != 1)
            return;
        at += static_cast<std::size_t>(written);
    }
    arguments.GetReturnValue().Set(output->buffer);
}

/// cryptoKeyWrap(wrap, key, bytes): ArrayBuffer (RFC 3394); undefined when it failed
void keyWrap(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const bool wrap = arguments[0]->IsTrue();
    const std::string_view key = bytesOf(arguments[1]);
    const std::string_view bytes = bytesOf(arguments[2]);
    const EVP_CIPHER *cipher = pick(key.size(), EVP_aes_128_wrap(), EVP_aes_192_wrap(), EVP_aes_256_wrap());
    if (!cipher || bytes.size() < 16 || bytes.size() > largest)
        return;
    const auto output = newOutput(js, wrap ? bytes.size() + 8 : bytes.size() - 8);
    if (!output)
        return;
    const Openssl<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
    EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    int written = 0;
    const bool fine = EVP_CipherInit_ex(context.get(), cipher, nullptr, bytePointer(key), nullptr, wrap ? 1 : 0) == 1
        && EVP_CipherUpdate(context.get(), output->data, &written, bytePointer(bytes), static_cast<int>(bytes.size())) == 1
        && static_cast<std::size_t>(written) == output->size;
    ERR_clear_error();
    if (fine)
        arguments.GetReturnValue().Set(output->buffer);
}

/// cryptoCipherInfo(name): [name, nid, block's bytes, iv's bytes, key's bytes, mode], or undefined
void cipherInfo(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_CIPHER *cipher = EVP_get_cipherbyname(toStd(js, arguments[0]).c_str());
    if (!cipher)
        return;
    const char *name = OBJ_nid2sn(EVP_CIPHER_get_nid(cipher));
    std::array<v8::Local<v8::Value>, 6> fields{toJs(js, name ? name : ""), v8::Integer::New(js.isolate, EVP_CIPHER_get_nid(cipher)),
        v8::Integer::New(js.isolate, EVP_CIPHER_get_block_size(cipher)), v8::Integer::New(js.isolate, EVP_CIPHER_get_iv_length(cipher)),
        v8::Integer::New(js.isolate, EVP_CIPHER_get_key_length(cipher)), v8::Integer::New(js.isolate, EVP_CIPHER_get_mode(cipher))};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, fields.data(), fields.size()));
}

/// cryptoCipher(name, encrypt, key, iv or null): handle; undefined when key or iv have the wrong length
void cipher(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_CIPHER *kind = EVP_get_cipherbyname(toStd(js, arguments[0]).c_str());
    const std::string_view key = bytesOf(arguments[2]);
    const std::string_view iv = bytesOf(arguments[3]);
    Openssl<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new());
    if (!kind || !context || iv.size() > largest || key.size() != static_cast<std::size_t>(EVP_CIPHER_get_key_length(kind)))
        return;
    const int encrypt = arguments[1]->IsTrue() ? 1 : 0;
    const bool authenticated = (EVP_CIPHER_get_flags(kind) & EVP_CIPH_FLAG_AEAD_CIPHER) != 0;
    bool fine = EVP_CipherInit_ex(context.get(), kind, nullptr, nullptr, nullptr, encrypt) == 1;
    if (fine && authenticated)
        fine = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(iv.size()), nullptr) == 1;
    else if (fine && iv.size() != static_cast<std::size_t>(EVP_CIPHER_get_iv_length(kind)))
        fine = false;
    fine = fine && EVP_CipherInit_ex(context.get(), nullptr, nullptr, bytePointer(key), iv.empty() ? nullptr : bytePointer(iv), encrypt) == 1;
    ERR_clear_error();
    if (fine)
        arguments.GetReturnValue().Set(toHandle(js, std::move(context)));
}

/// cryptoCipherUpdate(handle, bytes, additional data): ArrayBuffer; undefined when it failed
void cipherUpdate(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    auto *context = fromHandle<EVP_CIPHER_CTX>(arguments[0]);
    const std::string_view bytes = bytesOf(arguments[1]);
    if (!context || bytes.size() > largest)
        return;
    const bool additional = arguments[2]->IsTrue();
    std::string output(additional ? 0 : bytes.size() + EVP_MAX_BLOCK_LENGTH, '\0');
    int written = 0;
    const bool fine = EVP_CipherUpdate(context, additional ? nullptr : writable(output), &written, bytePointer(bytes), static_cast<int>(bytes.size())) == 1;
    ERR_clear_error();
    v8::Local<v8::ArrayBuffer> result;
    if (fine && toArrayBuffer(js, std::string_view(output).substr(0, additional ? 0 : static_cast<std::size_t>(written))).ToLocal(&result))
        arguments.GetReturnValue().Set(result);
}

/// cryptoCipherFinal(handle): ArrayBuffer; the reason as a string when it failed
void cipherFinal(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    auto *context = fromHandle<EVP_CIPHER_CTX>(arguments[0]);
    if (!context)
        return;
    std::string output(EVP_MAX_BLOCK_LENGTH, '\0');
    int written = 0;
    if (EVP_CipherFinal_ex(context, writable(output), &written) != 1) {
        arguments.GetReturnValue().Set(toJs(js, takeOpensslReason()));
        return;
    }
    v8::Local<v8::ArrayBuffer> result;
    if (toArrayBuffer(js, std::string_view(output).substr(0, static_cast<std::size_t>(written))).ToLocal(&result))
        arguments.GetReturnValue().Set(result);
}

/// cryptoCipherTag(handle, tag to set, or the number of bytes to get): true or ArrayBuffer; undefined when it failed
void cipherTag(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    auto *context = fromHandle<EVP_CIPHER_CTX>(arguments[0]);
    if (!context)
        return;
    if (!arguments[1]->IsUint32()) {
        const std::string_view tag = bytesOf(arguments[1]);
        if (EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(tag.size()), writable(tag)) == 1)
            arguments.GetReturnValue().Set(true);
        ERR_clear_error();
        return;
    }
    const auto output = newOutput(js, arguments[1].As<v8::Uint32>()->Value());
    if (output && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(output->size), output->data) == 1)
        arguments.GetReturnValue().Set(output->buffer);
    ERR_clear_error();
}

/// cryptoCipherPadding(handle, on)
void cipherPadding(Arguments arguments)
{
    if (auto *context = fromHandle<EVP_CIPHER_CTX>(arguments[0]))
        EVP_CIPHER_CTX_set_padding(context, arguments[1]->IsTrue() ? 1 : 0);
}

constexpr std::array natives = {
    Native{"cryptoGcm", gcm},
    Native{"cryptoCbc", cbc},
    Native{"cryptoCtr", ctr},
    Native{"cryptoKeyWrap", keyWrap},
    Native{"cryptoCipherInfo", cipherInfo},
    Native{"cryptoCipher", cipher},
    Native{"cryptoCipherUpdate", cipherUpdate},
    Native{"cryptoCipherFinal", cipherFinal},
    Native{"cryptoCipherTag", cipherTag},
    Native{"cryptoCipherPadding", cipherPadding},
};

} // namespace

std::span<const Native> cryptoCipherNatives()
{
    return natives;
}

} // namespace cleat::runtime
