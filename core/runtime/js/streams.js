// SPDX-License-Identifier: GPL-3.0-or-later
// The Streams standard, from web-streams-polyfill, and streams over bodies that C++ holds.

import {
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader, ReadableStreamBYOBRequest,
  ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream, TransformStreamDefaultController, WritableStream,
  WritableStreamDefaultController, WritableStreamDefaultWriter,
} from "web-streams-polyfill";
import { native, defineGlobals } from "./native.js";

const waiters = new Map();

/** C++ says that a body which had nothing now has something (or an end). */
export function bodyReady(id) {
  const resolve = waiters.get(id);
  waiters.delete(id);
  resolve?.();
}

/** The next piece of a body as a Uint8Array, or null at its end. Rejects when the body failed. */
export async function takePiece(id) {
  for (;;) {
    const piece = native.bodyTake(id);
    if (piece !== undefined) return piece;
    await new Promise((resolve) => waiters.set(id, resolve));
  }
}

export function sourceStream(id) {
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const piece = await takePiece(id);
      if (piece === null) {
        controller.close();
        controller.byobRequest?.respond(0);
      } else {
        controller.enqueue(piece);
      }
    },
    cancel() {
      native.bodyCancel(id);
    },
  }, { highWaterMark: 0 });
}

export function bytesStream(bytes) {
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (bytes.byteLength > 0) controller.enqueue(bytes.slice());
      controller.close();
      controller.byobRequest?.respond(0);
    },
  }, { highWaterMark: 0 });
}

/** Bytes of a stream's chunk: what a body may consist of. */
export function chunkBytes(chunk) {
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  if (typeof chunk === "string") return native.utf8Encode(chunk);
  throw new TypeError("This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.");
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
    const bytes = chunkBytes(value);
    pieces.push(bytes);
    length += bytes.byteLength;
  }
}

defineGlobals({
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader, ReadableStreamBYOBRequest,
  ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream, TransformStreamDefaultController, WritableStream,
  WritableStreamDefaultController, WritableStreamDefaultWriter,
});
export { ReadableStream, WritableStream, TransformStream };
