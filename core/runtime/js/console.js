// SPDX-License-Identifier: GPL-3.0-or-later
// console (Console standard).

import { native, defineGlobals } from "./native.js";
import { describeLine, describeTable, describeTrace, setPlatform } from "./describe.js";
import { Headers } from "./headers.js";
import { formatParts, inspect, partsText } from "./inspect.js";
import { Request } from "./request.js";
import { Response } from "./response.js";
import { URL } from "./url.js";
import { URLSearchParams } from "./urlsearchparams.js";

const Level = { Debug: 0, Log: 1, Info: 2, Warn: 3, Error: 4 };
const maxIndents = 100;
const indents = new Map(); // request -> how far its groups are indented
const counts = new Map();
const timers = new Map();

const indentOf = () => (indents.size > 0 && indents.get(native.currentRequest())) || "";

function setIndent(indent) {
  const request = native.currentRequest();
  indents.delete(request);
  if (!indent) return;
  indents.set(request, indent);
  // Of requests that never closed their groups.
  if (indents.size > maxIndents) indents.delete(indents.keys().next().value);
}

function write(level, text, values = "") {
  const indent = indentOf();
  native.console(level, indent ? indent + text.replace(/\n/g, "\n" + indent) : text, values);
}

const depthNow = () => indentOf().length / 2;

/** A line of what was given. */
function writeParts(level, parts, opens) {
  write(level, partsText(parts), describeLine(parts, depthNow(), opens));
}

const line = (level) => (...args) => writeParts(level, formatParts(args));

/** A line of words of our own. */
const say = (level, text) => writeParts(level, [[text]]);

const elapsed = (label) => `${label}: ${(native.now() - timers.get(label)).toFixed(3)} ms`;

const maxRows = 1000; // of a table

/** [name, value] of what a table has a row for. */
function rowsOf(data) {
  if (data instanceof Map) return [...data].slice(0, maxRows).map(([key, value]) => [typeof key === "string" ? key : inspect(key), value]);
  if (data instanceof Set) return [...data].slice(0, maxRows).map((value, i) => [String(i), value]);
  return Object.entries(data).slice(0, maxRows);
}

function table(data, chosen) {
  if (typeof data !== "object" || data === null) return writeParts(Level.Log, formatParts([data]));
  const rows = rowsOf(data);
  const columns = [];
  const wanted = Array.isArray(chosen) ? chosen.map(String) : null;
  if (wanted) columns.push(...wanted);
  else for (const [, row] of rows) {
    if (typeof row === "object" && row !== null) for (const key of Object.keys(row)) if (!columns.includes(key)) columns.push(key);
  }
  const values = !wanted && rows.some(([, row]) => typeof row !== "object" || row === null);
  const head = ["(index)", ...columns, ...(values ? ["Values"] : [])];
  const body = rows.map(([key, row]) => {
    const isRow = typeof row === "object" && row !== null;
    return [key, ...columns.map((column) => (isRow && Object.hasOwn(row, column) ? inspect(row[column]) : "")), ...(values ? [isRow ? "" : inspect(row)] : [])];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => row[i].length)));
  const ruled = (cells) => cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ").trimEnd();
  const text = [ruled(head), widths.map((width) => "-".repeat(width)).join("-+-"), ...body.map(ruled)].join("\n");
  write(Level.Log, text, describeTable(data, head, depthNow()));
}

function openGroup(args, opens) {
  if (args.length) writeParts(Level.Log, formatParts(args), opens);
  setIndent(indentOf() + "  ");
}

const methods = {
  log: line(Level.Log),
  info: line(Level.Info),
  debug: line(Level.Debug),
  warn: line(Level.Warn),
  error: line(Level.Error),
  trace: (...args) => {
    const holder = { name: "Trace", message: partsText(formatParts(args)) };
    Error.captureStackTrace(holder);
    const head = holder.message ? "Trace: " + holder.message : "Trace";
    const stack = String(holder.stack);
    const at = stack.indexOf("\n    at ");
    write(Level.Debug, head + (at < 0 ? "" : stack.slice(at)), describeTrace(head, stack, depthNow()));
  },
  dir: (value) => writeParts(Level.Log, [[inspect(value), value]]),
  dirxml: line(Level.Log),
  table,
  assert: (condition, ...args) => {
    if (!condition) writeParts(Level.Error, args.length ? [["Assertion failed: "], ...formatParts(args)] : [["Assertion failed"]]);
  },
  group: (...args) => openGroup(args, "open"),
  groupCollapsed: (...args) => openGroup(args, "collapsed"),
  groupEnd: () => {
    setIndent(indentOf().slice(2));
  },
  count: (label = "default") => {
    counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
    say(Level.Log, `${label}: ${counts.get(String(label))}`);
  },
  countReset: (label = "default") => {
    if (!counts.delete(String(label))) say(Level.Warn, `Count for '${label}' does not exist`);
  },
  time: (label = "default") => {
    if (timers.has(String(label))) say(Level.Warn, `Timer '${label}' already exists`);
    else timers.set(String(label), native.now());
  },
  timeLog: (label = "default", ...args) => {
    if (timers.has(String(label))) writeParts(Level.Log, [[elapsed(String(label)) + (args.length ? " " : "")], ...formatParts(args)]);
    else say(Level.Warn, `Timer '${label}' does not exist`);
  },
  timeEnd: (label = "default") => {
    if (timers.has(String(label))) say(Level.Log, elapsed(String(label)));
    else say(Level.Warn, `Timer '${label}' does not exist`);
    timers.delete(String(label));
  },
  // For debuggers only: V8's own, in mirror.
  clear: () => {},
  profile: () => {},
  profileEnd: () => {},
  timeStamp: () => {},
};
const order = [
  "debug", "error", "info", "log", "warn", "dir", "dirxml", "table", "trace", "group", "groupCollapsed", "groupEnd", "clear", "count", "countReset", "assert", "profile", "profileEnd",
  "time", "timeLog", "timeEnd", "timeStamp",
];

// V8's own console tells the debuggers that are attached, with the values themselves.
const v8Console = globalThis.console;
let mirrored = false;

export function mirrorConsole(on) {
  mirrored = on;
}

const shown = Object.create({});
for (const name of order) {
  const mirror = v8Console[name];
  const method = methods[name];
  const { [name]: both } = {
    [name](...args) {
      if (mirrored) mirror(...args);
      return method(...args);
    },
  };
  Object.defineProperties(both, { length: { value: 0 }, name: { value: order.indexOf(name) < 5 ? "" : name } });
  shown[name] = both;
}
shown.context = {
  context(name) {
    const { context, ...all } = shown;
    return all;
  },
}.context;
Object.defineProperty(shown, Symbol.toStringTag, { value: "console", configurable: true });

// What these keep in private members.
setPlatform([
  [Headers, (value) => [...value]],
  [URLSearchParams, (value) => [...value]],
  [URL, (value) => ["href", "origin", "protocol", "username", "host", "pathname", "search", "hash"].map((key) => [key, value[key]])],
  [Request, (value) => ["method", "url", "headers", "bodyUsed"].map((key) => [key, value[key]])],
  [Response, (value) => ["status", "statusText", "headers", "ok", "bodyUsed", "url"].map((key) => [key, value[key]])],
]);

defineGlobals({ console: shown });
