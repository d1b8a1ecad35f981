// SPDX-License-Identifier: GPL-3.0-or-later
// The entrypoints of the code that runs, and how it reaches them itself (ctx.exports).

import { compat } from "../compat.js";
import { env } from "../env.js";
import { native } from "../native.js";
import { DurableObject, WorkerEntrypoint, WorkflowEntrypoint, makeContext } from "./entrypoints.js";
import { loopbackNamespace } from "../durable/namespace.js";
import { loopbackStub } from "../rpc/service.js";

let stubs = {};
let objects = { __proto__: null }; // classes of Durable Objects
let main = { __proto__: null }; // the entrypoints themselves, by their names

const { isPrototypeOf } = Object.prototype;
const isEntrypointClass = (value) => typeof value === "function" && (value === WorkerEntrypoint || Object.prototype.isPrototypeOf.call(WorkerEntrypoint, value));

/** An entrypoint that answers one event: an object of a class, or the exported object itself. `call` runs one of its handlers. */
export function entrypointOf(exported, holder, props = {}) {
  const ctx = makeContext(holder, props, entrypoints());
  if (isEntrypointClass(exported)) {
    const object = new exported(ctx, env);
    return { has: (name) => typeof object[name] === "function", call: (name, argument) => object[name](argument), target: object };
  }
  return { has: (name) => typeof exported?.[name] === "function", call: (name, argument) => exported[name](argument, env, ctx), target: exported };
}

/** The entrypoint of that name, as entrypointOf(), with all that it was made from. */
export function entrypointNamed(name, holder, props) {
  const exported = main[name];
  const isClass = typeof exported === "function";
  if (exported === undefined || (isClass && !isEntrypointClass(exported))) throw new TypeError(`The Worker has no such named entrypoint: "${name}".`);
  return { ...entrypointOf(exported, holder, props), isClass, ctx: makeContext(holder, props, entrypoints()), env };
}

/** Takes the exports of the main module. */
export function setEntrypoints(exports) {
  stubs = {};
  main = { __proto__: null };
  objects = { __proto__: null };
  for (const [name, exported] of Object.entries(exports)) {
    const isClass = typeof exported === "function";
    if (isClass && !isEntrypointClass(exported) && !isPrototypeOf.call(WorkflowEntrypoint, exported)) {
      objects[name] = exported;
      if (isPrototypeOf.call(DurableObject, exported)) stubs[name] = loopbackNamespace(name);
    }
    if (isClass ? !isEntrypointClass(exported) : typeof exported !== "object" || exported === null) continue;
    main[name] = exported;
    stubs[name] = loopbackStub(name);
  }
  native.objectClasses(Object.keys(objects));
}

/** A class of the code's that may be a Durable Object's; undefined: there is none of that name. */
export const objectClass = (name) => objects[name];

/** Whether there are any: else the code answers by listeners. */
export const hasEntrypoints = () => Object.keys(main).length > 0;

export function entrypoints() {
  return compat("enable_ctx_exports") ? stubs : undefined;
}
