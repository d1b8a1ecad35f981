// SPDX-License-Identifier: GPL-3.0-or-later
// WebSocket and WebSocketPair, as workerd has them.

import { Blob } from "../blob.js";
import { compat } from "../compat.js";
import { keepAlive } from "../dispatch.js";
import { reportException } from "../errors.js";
import { CloseEvent, ErrorEvent, Event, EventTarget, MessageEvent, dispatch, listens, trusted } from "../events.js";
import { openSocket, socketsOfFetch } from "../fetch.js";
import { constructorError, interfaceOf, isDictionary } from "../interface.js";
import { native, defineGlobals } from "../native.js";
import { Promise } from "../primordials.js";
import { acceptWebSockets } from "../response.js";
import { cloneValue as structuredClone } from "../structuredclone.js";
import { End } from "./end.js";
import { Link } from "./link.js";
import { checkClose, copyOf, fieldOf, httpAddress, isBytes, protocolField, wellFormed } from "./values.js";

const internal = Symbol("internal");
const notAccepted = "You must call one of accept() or state.acceptWebSocket() on this WebSocket before sending messages.";
const { defineProperty } = Object;
const mostAttached = 16_384; // bytes
const foreign = "Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. This is a limitation of Cloudflare Workers which allows us to improve overall performance. (I/O type: Native)";

let isWebSocket;
let endOf;
let makeWebSocket;
let releaseForResponse;
let sleep;
export { endOf, isWebSocket as isSocket, makeWebSocket as wakenSocket, sleep as sleepingSocket };

export class WebSocket extends EventTarget {
  #end = null;
  #owner = 0; // the request that it belongs to
  #autoReply = false;
  #binaryType = undefined;
  #url = null;
  #protocol = "";
  #extensions = "";
  #opening = null; // of `new WebSocket()`, before it is connected: an exchange
  #constructed = false; // by user code

  static {
    isWebSocket = (value) => typeof value === "object" && value !== null && #end in value;
    endOf = (socket) => socket.#end;
    makeWebSocket = (end) => {
      const socket = new WebSocket(internal);
      socket.#end = end;
      socket.#owner = native.ioContext();
      return socket;
    };
    /** Its end, from which `taker` gets what comes, whether or not there is an object of user code's. */
    sleep = (socket, taker) => {
      socket.#checkOwner();
      const end = socket.#end;
      if (end.use === "response") throw new Error("Cannot call `acceptWebSocket()` after the WebSocket was returned in a Response");
      if (end.use !== "") throw new Error("Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`");
      end.use = "accepted";
      end.sleeping = true;
      end.take(taker);
      return end;
    };
    /** Its end, which goes on with a client. */
    releaseForResponse = (socket) => {
      socket.#checkOwner();
      const end = socket.#end;
      if (socket.#constructed) throw new TypeError("Can't return WebSocket in a Response if it was created with `new WebSocket()`");
      if (end.use === "response") throw new TypeError("Can't return WebSocket that was already used in a response.");
      if (end.use === "accepted") throw new TypeError("Can't return WebSocket in a Response after calling accept().");
      end.use = "response";
      return end;
    };
  }

  constructor(url, protocols) {
    super();
    if (url === internal) return;
    if (arguments.length === 0) throw constructorError("WebSocket", 1, "string");
    const text = `${url}`;
    const address = httpAddress(text);
    const field = protocols === undefined ? "" : protocolField(protocols);
    native.refuseInGlobalScope();
    this.#url = text;
    this.#owner = native.ioContext();
    this.#constructed = true;
    this.#end = new End();
    this.#end.use = "connecting";
    const fields = ["sec-websocket-extensions", "permessage-deflate"]; // not sent where the flags are against it
    if (field) fields[2] = "sec-websocket-protocol", fields[3] = field;
    const opening = openSocket(address, fields);
    this.#opening = opening;
    this.#connect(opening);
  }

  async #connect(opening) {
    const end = this.#end;
    try {
      const head = await opening.head;
      if (head.status !== 101) {
        opening.source.cancel();
        throw new TypeError(`Failed to establish the WebSocket connection: expected server to reply with HTTP status code 101 (switching protocols), but received ${head.status} instead.`);
      }
      this.#opening = null;
      this.#protocol = fieldOf(head.flat, "sec-websocket-protocol");
      this.#extensions = fieldOf(head.flat, "sec-websocket-extensions");
      attach(end, opening.id);
    } catch (error) {
      this.#opening = null;
      end.use = "failed";
      end.lost = true;
      this.#tell(error);
      this.#tellClosed("Failed to establish websocket connection");
      return;
    }
    this.#accepted();
    // Listeners of "open" come first, and what they do not catch is reported.
    dispatch(this, trusted(new Event("open")));
  }

  #checkOwner() {
    if (this.#owner !== 0 && native.ioContext() !== this.#owner) throw new Error(foreign);
  }

  accept(options) {
    this.#checkOwner();
    const end = this.#end;
    if (end.use === "connecting") throw new TypeError("Websockets obtained from the 'new WebSocket()' constructor cannot call accept");
    if (end.use === "response") throw new TypeError("Can't accept() WebSocket that was already used in a response.");
    if (end.sleeping) throw new TypeError("Can't accept() WebSocket after enabling hibernation.");
    const halfOpen = isDictionary(options) ? options.allowHalfOpen : undefined;
    if (end.use !== "") return;
    native.refuseInGlobalScope();
    this.#accepted(halfOpen);
  }

  #accepted(halfOpen) {
    const end = this.#end;
    this.#autoReply = halfOpen === undefined ? compat("web_socket_auto_reply_to_close") : !halfOpen;
    end.use = "accepted";
    end.take((item) => this.#received(item));
    if (end.connection) keepAlive(end.connection);
  }

  send(data) {
    this.#checkOwner();
    const end = this.#end;
    const bytes = isBytes(data);
    const content = bytes ? data : wellFormed(`${data}`);
    if (end.use === "failed") return;
    if (end.use !== "accepted") throw new TypeError(notAccepted);
    if (end.sentClose) throw new TypeError("Can't call WebSocket send() after close().");
    // On its way to the network it is copied there.
    end.send({ kind: "message", data: bytes && !end.peer.direct ? copyOf(content) : content });
  }

  close(code, reason) {
    const end = this.#end;
    const number = code === undefined ? undefined : +code | 0;
    const text = reason === undefined ? undefined : wellFormed(`${reason}`);
    checkClose(number, text);
    this.#checkOwner();
    if (end.use === "connecting") {
      // As workerd: it counts as open, until it has failed.
      end.use = "failed";
      this.#opening.abort(new Error("Network connection lost."));
      return;
    }
    if (end.use === "failed") return;
    if (end.use !== "accepted") throw new TypeError(notAccepted);
    this.#close(number ?? 1005, text ?? "");
  }

  #close(code, reason) {
    const end = this.#end;
    if (end.sentClose || end.lost) return;
    end.sentClose = true;
    end.send({ kind: "close", code, reason });
  }

  #received(item) {
    if (this.#end.lost) return;
    try {
      if (item.kind === "message") this.#message(item.data);
      else if (item.kind === "close") this.#closed(item.code, item.reason);
      else if (item.kind === "failed") this.#broken(item.message);
      else this.#lost();
    } catch (error) {
      this.#failed(error);
    }
  }

  #message(data) {
    if (typeof data !== "string" && this.binaryType === "blob") data = new Blob([data]);
    const thrown = { errors: [] };
    dispatch(this, trusted(new MessageEvent("message", { data, origin: null })), thrown);
    if (thrown.errors.length > 0) this.#failed(thrown.errors[0], true);
  }

  #closed(code, reason) {
    this.#end.gotClose = true;
    if (this.#autoReply) this.#close(code, reason);
    dispatch(this, trusted(new CloseEvent("close", { code, reason, wasClean: true })));
  }

  #lost() {
    const end = this.#end;
    if (end.gotClose) {
      end.lost = true;
      return;
    }
    const isPair = end.peer instanceof End && end.peer.use !== "response";
    if (isPair) {
      end.lost = true;
      this.#tell(new Error("Network connection lost."));
    }
    this.#tellClosed("WebSocket disconnected without sending Close frame.");
    end.lost = true;
    if (!isPair) end.gotClose = true;
  }

  /** The other side broke the protocol. */
  #broken(message) {
    this.#end.lost = true;
    this.#tell(new Error(message));
  }

  #tellClosed(reason) {
    dispatch(this, trusted(new CloseEvent("close", { code: 1006, reason, wasClean: false })));
  }

  /** A listener threw: nothing more is heard of the connection, on either side. */
  #failed(error, told = false) {
    if (!this.#end.lost) {
      this.#end.drop();
      if (listens(this, "error")) {
        try {
          this.#tell(error);
          return;
        } catch (other) {
          error = other;
          told = false;
        }
      }
    }
    if (!told) reportException(error);
  }

  #tell(error) {
    let message = "Uncaught Error";
    try {
      message = `Uncaught ${error}`;
    } catch {
      // what cannot be shown has no words
    }
    dispatch(this, trusted(new ErrorEvent("error", { message, error })));
  }

  serializeAttachment(value) {
    const copy = structuredClone(value);
    const { byteLength } = native.queueWrite(copy);
    if (byteLength > mostAttached) throw new Error(`A WebSocket 'attachment' cannot be larger than ${mostAttached} bytes.'attachment' was ${byteLength} bytes.`);
    this.#end.attachment = { value: copy };
  }

  deserializeAttachment() {
    const { attachment } = this.#end;
    return attachment === null ? null : structuredClone(attachment.value);
  }

  get readyState() {
    this.#checkOwner();
    const { sentClose, gotClose, lost, use } = this.#end;
    if (use === "connecting") return 0;
    if (sentClose && gotClose) return 3;
    if (lost) return gotClose ? 2 : 3;
    return sentClose || gotClose ? 2 : 1;
  }
  get bufferedAmount() { return 0; }
  get url() { return this.#url; }
  get protocol() { return this.#protocol; }
  get extensions() { return this.#extensions; }
  get binaryType() { return (this.#binaryType ??= compat("websocket_standard_binary_type") ? "blob" : "arraybuffer"); }
  set binaryType(value) {
    const text = `${value}`;
    if (text === "blob" || text === "arraybuffer") this.#binaryType = text;
  }
}

const constants = [];
["CONNECTING", "OPEN", "CLOSING", "CLOSED"].forEach((name, value) => constants.push([`READY_STATE_${name}`, value], [name, value]));
interfaceOf(WebSocket, {
  isOne: (value) => isWebSocket(value) && endOf(value) !== null,
  members: "accept send:ArrayBuffer_or_ArrayBufferView_or_string close serializeAttachment:Value deserializeAttachment readyState bufferedAmount url protocol extensions binaryType",
  constants,
});
// workerd has the constants before the accessors.
for (const name of ["readyState", "bufferedAmount", "url", "protocol", "extensions", "binaryType", "constructor"]) {
  const found = Object.getOwnPropertyDescriptor(WebSocket.prototype, name);
  delete WebSocket.prototype[name];
  Object.defineProperty(WebSocket.prototype, name, found);
}

/** An end whose other one is at a server. */
function attach(end, id) {
  end.connection = new Promise((resolve) => {
    const link = new Link(id, (item) => end.deliverNow(item), () => end.taking, resolve);
    end.peer = link;
    end.whenTaken = () => link.resume();
  });
}

/**
 * Gives a WebSocket to the client of a request, by native.webSocketAccept(): `accept` calls that and tells whether it went well. over() is called at the
 * end of the connection.
 */
export function connectClient(socket, id, accept, over) {
  const end = releaseForResponse(socket);
  const far = end.peer;
  if (!accept()) {
    end.drop();
    return;
  }
  const link = new Link(id, (item) => (far instanceof End ? !end.lost && far.deliverNow(item) : end.send(item)), () => !(far instanceof End) || far.taking, over);
  if (far instanceof End) far.whenTaken = () => link.resume();
  end.connect((item) => link.deliver(item));
}

/** Gives a WebSocket to the other side of a link: make(receive) makes what it is connected to there. */
export function connectPeer(socket, make) {
  const end = releaseForResponse(socket);
  const far = end.peer;
  const link = make((item) => (far instanceof End ? !end.lost && far.deliverNow(item) : end.send(item)));
  if (far instanceof End) link.far = far;
  end.connect((item) => link.deliver(item));
}

/** A WebSocket whose other end is on the other side of a link: make(receive, over) makes what it is connected to. */
export function peerSocket(make) {
  const end = new End();
  end.connection = new Promise((over) => (end.peer = make((item) => end.deliverNow(item), over)));
  return makeWebSocket(end);
}

export class WebSocketPair {
  constructor() {
    const ends = [new End(), new End()];
    ends[0].peer = ends[1];
    ends[1].peer = ends[0];
    for (let i = 0; i < 2; ++i) defineProperty(this, i, { __proto__: null, value: makeWebSocket(ends[i]), enumerable: true, configurable: true, writable: false });
  }

  *[Symbol.iterator]() {
    yield this[0];
    yield this[1];
  }
}
interfaceOf(WebSocketPair, { isOne: (value) => value instanceof WebSocketPair });

socketsOfFetch((id) => {
  const end = new End();
  attach(end, id);
  return makeWebSocket(end);
});
acceptWebSockets((value) => isWebSocket(value) && endOf(value) !== null);
defineGlobals({ WebSocket, WebSocketPair });
