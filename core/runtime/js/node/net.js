// SPDX-License-Identifier: GPL-3.0-or-later
// node:net: the client, over connect() of cloudflare:sockets.
import { Buffer } from "./buffer.js";
import { connect as open } from "./connector.js";
import { detailOf } from "../errors.js";
import { invalidArgType, invalidArgValue, missingArgs, nodeError, notImplemented, outOfRange } from "./errors.js";
import { BlockList, SocketAddress, isIP, isIPv4, isIPv6 } from "./netaddress.js";
import Stream from "./stream.js";
import { errno } from "./systemerrors.js";
import { nextTick } from "./shims/process/index.js";
import { validateFunction, validateInteger } from "./validators.js";

/** What Node throws for a failure of the system. */
function systemFailure(code, syscall, rest, ...more) {
  const number = errno[code] ?? { ENOTFOUND: 3008, EAI_AGAIN: 3001 }[code];
  return Object.assign(new Error([`${syscall} ${code}`, ...more].join(" ")), { code, errno: -number, syscall, ...rest });
}

/** The name of the system's error that is behind one of cloudflare:sockets. */
const codeBehind = (error) => /\(([A-Z_]+)\)$/.exec(detailOf(error) ?? "")?.[1];

function connectFailure(error, host, port) {
  const code = codeBehind(error);
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return systemFailure(code, "getaddrinfo", { hostname: host }, host);
  return code === undefined ? error : systemFailure(code, "connect", { address: host, port }, `${host}:${port}`);
}

const readFailure = (error) => (error?.message === "Network connection lost." ? systemFailure(codeBehind(error) ?? "ECONNRESET", "read") : error);

/** [options, callback] out of (options), (port, host) and (path). */
function normalizeArgs(args) {
  if (args.length === 0) return [{}, null];
  const [first] = args;
  let options = {};
  if (typeof first === "object" && first !== null) options = first;
  else if (typeof first === "string" && !(Number(first) >= 0)) options.path = first;
  else {
    options.port = first;
    if (args.length > 1 && typeof args[1] === "string") options.host = args[1];
  }
  const last = args.at(-1);
  return [options, typeof last === "function" ? last : null];
}

const longest = 2 ** 31 - 1; // ms

function checkOptions(options) {
  if (options.objectMode) throw invalidArgValue("options.objectMode", options.objectMode, "is not supported");
  for (const name of ["readableObjectMode", "writableObjectMode"]) if (options[name]) throw invalidArgValue(`options.${name}`, options[name], "is not supported");
  if (options.fd !== undefined) throw nodeError.plain("ERR_OPTION_NOT_IMPLEMENTED", "The options.fd option is not implemented");
  const { signal } = options;
  if (signal && (typeof signal !== "object" || !("aborted" in signal))) throw invalidArgType("signal", "AbortSignal", signal);
}

class NetSocket extends Stream.Duplex {
  #socket = null;
  #reader = null;
  #writer = null;
  #pending = null; // what is to be written when the connection stands
  #timer = null;
  #remote = null;
  #onread = null;
  #written = 0;

  constructor(options) {
    const given = typeof options === "number" ? { fd: options } : options ?? {};
    checkOptions(given);
    super({ allowHalfOpen: Boolean(given.allowHalfOpen), emitClose: false, autoDestroy: true, decodeStrings: false, readableHighWaterMark: given.highWaterMark, writableHighWaterMark: given.highWaterMark });
    this.connecting = false;
    this.bytesRead = 0;
    const { onread, signal } = given;
    if (onread && typeof onread.callback === "function" && (typeof onread.buffer === "function" || onread.buffer instanceof Uint8Array)) this.#onread = onread;
    if (signal) Stream.addAbortSignal(signal, this);
  }

  get _connection() {
    return this.#socket;
  }
  get bytesWritten() {
    return this.#written + this.writableLength;
  }
  get pending() {
    return !this.#socket || this.connecting;
  }
  get readyState() {
    if (this.connecting) return "opening";
    if (this.readable && this.writable) return "open";
    return this.readable ? "readOnly" : this.writable ? "writeOnly" : "closed";
  }
  get bufferSize() {
    return this.#socket ? this.writableLength : undefined;
  }
  get remoteAddress() {
    return this.#remote?.address;
  }
  get remotePort() {
    return this.#remote?.port;
  }
  get remoteFamily() {
    return this.#remote?.family;
  }
  get localAddress() {
    return this.address().address;
  }
  get localPort() {
    return this.address().port;
  }
  get localFamily() {
    return this.address().family;
  }
  address() {
    return this.#socket ? { address: "0.0.0.0", family: "IPv4", port: 0 } : {};
  }

  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  connect(...args) {
    const [options, callback] = normalizeArgs(Array.isArray(args[0]) ? args[0] : args);
    if (this.connecting) throw nodeError.plain("ERR_SOCKET_CONNECTING", "Socket is already connecting");
    if (callback) this.once("connect", callback);
    if (options.port === undefined && options.path == null) throw missingArgs(["options", "port", "path"]);
    if (options.path != null) throw invalidArgValue("path", options.path, "is not supported");
    const { port: given } = options;
    const port = Number(given);
    if (typeof given !== "number" && typeof given !== "string") throw invalidArgType("options.port", ["number", "string"], given);
    if (!Number.isInteger(port) || port < 0 || port > 65535 || String(given).trim() === "") throw nodeError.plain("ERR_SOCKET_BAD_PORT", `Port should be >= 0 and < 65536. Received ${typeof given}.`);
    if (this.destroyed) this._undestroy();
    const host = options.host || "localhost";
    this.connecting = true;
    if (typeof options.lookup !== "function" || isIP(host)) {
      this.#open(host, port);
      return this;
    }
    options.lookup(host, { family: options.family || 0, hints: options.hints }, (error, address, family) => {
      this.emit("lookup", error, address, family, host);
      if (error) this.destroy(error);
      else if (!isIP(address)) this.destroy(nodeError.type("ERR_INVALID_IP_ADDRESS", `Invalid IP address: ${address}`));
      else if (!this.destroyed) this.#open(address, port);
    });
    return this;
  }

  #open(host, port) {
    const kind = isIP(host);
    this.#remote = { address: host, port, family: kind === 4 ? "IPv4" : kind === 6 ? "IPv6" : undefined };
    this.#active();
    this.emit("connectionAttempt", host, port, kind);
    let socket;
    try {
      socket = open({ hostname: kind === 6 ? `[${host}]` : host, port }, { allowHalfOpen: true, secureTransport: this._secureTransport() });
    } catch (error) {
      this.destroy(error);
      return;
    }
    this._attach(socket);
    this._await(socket, (error) => {
      const failure = connectFailure(error, host, port);
      if (failure.syscall === "getaddrinfo") this.emit("lookup", failure, undefined, undefined, host);
      else this.emit("connectionAttemptFailed", host, port, kind, failure);
      return failure;
    });
  }

  _secureTransport() {
    return "starttls"; // it may become a TLSSocket's
  }
  _opened() {}

  _attach(socket) {
    this.#socket = socket;
    this.#reader = socket.readable.getReader();
    this.#writer = socket.writable.getWriter();
    this.#writer.closed.catch(() => {});
    this.#reader.closed.catch(() => {});
  }

  /** `failed` gives what it ends with when it does not open. */
  _await(socket, failed) {
    socket.opened.then(() => {
      if (this.destroyed) return;
      this.connecting = false;
      this.#active();
      this._opened();
      this.emit("connect");
      this.emit("ready");
      const pending = this.#pending;
      this.#pending = null;
      pending?.();
      if (!this.isPaused()) this.read(0);
    }, (error) => {
      if (!this.destroyed) this.destroy(failed(error));
    });
  }

  /** Gives up the connection: what follows on it is another's. */
  _detach() {
    const socket = this.#socket;
    const reader = this.#reader;
    this.#reader = this.#socket = null;
    reader.releaseLock();
    this.#writer.releaseLock();
    this.#writer = null;
    return socket;
  }

  _read() {
    if (this.connecting || !this.#reader) {
      this.once("connect", () => this._read());
      return;
    }
    const reader = this.#reader;
    reader.read().then(({ done, value }) => {
      if (this.destroyed || reader !== this.#reader) return;
      this.#active();
      if (done) {
        this.push(null);
        if (this.#onread) this.read(0);
        return;
      }
      this.bytesRead += value.byteLength;
      if (this.#onread) this.#give(value);
      else this.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }, (error) => {
      if (reader === this.#reader) this.destroy(readFailure(error));
    });
  }

  /** What came goes into buffers of the code's own. */
  #give(bytes) {
    const { buffer, callback } = this.#onread;
    for (let at = 0; at < bytes.byteLength && !this.destroyed;) {
      const target = typeof buffer === "function" ? buffer() : buffer;
      const piece = bytes.subarray(at, at + target.byteLength);
      if (piece.byteLength === 0) return;
      target.set(piece);
      at += piece.byteLength;
      if (callback(piece.byteLength, Buffer.from(target.buffer, target.byteOffset, piece.byteLength)) === false) {
        this.once("resume", () => (at < bytes.byteLength ? this.#give(bytes.subarray(at)) : this._read()));
        this.pause();
        return;
      }
    }
    if (!this.destroyed) this._read();
  }

  _write(chunk, encoding, done) {
    if (this.connecting) {
      const tooEarly = () => done(nodeError.plain("ERR_SOCKET_CLOSED_BEFORE_CONNECTION", "Socket closed before the connection was established"));
      this.once("close", tooEarly);
      this.#pending = () => {
        this.removeListener("close", tooEarly);
        this._write(chunk, encoding, done);
      };
      return;
    }
    if (!this.#writer) {
      done(nodeError.plain("ERR_SOCKET_CLOSED", "Socket is closed"));
      return;
    }
    const bytes = typeof chunk === "string" ? Buffer.from(chunk, encoding) : chunk;
    this.#active();
    this.#writer.write(bytes).then(() => {
      this.#written += bytes.byteLength;
      this.#active();
      done();
    }, (error) => done(readFailure(error)));
  }

  _final(done) {
    if (this.connecting) {
      this.#pending = () => this._final(done);
      return;
    }
    if (!this.#writer) {
      done();
      return;
    }
    this.#writer.close().then(() => done(), done);
  }

  _destroy(error, done) {
    clearTimeout(this.#timer);
    this.connecting = false;
    this.#pending = null;
    const socket = this.#socket;
    const end = () => {
      this.#socket = this.#reader = this.#writer = null;
      done(error);
      nextTick(() => this.emit("close", Boolean(error)));
    };
    if (!socket) queueMicrotask(end);
    else Promise.resolve(socket.close()).then(end, end);
  }

  #active() {
    if (this.timeout > 0) this.setTimeout(this.timeout);
  }

  setTimeout(delay, callback) {
    if (this.destroyed) return this;
    this.timeout = delay;
    if (typeof delay !== "number") throw invalidArgType("msecs", "number", delay);
    if (delay < 0 || !Number.isFinite(delay)) throw outOfRange("msecs", "a non-negative finite number", delay);
    clearTimeout(this.#timer);
    if (callback !== undefined) {
      validateFunction(callback, "callback");
      if (delay === 0) this.removeListener("timeout", callback);
      else this.once("timeout", callback);
    }
    if (delay > 0) this.#timer = setTimeout(() => this.emit("timeout"), Math.min(delay, longest));
    return this;
  }
  setNoDelay() {
    return this;
  }
  setKeepAlive() {
    return this;
  }
  ref() {
    return this;
  }
  unref() {
    return this;
  }
  resetAndDestroy() {
    if (!this.#socket) return this.destroy(nodeError.plain("ERR_SOCKET_CLOSED", "Socket is closed"));
    if (this.connecting) this.once("connect", () => this.destroy());
    else this.destroy();
    return this;
  }
}

/** Node's own is a function, which may be called without new. */
export const Socket = new Proxy(NetSocket, { apply: (target, self, args) => new target(...args) });
Object.defineProperty(NetSocket, "name", { value: "Socket" });
NetSocket.prototype.constructor = Socket;

export function connect(...args) {
  const [options, callback] = normalizeArgs(args);
  const socket = new Socket(options);
  if (options.timeout) socket.setTimeout(options.timeout);
  return socket.connect([options, callback]);
}

const refused = (name) => Object.defineProperty(function () {
  throw notImplemented(name);
}, "name", { value: name });
let selectTimeout = 250;

export default {
  BlockList,
  BoundSocket: refused("BoundSocket"),
  Server: refused("Server"),
  Socket,
  SocketAddress,
  Stream: Socket,
  _normalizeArgs: normalizeArgs,
  connect,
  createConnection: connect,
  createServer: refused("createServer"),
  getDefaultAutoSelectFamily: () => false,
  getDefaultAutoSelectFamilyAttemptTimeout: () => selectTimeout,
  isIP,
  isIPv4,
  isIPv6,
  setDefaultAutoSelectFamily() {},
  setDefaultAutoSelectFamilyAttemptTimeout(value) {
    validateInteger(value, "value", 1);
    selectTimeout = Math.max(value, 10);
  },
};
