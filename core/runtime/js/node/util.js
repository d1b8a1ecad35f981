// SPDX-License-Identifier: GPL-3.0-or-later
// node:util.
import { Buffer } from "./buffer.js";
import { isDeepStrictEqual } from "./deepequal.js";
import { invalidArgType, nodeError, notImplemented, outOfRange } from "./errors.js";
import { format, formatWithOptions, inspect, stripVTControlCharacters } from "./inspect.js";
import "./platforminspect.js";
import { MIMEParams, MIMEType } from "./mime.js";
import { errno as systemErrno, messages, signals, uvErrno } from "./systemerrors.js";
import types from "./types.js";
import { validateAbortSignal, validateFunction, validateOneOf, validateString } from "./validators.js";

const errno = { ...systemErrno, ...uvErrno };
const custom = Symbol.for("nodejs.util.promisify.custom");
const customArgs = Symbol("customPromisifyArgs");

function promisify(original) {
  validateFunction(original, "original");
  if (original[custom]) {
    const replaced = original[custom];
    validateFunction(replaced, "util.promisify.custom");
    return Object.defineProperty(replaced, custom, { value: replaced, enumerable: false, writable: false, configurable: true });
  }
  const names = original[customArgs];
  function promised(...args) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [...args, (error, ...values) => {
        if (error) reject(error);
        else if (names !== undefined && values.length > 1) resolve(Object.fromEntries(names.map((name, i) => [name, values[i]])));
        else resolve(values[0]);
      }]);
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, custom, { value: promised, enumerable: false, writable: false, configurable: true });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;

function callbackify(original) {
  validateFunction(original, "original");
  function callbackified(...args) {
    const callback = args.pop();
    validateFunction(callback, "last argument");
    Reflect.apply(original, this, args).then(
      (value) => queueMicrotask(() => Reflect.apply(callback, this, [null, value])),
      (reason) => queueMicrotask(() => {
        if (!reason) {
          const error = nodeError.plain("ERR_FALSY_VALUE_REJECTION", "Promise was rejected with falsy value");
          error.reason = reason;
          reason = error;
        }
        Reflect.apply(callback, this, [reason]);
      }));
  }
  const descriptors = Object.getOwnPropertyDescriptors(original);
  if (typeof descriptors.length.value === "number") ++descriptors.length.value;
  if (typeof descriptors.name.value === "string") descriptors.name.value += "Callbackified";
  return Object.defineProperties(callbackified, descriptors);
}

function inherits(constructor, superConstructor) {
  if (constructor === undefined || constructor === null) throw invalidArgType("ctor", "Function", constructor);
  if (superConstructor === undefined || superConstructor === null) throw invalidArgType("superCtor", "Function", superConstructor);
  if (superConstructor.prototype === undefined) throw invalidArgType("superCtor.prototype", "Object", superConstructor.prototype);
  Object.defineProperty(constructor, "super_", { value: superConstructor, writable: true, configurable: true });
  Object.setPrototypeOf(constructor.prototype, superConstructor.prototype);
}

function deprecate(callback) {
  function deprecated(...args) {
    return new.target ? Reflect.construct(callback, args, new.target) : Reflect.apply(callback, this, args);
  }
  Object.setPrototypeOf(deprecated, callback);
  if (callback.prototype) deprecated.prototype = callback.prototype;
  return deprecated;
}

function debuglog(set) {
  const name = String(set).toUpperCase();
  function logger(...args) {
    if (enabled()) console.log(`${name}: ${format(...args)}`);
  }
  const enabled = () => new RegExp(`(^|[,\\s])(${name.replace(/[|\\{}()[\]^$+?.]/g, "\\$&")}|\\*)($|[,\\s])`, "i").test(require("./env.js").processEnv.NODE_DEBUG ?? "");
  return Object.defineProperty(logger, "enabled", { get: enabled, configurable: true, enumerable: true });
}

function parseEnv(content) {
  validateString(content, "content");
  const values = {};
  const line = /^\s*(?:export\s+)?([\w.-]+)\s*=[^\S\n]*("(?:[^"\\]|\\[\s\S])*"|'[^']*'|`[^`]*`|[^\n#]*)?[^\n]*$/gm;
  for (const [, name, raw = ""] of content.replace(/\r\n?/g, "\n").matchAll(line)) {
    const value = raw.trim();
    const quote = value[0];
    if (value.length > 1 && `"'\``.includes(quote) && value.endsWith(quote)) values[name] = quote === '"' ? value.slice(1, -1).replace(/\\n/g, "\n") : value.slice(1, -1);
    else values[name] = value;
  }
  return values;
}

function styleText(styles, text) {
  validateString(text, "text");
  for (const style of [styles].flat()) {
    if (inspect.colors[style] === undefined) validateOneOf(style, "format", Object.keys(inspect.colors));
  }
  return text;
}

/** The shortest edit between two texts or lists: rows of [0 kept, 1 only in actual, -1 only in expected; value]. */
function diff(actual, expected) {
  if (typeof actual !== "string" && !Array.isArray(actual)) throw invalidArgType("actual", ["string", "Array"], actual);
  if (typeof expected !== "string" && !Array.isArray(expected)) throw invalidArgType("expected", ["string", "Array"], expected);
  const [a, b] = [[...actual], [...expected]];
  if (a.length === b.length && a.every((v, i) => v === b[i])) return [];
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; --i) for (let j = b.length - 1; j >= 0; --j) table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
  const rows = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) rows.push([0, (++j, a[i++])]);
    else if (i < a.length && (j === b.length || table[i + 1][j] >= table[i][j + 1])) rows.push([1, a[i++]]);
    else rows.push([-1, b[j++]]);
  }
  return rows;
}

function systemError(number) {
  if (typeof number !== "number") throw invalidArgType("err", "number", number);
  if (number >= 0 || !Number.isSafeInteger(number)) throw outOfRange("err", "a negative integer", number);
  return Object.keys(errno).find((name) => errno[name] === -number);
}

function getSystemErrorName(number) {
  return systemError(number) ?? `Unknown system error ${number}`;
}

function getSystemErrorMessage(number) {
  return messages[systemError(number)] ?? `Unknown system error ${number}`;
}

function getCallSites(count = 8) {
  const before = Error.prepareStackTrace;
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = count + 1;
    Error.prepareStackTrace = (_, sites) => sites.slice(1);
    const { stack } = new Error();
    if (!Array.isArray(stack)) return [];
    return stack.map((site) => ({
      functionName: site.getFunctionName() ?? "",
      scriptName: site.getFileName() ?? "",
      lineNumber: site.getLineNumber(),
      columnNumber: site.getColumnNumber(),
      column: site.getColumnNumber(),
    }));
  } finally {
    Error.prepareStackTrace = before;
    Error.stackTraceLimit = limit;
  }
}

async function aborted(signal, resource) {
  if (signal === undefined) throw invalidArgType("signal", "AbortSignal", signal);
  validateAbortSignal(signal, "signal");
  if (resource === null || (typeof resource !== "object" && typeof resource !== "function")) throw invalidArgType("resource", "Object", resource);
  if (signal.aborted) return undefined;
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const kinds = {
  isBoolean: (value) => typeof value === "boolean",
  isBuffer: (value) => Buffer.isBuffer(value),
  isDate: (value) => types.isDate(value),
  isError: (value) => types.isNativeError(value) || value instanceof Error,
  isFunction: (value) => typeof value === "function",
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === "number",
  isObject: (value) => value !== null && typeof value === "object",
  isPrimitive: (value) => value === null || (typeof value !== "object" && typeof value !== "function"),
  isRegExp: (value) => types.isRegExp(value),
  isString: (value) => typeof value === "string",
  isSymbol: (value) => typeof value === "symbol",
  isUndefined: (value) => value === undefined,
};

export default {
  MIMEParams,
  MIMEType,
  TextDecoder: globalThis.TextDecoder,
  TextEncoder: globalThis.TextEncoder,
  _errnoException() {
    throw notImplemented("_errnoException");
  },
  _exceptionWithHostPort() {
    throw notImplemented("_exceptionWithHostPort");
  },
  _extend: (target, source) => (source === null || typeof source !== "object" ? target : Object.assign(target, source)),
  aborted,
  callbackify,
  convertProcessSignalToExitCode: (signal) => 128 + signals[signal],
  debug: debuglog,
  debuglog,
  deprecate,
  diff,
  format,
  formatWithOptions,
  getCallSite: getCallSites,
  getCallSites,
  getSystemErrorMap: () => new Map(Object.keys(messages).map((name) => [-errno[name], [name, messages[name]]])),
  getSystemErrorMessage,
  getSystemErrorName,
  inherits,
  inspect,
  isArray: Array.isArray,
  isDeepStrictEqual: (a, b) => isDeepStrictEqual(a, b),
  ...kinds,
  log(...args) {
    const now = new Date();
    const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map((n) => String(n).padStart(2, "0")).join(":");
    console.log("%s - %s", `${now.getDate()} ${monthNames[now.getMonth()]} ${time}`, format(...args));
  },
  parseArgs() {
    throw new Error("node:util parseArgs is not implemented");
  },
  parseEnv,
  promisify,
  setTraceSigInt() {},
  stripVTControlCharacters,
  styleText,
  toUSVString: (value) => String(value).toWellFormed(),
  transferableAbortController: () => new AbortController(),
  transferableAbortSignal(signal) {
    validateAbortSignal(signal, "signal");
    return signal;
  },
  types,
};
