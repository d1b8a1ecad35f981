// SPDX-License-Identifier: GPL-3.0-or-later
// A TCP connection that C++ holds (core/runtime/workersockets.h), and what waits for it.

import { native } from "../native.js";
import { explainError } from "../errors.js";
import { Promise } from "../primordials.js";
import { WaitMap } from "../waitmap.js";

// SocketEvent::Kind
const kinds = ["opened", "secured", "data", "end", "sent", "finished", "failed", "resolved"];
const isLive = (id) => native.socketLive(id);
const connections = new WaitMap(isLive);
const questions = new WaitMap(isLive);

const otherRequest = "Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. This is a limitation of Cloudflare Workers which allows us to improve overall performance. (I/O type: Socket)";

/** workerd's words; what is behind them is for the log. */
export function lost(detail) {
  const words = "Network connection lost.";
  return detail ? explainError(new Error(words), detail.replace(/^Network connection lost: /, "")) : new Error(words);
}

export class Connection {
  constructor(host, port, tls, address, hyperdrive) {
    this.request = native.ioContext();
    this.owner = null; // gets opened() and failed(detail)
    this.failure = null; // after it was open
    this.readable = null; // called once when there is something to read
    this.writable = null; // {resolve, reject} of what is sent
    this.open(host, port, tls, address, hyperdrive);
  }

  open(host, port, tls, address, hyperdrive) {
    this.id = native.socketOpen(host, port, tls, address, hyperdrive);
    connections.set(this.id, this);
  }

  /** Nothing more comes of the connection so far. */
  drop() {
    connections.take(this.id);
    native.socketClose(this.id);
  }

  /** A connection belongs to the request that opened it. */
  check() {
    if (native.ioContext() !== this.request) throw new Error(otherRequest);
  }

  handle(kind, text) {
    if (kind === "opened" || kind === "secured") {
      this.owner.opened();
    } else if (kind === "data") {
      this.wakeReader();
    } else if (kind === "failed") {
      const sender = this.writable;
      this.writable = null;
      this.failure = lost(text);
      this.owner.failed(text);
      sender?.reject(this.failure);
      this.wakeReader();
    } else {
      const sender = this.writable;
      this.writable = null;
      sender?.resolve();
    }
  }

  wakeReader() {
    const reader = this.readable;
    this.readable = null;
    reader?.();
  }

  /** A Uint8Array, null at the end; undefined when `wanted` says no any more. */
  async take(wanted) {
    while (wanted()) {
      this.check();
      let piece;
      try {
        piece = native.socketTake(this.id);
      } catch {
        throw this.failure ?? lost();
      }
      if (piece !== undefined) return piece;
      await new Promise((resolve) => (this.readable = resolve));
    }
    return undefined;
  }

  sent(begun) {
    if (!begun) throw this.failure ?? lost();
    return new Promise((resolve, reject) => (this.writable = { resolve, reject }));
  }

  /** Settled when the system has taken it all. One at a time. */
  async send(bytes) {
    this.check();
    await this.sent(native.socketSend(this.id, bytes));
  }

  async finish() {
    this.check();
    await this.sent(native.socketFinish(this.id));
  }

  /** `check` and `authorities`: see native.socketStartTls(). */
  startTls(serverName, check, authorities) {
    this.check();
    if (!native.socketStartTls(this.id, serverName, check, authorities)) throw this.failure ?? lost();
  }

  close() {
    this.drop();
    const sender = this.writable;
    this.writable = null;
    sender?.reject(this.failure ?? lost());
    this.wakeReader();
  }
}

/** The addresses of a host; rejects with the resolver's words. Family: 0, 4 or 6. */
export function resolveHost(host, family) {
  const id = native.hostResolve(host, family);
  return new Promise((resolve, reject) => questions.set(id, { resolve, reject }));
}

/** C++ says what happened. */
export function socketEvent(id, kind, text, detail) {
  const name = kinds[kind];
  if (name !== "resolved") {
    connections.get(id)?.handle(name, text);
    return;
  }
  const question = questions.take(id);
  if (text === "") question?.reject(new Error(detail));
  else question?.resolve(text.split("\n"));
}
