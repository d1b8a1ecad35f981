// SPDX-License-Identifier: GPL-3.0-or-later
// WebSockets that a Durable Object has given to acceptWebSocket(): they outlive its instance, and wake it.

import { compat } from "../compat.js";
import { reportException } from "../errors.js";
import { inspect } from "../inspect.js";
import { native } from "../native.js";
import { Promise, SafeWeakMap, settled } from "../primordials.js";
import { endOf, isSocket, sleepingSocket, wakenSocket } from "../websocket/websocket.js";

const mostTags = 10;
const mostTagLength = 256;
const mostSockets = 32_768;
const records = new SafeWeakMap(); // End -> Hibernated
const lostReason = "WebSocket disconnected without sending Close frame.";
const none = () => {};

class Hibernated {
  constructor(slot, socket, tags) {
    this.slot = slot;
    this.tags = tags;
    this.answeredAt = 0;
    this.socket = socket; // user code's; null: it has none since the object slept
    this.request = native.currentRequest(); // of whose session the events are a part
    this.end = sleepingSocket(socket, (item) => this.received(item));
    records.set(this.end, this);
    slot.addSocket(this);
  }

  hasTag(tag) {
    for (let i = 0; i < this.tags.length; ++i) if (this.tags[i] === tag) return true;
    return false;
  }

  webSocket() {
    return (this.socket ??= wakenSocket(this.end));
  }

  /** For the window. */
  describe() {
    const { attachment } = this.end;
    return { tags: this.tags, closing: this.end.sentClose || this.end.gotClose, attachment: attachment === null ? "" : inspect(attachment.value), answeredAt: this.answeredAt };
  }

  /** The instance goes; this stays. */
  hibernate() {
    this.socket = null;
  }

  /** The object is broken: the connection ends without a word. */
  drop() {
    this.slot.removeSocket(this);
    this.end.drop();
  }

  received(item) {
    const { end, slot } = this;
    if (end.lost || slot.broken) return;
    if (item.kind === "message") {
      const answer = slot.autoResponse;
      if (answer && item.data === answer.request && !end.sentClose) {
        this.answeredAt = Date.now();
        end.send({ kind: "message", data: answer.response });
        return;
      }
      this.tell("webSocketMessage", () => [this.webSocket(), item.data]);
    } else if (item.kind === "close") {
      end.gotClose = true;
      if (compat("web_socket_auto_reply_to_close") && !end.sentClose) {
        end.sentClose = true;
        end.send({ kind: "close", code: item.code, reason: item.reason });
      }
      this.tell("webSocketClose", () => [this.webSocket(), item.code, item.reason, true]);
    } else {
      const closed = end.gotClose;
      end.lost = true;
      if (closed) slot.removeSocket(this);
      else if (item.kind === "failed") this.tell("webSocketError", () => [this.webSocket(), new Error(item.message)]);
      else this.tell("webSocketClose", () => [this.webSocket(), 1006, lostReason, false]);
    }
  }

  /** An event of the object's. A handler that is not there is none. */
  tell(name, args) {
    const { slot, request } = this;
    settled(slot.event(async (instance) => {
      const scope = native.linkCall(request, `${slot.className}.${name}`);
      let failure = "";
      try {
        if (typeof instance[name] === "function") await limited(slot, instance[name](...args()));
      } catch (error) {
        failure = `${error}`;
        throw error;
      } finally {
        if (scope) native.spanEnd(request, scope, 0, failure);
        if (name !== "webSocketMessage") slot.removeSocket(this); // its handler still finds it
      }
    }), none, (error) => {
      if (!slot.broken) reportException(error, request);
    });
  }
}

/** A handler may take no longer than the object has said. */
function limited(slot, result) {
  const ms = slot.eventTimeout;
  if (ms === null) return result;
  return new Promise((resolve, reject) => {
    const timer = native.setTimer(() => reject(new Error("The WebSocket event handler took longer than setHibernatableWebSocketEventTimeout() allows.")), ms, false);
    const over = (then) => (value) => {
      native.clearTimer(timer);
      then(value);
    };
    settled(result, over(resolve), over(reject));
  });
}

/** ctx.acceptWebSocket() */
export function acceptSocket(slot, socket, tags) {
  if (!isSocket(socket)) throw new TypeError("Failed to execute 'acceptWebSocket' on 'DurableObjectState': parameter 1 is not of type 'WebSocket'.");
  if (tags.length > mostTags) throw new Error(`a Hibernatable WebSocket cannot have more than ${mostTags} tags`);
  const own = [];
  for (let i = 0; i < tags.length; ++i) {
    const tag = `${tags[i]}`;
    if (tag.length > mostTagLength) throw new Error(`"${tag}" is longer than the max tag length (${mostTagLength} characters).`);
    if (!own.includes(tag)) own[own.length] = tag;
  }
  if (slot.sockets.size >= mostSockets) throw new Error(`only ${mostSockets} websockets can be accepted on a single Durable Object instance`);
  new Hibernated(slot, socket, own);
}

/** What acceptSocket() made of a WebSocket; undefined: it was not given to that; null: it is none. */
export function recordOf(socket) {
  return isSocket(socket) ? records.get(endOf(socket)) : null;
}
