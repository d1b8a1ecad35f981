// SPDX-License-Identifier: GPL-3.0-or-later
// TextEncoderStream, TextDecoderStream (Encoding standard, sections 7.5 and 7.6).

import { defineGlobals } from "./native.js";
import { TextDecoder, TextEncoder } from "./encoding.js";
import { TransformStream } from "./streams.js";

export class TextEncoderStream {
  #stream;

  constructor() {
    const encoder = new TextEncoder();
    let high = ""; // the first half of a surrogate pair
    this.#stream = new TransformStream({
      transform(chunk, controller) {
        let text = high + String(chunk);
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
  get readable() { return this.#stream.readable; }
  get writable() { return this.#stream.writable; }
  get [Symbol.toStringTag]() { return "TextEncoderStream"; }
}

export class TextDecoderStream {
  #decoder;
  #stream;

  constructor(label, options) {
    const decoder = (this.#decoder = new TextDecoder(label, options));
    this.#stream = new TransformStream({
      transform(chunk, controller) {
        const text = decoder.decode(chunk, { stream: true });
        if (text) controller.enqueue(text);
      },
      flush(controller) {
        const text = decoder.decode();
        if (text) controller.enqueue(text);
      },
    });
  }

  get encoding() { return this.#decoder.encoding; }
  get fatal() { return this.#decoder.fatal; }
  get ignoreBOM() { return this.#decoder.ignoreBOM; }
  get readable() { return this.#stream.readable; }
  get writable() { return this.#stream.writable; }
  get [Symbol.toStringTag]() { return "TextDecoderStream"; }
}

defineGlobals({ TextEncoderStream, TextDecoderStream });
