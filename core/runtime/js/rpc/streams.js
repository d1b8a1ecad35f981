// SPDX-License-Identifier: GPL-3.0-or-later
// Streams of bytes over a link: pieces one way, room for more the other.

import { pumpBody } from "../body.js";
import { native } from "../native.js";
import { Promise, settled } from "../primordials.js";
import { ReadableStream, WritableStream, chunkBytes } from "../streams.js";
import { errorOf, errorParts } from "./errors.js";
import { Op } from "./ops.js";

const window = 256 * 1024; // bytes on their way before the other side has taken any

const whole = (bytes) => (bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()); // a view would bring all of its buffer along
export const bytesOf = (chunk) => (typeof chunk === "string" ? native.utf8Encode(chunk) : chunkBytes(chunk));

/** The side that pieces come from. */
export class Outgoing {
  constructor(session, id) {
    this.session = session;
    this.id = id;
    this.room = window;
    this.resume = null;
    this.control = { bytesOf };
    session.streams.set(id, this);
  }

  /** A promise when there has to be a pause. */
  write(piece) {
    if (piece.byteLength === 0) return undefined;
    this.session.send([Op.Piece, this.id, whole(piece)]);
    this.room -= piece.byteLength;
    return this.room > 0 ? undefined : new Promise((resolve) => (this.resume = resolve));
  }

  credit(bytes) {
    this.room += bytes;
    if (this.room <= 0) return;
    const resume = this.resume;
    this.resume = null;
    resume?.();
  }

  /** Nobody wants the rest. */
  cancelled(error) {
    this.control.cancel?.(error);
    this.room = Infinity;
    this.credit(0);
  }

  lost(error) {
    this.cancelled(error);
  }

  pump(body) {
    settled(pumpBody(body, (piece) => this.write(piece), this.control), () => this.end([Op.Close, this.id]), (error) => this.end([Op.Abort, this.id, errorParts(error)]));
  }

  end(message) {
    this.session.send(message);
    this.session.streams.delete(this.id);
    this.session.settle();
  }
}

/** The side that they arrive at, as a ReadableStream. */
export class Incoming {
  constructor(session, id) {
    this.session = session;
    this.id = id;
    this.pieces = [];
    this.first = 0;
    this.finished = false;
    this.error = null;
    this.wake = null;
    session.streams.set(id, this);
    this.stream = new ReadableStream({
      type: "bytes",
      pull: (controller) => this.pull(controller),
      cancel: (reason) => {
        session.send([Op.Cancel, id, errorParts(reason)]);
        this.over();
      },
    }, { highWaterMark: 0 });
  }

  async pull(controller) {
    while (this.first === this.pieces.length && !this.finished && this.error === null) await new Promise((resolve) => (this.wake = resolve));
    if (this.first < this.pieces.length) {
      const piece = this.pieces[this.first];
      this.pieces[this.first++] = undefined;
      if (this.first === this.pieces.length) {
        this.pieces = [];
        this.first = 0;
      }
      if (!this.finished) this.session.send([Op.Credit, this.id, piece.byteLength]);
      controller.enqueue(piece);
      return;
    }
    if (this.error) throw this.error.reason;
    controller.close();
    controller.byobRequest?.respond(0);
  }

  wakeUp() {
    const wake = this.wake;
    this.wake = null;
    wake?.();
  }

  over() {
    this.finished = true;
    this.session.streams.delete(this.id);
    this.session.settle();
    this.wakeUp();
  }

  piece(bytes) {
    this.pieces[this.pieces.length] = bytes;
    this.wakeUp();
  }

  closed() {
    this.over();
  }

  aborted(error) {
    this.error = { reason: error };
    this.over();
  }

  lost(error) {
    if (!this.finished) this.aborted(error);
  }
}

/** A WritableStream of this side that the other one writes into. */
export class Written {
  constructor(session, id, stream) {
    this.session = session;
    this.id = id;
    this.writer = stream.getWriter();
    session.streams.set(id, this);
    settled(this.writer.closed, () => {}, (error) => this.done(error));
  }

  piece(bytes) {
    settled(this.writer.write(bytes), () => this.session.send([Op.Credit, this.id, bytes.byteLength]), (error) => this.done(error));
  }

  closed() {
    settled(this.writer.close(), () => this.done(null), (error) => this.done(error));
  }

  aborted(error) {
    settled(this.writer.abort(error), () => this.done(null), () => this.done(null));
  }

  lost(error) {
    settled(this.writer.abort(error), () => {}, () => {});
  }

  done(error) {
    if (!this.session.streams.delete(this.id)) return;
    this.session.send([Op.Closed, this.id, error === null ? null : errorParts(error)]);
    this.session.settle();
  }
}

/** The side of the one that writes. */
export class Writing {
  constructor(session, id) {
    this.session = session;
    this.id = id;
    this.room = window;
    this.waiting = []; // of {resolve, reject}
    this.failure = null;
    session.streams.set(id, this);
    this.stream = new WritableStream({
      start: (controller) => {
        this.controller = controller;
      },
      write: (chunk) => {
        const piece = bytesOf(chunk);
        session.send([Op.Piece, id, whole(piece)]);
        this.room -= piece.byteLength;
        return this.room > 0 ? undefined : this.wait();
      },
      close: () => {
        session.send([Op.Close, id]);
        return this.wait();
      },
      abort: (reason) => {
        session.send([Op.Abort, id, errorParts(reason)]);
        return this.wait();
      },
    });
  }

  wait() {
    if (this.failure) throw this.failure.reason;
    return new Promise((resolve, reject) => (this.waiting[this.waiting.length] = { resolve, reject }));
  }

  go(error) {
    const waiting = this.waiting;
    this.waiting = [];
    for (let i = 0; i < waiting.length; ++i) {
      if (error) waiting[i].reject(error);
      else waiting[i].resolve();
    }
  }

  credit(bytes) {
    this.room += bytes;
    if (this.room > 0) this.go(null);
  }

  over(error) {
    if (error) {
      this.failure = { reason: error };
      this.controller.error(error);
    }
    this.go(error);
    this.session.streams.delete(this.id);
    this.session.settle();
  }

  closedBy(parts) {
    this.over(parts ? errorOf(parts) : null);
  }

  lost(error) {
    this.over(error);
  }
}
