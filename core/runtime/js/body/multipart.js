// SPDX-License-Identifier: GPL-3.0-or-later
// Forms as bodies: multipart/form-data (RFC 7578) and application/x-www-form-urlencoded, with workerd's tolerance and words.

import { native } from "../native.js";
import { blobBytes, bytesFile, isBlob } from "../blob.js";
import { FormData, formEntries } from "./formdata.js";
import { joinBytes } from "../streams.js";

const newline = 10;
const carriageReturn = 13;
const dash = 45;

function escaped(name) {
  if (name.endsWith("\\")) throw new TypeError("Name or filename can't end with backslash");
  return name.replace(/["\n\\]/g, (c) => (c === '"' ? "%22" : c === "\n" ? "%0A" : "\\\\"));
}

/** A random boundary of 32 digits. */
export function newBoundary() {
  const bytes = new Uint8Array(16);
  native.randomFill(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of a form. */
export function serializeForm(form, boundary) {
  const pieces = [];
  let length = 0;
  const add = (piece) => {
    const bytes = typeof piece === "string" ? native.utf8Encode(piece) : piece;
    pieces.push(bytes);
    length += bytes.byteLength;
  };
  for (const { name, value } of formEntries(form)) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`;
    if (isBlob(value)) {
      add(`${head}; filename="${escaped(value.name)}"\r\nContent-Type: ${value.type || "application/octet-stream"}\r\n\r\n`);
      add(blobBytes(value));
      add("\r\n");
    } else {
      add(`${head}\r\n\r\n${value}\r\n`);
    }
  }
  add(`--${boundary}--`);
  return joinBytes(pieces, length);
}

/** {essence, parameters} of a media type, or null when it is none. */
export function parseMediaType(text) {
  const match = /^[\t\n\r ]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)\/([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[\t\n\r ]*(?:;|$)/.exec(text);
  if (!match) return null;
  const parameters = new Map();
  const pattern = /[\t\n\r ]*([^;=]*)(?:=(?:"((?:[^"\\]|\\.)*)"?[^;]*|([^;]*)))?(?:;|$)/gy;
  pattern.lastIndex = match[0].length;
  while (pattern.lastIndex < text.length) {
    const found = pattern.exec(text);
    if (!found) break;
    const value = found[2] !== undefined ? found[2].replace(/\\(.)/g, "$1") : found[3]?.replace(/[\t\n\r ]+$/, "");
    const name = found[1].toLowerCase();
    if (name && value !== undefined && (found[2] !== undefined || value !== "") && !parameters.has(name)) parameters.set(name, value);
  }
  return { essence: `${match[1]}/${match[2]}`.toLowerCase(), parameters };
}

function indexOf(bytes, wanted, from) {
  const first = wanted[0];
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < wanted.length && bytes[at + i] === wanted[i]) ++i;
    if (i === wanted.length) return at;
  }
  return -1;
}

/** [where the head's end begins, where it ends]: an empty line. */
function headEnd(bytes, from) {
  for (let at = bytes.indexOf(newline, from); at >= 0; at = bytes.indexOf(newline, at + 1)) {
    if (bytes[at + 1] === newline) return [at, at + 2];
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === newline) return [at, at + 3];
  }
  return null;
}

/** The fields of a part's head: name in small letters -> value. */
function parseHead(text) {
  const fields = new Map();
  for (const line of text.split(/\r?\n/)) {
    if (line === "") continue;
    const at = line.indexOf(":");
    if (at <= 0 || /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(line.slice(0, at))) throw new TypeError("FormData part had invalid headers.");
    fields.set(line.slice(0, at).toLowerCase(), line.slice(at + 1).replace(/^[\t ]+|[\t ]+$/g, ""));
  }
  return fields;
}

/** {name, filename} of a Content-Disposition. */
function parseDisposition(text) {
  const kind = /^\s*([\w-]+)\s*/.exec(text);
  if (!kind) throw new TypeError("Invalid Content-Disposition header found in FormData part.");
  if (kind[1] !== "form-data") throw new TypeError(`Content-Disposition header for FormData part must have the value "form-data", possibly followed by parameters. Got: "${kind[1]}"`);
  const pattern = /;\s*([\w-]+)\s*=\s*"((?:[^"\n\\]|\\[^\n])+)"\s*/gy;
  pattern.lastIndex = kind[0].length;
  const found = {};
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) found[match[1]] = match[2].replace(/\\(.)/g, "$1");
  if (!Object.hasOwn(found, "name")) throw new TypeError("Content-Disposition header in FormData part is missing a name.");
  return { name: found.name, filename: Object.hasOwn(found, "filename") ? found.filename : undefined };
}

function parseMultipart(bytes, boundary, entries) {
  const delimiter = native.utf8Encode(`\n--${boundary}`);
  const start = indexOf(bytes, delimiter.subarray(1), 0);
  let at = start < 0 ? bytes.length : start + delimiter.length - 1;
  if (at >= bytes.length) throw new TypeError("No initial boundary string (or you have a truncated message).");
  for (;;) {
    if (bytes[at] === newline) at += 1;
    else if (bytes[at] === carriageReturn && bytes[at + 1] === newline) at += 2;
    else if (bytes[at] === dash && bytes[at + 1] === dash) return;
    else throw new TypeError("Boundary string was not succeeded by CRLF, LF, or '--'.");
    const end = headEnd(bytes, at);
    if (!end) throw new TypeError("No multipart message header termination found.");
    const fields = parseHead(native.utf8Decode(bytes.subarray(at, end[1]), false));
    const disposition = fields.get("content-disposition");
    if (disposition === undefined) throw new TypeError("No valid Content-Disposition header found in FormData part.");
    const { name, filename } = parseDisposition(disposition);
    const next = indexOf(bytes, delimiter, end[1]);
    if (next < 0 || next + delimiter.length >= bytes.length) throw new TypeError("No subsequent boundary string after multipart message.");
    const content = bytes.slice(end[1], next > end[1] && bytes[next - 1] === carriageReturn ? next - 1 : next);
    entries.push({ name, value: filename === undefined ? native.utf8Decode(content, false) : bytesFile(content, filename, fields.get("content-type") ?? "") });
    at = next + delimiter.length;
  }
}

/** One name or value of a urlencoded form; a percent sign that begins nothing is dropped. */
function decodeField(text) {
  const plain = text.replaceAll("+", " ");
  if (!plain.includes("%")) return plain;
  const bytes = [];
  for (const piece of plain.match(/%[0-9A-Fa-f]{2}|%|[^%]+/g)) {
    if (piece === "%") continue;
    if (piece[0] === "%") bytes.push(parseInt(piece.slice(1), 16));
    else for (const byte of native.utf8Encode(piece)) bytes.push(byte);
  }
  return native.utf8Decode(new Uint8Array(bytes), false);
}

function parseUrlencoded(text, entries) {
  for (const part of text.split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    entries.push({ name: decodeField(at < 0 ? part : part.slice(0, at)), value: at < 0 ? "" : decodeField(part.slice(at + 1)) });
  }
}

/** A form out of a body's bytes, by its content type. */
export function parseForm(bytes, contentType) {
  const form = new FormData();
  const type = parseMediaType(contentType);
  if (type?.essence === "multipart/form-data") {
    const boundary = type.parameters.get("boundary");
    if (!boundary) {
      throw new TypeError("No boundary string in Content-Type header. The multipart/form-data MIME type requires a boundary parameter, e.g. 'Content-Type: multipart/form-data; boundary=\"abcd\"'. See RFC 7578, section 4.");
    }
    parseMultipart(bytes, boundary, formEntries(form));
    return form;
  }
  if (type?.essence === "application/x-www-form-urlencoded") {
    const charset = type.parameters.get("charset")?.toLowerCase();
    if (charset !== undefined && !["utf-8", "utf8", "unicode-1-1-utf-8"].includes(charset)) throw new TypeError("Non-utf-8 application/x-www-form-urlencoded body.");
    parseUrlencoded(native.utf8Decode(bytes, false), formEntries(form));
    return form;
  }
  throw new TypeError("Unrecognized Content-Type header value. FormData can only parse the following MIME types: multipart/form-data, application/x-www-form-urlencoded");
}
