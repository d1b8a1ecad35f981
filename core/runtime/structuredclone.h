// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <string>

namespace cleat::runtime {

/// The structured clone of a value (HTML, section 2.7) through V8's serializer. `transfer`: an array of ArrayBuffers that move instead of being copied,
/// or undefined. `hosts`: an array of what is written in the places of linkPlaceholder()s; each is read as what the function `revive` makes of its copy. Empty when the value cannot be cloned, with the reason in `refused` and nothing thrown, or when an accessor threw: then that is pending.
v8::MaybeLocal<v8::Value> structuredClone(
    Js js, v8::Local<v8::Value> value, v8::Local<v8::Value> transfer, v8::Local<v8::Value> hosts, v8::Local<v8::Value> revive, std::string &refused);

} // namespace cleat::runtime
