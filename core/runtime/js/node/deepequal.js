// SPDX-License-Identifier: GPL-3.0-or-later
// Strict and loose deep equality, as util.isDeepStrictEqual and assert mean it.
import types from "./types.js";

const tag = (value) => Object.prototype.toString.call(value);

function sameValue(a, b, strict) {
  return strict ? Object.is(a, b) : a == b || (a !== a && b !== b);
}

function keysOf(value) {
  const symbols = Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
  return [...Object.keys(value), ...symbols];
}

function sameBytes(a, b) {
  if (a.byteLength !== b.byteLength) return false;
  const [x, y] = [a, b].map((v) => (ArrayBuffer.isView(v) ? new Uint8Array(v.buffer, v.byteOffset, v.byteLength) : new Uint8Array(v)));
  return x.every((byte, i) => byte === y[i]);
}

class Comparison {
  constructor(strict) {
    this.strict = strict;
    this.pairs = new Map(); // what is being compared now, for cycles
  }

  equal(a, b) {
    if (a === b) return a !== 0 || !this.strict || Object.is(a, b);
    if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
      if (this.strict || (typeof a !== "object" && typeof b !== "object") || a === null || b === null) return (typeof a !== "function" || !this.strict) && sameValue(a, b, this.strict);
      return false;
    }
    if (this.strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    if (tag(a) !== tag(b) || Array.isArray(a) !== Array.isArray(b)) return false;
    if (!this.sameKind(a, b)) return false;
    if (this.pairs.get(a) === b) return true;
    this.pairs.set(a, b);
    const same = this.sameContent(a, b);
    this.pairs.delete(a);
    return same;
  }

  sameKind(a, b) {
    if (types.isDate(a)) return types.isDate(b) && Object.is(Date.prototype.getTime.call(a), Date.prototype.getTime.call(b));
    if (types.isRegExp(a)) return types.isRegExp(b) && a.source === b.source && a.flags === b.flags && a.lastIndex === b.lastIndex;
    if (types.isNativeError(a) || a instanceof Error) {
      if (!(types.isNativeError(b) || b instanceof Error) || a.message !== b.message || a.name !== b.name) return false;
      return this.equal(a.cause, b.cause) && this.equal(a.errors, b.errors);
    }
    if (types.isTypedArray(a) && !this.strict && (types.isFloat16Array(a) || types.isFloat32Array(a) || types.isFloat64Array(a))) return a.length === b.length && a.every((v, i) => v === b[i] || (v !== v && b[i] !== b[i]));
    if (ArrayBuffer.isView(a)) return ArrayBuffer.isView(b) && sameBytes(a, b);
    if (types.isAnyArrayBuffer(a)) return types.isAnyArrayBuffer(b) && sameBytes(a, b);
    if (types.isBoxedPrimitive(a)) return types.isBoxedPrimitive(b) && typeof a.valueOf() === typeof b.valueOf() && Object.is(a.valueOf(), b.valueOf());
    if (types.isSet(a) !== types.isSet(b) || types.isMap(a) !== types.isMap(b)) return false;
    if (types.isPromise(a) || types.isWeakMap(a) || types.isWeakSet(a)) return false;
    return true;
  }

  sameContent(a, b) {
    if (types.isTypedArray(a)) {
      const own = (v) => keysOf(v).filter((key) => typeof key === "symbol" || !/^\d+$/.test(key));
      return this.sameKeys(a, b, own(a), own(b));
    }
    if (Array.isArray(a) && a.length !== b.length) return false;
    if (types.isSet(a) && !this.sameSet(a, b)) return false;
    if (types.isMap(a) && !this.sameMap(a, b)) return false;
    return this.sameKeys(a, b, this.strict ? keysOf(a) : Object.keys(a), this.strict ? keysOf(b) : Object.keys(b));
  }

  sameKeys(a, b, keysA, keysB) {
    if (keysA.length !== keysB.length) return false;
    return keysA.every((key) => Object.prototype.propertyIsEnumerable.call(b, key)) && keysA.every((key) => this.equal(a[key], b[key]));
  }

  sameSet(a, b) {
    if (a.size !== b.size) return false;
    const left = new Set(b);
    const rest = [];
    for (const value of a) if (!left.delete(value)) rest.push(value);
    return rest.every((value) => {
      for (const other of left) {
        if ((!this.strict || typeof value === "object") && this.equal(value, other)) return left.delete(other);
      }
      return false;
    });
  }

  sameMap(a, b) {
    if (a.size !== b.size) return false;
    const left = new Map(b);
    const rest = [];
    for (const [key, value] of a) {
      if (left.has(key) && this.equal(value, left.get(key))) left.delete(key);
      else rest.push([key, value]);
    }
    return rest.every(([key, value]) => {
      for (const [otherKey, other] of left) {
        if ((!this.strict || typeof key === "object") && this.equal(key, otherKey) && this.equal(value, other)) return left.delete(otherKey);
      }
      return false;
    });
  }
}

export const isDeepStrictEqual = (a, b) => new Comparison(true).equal(a, b);

/** Everything that `expected` has is in `actual`. */
export function isPartlyEqual(actual, expected) {
  if (typeof expected !== "object" || expected === null || typeof actual !== "object" || actual === null) return Object.is(actual, expected);
  if (Object.getPrototypeOf(actual) !== Object.getPrototypeOf(expected)) return false;
  if (types.isMap(expected)) return [...expected].every(([key, value]) => actual.has(key) && isPartlyEqual(actual.get(key), value));
  if (types.isSet(expected)) return [...expected].every((value) => [...actual].some((other) => isPartlyEqual(other, value)));
  if (Array.isArray(expected)) {
    let at = 0;
    return expected.every((value) => {
      while (at < actual.length && !isPartlyEqual(actual[at], value)) ++at;
      return at++ < actual.length;
    });
  }
  const plain = new Comparison(true);
  if (!["[object Object]", "[object Error]"].includes(tag(expected))) return plain.equal(actual, expected);
  return keysOf(expected).every((key) => key in actual && isPartlyEqual(actual[key], expected[key]));
}
