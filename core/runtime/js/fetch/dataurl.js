// SPDX-License-Identifier: GPL-3.0-or-later
// fetch("data:...") (Fetch standard, section 6).

import { native } from "../native.js";
import { Body, Kind } from "../body.js";
import { receivedResponse } from "../response.js";

/** The bytes behind percent escapes. */
function percentDecoded(text) {
  const bytes = native.utf8Encode(text);
  const digit = (byte) => (byte >= 48 && byte <= 57 ? byte - 48 : byte >= 65 && byte <= 70 ? byte - 55 : byte >= 97 && byte <= 102 ? byte - 87 : -1);
  let length = 0;
  for (let i = 0; i < bytes.length; ++i) {
    const high = bytes[i] === 37 && i + 2 < bytes.length ? digit(bytes[i + 1]) : -1;
    const low = high >= 0 ? digit(bytes[i + 2]) : -1;
    bytes[length++] = low >= 0 ? high * 16 + low : bytes[i];
    if (low >= 0) i += 2;
  }
  return bytes.slice(0, length);
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A media type as it is written out again (MIME Sniffing, section 4.5), or null. */
function normalType(text) {
  const [essence, ...parameters] = text.split(";").map((part) => part.trim());
  const [type, subtype, more] = essence.split("/");
  if (more !== undefined || !token.test(type) || !token.test(subtype ?? "")) return null;
  let written = essence.toLowerCase();
  for (const parameter of parameters) {
    const at = parameter.indexOf("=");
    if (at > 0 && token.test(parameter.slice(0, at))) written += ";" + parameter.slice(0, at).toLowerCase() + "=" + parameter.slice(at + 1);
  }
  return written;
}

export function dataResponse(url, method) {
  const text = url.href.slice(5).replace(/#.*$/s, "");
  const comma = text.indexOf(",");
  if (comma < 0) throw new TypeError(`Fetch API cannot load: ${url.href}`);
  let type = text.slice(0, comma).trim();
  let bytes = percentDecoded(text.slice(comma + 1));
  const base64 = /; *base64$/i.exec(type);
  if (base64) {
    type = type.slice(0, base64.index);
    bytes = Uint8Array.from(native.fromBase64(native.latin1Decode(bytes)) ?? "", (unit) => unit.charCodeAt(0));
  }
  const known = normalType(type.startsWith(";") ? "text/plain" + type : type) ?? "text/plain;charset=US-ASCII";
  return receivedResponse(200, "OK", ["content-type", known], method === "GET" ? new Body(Kind.Bytes, bytes) : null, "", false);
}
