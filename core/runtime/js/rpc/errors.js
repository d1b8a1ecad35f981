// SPDX-License-Identifier: GPL-3.0-or-later
// Errors on their way between Workers, as workerd sends them: a name, a message, and `remote` at the other end.

import { DOMException } from "../domexception.js";
import { describeError, explainError } from "../errors.js";
import { SafeWeakMap, isArray } from "../primordials.js";

const classes = { __proto__: null, AggregateError, Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const { defineProperty } = Object;
const Kind = { Other: 0, Known: 1, Dom: 2 };
const Flag = { Local: 1, Reset: 2 }; // it does not come from the other end's code; the Durable Object that was asked has been reset
const flags = new SafeWeakMap(); // error -> its own, when it was made by errorOf()

function shown(value) {
  if (typeof value !== "object" && typeof value !== "function") return String(value);
  if (value === null) return "null";
  if (isArray(value)) return "[object Array]";
  const name = value.constructor?.name;
  return `#<${typeof name === "string" && name ? name : "Object"}>`;
}

/** Where it was thrown, for the log at the other end. */
function stackOf(error) {
  const described = describeError(error);
  return described[1] ? `${described[0]}\n${described[1]}` : "";
}

/** What goes over the link in place of something that was thrown. */
export function errorParts(error) {
  try {
    if (error instanceof DOMException) return [Kind.Dom, error.name, error.message, stackOf(error)];
    if (!(error instanceof Error)) return [Kind.Known, "Error", shown(error), ""];
    const name = `${error.name}`;
    const message = `${error.message}`;
    const parts = [name in classes ? Kind.Known : Kind.Other, name, message, stackOf(error)];
    const flag = flags.get(error);
    if (flag !== undefined) parts[4] = flag;
    return parts;
  } catch {
    return [Kind.Known, "Error", "An error that cannot be shown", ""];
  }
}

/** The same in one line. */
export function errorText(error) {
  const parts = errorParts(error);
  return parts[2] ? `${parts[1]}: ${parts[2]}` : parts[1];
}

export function errorOf(parts) {
  const kind = parts[0];
  const name = parts[1];
  const message = parts[2];
  const error = kind === Kind.Dom ? new DOMException(message, name) : kind === Kind.Known ? (name === "AggregateError" ? new AggregateError([], message) : new classes[name](message)) : new Error(message ? `${name}: ${message}` : name);
  const flag = parts[4] ?? 0;
  if (!(flag & Flag.Local)) defineProperty(error, "remote", { value: true, writable: true, enumerable: true, configurable: true });
  if (flag & Flag.Reset) defineProperty(error, "durableObjectReset", { value: true, writable: true, enumerable: true, configurable: true });
  if (flag) flags.set(error, flag);
  return parts[3] ? explainError(error, parts[3]) : error;
}

export const dataCloneError = (message) => new DOMException(message, "DataCloneError");
export const missing = (name) => new TypeError(`The RPC receiver does not implement the method "${name}".`);
export const notCallable = (path) => new TypeError(path.length > 0 ? `"${path[path.length - 1]}" is not a function.` : "The RPC receiver is not a function.");
export const stubDisposed = () => new Error("RPC stub used after being disposed.");
export const promiseDisposed = () => new Error("RPC promise used after being disposed.");
export const foreign = () => new Error("Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. This is a limitation of Cloudflare Workers which allows us to improve overall performance. (I/O type: Client)");
