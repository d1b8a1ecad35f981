// SPDX-License-Identifier: GPL-3.0-or-later
// Stacks in the user's own files, and what is told of an exception that nobody caught.

import { native } from "./native.js";
import { SafeWeakMap } from "./primordials.js";

const runtimeScript = "cleat:runtime";
const functionsScript = "cleat:functions";
const places = new SafeWeakMap();

function formatFrame(site, where) {
  const type = site.getTypeName();
  const method = site.getMethodName();
  let name = site.getFunctionName();
  if (name && type && !site.isToplevel() && !site.isConstructor() && type !== "Object" && !name.includes(".")) name = type + "." + name;
  else if (!name && method) name = (type ?? "Object") + "." + method;
  const prefix = site.isAsync() ? "async " : site.isConstructor() ? "new " : "";
  return name ? `    at ${prefix}${name} (${where})` : `    at ${prefix}${where}`;
}

Object.defineProperty(Error, "prepareStackTrace", {
  configurable: true,
  writable: true,
  value(error, sites) {
    const lines = [];
    for (const site of sites) {
      const file = site.getFileName();
      if (file === runtimeScript || file === null || file === undefined) continue;
      let place = [file, site.getLineNumber(), site.getColumnNumber()];
      if (file === functionsScript) {
        place = native.mapPosition(place[1], place[2]) ?? place;
        if (!places.has(error)) places.set(error, place);
      }
      lines.push(formatFrame(site, place.join(":")));
    }
    let head;
    try {
      head = Error.prototype.toString.call(error);
    } catch {
      head = "<error>";
    }
    return [head, ...lines].join("\n");
  },
});
// V8 puts its own back when it starts from the snapshot (--stack-trace-limit, core/runtime/v8process.cpp), but not over one that is there.
delete Error.stackTraceLimit;

const details = new WeakMap(); // error -> what the log says beside it

/** Adds to an error what only the log tells: its message is another runtime's. */
export function explainError(error, detail) {
  details.set(error, detail);
  return error;
}

/** What explainError() was given, or undefined. */
export const detailOf = (error) => details.get(error);

/** [message, stack, file, line, column] of anything that was thrown. */
export function describeError(error) {
  try {
    if (error instanceof Error) {
      const stack = String(error.stack ?? "");
      const [file, line, column] = places.get(error) ?? ["", 0, 0];
      let message;
      try {
        message = Error.prototype.toString.call(error);
      } catch {
        message = "Error";
      }
      const lines = stack.split("\n    at ").slice(1).map((frame) => "    at " + frame);
      let full = lines.join("\n");
      const detail = details.get(error);
      if (detail !== undefined) full += (full ? "\n" : "") + "Caused by: " + detail;
      if (error.cause instanceof Error) {
        const cause = describeError(error.cause);
        full += (full ? "\n" : "") + "Caused by: " + cause[0] + (cause[1] ? "\n" + cause[1] : "");
      }
      return [message, full, file, line, column];
    }
    return ["Uncaught " + (typeof error === "object" && error !== null ? JSON.stringify(error) ?? "[object]" : String(error)), "", "", 0, 0];
  } catch {
    return ["Uncaught exception of a kind that cannot be shown", "", "", 0, 0];
  }
}

/** Puts an exception that no user code caught into the log. */
export function reportException(error, request = native.currentRequest()) {
  const told = describeError(error);
  native.exception(request, told[0], told[1], told[2], told[3], told[4], error);
}
