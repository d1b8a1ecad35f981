// SPDX-License-Identifier: GPL-3.0-or-later
// An event stream as it comes (HTML, section 9.2.6).

import { native } from "../native.js";
import { chunkBytes, joinBytes } from "../streams.js";

const lineFeed = 10;
const carriageReturn = 13;

export class EventParser {
  #tell; // {event(type, data, lastEventId), lastEventId(id), retry(milliseconds)}
  #rest = new Uint8Array(0); // of a line that is not complete
  #skipFeed = false; // the last piece ended with a carriage return
  #first = true;
  #type = "";
  #data = null;
  #id = "";

  constructor(tell) {
    this.#tell = tell;
  }

  push(chunk) {
    let bytes = typeof chunk === "string" ? native.utf8Encode(chunk) : chunkBytes(chunk);
    if (this.#rest.byteLength > 0) bytes = joinBytes([this.#rest, bytes], this.#rest.byteLength + bytes.byteLength);
    let begin = 0;
    // What was held back is known to hold no end of a line.
    for (let at = this.#rest.byteLength; at < bytes.byteLength; ++at) {
      const byte = bytes[at];
      if (byte === lineFeed && this.#skipFeed && at === begin) {
        this.#skipFeed = false;
        begin = at + 1;
        continue;
      }
      this.#skipFeed = false;
      if (byte !== lineFeed && byte !== carriageReturn) continue;
      this.#line(native.utf8Decode(bytes.slice(begin, at), false));
      this.#skipFeed = byte === carriageReturn;
      begin = at + 1;
    }
    this.#rest = bytes.slice(begin);
  }

  #line(line) {
    if (this.#first && line.charCodeAt(0) === 0xfeff) line = line.slice(1);
    this.#first = false;
    if (line === "") {
      const [type, data] = [this.#type, this.#data];
      this.#type = "";
      this.#data = null;
      if (data) this.#tell.event(type === "" ? "message" : type, data, this.#id);
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value[0] === " ") value = value.slice(1);
    if (field === "data") this.#data = this.#data === null ? value : this.#data + "\n" + value;
    else if (field === "event") this.#type = value;
    else if (field === "id") this.#tell.lastEventId((this.#id = value));
    else if (field === "retry" && /^\d+$/.test(value)) this.#tell.retry(Number(value));
  }
}
