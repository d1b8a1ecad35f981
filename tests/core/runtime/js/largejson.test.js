// SPDX-License-Identifier: GPL-3.0-or-later
// JSON texts that are large are read and written by code of the runtime's own. It has to do what the engine's does, which is asked beside it: a text is large when enough spaces
// stand behind it, and code that has just written a large text writes the next value in that way, too; with a replacer of null the engine writes it.

const spaces = " ".repeat(70000);
const big = "x".repeat(70000);
const outcome = (work) => {
  try {
    return { value: work() };
  } catch (error) {
    return { error: `${error?.name}: ${error?.message}` };
  }
};

/** Whether two values are the same in all that can be seen of them: kinds, order of keys, attributes. */
function difference(a, b, path = "$") {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b) ? undefined : `${path}: ${shown(a)} for ${shown(b)}`;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || Array.isArray(a) !== Array.isArray(b)) return `${path}: of another kind`;
  const keys = Reflect.ownKeys(b);
  if (Reflect.ownKeys(a).join("\0") !== keys.join("\0")) return `${path}: keys ${shown(Reflect.ownKeys(a))} for ${shown(keys)}`;
  for (const key of keys) {
    const [one, other] = [Object.getOwnPropertyDescriptor(a, key), Object.getOwnPropertyDescriptor(b, key)];
    if (one.writable !== other.writable || one.enumerable !== other.enumerable || one.configurable !== other.configurable) return `${path}.${key}: attributes`;
    const found = difference(one.value, other.value, `${path}.${key}`);
    if (found) return found;
  }
  return undefined;
}

const usable = `[${Array(20).fill('{"fine":[1,2.5,"x"]}').join()}]${spaces}`; // after some texts that are left to the engine, it would be asked first
function sameParse(text) {
  const expected = outcome(() => JSON.parse(text));
  if (expected.error) expected.error = outcome(() => JSON.parse(text + spaces, (key, value) => value)).error; // with the spaces
  const actual = outcome(() => JSON.parse(text + spaces));
  equal(actual.error, expected.error, text.slice(0, 200));
  const found = expected.error ? undefined : difference(actual.value, expected.value);
  if (found) fail(`${text.slice(0, 200)}: ${found}`);
  if (expected.error) JSON.parse(usable);
}

/** `make` makes the value anew each time: what is asked of it may change it. */
function sameText(make, what) {
  const expected = outcome(() => JSON.stringify(make(), null));
  JSON.stringify(big);
  const actual = outcome(() => JSON.stringify(make()));
  equal(actual.error, expected.error, what);
  if (actual.value === expected.value) return;
  let at = 0;
  while (actual.value?.[at] !== undefined && actual.value[at] === expected.value?.[at]) ++at;
  fail(`${what}: at ${at} expected ${shown(expected.value?.slice(at - 40, at + 40))}, got ${shown(actual.value?.slice(at - 40, at + 40))}`);
}

const texts = [
  "{}", "[]", "[[]]", "[{}]", "null", "true", "false", '""', "0", "-0", "1", "[0,-0,1,-1]", "2147483647", "-2147483648", "2147483648", "999999999", "1000000000", "9007199254740993", "123456789012345678901234567890",
  "0.1", "-0.5", "1e5", "1E-5", "1.5e+300", "1e309", "-1e309", "1e-400", "5e-324", "0.30000000000000004", "[1,2.5,3]", "[1.5,null]", '{"a":1}', '{"a":{"b":{"c":[]}}}', '{"a":1,"b":2,"a":3}', '{"":1}',
  '{"__proto__":1}', '{"__proto__":{"x":1},"y":2}', '{"constructor":1,"toString":2}', '{"1":1,"0":2,"a":3,"-1":4,"01":5}', '{"a b":1,"\\u0061":2}', '{"\\n":1}', '{"\u00e9":1}', '["\u00e9\u00ff"]', '["\u20ac"]',
  '["\\u00e9\\u20ac\\ud83d\\ude00"]', '["\\ud800"]', '["\\udc00\\ud800"]', '["a\\"b\\\\c\\/d\\b\\f\\n\\r\\t"]', '["1234567","12345678","123456789","","a"]', '["\\u0000"]', '["\u007f"]', " [ 1 , 2 ] ", "\t\n\r [\n{\t\"a\"\r:\n1 } ]\n",
  '{ "a" : [ ] , "b" : { } }', `["${"y".repeat(5000)}"]`, "[".repeat(400) + "]".repeat(400), "[".repeat(700) + "]".repeat(700), `{${Array.from({ length: 300 }, (_, i) => `"k${i}":${i}`).join()}}`,
  `[${Array.from({ length: 5000 }, (_, i) => i).join()}]`, `[${Array.from({ length: 5000 }, (_, i) => i / 3).join()}]`, `[${Array(9000).fill("[]").join()}]`, `[${Array(9000).fill("{}").join()}]`, `[${Array(9000).fill("[[1]]").join()}]`,
  `[${Array.from({ length: 1500 }, (_, i) => `{"k${i}":1}`).join()}]`, `[${Array(50).fill('{"a":1,"b":{"c":2}},{"a":1},{"b":{"c":2,"d":3},"a":1},{"a":1,"b":{"c":2},"e":null},{}').join()}]`,
  `[${Array(30).fill('{"__proto__":[1],"x":"y"}').join()}]`, `[${Array(30).fill('{"a":1,"a":2}').join()}]`, `[${Array(30).fill('{"2":1,"1":2}').join()}]`, `[${Array(30).fill('{"a":[1,{"b":2}],"c":[{"b":3},{"b":4,"d":5}]}').join()}]`,
];
const broken = [
  "", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "{,}", '{"a"}', '{"a":}', '{"a":1,}', '{a:1}', "{'a':1}", '{"a" 1}', '{"a":1 "b":2}', "[1 2]", "[1]]", "[1}", '{"a":1]', "01", "-", "-a", "+1", "1.", ".5", "1.e5", "1e", "1e+", "0x10", "NaN", "Infinity", "-Infinity",
  "tru", "truee", "nul", "undefined", '"', '"a', '"\\"', '"\\x"', '"\\u12"', '"\\u12g4"', '"\n"', '"\t"', '"\u0000"', "[1]x", "null null", "\u00a0[]", "\ufeff[]", "[\u2028]", "\v[]", "//", "[1,/**/2]", `[${'{"a":1},'.repeat(20)}{"a":1,}]`, "[-]", "[1.5.5]", "[1e5e5]", '["\\',
];

test("large texts are read as the engine reads them", () => texts.forEach(sameParse));
test("texts that are none are refused in the engine's words", () => broken.forEach(sameParse));

let seed = 20261129;
const random = (below) => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % below;
};
const pick = (list) => list[random(list.length)];
const keys = ["a", "b", "id", "name", "__proto__", "0", "17", "key with spaces", "\u00e9", "\ud83d\ude00", 'q"q', "toString", ""];
const strings = ["", "a", "blue", "eleven char", "a longer text that is no short one", "\u00e9t\u00e9", "\u20ac", "\ud83d\ude00", "\ud800", "\udc00x", 'quo"te', "back\\slash", "\n\r\t\b\f\u0001\u001f", "\u2028\u2029\u007f", "x".repeat(4095) + "\ud83d\ude00", "y".repeat(4096), "\u0100".repeat(4095) + "\ud800"];
const numbers = [0, -0, 1, -1, 42, 1e9, 2 ** 31, -(2 ** 31), 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1e21, 1e-7, 1e-6, 0.1, 0.1 + 0.2, 123.25, -1.5, 5e-324, Number.MAX_VALUE, NaN, Infinity, -Infinity, 1700000000000, 1700000000000.5, 1 / 3, 100000, 1e15 + 0.5];
function value(depth) {
  const kind = random(depth > 0 ? 9 : 6);
  if (kind < 2) return pick(strings);
  if (kind < 4) return random(2) ? pick(numbers) : random(100000) / pick([1, 4, 7, 100]);
  if (kind === 4) return pick([true, false, null]);
  if (kind === 5) return pick([undefined, () => 1, Symbol("s"), new Date(1e12), new Number(4), new String("boxed"), new Boolean(false), new Map([[1, 2]]), new Uint8Array(3), /x/, new Error("no")]);
  if (kind < 8) {
    const made = {};
    const own = random(4) ? ["id", "name", "b"] : Array.from({ length: random(6) }, () => pick(keys));
    for (const key of own) Object.defineProperty(made, key, { value: value(depth - 1), writable: true, enumerable: true, configurable: true });
    return made;
  }
  return Array.from({ length: random(20) }, () => value(depth - 1));
}

test("values of all kinds are written and read as by the engine", () => {
  for (let i = 0; i < 400; ++i) {
    const one = value(5);
    sameText(() => one, `value ${i}`);
    const text = JSON.stringify(one, null);
    if (text !== undefined) sameParse(text);
  }
});
test("texts with a byte that is wrong have the engine's outcome", () => {
  const bytes = [...'{}[]",:\\0189.-+eEtfnu \n\u00e9'];
  for (let i = 0; i < 1500; ++i) {
    const text = JSON.stringify(value(3), null) ?? "null";
    const at = random(text.length);
    sameParse(text.slice(0, at) + pick(bytes) + text.slice(at + random(2)));
  }
});

test("what writing asks of values, and in which order", () => {
  const log = [];
  const traced = (make) => () => {
    log.length = 0;
    return make();
  };
  const check = (make, what) => {
    JSON.stringify(make(), null);
    const expected = log.join();
    JSON.stringify(big);
    JSON.stringify(make());
    equal(log.join(), expected, what);
    sameText(make, what);
  };
  check(traced(() => ({ get a() { log.push("a"); return { toJSON(key) { log.push(`toJSON ${typeof key} ${key}`); return 1; } }; }, b: [{ toJSON(key) { log.push(`toJSON ${typeof key} ${key}`); return key; } }], get c() { log.push("c"); return undefined; } })), "getters");
  check(traced(() => ({ toJSON(key) { log.push(`root ${key === ""}`); return { x: 1 }; } })), "toJSON of the whole");
  check(traced(() => new Proxy({ x: 1, y: [2] }, { get(target, key) { log.push(`get ${String(key)}`); return target[key]; }, ownKeys(target) { log.push("ownKeys"); return Reflect.ownKeys(target); } })), "a Proxy");
  check(traced(() => new Proxy([1, 2, 3], { get(target, key) { log.push(`get ${String(key)}`); return key === "length" ? { valueOf: () => 2.9 } : target[key]; } })), "a Proxy of an array");
  check(traced(() => ({ n: Object.assign(new Number(3), { valueOf() { log.push("valueOf"); return 7; } }), s: Object.assign(new String("s"), { toString() { log.push("toString"); return "t"; } }) })), "boxes");
  check(traced(() => { const o = { get first() { log.push("first"); delete o.second; o.third = 3; return 1; }, second: 2 }; return o; }), "an object that changes meanwhile");
  check(traced(() => { const a = [{ toJSON() { a.length = 1; return 1; } }, 2, 3]; return a; }), "an array that changes meanwhile");
});
test("large texts are written by the runtime's own code: a Proxy is asked for each property's value right behind its descriptor, where the engine asks for all descriptors first", () => {
  const asked = [];
  const proxy = () => new Proxy({ x: 1, y: 2 }, { get(target, key) { asked.push(`get ${key}`); return target[key]; }, getOwnPropertyDescriptor(target, key) { asked.push(`descriptor ${key}`); return Reflect.getOwnPropertyDescriptor(target, key); } });
  JSON.stringify(big);
  equal(JSON.stringify(proxy()), '{"x":1,"y":2}');
  equal(asked.join(), "get toJSON,descriptor x,get x,descriptor y,get y");
  asked.length = 0;
  equal(JSON.stringify(proxy()), '{"x":1,"y":2}'); // the text before was short
  equal(asked.join(), "get toJSON,descriptor x,descriptor y,get x,get y");
});
test("values that are special", () => {
  class Point { constructor() { this.x = 1; } get y() { return 2; } }
  const inherits = Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, hidden: { value: 3 } });
  const values = [
    () => undefined, () => () => 1, () => Symbol("x"), () => null, () => "a", () => 5, () => [undefined, () => 1, Symbol("x"), null], () => ({ a: undefined, b: () => 1, c: Symbol("x"), [Symbol("k")]: 1, d: 1 }), () => new Point(), () => inherits, () => Object.create(null, { a: { value: 1, enumerable: true } }),
    () => [, 1, , 2], () => Object.assign([1], { extra: 2 }), () => Object.assign(() => 1, { toJSON: () => "function" }), () => new Date(NaN), () => Object(1n), () => [1n], () => ({ a: { b: 1n } }), () => new Proxy(() => 1, {}), () => ({ toJSON: 5, a: 1 }), () => ({ toJSON: () => undefined }), () => [{ toJSON: () => undefined }], () => ({ a: { toJSON: () => undefined } }),
    () => Object.freeze({ a: Object.freeze([1]) }), () => new (class extends Array {})(3), () => [new Number(NaN), new String("\ud800"), new Boolean(true)], () => "\ud83d\ude00\ud83d", () => ({ "\ud83d": 1, "\u20ac": "\u20ac" }), () => arguments_(1, "b"), () => { throw new RangeError("made"); }, () => ({ get a() { throw new RangeError("mine"); } }), () => { const revoked = Proxy.revocable({}, {}); revoked.revoke(); return [revoked.proxy]; },
  ];
  values.forEach((make, i) => sameText(make, `value ${i}: ${make}`));
  function arguments_() { return arguments; }
  BigInt.prototype.toJSON = function (key) { return `${typeof this} ${this} ${key}`; };
  try {
    sameText(() => ({ a: 1n, b: [2n] }), "BigInt with toJSON");
  } finally {
    delete BigInt.prototype.toJSON;
  }
});
test("circles are told in the engine's words", () => {
  class Node {}
  const circles = [
    () => { const a = {}; a.a = a; return a; }, () => { const a = []; a[3] = a; return a; }, () => { const a = { b: { c: [1, {}] } }; a.b.c[1].d = a.b; return a; }, () => { const a = new Node(); a.next = new Node(); a.next.next = new Node(); a.next.next.back = a; return [a]; },
    () => { const a = { toJSON: () => ({ a }) }; return a; }, () => { const same = { x: 1 }; return [same, same, { same }]; },
  ];
  circles.forEach((make, i) => sameText(make, `circle ${i}`));
});
test("a value within a value: toJSON that writes, too", () => {
  const inner = () => ({ toJSON: () => JSON.parse(JSON.stringify({ in: [1, 2, { x: "y".repeat(3000) }], n: 1 })) });
  sameText(() => [1, inner(), { a: inner(), b: Array.from({ length: 3000 }, (_, i) => `item ${i}`) }, 2], "nested");
  sameText(() => [1, { toJSON() { try { JSON.stringify({ get x() { throw 1; } }); } catch {} return 5; } }, 3], "one that fails");
  sameText(() => { let deep = []; for (let i = 0; i < 3000; ++i) deep = i % 2 ? [deep] : { deep }; return deep; }, "deep");
});
test("what code has done to the language changes nothing", () => {
  const text = `[${Array(50).fill('{"id":1,"list":[1,2,3],"__proto__":{"x":"y"}}').join()}]`;
  const expected = JSON.parse(text);
  let calls = "";
  const undo = [];
  const define = (object, key, descriptor) => {
    const had = Object.getOwnPropertyDescriptor(object, key);
    Object.defineProperty(object, key, { ...descriptor, configurable: true });
    undo.push(() => (had ? Object.defineProperty(object, key, had) : delete object[key]));
  };
  const trap = (name) => ({ set() { calls += `${name} `; }, get() { return undefined; } });
  for (const key of [0, 1, 5000, "id", "list"]) {
    define(Array.prototype, key, trap(`array ${key}`));
    define(Object.prototype, key, trap(`object ${key}`));
  }
  for (const name of ["push", "slice", "fill", "map"]) define(Array.prototype, name, { value() { calls += `${name} `; } });
  let read, written, inherited;
  try {
    read = JSON.parse(text + spaces);
    JSON.stringify(big);
    written = JSON.stringify(expected);
    define(Object.prototype, "everywhere", { value: 1, enumerable: true });
    JSON.stringify(big);
    inherited = JSON.stringify({ own: 2 });
  } finally {
    undo.reverse().forEach((work) => work());
  }
  equal(calls, "");
  equal(difference(read, expected), undefined);
  equal(written, JSON.stringify(expected, null));
  equal(inherited, '{"own":2}');
  sameParse(text);
});
test("bodies of large JSON", async () => {
  const items = Array.from({ length: 5000 }, (_, i) => ({ id: i, name: `Item ${i}`, tags: ["new", "blue"], price: i + 0.25, note: i % 9 ? null : "d\u00e9j\u00e0 vu" }));
  const text = JSON.stringify(items, null);
  const request = new Request("http://x/", { method: "POST", body: text });
  equal(difference(await request.json(), items), undefined);
  for (let i = 0; i < 3; ++i) equal(await Response.json(items).text(), text);
  equal(difference(await new Response(`\ufeff${text}`).json(), items), undefined);
  const json = JSON;
  try {
    globalThis.JSON = undefined;
    equal((await new Response("[1]").json())[0], 1);
    equal(await Response.json({ a: 1 }).text(), '{"a":1}');
  } finally {
    globalThis.JSON = json;
  }
});
