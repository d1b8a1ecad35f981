// SPDX-License-Identifier: GPL-3.0-or-later
// A connection to the database of a Hyperdrive binding. The code speaks plainly; where the connection string wants TLS, that begins here.

import { native } from "../native.js";
import { Promise, settled } from "../primordials.js";
import { Connection } from "../sockets/connection.js";
import { PacketNumbers, greetingOf, offersTls, tlsRequest } from "./mysql.js";

// bindings::hyperdrive::Encryption
const never = 0;
const ifOffered = 1;
const checks = [undefined, "none", "none", "authority", undefined];

const postgresRequest = [0, 0, 0, 8, 4, 210, 22, 47];
const noTls = "Server does not support SSL, but client requires SSL.";
const ignore = () => {};
const always = () => true;

function joined(left, right) {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

export class DatabaseConnection extends Connection {
  constructor(database) {
    super(database.host, database.port, false, database.place, database.binding);
    this.database = database;
    this.isOpen = database.encryption === never; // the code may have it as soon as it is there
    this.securing = null; // {resolve, reject} while TLS begins
    this.front = null; // what the code reads before anything else
    this.answer = null; // of MySQL's client to the greeting, which waits for TLS
    this.numbers = null; // while packets have other numbers for the code
    this.cache = null; // the number of what answers some questions in place of the database; 0: nothing does
  }

  handle(kind, text) {
    const { securing } = this;
    if (kind === "failed") this.forgetCache();
    if (kind === "secured" && securing !== null) {
      this.securing = null;
      securing.resolve();
    } else if (kind === "failed" && securing !== null) {
      this.securing = null;
      if (!this.isOpen && this.database.encryption === ifOffered) {
        this.again();
        return;
      }
      super.handle(kind, text);
      securing.reject(this.failure);
    } else if (kind === "opened" && !this.isOpen) {
      settled(this.database.mysql ? this.greet() : this.ask(), ignore, (error) => this.fail(error.message));
    } else {
      super.handle(kind, text);
    }
  }

  give() {
    this.isOpen = true;
    this.owner.opened();
  }

  fail(detail) {
    if (this.failure === null) super.handle("failed", detail);
  }

  async secure() {
    const { host, encryption, authorities } = this.database;
    const there = new Promise((resolve, reject) => (this.securing = { resolve, reject }));
    this.startTls(host, checks[encryption], authorities);
    await there;
  }

  /** Without TLS, from the start. */
  again() {
    const { host, port, place, binding } = this.database;
    this.drop();
    this.cache = null;
    this.isOpen = true;
    try {
      this.open(host, port, false, place, binding);
    } catch (error) {
      this.owner.failed(error.message);
    }
  }

  /** PostgreSQL is asked for TLS before anything else. */
  async ask() {
    await super.send(new Uint8Array(postgresRequest));
    const answer = await super.take(always);
    if (answer === null) throw new Error("The database closed the connection when it was asked for TLS.");
    if (answer.length !== 1 || (answer[0] !== 0x53 && answer[0] !== 0x4e)) throw new Error("The database's answer to the question for TLS is not PostgreSQL's.");
    if (answer[0] === 0x53) await this.secure();
    else if (this.database.encryption !== ifOffered) throw new Error(noTls);
    this.give();
  }

  /** MySQL greets first. The client's answer has what it takes to ask for TLS; send() does so. */
  async greet() {
    let bytes = new Uint8Array(0);
    let greeting;
    while ((greeting = greetingOf(bytes)) === undefined) {
      const piece = await super.take(always);
      if (piece === null) throw new Error("The database closed the connection before it had greeted.");
      bytes = joined(bytes, piece);
    }
    if (offersTls(greeting)) this.answer = new Uint8Array(0);
    else if (this.database.encryption !== ifOffered) throw new Error(noTls);
    this.front = this.heard(bytes) ?? null;
    this.give();
  }

  async take(wanted) {
    const goOn = () => this.front === null && wanted();
    for (;;) {
      if (this.front !== null) {
        const bytes = this.front;
        this.front = null;
        return bytes;
      }
      let piece = await super.take(goOn);
      if (piece === undefined && this.front !== null && wanted()) continue;
      if (this.numbers !== null && piece && this.numbers.fromServer(piece)) this.numbers = null;
      if (piece === null) this.forgetCache();
      else if (piece !== undefined) piece = this.heard(piece);
      if (piece !== undefined || !wanted()) return piece;
    }
  }

  openCache() {
    if (this.cache === null) this.cache = this.database.cacheSeconds > 0 ? native.databaseCacheOpen(this.database.binding) : 0;
    return this.cache !== 0;
  }

  /** What the code gets of a piece that the database has sent; undefined: nothing. */
  heard(piece) {
    return this.openCache() ? native.databaseAnswered(this.cache, piece) : piece;
  }

  /** What the database gets of the code's bytes; undefined: nothing. */
  asked(bytes) {
    if (!this.openCache()) return bytes;
    const [there, back] = native.databaseAsked(this.cache, bytes);
    if (back !== undefined) {
      this.front = this.front === null ? back : joined(this.front, back);
      this.wakeReader();
    }
    return there;
  }

  /** Nothing more comes from the database; what the code still sends passes as it is. */
  forgetCache() {
    if (this.cache) native.databaseCacheClose(this.cache);
  }

  drop() {
    this.forgetCache();
    super.drop();
  }

  async send(given) {
    this.check();
    const bytes = this.asked(given);
    if (bytes === undefined) return;
    if (this.answer === null) {
      await super.send(this.numbers === null ? bytes : this.numbers.fromCode(bytes));
      return;
    }
    this.answer = joined(this.answer, bytes);
    const request = tlsRequest(this.answer);
    if (request === undefined) return; // the rest of it comes
    const { answer } = this;
    this.answer = null;
    await super.send(request);
    await this.secure();
    this.numbers = new PacketNumbers();
    await super.send(this.numbers.fromCode(answer));
  }
}
