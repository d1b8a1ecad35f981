// SPDX-License-Identifier: GPL-3.0-or-later
// How util.inspect shows the platform's own objects: by their properties.
import { inspect } from "./inspect.js";

const properties = {
  URL: ["origin", "href", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash", "searchParams"],
  TextDecoder: ["encoding", "fatal", "ignoreBOM"],
  TextEncoder: ["encoding"],
  AbortSignal: ["aborted", "reason", "onabort"],
  Blob: ["size", "type"],
};

function define(prototype, show) {
  Object.defineProperty(prototype, inspect.custom, {
    value(depth, options) {
      return depth < 0 ? options.stylize(`[${this.constructor.name}]`, "special") : show(this, { ...options, depth: options.depth === null ? null : depth });
    },
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

for (const [name, keys] of Object.entries(properties)) {
  if (typeof globalThis[name] !== "function") continue;
  define(globalThis[name].prototype, (object, options) => {
    const shown = {};
    for (const key of keys) shown[key] = object[key];
    return `${object.constructor.name} ${inspect(shown, options)}`;
  });
}
for (const name of ["URLSearchParams", "FormData"]) if (typeof globalThis[name] === "function") define(globalThis[name].prototype, (object, options) => inspect(new Map(object), options).replace(/^Map/, name));
