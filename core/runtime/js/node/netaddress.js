// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses: net.isIP, SocketAddress, BlockList.
import { invalidArgType, invalidArgValue, nodeError } from "./errors.js";
import { inspect } from "./inspect.js";
import { validateInteger, validateString } from "./validators.js";

const part4 = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const v4 = new RegExp(`^${part4}(?:\\.${part4}){3}$`);

export const isIPv4 = (text) => v4.test(String(text));

export function isIPv6(value) {
  let text = String(value);
  const zone = text.indexOf("%");
  if (zone >= 0) {
    if (!/^%[0-9a-zA-Z-.:]+$/.test(text.slice(zone))) return false;
    text = text.slice(0, zone);
  }
  const last = text.lastIndexOf(":");
  if (last < 0) return false;
  if (text.includes(".")) {
    if (!isIPv4(text.slice(last + 1))) return false;
    text = `${text.slice(0, last)}:0:0`;
  }
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (!groups.flat().every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = groups.flat().length;
  return halves.length === 2 ? count < 8 : count === 8;
}

export const isIP = (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0);

export class SocketAddress {
  #parts;

  constructor(options = {}) {
    const { family = "ipv4", port = 0, flowlabel = 0 } = options;
    const address = options.address ?? (family === "ipv4" ? "127.0.0.1" : "::");
    validateString(address, "options.address");
    validateInteger(port, "options.port", 0, 65535);
    if (!["ipv4", "ipv6"].includes(String(family).toLowerCase())) throw invalidArgValue("options.family", family);
    if (isIP(address) !== (family === "ipv4" ? 4 : 6)) throw nodeError.plain("ERR_INVALID_ADDRESS", "Invalid address");
    this.#parts = { address, port, family, flowlabel };
  }
  get address() {
    return this.#parts.address;
  }
  get port() {
    return this.#parts.port;
  }
  get family() {
    return this.#parts.family;
  }
  get flowlabel() {
    return this.#parts.flowlabel;
  }
  toJSON() {
    return { ...this.#parts };
  }
  [inspect.custom](_depth, options) {
    return `SocketAddress ${inspect(this.#parts, options)}`;
  }
}

/** An address as one number, 4 in 6 as itself. */
function numberOf(address, family) {
  if (family === 4) return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  let text = address.split("%")[0];
  if (text.includes(".")) {
    const at = text.lastIndexOf(":");
    const low = numberOf(text.slice(at + 1), 4);
    text = `${text.slice(0, at)}:${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  }
  const [left, right] = text.split("::").map((half) => (half === "" ? [] : half.split(":")));
  const groups = right === undefined ? left : [...left, ...new Array(8 - left.length - right.length).fill("0"), ...right];
  return groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function familyOf(address, family) {
  const text = address instanceof SocketAddress ? address.address : address;
  if (typeof text !== "string") throw invalidArgType("address", ["string", "SocketAddress"], address);
  const found = isIP(text);
  if (found === 0 || (!(address instanceof SocketAddress) && found !== (String(family).toLowerCase() === "ipv6" ? 6 : 4))) throw nodeError.plain("ERR_INVALID_ADDRESS", "Invalid address");
  return [found, numberOf(text, found), text];
}

export class BlockList {
  #ranges = [];
  static isBlockList(value) {
    return value !== null && typeof value === "object" && #ranges in value;
  }
  addAddress(address, family = "ipv4") {
    const [kind, number, text] = familyOf(address, family);
    this.#ranges.unshift([kind, number, number, `Address: IPv${kind} ${text}`]);
  }
  addRange(start, end, family = "ipv4") {
    const [kind, from, a] = familyOf(start, family);
    const [, to, b] = familyOf(end, family);
    if (from > to) throw invalidArgValue("start", start, `must come before ${end}`);
    this.#ranges.unshift([kind, from, to, `Range: IPv${kind} ${a}-${b}`]);
  }
  addSubnet(network, prefix, family = "ipv4") {
    const [kind, number, text] = familyOf(network, family);
    const bits = kind === 4 ? 32 : 128;
    validateInteger(prefix, "prefix", 0, bits);
    const size = 1n << BigInt(bits - prefix);
    const from = number - (number % size);
    this.#ranges.unshift([kind, from, from + size - 1n, `Subnet: IPv${kind} ${text}/${prefix}`]);
  }
  check(address, family = "ipv4") {
    const [kind, number] = familyOf(address, family);
    const mapped = kind === 6 && number >> 32n === 0xffffn ? number & 0xffffffffn : undefined;
    return this.#ranges.some(([k, from, to]) => (k === kind && number >= from && number <= to) || (k === 4 && mapped !== undefined && mapped >= from && mapped <= to));
  }
  get rules() {
    return this.#ranges.map(([, , , text]) => text);
  }
}
