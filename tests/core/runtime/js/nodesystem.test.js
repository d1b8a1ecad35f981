// SPDX-License-Identifier: GPL-3.0-or-later
const fs = process.getBuiltinModule("fs");
const util = process.getBuiltinModule("util");
const { createRequire, isBuiltin } = process.getBuiltinModule("node:module");

test("process.env has the variables, and holds texts", () => {
  equal(process.env.NAME, "value");
  process.env.NUMBER = 5;
  equal(process.env.NUMBER, "5");
  delete process.env.NUMBER;
  ok(!("NUMBER" in process.env));
});

test("require finds what there is", () => {
  const require = createRequire("/x/");
  equal(require("fs"), fs);
  equal(require("node:fs/promises"), fs.promises);
  throws(() => require("nope"), Error, 'No such module "nope".');
  ok(isBuiltin("node:util") && !isBuiltin("nope"));
});

test("globals", () => {
  equal(global, globalThis);
  equal(typeof setImmediate, "function");
  const timer = setTimeout(() => {}, 1000);
  ok(timer.hasRef());
  clearTimeout(+timer);
  throws(() => setTimeout("code"), TypeError);
});

test("files", async () => {
  fs.mkdirSync("/tmp/d/e", { recursive: true });
  await fs.promises.writeFile("/tmp/d/e/f", "text");
  equal(fs.readFileSync("/tmp/d/e/../e/f", "utf8"), "text");
  deepEqual(fs.readdirSync("/tmp/d", { recursive: true }).length, 2);
  equal(throws(() => fs.readFileSync("/tmp/d/e/f/g")).code, "ENOTDIR");
  equal(throws(() => fs.writeFileSync("/bundle/x", "")).code, "EPERM");
  fs.symlinkSync("loop", "/tmp/loop");
  equal(throws(() => fs.readFileSync("/tmp/loop")).code, "ELOOP");
  throws(() => fs.readFileSync("/tmp/a\0b"), TypeError, "null bytes");
  const error = await util.promisify(fs.readFile)("/tmp/none").catch((e) => e);
  equal(error.code, "ENOENT");
  fs.rmSync("/tmp/d", { recursive: true });
  ok(!fs.existsSync("/tmp/d"));
});

test("inspect looks into what it is given without running it", () => {
  let ran = 0;
  const proxy = new Proxy({ a: 1 }, { get: () => ++ran, ownKeys: () => (++ran, []) });
  equal(util.inspect(proxy, { showProxy: true }).startsWith("Proxy"), true);
  equal(ran, 0);
  equal(util.inspect(Promise.reject(new Error("x")).catch(() => {}) && Promise.resolve(1)), "Promise { 1 }");
  equal(util.inspect(new Map([[1, 2]]).entries()), "[Map Entries] { [ 1, 2 ] }");
  equal(util.inspect({ get a() { throw new Error("no"); } }), "{ a: [Getter] }");
});
