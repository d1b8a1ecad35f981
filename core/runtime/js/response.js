// SPDX-License-Identifier: GPL-3.0-or-later
// Response (Fetch standard, section 5.5).

import { defineGlobals } from "./native.js";
import { Body, Kind, cloneBody, extractBody, mixBody } from "./body.js";
import { Headers, flatOf, immutableHeaders, isImmutable } from "./headers.js";
import { URL } from "./url.js";

const internal = Symbol("internal");
const nullBody = new Set([101, 204, 205, 304]);
const textType = ["content-type", "text/plain;charset=UTF-8"];

export let responseBody;
export let responseParts;
export let receivedResponse;
export let mutableResponse;

export class Response {
  #status = 200;
  #statusText = "";
  #headers = null; // made at the first look
  #textType = false; // the only header is the one that a text body brings
  #body = null;
  #url = "";
  #redirected = false;
  #type = "default";

  static {
    responseBody = (response) => response.#body;
    /** [status, statusText, flat headers or undefined] without making objects that nobody asked for. */
    responseParts = (response) => [response.#status, response.#statusText, response.#headers ? flatOf(response.#headers) : response.#textType ? textType : undefined];
    /** A response that came from elsewhere. */
    receivedResponse = (status, statusText, flat, body, url, redirected) => {
      const response = new Response(internal);
      response.#status = status;
      response.#statusText = statusText;
      response.#headers = immutableHeaders(flat);
      response.#body = body;
      response.#url = url;
      response.#redirected = redirected;
      return response;
    };
    /** The response itself when its headers may be changed, else a copy whose headers may. */
    mutableResponse = (response) => {
      if (!response.#headers || !isImmutable(response.#headers)) return response;
      const copy = new Response(internal);
      copy.#status = response.#status;
      copy.#statusText = response.#statusText;
      copy.#headers = new Headers(response.#headers);
      copy.#body = response.#body;
      copy.#url = response.#url;
      copy.#redirected = response.#redirected;
      return copy;
    };
  }

  constructor(body = null, init) {
    if (body === internal) return;
    if (init !== undefined && init !== null) {
      if (typeof init !== "object") throw new TypeError("Failed to construct 'Response': the second argument must be an object.");
      if (init.status !== undefined) {
        const status = Number(init.status);
        if (!Number.isInteger(status) || ((status < 200 || status > 599) && status !== 101)) {
          throw new RangeError("Responses may only be constructed with status codes in the range 200 to 599, inclusive.");
        }
        this.#status = status;
      }
      if (init.statusText !== undefined) {
        this.#statusText = String(init.statusText);
        if (/[\0\r\n]/.test(this.#statusText)) throw new TypeError("Invalid statusText");
      }
      if (init.headers !== undefined && init.headers !== null) this.#headers = new Headers(init.headers);
    }
    if (body === null || body === undefined) return;
    if (nullBody.has(this.#status)) throw new TypeError("Response with null body status (101, 204, 205, or 304) cannot have a body.");
    const [extracted, type] = extractBody(body);
    this.#body = extracted;
    if (!type) return;
    if (!this.#headers && type === textType[1]) this.#textType = true;
    else if (!this.headers.has("content-type")) this.headers.append("content-type", type);
  }

  static error() {
    const response = new Response(internal);
    response.#status = 0;
    response.#type = "error";
    response.#headers = immutableHeaders([]);
    return response;
  }

  static json(data, init) {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError("The data is not JSON serializable");
    const response = new Response(text, init);
    if (!(init?.headers !== undefined && new Headers(init.headers).has("content-type"))) response.headers.set("content-type", "application/json");
    return response;
  }

  static redirect(url, status = 302) {
    const target = URL.parse(String(url));
    if (!target) throw new TypeError(`Unable to parse URL: ${url}`);
    if (![301, 302, 303, 307, 308].includes(Number(status))) throw new RangeError(`${status} is not a redirect status code. It must be one of: 301, 302, 303, 307, or 308.`);
    return new Response(null, { status: Number(status), headers: { location: target.href } });
  }

  get status() { return this.#status; }
  get statusText() { return this.#statusText; }
  get ok() { return this.#status >= 200 && this.#status <= 299; }
  get headers() {
    if (!this.#headers) {
      this.#headers = new Headers();
      if (this.#textType) this.#headers.append(...textType);
    }
    return this.#headers;
  }
  get url() { return this.#url; }
  get redirected() { return this.#redirected; }
  get type() { return this.#type; }
  get webSocket() { return null; }
  get cf() { return undefined; }

  clone() {
    const response = new Response(internal);
    response.#status = this.#status;
    response.#statusText = this.#statusText;
    response.#headers = new Headers(this.headers);
    response.#url = this.#url;
    response.#redirected = this.#redirected;
    response.#type = this.#type;
    response.#body = cloneBody(this.#body);
    return response;
  }

  get [Symbol.toStringTag]() { return "Response"; }
}

export function bytesBody(buffer) {
  return buffer === null ? null : new Body(Kind.Bytes, new Uint8Array(buffer));
}

mixBody(Response.prototype, responseBody);
defineGlobals({ Response });
