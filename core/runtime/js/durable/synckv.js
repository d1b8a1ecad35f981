// SPDX-License-Identifier: GPL-3.0-or-later
// storage.kv: keys and values without promises.

import { interfaceOf } from "../interface.js";
import { native } from "../native.js";
import { listOptions, putAll } from "./operations.js";
import { encodeStored, revive } from "./values.js";

const pageSize = 64;
const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
const internal = Symbol("internal");

function reach(core) {
  if (!core.sqlite) {
    throw new Error("The storage.kv (synchronous KV) API is only available for SQLite-backed Durable Objects, but this object's namespace is not declared to use SQLite. You can use the older, asyncronous interface via methods of `storage` itself (e.g. `storage.get()`). Alternatively, to enable SQLite, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml file. If using workerd directly, set `enableSql = true` in your workerd config for the class. Note that this change cannot be made after the class is already deployed to production.");
  }
  core.check();
  return core;
}

let isIterator;

/** Goes on from the key that it gave last, so that it sees what is changed meanwhile. Reads ahead for as long as nothing is written. */
class ListIterator {
  #core;
  #options;
  #number;
  #page = []; // key, value, ...
  #at = 0;
  #writes = -1; // when the page was read
  #last;
  #left;
  #done = false;

  static {
    isIterator = (value) => typeof value === "object" && value !== null && #core in value;
  }

  constructor(given, core, options) {
    if (given !== internal) throw new TypeError("Illegal constructor");
    this.#core = core;
    this.#options = options;
    this.#number = ++core.list;
    this.#left = options[5] ?? Infinity;
  }

  next() {
    if (this.#done) return { done: true, value: undefined };
    const core = this.#core;
    if (core.list !== this.#number) {
      throw new Error("kv.list() iterator was invalidated because a new call to kv.list() was started. Only one kv.list() iterator can exist at a time.");
    }
    if (this.#at >= this.#page.length || this.#writes !== core.writes) this.#read();
    if (this.#page.length === 0 || this.#left <= 0) {
      this.#done = true;
      this.#page = [];
      return { done: true, value: undefined };
    }
    const entry = [this.#page[this.#at], this.#page[this.#at + 1]];
    this.#at += 2;
    this.#last = entry[0];
    --this.#left;
    return { done: false, value: entry };
  }

  #read() {
    let [start, startAfter, end, prefix, backwards] = this.#options;
    if (this.#last !== undefined) {
      if (backwards) end = this.#last;
      else [start, startAfter] = [undefined, this.#last];
    }
    const limit = Math.min(pageSize, this.#left);
    this.#page = limit > 0 ? native.objectList(reach(this.#core).slot, [start, startAfter, end, prefix, backwards, limit], revive, true) : [];
    this.#at = 0;
    this.#writes = this.#core.writes;
  }

  [Symbol.iterator]() {
    return this;
  }
}
interfaceOf(ListIterator, { isOne: (value) => isIterator(value), members: "next", illegal: true });
Object.setPrototypeOf(ListIterator.prototype, iteratorPrototype);

let isKv;

export class SyncKvStorage {
  #core;

  static {
    isKv = (value) => typeof value === "object" && value !== null && #core in value;
  }

  constructor(given, core) {
    if (given !== internal) throw new TypeError("Illegal constructor");
    this.#core = core;
  }

  get(key) {
    return native.objectGet(reach(this.#core).slot, `${key}`, revive, true);
  }

  list(options) {
    const core = reach(this.#core);
    return new ListIterator(internal, core, listOptions(options, "SyncKvStorage"));
  }

  put(key, value) {
    const core = reach(this.#core);
    const name = `${key}`;
    const encoded = encodeStored(value);
    putAll(core, [name, encoded[0], encoded[1]], true);
  }

  delete(key) {
    const core = reach(this.#core);
    const name = `${key}`;
    core.write();
    return native.objectDelete(core.slot, name, true);
  }
}
interfaceOf(SyncKvStorage, { isOne: (value) => isKv(value), members: "get:string list put:string,Value delete:string", illegal: true });

export const syncKv = (core) => new SyncKvStorage(internal, core);
