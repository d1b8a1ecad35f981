// SPDX-License-Identifier: GPL-3.0-or-later
// The classes of the Streams standard, from web-streams-polyfill, with the outside that workerd's have: checks of arguments, words, properties.

import * as polyfill from "web-streams-polyfill";
import { defineGlobals } from "../native.js";
import { argumentError, constructorError, fieldError, interfaceOf, isDictionary } from "../interface.js";

const { apply, construct } = Reflect;
const own = Object.prototype.hasOwnProperty;
const has = (name) => (value) => typeof value === "object" && value !== null && apply(own, value, [name]);
const reject = (error) => Promise.reject(error);
const ignore = () => {};

export const isReadable = has("_readableStreamController");
export const isWritable = has("_writableStreamController");
export const lockedReadable = () => new TypeError("This ReadableStream is currently locked to a reader.");
const lockedWritable = () => new TypeError("This WritableStream is currently locked to a writer.");

const illegal = () => {
  throw new TypeError("Illegal constructor");
};

/** A class over the same prototype that looks at its arguments first. `prepare` gives what the polyfill's constructor gets, or an object that takes the new one's place. */
function over(Inner, prepare) {
  const { name } = Inner;
  const Class = {
    [name]: function () {
      "use strict";
      const prepared = prepare([...arguments], new.target);
      return Array.isArray(prepared) ? construct(Inner, prepared, new.target) : prepared;
    },
  }[name];
  Class.prototype = Inner.prototype;
  Object.defineProperty(Class, "prototype", { writable: false });
  return Class;
}

export function wholeNumber(value) {
  if (typeof value === "bigint") return Number(value);
  const number = +value;
  if (!Number.isFinite(number)) throw new TypeError("The value cannot be converted because it is not an integer.");
  if (number <= -1) throw new TypeError("The value cannot be converted because it is negative and this API expects a positive bigint.");
  return Math.trunc(number);
}

function strategyOf(Class, parameter, value, forBytes = false) {
  if (value === undefined || value === null) return {};
  if (!isDictionary(value)) throw constructorError(Class, parameter, "StreamQueuingStrategy");
  const { highWaterMark, size } = value;
  const strategy = {};
  if (highWaterMark !== undefined) strategy.highWaterMark = wholeNumber(highWaterMark);
  if (size !== undefined) {
    if (typeof size !== "function") throw fieldError("size", "StreamQueuingStrategy", "function");
    if (!forBytes) strategy.size = (chunk) => wholeNumber(size(chunk) ?? 1);
  }
  return strategy;
}

/** The functions of a source, sink or transformer, called on it; what `start` throws comes out of the stream. */
function methodsOf(object, names, dictionary) {
  const methods = {};
  for (const name of names) {
    const method = object[name];
    if (method === undefined) continue;
    if (typeof method !== "function") throw fieldError(name, dictionary, "function");
    methods[name] = name === "start"
      ? (controller) => {
        try {
          return apply(method, object, [controller]);
        } catch (error) {
          return reject(error);
        }
      }
      : (...args) => apply(method, object, args);
  }
  return methods;
}

export const ReadableStream = over(polyfill.ReadableStream, ([source, strategy]) => {
  if (source !== undefined && source !== null && !isDictionary(source)) throw constructorError("ReadableStream", 1, "UnderlyingSource");
  const methods = methodsOf(source ?? {}, ["start", "pull", "cancel"], "UnderlyingSource");
  const type = source?.type;
  const length = source?.expectedLength;
  if (length !== undefined) wholeNumber(length);
  if (type !== undefined && type !== "" && `${type}` !== "bytes") throw new TypeError(`"${type}" is not a valid type of ReadableStream.`);
  if (type) {
    methods.type = "bytes";
    const size = source.autoAllocateChunkSize;
    if (size !== undefined) {
      methods.autoAllocateChunkSize = wholeNumber(size);
      if (methods.autoAllocateChunkSize === 0) throw new TypeError("The autoAllocateChunkSize option cannot be zero.");
    }
  }
  return [methods, strategyOf("ReadableStream", 2, strategy, type === "bytes")];
});

export const WritableStream = over(polyfill.WritableStream, ([sink, strategy]) => {
  if (sink !== undefined && sink !== null && !isDictionary(sink)) throw constructorError("WritableStream", 1, "UnderlyingSink");
  return [methodsOf(sink ?? {}, ["start", "write", "abort", "close"], "UnderlyingSink"), strategyOf("WritableStream", 2, strategy)];
});

/** As the first argument of TransformStream: the second is {readable, writable} of the new one. */
export const withSides = Symbol("with sides");
const sides = new WeakMap();

export const TransformStream = over(polyfill.TransformStream, ([transformer, writableStrategy, readableStrategy], target) => {
  if (transformer === withSides) {
    const stream = Object.create(target.prototype);
    sides.set(stream, writableStrategy);
    return stream;
  }
  if (transformer !== undefined && transformer !== null && !isDictionary(transformer)) throw constructorError("TransformStream", 1, "Transformer");
  const methods = methodsOf(transformer ?? {}, ["start", "transform", "flush", "cancel"], "Transformer");
  for (const name of ["readableType", "writableType"]) if (transformer?.[name] !== undefined) throw new TypeError(`transformer.${name} must be undefined.`);
  return [methods, strategyOf("TransformStream", 2, writableStrategy), strategyOf("TransformStream", 3, readableStrategy)];
});

function readerClass(Inner) {
  return over(Inner, ([stream]) => {
    if (!isReadable(stream)) throw constructorError(Inner.name, 1, "ReadableStream");
    if (stream.locked) throw lockedReadable();
    if (Inner === polyfill.ReadableStreamBYOBReader && !isByteStream(stream)) throw noBytes();
    return [stream];
  });
}

const isByteStream = (stream) => has("_pendingPullIntos")(stream._readableStreamController);
const noBytes = () => new TypeError("This ReadableStream does not support BYOB reads.");

export const ReadableStreamDefaultReader = readerClass(polyfill.ReadableStreamDefaultReader);
export const ReadableStreamBYOBReader = readerClass(polyfill.ReadableStreamBYOBReader);
export const WritableStreamDefaultWriter = over(polyfill.WritableStreamDefaultWriter, ([stream]) => {
  if (!isWritable(stream)) throw constructorError("WritableStreamDefaultWriter", 1, "WritableStream");
  if (stream.locked) throw lockedWritable();
  return [stream];
});
export const ReadableStreamDefaultController = over(polyfill.ReadableStreamDefaultController, illegal);
export const ReadableByteStreamController = over(polyfill.ReadableByteStreamController, illegal);
export const ReadableStreamBYOBRequest = over(polyfill.ReadableStreamBYOBRequest, illegal);
export const WritableStreamDefaultController = over(polyfill.WritableStreamDefaultController, illegal);
export const TransformStreamDefaultController = over(polyfill.TransformStreamDefaultController, illegal);

/** Puts a function that may look first in front of one of a prototype's. */
function before(Class, name, look) {
  const { prototype } = Class;
  const found = Object.getOwnPropertyDescriptor(prototype, name);
  const inner = found.value ?? found.get;
  const outer = look(inner);
  Object.defineProperty(prototype, name, found.value ? { ...found, value: outer } : { ...found, get: outer });
}

before(ReadableStream, "getReader", (inner) => function getReader(options) {
  if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("ReadableStream", "getReader", 1, "GetReaderOptions");
  const mode = options?.mode;
  if (mode !== undefined && `${mode}` !== "byob") throw new TypeError("mode must be undefined or 'byob' in call to getReader().");
  if (this.locked) throw lockedReadable();
  if (mode !== undefined && !isByteStream(this)) throw noBytes();
  return apply(inner, this, mode === undefined ? [] : [{ mode: "byob" }]);
});
before(ReadableStream, "cancel", (inner) => function cancel(reason) {
  return this.locked ? reject(lockedReadable()) : apply(inner, this, [reason]);
});
before(ReadableStream, "tee", (inner) => function tee() {
  if (this.locked) throw new TypeError("This ReadableStream is currently locked to a reader,");
  return apply(inner, this, []);
});
before(ReadableStream, "values", (inner) => function values(options) {
  if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("ReadableStream", "values", 1, "ValuesOptions");
  if (this.locked) throw lockedReadable();
  return apply(inner, this, [options ?? undefined]);
});
Object.defineProperty(ReadableStream.prototype, Symbol.asyncIterator, { value: ReadableStream.prototype.values, writable: true, configurable: true });

function pipeOptions(options, method) {
  if (options === undefined || options === null) return {};
  if (!isDictionary(options)) throw argumentError("ReadableStream", method, 2, "PipeToOptions");
  const { preventAbort, preventCancel, preventClose, signal } = options;
  if (signal !== undefined && !(typeof globalThis.AbortSignal === "function" && signal instanceof globalThis.AbortSignal)) throw fieldError("signal", "PipeToOptions", "AbortSignal");
  return { preventAbort: Boolean(preventAbort), preventCancel: Boolean(preventCancel), preventClose: Boolean(preventClose), ...(signal ? { signal } : {}) };
}

function checkPipe(readable, writable) {
  if (readable.locked) throw lockedReadable();
  if (writable.locked) throw new TypeError("This WritableStream is currently locked to a writer");
}

before(ReadableStream, "pipeTo", (inner) => async function pipeTo(target, options) {
  if (!isWritable(target)) throw argumentError("ReadableStream", "pipeTo", 1, "WritableStream");
  const checked = pipeOptions(options, "pipeTo");
  checkPipe(this, target);
  if (target._state === "closed" || target._closeRequest || target._inFlightCloseRequest) {
    const error = new TypeError("This destination writable stream is closed.");
    if (!checked.preventCancel) this.cancel(error).catch(ignore);
    throw error;
  }
  return apply(inner, this, [target, checked]);
});
before(ReadableStream, "pipeThrough", () => function pipeThrough(pair, options) {
  if (pair === undefined || pair === null) throw new TypeError("Cannot initialize N7workerd3api14ReadableStream9TransformE with required members from an undefined or null value.");
  if (!isDictionary(pair)) throw argumentError("ReadableStream", "pipeThrough", 1, "Transform");
  const { readable, writable } = pair;
  if (!isReadable(readable)) throw fieldError("readable", "Transform", "ReadableStream");
  if (!isWritable(writable)) throw fieldError("writable", "Transform", "WritableStream");
  const checked = pipeOptions(options, "pipeThrough");
  checkPipe(this, writable);
  this.pipeTo(writable, checked).catch(ignore);
  return readable;
});
const polyfillFrom = polyfill.ReadableStream.from;
ReadableStream.from = function from(iterable) {
  const usable = typeof iterable === "string" || (isDictionary(iterable) && (iterable[Symbol.asyncIterator] != null || iterable[Symbol.iterator] != null));
  if (!usable) throw argumentError("ReadableStream", "from", 1, "AsyncGenerator");
  return apply(polyfillFrom, polyfill.ReadableStream, [typeof iterable === "string" ? Object(iterable) : iterable]);
};

const released = () => new TypeError("This ReadableStream reader has been released.");
for (const Reader of [ReadableStreamDefaultReader, ReadableStreamBYOBReader]) {
  before(Reader, "cancel", (inner) => function cancel(reason) {
    return this._ownerReadableStream === undefined ? reject(released()) : apply(inner, this, [reason]);
  });
  before(Reader, "closed", (inner) => function closed() {
    return this._ownerReadableStream === undefined ? reject(released()) : apply(inner, this, []);
  });
}
before(ReadableStreamDefaultReader, "read", (inner) => function read() {
  return this._ownerReadableStream === undefined ? reject(released()) : apply(inner, this, []);
});

/** What is wrong with a read into a view, or undefined. */
function checkRead(reader, method, view, min) {
  if (!ArrayBuffer.isView(view)) return argumentError("ReadableStreamBYOBReader", method, method === "read" ? 1 : 2, "ArrayBufferView");
  if (reader._ownerReadableStream === undefined) return released();
  if (view.byteLength === 0) return new TypeError('You must call read() on a "byob" reader with a positive-sized TypedArray object.');
  if (min < 1) return new TypeError(`Requested invalid minimum number of bytes to read (${min}).`);
  const unit = view instanceof DataView ? 1 : view.BYTES_PER_ELEMENT;
  return min * unit > view.byteLength ? new TypeError(`Minimum bytes to read (${min}) exceeds size of buffer (${view.byteLength}).`) : undefined;
}

let readBytes;
before(ReadableStreamBYOBReader, "read", (inner) => {
  readBytes = inner;
  return function read(view, options) {
    if (options !== undefined && options !== null && !isDictionary(options)) return reject(argumentError("ReadableStreamBYOBReader", "read", 2, "ReadableStreamBYOBReaderReadOptions"));
    const given = options?.min;
    const min = given === undefined ? 1 : Math.trunc(+given) || 0;
    const wrong = checkRead(this, "read", view, min);
    return wrong ? reject(wrong) : apply(inner, this, [view, { min }]);
  };
});
/** Reads until so many elements are there; at the end gives what is there, and then is done. */
ReadableStreamBYOBReader.prototype.readAtLeast = async function readAtLeast(min, view) {
  const wanted = Math.trunc(+min) || 0;
  const first = checkRead(this, "readAtLeast", view, wanted);
  if (first) throw first;
  const { constructor: View, byteOffset, byteLength } = view;
  const unit = view instanceof DataView ? 1 : view.BYTES_PER_ELEMENT;
  let { buffer } = view;
  let filled = 0;
  while (filled < wanted * unit) {
    const { value, done } = await apply(readBytes, this, [new Uint8Array(buffer, byteOffset + filled, byteLength - filled)]);
    if (value === undefined) return { value, done };
    ({ buffer } = value);
    filled += value.byteLength;
    if (done && filled === 0) return { value: new View(buffer, byteOffset, 0), done };
    if (done) break;
  }
  return { value: new View(buffer, byteOffset, Math.floor(filled / unit)), done: false };
};

before(ReadableStreamDefaultController, "enqueue", (inner) => function enqueue(chunk) {
  const stream = this._controlledReadableStream;
  if (this._closeRequested || stream._state !== "readable") throw new TypeError("Unable to enqueue");
  return apply(inner, this, [chunk]);
});
for (const Controller of [ReadableStreamDefaultController, ReadableByteStreamController]) {
  before(Controller, "close", (inner) => function close() {
    const stream = this._controlledReadableStream ?? this._controlledReadableByteStream;
    if (this._closeRequested || stream._state !== "readable") throw new TypeError("This ReadableStream is closed.");
    return apply(inner, this, []);
  });
}
before(ReadableByteStreamController, "enqueue", (inner) => function enqueue(chunk) {
  const buffer = chunk instanceof ArrayBuffer;
  if (!buffer && !ArrayBuffer.isView(chunk)) throw argumentError("ReadableByteStreamController", "enqueue", 1, "BufferSource");
  if (chunk.byteLength === 0) throw new TypeError("Cannot enqueue a zero-length ArrayBuffer.");
  if (this._closeRequested || this._controlledReadableByteStream._state !== "readable") throw new TypeError("This ReadableByteStreamController is closed.");
  return apply(inner, this, [buffer ? new Uint8Array(chunk) : chunk]);
});

const invalidated = () => new TypeError("This ReadableStreamBYOBRequest has been invalidated.");
Object.defineProperty(ReadableStreamBYOBRequest.prototype, "atLeast", {
  get() {
    const pending = this._associatedReadableByteStreamController?._pendingPullIntos?.peek?.() ?? this._associatedReadableByteStreamController?._pendingPullIntos?.[0];
    return pending ? Math.max(pending.minimumFill - pending.bytesFilled, 0) / pending.elementSize : null;
  },
  configurable: true,
});
before(ReadableStreamBYOBRequest, "respond", (inner) => function respond(written) {
  const count = Math.trunc(+written) || 0;
  const controller = this._associatedReadableByteStreamController;
  if (controller === undefined) throw invalidated();
  if (controller._controlledReadableByteStream._state === "readable") {
    if (count <= 0) throw new TypeError("The bytesWritten must be more than zero while the stream is open.");
    if (count > this.view.byteLength) throw new RangeError(`Too many bytes [${count}] in response to a BYOB read request.`);
  }
  return apply(inner, this, [count]);
});
before(ReadableStreamBYOBRequest, "respondWithNewView", (inner) => function respondWithNewView(view) {
  if (!ArrayBuffer.isView(view)) throw argumentError("ReadableStreamBYOBRequest", "respondWithNewView", 1, "BufferSource");
  if (this._associatedReadableByteStreamController === undefined) throw invalidated();
  if (view.buffer.byteLength !== this.view.buffer.byteLength) throw new RangeError("The underlying ArrayBuffer is not the correct length.");
  return apply(inner, this, [view]);
});

before(WritableStream, "getWriter", (inner) => function getWriter() {
  if (this.locked) throw lockedWritable();
  return apply(inner, this, []);
});
const isClosed = (stream) => stream._state === "closed" || stream._closeRequest !== undefined || stream._inFlightCloseRequest !== undefined;
const closedWritable = () => new TypeError("This WritableStream has been closed.");
for (const name of ["abort", "close"]) {
  before(WritableStream, name, (inner) => ({ [name](reason) {
    if (this.locked) return reject(lockedWritable());
    if (name === "close" && this._state !== "errored" && isClosed(this)) return reject(closedWritable());
    if (name === "close" && (this._state === "errored" || this._state === "erroring")) return reject(this._storedError);
    return apply(inner, this, [reason]);
  } })[name]);
}
const releasedWriter = () => new TypeError("This WritableStream writer has been released.");
for (const name of ["abort", "close", "write"]) {
  before(WritableStreamDefaultWriter, name, (inner) => ({ [name](value) {
    const stream = this._ownerWritableStream;
    if (stream === undefined) return reject(releasedWriter());
    if (name !== "abort" && (stream._state === "errored" || stream._state === "erroring")) return reject(stream._storedError);
    if (name !== "abort" && isClosed(stream)) return reject(closedWritable());
    return apply(inner, this, [value]);
  } })[name]);
}
for (const name of ["closed", "ready"]) {
  before(WritableStreamDefaultWriter, name, (inner) => function () {
    return this._ownerWritableStream === undefined ? reject(releasedWriter()) : apply(inner, this, []);
  });
}
before(WritableStreamDefaultWriter, "desiredSize", (inner) => function () {
  if (this._ownerWritableStream === undefined) throw releasedWriter();
  return apply(inner, this, []);
});

before(TransformStreamDefaultController, "terminate", (inner) => function terminate() {
  apply(inner, this, []);
  const error = this._controlledTransformStream._writable._storedError;
  if (error instanceof TypeError && error.message === "TransformStream terminated") error.message = "The transform stream has been terminated";
});

const isTransform = has("_transformStreamController");
for (const side of ["readable", "writable"]) {
  before(TransformStream, side, (inner) => function () {
    const given = sides.get(this);
    return given ? given[side] : apply(inner, this, []);
  });
}

interfaceOf(ReadableStream, { isOne: isReadable, members: "locked cancel getReader pipeThrough pipeTo tee values", statics: "from" });
interfaceOf(ReadableStreamDefaultReader, { isOne: has("_readRequests"), members: "closed cancel read releaseLock" });
interfaceOf(ReadableStreamBYOBReader, { isOne: has("_readIntoRequests"), members: "closed cancel read releaseLock readAtLeast" });
interfaceOf(ReadableStreamBYOBRequest, { isOne: (value) => value instanceof polyfill.ReadableStreamBYOBRequest, members: "view respond respondWithNewView atLeast" });
interfaceOf(ReadableStreamDefaultController, { isOne: has("_controlledReadableStream"), members: "desiredSize close enqueue error" });
interfaceOf(ReadableByteStreamController, { isOne: has("_controlledReadableByteStream"), members: "byobRequest desiredSize close enqueue error" });
interfaceOf(WritableStream, { isOne: isWritable, members: "locked abort close getWriter" });
interfaceOf(WritableStreamDefaultWriter, { isOne: has("_ownerWritableStream"), members: "closed ready desiredSize abort close write releaseLock" });
interfaceOf(WritableStreamDefaultController, { isOne: has("_controlledWritableStream"), members: "signal error" });
interfaceOf(TransformStream, { isOne: (value) => isTransform(value) || sides.has(value), members: "readable writable" });
interfaceOf(TransformStreamDefaultController, { isOne: has("_controlledTransformStream"), members: "desiredSize enqueue error terminate" });

function strategyClass(name, sizeOf) {
  let isOne;
  const Class = { [name]: class {
    #mark;
    static {
      isOne = (value) => typeof value === "object" && value !== null && #mark in value;
    }
    constructor(init) {
      if (!isDictionary(init)) throw constructorError(name, 1, "QueuingStrategyInit");
      this.#mark = +init.highWaterMark;
    }
    get highWaterMark() { return this.#mark; }
    get size() { return sizeOf(); }
  } }[name];
  interfaceOf(Class, { name, isOne: (value) => isOne(value), members: "highWaterMark size" });
  return Class;
}

const nameless = (size) => Object.defineProperties(size, { name: { value: "" }, length: { value: 0 } });
export const CountQueuingStrategy = strategyClass("CountQueuingStrategy", () => nameless(() => 1));
export const ByteLengthQueuingStrategy = strategyClass("ByteLengthQueuingStrategy", () => nameless((chunk) => chunk?.byteLength));

defineGlobals({
  ByteLengthQueuingStrategy, CountQueuingStrategy, ReadableByteStreamController, ReadableStream, ReadableStreamBYOBReader, ReadableStreamBYOBRequest,
  ReadableStreamDefaultController, ReadableStreamDefaultReader, TransformStream, TransformStreamDefaultController, WritableStream,
  WritableStreamDefaultController, WritableStreamDefaultWriter,
});
