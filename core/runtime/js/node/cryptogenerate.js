// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto: new keys, and agreement on secrets.
import { native } from "../native.js";
import { bytesOf, later, output } from "./cryptocommon.js";
import { exportAsymmetric, isKeyObject, keyInside, makeKeyObject } from "./cryptokeys.js";
import { Buffer } from "./buffer.js";
import { invalidArgType } from "./errors.js";
import { validateFunction, validateInteger, validateObject, validateOneOf, validateString } from "./validators.js";

const curves = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521", secp224r1: "P-224" };
export const getCurves = () => ["secp224r1", "prime256v1", "secp384r1", "secp521r1"];
const curveOf = (name) => curves[name] ?? (Object.values(curves).includes(name) ? name : undefined);

export function generateKeySync(type, options) {
  validateOneOf(type, "type", ["hmac", "aes"]);
  validateObject(options, "options");
  if (type === "aes") validateOneOf(options.length, "options.length", [128, 192, 256]);
  else validateInteger(options.length, "options.length", 8, 65536);
  const bytes = new Uint8Array(Math.floor(options.length / 8));
  native.randomFill(bytes);
  return makeKeyObject({ type: "secret", bytes });
}

export function generateKey(type, options, callback) {
  validateFunction(callback, "callback");
  later(callback, () => generateKeySync(type, options));
}

function exponentBytes(exponent) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(exponent);
  return bytes;
}

function makePair(type, options = {}) {
  validateOneOf(type, "type", ["rsa", "ec", "ed25519", "x25519"]);
  validateObject(options, "options");
  if (type === "rsa") {
    validateInteger(options.modulusLength, "options.modulusLength", 512, 16384);
    const { publicExponent = 0x10001 } = options;
    validateInteger(publicExponent, "options.publicExponent", 3, 2 ** 32 - 1);
    return native.cryptoKeyGenerate("RSA", options.modulusLength, exponentBytes(publicExponent));
  }
  if (type !== "ec") return native.cryptoKeyGenerate(type === "x25519" ? "X25519" : "Ed25519");
  validateString(options.namedCurve, "options.namedCurve");
  const curve = curveOf(options.namedCurve);
  if (curve === undefined) throw new Error("Invalid or unsupported curve");
  return native.cryptoKeyGenerate(curve);
}

function encoded(key, encoding) {
  return encoding === undefined ? key : exportAsymmetric(keyInside(key), encoding);
}

export function generateKeyPairSync(type, options = {}) {
  const handle = makePair(type, options);
  if (typeof handle === "string") throw new Error("Failed to generate key pair");
  const publicKey = makeKeyObject({ type: "public", handle: native.cryptoKeyPublic(handle) });
  const privateKey = makeKeyObject({ type: "private", handle });
  return { publicKey: encoded(publicKey, options.publicKeyEncoding), privateKey: encoded(privateKey, options.privateKeyEncoding) };
}

export function generateKeyPair(type, options, callback) {
  const done = typeof options === "function" ? options : callback;
  validateFunction(done, "callback");
  const given = typeof options === "function" ? {} : options;
  new Promise((resolve) => resolve(generateKeyPairSync(type, given))).then(({ publicKey, privateKey }) => done(null, publicKey, privateKey), (error) => done(error));
}

export function diffieHellman(options, callback) {
  validateObject(options, "options");
  const { privateKey, publicKey } = options;
  for (const [name, key, type] of [["privateKey", privateKey, "private"], ["publicKey", publicKey, "public"]]) {
    if (!isKeyObject(key)) throw invalidArgType(`options.${name}`, "KeyObject", key);
    if (keyInside(key).type !== type && !(type === "public" && keyInside(key).type === "private")) throw new Error(`Invalid key type for ${name}`);
  }
  const work = () => {
    const secret = native.cryptoAgree(keyInside(privateKey).handle, keyInside(publicKey).handle);
    if (typeof secret === "string") throw new Error("diffieHellman failed");
    return Buffer.from(secret);
  };
  if (callback === undefined) return work();
  return later(callback, work);
}

function shaped(point, encoding, format = "uncompressed") {
  validateOneOf(format, "format", ["uncompressed", "compressed", "hybrid"]);
  const whole = Buffer.from(point);
  const half = (whole.length - 1) / 2;
  const odd = whole[whole.length - 1] & 1;
  if (format === "compressed") return output(Buffer.concat([Buffer.from([2 + odd]), whole.subarray(1, 1 + half)]), encoding);
  if (format === "hybrid") whole[0] = 6 + odd;
  return output(whole, encoding);
}

export class ECDH {
  #curve;
  #handle;

  constructor(curve) {
    validateString(curve, "curve");
    this.#curve = curveOf(curve);
    if (this.#curve === undefined) throw new Error(curve === "secp256k1" ? "Failed to create key using named curve" : "Invalid curve");
  }

  generateKeys(encoding, format) {
    this.#handle = native.cryptoKeyGenerate(this.#curve);
    return this.getPublicKey(encoding, format);
  }

  computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
    const bytes = bytesOf(otherPublicKey, "otherPublicKey", inputEncoding ?? undefined);
    if (this.#handle === undefined) throw new Error("Invalid keypair");
    const other = native.cryptoKeyCurve(this.#curve, bytes);
    const secret = other instanceof ArrayBuffer ? native.cryptoAgree(this.#handle, other) : "";
    if (typeof secret === "string") throw new Error("Failed to set ECDH public key");
    return output(secret, outputEncoding);
  }

  getPublicKey(encoding, format) {
    if (this.#handle === undefined) throw new Error("Failed to get ECDH public key");
    return shaped(native.cryptoKeyPoint(this.#handle), encoding, format);
  }

  getPrivateKey(encoding) {
    if (this.#handle === undefined) throw new Error("Failed to get ECDH private key");
    return output(native.cryptoKeyParts(this.#handle)[2], encoding);
  }

  setPrivateKey(key, encoding) {
    const handle = native.cryptoKeyScalar(this.#curve, bytesOf(key, "key", encoding));
    if (!(handle instanceof ArrayBuffer)) throw new Error("Private key is not valid for specified curve.");
    this.#handle = handle;
    return this;
  }

  static convertKey(key, curve, inputEncoding, outputEncoding, format) {
    const name = curveOf(curve);
    if (name === undefined) throw new Error("Invalid curve");
    const handle = native.cryptoKeyCurve(name, bytesOf(key, "key", inputEncoding));
    if (!(handle instanceof ArrayBuffer)) throw new Error("Failed to set point");
    return shaped(native.cryptoKeyPoint(handle), outputEncoding, format);
  }
}

export const createECDH = (curve) => new ECDH(curve);
