// SPDX-License-Identifier: GPL-3.0-or-later
// The classes of "cloudflare:workers" that user code extends, and the context that they get.

import { tagged } from "../idl.js";
import { interfaceOf } from "../interface.js";
import { tracing } from "./tracing.js";

const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

export function calledWithoutNew(name) {
  return new TypeError(`Failed to construct '${name}': Please use the 'new' operator, this object constructor cannot be called as a function.`);
}

export function wrongArgument(name, index, type) {
  return new TypeError(`Failed to construct '${name}': constructor parameter ${index} is not of type '${type}'.`);
}

/** A constructor as the engine shows it; `build` fills in the new object. */
function constructible(name, shown, tag, build) {
  const made = {
    [name]: function (...args) {
      if (new.target === undefined) throw calledWithoutNew(shown);
      build(this, args);
    },
  }[name];
  tagged(made, tag);
  return made;
}

function keep(self, ctx, env) {
  self.ctx = ctx;
  self.env = env;
}

export const WorkerEntrypoint = constructible("WorkerEntrypoint", "WorkerEntrypoint", "WorkerEntrypoint", (self, [ctx, env]) => {
  if (!isObject(ctx)) throw wrongArgument("WorkerEntrypoint", 1, "Object");
  if (!isObject(env)) throw wrongArgument("WorkerEntrypoint", 2, "Object");
  keep(self, ctx, env);
});

let isState;

/** How a DurableObjectState is known (durable/state.js). */
export function stateIs(is) {
  isState = is;
}

export const DurableObject = constructible("DurableObject", "DurableObjectBase", "DurableObjectBase", (self, [ctx, env]) => {
  if (!isState(ctx)) throw wrongArgument("DurableObjectBase", 1, "DurableObjectState");
  if (!isObject(env)) throw wrongArgument("DurableObjectBase", 2, "Object");
  keep(self, ctx, env);
});

export const RpcTarget = constructible("RpcTarget", "JsRpcTarget", "JsRpcTarget", () => {});

const internal = Symbol("internal");
let isContext;
export let makeContext;

/** What handlers get as their third argument, and entrypoints as this.ctx. */
export class ExecutionContext {
  #holder; // of waitUntil(promise) and passThroughOnException()

  constructor(...args) {
    if (args[0] !== internal) throw new TypeError("Illegal constructor");
    this.#holder = args[1];
    Object.assign(this, { tracing, access: undefined, cache: undefined, props: args[2], exports: args[3] });
  }

  static {
    isContext = (value) => typeof value === "object" && value !== null && #holder in value;
    makeContext = (holder, props, exports) => new ExecutionContext(internal, holder, props, exports);
  }

  waitUntil(promise) {
    this.#holder.waitUntil(promise);
  }

  passThroughOnException() {
    this.#holder.passThroughOnException();
  }
}
interfaceOf(ExecutionContext, { isOne: isContext, members: "waitUntil:Promise passThroughOnException" });

export const WorkflowEntrypoint = constructible("WorkflowEntrypoint", "WorkflowEntrypoint", "WorkflowEntrypoint", (self, [ctx, env]) => {
  if (!isContext(ctx)) throw wrongArgument("WorkflowEntrypoint", 1, "ExecutionContext");
  if (!isObject(env)) throw wrongArgument("WorkflowEntrypoint", 2, "Object");
  keep(self, ctx, env);
});
