// SPDX-License-Identifier: GPL-3.0-or-later
// Atomics.pause (ES2026): a hint that there is a loop, with nothing to be seen.

import { onceFlagsAreKnown } from "../compat.js";

const { pause } = {
  pause(count) {
    if (count !== undefined && (typeof count !== "number" || !Number.isInteger(count))) throw new TypeError("Atomics.pause: the iteration number is no integer");
  },
};
Object.defineProperty(pause, "length", { value: 0, configurable: true });
// The engine makes Atomics only after the snapshot.
onceFlagsAreKnown(() => Object.defineProperty(globalThis.Atomics, "pause", { value: pause, writable: true, configurable: true, enumerable: false }));
