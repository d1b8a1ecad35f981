// SPDX-License-Identifier: GPL-3.0-or-later
// Documents in other encodings than UTF-8, which the module alone reads: decoded on the way in, encoded on the way out. What an encoding has no bytes for becomes a
// character reference, as the Encoding standard's "html" error mode has it.

import { TextDecoder } from "../encoding.js";
import { native } from "../native.js";

const notAscii = new Set(["utf-16le", "utf-16be", "iso-2022-jp"]);

/** The parameter `charset` of a media type, or undefined. */
function charsetParameter(type) {
  const found = /;[\t ]*charset=(?:"((?:[^"\\]|\\.)*)"|([^;]*))/i.exec(type);
  if (!found) return undefined;
  return found[1] !== undefined ? found[1].replace(/\\(.)/g, "$1") : found[2].trim();
}

/** What a document of this Content-Type goes through on both sides; null for UTF-8. */
export function charsetOf(type) {
  const label = type ? charsetParameter(type) : undefined;
  if (!label) return null;
  let decoder;
  try {
    decoder = new TextDecoder(label, { ignoreBOM: true });
  } catch {
    throw new TypeError("Parser error: Unknown character encoding has been provided.");
  }
  if (decoder.encoding === "utf-8") return null;
  if (notAscii.has(decoder.encoding)) throw new TypeError("Parser error: Expected ASCII-compatible encoding.");
  return new Charset(decoder);
}

class Charset {
  #decoder;
  #fromUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  #table;

  constructor(decoder) {
    this.#decoder = decoder;
    this.#table = tableOf(decoder.encoding);
  }

  decode(bytes) {
    return native.utf8Encode(this.#decoder.decode(bytes, { stream: true }));
  }

  /** What the decoder still holds at the end of the document. */
  rest() {
    return native.utf8Encode(this.#decoder.decode());
  }

  encode(bytes) {
    const out = [];
    for (const character of this.#fromUtf8.decode(bytes, { stream: true })) {
      const code = character.codePointAt(0);
      if (code < 128) {
        out.push(code);
        continue;
      }
      const sequence = this.#table.get(code) ?? (code > 0xffff && this.#decoder.encoding === "gb18030" ? fourBytes(code - 0x10000 + 189000) : undefined);
      if (sequence === undefined) for (const c of `&#${code};`) out.push(c.charCodeAt(0));
      else if (sequence > 0xffff) out.push(sequence >>> 24, (sequence >>> 16) & 255, (sequence >>> 8) & 255, sequence & 255);
      else if (sequence > 0xff) out.push(sequence >>> 8, sequence & 255);
      else out.push(sequence);
    }
    return Uint8Array.from(out);
  }
}

const tables = new Map(); // encoding -> Map of code point to its bytes as one number

function tableOf(encoding) {
  let table = tables.get(encoding);
  if (!table) tables.set(encoding, (table = makeTable(encoding)));
  return table;
}

/** The bytes of a pointer into the range of GB 18030 that has four. */
function fourBytes(pointer) {
  const bytes = [0x81 + Math.floor(pointer / 12600), 0x30 + (Math.floor(pointer / 1260) % 10), 0x81 + (Math.floor(pointer / 10) % 126), 0x30 + (pointer % 10)];
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}

const multibyte = new Set(["shift_jis", "euc-jp", "gbk", "gb18030", "big5", "euc-kr"]);
const lastOfBig5 = new Set([0x2550, 0x255e, 0x2561, 0x256a, 0x5341, 0x5345]);

/** Turns an encoding's decoder round: decodes all that may be a character, and keeps what came out as one. */
function makeTable(encoding) {
  const table = new Map();
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  const add = (bytes, sequence) => {
    const text = decoder.decode(bytes);
    const code = text.codePointAt(0);
    if (code >= 128 && code !== 0xfffd && text.length === (code > 0xffff ? 2 : 1) && keeps(encoding, code, bytes[0], table)) table.set(code, sequence);
  };
  const one = new Uint8Array(1);
  for (one[0] = 128; one[0] >= 128; ++one[0]) add(one, one[0]);
  if (!multibyte.has(encoding)) return table;
  const two = new Uint8Array(2);
  for (two[0] = 0x81; two[0] < 0xff; ++two[0]) {
    for (two[1] = 0x40; two[1] < 0xff; ++two[1]) add(two, two[0] * 256 + two[1]);
  }
  if (encoding === "euc-jp") {
    for (two[0] = 0x8e, two[1] = 0xa1; two[1] < 0xff; ++two[1]) add(two, two[0] * 256 + two[1]);
  }
  if (encoding === "euc-jp" || encoding === "shift_jis") table.set(0xa5, 0x5c).set(0x203e, 0x7e).set(0x2212, table.get(0xff0d));
  if (encoding === "gb18030") {
    const four = new Uint8Array(4);
    for (let pointer = 0; pointer < 39420; ++pointer) {
      const sequence = fourBytes(pointer);
      new DataView(four.buffer).setUint32(0, sequence);
      add(four, sequence);
    }
    table.set(0xfffd, 0x8431a437);
  }
  return table;
}

/** Which of several spellings of a character an encoder takes (Encoding standard, "index pointer"). */
function keeps(encoding, code, first, table) {
  if (encoding === "shift_jis" && (first === 0xed || first === 0xee)) return false;
  if (encoding === "gb18030" && first === 0x80) return false;
  if (encoding === "big5") return first >= 0xa1 && (!table.has(code) || lastOfBig5.has(code));
  return !table.has(code);
}
