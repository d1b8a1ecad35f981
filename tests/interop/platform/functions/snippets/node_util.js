// SPDX-License-Identifier: GPL-3.0-or-later
import util from "node:util";

const values = {
  map: () => new Map([[1, { a: [1, 2, { b: { c: {} } }] }]]), set: () => new Set(["a", 1]), holes: () => [1, , 3], symbol: () => ({ [Symbol("k")]: 1 }), bigint: () => 12n, date: () => new Date(0),
  regexp: () => /a/gi, bytes: () => new Uint8Array(3), halves: () => new Float16Array([1.5, -0]), nestedHalves: () => ({ a: [new Float16Array(0), Object.assign(new Float16Array(1), { more: 1 })] }), buffer: () => new ArrayBuffer(2), fn: () => function named() {}, cls: () => class A extends Map {}, arrow: () => () => {}, asyncFn: () => async () => {},
  generator: () => function* g() {}, nullProto: () => Object.create(null), instance: () => new (class Foo { y = 2; })(), accessor: () => ({ get a() { return 1; }, set b(v) {} }), proxy: () => new Proxy({ a: 1 }, {}),
  promise: () => Promise.resolve(4), pending: () => new Promise(() => {}), weak: () => new WeakMap(), iterator: () => new Map([[1, 2]]).entries(), circular: () => { const a = {}; a.self = a; return a; },
  long: () => Array.from({ length: 120 }, (_, i) => i), text: () => "it's", multi: () => ["a".repeat(100), "b"], boxed: () => [new String("x"), new Number(-0), Object(1n)], args: () => (function () { return arguments; })(1, 2),
  nested: () => ({ a: { b: { c: { d: 1 } } } }), negativeZero: () => -0, url: () => new URL("http://a/b?c"), decoder: () => new TextDecoder(),
};
const inspected = {};
for (const [name, make] of Object.entries(values)) {
  inspected[`inspect ${name}`] = () => util.inspect(make());
  inspected[`inspect ${name} with options`] = () => util.inspect(make(), { depth: 0, showHidden: false, compact: false, breakLength: 40, sorted: true, showProxy: true });
}
const typed = Object.fromEntries(Object.keys(util.types).map((name) => [`types.${name}`, () => Object.entries(values).filter(([, make]) => util.types[name](make())).map(([key]) => key)]));

export default {
  "util.types.isKeyObject.length": () => util.types.isKeyObject.length,
  "util.styleText(\"red\",\"x\")": () => util.styleText("red","x"),
  "util.styleText(\"zz\",\"x\")": () => util.styleText("zz","x"),
  "util.styleText([\"bold\",\"red\"],\"x\")": () => util.styleText(["bold","red"],"x"),
  "util.inspect.colors": () => util.inspect.colors,
  "util.parseArgs({args:[\"-a\",\"--b=2\",\"c\"],options:{a:{type:\"boolean\",short:\"a\"},b:{type:\"str": () => util.parseArgs({args:["-a","--b=2","c"],options:{a:{type:"boolean",short:"a"},b:{type:"string"}},allowPositionals:true}),
  "util.parseArgs({args:[\"--zz\"]})": () => util.parseArgs({args:["--zz"]}),
  "util.parseEnv(\"A=1\\nB='x y'\\n#c\\nexport D=\\\"q\\\\nr\\\"\")": () => util.parseEnv("A=1\nB='x y'\n#c\nexport D=\"q\\nr\""),
  "util.diff(\"abc\",\"abd\")": () => util.diff("abc","abd"),
  "util.getSystemErrorName(-2)": () => util.getSystemErrorName(-2),
  "util.getSystemErrorMessage(-2)": () => util.getSystemErrorMessage(-2),
  "util.getSystemErrorMap().size": () => util.getSystemErrorMap().size,
  "new util.MIMEType(\"text/plain; charset=utf-8\")": () => new util.MIMEType("text/plain; charset=utf-8"),
  "util.toUSVString(\"\\ud800a\")": () => util.toUSVString("\ud800a"),
  "util.stripVTControlCharacters(\"\\u001b[31mx\\u001b[0m\")": () => util.stripVTControlCharacters("\u001b[31mx\u001b[0m"),
  "util.inherits(1,2)": () => util.inherits(1,2),
  "util.deprecate(()=>1,\"m\",\"c\")()": () => util.deprecate(()=>1,"m","c")(),
  "util.callbackify(async()=>1).name": () => util.callbackify(async()=>1).name,
  "util.promisify.custom": () => util.promisify.custom,
  "util.aborted(new AbortController().signal,{}).constructor.name": () => util.aborted(new AbortController().signal,{}).constructor.name,
  "util._extend({a:1},{b:2})": () => util._extend({a:1},{b:2}),
  "util.isArray([])": () => util.isArray([]),
  "util.setTraceSigInt(1)": () => util.setTraceSigInt(1),
  "util.convertProcessSignalToExitCode(\"SIGINT\")": () => util.convertProcessSignalToExitCode("SIGINT"),
  "util.isDeepStrictEqual(new Map([[{a:1},1]]),new Map([[{a:1},1]]))": () => util.isDeepStrictEqual(new Map([[{a:1},1]]),new Map([[{a:1},1]])),
  "util.format(\"%s %d %i %f %j %o %O %c %%\",1,\"2\",3.5,\"4.5\",{a:1},{b:[1]},{c:1},\"x\",\"y\")": () => util.format("%s %d %i %f %j %o %O %c %%",1,"2",3.5,"4.5",{a:1},{b:[1]},{c:1},"x","y"),
  "util.inspect(\"a'b\")": () => util.inspect("a'b"),
  "util.inspect({a:1n,b:Symbol(\"q\"),c(){},get d(){return 1},set e(x){}})": () => util.inspect({a:1n,b:Symbol("q"),c(){},get d(){return 1},set e(x){}}),
  "util.getSystemErrorName(3)": () => util.getSystemErrorName(3),
  "isDeepStrictEqual of halves": () => [[1.5], [2], [-0]].map((list) => util.isDeepStrictEqual(new Float16Array(list), new Float16Array([list[0] && 1.5]))),
  "isDeepStrictEqual of halves and other arrays": () => util.isDeepStrictEqual(new Float16Array([1.5]), new Uint16Array([0x3e00])),
  "inspect of an extended Float16Array": () => util.inspect(new (class A extends Float16Array {})(1)),
  "inspect of a proxy of halves": () => util.inspect(new Proxy(new Float16Array([1.5]), {})),
  "format of halves": () => util.format("%s %O %j %d", new Float16Array([1.5]), new Float16Array([1.5]), new Float16Array([1.5]), new Float16Array([1.5])),
  ...inspected,
  ...typed,
};
