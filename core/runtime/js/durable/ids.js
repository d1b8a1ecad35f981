// SPDX-License-Identifier: GPL-3.0-or-later
// DurableObjectId, as workerd has it.

import { interfaceOf } from "../interface.js";
import { knowPlatformClass } from "../structuredclone.js";

const internal = Symbol("internal");
let isId;
let hexOf;
export { hexOf, isId };

export class DurableObjectId {
  #hex;

  constructor(...args) {
    if (args[0] !== internal) throw new TypeError("Illegal constructor");
    this.#hex = args[1];
    this.jurisdiction = undefined;
    this.name = args[2];
  }

  static {
    isId = (value) => typeof value === "object" && value !== null && #hex in value;
    hexOf = (id) => id.#hex;
  }

  toString() {
    return this.#hex;
  }

  equals(other) {
    if (!isId(other)) throw new TypeError("Failed to execute 'equals' on 'DurableObjectId': parameter 1 is not of type 'DurableObjectId'.");
    return this.#hex === other.#hex;
  }
}
interfaceOf(DurableObjectId, { isOne: isId, members: "toString equals:DurableObjectId", illegal: true });
knowPlatformClass(DurableObjectId, "DurableObjectId");

/** `name`: what it was made of; undefined: that is not known, or nothing. */
export const makeId = (hex, name) => new DurableObjectId(internal, hex, name);
