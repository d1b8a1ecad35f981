// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript face of a D1 database (Cloudflare, "D1 Workers Binding API").

import { native } from "./native.js";

function failure(prefix, message, cause = message) {
  return new Error(`${prefix}: ${message}`, { cause: new Error(cause) });
}

/** What JSON makes of a value on the way to D1: BLOBs are lists of numbers, each cut to a byte. */
function onTheWay(value) {
  if (typeof value !== "object" || value === null) return value;
  if (typeof value[0] === "bigint") throw new TypeError("Do not know how to serialize a BigInt");
  return new Uint8Array(value);
}

function allOnTheWay(values) {
  for (let i = 0; i < values.length; ++i) if (typeof values[i] === "object" && values[i] !== null) return values.map(onTheWay);
  return values;
}

/** The answer of the real thing to what does not have the form of a query. */
function unparsed(why) {
  return new Error(`D1_ERROR: Failed to parse body as JSON: ${why}`);
}

/** The real thing puts its arguments into its trace, as texts: what cannot be one fails there. */
function traced(value) {
  return typeof value === "bigint" ? +value : `${value}`;
}

/** SQL that is no text, as JSON makes it one on the way to D1, or not. */
function sqlOnTheWay(sql) {
  if (typeof sql === "string") return sql;
  traced(sql);
  const sent = JSON.parse(JSON.stringify([sql]))[0];
  if (typeof sent !== "string") throw unparsed(`SQL is a string, not ${sql === null ? "null" : typeof sql}.`);
  return sent;
}

/** The same of the parameters of a statement that user code made itself. */
function paramsOnTheWay(params) {
  const sent = JSON.parse(JSON.stringify([params]))[0] ?? [];
  if (!Array.isArray(sent) || sent.some((value) => typeof value === "object" && value !== null && !Array.isArray(value))) {
    throw unparsed("The parameters of a statement are an array of strings, numbers, nulls and arrays of bytes.");
  }
  return sent;
}

function bindable(value) {
  switch (typeof value) {
    case "number":
    case "string":
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "object":
      if (value === null) return value;
      if (Array.isArray(value) && value.every((item) => typeof item === "number" && item >= 0 && item < 256)) return value;
      if (value instanceof ArrayBuffer) return Array.from(new Uint8Array(value));
      if (ArrayBuffer.isView(value)) return Array.from(value);
  }
  throw failure("D1_TYPE_ERROR", `Type '${typeof value}' not supported for value '${value}'`);
}

/** Cells as user code gets them, of `columns` columns. */
function rowsOf({ columns, cells }) {
  const rows = [];
  const width = columns.length;
  for (let at = 0; width > 0 && at < cells.length; at += width) {
    const row = cells.slice(at, at + width);
    for (let i = 0; i < width; ++i) if (typeof row[i] === "object" && row[i] !== null) row[i] = Array.from(row[i]);
    rows.push(row);
  }
  return rows;
}

function objectsOf({ columns, cells }) {
  const objects = [];
  const width = columns.length;
  for (let at = 0; width > 0 && at < cells.length; ) {
    const object = {};
    for (let i = 0; i < width; ++i) {
      let cell = cells[at++];
      if (typeof cell === "object" && cell !== null) cell = Array.from(cell);
      if (columns[i] === "__proto__") Object.defineProperty(object, "__proto__", { value: cell, writable: true, enumerable: true, configurable: true });
      else object[columns[i]] = cell;
    }
    objects.push(object);
  }
  return objects;
}

function presented({ meta, ...rows }) {
  return { success: true, meta, results: objectsOf(rows) };
}

function batchedSql(sql) {
  return sqlOnTheWay(typeof sql === "bigint" ? JSON.stringify(sql) : sql);
}

let makeSession;
let isStatement;

/** Sends queries to the database, in the name of a session or of none. */
class Line {
  #binding;
  #bookmark; // or what the session began with; null: no session

  constructor(binding, bookmark) {
    this.#binding = binding;
    this.#bookmark = bookmark;
  }

  bookmark() {
    return this.#bookmark === "first-unconstrained" || this.#bookmark === "first-primary" ? null : this.#bookmark;
  }

  /** The outcome of each of `sql` with its `params`; of their rows, `most` at most. */
  send(method, sql, params, most, prefix = "D1_ERROR", explained = "") {
    const answer = native.d1Run(this.#binding, method, sql, params, this.#bookmark !== null, most, prefix, explained);
    if (typeof answer === "string") throw failure(prefix, answer);
    const bookmark = answer[0];
    if (bookmark !== undefined) {
      const current = this.bookmark();
      if (current === null || current.localeCompare(bookmark) < 0) this.#bookmark = bookmark;
    }
    const outcomes = [];
    for (let i = 1; i < answer.length; ++i) {
      const [columns, cells, duration, changes, last_row_id, changed_db, size_after, rows_read, rows_written] = answer[i];
      const meta = {
        served_by: "miniflare.db",
        served_by_primary: true,
        total_attempts: 1,
        timings: { sql_duration_ms: duration },
        duration,
        changes,
        last_row_id,
        changed_db,
        size_after,
        rows_read,
        rows_written,
      };
      outcomes.push({ meta, columns, cells });
    }
    return outcomes;
  }

  batch(statements) {
    const own = (statement) => isStatement(statement) && typeof statement.statement === "string";
    const sql = statements.map((statement) => (own(statement) ? statement.statement : batchedSql(statement.statement)));
    const params = statements.map((statement) => allOnTheWay(own(statement) ? statement.params : paramsOnTheWay(statement.params)));
    return this.send("batch", sql, params, Infinity).map(presented);
  }
}

function outcomeOf(sql, line, params, method, most) {
  return line.send(method, [sqlOnTheWay(sql)], [allOnTheWay(params)], most)[0];
}

class D1PreparedStatement {
  #dbSession;
  statement;
  params;

  static {
    isStatement = (value) => typeof value === "object" && value !== null && #dbSession in value;
  }

  constructor(line, statement, values) {
    this.#dbSession = line;
    this.statement = statement;
    this.params = values ?? [];
  }

  bind(...values) {
    return new D1PreparedStatement(this.#dbSession, this.statement, values.map(bindable));
  }

  async first(column) {
    const row = objectsOf(outcomeOf(this.statement, this.#dbSession, this.params, "first", 1))[0];
    if (row === undefined) return null;
    if (column === undefined) return row;
    if (row[column] === undefined) throw failure("D1_COLUMN_NOTFOUND", `Column not found (${column})`, "Column not found");
    return row[column];
  }

  async run() {
    return presented(outcomeOf(this.statement, this.#dbSession, this.params, "run", Infinity));
  }

  async all() {
    return presented(outcomeOf(this.statement, this.#dbSession, this.params, "all", Infinity));
  }

  async raw(options) {
    const outcome = outcomeOf(this.statement, this.#dbSession, this.params, "raw", Infinity);
    const rows = rowsOf(outcome);
    return options?.columnNames ? [outcome.columns, ...rows] : rows;
  }
}

class D1DatabaseSession {
  #bookmarkOrConstraint;

  static {
    makeSession = (line) => {
      const session = new D1DatabaseSession();
      session.#bookmarkOrConstraint = line;
      return session;
    };
  }

  prepare(sql) {
    return new D1PreparedStatement(this.#bookmarkOrConstraint, sql);
  }

  async batch(statements) {
    return this.#bookmarkOrConstraint.batch(statements);
  }

  getBookmark() {
    return this.#bookmarkOrConstraint.bookmark();
  }
}

class D1Database {
  #fetcher;
  #alwaysPrimarySession;

  constructor(binding) {
    this.#fetcher = binding;
    this.#alwaysPrimarySession = new Line(binding, null);
  }

  prepare(sql) {
    return new D1PreparedStatement(this.#alwaysPrimarySession, sql);
  }

  async batch(statements) {
    return this.#alwaysPrimarySession.batch(statements);
  }

  async exec(query) {
    const session = this.#alwaysPrimarySession;
    if (query !== undefined && query !== null) traced(query);
    if (typeof query?.trim !== "function" && query !== undefined && query !== null) throw new TypeError("query.trim is not a function");
    const lines = query.trim().split("\n");
    // D1 tells only which error came first, not where, and takes that for the first line.
    const outcomes = session.send("exec", lines, undefined, 0, "D1_EXEC_ERROR", `Error in line 1: ${lines[0]}: `);
    return { count: outcomes.length, duration: outcomes.reduce((sum, outcome) => sum + outcome.meta.duration, 0) };
  }

  withSession(constraintOrBookmark) {
    const given = constraintOrBookmark?.trim();
    return makeSession(new Line(this.#fetcher, given === undefined || given === null || given === "" ? "first-unconstrained" : given));
  }

  async query() {
    throw new Error("D1_ERROR: D1Database.query() requires the d1_binding_jsrpc compatibility flag. Enable d1_binding_jsrpc before calling query().");
  }

  async dump() {
    void this.#alwaysPrimarySession;
    throw failure("D1_DUMP_ERROR", "Status + 404", "Status 404");
  }

  get [Symbol.toStringTag]() {
    return "WrappedBinding";
  }
}

export function d1Database(binding) {
  return new D1Database(binding);
}
