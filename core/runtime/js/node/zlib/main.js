// SPDX-License-Identifier: GPL-3.0-or-later
// node:zlib, over the system's zlib and Brotli.

import { native } from "../../native.js";
import { outOfRange, invalidArgType } from "../errors.js";
import { validateFunction } from "../validators.js";
import { inputBytes, runWhole } from "./coding.js";
import { codes, constants } from "./constants.js";
import { classes } from "./streams.js";

const later = queueMicrotask;

function crc32(data, value = 0) {
  if (typeof value !== "number") throw invalidArgType("value", "number", value);
  if (!(value >= 0 && value < 4294967296)) throw outOfRange("value", ">= 0 && < 4294967296", value);
  return native.crc32(inputBytes(data, "crc32"), value);
}

const functions = {};
const modes = {
  inflate: constants.INFLATE, deflate: constants.DEFLATE, inflateRaw: constants.INFLATERAW, deflateRaw: constants.DEFLATERAW, gzip: constants.GZIP, gunzip: constants.GUNZIP,
  unzip: constants.UNZIP, brotliDecompress: constants.BROTLI_DECODE, brotliCompress: constants.BROTLI_ENCODE,
};
const engines = { inflate: "Inflate", deflate: "Deflate", inflateRaw: "InflateRaw", deflateRaw: "DeflateRaw", gzip: "Gzip", gunzip: "Gunzip", unzip: "Unzip", brotliDecompress: "BrotliDecompress", brotliCompress: "BrotliCompress" };

for (const [name, mode] of Object.entries(modes)) {
  const method = name.startsWith("brotli") ? name : "zlib";
  const sync = { [`${name}Sync`](data, options) {
    const buffer = runWhole(mode, data, options, `${method}Sync`);
    return options?.info ? { buffer, engine: new classes[engines[name]](options) } : buffer;
  } }[`${name}Sync`];
  functions[name] = { [name](data, options, callback) {
    if (typeof options === "function") [options, callback] = [{}, options];
    validateFunction(callback, "callback");
    inputBytes(data, method);
    later(() => {
      let result;
      try {
        result = sync(data, options);
      } catch (error) {
        callback(error);
        return;
      }
      callback(null, result);
    });
  } }[name];
  functions[`${name}Sync`] = sync;
}

const creators = {};
for (const [name, Class] of Object.entries(classes)) creators[`create${name}`] = { [`create${name}`]: (options) => new Class(options) }[`create${name}`];

export default { crc32, codes: Object.freeze(codes), constants: Object.freeze({ ...constants }), ...constants, ...classes, ...creators, ...functions };
