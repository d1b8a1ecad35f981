// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/cryptohandle.h"
#include "core/runtime/natives.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <functional>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

template <auto release>
struct Release {
    template <typename T>
    void operator()(T *value) const
    {
        release(value);
    }
};
using Number = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using Group = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using Point = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using Pkcs8 = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>>;

struct Curve {
    std::string_view name;
    const char *group;
    int nid;
    std::size_t half;
};
constexpr std::array curves{Curve{"P-256", "prime256v1", NID_X9_62_prime256v1, 32}, Curve{"P-384", "secp384r1", NID_secp384r1, 48},
    Curve{"P-521", "secp521r1", NID_secp521r1, 66}, Curve{"secp256k1", "secp256k1", NID_secp256k1, 32}, Curve{"P-224", "secp224r1", NID_secp224r1, 28}};

const Curve *curveNamed(std::string_view name)
{
    for (const Curve &curve : curves) {
        if (name == curve.name || name == curve.group)
            return &curve;
    }
    return nullptr;
}

const Curve *curveOf(const EVP_PKEY *key)
{
    std::array<char, 64> name{};
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC || EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1)
        return nullptr;
    return curveNamed(name.data());
}

Number numberOf(std::string_view bytes)
{
    return Number(BN_bin2bn(bytePointer(bytes), static_cast<int>(bytes.size()), nullptr));
}

Number parameter(const EVP_PKEY *key, const char *name)
{
    BIGNUM *value = nullptr;
    EVP_PKEY_get_bn_param(key, name, &value);
    return Number(value);
}

v8::Local<v8::Value> bytesOf(Js js, const BIGNUM *value, std::size_t padded)
{
    if (!value)
        return v8::Undefined(js.isolate);
    std::string bytes(padded ? padded : static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2binpad(value, reinterpret_cast<unsigned char *>(bytes.data()), static_cast<int>(bytes.size()));
    v8::Local<v8::ArrayBuffer> buffer;
    const bool made = toArrayBuffer(js, bytes).ToLocal(&buffer);
    OPENSSL_cleanse(bytes.data(), bytes.size());
    return made ? buffer.As<v8::Value>() : v8::Undefined(js.isolate).As<v8::Value>();
}

Openssl<EVP_PKEY> fromData(int type, int selection, OSSL_PARAM *parameters)
{
    const Openssl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_id(type, nullptr));
    EVP_PKEY *key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &key, selection, parameters) != 1)
        return nullptr;
    return Openssl<EVP_PKEY>(key);
}

void giveKey(Arguments arguments, Openssl<EVP_PKEY> key)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (key && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_EC) // a compressed point is exported whole
        EVP_PKEY_set_utf8_string_param(key.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed");
    std::string reason = takeOpensslReason();
    if (key)
        arguments.GetReturnValue().Set(toHandle(js, std::move(key)));
    else
        arguments.GetReturnValue().Set(toJs(js, reason));
}

int passphraseOf(char *buffer, int size, int, void *given)
{
    const auto *passphrase = static_cast<const std::optional<std::string> *>(given);
    if (!*passphrase || static_cast<std::size_t>(size) < (*passphrase)->size())
        return -1;
    std::memcpy(buffer, (*passphrase)->data(), (*passphrase)->size());
    return static_cast<int>((*passphrase)->size());
}

Openssl<EVP_PKEY> derKey(std::string_view kind, const unsigned char **at, std::size_t size, std::optional<std::string> &passphrase)
{
    const auto length = static_cast<long>(size);
    if (kind == "spki")
        return Openssl<EVP_PKEY>(d2i_PUBKEY(nullptr, at, length));
    if (kind == "pkcs1-public")
        return Openssl<EVP_PKEY>(d2i_PublicKey(EVP_PKEY_RSA, nullptr, at, length));
    if (kind == "pkcs1")
        return Openssl<EVP_PKEY>(d2i_PrivateKey(EVP_PKEY_RSA, nullptr, at, length));
    if (kind == "sec1")
        return Openssl<EVP_PKEY>(d2i_PrivateKey(EVP_PKEY_EC, nullptr, at, length));
    if (kind == "pkcs8-encrypted") {
        const Bio bio(BIO_new_mem_buf(*at, static_cast<int>(size)));
        *at += size;
        return Openssl<EVP_PKEY>(d2i_PKCS8PrivateKey_bio(bio.get(), nullptr, passphraseOf, &passphrase));
    }
    const Pkcs8 info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, at, length));
    return Openssl<EVP_PKEY>(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
}

std::optional<std::string> passphraseFrom(v8::Local<v8::Value> value)
{
    if (value->IsUndefined())
        return std::nullopt;
    return std::string(runtime::bytesOf(value));
}

/// cryptoKeyFromDer("spki", "pkcs8", "pkcs8-encrypted", "pkcs1", "pkcs1-public" or "sec1", bytes, passphrase):
/// handle; how many bytes follow the key, as a number; OpenSSL's reason, as a string
void keyFromDer(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view bytes = runtime::bytesOf(arguments[1]);
    const unsigned char *at = bytePointer(bytes);
    const unsigned char *const end = at + bytes.size();
    std::optional<std::string> passphrase = passphraseFrom(arguments[2]);
    Openssl<EVP_PKEY> key = derKey(toStd(js, arguments[0]), &at, bytes.size(), passphrase);
    if (key && at != end)
        arguments.GetReturnValue().Set(static_cast<double>(end - at));
    else
        giveKey(arguments, std::move(key));
}

/// cryptoKeyFromPem(bytes, isPrivate, passphrase): handle; OpenSSL's reason, as a string
void keyFromPem(Arguments arguments)
{
    const std::string_view bytes = runtime::bytesOf(arguments[0]);
    std::optional<std::string> passphrase = passphraseFrom(arguments[2]);
    const auto open = [&] { return Bio(BIO_new_mem_buf(bytePointer(bytes), static_cast<int>(bytes.size()))); };
    if (arguments[1]->IsTrue()) {
        giveKey(arguments, Openssl<EVP_PKEY>(PEM_read_bio_PrivateKey(open().get(), nullptr, passphraseOf, &passphrase)));
        return;
    }
    const auto decode = [&](const char *name, const std::function<EVP_PKEY *(const unsigned char **, long)> &parse) {
        unsigned char *data = nullptr;
        long size = 0;
        if (PEM_bytes_read_bio(&data, &size, nullptr, name, open().get(), passphraseOf, &passphrase) != 1)
            return Openssl<EVP_PKEY>();
        const unsigned char *at = data;
        Openssl<EVP_PKEY> key(parse(&at, size));
        OPENSSL_clear_free(data, static_cast<std::size_t>(size));
        return key;
    };
    Openssl<EVP_PKEY> key = decode("PUBLIC KEY", [](const unsigned char **at, long size) { return d2i_PUBKEY(nullptr, at, size); });
    if (!key)
        key = decode("RSA PUBLIC KEY", [](const unsigned char **at, long size) { return d2i_PublicKey(EVP_PKEY_RSA, nullptr, at, size); });
    if (!key) {
        key = decode("CERTIFICATE", [](const unsigned char **at, long size) {
            const std::unique_ptr<X509, Release<X509_free>> certificate(d2i_X509(nullptr, at, size));
            return certificate ? X509_get_pubkey(certificate.get()) : nullptr;
        });
    }
    giveKey(arguments, std::move(key));
}

std::string written(const Bio &bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

/// cryptoKeyToDer(handle, "spki", "pkcs8", "pkcs1", "pkcs1-public" or "sec1", PEM, cipher, passphrase): ArrayBuffer; undefined when it failed
void keyToDer(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    EVP_PKEY *key = fromHandle<EVP_PKEY>(arguments[0]);
    if (!key)
        return;
    const std::string kind = toStd(js, arguments[1]);
    const bool pem = arguments[2]->IsTrue();
    const EVP_CIPHER *cipher = arguments[3]->IsString() ? EVP_get_cipherbyname(toStd(js, arguments[3]).c_str()) : nullptr;
    std::optional<std::string> passphrase = passphraseFrom(arguments[4]);
    if (arguments[3]->IsString() && !cipher)
        return;
    const Bio bio(BIO_new(BIO_s_mem()));
    const char *secret = passphrase ? passphrase->data() : nullptr;
    const int length = passphrase ? static_cast<int>(passphrase->size()) : 0;
    int fine = 0;
    if (kind == "spki")
        fine = pem ? PEM_write_bio_PUBKEY(bio.get(), key) : i2d_PUBKEY_bio(bio.get(), key);
    else if (kind == "pkcs8")
        fine = pem   ? PEM_write_bio_PKCS8PrivateKey(bio.get(), key, cipher, secret, length, nullptr, nullptr)
            : cipher ? i2d_PKCS8PrivateKey_bio(bio.get(), key, cipher, secret, length, nullptr, nullptr)
                     : i2d_PKCS8PrivateKeyInfo_bio(bio.get(), key);
    else if (pem && kind != "pkcs1-public")
        fine = PEM_write_bio_PrivateKey_traditional(bio.get(), key, cipher, reinterpret_cast<const unsigned char *>(secret), length, nullptr, nullptr);
    else {
        unsigned char *data = nullptr;
        const int size = kind == "pkcs1-public" ? i2d_PublicKey(key, &data) : i2d_PrivateKey(key, &data);
        if (size > 0)
            fine = pem ? PEM_write_bio(bio.get(), "RSA PUBLIC KEY", "", data, size) > 0 : BIO_write(bio.get(), data, size) == size;
        OPENSSL_free(data);
    }
    ERR_clear_error();
    v8::Local<v8::ArrayBuffer> buffer;
    if (fine == 1 && toArrayBuffer(js, written(bio)).ToLocal(&buffer))
        arguments.GetReturnValue().Set(buffer);
}

/// cryptoKeyInfo(handle): ["RSA", "EC", "Ed25519", "X25519" or another, bits, curve or "", public exponent]
void keyInfo(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_PKEY *key = fromHandle<EVP_PKEY>(arguments[0]);
    if (!key)
        return;
    const int id = EVP_PKEY_get_base_id(key);
    const bool rsa = id == EVP_PKEY_RSA || id == EVP_PKEY_RSA_PSS;
    const Curve *curve = curveOf(key);
    const char *name = id == EVP_PKEY_RSA ? "RSA"
        : id == EVP_PKEY_EC               ? "EC"
        : id == EVP_PKEY_ED25519          ? "Ed25519"
        : id == EVP_PKEY_X25519           ? "X25519"
                                          : OBJ_nid2sn(id);
    std::array<v8::Local<v8::Value>, 4> fields{toJs(js, name), v8::Integer::New(js.isolate, EVP_PKEY_get_bits(key)), toJs(js, curve ? curve->name : ""),
        rsa ? bytesOf(js, parameter(key, OSSL_PKEY_PARAM_RSA_E).get(), 0) : v8::Undefined(js.isolate).As<v8::Value>()};
    ERR_clear_error();
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, fields.data(), fields.size()));
}

constexpr std::array rsaNames{OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E, OSSL_PKEY_PARAM_RSA_D, OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
    OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};

/// cryptoKeyParts(handle): RSA [n, e, d, p, q, dp, dq, qi]; a curve [x, y, d]; the others [x, undefined, d]; undefined for what is not there
void keyParts(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_PKEY *key = fromHandle<EVP_PKEY>(arguments[0]);
    if (!key)
        return;
    std::vector<v8::Local<v8::Value>> parts;
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        for (const char *name : rsaNames)
            parts.push_back(bytesOf(js, parameter(key, name).get(), 0));
    } else if (const Curve *curve = curveOf(key)) {
        for (const char *name : {OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y, OSSL_PKEY_PARAM_PRIV_KEY})
            parts.push_back(bytesOf(js, parameter(key, name).get(), curve->half));
    } else {
        std::array<unsigned char, 32> bytes{};
        std::size_t size = bytes.size();
        const auto add = [&](bool there) {
            v8::Local<v8::ArrayBuffer> buffer;
            if (there && toArrayBuffer(js, {reinterpret_cast<const char *>(bytes.data()), size}).ToLocal(&buffer))
                parts.push_back(buffer);
            else
                parts.push_back(v8::Undefined(js.isolate));
        };
        add(EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) == 1);
        parts.push_back(v8::Undefined(js.isolate));
        size = bytes.size();
        add(EVP_PKEY_get_raw_private_key(key, bytes.data(), &size) == 1);
        OPENSSL_cleanse(bytes.data(), bytes.size());
    }
    ERR_clear_error();
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

/// cryptoKeyRsa([n, e, d, p, q, dp, dq, qi]): handle; OpenSSL's reason, as a string. d, and the five after it, may be undefined
void keyRsa(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const v8::Local<v8::Array> parts = arguments[0].As<v8::Array>();
    const Builder builder(OSSL_PARAM_BLD_new());
    std::array<Number, rsaNames.size()> numbers;
    bool secret = false;
    for (std::uint32_t i = 0; i < rsaNames.size(); ++i) {
        v8::Local<v8::Value> part;
        if (!parts->Get(js.context, i).ToLocal(&part))
            return;
        if (part->IsUndefined())
            continue;
        numbers.at(i) = numberOf(runtime::bytesOf(part));
        secret = secret || i >= 2;
        OSSL_PARAM_BLD_push_BN(builder.get(), rsaNames.at(i), numbers.at(i).get());
    }
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    giveKey(arguments, fromData(EVP_PKEY_RSA, secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, parameters.get()));
}

std::string encoded(const EC_GROUP *group, const EC_POINT *point)
{
    std::string bytes(EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, nullptr, 0, nullptr), '\0');
    EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, reinterpret_cast<unsigned char *>(bytes.data()), bytes.size(), nullptr);
    return bytes;
}

Openssl<EVP_PKEY> curveKey(const Curve &curve, const std::string &point, const BIGNUM *secret)
{
    const Builder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0);
    OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
    if (secret)
        OSSL_PARAM_BLD_push_BN_pad(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret, curve.half);
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    return fromData(EVP_PKEY_EC, secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, parameters.get());
}

/// cryptoKeyCurve(curve, [x, y, d] or an encoded point): handle; OpenSSL's reason, as a string; false when d does not belong to the point
void keyCurve(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const Curve *curve = curveNamed(toStd(js, arguments[0]));
    if (!curve)
        return;
    const Group group(EC_GROUP_new_by_curve_name(curve->nid));
    const Point point(EC_POINT_new(group.get()));
    Number secret;
    bool fine = false;
    if (arguments[1]->IsArray()) {
        std::array<v8::Local<v8::Value>, 3> parts;
        for (std::uint32_t i = 0; i < parts.size(); ++i) {
            if (!arguments[1].As<v8::Array>()->Get(js.context, i).ToLocal(&parts.at(i)))
                return;
        }
        fine = EC_POINT_set_affine_coordinates(
                   group.get(), point.get(), numberOf(runtime::bytesOf(parts[0])).get(), numberOf(runtime::bytesOf(parts[1])).get(), nullptr)
            == 1;
        if (!parts[2]->IsUndefined())
            secret = numberOf(runtime::bytesOf(parts[2]));
    } else {
        const std::string_view bytes = runtime::bytesOf(arguments[1]);
        fine = EC_POINT_oct2point(group.get(), point.get(), bytePointer(bytes), bytes.size(), nullptr) == 1;
        fine = fine && EC_POINT_is_at_infinity(group.get(), point.get()) == 0;
    }
    if (!fine) {
        giveKey(arguments, nullptr);
        return;
    }
    if (secret) {
        const Point own(EC_POINT_new(group.get()));
        const bool belongs = !BN_is_zero(secret.get()) && BN_cmp(secret.get(), EC_GROUP_get0_order(group.get())) < 0
            && EC_POINT_mul(group.get(), own.get(), secret.get(), nullptr, nullptr, nullptr) == 1
            && EC_POINT_cmp(group.get(), own.get(), point.get(), nullptr) == 0;
        if (!belongs) {
            ERR_clear_error();
            arguments.GetReturnValue().Set(false);
            return;
        }
    }
    giveKey(arguments, curveKey(*curve, encoded(group.get(), point.get()), secret.get()));
}

/// cryptoKeyScalar(curve, d): handle of the private key; OpenSSL's reason, as a string
void keyScalar(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const Curve *curve = curveNamed(toStd(js, arguments[0]));
    if (!curve)
        return;
    const Group group(EC_GROUP_new_by_curve_name(curve->nid));
    const Point point(EC_POINT_new(group.get()));
    const Number secret = numberOf(runtime::bytesOf(arguments[1]));
    const bool fine = !BN_is_zero(secret.get()) && BN_cmp(secret.get(), EC_GROUP_get0_order(group.get())) < 0
        && EC_POINT_mul(group.get(), point.get(), secret.get(), nullptr, nullptr, nullptr) == 1;
    giveKey(arguments, fine ? curveKey(*curve, encoded(group.get(), point.get()), secret.get()) : nullptr);
}

/// cryptoKeyRaw("Ed25519" or "X25519", bytes, isPrivate): handle; OpenSSL's reason, as a string
void keyRaw(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const int id = toStd(js, arguments[0]) == "X25519" ? EVP_PKEY_X25519 : EVP_PKEY_ED25519;
    const std::string_view bytes = runtime::bytesOf(arguments[1]);
    const auto make = arguments[2]->IsTrue() ? EVP_PKEY_new_raw_private_key : EVP_PKEY_new_raw_public_key;
    giveKey(arguments, Openssl<EVP_PKEY>(make(id, nullptr, bytePointer(bytes), bytes.size())));
}

/// cryptoKeyPoint(handle): ArrayBuffer, the public point without compression
void keyPoint(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const EVP_PKEY *key = fromHandle<EVP_PKEY>(arguments[0]);
    const Curve *curve = key ? curveOf(key) : nullptr;
    if (!curve)
        return;
    const Number x = parameter(key, OSSL_PKEY_PARAM_EC_PUB_X);
    const Number y = parameter(key, OSSL_PKEY_PARAM_EC_PUB_Y);
    const auto output = x && y ? newOutput(js, 1 + 2 * curve->half) : std::nullopt;
    if (!output)
        return;
    output->data[0] = POINT_CONVERSION_UNCOMPRESSED;
    BN_bn2binpad(x.get(), output->data + 1, static_cast<int>(curve->half));
    BN_bn2binpad(y.get(), output->data + 1 + curve->half, static_cast<int>(curve->half));
    arguments.GetReturnValue().Set(output->buffer);
}

/// Stops a long search for primes when the isolate is being ended.
int stillWanted(EVP_PKEY_CTX *context)
{
    return static_cast<v8::Isolate *>(EVP_PKEY_CTX_get_app_data(context))->IsExecutionTerminating() ? 0 : 1;
}

/// cryptoKeyGenerate("RSA", "Ed25519", "X25519" or a curve, bits, public exponent): handle of the private key; OpenSSL's reason, as a string
void keyGenerate(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string name = toStd(js, arguments[0]);
    const Curve *curve = curveNamed(name);
    const int id = curve ? EVP_PKEY_EC : name == "RSA" ? EVP_PKEY_RSA : name == "X25519" ? EVP_PKEY_X25519 : EVP_PKEY_ED25519;
    const Openssl<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_id(id, nullptr));
    bool fine = context && EVP_PKEY_keygen_init(context.get()) == 1;
    if (fine && id == EVP_PKEY_RSA) {
        fine = EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), arguments[1]->Int32Value(js.context).FromMaybe(0)) == 1
            && EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), numberOf(runtime::bytesOf(arguments[2])).get()) == 1;
        EVP_PKEY_CTX_set_app_data(context.get(), js.isolate);
        EVP_PKEY_CTX_set_cb(context.get(), stillWanted);
    } else if (fine && curve) {
        fine = EVP_PKEY_CTX_set_group_name(context.get(), curve->group) == 1;
    }
    EVP_PKEY *key = nullptr;
    if (fine && EVP_PKEY_generate(context.get(), &key) != 1)
        key = nullptr;
    giveKey(arguments, Openssl<EVP_PKEY>(key));
}

/// cryptoKeyPublic(handle): handle of the public half alone
void keyPublic(Arguments arguments)
{
    const EVP_PKEY *key = fromHandle<EVP_PKEY>(arguments[0]);
    unsigned char *data = nullptr;
    const int size = key ? i2d_PUBKEY(key, &data) : 0;
    const unsigned char *at = data;
    Openssl<EVP_PKEY> half(size > 0 ? d2i_PUBKEY(nullptr, &at, size) : nullptr);
    OPENSSL_free(data);
    giveKey(arguments, std::move(half));
}

/// cryptoKeySame(handle, handle)
void keySame(Arguments arguments)
{
    const EVP_PKEY *left = fromHandle<EVP_PKEY>(arguments[0]);
    const EVP_PKEY *right = fromHandle<EVP_PKEY>(arguments[1]);
    arguments.GetReturnValue().Set(left && right && EVP_PKEY_eq(left, right) == 1);
    ERR_clear_error();
}

constexpr std::array natives = {
    Native{"cryptoKeyFromDer", keyFromDer},
    Native{"cryptoKeyFromPem", keyFromPem},
    Native{"cryptoKeyToDer", keyToDer},
    Native{"cryptoKeyInfo", keyInfo},
    Native{"cryptoKeyParts", keyParts},
    Native{"cryptoKeyRsa", keyRsa},
    Native{"cryptoKeyCurve", keyCurve},
    Native{"cryptoKeyScalar", keyScalar},
    Native{"cryptoKeyRaw", keyRaw},
    Native{"cryptoKeyPoint", keyPoint},
    Native{"cryptoKeyGenerate", keyGenerate},
    Native{"cryptoKeyPublic", keyPublic},
    Native{"cryptoKeySame", keySame},
};

} // namespace

std::size_t signatureHalf(const EVP_PKEY *key)
{
    const Curve *curve = curveOf(key);
    return curve ? curve->half : 0;
}

std::span<const Native> cryptoKeyNatives()
{
    return natives;
}

} // namespace cleat::runtime
