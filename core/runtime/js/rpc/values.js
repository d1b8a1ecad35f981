// SPDX-License-Identifier: GPL-3.0-or-later
// Values on their way between Workers. What can be copied is copied by V8; for what cannot, placeholders stand in the value, and the head of the message says what they are ("hosts").

import { blobBytes, bytesBlob, isBlob, isFile } from "../blob.js";
import { Body, Kind, bodyLength, bodyStream, isUsed, takeWhole } from "../body.js";
import { RpcTarget } from "../cloudflare/entrypoints.js";
import { DOMException } from "../domexception.js";
import { isSignal } from "../events.js";
import { Headers, flatOf, immutableHeaders, isHeaders } from "../headers.js";
import { float16Array } from "../language/float16array.js";
import { float16Bits } from "../language/views.js";
import { native } from "../native.js";
import { SafeMap, SafeSet, isArray, hasOwn } from "../primordials.js";
import { cfText, isRequest, linkedRequest, requestBody } from "../request.js";
import { isResponse, receivedResponse, responseBody, responseParts } from "../response.js";
import { ReadableStream, WritableStream } from "../streams.js";
import { dataCloneError } from "./errors.js";
import { Outgoing, Written } from "./streams.js";
import { dispose, holdStub, rpcStub, stubClass } from "./stubs.js";

const { getPrototypeOf, keys, defineProperty } = Object;
const generator = getPrototypeOf(function* () {}).prototype;
const copied = [Date, RegExp, ArrayBuffer, Error, Boolean, Number, String, BigInt];
const refusedByEngine = new SafeSet([Promise.prototype, WeakMap.prototype, WeakSet.prototype, WeakRef.prototype]);
const { isView } = ArrayBuffer;
const mapEach = Map.prototype.forEach;
const setEach = Set.prototype.forEach;

function isCopied(value) {
  if (isView(value)) return true;
  for (let i = 0; i < copied.length; ++i) if (value instanceof copied[i]) return true;
  return false;
}

const unsupported = (name) => dataCloneError(`Could not serialize object of type "${name}". This type does not support serialization.`);

/** A body as a message tells it. */
export function sendBody(session, body) {
  if (!body) return null;
  if (isUsed(body)) throw new TypeError("Body has already been used. It can only be used once. Use tee() first if you need to read it twice.");
  const content = takeWhole(body);
  if (content !== undefined) {
    body.used = true;
    return typeof content === "string" ? [0, content] : [1, content.byteLength === content.buffer.byteLength ? content : content.slice()];
  }
  const length = bodyLength(body);
  const out = new Outgoing(session, session.newStream());
  session.afterwards(out.id, () => out.pump(body));
  return [2, out.id, length];
}

export function receiveBody(session, told) {
  if (told === null) return null;
  if (told[0] === 0) return new Body(Kind.Text, told[1]);
  if (told[0] === 1) return new Body(Kind.Bytes, told[1]);
  return new Body(Kind.Stream, session.incoming(told[1], told[2]));
}

class Encoder {
  constructor(session) {
    this.session = session;
    this.hosts = [];
    this.seen = new SafeMap();
    this.exports = [];
  }

  host(value, told) {
    const index = this.hosts.length;
    this.hosts[index] = told;
    const made = native.linkHost(index);
    this.seen.set(value, made);
    return made;
  }

  stub(value, held) {
    const id = this.session.addExport(value, held);
    this.exports[this.exports.length] = id;
    return this.host(value, ["stub", id]);
  }

  copy(value) {
    if (typeof value === "symbol") throw dataCloneError(`${String(value)} could not be cloned.`);
    if ((typeof value !== "object" || value === null) && typeof value !== "function") return value;
    if (this.seen.has(value)) return this.seen.get(value);
    const Stub = stubClass(value);
    if (Stub) {
      const held = holdStub(value);
      if (!held) throw unsupported(Stub.name);
      return this.stub(value, held);
    }
    if (typeof value === "function" || value instanceof RpcTarget) return this.stub(value, undefined);
    if (isArray(value)) return this.list(value);
    const prototype = getPrototypeOf(value);
    if (prototype === Object.prototype) return this.plain(value);
    const platform = this.platform(value);
    if (platform !== undefined) return platform;
    if (isCopied(value) || refusedByEngine.has(prototype) || value instanceof WeakMap || generator.isPrototypeOf(value)) return value;
    if (value instanceof Map) {
      const copy = new Map();
      this.seen.set(value, copy);
      Reflect.apply(mapEach, value, [(item, key) => copy.set(this.copy(key), this.copy(item))]);
      return copy;
    }
    if (value instanceof Set) {
      const copy = new Set();
      this.seen.set(value, copy);
      Reflect.apply(setEach, value, [(item) => copy.add(this.copy(item))]);
      return copy;
    }
    const name = value.constructor?.name;
    throw unsupported(typeof name === "string" ? name : "Object");
  }

  list(value) {
    const copy = [];
    this.seen.set(value, copy);
    copy.length = value.length;
    const names = keys(value);
    for (let i = 0; i < names.length; ++i) defineProperty(copy, names[i], { __proto__: null, value: this.copy(value[names[i]]), writable: true, enumerable: true, configurable: true });
    return copy;
  }

  plain(value) {
    const copy = {};
    this.seen.set(value, copy);
    const names = keys(value);
    for (let i = 0; i < names.length; ++i) defineProperty(copy, names[i], { __proto__: null, value: this.copy(value[names[i]]), writable: true, enumerable: true, configurable: true });
    return copy;
  }

  /** An object of the platform; undefined: it is none that can be sent. */
  platform(value) {
    const { session } = this;
    const bits = float16Bits(value);
    if (bits !== undefined) return this.host(value, ["float16", bits]);
    if (isHeaders(value)) return this.host(value, ["headers", flatOf(value)]);
    if (isRequest(value)) return this.host(value, ["request", value.method, value.url, flatOf(value.headers), cfText(value) ?? null, value.redirect, sendBody(session, requestBody(value))]);
    if (isResponse(value)) {
      const parts = responseParts(value);
      return this.host(value, ["response", parts[0], parts[1], parts[2] ?? [], sendBody(session, responseBody(value))]);
    }
    if (value instanceof ReadableStream) {
      if (value.locked) throw new TypeError("The ReadableStream has been locked to a reader.");
      const told = sendBody(session, new Body(Kind.Stream, value));
      return this.host(value, ["readable", told[0], told[1], told[2]]);
    }
    if (value instanceof WritableStream) {
      if (value.locked) throw new TypeError("The WritableStream has been locked to a writer.");
      const id = session.newStream();
      session.afterwards(id, () => new Written(session, id, value));
      return this.host(value, ["writable", id]);
    }
    if (isBlob(value) && !isFile(value)) return this.host(value, ["blob", blobBytes(value), value.type]);
    if (value instanceof DOMException) return this.host(value, ["exception", value.name, value.message]);
    if (isSignal(value)) throw dataCloneError("AbortSignal serialization is not enabled.");
    return undefined;
  }
}

/** {hosts, value} of what is to be sent. Throws what says why it cannot be. */
export function encode(session, value) {
  const encoder = new Encoder(session);
  try {
    return { hosts: encoder.hosts, value: encoder.copy(value) };
  } catch (error) {
    for (let i = 0; i < encoder.exports.length; ++i) session.dropExport(encoder.exports[i]);
    throw error;
  }
}

function hostOf(session, told, stubs) {
  switch (told[0]) {
    case "stub": {
      const stub = rpcStub(session.imported(told[1]));
      stubs[stubs.length] = stub;
      return stub;
    }
    case "headers":
      return headersOf(told[1]);
    case "request":
      return linkedRequest(told[1], told[2], headersOf(told[3]), receiveBody(session, told[6]), told[4] ?? undefined, told[5]);
    case "response":
      return receivedResponse(told[1], told[2], told[3], receiveBody(session, told[4]), "", false);
    case "readable":
      return bodyStream(receiveBody(session, [told[1], told[2], told[3]]));
    case "writable":
      return session.writing(told[1]);
    case "blob":
      return bytesBlob(told[1], told[2]);
    case "float16":
      return float16Array(told[1]);
    default:
      return new DOMException(told[2], told[1]);
  }
}

export function headersOf(flat, immutable = false) {
  if (immutable) return immutableHeaders(flat);
  const headers = new Headers();
  for (let i = 0; i < flat.length; i += 2) headers.append(flat[i], flat[i + 1]);
  return headers;
}

/** The value of the message that is being read; the stubs in it are added to `stubs`. */
export function decode(session, hosts, stubs) {
  const made = [];
  for (let i = 0; i < hosts.length; ++i) made[i] = hostOf(session, hosts[i], stubs);
  return native.linkValue(made);
}

/** What a caller gets: an object can be disposed of, with all the stubs in it. */
export function disposable(value, stubs) {
  if (typeof value !== "object" || value === null || hasOwn(value, dispose)) return value;
  defineProperty(value, dispose, {
    value: () => {
      for (let i = 0; i < stubs.length; ++i) stubs[i][dispose]();
    },
    writable: true, enumerable: false, configurable: true,
  });
  return value;
}
