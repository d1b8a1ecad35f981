// SPDX-License-Identifier: GPL-3.0-or-later
// One end of a link: what was asked and is not answered, what each side has of the other, the streams and WebSockets between them. Both ends are alike, but that the one that did not
// open it has a server behind it (rpc/serve.js), and ends the link when the opener has said that it needs nothing more.

import { native } from "../native.js";
import { Promise, SafeMap, settled, hasOwn } from "../primordials.js";
import { promiseLength } from "../streams/bytes.js";
import { dataCloneError, errorOf, errorParts, foreign, stubDisposed } from "./errors.js";
import { Op, Target } from "./ops.js";
import { addSession, removeSession } from "./registry.js";
import { Incoming, Writing } from "./streams.js";
import { Answer, dispose, failedAnswer, ignore, receiverOf, stubClass } from "./stubs.js";
import { decode, disposable, encode, receiveBody, sendBody } from "./values.js";
import { follow } from "./walk.js";

const none = () => {};
const { parse } = JSON;
export const noValue = Symbol("no value"); // of a message that is a head alone

export class Session {
  constructor(link, request, server = null) {
    this.link = link;
    this.request = request; // that has it here
    this.server = server;
    this.context = native.ioContext(); // whose code may use what comes over it
    this.stub = null; // of a Durable Object, that it was opened for
    this.over = null; // () => error: why nothing can be asked any more
    this.said = false; // Op.Bye
    this.lastQuestion = 0;
    this.questions = new SafeMap(); // number -> {done(value), failed(error)}
    this.answers = new SafeMap(); // question of the other side -> promise of the value
    this.lastExport = 0;
    this.exports = new SafeMap(); // number -> {target} or {held}
    this.imports = 0; // receivers of the other side's that are in use
    this.lastStream = link % 2;
    this.streams = new SafeMap();
    this.sockets = new SafeMap();
    this.begun = null; // what starts when the message that tells of it has gone
    addSession(this, server === null);
  }

  newStream() {
    return (this.lastStream += 2);
  }

  incoming(id, length) {
    const { stream } = new Incoming(this, id);
    if (length !== undefined) promiseLength(stream, { length });
    return stream;
  }

  writing(id) {
    return new Writing(this, id).stream;
  }

  afterwards(stream, run) {
    this.begun ??= [];
    this.begun[this.begun.length] = { stream, run };
  }

  // ---- messages out

  send(head) {
    if (this.over === null) native.linkSend(this.link, head, false);
  }

  /** make() gives the head, `value` and what else is to be sent; what it began begins. Throws when the value cannot be sent. */
  sendMade(make) {
    const before = this.begun;
    this.begun = null;
    let refused;
    try {
      const { head, value } = make();
      refused = this.over === null ? (value === noValue ? native.linkSend(this.link, head, false) : native.linkSend(this.link, head, true, value)) : undefined;
      if (refused !== undefined) throw dataCloneError(refused);
    } catch (error) {
      for (let i = 0; i < (this.begun?.length ?? 0); ++i) this.streams.delete(this.begun[i].stream);
      this.begun = before;
      throw error;
    }
    const begun = this.begun;
    this.begun = before;
    for (let i = 0; i < (begun?.length ?? 0); ++i) begun[i].run();
  }

  /** Asks for what is at a path, or calls it; an Answer. Throws when the arguments cannot be sent. */
  ask(kind, number, path, args, told = none) {
    if (this.over !== null) return failedAnswer(this.over());
    const question = ++this.lastQuestion;
    this.sendMade(() => {
      const made = args === undefined ? { hosts: [], value: noValue } : encode(this, args);
      return { head: [Op.Call, question, kind, number, path, args !== undefined, made.hosts], value: made.value };
    });
    let arrived = null;
    let dropped = false;
    const promise = this.expect(question, told, (got) => {
      arrived = got;
      if (dropped) drop();
    });
    const drop = () => {
      dropped = true;
      if (arrived) for (let i = 0; i < arrived.stubs.length; ++i) arrived.stubs[i][dispose]();
    };
    return new Answer(promise, (next, nextArgs) => (arrived || this.over ? askValue(promise, next, nextArgs) : this.ask(Target.Answer, question, next, nextArgs)), drop);
  }

  expect(question, told, arrived = none) {
    // Methods here and in fetch(), because esbuild gives other functions their names by a call for each, in every request.
    const promise = new Promise((resolve, reject) => {
      this.questions.set(question, {
        done(value, stubs) {
          arrived({ value, stubs });
          told(value);
          resolve(value);
        },
        failed(error) {
          arrived({ value: undefined, stubs: [] });
          told(undefined, error);
          reject(error);
        },
      });
    });
    ignore(promise);
    return promise;
  }

  /** A request for the other side; the promise of [status, text, fields, body, WebSocket]. */
  fetch(method, url, flat, cf, body, told) {
    const question = ++this.lastQuestion;
    this.sendMade(() => ({ head: [Op.Fetch, question, method, url, flat, cf ?? null, sendBody(this, body)], value: noValue }));
    const promise = this.expect(question, told);
    const session = this;
    return {
      promise,
      abort(reason) {
        session.abort(question, reason);
      },
    };
  }

  abort(question, reason) {
    const waiting = this.questions.get(question);
    if (!waiting) return;
    this.questions.delete(question);
    this.send([Op.Gone, question]);
    waiting.failed(reason);
    this.fail(() => reason);
    native.linkEnd(this.link, "");
  }

  // ---- what each side has of the other

  /** `held`: of a stub of something else, which goes on to there. */
  addExport(target, held) {
    const id = ++this.lastExport;
    this.exports.set(id, held ? { held } : { target });
    return id;
  }

  dropExport(id) {
    const found = this.exports.get(id);
    if (!found) return;
    this.exports.delete(id);
    const { held, target } = found;
    if (held) {
      held.release();
      return;
    }
    const disposer = typeof target === "object" ? target[dispose] : undefined;
    if (typeof disposer === "function") settled((async () => Reflect.apply(disposer, target, []))(), none, none);
  }

  imported(id) {
    ++this.imports;
    let dropped = false;
    return {
      ask: (path, args) => (native.ioContext() !== this.context ? failedAnswer(foreign()) : this.ask(Target.Stub, id, path, args)),
      drop: () => {
        if (dropped) return;
        dropped = true;
        --this.imports;
        this.send([Op.Release, id]);
        this.settle();
      },
    };
  }

  // ---- messages in

  receive(head) {
    const id = head[1];
    switch (head[0]) {
      case Op.Call:
        this.called(id, head[2], head[3], head[4], head[5], head[6]);
        return;
      case Op.Result: {
        const waiting = this.questions.get(id);
        this.questions.delete(id);
        const stubs = [];
        let value;
        try {
          value = decode(this, head[2], stubs);
        } catch (error) {
          waiting?.failed(error);
          return;
        }
        waiting?.done(disposable(value, stubs), stubs);
        if (!this.settle()) this.send([Op.Finish, id]);
        return;
      }
      case Op.Failed: {
        const waiting = this.questions.get(id);
        this.questions.delete(id);
        this.breaks(head[2]);
        waiting?.failed(errorOf(head[2]));
        if (!this.settle()) this.send([Op.Finish, id]);
        return;
      }
      case Op.Finish:
        this.answers.delete(id);
        return;
      case Op.Release:
        this.dropExport(id);
        return;
      case Op.Fetch:
        this.server.fetch(id, head[2], head[3], head[4], head[5] ?? undefined, receiveBody(this, head[6]));
        return;
      case Op.Response: {
        const waiting = this.questions.get(id);
        this.questions.delete(id);
        waiting?.done([head[2], head[3], head[4], receiveBody(this, head[5]), head[6]], []); // who waits for it settles
        return;
      }
      case Op.Piece:
        this.streams.get(id)?.piece(head[2]);
        return;
      case Op.Close:
        this.streams.get(id)?.closed();
        return;
      case Op.Abort:
        this.streams.get(id)?.aborted(errorOf(head[2]));
        return;
      case Op.Credit:
        this.streams.get(id)?.credit(head[2]);
        return;
      case Op.Cancel: {
        const stream = this.streams.get(id);
        this.streams.delete(id);
        stream?.cancelled(errorOf(head[2]));
        this.settle();
        return;
      }
      case Op.Closed:
        this.streams.get(id)?.closedBy(head[2]);
        return;
      case Op.Socket:
        this.sockets.get(id)?.arrived(head[2]);
        return;
      case Op.Gone:
        this.server.gone(id);
        return;
      case Op.Bye:
        this.server.bye();
    }
  }

  called(question, kind, number, path, isCall, hosts) {
    const stubs = [];
    let args;
    try {
      args = isCall ? decode(this, hosts, stubs) : undefined;
    } catch (error) {
      this.send([Op.Failed, question, errorParts(error)]);
      return;
    }
    const promise = this.work(kind, number, path, args);
    this.answers.set(question, promise);
    const over = () => {
      for (let i = 0; i < stubs.length; ++i) stubs[i][dispose]();
    };
    settled(promise, (value) => {
      this.reply(question, value);
      over();
    }, (error) => {
      this.send([Op.Failed, question, errorParts(error)]);
      over();
    });
  }

  async work(kind, number, path, args) {
    if (kind === Target.Root) return this.server.call(path, args);
    return this.server?.gate ? this.server.gate(() => this.workOn(kind, number, path, args)) : this.workOn(kind, number, path, args);
  }

  async workOn(kind, number, path, args) {
    if (kind === Target.Answer) return follow(await this.answers.get(number), path, args);
    const found = this.exports.get(number);
    if (!found) throw stubDisposed();
    if (found.held) return found.held.receiver.ask(path, args).promise;
    return follow(found.target, path, args);
  }

  reply(question, value) {
    try {
      this.sendMade(() => {
        const made = encode(this, value);
        return { head: [Op.Result, question, made.hosts], value: made.value };
      });
    } catch (error) {
      this.send([Op.Failed, question, errorParts(error)]);
    }
  }

  // ---- the end

  /** After something was done with: true when nothing of it is needed any more, and the other side was told. */
  settle() {
    if (this.over !== null || this.server) return false;
    if (this.said || this.questions.size > 0 || this.imports > 0 || this.streams.size > 0 || this.sockets.size > 0) return false;
    if (this.lastExport > 0) { // the other side may still call what it was given, in what it goes on with
      this.said = true;
      this.send([Op.Bye]);
      return true;
    }
    this.over = () => new Error("Network connection lost.");
    removeSession(this);
    native.linkEnd(this.link, "");
    return true;
  }

  /** Nothing comes any more; whoever waits gets what `why` gives. */
  fail(why) {
    if (this.over !== null) return;
    this.over = why;
    removeSession(this);
    const { questions, streams, sockets, exports } = this;
    this.questions = new SafeMap();
    this.streams = new SafeMap();
    this.sockets = new SafeMap();
    questions.forEach((waiting) => waiting.failed(why()));
    streams.forEach((stream) => stream.lost(why()));
    sockets.forEach((socket) => socket.lost());
    exports.forEach((ignored, id) => this.dropExport(id));
    this.server?.ended();
  }

  /** The object that was called is reset: its stub is of no more use. */
  breaks(parts) {
    if (this.stub && (parts[4] ?? 0) & 2) this.stub.broken = parts;
  }

  /** The link has ended. A reason that begins with U+0001 is errorParts() as JSON. */
  ended(reason) {
    if (reason && reason[0] === "\u0001") {
      const parts = parse(reason.slice(1));
      this.breaks(parts);
      this.fail(() => errorOf(parts));
      return;
    }
    this.fail(() => new Error(reason || "Network connection lost."));
  }

  /** The code that has it was ended from outside. */
  dropped() {
    this.over ??= foreign;
    removeSession(this);
  }

  /** The request that opened it is over. */
  forget() {
    this.fail(foreign);
  }
}

/** Asks a value that has arrived, as the other side would have been asked. */
function askValue(promise, path, args) {
  const asked = (async () => {
    let value = await promise;
    for (let i = 0; i < path.length; ++i) {
      if (stubClass(value)) return receiverOf(value).ask(path.slice(i), args).promise;
      if (typeof value !== "object" || value === null || !hasOwn(value, path[i])) throw errorOf([1, "TypeError", `The RPC receiver does not implement the method "${path[i]}".`]);
      value = value[path[i]];
    }
    if (args === undefined) return value;
    if (stubClass(value)) return receiverOf(value).ask([], args).promise;
    throw errorOf([1, "TypeError", path.length > 0 ? `"${path[path.length - 1]}" is not a function.` : "The RPC receiver is not a function."]);
  })();
  ignore(asked);
  return new Answer(asked, (next, nextArgs) => askValue(asked, next, nextArgs), none);
}

