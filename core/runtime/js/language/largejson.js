// SPDX-License-Identifier: GPL-3.0-or-later
// JSON texts of many values. What does the same for each of them is C++ (core/runtime/jsonreader.h, jsonwriter.h); objects are made, and gone through, here, where V8 compiles it.

import { native } from "../native.js";
import { apply, isArray } from "../primordials.js";
import { parse, stringify } from "./nativejson.js";

/** From how many characters on it is worth it. */
export const large = 65536;

/** Up to how many a text is read here: the values of an array are in memory twice for a while, which should be little beside the heap's limit. */
export const mostRead = 4 << 20;

const { Int32Array, Math, Number, Symbol } = globalThis;
const { getPrototypeOf, keys: ownKeys, prototype: objectPrototype } = Object;
const arrayFill = Function.prototype.call.bind(Array.prototype.fill);

// ---- reading

const stepNumbers = 16384; // as JsonReader::stepNumbers
const worthCompiling = 8; // objects of one shape
let steps = null;
let makers = []; // by shape: a function, or how many were made without one

function objectOf(shape, values, from) {
  const maker = makers[shape];
  if (typeof maker === "function") return maker(values, from);
  if (maker === worthCompiling) return (makers[shape] = native.jsonMaker(shape))(values, from);
  makers[shape] = maker === undefined ? 1 : maker + 1;
  return native.jsonObject(shape, values, from);
}

function arrayOf(values, from, count) {
  const array = [];
  for (let i = 0; i < count; ++i) array[i] = values[from + i];
  return array;
}

/** The same in a place of its own, where V8 sees nothing but numbers, and keeps them as such. */
function numbersOf(values, from, count) {
  const array = [];
  for (let i = 0; i < count; ++i) array[i] = values[from + i];
  return array;
}

function build(forgotShapes) {
  if (forgotShapes) makers = [];
  steps ??= new Int32Array(stepNumbers);
  const stack = [];
  let top = 0;
  for (;;) {
    const piece = native.jsonPiece(steps);
    if (piece === undefined) return undefined;
    const values = piece[0];
    let at = 0;
    const end = steps[0];
    for (let i = 1; i < end; i += 2) {
      const step = steps[i];
      let count = steps[i + 1];
      if (step === 0) {
        while (count-- > 0) stack[top++] = values[at++];
      } else {
        top -= count;
        stack[top] = step >= 3 ? objectOf(step - 3, stack, top) : step === 2 ? numbersOf(stack, top, count) : arrayOf(stack, top, count);
        ++top;
      }
    }
    if (piece[1]) return stack[0];
  }
}

/** JSON.parse(text) of a string. */
export function parseLarge(text) {
  const value = native.jsonRead(text, build);
  return value === undefined ? parse(text) : value;
}

// ---- writing

const openObject = Symbol("object");
const openArray = Symbol("array");
const batchSize = 2048;
let batch = null; // what is to be written next, behind how many that are, that number among them
let used = 1;

function flush() {
  batch[0] = used;
  used = 1;
  apply(native.jsonWrite, undefined, batch);
}

/** What is written for a value: what its toJSON() gives. */
function resolved(value, key) {
  const type = typeof value;
  if (type !== "object" && type !== "function" && type !== "bigint") return value;
  if (value === null) return null;
  const toJSON = value.toJSON;
  return typeof toJSON === "function" ? apply(toJSON, value, [`${key}`]) : value;
}

const isLeftOut = (value) => value === undefined || typeof value === "function" || typeof value === "symbol";

function put(value, within) {
  if (used >= batchSize) flush();
  if (typeof value !== "object" || value === null) {
    if (typeof value === "bigint") stringify(value); // throws
    batch[used++] = value;
    return;
  }
  for (let at = within; at !== null; at = at.within) if (at.value === value) circular(value);
  const here = { value, within };
  if (isArray(value)) {
    putArray(value, here);
  } else {
    const isOrdinary = getPrototypeOf(value) === objectPrototype;
    const inside = isOrdinary ? value : native.jsonUnboxed(value);
    if (typeof inside !== "object") {
      put(inside, null);
      return;
    }
    putObject(value, here, isOrdinary && inheritsNothing);
  }
  if (used >= batchSize) flush();
  batch[used++] = undefined;
}

function circular(value) {
  stringify(value); // throws, and says where the circle is
  throw new TypeError("Converting circular structure to JSON");
}

function lengthOf(array) {
  const length = array.length;
  if (length >>> 0 === length) return length;
  const number = +length; // a Proxy's may be anything
  return number > 0 ? Math.min(Math.floor(number), Number.MAX_SAFE_INTEGER) : 0;
}

function putArray(array, here) {
  batch[used++] = openArray;
  const length = lengthOf(array);
  for (let i = 0; i < length; ++i) {
    let value = array[i];
    const type = typeof value;
    if (type === "number" || type === "string" || type === "boolean") {
      if (used >= batchSize) flush();
      batch[used++] = value;
      continue;
    }
    value = resolved(value, i);
    put(isLeftOut(value) ? null : value, here);
  }
}

function putObject(object, here, hasOwnAlone) {
  batch[used++] = openObject;
  if (hasOwnAlone) {
    for (const key in object) putProperty(key, object[key], here);
  } else {
    const keys = ownKeys(object);
    for (let i = 0; i < keys.length; ++i) putProperty(keys[i], object[keys[i]], here);
  }
}

function putProperty(key, value, here) {
  if (used >= batchSize) flush();
  const type = typeof value;
  if (type === "number" || type === "string" || type === "boolean") {
    batch[used++] = key;
    batch[used++] = value;
    return;
  }
  value = resolved(value, key);
  if (isLeftOut(value)) return;
  if (used >= batchSize) flush();
  batch[used++] = key;
  put(value, here);
}

let inheritsNothing = true; // for..in over an ordinary object meets its own enumerable properties alone

function walk(value, isInner) {
  const outer = isInner ? { batch, used } : null;
  if (isInner || batch === null) batch = native.jsonBatch(batchSize + 8);
  used = 1;
  inheritsNothing = true;
  for (const key in objectPrototype) inheritsNothing = false;
  try {
    value = resolved(value, "");
    if (isLeftOut(value)) return false;
    put(value, null);
    flush();
    return true;
  } finally {
    arrayFill(batch, 0); // what was written is not to be kept by it
    if (outer !== null) ({ batch, used } = outer);
  }
}

/** JSON.stringify(value). */
export const stringifyLarge = (value) => native.jsonText(value, walk, openObject, openArray);
