// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto: symmetric ciphers.
import { native } from "../native.js";
import { isBytes } from "../crypto/convert.js";
import { keyInside } from "./cryptokeys.js";
import { output, size, wrongKeyType } from "./cryptocommon.js";
import { Buffer } from "./buffer.js";
import { invalidArgType, invalidArgValue } from "./errors.js";
import Stream from "./stream.js";
import { validateInteger, validateObject, validateString } from "./validators.js";

const { Transform } = Stream;
const state = Symbol("state");
const modes = ["stream", "ecb", "cbc", "cfb", "ofb", "ctr", "gcm", "ccm"];
const sizes = ["128", "192", "256"];
const names = [
  ...["cbc", "ctr", "ecb", "ofb", "gcm"].flatMap((mode) => sizes.map((bits) => `aes-${bits}-${mode}`)), "des-ede", "des-ede-cbc", "des-ede3-cbc", "chacha20-poly1305",
];

/** {name, nid, blockSize, ivLength, keyLength, mode} of a cipher that Workers have. */
function infoOf(name) {
  const lower = name.toLowerCase();
  const found = names.includes(lower) ? native.cryptoCipherInfo(lower) : undefined;
  if (found === undefined) return undefined;
  const [short, nid, blockSize, ivLength, keyLength, mode] = found;
  return { name: short, nid, blockSize, ivLength, keyLength, mode: modes[mode] ?? "stream" };
}

function secretOf(key) {
  const inside = keyInside(key);
  if (inside !== undefined) {
    if (inside.type !== "secret") throw wrongKeyType(inside.type, "secret");
    return inside.bytes;
  }
  if (isBytes(key)) return key;
  if (typeof key === "string") return Buffer.from(key, "utf8");
  throw invalidArgType("key", ["string", "Buffer", "TypedArray", "DataView", "KeyObject", "CryptoKey"], key);
}

function ivOf(iv) {
  if (iv === null) return Buffer.alloc(0);
  if (isBytes(iv)) return iv;
  if (typeof iv === "string") return Buffer.from(iv, "utf8");
  throw invalidArgType("iv", ["string", "Buffer", "TypedArray", "DataView", "null"], iv);
}

function start(object, encrypt, algorithm, key, iv, options) {
  validateString(algorithm, "algorithm");
  const secret = secretOf(key);
  const vector = ivOf(iv);
  if (options.authTagLength !== undefined) validateInteger(options.authTagLength, "options.authTagLength", 0, 2 ** 32 - 1);
  const info = infoOf(algorithm);
  if (info === undefined) throw new Error(`Unknown or unsupported cipher: ${algorithm}`);
  if (size(secret) !== info.keyLength) throw new Error("Invalid key length");
  const authenticated = info.mode === "gcm" || algorithm.toLowerCase() === "chacha20-poly1305";
  const fits = authenticated ? size(vector) > 0 : size(vector) === info.ivLength;
  const handle = fits ? native.cryptoCipher(algorithm, encrypt, secret, vector) : undefined;
  if (handle === undefined) throw new Error("Invalid initialization vector");
  object[state] = { handle, encrypt, authenticated, tagLength: options.authTagLength, tag: undefined, done: false };
  Transform.call(object, options);
}

function live(object) {
  const inside = object[state];
  if (inside.done) throw new Error("Cipher/decipher context has already been finalized");
  return inside;
}

function update(object, bytes) {
  const done = native.cryptoCipherUpdate(live(object).handle, bytes, false);
  if (done === undefined) throw new Error("Failed to process data");
  return done;
}

function finish(object) {
  const inside = live(object);
  if (!inside.encrypt && inside.authenticated) {
    if (inside.tag === undefined) throw new Error("No auth tag provided");
    if (native.cryptoCipherTag(inside.handle, inside.tag) === undefined) throw new Error("Authentication failed");
  }
  const bytes = native.cryptoCipherFinal(inside.handle);
  inside.done = true;
  if (typeof bytes === "string") throw new Error("Authentication failed");
  if (inside.encrypt && inside.authenticated) inside.tag = native.cryptoCipherTag(inside.handle, inside.tagLength || 16);
  return bytes;
}

function define(type) {
  Object.setPrototypeOf(type.prototype, Transform.prototype);
  Object.setPrototypeOf(type, Transform);
  type.prototype.update = function (data, inputEncoding, outputEncoding) {
    let bytes = data;
    if (typeof data === "string") {
      if (inputEncoding === undefined) throw invalidArgValue("inputEncoding", inputEncoding, "If inputEncoding is not provided then the data must be a Buffer");
      bytes = Buffer.from(data, inputEncoding);
    } else if (!isBytes(data)) {
      throw invalidArgType("data", ["string", "Buffer", "TypedArray", "DataView"], data);
    }
    return output(update(this, bytes), outputEncoding);
  };
  type.prototype.final = function (outputEncoding) {
    return output(finish(this), outputEncoding);
  };
  type.prototype.setAAD = function (buffer, options = {}) {
    validateObject(options, "options");
    if (options.plaintextLength !== undefined) validateInteger(options.plaintextLength, "options.plaintextLength", 0, 2 ** 32 - 1);
    if (options.encoding !== undefined) validateString(options.encoding, "options.encoding");
    const inside = live(this);
    if (!inside.authenticated) throw new Error("Cipher does not support authenticated mode");
    const bytes = typeof buffer === "string" ? Buffer.from(buffer, options.encoding) : buffer;
    if (isBytes(bytes)) native.cryptoCipherUpdate(inside.handle, bytes, true);
    return this;
  };
  type.prototype.setAutoPadding = function (on) {
    native.cryptoCipherPadding(live(this).handle, Boolean(on));
    return this;
  };
  type.prototype._transform = function (chunk, encoding, callback) {
    this.push(Buffer.from(update(this, typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk)));
    callback();
  };
  type.prototype._flush = function (callback) {
    this.push(Buffer.from(finish(this)));
    callback();
  };
}

export function Cipheriv(algorithm, key, iv, options = {}) {
  if (!(this instanceof Cipheriv)) return new Cipheriv(algorithm, key, iv, options);
  start(this, true, algorithm, key, iv, options);
}
define(Cipheriv);

Cipheriv.prototype.getAuthTag = function () {
  const inside = this[state];
  if (!inside.done || inside.tag === undefined) throw new Error("Auth tag is only available once cipher context has been finalized");
  return Buffer.from(inside.tag);
};

export function Decipheriv(algorithm, key, iv, options = {}) {
  if (!(this instanceof Decipheriv)) return new Decipheriv(algorithm, key, iv, options);
  start(this, false, algorithm, key, iv, options);
}
define(Decipheriv);

Decipheriv.prototype.setAuthTag = function (tag, encoding) {
  const inside = live(this);
  if (!inside.authenticated) throw new Error("Cipher does not support authenticated mode");
  const bytes = native.cryptoCopy(typeof tag === "string" ? Buffer.from(tag, encoding) : tag);
  const { length } = bytes;
  if (!(length === 4 || length === 8 || (length >= 12 && length <= 16)) || (inside.tagLength !== undefined && inside.tagLength !== length)) {
    throw new Error("Invalid authentication tag length");
  }
  inside.tag = bytes;
  return this;
};

export const createCipheriv = (algorithm, key, iv, options) => new Cipheriv(algorithm, key, iv, options);
export const createDecipheriv = (algorithm, key, iv, options) => new Decipheriv(algorithm, key, iv, options);

export function getCipherInfo(nameOrNid, options = {}) {
  if (typeof nameOrNid !== "string" && typeof nameOrNid !== "number") throw invalidArgType("nameOrNid", ["string", "number"], nameOrNid);
  validateObject(options, "options");
  const name = typeof nameOrNid === "string" ? nameOrNid : names.find((each) => infoOf(each)?.nid === nameOrNid);
  const info = name === undefined ? undefined : infoOf(name);
  if (info === undefined) return undefined;
  if (options.keyLength !== undefined && options.keyLength !== info.keyLength) return undefined;
  const anyIv = info.mode === "gcm" ? options.ivLength > 0 : options.ivLength === info.ivLength;
  return options.ivLength === undefined || anyIv ? info : undefined;
}

export const getCiphers = () => [...names];
