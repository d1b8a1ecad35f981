// SPDX-License-Identifier: GPL-3.0-or-later
// node:events.
import { AbortError, invalidArgType, outOfRange } from "./errors.js";
import { validateAbortSignal, validateBoolean, validateFunction, validateObject } from "./validators.js";
import { currentFrame, runIn } from "./asyncframe.js";
import { inspect } from "./inspect.js";

const kCapture = Symbol("kCapture");
const rejection = Symbol.for("nodejs.rejection");
const errorMonitor = Symbol("events.errorMonitor");
const targetLimits = new WeakMap();
let defaultMaxListeners = 10;

export function EventEmitter(options) {
  EventEmitter.init.call(this, options);
}
EventEmitter.prototype._events = undefined;
EventEmitter.prototype._eventsCount = 0;
EventEmitter.prototype._maxListeners = undefined;

EventEmitter.init = function init(options) {
  if (this._events === undefined || this._events === Object.getPrototypeOf(this)._events) {
    this._events = Object.create(null);
    this._eventsCount = 0;
  }
  this._maxListeners = this._maxListeners || undefined;
  this.domain = null;
  if (options?.captureRejections) {
    validateBoolean(options.captureRejections, "options.captureRejections");
    this[kCapture] = true;
  } else {
    this[kCapture] = EventEmitter.prototype[kCapture];
  }
};

class UnhandledError extends Error {
  constructor(value) {
    super(`Unhandled error. (${typeof value === "string" ? value : inspect(value)})`);
    this.code = "ERR_UNHANDLED_ERROR";
    this.name = "Error";
    this.context = value;
  }
  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}
Object.defineProperty(UnhandledError, "name", { value: "ERR_UNHANDLED_ERROR" });

function checkLimit(n, name) {
  if (typeof n !== "number" || n < 0 || Number.isNaN(n)) throw outOfRange(name, "a non-negative number", n);
}

function handleRejection(emitter, promise, type, args) {
  if (!emitter[kCapture] || promise == null || typeof promise.then !== "function") return;
  promise.then(undefined, (error) => queueMicrotask(() => {
    if (typeof emitter[rejection] === "function") {
      emitter[rejection](error, type, ...args);
      return;
    }
    const before = emitter[kCapture];
    try {
      emitter[kCapture] = false;
      emitter.emit("error", error);
    } finally {
      emitter[kCapture] = before;
    }
  }));
}

function add(emitter, type, listener, first) {
  validateFunction(listener, "listener");
  let events = emitter._events;
  if (events === undefined) {
    events = emitter._events = Object.create(null);
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    emitter.emit("newListener", type, listener.listener ?? listener);
    events = emitter._events;
  }
  const existing = events[type];
  if (existing === undefined) {
    events[type] = listener;
    ++emitter._eventsCount;
    return emitter;
  }
  const list = typeof existing === "function" ? [existing] : existing;
  if (first) list.unshift(listener);
  else list.push(listener);
  events[type] = list;
  const most = emitter.getMaxListeners();
  if (most > 0 && list.length > most && !list.warned) {
    Object.defineProperty(list, "warned", { value: true, enumerable: false });
    console.log(`[MaxListenersExceededWarning] Possible EventEmitter memory leak detected. ${list.length} ${String(type)} listeners added to ${inspect(emitter, { depth: -1 })}. Use emitter.setMaxListeners() to increase limit`);
  }
  return emitter;
}

function wrapOnce(emitter, type, listener) {
  validateFunction(listener, "listener");
  let fired = false;
  const wrapped = function (...args) {
    if (fired) return undefined;
    emitter.removeListener(type, wrapped);
    fired = true;
    return Reflect.apply(listener, emitter, args);
  };
  wrapped.listener = listener;
  return wrapped;
}

const methods = {
  setMaxListeners(n) {
    checkLimit(n, "n");
    this._maxListeners = n;
    return this;
  },
  getMaxListeners() {
    return this._maxListeners === undefined ? defaultMaxListeners : this._maxListeners;
  },
  emit(type, ...args) {
    const events = this._events;
    if (type === "error") {
      if (events?.[errorMonitor] !== undefined) this.emit(errorMonitor, ...args);
      if (events?.error === undefined) {
        if (args[0] instanceof Error) throw args[0];
        throw new UnhandledError(args[0]);
      }
    }
    const handler = events?.[type];
    if (handler === undefined) return false;
    if (typeof handler === "function") {
      handleRejection(this, Reflect.apply(handler, this, args), type, args);
    } else {
      for (const listener of [...handler]) handleRejection(this, Reflect.apply(listener, this, args), type, args);
    }
    return true;
  },
  addListener(type, listener) {
    return add(this, type, listener, false);
  },
  prependListener(type, listener) {
    return add(this, type, listener, true);
  },
  once(type, listener) {
    return this.on(type, wrapOnce(this, type, listener));
  },
  prependOnceListener(type, listener) {
    return this.prependListener(type, wrapOnce(this, type, listener));
  },
  removeListener(type, listener) {
    validateFunction(listener, "listener");
    const events = this._events;
    const list = events?.[type];
    if (list === undefined) return this;
    if (list === listener || list.listener === listener) {
      --this._eventsCount;
      delete events[type];
      if (events.removeListener) this.emit("removeListener", type, list.listener ?? listener);
    } else if (typeof list !== "function") {
      let at = list.length - 1;
      while (at >= 0 && list[at] !== listener && list[at].listener !== listener) --at;
      if (at < 0) return this;
      const rest = list.filter((_, i) => i !== at);
      events[type] = rest.length === 1 ? rest[0] : rest;
      if (events.removeListener !== undefined) this.emit("removeListener", type, listener);
    }
    return this;
  },
  removeAllListeners(type) {
    const events = this._events;
    if (events === undefined) return this;
    if (arguments.length === 0) {
      if (events.removeListener) {
        for (const name of Reflect.ownKeys(events)) if (name !== "removeListener") this.removeAllListeners(name);
        this.removeAllListeners("removeListener");
      }
      this._events = Object.create(null);
      this._eventsCount = 0;
      return this;
    }
    if (events.removeListener === undefined) {
      if (events[type] !== undefined) {
        --this._eventsCount;
        delete events[type];
      }
      return this;
    }
    for (const listener of [events[type] ?? []].flat().reverse()) this.removeListener(type, listener);
    return this;
  },
  listeners(type) {
    return [this._events?.[type] ?? []].flat().map((listener) => listener.listener ?? listener);
  },
  rawListeners(type) {
    return [this._events?.[type] ?? []].flat();
  },
  listenerCount(type, listener) {
    const list = [this._events?.[type] ?? []].flat();
    return listener == null ? list.length : list.filter((l) => l === listener || l.listener === listener).length;
  },
  eventNames() {
    return this._eventsCount > 0 ? Reflect.ownKeys(this._events) : [];
  },
};
Object.assign(EventEmitter.prototype, methods);
EventEmitter.prototype.on = EventEmitter.prototype.addListener;
EventEmitter.prototype.off = EventEmitter.prototype.removeListener;
Object.defineProperty(EventEmitter.prototype, kCapture, { value: false, writable: true, enumerable: false });

function listen(emitter, name, listener, flags) {
  if (typeof emitter.on === "function") {
    if (flags?.once) emitter.once(name, listener);
    else emitter.on(name, listener);
  } else if (typeof emitter.addEventListener === "function") {
    emitter.addEventListener(name, listener, flags);
  } else {
    throw invalidArgType("emitter", "EventEmitter", emitter);
  }
}

function unlisten(emitter, name, listener) {
  if (typeof emitter.removeListener === "function") emitter.removeListener(name, listener);
  else if (typeof emitter.removeEventListener === "function") emitter.removeEventListener(name, listener);
  else throw invalidArgType("emitter", "EventEmitter", emitter);
}

async function once(emitter, name, options = {}) {
  validateObject(options, "options");
  const { signal } = options;
  validateAbortSignal(signal, "options.signal");
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  return new Promise((resolve, reject) => {
    const onError = (error) => {
      unlisten(emitter, name, onEvent);
      signal?.removeEventListener("abort", onAbort);
      reject(error);
    };
    const onEvent = (...args) => {
      if (typeof emitter.removeListener === "function") emitter.removeListener("error", onError);
      signal?.removeEventListener("abort", onAbort);
      resolve(args);
    };
    const onAbort = () => {
      unlisten(emitter, name, onEvent);
      if (typeof emitter.removeListener === "function") emitter.removeListener("error", onError);
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    listen(emitter, name, onEvent, { once: true });
    if (name !== "error" && typeof emitter.once === "function") emitter.once("error", onError);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

const asyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}).prototype);

function on(emitter, event, options = {}) {
  validateObject(options, "options");
  const { signal } = options;
  validateAbortSignal(signal, "options.signal");
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  const events = [];
  const waiting = [];
  let failure = null;
  let finished = false;
  const onEvent = (...args) => {
    const promise = waiting.shift();
    if (promise) promise.resolve({ value: args, done: false });
    else events.push(args);
  };
  const onError = (error) => {
    const promise = waiting.shift();
    if (promise) promise.reject(error);
    else failure = error;
    iterator.return();
  };
  const onAbort = () => onError(new AbortError(undefined, { cause: signal.reason }));
  const close = () => iterator.return();
  const iterator = Object.setPrototypeOf({
    next() {
      if (events.length > 0) return Promise.resolve({ value: events.shift(), done: false });
      if (failure) {
        const error = failure;
        failure = null;
        return Promise.reject(error);
      }
      if (finished) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return() {
      unlisten(emitter, event, onEvent);
      if (typeof emitter.removeListener === "function") emitter.removeListener("error", onError);
      for (const name of options.close ?? []) unlisten(emitter, name, close);
      signal?.removeEventListener("abort", onAbort);
      finished = true;
      for (const promise of waiting.splice(0)) promise.resolve({ value: undefined, done: true });
      return Promise.resolve({ value: undefined, done: true });
    },
    throw(error) {
      if (!(error instanceof Error)) throw invalidArgType("EventEmitter.AsyncIterator", "Error", error);
      failure = error;
      unlisten(emitter, event, onEvent);
      if (typeof emitter.removeListener === "function") emitter.removeListener("error", onError);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  }, asyncIteratorPrototype);
  listen(emitter, event, onEvent);
  if (event !== "error" && typeof emitter.on === "function") emitter.on("error", onError);
  for (const name of options.close ?? []) listen(emitter, name, close);
  signal?.addEventListener("abort", onAbort, { once: true });
  return iterator;
}

function getEventListeners(emitter, type) {
  if (typeof emitter.listeners === "function") return emitter.listeners(type);
  if (emitter instanceof EventTarget) return [];
  throw invalidArgType("emitter", ["EventEmitter", "EventTarget"], emitter);
}

function getMaxListeners(emitter) {
  if (typeof emitter?.getMaxListeners === "function") return emitter.getMaxListeners();
  if (emitter instanceof EventTarget) return targetLimits.get(emitter) ?? defaultMaxListeners;
  throw invalidArgType("emitter", ["EventEmitter", "EventTarget"], emitter);
}

function setMaxListeners(n = defaultMaxListeners, ...targets) {
  checkLimit(n, "n");
  if (targets.length === 0) defaultMaxListeners = n;
  for (const target of targets) {
    if (target instanceof EventTarget) targetLimits.set(target, n);
    else if (typeof target?.setMaxListeners === "function") target.setMaxListeners(n);
    else throw invalidArgType("eventTargets", ["EventEmitter", "EventTarget"], target);
  }
}

function addAbortListener(signal, listener) {
  if (signal === undefined) throw invalidArgType("signal", "AbortSignal", signal);
  validateAbortSignal(signal, "signal");
  validateFunction(listener, "listener");
  let remove = () => {};
  if (signal.aborted) {
    queueMicrotask(() => listener());
  } else {
    signal.addEventListener("abort", listener, { once: true });
    remove = () => signal.removeEventListener("abort", listener);
  }
  return { [Symbol.dispose ?? Symbol.for("Symbol.dispose")]: () => remove() };
}

class EventEmitterAsyncResource extends EventEmitter {
  #frame = currentFrame();
  emit(...args) {
    return runIn(this.#frame, super.emit, this, args);
  }
  emitDestroy() {}
  get asyncId() {
    return 0;
  }
  get triggerAsyncId() {
    return 0;
  }
  get asyncResource() {
    return this;
  }
}

Object.assign(EventEmitter, {
  addAbortListener,
  on,
  once,
  getEventListeners,
  getMaxListeners,
  EventEmitter,
  usingDomains: false,
  captureRejectionSymbol: rejection,
  errorMonitor,
  setMaxListeners,
  listenerCount: (emitter, type) => (typeof emitter.listenerCount === "function" ? emitter.listenerCount(type) : EventEmitter.prototype.listenerCount.call(emitter, type)),
  EventEmitterAsyncResource,
});
Object.defineProperties(EventEmitter, {
  captureRejections: {
    get: () => EventEmitter.prototype[kCapture],
    set(value) {
      validateBoolean(value, "EventEmitter.captureRejections");
      EventEmitter.prototype[kCapture] = value;
    },
    enumerable: true,
  },
  defaultMaxListeners: {
    get: () => defaultMaxListeners,
    set(n) {
      checkLimit(n, "defaultMaxListeners");
      defaultMaxListeners = n;
    },
    enumerable: true,
  },
});
export default EventEmitter;
