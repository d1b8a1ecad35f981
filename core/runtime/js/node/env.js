// SPDX-License-Identifier: GPL-3.0-or-later
// What process.env holds. It is filled when the code's bindings are known, before or after the first use of process.

const values = Object.create(null);

/** `variables`: name, text, whether the text is JSON, ... */
export function fillProcessEnv(variables) {
  for (let i = 0; i < variables.length; i += 3) values[variables[i]] = variables[i + 1];
}

const checkKey = (key) => {
  if (typeof key === "symbol") throw new TypeError("Cannot convert a symbol value to a string");
};

export const processEnv = new Proxy(values, {
  get: (target, key) => (typeof key === "symbol" ? undefined : target[key] ?? (key in target ? target[key] : Object.prototype[key])),
  set(target, key, value) {
    checkKey(key);
    target[key] = String(value);
    return true;
  },
  defineProperty(target, key, descriptor) {
    checkKey(key);
    if ("value" in descriptor) {
      target[key] = String(descriptor.value);
      return true;
    }
    throw new TypeError("'process.env' does not accept an accessor(getter/setter) descriptor");
  },
  getPrototypeOf: () => Object.prototype,
});
