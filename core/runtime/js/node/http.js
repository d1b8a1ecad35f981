// SPDX-License-Identifier: GPL-3.0-or-later
// node:http: the client, over fetch(). There is nothing that a server could listen on.
import EventEmitter from "./events.js";
import { AbortError, invalidArgType, nodeError, notImplemented } from "./errors.js";
import { IncomingMessage, METHODS, Outgoing, STATUS_CODES, isToken, maxHeaderSize, validateHeaderName, validateHeaderValue } from "./httpcommon.js";
import url from "./url.js";
import { validateInteger } from "./validators.js";

export class Agent extends EventEmitter {
  constructor(options = {}) {
    super();
    this.defaultPort = 80;
    this.protocol = "http:";
    this.options = Object.assign(Object.create(null), options, { path: null, proxyEnv: undefined, noDelay: options?.noDelay ?? true });
    this.agentKeepAliveTimeoutBuffer = 1000;
    this.keepAliveMsecs = options?.keepAliveMsecs ?? 1000;
    this.keepAlive = options?.keepAlive ?? false;
    this.maxSockets = options?.maxSockets ?? Infinity;
    this.maxFreeSockets = options?.maxFreeSockets ?? 256;
    this.scheduling = options?.scheduling ?? "lifo";
    this.maxTotalSockets = options?.maxTotalSockets ?? Infinity;
    this.totalSocketCount = 0;
    this.freeSockets = {};
    this.sockets = {};
    this.requests = {};
  }
  destroy() {}
  getName(options = {}) {
    const { host = "localhost", port = "", localAddress = "", family } = options;
    return `${host}:${port}:${localAddress}${family === 4 || family === 6 ? `:${family}` : ""}`;
  }
}
Object.assign(Agent, { defaultMaxSockets: Infinity });
export const globalAgent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 });

const badPath = /[^\u0021-\u00ff]/;

export class ClientRequest extends Outgoing {
  #chunks = [];
  #controller = new AbortController();
  #timer;
  #sent = false;

  constructor(input, options, callback) {
    super({ autoDestroy: false, decodeStrings: true });
    if (typeof input === "string") input = url.urlToHttpOptions(new URL(input));
    else if (input instanceof URL) input = url.urlToHttpOptions(input);
    else [callback, options, input] = [options, input, null];
    if (typeof options === "function") [callback, options] = [options, {}];
    options = Object.assign(input ?? {}, options);
    if (options.agent !== undefined && options.agent !== null && options.agent !== false && typeof options.agent.addRequest !== "function" && !(options.agent instanceof Agent)) throw invalidArgType("options.agent", ["Agent-like Object", "undefined", "false"], options.agent);
    const agent = options.agent || options._defaultAgent || globalAgent;
    const protocol = options.protocol || agent.protocol;
    const expected = (options.agent || options._defaultAgent || globalAgent).protocol;
    if (options.path !== undefined && badPath.test(String(options.path))) throw nodeError.type("ERR_UNESCAPED_CHARACTERS", "Request path contains unescaped characters");
    if (protocol !== expected) throw nodeError.type("ERR_INVALID_PROTOCOL", `Protocol "${protocol}" not supported. Expected "${expected}"`);
    for (const name of ["hostname", "host"]) {
      if (options[name] != null && typeof options[name] !== "string") throw invalidArgType(`options.${name}`, ["string", "undefined", "null"], options[name]);
    }
    if (options.method != null && typeof options.method !== "string") throw invalidArgType("options.method", "string", options.method);
    if (options.method && !isToken(options.method)) throw nodeError.type("ERR_INVALID_HTTP_TOKEN", `Method must be a valid HTTP token ["${options.method}"]`);
    const host = options.hostname || options.host || "localhost";
    const defaultPort = protocol === "https:" ? 443 : 80;
    const port = options.port || options.defaultPort || defaultPort;
    Object.assign(this, { agent, method: (options.method || "GET").toUpperCase(), path: options.path || "/", host, protocol, port, res: null, aborted: false, reusedSocket: false, maxHeadersCount: null, finished: false });
    if (Array.isArray(options.headers)) for (let i = 0; i + 1 < options.headers.length; i += 2) this.appendHeader(options.headers[i], options.headers[i + 1]);
    else for (const [name, value] of Object.entries(options.headers ?? {})) this.setHeader(name, value);
    const shownHost = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
    if (!this.hasHeader("host") && options.setHost !== false) this.setHeader("host", Number(port) === defaultPort ? shownHost : `${shownHost}:${port}`);
    if (options.auth && !this.hasHeader("authorization")) this.setHeader("authorization", `Basic ${require("./buffer.js").Buffer.from(options.auth).toString("base64")}`);
    this.shownHost = shownHost;
    if (options.timeout !== undefined) this.setTimeout(options.timeout);
    if (callback) this.once("response", callback);
    const { signal } = options;
    if (signal) {
      const onAbort = () => this.destroy(new AbortError(undefined, { cause: signal.reason }));
      if (signal.aborted) queueMicrotask(onAbort);
      else signal.addEventListener("abort", onAbort, { once: true });
    }
  }

  get headersSent() {
    return this.#sent;
  }

  _write(chunk, encoding, done) {
    this.#chunks.push(chunk);
    done();
  }

  _final(done) {
    this.finished = true;
    done();
    this.#send();
  }

  #send() {
    this.#sent = true;
    const body = this.#chunks.length > 0 && this.method !== "GET" && this.method !== "HEAD" ? require("./buffer.js").Buffer.concat(this.#chunks) : undefined;
    const headers = this.headerList().filter(([name]) => !["host", "connection", "content-length", "transfer-encoding"].includes(name.toLowerCase()));
    fetch(`${this.protocol}//${this.shownHost}:${this.port}${this.path}`, { method: this.method, headers, body, redirect: "manual", signal: this.#controller.signal }).then((response) => {
      if (this.destroyed) return;
      clearTimeout(this.#timer);
      const message = new IncomingMessage(response);
      message.req = this;
      this.res = message;
      if (!this.emit("response", message)) message._dump();
      message.once("close", () => this.destroyed || this.destroy());
    }, (error) => {
      clearTimeout(this.#timer);
      if (!this.destroyed) this.destroy(error);
    });
  }

  _destroy(error, done) {
    clearTimeout(this.#timer);
    if (!this.res) this.#controller.abort();
    else if (error) this.res.destroy(error);
    if (!this.res && !error) error = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    queueMicrotask(() => done(error));
  }

  abort() {
    if (this.aborted) return;
    this.aborted = true;
    queueMicrotask(() => this.emit("abort"));
    this.destroy();
  }

  setTimeout(delay, callback) {
    validateInteger(delay, "msecs", 0);
    clearTimeout(this.#timer);
    if (callback) this.once("timeout", callback);
    this.timeout = delay;
    if (delay > 0) this.#timer = setTimeout(() => this.emit("timeout"), delay);
    return this;
  }

  flushHeaders() {}
  setNoDelay() {}
  setSocketKeepAlive() {}
  onSocket() {}
}

export function request(input, options, callback) {
  return new ClientRequest(input, options, callback);
}

export function get(input, options, callback) {
  const made = request(input, options, callback);
  made.end();
  return made;
}

function refused(name) {
  return Object.defineProperty(function () {
    throw notImplemented(name);
  }, "name", { value: name });
}

export default {
  Agent,
  ClientRequest,
  CloseEvent: globalThis.CloseEvent,
  IncomingMessage,
  METHODS,
  MessageEvent: globalThis.MessageEvent,
  OutgoingMessage: Outgoing,
  STATUS_CODES,
  Server: refused("Server"),
  ServerResponse: refused("ServerResponse"),
  WebSocket: globalThis.WebSocket,
  _connectionListener: refused("_connectionListener"),
  createServer: refused("createServer"),
  get,
  globalAgent,
  maxHeaderSize,
  request,
  setMaxIdleHTTPParsers(max) {
    validateInteger(max, "max", 1);
  },
  validateHeaderName,
  validateHeaderValue,
};
