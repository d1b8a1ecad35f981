// SPDX-License-Identifier: GPL-3.0-or-later
// Ed25519, its older name NODE-ED25519, and X25519 (Secure Curves in the Web Cryptography API).

import { native } from "../native.js";
import { exportAsymmetric, halves, importAsymmetric, requirePrivate, requirePublic } from "./asymmetric.js";
import { fail } from "./convert.js";
import { firstBits, peerKey } from "./elliptic.js";
import { jwkBytes, toBase64Url } from "./jwk.js";
import { makeKey } from "./key.js";
import { checkUsages, derivation, requireField } from "./usages.js";

const curveOf = (name) => (name === "X25519" ? "X25519" : "Ed25519");

function checkCurve(name, algorithm) {
  if (name !== "NODE-ED25519") return;
  const curve = requireField(algorithm.namedCurve, "namedCurve");
  if (curve !== "NODE-ED25519") fail("NotSupportedError", `EDDSA curve "${curve}" isn't supported.`);
}

const shown = (name) => (name === "NODE-ED25519" ? { name, namedCurve: name } : { name });

function readJwk(jwk, curve) {
  if (jwk.kty !== "OKP") fail("DataError", `${curve} "jwk" key imports requires a JSON Web Key with Key Type parameter "kty" ("${jwk.kty}") equal to "OKP".`);
  if (jwk.crv === undefined) fail("DataError", `Missing field "crv" for ${curve} key.`);
  if (jwk.crv !== curve) fail("NotSupportedError", `Only ${curve} is supported but "${jwk.crv}" was requested.`);
  if (curve === "Ed25519" && jwk.alg !== undefined && jwk.alg !== "EdDSA") {
    fail("DataError", `JSON Web Key Algorithm parameter "alg" ("${jwk.alg}") does not match requested Ed25519 curve.`);
  }
  const x = jwkBytes(jwk.x, `Invalid ${curve} key in JSON WebKey; missing or invalid public key component ("x").`);
  if (x.length !== 32) fail("DataError", `Invalid length ${x.length} for public key`);
  if (jwk.d === undefined) return native.cryptoKeyRaw(curve, x, false);
  const d = jwkBytes(jwk.d, `Invalid ${curve} key in JSON Web Key; missing or invalid private key component ("d").`);
  if (d.length !== 32) fail("DataError", `Invalid length ${d.length} for private key`);
  return native.cryptoKeyRaw(curve, d, true);
}

function importRaw(name, bytes, usages) {
  checkUsages(name, "import public", usages, name === "X25519" ? [] : ["verify"]);
  const curve = curveOf(name);
  if (bytes.length !== 32) fail("DataError", `${curve} raw keys must be exactly 32-bytes (provided ${bytes.length}).`);
  return { handle: native.cryptoKeyRaw(curve, bytes, false), type: "public", usages };
}

/** A key of another kind can be imported as one of these, as in workerd, but nothing can be done with it. */
const fits = (key) => native.cryptoKeyInfo(key.handle)[0] === curveOf(key.algorithm.name);

function exportJwk(key) {
  if (!fits(key)) throw new Error("internal error");
  const { name } = key.algorithm;
  const [x, , d] = native.cryptoKeyParts(key.handle);
  const jwk = { kty: "OKP", crv: curveOf(name), x: toBase64Url(x) };
  if (name === "Ed25519") jwk.alg = "EdDSA";
  if (key.type === "private") jwk.d = toBase64Url(d);
  return jwk;
}

function exportRaw(key) {
  if (key.type !== "public") fail("InvalidAccessError", `Raw export of ${key.algorithm.name} keys is only allowed for public keys.`);
  if (!fits(key)) throw new Error("internal error");
  return native.cryptoKeyParts(key.handle)[0];
}

export const edwards = {
  generate(name, algorithm, extractable, usages) {
    checkUsages(name, "generate", usages, name === "X25519" ? derivation : ["sign", "verify"]);
    checkCurve(name, algorithm);
    const handle = native.cryptoKeyGenerate(curveOf(name));
    const { publicKey, privateKey } = halves(handle, usages, { family: edwards, extractable, algorithm: shown(name) });
    return { publicKey: makeKey(publicKey), privateKey: makeKey(privateKey) };
  },

  import(name, format, data, algorithm, extractable, usages) {
    checkCurve(name, algorithm);
    const allowed = name === "X25519" ? derivation : ["sign", "verify"];
    const key = format === "raw" ? importRaw(name, data.bytes, usages)
      : importAsymmetric(name, format, data, extractable, usages, allowed, (jwk) => readJwk(jwk, curveOf(name)));
    return makeKey({ family: edwards, extractable, ...key, algorithm: shown(name) });
  },

  export: (key, format) => exportAsymmetric(key, format, exportJwk, exportRaw),

  sign(algorithm, key, data) {
    requirePrivate(key);
    const signature = fits(key) ? native.cryptoSign(key.handle, "", "", 0, false, data) : "";
    return typeof signature === "string" ? fail("OperationError", "Failed to initialize Ed25519 signing digest.") : signature;
  },

  verify(algorithm, key, signature, data) {
    requirePublic(key);
    const size = native.cryptoSize(signature);
    if (size !== 64) fail("OperationError", `Invalid ${key.algorithm.name} signature length ${size}`);
    if (!fits(key)) fail("OperationError", "Failed to initialize Ed25519 verification digest.");
    return native.cryptoVerify(key.handle, "", "", 0, false, signature, data) ?? false;
  },

  derive(algorithm, key, bits) {
    const peer = peerKey(algorithm, key, "X25519");
    if (bits > 256) fail("OperationError", `Derived key length (${bits} bits) is too long (should be at most 256 bits).`);
    const secret = native.cryptoAgree(key.handle, peer.handle);
    if (typeof secret === "string") fail("OperationError", "Failed to derive EDDH key: public key routines INVALID_PEER_KEY.");
    return firstBits(secret, bits);
  },
};
