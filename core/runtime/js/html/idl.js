// SPDX-License-Identifier: GPL-3.0-or-later
// How workerd's bindings shape classes and refuse arguments.

export const parameter = (method, kind, number, type) => `Failed to execute '${method}' on '${kind}': parameter ${number} is not of type '${type}'.`;

/** Argument number `index` as a string, which undefined is only where it was passed. */
export function textParameter(values, index, method, kind) {
  if (index >= values.length) throw new TypeError(parameter(method, kind, index + 1, "string"));
  const value = values[index];
  return typeof value === "string" ? value : `${value}`;
}

export const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

export function checkThis(own) {
  if (!own) {
    throw new TypeError("Illegal invocation: function called with incorrect `this` reference. "
      + "See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.");
  }
}

/** Methods that can be listed, in this order, with no length; a tag for Object.prototype.toString. */
export function finishClass(type, name, methods) {
  const { prototype } = type;
  const found = methods.map((method) => [method, prototype[method]]);
  for (const [method, value] of found) {
    delete prototype[method];
    Object.defineProperty(value, "length", { value: 0, configurable: true });
    Object.defineProperty(prototype, method, { value, writable: true, enumerable: true, configurable: true });
  }
  delete prototype.constructor;
  Object.defineProperty(type, "length", { value: 0, configurable: true });
  Object.defineProperty(prototype, "constructor", { value: type, writable: true, configurable: true });
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, writable: true, configurable: true });
}
