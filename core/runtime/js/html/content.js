// SPDX-License-Identifier: GPL-3.0-or-later
// What handlers put into a document: text, HTML, and streams and responses, whose content comes when it is their place's turn. The module knows strings only, so that for
// a stream a mark goes through it that nobody can guess, and the stream's content is put in place of the mark in what comes out.

import { native } from "../native.js";
import { ReadableStream, chunkBytes } from "../streams.js";
import { TextDecoder } from "../encoding.js";
import { Response, responseBody } from "../response.js";
import { bodyStream } from "../body.js";
import { isObject } from "./idl.js";

/** [string, stream or null for nothing, whether it is HTML] of the arguments of a method that puts content somewhere. */
export function contentText(content, options, failed) {
  let value;
  if (typeof content === "string") value = content;
  else if (content instanceof ReadableStream) value = content;
  else if (content instanceof Response) value = bodyStream(responseBody(content)) ?? "";
  else value = `${content}`;
  if (options === undefined || options === null) return [value, false];
  if (!isObject(options)) throw new TypeError(`${failed}: parameter 2 is not of type 'ContentOptions'.`);
  const { html } = options;
  return [value, Boolean(html)];
}

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** The marks of one document. */
export class Marks {
  #prefix;
  #prefixBytes;
  #streams = []; // [stream, whether it is HTML], by number

  constructor() {
    const random = new Uint8Array(18);
    native.randomFill(random);
    this.#prefix = `cleat${[...random].map((byte) => byte.toString(36).padStart(2, "0")).join("")}:`;
  }

  /** The mark that stands for a stream. */
  add(stream, html) {
    this.#streams.push([stream, html]);
    return `${this.#prefix}${String(this.#streams.length - 1).padStart(8, "0")}`;
  }

  /** Bytes as a list of bytes and [stream, html] in their order. */
  split(bytes) {
    const text = native.latin1Decode(bytes);
    const length = this.#prefix.length + 8;
    const parts = [];
    let from = 0;
    for (let at = text.indexOf(this.#prefix); at !== -1; at = text.indexOf(this.#prefix, from)) {
      if (at > from) parts.push(bytes.slice(from, at));
      parts.push(this.#streams[Number(text.slice(at + length - 8, at + length))]);
      from = at + length;
    }
    if (from < bytes.length) parts.push(from === 0 ? bytes : bytes.slice(from));
    return parts;
  }
}

/** Hands a stream's content to `write` as UTF-8 bytes, escaped unless it is HTML. */
export async function writeStream(stream, html, write) {
  if (stream.locked) throw new TypeError("The ReadableStream has been locked to a reader.");
  const reader = stream.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const decode = (bytes, options) => {
    try {
      return decoder.decode(bytes, options);
    } catch {
      throw new TypeError("Parser error: Invalid UTF-8");
    }
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const text = done ? decode() : decode(typeof value === "string" ? native.utf8Encode(value) : chunkBytes(value), { stream: true });
      if (text !== "") await write(native.utf8Encode(html ? text : text.replace(/[&<>]/g, (c) => escapes[c])));
      if (done) return;
    }
  } catch (error) {
    reader.cancel(error).catch(() => {});
    throw error;
  }
}
