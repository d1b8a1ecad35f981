// SPDX-License-Identifier: GPL-3.0-or-later
// The global object as workerd has it: what the platform adds stands on the prototypes of ServiceWorkerGlobalScope and WorkerGlobalScope.

import { faceOf, globalObject, interfaceOf } from "./interface.js";
import { EventTarget } from "./events.js";

/** What stands on the prototype of ServiceWorkerGlobalScope. */
export const names = [
  "DOMException", "WorkerGlobalScope", "btoa", "atob", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "queueMicrotask", "structuredClone", "reportError", "fetch",
  "Event", "ExtendableEvent", "CustomEvent", "PromiseRejectionEvent", "FetchEvent", "TailEvent", "TraceEvent", "ScheduledEvent", "MessageEvent", "CloseEvent",
  "ReadableStreamDefaultReader", "ReadableStreamBYOBReader", "ReadableStream", "WritableStream", "WritableStreamDefaultWriter", "TransformStream",
  "ByteLengthQueuingStrategy", "CountQueuingStrategy", "ErrorEvent", "MessageChannel", "MessagePort", "EventSource", "ReadableStreamBYOBRequest",
  "ReadableStreamDefaultController", "ReadableByteStreamController", "WritableStreamDefaultController", "TransformStreamDefaultController", "CompressionStream",
  "DecompressionStream", "TextEncoderStream", "TextDecoderStream", "Headers", "Body", "Request", "Response", "WebSocket", "WebSocketPair",
  "WebSocketRequestResponsePair", "AbortController", "AbortSignal", "TextDecoder", "TextEncoder", "Navigator", "URL", "URLSearchParams", "URLPattern", "Blob", "File",
  "FormData", "Crypto", "SubtleCrypto", "CryptoKey", "CacheStorage", "Cache", "FixedLengthStream", "IdentityTransformStream", "HTMLRewriter",
];
const own = ["navigator", "origin", "Cloudflare", "performance", "scheduler", "caches", "crypto", "self", "ServiceWorkerGlobalScope"];

class WorkerGlobalScope extends EventTarget {}
interfaceOf(WorkerGlobalScope, { isOne: () => false, illegal: true });

class ServiceWorkerGlobalScope extends WorkerGlobalScope {}
interfaceOf(ServiceWorkerGlobalScope, { isOne: () => false, illegal: true });

function move(name, prototype) {
  const found = Object.getOwnPropertyDescriptor(globalObject, name);
  if (!found) return;
  delete globalObject[name];
  Object.defineProperty(prototype, name, { ...found, enumerable: true });
}

/** Puts all globals in their places; comes last. What is not named here stays where it is. */
export function arrangeGlobals() {
  for (const [name, value] of Object.entries({ WorkerGlobalScope, ServiceWorkerGlobalScope })) {
    Object.defineProperty(globalObject, name, { value: faceOf(value), writable: true, configurable: true, enumerable: false });
  }
  for (const Class of [WorkerGlobalScope, ServiceWorkerGlobalScope]) {
    const constructor = Object.getOwnPropertyDescriptor(Class.prototype, "constructor");
    const tag = Object.getOwnPropertyDescriptor(Class.prototype, Symbol.toStringTag);
    delete Class.prototype.constructor;
    delete Class.prototype[Symbol.toStringTag];
    if (Class === WorkerGlobalScope) move("EventTarget", Class.prototype);
    else for (const name of names) move(name, Class.prototype);
    Object.defineProperty(Class.prototype, "constructor", constructor);
    Object.defineProperty(Class.prototype, Symbol.toStringTag, tag);
  }
  for (const name of own) {
    const found = Object.getOwnPropertyDescriptor(globalObject, name);
    if (found) Object.defineProperty(globalObject, name, { ...found, enumerable: true });
  }
  // core-js has what it needs of this in a variable of its own.
  delete globalObject["__core-js_shared__"];
  Object.setPrototypeOf(globalObject, ServiceWorkerGlobalScope.prototype);
}
