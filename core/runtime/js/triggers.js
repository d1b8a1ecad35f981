// SPDX-License-Identifier: GPL-3.0-or-later
// Work without a request: what C++'s Worker::trigger() calls. A handler is a line of `handlers`.

import { askByHand } from "./ai/byhand.js";
import { entrypointOf } from "./cloudflare/exports.js";
import { objectCall } from "./durable/call.js";
import { slotOf } from "./durable/slots.js";
import { env } from "./env.js";
import { describeError, reportException } from "./errors.js";
import { dispatch, listens, trusted } from "./events.js";
import { running } from "./invocations.js";
import { native } from "./native.js";
import { isArray, settled } from "./primordials.js";
import { endSessions } from "./rpc/registry.js";
import { compat } from "./compat.js";
import { QueueBatch } from "./queues/batch.js";
import { scheduledEvent } from "./worker.js";

const stringify = JSON.stringify;
let exported; // the default export of a Worker; undefined: it has listeners, or is none
let isWorker = false;

/** Called for each loaded version of the code. */
export function setTriggers(worker, defaultExport) {
  isWorker = worker;
  exported = defaultExport;
}

/** For each kind of event: makes, of what C++ gives, {argument, event, details, early}: what the handler gets, what listeners get (a function of waitUntil), what is told when all
 * is over, and whether that is told as soon as the handler is through, whatever it gave to waitUntil(). Or, for an object's, {ring}: what calls it. */
const handlers = {
  __proto__: null,
  scheduled: ([scheduledTime, cron]) => {
    let noRetry = false;
    const refuseRetry = () => {
      noRetry = true;
    };
    return {
      argument: { scheduledTime, cron, noRetry: refuseRetry },
      event: (waitUntil) => scheduledEvent(scheduledTime, cron, refuseRetry, waitUntil),
      details: () => ({ noRetry }),
      early: false,
    };
  },
  alarm: ([className, id, name, retryCount, scheduledTime, home]) => ({
    ring: () => slotOf(home, className, id, typeof name === "string" ? name : undefined).ring(retryCount, scheduledTime),
    details: () => ({}),
    early: false,
  }),
  object: (args) => {
    const call = objectCall(args);
    return { ring: call.run, details: call.details, early: false };
  },
  ai: ([binding, model, inputs]) => ({ ring: () => askByHand(env[binding], model, inputs), details: () => ({}), early: false }),
  queue: (args) => {
    const batch = new QueueBatch(args);
    return {
      argument: batch.controller(),
      event: (waitUntil) => batch.event(waitUntil),
      details: () => batch.result(),
      early: compat("queue_consumer_no_wait_for_wait_until"),
    };
  },
};

/** In `running`, like an Invocation. */
class Run {
  constructor(id) {
    this.id = id;
    this.waits = 0;
    this.over = false; // the handler
    this.told = false;
    this.recorded = false; // its spans go to the log
    this.failure = "";
    this.work = null;
  }

  waitUntil(promise, within = 0) {
    ++this.waits;
    const scope = this.recorded ? native.waitBegin(this.id, within) : 0;
    const done = (failure) => {
      if (scope) native.spanEnd(this.id, scope, 0, failure);
      --this.waits;
      this.settle();
    };
    settled(promise, () => done(""), (error) => done(this.failed(error)));
  }

  passThroughOnException() {}

  failed(error) {
    reportException(error, this.id);
    const text = describeError(error)[0];
    this.failure ||= text;
    return text;
  }

  async run(event, args) {
    const scope = native.linkCall(this.id, event);
    this.recorded = scope !== 0;
    let failure = "";
    try {
      this.work = handlers[event](args);
      await this.call(event);
    } catch (error) {
      failure = this.failed(error);
    }
    if (scope) native.spanEnd(this.id, scope, 0, failure);
    this.over = true;
    if (this.work?.early) this.tell();
    this.settle();
  }

  call(event) {
    if (this.work.ring) return this.work.ring();
    const waitUntil = (promise) => this.waitUntil(promise);
    if (isWorker && exported === undefined && listens(undefined, event)) {
      dispatch(undefined, trusted(this.work.event(waitUntil)), "passed on");
      return undefined;
    }
    const entrypoint = isWorker ? entrypointOf(exported, { waitUntil, passThroughOnException() {} }) : null;
    if (!entrypoint?.has(event)) throw new Error(`Handler does not export a ${event}() function.`);
    return entrypoint.call(event, this.work.argument);
  }

  tell() {
    if (this.told) return;
    this.told = true;
    native.triggerEnd(this.id, this.failure ? "exception" : "ok", this.failure, this.work ? stringify(this.work.details()) : "");
  }

  settle() {
    if (!this.over || this.waits > 0) return;
    this.tell();
    running.delete(this.id);
    endSessions(this.id);
    native.finish(this.id);
  }
}

/** Called by C++. */
export function trigger(id, event, args) {
  const run = new Run(id);
  running.set(id, run);
  settled(run.run(event, isArray(args) ? args : []), () => {}, () => {});
}
