// SPDX-License-Identifier: GPL-3.0-or-later
// Float16Array (ES2025). The library's arrays are proxies of Uint16Arrays; it is read when the global is looked at for the first time.

import { onceFlagsAreKnown } from "../compat.js";
import { native } from "../native.js";
import { knowFloat16Arrays } from "./views.js";

const { defineProperty } = Object;
let Class;

function load() {
  if (Class) return Class;
  const { Float16Array } = require("@petamoriken/float16");
  defineProperty(Float16Array, "name", { value: "Float16Array", configurable: true }); // the bundler's is another
  native.knowFloat16Array(new Float16Array(0));
  knowFloat16Arrays(native.float16Bits);
  return (Class = Float16Array);
}
// In the snapshot, it would keep the code of all that ran alive.
onceFlagsAreKnown(() => native.lazyGlobal("Float16Array", load));

/** A Float16Array of what float16Bits() gave, or of a copy of it. */
export const float16Array = (bits) => new (load())(bits.buffer, bits.byteOffset, bits.length);
