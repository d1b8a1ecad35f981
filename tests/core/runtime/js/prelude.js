// SPDX-License-Identifier: GPL-3.0-or-later
// What the *.test.js files stand on: test(name, function) runs at finish(), in order; a test fails when its function throws or rejects.
// Plain enough to run in any Workers runtime, so that the expectations can be checked against another one.

const tests = [];

function test(name, body) {
  tests.push([name, body]);
}

function shown(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Map) return `Map ${shown([...value])}`;
  if (value instanceof Set) return `Set ${shown([...value])}`;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return `${value.constructor.name} [${[...value].map(String).join(", ")}]`;
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value === "object" && value !== null) return `{${Object.keys(value).map((key) => `${key}: ${shown(value[key])}`).join(", ")}}`;
  return Object.is(value, -0) ? "-0" : String(value);
}

function fail(message) {
  throw new Error(message);
}

function ok(value, what = "a true value") {
  if (!value) fail(`expected ${what}`);
}

function equal(actual, expected, what = "") {
  if (!Object.is(actual, expected)) fail(`${what ? what + ": " : ""}expected ${shown(expected)}, got ${shown(actual)}`);
}

/** Compares what plain data, Map, Set, typed arrays and errors hold. */
function deepEqual(actual, expected, what = "") {
  if (Object.prototype.toString.call(actual) !== Object.prototype.toString.call(expected) || shown(actual) !== shown(expected)) {
    fail(`${what ? what + ": " : ""}expected ${shown(expected)}, got ${shown(actual)}`);
  }
}

/** `kind` is a constructor, or the name of a DOMException; `says` a part of the message or a pattern. */
function checkError(error, kind, says) {
  if (typeof kind === "string") {
    if (!(error instanceof DOMException) || error.name !== kind) fail(`expected a DOMException ${kind}, got ${shown(error)}`);
  } else if (kind && !(error instanceof kind)) {
    fail(`expected a ${kind.name}, got ${shown(error)}`);
  }
  if (says instanceof RegExp ? !says.test(error.message) : says && !error.message.includes(says)) fail(`expected a message with ${says}, got ${shown(error.message)}`);
}

function throws(body, kind, says) {
  let value;
  try {
    value = body();
  } catch (error) {
    checkError(error, kind, says);
    return error;
  }
  fail(`expected a throw, got ${shown(value)}`);
}

async function rejects(promise, kind, says) {
  let value;
  try {
    value = await (typeof promise === "function" ? promise() : promise);
  } catch (error) {
    checkError(error, kind, says);
    return error;
  }
  fail(`expected a rejection, got ${shown(value)}`);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function finish() {
  const failures = [];
  for (const [name, body] of tests.splice(0)) {
    let timer;
    try {
      const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error("did not settle within 3 seconds")), 3000)));
      await Promise.race([body(), late]);
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    clearTimeout(timer);
    finish.count = (finish.count ?? 0) + 1;
  }
  return { count: finish.count ?? 0, failures };
}
