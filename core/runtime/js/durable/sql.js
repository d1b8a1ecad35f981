// SPDX-License-Identifier: GPL-3.0-or-later
// storage.sql (Durable Objects, "SQL API").

import { interfaceOf } from "../interface.js";
import { float16Bits } from "../language/views.js";
import { native } from "../native.js";

const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
const internal = Symbol("internal");
const { isView } = ArrayBuffer;
const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;

function isBuffer(value) {
  try {
    Reflect.apply(bufferLength, value, []);
    return true;
  } catch {
    return false;
  }
}

function reach(core) {
  if (!core.sqlite) {
    throw new Error("SQL is not enabled for this Durable Object class. To enable it, change `new_classes` to `new_sqlite_classes` within the 'migrations' field in your wrangler.jsonc or wrangler.toml file. If using workerd directly,set `enableSql = true` in your workerd config for the class. Note that this change cannot be made after the class is already deployed to production.");
  }
  core.check();
  return core;
}

/** A parameter as C++ takes it: a number, a text, bytes, or undefined for NULL. */
function bindable(value) {
  switch (typeof value) {
    case "number":
    case "string":
    case "undefined":
      return value;
    case "bigint":
      return +value; // throws
    case "object":
      if (value === null) return undefined;
      if (isView(value) || isBuffer(value)) return float16Bits(value) ?? value;
  }
  return `${value}`;
}

let isCursor;
let cursorRow;
let startCursor;

class Cursor {
  #core;
  #id = 0; // in C++; 0: there are no rows left
  #columns = [];
  #progress = [0, 0, true]; // rows read, rows written, it has ended

  static {
    isCursor = (value) => typeof value === "object" && value !== null && #core in value;
    startCursor = (core, query, values) => {
      const cursor = new Cursor(internal, core);
      const answer = native.objectSqlExec(core.slot, query, values, cursor, cursor.#progress);
      cursor.#id = answer[0];
      cursor.#columns = answer.slice(1);
      return cursor;
    };
    /** The next row as an array, or undefined. */
    cursorRow = (cursor) => {
      const cells = cursor.#take(1);
      return cells.length === 0 ? undefined : cells;
    };
  }

  constructor(given, core) {
    if (given !== internal) throw new TypeError("Illegal constructor");
    this.#core = core;
  }

  /** The values of the next rows, `most` at most. */
  #take(most) {
    if (this.#id === 0) return [];
    this.#core.check();
    let cells;
    try {
      cells = native.objectSqlRows(this.#id, most, this.#progress);
    } catch (error) {
      this.#id = 0;
      throw error;
    }
    if (this.#progress[2]) this.#id = 0;
    return cells;
  }

  #objects(cells) {
    const columns = this.#columns;
    const width = columns.length;
    const rows = [];
    for (let at = 0; at < cells.length; at += width) {
      const row = {};
      for (let i = 0; i < width; ++i) row[columns[i]] = cells[at + i];
      rows.push(row);
    }
    return rows;
  }

  next() {
    const cells = this.#take(1);
    return cells.length === 0 ? { done: true, value: undefined } : { done: false, value: this.#objects(cells)[0] };
  }

  toArray() {
    return this.#objects(this.#take(Infinity));
  }

  one() {
    const rows = this.#objects(this.#take(2));
    if (rows.length === 0) throw new Error("Expected exactly one result from SQL query, but got no results.");
    if (rows.length > 1) throw new Error("Expected exactly one result from SQL query, but got multiple results.");
    return rows[0];
  }

  raw() {
    return new RawIterator(internal, this);
  }

  get columnNames() {
    return this.#columns.slice();
  }

  get rowsRead() {
    if (this.#id !== 0) native.objectSqlProgress(this.#id, this.#progress);
    return this.#progress[0];
  }

  get rowsWritten() {
    if (this.#id !== 0) native.objectSqlProgress(this.#id, this.#progress);
    return this.#progress[1];
  }

  [Symbol.iterator]() {
    return this;
  }
}
interfaceOf(Cursor, { isOne: (value) => isCursor(value), members: "next toArray one raw columnNames rowsRead rowsWritten", illegal: true });

let isRaw;

class RawIterator {
  #cursor;

  static {
    isRaw = (value) => typeof value === "object" && value !== null && #cursor in value;
  }

  constructor(given, cursor) {
    if (given !== internal) throw new TypeError("Illegal constructor");
    this.#cursor = cursor;
  }

  next() {
    const row = cursorRow(this.#cursor);
    return row === undefined ? { done: true, value: undefined } : { done: false, value: row };
  }

  [Symbol.iterator]() {
    return this;
  }
}
interfaceOf(RawIterator, { isOne: (value) => isRaw(value), members: "next", illegal: true });
for (const Class of [Cursor, RawIterator]) Object.setPrototypeOf(Class.prototype, iteratorPrototype);

class Statement {
  constructor() {
    throw new TypeError("Illegal constructor");
  }
}
interfaceOf(Statement, { isOne: () => false, illegal: true });

let isSql;

export class SqlStorage {
  #core;

  static {
    isSql = (value) => typeof value === "object" && value !== null && #core in value;
  }

  constructor(given, core) {
    if (given !== internal) throw new TypeError("Illegal constructor");
    this.#core = core;
  }

  exec(query, ...bindings) {
    const text = `${query}`;
    const values = [];
    for (let i = 0; i < bindings.length; ++i) values[i] = bindable(bindings[i]);
    const core = reach(this.#core);
    core.hooks.beforeWrite?.();
    return startCursor(core, text, values);
  }

  get databaseSize() {
    return native.objectSqlSize(reach(this.#core).slot);
  }
}
interfaceOf(SqlStorage, { isOne: (value) => isSql(value), members: "exec:String databaseSize", illegal: true });
{
  const prototype = SqlStorage.prototype;
  const constructor = Object.getOwnPropertyDescriptor(prototype, "constructor");
  delete prototype.constructor;
  for (const [name, Class] of [["Cursor", Cursor], ["Statement", Statement]]) {
    Object.defineProperty(prototype, name, { value: Class.prototype.constructor, writable: true, enumerable: true, configurable: true });
  }
  Object.defineProperty(prototype, "constructor", constructor);
}

export const sqlStorage = (core) => new SqlStorage(internal, core);
