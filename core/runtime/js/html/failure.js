// SPDX-License-Identifier: GPL-3.0-or-later
// What a handler's exception becomes for the reader of the body: workerd carries names and messages across its parser, no objects.

import { DOMException } from "../domexception.js";

const standard = { Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError, AggregateError };
const prototypes = new Set(Object.values(standard).map((type) => type.prototype));

function shownValue(value) {
  if (typeof value === "object" && value !== null) {
    if (Array.isArray(value)) return "[object Array]";
    const { constructor } = value;
    return `#<${typeof constructor === "function" && constructor.name ? constructor.name : "Object"}>`;
  }
  return String(value);
}

function converted(error) {
  if (error instanceof DOMException) return error;
  if (!(error instanceof Error)) return new Error(shownValue(error));
  if (prototypes.has(Object.getPrototypeOf(error)) && !Object.hasOwn(error, "name")) return error;
  const { name, message } = error;
  const text = Error.prototype.toString.call(error);
  const made = Object.hasOwn(standard, name) ? new standard[name](...(name === "AggregateError" ? [[], message] : [message])) : new Error(text);
  Object.defineProperty(made, "stack", { value: error.stack, writable: true, configurable: true });
  return made;
}

/** The error that readers see. */
export function thrownByHandler(error) {
  try {
    return converted(error);
  } catch {
    return new Error("A handler threw an exception of a kind that cannot be shown");
  }
}
