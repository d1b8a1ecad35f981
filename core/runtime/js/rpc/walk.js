// SPDX-License-Identifier: GPL-3.0-or-later
// The end of a call at which the object is: what it offers, and what becomes of a path of names.

import { RpcTarget } from "../cloudflare/entrypoints.js";
import { apply, isArray, hasOwn } from "../primordials.js";
import { missing, notCallable } from "./errors.js";
import { isPlain, receiverOf, stubClass } from "./stubs.js";

const { get, has } = Reflect;

const entrypoints = new WeakSet();

const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

/** What `object` offers under a name: its class's methods and accessors, or the own properties of a plain object or function. */
function member(object, name) {
  if (stubClass(object)) return get(object, name);
  const open = typeof object === "function" || isArray(object) || isPlain(object);
  if (!open && !(object instanceof RpcTarget) && !entrypoints.has(object)) throw missing(name);
  if (open ? !hasOwn(object, name) : hasOwn(object, name) || !has(object, name) || name in Object.prototype) throw missing(name);
  return get(object, name);
}

/** An object of a WorkerEntrypoint's class may be called as an RpcTarget may. */
export function openEntrypoint(object) {
  entrypoints.add(object);
}

/** Follows a path from `root`; `args`: calls what is there. */
export async function follow(root, path, args) {
  let owner;
  let value = root;
  for (let i = 0; i < path.length; ++i) {
    const receiver = receiverOf(value);
    if (receiver) return receiver.ask(path.slice(i), args).promise;
    owner = value;
    if (!isObject(owner)) throw missing(i > 0 ? path[i - 1] : path[i]);
    value = await member(owner, path[i]);
  }
  if (args === undefined) return value;
  const receiver = receiverOf(value);
  if (receiver) return receiver.ask([], args).promise;
  if (typeof value !== "function") throw notCallable(path);
  return apply(value, owner, args);
}
