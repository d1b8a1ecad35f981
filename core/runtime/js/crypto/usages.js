// SPDX-License-Identifier: GPL-3.0-or-later
// Which usages a key may have, and the digests by their names.

import { fail } from "./convert.js";

export const privateUsages = ["decrypt", "sign", "deriveKey", "deriveBits", "unwrapKey"];
export const publicUsages = ["encrypt", "verify", "wrapKey"];
export const derivation = ["deriveKey", "deriveBits"];

export const both = (left, right) => left.filter((usage) => right.includes(usage));

/** doing: "generate", "import secret", "import public" or "import private". */
export function checkUsages(name, doing, usages, allowed) {
  for (const usage of usages) {
    if (!allowed.includes(usage)) fail("SyntaxError", `Attempt to ${doing} ${name} key with invalid usage "${usage}".`);
  }
  return usages;
}

const digests = { __proto__: null, "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512", MD5: "md5" };
const sizes = { __proto__: null, "SHA-1": [20, 64], "SHA-256": [32, 64], "SHA-384": [48, 128], "SHA-512": [64, 128], MD5: [16, 64] };

/** The digest's name as the standard spells it. */
export function digestName(given) {
  const name = given.toUpperCase();
  if (!(name in digests)) fail("NotSupportedError", "Unrecognized or unimplemented digest algorithm requested.");
  return name;
}

/** As OpenSSL spells it. */
export const nativeDigest = (name) => digests[name];
export const digestBytes = (name) => sizes[name][0];
export const blockBits = (name) => sizes[name][1] * 8;

export function requireField(value, field, where = "algorithm") {
  if (value === undefined) throw new TypeError(`Missing field "${field}" in "${where}".`);
  return value;
}
