// SPDX-License-Identifier: GPL-3.0-or-later
// The transform streams of node:zlib.

import Stream from "../stream.js";
import { Coding, commonOptions } from "./coding.js";
import { constants as c } from "./constants.js";

const flushMark = Symbol("flush"); // of a write that stands for flush()

class ZlibBase extends Stream.Transform {
  #coding;
  #full;
  #options;

  constructor(options, mode, fullFlush) {
    super({ autoDestroy: true, ...options });
    this.bytesWritten = 0;
    this.#options = commonOptions(options, mode === c.BROTLI_ENCODE || mode === c.BROTLI_DECODE);
    this.#coding = new Coding(mode, options);
    this.#full = fullFlush;
  }

  get _closed() { return this.#coding === null; }
  get bytesRead() { return this.bytesWritten; }

  #run(bytes, flush) {
    const { Buffer } = require("../buffer.js");
    this.bytesWritten += bytes.byteLength;
    this.#coding.run(bytes, flush, this.#options.chunkSize, (piece) => this.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)));
  }

  _transform(chunk, encoding, callback) {
    try {
      if (chunk[flushMark] !== undefined) this.#run(new Uint8Array(0), chunk[flushMark]);
      else this.#run(chunk, this.#options.flush);
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  _flush(callback) {
    try {
      this.#run(new Uint8Array(0), this.#options.finishFlush);
      this.#coding.finish(this.#options.finishFlush);
    } catch (error) {
      callback(error);
      return;
    }
    callback();
  }

  /** What was written so far comes out. */
  flush(kind, callback) {
    if (typeof kind === "function") [kind, callback] = [this.#full, kind];
    if (this.writableFinished || this.writableEnded) {
      if (callback) queueMicrotask(callback);
      return;
    }
    const mark = require("../buffer.js").Buffer.alloc(0);
    mark[flushMark] = kind ?? this.#full;
    this.write(mark, "", callback);
  }

  reset() {
    if (!this.#coding) throw new Error("zlib binding closed");
    this.#coding.reset();
  }

  close(callback) {
    if (callback) Stream.finished(this, () => callback());
    this.destroy();
  }

  _destroy(error, callback) {
    this.#coding = null;
    callback(error);
  }

  /** Another level and strategy for what is written from now on. */
  _change(level, strategy, callback) {
    this.flush(c.Z_SYNC_FLUSH, (error) => {
      if (error || !this.#coding) {
        callback?.(error ?? null);
        return;
      }
      try {
        this.#coding.params(level, strategy);
      } catch (failure) {
        this.destroy(failure);
        return;
      }
      callback?.(null);
    });
  }
}

class Zlib extends ZlibBase {
  constructor(options, mode) {
    super(options, mode, options?.fullFlush ?? c.Z_FULL_FLUSH);
  }

  params(level, strategy, callback) {
    this._change(level, strategy, callback);
  }
}

class Brotli extends ZlibBase {
  constructor(options, mode) {
    super(options, mode, c.BROTLI_OPERATION_FLUSH);
  }
}

const make = (name, mode, Parent = Zlib) => ({ [name]: class extends Parent {
  constructor(options) {
    super(options, mode);
  }
} })[name];

export const classes = {
  Gzip: make("Gzip", c.GZIP), Gunzip: make("Gunzip", c.GUNZIP), Deflate: make("Deflate", c.DEFLATE), DeflateRaw: make("DeflateRaw", c.DEFLATERAW),
  Inflate: make("Inflate", c.INFLATE), InflateRaw: make("InflateRaw", c.INFLATERAW), Unzip: make("Unzip", c.UNZIP),
  BrotliCompress: make("BrotliCompress", c.BROTLI_ENCODE, Brotli), BrotliDecompress: make("BrotliDecompress", c.BROTLI_DECODE, Brotli),
};
