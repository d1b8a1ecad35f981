// SPDX-License-Identifier: GPL-3.0-or-later
// What another Worker asks of this one: an entrypoint, whose object is made with the first call, in a session that lives until nobody needs it.

import { entrypointNamed, hasEntrypoints } from "../cloudflare/exports.js";
import { DOMException } from "../domexception.js";
import { invoke, runsFunctions } from "../dispatch.js";
import { running } from "../invocations.js";
import { native } from "../native.js";
import { SafeMap, apply, settled, hasOwn } from "../primordials.js";
import { reportException } from "../errors.js";
import { abortIncoming, linkedRequest } from "../request.js";
import { isResponse, responseBody, responseOptions, responseParts } from "../response.js";
import { answerByListeners, checkedAnswer } from "../worker.js";
import { connectPeer } from "../websocket/websocket.js";
import { errorParts, errorText, missing, notCallable } from "./errors.js";
import { Op } from "./ops.js";
import { endSessions, sessionOf } from "./registry.js";
import { Session, noValue } from "./session.js";
import { SocketLink } from "./sockets.js";
import { headersOf, sendBody } from "./values.js";
import { follow, openEntrypoint } from "./walk.js";

const parse = JSON.parse;

function wrongCount(name) {
  return new TypeError(`Attempted to call RPC function "${name}" with the wrong number of arguments. When calling a top-level handler function that is not declared as part of a class, you must always send exactly one argument. In order to support variable numbers of arguments, the server must use class-based syntax (extending WorkerEntrypoint) instead.`);
}

function noFetch() {
  throw new Error("Handler does not export a fetch() function.");
}

export class Server {
  constructor(link, request, entrypoint, props) {
    this.name = entrypoint || "default";
    this.props = props ? parse(props) : {};
    this.request = request;
    this.waits = 0;
    this.calls = 0; // that are not answered
    this.fetches = new SafeMap(); // question -> Request
    this.noMore = false; // the opener needs nothing more
    this.made = null;
    this.session = new Session(link, request, this);
    this.finished = false;
    running.set(request, this);
  }

  /** Nothing goes on in this Worker: a call that is not answered will never be, unless the other side still has something to say. */
  examine() {
    const { session } = this;
    if (this.calls === 0 || session.questions.size > 0 || session.streams.size > 0 || session.sockets.size > 0 || session.exports.size > 0) return;
    this.noMore = true;
    this.waits = 0;
    native.linkEnd(session.link, "The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/");
    this.settle();
  }

  /** As of an Invocation: keeps the session alive. */
  waitUntil(promise) {
    ++this.waits;
    const over = () => {
      --this.waits;
      this.settle();
    };
    settled(promise, over, (error) => {
      reportException(error, this.request);
      over();
    });
  }

  passThroughOnException() {}

  /** The code was ended from outside. */
  dropped() {
    this.finished = true;
    this.session.dropped();
  }

  get entrypoint() {
    return (this.made ??= entrypointNamed(this.name, this, this.props));
  }

  /** Runs `work` as a span of the log's. */
  async told(what, work) {
    const scope = native.linkCall(this.request, what);
    ++this.calls;
    try {
      const result = await work(scope !== 0);
      if (scope) native.spanEnd(this.request, scope, isResponse(result) ? responseParts(result)[0] : 0, "");
      return result;
    } catch (error) {
      if (scope) native.spanEnd(this.request, scope, 0, errorText(error));
      throw error;
    } finally {
      --this.calls;
    }
  }

  call(path, args) {
    const name = path.join(".");
    return this.told(this.name === "default" ? name : `${this.name}.${name}`, () => {
      if (runsFunctions()) throw missing(path[0]);
      const { target, isClass, ctx, env } = this.entrypoint;
      if (isClass) {
        openEntrypoint(target);
        return follow(target, path, args);
      }
      if (path.length === 0) throw notCallable(path);
      if (!hasOwn(target, path[0]) && (!(path[0] in target) || path[0] in Object.prototype)) throw missing(path[0]);
      const value = target[path[0]];
      if (path.length > 1 || args === undefined) return follow(value, path.slice(1), args);
      if (typeof value !== "function") throw notCallable(path);
      if (args.length !== 1 || value.length === 0) throw wrongCount(path[0]);
      return apply(value, target, [args[0], env, ctx]);
    });
  }

  fetch(question, method, url, flat, cf, body) {
    const request = linkedRequest(method, url, headersOf(flat, !runsFunctions()), body, cf, "manual");
    this.fetches.set(question, request);
    settled(this.told(this.name === "default" ? "fetch" : `${this.name}.fetch`, (recorded) => this.answer(request, recorded)), (response) => this.respond(question, response), (error) => this.failed(question, error));
  }

  answer(request, recorded) {
    if (runsFunctions()) {
      return invoke(this.request, request, native.linkRoute(request.method, request.url), recorded, (promise) => this.waitUntil(promise));
    }
    if (this.name === "default" && !hasEntrypoints()) {
      return answerByListeners({ request, waitUntil: (promise) => this.waitUntil(promise), passThroughOnException() {}, next: noFetch });
    }
    const { has, call } = this.entrypoint;
    if (!has("fetch")) noFetch();
    return checkedAnswer(call("fetch", request));
  }

  respond(question, response) {
    const isHead = this.fetches.get(question)?.method === "HEAD";
    this.fetches.delete(question);
    const { session } = this;
    try {
      const parts = responseParts(response);
      const status = parts[0];
      const { webSocket } = responseOptions(response);
      let socket = 0;
      if (webSocket) {
        socket = session.newStream();
        connectPeer(webSocket, (receive) => new SocketLink(session, socket, receive));
      }
      session.sendMade(() => ({ head: [Op.Response, question, status, parts[1], parts[2] ?? [], status === 101 || isHead ? null : sendBody(session, responseBody(response)), socket], value: noValue }));
    } catch (error) {
      this.failed(question, error);
    }
  }

  failed(question, error) {
    this.fetches.delete(question);
    this.session.send([Op.Failed, question, errorParts(error)]);
  }

  /** The opener gave a fetch up. */
  gone(question) {
    const request = this.fetches.get(question);
    this.fetches.delete(question);
    if (request) abortIncoming(request, new DOMException("The client disconnected.", "AbortError"));
  }

  bye() {
    this.noMore = true;
    this.settle();
  }

  /** The link has ended. */
  ended() {
    this.noMore = true;
    const { fetches } = this;
    this.fetches = new SafeMap();
    fetches.forEach((request) => this.abandon(request));
    this.settle();
  }

  abandon(request) {
    abortIncoming(request, new DOMException("The client disconnected.", "AbortError"));
  }

  settle() {
    if (this.finished || !this.noMore || this.waits > 0) return;
    this.finished = true;
    this.session.fail(() => new Error("Network connection lost."));
    running.delete(this.request);
    endSessions(this.request);
    native.finish(this.request);
  }
}

let objectServer;

/** How links to Durable Objects are served. */
export function serveObjects(make) {
  objectServer = make;
}

/** Called by C++: kind 0: another Worker opened a link; 1: a message; 2: its end, whose reason is the head; 3: nothing goes on in this Worker. */
export function linkEvent(link, kind, head, request, entrypoint, props, home, id, name) {
  const session = kind !== 0 ? sessionOf(link) : home ? objectServer(link, request, entrypoint, home, id, name).session : new Server(link, request, entrypoint, props).session;
  if (kind === 3) session?.server.examine();
  else if (kind === 2) session?.ended(head);
  else session?.receive(head);
}
