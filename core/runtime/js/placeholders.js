// SPDX-License-Identifier: GPL-3.0-or-later
// Copies of values that hold what V8 cannot write, with placeholders in its places (core/runtime/linkserializer.h).

import { native } from "./native.js";
import { apply, hasOwn, isArray } from "./primordials.js";

const { defineProperty, keys } = Object;
const mapEach = Map.prototype.forEach;
const setEach = Set.prototype.forEach;

/** Wants to be given isHost(), which says what gets a placeholder, and host(), which makes it: made(value, native.linkHost(number in `hosts`)). */
export class PlaceholderCopy {
  hosts = [];
  seen = new Map();

  copy(value) {
    if (typeof value !== "object" || value === null) return value;
    const known = this.seen.get(value);
    if (known !== undefined) return known;
    if (this.isHost(value)) return this.host(value);
    if (isArray(value)) return this.list(value);
    if (value instanceof Map) {
      const copy = this.made(value, new Map());
      apply(mapEach, value, [(item, key) => copy.set(this.copy(key), this.copy(item))]);
      return copy;
    }
    if (value instanceof Set) {
      const copy = this.made(value, new Set());
      apply(setEach, value, [(item) => copy.add(this.copy(item))]);
      return copy;
    }
    if (native.isPlainClone(value)) return this.members(value, this.made(value, {}));
    return value;
  }

  made(value, copy) {
    this.seen.set(value, copy);
    return copy;
  }

  /** V8 writes arrays that have had holes in another form, so that a copy must not have had any when there are none. */
  list(value) {
    const { length } = value;
    let holes = false;
    for (let i = 0; i < length && !holes; ++i) holes = !hasOwn(value, i);
    const copy = this.made(value, holes ? new Array(length) : []);
    return this.members(value, copy);
  }

  members(value, copy) {
    for (const key of keys(value)) defineProperty(copy, key, { __proto__: null, value: this.copy(value[key]), writable: true, enumerable: true, configurable: true });
    return copy;
  }
}
