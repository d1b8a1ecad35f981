// SPDX-License-Identifier: GPL-3.0-or-later
// How node:zlib compresses and expands: one coder for a stream or for a whole buffer.

import { native } from "../../native.js";
import { bytesIn } from "../../encoding.js";
import { constants as c } from "./constants.js";

const [end, needDictionary, dataError, bufferError] = [1, 2, -3, -5];

class NodeError extends Error {
  constructor(message, errno, code) {
    super(message);
    this.errno = errno;
    this.code = code;
  }
}

function range(name, value, low, high) {
  if (value === undefined) return undefined;
  const number = Math.trunc(+value) || 0;
  if (number < low || number > high) throw new RangeError(`The value of "options.${name}" is out of range. It must be >= ${low} and <= ${high}. Received ${number}`);
  return number;
}

export function inputBytes(input, method) {
  const bytes = typeof input === "string" ? native.utf8Encode(input) : bytesIn(input);
  if (bytes === undefined) throw new TypeError(`Failed to execute '${method}' on 'ZlibUtil': parameter 1 is not of type 'string or ArrayBuffer or ArrayBufferView'.`);
  return bytes;
}

/** The options that all modes share, with their defaults. */
export function commonOptions(options, isBrotli) {
  const given = options ?? {};
  return {
    chunkSize: range("chunkSize", given.chunkSize, c.Z_MIN_CHUNK, c.Z_MAX_CHUNK) ?? c.Z_DEFAULT_CHUNK,
    maxOutputLength: given.maxOutputLength === undefined ? Infinity : range("maxOutputLength", given.maxOutputLength, 1, Number.MAX_SAFE_INTEGER),
    flush: given.flush ?? (isBrotli ? c.BROTLI_OPERATION_PROCESS : c.Z_NO_FLUSH),
    finishFlush: given.finishFlush ?? (isBrotli ? c.BROTLI_OPERATION_FINISH : c.Z_FINISH),
  };
}

const isCompressing = (mode) => mode === c.DEFLATE || mode === c.GZIP || mode === c.DEFLATERAW;

function zlibCoder(mode, options) {
  const given = options ?? {};
  let bits = given.windowBits === 0 && !isCompressing(mode) ? 0 : range("windowBits", given.windowBits, mode === c.GZIP ? 9 : c.Z_MIN_WINDOWBITS, c.Z_MAX_WINDOWBITS) ?? c.Z_DEFAULT_WINDOWBITS;
  const level = range("level", given.level, c.Z_MIN_LEVEL, c.Z_MAX_LEVEL) ?? c.Z_DEFAULT_LEVEL;
  const memLevel = range("memLevel", given.memLevel, c.Z_MIN_MEMLEVEL, c.Z_MAX_MEMLEVEL) ?? c.Z_DEFAULT_MEMLEVEL;
  const strategy = given.strategy === undefined ? c.Z_DEFAULT_STRATEGY : Math.trunc(+given.strategy) || 0;
  if (strategy < 0 || strategy > c.Z_FIXED) throw new Error("invalid strategy");
  let dictionary;
  if (given.dictionary !== undefined) {
    dictionary = bytesIn(given.dictionary);
    if (dictionary === undefined) throw new TypeError("Incorrect type for the 'dictionary' field on 'Options': the provided value is not of type 'ArrayBuffer or ArrayBufferView'.");
  }
  if (mode === c.GZIP || mode === c.GUNZIP) bits += 16;
  else if (mode === c.UNZIP) bits += 32;
  else if (mode === c.DEFLATERAW || mode === c.INFLATERAW) bits = -Math.max(bits, mode === c.DEFLATERAW ? 9 : 8);
  const coder = native.zlibOpen(isCompressing(mode), level, bits, memLevel, strategy, dictionary);
  if (typeof coder === "number") throw new Error("Failed to initialize zlib");
  return { coder, hasDictionary: dictionary !== undefined, level, strategy };
}

function brotliCoder(mode, options) {
  const list = [];
  for (const [key, value] of Object.entries(options?.params ?? {})) list.push(Number(key), Number(value));
  const coder = native.brotliOpen(mode === c.BROTLI_ENCODE, list);
  if (coder === undefined) throw new Error("Setting parameter failed");
  return { coder, hasDictionary: false, level: 0, strategy: 0 };
}

/** One run of compressing or expanding, by pieces. */
export class Coding {
  constructor(mode, options) {
    this.mode = mode;
    this.options = options;
    this.isBrotli = mode === c.BROTLI_ENCODE || mode === c.BROTLI_DECODE;
    this.ended = false;
    Object.assign(this, this.isBrotli ? brotliCoder(mode, options) : zlibCoder(mode, options));
  }

  #failure(status) {
    if (this.isBrotli) return new NodeError("Compression failed", status, "ERR_BROTLI_COMPRESSION_FAILED");
    const code = { [needDictionary]: "Z_NEED_DICT", [-2]: "Z_STREAM_ERROR", [dataError]: "Z_DATA_ERROR", [-4]: "Z_MEM_ERROR", [bufferError]: "Z_BUF_ERROR" }[status] ?? "Z_ERRNO";
    if (status === needDictionary) return new NodeError("Missing dictionary", status, code);
    if (status === bufferError) return new NodeError("unexpected end of file", status, code);
    if (status === dataError && this.hasDictionary && native.coderMessage(this.coder) === "") return new NodeError("Bad dictionary", status, code);
    return new NodeError(native.coderMessage(this.coder) || "Zlib error", status, code);
  }

  /** Gives what comes of `bytes` to `emit`, in pieces of at most `size` bytes. Throws a NodeError. */
  run(bytes, flush, size, emit) {
    let at = 0;
    for (;;) {
      if (this.ended && !this.#anotherMember(bytes, at)) return;
      const [output, consumed, status, full] = native.coderRun(this.coder, bytes.subarray(at), flush, size);
      at += consumed;
      if (output.byteLength > 0) emit(output);
      if (status < 0 && !(status === bufferError && flush !== c.Z_FINISH)) throw this.#failure(status);
      if (status === needDictionary) throw this.#failure(status);
      this.ended = status === end;
      if (full || (this.ended && at < bytes.byteLength)) continue;
      return;
    }
  }

  /** A gzip file may have more members behind the first. What is no member is left alone when it begins with a zero, as in Node. */
  #anotherMember(bytes, at) {
    if ((this.mode !== c.GUNZIP && this.mode !== c.UNZIP) || at >= bytes.byteLength || bytes[at] === 0) return false;
    native.coderReset(this.coder);
    this.ended = false;
    return true;
  }

  /** At the end of the input: what was expanded has to be whole. */
  finish(flush) {
    if (this.isBrotli && this.mode === c.BROTLI_DECODE && !this.ended && flush === c.BROTLI_OPERATION_FINISH) throw new NodeError("Unexpected end of file", bufferError, "Z_BUF_ERROR");
    if (!this.isBrotli && !isCompressing(this.mode) && !this.ended && flush === c.Z_FINISH) throw this.#failure(bufferError);
  }

  reset() {
    this.ended = false;
    if (this.isBrotli) this.coder = brotliCoder(this.mode, this.options).coder;
    else native.coderReset(this.coder);
  }

  params(level, strategy) {
    const status = native.coderParams(this.coder, level, strategy);
    if (status < 0) throw this.#failure(status);
    this.level = level;
    this.strategy = strategy;
  }
}

/** All of a buffer at once. */
export function runWhole(mode, input, options, method) {
  const isBrotli = mode === c.BROTLI_ENCODE || mode === c.BROTLI_DECODE;
  const bytes = inputBytes(input, method);
  const { maxOutputLength, finishFlush } = commonOptions(options, isBrotli);
  const coding = new Coding(mode, options);
  const pieces = [];
  let length = 0;
  const emit = (piece) => {
    length += piece.byteLength;
    if (length > maxOutputLength) throw new RangeError("Memory limit exceeded");
    pieces.push(piece);
  };
  try {
    coding.run(bytes, finishFlush, 1048576, emit);
    coding.finish(finishFlush);
  } catch (error) {
    // The whole-buffer functions throw plain errors in Workers.
    throw error instanceof NodeError ? new Error(error.message) : error;
  }
  return require("../buffer.js").Buffer.concat(pieces, length);
}
