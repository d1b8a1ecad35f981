// SPDX-License-Identifier: GPL-3.0-or-later
// The class Socket of cloudflare:sockets: two streams over a connection.

import { native } from "../native.js";
import { bytesIn } from "../encoding.js";
import { explainError } from "../errors.js";
import { argumentError, interfaceOf, isDictionary } from "../interface.js";
import { Promise, apply, settled } from "../primordials.js";
import { DatabaseConnection } from "../hyperdrive/connection.js";
import { databaseAt } from "../hyperdrive/table.js";
import { ReadableStream, WritableStream, WritableStreamDefaultWriter } from "../streams/classes.js";
import { knowPlatformClass } from "../structuredclone.js";
import { addressOf, checkTransport, optionsOf } from "./address.js";
import { Connection } from "./connection.js";

const ignore = () => {};
const { getReader } = ReadableStream.prototype;
const { close: closeStream, getWriter } = WritableStream.prototype;
const { close: closeWriter, write: writeWith } = WritableStreamDefaultWriter.prototype;
const notBytes = "This TransformStream is being used as a byte stream, but received an object of non-ArrayBuffer/ArrayBufferView type on its writable side.";

/** A promise and its two ends; nobody has to look at it. */
class Later {
  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    settled(this.promise, ignore, ignore);
  }
}

/** What a Socket is made of. After startTls() there are two over one connection, of which the second is alive. */
class Ends {
  constructor(connection, address, options, transport) {
    this.connection = connection;
    this.address = address;
    this.options = options;
    this.transport = transport;
    this.opening = new Later();
    this.closing = new Later();
    this.isOpen = false;
    this.over = false; // closed, upgraded or failed
    this.upgrading = false;
    this.upgraded = false;
    this.reads = false; // somebody waits to read
    this.writing = null; // the promise of the write under way
    this.ended = false; // nothing more can be read
    this.finished = false; // or written
    this.readable = new ReadableStream({
      type: "bytes",
      start: (controller) => void (this.readControl = controller),
      pull: (controller) => this.pull(controller),
    }, { highWaterMark: 0 });
    const { highWaterMark } = options;
    this.writable = new WritableStream({
      start: (controller) => void (this.writeControl = controller),
      write: (chunk) => {
        this.writing = this.write(chunk);
        return this.writing;
      },
      close: () => this.finish(),
    }, highWaterMark === undefined ? { highWaterMark: 1, size: () => 0 } : { highWaterMark, size: (chunk) => bytesOf(chunk)?.byteLength ?? 0 });
  }

  // ---- what the connection tells

  opened() {
    this.isOpen = true;
    this.opening.resolve({ remoteAddress: this.address.text, localAddress: undefined });
    if (this.over) this.connection.close();
  }

  failed(detail) {
    if (this.isOpen) {
      if (this.over) this.connection.close();
      return; // whoever reads or writes gets to know it
    }
    const upgrade = this.transport === "on" && this.options.secureTransport === "starttls";
    const refused = this.connection instanceof DatabaseConnection ? "connection attempt failed" : "proxy request failed, cannot connect to the specified address"
      + (this.address.port === 80 || this.address.port === 443 ? ". It looks like you might be trying to connect to a HTTP-based service — consider using fetch instead" : "");
    const error = upgrade ? new Error(detail) : explainError(new Error(refused), detail);
    this.refuse(error, upgrade ? error : explainError(new Error(`jsg.Error: ${refused}`), detail), upgrade);
    this.connection.close();
  }

  refuse(error, forWriter, forReader) {
    this.over = true;
    this.opening.reject(error);
    this.closing.reject(error);
    if (forReader) this.failReading(error);
    else if (this.reads) this.failReading(new Error("Stream was cancelled."));
    else this.endReading();
    this.refused = forWriter;
    this.failWriting(forWriter);
  }

  async untilOpen() {
    if (this.isOpen) return;
    try {
      await this.opening.promise;
    } catch {
      throw this.refused;
    }
  }

  // ---- reading

  async pull(controller) {
    this.reads = true;
    try {
      if (!this.isOpen) await this.opening.promise;
      const piece = await this.connection.take(() => !this.over);
      if (piece === undefined) return;
      if (piece === null) this.sawEnd();
      else controller.enqueue(piece);
    } catch (error) {
      if (this.over) return;
      this.failReading(error);
      if (this.connection.failure !== error) return;
      this.closing.resolve();
      this.connection.close();
    } finally {
      this.reads = false;
    }
  }

  failReading(error) {
    if (this.ended) return;
    this.ended = true;
    this.readControl.error(error);
  }

  endReading() {
    if (this.ended) return;
    this.ended = true;
    if (this.readable._state !== "readable") return; // user code cancelled it
    this.readControl.close();
    this.readControl.byobRequest?.respond(0);
  }

  /** The other side sends no more. Unless told otherwise, that ends this side, too, when all is sent. */
  sawEnd() {
    this.endReading();
    const { _state: state, _writer: writer, _closeRequest: asked, _inFlightCloseRequest: underWay } = this.writable;
    if (this.finished || state !== "writable") {
      this.closing.resolve();
    } else if (!this.options.allowHalfOpen && asked === undefined && underWay === undefined) {
      settled(writer === undefined ? apply(closeStream, this.writable, []) : apply(closeWriter, writer, []), this.closing.resolve, this.closing.reject);
    } // else finish() comes
  }

  // ---- writing

  async write(chunk) {
    const bytes = bytesOf(chunk);
    if (bytes === undefined && chunk !== undefined) throw new TypeError(notBytes);
    await this.untilOpen();
    if (this.upgraded) throw new TypeError("This WritableStream has been closed.");
    if (this.over || bytes === undefined || bytes.byteLength === 0) return;
    try {
      await this.connection.send(bytes);
    } catch (error) {
      if (this.connection.failure === error) this.closing.resolve();
      throw error;
    }
  }

  async finish() {
    await this.untilOpen();
    if (this.over) return;
    await this.connection.finish();
    this.finished = true;
    if (this.ended) this.closing.resolve();
  }

  failWriting(error) {
    this.writeControl.error(error);
  }

  // ---- the end

  close() {
    if (this.over) return this.upgraded ? Promise.resolve() : this.closing.promise;
    this.over = true;
    this.failReading(new TypeError(this.reads ? "This socket has been closed." : "This ReadableStream belongs to an object that is closing."));
    this.failWriting(new TypeError(this.writable.locked ? "This WritableStream has been closed." : "This WritableStream belongs to an object that is closing."));
    const end = () => {
      if (this.isOpen) this.connection.close(); // else opened() does it
      this.closing.resolve();
    };
    if (this.isOpen && this.writing !== null) settled(this.writing, end, end);
    else end();
    return this.closing.promise;
  }

  startTls(serverName) {
    this.upgrading = true;
    const next = new Ends(this.connection, this.address, this.options, "on");
    settled(this.upgrade(next, serverName), ignore, (error) => next.refuse(error, error, true));
    return next;
  }

  /** What was written goes out first; then the streams are nobody's any more. */
  async upgrade(next, serverName) {
    const writer = this.writable._writer ?? apply(getWriter, this.writable, []);
    await apply(writeWith, writer, [new Uint8Array(0)]);
    if (this.over) throw new TypeError("This socket has been closed.");
    this.over = true;
    this.upgraded = true;
    if (this.reads) this.failReading(new TypeError("This socket has been closed."));
    if (!this.readable.locked) apply(getReader, this.readable, []);
    this.connection.owner = next;
    this.connection.wakeReader();
    this.connection.startTls(serverName);
    this.closing.resolve();
  }
}

const bytesOf = (chunk) => (typeof chunk === "string" ? native.utf8Encode(chunk) : bytesIn(chunk));

async function quiet(promise) {
  try {
    await promise;
  } catch { // whoever looks at `closed` gets to know it
  }
}

let isSocket;
let socketOf;

class Socket {
  #ends;

  static {
    isSocket = (value) => typeof value === "object" && value !== null && #ends in value;
    socketOf = (ends) => {
      const socket = new Socket();
      socket.#ends = ends;
      return socket;
    };
  }

  get readable() { return this.#ends.readable; }
  get writable() { return this.#ends.writable; }
  get closed() { return this.#ends.closing.promise; }
  get opened() { return this.#ends.opening.promise; }
  get upgraded() { return this.#ends.upgraded; }
  get secureTransport() { return this.#ends.transport; }

  close() {
    return quiet(this.#ends.close());
  }

  startTls(options) {
    if (options !== undefined && options !== null && !isDictionary(options)) throw argumentError("Socket", "startTls", 1, "TlsOptions");
    const expected = options?.expectedServerHostname;
    const ends = this.#ends;
    if (ends.transport === "on") throw new TypeError("Cannot startTls on a TLS socket.");
    if (ends.options.secureTransport !== "starttls") throw new TypeError("The `secureTransport` socket option must be set to 'starttls' for startTls to be used.");
    if (ends.over) throw new TypeError("The connection was closed before startTls could be started.");
    if (ends.upgrading) throw new TypeError("startTls has already been called on this socket, or the socket was transferred over RPC.");
    return socketOf(ends.startTls(expected === undefined ? ends.address.host : `${expected}`));
  }
}

interfaceOf(Socket, { isOne: (value) => isSocket(value), members: "readable writable closed opened upgraded secureTransport close startTls", illegal: true });
knowPlatformClass(Socket, "Socket");

function opened(connection, where, how) {
  const ends = new Ends(connection, where, how, how.secureTransport);
  connection.owner = ends;
  return socketOf(ends);
}

export function connect(address, options) {
  const where = addressOf(address);
  const how = optionsOf(options);
  checkTransport(how.secureTransport);
  native.refuseInGlobalScope();
  const database = databaseAt(where.host, where.port);
  return opened(database === undefined ? new Connection(where.host, where.port, how.secureTransport === "on", where.text) : new DatabaseConnection(database), where, how);
}

/** connect() of a Hyperdrive binding. */
export function connectTo(database) {
  native.refuseInGlobalScope();
  return opened(new DatabaseConnection(database), { text: `${database.name}:${database.port}`, host: database.name, port: database.port }, optionsOf(undefined));
}
