// SPDX-License-Identifier: GPL-3.0-or-later
// The options of R2's methods: their types, their errors, and the form in which C++ takes them (core/runtime/nativesr2.cpp).

import { Headers } from "./headers.js";

const httpFields = ["contentType", "contentLanguage", "contentDisposition", "contentEncoding", "cacheControl", "cacheExpiry"];
export const httpHeaders = ["content-type", "content-language", "content-disposition", "content-encoding", "cache-control", "expires"];
const hashes = [["md5", "MD5", 16], ["sha1", "SHA-1", 20], ["sha256", "SHA-256", 32], ["sha384", "SHA-384", 48], ["sha512", "SHA-512", 64]];
const lastDate = 9223372036854; // ms: what fits into 63 bits as nanoseconds
const EtagKind = { Strong: 0, Weak: 1, Wildcard: 2 };

function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function wrongField(name, owner, type) {
  return new TypeError(`Incorrect type for the '${name}' field on '${owner}': the provided value is not of type '${type}'.`);
}

/** The dictionary that was passed as argument number `n`; null when there is none. */
export function dictionary(given, method, n, type, owner = "R2Bucket") {
  if (given === undefined || given === null) return null;
  if (!isObject(given)) throw new TypeError(`Failed to execute '${method}' on '${owner}': parameter ${n} is not of type '${type}'.`);
  return given;
}

export function toInt32(value) {
  const given = +value;
  const number = Number.isFinite(given) ? Math.trunc(given) : 0;
  if (!(number >= -2147483648 && number <= 2147483647)) throw new TypeError("Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
  return number;
}

function stringField(dictionary, name, owner) {
  const value = dictionary[name];
  if (value !== undefined && typeof value !== "string") throw wrongField(name, owner, "string");
  return value;
}

/** Milliseconds of a Date or a number. */
function dateField(dictionary, name, owner) {
  const value = dictionary[name];
  if (value === undefined) return undefined;
  if (!(value instanceof Date) && typeof value !== "number") throw wrongField(name, owner, "date");
  const time = Math.trunc(Number(value));
  if (!Number.isFinite(time)) throw new TypeError("The value cannot be converted because it is not a valid Date.");
  if (time > lastDate) throw new TypeError("This API doesn't support dates after 2189.");
  if (time < -lastDate) throw new TypeError("This API doesn't support dates before 1687.");
  return time;
}

/** Milliseconds of a date in a header; one that makes no sense counts as the beginning of time. */
function headerDate(text) {
  return text === null ? undefined : Date.parse(text) || 0;
}

// ---- conditions

function singleEtag(value) {
  if (value === undefined) return undefined;
  if (value.length > 1 && value.startsWith('"') && value.endsWith('"')) throw new TypeError(`Conditional ETag should not be wrapped in quotes (${value}).`);
  return value === "*" ? [EtagKind.Wildcard, ""] : [EtagKind.Strong, value];
}

const instead = {
  "*": "a wildcard character '*' instead.",
  '"': "a double quote character '\"' instead. This would otherwise indicate the start of a new strong etag.",
  W: "a weak quotation character 'W' instead. This would otherwise indicate the start of a new weak etag.",
};

/** RFC 9110, section 13.1.1: a list of quoted etags, or an asterisk. */
function headerEtags(headers, name) {
  let rest = headers.get(name);
  if (rest === null) return undefined;
  const etags = [];
  let separated = true;
  for (;;) {
    const at = (character) => {
      const index = rest.indexOf(character);
      return index < 0 ? Infinity : index;
    };
    const [wildcard, quote, weak, comma] = [at("*"), at('"'), at("W"), at(",")];
    if (wildcard === Infinity && quote === Infinity) break;
    const next = Math.min(wildcard, quote, weak);
    if (comma < next) {
      rest = rest.slice(comma + 1);
      separated = true;
      continue;
    }
    if (!separated) throw new Error(`Comma was expected to separate etags. Encountered ${instead[rest[next]]}`);
    if (wildcard < quote) return [EtagKind.Wildcard, ""];
    const close = rest.indexOf('"', quote + 1);
    if (close < 0) throw new Error("Unclosed double quote for Etag");
    if (weak < quote && (rest[weak + 1] !== "/" || weak + 2 !== quote)) throw new Error("Weak etags must start with W/ and their value must be quoted");
    etags.push(weak < quote ? EtagKind.Weak : EtagKind.Strong, rest.slice(quote + 1, close));
    rest = rest.slice(close + 1);
    separated = false;
  }
  if (etags.length === 0) throw new Error(`Invalid ETag in ${name} header`);
  return etags;
}

function conditions(options, owner) {
  const given = options.onlyIf;
  if (given === undefined || given === null) return undefined;
  if (!isObject(given)) throw wrongField("onlyIf", owner, "Conditional or Headers");
  if (given instanceof Headers) {
    return [headerEtags(given, "if-match"), headerEtags(given, "if-none-match"), headerDate(given.get("if-unmodified-since")), headerDate(given.get("if-modified-since")), true];
  }
  const matches = stringField(given, "etagMatches", "Conditional");
  const differs = stringField(given, "etagDoesNotMatch", "Conditional");
  const before = dateField(given, "uploadedBefore", "Conditional");
  const after = dateField(given, "uploadedAfter", "Conditional");
  // The real thing sends them as unsigned numbers, whose largest value means that none was given.
  const sent = (time) => (time === -1 ? undefined : time);
  return [singleEtag(matches), singleEtag(differs), sent(before), sent(after), Boolean(given.secondsGranularity)];
}

// ---- get

/** Customer keys are checked and, as in wrangler, not used: nothing is encrypted locally. */
export function checkSsecKey(key) {
  if (key === undefined) return;
  if (ArrayBuffer.isView(key) || key instanceof ArrayBuffer) {
    if (key.byteLength !== 32) throw new Error("SSE-C Key must be 32 bytes in length");
    return;
  }
  const text = `${key}`;
  if (!/^[0-9a-f]+$/.test(text)) throw new Error("SSE-C Key has invalid format");
  if (text.length !== 64) throw new Error("SSE-C Key must be 32 bytes in length");
}

function rangeNumber(value, what) {
  if (value === undefined) return undefined;
  const number = +value;
  const name = what === "suffix" ? "Suffix" : what;
  const shown = Number.isNaN(number) ? "nan" : number === Infinity ? "inf" : number === -Infinity ? "-inf" : number;
  if (!(number >= 0)) throw new RangeError(`Invalid ${what === "suffix" ? "suffix" : "range"}. ${name} (${shown}) must be greater than or equal to 0.`);
  if (number !== Infinity && !Number.isInteger(number)) throw new RangeError(`Invalid range. ${name} (${shown}) must be an integer, not floating point.`);
  return number;
}

/** [conditions, range header, offset, length, suffix], or undefined where there is nothing. */
export function getOptions(given) {
  const options = dictionary(given, "get", 2, "GetOptions");
  if (options === null) return undefined;
  const onlyIf = conditions(options, "GetOptions");
  const packed = [onlyIf];
  const range = options.range;
  if (range !== undefined && range !== null) {
    if (!isObject(range)) throw wrongField("range", "GetOptions", "Range or Headers");
    if (range instanceof Headers) {
      packed[1] = range.get("range") ?? undefined;
    } else {
      packed[2] = rangeNumber(range.offset, "Starting offset");
      packed[3] = rangeNumber(range.length, "Length");
      if (range.suffix !== undefined) {
        if (range.offset !== undefined) throw new TypeError("Suffix is incompatible with offset.");
        if (range.length !== undefined) throw new TypeError("Suffix is incompatible with length.");
        packed[4] = rangeNumber(range.suffix, "suffix");
      }
    }
  }
  checkSsecKey(options.ssecKey);
  return packed;
}

// ---- put

function textField(value) {
  return value === undefined ? undefined : `${value}`.toWellFormed();
}

/** All fields, undefined where they are not set. */
function httpMetadata(options, owner) {
  const given = options.httpMetadata;
  if (given === undefined || given === null) return {};
  if (!isObject(given)) throw wrongField("httpMetadata", owner, "HttpMetadata or Headers");
  const metadata = {};
  if (given instanceof Headers) {
    for (let i = 0; i < 5; ++i) metadata[httpFields[i]] = given.get(httpHeaders[i]) ?? undefined;
    metadata.cacheExpiry = headerDate(given.get("expires"));
  } else {
    for (let i = 0; i < 5; ++i) metadata[httpFields[i]] = textField(given[httpFields[i]]);
    metadata.cacheExpiry = dateField(given, "cacheExpiry", "HttpMetadata");
  }
  return metadata;
}

function customMetadata(options, owner) {
  const given = options.customMetadata;
  if (given === undefined) return {};
  if (!isObject(given) || Array.isArray(given)) throw wrongField("customMetadata", owner, "object");
  const metadata = {};
  for (const name of Object.keys(given)) metadata[name] = `${given[name]}`.toWellFormed();
  return metadata;
}

function unhex(text, name) {
  if (!/^[0-9a-fA-F]*$/.test(text)) throw new TypeError(`Provided ${name} wasn't a valid hex string`);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; ++i) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** [index of the hash, its bytes], or nothing. */
function checksum(options) {
  let found = [];
  const given = hashes.map(([field]) => {
    const value = options[field];
    if (value !== undefined && typeof value !== "string" && !ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) throw wrongField(field, "PutOptions", "BufferSource or string");
    return value;
  });
  given.forEach((value, i) => {
    if (value === undefined) return;
    if (found.length > 0) throw new TypeError("You cannot specify multiple hashing algorithms.");
    const [, name, length] = hashes[i];
    if (typeof value === "string") {
      if (value.length !== 2 * length) throw new TypeError(`${name} is ${2 * length} hex characters, not ${value.length}`);
      found = [i, unhex(value, name)];
    } else {
      if (value.byteLength !== length) throw new TypeError(`${name} is ${length} bytes, not ${value.byteLength}`);
      found = [i, value];
    }
  });
  return found;
}

/** Any text is taken and, as in wrangler, not kept. */
function checkStorageClass(options) {
  textField(options.storageClass);
}

/** [httpMetadata, customMetadata, hash, its bytes, conditions], or undefined where there is nothing. */
export function putOptions(given) {
  const options = dictionary(given, "put", 3, "PutOptions");
  if (options === null) return undefined;
  const onlyIf = conditions(options, "PutOptions");
  const custom = JSON.stringify(customMetadata(options, "PutOptions"));
  const http = JSON.stringify(httpMetadata(options, "PutOptions"));
  const [hash, bytes] = checksum(options);
  checkStorageClass(options);
  checkSsecKey(options.ssecKey);
  return [http, custom, hash, bytes, onlyIf];
}

/** The same of createMultipartUpload. */
export function multipartOptions(given) {
  const options = dictionary(given, "createMultipartUpload", 2, "MultipartOptions");
  if (options === null) return undefined;
  const http = JSON.stringify(httpMetadata(options, "MultipartOptions"));
  const custom = JSON.stringify(customMetadata(options, "MultipartOptions"));
  checkStorageClass(options);
  checkSsecKey(options.ssecKey);
  return [http, custom];
}

// ---- list

/** [prefix, delimiter, cursor, startAfter, limit, include http, include custom] */
export function listOptions(given) {
  const options = dictionary(given, "list", 1, "ListOptions");
  if (options === null) return ["", "", ""];
  let limit = options.limit === undefined ? undefined : toInt32(options.limit);
  // The real thing sends it as an unsigned number, whose largest value means that none was given.
  if (limit === -1) limit = undefined;
  const text = (name) => stringField(options, name, "ListOptions");
  const [prefix, cursor, delimiter, startAfter] = [text("prefix"), text("cursor"), text("delimiter"), text("startAfter")];
  let include = [];
  if (options.include !== undefined) {
    if (!Array.isArray(options.include)) throw wrongField("include", "ListOptions", "Array");
    include = Array.from(options.include);
    include.forEach((name, i) => {
      if (typeof name !== "string") throw new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'string'.`);
    });
    for (const name of include) if (name !== "httpMetadata" && name !== "customMetadata") throw new RangeError(`Unsupported include value ${name}`);
  }
  return [prefix ?? "", delimiter ?? "", cursor ?? "", startAfter, limit, include.includes("httpMetadata"), include.includes("customMetadata")];
}
