// SPDX-License-Identifier: GPL-3.0-or-later
// Domain names for whatwg-url, in place of tr46, whose tables are large and only wanted for names that are not plain ASCII: they are made when the first of those comes.

import "punycode/"; // the only part of it that takes something of the language's when it is made

const special = /[^\0-\x7f]|(?:^|\.)xn--/i;
const { apply } = Reflect;
const { test } = RegExp.prototype;
const { toLowerCase } = String.prototype;

let tr46 = null;

export function toASCII(domain, options) {
  // Without the strict rules, all of ASCII is valid or mapped to lower case.
  if (!options.useSTD3ASCIIRules && !options.checkHyphens && !options.verifyDNSLength && !apply(test, special, [domain])) return apply(toLowerCase, domain, []);
  return (tr46 ??= require("tr46-whole")).toASCII(domain, options);
}

export function toUnicode(domain, options) {
  return (tr46 ??= require("tr46-whole")).toUnicode(domain, options);
}
