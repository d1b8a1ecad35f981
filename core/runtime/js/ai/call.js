// SPDX-License-Identifier: GPL-3.0-or-later
// One question to a provider over HTTP: no redirects, no patience without end, and an answer that is bounded where it has to be held whole.

import { detailOf } from "../errors.js";
import { isAborted, reasonOf, watchSignal } from "../events.js";
import { EventParser } from "../fetch/eventparser.js";
import { Exchange } from "../fetch.js";
import { native } from "../native.js";
import { joinBytes, takePiece } from "../streams.js";
import { Failure } from "./failure.js";

const mostHeld = 64 << 20;

const sentence = (text) => (text.endsWith(".") ? text : `${text}.`);

export class Call {
  #exchange;
  #provider;
  #who; // for messages: "The AI server at http://localhost:11434/v1"
  #stopped = null; // {reason}: it was ended on this side
  #patienceMs;

  /** `fields`: name, value, ...; `body`: a string, bytes or null. */
  constructor(provider, who, method, url, fields, body, signal = undefined, patienceMs = provider.stallMs) {
    if (signal && isAborted(signal)) throw reasonOf(signal);
    this.#provider = provider;
    this.#who = who;
    this.#patienceMs = patienceMs;
    this.#exchange = new Exchange(native.aiFetch(provider.index, method, url, fields, body));
    if (signal) this.#exchange.source.done = watchSignal(signal, (reason) => this.abort(reason));
  }

  abort(reason) {
    if (this.#stopped) return;
    this.#stopped = { reason };
    this.#exchange.abort(reason);
  }

  /** The code wants no more of it. */
  cancel() {
    this.#exchange.source.cancel();
  }

  async #patient(promise) {
    const timer = native.setTimer(() => {
      const seconds = Math.round(this.#patienceMs / 1000);
      this.abort(new Failure(408, `Request timeout: ${this.#who} has said nothing for ${seconds} ${seconds === 1 ? "second" : "seconds"}.`, { code: 3007, unreachable: this.#patienceMs < this.#provider.stallMs }));
    }, this.#patienceMs, false);
    try {
      return await promise;
    } catch (error) {
      if (this.#stopped) throw this.#stopped.reason;
      throw error;
    } finally {
      native.clearTimer(timer);
    }
  }

  /** {status, type, header(name)}; `type` is the essence of the media type. */
  async head() {
    let head;
    try {
      head = await this.#patient(this.#exchange.head);
    } catch (error) {
      if (this.#stopped) throw error;
      throw new Failure(502, `${this.#who} cannot be reached: ${sentence(detailOf(error) ?? error.message)}`, { unreachable: true });
    }
    const header = (name) => {
      for (let i = 0; i < head.flat.length; i += 2) if (head.flat[i].toLowerCase() === name) return head.flat[i + 1];
      return null;
    };
    const type = (header("content-type") ?? "").split(";")[0].trim().toLowerCase();
    return { status: head.status, type, header };
  }

  /** The next bytes of the answer, or null at its end. */
  async piece() {
    try {
      return await this.#patient(takePiece(this.#exchange.source));
    } catch (error) {
      if (this.#stopped) throw error;
      throw new Failure(502, `${this.#who} broke off in the middle of its answer: ${sentence(detailOf(error) ?? error.message)}`);
    }
  }

  async bytes() {
    const pieces = [];
    let length = 0;
    for (let piece = await this.piece(); piece !== null; piece = await this.piece()) {
      pieces.push(piece);
      length += piece.byteLength;
      if (length > mostHeld) {
        this.abort(new Error("too long"));
        throw new Failure(502, `${this.#who} answers with more than ${mostHeld >> 20} MiB.`);
      }
    }
    return joinBytes(pieces, length);
  }

  async text() {
    return native.utf8Decode(await this.bytes(), false);
  }
}

/** The events of an answer, one after the other: {type, data}. */
export class CallEvents {
  #call;
  #waiting = [];
  #parser = new EventParser({
    event: (type, data) => void this.#waiting.push({ type, data }),
    lastEventId() {},
    retry() {},
  });

  constructor(call) {
    this.#call = call;
  }

  async next() {
    while (this.#waiting.length === 0) {
      const piece = await this.#call.piece();
      if (piece === null) return null;
      this.#parser.push(piece);
    }
    return this.#waiting.shift();
  }

  cancel() {
    this.#call.cancel();
  }
}
