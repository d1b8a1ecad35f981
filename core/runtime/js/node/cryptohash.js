// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto: digests and HMAC.
import { native } from "../native.js";
import { insideOf, isCryptoKey } from "../crypto/key.js";
import { isBytes } from "../crypto/convert.js";
import { bytesOf, checkEncoding, digestOf, isView, output, wrongKeyType } from "./cryptocommon.js";
import { secretBytes, isSecretKeyObject } from "./cryptokeys.js";
import { Buffer } from "./buffer.js";
import { invalidArgType, nodeError } from "./errors.js";
import Stream from "./stream.js";
import { validateInteger, validateString } from "./validators.js";

const { Transform } = Stream;
const handle = Symbol("handle");
const finished = Symbol("finished");
const length = Symbol("length");

const finalized = () => nodeError.plain("ERR_CRYPTO_HASH_FINALIZED", "Digest already called");
const dataTypes = ["string", "Buffer", "TypedArray", "DataView"];

function start(algorithm) {
  const name = digestOf(algorithm);
  const made = name === undefined ? undefined : native.cryptoHash(name);
  if (made === undefined) throw new Error("Digest method not supported");
  return made;
}

function inherit(type, parent) {
  Object.setPrototypeOf(type.prototype, parent.prototype);
  Object.setPrototypeOf(type, parent);
}

export function Hash(algorithm, options) {
  if (!(this instanceof Hash)) return new Hash(algorithm, options);
  const wanted = typeof options === "object" ? options?.outputLength : undefined;
  if (wanted !== undefined) validateInteger(wanted, "options.outputLength", 0, 2 ** 32 - 1);
  if (algorithm instanceof Hash) {
    this[handle] = native.cryptoHashCopy(algorithm[handle]);
  } else {
    validateString(algorithm, "algorithm");
    this[handle] = start(algorithm);
  }
  // None of the digests that Workers have can be of another length.
  if (wanted !== undefined && native.cryptoHashFinal(native.cryptoHashCopy(this[handle]), wanted) === undefined) throw new Error("invalid digest size");
  this[length] = wanted;
  this[finished] = false;
  Transform.call(this, options);
}
inherit(Hash, Transform);

function feed(hash, bytes) {
  if (hash instanceof Hmac) native.cryptoHmacUpdate(hash[handle], bytes);
  else native.cryptoHashUpdate(hash[handle], bytes);
}

function end(hash) {
  return hash instanceof Hmac ? native.cryptoHmacFinal(hash[handle]) : native.cryptoHashFinal(hash[handle], hash[length]);
}

Hash.prototype.copy = function copy(options) {
  if (this[finished]) throw finalized();
  return new Hash(this, options);
};

Hash.prototype._transform = function _transform(chunk, encoding, callback) {
  feed(this, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk);
  callback();
};

Hash.prototype._flush = function _flush(callback) {
  this.push(Buffer.from(end(this)));
  callback();
};

Hash.prototype.update = function update(data, encoding) {
  if (this[finished]) throw finalized();
  let bytes = data;
  if (typeof data === "string") {
    const spelled = encoding === undefined || encoding === null || encoding === "buffer" ? "utf8" : encoding;
    checkEncoding(spelled);
    bytes = Buffer.from(data, spelled);
  } else if (!isView(data)) {
    throw invalidArgType("data", dataTypes, data);
  }
  feed(this, bytes);
  return this;
};

Hash.prototype.digest = function digest(encoding) {
  if (this[finished]) throw finalized();
  const bytes = end(this);
  this[finished] = true;
  return output(bytes, encoding);
};

export function Hmac(algorithm, key, options) {
  if (!(this instanceof Hmac)) return new Hmac(algorithm, key, options);
  validateString(algorithm, "hmac");
  let secret;
  if (isSecretKeyObject(key)) {
    secret = secretBytes(key);
  } else if (isCryptoKey(key)) {
    if (insideOf(key).type !== "secret") throw wrongKeyType(insideOf(key).type, "secret");
    secret = insideOf(key).bytes;
  } else if (typeof key !== "string" && !isBytes(key)) {
    throw invalidArgType("key", ["ArrayBuffer", "Buffer", "ArrayBufferView", "string", "KeyObject", "CryptoKey"], key);
  } else {
    secret = bytesOf(key, "key", options?.encoding);
  }
  const name = digestOf(algorithm);
  this[handle] = name === undefined ? undefined : native.cryptoHmacStart(name, secret);
  if (this[handle] === undefined) throw new Error("Digest method not supported");
  this[finished] = false;
  Transform.call(this, options);
}
inherit(Hmac, Transform);
Hmac.prototype.update = Hash.prototype.update;
Hmac.prototype._flush = Hash.prototype._flush;
Hmac.prototype._transform = Hash.prototype._transform;

Hmac.prototype.digest = function digest(encoding) {
  if (this[finished]) return output(new Uint8Array(0), encoding);
  const bytes = end(this);
  this[finished] = true;
  return output(bytes, encoding);
};

export const createHash = (algorithm, options) => new Hash(algorithm, options);
export const createHmac = (algorithm, key, options) => new Hmac(algorithm, key, options);

export function hash(algorithm, data, encoding = "hex") {
  validateString(algorithm, "algorithm");
  if (typeof data !== "string" && !isView(data)) throw invalidArgType("data", dataTypes, data);
  checkEncoding(encoding === "buffer" ? undefined : encoding);
  return new Hash(algorithm).update(data).digest(encoding);
}

export const getHashes = () => ["md4", "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "md5-sha1", "RSA-MD5", "RSA-SHA1", "RSA-SHA224", "RSA-SHA256", "RSA-SHA384",
  "RSA-SHA512", "DSA-SHA", "DSA-SHA1", "ecdsa-with-SHA1"];
