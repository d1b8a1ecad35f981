// SPDX-License-Identifier: GPL-3.0-or-later
// Values as trees, for consoles that unfold them (ConsoleEvent::values in core/events/event.h has the format).
// Runs no code of the user's: no getters, no traps of proxies, no toJSON. The JSON is put together by hand for the same reason.

import { DOMException } from "./domexception.js";
import { float16Bits } from "./language/views.js";
import { native } from "./native.js";

const maxDepth = 6;
const maxMembers = 100; // of one value
const maxNodes = 2000; // of one line
const maxChars = 96 * 1024; // of one line
const maxText = 1000; // of one text within a value
const maxFrames = 50;
const shortMembers = 5; // in the short form of a value
const shortText = 60;

const { getPrototypeOf, getOwnPropertyDescriptor, prototype: objectPrototype } = Object;
const { ownKeys, apply } = Reflect;
const stringify = JSON.stringify;
const { toString: functionSource } = Function.prototype;
const getter = (prototype, name) => getOwnPropertyDescriptor(prototype, name).get;
const typedPrototype = getPrototypeOf(Uint8Array.prototype);
const typedName = getter(typedPrototype, Symbol.toStringTag);
const typedLength = getter(typedPrototype, "length");
const bufferLength = getter(ArrayBuffer.prototype, "byteLength");
const mapSize = getter(Map.prototype, "size");
const setSize = getter(Set.prototype, "size");
const { entries: mapEntries } = Map.prototype;
const { values: setValues } = Set.prototype;
const { getTime, toISOString } = Date.prototype;
const identifier = /^[A-Za-z_$][\w$]*$/;

const lengthOfTyped = (value) => apply(typedLength, float16Bits(value) ?? value, []);
const nameOfTyped = (value) => (float16Bits(value) === undefined ? apply(typedName, value, []) : "Float16Array");

let nodes = 0;
let chars = 0;
let path = []; // the values that the one at hand is in

const isObject = (value) => (typeof value === "object" ? value !== null : typeof value === "function");

/** JSON of a text. Lone surrogates become escapes, as JSON.stringify does it. */
function json(text) {
  const made = stringify(text);
  chars += made.length;
  return made;
}

const cut = (text, limit) => (text.length > limit ? text.slice(0, limit) + "\u2026" : text);

function quoted(text) {
  return "'" + stringify(cut(text, shortText)).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'") + "'";
}

/** An own property that is data; undefined for accessors. */
function own(object, key) {
  const descriptor = getOwnPropertyDescriptor(object, key);
  return descriptor && "value" in descriptor ? descriptor.value : undefined;
}

/** A property that is data, up the chain as far as it has no proxies. */
function data(object, key) {
  for (let at = object, steps = 0; at !== null && steps < 100 && !native.proxyTarget(at); at = getPrototypeOf(at), ++steps) {
    const descriptor = getOwnPropertyDescriptor(at, key);
    if (descriptor) return "value" in descriptor ? descriptor.value : undefined;
  }
  return undefined;
}

function nameOf(value) {
  let at = getPrototypeOf(value);
  if (at === null) return "[Object: null prototype]";
  for (let steps = 0; at !== null && steps < 100; at = getPrototypeOf(at), ++steps) {
    if (native.proxyTarget(at)) break;
    const constructor = own(at, "constructor");
    if (typeof constructor === "function" && !native.proxyTarget(constructor)) {
      const name = own(constructor, "name");
      if (typeof name === "string" && name) return cut(name, 100);
    }
  }
  return "Object";
}

function functionWords(value) {
  const source = apply(functionSource, value, []);
  const name = own(value, "name");
  const shown = typeof name === "string" && name ? cut(name, 100) : "(anonymous)";
  if (/^class\b/.test(source)) return ["class", `class ${shown}`];
  const mark = /^async\b/.test(source) ? "async \u0192 " : "\u0192 ";
  return ["function", mark + shown + "()"];
}

/** What an error is, without running anything of it: "TypeError: bad". */
function errorHead(value) {
  const message = data(value, "message");
  const name = data(value, "name");
  const shown = typeof name === "string" && name ? name : nameOf(value);
  return cut(typeof message === "string" && message ? `${shown}: ${message}` : shown, maxText);
}

function framesOf(stack) {
  const frames = [];
  for (const line of typeof stack === "string" ? stack.split("\n") : []) {
    if (/^\s+at /.test(line) && frames.push(line.trim()) === maxFrames) break;
  }
  return frames;
}

const addFrames = (members, stack) => framesOf(stack).forEach((frame) => members.add("", () => (++nodes, node("frame", frame)), "frame"));

/** [type, name] of an object: what its inside says, which nobody can fake. */
function typeOf(value) {
  if (typeof value === "function") return "function";
  return native.valueType(value) || "object";
}

// ---- the short form

function shortValue(value) {
  switch (typeof value) {
    case "string": return quoted(value);
    case "bigint": return cut(`${value}`, shortText) + "n";
    case "number": return Object.is(value, -0) ? "-0" : String(value);
    case "symbol": return cut(value.toString(), shortText);
    case "object":
    case "function": return value === null ? "null" : shorter(value);
    default: return String(value);
  }
}

/** A value within a short form. */
function shorter(value) {
  if (native.proxyTarget(value)) return "Proxy";
  const type = typeOf(value);
  switch (type) {
    case "function": return functionWords(value)[1];
    case "array": return value.length === 0 ? "[]" : `${arrayName(value)}`;
    case "object": {
      const name = nameOf(value);
      return name === "Object" ? (ownKeys(value).length === 0 ? "{}" : "{\u2026}") : name;
    }
    default: return short(value, type);
  }
}

function arrayName(value) {
  return `${nameOf(value)}(${value.length})`;
}

function list(items, total) {
  return items.join(", ") + (total > items.length ? (items.length ? ", \u2026" : "\u2026") : "");
}

function shortMember(value, key) {
  const descriptor = getOwnPropertyDescriptor(value, key);
  if (!descriptor) return undefined;
  const name = typeof key === "symbol" ? `[${cut(key.toString(), shortText)}]` : key.length <= shortText && identifier.test(key) ? key : quoted(key);
  return `${name}: ${"value" in descriptor ? shortValue(descriptor.value) : "(\u2026)"}`;
}

/** Of a value that is no proxy, on one line. */
function short(value, type = typeOf(value)) {
  switch (type) {
    case "function": return functionWords(value)[1];
    case "error": return errorHead(value);
    case "date": {
      const time = apply(getTime, value, []);
      return Number.isNaN(time) ? "Invalid Date" : apply(toISOString, value, []);
    }
    case "regexp": return cut(native.regexpText(value), shortText);
    case "array": {
      const items = [];
      for (let i = 0; i < value.length && items.length < 10; ++i) {
        const descriptor = getOwnPropertyDescriptor(value, i);
        items.push(!descriptor ? "empty" : "value" in descriptor ? shortValue(descriptor.value) : "(\u2026)");
      }
      const name = nameOf(value);
      return `${name === "Array" ? (value.length > 1 ? `(${value.length}) ` : "") : arrayName(value) + " "}[${list(items, value.length)}]`;
    }
    case "typedarray": {
      const length = lengthOfTyped(value);
      const items = [];
      for (let i = 0; i < length && i < 10; ++i) items.push(shortValue(value[i]));
      return `${nameOfTyped(value)}(${length}) [${list(items, length)}]`;
    }
    case "arraybuffer": return `ArrayBuffer(${apply(bufferLength, value, [])})`;
    case "map": {
      const items = [];
      for (const [key, item] of first(apply(mapEntries, value, []), shortMembers)) items.push(`${shortValue(key)} => ${shortValue(item)}`);
      const size = apply(mapSize, value, []);
      return `${nameOf(value)}(${size}) {${list(items, size)}}`;
    }
    case "set": {
      const items = [];
      for (const item of first(apply(setValues, value, []), shortMembers)) items.push(shortValue(item));
      const size = apply(setSize, value, []);
      return `${nameOf(value)}(${size}) {${list(items, size)}}`;
    }
    case "promise": {
      const state = native.promiseState(value);
      return `Promise {${state === undefined ? "<pending>" : (state[0] ? "" : "<rejected> ") + shortValue(state[1])}}`;
    }
    case "weakmap": return "WeakMap";
    case "weakset": return "WeakSet";
    case "boxed": return `${nameOf(value)} {${shortValue(native.unboxed(value))}}`;
    default: {
      const keys = ownKeys(value);
      const items = [];
      let total = 0;
      for (const key of keys) {
        if (!getOwnPropertyDescriptor(value, key)?.enumerable) continue;
        if (++total > shortMembers) break;
        const item = shortMember(value, key);
        if (item !== undefined) items.push(item);
      }
      const name = nameOf(value);
      return `${name === "Object" ? "" : name + " "}{${list(items, total)}}`;
    }
  }
}

function* first(iterator, count) {
  for (let i = 0; i < count; ++i) {
    const step = iterator.next();
    if (step.done) return;
    yield step.value;
  }
}

// ---- the tree

/** Collects the members of one value as JSON, as far as there is room. */
class Members {
  constructor() {
    this.items = [];
    this.left = 0;
  }

  /** `make` gives the JSON of the member's value. */
  add(key, make, kind = "") {
    if (this.items.length >= maxMembers || nodes >= maxNodes || chars >= maxChars) {
      ++this.left;
      return;
    }
    const name = json(cut(key, 200));
    this.items.push(`[${name},${make()}${kind ? `,"${kind}"` : ""}]`);
  }

  text() {
    return (this.items.length ? `,"m":[${this.items.join(",")}]` : "") + (this.left ? `,"more":${this.left}` : "");
  }
}

const node = (type, text, rest = "") => `{"t":"${type}","s":${json(text)}${rest}}`;

function keyText(key) {
  return typeof key === "symbol" ? key.toString() : key;
}

function addProperties(members, value, skip) {
  for (const key of ownKeys(value)) {
    if (skip?.(key)) continue;
    const descriptor = getOwnPropertyDescriptor(value, key);
    if (!descriptor) continue;
    const kind = typeof key === "symbol" ? "symbol" : descriptor.enumerable ? "" : "hidden";
    members.add(keyText(key), () => {
      if ("value" in descriptor) return describeNode(descriptor.value);
      ++nodes;
      return node("accessor", descriptor.get ? (descriptor.set ? "getter and setter" : "getter") : "setter");
    }, kind);
  }
}

function addPrototype(members, value, type) {
  if (type !== "object") return;
  const proto = getPrototypeOf(value);
  if (proto === null || proto === objectPrototype || native.proxyTarget(proto)) return;
  const accessors = [];
  for (const key of ownKeys(proto)) {
    if (typeof key === "string" && getOwnPropertyDescriptor(proto, key)?.get && accessors.push(key) === 20) break;
  }
  for (const key of accessors) {
    members.add(key, () => {
      ++nodes;
      return node("accessor", "getter");
    }, "inherited");
  }
}

const isIndex = (key) => typeof key === "string" && /^(?:0|[1-9]\d*)$/.test(key);

function membersOf(value, type) {
  const members = new Members();
  switch (type) {
    case "array": {
      const length = value.length;
      let holes = 0;
      const flush = (at) => {
        if (holes) members.add(holes === 1 ? `${at - 1}` : `${at - holes} \u2026 ${at - 1}`, () => (++nodes, node("hole", holes === 1 ? "empty" : `empty \u00d7 ${holes}`)), "index");
        holes = 0;
      };
      // What has few items for its length is asked for its keys.
      const keys = length > 10000 ? ownKeys(value).filter(isIndex).map(Number) : null;
      const count = keys ? keys.length : length;
      let before = -1;
      for (let i = 0; i < count && members.items.length < maxMembers; ++i) {
        const at = keys ? keys[i] : i;
        const descriptor = getOwnPropertyDescriptor(value, at);
        if (keys) holes = at - before - 1;
        if (!descriptor) {
          ++holes;
          continue;
        }
        flush(at);
        before = at;
        members.add(`${at}`, () => ("value" in descriptor ? describeNode(descriptor.value) : (++nodes, node("accessor", "getter"))), "index");
      }
      if (members.items.length >= maxMembers) members.left = Math.max(0, length - 1 - before - holes);
      else {
        if (keys) holes = length - 1 - before;
        flush(length);
      }
      addProperties(members, value, (key) => key === "length" || isIndex(key));
      break;
    }
    case "typedarray": {
      const length = lengthOfTyped(value);
      for (let i = 0; i < length && i < maxMembers; ++i) members.add(`${i}`, () => describeNode(value[i]), "index");
      members.left += Math.max(0, length - maxMembers);
      break;
    }
    case "arraybuffer": {
      const length = apply(bufferLength, value, []);
      const bytes = new Uint8Array(value, 0, Math.min(length, 256));
      for (let i = 0; i < bytes.length; i += 16) {
        const row = Array.from(bytes.subarray(i, i + 16), (byte) => (byte + 256).toString(16).slice(1)).join(" ");
        members.add(i.toString(16).padStart(4, "0"), () => (++nodes, node("bytes", row)), "index");
      }
      members.left += Math.max(0, Math.ceil((length - bytes.length) / 16));
      break;
    }
    case "map": {
      const size = apply(mapSize, value, []);
      let i = 0;
      for (const [key, item] of first(apply(mapEntries, value, []), maxMembers)) {
        if (isObject(key)) {
          members.add(`${i}`, () => {
            ++nodes;
            return node("entry", `${shortValue(key)} => ${shortValue(item)}`, `,"m":[["key",${describeNode(key)}],["value",${describeNode(item)}]]`);
          }, "index");
        } else {
          members.add(shortValue(key), () => describeNode(item), "entry");
        }
        ++i;
      }
      members.left += size - i;
      addProperties(members, value);
      break;
    }
    case "set": {
      const size = apply(setSize, value, []);
      let i = 0;
      for (const item of first(apply(setValues, value, []), maxMembers)) members.add(`${i++}`, () => describeNode(item), "index");
      members.left += size - i;
      addProperties(members, value);
      break;
    }
    case "error": {
      addFrames(members, own(value, "stack"));
      const cause = getOwnPropertyDescriptor(value, "cause");
      if (cause && "value" in cause) members.add("cause", () => describeNode(cause.value));
      addProperties(members, value, (key) => key === "stack" || key === "message" || key === "cause" || (value instanceof DOMException && (key === "name" || key === "code")));
      break;
    }
    case "promise": {
      const state = native.promiseState(value);
      members.add("state", () => describeNode(state === undefined ? "pending" : state[0] ? "fulfilled" : "rejected"), "inner");
      if (state) members.add(state[0] ? "value" : "reason", () => describeNode(state[1]), "inner");
      addProperties(members, value);
      break;
    }
    case "boxed":
      members.add("value", () => describeNode(native.unboxed(value)), "inner");
      addProperties(members, value, (key) => key === "length" || isIndex(key));
      break;
    case "function":
      addProperties(members, value, (key) => ["length", "name", "prototype", "arguments", "caller"].includes(key));
      break;
    default: {
      for (const [key, item] of platformMembers(value)) members.add(key, () => describeNode(item), "inner");
      addProperties(members, value);
      addPrototype(members, value, type);
    }
  }
  return members.text();
}

let platform = [];

/** What platform objects keep in private members, by their class: a function that gives [key, value] pairs. console.js sets it. */
export function setPlatform(readers) {
  platform = readers;
}

function platformMembers(value) {
  const reader = platform.find(([type]) => hasPrototype(value, type.prototype));
  if (!reader) return [];
  try {
    return reader[1](value);
  } catch {
    return []; // looks like one and is none
  }
}

function hasPrototype(value, wanted) {
  for (let at = value, steps = 0; at !== null && steps < 100 && !native.proxyTarget(at); at = getPrototypeOf(at), ++steps) {
    if (at === wanted) return true;
  }
  return false;
}

/** The JSON of any value. */
function describeNode(value) {
  ++nodes;
  switch (typeof value) {
    case "string":
      if (value.length > maxText) return `{"t":"string","s":${json(cut(value, maxText))},"n":${value.length}}`;
      return json(value);
    case "boolean": return String(value);
    case "number": return Number.isFinite(value) && !Object.is(value, -0) ? String(value) : node("number", shortValue(value));
    case "bigint": return node("bigint", cut(`${value}`, maxText) + "n");
    case "symbol": return node("symbol", cut(value.toString(), maxText));
    case "undefined": return node("undefined", "undefined");
    default:
      return value === null ? "null" : describeObject(value);
  }
}

function describeObject(value) {
  const proxied = native.proxyTarget(value);
  if (proxied) {
    // Whoever looks at the value must not be seen by the traps: what stands behind it is shown.
    const [target] = proxied;
    if (target === null) return node("proxy", "Proxy (revoked)");
    const text = `Proxy(${cut(shorterSafe(target), 100)})`;
    if (path.length >= maxDepth) return node("proxy", text, ',"deep":true');
    path.push(value);
    try {
      return node("proxy", text, `,"m":[["target",${describeNode(target)},"inner"]]`);
    } finally {
      path.pop();
    }
  }
  const type = typeOf(value);
  const shown = type === "function" ? functionWords(value)[0] : type;
  const at = path.indexOf(value);
  if (at >= 0) return node("circular", "[Circular]", `,"up":${path.length - at}`);
  const text = short(value, type);
  if (path.length >= maxDepth || nodes >= maxNodes || chars >= maxChars) return node(shown, text, ',"deep":true');
  path.push(value);
  try {
    return node(shown, text, membersOf(value, type));
  } finally {
    path.pop();
  }
}

function shorterSafe(value) {
  return native.proxyTarget(value) ? "Proxy" : shorter(value);
}

const unshowable = '{"t":"object","s":"[a value that cannot be shown]"}';

/** The JSON of one value; never throws. */
function safely(value) {
  const depth = path.length;
  try {
    return describeNode(value);
  } catch {
    path.length = depth;
    return unshowable;
  }
}

const groupMark = (depth, opens) => (depth > 0 || opens ? [`{"t":"group","depth":${depth}${opens ? `,"opens":"${opens}"` : ""}}`] : []);

function begin() {
  nodes = chars = 0;
  path = [];
}

/**
 * The JSON array for a line, or "" when nothing of it unfolds.
 * `parts`: [text] for text, [its text, value] for values. `depth`: of the groups that the line is in; `opens`: "open" or "collapsed" when it is a group's head.
 */
export function describeLine(parts, depth = 0, opens = "") {
  const any = parts.some((part) => part.length === 2 && isObject(part[1]));
  if (!any && depth === 0 && !opens) return "";
  begin();
  const items = any ? parts.map((part) => (part.length === 1 ? node("text", part[0]) : safely(part[1]))) : [];
  return `[${[...items, ...groupMark(depth, opens)].join(",")}]`;
}

/** The same for console.table: its columns, and the rows as what they are. */
export function describeTable(value, head, depth) {
  begin();
  let made;
  try {
    const target = native.proxyTarget(value)?.[0] ?? value;
    path.push(target);
    made = node("table", shorterSafe(target), `,"h":[${head.map((title) => json(cut(String(title), 200))).join(",")}]${membersOf(target, typeOf(target))}`);
  } catch {
    made = unshowable;
  }
  return `[${[made, ...groupMark(depth)].join(",")}]`;
}

/** The same for console.trace. */
export function describeTrace(text, stack, depth) {
  begin();
  const members = new Members();
  addFrames(members, stack);
  return `[${[node("trace", cut(text, maxText), members.text()), ...groupMark(depth)].join(",")}]`;
}
