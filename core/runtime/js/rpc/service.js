// SPDX-License-Identifier: GPL-3.0-or-later
// The side that calls another Worker: service bindings of `env`, and ctx.exports, which is the same with the code itself at the other end.

import { Body, isWhole } from "../body.js";
import { DOMException } from "../domexception.js";
import { isAborted, watchSignal } from "../events.js";
import { flatOf } from "../headers.js";
import { argumentError } from "../interface.js";
import { native } from "../native.js";
import { Promise } from "../primordials.js";
import { Request, cfText, requestBody, requestSignal } from "../request.js";
import { Response, receivedResponse, responseBody } from "../response.js";
import { URL } from "../url.js";
import { peerSocket } from "../websocket/websocket.js";
import { errorOf } from "./errors.js";
import { Target } from "./ops.js";
import { Session } from "./session.js";
import { SocketLink } from "./sockets.js";
import { failedAnswer, loopbackProxy, objectProxy, serviceProxy } from "./stubs.js";

const maxRedirects = 20;
const { stringify } = JSON;
const { keys } = Object;

const notFound = (worker) => `Worker "${worker}" not found. Make sure it is running locally.`;
const aborted = () => new DOMException("The operation was aborted", "AbortError");

/** One connection for one call; null: there is no such Worker. */
function open(service, mark) {
  const { object } = service;
  const link = object ? native.objectLink(service.index, object.className, object.id, object.name, mark) : native.linkOpen(service.index, service.entrypoint, service.props, mark);
  if (link === 0) return null;
  const session = new Session(link, native.currentRequest());
  if (object) session.stub = service;
  return session;
}

function teller(service, mark, what) {
  return (value, error) => {
    if (mark === undefined) return;
    let shown = "";
    if (error !== undefined) {
      try {
        shown = `${error}`;
      } catch {
        shown = "Error";
      }
    }
    native.linkTold(mark, service.name, what, error === undefined && value?.status !== undefined ? `{"status":${value.status}}` : "", shown, service.object !== undefined);
  };
}

function closed(session) {
  session.fail(aborted);
  native.linkEnd(session.link, "");
}

function ask(service, path, args) {
  native.refuseInGlobalScope();
  const mark = native.callMark();
  const told = teller(service, mark, path.join("."));
  if (service.broken) {
    const error = errorOf(service.broken);
    told(undefined, error);
    return failedAnswer(error);
  }
  const session = open(service, mark);
  if (!session) {
    const error = errorOf([1, "Error", notFound(service.worker)]);
    told(undefined, error);
    return failedAnswer(error);
  }
  try {
    return session.ask(Target.Root, 0, path, args, (value, error) => told(undefined, error));
  } catch (error) {
    closed(session);
    told(undefined, error);
    throw error;
  }
}

async function exchange(service, mark, request, method, url, body, signal) {
  const told = teller(service, mark, `${method} ${new URL(url).pathname}`);
  if (service.broken) {
    const error = errorOf(service.broken);
    told(undefined, error);
    throw error;
  }
  const session = open(service, mark);
  if (!session) {
    told({ status: 503 });
    return new Response(notFound(service.worker), { status: 503 });
  }
  let stop = null;
  try {
    const { promise, abort } = session.fetch(method, url, flatOf(request.headers), cfText(request), body, (value, error) => told(value ? { status: value[0] } : undefined, error));
    if (signal) stop = watchSignal(signal, () => abort(aborted()));
    const head = await promise;
    const socket = head[4];
    const webSocket = socket ? peerSocket((receive, over) => new SocketLink(session, socket, receive, over)) : null;
    return receivedResponse(head[0], head[1], head[2], head[3], url, false, { webSocket });
  } catch (error) {
    closed(session);
    throw error;
  } finally {
    session.settle();
    stop?.();
  }
}

async function fetchFrom(service, input, init) {
  native.refuseInGlobalScope();
  const mark = native.callMark();
  const request = new Request(input, init);
  const signal = requestSignal(request);
  if (signal && isAborted(signal)) throw aborted();
  let { method, url } = request;
  let body = requestBody(request);
  for (let count = 0; ; ++count) {
    const again = body && isWhole(body) ? new Body(body.kind, body.value) : null;
    const response = await exchange(service, count === 0 ? mark : native.callMark(), request, method, url, body, signal);
    const { status } = response;
    const location = status > 300 && status < 309 && status !== 304 ? response.headers.get("location") : null;
    if (location === null || request.redirect === "manual") return count === 0 ? response : redirected(response, url);
    if (count >= maxRedirects) throw new TypeError("Too many redirects.");
    url = new URL(location, url).href;
    if (status === 303 ? method !== "HEAD" : (status === 301 || status === 302) && method === "POST") {
      method = "GET";
      body = null;
    } else if (body) {
      if (!again) {
        throw new TypeError("A request with a one-time-use body (it was initialized from a stream, not a buffer) encountered a redirect requiring the body to be retransmitted. To avoid this error in the future, construct this request from a buffer-like body initializer.");
      }
      body = again;
    }
  }
}

function redirected(response, url) {
  const flat = flatOf(response.headers);
  return receivedResponse(response.status, response.statusText, flat, responseBody(response), url, true);
}

function methodsOf(service) {
  return {
    fetch(...args) {
      if (args.length === 0) return Promise.reject(argumentError("Fetcher", "fetch", 1, "Request or string"));
      return fetchFrom(service, args[0], args[1]);
    },
  };
}

/** A service binding of `env`. */
export function serviceBinding(index, name, worker) {
  const service = { index, name, worker, entrypoint: "", props: "" };
  return serviceProxy({ ask: (path, args) => ask(service, path, args) }, methodsOf(service));
}

/** A stub of a Durable Object. `object`: {className, id, name}. */
export function objectStub(place, id, object) {
  const service = { index: place.index, name: place.name, worker: place.worker, object, broken: null };
  return objectProxy({
    ask(path, args) {
      return ask(service, path, args);
    },
  }, methodsOf(service), { name: object.name, id });
}

/** What ctx.exports holds: calling it with { props } gives one that has them. */
export function loopbackStub(entrypoint, props = {}) {
  const service = { index: -1, name: `ctx.exports.${entrypoint}`, worker: entrypoint, entrypoint, props: keys(props).length > 0 ? stringify(props) : "" };
  return loopbackProxy({ ask: (path, args) => ask(service, path, args) }, methodsOf(service), ([options]) => loopbackStub(entrypoint, options?.props ?? {}));
}
