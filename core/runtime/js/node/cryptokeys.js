// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto: KeyObject, and how keys are read.
import { native } from "../native.js";
import { isBytes } from "../crypto/convert.js";
import { insideOf, isCryptoKey } from "../crypto/key.js";
import { jwkBytes, makeJwk, toBase64Url } from "../crypto/jwk.js";
import { bytesOf } from "./cryptocommon.js";
import { Buffer } from "./buffer.js";
import { invalidArgType, invalidArgValue } from "./errors.js";
import { validateObject, validateString } from "./validators.js";

const token = Symbol("KeyObject");
let insideKey;

export class KeyObject {
  #inside; // {type, bytes of a secret key, or handle (native) of another}

  constructor(given, inside) {
    if (given !== token) throw new Error("Illegal constructor");
    this.#inside = inside;
  }

  static {
    insideKey = (key) => (typeof key === "object" && key !== null && #inside in key ? key.#inside : undefined);
  }

  static from(key) {
    if (!isCryptoKey(key)) throw invalidArgType("key", "CryptoKey", key);
    return makeKeyObject(insideOf(key));
  }

  equals(other) {
    const [mine, theirs] = [this.#inside, insideKey(other)];
    if (theirs === undefined || mine.type !== theirs.type) return false;
    return mine.type === "secret" ? native.cryptoEqual(mine.bytes, theirs.bytes) : native.cryptoKeySame(mine.handle, theirs.handle);
  }

  get [Symbol.toStringTag]() { return "KeyObject"; }
}

export class SecretKeyObject extends KeyObject {
  get type() { return "secret"; }
  get symmetricKeySize() { return insideKey(this).bytes.length; }

  export(options = {}) {
    validateObject(options, "options");
    if (options.format !== undefined) validateString(options.format, "options.format");
    if (options.type !== undefined) validateString(options.type, "options.type");
    const { bytes } = insideKey(this);
    if (options.format === "jwk") return makeJwk({ kty: "oct", k: toBase64Url(bytes), ext: true });
    if (options.format !== undefined && options.format !== "buffer") throw new TypeError(`Invalid format for secret key export: ${options.format}`);
    return Buffer.from(bytes);
  }
}

const kinds = { RSA: "rsa", EC: "ec", Ed25519: "ed25519", X25519: "x25519" };
const curveNames = { "P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1", "P-224": "secp224r1", secp256k1: "secp256k1" };

function jwkOf({ type, handle }) {
  const [kind, , curve] = native.cryptoKeyInfo(handle);
  const parts = native.cryptoKeyParts(handle).map((part) => (part === undefined ? undefined : toBase64Url(part)));
  const secret = type === "private";
  if (kind === "RSA") {
    const [n, e, ...rest] = parts;
    const [d, p, q, dp, dq, qi] = secret ? rest : [];
    return makeJwk({ kty: "RSA", n, e, d, p, q, dp, dq, qi });
  }
  const [x, y, d] = parts;
  if (kind === "EC") return makeJwk({ kty: "EC", crv: curve, x, y, d: secret ? d : undefined });
  return makeJwk({ kty: "OKP", crv: kind, x, d: secret ? d : undefined });
}

function passphraseOf(options) {
  if (options.passphrase === undefined) return undefined;
  const passphrase = typeof options.passphrase === "string" ? Buffer.from(options.passphrase, options.encoding) : options.passphrase;
  if (!(passphrase instanceof Uint8Array)) throw invalidArgType("options.passphrase", ["string", "Uint8Array"], options.passphrase);
  if (passphrase.length > 1024) throw invalidArgValue("options.passphrase", passphrase.length, "<= 1024");
  return passphrase;
}

export function exportAsymmetric(inside, options) {
  validateObject(options, "options");
  if (options.format !== undefined) validateString(options.format, "options.format");
  if (options.type !== undefined) validateString(options.type, "options.type");
  const secret = inside.type === "private";
  if (secret && options.cipher !== undefined) {
    validateString(options.cipher, "options.cipher");
    if (options.passphrase === undefined) throw invalidArgType("options.passphrase", ["string", "Uint8Array"], options.passphrase);
  }
  const format = options.format ?? "pem";
  if (format === "jwk") return jwkOf(inside);
  if (format !== "pem" && format !== "der") throw new TypeError(`Unsupported format: ${format}`);
  const type = options.type ?? (secret ? "pkcs8" : "spki");
  const kind = native.cryptoKeyInfo(inside.handle)[0];
  const allowed = secret ? ["pkcs8", "pkcs1", "sec1"] : ["spki", "pkcs1"];
  const fits = (type !== "pkcs1" || kind === "RSA") && (type !== "sec1" || kind === "EC");
  if (!allowed.includes(type) || !fits) throw new Error(`Failed to encode ${inside.type} key`);
  const bytes = native.cryptoKeyToDer(inside.handle, !secret && type === "pkcs1" ? "pkcs1-public" : type, format === "pem", options.cipher, secret ? passphraseOf(options) : undefined);
  if (bytes === undefined) throw new Error(`Failed to encode ${inside.type} key`);
  return format === "pem" ? native.latin1Decode(bytes) : Buffer.from(bytes);
}

class AsymmetricKeyObject extends KeyObject {
  get asymmetricKeyType() {
    const kind = native.cryptoKeyInfo(insideKey(this).handle)[0];
    return kinds[kind] ?? kind.toLowerCase();
  }

  get asymmetricKeyDetails() {
    const [kind, bits, curve, exponent] = native.cryptoKeyInfo(insideKey(this).handle);
    const details = { modulusLength: undefined, publicExponent: undefined, divisorLength: undefined, namedCurve: undefined };
    if (kind === "RSA") {
      details.modulusLength = bits;
      details.publicExponent = BigInt(`0x${Buffer.from(exponent).toString("hex")}`);
    } else if (kind === "EC") {
      details.namedCurve = curveNames[curve];
    }
    return details;
  }

  export(options = {}) {
    return exportAsymmetric(insideKey(this), options);
  }
}

export class PublicKeyObject extends AsymmetricKeyObject {
  get type() { return "public"; }
}

export class PrivateKeyObject extends AsymmetricKeyObject {
  get type() { return "private"; }
}

const classes = { secret: SecretKeyObject, public: PublicKeyObject, private: PrivateKeyObject };
export function makeKeyObject({ type, bytes, handle }) {
  return new classes[type](token, { type, bytes, handle });
}

export const isKeyObject = (key) => insideKey(key) !== undefined;
export const isSecretKeyObject = (key) => insideKey(key)?.type === "secret";
export const secretBytes = (key) => insideKey(key).bytes;
/** What is inside a KeyObject or a CryptoKey; undefined for anything else. */
export const keyInside = (key) => insideKey(key) ?? (isCryptoKey(key) ? insideOf(key) : undefined);

export function createSecretKey(key, encoding) {
  if (typeof key === "string") return makeKeyObject({ type: "secret", bytes: native.cryptoCopy(Buffer.from(key, encoding)) });
  if (key === undefined || key === null) throw invalidArgType("key", ["string", "ArrayBuffer", "TypedArray", "DataView"], key);
  if (!isBytes(key)) throw new TypeError("Failed to execute 'createSecretKey' on 'CryptoImpl': parameter 1 is not of type 'BufferSource'.");
  return makeKeyObject({ type: "secret", bytes: native.cryptoCopy(key) });
}

const keyTypes = ["string", "ArrayBuffer", "Buffer", "TypedArray", "DataView", "object"];

function fromJwk(jwk, isPrivate) {
  const failed = new Error(`Failed to parse ${isPrivate ? "private" : "public"} key`);
  const bytes = (field) => (jwk[field] === undefined ? undefined : jwkBytes(String(jwk[field]), `Invalid JWK field "${field}"`));
  const secret = (field) => (isPrivate ? bytes(field) : undefined);
  let handle;
  if (jwk.kty === "RSA") {
    handle = native.cryptoKeyRsa([bytes("n"), bytes("e"), ...["d", "p", "q", "dp", "dq", "qi"].map(secret)]);
  } else if (jwk.kty === "EC") {
    if (jwk.crv === undefined) throw new Error("EC JWK missing crv parameter");
    if (jwk.x === undefined || jwk.y === undefined) throw failed;
    handle = native.cryptoKeyCurve(String(jwk.crv), [bytes("x"), bytes("y"), secret("d")]);
  } else if (jwk.kty === "OKP") {
    if (jwk.crv === undefined) throw new Error("OKP JWK missing crv parameter");
    const part = isPrivate ? bytes("d") : bytes("x");
    handle = part && (jwk.crv === "Ed25519" || jwk.crv === "X25519") ? native.cryptoKeyRaw(jwk.crv, part, isPrivate) : undefined;
  }
  if (!(handle instanceof ArrayBuffer) || (isPrivate && jwk.d === undefined)) throw failed;
  return handle;
}

function fromDer(bytes, type, isPrivate, passphrase) {
  const tries = isPrivate ? (type === "pkcs8" ? ["pkcs8", "pkcs8-encrypted"] : [type]) : type === "pkcs1" ? ["pkcs1-public"] : ["spki"];
  for (const each of tries) {
    const handle = native.cryptoKeyFromDer(each, bytes, passphrase);
    if (handle instanceof ArrayBuffer) return handle;
  }
  return undefined;
}

/** The handle of a key in any of the ways that Node takes one. */
function readKey(given, isPrivate) {
  const options = typeof given === "object" && given !== null && !isBytes(given) && !isKeyObject(given) ? given : { key: given };
  const { key, format = "pem" } = options;
  const name = options === given ? "options.key" : "key";
  if (key === undefined || key === null) throw invalidArgType(name, keyTypes, key);
  if (format === "jwk") {
    validateObject(key, "options.key");
    return fromJwk(key, isPrivate);
  }
  if (typeof key !== "string" && !isBytes(key)) throw invalidArgType(name, keyTypes, key);
  validateString(format, "options.format");
  if (options.type !== undefined) validateString(options.type, "options.type");
  if (format !== "pem" && format !== "der") throw invalidArgValue("format", format, "must be one of: 'pem', 'der'");
  const passphrase = passphraseOf(options);
  const bytes = bytesOf(key, name, options.encoding);
  const failed = () => new Error(`Failed to parse ${isPrivate ? "private" : "public"} key`);
  if (format === "der") return fromDer(bytes, options.type, isPrivate, passphrase) ?? (isPrivate ? undefined : publicOfPrivate(bytes, options, passphrase)) ?? thrown(failed);
  const handle = native.cryptoKeyFromPem(bytes, isPrivate, passphrase);
  if (handle instanceof ArrayBuffer) return handle;
  if (!isPrivate) {
    const secret = native.cryptoKeyFromPem(bytes, true, passphrase);
    if (secret instanceof ArrayBuffer) return native.cryptoKeyPublic(secret);
  }
  throw failed();
}

const thrown = (make) => {
  throw make();
};

function publicOfPrivate(bytes, { type }, passphrase) {
  if (!["pkcs1", "pkcs8", "sec1"].includes(type)) return undefined;
  const secret = fromDer(bytes, type, true, passphrase);
  return secret === undefined ? undefined : native.cryptoKeyPublic(secret);
}

export function createPrivateKey(key) {
  return makeKeyObject({ type: "private", handle: readKey(key, true) });
}

export function createPublicKey(key) {
  const inside = keyInside(key);
  if (inside !== undefined) {
    if (inside.type === "public" && isKeyObject(key)) return key;
    if (inside.type !== "private") throw invalidArgValue("key", key, "must be a private key");
    return makeKeyObject({ type: "public", handle: native.cryptoKeyPublic(inside.handle) });
  }
  return makeKeyObject({ type: "public", handle: readKey(key, false) });
}
