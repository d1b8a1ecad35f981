// SPDX-License-Identifier: GPL-3.0-or-later
// What everybody shares is changed for the worse; the next request has to be served all the same (loops.js says how this is read).

// ---- getters on Object.prototype named like options | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of ["status", "headers", "method", "body", "signal", "redirect", "cf", "transfer", "type", "ignoreMethod", "expiration", "expirationTtl", "metadata", "onlyIf", "range", "httpMetadata", "customMetadata", "md5", "sha256", "limit", "cursor", "prefix", "include", "delimiter", "capture", "once", "passive", "depth", "stream", "fatal", "highWaterMark", "size", "mode", "then", "cause", "index", "value", "done", "get", "set"]) if (k !== "then" && k !== "get" && k !== "set" && k !== "value") Object.defineProperty(Object.prototype, k, { get() { throw new Error("polluted " + k); }, set(v) { Object.defineProperty(this, k, { value: v, writable: true, configurable: true, enumerable: true }); }, configurable: true }); return new NativeResponse("x"); };
// ---- values on Object.prototype | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.assign(Object.prototype, { status: 500, method: "POST", headers: { a: "b" }, type: "bytes", redirect: "error", cf: 1, expiration: 5, limit: -1 }); return new NativeResponse("x"); };
// ---- then on Object.prototype | any
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.defineProperty(Object.prototype, "then", { value(f) { throw new Error("then"); }, configurable: true, writable: true }); return new NativeResponse("x"); };
// ---- get and set on Object.prototype | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.defineProperty(Object.prototype, "get", { get() { return undefined; }, configurable: true }); return new NativeResponse("x"); };
// ---- value and writable on Object.prototype | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.prototype.value = 5; Object.prototype.writable = false; Object.prototype.enumerable = true; return new NativeResponse("x"); };
// ---- numbers on Object.prototype | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (let i = 0; i < 20; ++i) Object.defineProperty(Object.prototype, i, { get() { return "polluted"; }, set() {}, configurable: true }); return new NativeResponse("x"); };
// ---- numbers on Array.prototype | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (let i = 0; i < 20; ++i) Object.defineProperty(Array.prototype, i, { get() { return "polluted"; }, set() { throw new Error("set"); }, configurable: true }); return new NativeResponse("x"); };
// ---- letters from numbers, before the first name in other letters | 200 xn--bcher-kva.example
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; String.fromCharCode = () => "polluted"; return new NativeResponse(new URL("http://b\u00fccher.example/").host); };
// ---- iterator of arrays | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Array.prototype[Symbol.iterator] = function () { throw new Error("iterator"); }; return new NativeResponse("x"); };
// ---- next of array iterators | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true }); return new NativeResponse("x"); };
// ---- then of promises | any
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Promise.prototype.then = function () { throw new Error("then"); }; return new NativeResponse("x"); };
// ---- then of promises that does nothing | any
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Promise.prototype.then = function () { return this; }; return new NativeResponse("x"); };
// ---- catch and finally of promises | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Promise.prototype.catch = Promise.prototype.finally = function () { throw new Error("catch"); }; return new NativeResponse("x"); };
// ---- constructor of promises | any
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.defineProperty(Promise.prototype, "constructor", { get() { throw new Error("constructor"); }, configurable: true }); return new NativeResponse("x"); };
// ---- statics of Promise | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of ["resolve", "reject", "all", "race", "allSettled", "any"]) Promise[k] = () => { throw new Error(k); }; return new NativeResponse("x"); };
// ---- Promise itself | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; globalThis.Promise = class { constructor() { throw new Error("Promise"); } static resolve() { throw new Error("resolve"); } }; return new NativeResponse("x"); };
// ---- Map | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of ["get", "set", "has", "delete", "clear", "keys", "entries", "values", "forEach"]) Map.prototype[k] = () => { throw new Error("Map " + k); }; return new NativeResponse("x"); };
// ---- WeakMap and Set | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const K of [WeakMap, WeakSet, Set]) for (const k of ["get", "set", "has", "delete", "add"]) if (K.prototype[k]) K.prototype[k] = () => { throw new Error("Weak " + k); }; return new NativeResponse("x"); };
// ---- call, apply and bind | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of ["call", "apply", "bind"]) Function.prototype[k] = () => { throw new Error(k); }; return new NativeResponse("x"); };
// ---- hasInstance | any
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.defineProperty(Function.prototype, Symbol.hasInstance, { value: () => false, configurable: true, writable: true });  return new NativeResponse("x"); };
// ---- hasInstance of Response | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.defineProperty(Response, Symbol.hasInstance, { value: () => false, configurable: true }); return new NativeResponse("x"); };
// ---- methods of String | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.getOwnPropertyNames(String.prototype)) if (typeof String.prototype[k] === "function" && k !== "constructor" && k !== "endsWith") String.prototype[k] = () => { throw new Error("String " + k); }; return new NativeResponse("x"); };
// ---- String itself | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; globalThis.String = () => { throw new Error("String"); }; return new NativeResponse("x"); };
// ---- exec and test of regular expressions | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; RegExp.prototype.exec = RegExp.prototype.test = () => { throw new Error("exec"); }; return new NativeResponse("x"); };
// ---- symbols of regular expressions | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of [Symbol.match, Symbol.replace, Symbol.split, Symbol.search, Symbol.matchAll]) Object.defineProperty(RegExp.prototype, k, { value() { throw new Error("symbol"); }, configurable: true }); return new NativeResponse("x"); };
// ---- methods of Array | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.getOwnPropertyNames(Array.prototype)) if (typeof Array.prototype[k] === "function" && k !== "constructor") Array.prototype[k] = () => { throw new Error("Array " + k); }; return new NativeResponse("x"); };
// ---- statics of Array | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Array.isArray = () => { throw new Error("isArray"); }; Array.from = () => { throw new Error("from"); }; return new NativeResponse("x"); };
// ---- statics of Object | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.getOwnPropertyNames(Object)) if (typeof Object[k] === "function") Object[k] = () => { throw new Error("Object " + k); }; return new NativeResponse("x"); };
// ---- methods of Object | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of ["hasOwnProperty", "toString", "valueOf", "isPrototypeOf", "propertyIsEnumerable"]) Object.prototype[k] = () => { throw new Error(k); }; return new NativeResponse("x"); };
// ---- Uint8Array's methods | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; const T = Object.getPrototypeOf(Uint8Array.prototype); for (const k of ["set", "slice", "subarray", "fill", "values"]) T[k] = () => { throw new Error(k); }; for (const k of ["length", "byteLength", "byteOffset", "buffer"]) Object.defineProperty(T, k, { get() { throw new Error(k); }, configurable: true }); return new NativeResponse("x"); };
// ---- ArrayBuffer's methods | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; ArrayBuffer.prototype.slice = () => { throw new Error("slice"); }; Object.defineProperty(ArrayBuffer.prototype, "byteLength", { get() { throw new Error("byteLength"); }, configurable: true }); ArrayBuffer.isView = () => false; return new NativeResponse("x"); };
// ---- JSON | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; JSON.stringify = JSON.parse = () => { throw new Error("JSON"); }; return new NativeResponse("x"); };
// ---- Number and Math | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.getOwnPropertyNames(Math)) if (typeof Math[k] === "function") Math[k] = () => { throw new Error(k); }; Number.isInteger = () => { throw new Error("isInteger"); }; Number.prototype.toString = () => { throw new Error("toString"); }; return new NativeResponse("x"); };
// ---- Reflect and Proxy | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.getOwnPropertyNames(Reflect)) if (typeof Reflect[k] === "function") Reflect[k] = () => { throw new Error(k); }; globalThis.Proxy = null; return new NativeResponse("x"); };
// ---- Symbol's statics | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; globalThis.Symbol = () => { throw new Error("Symbol"); }; return new NativeResponse("x"); };
// ---- Error and its kin | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; globalThis.Error = globalThis.TypeError = globalThis.RangeError = class { constructor() { throw 5; } }; return new NativeResponse("x"); };
// ---- Error.prototype | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.defineProperty(Error.prototype, "toString", { value() { throw new Error("toString"); } }); Object.defineProperty(Error.prototype, "stack", { get() { throw 1; }, configurable: true }); return new NativeResponse("x"); };
// ---- captureStackTrace and stackTraceLimit | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Error.captureStackTrace = () => { throw 1; }; Error.stackTraceLimit = { valueOf() { throw 1; } }; return new NativeResponse("x"); };
// ---- Response and Request | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; globalThis.Response = globalThis.Request = globalThis.Headers = class { constructor() { throw new Error("replaced"); } }; return new NativeResponse("x"); };
// ---- prototypes of Response, Request and Headers | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const C of [Response, Request, Headers, URL, URLSearchParams]) for (const k of Object.getOwnPropertyNames(C.prototype)) if (k !== "constructor" && !(C === Request && k === "url")) try { Object.defineProperty(C.prototype, k, { get() { throw new Error(k); }, configurable: true }); } catch { } return new NativeResponse("x"); };
// ---- URL | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; globalThis.URL = globalThis.URLSearchParams = null;  return new NativeResponse("x"); };
// ---- streams | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const C of [ReadableStream, WritableStream, TransformStream]) for (const k of Object.getOwnPropertyNames(C.prototype)) if (k !== "constructor") Object.defineProperty(C.prototype, k, { get() { throw new Error(k); }, configurable: true }); return new NativeResponse("x"); };
// ---- Date | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; globalThis.Date = class { static now() { throw new Error("now"); } constructor() { throw new Error("Date"); } }; return new NativeResponse("x"); };
// ---- console | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.keys(console)) console[k] = () => { throw new Error("console"); }; globalThis.console = null; return new NativeResponse("x"); };
// ---- all globals deleted | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.getOwnPropertyNames(globalThis)) try { delete globalThis[k]; } catch { } return new NativeResponse("x"); };
// ---- all globals set to null | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.getOwnPropertyNames(globalThis)) try { globalThis[k] = null; } catch { } return new NativeResponse("x"); };
// ---- everything frozen | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; const seen = new Set(); const freeze = (o) => { if ((typeof o !== "object" && typeof o !== "function") || o === null || seen.has(o)) return; seen.add(o); if (o !== globalThis && !ArrayBuffer.isView(o)) try { Object.freeze(o); } catch { } for (const d of Object.values(Object.getOwnPropertyDescriptors(o))) { freeze(d.value); freeze(d.get); } freeze(Object.getPrototypeOf(o)); }; freeze(globalThis); return new NativeResponse("x"); };
// ---- no extensions | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.preventExtensions(Object.prototype); Object.preventExtensions(Array.prototype); Object.seal(Promise.prototype); try { Object.preventExtensions(globalThis); } catch { } return new NativeResponse("x"); };
// ---- prototype of the global object | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; try { Object.setPrototypeOf(globalThis, new Proxy({}, { get() { throw new Error("global"); }, has() { throw new Error("has"); } })); } catch { } return new NativeResponse("x"); };
// ---- prototypes turned round | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; try { Object.setPrototypeOf(Array.prototype, null); Object.setPrototypeOf(Function.prototype, null); } catch { } Object.setPrototypeOf(Promise.prototype, null); return new NativeResponse("x"); };
// ---- generators and iterators | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; const I = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())); I[Symbol.iterator] = () => { throw new Error("it"); }; const G = Object.getPrototypeOf(function* () {}).prototype; G.next = () => { throw new Error("next"); }; const A = Object.getPrototypeOf(async function* () {}).prototype; A.next = () => { throw new Error("next"); }; return new NativeResponse("x"); };
// ---- env and context | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const k of Object.keys(env)) try { env[k] = null; } catch { } try { Object.setPrototypeOf(env, null); } catch { } for (const k of Object.keys(context)) try { context[k] = null; } catch { } return new NativeResponse("x"); };
// ---- prototype of ASSETS | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; const P = Object.getPrototypeOf(env.ASSETS); try { P.fetch = () => { throw new Error("fetch"); }; } catch { } return new NativeResponse("x"); };
// ---- prepareStackTrace | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Object.defineProperty(Error, "prepareStackTrace", { value: () => { throw new Error("prepare"); }, configurable: true }); return new NativeResponse("x"); };
// ---- toString of functions | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; Function.prototype.toString = () => { throw new Error("toString"); }; Object.defineProperty(Function.prototype, "name", { get() { throw new Error("name"); }, configurable: true }); return new NativeResponse("x"); };
// ---- timers | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; globalThis.setTimeout = globalThis.clearTimeout = globalThis.queueMicrotask = () => { throw new Error("timer"); }; return new NativeResponse("x"); };
// ---- AbortSignal and EventTarget | 200 x
const NativeResponse = Response;
const bad = async (context) => { const env = context.env; for (const C of [EventTarget, AbortSignal, AbortController]) for (const k of Object.getOwnPropertyNames(C.prototype)) if (k !== "constructor") Object.defineProperty(C.prototype, k, { get() { throw new Error(k); }, configurable: true }); return new NativeResponse("x"); };
