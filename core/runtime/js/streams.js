// SPDX-License-Identifier: GPL-3.0-or-later
// The Streams standard, from web-streams-polyfill, and streams over bodies that C++ holds.

import {
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader, ReadableStreamBYOBRequest,
  ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream, TransformStreamDefaultController, WritableStream,
  WritableStreamDefaultController, WritableStreamDefaultWriter,
} from "web-streams-polyfill";
import { native, defineGlobals } from "./native.js";
import { WaitMap } from "./waitmap.js";

/** A body that C++ holds, by its number. */
export class Source {
  constructor(id) {
    this.id = id;
    this.failure = null; // {reason}: why it ends early, where that was decided on this side
    this.length = undefined; // in bytes, where it is known
    this.done = null; // called once at the end of reading, whichever it is
  }

  /** Reading is over. */
  finish() {
    const done = this.done;
    this.done = null;
    done?.();
  }

  /** What is read from now on rejects with `reason`. */
  fail(reason) {
    this.failure ??= { reason };
    bodyReady(this.id);
  }

  cancel() {
    native.bodyCancel(this.id);
    bodyReady(this.id);
    this.finish();
  }

  /** Everything as a string or an ArrayBuffer, when it has all arrived; else undefined. */
  takeAll(asText) {
    if (this.failure) return undefined;
    const whole = native.bodyTakeAll(this.id, asText);
    if (whole !== undefined) this.finish();
    return whole;
  }
}

const lengths = new WeakMap(); // stream -> something with a length in bytes
const waiters = new WaitMap((id) => native.bodyLive(id));

/** C++ says that a body which had nothing now has something (or an end). */
export function bodyReady(id) {
  waiters.take(id)?.();
}

/** The next piece of a body as a Uint8Array, or null at its end. Rejects when the body failed. */
export async function takePiece(source) {
  for (;;) {
    let piece;
    try {
      if (source.failure) throw source.failure.reason;
      piece = native.bodyTake(source.id);
    } catch (error) {
      source.finish();
      throw error;
    }
    if (piece === null) source.finish();
    if (piece !== undefined) return piece;
    await new Promise((resolve) => waiters.set(source.id, resolve));
  }
}

export function sourceStream(source) {
  const stream = new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const piece = await takePiece(source);
      if (piece === null) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else {
        controller.enqueue(piece);
      }
    },
    cancel() {
      source.cancel();
    },
  }, { highWaterMark: 0 });
  lengths.set(stream, source);
  return stream;
}

export function bytesStream(bytes) {
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes.slice());
      controller.close();
      controller.byobRequest?.respond(0);
    },
  }, { highWaterMark: 0 });
  lengths.set(stream, { length: bytes.byteLength });
  return stream;
}

/** Bytes of a stream's chunk: what a body may consist of. */
export function chunkBytes(chunk) {
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  throw new TypeError("This ReadableStream did not return bytes.");
}

export function joinBytes(pieces, length) {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.byteLength;
  }
  return joined;
}

/** A whole stream as one Uint8Array. */
export async function drain(stream) {
  const reader = stream.getReader();
  const pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joinBytes(pieces, length);
    let bytes;
    try {
      bytes = chunkBytes(value);
    } catch (error) {
      reader.cancel(error).catch(() => {});
      throw error;
    }
    pieces.push(bytes);
    length += bytes.byteLength;
  }
}

/** How many bytes a stream will give, where that was promised; else undefined. */
export function promisedLength(stream) {
  return lengths.get(stream)?.length;
}

function writtenBytes(chunk) {
  if (typeof chunk === "string") throw new TypeError("This TransformStream is being used as a byte stream, but received a string on its writable side. If you wish to write a string, you'll probably want to explicitly UTF-8-encode it with TextEncoder.");
  if (!ArrayBuffer.isView(chunk) && !(chunk instanceof ArrayBuffer)) throw new TypeError("This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.");
  return chunkBytes(chunk).slice();
}

/** Bytes in, the same bytes out; the readable side is a byte stream (Workers runtime, "TransformStream"). */
export class IdentityTransformStream {
  #readable;
  #writable;

  constructor(strategy, transformer = { check() {}, flush() {} }) {
    let control;
    let demanded; // resolves the write that waits for a reader
    const consumed = () => {
      demanded?.();
      demanded = undefined;
    };
    this.#readable = new ReadableStream({
      type: "bytes",
      start: (controller) => void (control = controller),
      pull: consumed,
      cancel: (reason) => {
        consumed();
        sink.error(reason ?? new TypeError("The readable side was cancelled."));
      },
    }, { highWaterMark: 1 });
    let sink;
    this.#writable = new WritableStream({
      start: (controller) => void (sink = controller),
      async write(chunk) {
        try {
          const bytes = writtenBytes(chunk);
          transformer.check(bytes.byteLength);
          if (bytes.byteLength === 0) return;
          control.enqueue(bytes);
        } catch (error) {
          control.error(error);
          throw error;
        }
        if (control.desiredSize <= 0) await new Promise((resolve) => (demanded = resolve));
      },
      close() {
        try {
          transformer.flush();
        } catch (error) {
          control.error(error);
          throw error;
        }
        control.close();
        control.byobRequest?.respond(0);
      },
      abort: (reason) => control.error(reason),
    }, strategy);
  }

  get readable() { return this.#readable; }
  get writable() { return this.#writable; }
  get [Symbol.toStringTag]() { return "IdentityTransformStream"; }
}

/** Passes exactly as many bytes as it was made for. */
export class FixedLengthStream extends IdentityTransformStream {
  constructor(expected, strategy) {
    const length = Number(expected);
    if (!Number.isInteger(length) || length < 0) throw new TypeError("FixedLengthStream requires an integer expected length.");
    let seen = 0;
    super(strategy, {
      check(bytes) {
        seen += bytes;
        if (seen > length) throw new TypeError("Attempt to write too many bytes through a FixedLengthStream.");
      },
      flush() {
        if (seen < length) throw new TypeError("FixedLengthStream did not see all expected bytes before close().");
      },
    });
    lengths.set(this.readable, { length });
  }

  get [Symbol.toStringTag]() { return "FixedLengthStream"; }
}

defineGlobals({
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader, ReadableStreamBYOBRequest,
  ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream, TransformStreamDefaultController, WritableStream,
  WritableStreamDefaultController, WritableStreamDefaultWriter, IdentityTransformStream, FixedLengthStream,
});
export { ReadableStream, WritableStream, TransformStream };
