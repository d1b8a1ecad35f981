// SPDX-License-Identifier: GPL-3.0-or-later
// The body that Request and Response share (Fetch standard, section 5.3). A stream is made only when someone asks for it.

import { native } from "./native.js";
import { blobBytes, bytesBlob, isBlob } from "./blob.js";
import { bytesIn } from "./encoding.js";
import { isForm } from "./body/formdata.js";
import { newBoundary, parseForm, serializeForm } from "./body/multipart.js";
import { parseJson } from "./language/json.js";
import { SafeWeakMap } from "./primordials.js";
import { ReadableStream, Source, bytesStream, chunkBytes, drain, promisedLength, sourceStream, takeGathered, takePiece } from "./streams.js";
import { URLSearchParams } from "./url.js";

export const Kind = { None: 0, Text: 1, Bytes: 2, Source: 3, Stream: 4 };

/** What a message carries: `value` is a string, a Uint8Array, a Source, or a ReadableStream, by `kind`. */
export class Body {
  constructor(kind, value) {
    this.kind = kind;
    this.value = value;
    this.used = false;
    this.stream = null;
  }
}

const origins = new SafeWeakMap(); // stream that was made for a whole body -> that body

const locked = "This ReadableStream is currently locked to a reader.";

/** The body number `id` of the C++ side. */
export function sourceBody(id) {
  return new Body(Kind.Source, new Source(id));
}

/** The value of a Content-Length field in a flat list (names in any case), or undefined. */
export function contentLength(flat) {
  for (let i = 0; i < flat.length; i += 2) {
    if (flat[i].length === 14 && flat[i].toLowerCase() === "content-length" && /^\d{1,15}$/.test(flat[i + 1])) return Number(flat[i + 1]);
  }
  return undefined;
}

/** The body of an incoming request: how long it is stands in a field, which is not looked at before somebody asks. */
class IncomingSource extends Source {
  constructor(id) { // not the one that a class has without: V8's asks arrays for their iterator
    super(id);
  }
  get length() {
    return contentLength(native.requestFields(this.id));
  }
  set length(ignored) {}
}

export function incomingBody(request) {
  return new Body(Kind.Source, new IncomingSource(request));
}

/** Whether it lies here whole: it can be sent at once, and again. */
export function isWhole(body) {
  return !body.stream && (body.kind === Kind.Text || body.kind === Kind.Bytes);
}

/** The content of a body that can be sent at once, a string or bytes; then nobody else can read it. Undefined when it has to be sent in pieces. */
export function takeWhole(body) {
  const stream = body.kind === Kind.Stream ? body.value : body.stream;
  if (!stream) return body.used || body.kind === Kind.Source ? undefined : body.value;
  const origin = origins.get(stream);
  if (!origin || stream.locked || isUsed(body) || isUsed(origin)) return undefined;
  body.used = true;
  origin.used = true;
  stream.getReader();
  return origin.value;
}

/** How many bytes a body that is not whole promised to give; undefined where it did not. */
export function bodyLength(body) {
  const stream = body.kind === Kind.Stream ? body.value : body.stream;
  return stream ? promisedLength(stream) : body.kind === Kind.Source ? body.value.length : undefined;
}

/** Turns a body that has arrived completely into bytes. */
export function gather(body) {
  if (body.kind !== Kind.Source || body.stream || body.used) return;
  const whole = body.value.takeAll(false);
  if (whole === undefined) return;
  body.kind = Kind.Bytes;
  body.value = new Uint8Array(whole);
}

/** [Body, content type or null] for what user code passed ("extract a body"). */
export function extractBody(init) {
  if (init === null || init === undefined) return [null, null];
  if (typeof init === "string") return [new Body(Kind.Text, init), "text/plain;charset=UTF-8"];
  if (init instanceof ReadableStream) {
    if (init.locked && !disturbed(init)) throw new TypeError("This ReadableStream is locked to a reader, and cannot be used as a body.");
    if (disturbed(init)) throw new TypeError("This ReadableStream is disturbed (has already been read from), and cannot be used as a body.");
    return [new Body(Kind.Stream, init), null];
  }
  if (ArrayBuffer.isView(init) || init instanceof ArrayBuffer) return [new Body(Kind.Bytes, bytesIn(init).slice()), null];
  if (isBlob(init)) return [new Body(Kind.Bytes, blobBytes(init)), init.type || null];
  if (isForm(init)) {
    const boundary = newBoundary();
    return [new Body(Kind.Bytes, serializeForm(init, boundary)), `multipart/form-data; boundary=${boundary}`];
  }
  if (init instanceof URLSearchParams) return [new Body(Kind.Text, init.toString()), "application/x-www-form-urlencoded;charset=UTF-8"];
  return [new Body(Kind.Text, `${init}`), "text/plain;charset=UTF-8"];
}

export function bodyStream(body) {
  if (!body) return null;
  if (body.kind === Kind.Stream) return body.value;
  if (!body.stream) {
    if (body.kind === Kind.Source) body.stream = sourceStream(body.value);
    else origins.set((body.stream = bytesStream(body.kind === Kind.Text ? native.utf8Encode(body.value) : body.value)), body);
    if (body.used) {
      // Already read as a whole: what is left of it is a stream that nobody can read.
      body.stream.getReader();
    }
  }
  return body.stream;
}

export function isUsed(body) {
  if (!body) return false;
  if (body.used) return true;
  const stream = body.kind === Kind.Stream ? body.value : body.stream;
  return stream !== null && disturbed(stream);
}

export function isLocked(body) {
  const stream = body && (body.kind === Kind.Stream ? body.value : body.stream);
  return stream ? stream.locked : false;
}

/** Whether something was read from a stream: the polyfill keeps it as an internal slot. */
function disturbed(stream) {
  return stream._disturbed === true;
}

function checkReadable(body) {
  if (isUsed(body)) throw new TypeError("Body has already been used. It can only be used once. Use tee() first if you need to read it twice.");
  const stream = body.kind === Kind.Stream ? body.value : body.stream;
  if (stream?.locked) throw new TypeError(locked);
  return stream;
}

function take(body) {
  const stream = checkReadable(body);
  body.used = true;
  return stream;
}

export async function bodyBytes(body) {
  if (!body) return new Uint8Array(0);
  const stream = take(body);
  if (stream) return drain(stream);
  if (body.kind === Kind.Text) return native.utf8Encode(body.value);
  if (body.kind === Kind.Bytes) return body.value.slice();
  return new Uint8Array(await takeGathered(body.value, false));
}

export async function bodyText(body) {
  if (!body) return "";
  if (!body.stream && !body.used) {
    if (body.kind === Kind.Text) {
      body.used = true;
      return body.value.isWellFormed?.() === false ? native.utf8Decode(native.utf8Encode(body.value), false) : body.value;
    }
    if (body.kind === Kind.Source) {
      body.used = true;
      return takeGathered(body.value, true);
    }
  }
  const text = native.utf8Decode(await bodyBytes(body), false);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** A second body with the same content; both can be read. */
export function cloneBody(body) {
  if (!body) return null;
  if ((body.kind === Kind.Stream ? body.value : body.stream)?.locked || isUsed(body)) throw new TypeError("This ReadableStream is currently locked to a reader,");
  gather(body);
  if (isWhole(body)) return new Body(body.kind, body.value);
  const [mine, other] = bodyStream(body).tee();
  body.kind = Kind.Stream;
  body.value = mine;
  body.stream = null;
  return new Body(Kind.Stream, other);
}

/** Moves the content out: the old owner counts as used. */
export function moveBody(body) {
  if (!body) return null;
  if (isUsed(body)) throw new TypeError("Cannot reconstruct a Request with a used body.");
  if ((body.kind === Kind.Stream ? body.value : body.stream)?.locked) throw new TypeError("The ReadableStream has been locked to a reader.");
  const moved = new Body(body.kind, body.value);
  moved.stream = body.stream;
  body.used = true;
  body.stream = null;
  return moved;
}

/** The reading half of the Body mixin, over `bodyOf(this)`. */
export function mixBody(prototype, bodyOf) {
  const methods = {
    async text() {
      return bodyText(bodyOf(this));
    },
    async json() {
      const text = await bodyText(bodyOf(this));
      return parseJson(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    },
    async arrayBuffer() {
      const bytes = await bodyBytes(bodyOf(this));
      return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
    },
    async bytes() {
      return bodyBytes(bodyOf(this));
    },
  };
  addMethods(prototype, methods);
  Object.defineProperty(prototype, "body", { get() { return bodyStream(bodyOf(this)); }, configurable: true });
  Object.defineProperty(prototype, "bodyUsed", { get() { return isUsed(bodyOf(this)); }, configurable: true });
}

function addMethods(prototype, methods) {
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
}

/** What reads a body by the Content-Type of its headers: of a Request and a Response alone. */
export function mixTypedBody(prototype, bodyOf) {
  addMethods(prototype, {
    async blob() {
      const bytes = await bodyBytes(bodyOf(this));
      return bytesBlob(bytes, this.headers.get("content-type") ?? "");
    },
    async formData() {
      const body = bodyOf(this);
      if (body) checkReadable(body);
      const type = this.headers.get("content-type");
      if (type === null) throw new TypeError("Parsing a Body as FormData requires a Content-Type header.");
      return parseForm(await bodyBytes(body), type);
    },
  });
}

/**
 * Hands a body to `write` piece by piece; `write` may return a promise to wait for.
 * What a chunk of user code's may be is decided by control.bytesOf, where it is given. While it runs, control.cancel(reason) tells the source that nobody wants the rest; the promise then rejects with the reason.
 */
export async function pumpBody(body, write, control = {}) {
  const stream = take(body);
  if (!stream && body.kind === Kind.Source) {
    const source = body.value;
    control.cancel = (reason) => {
      source.fail(reason);
      source.cancel();
    };
    try {
      for (let piece = await takePiece(source); piece !== null; piece = await takePiece(source)) {
        const wait = write(piece);
        if (wait) await wait;
      }
    } catch (error) {
      source.cancel();
      throw error;
    }
    return;
  }
  const reader = (stream ?? bodyStream(new Body(body.kind, body.value))).getReader();
  let stopped = null;
  control.cancel = (reason) => {
    stopped ??= { reason };
    reader.cancel(reason).catch(() => {});
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (stopped) throw stopped.reason;
      if (done) return;
      const wait = write((control.bytesOf ?? chunkBytes)(value));
      if (wait) await wait;
    }
  } catch (error) {
    reader.cancel(error).catch(() => {});
    throw error;
  }
}
