// SPDX-License-Identifier: GPL-3.0-or-later
// Values as JSON that two runtimes can be compared by: kinds and contents, nothing that is one runtime's own.

const views = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float16Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array];
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);

function shownNumber(value) {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? value : String(value);
}

function shownBytes(bytes) {
  return bytes.byteLength > 256 ? `${bytes.byteLength} bytes, ${hex(bytes.subarray(0, 32))}...${hex(bytes.subarray(bytes.byteLength - 32))}` : hex(bytes);
}

export function showError(error) {
  if (!(error instanceof Error)) return { threw: show(error) };
  const shown = { threw: `${error.name}: ${error.message}`, class: error.constructor?.name };
  if (error.cause !== undefined) shown.cause = show(error.cause);
  if (typeof DOMException === "function" && error instanceof DOMException) shown.code = error.code;
  return shown;
}

export function show(value, depth = 0) {
  if (depth > 8) return "(deeper)";
  switch (typeof value) {
    case "undefined": return "(undefined)";
    case "number": return shownNumber(value);
    case "bigint": return `${value}n`;
    case "symbol": return String(value);
    case "function": return `(function ${value.name})`;
    case "string": return value.isWellFormed() ? value : `(ill-formed) ${JSON.stringify(value)}`;
    case "boolean": return value;
  }
  if (value === null) return null;
  if (Array.isArray(value)) return Array.from(value, (one) => show(one, depth + 1));
  if (value instanceof Error) return { error: showError(value) };
  if (value instanceof ArrayBuffer) return { ArrayBuffer: shownBytes(new Uint8Array(value)) };
  if (value instanceof DataView) return { DataView: shownBytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  for (const View of views) {
    if (value instanceof View) return { [View.name]: View === Uint8Array ? shownBytes(value) : Array.from(value, (one) => show(one, depth + 1)) };
  }
  if (value instanceof Date) return { Date: Number.isNaN(+value) ? "invalid" : value.toISOString() };
  if (value instanceof RegExp) return { RegExp: String(value) };
  if (value instanceof Map) return { Map: Array.from(value, (entry) => show(entry, depth + 1)) };
  if (value instanceof Set) return { Set: Array.from(value, (one) => show(one, depth + 1)) };
  if (value instanceof Headers || value instanceof URLSearchParams) return { [tagOf(value)]: Array.from(value, (entry) => show(entry, depth + 1)) };
  const prototype = Object.getPrototypeOf(value);
  const own = Object.fromEntries(Object.keys(value).map((key) => [key, show(value[key], depth + 1)]));
  return prototype === null || prototype === Object.prototype ? own : { [`(${tagOf(value)})`]: own };
}
