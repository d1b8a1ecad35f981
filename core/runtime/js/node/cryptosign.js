// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto: signatures, and encryption with RSA keys.
import { native } from "../native.js";
import { isBytes } from "../crypto/convert.js";
import { isCryptoKey } from "../crypto/key.js";
import { digestOf, isView, output, wrongKeyType } from "./cryptocommon.js";
import { createPrivateKey, createPublicKey, isKeyObject, keyInside } from "./cryptokeys.js";
import { Buffer } from "./buffer.js";
import { invalidArgType, invalidArgValue, missingArgs, nodeError } from "./errors.js";
import Stream from "./stream.js";
import { validateFunction, validateNumber, validateString } from "./validators.js";

const { Writable } = Stream;
const state = Symbol("state");

const keyRequired = () => nodeError.plain("ERR_CRYPTO_SIGN_KEY_REQUIRED", "No key provided to sign");

function digestNamed(name) {
  const digest = digestOf(name);
  if (digest === undefined || native.cryptoHash(digest) === undefined) throw new Error(`Unknown digest: ${name}`);
  return digest;
}

function intOption(name, options) {
  const value = options[name];
  if (value === undefined || value === value >> 0) return value;
  throw invalidArgValue(`options.${name}`, value);
}

function plainSignature({ dsaEncoding = "der" }) {
  if (dsaEncoding === "der" || dsaEncoding === "ieee-p1363") return dsaEncoding !== "der";
  throw invalidArgValue("options.dsaEncoding", dsaEncoding);
}

function privateInside(options) {
  const inside = keyInside(options);
  if (inside === undefined) return keyInside(createPrivateKey(options));
  if (inside.type === "secret" && isKeyObject(options)) throw invalidArgType("options", ["PublicKeyObject", "PrivateKeyObject", "CryptoKey", "object"], inside.type);
  if (inside.type !== "private") throw wrongKeyType(inside.type, "private");
  return inside;
}

function publicInside(options) {
  const inside = keyInside(options) ?? keyInside(createPublicKey(options));
  if (inside.type === "secret") throw wrongKeyType("secret", "public or private");
  return inside;
}

/** [padding, salt's bytes] as the native half takes them. Without a number, a signature has a salt as long as there is room for. */
function rsaOptions(inside, options, verifying) {
  const padding = intOption("padding", options);
  const salt = intOption("saltLength", options);
  if (native.cryptoKeyInfo(inside.handle)[0] !== "RSA") return ["", 0];
  return padding === 6 ? ["pss", salt ?? (verifying ? -2 : -3)] : ["pkcs1", 0];
}

const isEdwards = (inside) => native.cryptoKeyInfo(inside.handle)[0] === "Ed25519";

function makeSignature(digest, data, options) {
  const inside = privateInside(options);
  if (isEdwards(inside) !== (digest === "")) throw new Error("Failed to set signature digest");
  const [padding, salt] = rsaOptions(inside, options, false);
  const signature = native.cryptoSign(inside.handle, digest, padding, salt, plainSignature(options), data);
  if (typeof signature === "string") throw new Error("Failed to generate signature");
  return signature;
}

function checkSignature(digest, data, options, signature) {
  const inside = publicInside(options);
  if (isEdwards(inside) !== (digest === "")) throw new Error("Failed to set signature digest");
  const [padding, salt] = rsaOptions(inside, options, true);
  return native.cryptoVerify(inside.handle, digest, padding, salt, plainSignature(options), signature, data) ?? false;
}

function collector(type) {
  Object.setPrototypeOf(type.prototype, Writable.prototype);
  Object.setPrototypeOf(type, Writable);
  type.prototype._write = function _write(chunk, encoding, callback) {
    this.update(chunk, encoding);
    callback();
  };
  type.prototype.update = function update(data, encoding) {
    const bytes = typeof data === "string" ? Buffer.from(data, encoding) : data;
    if (!isView(bytes)) throw invalidArgType("data", ["string", "Buffer", "TypedArray", "DataView"], bytes);
    this[state].pieces.push(Buffer.from(native.cryptoCopy(bytes)));
    return this;
  };
}

/** What was collected; nothing more can come. */
function taken(object) {
  const { pieces } = object[state];
  if (pieces === null) throw new Error("Signing context has already been finalized");
  object[state].pieces = null;
  return Buffer.concat(pieces);
}

export function Sign(algorithm, options) {
  if (!(this instanceof Sign)) return new Sign(algorithm, options);
  validateString(algorithm, "algorithm");
  this[state] = { digest: digestNamed(algorithm), pieces: [] };
  Writable.call(this, options);
}
collector(Sign);

Sign.prototype.sign = function sign(options, encoding) {
  if (!options) throw keyRequired();
  return output(makeSignature(this[state].digest, taken(this), options), encoding || undefined);
};

export function Verify(algorithm, options) {
  if (!(this instanceof Verify)) return new Verify(algorithm, options);
  validateString(algorithm, "algorithm");
  this[state] = { digest: digestNamed(algorithm), pieces: [] };
  Writable.call(this, options);
}
collector(Verify);

Verify.prototype.verify = function verify(options, signature, encoding = "utf8") {
  if (!options) throw keyRequired();
  const bytes = typeof signature === "string" ? Buffer.from(signature, encoding) : signature;
  return checkSignature(this[state].digest, taken(this), options, bytes);
};

export const createSign = (algorithm, options) => new Sign(algorithm, options);
export const createVerify = (algorithm, options) => new Verify(algorithm, options);

function checkOneShot(algorithm, data) {
  if (algorithm !== undefined && algorithm !== null) validateString(algorithm, "algorithm");
  if (!isView(data)) throw invalidArgType("data", ["Buffer", "TypedArray", "DataView"], data);
}

/** The digest that a key asks for where none is named. */
function oneShotDigest(algorithm, options, inside) {
  if (algorithm !== undefined && algorithm !== null) return digestNamed(algorithm);
  return isEdwards(inside(options)) ? "" : "sha256";
}

function finish(callback, work) {
  if (callback === undefined) return work();
  validateFunction(callback, "callback");
  try {
    const value = work();
    queueMicrotask(() => callback(null, value));
  } catch (error) {
    queueMicrotask(() => callback(error));
  }
  return undefined;
}

export function sign(algorithm, data, options, callback) {
  checkOneShot(algorithm, data);
  if (!options) throw keyRequired();
  const digest = oneShotDigest(algorithm, options, privateInside);
  return finish(callback, () => Buffer.from(makeSignature(digest, data, options)));
}

export function verify(algorithm, data, options, signature, callback) {
  checkOneShot(algorithm, data);
  if (!isView(signature)) throw invalidArgType("signature", ["Buffer", "TypedArray", "DataView"], signature);
  if (!options) throw keyRequired();
  const digest = oneShotDigest(algorithm, options, publicInside);
  return finish(callback, () => checkSignature(digest, data, options, signature));
}

const paddings = { 1: "pkcs1", 3: "none", 4: "oaep" };

function rsaCall(inside, operation, options, buffer, defaultPadding) {
  const { padding = defaultPadding, oaepHash = operation === "encrypt" || operation === "decrypt" ? "sha1" : "sha256", oaepLabel, encoding = "utf8" } = options;
  validateNumber(padding, "options.padding");
  validateString(oaepHash, "options.oaepHash");
  const label = typeof oaepLabel === "string" ? Buffer.from(oaepLabel, encoding) : oaepLabel;
  if (label !== undefined && !isBytes(label)) throw invalidArgType("options.oaepLabel", ["string", "Buffer", "TypedArray", "DataView", "ArrayBuffer"], oaepLabel);
  const done = native.cryptoRsa(inside.handle, operation, paddings[padding] ?? "none", digestNamed(oaepHash), label, typeof buffer === "string" ? Buffer.from(buffer, encoding) : buffer);
  if (typeof done === "string" || done === undefined) throw new Error(`Failed to ${operation.includes("ecrypt") || operation === "recover" ? "decrypt" : "encrypt"} data`);
  return Buffer.from(done);
}

function rsaFunction(operation, inside, name, defaultPadding) {
  return (key, buffer) => {
    if (key === undefined) throw missingArgs(name);
    if (buffer === undefined) throw missingArgs("buffer");
    const options = isKeyObject(key) || isCryptoKey(key) || typeof key === "string" || isBytes(key) ? {} : key;
    return rsaCall(inside(key), operation, options, buffer, defaultPadding);
  };
}

export const publicEncrypt = Object.defineProperty(rsaFunction("encrypt", publicInside, "publicKey", 4), "name", { value: "publicEncrypt" });
export const privateDecrypt = Object.defineProperty(rsaFunction("decrypt", privateInside, "privateKey", 4), "name", { value: "privateDecrypt" });
export const privateEncrypt = Object.defineProperty(rsaFunction("sign", privateInside, "privateKey", 1), "name", { value: "privateEncrypt" });
export const publicDecrypt = Object.defineProperty(rsaFunction("recover", publicInside, "publicKey", 1), "name", { value: "publicDecrypt" });
