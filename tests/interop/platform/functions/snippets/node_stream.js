// SPDX-License-Identifier: GPL-3.0-or-later
import stream from "node:stream";
import { StringDecoder } from "node:string_decoder";

export default {
  "new StringDecoder(\"zz\")": () => new StringDecoder("zz"),
  "new StringDecoder().write(3)": () => new StringDecoder().write(3),
  "new stream.Readable().read()": () => new stream.Readable().read(),
  "new stream.Writable().write(null)": () => new stream.Writable().write(null),
  "new Promise((r,j)=>{const w=new stream.Writable({write(c,e,cb){cb()}}); w.on(\"error\",j); w": () => new Promise((r,j)=>{const w=new stream.Writable({write(c,e,cb){cb()}}); w.on("error",j); w.end(); w.write("x");}),
  "stream.getDefaultHighWaterMark(false)": () => stream.getDefaultHighWaterMark(false),
  "stream.promises.pipeline(stream.Readable.from([\"a\"]),new stream.PassThrough(),async functi": () => stream.promises.pipeline(stream.Readable.from(["a"]),new stream.PassThrough(),async function*(s){for await(const c of s) yield c+"!"},async s=>(await s.toArray()).join()),
  "stream.Readable.fromWeb(new Response(\"x\").body).toArray()": () => stream.Readable.fromWeb(new Response("x").body).toArray(),
  "stream.Duplex.from(Promise.resolve(1)).toArray()": () => stream.Duplex.from(Promise.resolve(1)).toArray(),
  "stream.promises.finished(stream.Readable.from([]).resume())": () => stream.promises.finished(stream.Readable.from([]).resume()),
  "stream.Readable.prototype.constructor.length": () => stream.Readable.prototype.constructor.length,
  "new stream.Readable({read:3}).read": () => new stream.Readable({read:3}).read,
};
