// SPDX-License-Identifier: GPL-3.0-or-later
// The iterators of Headers, URLSearchParams and FormData.

import { interfaceOf } from "./interface.js";

const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));

function iteratorClass(name) {
  let step;
  const Class = class {
    #next; // gives the next item, or undefined at the end

    constructor(next) {
      this.#next = next;
    }

    static {
      step = (iterator) => #next in iterator;
    }

    next() {
      const value = this.#next?.();
      if (value === undefined) this.#next = null;
      return { done: value === undefined, value };
    }

    [Symbol.iterator]() {
      return this;
    }
  };
  interfaceOf(Class, { name, illegal: true, isOne: (value) => typeof value === "object" && value !== null && step(value), members: "next" });
  Object.setPrototypeOf(Class.prototype, iteratorPrototype);
  return Class;
}

/** Each takes a function that gives the next item, undefined at the end. */
export const EntryIterator = iteratorClass("EntryIterator");
export const KeyIterator = iteratorClass("KeyIterator");
export const ValueIterator = iteratorClass("ValueIterator");

/** A function that gives the items of a list one by one. */
export function listSteps(list) {
  let at = 0;
  return () => (at < list.length ? list[at++] : undefined);
}
