// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <optional>
#include <string>
#include <string_view>

namespace cleat::runtime {

// Values of a Durable Object's storage: V8's serializer, as workerd writes and reads it. V8 has no words of its own for Errors with all their properties and for objects of the platform: they
// are "host objects", whose parts the JavaScript half (js/durable/values.js) makes and takes apart.

/// `hosts`: undefined, or an array of [part, ...] for each placeholder (linkPlaceholder()) in `value`. A part is a whole number, a text, bytes (a view), or an array of a
/// value: written as a varint, as its length in bytes and UTF-8, as its length and itself, as a value.
/// Nothing: an exception of user code's is pending, or `refused` says what cannot be cloned.
std::optional<std::string> writeStoredValue(Js js, v8::Local<v8::Value> value, v8::Local<v8::Value> hosts, std::string &refused);

/// `revive`: a function of (kind, part, ...) that gives the object for a host object. Empty, with an exception pending: the bytes cannot be read.
v8::MaybeLocal<v8::Value> readStoredValue(Js js, std::string_view bytes, v8::Local<v8::Function> revive);

} // namespace cleat::runtime
