// SPDX-License-Identifier: GPL-3.0-or-later
// setTimeout and its family (HTML, section 8.6), queueMicrotask, scheduler.wait, performance.

import { native, defineGlobals } from "./native.js";
import { argumentError, fieldError, globalFunction, globalObject, interfaceOf, isDictionary } from "./interface.js";
import { keepFrame } from "./node/asyncframe.js";
import { isAborted, isSignal, reasonOf, watchSignal } from "./events.js";
import { reportUncaught } from "./rejections.js";

const { apply } = Reflect;
const scope = "ServiceWorkerGlobalScope";

function timer(name, callback, delay, args, repeat) {
  if (typeof callback !== "function") throw argumentError(scope, name, 1, "function");
  if (native.asyncFrame() !== undefined) callback = keepFrame(callback);
  return native.setTimer(() => apply(callback, globalObject, args), delay === undefined ? 0 : +delay || 0, repeat);
}

export const setTimeout = globalFunction("setTimeout", (callback, delay, ...args) => timer("setTimeout", callback, delay, args, false), ["function"]);
export const setInterval = globalFunction("setInterval", (callback, delay, ...args) => timer("setInterval", callback, delay, args, true), ["function"]);

function clear(id) {
  if (id === undefined || id === null) return;
  const number = +id;
  if (number > 0 && number <= 4294967295 && Number.isInteger(number)) native.clearTimer(number);
}

const clearTimeout = globalFunction("clearTimeout", clear, ["Number"]);
const clearInterval = globalFunction("clearInterval", clear, ["Number"]);

const { then } = Promise.prototype;
const settled = () => Promise.resolve();

const queueMicrotask = globalFunction("queueMicrotask", (callback) => {
  if (typeof callback !== "function") throw argumentError(scope, "queueMicrotask", 1, "function");
  apply(then, settled(), [() => {
    try {
      callback();
    } catch (error) {
      reportUncaught(error);
    }
  }]);
}, ["function"]);

const reportError = globalFunction("reportError", (error) => reportUncaught(error), ["Value"]);

let isPerformance;

class Performance {
  #mark;

  static {
    isPerformance = (value) => typeof value === "object" && value !== null && #mark in value;
  }

  /** The clock counts from 1970, as in the Workers runtime. */
  get timeOrigin() { return 0; }
  now() { return Math.floor(native.now()); }
}

interfaceOf(Performance, { isOne: isPerformance, members: "timeOrigin now" });

let isScheduler;

class Scheduler {
  #mark;

  static {
    isScheduler = (value) => typeof value === "object" && value !== null && #mark in value;
  }

  wait(delay, options) {
    const milliseconds = +delay || 0;
    if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("Scheduler", "wait", 2, "WaitOptions");
    const signal = options?.signal;
    if (signal !== undefined && !isSignal(signal)) throw fieldError("signal", "WaitOptions", "AbortSignal");
    if (signal && isAborted(signal)) return Promise.reject(asError(reasonOf(signal)));
    return new Promise((resolve, reject) => {
      let leave = () => {};
      const id = native.setTimer(() => {
        leave();
        resolve();
      }, milliseconds, false);
      if (signal) {
        leave = watchSignal(signal, (reason) => {
          native.clearTimer(id);
          reject(asError(reason));
        });
      }
    });
  }
}

/** What is no object goes through workerd's C++ and comes out as an Error. */
const asError = (reason) => (typeof reason === "object" && reason !== null ? reason : new Error(String(reason)));

interfaceOf(Scheduler, { isOne: isScheduler, members: "wait:number" });

defineGlobals({ setTimeout, setInterval, clearTimeout, clearInterval, queueMicrotask, reportError, performance: new Performance(), scheduler: new Scheduler() });
