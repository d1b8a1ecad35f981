// SPDX-License-Identifier: GPL-3.0-or-later
// console (Console standard).

import { native, defineGlobals } from "./native.js";
import { formatLine, inspect } from "./inspect.js";

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

function write(level, text) {
  const indent = indentOf();
  native.console(level, indent ? indent + text.replace(/\n/g, "\n" + indent) : text);
}

const elapsed = (label) => `${label}: ${(native.now() - timers.get(label)).toFixed(3)} ms`;

function table(data) {
  if (typeof data !== "object" || data === null) return write(Level.Log, inspect(data));
  const rows = Object.entries(data);
  const columns = [];
  for (const [, row] of rows) {
    if (typeof row === "object" && row !== null) for (const key of Object.keys(row)) if (!columns.includes(key)) columns.push(key);
  }
  const values = rows.some(([, row]) => typeof row !== "object" || row === null);
  const head = ["(index)", ...columns, ...(values ? ["Values"] : [])];
  const body = rows.map(([key, row]) => {
    const isRow = typeof row === "object" && row !== null;
    return [key, ...columns.map((column) => (isRow && column in row ? inspect(row[column]) : "")), ...(values ? [isRow ? "" : inspect(row)] : [])];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => row[i].length)));
  const line = (cells) => cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ").trimEnd();
  write(Level.Log, [line(head), widths.map((width) => "-".repeat(width)).join("-+-"), ...body.map(line)].join("\n"));
}

function openGroup(args) {
  if (args.length) write(Level.Log, formatLine(args));
  setIndent(indentOf() + "  ");
}

const console = {
  log: (...args) => write(Level.Log, formatLine(args)),
  info: (...args) => write(Level.Info, formatLine(args)),
  debug: (...args) => write(Level.Debug, formatLine(args)),
  warn: (...args) => write(Level.Warn, formatLine(args)),
  error: (...args) => write(Level.Error, formatLine(args)),
  trace: (...args) => {
    const holder = { name: "Trace", message: formatLine(args) };
    Error.captureStackTrace(holder);
    write(Level.Debug, "Trace: " + holder.message + String(holder.stack).replace(/^[^\n]*/, ""));
  },
  dir: (value) => write(Level.Log, inspect(value)),
  dirxml: (...args) => write(Level.Log, formatLine(args)),
  table,
  assert: (condition, ...args) => {
    if (!condition) write(Level.Error, args.length ? "Assertion failed: " + formatLine(args) : "Assertion failed");
  },
  group: (...args) => openGroup(args),
  groupCollapsed: (...args) => openGroup(args),
  groupEnd: () => {
    setIndent(indentOf().slice(2));
  },
  count: (label = "default") => {
    counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
    write(Level.Log, `${label}: ${counts.get(String(label))}`);
  },
  countReset: (label = "default") => {
    counts.delete(String(label));
  },
  time: (label = "default") => {
    timers.set(String(label), native.now());
  },
  timeLog: (label = "default", ...args) => {
    if (timers.has(String(label))) write(Level.Log, elapsed(String(label)) + (args.length ? " " + formatLine(args) : ""));
  },
  timeEnd: (label = "default") => {
    if (timers.has(String(label))) write(Level.Log, elapsed(String(label)));
    timers.delete(String(label));
  },
  clear: () => {},
};
Object.defineProperty(console, Symbol.toStringTag, { value: "console" });

// V8's own console tells the debuggers that are attached, with the values themselves.
const v8Console = globalThis.console;
let mirrored = false;

export function mirrorConsole(on) {
  mirrored = on;
}

for (const [name, method] of Object.entries(console)) {
  const mirror = v8Console[name];
  const { [name]: both } = {
    [name](...args) {
      if (mirrored) mirror(...args);
      return method(...args);
    },
  };
  console[name] = both;
}

defineGlobals({ console });
