// SPDX-License-Identifier: GPL-3.0-or-later
// Arguments of the crypto interfaces, converted and refused as workerd does. Each dictionary's members are read in the order of its declaration.

import { DOMException } from "../domexception.js";
import { isCryptoKey } from "./key.js";

const { isView } = ArrayBuffer;
const byteLengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
const { apply } = Reflect;

export function fail(name, message) {
  throw new DOMException(message, name);
}

/** Whether a value is an ArrayBuffer or a view of one, whatever its prototype says. */
export function isBytes(value) {
  if (isView(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  try {
    apply(byteLengthOf, value, []);
    return true;
  } catch {
    return false;
  }
}

const toInt = (value) => {
  const number = +value;
  if (!(number > -Infinity && number < Infinity)) return 0;
  if (number <= -2147483649 || number >= 2147483648) throw new TypeError("Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
  return number | 0;
};

const wrongField = (field, dictionary, type) =>
  new TypeError(`Incorrect type for the '${field}' field on '${dictionary}': the provided value is not of type '${type}'.`);

const kinds = {
  string: (value) => `${value}`,
  int: toInt,
  boolean: (value) => Boolean(value),
  bytes(value, field, dictionary) {
    if (!isBytes(value)) throw wrongField(field, dictionary, "BufferSource");
    return value;
  },
  key(value, field, dictionary) {
    if (!isCryptoKey(value)) throw wrongField(field, dictionary, "CryptoKey");
    return value;
  },
  hash: (value) => algorithm("HashAlgorithm", value).name,
  strings(value, field, dictionary) {
    if (!Array.isArray(value)) throw wrongField(field, dictionary, "Array");
    const list = [];
    for (let i = 0; i < value.length; ++i) list[i] = `${value[i]}`;
    return list;
  },
  primes(value, field, dictionary) {
    if (!Array.isArray(value)) throw wrongField(field, dictionary, "Array");
    return value;
  },
};

const dictionaries = {
  HashAlgorithm: [["name", "string"]],
  EncryptAlgorithm: [["name", "string"], ["iv", "bytes"], ["additionalData", "bytes"], ["tagLength", "int"], ["counter", "bytes"], ["length", "int"], ["label", "bytes"]],
  SignAlgorithm: [["name", "string"], ["hash", "hash"], ["dataLength", "int"], ["saltLength", "int"]],
  GenerateKeyAlgorithm: [["name", "string"], ["hash", "hash"], ["modulusLength", "int"], ["publicExponent", "bytes"], ["length", "int"], ["namedCurve", "string"]],
  ImportKeyAlgorithm: [["name", "string"], ["hash", "hash"], ["length", "int"], ["namedCurve", "string"], ["compressed", "boolean"]],
  DeriveKeyAlgorithm: [["name", "string"], ["salt", "bytes"], ["iterations", "int"], ["hash", "hash"], ["public", "key"], ["info", "bytes"]],
  JsonWebKey: [["kty", "string"], ["use", "string"], ["key_ops", "strings"], ["alg", "string"], ["ext", "boolean"], ["crv", "string"], ["x", "string"], ["y", "string"], ["d", "string"],
    ["n", "string"], ["e", "string"], ["p", "string"], ["q", "string"], ["dp", "string"], ["dq", "string"], ["qi", "string"], ["oth", "primes"], ["k", "string"], ["pub", "string"],
    ["priv", "string"]],
};
export const jwkFields = dictionaries.JsonWebKey.map(([field]) => field);

/** The members of a dictionary; the first is required, and so "undefined" where it is missing. */
export function dictionary(type, value) {
  if (value === undefined || value === null) {
    throw new TypeError(`Cannot initialize N7workerd3api12SubtleCrypto${type.length}${type}E with required members from an undefined or null value.`);
  }
  const members = { __proto__: null };
  const fields = dictionaries[type];
  for (let i = 0; i < fields.length; ++i) {
    const field = fields[i][0];
    const given = value[field];
    if (given !== undefined || i === 0) members[field] = kinds[fields[i][1]](given, field, type);
  }
  return members;
}

/** An algorithm given as its name or as a dictionary. */
export function algorithm(type, value) {
  const isObject = typeof value === "object" || typeof value === "function" || value === undefined;
  return isObject ? dictionary(type, value) : { __proto__: null, name: `${value}` };
}

/** The arguments of one call: each method takes the place of an argument, from 0. */
export class Arguments {
  #method;
  #values;

  constructor(method, values) {
    this.#method = method;
    this.#values = values;
  }

  #refuse(at, type) {
    throw new TypeError(`Failed to execute '${this.#method}' on 'SubtleCrypto': parameter ${at + 1} is not of type '${type}'.`);
  }

  #require(at, type) {
    if (at >= this.#values.length) this.#refuse(at, type);
    return this.#values[at];
  }

  string(at) {
    return `${this.#require(at, "string")}`;
  }

  boolean(at) {
    return Boolean(this.#require(at, "boolean"));
  }

  algorithm(at, type) {
    return algorithm(type, this.#require(at, `string or ${type}`));
  }

  key(at) {
    const key = this.#require(at, "CryptoKey");
    return isCryptoKey(key) ? key : this.#refuse(at, "CryptoKey");
  }

  bytes(at) {
    const bytes = this.#require(at, "BufferSource");
    return isBytes(bytes) ? bytes : this.#refuse(at, "BufferSource");
  }

  usages(at) {
    const list = this.#require(at, "Array");
    return Array.isArray(list) ? kinds.strings(list) : this.#refuse(at, "Array");
  }

  /** What importKey takes: {bytes}, or {jwk}. */
  keyData(at) {
    const data = this.#require(at, "BufferSource or JsonWebKey");
    if (isBytes(data)) return { bytes: data };
    if (typeof data === "object" || typeof data === "function" || data === undefined) return { jwk: dictionary("JsonWebKey", data) };
    return this.#refuse(at, "BufferSource or JsonWebKey");
  }

  /** A number of bits, or undefined. */
  bits(at) {
    const value = this.#values[at];
    if (value === undefined || value === null) return undefined;
    const bits = toInt(value);
    if (bits < 0) throw new TypeError("deriveBits length must be an unsigned long integer.");
    return bits;
  }
}
