// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript face of a queue's producer (Queues, "JavaScript APIs").

import { compat } from "../compat.js";
import { argumentError, interfaceOf, isDictionary } from "../interface.js";
import { native } from "../native.js";
import { storableValue } from "../structuredclone.js";
import { toInt32 } from "./batch.js";

const stringify = JSON.stringify;
const isView = ArrayBuffer.isView;

function bytesType(body) {
  return typeof body === "object" && body !== null ? "object" : typeof body;
}

/** [content type, body as a string or bytes] */
function encoded(body, contentType) {
  const type = contentType === undefined ? (compat("queues_json_messages") ? "json" : "v8") : `${contentType}`;
  switch (type) {
    case "text":
      if (typeof body !== "string") throw new TypeError(`Content Type "text" requires a value of type string, but received: ${bytesType(body)}`);
      return [type, body];
    case "bytes":
      if (!isView(body)) throw new TypeError(`Content Type "bytes" requires a value of type ArrayBufferView, but received: ${bytesType(body)}`);
      return [type, body];
    case "json": {
      const text = stringify(body);
      if (text === undefined) throw new TypeError("Message body cannot be serialized as JSON");
      return [type, text];
    }
    case "v8":
      return [type, native.queueWrite(storableValue(body))];
    default:
      throw new TypeError(`Unsupported queue message content type: ${type}`);
  }
}

const delayOf = (given) => (given === undefined ? undefined : toInt32(given));

/** What send() tells of the queue. */
function metricsOf([backlogCount, backlogBytes, oldest]) {
  const metrics = { backlogCount, backlogBytes };
  if (oldest >= 0) metrics.oldestMessageTimestamp = new Date(oldest);
  return metrics;
}

const sent = (told) => ({ metadata: { metrics: metricsOf(told) } });

let isQueue;
let makeQueue;

class WorkerQueue {
  #index;

  constructor(...args) {
    if (args[0] !== makeQueue) throw new TypeError("Illegal constructor");
    this.#index = args[1];
  }

  static {
    isQueue = (value) => typeof value === "object" && value !== null && #index in value;
    makeQueue = (index) => new WorkerQueue(makeQueue, index);
  }

  async send(body, options) {
    native.refuseInGlobalScope();
    if (body === undefined) throw new TypeError("Message body cannot be undefined");
    if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("WorkerQueue", "send", 2, "QueueSendOptions");
    const delay = delayOf(options?.delaySeconds);
    const [type, value] = encoded(body, options?.contentType);
    return sent(native.queueSend(this.#index, native.callMark(), undefined, [type, value, delay]));
  }

  async sendBatch(messages, options) {
    native.refuseInGlobalScope();
    if (messages === null || messages === undefined || typeof messages[Symbol.iterator] !== "function") throw argumentError("WorkerQueue", "sendBatch", 1, "Sequence");
    if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("WorkerQueue", "sendBatch", 2, "QueueSendBatchOptions");
    const all = [...messages];
    if (all.length === 0) throw new TypeError("sendBatch() requires at least one message");
    const flat = [];
    for (const message of all) {
      const body = message?.body;
      if (body === undefined) throw new TypeError("Message body cannot be undefined");
      const [type, value] = encoded(body, message.contentType);
      flat.push(type, value, delayOf(message.delaySeconds));
    }
    return sent(native.queueSend(this.#index, native.callMark(), delayOf(options?.delaySeconds) ?? 0, flat));
  }

  async metrics() {
    native.refuseInGlobalScope();
    return metricsOf(native.queueMetrics(this.#index, native.callMark()));
  }
}
interfaceOf(WorkerQueue, { isOne: isQueue, members: "send sendBatch metrics", illegal: true });

/** A queue of `env`. */
export const queueProducer = (index) => makeQueue(index);
