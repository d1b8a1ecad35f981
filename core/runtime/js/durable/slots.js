// SPDX-License-Identifier: GPL-3.0-or-later
// The Durable Objects of this Worker that are in memory, each in a slot: one instance, made by the first event; who waits for it; what breaks it. The input gate is the slot's: events
// wait, in their order, while it is closed by the constructor or blockConcurrencyWhile(). (That nothing comes between a call of the storage and its answer needs no gate: both are
// in one turn.) The output gate is C++'s: what leaves in a turn waits until what was written in it is kept.

import { objectClass } from "../cloudflare/exports.js";
import { reportException } from "../errors.js";
import { running } from "../invocations.js";
import { native } from "../native.js";
import { Promise, SafeMap, SafeSet, apply, settled } from "../primordials.js";
import { env, sqliteClasses } from "../env.js";
import { currentFrame, frameWith, runIn, valueIn } from "../node/asyncframe.js";
import { errorOf, errorParts } from "../rpc/errors.js";
import { endSessions } from "../rpc/registry.js";
import { makeId } from "./ids.js";
import { makeState } from "./state.js";
import { makeStorage, objectStorage } from "./storage.js";

const { shift } = Array.prototype;
const { stringify } = JSON;
const blockedMs = 30_000;
const mostDescribed = 1000; // WebSockets
const mostRetries = 6; // of an alarm (AlarmClock::mostRetries)
const tooLong = "A call to blockConcurrencyWhile() in a Durable Object waited for too long. The call was canceled and the Durable Object was reset.";
const sectionKey = {}; // of the asynchronous frame: in which section code runs
const slots = new SafeMap(); // home -> Slot

/** The parts of an error that resets an object. It does not say that it is remote. */
export function resetParts(error) {
  const parts = errorParts(error);
  parts[4] = 3;
  return parts;
}

export class Slot {
  constructor(home, className, id, name) {
    this.home = home;
    this.className = className;
    this.id = makeId(id, name);
    this.idText = id;
    this.name = name;
    this.instance = null;
    this.state = null; // of the instance
    this.store = 0; // the number of its storage; 0: it is not open
    this.broken = null; // error parts: nothing more is done here
    this.closed = 0; // how often the gate is
    this.waiting = []; // events, {resolve, reject}
    this.sections = { last: null }; // what blockConcurrencyWhile() runs, one after the other: the last one's promise
    this.active = 0; // events that are under way
    this.waits = 0; // promises given to waitUntil()
    this.servers = new SafeSet(); // sessions
    this.sockets = new SafeSet(); // hibernatable WebSockets (sockets.js)
    this.autoResponse = null;
    this.eventTimeout = null;
    slots.set(home, this);
    running.set(home, this); // what code goes on with when its session is over
  }

  /** Runs `work(instance)` as an event, when its turn comes. */
  async event(work) {
    ++this.active;
    try {
      if (this.closed > 0 || this.waiting.length > 0) await this.turn();
      if (this.broken) throw errorOf(this.broken);
      if (!this.instance) {
        this.construct();
        while (this.closed > 0) await this.turn();
        if (this.broken) throw errorOf(this.broken);
      }
      let result;
      try {
        result = work(this.instance);
      } finally {
        this.pass();
      }
      return await result;
    } finally {
      --this.active;
      this.rest();
    }
  }

  turn() {
    return new Promise((resolve, reject) => {
      this.waiting[this.waiting.length] = { resolve, reject };
    });
  }

  /** Lets the next one in. */
  pass() {
    if (this.closed === 0 && this.waiting.length > 0) apply(shift, this.waiting, []).resolve();
  }

  construct() {
    const Class = objectClass(this.className);
    if (!Class) {
      this.break([1, "Error", `Worker does not export a Durable Object class named "${this.className}".`, "", 3]);
      throw errorOf(this.broken);
    }
    this.openStorage();
    this.state = makeState(this, makeStorage(this.store, {
      blockConcurrencyWhile: (work) => this.block(work),
      hasAlarmHandler: () => typeof Class.prototype?.alarm === "function" || typeof this.instance?.alarm === "function",
      alarmChanged: () => native.objectAlarmTouched(this.home),
      check: () => {
        if (this.broken) throw errorOf(this.broken);
      },
    }, sqliteClasses.includes(this.className)));
    try {
      this.instance = new Class(this.state, env);
    } catch (error) {
      reportException(error);
      this.break(resetParts(error));
      throw errorOf(this.broken);
    }
  }

  // ---- ctx

  waitUntil(promise) {
    ++this.waits;
    const over = () => {
      --this.waits;
      this.rest();
    };
    settled(promise, over, (error) => {
      reportException(error);
      over();
    });
  }

  passThroughOnException() {}

  /** Runs `work` with the gate closed. What is begun in the course of it belongs to it; anything else of the kind comes after it. */
  block(work) {
    ++this.closed;
    const within = valueIn(currentFrame(), sectionKey);
    const chain = within?.slot === this && !within.over ? within : this.sections;
    const section = { slot: this, last: null, over: false };
    const run = () => runIn(frameWith(currentFrame(), sectionKey, section), () => this.runSection(work, section), undefined, []);
    const promise = chain.last === null ? run() : chain.last.then(run);
    chain.last = promise;
    const over = () => {
      if (chain.last === promise) chain.last = null;
    };
    settled(promise, over, over);
    return promise;
  }

  runSection(work, section) {
    return new Promise((resolve) => {
      const timer = native.setTimer(() => this.break(resetParts(new Error(tooLong))), blockedMs, false);
      settled((async () => work())(), (value) => {
        native.clearTimer(timer);
        section.over = true;
        resolve(value);
        --this.closed;
        this.pass();
      }, (error) => {
        native.clearTimer(timer);
        section.over = true;
        reportException(error);
        this.break(resetParts(new Error(errorParts(error)[2])));
      });
    });
  }

  abort(reason) {
    const text = reason === undefined ? "Application called abort() to reset Durable Object." : `${reason}`;
    this.break(resetParts(new Error(text)));
    throw errorOf(this.broken);
  }

  // ---- the end

  /** All that is under way fails with this, and a next event gets a new instance. */
  break(parts) {
    if (this.broken) return;
    this.broken = parts;
    slots.delete(this.home);
    running.delete(this.home);
    const { waiting } = this;
    this.waiting = [];
    for (let i = 0; i < waiting.length; ++i) waiting[i].reject(errorOf(parts));
    this.closeStorage();
    const reason = `\u0001${stringify(parts)}`;
    this.sockets.forEach((socket) => socket.drop());
    if (this.instance) this.servers.forEach((server) => server.broke(reason));
    this.instance = null;
    endSessions(this.home);
    native.objectGone(this.home);
  }

  addSocket(record) {
    this.sockets.add(record);
    native.objectSockets(this.home, this.sockets.size);
  }

  removeSocket(record) {
    if (this.sockets.delete(record)) native.objectSockets(this.home, this.sockets.size);
  }

  describeSockets() {
    const all = [];
    this.sockets.forEach((record) => {
      if (all.length < mostDescribed) all[all.length] = record.describe();
    });
    return stringify(all);
  }

  openStorage() {
    if (this.store === 0) this.store = native.objectSlot(this.home);
  }

  closeStorage() {
    this.store = 0;
    native.objectSlotClose(this.home);
  }

  /** Its alarm's time has come. */
  ring(retryCount, scheduledTime) {
    return this.event(async (instance) => {
      if (!objectStorage.alarmBegin(this.store)) return;
      let failed = true;
      try {
        if (typeof instance.alarm !== "function") throw new Error("Attempted to run a scheduled alarm without a handler, did you remember to export an alarm() function?");
        await instance.alarm({ scheduledTime, retryCount, isRetry: retryCount > 0 });
        failed = false;
      } finally {
        if (!this.broken) objectStorage.alarmEnd(this.store, failed && retryCount < mostRetries);
      }
    });
  }

  /** Something is over: perhaps there is nothing more to do. */
  rest() {
    if (this.active === 0 && !this.broken) native.objectIdle(this.home);
  }

  /** Whether an instance has to stay. */
  busy() {
    if (this.active > 0 || this.waits > 0 || this.closed > 0) return true;
    let busy = false;
    this.servers.forEach((server) => {
      if (!server.rests()) busy = true;
    });
    return busy;
  }

  evict() {
    if (this.busy()) {
      native.objectIdle(this.home);
      return;
    }
    this.instance = null;
    this.state = null;
    this.closeStorage();
    this.sockets.forEach((socket) => socket.hibernate());
    if (this.sockets.size > 0 || this.servers.size > 0) return;
    slots.delete(this.home);
    running.delete(this.home);
    endSessions(this.home);
    native.objectGone(this.home);
  }
}

export const slotOf = (home, className, id, name) => slots.get(home) ?? new Slot(home, className, id, name);

/** Called by C++. kind 0: nothing went on for a while; 1: it is broken from outside, `text` says why; 2: its WebSockets are asked for, as JSON. */
export function objectEvent(home, kind, text) {
  const slot = slots.get(home);
  if (!slot) native.objectGone(home);
  else if (kind === 0) slot.evict();
  else if (kind === 1) slot.break(resetParts(new Error(text)));
  else return slot.describeSockets();
  return "";
}
