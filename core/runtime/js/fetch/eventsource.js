// SPDX-License-Identifier: GPL-3.0-or-later
// EventSource (HTML, section 9.2), over fetch() and over any stream of bytes.

import { native, defineGlobals } from "../native.js";
import { argumentError, constructorError, interfaceOf, isDictionary } from "../interface.js";
import { DOMException } from "../domexception.js";
import { AbortController, ErrorEvent, Event, EventTarget, Handler, MessageEvent, dispatch, trusted } from "../events.js";
import { reportException } from "../errors.js";
import { fetch } from "../fetch.js";
import { ReadableStream } from "../streams.js";
import { URL } from "../url.js";
import { EventParser } from "./eventparser.js";

const connecting = 0;
const open = 1;
const closed = 2;
const minDelay = 1000;
const maxDelay = 10000;
const internal = Symbol("EventSource.from");

let isSource;

export class EventSource extends EventTarget {
  #url = "";
  #origin = null;
  #state = connecting;
  #controller = null;
  #reader = null;
  #delay = 2000;
  #lastEventId = "";
  #empty = false; // a response had no body
  #timer = 0;
  #handlers = { open: new Handler("open"), message: new Handler("message"), error: new Handler("error") };

  static {
    isSource = (value) => typeof value === "object" && value !== null && #state in value;
  }

  constructor(url, init) {
    if (url === internal) {
      super();
      this.#state = open;
      this.#read(init, null);
      return;
    }
    if (arguments.length === 0) throw constructorError("EventSource", 1, "string");
    const text = `${url}`;
    if (init !== undefined && init !== null && !isDictionary(init)) throw constructorError("EventSource", 2, "EventSourceInit");
    if (init?.withCredentials) throw new DOMException("The init.withCredentials option is not supported. It must be false or undefined.", "NotSupportedError");
    super();
    const parsed = URL.parse(text);
    if (!parsed) throw new DOMException(`Cannot open an EventSource to '${text}'. The URL is invalid.`, "SyntaxError");
    native.refuseInGlobalScope();
    this.#url = parsed.href;
    this.#origin = parsed.origin;
    this.#connect();
  }

  static from(stream) {
    if (!(stream instanceof ReadableStream)) throw argumentError("EventSource", "from", 1, "JsReadableStream");
    if (stream.locked) throw new TypeError("This ReadableStream is locked.");
    return new EventSource(internal, stream.getReader());
  }

  /** What a listener throws ends it all. */
  #tell(event) {
    const thrown = { errors: [] };
    try {
      dispatch(this, trusted(event), thrown);
    } catch (error) {
      thrown.errors.push(error);
    }
    if (thrown.errors.length > 0) this.#fail(thrown.errors[0], closed);
  }

  #fail(error, state) {
    if (this.#state === closed) return;
    this.#controller?.abort(error);
    this.#state = state;
    try {
      dispatch(this, trusted(new ErrorEvent("error", { error })));
    } catch (thrown) {
      reportException(thrown);
    }
    reportException(error);
  }

  async #connect() {
    const controller = (this.#controller = new AbortController());
    const headers = { accept: "text/event-stream", "cache-control": "no-cache" };
    if (this.#lastEventId !== "") headers["last-event-id"] = this.#lastEventId;
    try {
      const response = await fetch(this.#url, { headers, signal: controller.signal });
      if (this.#state === closed) return;
      if (!response.ok) {
        this.#fail(new DOMException(`The response status code was ${response.status}.`, "AbortError"), closed);
        return;
      }
      const type = response.headers.get("content-type");
      if (type === null || !/^\s*text\/event-stream\s*(?:;|$)/i.test(type)) {
        this.#fail(new DOMException(type === null ? "No content type header was present in the response." : `The content type '${type}' is invalid.`, "AbortError"), closed);
        return;
      }
      if (!response.body) {
        // Once may be an accident.
        const again = !this.#empty;
        this.#empty = true;
        if (again) this.#reconnect(new Error("The server provided no content. Will try reconnecting."));
        else this.#fail(new Error("The server provided no content."), closed);
        return;
      }
      this.#origin = new URL(response.url).origin;
      this.#state = open;
      this.#tell(new Event("open"));
      if (this.#state === open) this.#read(response.body.getReader(), controller);
    } catch (error) {
      this.#fail(error, closed);
    }
  }

  async #read(reader, controller) {
    this.#reader = reader;
    const parser = new EventParser({
      event: (type, data, lastEventId) => {
        if (this.#state === open) this.#tell(new MessageEvent(type, { data, origin: this.#origin, lastEventId }));
      },
      lastEventId: (id) => void (this.#lastEventId = id),
      retry: (delay) => void (this.#delay = Math.min(Math.max(delay, minDelay), maxDelay)),
    });
    const disconnected = new Error("The server disconnected.");
    let failure = disconnected;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.#state === closed) break;
        parser.push(value);
      }
    } catch (error) {
      if (error?.message !== "Network connection lost.") failure = error;
    }
    if (this.#state === closed) return;
    if (controller && failure === disconnected) this.#reconnect(failure);
    else this.#fail(failure, closed);
  }

  #reconnect(error) {
    this.#fail(error, connecting);
    if (this.#state === closed) return;
    this.#timer = native.setTimer(() => {
      this.#timer = 0;
      if (this.#state === connecting) this.#connect();
    }, this.#delay, false);
  }

  close() {
    if (this.#state === closed) return;
    this.#state = closed;
    if (this.#timer) native.clearTimer(this.#timer);
    this.#controller?.abort();
    this.#reader?.cancel().catch(() => {});
  }

  get url() { return this.#url; }
  get withCredentials() { return false; }
  get readyState() { return this.#state; }
  get onopen() { return this.#handlers.open.callback; }
  set onopen(callback) { this.#handlers.open.set(this, callback); }
  get onmessage() { return this.#handlers.message.callback; }
  set onmessage(callback) { this.#handlers.message.set(this, callback); }
  get onerror() { return this.#handlers.error.callback; }
  set onerror(callback) { this.#handlers.error.set(this, callback); }
}

interfaceOf(EventSource, {
  isOne: isSource,
  members: "close url withCredentials readyState onopen onmessage onerror",
  statics: "from:JsReadableStream",
  constants: [["CONNECTING", connecting], ["OPEN", open], ["CLOSED", closed]],
});
if (Symbol.dispose) Object.defineProperty(EventSource.prototype, Symbol.dispose, { value() { this.close(); }, writable: true, configurable: true });
defineGlobals({ EventSource });
