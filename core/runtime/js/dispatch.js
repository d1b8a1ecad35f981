// SPDX-License-Identifier: GPL-3.0-or-later
// Runs Pages Functions: the chain of middlewares and handlers of one request, and what goes back to the client.

import { native } from "./native.js";
import { bodyLength, pumpBody, takeWhole } from "./body.js";
import { d1Database } from "./d1.js";
import { describeError, reportException } from "./errors.js";
import { flatOf } from "./headers.js";
import { kvNamespace } from "./kv.js";
import { r2Bucket } from "./r2.js";
import { Request, abortIncoming, incomingRequest, shareRequest } from "./request.js";
import { Response, bytesBody, mutableResponse, receivedResponse, responseBody, responseParts } from "./response.js";
import { DOMException } from "./domexception.js";
import { URL } from "./url.js";

let handlers = []; // for each handler of C++'s table, its functions
let env = {};
const running = new Map(); // request -> Invocation, while it can still be aborted
const drains = new Map(); // request -> resolve

class Assets {
  async fetch(input, init) {
    const request = input instanceof Request && init === undefined ? input : new Request(input instanceof Request || input instanceof URL ? input : new URL(String(input), "http://fakehost").href, init);
    const [status, flat, buffer] = native.assets(request.method, request.url, flatOf(request.headers));
    return receivedResponse(status, "", flat, request.method === "HEAD" ? null : bytesBody(buffer), request.url, false);
  }
}

/** Called once for each loaded version of the code: finds the handlers and makes env. */
export function install(files, table, variables, kvNames, d1Names, r2Names) {
  handlers = [];
  for (let i = 0; i < table.length; i += 2) {
    const exported = files[table[i]]?.[table[i + 1]];
    const functions = (Array.isArray(exported) ? exported.flat(Infinity) : [exported]);
    for (const handler of functions) {
      if (typeof handler !== "function") throw new TypeError(`functions/${table[i]} exports ${table[i + 1]} as something that is not a function.`);
    }
    handlers.push(functions);
  }
  env = { ASSETS: new Assets() };
  for (let i = 0; i < variables.length; i += 3) env[variables[i]] = variables[i + 2] ? JSON.parse(variables[i + 1]) : variables[i + 1];
  kvNames.forEach((name, i) => (env[name] = kvNamespace(i)));
  d1Names.forEach((name, i) => (env[name] = d1Database(i)));
  r2Names.forEach((name, i) => (env[name] = r2Bucket(i)));
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
  constructor(id, request, steps, recorded) {
    this.id = id;
    this.recorded = recorded; // its spans go to the log
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
    let failure = "";
    Promise.resolve(promise).catch((error) => {
      failure = scope ? shownError(error) : "";
      reportException(error, this.id);
    }).then(() => {
      if (scope) native.spanEnd(this.id, scope, 0, failure);
      --this.waits;
      this.settle();
    });
  }

  /** The next handler's answer, asked for in scope `within`: a Response or a promise of one. Sets `entered`; whoever takes the answer ends that scope. */
  proceed(within) {
    this.entered = 0;
    if (this.at >= this.steps.length) return env.ASSETS.fetch(this.request);
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
    const scope = this.recorded ? native.spanBegin(this.id, index, nth, within, handler, this.at >= this.steps.length) : 0;
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
    try {
      return handler(context);
    } finally {
      native.spanLeave(this.id, within);
      this.entered = scope;
    }
  }

  answered(scope, response) {
    if (!scope) return;
    if (response instanceof Response) native.spanEnd(this.id, scope, response.status, "");
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
    if (answer instanceof Response) {
      this.take(scope, answer);
      return;
    }
    Promise.resolve(answer).then((response) => this.take(scope, response), (error) => {
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
      const [status, statusText, flat] = responseParts(response);
      if (status === 0) throw new TypeError("Response.error() cannot be sent to a client.");
      const body = [101, 204, 205, 304].includes(status) ? null : responseBody(response);
      const whole = body ? takeWhole(body) : null;
      if (whole !== undefined) {
        native.respond(this.id, status, statusText, flat, whole);
        this.sent = true;
        this.settle();
      } else {
        this.stream(status, statusText, flat, body);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  stream(status, statusText, flat, body) {
    native.responseBegin(this.id, status, statusText, flat, lengthOf(flat) ?? bodyLength(body));
    this.control = {};
    pumpBody(body, (piece) => {
      if (native.isGone(this.id)) throw new DOMException("The client disconnected.", "AbortError");
      if (!native.responsePiece(this.id, piece)) return new Promise((resolve) => drains.set(this.id, resolve));
    }, this.control).then(
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
      env.ASSETS.fetch(this.request).then((response) => this.send(response), (failure) => this.fail(failure));
      return;
    }
    const described = describeError(error);
    native.exception(this.id, ...described, error);
    const text = described[0] + (described[1] ? "\n" + described[1] : "") + "\n";
    native.respond(this.id, 500, "", ["content-type", "text/plain; charset=utf-8", "cache-control", "no-store"], text);
    this.sent = true;
    this.settle();
  }

  settle() {
    if (!this.sent || this.waits > 0) return;
    running.delete(this.id);
    native.finish(this.id);
  }
}

function checked(response) {
  if (!(response instanceof Response)) throw new Error("Your Pages function should return a Response");
  return mutableResponse(response);
}

/** Content-Length that the code itself set, for a body of known length. */
function lengthOf(flat) {
  for (let i = 0; flat && i < flat.length; i += 2) {
    if (flat[i] === "content-length" && /^\d+$/.test(flat[i + 1])) return Number(flat[i + 1]);
  }
  return undefined;
}

// What a URL parser would change: dot segments, backslashes, characters to be escaped.
const unusual = /[^!#-;=?-Z_a-z~[\]]|\/(?:\.|%2e)/i;

export function dispatch(id, method, url, steps, hasBody, recorded) {
  if (unusual.test(url)) url = URL.parse(url)?.href ?? url;
  const invocation = new Invocation(id, incomingRequest(id, method, url, hasBody), steps, recorded);
  running.set(id, invocation);
  invocation.start();
}

export function drained(id) {
  const resolve = drains.get(id);
  drains.delete(id);
  resolve?.();
}

/** The client left. */
export function aborted(id) {
  const invocation = running.get(id);
  if (!invocation) return;
  const reason = new DOMException("The client disconnected.", "AbortError");
  abortIncoming(invocation.request, reason);
  invocation.control?.cancel?.(reason);
}
