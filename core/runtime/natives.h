// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <cstdint>
#include <span>

namespace cleat::runtime {

/// A C++ function that the JavaScript half calls as native.NAME(...).
struct Native {
    const char *name;
    v8::FunctionCallback callback;
};

std::span<const Native> textNatives(); ///< encodings, base64
std::span<const Native> compressNatives(); ///< zlib, Brotli
std::span<const Native> systemNatives(); ///< clock, random, timers, console, exceptions, source positions, structured clone
std::span<const Native> httpNatives(); ///< requests, responses, bodies, assets
std::span<const Native> fetchNatives(); ///< outgoing requests
std::span<const Native> webSocketNatives(); ///< WebSockets that leave the Worker
std::span<const Native> socketNatives(); ///< outgoing connections
std::span<const Native> linkNatives(); ///< connections to other Workers
std::span<const Native> objectNatives(); ///< Durable Objects
std::span<const Native> spanNatives(); ///< what is done on whose behalf, for the log
std::span<const Native> triggerNatives(); ///< work without a request
std::span<const Native> queueNatives();
std::span<const Native> objectStorageNatives(); ///< of Durable Objects
std::span<const Native> objectSqlNatives(); ///< of Durable Objects
std::span<const Native> vectorizeNatives();
std::span<const Native> analyticsNatives();
std::span<const Native> aiNatives();
std::span<const Native> hyperdriveNatives();
std::span<const Native> kvNatives();
std::span<const Native> d1Natives();
std::span<const Native> r2Natives();
std::span<const Native> cacheNatives();
std::span<const Native> languageNatives(); ///< what the engine lacks of the language
std::span<const Native> jsonNatives(); ///< JSON texts of many values
std::span<const Native> nodeNatives(); ///< Buffer, brands of values, AsyncLocalStorage
std::span<const Native> cryptoDigestNatives(); ///< digests, HMAC
std::span<const Native> cryptoCipherNatives(); ///< AES, and whatever ciphers node:crypto is asked for
std::span<const Native> cryptoKeyNatives(); ///< asymmetric keys: read, write, generate
std::span<const Native> cryptoNumberNatives(); ///< primes, powers
std::span<const Native> cryptoSignNatives(); ///< signatures, RSA, key agreement and derivation
std::span<const Native> htmlNatives(); ///< HTMLRewriter

/// Whether the current request may open one more link; when not, that is the pending exception.
bool mayOpenLink(Js js);

/// The object that holds them all. The same order in the snapshot's maker and in the program.
v8::Local<v8::ObjectTemplate> nativeTemplate(v8::Isolate *isolate);

/// What a snapshot needs to find the callbacks again; ends with 0.
const std::intptr_t *externalReferences();

} // namespace cleat::runtime
