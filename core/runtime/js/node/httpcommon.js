// SPDX-License-Identifier: GPL-3.0-or-later
// What node:http and node:https share: names, status texts, headers, the message that is received.
import { invalidArgType, nodeError } from "./errors.js";
import Stream from "./stream.js";

export const METHODS = "ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE".split(" ");

export const STATUS_CODES = {
  100: "Continue", 101: "Switching Protocols", 102: "Processing", 103: "Early Hints", 200: "OK", 201: "Created", 202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content",
  205: "Reset Content", 206: "Partial Content", 207: "Multi-Status", 208: "Already Reported", 226: "IM Used", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Found",
  303: "See Other", 304: "Not Modified", 305: "Use Proxy", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required",
  403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable", 407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone",
  411: "Length Required", 412: "Precondition Failed", 413: "Payload Too Large", 414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed",
  418: "I'm a Teapot", 421: "Misdirected Request", 422: "Unprocessable Entity", 423: "Locked", 424: "Failed Dependency", 425: "Too Early", 426: "Upgrade Required",
  428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large", 451: "Unavailable For Legal Reasons", 500: "Internal Server Error", 501: "Not Implemented",
  502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported", 506: "Variant Also Negotiates", 507: "Insufficient Storage",
  508: "Loop Detected", 509: "Bandwidth Limit Exceeded", 510: "Not Extended", 511: "Network Authentication Required",
};

const token = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/;
export const isToken = (text) => typeof text === "string" && token.test(text);

export function validateHeaderName(name, label) {
  if (!isToken(name)) throw nodeError.type("ERR_INVALID_HTTP_TOKEN", `${label || "Header name"} must be a valid HTTP token ["${name}"]`);
}

export function validateHeaderValue(name, value) {
  if (value === undefined) throw nodeError.type("ERR_HTTP_INVALID_HEADER_VALUE", `Invalid value "${value}" for header "${name}"`);
  if (/[^\t\x20-\x7e\x80-\xff]/.test(String(value))) throw nodeError.type("ERR_INVALID_CHAR", `Invalid character in header content ["${name}"]`);
}

export const maxHeaderSize = 16384;

/** A message that was received: the body of a web Response as a stream. */
export class IncomingMessage extends Stream.Readable {
  #response;
  #reader;
  #headers;

  constructor(response) {
    super({ autoDestroy: true });
    this.aborted = false;
    this.url = "";
    this.method = null;
    this.httpVersionMajor = 1;
    this.httpVersionMinor = 1;
    this.httpVersion = "1.1";
    this.complete = false;
    this.rawHeaders = [];
    this.rawTrailers = [];
    this.trailers = {};
    this.socket = null;
    this.statusCode = null;
    this.statusMessage = null;
    if (!(response instanceof Response)) return;
    this.#response = response;
    this.statusCode = response.status;
    this.statusMessage = response.statusText || STATUS_CODES[response.status] || "";
    for (const [name, value] of response.headers) this.rawHeaders.push(name, value);
  }

  get connection() {
    return this.socket;
  }

  get headers() {
    if (this.#headers) return this.#headers;
    const headers = {};
    for (let i = 0; i < this.rawHeaders.length; i += 2) {
      const name = this.rawHeaders[i].toLowerCase();
      if (name === "set-cookie") (headers[name] ??= []).push(this.rawHeaders[i + 1]);
      else headers[name] = name in headers ? `${headers[name]}, ${this.rawHeaders[i + 1]}` : this.rawHeaders[i + 1];
    }
    return (this.#headers = headers);
  }
  set headers(value) {
    this.#headers = value;
  }

  get headersDistinct() {
    const headers = Object.create(null);
    for (let i = 0; i < this.rawHeaders.length; i += 2) (headers[this.rawHeaders[i].toLowerCase()] ??= []).push(this.rawHeaders[i + 1]);
    return headers;
  }

  setTimeout(delay, callback) {
    if (callback) this.once("timeout", callback);
    return this;
  }

  _read() {
    const body = this.#response?.body;
    if (!body) {
      this.complete = true;
      this.push(null);
      return;
    }
    this.#reader ??= body.getReader();
    this.#reader.read().then(({ done, value }) => {
      if (done) this.complete = true;
      this.push(done ? null : Stream._uint8ArrayToBuffer(value));
    }, (error) => this.destroy(error));
  }

  _destroy(error, done) {
    if (!this.readableEnded || !this.complete) {
      this.aborted = true;
      this.emit("aborted");
    }
    const end = () => queueMicrotask(() => done(error));
    if (this.#reader && !this.complete) this.#reader.cancel(error).then(end, end);
    else end();
  }

  _dump() {
    this.resume();
  }
}

/** Headers to be sent: names keep their spelling. */
export class Outgoing extends Stream.Writable {
  #headers = new Map();

  setHeader(name, value) {
    if (this.headersSent) throw nodeError.plain("ERR_HTTP_HEADERS_SENT", "Cannot set headers after they are sent to the client");
    validateHeaderName(name);
    for (const one of [value].flat()) validateHeaderValue(name, one);
    this.#headers.set(name.toLowerCase(), [name, value]);
    return this;
  }
  setHeaders(headers) {
    if (!headers || Array.isArray(headers) || typeof headers.keys !== "function" || typeof headers.get !== "function") throw invalidArgType("headers", ["Headers", "Map"], headers);
    for (const name of headers.keys()) this.setHeader(name, headers.get(name));
    return this;
  }
  appendHeader(name, value) {
    const before = this.getHeader(name);
    return this.setHeader(name, before === undefined ? value : [before, value].flat());
  }
  getHeader(name) {
    if (typeof name !== "string") throw invalidArgType("name", "string", name);
    return this.#headers.get(name.toLowerCase())?.[1];
  }
  getHeaderNames() {
    return [...this.#headers.keys()];
  }
  getRawHeaderNames() {
    return [...this.#headers.values()].map(([name]) => name);
  }
  getHeaders() {
    return Object.fromEntries([...this.#headers].map(([key, [, value]]) => [key, value]));
  }
  hasHeader(name) {
    if (typeof name !== "string") throw invalidArgType("name", "string", name);
    return this.#headers.has(name.toLowerCase());
  }
  removeHeader(name) {
    if (typeof name !== "string") throw invalidArgType("name", "string", name);
    if (this.headersSent) throw nodeError.plain("ERR_HTTP_HEADERS_SENT", "Cannot remove headers after they are sent to the client");
    this.#headers.delete(name.toLowerCase());
  }
  /** As fetch takes them. */
  headerList() {
    return [...this.#headers.values()].flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)]));
  }
}
