// SPDX-License-Identifier: GPL-3.0-or-later
// node:assert. In Workers it is strict in all its functions.
import { isDeepStrictEqual, isPartlyEqual } from "./deepequal.js";
import { invalidArgType, invalidArgValue, missingArgs, nodeError } from "./errors.js";
import { inspect } from "./inspect.js";
import types from "./types.js";

const shown = (value) => inspect(value, { compact: false, customInspect: false, depth: 1000, maxArrayLength: Infinity, showHidden: false, showProxy: false, sorted: true, getters: true });

const headings = {
  deepStrictEqual: "Expected values to be strictly deep-equal:",
  deepEqual: "Expected values to be loosely deep-equal:",
  strictEqual: "Expected values to be strictly equal:",
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
};

/** A row for each line: kept, only in actual, only in expected. */
function differences(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; --i) {
    for (let j = b.length - 1; j >= 0; --j) lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
  }
  const rows = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push([" ", a[i++]]);
      ++j;
    } else if (i < a.length && (j === b.length || lengths[i + 1][j] >= lengths[i][j + 1])) {
      rows.push(["+", a[i++]]);
    } else {
      rows.push(["-", b[j++]]);
    }
  }
  return rows;
}

function simple(value) {
  return typeof value !== "object" || value === null ? typeof value !== "function" : false;
}

function generated(operator, actual, expected) {
  const heading = headings[operator];
  if (operator.startsWith("not") && heading) return `${heading}\n\n${shown(expected)}\n`;
  if (!heading) return `${inspect(actual)} ${operator} ${inspect(expected)}`;
  if (simple(actual) && simple(expected)) return `${heading}\n\n${inspect(actual)} !== ${inspect(expected)}\n`;
  let [a, b] = [actual, expected].map((value) => inspect(value, { depth: 1000, sorted: true, maxArrayLength: Infinity, getters: true }));
  if (!a.includes("\n") && !b.includes("\n") && a !== b) {
    let at = 0;
    while (a[at] === b[at]) ++at;
    return `${heading}\n+ actual - expected\n\n+ ${a}\n- ${b}\n${" ".repeat(at + 2)}^`;
  }
  [a, b] = [shown(actual), shown(expected)];
  if (a === b) return `Values have same structure but are not reference-equal:\n\n${a}\n`;
  return `${heading}\n+ actual - expected\n\n${differences(a.split("\n"), b.split("\n")).map(([mark, line]) => `${mark} ${line}`).join("\n")}\n`;
}

export class AssertionError extends Error {
  constructor(options) {
    if (options === null || typeof options !== "object") throw invalidArgType("options", "Object", options);
    const { message, operator, actual, expected } = options;
    super(message != null ? String(message) : operator === "fail" ? "Failed" : generated(operator, actual, expected));
    this.generatedMessage = !message;
    Object.defineProperty(this, "name", { value: "AssertionError", enumerable: false, writable: true, configurable: true });
    this.code = "ERR_ASSERTION";
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    if (options.stackStartFn || options.stackStartFunction) Error.captureStackTrace(this, options.stackStartFn || options.stackStartFunction);
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

function raise(message, details, generatedText) {
  if (message instanceof Error) throw message;
  throw new AssertionError({ ...details, message: message ?? generatedText });
}

const oneLineEach = (value) => (typeof value === "string" ? value.split(/(?<=\n)/).map((line) => line.replace(/\n$/, "\\n")) : inspect(value, { depth: 100, sorted: true, compact: false, maxArrayLength: Infinity }).split("\n"));

/** The text of a strict comparison that failed. */
function unequalText(actual, expected) {
  let rows;
  if (typeof actual === "string" && typeof expected === "string" && (actual.includes("\n") || expected.includes("\n"))) {
    rows = differences(oneLineEach(actual), oneLineEach(expected));
  } else {
    const plain = (value) => inspect(value, { depth: 100, sorted: true, compact: false, maxArrayLength: Infinity }).split("\n");
    rows = differences(plain(actual), plain(expected));
  }
  const marks = { " ": "    ", "+": "-   ", "-": "+   " };
  return `Values are not strictly equal:\n\n\n[Diff] Actual / Expected\n\n\n${rows.map(([mark, line]) => marks[mark] + line).join("\n")}\n${typeof actual === "string" && typeof expected === "string" && rows.length > 2 ? "\n" : ""}`;
}

function assert(...args) {
  check(assert, args);
}

function check(from, args) {
  if (args.length === 0) throw new AssertionError({ message: "No value argument passed to `assert.ok()`", actual: undefined, expected: true, operator: "==", stackStartFn: from });
  const [value, message] = args;
  if (!value) raise(message, { actual: value, expected: true, operator: "==", stackStartFn: from }, `${inspect(value)} == true`);
}

function two(args) {
  if (args.length < 2) throw missingArgs("actual", "expected");
}

function expectedException(error, expected, message, from) {
  if (expected === undefined) return;
  if (typeof expected === "string") throw invalidArgType("expected", ["object", "Function", "RegExp"], expected);
  if (types.isRegExp(expected)) {
    if (expected.exec(String(error)) !== null) return;
    raise(message, { actual: error, expected, operator: from.name, stackStartFn: from }, `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(String(error))}\n`);
  }
  if (typeof expected === "function") {
    if (expected.prototype !== undefined && error instanceof expected) return;
    if (expected === Error || Object.prototype.isPrototypeOf.call(Error, expected)) {
      const kind = error instanceof Error ? `"${error.name}"` : `"${inspect(error, { depth: -1 })}"`;
      const text = error instanceof Error && error.message ? `\n\nError message:\n\n${error.message}` : "";
      raise(message, { actual: error, expected, operator: from.name, stackStartFn: from }, `The error is expected to be an instance of "${expected.name}". Received ${kind}${text}`);
    }
    const result = Reflect.apply(expected, {}, [error]);
    if (result === true) return;
    const name = expected.name ? `"${expected.name}" ` : "";
    raise(message, { actual: error, expected, operator: from.name, stackStartFn: from }, `The ${name}validation function is expected to return "true". Received ${inspect(result)}\n\nCaught error:\n\n${inspect(error)}`);
  }
  if (typeof expected !== "object" || expected === null) throw invalidArgType("expected", ["object", "Function", "RegExp"], expected);
  if (typeof error !== "object" || error === null) {
    raise(message, { actual: error, expected, operator: from.name, stackStartFn: from }, generated("deepStrictEqual", error, expected));
  }
  const keys = Object.keys(expected);
  if (expected instanceof Error) keys.push("name", "message");
  else if (keys.length === 0) throw invalidArgValue("error", expected, "may not be an empty object");
  for (const key of keys) {
    if (typeof error[key] === "string" && types.isRegExp(expected[key]) && expected[key].exec(error[key]) !== null) continue;
    if (key in error && isDeepStrictEqual(error[key], expected[key])) continue;
    raise(message, { actual: error, expected, operator: from.name, stackStartFn: from }, generated("deepStrictEqual", error[key], expected[key]));
  }
}

const none = Symbol("no exception");

function caught(callback) {
  if (typeof callback !== "function") throw invalidArgType("fn", "function", callback);
  try {
    callback();
  } catch (error) {
    return error;
  }
  return none;
}

async function caughtAsync(promiseOrFunction) {
  let promise = promiseOrFunction;
  if (typeof promiseOrFunction === "function") {
    promise = promiseOrFunction();
    if (typeof promise?.then !== "function") throw nodeError.type("ERR_INVALID_RETURN_VALUE", `Expected instance of Promise to be returned from the "promiseFn" function but got ${promise === null ? "null" : typeof promise}.`);
  } else if (typeof promise?.then !== "function") {
    throw invalidArgType("promiseFn", ["function", "Promise"], promise);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return none;
}

function expectThrow(from, error, expected, message) {
  if (typeof expected === "string") {
    if (arguments.length === 4 && message !== undefined) throw invalidArgType("error", ["object", "Error", "function", "RegExp"], expected);
    message = expected;
    expected = undefined;
  }
  if (error === none) {
    const name = expected?.name ? ` (${expected.name})` : "";
    const kind = from === methods.rejects ? "rejection" : "exception";
    throw new AssertionError({ actual: undefined, expected, operator: from.name, message: `Missing expected ${kind}${name}${message ? `: ${message}` : "."}`, stackStartFn: from });
  }
  expectedException(error, expected, message, from);
}

function expectNoThrow(from, error, expected, message) {
  if (error === none) return;
  if (typeof expected === "string") {
    message = expected;
    expected = undefined;
  }
  const matches = expected === undefined || (types.isRegExp(expected) ? expected.exec(String(error)) !== null : error instanceof expected);
  if (!matches) throw error;
  const kind = from === methods.doesNotReject ? "rejection" : "exception";
  throw new AssertionError({ actual: error, expected, operator: from.name, message: `Got unwanted ${kind}${message ? `: ${message}` : "."}\nActual message: "${error?.message}"`, stackStartFn: from });
}

const methods = {
  fail(message) {
    if (message instanceof Error) throw message;
    throw new AssertionError({ message: message ?? "Failed", operator: "fail" });
  },
  ok(...args) {
    check(methods.ok, args);
  },
  equal() {
    methods.strictEqual(...arguments);
  },
  notEqual() {
    methods.notStrictEqual(...arguments);
  },
  strictEqual(actual, expected, message) {
    two(arguments);
    if (!Object.is(actual, expected)) raise(message, { actual, expected, operator: "strictEqual", stackStartFn: methods.strictEqual }, unequalText(actual, expected));
  },
  notStrictEqual(actual, expected, message) {
    two(arguments);
    if (Object.is(actual, expected)) raise(message, { actual, expected, operator: "notStrictEqual", stackStartFn: methods.notStrictEqual }, "Expected actual to be strictly unequal to expected");
  },
  deepEqual() {
    methods.deepStrictEqual(...arguments);
  },
  notDeepEqual() {
    methods.notDeepStrictEqual(...arguments);
  },
  deepStrictEqual(actual, expected, message) {
    two(arguments);
    if (!isDeepStrictEqual(actual, expected)) raise(message, { actual, expected, operator: "deepStrictEqual", stackStartFn: methods.deepStrictEqual });
  },
  notDeepStrictEqual(actual, expected, message) {
    two(arguments);
    if (isDeepStrictEqual(actual, expected)) raise(message, { actual, expected, operator: "notDeepStrictEqual", stackStartFn: methods.notDeepStrictEqual }, "Expected actual to not be deeply strictly equal to expected");
  },
  partialDeepStrictEqual(actual, expected, message) {
    two(arguments);
    if (!isPartlyEqual(actual, expected)) raise(message, { actual, expected, operator: "partialDeepStrictEqual" }, generated("deepStrictEqual", actual, expected));
  },
  throws(callback, expected, message) {
    expectThrow(methods.throws, caught(callback), expected, message);
  },
  async rejects(promise, expected, message) {
    expectThrow(methods.rejects, await caughtAsync(promise), expected, message);
  },
  doesNotThrow(callback, expected, message) {
    expectNoThrow(methods.doesNotThrow, caught(callback), expected, message);
  },
  async doesNotReject(promise, expected, message) {
    expectNoThrow(methods.doesNotReject, await caughtAsync(promise), expected, message);
  },
  ifError(value) {
    if (value == null) return;
    let message = "ifError got unwanted exception: ";
    if (typeof value === "object" && typeof value.message === "string") message += value.message.length === 0 && value.constructor ? value.constructor.name : value.message;
    else message += inspect(value);
    throw new AssertionError({ actual: value, expected: null, operator: "ifError", message, stackStartFn: methods.ifError });
  },
  match(actual, expected, message) {
    if (!types.isRegExp(expected)) throw invalidArgType("regexp", "RegExp", expected);
    if (typeof actual !== "string" || expected.exec(actual) === null) raise(message, { actual, expected, operator: "match" }, `actual: "${actual}" expected to match: "${expected}"`);
  },
  doesNotMatch(actual, expected, message) {
    if (!types.isRegExp(expected)) throw invalidArgType("regexp", "RegExp", expected);
    if (typeof actual === "string" && expected.exec(actual) !== null) raise(message, { actual, expected, operator: "doesNotMatch" }, `actual: "${actual}" expected to not match: "${expected}"`);
  },
};

class Assert {
  constructor() {
    for (const [name, method] of Object.entries(methods)) this[name] = method;
    this.AssertionError = AssertionError;
  }
}

function strict(...args) {
  check(strict, args);
}
Object.assign(assert, methods, { Assert, AssertionError, strict });
Object.assign(strict, methods, { Assert, AssertionError, strict });
export default assert;
