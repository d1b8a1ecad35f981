// SPDX-License-Identifier: GPL-3.0-or-later
// JSON.rawJSON, and JSON.parse that tells revivers the source. core-js does both by going through every value in JavaScript, which is left to the calls that need it.

import { parse, stringify } from "./nativejson.js";
import "core-js/actual/json/is-raw-json";
import "core-js/actual/json/parse";
import "core-js/actual/json/raw-json";

const { parse: parseWithSource, rawJSON, stringify: stringifyRaw } = JSON;
const apply = Reflect.apply;
let anyRaw = false; // one was made

const methods = {
  parse(text, reviver) {
    if (typeof reviver !== "function") return parse(text);
    const source = `${text}`;
    parse(source); // whose words say what is wrong with it
    return parseWithSource(source, reviver);
  },
  rawJSON(text) {
    anyRaw = true;
    return rawJSON(text);
  },
  stringify(value, replacer, space) {
    return anyRaw ? apply(stringifyRaw, JSON, [value, replacer, space]) : stringify(value, replacer, space);
  },
};
for (const name of ["parse", "rawJSON", "stringify"]) {
  if (JSON[name] !== parse && JSON[name] !== stringify) Object.defineProperty(JSON, name, { value: methods[name], writable: true, configurable: true });
}
