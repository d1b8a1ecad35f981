// SPDX-License-Identifier: GPL-3.0-or-later
// What util.inspect has to be told by the engine; the build puts it into node-inspect-extracted (core/runtime/CMakeLists.txt).
import { float16Bits } from "../language/views.js";
import { native } from "../native.js";
import types from "./types.js";

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, setPrototypeOf } = Object;

/** An array of the engine's that looks like one of Float16Array's. */
function likeness(value, bits, showHidden) {
  const shown = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; ++i) shown[i] = value[i];
  const keys = Reflect.ownKeys(bits);
  for (let i = bits.length; i < keys.length; ++i) defineProperty(shown, keys[i], getOwnPropertyDescriptor(bits, keys[i]));
  if (!showHidden) defineProperty(shown, Symbol.toStringTag, { value: "Float16Array" });
  return setPrototypeOf(shown, getPrototypeOf(value));
}

export default {
  isTypedArray: types.isTypedArray,
  shown(value, { showHidden }) {
    const bits = float16Bits(value);
    return bits === undefined ? value : likeness(value, bits, showHidden);
  },
  promise(value, pending, rejected) {
    const [state, result] = native.promiseDetails(value);
    return [state === 0 ? pending : state === 1 ? "fulfilled" : rejected, result];
  },
  proxy(value, full = true) {
    const details = native.proxyDetails(value);
    return details && !full ? details[0] : details;
  },
  entries(value, isIterator) {
    const details = native.previewEntries(value);
    if (!details) return isIterator ? [[], false] : [];
    return isIterator ? details : details[0];
  },
};
