// SPDX-License-Identifier: GPL-3.0-or-later
// JSON.rawJSON, and JSON.parse that tells revivers the source. core-js does both by going through every value in JavaScript, which is left to the calls that need it.

import { large, mostRead, parseLarge, stringifyLarge } from "./largejson.js";
import { parse, stringify } from "./nativejson.js";
import "core-js/actual/json/is-raw-json";
import "core-js/actual/json/parse";
import "core-js/actual/json/raw-json";

const { parse: parseWithSource, rawJSON, stringify: stringifyRaw } = JSON;
const apply = Reflect.apply;
let anyRaw = false; // one was made
let wasLarge = false; // the text that was written last

/** JSON.parse(text) of a string, as the code finds it when it has changed nothing. */
export const parseJson = (text) => (text.length >= large && text.length <= mostRead ? parseLarge(text) : parse(text));

/** JSON.stringify(value), likewise. Code that writes a large text is expected to write the next one. */
export function stringifyJson(value) {
  if (anyRaw) return apply(stringifyRaw, JSON, [value]);
  const text = wasLarge ? stringifyLarge(value) : stringify(value);
  wasLarge = text !== undefined && text.length >= large;
  return text;
}

const methods = {
  parse(text, reviver) {
    if (typeof reviver !== "function") return typeof text === "string" ? parseJson(text) : parse(text);
    const source = `${text}`;
    parse(source); // whose words say what is wrong with it
    return parseWithSource(source, reviver);
  },
  rawJSON(text) {
    anyRaw = true;
    return rawJSON(text);
  },
  stringify(value, replacer, space) {
    if (replacer === undefined && space === undefined) return stringifyJson(value);
    return anyRaw ? apply(stringifyRaw, JSON, [value, replacer, space]) : stringify(value, replacer, space);
  },
};
for (const name of ["parse", "rawJSON", "stringify"]) {
  if (JSON[name] !== parse && JSON[name] !== stringify) Object.defineProperty(JSON, name, { value: methods[name], writable: true, configurable: true });
}
