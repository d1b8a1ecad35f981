// SPDX-License-Identifier: GPL-3.0-or-later
// The URLs that nearly everybody has: http or https, a host in ASCII, no user and no password. They are brought into their normal form and cut at their
// marks by patterns, many times as fast as by a parser. Whatever is out of the ordinary gives null: whatwg-url's business.

const { apply } = Reflect;
const { exec, test } = RegExp.prototype;
const { replace, toWellFormed } = String.prototype;

const byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
// A last label that begins with no digit can be no part of an IPv4 address.
const host = `(?:(?:${byte}\\.){3}${byte}|(?:[a-z0-9_-]*\\.)*[a-z_-][a-z0-9_-]*\\.?)`;
const port = "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]";
const path = "[A-Za-z0-9\\-._~!$&'()*+,;=:@%/|[\\]]*";
const query = "[A-Za-z0-9\\-._~!$&()*+,;=:@%/?`{}|^[\\]\\\\]*";
const fragment = "[A-Za-z0-9\\-._~!$&'()*+,;=:@%/?#{}|^[\\]\\\\]*";
const normal = new RegExp(`^(https?:)//(${host})(?::(${port}))?(/${path})(\\?${query})?(#${fragment})?$`);
const rough = /^(https?):\/\/([A-Za-z0-9._-]+)(?::([0-9]{0,5}))?([/][^?#\\\t\n\r]*)?(\?[^#\t\n\r]*)?(#[^\t\n\r]*)?$/i;
const spaced = /^[\0- ]|[\0- ]$/;
const dots = /\/(?:\.|%2e)/i;
const whole = new RegExp(`^${path}$`);
const wholeQuery = new RegExp(`^\\??${query}$`);
const wholeFragment = new RegExp(`^${fragment}$`);
const outsidePath = /[^!$-;=@-\]_a-z|~]+/g;
const outsideQuery = /[^!$-&(-;=?-~]+/g;
const outsideFragment = /[^!#-;=?-_a-~]+/g;

const matches = (pattern, text) => apply(test, pattern, [text]);
// All that comes here is to be escaped; encodeURIComponent leaves an apostrophe as it is.
const encoded = (run) => {
  const text = encodeURIComponent(apply(toWellFormed, run, []));
  return text.includes("'") ? apply(replace, text, [/'/g, "%27"]) : text;
};
const escape = (text, pattern) => apply(replace, text, [pattern, encoded]);

/** [href, protocol, host, port or undefined, path, query or undefined, fragment or undefined] of a URL in its normal form, or null. */
function cutNormal(text) {
  const found = apply(exec, normal, [text]);
  if (!found || matches(dots, found[4]) || (found[3] !== undefined && found[3] === (found[1].length === 5 ? "80" : "443"))) return null;
  return found;
}

const isDot = (segment) => segment === "." || segment === "%2e" || segment === "%2E";
const isDoubleDot = (segment) => segment === ".." || /^(?:\.%2e|%2e\.|%2e%2e)$/i.test(segment);

function withoutDots(text) {
  const segments = text.split("/");
  const kept = [];
  for (let i = 1; i < segments.length; ++i) {
    const segment = segments[i];
    const last = i === segments.length - 1;
    if (isDoubleDot(segment)) {
      kept.pop();
      if (last) kept.push("");
    } else if (isDot(segment)) {
      if (last) kept.push("");
    } else {
      kept.push(segment);
    }
  }
  return "/" + kept.join("/");
}

/** The pieces of any URL of the ordinary kind, or null. */
export function cut(text) {
  const found = cutNormal(text);
  if (found) return found;
  const pieces = matches(spaced, text) ? null : apply(exec, rough, [text]);
  if (!pieces) return null;
  const protocol = pieces[1].toLowerCase() + ":";
  let address = protocol + "//" + pieces[2].toLowerCase();
  if (pieces[3]) {
    const number = Number(pieces[3]);
    if (number > 65535) return null;
    if (number !== (protocol === "http:" ? 80 : 443)) address += ":" + number;
  }
  return cutNormal(address + normalPath(pieces[4] ?? "/") + normalQuery(pieces[5]) + normalFragment(pieces[6]));
}

function normalPath(text) {
  const escaped = matches(whole, text) ? text : escape(text, outsidePath);
  return matches(dots, escaped) ? withoutDots(escaped) : escaped;
}

const normalQuery = (text) => (text === undefined || matches(wholeQuery, text) ? text ?? "" : escape(text, outsideQuery));
const normalFragment = (text) => (text === undefined || matches(wholeFragment, text) ? text ?? "" : "#" + escape(text.slice(1), outsideFragment));

const unusual = /^[/\\]{2}|^[A-Za-z][A-Za-z0-9+.-]*:|[\\\t\n\r]/;

/** The pieces of a reference on one of these, or null. */
export function cutOn(base, text) {
  if (matches(unusual, text) || matches(spaced, text)) return null;
  const origin = base[1] + "//" + base[2] + (base[3] === undefined ? "" : ":" + base[3]);
  if (text === "") return cut(origin + base[4] + (base[5] ?? ""));
  switch (text[0]) {
    case "/": return cut(origin + text);
    case "?": return cut(origin + base[4] + text);
    case "#": return cut(origin + base[4] + (base[5] ?? "") + text);
    default: return cut(origin + base[4].slice(0, base[4].lastIndexOf("/") + 1) + text);
  }
}

const notInSetter = /[\t\n\r#]/;

/** The pieces with another query or fragment, or null when a parser has to look at it. */
export function cutWith(base, name, value) {
  if (matches(notInSetter, value) || matches(spaced, value)) return null;
  const front = base[1] + "//" + base[2] + (base[3] === undefined ? "" : ":" + base[3]) + base[4];
  if (name === "search") return cut(front + (value === "" ? "" : (value[0] === "?" ? "" : "?") + value) + (base[6] ?? ""));
  if (name === "hash") return cut(front + (base[5] ?? "") + (value === "" ? "" : "#" + value));
  return null;
}
