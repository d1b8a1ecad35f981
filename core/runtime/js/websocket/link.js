// SPDX-License-Identifier: GPL-3.0-or-later
// A connection of a WebSocket that leaves the Worker: to a client of the site, or to a server. C++ has its frames (core/runtime/workerwebsockets.cpp).

import { native } from "../native.js";
import { WaitMap } from "../waitmap.js";

const closingMs = 10_000; // for the other side to answer a close frame
const links = new WaitMap((id) => native.webSocketLive(id)); // by the number of the request, or of the fetch

export class Link {
  #id;
  #receive;
  #taking;
  #over;
  #sentClose = false;
  #gotClose = false;
  #timer = 0;

  /** receive(item) gets what comes; taking() tells whether somebody takes it; over() is called once, at the end. */
  constructor(id, receive, taking, over) {
    this.#id = id;
    this.#receive = receive;
    this.#taking = taking;
    this.#over = over;
    links.set(id, this);
  }

  get direct() {
    return true;
  }

  /** To the other side. */
  deliver(item) {
    if (!this.#over) return;
    if (item.kind === "message") {
      native.webSocketSend(this.#id, item.data);
    } else if (item.kind === "close") {
      this.#sentClose = true;
      native.webSocketClose(this.#id, item.code, item.reason);
      if (this.#gotClose) this.#end();
      else this.#timer = native.setTimer(() => this.#late(), closingMs, false);
    } else {
      this.#end(true);
    }
  }

  /** From the other side. True: nothing more before resume(). */
  arrived(kind, data, code) {
    if (kind === 0) {
      this.#receive({ kind: "message", data });
    } else if (kind === 1) {
      this.#gotClose = true;
      this.#receive({ kind: "close", code, reason: data });
      if (this.#sentClose) this.#end();
    } else {
      this.#receive(kind === 2 ? { kind: "lost" } : { kind: "failed", message: `WebSocket protocol error; protocolError.statusCode = ${code}; protocolError.description = ${data}` });
      this.#end();
    }
    return this.#over !== null && !this.#taking();
  }

  resume() {
    native.webSocketResume(this.#id);
  }

  #late() {
    this.#receive({ kind: "lost" });
    this.#end(true);
  }

  #end(dropped = false) {
    const over = this.#over;
    if (!over) return;
    this.#over = null;
    links.take(this.#id);
    if (this.#timer) native.clearTimer(this.#timer);
    if (dropped) native.webSocketDrop(this.#id);
    else native.webSocketEnd(this.#id);
    over();
  }
}

/** Called by C++. */
export function webSocketEvent(id, kind, data, code) {
  return links.get(id)?.arrived(kind, data, code) ?? false;
}
