// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of events that the platform has.

import { constructorError, fieldError, interfaceOf, isDictionary } from "../interface.js";
import { Event } from "./target.js";

function checkInit(type, args, expected) {
  if (args.length === 0) throw constructorError(type, 1, "string");
  if (args[1] !== undefined && args[1] !== null && !isDictionary(args[1])) throw constructorError(type, 2, expected);
  return args[1] ?? {};
}

/** Own properties, as workerd has them: to be seen and not to be changed. */
function own(object, values) {
  for (const [key, value] of values) Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: false });
}

let isCustom;

export class CustomEvent extends Event {
  #detail;

  static {
    isCustom = (value) => typeof value === "object" && value !== null && #detail in value;
  }

  constructor(type, init) {
    const options = checkInit("CustomEvent", arguments, "CustomEventInit");
    super(type, init);
    this.#detail = options.detail;
  }

  get detail() { return this.#detail; }
}

interfaceOf(CustomEvent, { isOne: isCustom, members: "detail" });

let isErrorEvent;

export class ErrorEvent extends Event {
  #filename;
  #message;
  #lineno;
  #colno;
  #error;

  static {
    isErrorEvent = (value) => typeof value === "object" && value !== null && #error in value;
  }

  constructor(type, init) {
    const options = checkInit("ErrorEvent", arguments, "ErrorEventInit");
    super(type);
    const { message, filename, lineno, colno, error } = options;
    this.#message = message === undefined ? "" : `${message}`;
    this.#filename = filename === undefined ? "" : `${filename}`;
    this.#lineno = +(lineno ?? 0) | 0;
    this.#colno = +(colno ?? 0) | 0;
    this.#error = error;
  }

  get filename() { return this.#filename; }
  get message() { return this.#message; }
  get lineno() { return this.#lineno; }
  get colno() { return this.#colno; }
  get error() { return this.#error; }
}

interfaceOf(ErrorEvent, { isOne: isErrorEvent, members: "filename message lineno colno error" });

const text = (value) => (value === undefined ? "" : `${value}`);

export class MessageEvent extends Event {
  constructor(type, init) {
    const { data, origin, lastEventId, source, ports } = checkInit("MessageEvent", arguments, "Initializer");
    super(type);
    if (source !== undefined && source !== null && !(typeof globalThis.MessagePort === "function" && source instanceof globalThis.MessagePort)) {
      throw fieldError("source", "Initializer", "MessagePort");
    }
    if (ports !== undefined && !Array.isArray(ports)) throw fieldError("ports", "Initializer", "Array");
    own(this, [["ports", ports === undefined ? [] : [...ports]], ["source", source ?? null], ["lastEventId", text(lastEventId)], ["origin", origin === null ? null : text(origin)], ["data", data === undefined ? null : data]]);
  }
}

interfaceOf(MessageEvent, { isOne: () => true });

export class CloseEvent extends Event {
  constructor(type, init) {
    const { code, reason, wasClean } = checkInit("CloseEvent", arguments, "Initializer");
    super(type);
    own(this, [["wasClean", Boolean(wasClean)], ["reason", text(reason)], ["code", +(code ?? 0) | 0]]);
  }
}

interfaceOf(CloseEvent, { isOne: () => true });

/** A class whose instances the runtime alone makes: `make(type, own properties)`. */
function closedEvent(name, Parent, methods, members) {
  const Class = { [name]: class extends Parent {
    constructor(type, values, parts) {
      if (Parent === Event) super(type);
      else super(type, [], parts);
      actions.set(this, parts);
      own(this, values);
    }
  } }[name];
  for (const key of Object.keys(methods)) Object.defineProperty(Class.prototype, key, { value: methods[key], configurable: true, writable: true });
  interfaceOf(Class, { name, illegal: true, isOne: (value) => actions.has(value), members });
  return Class;
}

const actions = new WeakMap(); // event -> what its methods do

export const PromiseRejectionEvent = closedEvent("PromiseRejectionEvent", Event, {}, "");
export const ExtendableEvent = closedEvent("ExtendableEvent", Event, {
  waitUntil(promise) { actions.get(this).waitUntil(promise); },
}, "waitUntil:Promise");
export const FetchEvent = closedEvent("FetchEvent", ExtendableEvent, {
  respondWith(response) { actions.get(this).respondWith(response); },
  passThroughOnException() { actions.get(this).passThroughOnException(); },
}, "respondWith:Promise passThroughOnException");
export const ScheduledEvent = closedEvent("ScheduledEvent", ExtendableEvent, {
  noRetry() { actions.get(this).noRetry(); },
}, "noRetry");
export const QueueEvent = closedEvent("QueueEvent", ExtendableEvent, {
  retryAll(options) { actions.get(this).retryAll(options); },
  ackAll() { actions.get(this).ackAll(); },
}, "retryAll ackAll");
export const TailEvent = closedEvent("TailEvent", ExtendableEvent, {}, "");

/** Makes one of the closed kinds. `values`: [name, value] of its own properties; `parts`: functions for its methods, by their names. */
export function makeEvent(Class, type, values, parts = {}) {
  return new Class(type, values, parts);
}
