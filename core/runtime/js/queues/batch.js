// SPDX-License-Identifier: GPL-3.0-or-later
// What a consumer of a queue gets (Queues, "JavaScript APIs"): a batch of messages, and what becomes of each. The first that is said of a message holds; what is said of the batch
// holds for the messages of which nothing was said.

import { QueueEvent, makeEvent } from "../events.js";
import { argumentError, interfaceOf, isDictionary } from "../interface.js";
import { native } from "../native.js";
import { SafeMap } from "../primordials.js";

const parse = JSON.parse;
const console = globalThis.console;
const warn = console.warn;

function decoded(type, buffer) {
  if (type === "bytes") return buffer;
  if (type === "v8") return native.queueRead(buffer);
  const text = native.utf8Decode(new Uint8Array(buffer), false);
  return type === "json" ? parse(text) : text;
}

/** A number as workerd takes it for an integer. */
export function toInt32(value) {
  const given = +value;
  const number = Number.isFinite(given) ? Math.trunc(given) : 0;
  if (!(number >= -2147483648 && number <= 2147483647)) throw new TypeError("Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
  return number;
}

/** delaySeconds of options that may not be there. */
function delayOf(options, type, method) {
  if (options === undefined || options === null) return undefined;
  if (!isDictionary(options)) throw argumentError(type, method, 1, "QueueRetryOptions");
  return options.delaySeconds === undefined ? undefined : toInt32(options.delaySeconds);
}

function tooLate(method, id, earlier) {
  const what = id === undefined ? `${method}()` : `${method}() on message ${id}`;
  const again = id === undefined ? `${method}()` : `${method}() on a message`;
  Reflect.apply(warn, console, [`Received a call to ${what} after ${earlier}() was already called. Calling ${again} after calling ${earlier}() has no effect.`]);
}

let isMessage;
let makeMessage;

class QueueMessage {
  #batch;
  #id;

  constructor(...args) {
    if (args[0] !== makeMessage) throw new TypeError("Illegal constructor");
    const [, batch, id, timestamp, body, attempts] = args;
    this.#batch = batch;
    this.#id = id;
    for (const [key, value] of [["attempts", attempts], ["body", body], ["timestamp", timestamp], ["id", id]]) Object.defineProperty(this, key, { value, enumerable: true, configurable: true, writable: false });
  }

  static {
    isMessage = (value) => typeof value === "object" && value !== null && #batch in value;
    makeMessage = (...args) => new QueueMessage(makeMessage, ...args);
  }

  retry(options) {
    this.#batch.retry(this.#id, delayOf(options, "QueueMessage", "retry"));
  }

  ack() {
    this.#batch.ack(this.#id);
  }
}
interfaceOf(QueueMessage, { isOne: isMessage, members: "retry ack", illegal: true });

const batches = new WeakMap(); // controller -> QueueBatch

class QueueController {
  constructor(batch) {
    if (!(batch instanceof QueueBatch)) throw new TypeError("Illegal constructor");
    batches.set(this, batch);
    batch.describe(this);
  }

  retryAll(options) {
    batches.get(this).retryAll(delayOf(options, "QueueController", "retryAll"));
  }

  ackAll() {
    batches.get(this).ackAll();
  }
}
interfaceOf(QueueController, { isOne: (value) => batches.has(value), members: "retryAll ackAll", illegal: true });

export class QueueBatch {
  /** `args`: queue, messages that wait behind it, their bytes, when the oldest of them was sent (-1: none), and of each message: id, time, attempts, content type, buffer. */
  constructor(args) {
    this.queue = args[0];
    const metrics = { backlogCount: args[1], backlogBytes: args[2] };
    if (args[3] >= 0) metrics.oldestMessageTimestamp = new Date(args[3]);
    this.metadata = { metrics };
    this.messages = [];
    this.said = new SafeMap(); // id -> {retry, delay}
    this.all = null; // {retry, delay}
    for (let i = 4; i < args.length; i += 5) this.messages.push(makeMessage(this, args[i], new Date(args[i + 1]), decoded(args[i + 3], args[i + 4]), args[i + 2]));
  }

  describe(target) {
    for (const [key, value] of [["metadata", this.metadata], ["queue", this.queue], ["messages", this.messages]]) Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: false });
  }

  controller() {
    return new QueueController(this);
  }

  event(waitUntil) {
    return makeEvent(QueueEvent, "queue", [["metadata", this.metadata], ["queue", this.queue], ["messages", this.messages]], {
      waitUntil,
      retryAll: (options) => this.retryAll(delayOf(options, "QueueEvent", "retryAll")),
      ackAll: () => this.ackAll(),
    });
  }

  retry(id, delay) {
    if (this.all && !this.all.retry) {
      tooLate("retry", id, "ackAll");
      return;
    }
    const said = this.said.get(id);
    if (said && !said.retry) tooLate("retry", id, "ack");
    else this.said.set(id, { retry: true, delay: delay ?? said?.delay });
  }

  ack(id) {
    if (this.all) {
      if (this.all.retry) tooLate("ack", id, "retryAll");
      return;
    }
    const said = this.said.get(id);
    if (said?.retry) tooLate("ack", id, "retry");
    else if (!said) this.said.set(id, { retry: false });
  }

  retryAll(delay) {
    if (this.all && !this.all.retry) tooLate("retryAll", undefined, "ackAll");
    else this.all = { retry: true, delay: delay ?? this.all?.delay };
  }

  ackAll() {
    if (this.all?.retry) tooLate("ackAll", undefined, "retryAll");
    else this.all = { retry: false };
  }

  result() {
    const explicitAcks = [];
    const retryMessages = [];
    this.said.forEach(({ retry, delay }, msgId) => {
      if (!retry) explicitAcks.push(msgId);
      else retryMessages.push(delay === undefined ? { msgId } : { msgId, delaySeconds: delay });
    });
    const retryBatch = { retry: this.all?.retry === true };
    if (this.all?.delay !== undefined) retryBatch.delaySeconds = this.all.delay;
    return { ackAll: this.all?.retry === false, retryBatch, explicitAcks, retryMessages };
  }
}
