// SPDX-License-Identifier: GPL-3.0-or-later
// Regular expressions that are newer than the engine: the flag v, modifiers, two groups of one name. A literal in code becomes a call of regexp() (core/runtime/regexpliterals.h); the library that rewrites
// patterns is read when there is the first one.

import { native } from "./native.js";
import { registerModule } from "./modules.js";
import { SafeMap, regExpExec } from "./primordials.js";

const { RegExp, Symbol } = globalThis;
const { create, defineProperty } = Object;
const folder = "regenerate-unicode-properties/";
const known = new SafeMap(); // flags and pattern -> what they were rewritten to
let rewriter = null;

function rewritten(pattern, flags) {
  const key = `${flags}/${pattern}`;
  const had = known.get(key);
  if (had) return had;
  rewriter ??= native.regexpRewriter((path) => rewriter.properties[path.slice(folder.length, -".js".length)]());
  const names = new SafeMap();
  const result = { pattern, flags, names: null };
  const rewrite = (namedGroups) => {
    names.clear();
    result.pattern = rewriter.rewritePattern(pattern, flags, {
      unicodeSetsFlag: "transform",
      modifiers: "transform",
      namedGroups,
      onNamedGroup(name, index) {
        names.set(name, [...(names.get(name) ?? []), index]);
      },
      onNewFlags(given) {
        result.flags = given;
      },
    });
  };
  try {
    rewrite("transform");
    let twice = false;
    names.forEach((indices) => (twice ||= indices.length > 1));
    if (twice) result.names = names;
    else rewrite(false);
  } catch (error) {
    throw new SyntaxError(`Invalid regular expression: /${pattern}/: ${error.message}`);
  }
  known.set(key, result);
  return result;
}

function groupsOf(names, values) {
  const groups = create(null);
  names.forEach((indices, name) => {
    groups[name] = undefined;
    for (let i = 0; i < indices.length; ++i) if (values[indices[i]] !== undefined) groups[name] = values[indices[i]];
  });
  return groups;
}

function* matches(expression, text) {
  for (;;) {
    const found = expression.exec(text);
    if (found === null) return;
    yield found;
    if (!expression.global) return;
    if (found[0] === "") expression.lastIndex += expression.unicode && text.codePointAt(expression.lastIndex) > 0xffff ? 2 : 1;
  }
}

export function regexp(pattern, flags) {
  const { pattern: text, flags: given, names } = rewritten(pattern, flags);
  const expression = new RegExp(text, given);
  const define = (key, value) => defineProperty(expression, key, { value, writable: true, configurable: true });
  define("source", pattern);
  define("flags", flags);
  if (flags.includes("v")) define("unicodeSets", true);
  if (names) {
    define("exec", function exec(value) {
      const found = regExpExec(this, value);
      if (found === null) return null;
      found.groups = groupsOf(names, found);
      if (found.indices) found.indices.groups = groupsOf(names, found.indices);
      return found;
    });
    define(Symbol.matchAll, function (value) {
      const copy = regexp(pattern, flags);
      copy.lastIndex = this.lastIndex;
      return matches(copy, `${value}`);
    });
  }
  return expression;
}

registerModule("cloudflare-internal:regexp", () => ({ regexp }));
