// SPDX-License-Identifier: GPL-3.0-or-later
// One document on its way through a rewriter: bytes in, handlers called, bytes out.

import { ReadableStream } from "../streams.js";
import { pumpBody, takeWhole } from "../body.js";
import { reportException } from "../errors.js";
import { native } from "../native.js";
import { Answer, Place, currentEngine } from "./engine.js";
import { Marks, writeStream } from "./content.js";
import { thrownByHandler } from "./failure.js";
import { isObject } from "./idl.js";
import { handleFor, tokenFor } from "./tokens.js";

const pieceBytes = 65536; // of what lies there whole, in one go

let unread = null; // FinalizationRegistry: the places of documents that nobody will read to their end

/** What a place is given up with: nothing of user code's is called any more. */
class Abandoned {
  failed = true;
  constructor(place) {
    this.place = place;
  }
  call() { return Answer.Thrown; }
  emit() {}
  ended() {}
  dropped() {}
}

function release(place) {
  if (place.pointer === 0) return;
  if (place.suspended && !place.engine.broken) {
    try {
      place.engine.resume(new Abandoned(place));
    } catch {
      // That its handler failed.
    }
  }
  if (!place.suspended) place.engine.release(place);
}

export class Rewriting {
  #handlers = []; // [function, this], by number
  #freeNumbers = [];
  #registrations;
  #failure = null; // {error}
  #waiting = null; // what a handler gave to wait for
  #handle = null; // of the token whose handler is running
  #output = null; // what came out of the last call
  #marks = null;
  #charset;
  #control = {};
  #demand = null; // resolves the write that waits for a reader
  #read = false; // somebody asked for output
  #canceled = false;
  #controller;

  constructor(registrations, charset) {
    this.#registrations = registrations;
    this.#charset = charset;
    this.place = null;
  }

  get failed() { return this.#failure !== null; }

  /** The stream of what comes out of a body. */
  start(body) {
    const whole = takeWhole(body);
    const stream = new ReadableStream({
      type: "bytes",
      start: (controller) => void (this.#controller = controller),
      pull: () => {
        this.#read = true;
        this.#demand?.();
      },
      cancel: (reason) => {
        this.#canceled = true;
        this.#fail(reason);
        this.#giveUp();
        this.#control.cancel?.(reason);
        this.#demand?.();
      },
    }, { highWaterMark: 0 });
    this.#run(body, whole);
    return stream;
  }

  async #run(body, whole) {
    try {
      // Never within another document's handler.
      await undefined;
      this.#open();
      if (whole !== undefined) {
        const bytes = typeof whole === "string" ? native.utf8Encode(whole) : whole;
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          const wait = this.#write(bytes.subarray(at, at + pieceBytes));
          if (wait) await wait;
        }
      } else {
        this.#control.bytesOf = (chunk) => (typeof chunk === "string" ? native.utf8Encode(chunk) : inputBytes(chunk));
        await pumpBody(body, (piece) => this.#write(piece), this.#control);
      }
      const rest = this.#charset?.rest();
      if (rest && rest.length > 0) await this.#writeUtf8(rest);
      const wait = this.#writeUtf8(null);
      if (wait) await wait;
      this.#close();
    } catch (error) {
      this.#abort(error);
    }
  }

  #open() {
    this.place = new Place(currentEngine());
    unread ??= new FinalizationRegistry(release);
    unread.register(this.#controller, this.place, this);
    for (const { selector, handlers, self } of this.#registrations) {
      const numbers = handlers.map((handler) => (handler === undefined ? -1 : this.#handlers.push([handler, self]) - 1));
      this.place.engine.register(this.place, selector, numbers);
    }
  }

  #release() {
    if (!this.place) return;
    unread.unregister(this);
    release(this.place);
  }

  /** Nobody wants the rest, not even of the handler that is waited for. */
  #giveUp() {
    if (!this.place?.suspended || this.place.engine.current) return;
    this.#handle?.end();
    this.#handle = null;
    this.#release();
  }

  #close() {
    this.#release();
    this.#controller.close();
    this.#controller.byobRequest?.respond(0);
  }

  #abort(error) {
    this.#fail(error);
    const { error: first } = this.#failure;
    this.#release();
    if (this.#canceled) return;
    if (!this.#read) reportException(first);
    this.#controller.error(first);
  }

  #fail(error) {
    this.#failure ??= { error };
  }

  #write(bytes) {
    return this.#writeUtf8(this.#charset ? this.#charset.decode(bytes) : bytes);
  }

  /** Gives bytes to the module, null for the end. A promise when there is something to wait for. */
  #writeUtf8(bytes) {
    if (this.#failure) throw this.#failure.error;
    const { place } = this;
    place.ending = bytes === null;
    this.#step(() => place.engine.write(this, bytes));
    if (!place.suspended) return this.#flush();
    return this.#wait();
  }

  #step(go) {
    try {
      go();
    } catch (error) {
      this.#fail(error);
    }
    if (this.#failure && !this.place.suspended) throw this.#failure.error;
  }

  async #wait() {
    const { place } = this;
    while (place.suspended) {
      const wait = this.#flush();
      if (wait) await wait;
      try {
        await this.#waiting;
      } catch (error) {
        this.#fail(thrownByHandler(error));
      }
      this.#waiting = null;
      if (!place.suspended) throw this.#failure.error;
      this.#step(() => place.engine.resume(this));
    }
    const wait = this.#flush();
    if (wait) await wait;
  }

  /** Sends on what came out. */
  #flush() {
    const bytes = this.#output;
    if (bytes === null) return undefined;
    this.#output = null;
    if (this.#marks) return this.#sendParts(this.#marks.split(bytes));
    return this.#send(bytes);
  }

  #send(bytes) {
    if (this.#charset) bytes = this.#charset.encode(bytes);
    if (bytes.length === 0) return undefined;
    if (this.#failure) return undefined;
    this.#controller.enqueue(bytes);
    if (this.#controller.desiredSize >= 0) return undefined;
    return new Promise((resolve) => (this.#demand = resolve)).then(() => {
      this.#demand = null;
      if (this.#canceled) throw this.#failure.error;
    });
  }

  async #sendParts(parts) {
    for (const part of parts) {
      if (part instanceof Uint8Array) await this.#send(part);
      else await writeStream(part[0], part[1], (bytes) => this.#send(bytes));
    }
  }

  // What the engine asks for.

  /** Runs handler number `number` on the token of that kind at `pointer`. */
  call(number, kind, pointer) {
    const handle = handleFor(this, kind, pointer);
    if (this.#failure) {
      handle.end();
      return Answer.Thrown;
    }
    const [handler, self] = this.#handlers[number];
    let answer;
    try {
      answer = Reflect.apply(handler, self, [tokenFor(kind, handle)]);
    } catch (error) {
      handle.end();
      this.#fail(thrownByHandler(error));
      return Answer.Thrown;
    }
    if (isObject(answer)) {
      this.#handle = handle;
      this.#waiting = answer;
      return Answer.Waiting;
    }
    handle.end();
    return Answer.Done;
  }

  /** The handler that was waited for is through. */
  ended() {
    this.#handle.end();
    this.#handle = null;
  }

  /** This came out of the module. */
  emit(bytes) {
    if (!this.#failure) this.#output = bytes; // each call's is sent on before the next
  }

  /** The module will not ask for this handler again. */
  dropped(number) {
    this.#handlers[number] = undefined;
    this.#freeNumbers.push(number);
  }

  /** A mark for content that comes from a stream. */
  later(stream, html) {
    this.#marks ??= new Marks();
    return this.#marks.add(stream, html);
  }

  onEndTag(pointer, handler) {
    const number = this.#freeNumbers.length > 0 ? this.#freeNumbers.pop() : this.#handlers.length;
    this.#handlers[number] = [handler, globalThis];
    this.place.engine.onEndTag(this, pointer, number);
  }
}

function inputBytes(chunk) {
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  throw new TypeError("Draining read encountered a value that cannot be converted to bytes");
}
