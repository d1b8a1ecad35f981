// SPDX-License-Identifier: GPL-3.0-or-later
// Node's streams made of web streams, and the other way round.
import { AbortError, invalidArgType } from "./errors.js";
import { Buffer } from "./buffer.js";

const asBuffer = (chunk) => (chunk instanceof Uint8Array && !Buffer.isBuffer(chunk) ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : chunk);

export function adapters({ Duplex, Readable, Writable, finished }) {
  function readableFromWeb(stream, options = {}) {
    if (!(stream instanceof ReadableStream)) throw invalidArgType("readableStream", "ReadableStream", stream);
    const reader = stream.getReader();
    let closed = false;
    const readable = new Readable({
      objectMode: options.objectMode ?? false,
      highWaterMark: options.highWaterMark,
      encoding: options.encoding,
      signal: options.signal,
      read() {
        reader.read().then(({ done, value }) => readable.push(done ? null : readable.readableObjectMode ? value : asBuffer(value)), (error) => readable.destroy(error));
      },
      destroy(error, done) {
        const end = () => queueMicrotask(() => done(error));
        if (closed) end();
        else reader.cancel(error).then(end, end);
      },
    });
    reader.closed.then(() => (closed = true), (error) => {
      closed = true;
      readable.destroy(error);
    });
    return readable;
  }

  function readableToWeb(readable, options = {}) {
    if (typeof readable?.read !== "function" || typeof readable.on !== "function") throw invalidArgType("streamReadable", "stream.Readable", readable);
    const objects = readable.readableObjectMode;
    const strategy = options.strategy ?? (objects ? new CountQueuingStrategy({ highWaterMark: readable.readableHighWaterMark }) : { highWaterMark: readable.readableHighWaterMark });
    let canceled = false;
    return new ReadableStream({
      start(controller) {
        readable.pause();
        const stop = finished(readable, { writable: false }, (error) => {
          stop();
          readable.on("error", () => {});
          if (canceled) return;
          if (error) controller.error(error.code === "ERR_STREAM_PREMATURE_CLOSE" ? new AbortError(undefined, { cause: error }) : error);
          else controller.close();
        });
        readable.on("data", (chunk) => {
          if (canceled) return;
          if (Buffer.isBuffer(chunk) && !objects) chunk = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength).slice();
          controller.enqueue(chunk);
          if (controller.desiredSize <= 0) readable.pause();
        });
      },
      pull() {
        readable.resume();
      },
      cancel(reason) {
        canceled = true;
        readable.destroy(reason);
      },
    }, objects ? strategy : { ...strategy, size: options.strategy?.size ?? ((chunk) => chunk?.byteLength ?? chunk?.length ?? 1) });
  }

  function writableFromWeb(stream, options = {}) {
    if (!(stream instanceof WritableStream)) throw invalidArgType("writableStream", "WritableStream", stream);
    const writer = stream.getWriter();
    let closed = false;
    const writable = new Writable({
      highWaterMark: options.highWaterMark,
      objectMode: options.objectMode ?? false,
      decodeStrings: options.decodeStrings ?? true,
      signal: options.signal,
      write(chunk, encoding, done) {
        if (typeof chunk === "string" && options.decodeStrings !== false && !writable.writableObjectMode) chunk = Buffer.from(chunk, encoding);
        writer.ready.then(() => writer.write(chunk)).then(() => done(), done);
      },
      final(done) {
        writer.close().then(() => {
          closed = true;
          done();
        }, done);
      },
      destroy(error, done) {
        const end = () => queueMicrotask(() => done(error));
        if (closed) end();
        else (error ? writer.abort(error) : writer.close()).then(end, end);
      },
    });
    writer.closed.then(() => {
      closed = true;
      if (!writable.writableEnded) writable.destroy(new AbortError());
    }, (error) => {
      closed = true;
      writable.destroy(error);
    });
    return writable;
  }

  function writableToWeb(writable) {
    if (typeof writable?.write !== "function" || typeof writable.on !== "function") throw invalidArgType("streamWritable", "stream.Writable", writable);
    let failed;
    let drained;
    return new WritableStream({
      start(controller) {
        const stop = finished(writable, { readable: false }, (error) => {
          stop();
          writable.on("error", () => {});
          if (error) {
            failed = error.code === "ERR_STREAM_PREMATURE_CLOSE" ? new AbortError(undefined, { cause: error }) : error;
            drained?.reject(failed);
            controller.error(failed);
          }
        });
        writable.on("drain", () => {
          drained?.resolve();
          drained = undefined;
        });
      },
      async write(chunk) {
        if (writable.writableNeedDrain || !writable.write(chunk)) {
          drained = Promise.withResolvers();
          await drained.promise;
        }
      },
      abort(reason) {
        writable.destroy(reason);
      },
      close() {
        return new Promise((resolve, reject) => {
          if (failed) return reject(failed);
          writable.once("error", reject);
          return writable.end(() => resolve());
        });
      },
    }, writable.writableObjectMode ? new CountQueuingStrategy({ highWaterMark: writable.writableHighWaterMark }) : { highWaterMark: writable.writableHighWaterMark, size: (chunk) => chunk?.byteLength ?? chunk?.length ?? 1 });
  }

  function duplexFromWeb(pair, options = {}) {
    if (pair === null || typeof pair !== "object") throw invalidArgType("pair", "Object", pair);
    const readable = readableFromWeb(pair.readable, { ...options, objectMode: options.readableObjectMode ?? options.objectMode });
    const writable = writableFromWeb(pair.writable, { ...options, objectMode: options.writableObjectMode ?? options.objectMode });
    return Duplex.from({ readable, writable });
  }

  function duplexToWeb(duplex) {
    return { readable: readableToWeb(duplex), writable: writableToWeb(duplex) };
  }

  return { readableFromWeb, readableToWeb, writableFromWeb, writableToWeb, duplexFromWeb, duplexToWeb };
}
