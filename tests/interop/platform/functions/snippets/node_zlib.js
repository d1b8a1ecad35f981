// SPDX-License-Identifier: GPL-3.0-or-later
// node:zlib.
import zlib from "node:zlib";
import { Buffer } from "node:buffer";

const B = Buffer.from;
const hex = (value) => Buffer.from(value).toString("hex");
const collect = (stream, ...chunks) => new Promise((resolve, reject) => {
  const list = [];
  stream.on("data", (chunk) => list.push(chunk));
  stream.on("end", () => resolve(Buffer.concat(list)));
  stream.on("error", reject);
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
});
const called = (run) => new Promise((resolve) => run((error, value) => resolve([error ? `${error.name} ${error.code}: ${error.message}` : error, value && hex(value)])));
const pairs = { gzip: "gunzip", deflate: "inflate", deflateRaw: "inflateRaw", brotliCompress: "brotliDecompress" };
const creators = { gzip: ["createGzip", "createGunzip"], deflate: ["createDeflate", "createInflate"], deflateRaw: ["createDeflateRaw", "createInflateRaw"], brotliCompress: ["createBrotliCompress", "createBrotliDecompress"] };
const coded = { level: 9, memLevel: 9, windowBits: 15, strategy: 0 };

export default {
  "constants without Zstandard": () => Object.entries(zlib.constants).filter(([name]) => !name.startsWith("ZSTD")),
  codes: () => Object.entries(zlib.codes),
  "names without Zstandard": () => Object.keys(zlib).filter((name) => !/zstd/i.test(name)),
  ...Object.fromEntries(Object.entries(pairs).flatMap(([one, other]) => [
    [`${one}Sync and back`, () => zlib[`${other}Sync`](zlib[`${one}Sync`]("hello, hello, hello")).toString()],
    [`${one} and back`, () => called((done) => zlib[one]("hello", (error, value) => (error ? done(error) : zlib[other](value, done))))],
    [`${one}Sync of nothing`, () => zlib[`${other}Sync`](zlib[`${one}Sync`]("")).length],
    [`${one}Sync: types`, () => [new Uint8Array([1]), new Uint8Array([1]).buffer, new DataView(new Uint8Array([1, 2]).buffer, 1), new Uint16Array([3])].map((value) => hex(zlib[`${other}Sync`](zlib[`${one}Sync`](value))))],
    ...[5, null, undefined, {}, true].map((value) => [`${one}Sync of ${value}`, () => zlib[`${one}Sync`](value)]),
    [`${other}Sync of junk`, () => zlib[`${other}Sync`](B("no such data at all"))],
    [`${other}Sync of nothing`, () => zlib[`${other}Sync`](B(""))],
    [`${other}Sync, cut`, () => zlib[`${other}Sync`](zlib[`${one}Sync`]("hello hello hello").subarray(0, 5))],
    [`${other} of junk`, () => called((done) => zlib[other](B("no such data at all"), done))],
    [`${one} without callback`, () => zlib[one]("x")],
    [`${other}Sync, too long`, () => zlib[`${other}Sync`](zlib[`${one}Sync`]("hello"), { maxOutputLength: 2 })],
    [`${one} as a stream`, async () => (await collect(zlib[creators[one][1]](), await collect(zlib[creators[one][0]](), "hello, ", B("hello")))).toString()],
    [`${other} as a stream, byte by byte`, async () => (await collect(zlib[creators[one][1]](), ...Array.from(zlib[`${one}Sync`]("hello, hello"), (byte) => B([byte])))).toString()],
    [`${one} stream is an instance`, () => { const stream = zlib[creators[one][0]](); return [stream.constructor.name, stream instanceof zlib[stream.constructor.name], stream.bytesWritten]; }],
  ])),
  "known bytes": () => [hex(zlib.deflateSync("abc", coded)), hex(zlib.deflateRawSync("abc", coded)), hex(zlib.inflateRawSync(B("4b4c4a0600", "hex")))],
  ...Object.fromEntries([{ level: 10 }, { level: -2 }, { windowBits: 16 }, { windowBits: 7 }, { memLevel: 0 }, { memLevel: 10 }, { strategy: 5 }, { chunkSize: 63 }, { dictionary: "text" }, { dictionary: 5 }].map((options) => [`options ${JSON.stringify(options)}`, () => hex(zlib.deflateSync("x", options))])),
  dictionary: () => zlib.inflateSync(zlib.deflateSync("hello", { dictionary: B("hello") }), { dictionary: B("hello") }).toString(),
  "dictionary missing": () => zlib.inflateSync(zlib.deflateSync("hello", { dictionary: B("hello") })),
  "dictionary wrong": () => zlib.inflateSync(zlib.deflateSync("hello", { dictionary: B("hello") }), { dictionary: B("x") }),
  "raw dictionary": () => zlib.inflateRawSync(zlib.deflateRawSync("hello", { dictionary: B("hello") }), { dictionary: B("hello") }).toString(),
  "two members": () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync("ab"), zlib.gzipSync("cd")])).toString(),
  "zeros behind": () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync("ab"), B([0, 0])])).toString(),
  "junk behind": () => zlib.gunzipSync(Buffer.concat([zlib.gzipSync("ab"), B("junk")])),
  "junk behind deflate": () => zlib.inflateSync(Buffer.concat([zlib.deflateSync("ab"), B("junk")])).toString(),
  unzip: () => [zlib.unzipSync(zlib.gzipSync("a")).toString(), zlib.unzipSync(zlib.deflateSync("b")).toString()],
  "unzip of junk": () => zlib.unzipSync(B("junk")),
  "a part with finishFlush": () => hex(zlib.gunzipSync(zlib.gzipSync("hello").subarray(0, 14), { finishFlush: zlib.constants.Z_SYNC_FLUSH })),
  "brotli parameters": () => [{ 99: 1 }, { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 }, { [zlib.constants.BROTLI_PARAM_LGWIN]: 16 }].map((params) => { try { return zlib.brotliDecompressSync(zlib.brotliCompressSync("x", { params })).toString(); } catch (error) { return error.message; } }),
  info: () => { const { buffer, engine } = zlib.gzipSync("x", { info: true }); return [Buffer.isBuffer(buffer), engine.constructor.name]; },
  crc32: () => [zlib.crc32("hello"), zlib.crc32(B("lo"), zlib.crc32("hel")), zlib.crc32(""), zlib.crc32(new Uint8Array([1, 2]), 5)],
  ...Object.fromEntries([["of a number", [5]], ["of nothing", []], ["negative start", ["x", -1]], ["start as text", ["x", "1"]], ["start too large", ["x", 2 ** 32]]].map(([name, args]) => [`crc32 ${name}`, () => zlib.crc32(...args)])),
  "stream of junk": () => collect(zlib.createGunzip(), "junk and more"),
  "stream, cut": () => collect(zlib.createGunzip(), zlib.gzipSync("hello").subarray(0, 12)),
  "called without new": () => zlib.Gzip(),
  flush: () => new Promise((resolve) => { const stream = zlib.createGzip(); const seen = []; stream.on("data", (chunk) => seen.push(chunk.length > 0)); stream.write("hi"); stream.flush(() => resolve(["flushed", seen.length > 0])); }),
  params: () => new Promise((resolve) => { const stream = zlib.createDeflate({ level: 0 }); const list = []; stream.on("data", (chunk) => list.push(chunk)); stream.on("end", () => resolve(zlib.inflateSync(Buffer.concat(list)).toString())); stream.write("one"); stream.params(9, 0, (error) => { if (error) resolve(String(error)); stream.end("two"); }); }),
  reset: () => { const stream = zlib.createGzip(); return stream.reset(); },
  close: () => new Promise((resolve) => { const stream = zlib.createGzip(); stream.close(() => resolve([stream.destroyed])); }),
};
