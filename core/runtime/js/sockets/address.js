// SPDX-License-Identifier: GPL-3.0-or-later
// What connect() of cloudflare:sockets is given, read as workerd reads it.

import { argumentError, isDictionary } from "../interface.js";
import { regExpExec } from "../primordials.js";
import { wholeNumber } from "../streams/classes.js";
import { URL } from "../url.js";

const missing = (name) => new TypeError(`Cannot initialize ${name} with required members from an undefined or null value.`);

function portOf(value) {
  const number = +value;
  if (!Number.isFinite(number)) throw new TypeError("The value cannot be converted because it is not an integer.");
  if (number <= -1) throw new TypeError("The value cannot be converted because it is negative and this API expects a positive number.");
  if (number > 65535) throw new TypeError("Value out of range. Must be less than or equal to 65535.");
  return Math.trunc(number);
}

/** {text, host, port}: text is what the code calls the place. */
export function addressOf(value) {
  if (value === undefined || value === null) throw missing("N7workerd3api13SocketAddressE");
  let found;
  if (isDictionary(value)) {
    const host = `${value.hostname}`;
    const port = portOf(value.port);
    found = { text: `${host}:${port}`, host, port };
  } else {
    const text = `${value}`;
    const url = URL.parse(`fake://${text}`);
    if (url === null) throw new TypeError("Specified address could not be parsed.");
    if (url.hostname === "") throw new TypeError("Specified address is missing hostname.");
    if (url.port === "") throw new TypeError("Specified address is missing port.");
    found = { text, host: url.hostname, port: Number(url.port) };
  }
  if (found.text.length > 255 || regExpExec(/^[-._[\]:A-Za-z0-9]+$/, found.text) === null) {
    throw new TypeError("Specified address is empty string, contains unsupported characters or is too long.");
  }
  return found;
}

/** {secureTransport, allowHalfOpen, highWaterMark} */
export function optionsOf(value) {
  if (value === undefined) return { secureTransport: "off", allowHalfOpen: false, highWaterMark: undefined };
  if (value === null) throw missing("N7workerd3api13SocketOptionsE");
  if (!isDictionary(value)) throw argumentError("SocketsModule", "connect", 2, "SocketOptions");
  const { secureTransport, allowHalfOpen, highWaterMark } = value;
  return {
    secureTransport: secureTransport === undefined ? "off" : `${secureTransport}`,
    allowHalfOpen: Boolean(allowHalfOpen),
    highWaterMark: highWaterMark === undefined ? undefined : wholeNumber(highWaterMark),
  };
}

export function checkTransport(name) {
  if (name !== "off" && name !== "on" && name !== "starttls") throw new TypeError(`Unsupported value in secureTransport socket option: ${name}`);
}
