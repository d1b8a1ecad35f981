// SPDX-License-Identifier: GPL-3.0-or-later
// HKDF and PBKDF2 (Web Cryptography API, sections 32 and 33).

import { native } from "../native.js";
import { fail } from "./convert.js";
import { makeKey } from "./key.js";
import { checkUsages, derivation, digestName, nativeDigest, requireField } from "./usages.js";

/** Production refuses more. */
export const mostIterations = 100000;

function bytesWanted(name, bits) {
  if (bits === undefined) fail("OperationError", `${name} cannot derive a key with null length.`);
  if (bits % 8 !== 0) fail("OperationError", `${name} requires a derived key length that is a multiple of eight (requested ${bits}).`);
  return bits / 8;
}

function hkdf(algorithm, key, bits) {
  const hash = nativeDigest(digestName(requireField(algorithm.hash, "hash")));
  const salt = requireField(algorithm.salt, "salt");
  const info = requireField(algorithm.info, "info");
  const size = bytesWanted("HKDF", bits);
  return native.cryptoHkdf(hash, key.bytes, salt, info, size) ?? fail("OperationError", "HKDF deriveBits failed.");
}

function pbkdf2(algorithm, key, bits) {
  const hash = nativeDigest(digestName(requireField(algorithm.hash, "hash")));
  const salt = requireField(algorithm.salt, "salt");
  const iterations = requireField(algorithm.iterations, "iterations");
  const size = bytesWanted("PBKDF2", bits);
  if (iterations <= 0) fail("OperationError", `PBKDF2 requires a positive iteration count (requested ${iterations}).`);
  checkIterations(iterations);
  return native.cryptoPbkdf2(hash, key.bytes, salt, iterations, size) ?? fail("OperationError", "PBKDF2 deriveBits failed.");
}

export function checkIterations(iterations) {
  if (iterations > mostIterations) fail("NotSupportedError", `Pbkdf2 failed: iteration counts above ${mostIterations} are not supported (requested ${iterations}).`);
}

export const kdf = {
  import(name, format, { bytes }, algorithm, extractable, usages) {
    checkUsages(name, "import secret", usages, derivation);
    if (extractable) fail("SyntaxError", `${name} key cannot be extractable.`);
    if (format !== "raw") fail("NotSupportedError", `${name} key must be imported in "raw" format (requested "${format}")${name === "PBKDF2" ? "." : ""}`);
    return makeKey({ family: kdf, type: "secret", extractable, usages, algorithm: { name }, bytes });
  },

  derive(algorithm, key, bits) {
    return key.algorithm.name === "HKDF" ? hkdf(algorithm, key, bits) : pbkdf2(algorithm, key, bits);
  },
};
