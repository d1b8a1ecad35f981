// SPDX-License-Identifier: GPL-3.0-or-later
// One end of a WebSocket, apart from the object that user code has: what has arrived and waits, and who takes it.

import { native } from "../native.js";
import { apply } from "../primordials.js";

const { shift } = Array.prototype;

/** An item is {kind: "message", data}, {kind: "close", code, reason}, {kind: "failed", message} or {kind: "lost"}. */
export class End {
  #inbox = [];
  #taker = null;
  #running = false;
  #direct = false;

  constructor() {
    this.peer = null; // has deliver(item)
    this.sentClose = false;
    this.gotClose = false;
    this.lost = false;
    this.use = ""; // "connecting", "accepted", "response"
    this.sleeping = false; // a Durable Object's, which may be out of memory
    this.attachment = null; // {value}
    this.whenTaken = null; // called once, when somebody takes what arrives
  }

  /** What arrives is taken in the middle of deliver(). */
  get direct() {
    return this.#direct;
  }

  get taking() {
    return this.#taker !== null;
  }

  deliver(item) {
    if (this.lost) return;
    if (this.#direct) {
      this.#taker(item);
      return;
    }
    this.#inbox[this.#inbox.length] = item;
    this.#run();
  }

  /** The same from outside of any code that runs: what waits for nothing is taken at once. */
  deliverNow(item) {
    if (this.#taker && !this.#running && this.#inbox.length === 0 && !this.lost) this.#taker(item);
    else this.deliver(item);
  }

  /** From now on `taker` gets what arrives, one after the other and never at once. */
  take(taker) {
    this.#taker = taker;
    const told = this.whenTaken;
    this.whenTaken = null;
    told?.();
    this.#run();
  }

  /** The same at once: `taker` is no user code. */
  connect(taker) {
    this.#taker = taker;
    this.#direct = true;
    const waiting = this.#inbox;
    this.#inbox = [];
    for (let i = 0; i < waiting.length; ++i) taker(waiting[i]);
  }

  send(item) {
    if (!this.lost) this.peer.deliver(item);
  }

  /** The connection is over without a word; the other side learns that. */
  drop() {
    if (this.lost) return;
    this.lost = true;
    this.#inbox = [];
    this.peer.deliver({ kind: "lost" });
  }

  /** What arrives is a task of its own, after all that runs now and what that leads to. */
  #run() {
    if (this.#running || !this.#taker || this.#inbox.length === 0) return;
    this.#running = true;
    native.setTimer(() => this.#drain(), 0, false);
  }

  #drain() {
    this.#running = false;
    if (this.#inbox.length > 0) this.#taker(apply(shift, this.#inbox, []));
    this.#run();
  }
}
