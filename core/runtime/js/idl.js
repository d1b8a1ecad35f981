// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces of how workerd shows its classes to code.

import { interfaceOf } from "./interface.js";

/** A class that code cannot make objects of; its `prototype` makes them. */
export function illegalConstructor(name, tag = name, isOne = () => false) {
  const made = { [name]: class {
    constructor() {
      throw new TypeError("Illegal constructor");
    }
  } }[name];
  interfaceOf(made, { name, isOne });
  tagged(made, tag);
  return made;
}

export function tagged(constructor, tag) {
  Object.defineProperty(constructor.prototype, Symbol.toStringTag, { value: tag, writable: true, configurable: true });
}
