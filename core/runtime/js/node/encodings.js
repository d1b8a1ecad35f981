// SPDX-License-Identifier: GPL-3.0-or-later
// Node's names of encodings, as the numbers that the native conversions take.
import { unknownEncoding } from "./errors.js";

export const UTF8 = 0;
export const UCS2 = 1;
export const BASE64 = 4;
export const BASE64URL = 5;
export const HEX = 6;

const numbers = new Map(Object.entries({
  "utf8": UTF8, "utf-8": UTF8, "ucs2": UCS2, "ucs-2": UCS2, "utf16le": UCS2, "utf-16le": UCS2,
  "latin1": 2, "binary": 2, "ascii": 3, "base64": BASE64, "base64url": 5, "hex": HEX,
}));
const names = ["utf8", "utf16le", "latin1", "ascii", "base64", "base64url", "hex"];

/** The number of an encoding, undefined for what is none. */
export function encodingNumber(encoding) {
  return numbers.get(encoding) ?? (typeof encoding === "string" ? numbers.get(encoding.toLowerCase()) : undefined);
}

export function encodingOr(encoding, fallback = UTF8) {
  if (encoding === undefined) return fallback;
  const number = encodingNumber(encoding);
  if (number === undefined) throw unknownEncoding(encoding);
  return number;
}

export const encodingName = (number) => names[number];
