// SPDX-License-Identifier: GPL-3.0-or-later
// The module's selectors know one simple selector in :not(), today's lol-html a list of compound ones, of which it refuses each simple selector by itself
// (`:not(.a.b)` matches neither .a nor .b), and takes a negation in a negation back. That is written out here.

const unsupported = "Parser error: Unsupported pseudo-class or pseudo-element in selector.";

/** Where the text from `at`, which is behind an opening bracket, has its closing one; -1 where it has none. */
function closing(text, at, open, close) {
  let depth = 1;
  let quote = "";
  for (; at < text.length; ++at) {
    const c = text[at];
    if (c === "\\") ++at;
    else if (quote) quote = c === quote ? "" : quote;
    else if (c === '"' || c === "'") quote = c;
    else if (c === open) ++depth;
    else if (c === close && --depth === 0) return at;
  }
  return -1;
}

const name = /(?:\\.|[\w\u0080-\uffff-])+/y;

function nameEnd(text, at) {
  name.lastIndex = at;
  return name.test(text) ? name.lastIndex : at;
}

/** The simple selectors of a list of compound ones; null where it is anything else. */
function simpleSelectors(list) {
  const found = [];
  let expected = true; // a compound selector has to begin here
  let at = 0;
  const blanks = () => {
    while (/\s/.test(list[at] ?? "")) ++at;
  };
  blanks();
  while (at < list.length) {
    const from = at;
    if (list[at] === ".") at = nameEnd(list, at + 1);
    else if (list[at] === "#") at = nameEnd(list, at + 1);
    else if (list[at] === "*") ++at;
    else if (list[at] === "[") at = closing(list, at + 1, "[", "]") + 1;
    else if (list[at] === ":") {
      at = nameEnd(list, at + 1);
      if (list[at] === "(") at = closing(list, at + 1, "(", ")") + 1;
    } else at = nameEnd(list, at);
    if (at <= from) return null;
    found.push(list.slice(from, at));
    expected = false;
    const end = at;
    blanks();
    if (list[at] === ",") {
      ++at;
      expected = true;
      blanks();
    } else if (at > end && at < list.length) {
      throw new TypeError(unsupported); // a combinator
    } else if (/[>+~]/.test(list[at] ?? "")) {
      throw new TypeError(unsupported);
    }
  }
  return expected ? null : found;
}

function negated(simple) {
  const inner = /^:not\(([^]*)\)$/i.exec(simple);
  const list = inner && simpleSelectors(inner[1]);
  if (!list) return `:not(${simple})`;
  // A type cannot follow another selector: what the module says to that is as good as anything.
  if (list.some((each) => !/^[.#[:]/.test(each))) return `:not(${simple})`;
  return list.join("");
}

/** Names of attributes in lower case, which those of the document are in. */
function lowerAttributes(selector) {
  return selector.replace(/\\[^]|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\[\s*[\w-]+/g, (part) => (part[0] === "[" ? part.toLowerCase() : part));
}

/** A selector as the module takes it. */
export function adaptSelector(selector) {
  selector = lowerAttributes(selector);
  let out = "";
  let rest = 0;
  const start = /:not\(/gi;
  for (let found = start.exec(selector); found; found = start.exec(selector)) {
    const from = start.lastIndex;
    const end = closing(selector, from, "(", ")");
    if (end === -1) break;
    const list = simpleSelectors(selector.slice(from, end));
    if (!list) {
      if (/^\s*,|,\s*$|^\s*$/.test(selector.slice(from, end))) throw new TypeError("Parser error: The selector is empty.");
    } else {
      out += selector.slice(rest, found.index) + list.map(negated).join("");
      rest = end + 1;
    }
    start.lastIndex = end + 1;
  }
  return rest === 0 ? selector : out + selector.slice(rest);
}
