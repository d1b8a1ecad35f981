// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto: Diffie-Hellman over a prime.
import { native } from "../native.js";
import { bytesOf, output } from "./cryptocommon.js";
import { Buffer } from "./buffer.js";
import { isBytes } from "../crypto/convert.js";
import { invalidArgType } from "./errors.js";
import { validateInteger, validateString } from "./validators.js";

const groups = { modp14: 2048, modp15: 3072, modp16: 4096, modp17: 6144, modp18: 8192 };
const inside = Symbol("inside");
const toNumber = (bytes) => BigInt(`0x${Buffer.from(bytes).toString("hex") || "0"}`);

const halfOf = (prime) => {
  const hex = (toNumber(prime) >> 1n).toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
};

/** OpenSSL's flags for a prime that is none, and for one that is not safe. */
const flaws = (prime) => (!native.cryptoIsPrime(prime) ? 1 : native.cryptoIsPrime(halfOf(prime)) ? 0 : 2);

function start(object, prime, generator, verifyError) {
  object[inside] = { prime: Buffer.from(native.cryptoCopy(prime)), generator: Buffer.from(native.cryptoCopy(generator)), publicKey: undefined, privateKey: undefined };
  object.verifyError = verifyError;
}

function generatorBytes(generator, encoding) {
  if (typeof generator !== "number") return bytesOf(generator, "generator", encoding);
  validateInteger(generator, "generator", 2, 2147483647);
  const hex = generator.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
}

export function DiffieHellman(sizeOrKey, keyEncoding, generator, generatorEncoding) {
  if (!(this instanceof DiffieHellman)) return new DiffieHellman(sizeOrKey, keyEncoding, generator, generatorEncoding);
  if (typeof sizeOrKey !== "number" && typeof sizeOrKey !== "string" && !isBytes(sizeOrKey)) {
    throw invalidArgType("sizeOrKey", ["number", "string", "ArrayBuffer", "Buffer", "TypedArray", "DataView"], sizeOrKey);
  }
  const named = typeof keyEncoding === "string" && keyEncoding !== "buffer" && Buffer.isEncoding(keyEncoding);
  const [encoding, base, baseEncoding] = named || keyEncoding === undefined || keyEncoding === null ? [keyEncoding ?? undefined, generator, generatorEncoding] : [undefined, keyEncoding, generator];
  let prime;
  if (typeof sizeOrKey === "number") {
    validateInteger(sizeOrKey, "sizeOrKey", 0, 10000);
    prime = native.cryptoPrime(sizeOrKey, true);
    if (prime === undefined) throw new Error("Failed to init DiffieHellman: invalid size");
  } else {
    prime = bytesOf(sizeOrKey, "sizeOrKey", encoding);
    if (native.cryptoSize(prime) === 0) throw new Error("DiffieHellman init failed: invalid key");
  }
  start(this, prime, generatorBytes(base ?? 2, baseEncoding), flaws(prime));
}

export function DiffieHellmanGroup(name) {
  if (!(this instanceof DiffieHellmanGroup)) return new DiffieHellmanGroup(name);
  validateString(name, "name");
  const bits = Object.hasOwn(groups, name.toLowerCase()) ? groups[name.toLowerCase()] : undefined;
  if (bits === undefined) {
    throw new Error(`Failed to init DiffieHellmanGroup: invalid group. Only groups {${Object.keys(groups).join(", ")}} are supported.`);
  }
  start(this, native.cryptoGroupPrime(bits), Buffer.from([2]), 0);
}

const methods = {
  generateKeys(encoding) {
    const { prime, generator } = this[inside];
    let secret = this[inside].privateKey;
    if (secret === undefined) {
      secret = Buffer.alloc(prime.length);
      do native.randomFill(secret);
      while (toNumber(secret) < 2n || toNumber(secret) >= toNumber(prime) - 1n);
    }
    const made = native.cryptoPower(generator, secret, prime);
    if (made === undefined) throw new Error("Failed to generate DiffieHellman key");
    Object.assign(this[inside], { privateKey: secret, publicKey: Buffer.from(made) });
    return output(made, encoding);
  },

  computeSecret(otherPublicKey, inputEncoding, outputEncoding) {
    const other = bytesOf(otherPublicKey, "otherPublicKey", inputEncoding ?? undefined);
    const { prime, privateKey } = this[inside];
    if (privateKey === undefined) throw new Error("DiffieHellman key has not been generated");
    const number = toNumber(native.cryptoCopy(other));
    if (number < 2n) throw new Error("DiffieHellman: Supplied key is too small");
    if (number >= toNumber(prime) - 1n) throw new Error("DiffieHellman: Supplied key is too large");
    const secret = native.cryptoPower(other, privateKey, prime);
    if (secret === undefined) throw new Error("Invalid Key");
    const padded = Buffer.alloc(prime.length);
    padded.set(new Uint8Array(secret), prime.length - secret.byteLength);
    return output(padded, outputEncoding);
  },

  getPrime(encoding) { return output(this[inside].prime, encoding); },
  getGenerator(encoding) { return output(this[inside].generator, encoding); },

  getPublicKey(encoding) {
    if (this[inside].publicKey === undefined) throw new Error("No public key");
    return output(this[inside].publicKey, encoding);
  },

  getPrivateKey(encoding) {
    if (this[inside].privateKey === undefined) throw new Error("No private key");
    return output(this[inside].privateKey, encoding);
  },

  setPublicKey(key, encoding) {
    this[inside].publicKey = Buffer.from(native.cryptoCopy(bytesOf(key, "key", encoding)));
    return this;
  },

  setPrivateKey(key, encoding) {
    this[inside].privateKey = Buffer.from(native.cryptoCopy(bytesOf(key, "key", encoding)));
    return this;
  },
};
for (const name of Object.keys(methods)) {
  DiffieHellman.prototype[name] = methods[name];
  if (!name.startsWith("set")) DiffieHellmanGroup.prototype[name] = methods[name];
}

export const createDiffieHellman = (sizeOrKey, keyEncoding, generator, generatorEncoding) => new DiffieHellman(sizeOrKey, keyEncoding, generator, generatorEncoding);
export const createDiffieHellmanGroup = (name) => new DiffieHellmanGroup(name);
export const getDiffieHellman = createDiffieHellmanGroup;
