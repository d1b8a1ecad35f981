// SPDX-License-Identifier: GPL-3.0-or-later
// Event and EventTarget (DOM standard, section 2), as far and as workerd has them: no tree, no capturing; by older
// compatibility dates what a listener throws reaches who dispatches. Any on... property of a target that is a function comes before the listeners.

import { compat, onceFlagsAreKnown } from "../compat.js";
import { constructorError, argumentError, fieldError, globalObject, interfaceOf, isDictionary } from "../interface.js";
import { DOMException } from "../domexception.js";

const { apply } = Reflect;

let begin;
let end;
let isStopped;
let isPrevented;
let prevent;
let trust;
let isEvent;
export { isEvent };

export class Event {
  #type;
  #target;
  #current;
  #running = false;
  #cancelable;
  #canceled = false;
  #bubbles;
  #composed;
  #stopped = false; // for the other listeners of the same target
  #stopping = false;
  #trusted = false;

  static {
    isEvent = (value) => typeof value === "object" && value !== null && #canceled in value;
    begin = (event, target) => {
      if (event.#running) throw new DOMException("The event is already being dispatched.", "InvalidStateError");
      event.#running = true;
      event.#target = event.#current = target;
      event.#stopped = false;
    };
    end = (event) => {
      event.#running = false;
    };
    isStopped = (event) => event.#stopped;
    isPrevented = (event) => event.#canceled;
    prevent = (event) => {
      event.#canceled = true;
    };
    trust = (event) => {
      event.#trusted = true;
      return event;
    };
  }

  constructor(type, init) {
    if (arguments.length === 0) throw constructorError("Event", 1, "string");
    this.#type = `${type}`;
    if (init !== undefined && init !== null && !isDictionary(init)) throw constructorError("Event", 2, "Init");
    this.#bubbles = Boolean(init?.bubbles);
    this.#cancelable = Boolean(init?.cancelable);
    this.#composed = Boolean(init?.composed);
  }

  get type() { return this.#type; }
  get eventPhase() { return this.#running ? 2 : 0; }
  get composed() { return this.#composed; }
  get bubbles() { return this.#bubbles; }
  get cancelable() { return this.#cancelable; }
  get defaultPrevented() { return this.#cancelable && this.#canceled; }
  get returnValue() { return !(this.#cancelable && this.#canceled); }
  get currentTarget() { return this.#current; }
  get target() { return this.#target; }
  get srcElement() { return this.#target; }
  get timeStamp() { return 0; }
  get isTrusted() { return this.#trusted; }
  get cancelBubble() { return this.#stopping; }
  set cancelBubble(value) { if (value) this.#stopping = true; }
  stopImmediatePropagation() { this.#stopped = true; }
  preventDefault() { this.#canceled = true; }
  stopPropagation() { this.#stopping = true; }
  composedPath() { return this.#running ? [this.#current] : []; }
}

interfaceOf(Event, {
  isOne: isEvent,
  members: "type eventPhase composed bubbles cancelable defaultPrevented returnValue currentTarget target srcElement timeStamp isTrusted cancelBubble stopImmediatePropagation preventDefault stopPropagation composedPath",
  constants: [["NONE", 0], ["CAPTURING_PHASE", 1], ["AT_TARGET", 2], ["BUBBLING_PHASE", 3]],
});

/** An event that comes from the runtime itself. */
export const trusted = trust;

let isTarget;
let listenersOf;
let dispatch;
export { isTarget };

/**
 * Dispatches an event, whatever user code made of the public method. False when a listener prevented its default. What listeners throw is told as an event of the global object's, or by
 * older compatibility dates thrown here. `thrown`: "passed on" for the latter in any case, or { errors: [] } to have what was told.
 */
export { dispatch };

/** Whether anybody listens. */
export const listens = (target, type) => (listenersOf(inner(target)).get(type)?.length ?? 0) > 0;

// Who wants to know of an abort; abort.js sets it.
let watchSignal = () => {};
let isSignal = () => false;
let isAborted = () => false;
export function knowSignals(known) {
  ({ watchSignal, isSignal, isAborted } = known);
}

// Who tells of an exception that nobody catches; rejections.js sets it.
let reportUncaught;
export function knowReporter(known) {
  reportUncaught = known;
}

let reports = false;
onceFlagsAreKnown(() => (reports = compat("spec_compliant_dispatch_exceptions")));

function call(listener, self, event, thrown) {
  if (!reports || thrown === "passed on") return apply(listener, self, [event]);
  try {
    return apply(listener, self, [event]);
  } catch (error) {
    reportUncaught(error);
    if (thrown) thrown.errors.push(error);
    return undefined;
  }
}

function checkRemoval(options) {
  if (isDictionary(options)) {
    if (options.capture) throw new TypeError("removeEventListener(): options.capture must be false.");
  } else if (options) {
    throw new TypeError("removeEventListener(): useCapture must be false.");
  }
}

export class EventTarget {
  #listeners = null; // type -> [{callback, run, self, once}]

  static {
    isTarget = (value) => typeof value === "object" && value !== null && #listeners in value;
    listenersOf = (target) => (target.#listeners ??= new Map());
    dispatch = (given, event, thrown) => {
      const target = inner(given);
      const shown = target === globalTarget ? globalObject : target;
      begin(event, shown);
      try {
        const list = target.#listeners?.get(event.type);
        const handler = shown[`on${event.type}`];
        if (typeof handler === "function" && !list?.some((listener) => listener.property && listener.callback === handler)) {
          if (call(handler, globalObject, event, thrown) === true) prevent(event);
        }
        if (!list) return !isPrevented(event);
        for (const listener of [...list]) {
          if (isStopped(event)) break;
          const now = target.#listeners.get(event.type);
          if (!now?.includes(listener)) continue;
          if (listener.once) drop(target, event.type, listener.callback);
          call(listener.run, listener.self ?? shown, event, thrown);
        }
        return !isPrevented(event);
      } finally {
        end(event);
      }
    };
  }

  addEventListener(type, callback, options) {
    const name = `${type}`;
    let run = callback;
    let self = null;
    if (typeof callback === "object" && callback !== null) {
      run = callback.handleEvent;
      self = callback;
      if (typeof run !== "function") throw fieldError("handleEvent", "HandlerObject", "function");
    } else if (callback !== undefined && callback !== null && typeof callback !== "function") {
      throw argumentError("EventTarget", "addEventListener", 2, "function or HandlerObject");
    }
    let once = false;
    let signal;
    if (isDictionary(options)) {
      if (options.capture) throw new TypeError("addEventListener(): options.capture must be false.");
      once = Boolean(options.once);
      signal = options.signal;
      if (signal !== undefined && !isSignal(signal)) throw fieldError("signal", "AddEventListenerOptions", "AbortSignal");
    } else if (options) {
      throw new TypeError("addEventListener(): useCapture must be false.");
    }
    if (callback === undefined || callback === null) return;
    const target = inner(this);
    if (signal && isAborted(signal)) return;
    const listeners = listenersOf(target);
    let list = listeners.get(name);
    if (!list) listeners.set(name, (list = []));
    if (list.some((listener) => listener.callback === callback)) return;
    list.push({ callback, run, self, once });
    if (signal) watchSignal(signal, () => drop(target, name, callback));
  }

  removeEventListener(type, callback, options) {
    if (callback !== undefined && callback !== null && !isDictionary(callback)) throw argumentError("EventTarget", "removeEventListener", 2, "Object");
    checkRemoval(options);
    drop(inner(this), `${type}`, callback);
  }

  dispatchEvent(event) {
    if (!isEvent(event)) throw argumentError("EventTarget", "dispatchEvent", 1, "Event");
    return dispatch(this, event);
  }
}

function drop(target, type, callback) {
  const listeners = listenersOf(target);
  const list = listeners.get(type);
  if (!list) return;
  const kept = list.filter((listener) => listener.callback !== callback);
  if (kept.length > 0) listeners.set(type, kept);
  else listeners.delete(type);
}

/** What the global object is, as a target of events. */
const globalTarget = new EventTarget();
const isGlobal = (value) => value === undefined || value === null || value === globalObject;
const inner = (target) => (isGlobal(target) ? globalTarget : target);

interfaceOf(EventTarget, {
  isOne: (value) => isGlobal(value) || isTarget(value),
  members: "addEventListener:string,function_or_HandlerObject removeEventListener:string,Object dispatchEvent:Event",
});

/** on...: a property that holds one listener. */
export class Handler {
  constructor(type) {
    this.type = type;
    this.callback = null;
  }

  set(target, callback) {
    if (this.callback) drop(target, this.type, this.callback);
    this.callback = typeof callback === "function" ? callback : null;
    if (!this.callback) return;
    const listeners = listenersOf(target);
    if (!listeners.has(this.type)) listeners.set(this.type, []);
    const list = listeners.get(this.type);
    if (!list.some((listener) => listener.callback === callback)) list.push({ callback, run: callback, self: globalObject, once: false, property: true });
  }
}
