// SPDX-License-Identifier: GPL-3.0-or-later
// The Streams standard, from web-streams-polyfill, and streams over bodies that C++ holds.

import { native } from "./native.js";
import { Promise } from "./primordials.js";
import { ReadableStream, TransformStream, WritableStream } from "./streams/classes.js";
import { promiseLength, promisedLength } from "./streams/bytes.js";
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

/** Everything as a string or an ArrayBuffer, as soon as it has arrived. Rejects when the body failed. Nobody else may read it from then on. */
export async function takeGathered(source, asText) {
  for (;;) {
    let whole;
    try {
      if (source.failure) throw source.failure.reason;
      whole = native.bodyGather(source.id, asText);
    } catch (error) {
      source.finish();
      throw error;
    }
    if (whole !== undefined) {
      source.finish();
      return whole;
    }
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
  promiseLength(stream, source);
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
  promiseLength(stream, { length: bytes.byteLength });
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

export { promisedLength, ReadableStream, TransformStream, WritableStream };
