// SPDX-License-Identifier: GPL-3.0-or-later
// node:timers and node:timers/promises. With nodejs_compat its functions are the global ones.
import { native } from "../native.js";
import { apply } from "../primordials.js";
import { setInterval as platformInterval, setTimeout as platformTimeout } from "../timers.js";
import { AbortError, invalidArgType } from "./errors.js";
import { validateAbortSignal, validateBoolean, validateFunction, validateNumber, validateObject } from "./validators.js";

export const promisifyCustom = Symbol.for("nodejs.util.promisify.custom");
const timeouts = new Map(); // id -> Timeout, so that clearTimeout(+timeout) finds it

export class Timeout {
  #start;
  #id;
  #refed = true;

  constructor(start) {
    this.#start = start;
    this.#id = start(this);
    timeouts.set(this.#id, this);
  }

  refresh() {
    native.clearTimer(this.#id);
    timeouts.delete(this.#id);
    this.#id = this.#start(this);
    timeouts.set(this.#id, this);
    return this;
  }
  unref() {
    this.#refed = false;
    return this;
  }
  ref() {
    this.#refed = true;
    return this;
  }
  hasRef() {
    return this.#refed;
  }
  close() {
    clear(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.#id;
  }
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    clear(this);
  }
}

export class Immediate {
  #id;
  #refed = true;
  constructor(callback, args) {
    this.#id = platformTimeout(callback, 0, ...args);
  }
  unref() {
    this.#refed = false;
    return this;
  }
  ref() {
    this.#refed = true;
    return this;
  }
  hasRef() {
    return this.#refed;
  }
  static clear(immediate) {
    if (typeof immediate === "object" && immediate !== null && #id in immediate) native.clearTimer(immediate.#id);
  }
  [Symbol.dispose ?? Symbol.for("Symbol.dispose")]() {
    Immediate.clear(this);
  }
}

Object.defineProperty(Immediate.prototype, Symbol.toStringTag, { value: "Immediate", configurable: true });

function clear(timeout) {
  if (timeout instanceof Timeout) timeout = Number(timeout);
  else if (typeof timeout === "string" && timeout.trim() !== "") timeout = Number(timeout);
  if (typeof timeout !== "number") return;
  timeouts.delete(timeout);
  native.clearTimer(timeout);
}

function setTimeout(callback, delay, ...args) {
  validateFunction(callback, "callback");
  return new Timeout(() => {
    const id = platformTimeout(() => {
      timeouts.delete(id);
      apply(callback, globalThis, args);
    }, delay);
    return id;
  });
}

function setInterval(callback, delay, ...args) {
  validateFunction(callback, "callback");
  return new Timeout(() => platformInterval(callback, delay, ...args));
}

const clearTimeout = (timeout) => clear(timeout);
const clearInterval = (timeout) => clear(timeout);

function setImmediate(callback, ...args) {
  validateFunction(callback, "callback");
  return new Immediate(callback, args);
}

const clearImmediate = (immediate) => Immediate.clear(immediate);

function abortable(options, start) {
  if (options !== undefined) validateObject(options, "options");
  const { signal, ref = true } = options ?? {};
  validateAbortSignal(signal, "options.signal");
  validateBoolean(ref, "options.ref");
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return new Promise((resolve, reject) => {
    const stop = start((value) => {
      signal?.removeEventListener("abort", onAbort);
      resolve(value);
    });
    const onAbort = () => {
      stop();
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export const promises = {
  async setTimeout(delay, value, options) {
    if (delay !== undefined) validateNumber(delay, "delay");
    return abortable(options, (done) => {
      const id = setTimeout(() => done(value), delay);
      return () => clear(id);
    });
  },
  async setImmediate(value, options) {
    return abortable(options, (done) => {
      const id = setImmediate(() => done(value));
      return () => clearImmediate(id);
    });
  },
  async *setInterval(delay, value, options) {
    if (delay !== undefined) validateNumber(delay, "delay");
    const { signal } = options ?? {};
    validateAbortSignal(signal, "options.signal");
    if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
    let due = 0;
    let wake;
    const onAbort = () => wake?.();
    const id = setInterval(() => {
      ++due;
      wake?.();
    }, delay);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      while (!signal?.aborted) {
        if (due === 0) await new Promise((resolve) => (wake = resolve));
        for (; due > 0; --due) yield value;
      }
      throw new AbortError(undefined, { cause: signal.reason });
    } finally {
      clear(id);
      signal?.removeEventListener("abort", onAbort);
    }
  },
  scheduler: {
    wait: (delay, options) => promises.setTimeout(delay, undefined, options),
    yield: () => promises.setImmediate(),
  },
};

const active = (timer) => timer?.refresh?.();
export default {
  active,
  clearImmediate,
  clearInterval,
  clearTimeout,
  enroll(timer, delay) {
    if (typeof timer !== "object" || timer === null) throw invalidArgType("item", "object", timer);
    timer._idleTimeout = delay;
  },
  promises,
  setImmediate,
  setInterval,
  setTimeout,
  unenroll: (timer) => clear(timer),
};
