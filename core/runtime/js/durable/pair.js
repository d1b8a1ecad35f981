// SPDX-License-Identifier: GPL-3.0-or-later
// WebSocketRequestResponsePair: what hibernatable WebSockets answer by themselves.

import { interfaceOf } from "../interface.js";
import { defineGlobals } from "../native.js";

let isPair;
export { isPair };

export class RequestResponsePair {
  #request;
  #response;

  constructor(...args) {
    for (let i = 0; i < 2; ++i) {
      if (args.length <= i) throw new TypeError(`Failed to construct 'WebSocketRequestResponsePair': constructor parameter ${i + 1} is not of type 'string'.`);
    }
    this.#request = `${args[0]}`;
    this.#response = `${args[1]}`;
  }

  static {
    isPair = (value) => typeof value === "object" && value !== null && #request in value;
  }

  get request() { return this.#request; }
  get response() { return this.#response; }
}
interfaceOf(RequestResponsePair, { name: "WebSocketRequestResponsePair", isOne: isPair, members: "request response" });
defineGlobals({ WebSocketRequestResponsePair: RequestResponsePair });
