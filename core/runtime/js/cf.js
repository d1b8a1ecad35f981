// SPDX-License-Identifier: GPL-3.0-or-later
// The cf object of requests and responses: plain JSON, copied at each border.

import { fieldError, isDictionary } from "./interface.js";

const { parse, stringify } = JSON;

/** A copy of what user code gave in a field cf. */
export function cfOf(given, dictionary) {
  if (!isDictionary(given)) throw fieldError("cf", dictionary, "Object");
  return parse(String(stringify(given)));
}

export function copyCf(cf) {
  return cf === undefined ? undefined : parse(stringify(cf));
}

const { freeze, values } = Object;

function frozen(value) {
  if (typeof value !== "object" || value === null) return value;
  const members = values(value);
  for (let i = 0; i < members.length; ++i) frozen(members[i]);
  return freeze(value);
}

export function frozenJson(text) {
  return frozen(parse(text));
}
