// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript face of an R2 bucket (R2, "Workers API reference").

import { native } from "./native.js";
import { Blob, blobBytes, bytesBlob } from "./blob.js";
import { Body, Kind, bodyBytes, mixBody, pumpBody } from "./body.js";
import { Headers } from "./headers.js";
import { checkSsecKey, dictionary, getOptions, httpHeaders, listOptions, multipartOptions, putOptions, toInt32 } from "./r2options.js";
import { ReadableStream, Source, promisedLength } from "./streams.js";

const internal = Symbol("internal");
const valueTypes = "JsReadableStream or ArrayBuffer or ArrayBufferView or string or Blob";
const objectFields = 10; // that C++ gives of each

function requireInternal(given) {
  if (given !== internal) throw new TypeError("Illegal constructor");
}

function illegal() {
  return new TypeError("Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.");
}

function wrongParameter(method, n, type, owner = "R2Bucket") {
  return new TypeError(`Failed to execute '${method}' on '${owner}': parameter ${n} is not of type '${type}'.`);
}

/** Own, enumerable and read-only, as the properties of the real objects are. */
function define(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true });
}

/** The same, but made at the first look. */
function defineLate(object, name, make) {
  Object.defineProperty(object, name, {
    get() {
      const value = make();
      define(object, name, value);
      return value;
    },
    enumerable: true,
    configurable: true,
  });
}

function bytesOfHex(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; ++i) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes.buffer;
}

class Checksums {
  #hex;

  constructor(given, hex) {
    requireInternal(given);
    this.#hex = hex;
    for (const name of ["sha512", "sha384", "sha256", "sha1", "md5"]) define(this, name, hex[name] === undefined ? undefined : bytesOfHex(hex[name]));
  }

  toJSON() {
    const { md5, sha1, sha256, sha384, sha512 } = this.#hex;
    return { md5, sha1, sha256, sha384, sha512 };
  }

  get [Symbol.toStringTag]() { return "Checksums"; }
}

function checksumsOf(json, etag) {
  const hex = json === "{}" ? {} : JSON.parse(json);
  if (hex.md5 === undefined && /^[0-9a-f]{32}$/.test(etag)) hex.md5 = etag;
  return new Checksums(internal, hex);
}

function httpMetadataOf(json) {
  const { contentType, contentLanguage, contentDisposition, contentEncoding, cacheControl, cacheExpiry } = json === "{}" ? {} : JSON.parse(json);
  return { contentType, contentLanguage, contentDisposition, contentEncoding, cacheControl, cacheExpiry: cacheExpiry === undefined ? undefined : new Date(cacheExpiry) };
}

class HeadResult {
  #own = true;

  /** Reads what C++ gives of an object, from place `at` of the list on. */
  constructor(given, flat, at) {
    requireInternal(given);
    const etag = flat[at + 3];
    define(this, "ssecKeyMd5", undefined);
    define(this, "storageClass", "");
    define(this, "range", flat[at + 8] === undefined ? undefined : { offset: flat[at + 8], length: flat[at + 9], suffix: undefined });
    defineLate(this, "customMetadata", () => JSON.parse(flat[at + 7]));
    defineLate(this, "httpMetadata", () => httpMetadataOf(flat[at + 6]));
    define(this, "uploaded", new Date(flat[at + 4]));
    defineLate(this, "checksums", () => checksumsOf(flat[at + 5], etag));
    define(this, "httpEtag", `"${etag}"`);
    define(this, "etag", etag);
    define(this, "size", flat[at + 2]);
    define(this, "version", flat[at + 1]);
    define(this, "key", flat[at]);
  }

  writeHttpMetadata(headers) {
    if (typeof this !== "object" || this === null || !(#own in this)) throw illegal();
    if (!(headers instanceof Headers)) throw wrongParameter("writeHttpMetadata", 1, "Headers", "HeadResult");
    const values = Object.values(this.httpMetadata);
    httpHeaders.forEach((name, i) => {
      if (values[i] !== undefined) headers.set(name, values[i] instanceof Date ? values[i].toUTCString() : values[i]);
    });
  }

  get [Symbol.toStringTag]() { return "HeadResult"; }
}

function valueBody(value, length) {
  if (typeof value !== "number") return new Body(Kind.Bytes, value);
  const source = new Source(value);
  source.length = length;
  return new Body(Kind.Source, source);
}

let bodyOf;

class GetResult extends HeadResult {
  #body;

  static {
    bodyOf = (result) => {
      if (typeof result !== "object" || result === null || !(#body in result)) throw illegal();
      return result.#body;
    };
  }

  constructor(given, flat) {
    super(given, flat, 0);
    this.#body = valueBody(flat[objectFields], flat[9]);
  }

  blob() {
    const body = bodyOf(this);
    return bodyBytes(body).then((bytes) => bytesBlob(bytes, this.httpMetadata.contentType ?? ""));
  }

  get [Symbol.toStringTag]() { return "GetResult"; }
}

mixBody(GetResult.prototype, bodyOf);

// Unlike those of a Response, they keep a byte order mark, and throw at once when they are called on something else.
const methods = {
  text() {
    return bodyBytes(bodyOf(this)).then((bytes) => native.utf8Decode(bytes, false));
  },
  json() {
    return bodyBytes(bodyOf(this)).then((bytes) => JSON.parse(native.utf8Decode(bytes, false)));
  },
  arrayBuffer() {
    return bodyBytes(bodyOf(this)).then((bytes) => (bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer));
  },
  bytes() {
    return bodyBytes(bodyOf(this));
  },
};
for (const [name, value] of Object.entries(methods)) Object.defineProperty(GetResult.prototype, name, { value, writable: true, configurable: true });

/** Writes a stream and gives the number by which C++ knows what was written. */
async function writeStream(binding, operation, key, stream, hash) {
  if (stream.locked) throw new TypeError("The ReadableStream has been locked to a reader.");
  const length = promisedLength(stream);
  if (length === undefined) throw new TypeError("Provided readable stream must have a known length (request/response body or readable half of FixedLengthStream)");
  const write = native.r2Write(binding, operation, hash);
  try {
    let written = 0;
    await pumpBody(new Body(Kind.Stream, stream), (piece) => {
      native.r2WritePiece(write, piece, operation);
      written += piece.byteLength;
    });
    if (written !== length) throw new TypeError(`The stream gave ${written} bytes, but its length was to be ${length}.`);
  } catch (error) {
    native.r2WriteFailed(binding, operation, write, key, String(error?.message ?? error));
    throw error;
  }
  return write;
}

/** What C++ takes for a value: a string, bytes, or a promise of the number of a write. Undefined when it is of no type that R2 stores. */
function storable(value, binding, operation, key, hash) {
  if (typeof value === "string" || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value;
  if (value instanceof Blob) return blobBytes(value);
  if (value instanceof ReadableStream) return writeStream(binding, operation, key, value, hash);
  return undefined;
}

let makeUpload;

class R2MultipartUpload {
  #binding;

  static {
    makeUpload = (binding, key, uploadId) => {
      const upload = new R2MultipartUpload(internal);
      upload.#binding = binding;
      define(upload, "uploadId", uploadId);
      define(upload, "key", key);
      return upload;
    };
  }

  constructor(given) {
    requireInternal(given);
  }

  uploadPart() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#uploadPart(...arguments);
  }

  async #uploadPart(partNumber, value, given) {
    const owner = "R2MultipartUpload";
    if (arguments.length < 1) throw wrongParameter("uploadPart", 1, "integer", owner);
    const number = toInt32(partNumber);
    const known = typeof value === "string" || ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob || value instanceof ReadableStream;
    if (!known) throw wrongParameter("uploadPart", 2, valueTypes, owner);
    const options = dictionary(given, "uploadPart", 3, "UploadPartOptions", owner);
    checkPartNumber(number);
    checkSsecKey(options?.ssecKey);
    const mark = value instanceof ReadableStream ? undefined : native.callMark(); // a stream's write has its own
    const content = await storable(value, this.#binding, "uploadPart", this.key);
    return { partNumber: number, etag: native.r2UploadPart(this.#binding, this.key, this.uploadId, number, content, mark) };
  }

  complete() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#complete(...arguments);
  }

  async #complete(parts) {
    if (!Array.isArray(parts)) throw wrongParameter("complete", 1, "Array", "R2MultipartUpload");
    const packed = [];
    Array.from(parts).forEach((part, i) => {
      // The words of the real thing, to the letter.
      if (part === undefined || part === null) throw new TypeError("Cannot initialize N7workerd3api11public_beta17R2MultipartUpload12UploadedPartE with required members from an undefined or null value.");
      if (typeof part !== "object" && typeof part !== "function") {
        throw new TypeError(`Incorrect type for array element ${i}: the provided value is not of type 'UploadedPart'.`);
      }
      const etag = `${part.etag}`;
      packed.push(toInt32(part.partNumber), etag);
    });
    for (let i = 0; i < packed.length; i += 2) checkPartNumber(packed[i]);
    return new HeadResult(internal, native.r2Complete(this.#binding, this.key, this.uploadId, packed), 0);
  }

  abort() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#abort(...arguments);
  }

  async #abort() {
    native.r2Abort(this.#binding, this.key, this.uploadId);
  }

  get [Symbol.toStringTag]() { return "R2MultipartUpload"; }
}

function checkPartNumber(number) {
  if (number < 1 || number > 10000) throw new TypeError(`Part number must be between 1 and 10000 (inclusive). Actual value was: ${number}`);
}

let makeBucket;

class R2Bucket {
  #binding;

  static {
    makeBucket = (binding) => {
      const bucket = new R2Bucket(internal);
      bucket.#binding = binding;
      return bucket;
    };
  }

  constructor(given) {
    requireInternal(given);
  }

  head() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#head(...arguments);
  }

  async #head(key) {
    if (arguments.length < 1) throw wrongParameter("head", 1, "string");
    const found = native.r2Head(this.#binding, `${key}`);
    return found === undefined ? null : new HeadResult(internal, found, 0);
  }

  get() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#get(...arguments);
  }

  async #get(key, options) {
    if (arguments.length < 1) throw wrongParameter("get", 1, "string");
    const found = native.r2Get(this.#binding, `${key}`, options === undefined ? undefined : getOptions(options));
    if (found === undefined) return null;
    return found[objectFields] === null ? new HeadResult(internal, found, 0) : new GetResult(internal, found);
  }

  put() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#put(...arguments);
  }

  async #put(key, value, given) {
    if (arguments.length < 1) throw wrongParameter("put", 1, "string");
    const name = `${key}`;
    const nothing = (value === undefined || value === null) && arguments.length > 1;
    const known = nothing || typeof value === "string" || ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Blob || value instanceof ReadableStream;
    if (!known) throw wrongParameter("put", 2, valueTypes);
    const options = given === undefined ? undefined : putOptions(given);
    const content = nothing ? "" : storable(value, this.#binding, "put", name, options?.[2]);
    const stored = native.r2Put(this.#binding, name, content instanceof Promise ? await content : content, options);
    return stored === undefined ? null : new HeadResult(internal, stored, 0);
  }

  delete() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#delete(...arguments);
  }

  async #delete(keys) {
    if (arguments.length < 1) throw wrongParameter("delete", 1, "string or Array");
    native.r2Delete(this.#binding, Array.isArray(keys) ? keys.map((key) => `${key}`) : [`${keys}`]);
  }

  list() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#list(...arguments);
  }

  async #list(options) {
    const flat = native.r2List(this.#binding, ...listOptions(options));
    const [truncated, cursor, delimitedPrefixes] = flat;
    const objects = [];
    for (let at = 3; at < flat.length; at += objectFields) objects.push(new HeadResult(internal, flat, at));
    return { objects, truncated, cursor: truncated ? cursor : undefined, delimitedPrefixes };
  }

  createMultipartUpload() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#createMultipartUpload(...arguments);
  }

  async #createMultipartUpload(key, options) {
    if (arguments.length < 1) throw wrongParameter("createMultipartUpload", 1, "string");
    const name = `${key}`;
    return makeUpload(this.#binding, name, native.r2Create(this.#binding, name, multipartOptions(options)));
  }

  resumeMultipartUpload(key, uploadId) {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    if (arguments.length < 1) throw wrongParameter("resumeMultipartUpload", 1, "string");
    if (arguments.length < 2) throw wrongParameter("resumeMultipartUpload", 2, "string");
    return makeUpload(this.#binding, `${key}`, `${uploadId}`);
  }

  get [Symbol.toStringTag]() { return "R2Bucket"; }
}

export const r2Bucket = makeBucket;
