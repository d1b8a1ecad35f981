// SPDX-License-Identifier: GPL-3.0-or-later
// The C++ half's functions (core/runtime/natives*.cpp say what each takes and gives).

import { faceOf } from "./interface.js";

export const native = globalThis.__native;
delete globalThis.__native;

/** Defines globals as the platform does: writable, configurable, not enumerable. */
export function defineGlobals(values) {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(globalThis, name, { value: faceOf(value), writable: true, configurable: true, enumerable: false });
  }
}
