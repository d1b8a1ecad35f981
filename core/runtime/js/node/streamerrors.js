// SPDX-License-Identifier: GPL-3.0-or-later
// Gives readable-stream's errors the form of the runtime's others. Has to run before its modules take them.
import errors from "readable-stream/lib/ours/errors.js";
import { nodeError } from "./errors.js";

for (const [code, Original] of Object.entries(errors.codes)) {
  errors.codes[code] = function (...args) {
    const { message } = new Original(...args);
    const make = Original.prototype instanceof TypeError ? nodeError.type : Original.prototype instanceof RangeError ? nodeError.range : nodeError.plain;
    return make(code, message);
  };
}
