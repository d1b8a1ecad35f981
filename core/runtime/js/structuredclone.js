// SPDX-License-Identifier: GPL-3.0-or-later
// structuredClone (HTML, section 2.7), over V8's serializer.

import { native, defineGlobals } from "./native.js";
import { DOMException } from "./domexception.js";
import { argumentError, fieldError, globalFunction, globalObject, isDictionary } from "./interface.js";
import { blobBytes, bytesBlob, isBlob, isFile } from "./blob.js";
import { Headers } from "./headers.js";
import { float16Array } from "./language/float16array.js";
import { float16Bits } from "./language/views.js";
import { PlaceholderCopy } from "./placeholders.js";
import { Request, requestBody } from "./request.js";
import { Response, responseBody } from "./response.js";

const isFloat16Array = (value) => float16Bits(value) !== undefined;
const refused = (message) => new DOMException(message, "DataCloneError");

// The prototypes of platform classes that cannot be serialized: V8 takes their instances for plain objects.
const platform = new Map();

/** Called when all globals are there: their instances are not plain objects. */
export function knowPlatform(names) {
  for (const name of ["EventTarget", ...names]) {
    const Class = globalObject[name];
    if (typeof Class === "function" && Class.prototype && name !== "DOMException") platform.set(Class.prototype, name);
  }
  platform.set(Object.getPrototypeOf(globalObject.performance), "Performance");
}

/** The same for a class that is no global. */
export function knowPlatformClass(Class, name) {
  platform.set(Class.prototype, name);
}

function refusePlatformObject(value, name) {
  if (name === "ReadableStream" || name === "WritableStream" || name === "Socket") throw refused(`${name} can only be serialized for RPC.`);
  if (name === "Request" || name === "Response") throw refused("ReadableStream can only be serialized for RPC.");
  if (name === "AbortSignal") throw refused("AbortSignal serialization is not enabled.");
  throw refused(`Could not serialize object of type "${name}". This type does not support serialization.`);
}

/** Throws a DataCloneError where `root` holds what cannot be cloned. What `isHost` says is the caller's to write is passed over; the result is whether there is some of it. */
export function refusePlatformObjects(root, isHost = () => false) {
  let found = false;
  const seen = new Set();
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (isHost(value)) {
      found = true;
      continue;
    }
    if (ArrayBuffer.isView(value)) {
      if (isFloat16Array(value)) throw refused("#<Float16Array> could not be cloned.");
      continue;
    }
    const prototype = Object.getPrototypeOf(value);
    for (let at = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      if (platform.has(at)) refusePlatformObject(value, platform.get(at));
    }
    if (prototype === Array.prototype) {
      for (let i = 0; i < value.length; ++i) {
        const descriptor = Object.getOwnPropertyDescriptor(value, i);
        if (descriptor && "value" in descriptor) open.push(descriptor.value);
      }
    } else if (value instanceof Map) {
      Map.prototype.forEach.call(value, (item, key) => open.push(key, item));
    } else if (value instanceof Set) {
      Set.prototype.forEach.call(value, (item) => open.push(item));
    } else if (!(value instanceof Error)) {
      for (const key of Object.keys(value)) {
        const descriptor = Object.getOwnPropertyDescriptor(value, key);
        if (descriptor && "value" in descriptor) open.push(descriptor.value);
      }
    }
  }
  return found;
}

/** A copy of an object of the platform that can be copied, or undefined. */
function platformCopy(value) {
  if (isBlob(value) && !isFile(value)) return bytesBlob(blobBytes(value), value.type);
  if (value instanceof DOMException) return new DOMException(value.message, value.name);
  if (value instanceof Headers) return new Headers(value);
  if (value instanceof Request && !requestBody(value)) return new Request(value);
  if (value instanceof Response && !responseBody(value)) return new Response(null, value);
  return undefined;
}

/** V8's serializer knows nothing of Float16Array. */
function cloneWithFloat16Arrays(value, transfer) {
  const encoder = new PlaceholderCopy();
  encoder.isHost = isFloat16Array;
  encoder.host = (array) => encoder.made(array, native.linkHost(encoder.hosts.push(float16Bits(array)) - 1));
  return native.structuredClone(encoder.copy(value), transfer, encoder.hosts, float16Array);
}

const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;

function isBuffer(value) {
  try {
    Reflect.apply(bufferLength, value, []);
    return true;
  } catch {
    return false;
  }
}

function isDetached(buffer) {
  try {
    return new Uint8Array(buffer) === null;
  } catch {
    return true;
  }
}

function transferred(list) {
  if (!Array.isArray(list)) throw fieldError("transfer", "StructuredCloneOptions", "Array");
  const buffers = new Set();
  for (let i = 0; i < list.length; ++i) {
    const buffer = ArrayBuffer.isView(list[i]) ? list[i].buffer : list[i];
    if (!isBuffer(buffer)) throw new TypeError("Object is not transferable");
    if (!isDetached(buffer)) buffers.add(buffer);
  }
  return [...buffers];
}

/** A copy of a value; `transfer` is a list of buffers that are not detached, or undefined. Throws a DataCloneError, or what an accessor threw. */
export function cloneValue(value, transfer) {
  if (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol" && !transfer) return value;
  const copy = typeof value === "object" && value !== null ? platformCopy(value) : undefined;
  if (copy !== undefined) return copy;
  if (value === globalObject) throw refused("#<ServiceWorkerGlobalScope> could not be cloned.");
  const outcome = refusePlatformObjects(value, isFloat16Array) ? cloneWithFloat16Arrays(value, transfer) : native.structuredClone(value, transfer);
  if (typeof outcome === "string") throw refused(outcome);
  if (value instanceof Error) {
    const cause = Object.getOwnPropertyDescriptor(value, "cause");
    if (cause && "value" in cause && !Object.hasOwn(outcome[0], "cause")) Object.defineProperty(outcome[0], "cause", { value: cloneValue(cause.value), writable: true, configurable: true });
  }
  return outcome[0];
}

/** A copy of a value as V8's serializer can write it. */
export function storableValue(value) {
  const copy = cloneValue(value);
  refusePlatformObjects(copy);
  return copy;
}

function structuredClone(value, options) {
  if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("ServiceWorkerGlobalScope", "structuredClone", 2, "StructuredCloneOptions");
  const transfer = options?.transfer;
  return cloneValue(value, transfer === undefined ? undefined : transferred(transfer));
}

defineGlobals({ structuredClone: globalFunction("structuredClone", structuredClone, ["Value"]) });
