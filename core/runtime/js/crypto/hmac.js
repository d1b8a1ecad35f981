// SPDX-License-Identifier: GPL-3.0-or-later
// HMAC (Web Cryptography API, section 31).

import { native } from "../native.js";
import { fail } from "./convert.js";
import { jwkBytes, makeJwk, toBase64Url } from "./jwk.js";
import { makeKey } from "./key.js";
import { blockBits, checkUsages, digestName, nativeDigest, requireField } from "./usages.js";

const allowed = ["sign", "verify"];

function secretKey(bytes, hash, length, extractable, usages) {
  const unused = bytes.length * 8 - length;
  if (unused > 0) bytes[bytes.length - 1] &= 0xff << unused;
  return makeKey({ family: hmac, type: "secret", extractable, usages, algorithm: { name: "HMAC", hash, length: length & 0xffff }, bytes });
}

function readJwk(jwk, hash) {
  if (jwk.kty !== "oct") {
    fail("DataError", `HMAC "jwk" key import requires a JSON Web Key with Key Type parameter ("kty") equal to "oct" (encountered "${jwk.kty}").`);
  }
  const bytes = jwkBytes(jwk.k, "HMAC \"jwk\" key import requires a base64Url encoding of the key");
  if (jwk.alg !== undefined) {
    if (!hash.startsWith("SHA-")) fail("NotSupportedError", `Unrecognized or unimplemented hash algorithm requested${jwk.alg}`);
    const expected = `HS${hash.slice(4)}`;
    if (jwk.alg !== expected) {
      fail("DataError", `HMAC "jwk" key import specifies "alg" that is incompatible with the hash name (encountered "${jwk.alg}", expected "${expected}").`);
    }
  }
  return bytes;
}

export const hmac = {
  generate(name, algorithm, extractable, usages) {
    const hash = digestName(requireField(algorithm.hash, "hash"));
    checkUsages(name, "generate", usages, allowed);
    const length = algorithm.length ?? blockBits(hash);
    if (length <= 0) fail("OperationError", `HMAC key length must be a non-zero unsigned long integer (requested ${length}).`);
    const bytes = new Uint8Array(Math.ceil(length / 8));
    for (let at = 0; at < bytes.length; at += 1 << 30) native.randomFill(bytes.subarray(at, at + (1 << 30)));
    return secretKey(bytes, hash, length, extractable, usages);
  },

  import(name, format, { bytes, jwk }, algorithm, extractable, usages) {
    checkUsages(name, "import secret", usages, allowed);
    const hash = requireField(algorithm.hash, "hash");
    if (format !== "raw" && format !== "jwk") fail("NotSupportedError", `Unrecognized key import format "${format}".`);
    const key = jwk ? readJwk(jwk, hash) : bytes;
    const size = key.length * 8;
    const length = algorithm.length ?? size;
    if (length <= 0 || length > size || length <= size - 8) {
      fail("DataError", `Imported HMAC key length (${length}) must be a non-zero value up to 7 bits less than, and no greater than, the bit length of the raw key data (${size}).`);
    }
    return secretKey(key, digestName(hash), length, extractable, usages);
  },

  export(key, format) {
    if (format === "raw") return key.bytes.slice().buffer;
    if (format !== "jwk") fail("NotSupportedError", `Unimplemented key export format "${format}".`);
    const { hash } = key.algorithm;
    if (!hash.startsWith("SHA-")) fail("NotSupportedError", `Unimplemented JWK key export format for key algorithm "${hash}".`);
    return makeJwk({ kty: "oct", k: toBase64Url(key.bytes), alg: `HS${hash.slice(4)}`, key_ops: [...key.usages], ext: true });
  },

  sign(algorithm, key, data) {
    return native.cryptoHmac(nativeDigest(key.algorithm.hash), key.bytes, data) ?? fail("OperationError", "HMAC computation failed.");
  },

  verify(algorithm, key, signature, data) {
    return native.cryptoEqual(this.sign(algorithm, key, data), signature);
  },
};
