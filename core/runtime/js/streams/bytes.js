// SPDX-License-Identifier: GPL-3.0-or-later
// Transform streams of bytes: IdentityTransformStream, FixedLengthStream, and what compresses.

import { native, defineGlobals } from "../native.js";
import { interfaceOf } from "../interface.js";
import { bytesIn } from "../encoding.js";
import { ReadableStream, TransformStream, WritableStream, wholeNumber, withSides } from "./classes.js";

const notBytes = "This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.";

function writtenBytes(chunk) {
  const bytes = typeof chunk === "string" ? native.utf8Encode(chunk) : bytesIn(chunk)?.slice();
  if (bytes === undefined) throw new TypeError(notBytes);
  return bytes;
}

/**
 * {readable, writable}: what is written goes through `transform(bytes, emit)`, the end through `flush(emit)`, and comes out as a byte stream. A write is done when
 * fewer than `highWaterMark` bytes wait to be read. Where flush fails and `quietEnd` is set, only the reader is told.
 */
export function byteSides({ transform, flush, quietEnd = false, highWaterMark = 1 }, strategy) {
  let control;
  let demanded; // resolves the write that waits for a reader
  let sink;
  let over = false;
  const consumed = () => {
    demanded?.();
    demanded = undefined;
  };
  const emit = (bytes) => {
    if (!over) control.enqueue(bytes);
  };
  const fail = (error) => {
    if (over) return;
    over = true;
    control.error(error);
  };
  const readable = new ReadableStream({
    type: "bytes",
    start: (controller) => void (control = controller),
    pull: consumed,
    cancel: (reason) => {
      over = true;
      consumed();
      sink.error(reason ?? new TypeError("The readable side was cancelled."));
    },
  }, { highWaterMark });
  const writable = new WritableStream({
    start: (controller) => void (sink = controller),
    async write(chunk) {
      try {
        transform(writtenBytes(chunk), emit);
      } catch (error) {
        fail(error);
        throw error;
      }
      if (!over && control.desiredSize <= 0) await new Promise((resolve) => (demanded = resolve));
    },
    close() {
      if (over) return;
      try {
        flush(emit);
      } catch (error) {
        fail(error);
        if (quietEnd) return;
        throw error;
      }
      over = true;
      control.close();
      control.byobRequest?.respond(0);
    },
    abort: fail,
  }, strategy);
  return { readable, writable };
}

const lengths = new WeakMap(); // stream -> something with a length in bytes

/** Says how many bytes a stream will give: an object with a length. */
export function promiseLength(stream, owner) {
  lengths.set(stream, owner);
}

/** How many bytes a stream will give, where that was promised; else undefined. */
export function promisedLength(stream) {
  return lengths.get(stream)?.length;
}

const internal = Symbol("internal");

/** Bytes in, the same bytes out; the readable side is a byte stream (Workers runtime, "TransformStream"). */
export class IdentityTransformStream extends TransformStream {
  constructor(strategy, token, transformer) {
    super(withSides, byteSides(token === internal ? transformer : { transform: (bytes, emit) => void (bytes.byteLength > 0 && emit(bytes)), flush() {} }, strategy));
  }
}

/** Passes exactly as many bytes as it was made for. */
export class FixedLengthStream extends IdentityTransformStream {
  constructor(expected, strategy) {
    const length = wholeNumber(expected);
    if (length >= 2 ** 53) throw new TypeError("FixedLengthStream requires an integer expected length less than 2^53.");
    let seen = 0;
    super(strategy, internal, {
      transform(bytes, emit) {
        seen += bytes.byteLength;
        if (seen > length) throw new TypeError("Attempt to write too many bytes through a FixedLengthStream.");
        if (bytes.byteLength > 0) emit(bytes);
      },
      flush() {
        if (seen < length) throw new TypeError("FixedLengthStream did not see all expected bytes before close().");
      },
      quietEnd: true,
    });
    lengths.set(this.readable, { length });
  }
}

interfaceOf(IdentityTransformStream, { isOne: () => true });
interfaceOf(FixedLengthStream, { isOne: () => true });
defineGlobals({ IdentityTransformStream, FixedLengthStream });
