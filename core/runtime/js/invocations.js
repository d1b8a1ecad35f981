// SPDX-License-Identifier: GPL-3.0-or-later
// The requests that run, by their numbers, and what is asked for on behalf of the current one.

import { native } from "./native.js";
import { SafeMap } from "./primordials.js";

export const running = new SafeMap(); // request -> Invocation, until it has ended

/** Keeps the current request alive until `promise` is settled. */
export function waitUntil(promise) {
  native.refuseInGlobalScope();
  (running.get(native.currentRequest()) ?? running.get(native.ioContext()))?.waitUntil(promise, 0);
}
