// SPDX-License-Identifier: GPL-3.0-or-later
// Errors as Node's modules throw them in Workers: `code`, and messages of one form.

/** What a message says that was received instead. */
export function received(value) {
  if (value == null) return ` Received ${value}`;
  if (typeof value === "function") return value.name ? ` Received function ${value.name}` : " Received function ";
  if (typeof value === "object") {
    if (value.constructor?.name) return ` Received an instance of ${value.constructor.name}`;
    return ` Received ${require("./inspect.js").inspect(value, { depth: -1 })}`;
  }
  let text = typeof value === "string" ? quoted(value) : typeof value === "bigint" ? `${value}n` : String(value);
  if (text.length > 28) text = `${text.slice(0, 25)}...`;
  return ` Received type ${typeof value} (${text})`;
}

const quoted = (text) => (text.includes("'") ? JSON.stringify(text) : `'${text}'`);

function define(error, name, code) {
  error.code = code;
  error.name = name;
  error.toString = function () {
    return `${this.name} [${code}]: ${this.message}`;
  };
  return error;
}

const typeError = (code, message) => define(new TypeError(message), "TypeError", code);
const rangeError = (code, message) => define(new RangeError(message), "RangeError", code);

const classes = new Map();
/** An Error whose class has the code's name. */
function plainError(code, message) {
  if (!classes.has(code)) {
    const Class = class extends Error {
      toString() {
        return `${this.name} [${this.code}]: ${this.message}`;
      }
    };
    Object.defineProperty(Class, "name", { value: code });
    classes.set(code, Class);
  }
  return Object.assign(new (classes.get(code))(message), { code, name: "Error" });
}

const kinds = new Set(["string", "function", "number", "object", "boolean", "bigint", "symbol", "Function", "Object"]);

function list(words, last) {
  return words.length > 2 ? `${words.slice(0, -1).join(", ")}, ${last} ${words.at(-1)}` : words.join(` ${last} `);
}

/** `expected`: a name of a type or class, or several. */
export function invalidArgType(name, expected, value) {
  const wanted = [expected].flat();
  let types = wanted.filter((w) => kinds.has(w)).map((w) => w.toLowerCase());
  const classes = wanted.filter((w) => !kinds.has(w) && /^[A-Z]/.test(w));
  if (classes.length > 0 && types.includes("object")) {
    types = types.filter((w) => w !== "object");
    classes.push("Object");
  }
  const others = wanted.filter((w) => !kinds.has(w) && !/^[A-Z]/.test(w));
  const parts = [];
  if (types.length > 0) parts.push(types.length === 1 ? `of type ${types[0]}` : `one of type ${list(types, "or")}`);
  if (classes.length > 0) parts.push(`an instance of ${list(classes, "or")}`);
  if (others.length > 0) parts.push(others.length === 1 ? `${/^an? /.test(others[0]) ? "" : "an "}${others[0]}` : `one of ${list(others, "or")}`);
  const subject = name.endsWith(" argument") ? `The ${name}` : `The "${name}" ${name.includes(".") ? "property" : "argument"}`;
  return typeError("ERR_INVALID_ARG_TYPE", `${subject} must be ${parts.join(" or ")}.${received(value)}`);
}

export function invalidArgValue(name, value, reason = "is invalid") {
  let shown = require("./inspect.js").inspect(value);
  if (shown.length > 128) shown = `${shown.slice(0, 128)}...`;
  return typeError("ERR_INVALID_ARG_VALUE", `The ${name.includes(".") ? "property" : "argument"} '${name}' ${reason}. Received ${shown}`);
}

function separated(number) {
  const text = String(number);
  return /^-?\d+$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, "_") : text;
}

export class ERR_OUT_OF_RANGE extends RangeError {
  constructor(name, range, value) {
    let shown;
    if (Number.isInteger(value) && Math.abs(value) > 2 ** 32) shown = separated(value);
    else if (typeof value === "bigint") shown = `${value > 2n ** 32n || value < -(2n ** 32n) ? separated(value) : value}n`;
    else shown = require("./inspect.js").inspect(value);
    super(`The value of "${name}" is out of range. It must be ${range}. Received ${shown}`);
    this.code = "ERR_OUT_OF_RANGE";
    this.name = "RangeError";
  }
}
export const outOfRange = (name, range, value) => new ERR_OUT_OF_RANGE(name, range, value);

export const unknownEncoding = (encoding) => typeError("ERR_UNKNOWN_ENCODING", `Unknown encoding: ${String(encoding)}`);
export const bufferOutOfBounds = (name) => rangeError("ERR_BUFFER_OUT_OF_BOUNDS", name ? `"${name}" is outside of buffer bounds` : "Attempt to access memory outside buffer bounds");
export const missingArgs = (...names) => {
  const quotedNames = names.map((name) => (Array.isArray(name) ? name.map((n) => `"${n}"`).join(" or ") : `"${name}"`));
  return typeError("ERR_MISSING_ARGS", `The ${list(quotedNames, "and")} ${names.length > 1 ? "arguments" : "argument"} must be specified`);
};
export const notImplemented = (name) => plainError("ERR_METHOD_NOT_IMPLEMENTED", `The ${name} method is not implemented`);
export const unsupported = (what = "The operation") => plainError("ERR_UNSUPPORTED_OPERATION", `${what} is not supported`);

export class AbortError extends Error {
  constructor(message = "The operation was aborted", options) {
    super(message, options);
    this.code = "ABORT_ERR";
    this.name = "AbortError";
  }
}

export const nodeError = { type: typeError, range: rangeError, plain: plainError };
