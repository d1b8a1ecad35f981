// SPDX-License-Identifier: GPL-3.0-or-later
// node:async_hooks.
import { currentFrame, frameWith, runIn, valueIn } from "./asyncframe.js";
import { followThenables } from "./thenables.js";

function checkFunction(value, method, type = "AsyncLocalStorage") {
  if (typeof value !== "function") throw new TypeError(`Failed to execute '${method}' on '${type}': parameter 1 is not of type 'Function'.`);
}

class AsyncLocalStorage {
  #defaultValue;
  #name;

  constructor(options = {}) {
    followThenables();
    this.#defaultValue = options?.defaultValue;
    this.#name = options?.name === undefined ? "" : String(options.name);
  }

  static bind(callback) {
    checkFunction(callback, "bind");
    const frame = currentFrame();
    return function (...args) {
      return runIn(frame, callback, this, args);
    };
  }

  static snapshot() {
    const frame = currentFrame();
    return function (callback, ...args) {
      checkFunction(callback, "snapshot");
      return runIn(frame, callback, this, args);
    };
  }

  run(store, callback, ...args) {
    if (typeof callback !== "function") throw new TypeError("Failed to execute 'run' on 'AsyncLocalStorage': parameter 2 is not of type 'function'.");
    return runIn(frameWith(currentFrame(), this, store), callback, undefined, args);
  }

  exit(callback, ...args) {
    checkFunction(callback, "exit");
    return runIn(frameWith(currentFrame(), this, undefined), callback, undefined, args);
  }

  getStore() {
    const store = valueIn(currentFrame(), this);
    return store === undefined ? this.#defaultValue : store;
  }

  enterWith() {
    throw new Error("asyncLocalStorage.enterWith() is not implemented");
  }

  disable() {
    throw new Error("asyncLocalStorage.disable() is not implemented");
  }

  get name() {
    return this.#name;
  }
}

class AsyncResource {
  #frame = currentFrame();

  static bind(callback, type, self) {
    return new AsyncResource(type ?? callback?.name ?? "bound-anonymous-fn").bind(callback, self);
  }

  asyncId() {
    return 0;
  }

  triggerAsyncId() {
    return 0;
  }

  bind(callback, self) {
    if (typeof callback !== "function") throw new TypeError("Failed to execute 'bind' on 'AsyncResource': parameter 1 is not of type 'Function'.");
    const frame = this.#frame;
    const bound = function (...args) {
      return runIn(frame, callback, self === undefined ? this : self, args);
    };
    Object.defineProperties(bound, {
      length: { value: callback.length, configurable: true },
      asyncResource: { get: () => this, enumerable: true, configurable: true },
    });
    return bound;
  }

  runInAsyncScope(callback, self, ...args) {
    if (typeof callback !== "function") throw new TypeError("Failed to execute 'runInAsyncScope' on 'AsyncResource': parameter 1 is not of type 'Function'.");
    return runIn(this.#frame, callback, self, args);
  }

  emitDestroy() {
    return this;
  }
}

class AsyncHook {
  enable() {
    return this;
  }
  disable() {
    return this;
  }
}

for (const Class of [AsyncLocalStorage, AsyncResource, AsyncHook]) Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });

export default {
  AsyncLocalStorage,
  AsyncResource,
  asyncWrapProviders: {},
  createHook: () => new AsyncHook(),
  executionAsyncId: () => 0,
  executionAsyncResource: () => Object.create(null),
  triggerAsyncId: () => 0,
};
