// SPDX-License-Identifier: GPL-3.0-or-later
// Values of a Durable Object's storage, on their way to V8's serializer and back: Errors and the platform's objects are written in workerd's own form.

import { blobBytes, bytesBlob, isBlob, isFile } from "../blob.js";
import { compat } from "../compat.js";
import { DOMException } from "../domexception.js";
import { Headers, flatOf, immutableHeaders, isHeaders } from "../headers.js";
import { native } from "../native.js";
import { PlaceholderCopy } from "../placeholders.js";
import { hasOwn } from "../primordials.js";
import { isRequest, linkedRequest, requestBody } from "../request.js";
import { Response, isResponse, receivedResponse, responseBody, responseParts } from "../response.js";
import { refusePlatformObjects } from "../structuredclone.js";

const { stringify } = JSON;
const { defineProperty, keys, getOwnPropertyNames } = Object;
const { Error, AggregateError, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError } = globalThis;

const kinds = { headers: 4, request: 5, response: 6, exception: 8, error: 10, blob: 15 };
const errorTypes = ["", "Error", "TypeError", "RangeError", "ReferenceError", "SyntaxError", "", "", "", "", "EvalError", "URIError", "AggregateError", "SuppressedError"];
const errorClasses = { __proto__: null, Error, TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError, AggregateError };

// The names that have numbers, from 1.
const knownNames = [
  "", "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "accept", "access-control-allow-origin", "age", "allow", "authorization", "cache-control",
  "content-disposition", "content-encoding", "content-language", "content-length", "content-location", "content-range", "content-type", "cookie", "date", "etag", "expect", "expires",
  "from", "host", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "last-modified", "link", "location", "max-forwards", "proxy-authenticate",
  "proxy-authorization", "range", "referer", "refresh", "retry-after", "server", "set-cookie", "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate",
];
const guards = { immutable: 0, none: 3 };

/** Whether structuredclone.js is to leave it to us. */
function isHost(value) {
  return isHeaders(value) || value instanceof DOMException || (value instanceof Error && compat("enhanced_error_serialization"))
    || (isRequest(value) && !requestBody(value)) || (isResponse(value) && !responseBody(value)) || (isBlob(value) && !isFile(value));
}

class Encoder extends PlaceholderCopy {
  isHost(value) {
    return isHost(value);
  }

  host(value) {
    const index = this.hosts.length;
    const parts = [];
    this.hosts.push(parts);
    const placeholder = this.made(value, native.linkHost(index));
    if (isHeaders(value)) this.headers(flatOf(value), parts);
    else if (isRequest(value)) this.request(value, parts);
    else if (isResponse(value)) this.response(value, parts);
    else if (isBlob(value)) parts.push(kinds.blob, value.type, blobBytes(value));
    else if (value instanceof DOMException) parts.push(kinds.exception, value.name, value.message, `${value.stack ?? ""}`);
    else this.error(value, parts);
    return placeholder;
  }

  headers(flat, parts) {
    const entries = [];
    const places = { __proto__: null }; // of names without a number, in the order in which they came
    let place = knownNames.length;
    for (let i = 0; i < flat.length; i += 2) {
      const number = Math.max(0, knownNames.indexOf(flat[i]));
      entries.push([number, flat[i], flat[i + 1], number || (places[flat[i]] ??= ++place)]);
    }
    entries.sort((a, b) => a[3] - b[3]);
    parts.push(kinds.headers, guards.none, entries.length);
    for (const [number, name, text] of entries) {
      parts.push(number);
      if (number === 0) parts.push(name);
      parts.push(text);
    }
  }

  /** Headers that are no object of user code's. */
  flatHeaders(flat) {
    const parts = [];
    const placeholder = native.linkHost(this.hosts.push(parts) - 1);
    this.headers(flat ?? [], parts);
    return placeholder;
  }

  request(value, parts) {
    const { method, redirect, cf } = value;
    parts.push(kinds.request, value.url, [{
      method: method === "GET" ? undefined : method, headers: this.flatHeaders(flatOf(value.headers)), body: null, redirect: redirect === "follow" ? undefined : redirect,
      fetcher: undefined, cf: cf ? this.copy(cf) : undefined, cache: value.cache, integrity: undefined, signal: undefined, encodeResponseBody: undefined,
    }]);
  }

  response(value, parts) {
    const [status, statusText, flat] = responseParts(value);
    parts.push(kinds.response, [null], [{
      status: status === 200 ? undefined : status, statusText: statusText || undefined, headers: this.flatHeaders(flat), cf: value.cf ? this.copy(value.cf) : undefined,
      webSocket: undefined, encodeBody: undefined,
    }]);
  }

  error(value, parts) {
    const { name } = value;
    const type = name === "" ? 0 : Math.max(0, errorTypes.indexOf(name));
    const properties = {};
    for (const key of getOwnPropertyNames(value)) {
      if (key !== "message" && key !== "name") defineProperty(properties, key, { __proto__: null, value: this.copy(value[key]), writable: true, enumerable: true, configurable: true });
    }
    parts.push(kinds.error, type);
    if (type === 0) parts.push([this.copy(name)]);
    parts.push([this.copy(value.message)], [properties]);
  }
}

/** [value, hosts] as native.objectPut() takes them. Throws a DataCloneError for what cannot be written. */
export function encodeStored(value) {
  if (typeof value !== "object" || value === null) return [value, undefined];
  if (!refusePlatformObjects(value, isHost)) return [value, undefined];
  const encoder = new Encoder();
  return [encoder.copy(value), encoder.hosts];
}

export function dataCloneError(text) {
  return new DOMException(text, "DataCloneError");
}

function reviveError(type, name, message, properties) {
  const known = errorTypes[type] || "";
  const Class = errorClasses[known] ?? Error;
  const error = Class === AggregateError ? new AggregateError([], message) : new Class(message);
  if (!hasOwn(error, "message")) defineProperty(error, "message", { __proto__: null, value: message, writable: true, enumerable: false, configurable: true });
  const define = (key, value) => defineProperty(error, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  for (const key of keys(properties)) define(key, properties[key]);
  if ((type === 0 || Class === Error) && (name !== undefined || (known !== "" && known !== "Error"))) define("name", name ?? known);
  return error;
}

function reviveHeaders(guard, parts) {
  const flat = [];
  for (let i = 0; i + 1 < parts.length; i += 2) flat.push(typeof parts[i] === "number" ? (knownNames[parts[i]] ?? "") : parts[i], parts[i + 1]);
  if (guard === guards.immutable) return immutableHeaders(flat);
  const headers = new Headers();
  for (let i = 0; i < flat.length; i += 2) headers.append(flat[i], flat[i + 1]);
  return headers;
}

function reviveRequest(url, { method = "GET", headers, cf, redirect = "follow" }) {
  return linkedRequest(method, url, isHeaders(headers) ? headers : new Headers(), null, cf === undefined ? undefined : stringify(cf), redirect);
}

function reviveResponse({ status = 200, statusText = "", headers = new Headers(), cf }) {
  if (status < 200 || status > 599) return receivedResponse(status, statusText, flatOf(headers), null, "", false);
  return new Response(null, { status, statusText, headers, cf });
}

function reviveException(name, message, stack) {
  const exception = new DOMException(message, name);
  defineProperty(exception, "stack", { __proto__: null, value: stack, writable: true, enumerable: true, configurable: true });
  return exception;
}

/** For C++: the object that stands for a host object (storedvalues.h). */
export function revive(kind, first, ...rest) {
  switch (kind) {
    case kinds.error:
      return reviveError(first, ...rest);
    case kinds.headers:
      return reviveHeaders(first, rest);
    case kinds.request:
      return reviveRequest(first, rest[0]);
    case kinds.response:
      return reviveResponse(rest[0]);
    case kinds.blob:
      return bytesBlob(rest[0], first);
    default:
      return reviveException(first, ...rest);
  }
}
