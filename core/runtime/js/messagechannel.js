// SPDX-License-Identifier: GPL-3.0-or-later
// MessageChannel and MessagePort (HTML, section 9.4), within one Worker, as workerd has them.

import { defineGlobals } from "./native.js";
import { Event, EventTarget, MessageEvent } from "./events.js";
import { Handler, dispatch } from "./events/target.js";
import { interfaceOf } from "./interface.js";
import { cloneValue } from "./structuredclone.js";

const internal = Symbol("internal");
const later = queueMicrotask;

let entangle;
let isPort;

class MessagePort extends EventTarget {
  #other = null;
  #waiting = []; // messages that came before start()
  #started = false;
  #closed = false;
  #handler = new Handler("message");

  static {
    isPort = (value) => typeof value === "object" && value !== null && #started in value;
    entangle = (one, two) => {
      one.#other = two;
      two.#other = one;
    };
  }

  constructor(token) {
    if (token !== internal) throw new TypeError("Illegal constructor");
    super();
  }

  postMessage(message, options) {
    const list = Array.isArray(options) ? options : options?.transfer;
    if (list !== undefined && list !== null && list.length > 0) throw new Error("Transfer list is not supported");
    const data = cloneValue(message);
    const target = this.#other;
    if (this.#closed || target.#closed) return;
    if (target.#started) target.#deliver(data);
    else target.#waiting.push(data);
  }

  #deliver(data) {
    later(() => {
      if (!this.#closed) dispatch(this, new MessageEvent("message", { data, origin: null, source: this.#other }));
    });
  }

  start() {
    if (this.#started) return;
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.#deliver(data);
  }

  close() {
    if (this.#closed) return;
    this.#closed = true;
    const other = this.#other;
    if (other.#closed) return;
    later(() => {
      other.#closed = true;
      dispatch(other, new Event("close"));
      dispatch(this, new Event("close"));
    });
  }

  get onmessage() { return this.#handler.callback; }
  set onmessage(callback) {
    this.#handler.set(this, callback);
    this.start();
  }
}

interfaceOf(MessagePort, { isOne: (value) => isPort(value), members: "postMessage close start onmessage" });

class MessageChannel {
  constructor() {
    const port1 = new MessagePort(internal);
    const port2 = new MessagePort(internal);
    entangle(port1, port2);
    for (const [key, value] of [["port1", port1], ["port2", port2]]) Object.defineProperty(this, key, { value, enumerable: true, configurable: true, writable: false });
  }
}

interfaceOf(MessageChannel, { isOne: () => true });

defineGlobals({ MessageChannel, MessagePort });
