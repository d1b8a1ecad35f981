// SPDX-License-Identifier: GPL-3.0-or-later
// What a WebSocket is given: messages, close codes, addresses, protocols.

import { compat } from "../compat.js";
import { DOMException } from "../domexception.js";
import { native } from "../native.js";
import { apply, isArray, regExpExec } from "../primordials.js";
import { URL } from "../url.js";

const maxReason = 123;
const { isView } = ArrayBuffer;
const bufferSlice = ArrayBuffer.prototype.slice;
const byteLengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
const { toWellFormed } = String.prototype;

export const wellFormed = (text) => apply(toWellFormed, text, []);

/** Whether it is bytes: what has a buffer, or is one. */
export function isBytes(value) {
  if (typeof value !== "object" || value === null) return false;
  if (isView(value)) return true;
  try {
    apply(byteLengthOf, value, []);
    return true;
  } catch {
    return false;
  }
}

export function copyOf(bytes) {
  return isView(bytes) ? apply(bufferSlice, bytes.buffer, [bytes.byteOffset, bytes.byteOffset + bytes.byteLength]) : apply(bufferSlice, bytes, [0]);
}

export function checkClose(code, reason) {
  if (code === undefined) {
    if (reason !== undefined) throw new DOMException("If you specify a WebSocket close reason, you must also specify a code.", "InvalidAccessError");
    return;
  }
  if (code < 1000 || code >= 5000 || code === 1004 || code === 1005 || code === 1006 || code === 1015) {
    throw new DOMException(`Invalid WebSocket close code: ${code}.`, "InvalidAccessError");
  }
  if (reason !== undefined && native.utf8Encode(reason).byteLength > maxReason && compat("websocket_close_reason_byte_limit")) {
    throw new DOMException("WebSocket close reason must not be longer than 123 bytes when UTF-8 encoded.", "SyntaxError");
  }
}

const syntaxError = (text) => new DOMException(`WebSocket Constructor: ${text}`, "SyntaxError");
const isToken = (text) => regExpExec(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, text) !== null;

/** The address that a WebSocket's URL stands for. */
export function httpAddress(url) {
  const parsed = regExpExec(/^[a-z][-+.a-z0-9]*:[^\s]*$/i, url) === null ? null : URL.parse(url);
  if (!parsed) throw syntaxError("The url is invalid.");
  const { protocol } = parsed;
  if (protocol !== "ws:" && protocol !== "wss:") throw syntaxError("The url scheme must be ws or wss.");
  for (let i = 0; i < url.length; ++i) if (url[i] === "#") throw syntaxError("The url fragment must be empty.");
  return "http" + parsed.href.slice(2);
}

export function protocolField(protocols) {
  if (!isArray(protocols)) {
    const text = `${protocols}`;
    if (!isToken(text)) throw syntaxError("The protocol header token is invalid.");
    return text;
  }
  const seen = [];
  let field = "";
  for (let i = 0; i < protocols.length; ++i) {
    const text = `${protocols[i]}`;
    if (!isToken(text)) throw syntaxError("One of the protocol header tokens is invalid.");
    for (let j = 0; j < i; ++j) if (seen[j] === text) throw syntaxError("The protocols header cannot have repeating values.");
    seen[i] = text;
    field += i > 0 ? `, ${text}` : text;
  }
  return field;
}

export function fieldOf(flat, name) {
  for (let i = 0; i < flat.length; i += 2) if (flat[i].toLowerCase() === name) return flat[i + 1];
  return null;
}
