// SPDX-License-Identifier: GPL-3.0-or-later
// What ctx.storage and a transaction of it have in common.

import { argumentError, isDictionary } from "../interface.js";
import { native } from "../native.js";
import { isArray } from "../primordials.js";
import { toInt32 } from "../queues/batch.js";
import { dataCloneError, encodeStored, revive } from "./values.js";

const { keys } = Object;
const floor = Math.floor;
const isNumber = (value) => typeof value === "number";
const dateValue = Date.prototype.valueOf;

/** The storage of one object: its slot, and what it asks of whom it lives with (see makeStorage). */
export class Core {
  writes = 0; // counts what may have changed keys
  list = 0; // counts calls of kv.list()

  constructor(slot, hooks, sqlite) {
    this.slot = slot;
    this.hooks = hooks;
    this.sqlite = sqlite;
  }

  check() {
    this.hooks.check?.();
  }

  write() {
    this.hooks.check?.();
    this.hooks.beforeWrite?.();
    ++this.writes;
  }
}

function checkOptions(value, type, method, parameter, expected) {
  if (value !== undefined && value !== null && !isDictionary(value)) throw argumentError(type, method, parameter, expected);
}

const names = (list) => Array.from(list, (key) => `${key}`);

export function get(core, type, args) {
  if (args.length < 1) throw argumentError(type, "get", 1, "string or Array");
  const key = isArray(args[0]) ? names(args[0]) : `${args[0]}`;
  checkOptions(args[1], type, "get", 2, "GetOptions");
  core.check();
  const found = native.objectGet(core.slot, key, revive, false);
  return typeof key === "string" ? found : mapOf(found);
}

function mapOf(flat) {
  const map = new Map();
  for (let i = 0; i < flat.length; i += 2) map.set(flat[i], flat[i + 1]);
  return map;
}

/** Writes [key, value, hosts, ...]. */
export function putAll(core, flat, sync) {
  core.write();
  const refused = native.objectPut(core.slot, flat, revive, sync);
  if (refused !== undefined) throw dataCloneError(refused);
}

export function put(core, type, args) {
  if (args.length < 1) throw argumentError(type, "put", 1, "string or object");
  const [first, second] = args;
  if (typeof first === "object" && first !== null && !isArray(first)) {
    if (args.length > 2 || (second !== undefined && second !== null && !isDictionary(second))) {
      throw new TypeError("put() may only be called with a single key-value pair and optional options as put(key, value, options) or with multiple key-value pairs and optional options as put(entries, options)");
    }
    const flat = [];
    for (const key of keys(first)) {
      const value = first[key];
      if (value === undefined) continue;
      const encoded = encodeStored(value);
      flat.push(key, encoded[0], encoded[1]);
    }
    if (flat.length > 0) putAll(core, flat, false);
    return;
  }
  const key = `${first}`;
  if (second === undefined) throw new TypeError("put() called with undefined value.");
  checkOptions(args[2], type, "put", 3, "PutOptions");
  const encoded = encodeStored(second);
  putAll(core, [key, encoded[0], encoded[1]], false);
}

export function remove(core, type, args) {
  if (args.length < 1) throw argumentError(type, "delete", 1, "string or Array");
  const key = isArray(args[0]) ? names(args[0]) : `${args[0]}`;
  checkOptions(args[1], type, "delete", 2, "PutOptions");
  core.write();
  return native.objectDelete(core.slot, key, false);
}

const text = (value) => (value === undefined ? undefined : `${value}`);

/** [start, startAfter, end, prefix, backwards, limit] of ListOptions. */
export function listOptions(given, type) {
  checkOptions(given, type, "list", 1, type === "SyncKvStorage" ? "SyncKvListOptions" : "ListOptions");
  const start = text(given?.start);
  const startAfter = text(given?.startAfter);
  const end = text(given?.end);
  const prefix = text(given?.prefix);
  const limit = given?.limit === undefined ? undefined : toInt32(given.limit);
  if (start !== undefined && startAfter !== undefined) throw new TypeError("list() cannot be called with both start and startAfter values.");
  if (limit !== undefined && limit <= 0) throw new TypeError("List limit must be positive.");
  return [start, startAfter, end, prefix, Boolean(given?.reverse), limit];
}

export function list(core, type, args) {
  const options = listOptions(args[0], type);
  core.check();
  return mapOf(native.objectList(core.slot, options, revive, false));
}

/** The milliseconds of a Date or a number. */
export function timeOf(value, type, method) {
  let ms = value;
  if (!isNumber(ms)) {
    try {
      ms = Reflect.apply(dateValue, value, []);
    } catch {
      throw argumentError(type, method, 1, "date");
    }
  }
  if (!Number.isFinite(ms)) throw new TypeError("The value cannot be converted because it is not a valid Date.");
  if (ms > 9223372036854) throw new TypeError("This API doesn't support dates after 2189.");
  return ms;
}

export function getAlarm(core, type, args) {
  checkOptions(args[0], type, "getAlarm", 1, "GetAlarmOptions");
  core.check();
  return native.objectAlarm(core.slot);
}

export function setAlarm(core, type, args) {
  const ms = timeOf(args[0], type, "setAlarm");
  checkOptions(args[1], type, "setAlarm", 2, "SetAlarmOptions");
  if (ms <= 0) throw new TypeError("setAlarm() cannot be called with an alarm time <= 0");
  if (core.hooks.hasAlarmHandler && !core.hooks.hasAlarmHandler()) throw new TypeError("Your Durable Object class must have an alarm() handler in order to call setAlarm()");
  core.write();
  native.objectSetAlarm(core.slot, floor(ms));
  core.hooks.alarmChanged?.(floor(ms));
}

export function deleteAlarm(core, type, args) {
  checkOptions(args[0], type, "deleteAlarm", 1, "SetAlarmOptions");
  core.write();
  native.objectSetAlarm(core.slot, null);
  core.hooks.alarmChanged?.(null);
}
