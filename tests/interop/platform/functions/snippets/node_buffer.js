// SPDX-License-Identifier: GPL-3.0-or-later
import { Buffer } from "node:buffer";

const hello = () => Buffer.from("hello world");
const encodings = ["utf8", "utf-16le", "latin1", "ascii", "base64", "base64url", "hex", "binary", "UCS2"];
const texts = { plain: "hello", accents: "h\u00e9llo w\u00f6rld", emoji: "a\u{1f600}b", lone: "x\ud800y", base64: "aGk_-+/=", hex: "00ff7Fzz", empty: "" };
const encoded = {};
for (const encoding of encodings) {
  for (const [name, text] of Object.entries(texts)) {
    if (encoding !== "hex" || name === "empty") encoded[`from ${name} as ${encoding}`] = () => Buffer.from(text, encoding);
    encoded[`byteLength of ${name} as ${encoding}`] = () => (encoding === "hex" ? Buffer.byteLength("00ff", encoding) : Buffer.byteLength(text, encoding));
  }
  encoded[`bytes to ${encoding}`] = () => Buffer.from([0, 1, 127, 128, 200, 255, 0xe2, 0x82, 0xac, 0x41]).toString(encoding);
  encoded[`write in ${encoding}`] = () => {
    const buffer = Buffer.alloc(5);
    return [buffer.write(encoding === "hex" ? "616263" : "a\u00e9\u20acb", 1, encoding), buffer];
  };
}
const numbers = {};
for (const kind of ["UInt8", "UInt16LE", "UInt16BE", "Int32BE", "UInt32LE", "BigInt64LE", "BigUInt64BE", "FloatLE", "DoubleBE", "IntBE", "UIntLE", "Int8"]) {
  const big = kind.startsWith("Big");
  numbers[`read${kind}: past the end`] = () => Buffer.alloc(8)[`read${kind}`](9, 3);
  numbers[`read${kind}: of nothing`] = () => Buffer.alloc(0)[`read${kind}`](0, 3);
  numbers[`read${kind}: a fraction`] = () => Buffer.alloc(8)[`read${kind}`](1.5, 3);
  numbers[`read${kind}: a text`] = () => Buffer.alloc(8)[`read${kind}`]("1", 3);
  numbers[`read${kind}: the value`] = () => Buffer.from([1, 2, 3, 250, 251, 252, 253, 254, 255])[`read${kind}`](0, 3);
  numbers[`write${kind}: past the end`] = () => Buffer.alloc(8)[`write${kind}`](big ? 1n : 1, 9, 3);
  numbers[`write${kind}: the value`] = () => {
    const buffer = Buffer.alloc(9);
    return [buffer[`write${kind}`](big ? 5n : 5, 0, 3), buffer];
  };
}

export default {
  "Buffer.from(\"abz0\",\"hex\")": () => Buffer.from("abz0","hex"),
  "Buffer.from(\"abc\",\"hex\")": () => Buffer.from("abc","hex"),
  "Buffer.from(\"YW J-_=x\",\"base64\")": () => Buffer.from("YW J-_=x","base64"),
  "Buffer.byteLength(\"YWJj=\",\"base64\")": () => Buffer.byteLength("YWJj=","base64"),
  "Buffer.from({length:2,0:1,1:2})": () => Buffer.from({length:2,0:1,1:2}),
  "Buffer.from(null)": () => Buffer.from(null),
  "Buffer.from(undefined)": () => Buffer.from(undefined),
  "Buffer.from({})": () => Buffer.from({}),
  "Buffer.from(\"a\",\"zz\")": () => Buffer.from("a","zz"),
  "new Buffer(3)": () => new Buffer(3),
  "Buffer(3)": () => Buffer(3),
  "Buffer.alloc(-1)": () => Buffer.alloc(-1),
  "Buffer.alloc(1e12)": () => Buffer.alloc(1e12),
  "Buffer.alloc(5,\"abc\")": () => Buffer.alloc(5,"abc"),
  "Buffer.alloc(5,\"\")": () => Buffer.alloc(5,""),
  "Buffer.alloc(5,\"zz\",\"hex\")": () => Buffer.alloc(5,"zz","hex"),
  "b.fill(\"\")": () => hello().fill(""),
  "Buffer.concat(\"x\")": () => Buffer.concat("x"),
  "Buffer.concat([1])": () => Buffer.concat([1]),
  "Buffer.concat([b],3)": () => Buffer.concat([b],3),
  "b.readInt8(1.5)": () => hello().readInt8(1.5),
  "b.readInt8(\"1\")": () => hello().readInt8("1"),
  "b.readIntLE(0,7)": () => hello().readIntLE(0,7),
  "b.readIntLE(0)": () => hello().readIntLE(0),
  "b.readDoubleLE(8)": () => hello().readDoubleLE(8),
  "Buffer.alloc(1).readDoubleLE(0)": () => Buffer.alloc(1).readDoubleLE(0),
  "b.writeInt8(200,0)": () => hello().writeInt8(200,0),
  "b.writeUIntBE(2**40,0,5)": () => hello().writeUIntBE(2**40,0,5),
  "b.writeBigInt64LE(2n**63n,0)": () => hello().writeBigInt64LE(2n**63n,0),
  "b.writeBigUInt64LE(1,0)": () => hello().writeBigUInt64LE(1,0),
  "b.compare(3)": () => hello().compare(3),
  "b.compare(b,-1)": () => hello().compare(hello(),-1),
  "b.equals(3)": () => hello().equals(3),
  "b.indexOf({})": () => hello().indexOf({}),
  "b.indexOf(\"o\",-4)": () => hello().indexOf("o",-4),
  "b.lastIndexOf(\"o\")": () => hello().lastIndexOf("o"),
  "b.indexOf(\"\")": () => hello().indexOf(""),
  "b.lastIndexOf(\"\")": () => hello().lastIndexOf(""),
  "b.includes(\"wor\")": () => hello().includes("wor"),
  "b.swap16()": () => hello().swap16(),
  "b.copy(3)": () => hello().copy(3),
  "b.copy(b,20)": () => hello().copy(hello(),20),
  "b.copy(b,0,20)": () => hello().copy(hello(),0,20),
  "b.write(3)": () => hello().write(3),
  "b.write(\"a\",20)": () => hello().write("a",20),
  "b.write(\"a\",0,20)": () => hello().write("a",0,20),
  "b.write(\"abc\",1,\"hex\")": () => hello().write("abc",1,"hex"),
  "b.write(\"abc\",\"hex\")": () => hello().write("abc","hex"),
  "b.toString(\"utf8\",-1,3)": () => hello().toString("utf8",-1,3),
  "b.slice(-3)": () => hello().slice(-3),
  "b.subarray(1,2).toString()": () => hello().subarray(1,2).toString(),
  "b.toJSON()": () => hello().toJSON(),
  "Buffer.compare(b,3)": () => Buffer.compare(hello(),3),
  "Buffer.isEncoding(\"UTF-8\")": () => Buffer.isEncoding("UTF-8"),
  "Buffer.isEncoding(\"binary\")": () => Buffer.isEncoding("binary"),
  "Buffer.of(1,2,300)": () => Buffer.of(1,2,300),
  "Buffer.from(new ArrayBuffer(4),1,9)": () => Buffer.from(new ArrayBuffer(4),1,9),
  "Buffer.from(new ArrayBuffer(4),7)": () => Buffer.from(new ArrayBuffer(4),7),
  "Buffer.from(new ArrayBuffer(4),1,2)": () => Buffer.from(new ArrayBuffer(4),1,2),
  "b.parent===b.buffer": () => hello().parent===hello().buffer,
  "b.inspect()": () => hello().inspect(),
  "Buffer.alloc(60)": () => Buffer.alloc(60),
  "b.readUInt8()": () => hello().readUInt8(),
  "b.writeFloatLE(\"x\",0)": () => hello().writeFloatLE("x",0),
  "Buffer.from(\"hi\").toLocaleString()": () => Buffer.from("hi").toLocaleString(),
  "b.hexSlice(0,2)": () => hello().hexSlice(0,2),
  "b.utf8Write(\"zz\",20)": () => hello().utf8Write("zz",20),
  "b.hexSlice(5,2)": () => hello().hexSlice(5,2),
  "b.asciiSlice(-1)": () => hello().asciiSlice(-1),
  "Buffer.alloc(2,300)": () => Buffer.alloc(2,300),
  "Buffer.alloc(2,Buffer.alloc(0))": () => Buffer.alloc(2,Buffer.alloc(0)),
  "Buffer.from(Object(\"x\"))": () => Buffer.from(Object("x")),
  "Buffer.from([256,-1,\"3\",1.9])": () => Buffer.from([256,-1,"3",1.9]),
  "Buffer.from({type:\"Buffer\",data:[1,2]})": () => Buffer.from({type:"Buffer",data:[1,2]}),
  "b.fill(\"a\",5,20)": () => hello().fill("a",5,20),
  "b.fill(\"a\",5,\"utf8\")": () => hello().fill("a",5,"utf8"),
  "b.fill(1,0,1,3)": () => hello().fill(1,0,1,3),
  "b.readUIntBE(0,5)": () => hello().readUIntBE(0,5),
  "Buffer.byteLength(5)": () => Buffer.byteLength(5),
  "Buffer.from(\"é\",\"latin1\")": () => Buffer.from("é","latin1"),
  "Buffer.from(\"é\",\"ascii\")": () => Buffer.from("é","ascii"),
  "Buffer.from([0xe9]).toString(\"ascii\")": () => Buffer.from([0xe9]).toString("ascii"),
  "Buffer.allocUnsafe(\"x\")": () => Buffer.allocUnsafe("x"),
  "Buffer.copyBytesFrom": () => Buffer.copyBytesFrom,
  "b.toString(null)": () => hello().toString(null),
  "b.toString(\"latin1 \")": () => hello().toString("latin1 "),
  "b.at(0)": () => hello().at(0),
  "Buffer.name+Buffer.length+Buffer.prototype.constructor.name+b.constructor.name+Object.prot": () => Buffer.name+Buffer.length+Buffer.prototype.constructor.name+hello().constructor.name+Object.prototype.toString.call(hello()),
  "Buffer.from of halves": () => [Buffer.from(new Float16Array([1.5, 257])), Buffer.from(new Float16Array([1.5]).buffer)],
  "Buffer.byteLength of halves": () => Buffer.byteLength(new Float16Array(3)),
  "Buffer.copyBytesFrom of halves": () => Buffer.copyBytesFrom(new Float16Array([1.5, 2]), 1, 1),
  "b.fill of halves": () => Buffer.alloc(5).fill(new Float16Array([1.5])),
  "b.set of halves": () => { const b = Buffer.alloc(3); b.set(new Float16Array([1.5, 2]), 1); return b; },
  "Buffer.compare of halves": () => Buffer.compare(Buffer.alloc(1), new Float16Array(1)),
  ...encoded,
  ...numbers,
};
