// SPDX-License-Identifier: GPL-3.0-or-later
// ArrayBuffer.isView, which has to know arrays of float16array.js. Comes first, so that whoever keeps the function keeps this one.

const { isView: isEngineView } = ArrayBuffer;
let bitsOf; // given when Float16Array is looked at: before that there are none of its arrays

export function knowFloat16Arrays(given) {
  bitsOf = given;
}

/** The Uint16Array behind one of Float16Array's arrays, else undefined. */
export const float16Bits = (value) => (bitsOf === undefined ? undefined : bitsOf(value));

const { isView } = {
  isView(value) {
    return isEngineView(value) || (bitsOf !== undefined && bitsOf(value) !== undefined);
  },
};
Object.defineProperty(ArrayBuffer, "isView", { value: isView, writable: true, configurable: true, enumerable: false });
