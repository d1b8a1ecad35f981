// SPDX-License-Identifier: GPL-3.0-or-later
// Event, EventTarget, AbortController, AbortSignal (DOM standard, sections 2 and 3).

import { native, defineGlobals } from "./native.js";
import { DOMException } from "./domexception.js";
import { reportException } from "./errors.js";

let setTarget;
let mark;

export class Event {
  #type;
  #target = null;
  #current = null;
  #cancelable;
  #canceled = false;
  #bubbles;
  #composed;
  #stopped = false;
  #timeStamp = native.now();

  static {
    /** Begins (a target) or ends (null) a dispatch. */
    setTarget = (event, target) => {
      event.#current = target;
      if (target) event.#target = target;
      event.#stopped = false;
    };
    mark = (event) => event.#stopped;
  }

  constructor(type, init = {}) {
    if (arguments.length === 0) throw new TypeError("Failed to construct 'Event': constructor parameter 1 is not of type 'string'.");
    this.#type = String(type);
    this.#bubbles = Boolean(init?.bubbles);
    this.#cancelable = Boolean(init?.cancelable);
    this.#composed = Boolean(init?.composed);
  }

  get type() { return this.#type; }
  get target() { return this.#target; }
  get currentTarget() { return this.#current; }
  get srcElement() { return this.#target; }
  get bubbles() { return this.#bubbles; }
  get cancelable() { return this.#cancelable; }
  get composed() { return this.#composed; }
  get defaultPrevented() { return this.#canceled; }
  get returnValue() { return !this.#canceled; }
  get eventPhase() { return this.#current ? 2 : 0; }
  get isTrusted() { return false; }
  get timeStamp() { return this.#timeStamp; }
  composedPath() { return this.#current ? [this.#current] : []; }
  preventDefault() { if (this.#cancelable) this.#canceled = true; }
  stopPropagation() {}
  stopImmediatePropagation() { this.#stopped = true; }
  get [Symbol.toStringTag]() { return "Event"; }

  static NONE = 0;
  static CAPTURING_PHASE = 1;
  static AT_TARGET = 2;
  static BUBBLING_PHASE = 3;
}

export class CustomEvent extends Event {
  #detail;

  constructor(type, init = {}) {
    super(type, init);
    this.#detail = init?.detail ?? null;
  }

  get detail() { return this.#detail; }
}

export class EventTarget {
  #listeners = new Map();

  addEventListener(type, callback, options) {
    if (callback === null || callback === undefined) return;
    const once = typeof options === "object" && Boolean(options?.once);
    const signal = typeof options === "object" ? options?.signal : undefined;
    if (signal?.aborted) return;
    const list = this.#listeners.get(String(type)) ?? [];
    if (list.some((listener) => listener.callback === callback)) return;
    list.push({ callback, once });
    this.#listeners.set(String(type), list);
    signal?.addEventListener("abort", () => this.removeEventListener(type, callback), { once: true });
  }

  removeEventListener(type, callback) {
    const list = this.#listeners.get(String(type));
    if (list) this.#listeners.set(String(type), list.filter((listener) => listener.callback !== callback));
  }

  dispatchEvent(event) {
    if (!(event instanceof Event)) throw new TypeError("Failed to execute 'dispatchEvent' on 'EventTarget': parameter 1 is not of type 'Event'.");
    if (event.currentTarget !== null) throw new DOMException("The event is already being dispatched.", "InvalidStateError");
    setTarget(event, this);
    for (const listener of [...(this.#listeners.get(event.type) ?? [])]) {
      if (!this.#listeners.get(event.type).includes(listener)) continue;
      if (listener.once) this.removeEventListener(event.type, listener.callback);
      try {
        if (typeof listener.callback === "function") listener.callback.call(this, event);
        else listener.callback.handleEvent(event);
      } catch (error) {
        reportException(error);
      }
      if (mark(event)) break;
    }
    setTarget(event, null);
    return !event.defaultPrevented;
  }

  get [Symbol.toStringTag]() { return "EventTarget"; }
}

let makeSignal;
let abortSignal;
const signalToken = Symbol("AbortSignal");

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason = undefined;
  #onabort = null;

  static {
    makeSignal = () => new AbortSignal(signalToken);
    abortSignal = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason === undefined ? new DOMException("The operation was aborted", "AbortError") : reason;
      signal.dispatchEvent(new Event("abort"));
    };
  }

  constructor(token) {
    super();
    if (token !== signalToken) throw new TypeError("Illegal constructor");
  }

  get aborted() { return this.#aborted; }
  get reason() { return this.#reason; }

  get onabort() { return this.#onabort; }
  set onabort(callback) {
    if (this.#onabort) this.removeEventListener("abort", this.#onabort);
    this.#onabort = typeof callback === "function" ? callback : null;
    if (this.#onabort) this.addEventListener("abort", this.#onabort);
  }

  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }

  static abort(reason) {
    const signal = makeSignal();
    abortSignal(signal, reason);
    return signal;
  }

  static timeout(milliseconds) {
    const signal = makeSignal();
    if (!(Number(milliseconds) >= 0)) throw new TypeError("Failed to execute 'timeout' on 'AbortSignal': parameter 1 is not a number of milliseconds.");
    native.setTimer(() => abortSignal(signal, new DOMException("The operation was aborted due to timeout", "TimeoutError")), Number(milliseconds), false);
    return signal;
  }

  static any(signals) {
    const joined = makeSignal();
    for (const signal of signals) {
      if (signal.aborted) {
        abortSignal(joined, signal.reason);
        break;
      }
      signal.addEventListener("abort", () => abortSignal(joined, signal.reason), { once: true });
    }
    return joined;
  }

  get [Symbol.toStringTag]() { return "AbortSignal"; }
}

export class AbortController {
  #signal = makeSignal();

  get signal() { return this.#signal; }
  abort(reason) { abortSignal(this.#signal, reason); }
  get [Symbol.toStringTag]() { return "AbortController"; }
}

defineGlobals({ Event, CustomEvent, EventTarget, AbortSignal, AbortController });
