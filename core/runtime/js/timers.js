// SPDX-License-Identifier: GPL-3.0-or-later
// setTimeout and its family (HTML, section 8.6), queueMicrotask, scheduler.wait, performance.

import { native, defineGlobals } from "./native.js";
import { reportException } from "./errors.js";

function timer(callback, delay, args, repeat) {
  if (typeof callback !== "function") throw new TypeError("Failed to set a timer: the callback is not a function.");
  return native.setTimer(args.length === 0 ? () => callback() : () => callback(...args), Number(delay) || 0, repeat);
}

const setTimeout = (callback, delay, ...args) => timer(callback, delay, args, false);
const setInterval = (callback, delay, ...args) => timer(callback, delay, args, true);
const clearTimeout = (id) => {
  if (typeof id === "number") native.clearTimer(id);
};
const clearInterval = (id) => clearTimeout(id);

function queueMicrotask(callback) {
  if (typeof callback !== "function") throw new TypeError("Failed to execute 'queueMicrotask': parameter 1 is not of type 'Function'.");
  Promise.resolve().then(() => {
    try {
      callback();
    } catch (error) {
      reportException(error);
    }
  });
}

class Performance {
  /** The clock counts from 1970, as in the Workers runtime. */
  get timeOrigin() {
    return 0;
  }
  now() {
    return native.now();
  }
  get [Symbol.toStringTag]() {
    return "Performance";
  }
}

class Scheduler {
  wait(delay, options) {
    return new Promise((resolve, reject) => {
      const signal = options?.signal;
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        native.clearTimer(id);
        reject(signal.reason);
      };
      const id = native.setTimer(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, Number(delay) || 0, false);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
}

defineGlobals({ setTimeout, setInterval, clearTimeout, clearInterval, queueMicrotask, Performance, performance: new Performance(), scheduler: new Scheduler() });
