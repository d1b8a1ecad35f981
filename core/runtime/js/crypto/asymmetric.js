// SPDX-License-Identifier: GPL-3.0-or-later
// What RSA keys and those on curves have in common: import, export, signatures.

import { native } from "../native.js";
import { fail } from "./convert.js";
import { checkAsymmetricJwk, makeJwk } from "./jwk.js";
import { both, checkUsages, privateUsages, publicUsages } from "./usages.js";

const bytesOrFail = (handle) => (handle instanceof ArrayBuffer ? handle : undefined);

/** What follows a message: OpenSSL's reason, where workerd shows one. */
export const reasonAfter = (reason) => (reason.endsWith(".") ? `: ${reason}.` : ".");

function fromDer(kind, label, bytes) {
  const tries = kind === "pkcs8" ? ["pkcs8", "pkcs1", "sec1"] : [kind];
  for (const each of tries) {
    const read = native.cryptoKeyFromDer(each, bytes);
    if (typeof read === "number") fail("DataError", `Invalid ${read} trailing bytes after ${label} input.`);
    if (bytesOrFail(read)) return read;
  }
  return fail("DataError", `Invalid ${label} input.`);
}

/** {handle, type, usages} of a key in spki, pkcs8 or jwk; readJwk(jwk) gives the handle. */
export function importAsymmetric(name, format, { bytes, jwk }, extractable, usages, allowed, readJwk) {
  if (format === "jwk") {
    const type = jwk.d === undefined ? "public" : "private";
    if (type === "private") {
      checkUsages(name, "import private", usages, both(allowed, privateUsages));
      if (jwk.oth !== undefined) fail("NotSupportedError", "Multi-prime private keys not supported.");
    } else {
      checkUsages(name, "import public", usages, both(allowed, publicUsages));
    }
    checkAsymmetricJwk(name, jwk, extractable, usages);
    return { handle: readJwk(jwk), type, usages };
  }
  if (format === "spki") {
    const handle = fromDer("spki", "SPKI", bytes);
    return { handle, type: "public", usages: checkUsages(name, "import public", usages, both(allowed, publicUsages)) };
  }
  if (format === "pkcs8") {
    const handle = fromDer("pkcs8", "PKCS8", bytes);
    return { handle, type: "private", usages: checkUsages(name, "import private", usages, both(allowed, privateUsages)) };
  }
  return fail("NotSupportedError", `Unrecognized key import format "${format}".`);
}

/** exportJwk(key) gives the members that depend on the algorithm, exportRaw(key) an ArrayBuffer. */
export function exportAsymmetric(key, format, exportJwk, exportRaw) {
  if (format === "pkcs8") {
    if (key.type !== "private") fail("InvalidAccessError", `Asymmetric pkcs8 export requires private key (not "${key.type}").`);
    return native.cryptoKeyToDer(key.handle, "pkcs8", false) ?? fail("OperationError", "Private key export failed.");
  }
  if (format === "spki") {
    if (key.type !== "public") fail("InvalidAccessError", `Asymmetric spki export requires public key (not "${key.type}").`);
    return native.cryptoKeyToDer(key.handle, "spki", false) ?? fail("OperationError", "Public key export failed.");
  }
  if (format === "jwk") return makeJwk({ ...exportJwk(key), ext: true, key_ops: [...key.usages] });
  if (format === "raw") return exportRaw(key);
  return fail("InvalidAccessError", `Cannot export "${key.algorithm.name}" in "${format}" format.`);
}

export function requirePrivate(key) {
  if (key.type !== "private") fail("InvalidAccessError", "Asymmetric signing requires a private key.");
}

export function requirePublic(key) {
  if (key.type !== "public") fail("InvalidAccessError", "Asymmetric verification requires a public key.");
}

/** Both halves of a generated key. inside: family and algorithm. */
export function halves(handle, usages, inside) {
  if (typeof handle === "string") fail("OperationError", "Key generation failed.");
  const privateKey = { ...inside, type: "private", handle, usages: both(usages, privateUsages) };
  const publicKey = { ...inside, type: "public", handle: native.cryptoKeyPublic(handle), usages: both(usages, publicUsages), extractable: true };
  return { publicKey, privateKey };
}
