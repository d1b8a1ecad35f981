// SPDX-License-Identifier: GPL-3.0-or-later
// ctx.storage of a Durable Object (Durable Objects, "Storage API").

import { compat } from "../compat.js";
import { argumentError, interfaceOf } from "../interface.js";
import { native } from "../native.js";
import { knowPlatformClass } from "../structuredclone.js";
import { Core, deleteAlarm, get, getAlarm, list, put, remove, setAlarm, timeOf } from "./operations.js";
import { SqlStorage, sqlStorage } from "./sql.js";
import { SyncKvStorage, syncKv } from "./synckv.js";

const internal = Symbol("internal");
const noRecovery = "This Durable Object's storage back-end does not implement point-in-time recovery.";

/** Storages by their slots, natively. All throw an Error where something fails. */
export const objectStorage = {
  /** `idHex`: 64 hex digits; `name` or undefined; `sqlite`: a class of new_sqlite_classes. No file is opened yet. */
  open({ workerName, className, idHex, name, sqlite }) {
    const slot = native.objectOpen(workerName, className, idHex, name, sqlite === true);
    backends.set(slot, sqlite === true);
    return slot;
  },
  /** What is not committed is taken back. */
  close(slot) {
    backends.delete(slot);
    native.objectClose(slot);
  },
  /** C++ does so by itself at the end of each turn. */
  commit: (slot) => native.objectCommit(slot),
  /** The object breaks: what it wrote in this turn is taken back. */
  rollback: (slot) => native.objectRollback(slot),
  /** The alarm's time has come. False: the object knows of none that is due, and its handler must not run. */
  alarmBegin: (slot) => native.objectAlarmBegin(slot),
  /** `again`: it failed, and will be tried again. Else it is over, or given up. */
  alarmEnd: (slot, again) => native.objectAlarmEnd(slot, again === true),
};
const backends = new Map(); // slot -> whether its class is a SQLite one

let isTransaction;
let makeTransaction;
let endTransaction;

class DurableObjectTransaction {
  #core;
  #state = "open"; // or "rolled back", "over"

  static {
    isTransaction = (value) => typeof value === "object" && value !== null && #core in value;
    makeTransaction = (core) => new DurableObjectTransaction(internal, core);
    /** Commits, or takes back, what was not taken back yet. */
    endTransaction = (transaction, keep) => {
      const open = transaction.#state === "open";
      transaction.#state = "over";
      if (!open) return;
      if (!keep) ++transaction.#core.writes;
      native.objectEnd(transaction.#core.slot, keep, "transaction");
    };
  }

  constructor(given, core) {
    if (given !== internal) throw new TypeError("Illegal constructor");
    this.#core = core;
  }

  #use(method) {
    if (this.#state === "rolled back") throw new Error(`Cannot ${method}() on rolled back transaction`);
    if (this.#state === "over") throw new Error(`Cannot call ${method}() on transaction that has already committed: did you move \`txn\` outside of the closure?`);
    return this.#core;
  }

  async get(...args) {
    return get(this.#use("get"), "DurableObjectTransaction", args);
  }

  async list(...args) {
    return list(this.#use("list"), "DurableObjectTransaction", args);
  }

  async put(...args) {
    put(this.#use("put"), "DurableObjectTransaction", args);
  }

  async delete(...args) {
    return remove(this.#use("delete"), "DurableObjectTransaction", args);
  }

  deleteAll() {
    throw new Error("Cannot call deleteAll() within a transaction");
  }

  rollback() {
    if (this.#state === "rolled back") return;
    const core = this.#use("rollback");
    this.#state = "rolled back";
    ++core.writes;
    native.objectEnd(core.slot, false, "transaction");
  }

  async getAlarm(...args) {
    return getAlarm(this.#use("getAlarm"), "DurableObjectTransaction", args);
  }

  async setAlarm(...args) {
    setAlarm(this.#use("setAlarm"), "DurableObjectTransaction", args);
  }

  async deleteAlarm(...args) {
    deleteAlarm(this.#use("deleteAlarm"), "DurableObjectTransaction", args);
  }
}
interfaceOf(DurableObjectTransaction, { isOne: (value) => isTransaction(value), members: "get list put delete deleteAll rollback getAlarm setAlarm deleteAlarm", illegal: true });

/** Runs a transaction: {value} or {error}, so that what the closure throws does not break whoever runs this. */
async function runTransaction(core, closure) {
  core.check();
  core.hooks.beforeWrite?.();
  native.objectBegin(core.slot, true);
  const transaction = makeTransaction(core);
  let result;
  try {
    result = { value: await closure(transaction) };
  } catch (error) {
    endTransaction(transaction, false);
    return { error };
  }
  endTransaction(transaction, true);
  return result;
}

let isStorage;

export class DurableObjectStorage {
  #core;

  static {
    isStorage = (value) => typeof value === "object" && value !== null && #core in value;
  }

  constructor(given, core) {
    if (given !== internal) throw new TypeError("Illegal constructor");
    this.#core = core;
    this.kv = syncKv(core);
    this.sql = sqlStorage(core);
  }

  async get(...args) {
    return get(this.#core, "DurableObjectStorage", args);
  }

  async list(...args) {
    return list(this.#core, "DurableObjectStorage", args);
  }

  async put(...args) {
    put(this.#core, "DurableObjectStorage", args);
  }

  async delete(...args) {
    return remove(this.#core, "DurableObjectStorage", args);
  }

  async deleteAll() {
    const core = this.#core;
    core.write();
    const withAlarm = compat("delete_all_deletes_alarm");
    native.objectDeleteAll(core.slot, withAlarm);
    if (withAlarm) core.hooks.alarmChanged?.(null);
  }

  async transaction(closure) {
    if (typeof closure !== "function") throw argumentError("DurableObjectStorage", "transaction", 1, "function");
    const core = this.#core;
    core.check();
    const run = () => runTransaction(core, closure);
    const outcome = await (core.hooks.blockConcurrencyWhile ? core.hooks.blockConcurrencyWhile(run) : run());
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }

  async getAlarm(...args) {
    return getAlarm(this.#core, "DurableObjectStorage", args);
  }

  async setAlarm(...args) {
    setAlarm(this.#core, "DurableObjectStorage", args);
  }

  async deleteAlarm(...args) {
    deleteAlarm(this.#core, "DurableObjectStorage", args);
  }

  async sync() {
    const core = this.#core;
    core.check();
    native.objectCommit(core.slot);
    await core.hooks.waitUntilDurable?.();
  }

  transactionSync(closure) {
    if (typeof closure !== "function") throw argumentError("DurableObjectStorage", "transactionSync", 1, "function");
    const core = this.#core;
    core.check();
    core.hooks.beforeWrite?.();
    native.objectBegin(core.slot, false);
    let result;
    try {
      result = closure();
    } catch (error) {
      ++core.writes;
      native.objectEnd(core.slot, false, "transactionSync");
      throw error;
    }
    native.objectEnd(core.slot, true, "transactionSync");
    return result;
  }

  async getCurrentBookmark() {
    const core = this.#core;
    core.check();
    core.hooks.beforeWrite?.();
    return native.objectBookmark(core.slot);
  }

  async getBookmarkForTime(time) {
    timeOf(time, "DurableObjectStorage", "getBookmarkForTime");
    this.#core.check();
    throw new Error(noRecovery);
  }

  async onNextSessionRestoreBookmark() {
    if (arguments.length < 1) throw argumentError("DurableObjectStorage", "onNextSessionRestoreBookmark", 1, "string");
    this.#core.check();
    throw new Error(noRecovery);
  }
}
interfaceOf(DurableObjectStorage, {
  isOne: (value) => isStorage(value),
  members: "get list put delete deleteAll transaction getAlarm setAlarm deleteAlarm sync transactionSync getCurrentBookmark getBookmarkForTime onNextSessionRestoreBookmark",
  illegal: true,
});
for (const Class of [DurableObjectStorage, DurableObjectTransaction, SqlStorage, SyncKvStorage]) knowPlatformClass(Class, Class.name);

/**
 * The storage of the object in a slot of objectStorage.open(). All of `hooks` may be left out:
 * check(): called first by each method; throws when the object is broken. beforeWrite(): before each write. hasAlarmHandler(): else setAlarm() refuses.
 * waitUntilDurable(): a promise, for sync(). blockConcurrencyWhile(closure): runs transactions; the closure's promise is rejected only when the commit
 * fails, and transactions that do not lie in one another must come one after the other. alarmChanged(ms or null): at the call; ObjectStores::Observer tells what was committed.
 */
export function makeStorage(slot, hooks = {}, sqlite = backends.get(slot) === true) {
  return new DurableObjectStorage(internal, new Core(slot, hooks, sqlite));
}
