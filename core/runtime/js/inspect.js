// SPDX-License-Identifier: GPL-3.0-or-later
// Values as text, for console lines.

import { DOMException } from "./domexception.js";
import { native } from "./native.js";

const lineWidth = 76;
const maxItems = 100; // of one list
const maxDepth = 4;
const maxObjects = 5000; // in one line of the console
let budget = maxObjects;
const identifier = /^[A-Za-z_$][\w$]*$/;

function quote(text) {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") ? "`" : "'";
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"');
  return mark + (mark === "'" ? escaped.replace(/'/g, "\\'") : escaped) + mark;
}

function keyText(key) {
  if (typeof key === "symbol") return `[${String(key)}]`;
  return identifier.test(key) ? key : quote(key);
}

function primitive(value) {
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  return String(value);
}

function group(prefix, open, items, close) {
  if (items.length === 0) return `${prefix}${open}${close}`;
  const flat = `${prefix}${open} ${items.join(", ")} ${close}`;
  if (flat.length <= lineWidth && !flat.includes("\n")) return flat;
  return `${prefix}${open}\n${items.map((item) => "  " + item.replace(/\n/g, "\n  ")).join(",\n")}\n${close}`;
}

/** What stands behind a proxy: its traps are not to see who looks. */
function withoutProxies(value) {
  for (let proxied = native.proxyTarget(value); proxied; proxied = native.proxyTarget(value)) {
    if (proxied[0] === null) return "[Proxy (revoked)]";
    value = proxied[0];
  }
  return value;
}

function className(value) {
  let proto = Object.getPrototypeOf(value);
  if (proto === null) return "[Object: null prototype]";
  while (proto && !native.proxyTarget(proto)) {
    const constructor = Object.getOwnPropertyDescriptor(proto, "constructor")?.value;
    if (typeof constructor === "function" && constructor.name) return constructor.name;
    proto = Object.getPrototypeOf(proto);
  }
  return "Object";
}

function properties(value, depth, seen, skip = () => false) {
  const items = [];
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (!descriptor?.enumerable || skip(key)) continue;
    if (items.length === maxItems) {
      items.push("...");
      break;
    }
    let text;
    if (descriptor.get) text = descriptor.set ? "[Getter/Setter]" : "[Getter]";
    else if (descriptor.set) text = "[Setter]";
    else text = format(descriptor.value, depth + 1, seen);
    items.push(`${keyText(key)}: ${text}`);
  }
  return items;
}

/** The texts of an iterator's first values. */
function first(iterator, text) {
  const items = [];
  for (const value of iterator) {
    if (items.push(text(value)) === maxItems) break;
  }
  return items;
}

function more(count, shown) {
  return count > shown ? [`... ${count - shown} more item${count - shown === 1 ? "" : "s"}`] : [];
}

/** Short items of a long list go side by side, in columns. */
function columns(items) {
  if (items.length <= 6 || items.some((item) => item.length > 16 || item.includes("\n")) || items.join(", ").length < lineWidth - 3) return items;
  const numbers = items.every((item) => /^-?[\d.]/.test(item));
  const width = Math.max(...items.map((item) => item.length)) + 2;
  const perLine = Math.max(1, Math.min(16, Math.floor(lineWidth / width)));
  const lines = [];
  for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).map((item, at, { length }) => (numbers ? item.padStart(width - 2) + ", " : (item + ", ").padEnd(at === length - 1 ? 0 : width))).join("").replace(/, $/, ""));
  return lines;
}

function functionText(value) {
  const source = Function.prototype.toString.call(value);
  if (/^class\b/.test(source)) {
    const parent = Object.getPrototypeOf(value);
    return `[class ${value.name || "(anonymous)"}${typeof parent === "function" && parent.name ? ` extends ${parent.name}` : ""}]`;
  }
  const kind = Object.prototype.toString.call(value).slice(8, -1); // Function, AsyncFunction, GeneratorFunction...
  return value.name ? `[${kind}: ${value.name}]` : `[${kind} (anonymous)]`;
}

function listItems(value, depth, seen) {
  const items = [];
  let holes = 0;
  const flush = () => {
    if (holes > 0) items.push(`<${holes} empty item${holes === 1 ? "" : "s"}>`);
    holes = 0;
  };
  let at = 0;
  for (; at < value.length && items.length < maxItems; ++at) {
    if (at in value) {
      flush();
      items.push(format(value[at], depth + 1, seen));
    } else if (++holes === 1000) {
      // A list that is nearly all holes is not walked to its end.
      holes += value.length - at - 1;
      at = value.length - 1;
    }
  }
  flush();
  return [...columns(items), ...more(value.length, at)];
}

function format(given, depth, seen) {
  const value = withoutProxies(given);
  if (typeof value === "function") {
    const own = properties(value, depth, [...seen, value]);
    return own.length > 0 && depth <= maxDepth ? group(functionText(value) + " ", "{", own, "}") : functionText(value);
  }
  if (typeof value !== "object" || value === null) return primitive(value);
  if (seen.includes(value)) return "[Circular]";
  const deeper = [...seen, value];
  if (value instanceof Error) {
    const extra = properties(value, depth, deeper, (key) => key === "stack" || key === "message" || key === "cause" || (value instanceof DOMException && (key === "name" || key === "code")));
    const cause = Object.hasOwn(value, "cause") ? [`[cause]: ${format(value.cause, depth + 1, deeper)}`] : [];
    const errors = value instanceof AggregateError && Array.isArray(value.errors) ? [`[errors]: ${format(value.errors, depth + 1, deeper)}`] : [];
    const stack = String(value.stack || `${value.name}: ${value.message}`);
    return extra.length + cause.length + errors.length > 0 ? group(stack + " ", "{", [...extra, ...cause, ...errors], "}") : stack;
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const name = className(value);
  if (depth > maxDepth || --budget < 0) return Array.isArray(value) ? "[Array]" : `[${name}]`;
  if (Array.isArray(value)) {
    const items = [...listItems(value, depth, deeper), ...properties(value, depth, deeper, (key) => /^\d+$/.test(String(key)))];
    return group(name === "Array" ? "" : `${name}(${value.length}) `, "[", items, "]");
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return group(`${name}(${value.length}) `, "[", [...columns(Array.from(value.subarray(0, maxItems), primitive)), ...more(value.length, maxItems)], "]");
  }
  if (value instanceof ArrayBuffer) {
    const bytes = Array.from(new Uint8Array(value, 0, Math.min(value.byteLength, 50)), (byte) => (byte + 256).toString(16).slice(1));
    return `ArrayBuffer { [Uint8Contents]: <${bytes.join(" ")}${value.byteLength > 50 ? ` ... ${value.byteLength - 50} more bytes` : ""}>, byteLength: ${value.byteLength} }`;
  }
  if (value instanceof Map) {
    const items = first(Map.prototype.entries.call(value), ([key, item]) => `${format(key, depth + 1, deeper)} => ${format(item, depth + 1, deeper)}`);
    return group(`${name}(${value.size}) ${name === "Map" ? "" : "[Map] "}`, "{", [...items, ...more(value.size, maxItems), ...properties(value, depth, deeper)], "}");
  }
  if (value instanceof Set) {
    const items = first(Set.prototype.values.call(value), (item) => format(item, depth + 1, deeper));
    return group(`${name}(${value.size}) ${name === "Set" ? "" : "[Set] "}`, "{", [...items, ...more(value.size, maxItems), ...properties(value, depth, deeper)], "}");
  }
  if (value instanceof Promise) {
    const state = native.promiseState(value);
    return group("Promise ", "{", [state === undefined ? "<pending>" : (state[0] ? "" : "<rejected> ") + format(state[1], depth + 1, deeper)], "}");
  }
  if (value instanceof WeakMap || value instanceof WeakSet) return `${name} { <items unknown> }`;
  if (value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt || value instanceof Symbol) return `[${name}: ${primitive(value.valueOf())}]`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const entries = native.iteratorEntries(value);
  if (entries) {
    const [pairs, flat] = entries;
    const list = pairs ? Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i], flat[2 * i + 1]]) : flat;
    return group(`[${tag}] `, "{", [...list.slice(0, maxItems).map((entry) => format(entry, depth + 1, deeper)), ...more(list.length, maxItems)], "}");
  }
  if (tag === "Arguments") return group("[Arguments] ", "[", Array.from(value, (item) => format(item, depth + 1, deeper)), "]");
  const prefix = name !== "Object" ? name + " " : tag !== "Object" ? `Object [${tag}] ` : "";
  return platformObject(value, name, depth, deeper) ?? group(prefix, "{", properties(value, depth, deeper), "}");
}

/** Platform objects keep their state in private members: show what their getters tell. */
function platformObject(value, name, depth, seen) {
  const show = (...keys) => group(name + " ", "{", keys.map((key) => `${key}: ${format(value[key], depth + 1, seen)}`), "}");
  try {
    if (value instanceof globalThis.Headers) return group("Headers ", "{", [...value].map(([key, text]) => `${quote(key)} => ${quote(text)}`), "}");
    if (value instanceof globalThis.Request) return show("method", "url", "headers", "bodyUsed");
    if (value instanceof globalThis.Response) return show("status", "statusText", "headers", "ok", "bodyUsed", "url");
    if (value instanceof globalThis.URL) return show("origin", "href", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash", "searchParams");
    if (value instanceof globalThis.URLSearchParams) return group("URLSearchParams ", "{", [...value].map(([key, text]) => `${quote(key)} => ${quote(text)}`), "}");
  } catch {
    return undefined;
  }
  return undefined;
}

export function inspect(value) {
  budget = maxObjects;
  try {
    return format(value, 0, []);
  } catch (error) {
    return `[a value that cannot be shown: ${error instanceof Error ? error.message : "its accessors threw"}]`;
  }
}

/** A number as printf shows it; what throws when it is asked for one is none. */
function numberText(value, convert) {
  if (typeof value === "bigint") return `${value}n`;
  try {
    return String(convert(value));
  } catch {
    return "NaN";
  }
}

const wholeText = (value) => (typeof value === "string" ? value : inspect(value));

/** What a console call shows, in pieces: [text], or [its text, value]. Printf-like marks in a first string, then the rest with spaces between. */
export function formatParts(args) {
  const parts = [];
  const addText = (text) => {
    if (parts.length > 0 && parts[parts.length - 1].length === 1) parts[parts.length - 1][0] += text;
    else if (text) parts.push([text]);
  };
  const addValue = (value) => (typeof value === "string" ? addText(value) : parts.push([inspect(value), value]));
  const rest = [...args];
  if (typeof rest[0] === "string" && rest.length > 1 && rest[0].includes("%")) {
    for (const piece of rest.shift().split(/(%[sdifjoOc%])/)) {
      if (!/^%[sdifjoOc%]$/.test(piece)) {
        addText(piece);
        continue;
      }
      if (piece === "%%" || rest.length === 0) {
        addText(piece === "%%" ? "%" : piece);
        continue;
      }
      const value = rest.shift();
      switch (piece) {
        case "%s": addText(wholeText(value)); break;
        case "%d": addText(numberText(value, Number)); break;
        case "%i": addText(numberText(value, (given) => Math.trunc(Number(given)))); break;
        case "%f": addText(numberText(value, parseFloat)); break;
        case "%j": addText(jsonText(value)); break;
        case "%c": break; // styles are for browsers
        default: typeof value === "string" ? addText(inspect(value)) : addValue(value);
      }
    }
    if (rest.length > 0) addText(" ");
  }
  rest.forEach((value, i) => {
    if (i > 0) addText(" ");
    addValue(value);
  });
  return parts;
}

function jsonText(value) {
  try {
    return JSON.stringify(value) ?? "undefined";
  } catch (error) {
    return error instanceof TypeError && /circular/i.test(error.message) ? "[Circular]" : "[a value that has no JSON]";
  }
}

export const partsText = (parts) => parts.map((part) => part[0]).join("");
