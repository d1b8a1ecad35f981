// SPDX-License-Identifier: GPL-3.0-or-later
// The side that calls Durable Objects: namespaces, of `env` and of ctx.exports, and stubs.

import { argumentError, interfaceOf, isDictionary } from "../interface.js";
import { native } from "../native.js";
import { objectStub } from "../rpc/service.js";
import { knowPlatformClass } from "../structuredclone.js";
import { hexOf, isId, makeId } from "./ids.js";

const internal = Symbol("internal");
const noJurisdictions = () => new Error("Jurisdiction restrictions are not implemented in workerd.");
let isNamespace;

export class DurableObjectNamespace {
  #place; // {index, name, worker, className}

  constructor(...args) {
    if (args[0] !== internal) throw new TypeError("Illegal constructor");
    this.#place = args[1];
  }

  static {
    isNamespace = (value) => typeof value === "object" && value !== null && #place in value;
  }

  newUniqueId(options) {
    const { index, className } = this.#place;
    if (options !== undefined && options !== null) {
      if (!isDictionary(options)) throw argumentError("DurableObjectNamespace", "newUniqueId", 1, "NewUniqueIdOptions");
      if (options.jurisdiction !== undefined && options.jurisdiction !== null) throw noJurisdictions();
    }
    return makeId(native.objectIdNew(index, className), undefined);
  }

  idFromName(name) {
    const { index, className } = this.#place;
    const text = `${name}`;
    return makeId(native.objectIdNamed(index, className, text), text);
  }

  idFromString(text) {
    const { index, className } = this.#place;
    return makeId(native.objectIdParsed(index, className, `${text}`), undefined);
  }

  get(id, options) {
    if (!isId(id)) throw argumentError("DurableObjectNamespace", "get", 1, "DurableObjectId");
    if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("DurableObjectNamespace", "get", 2, "GetDurableObjectOptions");
    return stubOf(this.#place, id);
  }

  getByName(name, options) {
    if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("DurableObjectNamespace", "getByName", 2, "GetDurableObjectOptions");
    return stubOf(this.#place, this.idFromName(name));
  }

  jurisdiction(jurisdiction) {
    if (jurisdiction !== undefined && jurisdiction !== null) throw noJurisdictions();
    return new DurableObjectNamespace(internal, this.#place);
  }
}
interfaceOf(DurableObjectNamespace, {
  isOne: isNamespace, illegal: true,
  members: "newUniqueId idFromName:string idFromString:string get:DurableObjectId getByName:string jurisdiction",
});
knowPlatformClass(DurableObjectNamespace, "DurableObjectNamespace");

function stubOf(place, id) {
  return objectStub(place, id, { className: place.className, id: hexOf(id), name: id.name === undefined ? undefined : `${id.name}` });
}

/** A namespace of `env`, by its number there. `worker`: who has the class; empty: this one. */
export const objectNamespace = (index, name, className, worker) => new DurableObjectNamespace(internal, { index, name, className, worker });
/** A class of the code's own, as ctx.exports has it. */
export const loopbackNamespace = (className) => objectNamespace(-1, `ctx.exports.${className}`, className, "");
