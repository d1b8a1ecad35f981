// SPDX-License-Identifier: GPL-3.0-or-later

test("a stack begins with the message and names the functions", () => {
  function inner() {
    throw new RangeError("here");
  }
  function outer() {
    inner();
  }
  const { stack } = throws(outer, RangeError, "here");
  const lines = stack.split("\n");
  equal(lines[0], "RangeError: here");
  ok(/^ {4}at inner \(/.test(lines[1]), lines[1]);
  ok(/^ {4}at outer \(/.test(lines[2]), lines[2]);
});

test("a stack follows awaits", async () => {
  async function first() {
    await null;
    throw new Error("late");
  }
  async function second() {
    await first();
  }
  const { stack } = await rejects(second(), Error);
  ok(/\n {4}at (async )?first \(/.test(stack), stack);
  ok(/\n {4}at async second \(/.test(stack), stack);
});

test("an error of the runtime's own shows the user's frame first", () => {
  function mine() {
    return new URL("nope");
  }
  const { stack } = throws(mine, TypeError);
  ok(/^TypeError: .*\n {4}at .*\n?/.test(stack) && stack.includes("mine"), stack);
  ok(!stack.includes("cleat:runtime"), stack);
});

test("cause, AggregateError, captureStackTrace, stackTraceLimit", () => {
  equal(new Error("a", { cause: "why" }).cause, "why");
  deepEqual(new AggregateError([1], "m").errors, [1]);
  const holder = {};
  Error.captureStackTrace(holder);
  ok(typeof holder.stack === "string");
  equal(typeof Error.stackTraceLimit, "number");
});

test("odd errors have a stack, too", () => {
  const error = new Error("x");
  error.name = "Custom";
  ok(typeof error.stack === "string");
  class Own extends Error {
    get name() {
      return "Own";
    }
  }
  equal(String(new Own("m")), "Own: m");
  const frozen = Object.freeze(new Error("f"));
  ok(frozen.stack.startsWith("Error: f"));
});
