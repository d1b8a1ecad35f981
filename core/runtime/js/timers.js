// SPDX-License-Identifier: GPL-3.0-or-later
// setTimeout and its family (HTML, section 8.6), queueMicrotask, scheduler.wait, performance, structuredClone, crypto's random part.

import { native, defineGlobals } from "./native.js";
import { DOMException } from "./domexception.js";
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

function structuredClone(value, options) {
  let transfer;
  if (options?.transfer !== undefined) transfer = Array.from(options.transfer);
  try {
    return native.structuredClone(value, transfer);
  } catch (error) {
    if (typeof error === "string") throw new DOMException(error, "DataCloneError");
    throw error;
  }
}

class Performance {
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
      const id = native.setTimer(() => resolve(), Number(delay) || 0, false);
      signal?.addEventListener("abort", () => {
        native.clearTimer(id);
        reject(signal.reason);
      }, { once: true });
    });
  }
}

class Crypto {
  getRandomValues(view) {
    if (!ArrayBuffer.isView(view) || view instanceof Float32Array || view instanceof Float64Array || view instanceof DataView) {
      throw new DOMException("The data argument must be an integer-type TypedArray.", "TypeMismatchError");
    }
    if (view.byteLength > 65536) throw new DOMException(`getRandomValues() only accepts buffers of size <= 64K but provided ${view.byteLength} bytes.`, "QuotaExceededError");
    native.randomFill(view);
    return view;
  }

  randomUUID() {
    const bytes = new Uint8Array(16);
    native.randomFill(bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = "";
    for (let i = 0; i < 16; ++i) text += (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + (bytes[i] + 256).toString(16).slice(1);
    return text;
  }

  get [Symbol.toStringTag]() {
    return "Crypto";
  }
}

defineGlobals({
  setTimeout, setInterval, clearTimeout, clearInterval, queueMicrotask, structuredClone,
  Performance, performance: new Performance(), Crypto, crypto: new Crypto(), scheduler: new Scheduler(),
});
