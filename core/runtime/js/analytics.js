// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript face of an Analytics Engine dataset (Workers Analytics Engine, "Get started").

import { bytesIn } from "./encoding.js";
import { argumentError, fieldError, interfaceOf, isDictionary } from "./interface.js";
import { native } from "./native.js";
import { apply } from "./primordials.js";
import { knowPlatformClass } from "./structuredclone.js";

const { isArray } = Array;
const none = [];

function listOf(value, field) {
  if (value === undefined) return none;
  if (!isArray(value)) throw fieldError(field, "AnalyticsEngineEvent", "Array");
  return value;
}

/** A text, bytes, or undefined for nothing at all. */
const partOf = (value) => (typeof value === "string" ? value : value === null || value === undefined ? undefined : (bytesIn(value) ?? `${value}`));

let isEngine;
let makeEngine;

class AnalyticsEngine {
  #index;

  static {
    isEngine = (value) => typeof value === "object" && value !== null && #index in value;
    makeEngine = (index) => {
      const made = new AnalyticsEngine();
      made.#index = index;
      return made;
    };
  }

  writeDataPoint(event) {
    native.refuseInGlobalScope();
    if (event === undefined || event === null) event = {};
    else if (!isDictionary(event)) throw argumentError("AnalyticsEngine", "writeDataPoint", 1, "AnalyticsEngineEvent");
    const indexes = listOf(event.indexes, "indexes");
    const point = [this.#index, indexes.length, 0];
    for (let i = 0; i < point[1]; i += 1) point.push(partOf(indexes[i]));
    const doubles = listOf(event.doubles, "doubles");
    const count = (point[2] = doubles.length);
    for (let i = 0; i < count; i += 1) point.push(+doubles[i]);
    const blobs = listOf(event.blobs, "blobs");
    for (let i = 0, { length } = blobs; i < length; i += 1) point.push(partOf(blobs[i]));
    apply(native.analyticsWrite, native, point);
  }
}
interfaceOf(AnalyticsEngine, { isOne: (value) => isEngine(value), members: "writeDataPoint", illegal: true });
knowPlatformClass(AnalyticsEngine, "AnalyticsEngine");

/** A dataset of `env`. */
export const analyticsEngine = (index) => makeEngine(index);
