// SPDX-License-Identifier: GPL-3.0-or-later
// node:diagnostics_channel.
import { reportException } from "../errors.js";
import { invalidArgType } from "./errors.js";

const channels = new Map();
const key = Symbol("channel");

function checkCallback(value, method, type = "DiagnosticsChannelModule") {
  if (typeof value !== "function") throw new TypeError(`Failed to execute '${method}' on '${type}': parameter ${type === "Channel" ? 1 : 2} is not of type 'function'.`);
}

class Channel {
  #name;
  #subscribers = [];
  #stores = new Map();

  constructor(mark, name) {
    if (mark !== key) throw new TypeError("Illegal constructor");
    this.#name = name;
  }

  /** A method, as in Workers. */
  hasSubscribers() {
    return this.#subscribers.length > 0 || this.#stores.size > 0;
  }

  publish(message) {
    for (const subscriber of [...this.#subscribers]) {
      try {
        subscriber(message, this.#name);
      } catch (error) {
        reportException(error);
      }
    }
  }

  subscribe(subscriber) {
    checkCallback(subscriber, "subscribe", "Channel");
    this.#subscribers.push(subscriber);
  }

  unsubscribe(subscriber) {
    const at = this.#subscribers.indexOf(subscriber);
    if (at >= 0) this.#subscribers.splice(at, 1);
    return at >= 0;
  }

  bindStore(store, transform = (value) => value) {
    this.#stores.set(store, transform);
  }

  unbindStore(store) {
    return this.#stores.delete(store);
  }

  runStores(context, callback, self, ...args) {
    let run = () => {
      this.publish(context);
      return Reflect.apply(callback, self, args);
    };
    for (const [store, transform] of this.#stores) {
      const inner = run;
      let value;
      try {
        value = transform(context);
      } catch (error) {
        reportException(error);
        continue;
      }
      run = () => store.run(value, inner);
    }
    return run();
  }
}

function channel(name) {
  if (typeof name !== "string" && typeof name !== "symbol") throw invalidArgType("channel", ["string", "symbol"], name);
  let found = channels.get(name);
  if (!found) channels.set(name, (found = new Channel(key, name)));
  return found;
}

const parts = ["start", "end", "asyncStart", "asyncEnd", "error"];
const symbols = Object.fromEntries(parts.map((part) => [part, Symbol(`k${part[0].toUpperCase()}${part.slice(1)}`)]));

class TracingChannel {
  constructor(mark, from) {
    if (mark !== key) throw new TypeError("Illegal constructor");
    for (const part of parts) {
      this[symbols[part]] = typeof from === "string" ? channel(`tracing:${from}:${part}`) : from[part];
      if (!(this[symbols[part]] instanceof Channel)) throw invalidArgType(`nameOrChannels.${part}`, "Channel", this[symbols[part]]);
    }
  }

  get hasSubscribers() {
    return parts.some((part) => this[part].hasSubscribers());
  }

  subscribe(handlers) {
    for (const part of parts) if (handlers[part]) this[part].subscribe(handlers[part]);
  }

  unsubscribe(handlers) {
    return parts.filter((part) => handlers[part]).map((part) => this[part].unsubscribe(handlers[part])).every(Boolean);
  }

  traceSync(callback, context = {}, self, ...args) {
    return this.start.runStores(context, () => {
      try {
        return (context.result = Reflect.apply(callback, self, args));
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  tracePromise(callback, context = {}, self, ...args) {
    const settled = (result) => {
      context.result = result;
      this.asyncStart.publish(context);
      this.asyncEnd.publish(context);
      return result;
    };
    const failed = (error) => {
      context.error = error;
      this.error.publish(context);
      this.asyncStart.publish(context);
      this.asyncEnd.publish(context);
      throw error;
    };
    return this.start.runStores(context, () => {
      try {
        return Promise.resolve(Reflect.apply(callback, self, args)).then(settled, failed);
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }

  traceCallback(callback, position = -1, context = {}, self, ...args) {
    const original = args.at(position);
    if (typeof original !== "function") throw invalidArgType("callback", "function", original);
    const traced = this;
    args.splice(position, 1, function (error, result) {
      if (error) {
        context.error = error;
        traced.error.publish(context);
      } else {
        context.result = result;
      }
      return traced.asyncStart.runStores(context, () => {
        try {
          return Reflect.apply(original, this, arguments);
        } finally {
          traced.asyncEnd.publish(context);
        }
      });
    });
    return this.start.runStores(context, () => {
      try {
        return Reflect.apply(callback, self, args);
      } catch (error) {
        context.error = error;
        this.error.publish(context);
        throw error;
      } finally {
        this.end.publish(context);
      }
    });
  }
}
for (const part of parts) {
  Object.defineProperty(TracingChannel.prototype, part, {
    get() {
      return this[symbols[part]];
    },
    configurable: true,
  });
}

Object.defineProperty(Channel.prototype, Symbol.toStringTag, { value: "Channel", configurable: true });

export default Object.defineProperty({
  Channel,
  channel,
  hasSubscribers: (name) => channels.get(name)?.hasSubscribers() ?? false,
  subscribe(name, subscriber) {
    checkCallback(subscriber, "subscribe");
    channel(name).subscribe(subscriber);
  },
  tracingChannel: (from) => new TracingChannel(key, from),
  unsubscribe(name, subscriber) {
    return channel(name).unsubscribe(subscriber);
  },
}, "TracingChannel", { value: TracingChannel, enumerable: false }); // only an import can name it
