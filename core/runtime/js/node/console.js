// SPDX-License-Identifier: GPL-3.0-or-later
// node:console: the global console, and Console over streams.
import { format } from "./inspect.js";
import { invalidArgType } from "./errors.js";

export function Console(stdout, stderr = stdout) {
  if (!new.target) return new Console(stdout, stderr);
  if (stdout !== null && typeof stdout === "object" && typeof stdout.write !== "function") ({ stdout, stderr = stdout } = stdout);
  if (typeof stdout?.write !== "function") throw invalidArgType("stdout", "stream.Writable", stdout);
  const counts = new Map();
  const timers = new Map();
  let indent = "";
  const print = (stream, args) => stream.write(`${indent}${format(...args).replace(/\n/g, `\n${indent}`)}\n`);
  const to = (stream) => (...args) => void print(stream, args);
  Object.assign(this, {
    log: to(stdout), info: to(stdout), debug: to(stdout), dirxml: to(stdout), error: to(stderr), warn: to(stderr),
    trace: (...args) => print(stderr, [new Error(format(...args)).stack.replace(/^Error/, "Trace")]),
    dir: (value, options) => print(stdout, [require("./inspect.js").inspect(value, { customInspect: false, ...options })]),
    assert: (value, ...args) => void (value || print(stderr, args.length > 0 ? [`Assertion failed: ${format(...args)}`] : ["Assertion failed"])),
    count(label = "default") {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      print(stdout, [`${label}: ${counts.get(label)}`]);
    },
    countReset: (label = "default") => void counts.delete(label),
    group(...args) {
      if (args.length > 0) print(stdout, args);
      indent += "  ";
    },
    groupEnd: () => void (indent = indent.slice(2)),
    time: (label = "default") => void timers.set(label, performance.now()),
    timeLog: (label = "default", ...args) => timers.has(label) && print(stdout, [`${label}: ${performance.now() - timers.get(label)}ms`, ...args]),
    timeEnd(label = "default") {
      this.timeLog(label);
      timers.delete(label);
    },
    table: to(stdout),
    clear() {},
  });
  this.groupCollapsed = this.group;
}

function createTask(name) {
  if (typeof name !== "string" || name === "") throw new Error("First argument must be a non-empty string.");
  return { run: (callback) => callback() };
}

export default Object.assign(Object.create(globalThis.console), Object.fromEntries(Object.keys(globalThis.console).map((name) => [name, globalThis.console[name]])), { Console, createTask: globalThis.console.createTask ?? createTask });
