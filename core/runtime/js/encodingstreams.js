// SPDX-License-Identifier: GPL-3.0-or-later
// TextEncoderStream, TextDecoderStream (Encoding standard, sections 7.5 and 7.6).

import { defineGlobals } from "./native.js";
import { TextDecoder, TextEncoder, bytesIn } from "./encoding.js";
import { interfaceOf } from "./interface.js";
import { TransformStream } from "./streams/classes.js";

let isEncoder;
let isDecoder;

export class TextEncoderStream extends TransformStream {
  #brand;

  static {
    isEncoder = (value) => typeof value === "object" && value !== null && #brand in value;
  }

  constructor() {
    const encoder = new TextEncoder();
    let high = ""; // the first half of a surrogate pair
    super({
      transform(chunk, controller) {
        let text = high + `${chunk}`;
        high = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
        if (high) text = text.slice(0, -1);
        if (text) controller.enqueue(encoder.encode(text));
      },
      flush(controller) {
        if (high) controller.enqueue(encoder.encode(high));
      },
    });
  }

  get encoding() { return "utf-8"; }
}

export class TextDecoderStream extends TransformStream {
  #decoder;

  static {
    isDecoder = (value) => typeof value === "object" && value !== null && #decoder in value;
  }

  constructor(label, options) {
    const decoder = new TextDecoder(label, options);
    super({
      transform(chunk, controller) {
        const bytes = bytesIn(chunk);
        if (bytes === undefined) throw new TypeError("This TransformStream is being used as a byte stream, but received a value that is not a BufferSource.");
        const text = decoder.decode(bytes, { stream: true });
        if (text) controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text) controller.enqueue(text);
      },
    });
    this.#decoder = decoder;
  }

  get encoding() { return this.#decoder.encoding; }
  get fatal() { return this.#decoder.fatal; }
  get ignoreBOM() { return this.#decoder.ignoreBOM; }
}

interfaceOf(TextEncoderStream, { isOne: (value) => isEncoder(value), members: "encoding" });
interfaceOf(TextDecoderStream, { isOne: (value) => isDecoder(value), members: "encoding fatal ignoreBOM" });
defineGlobals({ TextEncoderStream, TextDecoderStream });
