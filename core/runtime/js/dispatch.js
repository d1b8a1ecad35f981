// SPDX-License-Identifier: GPL-3.0-or-later
// Runs Pages Functions: the chain of middlewares and handlers of one request, and what goes back to the client.

import { native } from "./native.js";
import { bodyLength, isLocked, isUsed, pumpBody, takeWhole } from "./body.js";
import { assets, env } from "./env.js";
import { describeError, reportException } from "./errors.js";
import { running } from "./invocations.js";
import { Promise, SafeMap, apply, isArray, regExpExec, settled } from "./primordials.js";
import { Request, abortIncoming, incomingRequest, originalRequest, shareRequest } from "./request.js";
import { isResponse, mutableResponse, responseBody, responseOptions, responseParts } from "./response.js";
import { endSessions } from "./rpc/registry.js";
import { DOMException } from "./domexception.js";
import { URL } from "./url.js";
import { connectClient } from "./websocket/websocket.js";
import { setTriggers } from "./triggers.js";
import { scheduledHandler, workerHandler } from "./worker.js";

let handlers = []; // for each handler of C++'s table, its functions
let functions = false; // they are files of functions/
const drains = new SafeMap(); // request -> resolve

/** Called once for each loaded version of the code, after its top level: finds the handlers. `exported`: the files' exports; of a Worker its own. */
export function install(exported, table, isWorker) {
  handlers = [];
  functions = !isWorker;
  setTriggers(isWorker, isWorker ? exported.default : undefined);
  if (isWorker) {
    const made = { fetch: workerHandler(exported), scheduled: scheduledHandler(exported) };
    for (let i = 0; i < table.length; i += 2) handlers.push([made[table[i + 1]]]);
    return;
  }
  for (let i = 0; i < table.length; i += 2) {
    const found = exported[table[i]]?.[table[i + 1]];
    const functions = (isArray(found) ? found.flat(Infinity) : [found]);
    for (const handler of functions) {
      if (typeof handler !== "function") throw new TypeError(`functions/${table[i]} exports ${table[i + 1]} as something that is not a function.`);
    }
    handlers.push(functions);
  }
}

/** What a span of the log says of an error. */
function shownError(error) {
  try {
    return (error instanceof Error ? Error.prototype.toString.call(error) : String(error)) || "Error";
  } catch {
    return "Error";
  }
}

class Invocation {
  constructor(id, request, steps, recorded, single) {
    this.id = id;
    this.recorded = recorded; // its spans go to the log
    this.single = single; // one function answers, whose scope, 1, is open and current already, and ends with the answer
    this.entered = 0; // the scope of the function that proceed() called last; 0: none was, or it is not told
    this.request = request;
    this.steps = steps;
    this.at = 0; // in steps
    this.nth = 0; // of the step's functions
    this.data = {};
    this.failOpen = false;
    this.waits = 0;
    this.sent = false;
    this.control = null; // of a streaming response
  }

  waitUntil(promise, within) {
    ++this.waits;
    const scope = this.recorded ? native.waitBegin(this.id, within) : 0;
    const over = (failure) => {
      if (scope) native.spanEnd(this.id, scope, 0, failure);
      --this.waits;
      this.settle();
    };
    settled(promise, () => over(""), (error) => {
      reportException(error, this.id);
      over(scope ? shownError(error) : "");
    });
  }

  /** The next handler's answer, asked for in scope `within`: a Response or a promise of one. Sets `entered`; whoever takes the answer ends that scope. */
  proceed(within) {
    this.entered = 0;
    if (this.at >= this.steps.length) return assets.fetch(originalRequest(this.request));
    const index = this.steps[this.at];
    const functions = handlers[index];
    const nth = this.nth;
    const handler = functions[nth];
    const path = this.steps[this.at + 1];
    const params = this.steps[this.at + 2] ?? {};
    if (++this.nth >= functions.length) {
      this.nth = 0;
      this.at += 3;
    }
    // The last handler may have the request itself: nobody reads it after that one, but the assets, which need no body.
    const request = this.at >= this.steps.length && !this.failOpen ? this.request : shareRequest(this.request);
    const invocation = this;
    const scope = this.single ? 1 : this.recorded ? native.spanBegin(this.id, index, nth, within, handler, this.at >= this.steps.length) : 0;
    // Methods, because esbuild gives other functions their names by a call for each, in every request.
    const context = {
      request,
      functionPath: path,
      next(input, init) {
        return invocation.next(input, init, scope);
      },
      params,
      get data() {
        return invocation.data;
      },
      set data(value) {
        if (typeof value !== "object" || value === null) throw new Error("context.data must be an object");
        invocation.data = value;
      },
      env,
      waitUntil(promise) {
        return invocation.waitUntil(promise, scope);
      },
      passThroughOnException() {
        invocation.failOpen = true;
      },
    };
    if (!scope) return handler(context);
    if (this.single) {
      this.entered = 1;
      return handler(context);
    }
    try {
      return handler(context);
    } finally {
      native.spanLeave(this.id, within);
      this.entered = scope;
    }
  }

  answered(scope, response) {
    if (!scope || (this.single && isResponse(response))) return;
    if (isResponse(response)) native.spanEnd(this.id, scope, responseParts(response)[0], "");
    else native.spanEnd(this.id, scope, 0, "It did not return a Response.");
  }

  failed(scope, error) {
    if (scope) native.spanEnd(this.id, scope, 0, shownError(error));
  }

  async next(input, init, within) {
    if (input !== undefined) {
      const target = typeof input === "string" ? new URL(input, this.request.url).href : input;
      this.request = new Request(target, init);
    }
    let scope = 0;
    let response;
    try {
      let answer;
      try {
        answer = this.proceed(within);
      } finally {
        scope = this.entered;
      }
      response = await answer;
    } catch (error) {
      this.failed(scope, error);
      throw error;
    }
    this.answered(scope, response);
    return checked(response);
  }

  start() {
    let answer;
    try {
      answer = this.proceed(0);
    } catch (error) {
      this.failed(this.entered, error);
      this.fail(error);
      return;
    }
    const scope = this.entered;
    if (isResponse(answer)) {
      this.take(scope, answer);
      return;
    }
    if (this.single) native.spanLeave(this.id, 0);
    settled(answer, (response) => this.take(scope, response), (error) => {
      this.failed(scope, error);
      this.fail(error);
    });
  }

  take(scope, response) {
    this.answered(scope, response);
    this.send(response);
  }

  send(response) {
    try {
      checked(response);
      const parts = responseParts(response);
      const status = parts[0];
      const statusText = parts[1];
      const flat = parts[2];
      const { manual } = responseOptions(response);
      if (status === 0) throw new TypeError("Response.error() cannot be sent to a client.");
      const { webSocket } = responseOptions(response);
      if (webSocket) {
        this.upgrade(webSocket, statusText, flat);
        return;
      }
      const body = hasNoBody(status) ? null : responseBody(response);
      const whole = body ? takeWhole(body) : null;
      if (whole !== undefined) {
        native.respond(this.id, status, statusText, flat, whole, manual);
        this.sent = true;
        this.settle();
      } else {
        if (this.single) native.spanLeave(this.id, 0);
        this.stream(status, statusText, flat, body, manual);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** The client's connection becomes a WebSocket; the request goes on until that is over. */
  upgrade(webSocket, statusText, flat) {
    if (this.request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      throw new TypeError('Worker tried to return a WebSocket in a response to a request which did not contain the header "Upgrade: websocket".');
    }
    if (this.single) native.spanLeave(this.id, 0);
    let refusal;
    const over = () => {
      this.sent = true;
      this.settle();
    };
    connectClient(webSocket, this.id, () => {
      refusal = native.webSocketAccept(this.id, this.request.method, statusText, flat ?? []);
      return refusal === undefined;
    }, over);
    if (refusal === undefined) return;
    const fields = refusal[2];
    fields[fields.length] = "content-type";
    fields[fields.length] = "text/plain; charset=utf-8";
    native.respond(this.id, refusal[0], "", fields, `${refusal[1]}\n`);
    over();
  }

  stream(status, statusText, flat, body, manual) {
    native.responseBegin(this.id, status, statusText, flat, lengthOf(flat) ?? bodyLength(body), manual);
    this.control = {};
    settled(pumpBody(body, (piece) => {
      if (native.isGone(this.id)) throw new DOMException("The client disconnected.", "AbortError");
      if (!native.responsePiece(this.id, piece)) return new Promise((resolve) => drains.set(this.id, resolve));
    }, this.control),
      () => {
        native.responseEnd(this.id, true);
        this.sent = true;
        this.settle();
      },
      (error) => {
        if (!native.isGone(this.id)) {
          reportException(error, this.id);
          native.responseEnd(this.id, false);
        }
        this.sent = true;
        this.settle();
      },
    );
  }

  fail(error) {
    if (this.failOpen) {
      this.failOpen = false;
      reportException(error, this.id);
      settled(assets.fetch(originalRequest(this.request)), (response) => this.send(response), (failure) => this.fail(failure));
      return;
    }
    const described = describeError(error);
    native.exception(this.id, described[0], described[1], described[2], described[3], described[4], error);
    const text = described[0] + (described[1] ? "\n" + described[1] : "") + "\n";
    native.respond(this.id, 500, "", ["content-type", "text/plain; charset=utf-8", "cache-control", "no-store"], text);
    this.sent = true;
    this.settle();
  }

  settle() {
    if (!this.sent || this.waits > 0) return;
    running.delete(this.id);
    endSessions(this.id);
    native.finish(this.id);
  }
}

export const runsFunctions = () => functions;

/** What a chain answers to a request that came from another Worker, on behalf of the session `id`. */
export function invoke(id, request, steps, recorded, waitUntil) {
  return new Promise((resolve, reject) => {
    const invocation = new Invocation(id, request, steps, recorded, false);
    invocation.waitUntil = waitUntil;
    invocation.settle = () => {};
    invocation.send = (response) => {
      try {
        resolve(checked(response));
      } catch (error) {
        reject(error);
      }
    };
    const { fail } = invocation;
    invocation.fail = (error) => {
      if (invocation.failOpen) Reflect.apply(fail, invocation, [error]);
      else reject(error);
    };
    invocation.start();
  });
}

function hasNoBody(status) {
  return status === 101 || status === 204 || status === 205 || status === 304;
}

function checked(response) {
  if (!isResponse(response)) throw new Error("Your Pages function should return a Response");
  const body = responseBody(response);
  if (body && (isUsed(body) || isLocked(body)) && !hasNoBody(responseParts(response)[0])) {
    const why = isUsed(body) ? "disturbed (has already been read from)" : "locked to a reader";
    throw new TypeError(`This ReadableStream is ${why}, and cannot be used as a body.`);
  }
  return mutableResponse(response);
}

/** Content-Length that the code itself set, for a body of known length. */
function lengthOf(flat) {
  for (let i = 0; flat && i < flat.length; i += 2) {
    if (flat[i] === "content-length" && regExpExec(/^\d+$/, flat[i + 1]) !== null) return Number(flat[i + 1]);
  }
  return undefined;
}

// What a URL parser would change: dot segments, backslashes, characters to be escaped.
const unusual = /[^!#-;=?-Z_a-z~[\]]|\/(?:\.|%2e)/i;

export function dispatch(id, method, url, steps, hasBody, recorded, single) {
  if (regExpExec(unusual, url) !== null) url = URL.parse(url)?.href ?? url;
  const invocation = new Invocation(id, incomingRequest(id, method, url, hasBody), steps, recorded, single);
  running.set(id, invocation);
  invocation.start();
}

/** The request in whose code this is called stays alive until the promise has settled. */
export function keepAlive(promise) {
  (running.get(native.currentRequest()) ?? running.get(native.ioContext()))?.waitUntil(promise, 0);
}

export function drained(id) {
  const resolve = drains.get(id);
  drains.delete(id);
  resolve?.();
}

/** The client left; or its code was `ended` from outside, and nothing must hold on to what it had. */
export function aborted(id, ended) {
  if (ended) {
    running.get(id)?.dropped?.();
    running.delete(id);
    drains.delete(id);
    endSessions(id);
    return;
  }
  const invocation = running.get(id);
  if (!invocation) return;
  const reason = new DOMException("The client disconnected.", "AbortError");
  abortIncoming(invocation.request, reason);
  invocation.control?.cancel?.(reason);
}
