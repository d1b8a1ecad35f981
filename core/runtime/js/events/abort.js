// SPDX-License-Identifier: GPL-3.0-or-later
// AbortController and AbortSignal (DOM standard, section 3).

import { native } from "../native.js";
import { argumentError, interfaceOf } from "../interface.js";
import { DOMException } from "../domexception.js";
import { reportException } from "../errors.js";
import { Event, EventTarget, Handler, dispatch, knowSignals, trusted } from "./target.js";

const { apply } = Reflect;

export let isSignal;
export let makeSignal;
/** Aborts; `reason` undefined stands for an AbortError. */
export let abortSignal;
/** Calls back at the abort, before user code's listeners; gives a function that calls this off. */
export let watchSignal;
export let isAborted;
export let reasonOf;

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason = undefined;
  #watchers = null;
  #handler = null;

  static {
    isSignal = (value) => typeof value === "object" && value !== null && #watchers in value;
    isAborted = (signal) => signal.#aborted;
    reasonOf = (signal) => signal.#reason;
    makeSignal = () => new AbortSignal();
    abortSignal = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason === undefined ? new DOMException("The operation was aborted", "AbortError") : reason;
      const watchers = signal.#watchers;
      signal.#watchers = null;
      if (watchers) for (const watcher of [...watchers]) watcher();
      dispatch(signal, trusted(new Event("abort")));
    };
    watchSignal = (signal, callback) => {
      if (signal.#aborted) return () => {};
      const watchers = (signal.#watchers ??= new Set());
      const entry = () => callback(signal.#reason);
      watchers.add(entry);
      return () => void watchers.delete(entry);
    };
  }

  get aborted() { return this.#aborted; }
  get reason() { return this.#reason; }
  get onabort() { return this.#handler?.callback ?? null; }
  set onabort(callback) { (this.#handler ??= new Handler("abort")).set(this, callback); }

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
    native.setTimer(() => abortFromTimer(signal, new DOMException("The operation was aborted due to timeout", "TimeoutError")), +milliseconds, false);
    return signal;
  }

  static any(signals) {
    if (!Array.isArray(signals)) throw argumentError("AbortSignal", "any", 1, "Array");
    const list = [];
    for (let i = 0; i < signals.length; ++i) {
      const signal = signals[i];
      if (!isSignal(signal)) throw new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'AbortSignal'.`);
      list.push(signal);
    }
    const joined = makeSignal();
    const first = list.find(isAborted);
    if (first) {
      abortSignal(joined, first.#reason);
      return joined;
    }
    const leave = list.map((signal) => watchSignal(signal, (reason) => {
      leave.forEach((one) => one());
      abortFromTimer(joined, reason);
    }));
    return joined;
  }
}

/** With nobody to throw to. */
function abortFromTimer(signal, reason) {
  try {
    abortSignal(signal, reason);
  } catch (error) {
    reportException(error);
  }
}

knowSignals({ watchSignal, isSignal, isAborted });
interfaceOf(AbortSignal, { isOne: isSignal, illegal: true, members: "aborted reason onabort throwIfAborted", statics: "abort timeout:number any:Array" });

let isController;

export class AbortController {
  #signal = makeSignal();

  static {
    isController = (value) => typeof value === "object" && value !== null && #signal in value;
  }

  get signal() { return this.#signal; }
  abort(reason) { apply(abortSignal, undefined, [this.#signal, reason]); }
}

interfaceOf(AbortController, { isOne: isController, members: "signal abort" });
