// SPDX-License-Identifier: GPL-3.0-or-later
// DurableObjectState: what an object's constructor gets, and what DurableObject keeps as this.ctx.

import { entrypoints } from "../cloudflare/exports.js";
import { stateIs } from "../cloudflare/entrypoints.js";
import { argumentError, interfaceOf } from "../interface.js";
import { native } from "../native.js";
import { isArray } from "../primordials.js";
import { knowPlatformClass } from "../structuredclone.js";
import { acceptSocket, recordOf } from "./sockets.js";
import { RequestResponsePair, isPair } from "./pair.js";

const internal = Symbol("internal");
const mostTimeoutMs = 604_800_000;
const mostPairBytes = 2048;
const utf8 = (text) => native.utf8Encode(text).byteLength;
let isState;

export class DurableObjectState {
  #slot;

  constructor(...args) {
    if (args[0] !== internal) throw new TypeError("Illegal constructor");
    const slot = args[1];
    this.#slot = slot;
    Object.assign(this, { container: undefined, storage: args[2], id: slot.id, props: {}, exports: entrypoints() });
  }

  static {
    isState = (value) => typeof value === "object" && value !== null && #slot in value;
  }

  waitUntil(promise) {
    this.#slot.waitUntil(promise);
  }

  async blockConcurrencyWhile(work) {
    if (typeof work !== "function") throw argumentError("DurableObjectState", "blockConcurrencyWhile", 1, "function");
    return this.#slot.block(work);
  }

  acceptWebSocket(socket, tags) {
    if (tags !== undefined && !isArray(tags)) throw argumentError("DurableObjectState", "acceptWebSocket", 2, "Array");
    acceptSocket(this.#slot, socket, tags ?? []);
  }

  getWebSockets(tag) {
    const wanted = tag === undefined || tag === null ? undefined : `${tag}`;
    const found = [];
    this.#slot.sockets.forEach((record) => {
      if (wanted === undefined || record.hasTag(wanted)) found[found.length] = record.webSocket();
    });
    return found;
  }

  setWebSocketAutoResponse(pair) {
    if (pair === undefined || pair === null) {
      this.#slot.autoResponse = null;
      return;
    }
    if (!isPair(pair)) throw argumentError("DurableObjectState", "setWebSocketAutoResponse", 1, "WebSocketRequestResponsePair");
    const { request, response } = pair;
    for (const [what, text] of [["Request", request], ["Response", response]]) {
      const size = utf8(text);
      if (size > mostPairBytes) throw new RangeError(`${what} cannot be larger than ${mostPairBytes} bytes. A ${what === "Request" ? "request" : "response"} of size ${size} was provided.`);
    }
    this.#slot.autoResponse = { request, response };
  }

  getWebSocketAutoResponse() {
    const pair = this.#slot.autoResponse;
    return pair ? new RequestResponsePair(pair.request, pair.response) : null;
  }

  getWebSocketAutoResponseTimestamp(socket) {
    const record = recordOf(socket);
    if (record === null) throw argumentError("DurableObjectState", "getWebSocketAutoResponseTimestamp", 1, "WebSocket");
    return record?.answeredAt ? new Date(record.answeredAt) : null;
  }

  setHibernatableWebSocketEventTimeout(timeout) {
    if (timeout === undefined || timeout === null) {
      this.#slot.eventTimeout = null;
      return;
    }
    const ms = Math.trunc(Number(timeout));
    if (ms < 0) throw new TypeError("The value cannot be converted because it is negative and this API expects a positive number.");
    if (!(ms <= mostTimeoutMs)) throw new Error(`Event timeout should not exceed ${mostTimeoutMs} ms.`);
    this.#slot.eventTimeout = ms === 0 ? null : ms;
  }

  getHibernatableWebSocketEventTimeout() {
    return this.#slot.eventTimeout;
  }

  getTags(socket) {
    const record = recordOf(socket);
    if (record === null) throw argumentError("DurableObjectState", "getTags", 1, "WebSocket");
    if (!record) throw new Error("you must call 'acceptWebSocket()' before attempting to access the tags of a WebSocket.");
    return [...record.tags];
  }

  abort(reason) {
    this.#slot.abort(reason);
  }
}
interfaceOf(DurableObjectState, {
  isOne: isState, illegal: true,
  members: "waitUntil:Promise blockConcurrencyWhile acceptWebSocket:WebSocket getWebSockets setWebSocketAutoResponse getWebSocketAutoResponse getWebSocketAutoResponseTimestamp:WebSocket "
    + "setHibernatableWebSocketEventTimeout getHibernatableWebSocketEventTimeout getTags:WebSocket abort",
});
knowPlatformClass(DurableObjectState, "DurableObjectState");
stateIs(isState);

export const makeState = (slot, storage) => new DurableObjectState(internal, slot, storage);
