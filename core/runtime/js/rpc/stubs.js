// SPDX-License-Identifier: GPL-3.0-or-later
// What stands for an object of another Worker: proxies that turn calls into messages. What they stand for is a receiver: ask(path, args) asks it for what lies at the end of a path
// of names, or calls that with the arguments, and gives an Answer; drop() says that nobody needs it any more.

import { calledWithoutNew, RpcTarget, wrongArgument } from "../cloudflare/entrypoints.js";
import { illegalConstructor, tagged } from "../idl.js";
import { refuseThis } from "../interface.js";
import { Promise, SafeWeakMap, hasOwn } from "../primordials.js";
import { promiseDisposed, stubDisposed } from "./errors.js";

const { get, has } = Reflect;
const { defineProperty, getPrototypeOf, setPrototypeOf } = Object;
export const dispose = Symbol.dispose;

/** A class whose objects are proxies that have these methods of their own: on the prototype they refuse every other `this`. */
function remoteClass(name, tag, methods) {
  const made = illegalConstructor(name, tag);
  for (const method of methods) {
    const value = { [method]() { refuseThis(); } }[method];
    defineProperty(made.prototype, method, { value, writable: true, configurable: true, enumerable: true });
  }
  return made;
}

export const RpcPromise = remoteClass("RpcPromise", "JsRpcPromise", ["then", "catch", "finally"]);
export const RpcProperty = remoteClass("RpcProperty", "JsRpcProperty", ["then", "catch", "finally"]);
export const ServiceStub = remoteClass("ServiceStub", "Fetcher", ["fetch", "connect"]);
const Fetcher = remoteClass("Fetcher", "Fetcher", ["fetch", "connect"]); // of bindings
const DurableObjectStub = illegalConstructor("DurableObject"); // as workerd calls the class of stubs
setPrototypeOf(DurableObjectStub.prototype, ServiceStub.prototype);
export const LoopbackServiceStub = illegalConstructor("LoopbackServiceStub");
setPrototypeOf(LoopbackServiceStub.prototype, ServiceStub.prototype);
export const RpcStub = {
  RpcStub: function (...args) {
    if (new.target === undefined) throw calledWithoutNew("JsRpcStub");
    const target = args[0];
    if ((typeof target !== "object" || target === null) && typeof target !== "function") throw wrongArgument("JsRpcStub", 1, "Object");
    if (typeof target !== "function" && !(target instanceof RpcTarget) && !isPlain(target)) throw new TypeError("RpcStubs can only wrap plain objects, functions, and RpcTarget derivatives.");
    return wrapTarget(target);
  },
}.RpcStub;
tagged(RpcStub, "JsRpcStub");
defineProperty(RpcStub.prototype, "dup", { value: { dup() { refuseThis(); } }.dup, writable: true, configurable: true, enumerable: true });

let wrapTarget;

/** How an object of this Worker becomes a stub, by `new RpcStub(object)`. */
export function stubsWrap(wrap) {
  wrapTarget = wrap;
}

export function isPlain(value) {
  const prototype = getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const kinds = new SafeWeakMap(); // proxy -> its class
const receivers = new SafeWeakMap(); // an RpcStub's proxy -> {receiver, disposed}

/** The class of a stub of whatever sort, or undefined. */
export const stubClass = (value) => kinds.get(value);
/** What an RpcStub stands for; undefined for anything else. */
export function receiverOf(stub) {
  const state = receivers.get(stub);
  if (state?.disposed) throw stubDisposed();
  return state?.receiver;
}

/** The receiver of an RpcStub, to be kept until release(), whatever becomes of the stub; undefined for anything else. */
export function holdStub(stub) {
  const state = receivers.get(stub);
  if (!state) return undefined;
  if (state.disposed) return { receiver: { ask: () => failedAnswer(stubDisposed()) }, release() {} };
  const held = state.dup();
  return { receiver: receiverOf(held), release: receivers.get(held).release };
}

function bare(prototype) {
  const callable = () => {};
  delete callable.length;
  delete callable.name;
  return setPrototypeOf(callable, prototype);
}

function proxied(constructor, property, call, disposed) {
  const proxy = new Proxy(bare(constructor.prototype), {
    get(target, key) {
      if (typeof key === "symbol") return key === dispose && disposed ? disposed : get(constructor.prototype, key);
      return key === "constructor" ? constructor : property(key);
    },
    getPrototypeOf: () => constructor.prototype,
    apply: (target, self, args) => call(args),
    construct() {
      throw new TypeError("stub is not a constructor");
    },
    has: (target, key) => has(constructor.prototype, key),
    defineProperty: () => false,
    set: () => false,
  });
  kinds.set(proxy, constructor);
  return proxy;
}

/** The answer to something that was asked: a promise, and a receiver for what is asked of the answer before it is there. */
export class Answer {
  constructor(promise, ask, drop) {
    this.promise = promise;
    this.ask = ask;
    this.drop = drop;
  }
}

export function failedAnswer(error) {
  const promise = Promise.reject(error);
  ignore(promise);
  return new Answer(promise, () => failedAnswer(error), () => {});
}

/** Its rejection is told to whoever awaits it, if anybody does. */
export async function ignore(promise) {
  try {
    await promise;
  } catch {
    // told elsewhere
  }
}

function thenable(promiseOf) {
  return {
    then: (onFulfilled, onRejected) => promiseOf().then(onFulfilled, onRejected),
    catch: (onRejected) => promiseOf().catch(onRejected),
    finally: (work) => promiseOf().finally(work),
  };
}

/** A property of what `receiver` stands for: to be called, awaited, or asked for properties of its own. */
export function propertyStub(receiver, path) {
  let asked;
  const methods = thenable(() => (asked ??= receiver.ask(path, undefined)).promise);
  return proxied(RpcProperty, (name) => (hasOwn(methods, name) ? methods[name] : propertyStub(receiver, [...path, name])), (args) => answerStub(receiver.ask(path, args)));
}

/** What a call gives. */
export function answerStub(answer) {
  let disposed = false;
  const receiver = { ask: (path, args) => (disposed ? failedAnswer(promiseDisposed()) : answer.ask(path, args)) };
  const methods = thenable(() => answer.promise);
  return proxied(RpcPromise, (name) => (hasOwn(methods, name) ? methods[name] : propertyStub(receiver, [name])), (args) => answerStub(receiver.ask([], args)), () => {
    if (disposed) return;
    disposed = true;
    answer.drop();
  });
}

/** An RpcStub. It and its duplicates share the receiver, which is dropped with the last of them. */
export function rpcStub(receiver, shared = { users: 0 }) {
  ++shared.users;
  const state = { receiver, disposed: false, dup: null, release: null };
  const guarded = { ask: (path, args) => (state.disposed ? failedAnswer(stubDisposed()) : receiver.ask(path, args)) };
  const release = () => {
    if (state.disposed) return;
    state.disposed = true;
    if (--shared.users === 0) receiver.drop();
  };
  const dup = () => {
    if (state.disposed) throw stubDisposed();
    return rpcStub(receiver, shared);
  };
  const stub = proxied(RpcStub, (name) => (name === "dup" ? dup : name === "then" ? undefined : propertyStub(guarded, [name])), (args) => answerStub(guarded.ask([], args)), release);
  state.dup = dup;
  state.release = release;
  receivers.set(stub, state);
  return stub;
}

/** What ctx.exports has: a stub that can be called. `methods` are those that do not go over RPC. */
export function loopbackProxy(receiver, methods, call) {
  return proxied(LoopbackServiceStub, (name) => {
    if (hasOwn(methods, name)) return methods[name];
    if (name === "then") return undefined;
    return name === "dup" || name in LoopbackServiceStub.prototype ? get(LoopbackServiceStub.prototype, name) : propertyStub(receiver, [name]);
  }, call);
}

/** A stub of a Durable Object: as a service binding, with properties of its own. */
export function objectProxy(receiver, methods, own) {
  const target = { __proto__: DurableObjectStub.prototype, name: own.name, id: own.id };
  const proxy = new Proxy(target, {
    get(self, key, receiverSelf) {
      if (typeof key === "symbol" || hasOwn(self, key) || key === "constructor") return get(self, key, receiverSelf);
      if (hasOwn(methods, key)) return methods[key];
      return key === "then" ? undefined : propertyStub(receiver, [key]);
    },
    has(self, key) {
      return typeof key === "string" || has(self, key);
    },
  });
  kinds.set(proxy, DurableObjectStub);
  return proxy;
}

/** A service binding: an object that has every name there is, and keeps what code puts on it. */
export function serviceProxy(receiver, methods) {
  const proxy = new Proxy(Object.create(Fetcher.prototype), {
    get(target, key, self) {
      if (typeof key === "symbol" || hasOwn(target, key) || key === "constructor") return get(target, key, self);
      if (hasOwn(methods, key)) return methods[key];
      return key === "then" ? undefined : propertyStub(receiver, [key]);
    },
    has: (target, key) => typeof key === "string" || has(target, key),
  });
  kinds.set(proxy, Fetcher);
  return proxy;
}
