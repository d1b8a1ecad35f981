// SPDX-License-Identifier: GPL-3.0-or-later
// ECDSA and ECDH on the NIST curves (Web Cryptography API, sections 23 and 24).

import { native } from "../native.js";
import { exportAsymmetric, halves, importAsymmetric, reasonAfter, requirePrivate, requirePublic } from "./asymmetric.js";
import { fail } from "./convert.js";
import { jwkBytes, toBase64Url } from "./jwk.js";
import { insideOf, makeKey } from "./key.js";
import { checkUsages, derivation, digestName, nativeDigest, requireField } from "./usages.js";

const curves = ["P-256", "P-384", "P-521"];
const signatures = ["ES256", "ES384", "ES512"];

function curveName(given) {
  const name = given.toUpperCase();
  return curves.includes(name) ? name : fail("NotSupportedError", `Unrecognized or unimplemented EC curve "${given}" requested.`);
}

function readJwk(jwk, name, curve) {
  if (jwk.kty !== "EC") fail("DataError", `Elliptic curve "jwk" key import requires a JSON Web Key with Key Type parameter "kty" ("${jwk.kty}") equal to "EC".`);
  if (name === "ECDSA" && jwk.alg !== undefined) {
    const at = signatures.indexOf(jwk.alg);
    if (at < 0) fail("NotSupportedError", `Unrecognized or unimplemented algorithm "${jwk.alg}" listed in JSON Web Key Algorithm parameter.`);
    if (curves[at] !== curve) fail("DataError", `JSON Web Key Algorithm parameter "alg" ("${jwk.alg}") does not match requested curve.`);
  }
  const x = jwkBytes(jwk.x, "Invalid EC key in JSON Web Key; missing \"x\".");
  const y = jwkBytes(jwk.y, "Invalid EC key in JSON Web Key; missing \"y\".");
  const d = jwk.d === undefined ? undefined : jwkBytes(jwk.d, "Invalid EC key in JSON Web Key; missing or invalid private key component (\"d\").");
  const handle = native.cryptoKeyCurve(curve, [x, y, d]);
  if (handle === false) fail("DataError", "Invalid EC key in JSON Web Key.");
  if (typeof handle === "string") fail("OperationError", `Invalid EC key; public key coordinates "x" and "y" are invalid${reasonAfter(handle)}`);
  return handle;
}

function importRaw(name, curve, bytes, usages) {
  checkUsages(name, "import public", usages, name === "ECDSA" ? ["verify"] : []);
  const handle = native.cryptoKeyCurve(curve, bytes);
  if (typeof handle === "string") fail("DataError", `Failed to import raw EC key data${reasonAfter(handle || "Invalid point encoding.")}`);
  return { handle, type: "public", usages };
}

function exportJwk(key) {
  const [x, y, d] = native.cryptoKeyParts(key.handle);
  const jwk = { kty: "EC", crv: key.algorithm.namedCurve, x: toBase64Url(x), y: toBase64Url(y) };
  if (key.type === "private") jwk.d = toBase64Url(d);
  return jwk;
}

function exportRaw(key) {
  if (key.type !== "public") fail("InvalidAccessError", "Raw export of elliptic curve keys is only allowed for public keys.");
  return native.cryptoKeyPoint(key.handle);
}

function callDigest(algorithm) {
  if (algorithm.hash === undefined) {
    throw new TypeError("Missing \"hash\" in AlgorithmIdentifier. (ECDSA requires that the hash algorithm be specified at call time rather than on the key. "
      + "This differs from other WebCrypto algorithms for historical reasons.)");
  }
  return nativeDigest(digestName(algorithm.hash));
}

const hasCurve = (name) => name === "ECDH" || name === "ECDSA" || name === "NODE-ED25519";

/** The peer's key of an agreement, when it fits. */
export function peerKey(algorithm, key, operation) {
  const { name } = key.algorithm;
  if (name !== operation) fail("NotSupportedError", `The deriveBits operation is not implemented for "${name}".`);
  if (key.type !== "private") fail("InvalidAccessError", `The deriveBits operation is only valid for a private key, not "${key.type}".`);
  const peer = insideOf(requireField(algorithm.public, "public", "derivedKeyParams"));
  if (peer.type !== "public") fail("InvalidAccessError", `The provided key has type "${peer.type}", not "public"`);
  const other = peer.algorithm.name;
  if (hasCurve(name) !== hasCurve(other) || other.startsWith("RSA")) {
    fail("InvalidAccessError", `Base ${name} private key cannot be used to derive a key from a peer ${other} public key`);
  }
  if (name !== other) fail("InvalidAccessError", `Private key for derivation is using "${name}" while public key is using "${other}".`);
  return peer;
}

/** The first bits of a secret; all of it without a number. */
export function firstBits(secret, bits = secret.byteLength * 8) {
  if (bits > secret.byteLength * 8) fail("OperationError", `Derived key length (${bits} bits) is too long (should be at most ${secret.byteLength * 8} bits).`);
  const bytes = new Uint8Array(secret.slice(0, Math.ceil(bits / 8)));
  const unused = bytes.length * 8 - bits;
  if (unused > 0) bytes[bytes.length - 1] &= 0xff << unused;
  return bytes.buffer;
}

export const elliptic = {
  generate(name, algorithm, extractable, usages) {
    checkUsages(name, "generate", usages, name === "ECDSA" ? ["sign", "verify"] : derivation);
    const namedCurve = curveName(requireField(algorithm.namedCurve, "namedCurve"));
    const handle = native.cryptoKeyGenerate(namedCurve);
    const { publicKey, privateKey } = halves(handle, usages, { family: elliptic, extractable, algorithm: { name, namedCurve } });
    return { publicKey: makeKey(publicKey), privateKey: makeKey(privateKey) };
  },

  import(name, format, data, algorithm, extractable, usages) {
    const given = requireField(algorithm.namedCurve, "namedCurve");
    const namedCurve = curveName(given);
    const allowed = name === "ECDSA" ? ["sign", "verify"] : derivation;
    const key = format === "raw" ? importRaw(name, namedCurve, data.bytes, usages)
      : importAsymmetric(name, format, data, extractable, usages, allowed, (jwk) => readJwk(jwk, name, namedCurve));
    const [kind, , curve] = native.cryptoKeyInfo(key.handle);
    if (kind !== "EC") fail("DataError", name === "ECDSA" ? "Input was not an EC key." : "Input was not an EC public key nor a DH key.");
    if (curve !== namedCurve) {
      fail("DataError", `"algorithm.namedCurve" "${given}"${name === "ECDH" ? "," : ""} does not match the curve specified by the input key data.`);
    }
    return makeKey({ family: elliptic, extractable, ...key, algorithm: { name, namedCurve } });
  },

  export: (key, format) => exportAsymmetric(key, format, exportJwk, exportRaw),

  sign(algorithm, key, data) {
    requirePrivate(key);
    const signature = native.cryptoSign(key.handle, callDigest(algorithm), "", 0, true, data);
    return typeof signature === "string" ? fail("OperationError", "ECDSA signing failed.") : signature;
  },

  verify(algorithm, key, signature, data) {
    requirePublic(key);
    return native.cryptoVerify(key.handle, callDigest(algorithm), "", 0, true, signature, data) ?? false;
  },

  derive(algorithm, key, bits) {
    const peer = peerKey(algorithm, key, "ECDH");
    const curve = peer.algorithm.namedCurve;
    if (curve !== key.algorithm.namedCurve) {
      fail("InvalidAccessError", `Private key for derivation is using curve "${key.algorithm.namedCurve}" while public key is using "${curve}".`);
    }
    const secret = native.cryptoAgree(key.handle, peer.handle);
    if (typeof secret === "string") fail("OperationError", "Failed to generate shared ECDH secret.");
    return firstBits(secret, bits);
  },
};
