// SPDX-License-Identifier: GPL-3.0-or-later
// What the code's compatibility date and flags come to (core/runtime/compatibility.h).

import { illegalConstructor } from "./idl.js";
import { defineGlobals } from "./native.js";

let holding = null; // the flags that hold
const preparations = [];

const Cloudflare = illegalConstructor("Cloudflare");
defineGlobals({ Cloudflare: undefined }); // keeps the place among the globals

/** `work` is done once for each loaded version of the code, when the flags are known and before any of it runs: for globals that depend on them. */
export function onceFlagsAreKnown(work) {
  preparations.push(work);
}

/** `flags`: a flag, whether it holds, a flag, ... */
export function setCompatibility(flags) {
  const all = Object.create(null);
  holding = new Set();
  for (let i = 0; i < flags.length; i += 2) {
    all[flags[i]] = flags[i + 1];
    if (flags[i + 1]) holding.add(flags[i]);
  }
  const value = Object.create(Cloudflare.prototype, { compatibilityFlags: { value: Object.freeze(all), writable: true, configurable: true, enumerable: true } });
  Object.defineProperty(globalThis, "Cloudflare", { value, writable: true, configurable: true, enumerable: true });
  for (const work of preparations.splice(0)) work();
}

/** Whether a flag holds, by the name that turns it on. Not known while the snapshot is made. */
export function compat(name) {
  if (!holding) throw new Error(`compat("${name}") is asked before there is code`);
  return holding.has(name);
}
