// SPDX-License-Identifier: GPL-3.0-or-later
// The frame that follows code through promises, timers and streams: what AsyncLocalStorage stores, a list of
// { storage, value, rest } that is never changed, or undefined. No methods are called on it that user code could replace.
import { native } from "../native.js";

const { apply } = Reflect;

function without(frame, storage) {
  if (frame === undefined) return undefined;
  if (frame.storage === storage) return frame.rest;
  const rest = without(frame.rest, storage);
  return rest === frame.rest ? frame : { storage: frame.storage, value: frame.value, rest };
}

export const frameWith = (frame, storage, value) => ({ storage, value, rest: without(frame, storage) });

export function valueIn(frame, storage) {
  for (; frame !== undefined; frame = frame.rest) if (frame.storage === storage) return frame.value;
  return undefined;
}

export const currentFrame = () => native.asyncFrame();

/** Calls with `frame` in place, and puts back what was there. */
export function runIn(frame, callback, self, args) {
  const before = native.asyncFrame();
  native.setAsyncFrame(frame);
  try {
    return apply(callback, self, args);
  } finally {
    native.setAsyncFrame(before);
  }
}

/** A function that runs where it was made. */
export function keepFrame(callback) {
  const frame = native.asyncFrame();
  return function (...args) {
    return runIn(frame, callback, this, args);
  };
}
