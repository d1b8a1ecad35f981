// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/cryptohandle.h"
#include "core/runtime/natives.h"

#include <openssl/bn.h>
#include <openssl/err.h>

#include <array>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using Number = std::unique_ptr<BIGNUM, decltype([](BIGNUM *value) { BN_clear_free(value); })>;

Number numberOf(v8::Local<v8::Value> value)
{
    const std::string_view bytes = bytesOf(value);
    return Number(value->IsUndefined() ? nullptr : BN_bin2bn(bytePointer(bytes), static_cast<int>(bytes.size()), nullptr));
}

/// cryptoPrime(bits, safe, add or undefined, rem or undefined): ArrayBuffer; undefined when there is none
void prime(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const Number found(BN_new());
    const Number add = numberOf(arguments[2]);
    const Number rem = numberOf(arguments[3]);
    const std::unique_ptr<BN_GENCB, decltype([](BN_GENCB *value) { BN_GENCB_free(value); })> watch(BN_GENCB_new());
    BN_GENCB_set(
        watch.get(), [](int, int, BN_GENCB *callback) { return static_cast<v8::Isolate *>(BN_GENCB_get_arg(callback))->IsExecutionTerminating() ? 0 : 1; },
        js.isolate);
    const bool fine =
        BN_generate_prime_ex(found.get(), arguments[0]->Int32Value(js.context).FromMaybe(0), arguments[1]->IsTrue() ? 1 : 0, add.get(), rem.get(), watch.get())
        == 1;
    ERR_clear_error();
    const auto output = fine ? newOutput(js, static_cast<std::size_t>(BN_num_bytes(found.get()))) : std::nullopt;
    if (!output)
        return;
    BN_bn2bin(found.get(), output->data);
    arguments.GetReturnValue().Set(output->buffer);
}

/// cryptoIsPrime(bytes)
void isPrime(Arguments arguments)
{
    const Number candidate = numberOf(arguments[0]);
    arguments.GetReturnValue().Set(candidate && BN_check_prime(candidate.get(), nullptr, nullptr) == 1);
    ERR_clear_error();
}

void give(Arguments arguments, const BIGNUM *number)
{
    const auto output = newOutput(currentJs(arguments.GetIsolate()), static_cast<std::size_t>(BN_num_bytes(number)));
    if (!output)
        return;
    BN_bn2bin(number, output->data);
    arguments.GetReturnValue().Set(output->buffer);
}

/// cryptoGroupPrime(bits): ArrayBuffer, the prime of a group of RFC 3526; undefined for another size
void groupPrime(Arguments arguments)
{
    const int bits = arguments[0]->Int32Value(currentJs(arguments.GetIsolate()).context).FromMaybe(0);
    const auto find = bits == 2048 ? BN_get_rfc3526_prime_2048
        : bits == 3072             ? BN_get_rfc3526_prime_3072
        : bits == 4096             ? BN_get_rfc3526_prime_4096
        : bits == 6144             ? BN_get_rfc3526_prime_6144
        : bits == 8192             ? BN_get_rfc3526_prime_8192
                                   : nullptr;
    const Number prime(find ? find(nullptr) : nullptr);
    if (prime)
        give(arguments, prime.get());
}

/// cryptoPower(base, exponent, modulus): ArrayBuffer; undefined when it failed. In a time that does not depend on the exponent's bits
void power(Arguments arguments)
{
    const Number base = numberOf(arguments[0]);
    const Number exponent = numberOf(arguments[1]);
    const Number modulus = numberOf(arguments[2]);
    const Number result(BN_new());
    const std::unique_ptr<BN_CTX, decltype([](BN_CTX *value) { BN_CTX_free(value); })> context(BN_CTX_new());
    BN_set_flags(exponent.get(), BN_FLG_CONSTTIME);
    const bool fine = BN_is_odd(modulus.get()) == 1 && BN_mod_exp(result.get(), base.get(), exponent.get(), modulus.get(), context.get()) == 1;
    ERR_clear_error();
    if (fine)
        give(arguments, result.get());
}

constexpr std::array natives = {
    Native{"cryptoPrime", prime},
    Native{"cryptoIsPrime", isPrime},
    Native{"cryptoGroupPrime", groupPrime},
    Native{"cryptoPower", power},
};

} // namespace

std::span<const Native> cryptoNumberNatives()
{
    return natives;
}

} // namespace cleat::runtime
