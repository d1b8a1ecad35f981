// SPDX-License-Identifier: GPL-3.0-or-later
// Response (Fetch standard, section 5.5).

import { defineGlobals } from "./native.js";
import { Body, Kind, cloneBody, extractBody } from "./body.js";
import { BodyMixin, ownsBody } from "./bodymixin.js";
import { cfOf, copyCf } from "./cf.js";
import { Headers, copyHeaders, flatOf, immutableHeaders, isImmutable } from "./headers.js";
import { argumentError, constructorError, fieldError, interfaceOf, isDictionary } from "./interface.js";
import { stringifyJson } from "./language/json.js";
import { URL } from "./url.js";

const internal = Symbol("internal");
const textType = ["content-type", "text/plain;charset=UTF-8"];
const jsonType = ["content-type", "application/json"];

export let isResponse;
export let responseBody;
export let responseParts;
export let responseOptions;
export let receivedResponse;
export let mutableResponse;
/** Whether a value is a WebSocket that a Response may carry. */
let isWebSocket = () => false;

/** The WebSocket class makes itself known. */
export function acceptWebSockets(test) {
  isWebSocket = test;
}

const isNullBody = (status) => status === 101 || status === 204 || status === 205 || status === 304;

/** What stands in a dictionary, read in workerd's order, each field once. */
function readInit(init) {
  const read = { status: 200, statusText: "", headers: null, cf: undefined, webSocket: null, manual: false };
  let value = init.status;
  if (value !== undefined) read.status = +value | 0;
  value = init.statusText;
  if (value !== undefined) read.statusText = `${value}`;
  value = init.headers;
  if (value !== undefined) {
    if (!isDictionary(value)) throw fieldError("headers", "InitializerDict", "Headers or Sequence or object");
    read.headers = new Headers(value);
  }
  value = init.cf;
  if (value !== undefined) read.cf = cfOf(value, "InitializerDict");
  value = init.webSocket;
  if (value !== undefined && value !== null) {
    if (!isWebSocket(value)) throw fieldError("webSocket", "InitializerDict", "WebSocket");
    read.webSocket = value;
  }
  value = init.encodeBody;
  if (value !== undefined) {
    value = `${value}`;
    if (value !== "manual" && value !== "automatic") throw new TypeError(`encodeBody: unexpected value: ${value}`);
    read.manual = value === "manual";
  }
  return read;
}

export class Response extends BodyMixin {
  #status = 200;
  #statusText = "";
  #headers = null; // made at the first look
  #only = null; // [name, value]: the only header, which the body brings
  #body = null;
  #url = "";
  #redirected = false;
  #type = "default";
  #cf;
  #webSocket = null;
  #manual = false; // the body is encoded already as its content-encoding says

  static {
    responseBody = (response) => response.#body;
    isResponse = (value) => typeof value === "object" && value !== null && #status in value;
    /** [status, statusText, flat headers or undefined] without making objects that nobody asked for. */
    responseParts = (response) => [response.#status, response.#statusText, response.#headers ? flatOf(response.#headers) : response.#only ?? undefined];
    /** What is not in a response's head: its WebSocket, and whether its body is encoded already. */
    responseOptions = (response) => ({ webSocket: response.#webSocket, manual: response.#manual });
    /** A response that came from elsewhere. */
    receivedResponse = (status, statusText, flat, body, url, redirected, { webSocket = null, manual = false } = {}) => {
      const response = new Response(internal);
      response.#status = status;
      response.#statusText = statusText;
      response.#headers = immutableHeaders(flat);
      response.#body = body;
      response.#url = url;
      response.#redirected = redirected;
      response.#webSocket = webSocket;
      response.#manual = manual;
      return response;
    };
    /** The response itself when its headers may be changed, else a copy whose headers may. */
    mutableResponse = (response) => {
      if (!response.#headers || !isImmutable(response.#headers)) return response;
      const copy = new Response(internal);
      copy.#take(response);
      copy.#headers = new Headers(response.#headers);
      copy.#body = response.#body;
      copy.#url = ""; // as of any response that code makes
      copy.#redirected = false;
      return copy;
    };
  }

  constructor(body, init) {
    super();
    if (body === internal) return;
    if (init !== undefined && init !== null) {
      if (!isDictionary(init)) throw constructorError("Response", 2, "InitializerDict or Response");
      this.#init(init);
    }
    if (body === null || body === undefined) return;
    const pair = extractBody(body); // indexes, because user code may break the iterators of arrays
    const extracted = pair[0];
    const type = pair[1];
    if (this.#give(extracted) && type) {
      if (!this.#headers) this.#only = type === textType[1] ? textType : ["content-type", type];
      else if (!this.#headers.has("content-type")) this.#headers.append("content-type", type);
    }
  }

  #init(init) {
    if (isResponse(init)) {
      this.#status = init.#status;
      this.#statusText = init.#statusText;
      this.#headers = new Headers(init.headers);
      this.#cf = copyCf(init.#cf);
      this.#webSocket = init.#webSocket;
      this.#manual = init.#manual;
    } else {
      const read = readInit(init);
      this.#status = read.status;
      this.#statusText = read.statusText;
      this.#headers = read.headers;
      this.#cf = read.cf;
      this.#webSocket = read.webSocket;
      this.#manual = read.manual;
    }
    const status = this.#status;
    if (this.#webSocket && status !== 101) throw new RangeError("Responses with a WebSocket must have status code 101.");
    if (!this.#webSocket && (status < 200 || status > 599)) throw new RangeError("Responses may only be constructed with status codes in the range 200 to 599, inclusive.");
    for (let i = 0; i < this.#statusText.length; ++i) {
      const unit = this.#statusText.charCodeAt(i);
      if (unit === 0 || unit === 10 || unit === 13) throw new TypeError("Invalid statusText");
    }
  }

  /** Takes a body, unless its status allows an empty one only. */
  #give(body) {
    if (isNullBody(this.#status)) {
      const empty = (body.kind === Kind.Text && body.value === "") || (body.kind === Kind.Bytes && body.value.byteLength === 0);
      if (!empty) throw new TypeError("Response with null body status (101, 204, 205, or 304) cannot have a body.");
      return false;
    }
    this.#body = body;
    return true;
  }

  #take(from) {
    this.#status = from.#status;
    this.#statusText = from.#statusText;
    this.#url = from.#url;
    this.#redirected = from.#redirected;
    this.#type = from.#type;
    this.#cf = copyCf(from.#cf);
    this.#webSocket = from.#webSocket;
    this.#manual = from.#manual;
  }

  static error() {
    const response = new Response(internal);
    response.#status = 0;
    response.#type = "error";
    return response;
  }

  static redirect(url, status) {
    const text = `${url}`;
    const code = status === undefined ? 302 : +status | 0;
    if (code !== 301 && code !== 302 && code !== 303 && code !== 307 && code !== 308) {
      throw new RangeError(`${code} is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308.`);
    }
    const target = URL.parse(text);
    if (!target) throw new TypeError(`Unable to parse URL: ${text}`);
    const response = new Response(internal);
    response.#status = code;
    response.#headers = immutableHeaders(["location", target.href]);
    return response;
  }

  static json(data, init) {
    if (init !== undefined && init !== null && !isDictionary(init)) throw argumentError("Response", "json", 2, "InitializerDict or Response");
    const text = `${stringifyJson(data)}`;
    const response = new Response(internal);
    if (init !== undefined && init !== null) response.#init(init);
    response.#give(new Body(Kind.Text, text));
    if (!response.#headers) response.#only = jsonType;
    else if (!response.#headers.has("content-type")) response.#headers.append("content-type", jsonType[1]);
    return response;
  }

  clone() {
    if (this.#webSocket) throw new TypeError("Cannot clone a response to a WebSocket handshake.");
    const response = new Response(internal);
    const body = cloneBody(this.#body);
    response.#take(this);
    response.#headers = this.#headers ? copyHeaders(this.#headers) : null;
    response.#only = this.#only;
    response.#body = body;
    return response;
  }

  get status() { return this.#status; }
  get statusText() { return this.#statusText; }
  get headers() {
    if (!this.#headers) {
      this.#headers = new Headers();
      if (this.#only) this.#headers.append(this.#only[0], this.#only[1]);
    }
    return this.#headers;
  }
  get ok() { return this.#status >= 200 && this.#status <= 299; }
  get redirected() { return this.#redirected; }
  get url() { return this.#url; }
  get webSocket() { return this.#webSocket; }
  get cf() { return this.#cf; }
  get type() { return this.#type; }
}

export function bytesBody(buffer) {
  return buffer === null ? null : new Body(Kind.Bytes, new Uint8Array(buffer));
}

ownsBody(isResponse, responseBody);
interfaceOf(Response, {
  isOne: isResponse,
  members: "clone status statusText headers ok redirected url webSocket cf type",
  statics: "error redirect:string json:Value",
});
defineGlobals({ Response });
