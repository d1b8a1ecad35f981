// SPDX-License-Identifier: GPL-3.0-or-later
// What util.inspect has to be told by the engine; the build puts it into node-inspect-extracted (core/runtime/CMakeLists.txt).
import { native } from "../native.js";

export default {
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
