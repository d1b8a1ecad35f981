// SPDX-License-Identifier: GPL-3.0-or-later
// CompressionStream and DecompressionStream (Compression standard), over zlib.

import { native, defineGlobals } from "./native.js";
import { constructorError, interfaceOf } from "./interface.js";
import { byteSides } from "./streams/bytes.js";
import { TransformStream, withSides } from "./streams/classes.js";

const windows = { gzip: 31, deflate: 15, "deflate-raw": -15 };
const pieceSize = 65536;
const [noFlush, finish] = [0, 4]; // zlib's
const ended = 1;

function windowOf(format) {
  if (!Object.hasOwn(windows, format)) throw new TypeError("The compression format must be either 'deflate', 'deflate-raw' or 'gzip'.");
  return windows[format];
}

/** Gives all that a coder makes of some bytes to `emit`; how far it came: {consumed, status}. */
function drive(coder, bytes, flush, emit) {
  let at = 0;
  for (;;) {
    const [output, consumed, status, full] = native.coderRun(coder, bytes.subarray(at), flush, pieceSize);
    at += consumed;
    if (output.byteLength > 0) emit(output);
    if (!full) return { consumed: at, status };
  }
}

const nothing = new Uint8Array(0);
let isCompression;
let isDecompression;

class CompressionStream extends TransformStream {
  #brand;

  static {
    isCompression = (value) => typeof value === "object" && value !== null && #brand in value;
  }

  constructor(format) {
    if (arguments.length === 0) throw constructorError("CompressionStream", 1, "string");
    const window = windowOf(`${format}`);
    let coder = null;
    const open = () => (coder ??= native.zlibOpen(true, -1, window, 8, 0));
    super(withSides, byteSides({
      transform(bytes, emit) {
        if (drive(open(), bytes, noFlush, emit).status < 0) throw new TypeError("Compression failed.");
      },
      flush(emit) {
        if (drive(open(), nothing, finish, emit).status !== ended) throw new TypeError("Compression failed.");
        coder = null;
      },
      highWaterMark: pieceSize,
    }));
  }
}

class DecompressionStream extends TransformStream {
  #brand;

  static {
    isDecompression = (value) => typeof value === "object" && value !== null && #brand in value;
  }

  constructor(format) {
    if (arguments.length === 0) throw constructorError("DecompressionStream", 1, "string");
    const window = windowOf(`${format}`);
    let coder = null;
    let over = false;
    super(withSides, byteSides({
      transform(bytes, emit) {
        if (bytes.byteLength === 0) return;
        if (over) throw new TypeError("Trailing bytes after end of compressed data");
        coder ??= native.zlibOpen(false, 0, window, 0, 0);
        const { consumed, status } = drive(coder, bytes, noFlush, emit);
        if (status < 0 || status > ended) throw new TypeError("Decompression failed.");
        over = status === ended;
        if (over) coder = null;
        if (consumed < bytes.byteLength && over) throw new TypeError("Trailing bytes after end of compressed data");
      },
      flush() {
        if (!over) throw new TypeError("Called close() on a decompression stream with incomplete data");
      },
      highWaterMark: pieceSize,
    }));
  }
}

interfaceOf(CompressionStream, { isOne: (value) => isCompression(value) });
interfaceOf(DecompressionStream, { isOne: (value) => isDecompression(value) });
defineGlobals({ CompressionStream, DecompressionStream });
