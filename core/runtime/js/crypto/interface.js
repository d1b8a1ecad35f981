// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a class look as the interfaces of workerd do: methods and accessors enumerable, methods without a length, a tag that is data.

export const illegalInvocation = "Illegal invocation: function called with incorrect `this` reference. "
  + "See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.";

export function defineInterface(type, tag = type.name) {
  const { prototype } = type;
  delete prototype.constructor; // and again, after the methods
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    descriptor.enumerable = true;
    if (typeof descriptor.value === "function") Object.defineProperty(descriptor.value, "length", { value: 0, configurable: true });
    Object.defineProperty(prototype, name, descriptor);
  }
  Object.defineProperty(prototype, "constructor", { value: type, writable: true, configurable: true });
  Object.defineProperty(prototype, Symbol.toStringTag, { value: tag, writable: true, configurable: true });
  Object.defineProperty(type, "length", { value: 0, configurable: true });
}
