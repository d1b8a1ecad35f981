// SPDX-License-Identifier: GPL-3.0-or-later
// structuredClone (HTML, section 2.7), over V8's serializer.

import { native, defineGlobals } from "./native.js";
import { DOMException } from "./domexception.js";

// The prototypes of platform classes that cannot be serialized: V8 takes their instances for plain objects.
const platform = new Set();
for (const name of [
  "AbortController", "Blob", "EventTarget", "Event", "Headers", "Request", "Response", "URL", "URLSearchParams", "TextEncoder", "TextDecoder", "TextEncoderStream", "TextDecoderStream",
  "ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamBYOBReader", "WritableStream", "WritableStreamDefaultWriter", "TransformStream", "IdentityTransformStream",
  "ByteLengthQueuingStrategy", "CountQueuingStrategy", "Crypto", "Performance",
]) platform.add(globalThis[name].prototype);

function refusePlatformObjects(root) {
  const seen = new Set();
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null || seen.has(value) || ArrayBuffer.isView(value)) continue;
    seen.add(value);
    let prototype = Object.getPrototypeOf(value);
    for (let at = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      if (platform.has(at)) throw new DOMException(`Could not serialize object of type "${at.constructor.name}". This type does not support serialization.`, "DataCloneError");
    }
    if (prototype === Array.prototype) {
      for (const item of value) open.push(item);
    } else if (value instanceof Map) {
      for (const [key, item] of Map.prototype.entries.call(value)) open.push(key, item);
    } else if (value instanceof Set) {
      for (const item of Set.prototype.values.call(value)) open.push(item);
    } else if (!(value instanceof Error)) {
      for (const key of Object.keys(value)) {
        const descriptor = Object.getOwnPropertyDescriptor(value, key);
        if (descriptor && "value" in descriptor) open.push(descriptor.value);
      }
    }
  }
}

function structuredClone(value, options) {
  if (arguments.length === 0) throw new TypeError("Failed to execute 'structuredClone': 1 argument required, but only 0 present.");
  if (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol" && options === undefined) return value;
  const transfer = options?.transfer !== undefined ? Array.from(options.transfer) : undefined;
  if (value instanceof DOMException) return new DOMException(value.message, value.name);
  refusePlatformObjects(value);
  const outcome = native.structuredClone(value, transfer);
  if (typeof outcome === "string") throw new DOMException(outcome, "DataCloneError");
  return outcome[0];
}

defineGlobals({ structuredClone });
