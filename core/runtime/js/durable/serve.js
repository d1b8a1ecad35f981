// SPDX-License-Identifier: GPL-3.0-or-later
// What is asked of a Durable Object of this Worker: the other end of a stub's calls.

import { DurableObject } from "../cloudflare/entrypoints.js";
import { running } from "../invocations.js";
import { native } from "../native.js";
import { SafeMap } from "../primordials.js";
import { errorParts, notCallable } from "../rpc/errors.js";
import { Op } from "../rpc/ops.js";
import { Server, serveObjects } from "../rpc/serve.js";
import { follow, openEntrypoint } from "../rpc/walk.js";
import { checkedAnswer } from "../worker.js";
import { slotOf } from "./slots.js";

const reserved = { __proto__: null, alarm: true, webSocketMessage: true, webSocketClose: true, webSocketError: true };
const noRpc = 'The receiving Durable Object does not support RPC, because its class was not declared with `extends DurableObject`. In order to enable RPC, make sure your class extends the special class `DurableObject`, which can be imported from the module "cloudflare:workers".';

/** Throws what says why a path of names may not be called on an object. */
export function checkCallable(instance, path) {
  if (path[0] in reserved) throw new TypeError(`'${path[0]}' is a reserved method and cannot be called over RPC.`);
  if (!(instance instanceof DurableObject)) throw new TypeError(noRpc);
  if (path.length === 0) throw notCallable(path);
}

class ObjectServer extends Server {
  constructor(link, request, className, home, id, name) {
    super(link, request, className, "");
    this.slot = slotOf(home, className, id, name);
    this.slot.servers.add(this);
  }

  /** A call that waits may wait for another one's sake. */
  examine() {}

  call(path, args) {
    return this.told(`${this.name}.${path.join(".")}`, () => this.slot.event((instance) => {
      checkCallable(instance, path);
      openEntrypoint(instance);
      return follow(instance, path, args);
    }));
  }

  /** Work of a stub that was given away, or of an answer. */
  gate(work) {
    return this.slot.event(work);
  }

  answer(request) {
    return this.slot.event((instance) => {
      if (typeof instance.fetch !== "function") throw new Error("Handler does not export a fetch() function.");
      return checkedAnswer(instance.fetch(request));
    });
  }

  failed(question, error) {
    this.fetches.delete(question);
    const parts = errorParts(error);
    if (parts[4] === 3) parts[4] = 2; // as the real thing: fetch() says that it is remote, RPC does not
    this.session.send([Op.Failed, question, parts]);
  }

  /** The object is broken. */
  broke(reason) {
    const { fetches } = this;
    this.fetches = new SafeMap();
    fetches.forEach((request) => this.abandon(request));
    native.linkEnd(this.session.link, reason);
    this.noMore = true;
    this.waits = 0;
    this.settle();
  }

  /** Whether nothing goes on over it that needs the instance: it is there for WebSockets that sleep. */
  rests() {
    const { session } = this;
    if (this.calls > 0 || this.waits > 0 || session.exports.size > 0 || session.streams.size > 0 || session.questions.size > 0) return false;
    let rests = true;
    session.sockets.forEach((socket) => {
      if (!socket.sleeps()) rests = false;
    });
    return rests;
  }

  settle() {
    if (this.finished || !this.noMore || this.waits > 0) return;
    this.finished = true;
    this.session.fail(() => new Error("Network connection lost."));
    running.delete(this.request);
    this.slot.servers.delete(this);
    native.finish(this.request);
    this.slot.rest();
  }
}

serveObjects((link, request, className, home, id, name) => new ObjectServer(link, request, className, home, id, name));
