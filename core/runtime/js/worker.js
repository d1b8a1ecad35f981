// SPDX-License-Identifier: GPL-3.0-or-later
// Code that is one Worker: what its module exports, or the listeners that it added, answers events.

import { entrypointOf, setEntrypoints } from "./cloudflare/exports.js";
import { FetchEvent, ScheduledEvent, dispatch, listens, makeEvent, trusted } from "./events.js";
import { DOMException } from "./domexception.js";
import { Response } from "./response.js";
import { reportException } from "./errors.js";
import { URL } from "./url.js";

const noFetch = "Handler does not export a fetch() function.";
const noScheduled = "Handler does not export a scheduled() function.";
const { then } = Promise.prototype;

/** Checks what the module exports, as workerd does when it starts. */
function checkExports(exports) {
  for (const [name, value] of Object.entries(exports)) {
    if (name === "default" && value === undefined) continue;
    if (typeof value !== "function" && (typeof value !== "object" || value === null)) {
      throw new TypeError(`Incorrect type for map entry '${name}': the provided value is not of type 'function or ExportedHandler'.`);
    }
  }
}

function isThenable(value) {
  return typeof value === "object" && value !== null && typeof value.then === "function";
}

/** What a fetch handler gave, as a Response or a promise of one. */
export function checkedAnswer(answer) {
  if (answer instanceof Response) return answer;
  if (!isThenable(answer)) throw new TypeError("Callback returned incorrect type; expected 'Promise'");
  return Reflect.apply(then, Promise.resolve(answer), [(response) => {
    if (!(response instanceof Response)) throw new TypeError("Incorrect type for Promise: the Promise did not resolve to 'Response'.");
    return response;
  }]);
}

/** What listeners of "fetch" answer; what lies behind them is context.next(). */
export function answerByListeners(context) {
  let answer;
  let dispatching = true;
  const event = makeEvent(FetchEvent, "fetch", [["request", context.request], ["actorState", undefined]], {
    respondWith(promise) {
      if (answer !== undefined) throw new DOMException("FetchEvent.respondWith() has already been called; it can only be called once.", "InvalidStateError");
      if (!dispatching) throw new DOMException("Too late to call FetchEvent.respondWith(). It must be called synchronously in the event handler.", "InvalidStateError");
      if (!(promise instanceof Response) && !isThenable(promise)) throw new TypeError("Failed to execute 'respondWith' on 'FetchEvent': parameter 1 is not of type 'Promise'.");
      answer = promise;
    },
    waitUntil: context.waitUntil,
    passThroughOnException: context.passThroughOnException,
  });
  dispatch(undefined, trusted(event), "passed on");
  dispatching = false;
  return answer === undefined ? context.next() : checkedAnswer(answer); // nobody answered: the request goes on to what lies behind
}

/** The function that answers requests, in the way of a Pages Function. */
export function workerHandler(exports) {
  const exported = exports.default;
  if (exported === undefined && Object.keys(exports).every((name) => name === "default")) {
    setEntrypoints({});
    return listens(undefined, "fetch") ? answerByListeners : () => {
      throw new Error(noFetch);
    };
  }
  checkExports(exports);
  setEntrypoints(exports);
  return (context) => {
    const entrypoint = entrypointOf(exported, context);
    if (!entrypoint.has("fetch")) throw new Error(noFetch);
    return checkedAnswer(entrypoint.call("fetch", context.request));
  };
}

/** What listeners of "scheduled" get. */
export function scheduledEvent(scheduledTime, cron, noRetry, waitUntil) {
  return makeEvent(ScheduledEvent, "scheduled", [["scheduledTime", scheduledTime], ["cron", cron]], { noRetry, waitUntil });
}

/** GET /cdn-cgi/handler/scheduled: calls the scheduled handler as a trigger would, and says how it ended. */
export function scheduledHandler(exports) {
  return async (context) => {
    const { searchParams } = new URL(context.request.url);
    const time = searchParams.get("time");
    const cron = searchParams.get("cron") ?? "";
    const scheduledTime = time ? parseInt(time, 10) : Date.now();
    let noRetry = false;
    const refuseRetry = () => {
      noRetry = true;
    };
    let outcome = "ok";
    try {
      if (exports.default === undefined && listens(undefined, "scheduled")) {
        const waits = [];
        dispatch(undefined, trusted(scheduledEvent(scheduledTime, cron, refuseRetry, (promise) => waits.push(promise))), "passed on");
        await Promise.all(waits);
      } else {
        const waits = [];
        const entrypoint = entrypointOf(exports.default, { waitUntil: (promise) => waits.push(promise), passThroughOnException: context.passThroughOnException });
        if (!entrypoint.has("scheduled")) throw new Error(noScheduled);
        await entrypoint.call("scheduled", { scheduledTime, cron, noRetry: refuseRetry });
        await Promise.all(waits);
      }
    } catch (error) {
      outcome = "exception";
      reportException(error);
    }
    const status = outcome === "ok" ? 200 : 500;
    return searchParams.get("format") === "json" ? Response.json({ outcome, noRetry }, { status }) : new Response(outcome, { status });
  };
}
